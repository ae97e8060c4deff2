"""What each customer did: orders, money, and the periods in which they ordered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from feedback_nlp.errors import UnknownName
from feedback_nlp.kpis.base import Floats
from feedback_nlp.kpis.orders.reading import Orders
from feedback_nlp.kpis.periods import CALENDAR, starts

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Customers:
    """Arrays of one entry a customer, in order of their first order; days count from 1970-01-01."""

    names: npt.NDArray[np.object_]
    orders: Floats
    revenue: Floats
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Activity:
    """Which customers ordered in which period.

    `periods` are the first days of all whole periods from the first order on, those without orders too; the first may have begun
    before. `end` is the day after the last of them. `customer` and `period` are index pairs, each once, by customer and then period.
    """

    periods: Ints
    end: int
    customer: Ints
    period: Ints


def customers(orders: Orders) -> Customers:
    """Totals of each customer."""
    codes, names, days = _coded(orders)
    count = len(names)
    amounts = orders.frame["amount"].to_numpy(dtype=np.float64)
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(first, codes, days)
    np.maximum.at(last, codes, days)
    return Customers(
        names=names,
        orders=np.bincount(codes, minlength=count).astype(np.float64),
        revenue=np.bincount(codes, weights=amounts, minlength=count).astype(np.float64),
        first=first,
        last=last,
    )


def activity(orders: Orders, *, every: str, until: date | None = None) -> Activity:
    """Who ordered when, in whole periods up to `until`, the last day the export covers (default: its last order's day).

    Raises:
        UnknownName: `every` is no period of the calendar.
    """
    if every not in CALENDAR:
        raise UnknownName("period", every, CALENDAR)
    codes, _, days = _coded(orders)
    if not len(days):
        none = np.zeros(0, dtype=np.int64)
        return Activity(none, 0, none, none)
    end = days.max() if until is None else np.datetime64(until, "D").astype(np.int64)
    # A period is whole when the day after `end` begins another.
    all_starts = np.unique(starts(np.arange(days.min(), end + 2), every))
    periods = all_starts[:-1]
    inside = days < all_starts[-1]
    place = np.searchsorted(periods, starts(days[inside], every))
    pairs = np.unique(np.stack([codes[inside], place]), axis=1)
    return Activity(periods, int(all_starts[-1]), pairs[0], pairs[1])


def revenue_within(orders: Orders, active: Activity) -> Floats:
    """Revenue of each customer in the whole periods of `active`."""
    codes, names, days = _coded(orders)
    inside = days < active.end
    amounts = orders.frame["amount"].to_numpy(dtype=np.float64)
    return np.bincount(codes[inside], weights=amounts[inside], minlength=len(names)).astype(np.float64)


def _coded(orders: Orders) -> tuple[Ints, npt.NDArray[np.object_], Ints]:
    """Customer codes by first appearance, their names, and the day of each order."""
    codes, names = orders.frame["customer"].astype("object").factorize()
    days = orders.frame["day"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    return codes.astype(np.int64), np.asarray(names, dtype=object), days
