"""Reading: dumps in, frames of one schema out, with the ledger of every row."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp import records
from feedback_nlp.collectors import platforms
from feedback_nlp.collectors.content_ids import ContentIds
from feedback_nlp.collectors.convert import convert
from feedback_nlp.collectors.formats import ROW, Reject, Table, open_table
from feedback_nlp.collectors.found import check_names
from feedback_nlp.collectors.marks import mark
from feedback_nlp.collectors.plan import Wishes, plan, sample_of
from feedback_nlp.collectors.sources import Source, expand
from feedback_nlp.errors import UsageError
from feedback_nlp.ledger import Ledger

REPEATED_HEADER = "repeated_header"
# One key a process: authors are the same over files, batches and calls, and cannot be looked up from outside.
_PROCESS_KEY = secrets.token_bytes(32)


class Reading(Iterator[pd.DataFrame]):
    """An iterator of frames of the schema, and the `ledger` that fills while it runs."""

    def __init__(self, frames: Iterator[pd.DataFrame], ledger: Ledger) -> None:
        self._frames = frames
        self.ledger = ledger

    def __next__(self) -> pd.DataFrame:
        return next(self._frames)


def read(
    inputs: Any,
    *,
    platform: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    tz: str | None = None,
    year: int | None = None,
    keep: Sequence[str] = (),
    keep_personal_data: bool = False,
    now: datetime | None = None,
    author_key: bytes | None = None,
    chunk_rows: int = 5000,
    ledger: Ledger | None = None,
) -> Reading:
    """Read dumps (files, folders, globs, "-", frames) as frames of the schema, one row for each row that can be read.

    `columns` maps schema columns to headers and wins over what is found; two headers joined by `+` make one text.
    `tz` is the zone of times written without one, and of `day`; `year` completes dates without a year; `now` is what
    "3天前" counts back from (default: this moment). `keep` names columns of the dump to keep as text. Texts and kept
    columns are masked unless `keep_personal_data`. Authors are hashed with `author_key`; without one a random key of
    this process is used, so the same author has the same hash in all its frames, but not in another run.
    How frames are cut has no influence on the rows. Does not tally: `ledger.tally(frames, ledger)` does, at the end.

    Raises:
        InputError: a dump cannot be read at all, or (NoTextColumn) has nothing like comments.
        UsageError: a platform, column, zone or header does not exist.
    """
    ledger = Ledger() if ledger is None else ledger
    wishes = wishes_of(
        platform=platform,
        columns=columns,
        tz=tz,
        year=year,
        keep=keep,
        keep_personal_data=keep_personal_data,
        now=now,
        author_key=author_key,
    )
    frames = _frames(expand(inputs), wishes, encoding=encoding, chunk_rows=chunk_rows, ledger=ledger)
    return Reading(mark(frames), ledger)


def wishes_of(
    *,
    platform: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    year: int | None = None,
    keep: Sequence[str] = (),
    keep_personal_data: bool = False,
    now: datetime | None = None,
    author_key: bytes | None = None,
) -> Wishes:
    """The caller's wishes, checked before anything is read.

    Raises:
        UsageError: a platform, column or zone does not exist, or a name to keep is taken.
    """
    if platform is not None:
        platforms.load(platform)
    if tz is not None:
        platforms.zone(tz)
    if year is not None and not 1970 <= year <= 2100:
        raise UsageError(f"year is {year}; give a year from 1970 to 2100.")
    check_names(columns or {})
    for name in keep:
        if name in records.INPUT_SCHEMA.names:
            raise UsageError(
                f"cannot keep {name!r}: a column of the schema has this name. "
                f"Take the schema's from it instead: columns={{'{name}': '{name}'}} or --map {name}={name}."
            )
    moment = now or datetime.now(timezone.utc)
    return Wishes(
        now=(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).replace(microsecond=0),
        author_key=author_key or _PROCESS_KEY,
        platform=platform,
        columns=dict(columns or {}),
        tz=tz,
        year=year,
        keep=tuple(keep),
        keep_personal_data=keep_personal_data,
    )


def opened(source: Source, *, ledger: Ledger, encoding: str | None = None, chunk_rows: int = 5000) -> Table:
    """The table of a source, which accounts to `ledger`."""
    reject = partial(ledger.reject, source.name)
    entry = ledger.entry(source.name)
    table = open_table(source, encoding=encoding, chunk_rows=chunk_rows, entry=entry, reject=reject)
    return Table(table.columns, (_without_headers(batch, reject) for batch in table.batches))


def _without_headers(batch: pd.DataFrame, reject: Reject) -> pd.DataFrame:
    """A batch without rows that repeat the header, as files joined end to end have them; these are rejected."""
    names = [name for name in batch.columns if name != ROW]
    if not names:
        return batch
    repeated = pd.Series(True, index=batch.index)
    for name in names:
        repeated &= (batch[name] == name).fillna(False).astype(bool) | batch[name].isna()
    repeated &= batch[names].notna().sum(axis=1) >= min(2, len(names))
    for row in batch.loc[repeated, ROW]:
        reject(row=int(row), reason=REPEATED_HEADER)
    return batch[~repeated] if repeated.any() else batch


def _frames(
    sources: list[Source], wishes: Wishes, *, encoding: str | None, chunk_rows: int, ledger: Ledger
) -> Iterator[pd.DataFrame]:
    content_ids = ContentIds()
    for source in sources:
        entry = ledger.entry(source.name)
        table = opened(source, ledger=ledger, encoding=encoding, chunk_rows=chunk_rows)
        sample, batches = sample_of(table)
        if sample.empty:
            continue
        found = plan(sample, source=source.name, wishes=wishes, entry=entry)
        for batch in batches:
            yield convert(batch, found, entry=entry, content_ids=content_ids)
