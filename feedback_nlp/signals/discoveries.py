"""Many tests at once: false discoveries held to a share (Benjamini–Hochberg), or none at all (Holm)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: Floats) -> Floats:
    """q-values: the share of false discoveries expected if this and all smaller p are called; NaN stays NaN.

    Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995).
    """
    q = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    if len(order):
        ranked = p[order] * len(order) / np.arange(1, len(order) + 1)
        q[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q


def holm(p: Floats) -> Floats:
    """p-values adjusted so that the chance of any false call stays at the level; NaN stays NaN.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979).
    """
    adjusted = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    if len(order):
        stepped = p[order] * np.arange(len(order), 0, -1)
        adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted
