"""A batch of a dump's cells to a frame of the schema, by a plan. Cells that cannot be read are null and counted."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp import records
from feedback_nlp.collectors import texts
from feedback_nlp.collectors.content_ids import ContentIds
from feedback_nlp.collectors.distinct import each
from feedback_nlp.collectors.formats import ROW
from feedback_nlp.collectors.plan import TIMES, Plan
from feedback_nlp.collectors.platforms import Platform
from feedback_nlp.collectors.values import counts, ids, ratings, times
from feedback_nlp.ledger import SourceEntry
from feedback_nlp.text.privacy import hash_author

Cells = list[str | None]
_IDENTITY = ("text", "author", "created_at", "product", "rating")
_NAMES = ("brand", "product", "region", "url")
_WHOLE = re.compile(r"(\d+)\.0")
_COUNTS = ("likes", "replies", "shares")


def convert(batch: pd.DataFrame, plan: Plan, *, entry: SourceEntry, content_ids: ContentIds) -> pd.DataFrame:
    """The rows of `batch` in the schema, in order, then the columns to keep; `batch` is not changed."""
    raw = {
        column: [_cells(batch, header) for header in found.headers] for column, found in plan.columns.items()
    }
    raw |= _parts(raw, plan.platform)
    data: dict[str, Any] = {
        "source": [plan.source] * len(batch),
        "row": batch[ROW],
        "platform": [plan.platform.id] * len(batch),
        "channel": [plan.platform.channel] * len(batch),
        **texts.text_columns(
            raw.get("text", []), len(batch), personal=plan.wishes.keep_personal_data, entry=entry
        ),
        **_times(raw, plan, entry),
        **_ratings(raw, plan, entry),
        **{column: _counts(raw[column][-1], column, entry) for column in _COUNTS if column in raw},
        **{column: each(raw[column][-1], _name) for column in _NAMES if column in raw},
    }
    if "author" in raw:
        data["author"] = each(raw["author"][-1], lambda name: _author(name, plan.wishes.author_key))
    data["id"] = _ids(raw, plan, len(batch), entry, content_ids)
    if plan.company is not None:
        header, company = plan.company
        own = [(cell or "").strip().casefold() in company.values for cell in _cells(batch, header)]
        data["set_aside"] = [records.NOT_FEEDBACK if is_own else None for is_own in own]
    for name, kept in plan.keep.items():
        cells = _cells(batch, kept) if kept else [None] * len(batch)
        data[name] = texts.kept(cells, name, personal=plan.wishes.keep_personal_data)
    return records.conform(pd.DataFrame(data))


def _cells(batch: pd.DataFrame, header: str) -> Cells:
    return batch[header].astype("object").where(batch[header].notna(), None).tolist()


def _parts(raw: Mapping[str, list[Cells]], platform: Platform) -> dict[str, list[Cells]]:
    """Columns the dump has no header for, taken out of the cells of others."""

    def inside(pattern: re.Pattern[str], cell: str) -> str | None:
        match = pattern.search(cell)
        return match[1] if match else None

    return {
        column: [each(raw[part.of][-1], partial(inside, part.pattern))]
        for column, part in platform.parts.items()
        if column not in raw and part.of in raw
    }


def _count(remarks: Sequence[str], column: str, entry: SourceEntry) -> None:
    entry.repairs.update(Counter(f"{column}_{remark}" for remark in remarks if remark))


def _times(raw: dict[str, list[Cells]], plan: Plan, entry: SourceEntry) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for column in TIMES:
        if column not in raw:
            continue
        found = each(raw[column][-1], partial(times.parse, style=plan.styles[column]))
        _count([time.remark if time else "" for time in found], column, entry)
        _note_times({time.remark for time in found if time}, column, plan, entry)
        data[column] = [time.at if time else None for time in found]
    zone = plan.styles["created_at"].zone
    data["day"] = [at.astimezone(zone).date() if at else None for at in data.get("created_at", [])] or None
    return {column: values for column, values in data.items() if values is not None}


def _note_times(remarks: set[str], column: str, plan: Plan, entry: SourceEntry) -> None:
    now = plan.wishes.now.astimezone(plan.styles["created_at"].zone)
    notes = {
        times.RELATIVE: f"{column}: times such as 3天前 are counted back from {now:%Y-%m-%d %H:%M %Z}",
        times.COARSE: f"{column}: times such as 2 years ago are only good to a month or a year",
        times.NO_YEAR: f"{column}: dates without a year are null; give the year with year=/--year",
    }
    for remark, note in notes.items():
        if remark in remarks and note not in entry.notes:
            entry.notes.append(note)


def _ratings(raw: dict[str, list[Cells]], plan: Plan, entry: SourceEntry) -> dict[str, Any]:
    data: dict[str, Any] = {}
    readers: dict[str, Callable[[str], ratings.Rating]] = {
        "rating": lambda cell: ratings.parse(cell, plan.scale),
        "recommend_score": ratings.recommend_score,
    }
    for column, read in readers.items():
        if column in raw:
            found = each(raw[column][-1], read)
            _count([rating.remark if rating else "" for rating in found], column, entry)
            data[column] = [rating.stars if rating else None for rating in found]
    return data


def _counts(cells: Cells, column: str, entry: SourceEntry) -> list[int | None]:
    found = each(cells, counts.parse)
    _count([pair[1] if pair else "" for pair in found], column, entry)
    return [pair[0] if pair else None for pair in found]


def _name(cell: str) -> str | None:
    name = " ".join(html.unescape(cell).split())
    whole = _WHOLE.fullmatch(name)
    return whole[1] if whole else name or None


def _author(name: str, key: bytes) -> str | None:
    return hash_author(name, key=key) if ids.is_somebody(name) else None


def _ids(
    raw: dict[str, list[Cells]], plan: Plan, rows: int, entry: SourceEntry, content_ids: ContentIds
) -> list[str | None]:
    own = raw["id"][-1] if plan.own_ids else [None] * rows
    found: list[str | None] = [ids.tidy(cell) if cell and not ids.damaged(cell) else None for cell in own]
    lost = np.flatnonzero([identity in (None, "") for identity in found])
    if plan.own_ids and len(lost):
        entry.repairs["id_from_content"] += len(lost)
    parts = [cells for column in _IDENTITY for cells in raw.get(column, [])]
    made = content_ids.make([tuple(cells[i] or "" for cells in parts) for i in lost], plan.platform.id)
    for place, identity in zip(lost, made, strict=True):
        found[place] = identity
    return found
