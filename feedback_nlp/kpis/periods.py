"""Periods of the calendar and rolling windows, from local days counted since 1970-01-01."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from feedback_nlp.errors import UnknownName, UsageError

Days = npt.NDArray[np.int64]

CALENDAR = ("day", "week", "month", "quarter")
_THURSDAY = 3  # 1970-01-01 was a Thursday; weeks start on Monday (ISO 8601)


def window_of(every: str | None) -> int | None:
    """Days of a rolling window such as "7d"; None for a calendar period or for none at all.

    Raises:
        UnknownName: it is neither.
        UsageError: the window is shorter than two days or longer than a year.
    """
    if every is None or every in CALENDAR:
        return None
    found = re.fullmatch(r"(\d{1,4})d", str(every))
    if not found:
        raise UnknownName("period", str(every), CALENDAR, hint="A rolling window is written 7d or 28d.")
    days = int(found[1])
    if not 2 <= days <= 366:
        raise UsageError(f"a rolling window of {days} days is not allowed. Take 2d to 366d, or every='day'.")
    return days


def starts(days: Days, every: str) -> Days:
    """The first day of the period each day lies in; the day itself for a rolling window."""
    if every == "week":
        return days - (days + _THURSDAY) % 7
    if every in ("month", "quarter"):
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        first = months if every == "month" else months - months % 3
        return first.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


def windows(days: Days, length: int) -> tuple[npt.NDArray[np.intp], Days]:
    """Every pair (index into `days`, last day of a window of `length` days that holds it), up to the last day there is."""
    index = np.repeat(np.arange(len(days)), length)
    last = (days[:, None] + np.arange(length)[None, :]).ravel()
    inside = last <= (days.max() if len(days) else 0)
    return index[inside], last[inside]
