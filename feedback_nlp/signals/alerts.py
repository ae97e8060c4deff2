"""Which KPIs moved more than chance explains, why, and which comments to read first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.kpis import KPIS, door, measure
from feedback_nlp.kpis.plan import COUNTING
from feedback_nlp.records import topic_column
from feedback_nlp.signals import explain
from feedback_nlp.signals.alert import Alert
from feedback_nlp.signals.find import FDR, MIN_N, RARE, find

WATCHED = ("volume", "complaint_rate", "negative_rate", "sentiment_index", "leaving_rate", "mean_rating")
"""KPIs watched when none are named: those of them whose columns the rows have."""


def alerts(
    data: Any,
    *,
    kpis: Sequence[str] | None = None,
    every: str = "week",
    by: Sequence[str] = (),
    baseline: tuple[dt.date, dt.date] | None = None,
    since: dt.date | None = None,
    fdr: float = FDR,
    rare: float = RARE,
    min_n: int = MIN_N,
    explained: int = 10,
) -> list[Alert]:
    """Alerts of labelled rows (a frame or a stream of frames), most surprising first.

    every: "day", "week", "month" or "quarter". by: columns and "topic"; each group is a series of its own.
    baseline: first and last day that count as normal; without it each period is held against those before it.
    since: judge only periods from this day on. The first `explained` alerts get drivers, rising phrases and examples.
    A stream is gathered in memory, only the columns that are read.

    Raises:
        UnknownName: a KPI or period that is not there.
        UsageError: options that cannot be combined.
        SchemaError: a column is missing.
    """
    rows = _gathered(data, kpis, by)
    watched = [name for name in WATCHED if _has(rows, name)] if kpis is None else list(kpis)
    days = pc.min_max(rows["day"].cast(pa.date32())).as_py()
    if days["min"] is None:
        return []
    table = measure(rows, kpis=watched, every=every, by=by).to_pandas()
    found = find(
        table,
        every=every,
        kpis=watched,
        by=by,
        baseline=baseline,
        since=since,
        covered=(days["min"], days["max"]),
        fdr=fdr,
        rare=rare,
        min_n=min_n,
    )
    return [
        explain.explained(alert, rows, every=every) if place < explained else alert
        for place, alert in enumerate(found)
    ]


def _has(rows: pa.Table, kpi: str) -> bool:
    """Whether rows hold something for a KPI to read."""
    return all(name in rows.column_names and rows[name].null_count < len(rows) for name in KPIS[kpi].needs)


def _gathered(data: Any, kpis: Sequence[str] | None, by: Sequence[str]) -> pa.Table:
    """The rows that count and the columns an alert reads, as one Arrow table."""
    unknown = [name for name in kpis or () if name not in KPIS]
    if unknown:
        raise UnknownName("KPI", unknown[0], KPIS)
    needs = [name for kpi in (WATCHED if kpis is None else kpis) for name in KPIS[kpi].needs]
    groups = [name for name in by if name != "topic"]
    wanted = dict.fromkeys([*COUNTING, "day", *needs, *groups, *explain.COLUMNS])
    if isinstance(data, str):
        raise UsageError("alerts take labelled rows, not a path. Read the file first.")
    parts = []
    for frame in [data] if door.is_frame(data) else data:
        rows = door.entered(frame)
        columns = door.columns_of(rows)
        missing = [name for name in ("day", *groups) if name not in columns]
        if missing:
            raise SchemaError(f"alerts need the column {missing[0]!r}. The frame has: {', '.join(columns)}.")
        kept = [name for name in columns if name in wanted or name.startswith(topic_column(""))]
        parts.append(door.collected(door.narrowed(rows, kept)))
    if not parts:
        raise UsageError("there are no rows to watch: the stream of frames was empty.")
    table = door.joined(parts)
    if "set_aside" in table.column_names:
        table = table.filter(pc.is_null(table["set_aside"]))
    return table
