"""XLSX, XLSB and ODS by calamine; a sheet with a stray far-off cell by openpyxl, which needs no room for the void."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine

from feedback_nlp.collectors import archives
from feedback_nlp.collectors.formats.xls import damaged, locked, no_sheet

# calamine makes room for every cell of the rectangle that holds the filled ones, about 32 bytes each.
MAX_CELLS = 25_000_000

_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_PIECE = 1 << 20


class XlsxBook:
    """A workbook of the zipped formats."""

    def __init__(self, packed: bytes, name: str) -> None:
        self._packed, self._name = packed, name
        self._far = _largest(packed, name) > MAX_CELLS
        try:
            self._book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(packed))
        except calamine.PasswordError:
            raise locked(name) from None
        except BaseException as error:
            raise _escaped(error, name) from None

    def titles(self) -> list[str]:
        """Names of the sheets that are not hidden, in order."""
        return [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]

    def rows(self, title: str) -> Iterator[list[Any]]:
        """The values of a sheet, row by row."""
        if title not in self._book.sheet_names:
            raise no_sheet(title, self._name, self.titles())
        if self._far:
            yield from self._sparse_rows(title)
            return
        try:
            rows = self._book.get_sheet_by_name(title).to_python(skip_empty_area=True)
        except BaseException as error:
            raise _escaped(error, self._name) from None
        yield from rows

    def _sparse_rows(self, title: str) -> Iterator[list[Any]]:
        import openpyxl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                book = openpyxl.load_workbook(io.BytesIO(self._packed), read_only=True, data_only=True)
                sheet = book[title]
                sheet.reset_dimensions()
                yield from (list(row) for row in sheet.iter_rows(values_only=True) if row)
            except Exception as error:
                raise damaged(error, self._name) from None


def _largest(packed: bytes, name: str) -> int:
    """Cells in the rectangle of the largest worksheet of an XLSX, filled or not."""
    most = 0
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archives.check_ratio(archive.infolist(), len(packed), name)
            for info in archive.infolist():
                if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                    with archive.open(info) as stream:
                        most = max(most, _extent(stream))
    except archives.BROKEN as error:
        raise damaged(error, name) from None
    return most


def _extent(stream: Any) -> int:
    columns: set[bytes] = set()
    last, rest = 1, b""
    while piece := stream.read(_PIECE):
        found = _ADDRESS.findall(rest + piece)
        if found:
            columns.update({letters for letters, _ in found})
            last = max(last, int(found[-1][1]))
        rest = piece[-24:]
    return last * max((_number(letters) for letters in columns), default=1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _escaped(error: BaseException, name: str) -> BaseException:
    """What to raise for an error of calamine; its panics are no subclass of Exception."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return damaged(error, name)
    return error
