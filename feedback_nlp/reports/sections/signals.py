"""Alerts and drivers in words, from the values of `signals` or any mappings and dataclasses of the same names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import Any

from feedback_nlp.reports import periods
from feedback_nlp.reports.numbers import count, difference
from feedback_nlp.reports.plain import cut
from feedback_nlp.reports.rows import day_of
from feedback_nlp.reports.view import View

_MOST_REASONS, _MOST_EFFECTS = 5, 8


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert in words."""

    kpi: str
    group: str
    period: str
    line: str
    surprise: str
    drivers: list[str]
    phrases: list[str]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a KPI and what it is made of: (group, mix, rate, total), the largest first for each way of grouping."""

    title: str
    parts: list[tuple[str, str, str, str]]


def alerts(view: View) -> list[Alert]:
    """The alerts in the order given.

    Each has `kpi` and `period`, and where known `group` (column → value), `observed`, `low` and `high` (the expected
    range), `p` or `surprise` (its words), `rule`, `drivers` (effects, or texts) and `phrases`.
    """
    return [_alert(view, fields(given)) for given in view.analysis.alerts]


def alert_marks(view: View, kpi: str) -> set[date]:
    """Periods in which an alert fired for a KPI over all comments."""
    found = (fields(given) for given in view.analysis.alerts)
    days = (day_of(a.get("period")) for a in found if a.get("kpi") == kpi and not a.get("group"))
    return {day for day in days if day is not None}


def drivers(view: View) -> list[Change]:
    """The changes in the order given: each has `kpi`, `before`, `after` and `effects` (column → parts of the change)."""
    return [_change(view, fields(given)) for given in view.analysis.drivers]


def fields(given: Any) -> dict[str, Any]:
    """A value as a plain dict: by its own `to_dict`, or as a dataclass, or a mapping; a text becomes its `name`."""
    if hasattr(given, "to_dict"):
        return dict(given.to_dict())
    if is_dataclass(given) and not isinstance(given, type):
        return asdict(given)
    return dict(given) if isinstance(given, Mapping) else {"name": str(given)}


def _alert(view: View, given: Mapping[str, Any]) -> Alert:
    measure = view.measure(str(given.get("kpi", "")))
    period = day_of(given.get("period"))
    return Alert(
        kpi=measure.name,
        group=_group(view, given.get("group")),
        period=view.period(period) if period else "",
        line=_line(view, given, measure.unit),
        surprise=_surprise(view, given),
        drivers=[_effect(view, fields(each), measure.unit) for each in _first(given.get("drivers"))],
        phrases=[_phrase(view, fields(each)) for each in _first(given.get("phrases"))],
    )


def _line(view: View, given: Mapping[str, Any], unit: str) -> str:
    value, low, high = (given.get(name) for name in ("observed", "low", "high"))
    if low is None or high is None:
        return view.say("alert_value", value=view.number(value, unit))
    ends = {"low": view.number(low, unit), "high": view.number(high, unit)}
    return view.say("alert_line", value=view.number(value, unit), **ends)


def _surprise(view: View, given: Mapping[str, Any]) -> str:
    told = [str(given["surprise"])] if given.get("surprise") else []
    p = given.get("p")
    if p is not None and not told:
        once = min(1 / p, 1e9) if p > 0 else 1e9
        told.append(view.say("alert_p", n=count(float(f"{once:.2g}"), lang=view.lang)))
    if given.get("rule") == "drift":
        told.append(view.say("alert_drift"))
    return view.say("semicolon").join(told)


def _effect(view: View, given: Mapping[str, Any], unit: str) -> str:
    if given.get("name"):
        return str(given["name"])
    total = given.get("total")
    name = view.name(str(given.get("by", "")), given.get("group"))
    return f"{name} {difference(total, unit, lang=view.lang)}" if total is not None else name


def _phrase(view: View, given: Mapping[str, Any]) -> str:
    words = cut(str(given.get("phrase") or given.get("name") or ""), width=40)[0]
    before, after = given.get("count_before"), given.get("count_after")
    if before is None or after is None:
        return f"“{words}”"
    return f"“{words}” {count(before, lang=view.lang)} → {count(after, lang=view.lang)}"


def _change(view: View, given: Mapping[str, Any]) -> Change:
    measure = view.measure(str(given.get("kpi", "")))
    before, after = given.get("before"), given.get("after")
    title = measure.name
    if before is not None and after is not None:
        moved = difference(after - before, measure.unit, lang=view.lang)
        ends = f"{view.number(before, measure.unit)} → {view.number(after, measure.unit)}"
        title = view.say("driver_title", name=measure.name, ends=ends, change=moved)
        title += _days(view, given)
    parts = [
        _part(view, {"by": by, **fields(each)}, measure.unit)
        for by, effects in given.get("effects", {}).items()
        for each in list(effects)[:_MOST_EFFECTS]
    ]
    return Change(title, parts)


def _days(view: View, given: Mapping[str, Any]) -> str:
    """The days that were held against each other, where they are known."""
    spans = [[day_of(day) for day in given.get(name) or ()] for name in ("days_before", "days_after")]
    known = [(first, last) for first, last in (span for span in spans if len(span) == 2) if first and last]
    if len(known) < 2:
        return ""
    before, after = (periods.span(first, last, None, lang=view.lang) for first, last in known)
    return view.say("driver_days", before=before, after=after)


def _part(view: View, given: Mapping[str, Any], unit: str) -> tuple[str, str, str, str]:
    mix, rate = given.get("mix") or 0.0, given.get("rate") or 0.0
    name = view.name(str(given["by"]), given.get("group"))
    parts = [difference(size, unit, lang=view.lang) for size in (mix, rate, mix + rate)]
    return f"{view.title_of(str(given['by']))}{view.say('colon')}{name}", parts[0], parts[1], parts[2]


def _group(view: View, group: Any) -> str:
    """The group's name; groups are column → value, or pairs of them, or a text."""
    if not group:
        return view.say("all_comments")
    if isinstance(group, str):
        return group
    pairs = group.items() if isinstance(group, Mapping) else group
    return " · ".join(view.name(str(column), value) for column, value in pairs)


def _first(given: Sequence[Any] | None) -> list[Any]:
    return list(given or ())[:_MOST_REASONS]
