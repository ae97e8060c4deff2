"""How much a series varies beyond what its counts alone explain, after Laney's p′-chart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

D2 = 1.128
"""Mean range of two standard normal values."""

_MEDIAN_RANGE = 0.954
"""Median range of two standard normal values."""


def sigma_z(z: Floats) -> float:
    """Standard deviation of z-scores from one period to the next: mean |Δz| / 1.128, and at least 1.

    It is over 1 where comments come in clumps or the rate drifts, so that large counts do not cry wolf. Below 1 is
    chance: independent comments cannot vary less than their counts do. Fewer than two values give 1.
    Source: Laney, Improved control charts for attributes, Quality Engineering 14 (2002).
    """
    if len(z) < 2:
        return 1.0
    return max(float(np.abs(np.diff(z)).mean()) / D2, 1.0)


def robust_sigma_z(z: Floats) -> float:
    """The same by the median of |Δz|, which single spikes do not move; at least 1."""
    if len(z) < 2:
        return 1.0
    return max(float(np.median(np.abs(np.diff(z)))) / _MEDIAN_RANGE, 1.0)


def echo(z: Floats) -> float:
    """Correlation of each z-score with the next, 0–0.95; 0 where chance explains it (below 2/√T), scores cut at ±3."""
    if len(z) < 2:
        return 0.0
    cut = np.clip(z, -3, 3)
    cut = cut - cut.mean()
    squares = float(cut @ cut)
    found = float(cut[1:] @ cut[:-1]) / squares if squares > 0 else 0.0
    return min(found, 0.95) if found > 2 / np.sqrt(len(z)) else 0.0


def freedom(periods: int) -> float:
    """Degrees of freedom of `sigma_z` over so many periods: a moving range is .605 as efficient as a variance.

    Source: Cryer and Ryan, The estimation of sigma for an X chart, Journal of Quality Technology 22 (1990).
    """
    return max(0.605 * (periods - 1), 1.0)
