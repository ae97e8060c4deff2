"""HTML tables and XML spreadsheets, which many systems save under the name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from feedback_nlp.collectors.formats import workbook
from feedback_nlp.collectors.formats.base import Opening, Table
from feedback_nlp.collectors.formats.delimited import text_blocks
from feedback_nlp.errors import FormatError

_ROWS = ("tr", "row")
_CELLS = ("td", "th", "cell")
_BREAKS = ("br", "p", "div")
_SILENT = ("script", "style")
_PIECE = 1 << 16
_MAX_PENDING = 1 << 20


def read(opening: Opening) -> Table:
    """The rows of all tables in the file, as one table under the first header.

    Raises:
        FormatError: there is no row.
    """
    rows: list[workbook.Row] = [[*row] for row in _rows(text_blocks(opening)) if any(row)]
    if not rows:
        raise FormatError(f"{opening.source.name} is HTML or XML without a filled table. Export it as CSV.")
    return workbook.table(rows, opening)


def _rows(blocks: Iterator[str]) -> Iterator[list[str]]:
    parser = _Tables()
    for block in blocks:
        for start in range(0, len(block), _PIECE):
            parser.feed(block[start : start + _PIECE])
            parser.bound()
            yield from parser.taken()
    if len(parser.rawdata) < _PIECE:
        parser.close()
    parser.end_row()
    yield from parser.taken()


class _Tables(HTMLParser):
    """Collects the text of cells, row by row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._silent = False

    def taken(self) -> list[list[str]]:
        """The rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def bound(self) -> None:
        """Give up markup that does not end within reason: the parser would search it again and again."""
        if len(self.rawdata) > _MAX_PENDING:
            self.rawdata = ""

    def end_row(self) -> None:
        """Close the row that is open."""
        self._end_cell()
        if self._row is not None:
            self._done.append(self._row)
        self._row = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _ROWS:
            self.end_row()
            self._row = []
        elif tag in _CELLS:
            self._end_cell()
            self._row = [] if self._row is None else self._row
            self._skip_to(dict(attrs).get("ss:index"))
            self._cell = []
        elif tag in _BREAKS and self._cell:
            self._cell.append("\n")
        self._silent = tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _CELLS:
            self._end_cell()
        elif tag in _ROWS:
            self.end_row()
        self._silent = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _skip_to(self, index: str | None) -> None:
        """XML spreadsheets leave empty cells out and number the next one."""
        if index and index.isdigit() and self._row is not None and int(index) <= 1000:
            self._row.extend([""] * (int(index) - 1 - len(self._row)))

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append("".join(self._cell).strip())
        self._cell = None
