"""The week's own rhythm: how each weekday differs from the others, to be taken out of daily series."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import expit, logit

from feedback_nlp.signals.laney import sigma_z
from feedback_nlp.signals.series import Floats, Kind

MIN_WEEKS = 4
"""A weekday's effect is read only off a baseline of at least so many weeks."""

_SIGNIFICANT = 0.01
_OUTLIER = 3.0
_NEAR_ONE = 1 - 1e-9


def weekly(total: Floats, n: Floats, weekday: npt.NDArray[np.intp], *, kind: Kind, variance: float) -> Floats:
    """Effect of each weekday (7,), Monday first, on a series' level; all 0 where the baseline shows no season.

    total, n: cases and comments of consecutive days (a count has n = 1), (T,); variance: of one comment (means only).
    Effects are differences of log-odds for shares, of logarithms for counts, of values for means. Days further than
    three sigmas from their weekday's level are left out and the rest read again, as STL's robust weights do; then a
    χ² test over the seven days, at 1 %, decides whether there is a season at all, so that none is made up from noise.
    """
    none = np.zeros(7)
    kept = n > 0
    if len(n) < 7 * MIN_WEEKS or len(np.unique(weekday[kept])) < 7 or (kind != "mean" and total.sum() <= 0):
        return none
    for _ in range(2):
        level, mean = _levels(total, n, weekday, kept)
        z = _scores(total, n, level[weekday], kind=kind, variance=variance)
        sigma = sigma_z(z[n > 0])
        kept = (n > 0) & (np.abs(z) <= _OUTLIER * sigma)
        if len(np.unique(weekday[kept])) < 7:
            return none
    level, mean = _levels(total, n, weekday, kept)
    comments = np.bincount(weekday[kept], n[kept], 7).astype(np.float64)
    chi = (_scores(level * comments, comments, np.full(7, mean), kind=kind, variance=variance) ** 2).sum()
    if stats.chi2.sf(chi / sigma**2, 6) > _SIGNIFICANT:
        return none
    return np.asarray(_linked(level, kind) - _linked(np.array(mean), kind))


def shifted(level: float, effect: float, kind: Kind) -> float:
    """A level with a weekday's effect."""
    if effect == 0.0:
        return level
    if kind == "share":
        return float(expit(logit(level) + effect))
    return level * float(np.exp(effect)) if kind == "count" else level + effect


def _linked(level: Floats, kind: Kind) -> Floats:
    if kind == "share":
        return np.asarray(logit(np.clip(level, 1 - _NEAR_ONE, _NEAR_ONE)))
    return np.log(np.maximum(level, 1e-12)) if kind == "count" else level


def _levels(
    total: Floats, n: Floats, weekday: npt.NDArray[np.intp], kept: npt.NDArray[np.bool_]
) -> tuple[Floats, float]:
    """Level of each weekday, drawn towards the mean of all as if by half a day more, and that mean."""
    mean = float(total[kept].sum() / n[kept].sum())
    prior = float(n[kept].mean()) / 2
    cases = np.bincount(weekday[kept], total[kept], 7)
    comments = np.bincount(weekday[kept], n[kept], 7)
    return (cases + prior * mean) / (comments + prior), mean


def _scores(total: Floats, n: Floats, level: Floats, *, kind: Kind, variance: float) -> Floats:
    """z-scores of totals about a level, by what counts alone explain."""
    unit = {"share": level * (1 - level), "count": level, "mean": np.full(len(level), variance)}[kind]
    return np.asarray((total - n * level) / np.sqrt(np.maximum(unit * n, 1e-12)))
