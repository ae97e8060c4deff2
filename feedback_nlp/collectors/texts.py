"""The text of a row: title and body made one, notices of the platform dropped, cleaned, its language named, masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

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
    texts: list[str | None] = []
    langs: list[str | None] = []
    for cells in zip(*parts, strict=True) if parts else [()] * rows:
        text = _join(_said([_part(cell, entry) for cell in cells]))
        langs.append(language(text) if text else None)
        texts.append(text if personal or not text else mask(text))
    return {"text": texts, "lang": langs}


def kept(cells: Sequence[str | None], name: str, *, personal: bool) -> Any:
    """The cells of a column kept under its own name, masked like the text."""
    from feedback_nlp import records

    values = cells if personal else [mask(cell) if cell else cell for cell in cells]
    return records.column_of(list(values), records.INPUT_SCHEMA.field("text").type, name=name)


def _part(cell: str | None, entry: SourceEntry) -> str | None:
    if cell is None or cell.strip().casefold() in _NOTHING:
        return None
    text = clean(cell)
    said = drop_notices(text)
    if said and said != text:
        entry.repairs[NOTICE] += 1
        return said
    return text or None


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
