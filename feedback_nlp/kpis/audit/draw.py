"""Which comments a person should label: a stratified sample with known probabilities, most where the model wavers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from feedback_nlp.errors import UsageError
from feedback_nlp.records import require

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STRATA = 5
"""Layers of uncertainty. Simulated with 300 labels, 4 to 8 cover alike; more leave too few labels for a variance."""

LABELS_PER_STRATUM = 8
_LEAST = 2
_FLOOR = 0.02
"""Variance granted to even the surest prediction, since a model may be sure and wrong (an error in about fifty)."""

_FLAGGED = 0.16
"""Variance granted to a flag that is raised but has no probability: as if right four times in five."""


def draw(
    frame: pd.DataFrame, *, n: int = 300, by: Sequence[str] = (), strata: int = STRATA, seed: int = 0
) -> pd.DataFrame:
    """Draw `n` of the counting rows of a labelled frame for a person to label, in random order.

    Strata are layers of the model's own uncertainty p(1 − p) with equal total standard deviation, so that Neyman's
    allocation gives each the same number of labels; every stratum gets at least two. With `by`, each group is
    stratified by itself and n is shared by the square root of its total, so that small groups get a fair part.
    The same frame and seed give the same sample. Since the order is random, labelling from the top and stopping
    early leaves a smaller sample that is drawn just as properly.

    Returns id, source, row, text, the `by` columns, stratum (number), stratum_size, probability, weight.

    Raises:
        SchemaError: a column is missing.
        UsageError: no rows count, or n is too small for the groups.
    """
    require(frame, ["source", "row", "text", *by], purpose="an audit sample")
    counting = frame if "set_aside" not in frame.columns else frame[frame["set_aside"].isna()]
    counting = counting.reset_index(drop=True)
    if len(counting) == 0:
        raise UsageError("no row of this frame counts (each is set aside), so there is nothing to audit.")
    if n < _LEAST:
        raise UsageError(
            f"an audit of {n} comments says nothing. Draw at least {_LEAST}; 300 is a good start."
        )
    deviation = np.sqrt(uncertainty(counting))
    rows, stratum, size = chosen(deviation, _groups(counting, by), n=n, strata=strata, seed=seed)
    drawn = np.bincount(stratum, minlength=len(size))
    names = [name for name in ("id", "source", "row", "text") if name in counting.columns]
    return (
        counting.loc[rows, list(dict.fromkeys([*names, *by]))]
        .reset_index(drop=True)
        .assign(
            stratum=stratum + 1,
            stratum_size=size[stratum],
            probability=drawn[stratum] / size[stratum],
            weight=size[stratum] / drawn[stratum],
        )
    )


def chosen(
    deviation: Floats, group: Ints, *, n: int, strata: int = STRATA, seed: int = 0
) -> tuple[Ints, Ints, Ints]:
    """The rows drawn in random order, the stratum of each (from 0), and the size of every stratum.

    deviation: how unsure the model is of each row; group: number of the group each row is in, from 0.
    """
    part = _parts(deviation, group, n=n)
    stratum = _strata(deviation, group, part, most=strata)
    size: Ints = np.bincount(stratum).astype(np.int64)
    score = np.bincount(stratum, deviation * (part / np.bincount(group, deviation))[group])
    wanted = allocate(min(n, len(deviation)), score.astype(np.float64), size)
    rng = np.random.default_rng(seed)
    picks = [
        rng.choice(np.flatnonzero(stratum == h), wanted[h], replace=False, shuffle=False)
        for h in range(len(size))
    ]
    rows = rng.permutation(np.concatenate(picks))
    return rows, stratum[rows], size


def uncertainty(frame: pd.DataFrame) -> Floats:
    """How unsure the model is of each row: the sum of p(1 − p) over the labels an audit asks for, with a floor."""
    total = np.full(len(frame), _FLOOR)
    for name in ("p_negative", "p_positive", "p_complaint"):
        if name in frame.columns:
            p = frame[name].to_numpy(dtype=np.float64, na_value=0.0)
            total += p * (1 - p)
    for name in ("leaving", "returning"):
        if name in frame.columns:
            total += _FLAGGED * frame[name].to_numpy(dtype=np.float64, na_value=0.0)
    return total


def allocate(n: int, score: Floats, size: Ints) -> Ints:
    """`n` labels over strata in proportion to `score`, each at least two and at most its size, adding up exactly.

    `n` must not exceed the sum of `size`, nor fall short of two a stratum.
    """
    floor = np.minimum(_LEAST, size)
    given = floor.copy()
    while (left := n - int(given.sum())) > 0:
        room = given < size
        ideal = np.where(room, score / score[room].sum() * n, 0.0)
        wish = np.where(room, np.maximum(ideal - given, 1e-9), 0.0)
        step = np.minimum(np.floor(left * wish / wish.sum()).astype(np.int64), size - given)
        if step.sum() == 0:
            step[np.argsort(-wish, kind="stable")[:left]] = 1
            step = np.minimum(step, size - given)
        given += step
    return given


def _groups(frame: pd.DataFrame, by: Sequence[str]) -> Ints:
    if not by:
        return np.zeros(len(frame), dtype=np.int64)
    return np.asarray(frame.groupby(list(by), dropna=False, sort=True).ngroup(), dtype=np.int64)


def _parts(deviation: Floats, group: Ints, *, n: int) -> Floats:
    """Labels each group should get of `n`: by the square root of its total deviation, at least two."""
    count = int(group.max()) + 1
    if n < _LEAST * count:
        raise UsageError(
            f"{n} labels over {count} groups is less than two each. Raise n to {_LEAST * count} at least, "
            "or audit by a coarser column."
        )
    root = np.sqrt(np.bincount(group, deviation))
    part = np.maximum(n * root / root.sum(), _LEAST)
    return np.asarray(part * min(n / part.sum(), 1.0))


def _strata(deviation: Floats, group: Ints, part: Floats, *, most: int) -> Ints:
    """Stratum of each row, from 0: layers of equal total deviation within each group, fewer where labels are few."""
    stratum: Ints = np.zeros(len(deviation), dtype=np.int64)
    layers = np.clip(part // LABELS_PER_STRATUM, 1, most).astype(np.int64)
    if _LEAST * layers.sum() > part.sum():
        layers[:] = 1
    first = 0
    for g in range(len(part)):
        rows = np.flatnonzero(group == g)
        rows = rows[np.argsort(deviation[rows], kind="stable")]
        mass = np.cumsum(deviation[rows])
        layer = np.minimum(mass / mass[-1] * layers[g] * (1 - 1e-12), layers[g] - 1).astype(np.int64)
        used, numbers = np.unique(layer, return_inverse=True)
        stratum[rows] = first + numbers
        first += len(used)
    return stratum
