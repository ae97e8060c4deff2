"""Delimited text: CSV, TSV and their kin, read line by line; faults of quoting cost one row, not the rest.

`csv` reads what is well formed. Where it stops, the record is read again by looser rules (quoting.py). A row too
long is folded into one of its columns, a row too short filled up; both are counted in `entry.repairs`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from feedback_nlp.collectors import encodings
from feedback_nlp.collectors.formats import dialect as dialects
from feedback_nlp.collectors.formats import header, plain, quoting, ragged
from feedback_nlp.collectors.formats.base import Fault, Opening, Table, frames
from feedback_nlp.collectors.formats.dialect import Dialect
from feedback_nlp.collectors.formats.lines import MAX_LINE, Lines

MAX_RECORD_LINES = 1000
MAX_RECORD_CHARS = MAX_LINE
# Longer lines with broken quotes are split at every delimiter: reading them quote by quote would take too long.
MAX_REPAIR_CHARS = 1 << 20
HEADER_ROWS = 64
# A tab may be a delimiter, so that a line of tabs is a row of empty cells.
_BLANK = " \0\r\n\x1a"
DELIMITER_NAMES = {"\t": "tab", dialects.NONE: "none", ";": "semicolon", ",": "comma", "|": "bar"}


def read(opening: Opening) -> Table:
    """The table of a delimited file."""
    lines = Lines(text_blocks(opening))
    declared = _declared(lines)
    favoured = "\t" if opening.source.suffix in (".tsv", ".tab") else ","
    dialect = dialects.sniff(
        lines.peek(dialects.SAMPLE_LINES), delimiter=opening.delimiter or declared, favoured=favoured
    )
    if dialect.delimiter == dialects.NONE and plain.is_plain(lines.peek(dialects.SAMPLE_LINES)):
        return plain.read(lines, opening)
    records = Records(lines, dialect, opening.entry.repairs)
    found, table_rows = _header(records)
    opening.entry.notes.extend(found.notes)
    if dialect.delimiter != ",":
        name = DELIMITER_NAMES.get(dialect.delimiter, repr(dialect.delimiter))
        opening.entry.notes.append(f"delimiter: {name}")
    layout = ragged.layout(found, table_rows)
    records.width, records.fits = len(layout.names), layout.fits
    rows = ragged.fit(records, layout, dialect.delimiter, opening.entry.repairs)
    return Table(layout.names, frames(layout.names, rows, opening))


def text_blocks(opening: Opening) -> Iterator[str]:
    """The decoded text of a source, piece by piece; `entry.encoding` is set by format detection."""
    with opening.source.open() as stream:
        yield from encodings.blocks(stream, opening.entry.encoding, opening.entry.repairs)


def _declared(lines: Lines) -> str | None:
    """The delimiter Excel's first line `sep=;` declares; the line is taken."""
    first = "".join(lines.peek(1)).strip().strip('"')
    if len(first) == 5 and first.lower().startswith("sep="):
        next(lines)
        return first[4]
    return "\t" if first.lower() == "sep=" and next(lines) is not None else None


def _header(records: Records) -> tuple[header.Header, list[list[str]]]:
    """Find the header on the first records, then give back all lines after it."""
    taken: list[list[str]] = []
    rows: list[list[str]] = []
    for row in records:
        rows.append([] if isinstance(row, Fault) else row)
        taken.append(records.taken)
        if len(rows) >= HEADER_ROWS:
            break
    found = header.find(rows)
    start = 0 if found.index is None else found.index + 1
    records.restart([line for group in taken[start:] for line in group])
    return found, rows[start:]


@dataclass(slots=True)
class Records:
    """Rows of cells from lines; `taken` are the physical lines of the row given last."""

    lines: Lines
    dialect: Dialect
    repairs: Counter[str]
    width: int = 0
    fits: quoting.Fits = lambda _: False
    taken: list[str] = field(default_factory=list)
    _reader: Iterator[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._reader = self.dialect.reader(self._feed())

    def __iter__(self) -> Iterator[list[str] | Fault]:
        while True:
            self.taken = []
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                row = self._recovered()
                self._reader = self.dialect.reader(self._feed())
            if len(self.taken) > 2 and self.width > 3:
                row = self._unswallowed(row)
            if any(len(line) >= MAX_LINE for line in self.taken):
                yield Fault("line_too_long")
            elif not "".join(self.taken).strip(_BLANK):
                continue
            elif self.dialect.wrapped:
                yield self._inner(row)
            else:
                yield row

    def restart(self, lines: list[str]) -> None:
        """Give lines back and read from them again."""
        self.lines.push_back(lines)
        self._reader = self.dialect.reader(self._feed())

    def _feed(self) -> Iterator[str]:
        """Lines for the reader, noted in `taken`; ends early when one record grows beyond the limits."""
        size = 0
        for line in self.lines:
            if not self.taken:
                if not line:
                    continue
                size = 0
            self.taken.append(line)
            size += len(line)
            yield f"{line}\n".replace("\0", "") if "\0" in line else f"{line}\n"
            if self.taken and (len(self.taken) >= MAX_RECORD_LINES or size >= MAX_RECORD_CHARS):
                return

    def _recovered(self) -> list[str]:
        """The row at the start of the lines taken, by looser rules; lines that are not its own are given back."""
        delimiter = self.dialect.delimiter
        long = len(self.taken[0]) >= MAX_REPAIR_CHARS
        count = 1 if long else quoting.split(self.taken, delimiter, self.fits, self.width)
        self.lines.push_back(self.taken[count:])
        self.taken = self.taken[:count]
        self.repairs["broken_quotes"] += 1
        if long:
            return self.taken[0].split(delimiter)
        text = "\n".join(self.taken)
        cells = quoting.cells_of(text, delimiter)
        if len(cells) < self.width and text.count(delimiter) == self.width - 1:
            return [cell.strip(quoting.QUOTE) for cell in text.split(delimiter)]
        return cells

    def _unswallowed(self, row: list[str]) -> list[str]:
        """A quote left open can close by chance rows later: seen where most inner lines are rows by themselves."""
        inner = self.taken[1:-1]
        alone = sum(self.fits(quoting.alone(line, self.dialect.delimiter)) for line in inner)
        if alone < 0.8 * len(inner):
            return row
        self.lines.push_back(self.taken[1:])
        self.taken = self.taken[:1]
        self.repairs["broken_quotes"] += 1
        self._reader = self.dialect.reader(self._feed())
        return quoting.cells_of(self.taken[0], self.dialect.delimiter)

    def _inner(self, row: list[str]) -> list[str]:
        text = self.dialect.delimiter.join(row).rstrip(self.dialect.delimiter)
        lines = [f"{line}\n" for line in text.split("\n")]
        try:
            return next(Dialect(",").reader(iter(lines)), [])
        except csv.Error:
            self.repairs["broken_quotes"] += 1
            return quoting.cells_of(text, ",")
