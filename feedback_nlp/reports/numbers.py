"""Numbers as people read them, in English and Chinese: one place decides decimals, signs and units."""

from __future__ import annotations

from feedback_nlp.reports.rows import Value

NOTHING = "–"
_DECIMALS = {
    "share": 1,
    "index": 1,
    "points": 1,
    "stars": 2,
    "severity": 2,
    "hours": 1,
    "count": 0,
    "comments": 0,
}
_SIGNED = {"index", "points"}
_WHOLE = {"count", "comments"}


def number(value: float | None, unit: str) -> str:
    """A value without its unit: shares as per cent, indexes with their sign, counts with commas."""
    if value is None:
        return NOTHING
    scaled = 100 * value if unit == "share" else value
    decimals = _DECIMALS.get(unit, 2)
    if unit in _WHOLE and abs(scaled - round(scaled)) > 1e-9 and abs(scaled) < 1000:
        decimals = 1
    text = f"{scaled:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return text.lstrip("-")
    if unit in _SIGNED and scaled > 0:
        return f"+{text}"
    return text.replace("-", "−")


def with_unit(value: float | None, unit: str, *, lang: str) -> str:
    """A value with its unit sign: `23.1 %`, `+12.4`, `4.21`, `3.5 h`."""
    text = number(value, unit)
    if value is None:
        return text
    if unit == "share":
        return f"{text}%" if lang == "zh" else f"{text}\u00a0%"
    if unit == "hours":
        return f"{text}\u00a0小时" if lang == "zh" else f"{text}\u00a0h"
    return text


def interval(value: Value, unit: str) -> str:
    """The interval in brackets, in the unit of the value: `[21.8, 24.5]`; empty where there is none."""
    if value.low is None or value.high is None:
        return ""
    return f"[{number(value.low, unit)}, {number(value.high, unit)}]"


def with_interval(value: Value, unit: str, *, lang: str) -> str:
    """`23.1 % [21.8, 24.5]`, the bracket kept on one line."""
    return f"{with_unit(value.value, unit, lang=lang)} {interval(value, unit)}".strip().replace(
        ", ", ",\u00a0"
    )


def difference(value: float, unit: str, *, lang: str) -> str:
    """A signed change: shares in percentage points."""
    scaled = 100 * value if unit == "share" else value
    size = f"{abs(scaled):,.{_DECIMALS.get(unit, 2)}f}"
    sign = "" if float(size.replace(",", "")) == 0 else "+" if scaled > 0 else "−"
    if unit == "share":
        return f"{sign}{size}" + ("个百分点" if lang == "zh" else "\u00a0points")
    return f"{sign}{size}"


def count(value: float, *, lang: str) -> str:
    """A whole number with separators."""
    del lang  # both languages write 4,120; kept so that a third can differ
    return f"{round(value):,}"
