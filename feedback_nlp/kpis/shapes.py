"""How most KPIs finish: as a share, as an index, or as a mean, each with its interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from feedback_nlp.kpis import intervals
from feedback_nlp.kpis.base import Estimate, Sums

Finish = Callable[[Sums], Estimate]


def share(part: str, whole: str) -> Finish:
    """part / whole, 0–1, with Wilson's interval."""

    def finish(sums: Sums) -> Estimate:
        low, high = intervals.wilson(sums[part], sums[whole], confidence=sums.confidence)
        return Estimate(intervals.ratio(sums[part], sums[whole]), low, high, sums[whole])

    return finish


def share_of_whole(part: str, whole: str) -> Finish:
    """A topic's part / all comments of the group whatever their topic, 0–1, with Wilson's interval."""

    def finish(sums: Sums) -> Estimate:
        n = sums.whole[whole]
        low, high = intervals.wilson(sums[part], n, confidence=sums.confidence)
        return Estimate(intervals.ratio(sums[part], n), low, high, n)

    return finish


def index(plus: str, minus: str, whole: str) -> Finish:
    """100 × (plus − minus) / whole, −100..100, with the adjusted multinomial interval."""

    def finish(sums: Sums) -> Estimate:
        n = sums[whole]
        low, high = intervals.difference(sums[plus], sums[minus], n, confidence=sums.confidence)
        value = intervals.ratio(sums[plus] - sums[minus], n)
        return Estimate(100 * value, 100 * low, 100 * high, n)

    return finish


def mean(total: str, squares: str, n: str, *, limits: tuple[float, float]) -> Finish:
    """total / n with Student's interval, cut at the limits of the scale."""

    def finish(sums: Sums) -> Estimate:
        low, high = intervals.student(sums[total], sums[squares], sums[n], confidence=sums.confidence)
        value = intervals.ratio(sums[total], sums[n])
        return Estimate(value, np.clip(low, *limits), np.clip(high, *limits), sums[n])

    return finish
