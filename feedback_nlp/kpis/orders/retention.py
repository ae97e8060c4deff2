"""Retention and churn, period by period."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.kpis.intervals import ratio, wilson
from feedback_nlp.kpis.orders.customers import Activity, activity, customers
from feedback_nlp.kpis.orders.reading import Orders


def retention(
    orders: Orders, *, every: str = "month", until: date | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """One row a whole period but the first: `period`, `at_start`, `kept`, `new`, `returned`, `at_end`, and both rates with intervals.

    at_start: customers of the period before; at_end: customers of this one = kept (of both) + new (first order ever) + returned
    (had skipped the period before). retention_rate = kept / at_start, which is (at_end − new) / at_start without those who returned;
    churn_rate = 1 − retention_rate. `until`: the last day the export covers, by default that of its last order; a period that is
    not over by then is left out, for its customers may still come.

    Raises:
        UnknownName: `every` is no period of the calendar.
    """
    active = activity(orders, every=every, until=until)
    counts = _counts(active, customers(orders).first if len(active.customer) else np.zeros(0, dtype=np.int64))
    kept, at_start = counts["kept"], counts["at_start"]
    rate = ratio(kept, at_start)
    low, high = wilson(kept, at_start, confidence=confidence)
    table: dict[str, pd.Series] = {"period": _dates(active.periods[1:])}
    for name, values in counts.items():
        table[name] = records.column_of(values.astype(np.int64), pa.int64(), name=name)
    for name, values in (
        ("retention_rate", rate), ("retention_rate_low", low), ("retention_rate_high", high),
        ("churn_rate", 1 - rate), ("churn_rate_low", 1 - high), ("churn_rate_high", 1 - low),
    ):  # fmt: skip
        table[name] = records.column_of(values, pa.float64(), name=name)
    return pd.DataFrame(table)


def _counts(active: Activity, first_day: np.ndarray) -> dict[str, np.ndarray]:
    """Customers of each period but the first, by whence they came."""
    count = len(active.periods)
    customer, period = active.customer, active.period
    stayed = np.zeros(len(customer), dtype=bool)
    if len(customer):
        stayed[1:] = (customer[1:] == customer[:-1]) & (period[1:] == period[:-1] + 1)
    begun = (
        np.searchsorted(active.periods, first_day[customer], side="right") - 1 if len(customer) else period
    )
    new = np.maximum(begun, 0) == period
    at_end = np.bincount(period, minlength=count)
    kept = np.bincount(period[stayed], minlength=count)
    fresh = np.bincount(period[new], minlength=count)
    return {
        "at_start": at_end[:-1],
        "kept": kept[1:],
        "new": fresh[1:],
        "returned": (at_end - kept - fresh)[1:],
        "at_end": at_end[1:],
    }


def _dates(days: np.ndarray) -> pd.Series:
    return records.column_of(
        pa.array(days.astype(np.int32), type=pa.int32()).cast(pa.date32()), pa.date32(), name="period"
    )
