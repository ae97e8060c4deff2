"""Hours until the first reply, kept as a histogram so that quantiles of parts merge into quantiles of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import narwhals as nw
import numpy as np

from feedback_nlp.kpis import intervals, worked
from feedback_nlp.kpis.base import Derived, Estimate, Floats, Sum, Sums
from feedback_nlp.kpis.business import Business
from feedback_nlp.kpis.expressions import count
from feedback_nlp.kpis.local import day_number, second_of_day
from feedback_nlp.kpis.shapes import Finish

STEPS_PER_DOUBLING = 4
LOWEST, HIGHEST = -6, 12
"""Bins run from 2^−6 h (56 s) to 2^12 h (171 days), four to a doubling: each is 19 % wide. One more bin below, one above."""

EDGES: Floats = 2.0 ** np.arange(LOWEST, HIGHEST + 1 / STEPS_PER_DOUBLING, 1 / STEPS_PER_DOUBLING)
BINS = len(EDGES) + 1


def clock_hours(name: str) -> nw.Expr:
    """A time as hours since year 1.

    Engines that keep the zone in the session (DuckDB, Spark) give local parts, so set the session to UTC if the zone
    has summer time.
    """
    return 24 * day_number(name) + second_of_day(name) / 3600


_TIMES = ("replied_at", "created_at")


@dataclass(frozen=True, eq=False, slots=True)
class Wait:
    """A way to count the hours to the first reply: a column of hours with those it is worked out from, and its histogram.

    The hours are null where there was no reply, and below 0 or null where the export is wrong.
    """

    hours: nw.Expr
    derived: tuple[Derived, ...]
    histogram: tuple[Sum, ...]


def _wait(*steps: Derived, prefix: str = "") -> Wait:
    """The wait that the last of these columns holds, with the bins of the histogram named after the prefix."""
    hours, place = nw.col(steps[-1].name), f"__{prefix}hours_bin__"
    least = nw.lit(2.0 ** (LOWEST - 1))
    safe = nw.when(hours > 2.0 ** (LOWEST - 1)).then(hours).otherwise(least)
    step = ((safe.log(2) - LOWEST) * STEPS_PER_DOUBLING).floor().cast(nw.Float64) + 1
    binned = Derived(place, nw.when(hours >= 0).then(step.clip(0.0, BINS - 1.0)), _TIMES)
    histogram = tuple(
        Sum(f"{prefix}hours_bin_{k:02d}", count(nw.col(place) == float(k)), derived=(*steps, binned))
        for k in range(BINS)
    )
    return Wait(hours, steps, histogram)


CLOCK = _wait(Derived("__hours_to_reply__", clock_hours("replied_at") - clock_hours("created_at"), _TIMES))
"""All hours from comment to first reply."""

HISTOGRAM = CLOCK.histogram


@lru_cache(maxsize=16)
def business_wait(business: Business) -> Wait:
    """The business hours between comment and first reply; a reply outside them ends the wait when they last ended."""
    parts = [part for time in _TIMES for part in worked.clock(time, business)]
    replied, created = (worked.worked_seconds(business, time) for time in _TIMES)
    # the clock goes back once a year, so a later time can be an earlier one on the wall
    hours = ((replied - created) / 3600).clip(0.0, None)
    waited = Derived("__business_hours_to_reply__", nw.when(CLOCK.hours >= 0).then(hours), _TIMES)
    return _wait(*CLOCK.derived, *parts, waited, prefix="business_")


def quantile(share: float, histogram: tuple[Sum, ...] = HISTOGRAM) -> Finish:
    """The quantile `share` (0–1) in hours, with the interval of its order statistics.

    Within a bin hours are spread evenly on the logarithmic scale, so the error is at most the bin's 19 %.
    The interval reads the histogram at Wilson's limits of the share: Conover, Practical Nonparametric Statistics, §3.2.
    """

    def finish(sums: Sums) -> Estimate:
        counts = np.column_stack([sums[each.name] for each in histogram])
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
