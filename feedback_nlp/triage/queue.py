"""The queue: the comments to answer first, one entry for each group that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.errors import UsageError
from feedback_nlp.triage import journal as journals
from feedback_nlp.triage.groups import Group, Member, Pool
from feedback_nlp.triage.priority import HALF_LIFE_DAYS, LEAST_HARM, parts, priority, reach
from feedback_nlp.triage.signatures import signature
from feedback_nlp.triage.words import TOLD, why

# Groups kept for each place in the queue, and at least; those in the queue come from them.
POOL_PER_PLACE, LEAST_POOL = 20, 1000
UNDATED_HALF_LIVES = 1.0

COLUMNS: tuple[records.Column, ...] = (
    records.Column("priority", pa.float64(), "how urgent an answer is, 0–100"),
    records.Column("why", pa.string(), "the reasons, weightiest first"),
    records.Column("state", pa.string(), f"open or taken; from the journal: {', '.join(journals.STATES)}"),
    records.Column("group_size", pa.int64(), "comments that say nearly the same, this one included"),
    records.Column("group_ids", pa.list_(pa.string()), "their ids, this one's first; at most 200"),
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row that stands for a group: a small frame, and the place in it."""

    frame: pd.DataFrame
    place: int


def triage(
    data: pd.DataFrame | Iterable[pd.DataFrame],
    *,
    top: int = 50,
    now: datetime | None = None,
    half_life: float = HALF_LIFE_DAYS,
    lang: str = "en",
    journal: str | Path | journals.Journal | None = None,
) -> pd.DataFrame:
    """The `top` comments to answer first, most urgent first: `COLUMNS`, then every column of the rows.

    `data` is a labelled frame or a stream of them; the formula stands in `triage.priority`. Comments that say nearly the same
    (near duplicates that were set aside among them) are one entry. Other rows set aside, resolved ones, and those the
    journal says are answered or dismissed are left out. `now` (default: the time of the newest comment) is what age counts from,
    `half_life` is in days, `lang` (en, zh) is the language of `why`.

    Memory stays flat: of a stream at most max(1000, 20 × top) groups are held, and a group that falls out is forgotten; if it
    comes back it is counted anew.

    Raises:
        SchemaError: a frame lacks `id` or `text`.
        UsageError: `top` or `half_life` is not above 0.
    """
    if top < 1 or not half_life > 0:
        raise UsageError(f"top is {top} and half_life {half_life}; both must be above 0.")
    frames = [data] if isinstance(data, pd.DataFrame) else data
    states = _states(journal)
    collected = _Collected(max(LEAST_POOL, POOL_PER_PLACE * top), half_life, states)
    for frame in frames:
        collected.take(frame)
    newest = collected.newest if now is None else now.astimezone(timezone.utc).timestamp() / 86_400
    ranked = sorted(collected.entries(newest), key=lambda entry: (-entry[0], entry[1].head.id))[:top]
    return _table(ranked, collected.template, newest, lang, states)


def _states(journal: str | Path | journals.Journal | None) -> dict[str, str]:
    if journal is None:
        return {}
    return (journal if isinstance(journal, journals.Journal) else journals.Journal(journal)).states()


class _Collected:
    """What is kept of the rows that went by: two pools of groups, the newest time, and what a row looks like."""

    def __init__(self, capacity: int, half_life: float, states: dict[str, str]) -> None:
        self._half_life = half_life
        self._closed = {identity for identity, state in states.items() if state in journals.CLOSED}
        self._pools = {True: Pool(capacity), False: Pool(capacity)}
        self.newest = float("-inf")
        self.template = records.empty()

    def take(self, frame: pd.DataFrame) -> None:
        """Count the rows of a frame in."""
        records.require(frame, ["id", "text"], purpose="triage")
        self.template = frame.iloc[:0]
        of = parts(frame)
        dated = np.isfinite(of.days)
        if dated.any():
            self.newest = max(self.newest, float(of.days[dated].max()))
        places = np.flatnonzero((of.harm >= LEAST_HARM) & (of.answer > 0) & _may_count(frame))
        heats = np.log2(of.harm[places] * of.answer[places])
        heats += np.where(dated, of.days, 0.0)[places] / self._half_life
        ids, texts = _objects(frame["id"]), _objects(frame["text"])
        for place, heat in zip(places, heats, strict=True):
            if texts[place] is None or str(ids[place]) in self._closed:
                continue
            sign = signature(str(texts[place]))
            days, engagement = float(of.days[place]), float(of.engagement[place])
            member = Member(str(ids[place]), int(place), float(heat), days, engagement, sign)
            self._pools[bool(dated[place])].count(member)
        self._let_go(frame)

    def _let_go(self, frame: pd.DataFrame) -> None:
        """Copy out the rows that stand for a group, so that the frame itself can be freed."""
        fresh = [g.head for pool in self._pools.values() for g in pool if isinstance(g.head.row, int)]
        rows = frame.take([head.row for head in fresh if isinstance(head.row, int)]).reset_index(drop=True)
        for place, head in enumerate(fresh):
            head.row = _Kept(rows, place)

    def entries(self, newest: float) -> Iterator[tuple[float, Group]]:
        """Every group with its priority, as of `newest` (days since 1970)."""
        for group in (group for pool in self._pools.values() for group in pool):
            head = group.head
            age = (
                max(newest - head.days, 0.0) / self._half_life if isfinite(head.days) else UNDATED_HALF_LIVES
            )
            written = head.days / self._half_life if isfinite(head.days) else 0.0
            heat = 2.0 ** (head.heat - written - age) * float(reach(group.size + group.engagement))
            yield float(priority(heat)), group


def _may_count(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows that count, and near duplicates: those are other customers with the same trouble."""
    if "set_aside" not in frame.columns:
        return np.ones(len(frame), dtype=bool)
    reasons = frame["set_aside"]
    return (reasons.isna() | (reasons == records.NEAR_DUPLICATE).fillna(False)).to_numpy(dtype=bool)


def _objects(column: pd.Series) -> list[Any]:
    """A column as Python values, null as None."""
    return [value if present else None for value, present in zip(column, column.notna(), strict=True)]


def _table(
    ranked: list[tuple[float, Group]],
    template: pd.DataFrame,
    newest: float,
    lang: str,
    states: dict[str, str],
) -> pd.DataFrame:
    kept = [group.head.row for _, group in ranked if isinstance(group.head.row, _Kept)]
    slices = [row.frame.iloc[[row.place]] for row in kept]
    rows = pd.concat(slices, ignore_index=True) if slices else template.reset_index(drop=True)
    reasons = [
        why(
            {name: rows[name].iloc[i] for name in TOLD if name in rows.columns},
            group_size=group.size,
            engagement=int(group.engagement),
            age_days=max(newest - group.head.days, 0.0) if isfinite(group.head.days) else None,
            lang=lang,
        )
        for i, (_, group) in enumerate(ranked)
    ]
    values: dict[str, list[Any]] = {
        "priority": [round(value, 2) for value, _ in ranked],
        "why": reasons,
        "state": [states.get(group.ids[0], journals.OPEN) for _, group in ranked],
        "group_size": [group.size for _, group in ranked],
        "group_ids": [group.ids for _, group in ranked],
    }
    head = {
        column.name: records.column_of(values[column.name], column.type, name=column.name)
        for column in COLUMNS
    }
    rest = {name: rows[name] for name in rows.columns if name not in head}
    return pd.DataFrame({**head, **rest}, index=pd.RangeIndex(len(rows)))
