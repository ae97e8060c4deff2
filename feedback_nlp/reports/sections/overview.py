"""The tiles at the top and the charts over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from feedback_nlp.reports.charts.bars import interval_bar, shared_domain
from feedback_nlp.reports.charts.columns import columns
from feedback_nlp.reports.charts.frame import LIMITS
from feedback_nlp.reports.charts.lines import lines
from feedback_nlp.reports.charts.points import Point
from feedback_nlp.reports.charts.sparks import spark
from feedback_nlp.reports.measures import Measure
from feedback_nlp.reports.numbers import count, interval
from feedback_nlp.reports.rows import Row, Value, kpi_ids
from feedback_nlp.reports.sections.signals import alert_marks
from feedback_nlp.reports.view import View

LEAD = "complaint_rate"
_TABLE_PERIODS = 200


@dataclass(frozen=True, slots=True)
class Tile:
    """A KPI at a glance."""

    name: str
    value: str
    interval: str
    n: str
    few: bool
    basis: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Chart:
    """A KPI over time. `narrow` is the same chart for small screens, empty where one size serves."""

    name: str
    definition: str
    picture: Markup
    narrow: Markup | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The values behind the charts, as a table; `note` says where rows were left out."""

    head: list[str]
    body: list[list[str]]
    note: str


def shown_kpis(row: Row) -> list[str]:
    """KPIs of a table without those of a topic, the lead first."""
    ids = [kpi for kpi in kpi_ids(row) if not kpi.startswith("topic_")]
    return sorted(ids, key=lambda kpi: kpi != LEAD)


def tiles(view: View) -> list[Tile]:
    """One tile a KPI that has a value, the number of comments first."""
    overall, table = view.overall(), view.by_period()
    if not overall:
        return []
    volume = view.measure("volume")
    picture = spark(_points(view, table, volume), unit="comments", every=view.every, label=volume.name)
    said = count(overall.get("volume") or 0, lang=view.lang)
    found = [Tile(volume.name, said, "", "", False, "", picture)]
    for kpi in shown_kpis(overall):
        cell, measure = view.cell(overall, kpi), view.measure(kpi)
        if cell.value is not None:
            found.append(_tile(view, table, cell, measure))
    return found


def charts(view: View) -> list[Chart]:
    """The lead KPI large, then the others and the number of comments small; none with fewer than two periods."""
    table = view.by_period()
    if len(table) < 2:
        return []
    found = []
    for place, kpi in enumerate(shown_kpis(table[-1])):
        measure = view.measure(kpi)
        points = _points(view, table, measure)
        sizes = ((1080.0, 300.0), (340.0, 230.0)) if place == 0 else ((340.0, 190.0),)
        drawn = [_line_chart(view, points, measure, *size) for size in sizes]
        if drawn[0]:
            found.append(Chart(measure.name, measure.definition, drawn[0], *drawn[1:]))
    volume = view.measure("volume")
    picture = columns(
        _points(view, table, volume),
        every=view.every,
        lang=view.lang,
        label=_label(view, volume, len(table)),
        width=340,
        height=190,
    )
    return [*found, Chart(volume.name, volume.definition, picture)]


def numbers(view: View) -> Numbers | None:
    """The table behind the charts, its last periods first cut off to what a page bears."""
    table = view.by_period()
    if not table:
        return None
    kpis = shown_kpis(table[-1])
    measures = [view.measure(kpi) for kpi in kpis]
    shown = table[-_TABLE_PERIODS:]
    body = [
        [
            view.period(row["period"]),
            count(row.get("volume") or 0, lang=view.lang),
            *(view.written(view.cell(row, m.id), m.unit) for m in measures),
        ]
        for row in shown
    ]
    head = [view.say("period"), view.measure("volume").name, *(m.name for m in measures)]
    cut = len(shown) < len(table)
    return Numbers(head, body, view.say("numbers_cut", shown=len(shown), count=len(table)) if cut else "")


def _tile(view: View, table: Sequence[Row], cell: Value, measure: Measure) -> Tile:
    picture = spark(_points(view, table, measure), unit=measure.unit, every=view.every, label=measure.name)
    if not picture:
        within = _whole(measure) or shared_domain([cell], unit=measure.unit)
        picture = interval_bar(cell, within=within, tip=view.written(cell, measure.unit))
    return Tile(
        name=measure.name,
        value=view.number(cell.value, measure.unit),
        interval=interval(cell, measure.unit),
        n=view.say("n_comments", n=count(cell.n or 0, lang=view.lang)),
        few=cell.flagged,
        basis=view.basis(cell),
        picture=picture,
    )


def _whole(measure: Measure) -> tuple[float, float] | None:
    """The whole range of the unit, where a lone value reads best within it; shares are often small, so not they."""
    low, high = LIMITS.get(measure.unit, (None, None))
    return None if measure.unit == "share" or low is None or high is None else (low, high)


def _line_chart(view: View, points: Sequence[Point], measure: Measure, width: float, height: float) -> Markup:
    return lines(
        points,
        unit=measure.unit,
        every=view.every,
        lang=view.lang,
        label=_label(view, measure, len(points)),
        width=width,
        height=height,
    )


def _label(view: View, measure: Measure, periods: int) -> str:
    return view.say("chart_label", name=measure.name, span=view.span(), count=periods)


def _points(view: View, table: Sequence[Row], measure: Measure) -> list[Point]:
    marks = alert_marks(view, measure.id)
    return [
        Point(row["period"], cell, _tip(view, row, cell, measure), row["period"] in marks)
        for row in table
        for cell in [_cell(view, row, measure.id)]
    ]


def _cell(view: View, row: Row, kpi: str) -> Value:
    if kpi != "volume":
        return view.cell(row, kpi)
    volume = row.get("volume")
    few = volume is not None and volume < view.analysis.settings.min_n
    return Value(None if volume is None else float(volume), flagged=few)


def _tip(view: View, row: Row, cell: Value, measure: Measure) -> str:
    period = view.period(row["period"])
    if cell.value is None:
        return f"{period}{view.say('colon')}{view.say('no_value')}"
    value = view.written(cell, measure.unit)
    if measure.id == "volume":
        return view.say("count_tip", period=period, value=value)
    said = view.say("point_tip", period=period, value=value, n=count(cell.n or 0, lang=view.lang))
    few = view.say("few", min_n=view.analysis.settings.min_n)
    return f"{said} · {few}" if cell.flagged else said
