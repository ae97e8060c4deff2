"""Intervals by resampling customers, for statistics that are functions of sums over customers.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), §13.3 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from feedback_nlp.kpis.base import Floats

RESAMPLES = 1000


def interval(
    columns: Floats,
    statistic: Callable[[Floats], Floats],
    *,
    confidence: float,
    seed: int,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """Percentile interval of `statistic` (sums of shape (B, k) → values of shape (B,)) over per-customer `columns` (n, k).

    NaN with fewer than two customers.
    """
    if len(columns) < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    n = len(columns)
    sums = np.empty((resamples, columns.shape[1]))
    for i in range(resamples):
        sums[i] = np.bincount(rng.integers(0, n, n), minlength=n) @ columns
    values = statistic(sums)
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return float(low), float(high)
