"""How likely a value at least as far out is: tails of overdispersed counts, exact where counts are small."""

from __future__ import annotations

import numpy as np
from scipy.special import (
    betainc,
    betaincc,
    betaln,
    gammainc,
    gammaincc,
    gammaln,
    ndtr,
    ndtri,
    pdtr,
    pdtrc,
    stdtr,
)

_EXACT = 4000
"""Counts up to here are summed term by term; above, a continuous distribution of the same mean and variance serves."""


def share_tails(cases: float, n: float, *, rate: float, inflation: float) -> tuple[float, float]:
    """(below, above): chance of fewer and of more than `cases` of n, half of the exact hit in each (mid-p).

    Beta-binomial with mean `rate` and `inflation` times the binomial's variance.
    """
    if inflation >= n > 1:
        inflation = 1 + 0.999 * (n - 1)
    if n > _EXACT:
        size = n / inflation - 1
        a, b, x = rate * size, (1 - rate) * size, cases / n
        return float(betainc(a, b, x)), float(betaincc(a, b, x))
    k = np.arange(0, n + 1)
    choose = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    if inflation <= 1 + 1e-9 or n <= 1:
        logs = choose + k * np.log(rate) + (n - k) * np.log1p(-rate)
    else:
        size = (n - 1) / (inflation - 1) - 1
        a, b = rate * size, (1 - rate) * size
        logs = choose + betaln(k + a, n - k + b) - betaln(a, b)
    return _split(np.exp(logs), cases)


def count_tails(count: float, *, mean: float, inflation: float) -> tuple[float, float]:
    """(below, above) for a count: negative binomial with `inflation` times the Poisson's variance, mid-p."""
    if mean > _EXACT:
        shape, x = mean / inflation, count / inflation
        return float(gammainc(shape, x)), float(gammaincc(shape, x))
    k = round(count)
    if inflation <= 1 + 1e-9:
        under, over = float(pdtr(k - 1, mean)) if k else 0.0, float(pdtrc(k, mean))
    else:
        size, chance = mean / (inflation - 1), 1 / inflation
        under = float(betainc(size, k, chance)) if k else 0.0
        over = float(betainc(k + 1, size, 1 - chance))
    hit = max(1 - under - over, 0.0)
    return under + hit / 2, over + hit / 2


def _split(chances: np.ndarray[tuple[int], np.dtype[np.float64]], cases: float) -> tuple[float, float]:
    at = round(cases)
    hit = float(chances[at]) / 2
    return min(float(chances[:at].sum()) + hit, 1.0), min(float(chances[at + 1 :].sum()) + hit, 1.0)


def normal_score(below: float, above: float) -> float:
    """The standard normal value with the same tails, taken from the smaller one so that far tails keep their digits."""
    tiny = 1e-300
    if below < above:
        return float(ndtri(max(below, tiny)))
    return -float(ndtri(max(above, tiny)))


def humbler(score: float, freedom: float) -> float:
    """A normal score made smaller because its sigma was itself estimated, with `freedom` degrees of freedom."""
    tail = max(float(stdtr(freedom, -abs(score))), 1e-300)
    return float(np.copysign(ndtri(tail), score)) if tail < 0.5 else 0.0


def two_sided(score: float) -> float:
    """Chance of a normal score at least as far from 0."""
    return min(1.0, 2 * float(ndtr(-abs(score))))
