"""Rows to sums, and sums to sums: sums add, so any split of the rows is allowed.

A sums table is an Arrow table with a row per group: the keys (`period`, the `by` columns), then one float column
`sum_<name>` per sum. Split by topic, a row whose topic is null holds the sums of all comments of its group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from feedback_nlp.errors import SchemaError
from feedback_nlp.kpis import door, periods
from feedback_nlp.kpis.base import PERIOD, TOPIC, Sum
from feedback_nlp.kpis.expressions import POLARITY
from feedback_nlp.kpis.local import local_column, local_time
from feedback_nlp.kpis.plan import SUM_PREFIX, Chosen, Plan, plan_for
from feedback_nlp.kpis.typed import typed
from feedback_nlp.records import topic_column

_ALL = "__all__"


def partial(
    frame: Any,
    *,
    kpis: Chosen = None,
    every: str | None = None,
    by: Sequence[str] = (),
    tz: str | None = None,
) -> pa.Table:
    """The sums of one frame's rows that count, a row per group. Options as in `measure`."""
    rows = door.entered(frame)
    return summed(rows, plan_for(door.columns_of(rows), kpis=kpis, every=every, by=by, tz=tz))


def merge(*sums: pa.Table) -> pa.Table:
    """One sums table from several of the same plan; the order makes no difference but for rounding.

    Raises:
        SchemaError: they hold different sums or groups, or there is none.
    """
    if not sums:
        raise SchemaError("there is nothing to merge. Give at least one table of sums.")
    for other in sums[1:]:
        if set(other.column_names) != set(sums[0].column_names):
            odd = sorted(set(other.column_names) ^ set(sums[0].column_names))
            raise SchemaError(
                f"these sums are of different plans: not all have {odd[0]!r}. Use the same kpis, every and by."
            )
    return added(door.joined(_untyped_where_empty(each.select(sums[0].column_names)) for each in sums))


def _untyped_where_empty(table: pa.Table) -> pa.Table:
    """Keys that are all null without a type, so that they fit whatever type another part found for them."""
    for place, name in enumerate(table.column_names):
        if not name.startswith(SUM_PREFIX) and table[name].null_count == len(table):
            table = table.set_column(place, name, pa.nulls(len(table)))
    return table


def added(table: pa.Table) -> pa.Table:
    """Rows of equal keys added up."""
    names = [name for name in table.column_names if name.startswith(SUM_PREFIX)]
    keys = [name for name in table.column_names if not name.startswith(SUM_PREFIX)]
    if not keys:
        totals = [pa.array([pc.sum(table[name]).as_py() or 0.0], pa.float64()) for name in names]
        return pa.table(dict(zip(names, totals, strict=True)))
    known = _typed_keys(table, keys)
    grouped = known.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in names])
    return grouped.rename_columns([name.removesuffix("_sum") for name in grouped.column_names]).select(
        [*keys, *names]
    )


def _typed_keys(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """A key column without a type (all null) becomes a date or text, which Arrow can group by."""
    for key in keys:
        if pa.types.is_null(table.schema.field(key).type):
            kind = pa.date32() if key == PERIOD else pa.string()
            table = table.set_column(table.column_names.index(key), key, table[key].cast(kind))
    return table


def summed(rows: door.Rows, plan: Plan) -> pa.Table:
    """The sums of the rows that count, grouped as the plan says."""
    rows = counted(typed(door.narrowed(rows, plan.columns), plan.by), plan)
    for name in plan.local:
        rows = rows.with_columns(local_time(rows, name, plan.tz).alias(local_column(name)))
    for column in plan.derived:
        rows = rows.with_columns(column.expr.alias(column.name))
        if column.table is not None:
            rows = door.looked_up(rows, column.name, column.table)
    dates = tuple(dict.fromkeys(each.dated for each in plan.sums)) if plan.every else ("day",)
    tables = [_widened(_by_date(rows, date, plan), plan) for date in dates]
    return _panel(_in_periods(added(door.joined(tables)), plan), plan)


def _by_date(rows: door.Rows, date: str, plan: Plan) -> pa.Table:
    """The sums that go by this date, for all comments and for each topic, a row per day and group."""
    sums = [each for each in plan.sums if each.dated == date or not plan.every]
    dated = _dated(rows, date, plan)
    pieces = [_group(_about(dated, topic), sums, plan) for topic in (None, *plan.topics)]
    return door.collected(door.stacked(pieces))


def counted(rows: door.Rows, plan: Plan) -> door.Rows:
    """Rows that are not set aside and not marked as no feedback."""
    if "set_aside" in plan.counting:
        reason = nw.col("set_aside").cast(nw.String)
        rows = rows.filter(reason.is_null() | (reason == ""))  # an empty text is how CSV writes null
    if "feedback" in plan.counting:
        feedback = nw.col("feedback").cast(nw.Float64)
        rows = rows.filter(feedback.is_null() | ~(feedback == 0.0))
    return rows


def _dated(rows: door.Rows, date: str, plan: Plan) -> door.Rows:
    """Rows with their period's day, of those that have a date of this kind. Rows without a `day` stay in a null period."""
    if not plan.every:
        return rows
    day = _date_of(rows, "day")
    if date == "day":
        return rows.with_columns(day.alias(PERIOD))
    known = rows.filter(~nw.col(date).is_null())
    local = local_time(rows, date, plan.tz).dt.date()
    # nothing ends before it begins: an earlier date is a fault of the export
    ended = nw.when(local < day).then(day).otherwise(local)
    return known.with_columns(nw.when(~day.is_null()).then(ended).alias(PERIOD))


def _date_of(rows: door.Rows, name: str) -> nw.Expr:
    """A column of dates, or of times, whose own zone says the date."""
    column = nw.col(name)
    return column.dt.date() if rows.collect_schema()[name] == nw.Datetime else column.cast(nw.Date)


def _about(rows: door.Rows, topic: str | None) -> door.Rows:
    """Rows that mention a topic, with their polarity; all rows for None."""
    name = nw.lit(topic, dtype=nw.String).alias(TOPIC)
    if topic is None:
        return rows.with_columns(name, nw.lit(None, dtype=nw.Float64).alias(POLARITY))
    polarity = nw.col(topic_column(topic)).cast(nw.Float64)
    return rows.filter(polarity.is_finite()).with_columns(name, polarity.alias(POLARITY))


def _group(rows: door.Rows, sums: Sequence[Sum], plan: Plan) -> door.Rows:
    """The sums of each group."""
    keys = list(plan.keys) or [_ALL]
    if keys == [_ALL]:
        rows = rows.with_columns(nw.lit(0).alias(_ALL))
    names = [SUM_PREFIX + each.name for each in sums]
    values = [each.expr.cast(nw.Float64).alias(name) for each, name in zip(sums, names, strict=True)]
    return rows.select(*keys, *values).group_by(keys).agg(*(nw.col(name).sum() for name in names))


def _widened(table: pa.Table, plan: Plan) -> pa.Table:
    """The table with its keys in plain types and every sum of the plan: 0 where it goes by another date."""
    columns = {key: _key(table[key], key) for key in plan.keys}
    nothing = pa.array(np.zeros(len(table)))
    for each in plan.sums:
        name = SUM_PREFIX + each.name
        there = name in table.column_names
        columns[name] = pc.fill_null(table[name].cast(pa.float64()), 0.0) if there else nothing
    return pa.table(columns)


def _key(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """A key column: a period is a date, and NaN is null."""
    if name == PERIOD:
        return column.cast(pa.date32())
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), None, column)
    return column


def _in_periods(table: pa.Table, plan: Plan) -> pa.Table:
    """Days gathered into the periods they lie in; a rolling window keeps its days."""
    if not plan.every or plan.every == "day" or periods.window_of(plan.every):
        return table
    days = table[PERIOD].combine_chunks()
    numbers = days.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    first = pa.array(periods.starts(numbers, plan.every), mask=_nulls(days)).cast(pa.int32())
    return added(table.set_column(table.column_names.index(PERIOD), PERIOD, first.cast(pa.date32())))


def _nulls(column: pa.Array) -> Any:
    return column.is_null().to_numpy(zero_copy_only=False)


def _panel(table: pa.Table, plan: Plan) -> pa.Table:
    """Split by topic, every group has a row for every topic, with zeros where none mentions it."""
    if not plan.topics or len(table) == 0:
        return table
    groups = table.filter(pc.is_null(table[TOPIC]))
    place = table.column_names.index(TOPIC)
    zeros = [name for name in table.column_names if name.startswith(SUM_PREFIX)]
    nothing = pa.array(np.zeros(len(groups)))
    for name in zeros:
        groups = groups.set_column(groups.column_names.index(name), name, nothing)
    panels = [
        groups.set_column(place, TOPIC, pa.array([topic] * len(groups), pa.string())) for topic in plan.topics
    ]
    return added(door.joined([table, *panels]))
