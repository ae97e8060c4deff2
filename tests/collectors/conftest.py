"""Opens sample bytes as a table, with its account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from feedback_nlp.collectors.formats import ROW, open_table
from feedback_nlp.collectors.sources import expand
from feedback_nlp.ledger import Ledger, SourceEntry


@dataclass(frozen=True)
class Opened:
    """What came out of a source, and its account."""

    columns: tuple[str, ...]
    rows: list[dict[str, str | None]]
    numbers: list[int]
    entry: SourceEntry

    @property
    def adds_up(self) -> bool:
        return len(self.rows) + self.entry.rejected.total() == self.entry.read

    def column(self, name: str) -> list[str | None]:
        return [row[name] for row in self.rows]


def open_all(source: Any, **options: Any) -> Opened:
    (only,) = expand(source)
    ledger = Ledger()
    entry = ledger.entry(only.name)
    table = open_table(only, entry=entry, reject=partial(ledger.reject, only.name), **options)
    rows: list[dict[str, str | None]] = []
    numbers: list[int] = []
    for batch in table.batches:
        assert tuple(batch.columns) == (ROW, *table.columns)
        assert {str(batch[name].dtype) for name in table.columns} <= {"string[pyarrow]"}
        numbers += batch[ROW].tolist()
        cells = {name: pa.array(batch[name]).to_pylist() for name in table.columns}
        rows += [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    return Opened(table.columns, rows, numbers, entry)


@pytest.fixture
def table_of(tmp_path: Path) -> Callable[..., Opened]:
    """`table_of(content, "name.csv", **options)`: content is bytes, text (written as UTF-8), a path or a frame."""

    def opened(content: Any, name: str = "dump.csv", **options: Any) -> Opened:
        if isinstance(content, str):
            content = content.encode("utf-8")
        if isinstance(content, bytes):
            path = tmp_path / name
            path.write_bytes(content)
            content = path
        return open_all(content, **options)

    return opened
