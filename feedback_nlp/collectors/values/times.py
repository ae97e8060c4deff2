"""Times as dumps write them, to UTC.

`parse` reads one cell by a `Style`, which `style_of` decides once over a column: whether 04/05/25 is April or May is a
property of the column, not of the cell. The forms themselves are in `time_forms`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from feedback_nlp.collectors.values import time_forms as forms

UNREADABLE = "unreadable"
NO_YEAR = "no_year"
RELATIVE = "relative"
COARSE = "coarse"
MISSING = frozenset({"", "-", "--", "none", "null", "nan", "nat", "n/a", "na", "无", "暂无", "\\n", "0"})
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
_ORDERS = (MONTH_FIRST, DAY_FIRST, YEAR_FIRST)
_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Style:
    """How a column writes its times.

    `zone` holds for times without an offset, `order` for all-number dates, `year` for dates without one (null: they
    stay null), `now` (with an offset) is what "3天前" counts back from.
    """

    zone: ZoneInfo
    order: str = MONTH_FIRST
    year: int | None = None
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


@dataclass(frozen=True, slots=True)
class Time:
    """A cell read as a time: `at` in UTC (null where it cannot be) and what to say about it, if anything."""

    at: datetime | None
    remark: str = ""


_NOTHING = Time(None)
_ANY = Style(ZoneInfo("UTC"), year=2000, now=datetime(2001, 1, 1, tzinfo=timezone.utc))


def parse(text: str, style: Style) -> Time:
    """One cell as a time; a remark says why it is null, or that it is relative or coarse. An empty cell has none."""
    cell = forms.tidy(text)
    if cell.casefold() in MISSING:
        return _NOTHING
    try:
        found = forms.read(cell, order=style.order, year=style.year, now=style.now.astimezone(style.zone))
    except (ValueError, OverflowError):  # a 13th month, a 30th of February
        return Time(None, UNREADABLE)
    if found is None:
        return Time(None, UNREADABLE)
    if found.at is None:
        return Time(None, NO_YEAR)
    local = found.at if found.at.tzinfo else found.at.replace(tzinfo=style.zone)
    if local.year not in _YEARS:
        return Time(None, UNREADABLE)
    return Time(local.astimezone(timezone.utc), found.remark)


def style_of(
    cells: Iterable[str], *, zone: ZoneInfo, year: int | None, now: datetime, prefer: str | None = None
) -> tuple[Style, str]:
    """The style of a column, from its first cells, and a note where the order of day and month stays open.

    Orders that make any date impossible are out. Of those left, the one `prefer`red by the platform is taken, else
    the one without dates after `now`, else the one in which the dump is sorted best, else month first.
    """
    tidy = [forms.tidy(cell) for cell in cells]
    triples = [found for cell in tidy if (found := forms.numbers(cell))]
    possible = [order for order in _ORDERS if _fits(triples, order)]
    if YEAR_FIRST in possible and (any(map(forms.begins_with_year, tidy)) or _years_lead(triples)):
        return Style(zone, YEAR_FIRST, year, now), ""
    order, note = _choose(possible, triples, prefer, now) if triples else (prefer or MONTH_FIRST, "")
    return Style(zone, order, year, now), note


def _choose(
    possible: list[str], triples: list[tuple[int, int, int]], prefer: str | None, now: datetime
) -> tuple[str, str]:
    if not possible:
        scores = {order: sum(_fits([one], order) for one in triples) for order in (MONTH_FIRST, DAY_FIRST)}
        best = max(scores, key=lambda order: scores[order])
        return best, f"dates do not all fit one order of day and month; most fit {best}, the others are null"
    numeric = [order for order in possible if order != YEAR_FIRST] or possible
    if len(numeric) == 1:
        return numeric[0], ""
    if all(a == b for a, b, _ in triples):
        return numeric[0], ""
    if prefer in numeric:
        return str(prefer), f"day and month are ambiguous; taken as {prefer}, as the platform writes them"
    today = (now.year, now.month, now.day)
    past = [o for o in numeric if all(_ymd(t, o) <= today for t in triples)]
    if len(past) == 1:
        return past[
            0
        ], f"day and month are ambiguous; taken as {past[0]}, since the other order gives dates to come"
    best = min(numeric, key=lambda o: _disorder([_ymd(t, o) for t in triples]))
    return best, f"day and month are ambiguous; taken as {best}"


def _years_lead(triples: list[tuple[int, int, int]]) -> bool:
    """Whether the first numbers can be no month and change less than the last: years, as in 24-03-15."""
    firsts, lasts = {a for a, _, _ in triples}, {c for _, _, c in triples}
    return bool(triples) and min(firsts) > 12 and len(firsts) < len(lasts)


def _ymd(triple: tuple[int, int, int], order: str) -> tuple[int, int, int]:
    return forms.in_order(triple, order)


def _fits(triples: list[tuple[int, int, int]], order: str) -> bool:
    for triple in triples:
        year, month, day = _ymd(triple, order)
        if not (1 <= month <= 12 and 1 <= day <= 31 and year in _YEARS):
            return False
    return True


def _disorder(days: list[tuple[int, int, int]]) -> int:
    """Steps against the prevailing direction; 0 for a sorted dump."""
    up = sum(a < b for a, b in itertools.pairwise(days))
    down = sum(a > b for a, b in itertools.pairwise(days))
    return min(up, down)


def reads_like_time(text: str) -> bool:
    """Whether a cell is nothing but a time (used to find the column, so numbers alone only count as epochs)."""
    cell = forms.tidy(text)
    if len(cell) > 60 or not re.search(r"\d|前|昨|今|刚|ago|yesterday|today|now", cell):
        return False
    if re.fullmatch(r"\d+(\.\d+)?", cell):
        return forms.is_epoch(cell)
    try:
        return forms.read(cell, order=MONTH_FIRST, year=2000, now=datetime(2001, 1, 1)) is not None
    except (ValueError, OverflowError):
        return bool(forms.numbers(cell))


def readable(text: str) -> bool:
    """Whether a cell can be read as a time in some way, whatever its order of day and month; one without a year too."""
    cell = forms.tidy(text)
    return parse(cell, _ANY).remark != UNREADABLE or bool(forms.numbers(cell))
