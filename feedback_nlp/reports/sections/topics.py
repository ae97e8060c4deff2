"""Topics: the table, and how each runs over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feedback_nlp.kpis.periods import CALENDAR
from feedback_nlp.reports.charts.strips import Cell, strip
from feedback_nlp.reports.periods import after, day_name
from feedback_nlp.reports.periods import span as day_span
from feedback_nlp.reports.rows import Row, by_key, day_of, rows
from feedback_nlp.reports.sections.tables import Table, table_of
from feedback_nlp.reports.view import View

_MOST_COLUMNS = 120
_INDEXES = ("topic_index", "sentiment_index")
_COMPLAINTS = ("topic_complaint_rate", "complaint_rate")


@dataclass(frozen=True, slots=True)
class Strips:
    """Topics over time: (name, picture) a topic, and the words of the axis."""

    items: list[tuple[str, Markup]]
    ends: tuple[str, str]
    highest: str
    note: str


def topic_table(view: View) -> Table | None:
    """Share, complaint rate and index of each topic, the most named first."""
    table = [row for row in rows(view.analysis.topics) if row.get("topic") is not None]
    if not table:
        return None
    kpis = [k for k in ("topic_share", _first(table[0], _COMPLAINTS), _first(table[0], _INDEXES)) if k]
    table.sort(key=lambda row: (-(view.cell(row, "topic_share").value or 0.0), str(row["topic"])))
    named = [row for row in table if view.cell(row, "topic_share").value or row.get("volume")]
    rest = [view.name("topic", row["topic"]) for row in table if row not in named]
    return table_of(
        view,
        named,
        column="topic",
        kpis=[k for k in kpis if f"{k}_n" in table[0]],
        volume=False,
        note=view.say("not_named", topics=view.say("list").join(rest)) if rest else "",
    )


def strips(view: View) -> Strips | None:
    """The topics over time, in the order of the table; None with fewer than two periods."""
    table = [{**row, "period": day_of(row.get("period"))} for row in rows(view.analysis.topics_by_period)]
    table = [row for row in table if row["period"] is not None and row.get("topic") is not None]
    days = _every_period({row["period"] for row in table}, view.every)
    if len(days) < 2:
        return None
    size = -(-len(days) // _MOST_COLUMNS)
    bins = [days[i : i + size] for i in range(0, len(days), size)]
    by_topic = {topic: _cells(view, topic, found, bins) for topic, found in by_key(table, "topic").items()}
    highest = max((cell.share or 0.0 for cells in by_topic.values() for cell in cells.values()), default=0.0)
    if not highest:
        return None
    starts = [group[0] for group in bins]
    items = [
        (name, strip(by_topic[topic], starts, highest=highest, label=view.say("strip_label", topic=name)))
        for topic in _ordered(view, by_topic)
        if any(cell.share for cell in by_topic[topic].values())
        for name in [view.name("topic", topic)]
    ]
    note = view.say("pooled", count=size) if size > 1 else ""
    ends = (_end(view, days[0]), _end(view, days[-1]))
    return Strips(items, ends, view.number(highest, "share"), note)


def _every_period(days: set[date], every: str | None) -> list[date]:
    """The periods from the first to the last, those without comments among them; overlapping ones as they are."""
    if every not in CALENDAR or not days:
        return sorted(days)
    found = [min(days)]
    while found[-1] < max(days):
        found.append(after(found[-1], every))
    return found


def _ordered(view: View, by_topic: dict[str, dict[date, Cell]]) -> list[str]:
    overall = {
        row.get("topic"): view.cell(row, "topic_share").value or 0.0 for row in rows(view.analysis.topics)
    }
    return sorted(by_topic, key=lambda topic: (-overall.get(topic, 0.0), str(topic)))


def _cells(view: View, topic: str, table: Sequence[Row], bins: Sequence[list[date]]) -> dict[date, Cell]:
    by_day = {row["period"]: row for row in table}
    name = view.name("topic", topic)
    cells = {}
    for days in bins:
        found = [by_day[day] for day in days if day in by_day]
        if found:
            cells[days[0]] = _cell(view, name, days, found)
    return cells


def _cell(view: View, name: str, days: list[date], found: Sequence[Row]) -> Cell:
    share, n = _pooled(view, found, "topic_share")
    index, _ = _pooled(view, found, _first(found[0], _INDEXES) or _INDEXES[0])
    last = days[-1]
    period = view.period(last) if len(days) == 1 else day_span(days[0], last, view.every, lang=view.lang)
    tip = view.say(
        "strip_tip",
        topic=name,
        period=period,
        share=view.number(share, "share"),
        index=view.number(index, "index"),
    )
    return Cell(share, index, tip, flagged=n < view.analysis.settings.min_n)


def _pooled(view: View, found: Sequence[Row], kpi: str) -> tuple[float | None, int]:
    """Value over several periods, each weighted by its denominator: exact for shares and indexes."""
    cells = [view.cell(row, kpi) for row in found]
    known = [(cell.value, cell.n) for cell in cells if cell.value is not None and cell.n]
    n = sum(size for _, size in known)
    return (sum(value * size for value, size in known) / n if n else None), n


def _first(row: Row, kpis: Sequence[str]) -> str | None:
    return next((kpi for kpi in kpis if f"{kpi}_n" in row), None)


def _end(view: View, day: date) -> str:
    return view.period(day) if view.every in {"month", "quarter"} else day_name(day, lang=view.lang)
