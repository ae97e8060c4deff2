"""Workbooks: XLSX, XLS, XLSB and ODS, one source a sheet. A workbook is read whole: memory grows with its size."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO
from typing import Any

import python_calamine as calamine

from feedback_nlp.collectors import archives
from feedback_nlp.collectors.formats import cells, header, ragged
from feedback_nlp.collectors.formats.base import Opening, Table, frames
from feedback_nlp.collectors.sources import SHEET_MARK, Source
from feedback_nlp.errors import FormatError, InputError

HEADER_ROWS = 64
MIDNIGHT = dt.time(0)


def read(opening: Opening) -> Table:
    """The table of one sheet: the named one, else the first that holds a table."""
    source = opening.source
    with source.open() as stream:
        book = _open(stream.read(), source.name)
    title = source.sheet or _first(book, source.name)
    rows = _rows(book, title, source.name)
    opening.entry.encoding = "none"
    if not rows:
        raise InputError(
            f"{source.name}: the sheet {title!r} is empty. Name another as file{SHEET_MARK}sheet."
        )
    found = header.find([_bare(row) for row in rows[:HEADER_ROWS]])
    opening.entry.notes.extend(found.notes)
    start = 0 if found.index is None else found.index + 1
    layout = ragged.layout(found, rows[start : start + HEADER_ROWS])
    width = len(layout.names)
    data = (row[:width] if not any(row[width:]) else row for row in rows[start:])
    fitted = ragged.fit(data, layout, " ", opening.entry.repairs)
    return Table(layout.names, frames(layout.names, fitted, opening))


def sheets(source: Source) -> list[Source]:
    """One source for each sheet that holds a table; a workbook with one such sheet keeps the plain name.

    A sheet is left out, and that noted, when it is empty, hidden, or has one column beside sheets that have more.
    """
    with source.open() as stream:
        book = _open(stream.read(), source.name)
    widths = {meta.name: _named_columns(book, meta, source.name) for meta in book.sheets_metadata}
    kept = [title for title, width in widths.items() if width > 1] or [
        title for title, width in widths.items() if width > 0
    ]
    left = [title for title in widths if title not in kept]
    notes = (f"sheets left out (empty, hidden or one column): {', '.join(left)}",) if left else ()
    if len(kept) <= 1:
        return [replace(source, sheet=kept[0] if kept else None, notes=notes)]
    named = [replace(source, name=f"{source.name}{SHEET_MARK}{title}", sheet=title) for title in kept]
    return [replace(named[0], notes=notes), *named[1:]]


def _named_columns(book: calamine.CalamineWorkbook, meta: Any, name: str) -> int:
    """Number of columns the sheet's header names, or of filled ones where there is no header."""
    if meta.visible != calamine.SheetVisibleEnum.Visible or meta.typ != calamine.SheetTypeEnum.WorkSheet:
        return 0
    rows = _rows(book, meta.name, name)[:HEADER_ROWS]
    if not rows:
        return 0
    found = header.find(rows)
    row = rows[found.index or 0]
    return sum(bool(cell and cell.strip()) for cell in row)


def _open(packed: bytes, name: str) -> calamine.CalamineWorkbook:
    if packed.startswith(archives.OLE) and "EncryptedPackage".encode("utf-16-le") in packed:
        raise FormatError(
            f"{name} is locked with a password. Open it, remove the password and save it again."
        )
    try:
        return calamine.CalamineWorkbook.from_filelike(BytesIO(packed))
    except calamine.PasswordError:
        raise FormatError(
            f"{name} is locked with a password. Open it, remove the password and save it again."
        ) from None
    except BaseException as error:
        raise _damaged(error, name) from None


def _damaged(error: BaseException, name: str) -> BaseException:
    """What to raise for an error of the reader; its panics are no subclass of Exception."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        return error
    said = (str(error).splitlines() or ["no reason given"])[0][:120]
    return FormatError(
        f"{name} cannot be read as a workbook ({said}): it is cut or damaged. Export it again."
    )


def _first(book: calamine.CalamineWorkbook, name: str) -> str:
    for meta in book.sheets_metadata:
        if _named_columns(book, meta, name):
            return str(meta.name)
    raise InputError(f"{name} has no sheet with a table in it.")


def _rows(book: calamine.CalamineWorkbook, title: str, name: str) -> list[list[str | None]]:
    """The filled rows of a sheet as text, without columns that are empty throughout on either side."""
    try:
        raw = book.get_sheet_by_name(title).to_python(skip_empty_area=True)
    except calamine.WorksheetNotFound:
        raise InputError(f"no sheet {title!r} in {name}. It has: {', '.join(book.sheet_names)}.") from None
    except BaseException as error:
        raise _damaged(error, name) from None
    rows = [row for row in map(_texts, raw) if any(row)]
    return _trimmed(rows)


def _trimmed(rows: list[list[str | None]]) -> list[list[str | None]]:
    used = [place for place, column in enumerate(zip(*rows, strict=False)) if any(column)]
    return [row[used[0] : used[-1] + 1] for row in rows] if used else []


def _bare(row: list[str | None]) -> list[str | None]:
    """A row without the empty cells at its end, which a sheet always has."""
    used = max((place + 1 for place, cell in enumerate(row) if cell), default=0)
    return row[:used]


def _texts(row: list[Any]) -> list[str | None]:
    return [_text(value) for value in row]


def _text(value: Any) -> str | None:
    if isinstance(value, dt.datetime) and value.time() == MIDNIGHT:
        return value.date().isoformat()
    return cells.text_of(value) or None
