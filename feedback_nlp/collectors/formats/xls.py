"""XLS (Excel 97–2003) by xlrd, which holds only the cells there are: a damaged cell address costs no memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import xlrd  # type: ignore[import-untyped]

from feedback_nlp.errors import FormatError, InputError

_BLANK = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


class XlsBook:
    """A workbook of the old binary format."""

    def __init__(self, packed: bytes, name: str) -> None:
        self._name = name
        if "EncryptedPackage".encode("utf-16-le") in packed:
            raise locked(name)
        try:
            self._book = xlrd.open_workbook(file_contents=packed, logfile=io.StringIO(), ragged_rows=True)
        except Exception as error:
            # xlrd lets whatever a damaged byte leads to escape: struct.error, IndexError, AssertionError …
            if "encrypted" in str(error).lower():
                raise locked(name) from None
            raise damaged(error, name) from None

    def titles(self) -> list[str]:
        """Names of the sheets that are not hidden, in order."""
        return [sheet.name for sheet in self._book.sheets() if not sheet.visibility]

    def rows(self, title: str) -> Iterator[list[Any]]:
        """The values of a sheet, row by row, ragged."""
        try:
            sheet = self._book.sheet_by_name(title)
        except xlrd.XLRDError:
            raise no_sheet(title, self._name, self.titles()) from None
        for row in range(sheet.nrows):
            yield [self._value(cell) for cell in sheet.row(row)]

    def _value(self, cell: xlrd.sheet.Cell) -> Any:
        if cell.ctype in _BLANK:
            return None
        if cell.ctype == xlrd.XL_CELL_DATE:
            return self._date(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value)
        return cell.value

    def _date(self, serial: float) -> Any:
        try:
            return xlrd.xldate_as_datetime(serial, self._book.datemode)
        except (ValueError, OverflowError):
            return serial


def locked(name: str) -> FormatError:
    """The error for a workbook with a password."""
    return FormatError(f"{name} is locked with a password. Open it, remove the password and save it again.")


def damaged(error: BaseException, name: str) -> FormatError:
    """The error for a workbook its reader gave up on."""
    said = (str(error).splitlines() or [type(error).__name__])[0][:120]
    return FormatError(
        f"{name} cannot be read as a workbook ({said}): it is cut or damaged. Export it again."
    )


def no_sheet(title: str, name: str, titles: list[str]) -> InputError:
    """The error for a sheet that is not there."""
    return InputError(f"no sheet {title!r} in {name}. It has: {', '.join(titles)}.")
