"""Columns as the schema declares them: an all-null column gets its declared type, a wrong type is an error."""

from __future__ import annotations

import narwhals as nw
import pyarrow as pa

from feedback_nlp.errors import SchemaError
from feedback_nlp.kpis.door import Rows
from feedback_nlp.records import INPUT_COLUMNS, label_columns, topic_column

_DECLARED: dict[str, pa.DataType] = {
    column.name: column.type for column in (*INPUT_COLUMNS, *label_columns(()))
}
_TOPIC_PREFIX = topic_column("")


def typed(rows: Rows) -> Rows:
    """The rows with every column of a type that its use allows.

    Raises:
        SchemaError: a column holds text where numbers or times are expected, or the like; the message names it.
    """
    schema = rows.collect_schema()
    empty = [name for name, kind in schema.items() if kind == nw.Unknown]
    for name, kind in schema.items():
        expected = _expected(name)
        if name not in empty and expected is not None and not _fits(kind, expected):
            raise SchemaError(
                f"column {name!r} is {kind}, but {expected} is expected. Convert it, "
                "or read the file with feedback_nlp, which gives every column its type."
            )
    nothing = [nw.lit(None, dtype=_EMPTY[_expected(name)]).alias(name) for name in empty]
    return rows.with_columns(*nothing) if nothing else rows


_EMPTY: dict[str | None, nw.dtypes.DType] = {
    "a time": nw.Datetime("us"),
    "a date": nw.Date(),
    "a number": nw.Float64(),
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
    return "text" if pa.types.is_string(kind) else "a number"


def _fits(kind: nw.dtypes.DType, expected: str) -> bool:
    if expected == "a number":
        return bool(kind.is_numeric()) or kind == nw.Boolean
    if expected == "a time":
        return kind == nw.Datetime
    if expected == "a date":
        return kind in (nw.Date, nw.Datetime, nw.String)
    return True
