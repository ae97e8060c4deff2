"""Measures of a classifier on labelled rows, each from a weighted count so that a bootstrap needs no resorting.

Every function takes a weight a row (1 for plain counting) and returns NaN where the measure is not defined.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Metric = Callable[[Numbers], float]
BINS = 15


def confusion(truth: Labels, given: Labels, classes: int, weight: Numbers) -> Numbers:
    """Weighted counts, (classes, classes): rows are the truth, columns what was given."""
    cells = np.bincount(truth * classes + given, weights=weight, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.float64)


def accuracy(matrix: Numbers) -> float:
    """Share of rows that got their label."""
    return _ratio(float(np.trace(matrix)), float(matrix.sum()))


def recalls(matrix: Numbers) -> Numbers:
    """Per class: share of its rows that were found; NaN for a class without rows."""
    return _ratios(np.diag(matrix), matrix.sum(axis=1))


def f1s(matrix: Numbers) -> Numbers:
    """Per class: harmonic mean of precision and recall, 2·tp / (rows + given); NaN for a class in neither."""
    return _ratios(2 * np.diag(matrix), matrix.sum(axis=0) + matrix.sum(axis=1))


def macro_f1(matrix: Numbers) -> float:
    """Mean F1 of the classes that occur in the truth."""
    return _mean_of_present(f1s(matrix), matrix)


def macro_recall(matrix: Numbers) -> float:
    """Mean recall of the classes that occur in the truth."""
    return _mean_of_present(recalls(matrix), matrix)


def f1(truth: npt.NDArray[np.bool_], given: npt.NDArray[np.bool_], weight: Numbers) -> float:
    """F1 of yes; several columns are pooled (micro F1). Shapes (n,) or (n, k), weight (n,)."""
    if truth.ndim == 2:
        weight = np.repeat(weight, truth.shape[1])
        truth, given = truth.ravel(), given.ravel()
    hits = float(weight[truth & given].sum())
    return _ratio(2 * hits, float(weight[truth].sum() + weight[given].sum()))


def calibration_error(confidence: Numbers, hit: Numbers, weight: Numbers, *, bins: int = BINS) -> float:
    """Expected calibration error: |mean confidence − share of hits| over `bins` bins of equal width, weighted by rows.

    For a sentiment, confidence is the probability of the label given and a hit is that it is right; for a flag, confidence is
    the probability of yes and a hit is that the truth is yes. (Guo et al. 2017, https://arxiv.org/abs/1706.04599, section 2.)
    """
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    rows = np.bincount(place, weights=weight, minlength=bins)
    gap = np.bincount(place, weights=weight * confidence, minlength=bins)
    gap -= np.bincount(place, weights=weight * hit, minlength=bins)
    return _ratio(float(np.abs(gap).sum()), float(rows.sum()))


def reliability(confidence: Numbers, hit: Numbers, *, bins: int = BINS) -> Numbers:
    """The bins of `calibration_error` as rows of mean confidence, share of hits, rows: (bins with rows, 3)."""
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    rows = np.bincount(place, minlength=bins).astype(np.float64)
    means = _ratios(np.bincount(place, weights=confidence, minlength=bins).astype(np.float64), rows)
    hits = _ratios(np.bincount(place, weights=hit, minlength=bins).astype(np.float64), rows)
    return np.stack([means, hits, rows], axis=1)[rows > 0]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def _ratios(part: Numbers, whole: Numbers) -> Numbers:
    return np.divide(part, whole, out=np.full_like(part, np.nan, dtype=np.float64), where=whole > 0)


def _mean_of_present(values: Numbers, matrix: Numbers) -> float:
    present = matrix.sum(axis=1) > 0
    return float(values[present].mean()) if present.any() else float("nan")
