"""The reasons of an alert: which groups moved it, what the comments say more than before, and which to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from feedback_nlp.kpis import KPIS
from feedback_nlp.records import topic_column
from feedback_nlp.signals.alert import Alert
from feedback_nlp.signals.chart import GUARD
from feedback_nlp.signals.drivers import BY, drivers
from feedback_nlp.signals.effects import Effect
from feedback_nlp.signals.phrases import rising
from feedback_nlp.signals.series import kind_of, last_day

EXAMPLES = 5
PHRASES = 5
EFFECTS = 5
_SMALL = 0.1
_TEXTS = 4000
"""Comments read for phrases at most, a side; where there are more, every k-th."""

Evidence = tuple[str, Any, str]
"""A column, the value of it that comments must have, and the column whose largest values come first."""

_NEGATIVE: Evidence = ("sentiment", "negative", "p_negative")
_POSITIVE: Evidence = ("sentiment", "positive", "p_positive")
_COMPLAINT: Evidence = ("complaint", True, "p_complaint")
_SEVERE: Evidence = ("complaint", True, "severity")
_LEAVING: Evidence = ("leaving", True, "p_negative")
_RETURNING: Evidence = ("returning", True, "p_positive")
_EVIDENCE: dict[str, dict[str, Evidence]] = {
    "complaint_rate": {"up": _COMPLAINT, "down": _POSITIVE},
    "topic_complaint_rate": {"up": _COMPLAINT, "down": _POSITIVE},
    "negative_rate": {"up": _NEGATIVE, "down": _POSITIVE},
    "sentiment_index": {"up": _POSITIVE, "down": _NEGATIVE},
    "polar_index": {"up": _POSITIVE, "down": _NEGATIVE},
    "reputation": {"up": _POSITIVE, "down": _NEGATIVE},
    "topic_index": {"up": _POSITIVE, "down": _NEGATIVE},
    "mean_rating": {"up": _POSITIVE, "down": _NEGATIVE},
    "csat": {"up": _POSITIVE, "down": _NEGATIVE},
    "severity_index": {"up": _SEVERE, "down": _COMPLAINT},
    "critical_rate": {"up": _SEVERE, "down": _COMPLAINT},
    "leaving_rate": {"up": _LEAVING, "down": _POSITIVE},
    "loyalty_index": {"up": _RETURNING, "down": _LEAVING},
    "returning_rate": {"up": _RETURNING, "down": _NEGATIVE},
}
"""KPI → the comments that show which way it went; of other KPIs, all comments do."""

COLUMNS = (
    "id", "text", "lang", "created_at", "sentiment", "complaint", "leaving", "returning", "severity",
    "p_negative", "p_positive", "p_complaint", *(name for name in BY if name != "topic"),
)  # fmt: skip

_NOT_ADDITIVE = ("share_of_voice", "reach_weighted_index", "first_response_hours", "first_response_hours_p90")


def explained(alert: Alert, rows: pa.Table, *, every: str) -> Alert:
    """The alert with its drivers, rising phrases and examples, from the rows that count."""
    inside = _of_group(rows, alert)
    after = (_first_day(alert, every), last_day(alert.period, every))
    before = (alert.baseline[0], min(last_day(alert.baseline[1], every), after[0] - dt.timedelta(days=1)))
    now, was = _between(inside, after), _between(inside, before)
    shown, shown_before = _evidence(now, alert), _evidence(was, alert)
    return replace(
        alert,
        drivers=_drivers(inside, alert, before=before, after=after),
        phrases=tuple(rising(_texts(shown), _texts(shown_before), top=PHRASES)),
        examples=_examples(shown, alert),
    )


def _first_day(alert: Alert, every: str) -> dt.date:
    """The first day whose comments explain the alert: a drift's began some periods ago."""
    first = alert.period
    if alert.rule == "drift":
        for _ in range(GUARD - 1):
            earlier = first - dt.timedelta(days=1)
            while last_day(earlier - dt.timedelta(days=1), every) >= earlier:
                earlier -= dt.timedelta(days=1)
            first = earlier
    return first


def _of_group(rows: pa.Table, alert: Alert) -> pa.Table:
    for name, value in alert.group:
        if name == "topic":
            rows = rows.filter(pc.is_valid(rows[topic_column(str(value))]))
        else:
            column = rows[name].cast(pa.string())
            rows = rows.filter(pc.is_null(column) if value is None else pc.equal(column, value))
    return rows


def _between(rows: pa.Table, span: tuple[dt.date, dt.date]) -> pa.Table:
    day = rows["day"].cast(pa.date32())
    first, last = (pa.scalar(end, pa.date32()) for end in span)
    return rows.filter(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)))


def _sought(alert: Alert) -> Evidence:
    return _EVIDENCE.get(alert.kpi, {}).get(alert.direction, ("", None, ""))


def _evidence(rows: pa.Table, alert: Alert) -> pa.Table:
    """The comments that show what moved the KPI; all, where it counts no label."""
    column, value, _ = _sought(alert)
    return rows.filter(pc.equal(rows[column], value)) if column in rows.column_names else rows


def _examples(rows: pa.Table, alert: Alert) -> tuple[str, ...]:
    order = _sought(alert)[2]
    if "id" not in rows.column_names:
        return ()
    if order in rows.column_names:
        rows = rows.sort_by([(order, "descending")])
    return tuple(str(number) for number in rows["id"].to_pylist()[:EXAMPLES])


def _texts(rows: pa.Table) -> Iterator[tuple[str, str, str]]:
    """(id, text, lang) of the rows, thinned evenly where there are very many."""
    if "text" not in rows.column_names or "id" not in rows.column_names:
        return
    places = np.linspace(0, len(rows), min(len(rows), _TEXTS), endpoint=False).astype(np.int64)
    some = rows.take(pa.array(places, pa.int64()))
    lang = some["lang"].to_pylist() if "lang" in some.column_names else ["mixed"] * len(some)
    for number, text, name in zip(some["id"].to_pylist(), some["text"].to_pylist(), lang, strict=True):
        if text:
            yield str(number), text, name or "mixed"


def _drivers(
    rows: pa.Table, alert: Alert, *, before: tuple[dt.date, dt.date], after: tuple[dt.date, dt.date]
) -> tuple[Effect, ...]:
    """The groups that moved the KPI most in the direction it went, of all the ways to group."""
    if kind_of(alert.kpi) == "count" or KPIS[alert.kpi].per_topic or alert.kpi in _NOT_ADDITIVE:
        return ()
    fixed = {name for name, _ in alert.group}
    topics = any(name.startswith(topic_column("")) for name in rows.column_names)
    by = [
        name
        for name in BY
        if name not in fixed and (name in rows.column_names or (name == "topic" and topics))
    ]
    found = drivers(rows, kpi=alert.kpi, before=before, after=after, by=by)
    listed = [
        effect
        for effects in found.effects.values()
        for effect in effects
        if len(effects) > 1 and effect.group is not None and effect.total * found.change > 0
    ]
    listed.sort(key=lambda effect: -abs(effect.total))
    return tuple(effect for effect in listed[:EFFECTS] if abs(effect.total) >= _SMALL * abs(found.change))
