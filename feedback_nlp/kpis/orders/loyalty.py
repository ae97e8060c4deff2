"""The loyalty KPIs of all orders, each with its denominator and interval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.errors import UsageError
from feedback_nlp.kpis.base import Floats
from feedback_nlp.kpis.intervals import ratio, wilson
from feedback_nlp.kpis.orders import bootstrap
from feedback_nlp.kpis.orders.catalogue import ORDER_KPIS
from feedback_nlp.kpis.orders.customers import Activity, Customers, activity, customers, revenue_within
from feedback_nlp.kpis.orders.reading import Orders

PERIODS_A_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0}


def measure(
    orders: Orders,
    *,
    every: str = "month",
    horizon: int = 12,
    margin: float = 1.0,
    discount: float = 0.1,
    until: date | None = None,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """One row a KPI: `kpi`, `value`, `low`, `high`, `n` (the denominator), `unit`.

    repeat_purchase_rate = customers with 2 orders or more / customers (Wilson); purchase_frequency = orders / customers;
    average_order_value = revenue / orders; retention_rate = customers of a period who ordered in the next too / customers of
    all periods that have a next (pooled over `every`), churn_rate = 1 − that;
    clv = Σ_{t=0}^{horizon−1} m × r^t / (1 + d)^t, m = `margin` (share of revenue) × revenue a customer and active period,
    r = retention_rate, d = the yearly `discount` per period. Intervals of the last five by 1,000 bootstrap samples of customers
    (seeded), for a customer's orders hang together; their n counts what they divide by.

    Raises:
        UsageError: `horizon` is below 1 or `margin` or `discount` below 0.
        UnknownName: `every` is no period of the calendar.
    """
    if horizon < 1 or margin < 0 or discount < 0:
        raise UsageError(
            f"horizon is {horizon}, margin {margin}, discount {discount}; the first must be 1 or more, the others 0 or more."
        )
    people = customers(orders)
    active = activity(orders, every=every, until=until)
    sums = _sums(people, active, orders)
    step = (1 + discount) ** (1 / PERIODS_A_YEAR[every]) - 1
    kpis: dict[str, tuple[Callable[[Floats], Floats], int]] = {
        "purchase_frequency": (lambda s: ratio(s[:, 1], s[:, 0]), 0),
        "average_order_value": (lambda s: ratio(s[:, 2], s[:, 1]), 1),
        "retention_rate": (lambda s: ratio(s[:, 3], s[:, 4]), 4),
        "churn_rate": (lambda s: 1 - ratio(s[:, 3], s[:, 4]), 4),
        "clv": (lambda s: _clv(s, horizon, margin, step), 0),
    }
    rows = [_repeat(people, confidence)]
    total = sums.sum(axis=0, keepdims=True)
    for kpi, (statistic, n) in kpis.items():
        low, high = bootstrap.interval(sums, statistic, confidence=confidence, seed=seed)
        rows.append((kpi, float(statistic(total)[0]), low, high, int(total[0, n]), ORDER_KPIS[kpi].unit))
    types = (pa.string(), pa.float64(), pa.float64(), pa.float64(), pa.int64(), pa.string())
    names = ("kpi", "value", "low", "high", "n", "unit")
    return pd.DataFrame(
        {
            name: records.column_of([row[i] for row in rows], type_, name=name)
            for i, (name, type_) in enumerate(zip(names, types, strict=True))
        }
    )


def _repeat(people: Customers, confidence: float) -> tuple[str, float, float, float, int, str]:
    repeated, count = np.array([(people.orders >= 2).sum()], float), np.array([len(people.orders)], float)
    low, high = wilson(repeated, count, confidence=confidence)
    return (
        "repeat_purchase_rate",
        float(ratio(repeated, count)[0]),
        float(low[0]),
        float(high[0]),
        int(count[0]),
        ORDER_KPIS["repeat_purchase_rate"].unit,
    )


def _sums(people: Customers, active: Activity, orders: Orders) -> Floats:
    """Per customer: 1, orders, revenue, periods stayed for, periods that have a next, revenue of whole periods, those periods."""
    count = len(people.orders)
    stays = np.zeros(len(active.customer), dtype=bool)
    if len(stays):
        stays[:-1] = (active.customer[1:] == active.customer[:-1]) & (
            active.period[1:] == active.period[:-1] + 1
        )
    has_next = active.period < len(active.periods) - 1
    columns = [
        np.ones(count),
        people.orders,
        people.revenue,
        np.bincount(active.customer[stays], minlength=count),
        np.bincount(active.customer[has_next], minlength=count),
        revenue_within(orders, active),
        np.bincount(active.customer, minlength=count),
    ]
    return np.stack(columns, axis=1).astype(np.float64)


def _clv(sums: Floats, horizon: int, margin: float, step: float) -> Floats:
    worth = margin * ratio(sums[:, 5], sums[:, 6])
    kept = ratio(sums[:, 3], sums[:, 4]) / (1 + step)
    powers = kept[:, None] ** np.arange(horizon)[None, :]
    return np.asarray(worth * powers.sum(axis=1))
