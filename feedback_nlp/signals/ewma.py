"""Small shifts that last: an exponentially weighted mean of how surprising each period was."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

WEIGHT = 0.2
"""Weight of the newest period (λ). Lucas and Saccucci, Technometrics 32 (1990): .1–.25 for shifts of half to one sigma."""

CAP = 3.0
"""A single period counts for at most this many sigmas here: one spike is the chart's to report, not a drift."""


def drift(scores: Floats, *, common: Floats, echo: Floats) -> Floats:
    """Standard-normal score of the weighted mean up to each period, from normal scores of the periods, (T,).

    NaN scores (periods not tested) leave the mean as it was and give NaN. `common` is the part of each score's
    variance that all share, 0–1, because they were judged against one baseline. `echo` is how each score goes on into
    the next by nature, 0–1: what wanders is not taken for a drift. After a period beyond twice the cap the mean starts
    anew, so that a spike does not echo.
    """
    out = np.full(len(scores), np.nan)
    mean = own = memory = 0.0
    for t, score in enumerate(scores):
        if np.isnan(score):
            continue
        if abs(score) > 2 * CAP:
            mean = own = memory = 0.0
            continue
        mean = (1 - WEIGHT) * mean + WEIGHT * float(np.clip(score, -CAP, CAP))
        own = (1 - WEIGHT) ** 2 * own + WEIGHT**2
        memory = (1 - WEIGHT) * memory + WEIGHT
        out[t] = mean / np.sqrt(((1 - common[t]) * own + common[t] * memory**2) * _widening(echo[t]))
    return out


def _widening(echo: float) -> float:
    """Times the variance of the mean is larger where scores echo (AR(1)), as Laney's sigma, from ranges, sees too little of it.

    Source: Schmid, On EWMA charts for time series, Frontiers in Statistical Quality Control 5 (1997), in the limit.
    """
    kept = (1 - WEIGHT) * echo
    return (1 + kept) / (1 - kept) / (1 - echo)
