"""Plain text: one comment a line, with or without a name above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedback_nlp.collectors.formats import header
from feedback_nlp.collectors.formats.base import Cells, Fault, Opening, Table, frames
from feedback_nlp.collectors.formats.lines import MAX_LINE, Lines

LOOK_AT = 200


def is_plain(lines: Sequence[str]) -> bool:
    """Whether lines without a delimiter are texts as they stand: no cell is quoted as a whole."""
    quoted = sum(line.startswith('"') and line.rstrip().endswith('"') for line in lines)
    opened = sum(line.startswith('"') for line in lines)
    return quoted == 0 and opened <= 0.1 * len(lines)


def read(lines: Lines, opening: Opening) -> Table:
    """The lines as a table of one column."""
    first = [[line] for line in lines.peek(LOOK_AT) if line.strip()]
    found = header.find(first)
    if found.index is not None:
        while not next(lines).strip():
            pass
    names = found.names[:1]
    opening.entry.format = "text"
    opening.entry.notes.extend(found.notes)
    return Table(names, frames(names, _rows(lines), opening))


def _rows(lines: Lines) -> Iterator[Cells | Fault]:
    for line in lines:
        if len(line) >= MAX_LINE:
            yield Fault("line_too_long")
        elif line.strip("\0 \t\r\x1a"):
            yield (line,)
