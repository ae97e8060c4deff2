"""Rates corrected for the classifier's own errors, from a few labels drawn by known probabilities.

The difference (prediction-powered) estimator: mean of what the model says over all comments, plus the weighted mean of
(label − prediction) over the audit sample. It is right on average whatever errors the model makes; a good model only
makes it narrow. Särndal, Swensson, Wretman, Model Assisted Survey Sampling (1992), ch. 6; Angelopoulos et al.,
Prediction-powered inference, Science 382 (2023).

A KPI is a smooth function of per-comment means ("components": say, share positive and share negative), so one
correction serves rates, indices, means and ratios: correct the components, finish as usual, and carry the variance
through by the delta method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]
Finish = Callable[[Array], Array]
"""Component means (m, k) → the KPI's values (m,)."""

MIN_LABELS = 50
"""A group with fewer labelled comments than this borrows the whole sample (`Estimate.basis` = "pooled")."""

CORRECTED = "corrected"
POOLED = "pooled"
UNCORRECTED = "uncorrected"

IMAGINED = 0.18
"""Wrong labels imagined in the sample, evenly over it: no error found is not no error made.

Agresti and Min, Simple improved confidence intervals for comparing matched proportions, Statistics in Medicine 24 (2005)
imagine a whole one, half on either side, for matched pairs as label and prediction are. That covers more than is asked
(99.8 % of the rarest rate in `benchmarks/coverage.py`, at half again the width); this part of it covers 93 to 97 %
there. `benchmarks/rare.py` shows where it is too little: few errors, all one way, in a dump far larger than the audit.
"""

_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A KPI's value with its interval; `basis` says what stands behind it, `labels` how many labelled comments.

    `basis`: "corrected" by the group's own labels; "pooled": too few of them, so the group's predictions were read
    through the whole sample's relation of label to prediction, which assumes that the model errs in this group as it
    does elsewhere; "uncorrected": no labels at all.
    """

    value: float
    low: float
    high: float
    labels: int
    basis: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The labelled comments: components as predicted and as labelled, and how they were drawn.

    Shapes: predicted, labelled (n, k); stratum (n,), an index into size; size (H,), comments in each stratum of the
    population. Within a stratum the labelled comments are a simple random sample.
    """

    predicted: Array
    labelled: Array
    stratum: npt.NDArray[np.intp]
    size: Array

    def thick(self) -> Sample:
        """The same sample with strata of too few labels joined to the next, so that each has a variance.

        Two labels are enough, or a label on every comment of the stratum.
        """
        counts = np.bincount(self.stratum, minlength=len(self.size))
        joined, size, held = np.empty(len(self.size), dtype=np.intp), [0.0], 0
        for stratum, (comments, labels) in enumerate(zip(self.size, counts, strict=True)):
            if held >= 2 or 0 < size[-1] <= held:
                size.append(0.0)
                held = 0
            joined[stratum] = len(size) - 1
            size[-1] += float(comments)
            held += int(labels)
        if held < min(2, size[-1]) and len(size) > 1:
            joined[joined == len(size) - 1] -= 1
            size[-2:] = [size[-2] + size[-1]]
        return Sample(self.predicted, self.labelled, joined[self.stratum], np.array(size))

    @property
    def drawn(self) -> Array:
        """Labelled comments in each stratum, (H,)."""
        return np.bincount(self.stratum, minlength=len(self.size)).astype(np.float64)

    @property
    def weight(self) -> Array:
        """How many comments each labelled one stands for, (n,)."""
        return (self.size / np.maximum(self.drawn, 1))[self.stratum]


def correct(
    sample: Sample,
    *,
    population: Array,
    rows: float,
    finish: Finish,
    inside: npt.NDArray[np.bool_] | None = None,
    share: bool = False,
    confidence: float = 0.95,
    min_labels: int = MIN_LABELS,
) -> Estimate:
    """The KPI of a group of `rows` comments whose component means, as predicted, are `population` (k,).

    `inside` marks the labelled comments that belong to the group (all, if None). NaN where a denominator is 0. `share` says that the KPI lies in
    0–1: its interval is then Wilson's with the effective sample size, and stays in there; else it is symmetric.
    Both use the t quantile with Satterthwaite's degrees of freedom. The variance has both parts: the comments as a
    sample of what customers would say, and the labels as a sample of the comments, `IMAGINED` wrong ones added.
    """
    everyone = np.ones(len(sample.stratum), dtype=np.bool_)
    member, min_labels = (everyone, 2) if inside is None else (inside, min_labels)
    labels = int(member.sum())
    if len(everyone) < 2:
        return Estimate(float(finish(population[None])[0]), np.nan, np.nan, labels, UNCORRECTED)
    sample = sample.thick()
    if labels >= min_labels:
        means, error, lever, scale = _own(sample, population, member)
        basis = CORRECTED
    else:
        means, error, lever, scale = _pooled(sample, population)
        basis, member, labels = POOLED, everyone, len(everyone)
    value, slope = slopes(finish, means)
    imagined = IMAGINED / labels * (np.abs(slope).max() * lever) ** 2
    design, freedom = _design_variance(sample, error @ slope * lever, imagined, scale)
    variance = design + _spread(sample, member, slope) / rows
    freedom *= (variance / design) ** 2 if design > 0 else 1.0
    low, high = interval(value, variance, freedom=freedom, labels=labels, share=share, confidence=confidence)
    return Estimate(min(max(value, 0.0), 1.0) if share else value, low, high, labels, basis)


def _own(
    sample: Sample, population: Array, member: npt.NDArray[np.bool_]
) -> tuple[Array, Array, Array, float]:
    """Difference estimator of the component means, each label's error (n, k), its lever on them (n,), the levers' scale."""
    weight = sample.weight * member
    error = sample.labelled - sample.predicted
    mean_error = weight @ error / weight.sum()
    return population + mean_error, error - mean_error, member.astype(np.float64), float(weight.sum())


def _pooled(sample: Sample, population: Array) -> tuple[Array, Array, Array, float]:
    """The same for a group without labels enough: labels regressed on predictions, read off at the group's means."""
    weight = sample.weight
    x = np.column_stack([np.ones(len(weight)), sample.predicted])
    inverse = np.linalg.pinv(x.T @ (x * weight[:, None]) / weight.sum(), rcond=1e-9)
    line = inverse @ (x.T @ (sample.labelled * weight[:, None])) / weight.sum()
    at = np.concatenate([[1.0], population])
    return at @ line, sample.labelled - x @ line, x @ inverse @ at, float(weight.sum())


def _design_variance(sample: Sample, influence: Array, imagined: Array, scale: float) -> tuple[float, float]:
    """Variance that comes of labelling a sample only (stratified, without replacement), and its degrees of freedom.

    `imagined` (n,) is added to the squares of the labels' influence (n,): without it, a stratum in which no error was
    found has no variance, and with few errors the estimate is low just when its variance is.
    """
    drawn, size = sample.drawn, sample.size
    mean = np.bincount(sample.stratum, influence, len(size)) / np.maximum(drawn, 1)
    squares = (influence - mean[sample.stratum]) ** 2 + imagined
    between = np.maximum(drawn - 1, 1)
    part = (size / scale) ** 2 * (1 - drawn / size) / between / np.maximum(drawn, 1)
    part *= np.bincount(sample.stratum, squares, len(size))
    total = float(part.sum())
    return total, float(total**2 / (part**2 / between).sum()) if total > 0 else np.inf


def _spread(sample: Sample, member: npt.NDArray[np.bool_], slope: Array) -> float:
    """Variance of one comment's part in the KPI, from the labels."""
    weight = sample.weight * member
    values = sample.labelled @ slope
    mean = weight @ values / weight.sum()
    return float(weight @ (values - mean) ** 2 / weight.sum())


def slopes(finish: Finish, at: Array) -> tuple[float, Array]:
    """Value of `finish` at the component means (k,), and its slope there (k,), by central differences."""
    steps = np.diag(_STEP * np.maximum(np.abs(at), 1.0))
    values = finish(np.vstack([at, at + steps, at - steps]))
    up, down = values[1 : len(at) + 1], values[len(at) + 1 :]
    return float(values[0]), (up - down) / (2 * np.diag(steps))


def interval(
    value: float, variance: float, *, freedom: float, labels: int, share: bool, confidence: float
) -> tuple[float, float]:
    """Interval around `value`: symmetric, or for a share Wilson's with n = value (1 − value) / variance.

    Wilson's inverts (value − θ)² = z² Var(θ), where Var(θ) grows with θ (1 − θ) by 1/n; n is not let under the count
    of labels, else a value that came out near 0 or 1 by chance would give everything. Dean and Pagano, Survey
    Methodology 41 (2015), on Wilson's interval for complex samples.
    """
    z = float(stats.t.ppf(0.5 + confidence / 2, max(freedom, 1.0)))
    if not share:
        half = z * float(np.sqrt(variance))
        return value - half, value + half
    spread = value * (1 - value)
    growth = z * z * (min(variance / spread, 1 / labels) if spread > variance else 1 / labels)
    middle = value + growth / 2
    reach = float(np.sqrt((growth * (1 - 2 * value)) ** 2 / 4 + (1 + growth) * z * z * variance))
    low, high = (middle - reach) / (1 + growth), (middle + reach) / (1 + growth)
    inside = min(max(value, 0.0), 1.0)
    return min(max(low, 0.0), inside), max(min(high, 1.0), inside)
