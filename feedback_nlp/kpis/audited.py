"""The audited comments among the labelled rows: what the model said of them, what the person said, and their groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from feedback_nlp.errors import UsageError
from feedback_nlp.kpis import door
from feedback_nlp.kpis.audit.answers import BY_COLUMN
from feedback_nlp.kpis.base import Floats, Kpi
from feedback_nlp.kpis.correction import Sample
from feedback_nlp.kpis.groups import rolled
from feedback_nlp.kpis.plan import SUM_PREFIX
from feedback_nlp.kpis.sums import partial

_PLACE = "audit_place"
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Sums of each audited comment alone, as predicted and as labelled (name → (n,)), and how it was drawn.

    `counts` marks the comments that count among the rows, `known` (label → (n,)) those with that label filled in.
    """

    predicted: dict[str, Floats]
    labelled: dict[str, Floats]
    counts: Bools
    known: dict[str, Bools]
    stratum: npt.NDArray[np.intp]
    size: Floats

    def sample(self, kpi: Kpi) -> tuple[Sample, Bools]:
        """The sample for one KPI, and which of the n comments are in it: those with every label the KPI reads."""
        usable = self.counts.copy()
        for name in kpi.needs:
            usable &= self.known[name]
        names = [each.name for each in kpi.sums]
        predicted, labelled_ = (
            np.column_stack([side[name] for name in names])[usable]
            for side in (self.predicted, self.labelled)
        )
        return Sample(predicted, labelled_, self.stratum[usable], self.size), usable


def found(frame: Any, audit: pd.DataFrame) -> pd.DataFrame:
    """The rows of a frame that are in the audit."""
    wanted = nw.col("row").is_in([int(number) for number in audit["row"]])
    sources = nw.col("source").is_in(sorted(set(audit["source"])))
    table = door.collected(door.entered(frame).filter(wanted & sources))
    rows: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return rows


def arranged(parts: Sequence[pd.DataFrame], audit: pd.DataFrame) -> pd.DataFrame:
    """The rows found, in the audit's order.

    Raises:
        UsageError: one was not found.
    """
    rows = pd.concat([part for part in parts if len(part)] or list(parts[:1]), ignore_index=True)
    places = {key: i for i, key in enumerate(zip(rows["source"], rows["row"], strict=True))}
    keys = list(zip(audit["source"], audit["row"], strict=True))
    lost = [key for key in keys if key not in places]
    if lost:
        raise UsageError(
            f"{len(lost)} of {len(audit)} audited comments are not among these rows, such as row {lost[0][1]} of "
            f"{lost[0][0]!r}. Use the audit with the labelled file it was drawn from."
        )
    return rows.iloc[[places[key] for key in keys]].reset_index(drop=True)


def labelled(rows: pd.DataFrame, audit: pd.DataFrame, *, kpis: Sequence[Kpi]) -> Labelled:
    """Both sides of each audited comment, from its row and its labels."""
    truth = {name: audit[name].array for name in BY_COLUMN if name in audit.columns}
    predicted, counts = _each(rows, kpis)
    actual, _ = _each(rows.assign(**truth), kpis)
    _, first, place = np.unique(audit["stratum"].to_numpy(), return_index=True, return_inverse=True)
    return Labelled(
        predicted,
        actual,
        counts,
        {
            name: np.asarray(audit[name].notna()) if name in truth else np.zeros(len(audit), dtype=np.bool_)
            for name in BY_COLUMN
        },
        place.astype(np.intp),
        audit["stratum_size"].to_numpy(dtype=np.float64)[first],
    )


def _each(rows: pd.DataFrame, kpis: Sequence[Kpi]) -> tuple[dict[str, Floats], Bools]:
    """The sums of each row alone (0 where it does not count), and which rows count."""
    table = partial(rows.assign(**{_PLACE: np.arange(len(rows))}), kpis=list(kpis), by=[_PLACE])
    place = table[_PLACE].to_numpy().astype(np.intp)
    sums = {}
    for name in table.column_names:
        if name.startswith(SUM_PREFIX):
            values = np.zeros(len(rows))
            values[place] = table[name].to_numpy()
            sums[name.removeprefix(SUM_PREFIX)] = values
    counts = np.zeros(len(rows), dtype=np.bool_)
    counts[place] = True
    return sums, counts


def members(
    rows: pd.DataFrame, heads: pa.Table, *, every: str | None, by: Sequence[str], tz: str | None
) -> Bools:
    """Which audited comments (n) are in each group of a table (G): (G, n). `heads` holds the groups' keys."""
    placed = rows.assign(**{_PLACE: np.arange(len(rows))})
    table = partial(placed, kpis=["volume"], every=every, by=[*by, _PLACE], tz=tz)
    table = rolled(table, every, [])
    numbers = {key: g for g, key in enumerate(_keys(heads, heads.column_names, len(heads)))}
    inside = np.zeros((len(heads), len(rows)), dtype=np.bool_)
    there = table[SUM_PREFIX + "comments"].to_numpy() > 0
    for key, place, is_there in zip(
        _keys(table, heads.column_names, len(table)), table[_PLACE].to_numpy(), there, strict=True
    ):
        if is_there and key in numbers:
            inside[numbers[key], int(place)] = True
    return inside


def _keys(table: pa.Table, names: Sequence[str], rows: int) -> list[tuple[Any, ...]]:
    columns = [table[name].to_pylist() for name in names]
    return list(zip(*columns, strict=True)) if columns else [()] * rows
