"""Checking: how a dump would be read, before it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_nlp import records
from feedback_nlp.collectors.content_ids import ContentIds
from feedback_nlp.collectors.convert import convert
from feedback_nlp.collectors.found import Found
from feedback_nlp.collectors.marks import Marker
from feedback_nlp.collectors.plan import Plan, plan, sample_of
from feedback_nlp.collectors.platforms import Platform
from feedback_nlp.collectors.reading import opened, wishes_of
from feedback_nlp.collectors.sources import Source, expand
from feedback_nlp.errors import InputError
from feedback_nlp.ledger import Ledger, SourceEntry

ROWS = 10


@dataclass(frozen=True, slots=True)
class Check:
    """How one source would be read.

    `mapping` is schema column → where it comes from; `filled` is the share (0–1) of the first rows with a value, for each
    column mapped; `rows` are the first ten in the schema; `entry` holds format, encoding, repairs and notes.
    """

    source: str
    platform: Platform
    confidence: float
    why: str
    headers: tuple[str, ...]
    mapping: Mapping[str, Found]
    filled: Mapping[str, float]
    rows: pd.DataFrame
    entry: SourceEntry

    @property
    def unused(self) -> tuple[str, ...]:
        """Headers of the dump that no column is taken from."""
        used = {header for found in self.mapping.values() for header in found.headers}
        return tuple(header for header in self.headers if header not in used)


def check(source: Any, *, encoding: str | None = None, **wishes: Any) -> Check:
    """How the first table of `source` that has rows would be read; `wishes` are those of `read`.

    Raises:
        InputError: it cannot be read at all, has no rows, or (NoTextColumn) nothing like comments.
        UsageError: a platform, column, zone or header does not exist.
    """
    for found in check_all(source, encoding=encoding, **wishes):
        return found
    raise InputError(f"{source} has no data rows. Check that it is the right file.")


def check_all(inputs: Any, *, encoding: str | None = None, **wishes: Any) -> Iterator[Check]:
    """How each table of `inputs` (sheets, members of a zip, files of a folder) that has rows would be read.

    Raises:
        InputError, UsageError: as `check`.
    """
    asked = wishes_of(**wishes)
    for source in expand(inputs):
        ledger = Ledger()
        table = opened(source, ledger=ledger, encoding=encoding)
        sample, _ = sample_of(table)
        if len(sample):
            entry = ledger.entry(source.name)
            yield _check(source, sample, plan(sample, source=source.name, wishes=asked, entry=entry), entry)


def _check(source: Source, sample: pd.DataFrame, found: Plan, entry: SourceEntry) -> Check:
    rows = Marker()(convert(sample, found, entry=entry, content_ids=ContentIds()))
    shown = [c.name for c in records.INPUT_COLUMNS if c.name in found.columns]
    return Check(
        source=source.name,
        platform=found.platform,
        confidence=round(found.recognised.confidence, 2),
        why=found.recognised.why,
        headers=found.headers,
        mapping=found.columns,
        filled={name: round(float(rows[name].notna().mean()), 3) for name in shown},
        rows=rows.head(ROWS),
        entry=entry,
    )
