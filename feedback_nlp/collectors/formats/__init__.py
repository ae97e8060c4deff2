"""Formats: the bytes of a source to one table of text columns; the content decides, then the name."""

from __future__ import annotations

from collections.abc import Callable

from feedback_nlp.collectors.formats import (
    delimited,
    detect,
    frame,
    html_table,
    json_lines,
    json_records,
    parquet,
    workbook,
)
from feedback_nlp.collectors.formats.base import ROW, Opening, Reject, Table
from feedback_nlp.collectors.sources import Source
from feedback_nlp.errors import UsageError
from feedback_nlp.ledger import SourceEntry

__all__ = ["FORMATS", "ROW", "Reject", "Table", "open_table"]

FORMATS: dict[str, Callable[[Opening], Table]] = {
    "delimited": delimited.read,
    "json": json_records.read,
    "jsonl": json_lines.read,
    "xlsx": workbook.read,
    "xls": workbook.read,
    "html": html_table.read,
    "parquet": parquet.read,
    "frame": frame.read,
}


def open_table(
    source: Source,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    chunk_rows: int = 5000,
    entry: SourceEntry,
    reject: Reject,
) -> Table:
    """The table in a source; its batches are read as they are asked for.

    Writes format, encoding, rows read, repairs and notes into `entry`, and calls `reject(row=…, reason=…)` for what
    cannot be read as a row, so that rows out and rejects add up to `entry.read` at the end of the batches.

    Raises:
        InputError: the source cannot be read at all (missing, empty, locked).
        FormatError: its bytes are not a table (an image, a cut workbook).
        UsageError: `chunk_rows` is under 1, `encoding` is unknown, or `delimiter` is not one character.
    """
    if chunk_rows < 1:
        raise UsageError(f"chunk_rows is {chunk_rows}; give 1 or more.")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise UsageError(f"delimiter {delimiter!r} must be one character, such as ',' ';' or a tab.")
    opening = Opening(source, entry, reject, encoding, delimiter, chunk_rows)
    entry.notes.extend(source.notes)
    entry.format = detect.format_of(opening)
    return FORMATS[entry.format](opening)
