"""The forms in which dumps write a time, each a pattern and how to build a datetime from it, tried in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from feedback_nlp.collectors.values import time_spans

_MONTHS = {
    m: i
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = r"(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_ZONES = {
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "est": -5,
    "edt": -4,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "bst": 1,
}
_CLOCK = (
    r"(?:(?:[T\s,，]|at\b|星期.|周.|\((?:星期|周)?.\)|[A-Z][a-z]+day)*"
    r"(?P<half>上午|下午|晚上|凌晨|早上|中午)?\s*(?P<h>\d{1,2})(?:[:.时点])(?P<mi>\d{1,2})(?:[:.分](?P<s>\d{1,2}))?秒?"
    r"(?:[.,](?P<us>\d+))?\s*(?P<ampm>[ap]\.?m\.?)?"
    r"\s*(?P<zone>Z\b|UTC\b|GMT\b|E[SD]T\b|M[SD]T\b|P[SD]T\b|BST\b)?(?P<off>[+-]\d{2}:?(?:\d{2})?(?!\d)|(?<=GMT|UTC)[+-]\d{1,2}(?::\d{2})?(?!\d))?)?"
)
_LEAD = r"^\D{0,60}?"
_END = r"(?![\d])"


@dataclass(frozen=True, slots=True)
class Found:
    """A time as written: aware where the cell names an offset; `at` is null where the cell lacks the year."""

    at: datetime | None
    remark: str = ""


def tidy(text: str) -> str:
    """Width folded and space collapsed, as every form here expects."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read(cell: str, *, order: str, year: int | None, now: datetime) -> Found | None:
    """A tidy cell as a time, null where no form fits.

    Raises:
        ValueError: a form fits but there is no such day or hour.
    """
    for pattern, build in _FORMS:
        if match := pattern.search(cell):
            return build(match, order)
    if (span := time_spans.read(cell, now=now)) is not None:
        at, coarse = span
        return Found(at, "coarse" if coarse else "relative")
    if match := _NO_YEAR.search(cell):
        return Found(None) if year is None else _yearless(match, year)
    return _number(cell)


def numbers(cell: str) -> tuple[int, int, int] | None:
    """The three numbers of an all-number date whose order is open (04/05/25), null for any other cell."""
    match = _NUMERIC.search(cell)
    return (int(match["a"]), int(match["b"]), int(match["c"])) if match else None


def begins_with_year(cell: str) -> bool:
    """Whether a date of numbers can only have a year of two digits first (24-3-1)."""
    return _YEAR_FIRST.match(cell) is not None


def in_order(triple: tuple[int, int, int], order: str) -> tuple[int, int, int]:
    """(year, month, day) of three numbers under an order; two-digit years are 1970–2069."""
    a, b, c = triple
    year, month, day = {"mdy": (c, a, b), "dmy": (c, b, a), "ymd": (a, b, c)}[order]
    return _century(year), month, day


def is_epoch(cell: str) -> bool:
    """Whether a number can hardly be anything but seconds or milliseconds since 1970 (from 2001 on)."""
    return bool(re.fullmatch(r"1\d{9}(?:\d{3})?(?:\.\d+)?", cell))


def _century(year: int) -> int:
    return year if year > 99 else year + (1900 if year >= 70 else 2000)


def _with_clock(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    part = match.groupdict()
    if part.get("h") is None:
        return datetime(year, month, day)
    hour, half = int(part["h"]), (part.get("half") or part.get("ampm") or "").replace(".", "").lower()
    if (half in {"下午", "晚上", "pm"} and hour < 12) or (half == "中午" and hour < 11):
        hour += 12
    elif half in {"上午", "凌晨", "am"} and hour == 12:
        hour = 0
    extra_day, hour = divmod(hour, 24) if hour == 24 else (0, hour)
    micro = int((part.get("us") or "0")[:6].ljust(6, "0"))
    at = datetime(year, month, day, hour, int(part["mi"]), int(part.get("s") or 0), micro)
    return (at + timedelta(days=extra_day)).replace(tzinfo=_offset(part.get("off"), part.get("zone")))


def _offset(offset: str | None, zone: str | None) -> timezone | None:
    if offset:
        digits = offset[1:].replace(":", "")
        digits = ("0" * (len(digits) % 2) + digits).ljust(4, "0")  # +8 and +5:30 have no leading zero
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    return timezone(timedelta(hours=_ZONES[zone.lower()])) if zone else None


def _ymd(match: re.Match[str], _: str) -> Found:
    return Found(_with_clock(match, int(match["y"]), int(match["m"]), int(match["d"])))


def _short_year(match: re.Match[str], _: str) -> Found:
    return Found(_with_clock(match, _century(int(match["y"])), int(match["m"]), int(match["d"])))


def _named(match: re.Match[str], _: str) -> Found:
    month = _MONTHS[match["mon"][:3].lower()]
    return Found(_with_clock(match, _century(int(match["y"])), month, int(match["d"])))


def _numeric(match: re.Match[str], order: str) -> Found:
    triple = (int(match["a"]), int(match["b"]), int(match["c"]))
    return Found(_with_clock(match, *in_order(triple, order)))


def _yearless(match: re.Match[str], year: int) -> Found:
    return Found(_with_clock(match, year, int(match["m"]), int(match["d"])))


_EPOCHS = ((9, 10, 1), (12, 13, 1_000), (15, 16, 1_000_000), (18, 19, 1_000_000_000))


def _number(cell: str) -> Found | None:
    if not (match := re.fullmatch(r"(?:/Date\()?(\d+)(?:\.(\d+))?(?:(?:[+-]\d{4})?\)/)?", cell)):
        return None
    whole, digits = int(match[1]), len(match[1])
    for low, high, unit in _EPOCHS:
        if low <= digits <= high:
            return Found(datetime.fromtimestamp(whole / unit, tz=timezone.utc))
    if 20_000 <= whole <= 80_000:  # an Excel serial: days since 1899-12-30, 2023 is about 45,000
        return Found(_excel(float(f"{match[1]}.{match[2] or 0}")))
    return None


def _excel(serial: float) -> datetime:
    return (datetime(1899, 12, 30) + timedelta(seconds=round(serial * 86_400))).replace(microsecond=0)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NUMERIC = _form(
    rf"^(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{4}}|\d{{2}})(?!\d){_CLOCK}{_END}"
)
# A last number of one digit is no year: 24-3-1 is a day of 2024.
_YEAR_FIRST = _form(rf"^(?P<y>\d{{2}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d)(?![\d.]){_CLOCK}{_END}")
_NO_YEAR = _form(
    rf"{_LEAD}(?<!\d)(?P<m>\d{{1,2}})(?:[-/.]|月)(?P<d>\d{{1,2}})日?(?![\d年月.:]){_CLOCK}{_END}"
)
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Found]], ...] = (
    (
        _form(
            rf"{_LEAD}(?P<y>\d{{4}})(?:[-/.]|年)\s?(?P<m>\d{{1,2}})(?:[-/.]|月)\s?(?P<d>\d{{1,2}})(?:日|号)?(?!\d){_CLOCK}"
        ),
        _ymd,
    ),
    (
        _form(
            r"^(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?:[T ]?(?P<h>\d\d):?(?P<mi>\d\d):?(?P<s>\d\d))?(?P<zone>Z)?$"
        ),
        _ymd,
    ),
    (_NUMERIC, _numeric),
    (_YEAR_FIRST, _short_year),
    # Tue Feb 24 11:35:52 -0800 2015; the zone may be a name that says nothing certain (CST)
    (
        _form(
            rf"^\w{{3}},? {_MONTH} (?P<d>\d{{1,2}}) (?P<h>\d\d):(?P<mi>\d\d):(?P<s>\d\d) (?:(?P<off>[+-]\d{{4}}) |(?P<zone>UTC|GMT) |[A-Z]{{2,4}} )?(?P<y>\d{{4}})$"
        ),
        _named,
    ),
    (
        _form(
            rf"{_LEAD}\b{_MONTH}[\s\-/]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[,\s\-/]+(?P<y>\d{{4}}|\d{{2}})(?![\d:]){_CLOCK}"
        ),
        _named,
    ),
    (
        _form(
            rf"{_LEAD}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[\s\-/]*{_MONTH}[,\s\-/]+(?P<y>\d{{4}}|\d{{2}})(?![\d:]){_CLOCK}"
        ),
        _named,
    ),
    (_form(r"^(?P<m>\d{1,2}) (?P<d>\d{1,2}), (?P<y>\d{4})$"), _ymd),
)
