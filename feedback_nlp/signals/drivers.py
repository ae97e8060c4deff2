"""Why a KPI moved between two periods: who was heard from (mix) and what they said (rate), adding up exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa

from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.kpis import KPIS, Kpi, door, finish, merge, partial
from feedback_nlp.kpis.base import TOPIC
from feedback_nlp.kpis.plan import COUNTING
from feedback_nlp.records import topic_column
from feedback_nlp.signals.effects import Effect, split

Span = tuple[dt.date, dt.date]
"""First and last day, both included."""

BY = ("topic", "product", "region", "channel")
_SIDE = "side"
_TOPICS = "topics_named"
_BEFORE, _AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Drivers:
    """A KPI in two periods, and for each way of grouping the effects that add up to its change, largest first.

    `days_before`, `days_after`: first and last day of either period, as they were asked for.
    """

    kpi: str
    before: float
    after: float
    n_before: int
    n_after: int
    effects: dict[str, tuple[Effect, ...]]
    days_before: Span
    days_after: Span

    @property
    def change(self) -> float:
        """after − before."""
        return self.after - self.before

    def to_dict(self) -> dict[str, Any]:
        """The whole as plain values, for JSON."""
        return {
            "kpi": self.kpi,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "n_before": self.n_before,
            "n_after": self.n_after,
            "days_before": [day.isoformat() for day in self.days_before],
            "days_after": [day.isoformat() for day in self.days_after],
            "effects": {by: [each.to_dict() for each in listed] for by, listed in self.effects.items()},
        }


def drivers(
    data: Any, *, before: Span, after: Span, kpi: str = "complaint_rate", by: Sequence[str] | None = None
) -> Drivers:
    """Why `kpi` moved from the days `before` to the days `after`, in labelled rows (a frame or a stream of frames).

    by: columns and "topic"; None: those of topic, product, region and channel that the frames have with more than one value. A comment that
    names k topics counts as 1/k under each, and one that names none under None, so that topics add up as well.

    Raises:
        UnknownName: no such KPI.
        UsageError: periods that overlap, no comments in one of the periods, or a KPI that groups do not add up to (counts, medians …).
        SchemaError: a column is missing.
    """
    if before[1] >= after[0] and after[1] >= before[0]:
        raise UsageError(f"{before[0]}–{before[1]} and {after[0]}–{after[1]} overlap. Choose separate days.")
    sums: dict[str, list[pa.Table]] = {}
    for frame in [data] if door.is_frame(data) else _frames(data):
        columns = door.columns_of(door.entered(frame))
        names = _groupings(columns) if by is None else tuple(by)
        rows = _sided(frame, columns, before=before, after=after, keep=(*names, *_kpi(kpi).needs))
        for name in ("", *names):
            keys = [_SIDE] if not name else [_SIDE, _TOPICS if name == TOPIC else name]
            sums.setdefault(name, []).append(partial(rows, kpis=[kpi], by=keys))
    if not sums:
        raise UsageError("there are no rows to explain: the stream of frames was empty.")
    tables = {name: _parts(parts, kpi, name) for name, parts in sums.items()}
    whole = {side: groups.get(None, (0.0, 0.0)) for side, groups in tables.pop("").items()}
    for side, span in ((_BEFORE, before), (_AFTER, after)):
        if whole[side][1] <= 0:
            raise UsageError(f"no comment counts for {kpi} from {span[0]} to {span[1]}. Choose other days.")
    for groups in tables.values():
        _check_adds_up(groups, whole, kpi)
    effects = {name: tuple(split(side[_BEFORE], side[_AFTER], by=name)) for name, side in tables.items()}
    if by is None:  # a column of one value explains nothing
        effects = {name: listed for name, listed in effects.items() if len(listed) > 1}
    (was, n_was), (now, n_now) = whole[_BEFORE], whole[_AFTER]
    return Drivers(kpi, was, now, int(n_was), int(n_now), effects, before, after)


def _kpi(name: str) -> Kpi:
    if name not in KPIS:
        raise UnknownName("KPI", name, KPIS)
    if KPIS[name].per_topic:
        raise UsageError(f"KPI {name!r} is already of one topic. Choose a KPI of all comments, by topic.")
    return KPIS[name]


def _frames(data: Any) -> Iterable[Any]:
    if isinstance(data, str) or not isinstance(data, Iterable):
        raise UsageError(
            f"drivers takes a {door.KINDS} frame or an iterator of them, not {type(data).__name__}."
        )
    return data


def _groupings(columns: Sequence[str]) -> tuple[str, ...]:
    """What a frame can be split by."""
    topics = any(name.startswith(topic_column("")) for name in columns)
    return tuple(name for name in BY if name in columns or (name == TOPIC and topics))


def _sided(frame: Any, columns: Sequence[str], *, before: Span, after: Span, keep: Sequence[str]) -> Any:
    """Rows of either period, marked with which, and with the topics each names in one column."""
    topics = [name for name in columns if name.startswith(topic_column(""))]
    wanted = dict.fromkeys(["day", *COUNTING, *keep, *topics])
    missing = [name for name in wanted if name not in (TOPIC, *COUNTING, *columns)]
    if missing:
        raise SchemaError(
            f"drivers need the column {missing[0]!r}, which this frame lacks. It has: {', '.join(columns)}."
        )
    rows = door.narrowed(door.entered(frame), [name for name in wanted if name in columns])
    day = nw.col("day").cast(nw.Date)
    first, second = (day.is_between(nw.lit(a), nw.lit(b)) for a, b in (before, after))
    named = [
        nw.when(nw.col(name).cast(nw.Float64).is_finite())
        .then(nw.lit(name.removeprefix(topic_column("")) + ","))
        .otherwise(nw.lit(""))
        for name in topics
    ]
    side = nw.when(first).then(nw.lit(_BEFORE)).otherwise(nw.lit(_AFTER))
    listed = nw.concat_str(named) if named else nw.lit("")
    return rows.filter(first | second).with_columns(side.alias(_SIDE), listed.alias(_TOPICS)).to_native()


def _parts(
    parts: Sequence[pa.Table], kpi: str, name: str
) -> dict[str, dict[str | None, tuple[float, float]]]:
    """Side → group → (value, n); sets of topics are spread over their topics in equal parts."""
    key = _TOPICS if name == TOPIC else name
    table = finish(merge(*parts), kpis=[kpi], by=[_SIDE, key] if name else [_SIDE])
    if f"{kpi}_n" not in table.column_names:
        raise UsageError(
            f"KPI {kpi!r} is a count, which has no mix and rate. Choose a rate, an index or a mean."
        )
    totals: dict[str, dict[str | None, tuple[float, float]]] = {_BEFORE: {}, _AFTER: {}}
    for row in table.to_pylist():
        group = row.get(key) if name else None
        groups = str(group).rstrip(",").split(",") if name == TOPIC else [group]
        for each in groups:
            label = str(each) if each not in (None, "") else None
            total, n = totals[row[_SIDE]].get(label, (0.0, 0.0))
            size = row[f"{kpi}_n"] / len(groups)
            totals[row[_SIDE]][label] = total + (row[kpi] or 0.0) * size, n + size
    return {
        side: {group: (total / n if n > 0 else 0.0, n) for group, (total, n) in groups.items()}
        for side, groups in totals.items()
    }


def _check_adds_up(
    groups: dict[str, dict[str | None, tuple[float, float]]], whole: dict[str, tuple[float, float]], kpi: str
) -> None:
    for side, (value, _) in whole.items():
        n = sum(size for _, size in groups[side].values())
        mean = sum(part * size for part, size in groups[side].values()) / n
        if abs(mean - value) > 1e-6 * max(1.0, abs(value)):
            raise UsageError(
                f"KPI {kpi!r} of the whole is not the mean of its groups, so it has no mix and rate. "
                "Choose a rate, an index or a mean."
            )
