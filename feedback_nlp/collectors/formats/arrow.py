"""Arrow batches to text: what Parquet files and frames share."""

from __future__ import annotations

from itertools import chain

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from feedback_nlp.collectors import repair
from feedback_nlp.collectors.formats import cells, header
from feedback_nlp.collectors.formats.base import Opening, text_frame


def names(schema: pa.Schema) -> tuple[str, ...]:
    """Names of the flat columns of a schema, unique; the members of a struct are `a.b`."""
    flat = list(chain.from_iterable(_leaves(field.name, field.type) for field in schema))
    return header.unique(flat, len(flat))[0]


def _leaves(name: str, kind: pa.DataType) -> list[str]:
    if not pa.types.is_struct(kind):
        return [name]
    return [leaf for field in kind for leaf in _leaves(f"{name}.{field.name}", field.type)]


def flat(batch: pa.RecordBatch) -> list[pa.Array]:
    """The batch's columns with structs taken apart, in the order of `names`."""
    return [leaf for column in batch.columns for leaf in _parts(column)]


def _parts(column: pa.Array) -> list[pa.Array]:
    if not pa.types.is_struct(column.type):
        return [column]
    return [leaf for part in column.flatten() for leaf in _parts(part)]


def frame(arrays: list[pa.Array], columns: tuple[str, ...], opening: Opening) -> pd.DataFrame:
    """A frame of text columns; every row is counted in `entry.read`."""
    rows = len(arrays[0]) if arrays else 0
    start = opening.entry.read
    opening.entry.read += rows
    texts = {
        name: repair.column(text(array), name=name, entry=opening.entry)
        for name, array in zip(columns, arrays, strict=True)
    }
    return text_frame(range(start + 1, start + rows + 1), texts)


def text(array: pa.Array) -> list[str | None]:
    """An array as cells of text."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return text(array.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        return _decoded(array)
    if pa.types.is_integer(kind):
        return list(pc.cast(array, pa.string()).to_pylist())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Python's datetime has no nanoseconds.
        array = pc.cast(array, pa.timestamp("us", tz=kind.tz), safe=False)
    return [cells.text_of(value) for value in array.to_pylist()]


def _decoded(array: pa.Array) -> list[str | None]:
    try:
        return list(array.to_pylist()) if not pa.types.is_binary(array.type) else _bytes(array)
    except UnicodeDecodeError:
        large = pa.types.is_large_string(array.type)
        return _bytes(array.view(pa.large_binary() if large else pa.binary()))


def _bytes(array: pa.Array) -> list[str | None]:
    return [None if value is None else value.decode("utf-8", "replace") for value in array.to_pylist()]
