"""Tables of KPIs side by side, each value with the bar of its interval on one scale a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from feedback_nlp.reports.charts.bars import interval_bar, shared_domain
from feedback_nlp.reports.measures import Measure
from feedback_nlp.reports.numbers import count, interval
from feedback_nlp.reports.rows import Row, Value, kpi_ids, rows
from feedback_nlp.reports.view import View

_ORDER = (
    "complaint_rate",
    "sentiment_index",
    "mean_rating",
    "csat",
    "reputation",
    "loyalty_index",
    "negative_rate",
)
_MOST_KPIS, _MOST_ROWS = 4, 15


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a cell shows it."""

    value: str
    interval: str
    few: bool
    bar: Markup


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads, and rows of (name, number of comments or empty, cells)."""

    title: str
    column: str
    heads: list[str]
    rows: list[tuple[str, str, list[Shown]]]
    note: str = ""


def table_of(
    view: View,
    table: Sequence[Row],
    *,
    column: str,
    kpis: Sequence[str],
    volume: bool,
    title: str = "",
    note: str = "",
) -> Table:
    """The rows of a KPI table in the order given, as cells with bars."""
    measures = [view.measure(kpi) for kpi in kpis]
    cells = {m.id: [view.cell(row, m.id) for row in table] for m in measures}
    within = {m.id: shared_domain([c for c in cells[m.id] if not c.flagged], unit=m.unit) for m in measures}
    shown = [
        (
            view.name(column, row.get(column)),
            count(row.get("volume") or 0, lang=view.lang) if volume else "",
            [_shown(view, cells[m.id][i], m, within[m.id]) for m in measures],
        )
        for i, row in enumerate(table)
    ]
    heads = [view.measure("volume").name] if volume else []
    return Table(
        title, view.say("topic") if column == "topic" else "", heads + [m.name for m in measures], shown, note
    )


def group_tables(view: View) -> list[Table]:
    """One table for each column the comments were grouped by, the largest groups first."""
    found = []
    for column, frame in view.analysis.groups.items():
        table = rows(frame)
        table.sort(key=lambda row: (-(row.get("volume") or 0), str(row.get(column))))
        if not table:
            continue
        kpis = _kpis(view, table)
        cut = len(table) > _MOST_ROWS
        note = view.say("rows_cut", shown=_MOST_ROWS, count=len(table)) if cut else ""
        shown = table[:_MOST_ROWS]
        found.append(
            table_of(
                view, shown, column=column, kpis=kpis, volume=True, title=_title(view, column), note=note
            )
        )
    return found


def _kpis(view: View, table: Sequence[Row]) -> list[str]:
    here = [kpi for kpi in kpi_ids(table[0]) if not kpi.startswith("topic_")]
    ordered = [kpi for kpi in _ORDER if kpi in here] + [kpi for kpi in here if kpi not in _ORDER]
    valued = [kpi for kpi in ordered if any(view.cell(row, kpi).value is not None for row in table)]
    return valued[:_MOST_KPIS]


def _title(view: View, column: str) -> str:
    keys = ("platform", "channel", "brand", "product", "region", "lang")
    return view.say(f"by_{column}") if column in keys else view.say("by_other", column=column)


def _shown(view: View, cell: Value, measure: Measure, within: tuple[float, float]) -> Shown:
    said = view.written(cell, measure.unit)
    tip = view.say("bar_tip", name=measure.name, value=said, n=count(cell.n or 0, lang=view.lang))
    basis = view.basis(cell)
    return Shown(
        value=view.number(cell.value, measure.unit),
        interval=interval(cell, measure.unit),
        few=cell.flagged and cell.value is not None,
        bar=interval_bar(cell, within=within, tip=f"{tip} · {basis}" if basis else tip),
    )
