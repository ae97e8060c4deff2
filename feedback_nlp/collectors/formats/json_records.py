"""JSON: an array, a list or dict of records inside an object, objects one after another, or columns.

The shape is told from the first 256 KiB; then records are read one by one, so memory is flat. Only an object of
columns ({"text": {"0": …}} or {"text": […]}), as pandas writes it, is read whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from feedback_nlp.collectors.formats import cells
from feedback_nlp.collectors.formats.base import Cells, Fault, Opening, Table, frames
from feedback_nlp.collectors.formats.delimited import text_blocks
from feedback_nlp.collectors.formats.json_text import BROKEN, DECODER, JsonText, members, values
from feedback_nlp.errors import FormatError

PROBE_CHARS = 1 << 18
PROBE_RECORDS = 2000
MAX_COLUMNS = 500
MAX_DEPTH = 6
SCALAR = "value"
KEY = "key"

_LEAD = re.compile(r"[\s\ufeff\0]*(?:[\w$.]{1,60}(?:\(|\s*=)\s*)?")
_MEMBER = re.compile(r'\s*,?\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_LIST_OF_RECORDS = re.compile(r"\[\s*[\{\[]")


def read(opening: Opening) -> Table:
    """The records of a JSON file."""
    text = JsonText(text_blocks(opening))
    while len(text.text) < PROBE_CHARS and text.more():
        pass
    return records_table(_records(text, opening), opening)


def records_table(records: Iterator[Any], opening: Opening) -> Table:
    """A table from records; columns are those of the first 2,000, later names are counted and noted.

    Raises:
        FormatError: there is no record at all.
    """
    first = list(islice(records, PROBE_RECORDS))
    probed = [_cells(record) for record in first]
    columns = tuple(dict.fromkeys(name for record in probed if isinstance(record, dict) for name in record))
    if not columns:
        raise FormatError(
            f"{opening.source.name} is JSON without a record: expected a list of objects, "
            "an object that holds one, or one object a line."
        )
    if len(columns) > MAX_COLUMNS:
        opening.entry.notes.append(
            f"{len(columns) - MAX_COLUMNS} columns after the first {MAX_COLUMNS} left out"
        )
        columns = columns[:MAX_COLUMNS]
    rows = _rows(chain(probed, map(_cells, records)), columns, opening)
    return Table(columns, frames(columns, rows, opening))


def _cells(record: Any) -> dict[str, str | None] | Fault:
    if isinstance(record, dict):
        try:
            return cells.flat(record)
        except RecursionError:
            return Fault("nested_too_deep")
    if isinstance(record, Fault):
        return record
    if isinstance(record, list):
        return {f"column_{place}": cells.text_of(value) for place, value in enumerate(record, 1)} or Fault(
            "not_a_record"
        )
    return Fault("not_a_record") if record is None else {SCALAR: cells.text_of(record)}


def _rows(
    records: Iterable[dict[str, str | None] | Fault], columns: tuple[str, ...], opening: Opening
) -> Iterator[Cells | Fault]:
    known = frozenset(columns)
    late: set[str] = set()
    for record in records:
        if isinstance(record, Fault):
            yield record
            continue
        if not record.keys() <= known:
            late.update(record.keys() - known)
            opening.entry.repairs["cells_of_late_columns"] += len(record.keys() - known)
        yield [record.get(name) for name in columns]
    if late:
        named = ", ".join(sorted(late)[:5])
        opening.entry.notes.append(f"columns first seen after row {PROBE_RECORDS} left out: {named}")


def _records(text: JsonText, opening: Opening) -> Iterator[Any]:
    opens = text.skip(_LEAD)
    start = text.place
    if opens == "[":
        text.place += 1
        return _arrays(text)
    if opens != "{":
        return values(text, "")
    whole = _whole(text)
    if whole is not None:
        return _of_object(whole, opening)
    found = _list_inside(text.text, start, opening)
    if found is not None:
        text.place = found
        return values(text, "]")
    if _is_dict_of_records(text.text, start):
        text.place += 1
        return _keyed(members(text))
    return values(text, "")


def _arrays(text: JsonText) -> Iterator[Any]:
    """The items of an array, and of arrays that follow it."""
    yield from values(text, "]")
    while text.skip(re.compile(r"[\s,;)\]\ufeff\0]*")) == "[":
        text.place += 1
        yield from values(text, "]")
    if text.skip():
        yield from values(text, "")


def _whole(text: JsonText) -> dict[str, Any] | None:
    """The object, where all of the text is one and fits the window."""
    if not text.ended:
        return None
    try:
        found, end = DECODER.raw_decode(text.text, text.place)
    except (ValueError, RecursionError):
        return None
    rest = text.text[end:].strip("\0 \t\r\n;)")
    return found if isinstance(found, dict) and not rest else None


def _of_object(record: dict[str, Any], opening: Opening) -> Iterator[Any]:
    """The records of an object read whole: its longest list of records, its dict of records, its columns, or itself."""
    lists = sorted(_lists(record, "", 0), key=lambda pair: -len(pair[1]))
    if "columns" in record and isinstance(record.get("data"), list):
        return iter([dict(zip(map(str, record["columns"]), row, strict=False)) for row in record["data"]])
    if lists and isinstance(lists[0][1][0], dict):
        for path, other in lists[1:]:
            opening.entry.notes.append(f"list {path!r} of {len(other)} records left out")
        return iter(lists[0][1])
    inner = list(record.values())
    if len(inner) > 1 and all(isinstance(value, dict) for value in inner):
        return _columns(record) if _are_columns(inner) else _keyed(iter(record.items()))
    if len(inner) > 1 and all(isinstance(value, list) for value in inner):
        return _columns({name: dict(enumerate(value)) for name, value in record.items()})
    if len(inner) == 1 and isinstance(inner[0], dict) and inner[0]:
        return _of_object(inner[0], opening)
    return iter([record])


def _lists(record: dict[str, Any], path: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    for name, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{path}{name}", value
        elif isinstance(value, dict) and depth < MAX_DEPTH:
            yield from _lists(value, f"{path}{name}.", depth + 1)


def _are_columns(inner: list[Any]) -> bool:
    """Whether dicts are columns: the same row labels in all of them, and no nested values."""
    labels = list(inner[0])
    return all(list(column) == labels and all(label.isdigit() for label in column) for column in inner)


def _columns(columns: dict[str, dict[Any, Any]]) -> Iterator[Any]:
    labels = dict.fromkeys(label for column in columns.values() for label in column)
    return iter([{name: column.get(label) for name, column in columns.items()} for label in labels])


def _keyed(pairs: Iterator[tuple[str, Any]]) -> Iterator[Any]:
    """Records with the name they stand under in a column of its own."""
    for name, record in pairs:
        yield {KEY: name, **record} if isinstance(record, dict) else record


def _list_inside(text: str, start: int, opening: Opening, depth: int = 0) -> int | None:
    """Place after the bracket of the first list of records within the object, by the first part of its text."""
    place = start + 1
    while match := _MEMBER.match(text, place):
        place = match.end()
        if _LIST_OF_RECORDS.match(text, place):
            opening.entry.notes.append(f"records are the list {json.loads(match[1], strict=False)!r}")
            return place + 1
        try:
            _, place = DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            # The value goes on beyond the window: a list may be inside it.
            inner = text.startswith("{", place) and depth < MAX_DEPTH
            return _list_inside(text, place, opening, depth + 1) if inner else None
    return None


def _is_dict_of_records(text: str, start: int) -> bool:
    match = _MEMBER.match(text, start + 1)
    if not match or not text.startswith("{", match.end()):
        return False
    try:
        _, end = DECODER.raw_decode(text, match.end())
    except (ValueError, RecursionError):
        return False
    following = _MEMBER.match(text, end)
    return bool(following) and text.startswith("{", following.end() if following else 0)


__all__ = ["BROKEN", "read", "records_table"]
