"""Business hours between two times: f(reply) − f(comment), where f(t) is the time worked from 1970 to t.

f is that worked before t's day, looked up in a table of days, and what lies before t of the day's own shifts. It is made
of whole numbers, so that every engine gives the same, to the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from feedback_nlp.kpis.base import Derived
from feedback_nlp.kpis.business import Business
from feedback_nlp.kpis.local import day_number, local_column, second_of_day

DAYS = np.arange("1970-01-01", "2101-01-01", dtype="datetime64[D]")
"""The days that can be worked; a time outside them is missing."""

_DAY = 86_400
_FIRST = 719_163  # the number of 1970-01-01, counted from 0001-01-01 as 1


@dataclass(frozen=True, slots=True)
class _Part:
    """A shift, or what of it lies in one day: seconds from `start`, for `length`, on the days where `is_worked`."""

    start: int
    length: int
    is_worked: npt.NDArray[np.bool_]


def clock(time: str, business: Business) -> tuple[Derived, Derived]:
    """The columns that `worked_seconds` reads: the second of the day, and what the table of days says of the local day."""
    local, day = local_column(time), f"__{time}_day__"
    return (
        Derived(f"__{time}_second__", second_of_day(local), (time,), local=(time,)),
        Derived(
            day, day_number(local).cast(nw.Int64), (time,), local=(time,), table=_table(business, time, day)
        ),
    )


def worked_seconds(business: Business, time: str) -> nw.Expr:
    """Seconds worked from 1970 to a time, from the columns of `clock`."""
    second, worked = nw.col(f"__{time}_second__"), nw.col(_before(time))
    for k, part in enumerate(_parts(business)):
        worked = worked + nw.col(_works(time, k)) * (second - part.start).clip(0.0, float(part.length))
    return worked


def _table(business: Business, time: str, key: str) -> pa.Table:
    """A row a day: the seconds worked before it, and for each part of a shift 1 where it is worked, else 0."""
    parts = list(_parts(business))
    seconds = sum((part.length * part.is_worked for part in parts), np.zeros(len(DAYS)))
    works = {_works(time, k): part.is_worked.astype(np.float64) for k, part in enumerate(parts)}
    number = DAYS.astype(np.int64) + _FIRST
    return pa.table({key: number, _before(time): np.cumsum(seconds) - seconds, **works})


def _parts(business: Business) -> Iterator[_Part]:
    off = np.array(business.off, dtype="datetime64[D]")
    extra = np.isin(DAYS, np.array(business.extra, dtype="datetime64[D]"))
    for shift in business.shifts:
        mask = [day in shift.days for day in range(7)]
        is_worked = np.is_busday(DAYS, weekmask=mask, holidays=off) | (shift.makes_up & extra)
        over = max(0, shift.start + shift.length - _DAY)
        yield _Part(shift.start, shift.length - over, is_worked)
        if over:  # after midnight
            yield _Part(0, over, np.concatenate([[False], is_worked[:-1]]))


def _before(time: str) -> str:
    return f"__{time}_worked_before__"


def _works(time: str, part: int) -> str:
    return f"__{time}_works_{part}__"
