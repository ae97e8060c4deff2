"""Intervals by resampling rows: how far a measure would move had other rows been drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback_nlp.training.metrics import Metric, Numbers

RESAMPLES = 500
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure and its percentile bootstrap interval; NaN where not defined."""

    value: float
    low: float
    high: float


def draws(rows: int, *, resamples: int = RESAMPLES, seed: int = 0) -> list[Numbers]:
    """How often each of `rows` rows is drawn, one array a resample, each summing to `rows`."""
    random = np.random.default_rng(seed)
    return [
        np.bincount(random.integers(0, rows, rows), minlength=rows).astype(np.float64)
        for _ in range(resamples)
    ]


def estimate(
    metric: Metric, rows: int, weights: list[Numbers], *, confidence: float = CONFIDENCE
) -> Estimate:
    """The metric on the rows as they are, and its interval over the resamples."""
    value = metric(np.ones(rows))
    return _between(value, [metric(weight) for weight in weights], confidence)


def difference(
    one: Metric, other: Metric, rows: int, weights: list[Numbers], *, confidence: float = CONFIDENCE
) -> Estimate:
    """`one` minus `other` on the same rows: both see each resample, so that luck they share cancels out."""
    value = one(np.ones(rows)) - other(np.ones(rows))
    return _between(value, [one(weight) - other(weight) for weight in weights], confidence)


def _between(value: float, seen: list[float], confidence: float) -> Estimate:
    defined = [x for x in seen if not np.isnan(x)]
    if np.isnan(value) or not defined:
        return Estimate(value, float("nan"), float("nan"))
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))
