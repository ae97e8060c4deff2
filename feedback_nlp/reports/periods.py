"""Periods as people name them: days, ISO weeks, months and quarters."""

from __future__ import annotations

from datetime import date, timedelta

from feedback_nlp.kpis.periods import CALENDAR

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_name(day: date, *, lang: str) -> str:
    """`10 Feb 2025` or `2025年2月10日`."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}"


def short_day(day: date, *, lang: str) -> str:
    """`10 Feb` or `2月10日`."""
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day}\u00a0{MONTHS[day.month - 1]}"


def month_name(day: date, *, lang: str) -> str:
    """`Feb 2025` or `2025年2月`."""
    return f"{day.year}年{day.month}月" if lang == "zh" else f"{MONTHS[day.month - 1]}\u00a0{day.year}"


def name(start: date, every: str | None, *, lang: str) -> str:
    """The name of the period that starts on `start`; weeks by ISO number and the days they span.

    A rolling window such as 7d is named by its last day, which is how `kpis.measure` gives it.
    """
    if every == "week":
        year, week, _ = start.isocalendar()
        span = f"{short_day(start, lang=lang)}–{short_day(start + timedelta(days=6), lang=lang)}"
        return f"{year}年第{week}周（{span}）" if lang == "zh" else f"{year}-W{week:02d} ({span})"
    if every == "month":
        return month_name(start, lang=lang)
    if every == "quarter":
        quarter = (start.month + 2) // 3
        return f"{start.year}年第{quarter}季度" if lang == "zh" else f"Q{quarter} {start.year}"
    if every is not None and every not in CALENDAR:
        last, days = day_name(start, lang=lang), every.removesuffix("d")
        return f"截至{last}的{days}日" if lang == "zh" else f"{days} days to {last}"
    return day_name(start, lang=lang)


def after(start: date, every: str | None) -> date:
    """The start of the next period, which is the (exclusive) end of this one."""
    if every == "week":
        return start + timedelta(days=7)
    if every in {"month", "quarter"}:
        months = start.year * 12 + start.month - 1 + (3 if every == "quarter" else 1)
        return date(months // 12, months % 12 + 1, 1)
    return start + timedelta(days=1)


def span(first: date, last: date, every: str | None, *, lang: str) -> str:
    """The days from the start of the first period to the end of the last: `1 Jan 2025 – 30 Mar 2025`."""
    end = after(last, every) - timedelta(days=1)
    if first == end:
        return day_name(first, lang=lang)
    return f"{day_name(first, lang=lang)} – {day_name(end, lang=lang)}"
