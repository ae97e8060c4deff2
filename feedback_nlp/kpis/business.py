"""Business hours: weekly shifts, holidays and make-up working days, as plain values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from feedback_nlp.errors import MissingExtra, UsageError

FIRST_YEAR = 2000
"""Holidays are known from here to the end of next year, unless other years are asked for."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = {name: k for k, name in enumerate(_DAYS)} | {
    f"周{sign}": k for k, sign in enumerate("一二三四五六日")
}
_SIGNS = str.maketrans({"：": ":", "，": ",", "至": "-", "–": "-", "—": "-", "～": "-", "天": "日"})
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DAY, _WEEK = 86_400, 7 * 86_400


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours worked from `start`, for `length`, on some `days` (0 is Monday); both in seconds.

    A shift that ends after midnight belongs to the day on which it starts. With `makes_up`, it is also worked on
    make-up days.
    """

    days: tuple[int, ...]
    start: int
    length: int
    makes_up: bool = False


@dataclass(frozen=True, slots=True)
class Business:
    """When work is done: shifts of a week, the dates they are not worked (`off`), and further working dates (`extra`).

    Times are those of the clock on the wall.
    """

    shifts: tuple[Shift, ...]
    off: tuple[date, ...] = ()
    extra: tuple[date, ...] = ()


def business(hours: str, *, holidays: str | None = None, years: Iterable[int] | None = None) -> Business:
    """Business hours from a text such as "mon-fri 09:00-12:00 13:30-18:00, sat 10:00-16:00".

    Days are mon … sun or 周一 … 周日; a span such as 22:00-06:00 ends on the next day.
    holidays: a country, or country and subdivision, of the `holidays` library: "CN", "US-CA". Its make-up working days
        (调休) are worked too, with the hours of the first working day of the week.
    years: those whose holidays to know. Default: 2000 to next year; days of other years have weekends only.

    Raises:
        UsageError: the text cannot be read, shifts overlap, or there is no such calendar.
        MissingExtra: holidays are asked for and the library is not installed.
    """
    shifts = tuple(_shifts(hours))
    _check_overlap(shifts, hours)
    worked = {day for shift in shifts for day in shift.days}
    shifts = tuple(Shift(s.days, s.start, s.length, min(worked) in s.days) for s in shifts)
    if not holidays:
        return Business(shifts)
    wanted = tuple(range(FIRST_YEAR, date.today().year + 2) if years is None else years)
    off, extra = _holidays(holidays, wanted)
    return Business(
        shifts,
        tuple(sorted(off - extra)),
        tuple(sorted(day for day in extra if day.weekday() not in worked)),
    )


def _holidays(code: str, years: tuple[int, ...]) -> tuple[set[date], set[date]]:
    """Public holidays of a country, and the weekend days worked in exchange."""
    try:
        import holidays
    except ImportError:
        raise MissingExtra(f"holidays={code!r}", extra="calendar") from None
    country, _, part = code.strip().upper().partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        near = difflib.get_close_matches(country, known, n=3)
        guess = f" Near it: {', '.join(near)}." if near else ""
        raise UsageError(
            f"holidays={code!r} is no country whose holidays are known.{guess} "
            "Give its ISO 3166 code, with a subdivision where holidays differ: CN, HK, US-CA, DE-BY."
        )
    if part and part not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise UsageError(f"holidays={code!r}: {country} has no subdivision {part!r}. It has: {parts}.")
    found = holidays.country_holidays(country, subdiv=part or None, years=years)
    return set(found), set(found.weekend_workdays)


def _shifts(text: str) -> Iterator[Shift]:
    """The shifts a text lists, one for each span of hours."""
    for piece in text.translate(_SIGNS).lower().split(","):
        days, *spans = re.sub(r"\s*-\s*", "-", piece).split() or [""]
        if not spans:
            raise _unread(text, piece)
        for span in spans:
            found = _SPAN.fullmatch(span)
            if not found:
                raise _unread(text, span)
            yield Shift(_weekdays(days, text), *_seconds(*map(int, found.groups()), text=text))


def _weekdays(name: str, text: str) -> tuple[int, ...]:
    """The days of `mon` or `mon-fri`; `sun-thu` goes over the weekend."""
    first, dash, last = name.partition("-")
    if first not in _NUMBERS or (dash and last not in _NUMBERS):
        raise _unread(text, name)
    start, end = _NUMBERS[first], _NUMBERS[last if dash else first]
    return tuple(sorted((start + k) % 7 for k in range((end - start) % 7 + 1)))


def _seconds(hour: int, minute: int, end_hour: int, end_minute: int, *, text: str) -> tuple[int, int]:
    """Start and length of a span in seconds; one that ends before it starts ends on the next day."""
    start, end = 60 * hour + minute, 60 * end_hour + end_minute
    if minute > 59 or end_minute > 59 or start >= 1440 or end > 1440 or start == end:
        raise _unread(text, f"{hour:02}:{minute:02}-{end_hour:02}:{end_minute:02}")
    return 60 * start, 60 * ((end - start) if end > start else end + 1440 - start)


def _check_overlap(shifts: tuple[Shift, ...], text: str) -> None:
    spans = sorted((day * _DAY + shift.start, shift.length) for shift in shifts for day in shift.days)
    around = [*spans, (spans[0][0] + _WEEK, 0)]
    if any(start + length > following for (start, length), (following, _) in pairwise(around)):
        raise UsageError(f"business hours {text!r} hold some hour twice. Write each hour of a day once.")


def _unread(text: str, part: str) -> UsageError:
    return UsageError(
        f"business hours {text!r} cannot be read at {part.strip()!r}. Write days, then hours from 00:00 to 24:00, with "
        'a comma before other days: "mon-fri 09:00-12:00 13:30-18:00, sat 10:00-16:00".'
    )
