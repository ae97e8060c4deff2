"""What a call of `measure` asks for, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.kpis.base import PERIOD, TOPIC, Derived, Kpi, Sum
from feedback_nlp.kpis.catalogue import HEADLINE, KPIS
from feedback_nlp.kpis.expressions import POLARITY
from feedback_nlp.kpis.periods import window_of
from feedback_nlp.kpis.volume import COMMENTS, VOLUME
from feedback_nlp.records import topic_column


@dataclass(frozen=True, slots=True)
class Allowed:
    """KPIs of which those of the catalogue are measured only where the columns allow; others are asked for."""

    kpis: tuple[Kpi, ...]


Chosen = Sequence[str | Kpi] | str | Allowed | None

COUNTING = ("set_aside", "feedback")
"""Columns that say whether a row counts, where a frame has them."""

_TOPIC_PREFIX = topic_column("")
_ENDS = ("", "_low", "_high", "_n", "_basis", "_labels")
"""What the names of a KPI's columns end in, with and without an audit."""


@dataclass(frozen=True, slots=True)
class Plan:
    """KPIs to compute for each group of `by` and each period of `every`, from a frame's columns."""

    kpis: tuple[Kpi, ...]
    every: str | None
    by: tuple[str, ...]
    topics: tuple[str, ...]
    sums: tuple[Sum, ...]
    counting: tuple[str, ...]
    tz: str | None

    @property
    def by_topic(self) -> bool:
        """Whether groups are split by topic."""
        return TOPIC in self.by

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to read, each once."""
        names = [name for kpi in self.kpis for name in kpi.needs if name != POLARITY]
        day = ["day"] if self.every else []
        groups = [name for name in self.by if name != TOPIC]
        topics = [topic_column(topic) for topic in self.topics]
        return tuple(dict.fromkeys([*self.counting, *day, *groups, *topics, *names]))

    @property
    def derived(self) -> tuple[Derived, ...]:
        """Columns to work out first, in order, each once."""
        return tuple(dict.fromkeys(column for each in self.sums for column in each.derived))

    @property
    def local(self) -> tuple[str, ...]:
        """Columns of times that are read as local ones."""
        return tuple(dict.fromkeys(name for column in self.derived for name in column.local))

    @property
    def keys(self) -> tuple[str, ...]:
        """Key columns of the sums: the period where there is one, then the groups."""
        return ((PERIOD,) if self.every else ()) + self.by


def plan_for(
    columns: Sequence[str], *, kpis: Chosen, every: str | None, by: Sequence[str], tz: str | None = None
) -> Plan:
    """The plan for a frame with these columns.

    Raises:
        UnknownName: a KPI or a period that is not there.
        UsageError: options that cannot be combined.
        SchemaError: a column that a KPI or a group needs is missing.
    """
    groups = grouping(by)
    window_of(every)
    _check_zone(tz)
    topics = [name.removeprefix(_TOPIC_PREFIX) for name in columns if name.startswith(_TOPIC_PREFIX)]
    has = {*columns, *((POLARITY, TOPIC) if topics else ())}
    chosen = [kpi for kpi in chosen_kpis(kpis, groups) if _is_asked(kpi, kpis) or has.issuperset(kpi.needs)]
    plan = Plan(
        kpis=tuple(chosen),
        every=every,
        by=groups,
        topics=tuple(topics) if TOPIC in groups else (),
        sums=shared_sums(chosen),
        counting=tuple(name for name in COUNTING if name in columns),
        tz=tz,
    )
    if TOPIC in groups and not topics:
        raise SchemaError(
            "by='topic' needs topic_<id> columns, which this frame lacks. annotate() adds them."
        )
    check_columns(plan, columns)
    if plan.local and tz is None:
        raise UsageError(
            "business hours are hours of a place, and tz names none. Give its zone, such as tz='Asia/Shanghai' (--tz)."
        )
    return plan


def check_columns(plan: Plan, columns: Sequence[str]) -> None:
    """Check that a frame has every column the plan reads, save those that only say whether a row counts."""
    missing = [name for name in plan.columns if name not in columns and name not in COUNTING]
    if missing:
        users = [kpi.id for kpi in plan.kpis if missing[0] in kpi.needs]
        purpose = f"KPI {users[0]!r}" if users else "every=" if missing[0] == "day" else "by="
        raise SchemaError(
            f"{purpose} needs the column {missing[0]!r}, which this frame lacks. It has: {', '.join(columns)}."
        )


def grouping(by: Sequence[str]) -> tuple[str, ...]:
    """The group columns, checked: each once, and none with the name of a column of the result."""
    names = (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if not isinstance(name, str):
            raise UsageError(
                f"by={name!r} is no name of a column. Name columns by texts, and rename it if it is none."
            )
        taken = name in (PERIOD, "flagged") or name in KPIS or name.startswith((SUM_PREFIX, "__"))
        if taken or names.count(name) > 1:
            why = "names a column of the result or a reserved one" if taken else "is there twice"
            raise UsageError(f"by={name!r} {why}. Rename the column, or leave it out.")
    return names


SUM_PREFIX = "sum_"
"""Begins the name of every sum's column, so that keys and sums of a table can be told apart."""


def chosen_kpis(kpis: Chosen, by: Sequence[str]) -> list[Kpi]:
    """The KPIs asked for: ids and Kpi objects; `Allowed` ones; None for the headline ones, "all" for the catalogue.

    `volume` is always among them.
    """
    asked = spelt_out(kpis)
    if isinstance(asked, Allowed):
        _check_names(asked.kpis, by)
        return [kpi for kpi in asked.kpis if TOPIC in by or not kpi.per_topic]
    chosen = [kpi if isinstance(kpi, Kpi) else _named(kpi) for kpi in asked]
    _check_names(chosen, by)
    alone = [kpi.id for kpi in chosen if kpi.per_topic]
    if alone and TOPIC not in by:
        raise UsageError(f"KPI {alone[0]!r} exists per topic only. Add 'topic' to by.")
    return list({kpi.id: kpi for kpi in (VOLUME, *_distinct(chosen))}.values())


def spelt_out(kpis: Chosen) -> Allowed | Sequence[str | Kpi]:
    """What None, "all" and a single id are short for."""
    if kpis is None:
        return Allowed(tuple(KPIS[name] for name in HEADLINE))
    if kpis == "all":
        return Allowed(tuple(KPIS.values()))
    return [kpis] if isinstance(kpis, str) else kpis


def _check_names(kpis: Sequence[Kpi], by: Sequence[str]) -> None:
    taken = {kpi.id + end: kpi.id for kpi in kpis for end in _ENDS}
    for name in by:
        if name in taken:
            raise UsageError(
                f"by={name!r} names a column of KPI {taken[name]!r}. Rename the column, or leave it out."
            )


def _check_zone(tz: str | None) -> None:
    if tz is None:
        return
    try:
        ZoneInfo(tz)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise UsageError(
            f"tz={tz!r} is no time zone. Give an IANA name, such as 'Asia/Shanghai' or 'UTC'."
        ) from None


def _is_asked(kpi: Kpi, kpis: Chosen) -> bool:
    return not isinstance(spelt_out(kpis), Allowed) or KPIS.get(kpi.id) is not kpi


def _named(name: str) -> Kpi:
    if not isinstance(name, str) or name not in KPIS:
        raise UnknownName("KPI", str(name), KPIS)
    return KPIS[name]


def _distinct(kpis: Sequence[Kpi]) -> Sequence[Kpi]:
    seen: dict[str, Kpi] = {}
    for kpi in kpis:
        if seen.setdefault(kpi.id, kpi) is not kpi:
            raise UsageError(f"two different KPIs have the id {kpi.id!r}. Give one of them another id.")
    return kpis


def shared_sums(kpis: Sequence[Kpi]) -> tuple[Sum, ...]:
    """Every sum the KPIs need, each once.

    Raises:
        UsageError: two KPIs define one sum name differently; the message names both.
    """
    owners: dict[str, tuple[Kpi, Sum]] = {COMMENTS.name: (VOLUME, COMMENTS)}
    for kpi in kpis:
        for each in kpi.sums:
            owner, same = owners.setdefault(each.name, (kpi, each))
            if same is not each:
                raise UsageError(
                    f"KPIs {owner.id!r} and {kpi.id!r} both define the sum {each.name!r}, differently. "
                    "Share one Sum object, or give one of them another name."
                )
    return tuple(each for _, each in owners.values())
