"""Alerts and drivers, from whatever plain values they are given as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import Any

from feedback_nlp.reports.numbers import difference
from feedback_nlp.reports.rows import day_of
from feedback_nlp.reports.view import View

_GROUPS_OF_ALL: tuple[Any, ...] = (None, "", "all", {}, ())


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert in words."""

    kpi: str
    group: str
    period: str
    line: str
    surprise: str
    drivers: list[str]


@dataclass(frozen=True, slots=True)
class Driver:
    """A part of a change in words."""

    kpi: str
    member: str
    mix: str
    rate: str
    total: str


def alerts(view: View) -> list[Alert]:
    """The alerts in the order given.

    Each has `kpi` and `period`, and where known `group` (text or column → value), `observed`, `low` and `high` (or
    `expected_low`, `expected_high`), `surprise` (text or number) and `drivers` (texts, or values with a `name`).
    """
    return [_alert(view, fields(given)) for given in view.analysis.alerts]


def alert_marks(view: View, kpi: str) -> set[date]:
    """Periods in which an alert fired for a KPI over all comments."""
    found = (fields(given) for given in view.analysis.alerts)
    days = (
        day_of(alert.get("period"))
        for alert in found
        if alert.get("kpi") == kpi and alert.get("group") in _GROUPS_OF_ALL
    )
    return {day for day in days if day is not None}


def drivers(view: View) -> list[Driver]:
    """The parts of a change: each has `kpi`, `group` (text or column → value), `mix`, `rate` and `total`."""
    return [_driver(view, fields(given)) for given in view.analysis.drivers]


def fields(given: Any) -> dict[str, Any]:
    """A mapping or a dataclass as a plain dict."""
    if is_dataclass(given) and not isinstance(given, type):
        return asdict(given)
    return dict(given) if isinstance(given, Mapping) else {"name": str(given)}


def _alert(view: View, given: Mapping[str, Any]) -> Alert:
    measure = view.measure(str(given.get("kpi", "")))
    low, high = given.get("low", given.get("expected_low")), given.get("high", given.get("expected_high"))
    value = view.number(given.get("observed"), measure.unit)
    known = low is not None and high is not None
    ends = {"low": view.number(low, measure.unit), "high": view.number(high, measure.unit)} if known else {}
    period = day_of(given.get("period"))
    return Alert(
        kpi=measure.name,
        group=_group(view, given.get("group")),
        period=view.period(period) if period else "",
        line=view.say("alert_line" if known else "alert_value", value=value, **ends),
        surprise=_surprise(view, given.get("surprise")),
        drivers=[_named(view, driver) for driver in given.get("drivers") or ()],
    )


def _surprise(view: View, value: Any) -> str:
    if value is None or value == "":
        return ""
    return view.say("surprise", value=f"{value:.3g}" if isinstance(value, float) else value)


def _driver(view: View, given: Mapping[str, Any]) -> Driver:
    measure = view.measure(str(given.get("kpi", "")))
    mix, rate, total = (_change(view, given.get(part), measure.unit) for part in ("mix", "rate", "total"))
    return Driver(measure.name, _group(view, given.get("group")), mix, rate, total)


def _change(view: View, value: float | None, unit: str) -> str:
    return "–" if value is None else difference(value, unit, lang=view.lang)


def _named(view: View, given: Any) -> str:
    found = fields(given)
    return str(found.get("name") or _group(view, found.get("group")))


def _group(view: View, group: Any) -> str:
    if group in _GROUPS_OF_ALL:
        return view.say("all_comments")
    if isinstance(group, Mapping):
        return " · ".join(view.name(str(column), value) for column, value in group.items())
    if isinstance(group, Sequence) and not isinstance(group, str):
        return " · ".join(map(str, group))
    return str(group)
