"""JSON Lines: one record a line; a broken line is one reject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feedback_nlp.collectors.formats.base import Fault, Opening, Table
from feedback_nlp.collectors.formats.delimited import text_blocks
from feedback_nlp.collectors.formats.json_records import records_table
from feedback_nlp.collectors.formats.json_text import BROKEN, DECODER, DEEP
from feedback_nlp.collectors.formats.lines import MAX_LINE, Lines

_AROUND = "\ufeff\0\x1e \t\r\n"


def read(opening: Opening) -> Table:
    """The records of a JSON Lines file."""
    return records_table(_records(Lines(text_blocks(opening))), opening)


def _records(lines: Lines) -> Iterator[Any]:
    for line in lines:
        text = line.strip(_AROUND)
        if len(line) >= MAX_LINE:
            yield Fault("line_too_long")
        elif text and text not in ("[", "]"):
            yield from _values(text)


def _values(text: str) -> Iterator[Any]:
    """The record of a line, or the records where several were joined into it."""
    place = 0
    while place < len(text):
        try:
            found, place = DECODER.raw_decode(text, place)
        except ValueError:
            yield Fault(BROKEN)
            return
        except RecursionError:
            yield Fault(DEEP)
            return
        yield found if isinstance(found, (dict, list)) else Fault("not_a_record")
        while place < len(text) and text[place] in ", \t\0":
            place += 1
