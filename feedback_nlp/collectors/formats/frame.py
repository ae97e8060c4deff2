"""Frames of the caller: pandas, Polars, PyArrow, DuckDB and whatever Narwhals knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa

from feedback_nlp.collectors import repair
from feedback_nlp.collectors.formats import arrow, cells, header
from feedback_nlp.collectors.formats.base import Opening, Table, text_frame
from feedback_nlp.errors import InputError


def read(opening: Opening) -> Table:
    """The rows of a frame, which is not changed.

    Raises:
        InputError: it is no kind of frame that is known.
    """
    frame = opening.source.frame
    opening.entry.encoding = "none"
    if isinstance(frame, pd.DataFrame):
        columns, _ = header.unique([str(name) for name in frame.columns], len(frame.columns))
        return Table(columns, _pandas(frame, columns, opening))
    table = frame if isinstance(frame, pa.Table) else _arrow(frame)
    columns = arrow.names(table.schema)
    batches = table.to_batches(max_chunksize=opening.chunk_rows)
    return Table(
        columns, (arrow.frame(arrow.flat(batch), columns, opening) for batch in batches if len(batch))
    )


def _arrow(frame: Any) -> pa.Table:
    try:
        known = nw.from_native(frame)
    except TypeError:
        raise InputError(
            f"cannot read a {type(frame).__module__}.{type(frame).__name__}. "
            "Give a pandas, Polars, PyArrow or DuckDB frame, or a path."
        ) from None
    eager = known.collect("pyarrow") if isinstance(known, nw.LazyFrame) else known
    return eager.to_arrow()


def _pandas(frame: pd.DataFrame, columns: tuple[str, ...], opening: Opening) -> Iterator[pd.DataFrame]:
    # Column by column and value by value: an object column may hold anything, which Arrow would refuse.
    for start in range(0, len(frame), opening.chunk_rows):
        part = frame.iloc[start : start + opening.chunk_rows]
        first = opening.entry.read
        opening.entry.read += len(part)
        texts = {
            name: repair.column(_texts(part.iloc[:, place]), name=name, entry=opening.entry)
            for place, name in enumerate(columns)
        }
        yield text_frame(range(first + 1, first + len(part) + 1), texts)


def _texts(column: pd.Series) -> list[str | None]:
    missing = column.isna().tolist()
    return [
        None if gone else cells.text_of(value)
        for value, gone in zip(column.astype(object).tolist(), missing, strict=True)
    ]
