"""Parquet, read by batches of rows, nested columns made flat."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from feedback_nlp.collectors.formats import arrow
from feedback_nlp.collectors.formats.base import Opening, Table
from feedback_nlp.errors import FormatError

BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError)


def read(opening: Opening) -> Table:
    """The table of a Parquet file.

    Raises:
        FormatError: the file is cut or damaged.
    """
    stream = pa.PythonFile(opening.source.open(), mode="r")
    try:
        if not stream.seekable():
            stream = pa.BufferReader(stream.read())
        file = pq.ParquetFile(stream, page_checksum_verification=True)
        columns = arrow.names(file.schema_arrow)
    except BROKEN as error:
        stream.close()
        raise FormatError(
            f"{opening.source.name} starts like Parquet but cannot be read ({_first_line(error)}): it is cut or "
            "damaged. Export it again."
        ) from None
    return Table(columns, _frames(file, stream, columns, opening))


def _frames(
    file: pq.ParquetFile, stream: pa.NativeFile, columns: tuple[str, ...], opening: Opening
) -> Iterator[pd.DataFrame]:
    batches = file.iter_batches(batch_size=opening.chunk_rows)
    try:
        while True:
            try:
                batch = next(batches)
                flat = arrow.flat(batch)
            except StopIteration:
                return
            except BROKEN:
                # What follows a damaged page cannot be reached, nor its rows counted.
                opening.entry.read += 1
                opening.reject(row=opening.entry.read, reason="damaged_row_group")
                return
            yield arrow.frame(flat, columns, opening)
    finally:
        file.close()
        stream.close()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
