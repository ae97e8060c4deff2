"""RFM: recency, frequency and money of each customer in quintiles, and the segment that follows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.stats import rankdata

from feedback_nlp import records
from feedback_nlp.kpis.base import Floats, Words
from feedback_nlp.kpis.orders.customers import Ints, customers
from feedback_nlp.kpis.orders.reading import Orders

SEGMENTS: dict[str, Words] = {
    "champion": Words("champion: bought lately and often", "重要价值客户：近期购买且频繁"),
    "loyal": Words("loyal: buys often, not long ago", "忠诚客户：经常购买，不久前来过"),
    "new": Words("new: bought lately, not often yet", "新客户：近期购买，次数尚少"),
    "cooling": Words("cooling: seldom, and a while ago", "降温客户：购买少，有一段时间未来"),
    "at_risk": Words("at risk: bought often, long ago", "流失风险客户：曾经频繁，久未购买"),
    "lost": Words("lost: seldom, and long ago", "流失客户：购买少且久未购买"),
}


def rfm(orders: Orders, *, until: date | None = None) -> pd.DataFrame:
    """One row a customer, in order of their first order: `customer`, `recency_days`, `frequency`, `monetary`, `r`, `f`, `m`, `segment`.

    Recency counts days from the last order to `until` (default: the day of the export's last order). Scores are 1 to 5, 5 the best:
    1 + ⌊5 × (rank − 1) / n⌋, rank from the worst up. Equal values share the lowest of their ranks, so that equals score alike and
    a crowd of one-time buyers scores 1. Segments: f ≥ 4 and r ≥ 4 champion; f ≥ 3 and r ≥ 3 loyal; f ≥ 3 at_risk; else r ≥ 4 new,
    r = 3 cooling, lost.
    """
    people = customers(orders)
    day = people.last.max(initial=0) if until is None else np.datetime64(until, "D").astype(np.int64)
    recency = day - people.last
    r, f, m = quintile(-recency.astype(float)), quintile(people.orders), quintile(people.revenue)
    columns = {
        "customer": (people.names, pa.string()),
        "recency_days": (recency, pa.int64()),
        "frequency": (people.orders.astype(np.int64), pa.int64()),
        "monetary": (people.revenue, pa.float64()),
        "r": (r, pa.int8()),
        "f": (f, pa.int8()),
        "m": (m, pa.int8()),
        "segment": ([segment(int(a), int(b)) for a, b in zip(r, f, strict=True)], pa.string()),
    }
    return pd.DataFrame(
        {name: records.column_of(values, kind, name=name) for name, (values, kind) in columns.items()}
    )


def quintile(values: Floats) -> Ints:
    """Scores 1–5 of values, shape (n,): the highest fifth 5; equal values score as the lowest of them."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    ranks = rankdata(values, method="min")
    return np.asarray(1 + 5 * (ranks - 1) // len(values), dtype=np.int64)


def segment(r: int, f: int) -> str:
    """The segment of a recency and a frequency score."""
    if f >= 3:
        return "champion" if r >= 4 and f >= 4 else "loyal" if r >= 3 else "at_risk"
    return "new" if r >= 4 else "cooling" if r == 3 else "lost"
