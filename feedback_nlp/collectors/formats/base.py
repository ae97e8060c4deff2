"""What every format gives: a table of text columns in batches, with every row seen counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.collectors import repair
from feedback_nlp.collectors.sources import Source
from feedback_nlp.ledger import SourceEntry

ROW = "__row__"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the dump's own column names, and frames of `ROW` (int64, data row from 1) and those columns as text or null."""

    columns: tuple[str, ...]
    batches: Iterator[pd.DataFrame]


class Reject(Protocol):
    """Notes a row that cannot be read; `ledger.reject` with its source bound fits."""

    def __call__(self, *, row: int | None, reason: str) -> None:
        """Count the row under `reason`, a stable snake_case word."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """What a format is given: the source, the caller's wishes, and where to account."""

    source: Source
    entry: SourceEntry
    reject: Reject
    encoding: str | None = None
    delimiter: str | None = None
    chunk_rows: int = 5000


@dataclass(frozen=True, slots=True)
class Fault:
    """Takes the place of a row that cannot be read."""

    reason: str


Cells = Sequence[str | None]


def frames(columns: Sequence[str], rows: Iterable[Cells | Fault], opening: Opening) -> Iterator[pd.DataFrame]:
    """Rows to frames: counts each in `entry.read`, rejects faults, pads short rows, repairs the cells."""
    entry = opening.entry
    kept: list[Cells] = []
    numbers: list[int] = []
    for row in rows:
        entry.read += 1
        if isinstance(row, Fault):
            opening.reject(row=entry.read, reason=row.reason)
            continue
        kept.append(row)
        numbers.append(entry.read)
        if len(kept) >= opening.chunk_rows:
            yield _frame(columns, kept, numbers, opening)
            kept, numbers = [], []
    if kept:
        yield _frame(columns, kept, numbers, opening)


def _frame(columns: Sequence[str], rows: list[Cells], numbers: list[int], opening: Opening) -> pd.DataFrame:
    width = len(columns)
    padded = [row if len(row) == width else [*row, *[None] * (width - len(row))] for row in rows]
    values = zip(*padded, strict=True) if width else ()
    arrays = {
        name: repair.column(list(column), name=name, entry=opening.entry)
        for name, column in zip(columns, values, strict=True)
    }
    return text_frame(numbers, arrays)


def text_frame(numbers: Sequence[int], arrays: dict[str, pa.Array]) -> pd.DataFrame:
    """A frame of `ROW` and text columns, Arrow-typed."""
    data = {ROW: records.column_of(pa.array(numbers, pa.int64()), pa.int64(), name=ROW)}
    for name, array in arrays.items():
        data[name] = pd.Series(pd.arrays.ArrowExtensionArray(array), name=name)
    return pd.DataFrame(data, copy=False)
