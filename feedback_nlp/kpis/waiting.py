"""Hours until the first reply, kept as a histogram so that quantiles of parts merge into quantiles of the whole."""

from __future__ import annotations

import narwhals as nw
import numpy as np

from feedback_nlp.kpis import intervals
from feedback_nlp.kpis.base import Derived, Estimate, Floats, Sum, Sums
from feedback_nlp.kpis.expressions import count
from feedback_nlp.kpis.shapes import Finish

STEPS_PER_DOUBLING = 4
LOWEST, HIGHEST = -6, 12
"""Bins run from 2^−6 h (56 s) to 2^12 h (171 days), four to a doubling: each is 19 % wide. One more bin below, one above."""

EDGES: Floats = 2.0 ** np.arange(LOWEST, HIGHEST + 1 / STEPS_PER_DOUBLING, 1 / STEPS_PER_DOUBLING)
BINS = len(EDGES) + 1


def clock_hours(name: str) -> nw.Expr:
    """A time as hours since year 1, from its calendar parts: the one way that every engine's dates offer.

    Engines that keep the zone in the session (DuckDB, Spark) give local parts, so set the session to UTC if the zone
    has summer time.
    """
    time = nw.col(name).dt
    years = time.year().cast(nw.Float64) - 1
    leaps = (years / 4).floor() - (years / 100).floor() + (years / 400).floor()
    days = 365 * years + leaps + time.ordinal_day().cast(nw.Float64)
    seconds = 60 * time.minute().cast(nw.Float64) + time.second().cast(nw.Float64)
    return 24 * days + time.hour().cast(nw.Float64) + seconds / 3600


_HOURS_COLUMN, _BIN_COLUMN = "__hours_to_reply__", "__hours_bin__"
_HOURS = nw.col(_HOURS_COLUMN)

HOURS = Derived(
    _HOURS_COLUMN, clock_hours("replied_at") - clock_hours("created_at"), ("replied_at", "created_at")
)
"""Hours from comment to first reply; null where there was none, below 0 where the export is wrong."""

_SAFE = nw.when(_HOURS > 2.0 ** (LOWEST - 1)).then(_HOURS).otherwise(nw.lit(2.0 ** (LOWEST - 1)))
_PLACE = ((_SAFE.log(2) - LOWEST) * STEPS_PER_DOUBLING).floor().cast(nw.Float64) + 1
BIN = Derived(
    _BIN_COLUMN,
    nw.when(_HOURS >= 0).then(_PLACE.clip(0.0, BINS - 1.0)),
    ("replied_at", "created_at"),
)

HISTOGRAM = tuple(
    Sum(f"hours_bin_{k:02d}", count(nw.col(_BIN_COLUMN) == float(k)), derived=(HOURS, BIN))
    for k in range(BINS)
)


def quantile(share: float) -> Finish:
    """The quantile `share` (0–1) in hours, with the interval of its order statistics.

    Within a bin hours are spread evenly on the logarithmic scale, so the error is at most the bin's 19 %.
    The interval reads the histogram at Wilson's limits of the share: Conover, Practical Nonparametric Statistics, §3.2.
    """

    def finish(sums: Sums) -> Estimate:
        counts = np.column_stack([sums[each.name] for each in HISTOGRAM])
        n = counts.sum(axis=1)
        low, high = intervals.wilson(share * n, n, confidence=sums.confidence)
        at = np.full(len(n), share)
        return Estimate(_read(counts, at), _read(counts, low), _read(counts, high), n)

    return finish


def _read(counts: Floats, share: Floats) -> Floats:
    """Hours below which `share` (G,) of the counts (G, BINS) lie; NaN for an empty histogram."""
    n = counts.sum(axis=1)
    if len(n) == 0:
        return np.full(0, np.nan)
    target = np.nan_to_num(share) * n
    sums = counts.cumsum(axis=1)
    place = np.minimum((sums < target[:, None] - 1e-9).sum(axis=1), BINS - 1)
    rows = np.arange(len(n))
    inside = intervals.ratio(target - (sums - counts)[rows, place], counts[rows, place])
    lower = np.concatenate([[EDGES[0] / 2], EDGES])[place]
    upper = np.concatenate([EDGES, [EDGES[-1]]])[place]
    hours = lower * (upper / lower) ** np.clip(np.nan_to_num(inside), 0, 1)
    return np.where(n > 0, hours, np.nan)
