"""Columns as the schema declares them: an all-null column gets its declared type, a wrong type is an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa

from feedback_nlp.errors import SchemaError
from feedback_nlp.kpis.door import Rows
from feedback_nlp.records import INPUT_COLUMNS, label_columns, topic_column

_DECLARED: dict[str, pa.DataType] = {
    column.name: column.type for column in (*INPUT_COLUMNS, *label_columns(()))
}
_TOPIC_PREFIX = topic_column("")
_LABELS = ("set_aside", "sentiment")
"""Texts of a fixed vocabulary: another type there is another meaning. Other texts may be codes (a brand, a product)."""


def typed(rows: Rows, keys: Sequence[str] = ()) -> Rows:
    """The rows with every column of a type that its use allows; `keys` are grouped by.

    Raises:
        SchemaError: a column holds text where numbers or times are expected, or the like; the message names it.
    """
    schema = rows.collect_schema()
    untyped = [name for name, kind in schema.items() if kind == nw.Unknown or _is_bare(rows, name, kind)]
    for name, kind in schema.items():
        expected = _expected(name)
        if name not in untyped and expected is not None and not _fits(kind, expected):
            raise SchemaError(
                f"column {name!r} is {kind}, but {expected} is expected. Convert it, "
                "or read the file with feedback_nlp, which gives every column its type."
            )
        if name in keys and kind.is_nested():
            raise SchemaError(
                f"by={name!r} holds lists or records ({kind}). Group by a column of single values."
            )
    if schema.get("day") == nw.String:
        rows = _with_days(rows)
    declared = [_declared(rows, name).alias(name) for name in untyped]
    numbers = [name for name in schema if _expected(name) == "a number" and name not in keys]
    return _with_floats(rows.with_columns(*declared) if declared else rows, numbers)


def _declared(rows: Rows, name: str) -> nw.Expr:
    """A column whose type Narwhals does not know, as its declared type: empty in memory, an engine's own type in a store."""
    kind = _TYPES[_expected(name)]
    if isinstance(rows, nw.LazyFrame):
        return nw.col(name).cast(kind)
    if not _is_empty(rows, name):
        raise SchemaError(
            f"column {name!r} has a type that KPIs cannot read. Convert it to text, numbers or times."
        )
    return nw.lit(None, dtype=kind)


def _with_days(rows: Rows) -> Rows:
    """Days written as ISO 8601 text, as a CSV file gives them, as dates; a lazy engine says itself which it cannot read."""
    day = nw.col("day").str.to_date(format="%Y-%m-%d")
    try:
        parsed: Rows = rows.with_columns(day.alias("day"))
    except Exception as error:  # each library has an exception of its own for this
        raise SchemaError(
            f"column 'day' holds text that is no date ({type(error).__name__}). Write days as 2024-12-31."
        ) from None
    return parsed


def _is_bare(rows: Rows, name: str, kind: nw.dtypes.DType) -> bool:
    """Whether a column of labels has nothing but NaN, as one without any label often has."""
    return name in _LABELS and kind.is_float() and isinstance(rows, nw.DataFrame) and _is_empty(rows, name)


def _is_empty(rows: nw.DataFrame[Any], name: str) -> bool:
    column = rows[name]
    missing = column.is_null() | column.is_nan() if column.dtype.is_float() else column.is_null()
    return bool(missing.all())


def _with_floats(rows: Rows, names: Sequence[str]) -> Rows:
    """The same rows, long integers of an Arrow table as floats: Arrow refuses to turn those above 2^53 into them later."""
    if not (isinstance(rows, nw.DataFrame) and rows.implementation.is_pyarrow()):
        return rows
    table: pa.Table = rows.to_native()
    for name in names:
        column = table[name]
        if pa.types.is_int64(column.type) or pa.types.is_uint64(column.type):
            floats = column.cast(pa.float64(), safe=False)
            table = table.set_column(table.column_names.index(name), name, floats)
    back: Rows = nw.from_native(table, eager_only=True)
    return back


_TYPES: dict[str | None, nw.dtypes.DType] = {
    "a time": nw.Datetime("us"),
    "a date": nw.Date(),
    "a number": nw.Float64(),
    "a label": nw.String(),
    "text": nw.String(),
    None: nw.String(),
}


def _expected(name: str) -> str | None:
    """What a column of the schema holds; None for columns that are the caller's own."""
    kind = pa.int8() if name.startswith(_TOPIC_PREFIX) else _DECLARED.get(name)
    if kind is None:
        return None
    if pa.types.is_timestamp(kind):
        return "a time"
    if pa.types.is_date(kind):
        return "a date"
    if name in _LABELS:
        return "a label"
    return "text" if pa.types.is_string(kind) else "a number"


def _fits(kind: nw.dtypes.DType, expected: str) -> bool:
    if expected == "a number":
        return bool(kind.is_numeric()) or kind == nw.Boolean
    if expected == "a time":
        return kind == nw.Datetime
    if expected == "a date":
        return kind in (nw.Date, nw.Datetime, nw.String)
    if expected == "a label":
        return kind in (nw.String, nw.Categorical, nw.Enum)
    return True
