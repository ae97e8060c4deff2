"""Workbooks: one source a sheet. A workbook is read whole: memory grows with its size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from feedback_nlp.collectors import archives
from feedback_nlp.collectors.formats import cells, header, ragged
from feedback_nlp.collectors.formats.base import Opening, Table, frames
from feedback_nlp.collectors.sources import SHEET_MARK, Source
from feedback_nlp.errors import InputError

HEADER_ROWS = 64
MIDNIGHT = dt.time(0)

Row = list[str | None]


class Book(Protocol):
    """A workbook of either kind."""

    def titles(self) -> list[str]:
        """Names of the sheets that are not hidden."""
        ...

    def rows(self, title: str) -> Iterator[list[Any]]:
        """Values of a sheet, row by row."""
        ...


def read(opening: Opening) -> Table:
    """The table of one sheet: the named one, else the first that holds a table."""
    source = opening.source
    book = _open(source)
    title = source.sheet or _first(book, source.name)
    rows = _rows(book.rows(title))
    opening.entry.encoding = "none"
    if not rows:
        raise InputError(
            f"{source.name}: the sheet {title!r} is empty. Name another as file{SHEET_MARK}sheet."
        )
    return table(rows, opening)


def table(rows: list[Row], opening: Opening) -> Table:
    """A table from rows held in memory."""
    found = header.find(rows[:HEADER_ROWS])
    opening.entry.notes.extend(found.notes)
    start = 0 if found.index is None else found.index + 1
    layout = ragged.layout(found, rows[start : start + HEADER_ROWS])
    width = len(layout.names)
    # A sheet has no short rows, only cells left empty.
    data = (row + [None] * (width - len(row)) for row in rows[start:])
    fitted = ragged.fit(data, layout, " ", opening.entry.repairs)
    return Table(layout.names, frames(layout.names, fitted, opening))


def sheets(source: Source) -> list[Source]:
    """One source for each sheet that holds a table; a workbook with one such sheet keeps the plain name.

    A sheet is left out, and that noted, when it is empty, or has one column beside sheets that have more.
    """
    book = _open(source)
    titles = book.titles()
    widths = {title: _named_columns(book, title) for title in titles}
    kept = [title for title in titles if widths[title] > 1] or [title for title in titles if widths[title]]
    left = ", ".join(title for title in titles if title not in kept)
    notes = (f"sheets left out (empty, or one column only): {left}",) if left else ()
    if len(kept) <= 1:
        return [replace(source, sheet=kept[0] if kept else None, notes=notes)]
    named = [replace(source, name=f"{source.name}{SHEET_MARK}{title}", sheet=title) for title in kept]
    return [replace(named[0], notes=notes), *named[1:]]


def _open(source: Source) -> Book:
    with source.open() as stream:
        packed = stream.read()
    if packed.startswith(archives.OLE):
        from feedback_nlp.collectors.formats.xls import XlsBook

        return XlsBook(packed, source.name)
    from feedback_nlp.collectors.formats.xlsx import XlsxBook

    return XlsxBook(packed, source.name)


def _first(book: Book, name: str) -> str:
    for title in book.titles():
        if _named_columns(book, title):
            return title
    raise InputError(f"{name} has no sheet with a table in it.")


def _named_columns(book: Book, title: str) -> int:
    """Number of columns the sheet's header names, or of filled ones in its first row where it has no header."""
    rows = _rows(book.rows(title), most=HEADER_ROWS)
    if not rows:
        return 0
    found = header.find(rows)
    return sum(bool(cell and cell.strip()) for cell in rows[found.index or 0])


def _rows(raw: Iterable[list[Any]], *, most: int | None = None) -> list[Row]:
    """The filled rows as text, cut after their last filled cell and before the first column that is filled."""
    rows: list[Row] = []
    for values in raw:
        row = [_text(value) for value in values]
        while row and not row[-1]:
            row.pop()
        if row:
            rows.append(row)
        if most and len(rows) == most:
            break
    indent = min((next(place for place, cell in enumerate(row) if cell) for row in rows), default=0)
    return [row[indent:] for row in rows] if indent else rows


def _text(value: Any) -> str | None:
    if isinstance(value, dt.datetime) and value.time() == MIDNIGHT:
        return value.date().isoformat()
    return cells.text_of(value) or None
