"""Regularised logistic heads on top of scores that are there already, fitted and judged by cross-validation.

A head adds `inputs @ weight + bias` to the given scores. The penalty pulls the weight to 0, so with few or useless labels
the head falls back to the scores it started from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_softmax, softmax

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.classifiers.tuned import Linear

Numbers = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

STRENGTHS = (0.01, 0.1, 1.0, 10.0, 100.0)
FOLDS = 5
DIRECTIONS = (
    96  # of the inputs that are kept: under the penalty the others hardly count, and cost most of the time
)
_BIAS_STRENGTH = 1e3
_STEPS = 15
_CLOSE = 1e-5  # of log-loss a row: a closer fit moves no label
_THRESHOLDS = np.round(np.arange(0.1, 0.91, 0.05), 2)


@dataclass(frozen=True, slots=True)
class Basis:
    """The main directions of some inputs: compressed = (inputs − middle) @ turn."""

    middle: Floats
    turn: Floats

    def expand(self, head: Linear) -> Linear:
        """A head over compressed inputs as one over the inputs themselves."""
        weight = self.turn @ head.weight
        return Linear(
            weight=weight.astype(np.float32), bias=(head.bias - self.middle @ weight).astype(np.float32)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What cross-validation chose: how loose the weights may be, and from which probability on to say yes."""

    strength: float
    threshold: float


def compress(inputs: Floats) -> tuple[Floats, Basis]:
    """`inputs` (n, D) as their main directions (n, at most DIRECTIONS), scaled to rows of about unit length."""
    middle, spread = inputs.mean(axis=0), inputs.std(axis=0)
    scale = np.where(spread > 1e-6, spread, np.inf) * np.sqrt(inputs.shape[1])
    _, _, directions = np.linalg.svd((inputs - middle) / scale, full_matrices=False)
    basis = Basis(middle=middle, turn=(directions[:DIRECTIONS] / scale).T.astype(np.float32))
    return np.asarray((inputs - middle) @ basis.turn, dtype=np.float32), basis


def fit(x: Floats, start: Floats, target: Labels, *, strength: float) -> Linear:
    """The head that, added to the scores `start`, is likeliest for `target`.

    x (n, d); start (n, k); target (n,): 0 or 1 where k is 1 (one score for yes), else the class 0..k−1.
    Minimises Σ log-loss + ‖weight‖² / (2·strength) by Newton's method.
    """
    outputs, wanted = start.shape[1], _one_hot(target, start.shape[1])
    z = np.column_stack([x, np.ones(len(x))]).astype(np.float64)
    pull = np.full((z.shape[1], outputs), 1 / strength)
    pull[-1] = 1 / _BIAS_STRENGTH

    def loss(theta: Numbers) -> float:
        return _log_loss(start + z @ theta, wanted) + float((pull * theta**2).sum()) / 2

    theta = np.zeros_like(pull)
    value = loss(theta)
    for _ in range(_STEPS):
        step = _newton_step(z, _probabilities(start + z @ theta), wanted, pull, theta)
        size = next((2.0**-i for i in range(10) if loss(theta - 2.0**-i * step) < value), 0.0)
        theta = theta - size * step
        value, before = loss(theta), value
        if before - value < _CLOSE * len(x):
            break
    return Linear(weight=theta[:-1].astype(np.float32), bias=theta[-1].astype(np.float32))


def choose(
    x: Floats, start: Floats, target: Labels, groups: Labels, *, seed: int, folds: int = FOLDS
) -> Choice:
    """The strength with the least log-loss on rows left out, and the threshold with the best expected F1 on them."""
    wanted = _one_hot(target, start.shape[1])
    parts = split(target, groups, folds=folds, seed=seed)
    left_out = {s: _left_out(x, start, target, parts, strength=s) for s in STRENGTHS}
    strength = min(STRENGTHS, key=lambda s: _log_loss(left_out[s], wanted))
    if start.shape[1] > 1:
        return Choice(strength, 0.5)
    return Choice(strength, best_threshold(expit(left_out[strength][:, 0])))


def best_threshold(p: Numbers) -> float:
    """The threshold with the best F1 to be expected if the probabilities are right: 2·Σ p over yes / (yes + Σ p).

    It asks no labels, so a few hundred rows are enough: the best F1 counted on so few labels is mostly luck.
    """
    expected = {
        float(t): 2 * float(p[p >= t].sum()) / (float((p >= t).sum()) + float(p.sum())) for t in _THRESHOLDS
    }
    return max(expected, key=lambda t: (expected[t], -abs(t - 0.5)))


def cross_fit(x: Floats, start: Floats, target: Labels, groups: Labels, *, seed: int) -> Labels:
    """What heads that never saw a row give it: 0/1 or a class. Their strength and threshold never saw it either."""
    given = np.empty(len(target), dtype=np.int64)
    parts = split(target, groups, folds=FOLDS, seed=seed)
    for part in np.unique(parts):
        rest, here = parts != part, parts == part
        choice = choose(x[rest], start[rest], target[rest], groups[rest], seed=seed + 1, folds=3)
        head = fit(x[rest], start[rest], target[rest], strength=choice.strength)
        given[here] = decide(start[here] + head(x[here]), threshold=choice.threshold)
    return given


def decide(scores: Floats, *, threshold: float) -> Labels:
    """0/1 by the threshold where there is one score, else the class with the highest."""
    if scores.shape[1] == 1:
        return np.asarray(expit(scores[:, 0]) >= threshold, dtype=np.int64)
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)


def split(target: Labels, groups: Labels, *, folds: int, seed: int) -> Labels:
    """A fold for every row: rows of one group (equal texts) share it, and every label is spread evenly over folds."""
    random = np.random.default_rng(seed)
    _, first, back = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = random.permutation(len(first))
    order = shuffled[np.argsort(target[first][shuffled], kind="stable")]
    part = np.empty(len(first), dtype=np.int64)
    part[order] = np.arange(len(first)) % folds
    return part[back]


def _left_out(x: Floats, start: Floats, target: Labels, parts: Labels, *, strength: float) -> Floats:
    scores = np.empty_like(start)
    for part in np.unique(parts):
        rest, here = parts != part, parts == part
        head = fit(x[rest], start[rest], target[rest], strength=strength)
        scores[here] = start[here] + head(x[here])
    return scores


def _one_hot(target: Labels, outputs: int) -> Numbers:
    if outputs == 1:
        return target[:, None].astype(np.float64)
    return np.eye(outputs)[target]


def _log_loss(scores: Numbers | Floats, wanted: Numbers) -> float:
    if scores.shape[1] == 1:
        return float((np.logaddexp(0, scores) - wanted * scores).sum())
    return -float((wanted * log_softmax(scores, axis=1)).sum())


def _probabilities(scores: Numbers | Floats) -> Numbers:
    found = expit(scores) if scores.shape[1] == 1 else softmax(scores, axis=1)
    return np.asarray(found, dtype=np.float64)


def _newton_step(z: Numbers, p: Numbers, wanted: Numbers, pull: Numbers, theta: Numbers) -> Numbers:
    """Slope divided by curvature, shaped like `theta` (d, k)."""
    width, outputs = theta.shape
    slope = z.T @ (p - wanted) + pull * theta
    curvature = np.empty((outputs, width, outputs, width))
    for one in range(outputs):
        for other in range(one + 1):
            weight = p[:, one] * ((one == other) - p[:, other])
            block = (z * weight[:, None]).T @ z
            curvature[one, :, other], curvature[other, :, one] = block, block.T
    flat = curvature.reshape(outputs * width, outputs * width) + np.diag(pull.T.ravel())
    return np.asarray(np.linalg.solve(flat, slope.T.ravel()).reshape(outputs, width).T, dtype=np.float64)
