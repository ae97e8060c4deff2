"""Second header rows: survey tools put the questions, or what kind of answer stands below, under the names.

- Qualtrics: names (`Q1`), then the questions, then a row of `{"ImportId": …}`.
- SurveyMonkey: questions, then `Response`, `Open-Ended Response` or the options of a question of several columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

Row = Sequence[str | None]

_IMPORT_ID = '{"ImportId"'
_ANSWER_KINDS = frozenset(
    ("response", "open-ended response", "回复", "开放式回答", "开放式问题", "开放性回答")
)


def merge(names: Row, below: Sequence[Row]) -> tuple[Row, int]:
    """The names with what the rows under them add, and how many of those rows are headers too (0: none)."""
    imports = next((place for place, row in enumerate(below[:2]) if _is_import_ids(row)), None)
    if imports is not None:
        questions = below[0] if imports else ()
        return [_named(name, question) for name, question in _pairs(names, questions)], imports + 1
    if below and _is_answer_kinds(names, below[0], below[1:]):
        return _options(names, below[0]), 1
    return names, 0


def _pairs(names: Row, under: Row) -> list[tuple[str, str]]:
    return [(_tidy(name), _tidy(text)) for name, text in zip_longest(names, under)]


def _tidy(cell: str | None) -> str:
    return " ".join((cell or "").split())


def _is_import_ids(row: Row) -> bool:
    filled = [_tidy(cell) for cell in row if _tidy(cell)]
    return bool(filled) and sum(cell.startswith(_IMPORT_ID) for cell in filled) > 0.5 * len(filled)


def _named(name: str, question: str) -> str:
    """`Q2: Why?` for a question; a field of the tool itself ("StartDate", "Start Date") keeps its name."""
    if not question or _letters(name) == _letters(question) or not any(char.isdigit() for char in name):
        return name or question
    return f"{name}: {question}"


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _is_answer_kinds(names: Row, row: Row, data: Sequence[Row]) -> bool:
    """A row that begins empty, unlike all under it, and names a kind of answer."""
    begins = [bool(line) and bool(_tidy(line[0])) for line in data]
    kinds = {_tidy(cell).casefold() for cell in row}
    starts_empty = bool(row) and not _tidy(row[0]) and bool(names) and bool(_tidy(names[0]))
    return starts_empty and bool(begins) and all(begins) and not kinds.isdisjoint(_ANSWER_KINDS)


def _options(names: Row, row: Row) -> list[str]:
    found: list[str] = []
    question = ""
    for name, option in _pairs(names, row):
        question = name or question
        plain = not option or option.casefold() in _ANSWER_KINDS
        found.append(name if plain else f"{question}: {option}")
    return found
