"""Where a time axis is marked: at starts of days, weeks, months, quarters or years, as many as there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from feedback_nlp.reports.periods import month_name, short_day

_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 3, 6, 12, 24, 60, 120)
_DAY_ROOM, _MONTH_ROOM = 64, 46
_LEAST_DAYS = {"day": 1, "week": 7}


def date_ticks(
    first: date, last: date, *, every: str | None, room: float, lang: str
) -> list[tuple[date, str]]:
    """Days in [first, last] to mark and their words, the finest step that fits `room` pixels, never under `every`."""
    if every in _LEAST_DAYS or every is None:
        for days in _DAYS:
            fits = (
                days >= _LEAST_DAYS.get(every or "day", 1)
                and (last - first).days // days + 1 <= room / _DAY_ROOM
            )
            if fits:
                marks = _every_days(first, last, days)
                return [(day, short_day(day, lang=lang)) for day in marks]
    for months in _MONTHS:
        if months < 3 and every == "quarter":
            continue
        marks = list(_every_months(first, last, months))
        if 1 <= len(marks) <= room / _MONTH_ROOM:
            return [(day, _month_word(day, i == 0, months, lang)) for i, day in enumerate(marks)]
    return [(first, month_name(first, lang=lang))]


def _every_days(first: date, last: date, days: int) -> list[date]:
    return [first + timedelta(days=d) for d in range(0, (last - first).days + 1, days)]


def _every_months(first: date, last: date, months: int) -> Iterator[date]:
    number = first.year * 12 + first.month - 1
    if first.day > 1:
        number += 1
    number += -number % months
    while (day := date(number // 12, number % 12 + 1, 1)) <= last:
        yield day
        number += months


def _month_word(day: date, is_first: bool, months: int, lang: str) -> str:
    if months >= 12:
        return f"{day.year}年" if lang == "zh" else str(day.year)
    if is_first or day.month == 1:
        return month_name(day, lang=lang)
    return f"{day.month}月" if lang == "zh" else month_name(day, lang="en").split()[0]
