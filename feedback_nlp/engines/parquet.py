"""Frames to and from Parquet, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from feedback_nlp import records
from feedback_nlp.engines.drafts import draft

BATCH_ROWS = 5000


def write_parquet(
    frames: Iterable[pd.DataFrame], path: Path, *, columns: Iterable[records.Column] = ()
) -> int:
    """Write frames to one Parquet file, a row group a frame, and give the number of rows.

    An empty stream gives a file of `columns` and no rows.
    """
    rows = 0
    writer: pq.ParquetWriter | None = None
    with draft(path) as unfinished:
        try:
            for frame in frames:
                table = pa.Table.from_pandas(frame, preserve_index=False)
                if writer is None:
                    writer = pq.ParquetWriter(unfinished, table.schema, compression="zstd")
                writer.write_table(table.cast(writer.schema))
                rows += len(frame)
            if writer is None:
                writer = pq.ParquetWriter(unfinished, records.arrow_schema(columns), compression="zstd")
        finally:
            if writer is not None:
                writer.close()
    return rows


def read_parquet(
    path: Path, *, columns: list[str] | None = None, rows: int = BATCH_ROWS
) -> Iterator[pd.DataFrame]:
    """Frames of at most `rows` rows from a Parquet file, Arrow-typed, in bounded memory."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=rows, columns=columns):
            yield pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)
