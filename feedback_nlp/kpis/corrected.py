"""KPI tables corrected for the classifier's errors: `measure`, with an audit sample beside the labelled rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from feedback_nlp.errors import UsageError
from feedback_nlp.kpis import audited, door
from feedback_nlp.kpis.audit.answers import BY_COLUMN
from feedback_nlp.kpis.audited import Labelled
from feedback_nlp.kpis.base import Floats, Kpi, Sums
from feedback_nlp.kpis.correction import MIN_LABELS, UNCORRECTED, Estimate, correct
from feedback_nlp.kpis.groups import arranged, rolled, sums_of
from feedback_nlp.kpis.measure import finish
from feedback_nlp.kpis.plan import Chosen, chosen_kpis, grouping
from feedback_nlp.kpis.sums import merge, partial
from feedback_nlp.records import label_columns

_LIMITS = {"share": (0.0, 1.0), "index": (-100.0, 100.0), "severity": (0.0, 3.0)}


def correctable(kpi: Kpi) -> bool:
    """Whether an audit can correct a KPI: it reads labels, and only such as an audit asks for."""
    return bool(kpi.needs) and set(kpi.needs) <= set(BY_COLUMN) and not kpi.per_topic


def read_from_labels(kpi: Kpi) -> bool:
    """Whether a KPI rests on what the classifier said, so that without an audit it is "uncorrected"."""
    return not {column.name for column in label_columns(())}.isdisjoint(kpi.needs)


def corrected(
    frames: Any,
    audit: pd.DataFrame,
    *,
    kpis: Chosen = None,
    every: str | None = None,
    by: Sequence[str] = (),
    tz: str | None = None,
    confidence: float = 0.95,
    min_n: int = 30,
    min_labels: int = MIN_LABELS,
) -> Any:
    """The table of `measure`, with what an audit (`audit.read`) can correct corrected, in the caller's kind of frame.

    Each KPI that rests on labels gets two more columns: `<id>_basis` says what the value and interval stand on,
    "corrected" by at least `min_labels` labelled comments of the group itself, "pooled" where there are fewer (the
    group's predictions are read through the whole sample), or "uncorrected"; `<id>_labels` how many labels were used.

    Raises:
        UsageError: an audited comment is not among the rows; otherwise as `measure`.
    """
    options: dict[str, Any] = {"kpis": kpis, "every": every, "by": grouping(by)}
    sums, found, like = _summed(frames, audit, {**options, "tz": tz})
    table = finish(sums, **options, confidence=confidence, min_n=min_n)
    chosen = [kpi for kpi in chosen_kpis(kpis, options["by"]) if kpi.id in table.column_names]
    fixable = [kpi for kpi in chosen if correctable(kpi)]
    labelled = audited.labelled(found, audit, kpis=fixable)
    keys = [*(["period"] if every else []), *options["by"]]
    heads, totals = sums_of(arranged(rolled(sums, every, []), keys), keys, [], confidence=confidence)
    members = audited.members(found, heads, every=every, by=options["by"], tz=tz)
    for kpi in chosen:
        if correctable(kpi):
            estimates = [
                _estimate(kpi, totals, g, labelled, members, confidence=confidence, min_labels=min_labels)
                for g in range(len(heads))
            ]
            table = _written(table, kpi, estimates)
        elif read_from_labels(kpi):
            table = table.append_column(f"{kpi.id}_basis", pa.array([UNCORRECTED] * len(table), pa.string()))
    return door.returned(table, like)


def _estimate(
    kpi: Kpi,
    totals: Sums,
    g: int,
    labelled: Labelled,
    members: npt.NDArray[np.bool_],
    *,
    confidence: float,
    min_labels: int,
) -> Estimate:
    """The corrected KPI of group `g`; `members` (G, n) marks which audited comments each group holds."""
    rows = float(totals["comments"][g])
    names = [each.name for each in kpi.sums]
    sample, usable = labelled.sample(kpi)
    if rows == 0:
        return Estimate(np.nan, np.nan, np.nan, 0, UNCORRECTED)

    def finish_means(means: Floats) -> Floats:
        sums = dict(zip(names, (means * rows).T, strict=True))
        return kpi.finish(Sums(sums, sums, sums, confidence)).value

    estimate = correct(
        sample,
        population=np.array([totals[name][g] for name in names]) / rows,
        rows=rows,
        finish=finish_means,
        inside=members[g][usable],
        share=kpi.unit == "share",
        confidence=confidence,
        min_labels=min_labels if len(members) > 1 else 2,
    )
    low, high = _LIMITS[kpi.unit]
    value, *bounds = np.clip([estimate.value, estimate.low, estimate.high], low, high)
    return Estimate(float(value), float(bounds[0]), float(bounds[1]), estimate.labels, estimate.basis)


def _written(table: pa.Table, kpi: Kpi, estimates: Sequence[Estimate]) -> pa.Table:
    """The table with a KPI's columns replaced, and what they stand on beside them."""
    for end, values in (
        ("", [each.value for each in estimates]),
        ("_low", [each.low for each in estimates]),
        ("_high", [each.high for each in estimates]),
    ):
        numbers = np.array(values, dtype=np.float64)
        column = pa.array(numbers, mask=~np.isfinite(numbers))
        table = table.set_column(table.column_names.index(kpi.id + end), kpi.id + end, column)
    place = table.column_names.index(f"{kpi.id}_n") + 1
    labels = pa.array([each.labels for each in estimates], pa.int64())
    basis = pa.array([each.basis for each in estimates], pa.string())
    table = table.add_column(place, f"{kpi.id}_labels", labels)
    return table.add_column(place, f"{kpi.id}_basis", basis)


def _summed(frames: Any, audit: pd.DataFrame, options: dict[str, Any]) -> tuple[pa.Table, pd.DataFrame, Any]:
    """Sums of all rows, the audited rows among them in the audit's order, and a frame of the caller's kind."""
    if not door.is_frame(frames) and (isinstance(frames, str) or not isinstance(frames, Iterable)):
        raise UsageError(
            f"correction takes a {door.KINDS} frame or an iterator of them, not {type(frames).__name__}."
        )
    parts, found, like = [], [], None
    for like in [frames] if door.is_frame(frames) else frames:
        parts.append(partial(like, **options))
        found.append(audited.found(like, audit))
    if not parts:
        raise UsageError("there are no rows to correct: the stream of frames was empty.")
    return merge(*parts), audited.arranged(found, audit), like
