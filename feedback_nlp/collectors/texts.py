"""The text of a row: title and body made one, notices of the platform dropped, cleaned, its language named, masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from feedback_nlp.collectors.distinct import each
from feedback_nlp.ledger import SourceEntry
from feedback_nlp.text.clean import clean
from feedback_nlp.text.defaults import drop_notices, is_system_default
from feedback_nlp.text.fold import fold
from feedback_nlp.text.language import language
from feedback_nlp.text.privacy import mask

NOTICE = "deletion_notice_dropped"
_NOTHING = frozenset(("nan", "none", "null", "n/a", "nil", "undefined", "#n/a"))
_ELLIPSIS = ("…", "...")
_STARS_AS_TITLE = re.compile(r"(?:one|two|three|four|five) stars?", re.IGNORECASE)


def text_columns(
    parts: Sequence[Sequence[str | None]], rows: int, *, personal: bool, entry: SourceEntry
) -> dict[str, Any]:
    """`text` and `lang` of every row, from the cells of one column or of several (a title, then a body)."""
    cells = zip(*parts, strict=True) if parts else [None] * rows
    read = each(cells, partial(_read, personal=personal))
    entry.repairs.update({NOTICE: found} if (found := sum(one.notices for one in read if one)) else {})
    return {
        "text": [one.text if one else None for one in read],
        "lang": [one.lang if one else None for one in read],
    }


@dataclass(frozen=True, slots=True)
class _Text:
    text: str | None
    lang: str | None
    notices: int


def _read(cells: tuple[str | None, ...], *, personal: bool) -> _Text:
    parts = [_part(cell) for cell in cells]
    text = _join(_said([part for part, _ in parts]))
    lang = language(text) if text else None
    return _Text(text if personal or not text else mask(text), lang, sum(dropped for _, dropped in parts))


def kept(cells: Sequence[str | None], name: str, *, personal: bool) -> Any:
    """The cells of a column kept under its own name, masked like the text."""
    from feedback_nlp import records

    return records.column_of(
        list(cells) if personal else each(cells, mask), records.INPUT_SCHEMA.field("text").type, name=name
    )


def _part(cell: str | None) -> tuple[str | None, bool]:
    """A cell cleaned, and whether a platform's notice was taken out of it."""
    if cell is None or cell.strip().casefold() in _NOTHING:
        return None, False
    text = clean(cell)
    said = drop_notices(text)
    return (said, True) if said and said != text else (text or None, False)


def _said(parts: Sequence[str | None]) -> list[str]:
    """The parts that there are; those a platform wrote only where the customer wrote none."""
    there = [part for part in parts if part]
    return [part for part in there if not is_system_default(part)] or there


def _join(parts: Sequence[str]) -> str | None:
    """Parts on lines of their own. A part that begins the next, as titles cut from a body do, is not repeated; a title
    that Amazon made from the stars ("Five Stars") is not the customer's."""
    told: list[str] = []
    for part in parts:
        if told and (_begins(told[-1], part) or _STARS_AS_TITLE.fullmatch(told[-1])):
            told.pop()
        told.append(part)
    return "\n".join(told) or None


def _begins(title: str, body: str) -> bool:
    start = title.strip()
    for ellipsis in _ELLIPSIS:
        start = start.removesuffix(ellipsis).rstrip()
    return bool(start) and fold(body).startswith(fold(start))
