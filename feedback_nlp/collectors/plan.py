"""What is decided once for a source, from its first rows: platform, columns, how times, ratings and ids are written.

The rows looked at do not depend on how a dump is cut into batches, so neither does what is read from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from feedback_nlp.collectors import columns, platforms
from feedback_nlp.collectors.formats import ROW, Table
from feedback_nlp.collectors.found import Found, find
from feedback_nlp.collectors.guess import has_chinese
from feedback_nlp.collectors.platforms import Company, Platform
from feedback_nlp.collectors.recognise import Recognised, export_of, recognise
from feedback_nlp.collectors.values import ids, ratings, times
from feedback_nlp.ledger import SourceEntry

SAMPLE_ROWS = 2000
TIMES = ("created_at", "replied_at", "resolved_at")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller of `read` asks of every source."""

    now: datetime
    author_key: bytes
    platform: str | Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    tz: str | None = None
    year: int | None = None
    keep: tuple[str, ...] = ()
    keep_personal_data: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read the rows of one source."""

    source: str
    headers: tuple[str, ...]
    recognised: Recognised
    columns: Mapping[str, Found]
    styles: Mapping[str, times.Style]
    scale: float
    own_ids: bool
    company: tuple[str, Company] | None
    keep: Mapping[str, str | None]
    wishes: Wishes

    @property
    def platform(self) -> Platform:
        """The platform taken."""
        return self.recognised.platform


def sample_of(table: Table) -> tuple[pd.DataFrame, Iterator[pd.DataFrame]]:
    """The first `SAMPLE_ROWS` rows of a table as one frame, and all its batches again."""
    taken: list[pd.DataFrame] = []
    rows = 0
    for batch in table.batches:
        taken.append(batch)
        rows += len(batch)
        if rows >= SAMPLE_ROWS:
            break
    names = [ROW, *table.columns]
    sample = (
        pd.concat([batch[names] for batch in taken]).head(SAMPLE_ROWS)
        if taken
        else pd.DataFrame(columns=names)
    )
    return sample, chain(taken, table.batches)


def plan(sample: pd.DataFrame, *, source: str, wishes: Wishes, entry: SourceEntry) -> Plan:
    """The plan for a source whose first rows are `sample`; what was found and what was doubtful goes into `entry`.

    Raises:
        NoTextColumn: nothing reads like comments.
        UsageError: a wish cannot be met (unknown platform, header that is not there).
    """
    headers = [name for name in sample.columns if name != ROW]
    found_platform = _platform(headers, sample, source, wishes)
    mapping, notes = columns.map_columns(
        headers, sample, recognised=found_platform, given=wishes.columns, source=source
    )
    zone, note = _zone(sample, mapping, found_platform.platform, wishes)
    notes += [note] if note else []
    styles: dict[str, times.Style] = {}
    for column in TIMES:
        if column in mapping:
            styles[column], note = times.style_of(
                _cells(sample, mapping[column].headers[-1]),
                zone=zone,
                year=wishes.year,
                now=wishes.now,
                prefer=found_platform.platform.order,
            )
            notes += [f"{column}: {note}"] if note else []
    styles.setdefault("created_at", times.Style(zone, now=wishes.now))
    scale, note = _scale(sample, mapping, found_platform.platform)
    notes += [note] if note else []
    own_ids, note = _own_ids(sample, mapping)
    notes += [note] if note else []
    company, company_notes = _company(headers, found_platform.platform)
    kept, keep_notes = _kept(headers, wishes.keep)
    entry.platform = found_platform.platform.id
    entry.mapping = {column: str(found) for column, found in mapping.items()}
    entry.notes.extend([*notes, *company_notes, *keep_notes])
    return Plan(
        source, tuple(headers), found_platform, mapping, styles, scale, own_ids, company, kept, wishes
    )


def _platform(headers: list[str], sample: pd.DataFrame, source: str, wishes: Wishes) -> Recognised:
    if wishes.platform is None:
        return recognise(headers, sample, name=source)
    platform = platforms.load(wishes.platform)
    return Recognised(platform, export_of(platform, headers)[0], 1.0, "given")


def _zone(
    sample: pd.DataFrame, mapping: Mapping[str, Found], platform: Platform, wishes: Wishes
) -> tuple[ZoneInfo, str]:
    """The zone of times without one: the caller's, else the platform's, which may depend on the language."""
    texts = _cells(sample, mapping["text"].headers[-1]) if "text" in mapping else []
    chinese = sum(has_chinese(text) for text in texts) > len(texts) / 2
    if wishes.tz or not (platform.zh_tz and chinese):
        return platforms.zone(wishes.tz or platform.tz), ""
    note = f"times are taken as {platform.zh_tz}, since the comments are Chinese; --tz names another zone"
    timed = "created_at" in mapping and _cells(sample, mapping["created_at"].headers[-1])
    return platforms.zone(platform.zh_tz), note if timed else ""


def _cells(sample: pd.DataFrame, header: str) -> list[str]:
    return [cell for cell in sample[header] if isinstance(cell, str)]


def _scale(sample: pd.DataFrame, mapping: Mapping[str, Found], platform: Platform) -> tuple[float, str]:
    if "rating" not in mapping:
        return 5.0, ""
    return ratings.scale_of(_cells(sample, mapping["rating"].headers[-1]), declared=platform.scale)


def _own_ids(sample: pd.DataFrame, mapping: Mapping[str, Found]) -> tuple[bool, str]:
    """Whether the dump's own ids can be used, and why not."""
    if "id" not in mapping:
        return False, ""
    header, text = mapping["id"].headers[-1], mapping.get("text")
    cells = _cells(sample, header)
    if ids.rounded(cells) or (cells and all(ids.damaged(cell) for cell in cells)):
        return False, f"ids in {header!r} were rounded by a spreadsheet; ids are made from content instead"
    pairs = sample[[header, text.headers[-1]]].dropna() if text else sample[[header]].head(0)
    if text and not ids.identifies(pairs[header].tolist(), pairs[text.headers[-1]].tolist()):
        return (
            False,
            f"{header!r} repeats over different comments, so it is no id; ids are made from content instead",
        )
    return True, ""


def _company(headers: Iterable[str], platform: Platform) -> tuple[tuple[str, Company] | None, list[str]]:
    company = platform.company
    header = find(company.header, list(headers)) if company else None
    if company is None or header is None:
        return None, []
    return (header, company), [
        f"rows with {header} = {company.values[0]} are the organisation's own and set aside as not_feedback"
    ]


def _kept(headers: list[str], keep: tuple[str, ...]) -> tuple[dict[str, str | None], list[str]]:
    kept = {name: find(name, headers) for name in keep}
    missing = [name for name, header in kept.items() if header is None]
    return kept, [f"no column {name!r} to keep; it is null for this source" for name in missing]
