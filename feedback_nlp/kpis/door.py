"""Where frames of every library come in, and results go out as the caller's own kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import narwhals as nw
import pyarrow as pa

from feedback_nlp.errors import SchemaError, UsageError

Rows = nw.DataFrame[Any] | nw.LazyFrame[Any]
"""Rows of any library, computed at once or later."""

_ROW = "__row__"

KINDS = "pandas, Polars (eager or lazy), PyArrow, DuckDB or PySpark"


def is_frame(data: Any) -> bool:
    """Whether `data` is one frame, and not a stream of frames."""
    return isinstance(_wrapped(data), nw.DataFrame | nw.LazyFrame)


def _wrapped(data: Any) -> Any:
    """Narwhals rows of a frame, or what is no frame as it is.

    Raises:
        SchemaError: two columns have one name.
    """
    try:
        rows = nw.from_native(_table_of(data), pass_through=True)
        if isinstance(rows, nw.DataFrame | nw.LazyFrame):
            rows.collect_schema()
    except nw.exceptions.DuplicateError as error:
        raise SchemaError(f"two columns of the frame have one name: {error} Rename one.") from None
    return rows


def _table_of(data: Any) -> Any:
    """A record batch, as Parquet and Flight streams give them, as a table; anything else as it is."""
    return pa.Table.from_batches([data]) if isinstance(data, pa.RecordBatch) else data


def entered(frame: Any) -> Rows:
    """A frame of any supported library as Narwhals rows.

    Raises:
        UsageError: it is not a frame of a supported library.
    """
    rows = _wrapped(frame)
    if not isinstance(rows, nw.DataFrame | nw.LazyFrame):
        raise UsageError(
            f"this is {type(frame).__name__}, not a frame. Give a {KINDS} frame, or an iterator of them."
        )
    return rows


def columns_of(rows: Rows) -> list[str]:
    """Names of the columns, in order."""
    return [str(name) for name in rows.collect_schema().names()]


def narrowed(rows: Rows, names: Sequence[str]) -> Rows:
    """Only the named columns. A pandas frame becomes an Arrow table, in which NaN, None and NaT are all null.

    Raises:
        SchemaError: a pandas column mixes types.
    """
    # selecting literals alone would give one row, so a plan that reads no column takes a stand-in for each row
    rows = rows.select(*names) if names else rows.with_columns(nw.lit(0).alias(_ROW)).select(_ROW)
    if isinstance(rows, nw.DataFrame) and rows.implementation.is_pandas():
        in_arrow: Rows = nw.from_native(_arrow_of(rows.to_native()), eager_only=True)
        return in_arrow
    return rows


def _arrow_of(frame: Any) -> pa.Table:
    try:
        table = pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError) as error:
        what = str(error.args[-1]) if len(error.args) > 1 else type(error).__name__
        raise SchemaError(
            f"a column mixes types, or has one that Arrow lacks: {what}. Give it one plain type first."
        ) from None
    # pandas without Arrow types holds an empty column as floats or objects: it has no type worth keeping
    for place, name in enumerate(table.column_names):
        if table[name].null_count == len(table):
            table = table.set_column(place, name, pa.nulls(len(table)))
    return plain_types(table.replace_schema_metadata(None))


def stacked(pieces: Sequence[Rows]) -> Rows:
    """Pieces of one frame, with the same columns, one below the other; still lazy where they were."""
    if len(pieces) == 1:
        return pieces[0]
    below: Rows = nw.concat(cast("Any", pieces), how="vertical")
    return below


def looked_up(rows: Rows, key: str, table: pa.Table) -> Rows:
    """The rows with the columns of a small table, matched by a key column that both have; null where it has no match."""
    native = returned(table, rows.to_native())
    beside: Any = nw.from_native(native)
    matched: Rows = rows.join(beside, on=key, how="left")
    return matched


def collected(rows: Rows) -> pa.Table:
    """The rows, computed, as an Arrow table of plain types."""
    table = rows.collect("pyarrow").to_native() if isinstance(rows, nw.LazyFrame) else rows.to_arrow()
    return plain_types(table)


def plain_types(table: pa.Table) -> pa.Table:
    """The same table with dictionary columns decoded and one string type, so that parts of one stream fit together."""
    fields = [pa.field(field.name, _plain(field.type)) for field in table.schema]
    try:
        return table.cast(pa.schema(fields))
    except pa.ArrowNotImplementedError as error:
        raise SchemaError(
            f"a column is of a kind that KPIs cannot read: {error}. Convert it to text first."
        ) from None


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind


def joined(tables: Iterable[pa.Table]) -> pa.Table:
    """Tables of the same columns, one below the other.

    Raises:
        SchemaError: a column has types that do not fit together.
    """
    try:
        return pa.concat_tables(list(tables), promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise SchemaError(
            f"frames of one stream disagree: {error}. Give the column one type in all frames."
        ) from None


def returned(table: pa.Table, like: Any) -> Any:
    """`table` as the kind of frame `like` is; pandas where `like` is None. DuckDB and Spark keep their own connection."""
    rows = entered(like) if like is not None else None
    if rows is None or (rows.implementation.is_pandas() and isinstance(rows, nw.DataFrame)):
        import pandas as pd

        return table.to_pandas(types_mapper=pd.ArrowDtype)
    kind = rows.implementation
    if kind.is_pyarrow():
        return table
    if kind.is_polars():
        import polars as pl

        frame = pl.DataFrame(pl.from_arrow(table))
        return frame if isinstance(rows, nw.DataFrame) else frame.lazy()
    if kind.is_duckdb():
        return rows.to_native().query("__rows__", 'select * from "table"')
    if kind.is_spark_like():
        return rows.to_native().sparkSession.createDataFrame(table)
    raise UsageError(f"frames of {kind} are not supported. Give a {KINDS} frame.")
