"""Sums to tables, and the whole way from frames of any kind to a table of the same kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from feedback_nlp.errors import UsageError
from feedback_nlp.kpis import door
from feedback_nlp.kpis.base import PERIOD, Estimate, Floats
from feedback_nlp.kpis.groups import arranged, rolled, sums_of
from feedback_nlp.kpis.periods import window_of
from feedback_nlp.kpis.plan import (
    SUM_PREFIX,
    Chosen,
    Plan,
    check_columns,
    chosen_kpis,
    grouping,
    plan_for,
    shared_sums,
)
from feedback_nlp.kpis.sums import added, merge, summed

ROWS_AT_ONCE = 65_536
"""Rows of a stream summed together; small frames are gathered, since grouping costs per call."""

_PARTS_AT_ONCE = 16


def measure(
    frames: Any,
    *,
    kpis: Chosen = None,
    every: str | None = None,
    by: Sequence[str] = (),
    tz: str | None = None,
    confidence: float = 0.95,
    min_n: int = 30,
) -> Any:
    """KPIs of a labelled frame, or of a stream of frames, a row per period and group; the result is of the caller's kind.

    kpis: ids or Kpi objects; None: the headline ones that the columns allow; "all": the whole catalogue likewise.
    every: "day", "week" (ISO, from Monday), "month", "quarter", all by the local `day` and named by their first day;
        or a rolling window such as "7d" or "28d": a row per day whose window holds a comment, named by that last day
        (the first windows of a series hold fewer days). Rows without a `day` form a period null of their own.
    by: columns to group by; "topic" gives each group a row per topic, and a comment counts under each it mentions.
    tz: zone of the dates on which complaints were resolved (`backlog`); default: the zone their column has.
    Columns: `period`, the `by` columns, `volume`, then for each KPI `<id>`, `<id>_low`, `<id>_high`, `<id>_n` (its
    denominator), and `flagged`: some value of the row rests on fewer than `min_n` comments.
    Rows with `set_aside`, or with `feedback` false, do not count. A denominator of 0 gives null.

    Raises:
        UnknownName: a KPI or period that does not exist.
        UsageError: options that cannot be combined, or something that is no frame.
        SchemaError: a frame lacks a column that is needed.
    """
    _check(confidence=confidence, min_n=min_n)
    options: dict[str, Any] = {"kpis": kpis, "every": every, "by": grouping(by)}
    if door.is_frame(frames):
        rows = door.entered(frames)
        plan = plan_for(door.columns_of(rows), tz=tz, **options)
        return door.returned(_table(summed(rows, plan), plan, confidence, min_n), frames)
    if isinstance(frames, str) or not isinstance(frames, Iterable):
        raise UsageError(
            f"measure takes a {door.KINDS} frame or an iterator of them, not {type(frames).__name__}."
        )
    return _measure_stream(iter(frames), options, tz=tz, confidence=confidence, min_n=min_n)


def finish(
    sums: pa.Table,
    *,
    kpis: Chosen = None,
    every: str | None = None,
    by: Sequence[str] = (),
    confidence: float = 0.95,
    min_n: int = 30,
) -> pa.Table:
    """The table of KPIs from sums that `partial` or `merge` gave with the same options."""
    _check(confidence=confidence, min_n=min_n)
    groups = grouping(by)
    held = {name.removeprefix(SUM_PREFIX) for name in sums.column_names if name.startswith(SUM_PREFIX)}
    chosen = [kpi for kpi in chosen_kpis(kpis, groups) if held.issuperset(each.name for each in kpi.sums)]
    plan = Plan(tuple(chosen), every, groups, (), (), (), None)
    return _table(sums, plan, confidence, min_n)


def _check(*, confidence: float, min_n: int) -> None:
    if not 0 < confidence < 1:
        raise UsageError(
            f"confidence={confidence} is not allowed. Give a share between 0 and 1, such as 0.95."
        )
    if min_n < 0:
        raise UsageError(f"min_n={min_n} is not allowed. Give 0 or more; 30 is usual.")


def _measure_stream(
    frames: Iterator[Any], options: dict[str, Any], *, tz: str | None, confidence: float, min_n: int
) -> Any:
    first = next(frames, None)
    if first is None:
        return door.returned(_table(*_nothing(options), confidence, min_n), None)
    first_rows = door.entered(first)
    plan = plan_for(door.columns_of(first_rows), tz=tz, **options)
    parts: list[pa.Table] = []
    for rows in _gathered(chain([first_rows], map(door.entered, frames)), plan):
        parts.append(summed(rows, plan))
        if len(parts) >= _PARTS_AT_ONCE:
            parts = [merge(*parts)]
    return door.returned(_table(merge(*parts), plan, confidence, min_n), first)


def _gathered(stream: Iterable[door.Rows], plan: Plan) -> Iterator[door.Rows]:
    """The columns the plan reads, in fewer and larger frames; a lazy frame stays one."""
    held: list[pa.Table] = []
    for rows in stream:
        check_columns(plan, door.columns_of(rows))
        if isinstance(rows, nw.LazyFrame):
            yield rows
            continue
        held.append(_complete(rows, plan))
        if sum(map(len, held)) >= ROWS_AT_ONCE:
            yield nw.from_native(door.joined(held), eager_only=True)
            held = []
    if held:
        yield nw.from_native(door.joined(held), eager_only=True)


def _complete(rows: door.Rows, plan: Plan) -> pa.Table:
    """A frame's columns of the plan, null where a column that only says whether a row counts is missing."""
    there = set(door.columns_of(rows))
    table = door.collected(door.narrowed(rows, [name for name in plan.columns if name in there]))
    for name in plan.counting:
        if name not in there:
            table = table.append_column(name, pa.nulls(len(table)))
    return table


def _nothing(options: dict[str, Any]) -> tuple[pa.Table, Plan]:
    """The sums of no rows: none where they are grouped, one row of zeros where they are not."""
    kpis = chosen_kpis(options["kpis"], options["by"])
    plan = Plan(tuple(kpis), options["every"], options["by"], (), shared_sums(kpis), (), None)
    window_of(plan.every)
    keys = [pa.field(key, pa.date32() if key == PERIOD else pa.string()) for key in plan.keys]
    sums = [pa.field(SUM_PREFIX + each.name, pa.float64()) for each in plan.sums]
    return added(pa.schema(keys + sums).empty_table()), plan


def _table(sums: pa.Table, plan: Plan, confidence: float, min_n: int) -> pa.Table:
    """Finish every KPI of the plan, vectorised over the groups."""
    running = [each for each in shared_sums(plan.kpis) if each.running]
    table = arranged(rolled(sums, plan.every, running), plan.keys)
    heads, totals = sums_of(table, plan.keys, running, confidence=confidence)
    columns = {name: heads[name] for name in plan.keys}
    volume = totals["comments"]
    thin = volume < min_n
    columns["volume"] = pa.array(volume.round().astype(np.int64))
    for kpi in plan.kpis:
        if kpi.id == "volume":
            continue
        estimate = kpi.finish(totals)
        columns |= _columns_of(kpi.id, estimate)
        thin |= (estimate.n > 0) & (estimate.n < min_n)
    return pa.table({**columns, "flagged": pa.array(thin)})


def _columns_of(name: str, estimate: Estimate) -> dict[str, pa.Array]:
    parts = {"": estimate.value, "_low": estimate.low, "_high": estimate.high}
    arrays = {name + end: _nullable(values) for end, values in parts.items()}
    return {**arrays, f"{name}_n": pa.array(estimate.n.round().astype(np.int64))}


def _nullable(values: Floats) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.float64), mask=~np.isfinite(values))
