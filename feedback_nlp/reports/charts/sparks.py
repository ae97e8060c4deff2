"""A KPI over time in the size of a word: line and band, no axes."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from feedback_nlp.reports.charts.frame import LIMITS
from feedback_nlp.reports.charts.points import Point, extent, firm, runs
from feedback_nlp.reports.charts.scales import Scale, domain
from feedback_nlp.reports.charts.svg import drawing, path, tag

_WIDTH, _HEIGHT, _PAD = 200.0, 36.0, 3.0


def spark(points: Sequence[Point], *, unit: str, every: str | None, label: str) -> Markup:
    """The line, stretched to its box; empty markup where no two periods with a value are neighbours."""
    known = [point for point in firm(points) if point.value.value is not None]
    if all(len(stretch) < 2 for stretch in runs(known, every)):
        return Markup("")
    floor, ceiling = LIMITS.get(unit, (None, None))
    low, high = domain(extent(known), floor=floor, ceiling=ceiling)
    y = Scale(low, high, _HEIGHT - _PAD, _PAD)
    x = Scale(known[0].at.toordinal(), known[-1].at.toordinal(), 0, _WIDTH)
    drawn: list[Markup] = []
    for stretch in runs(known, every):
        line = [(x(p.at.toordinal()), y(p.value.value or 0.0)) for p in stretch]
        upper = [(x(p.at.toordinal()), y(_or(p.value.high, p))) for p in stretch]
        lower = [(x(p.at.toordinal()), y(_or(p.value.low, p))) for p in reversed(stretch)]
        drawn.append(tag("path", d=path(upper + lower, closed=True), class_="band"))
        drawn.append(tag("path", d=path(line), class_="line"))
    return drawing(*drawn, width=_WIDTH, height=_HEIGHT, label=label, class_="spark", stretch=True)


def _or(end: float | None, point: Point) -> float:
    return end if end is not None else point.value.value or 0.0
