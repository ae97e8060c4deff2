"""A KPI over time: its line, the band of its interval, and hollow points where there are few comments."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from feedback_nlp.reports.charts.frame import Frame, axes, frame_of
from feedback_nlp.reports.charts.points import Point, extent, firm, runs
from feedback_nlp.reports.charts.svg import drawing, path, tag

_DOTS_UP_TO = 60


def lines(
    points: Sequence[Point],
    *,
    unit: str,
    every: str | None,
    lang: str,
    label: str,
    width: float = 720,
    height: float = 240,
) -> Markup:
    """The chart; empty markup where no point has a value. `points` are in order of time."""
    if not any(point.value.value is not None for point in points):
        return Markup("")
    frame = frame_of(points, extent(points), unit=unit, every=every, width=width, height=height)
    stretches = runs(points, every)
    dots = len(points) <= _DOTS_UP_TO
    return drawing(
        *axes(frame, points, unit=unit, every=every, lang=lang),
        *(_band(frame, stretch) for stretch in runs(firm(points), every)),
        *(_whisker(frame, p) for s in stretches for p in s if p.value.flagged),
        *(_line(frame, stretch) for stretch in stretches if len(stretch) > 1),
        *(_dot(frame, p) for s in stretches for p in s if dots or p.value.flagged or p.marked or len(s) == 1),
        *(hit(frame, point) for point in points),
        width=width,
        height=height,
        label=label,
        class_="chart",
    )


def hit(frame: Frame, point: Point) -> Markup:
    """The invisible full-height target of a period, which holds what is said of it."""
    x, slot = frame.at(point.at) - frame.slot / 2, frame.slot
    top, base = frame.y.end, frame.y.start
    return tag("rect", tag("title", point.tip), x=x, y=top, width=slot, height=base - top, class_="hit")


def _band(frame: Frame, stretch: Sequence[Point]) -> Markup:
    if len(stretch) == 1:
        return _whisker(frame, stretch[0])
    spans = [(frame.at(p.at), *_ends(frame, p)) for p in stretch]
    upper = [(x, high) for x, _, high in spans]
    lower = [(x, low) for x, low, _ in reversed(spans)]
    return tag("path", d=path(upper + lower, closed=True), class_="band")


def _whisker(frame: Frame, point: Point) -> Markup:
    x, (low, high) = frame.at(point.at), _ends(frame, point)
    return tag("line", x1=x, x2=x, y1=low, y2=high, class_="span few" if point.value.flagged else "span")


def _ends(frame: Frame, point: Point) -> tuple[float, float]:
    cell = point.value
    middle = cell.value if cell.value is not None else 0.0
    return frame.y(middle if cell.low is None else cell.low), frame.y(
        middle if cell.high is None else cell.high
    )


def _line(frame: Frame, stretch: Sequence[Point]) -> Markup:
    return tag("path", d=path([_place(frame, p) for p in stretch]), class_="line")


def _dot(frame: Frame, point: Point) -> Markup:
    x, y = _place(frame, point)
    kind = "dot" + (" few" if point.value.flagged else "") + (" marked" if point.marked else "")
    return tag("circle", cx=x, cy=y, r=4.5 if point.marked else 3, class_=kind)


def _place(frame: Frame, point: Point) -> tuple[float, float]:
    return frame.at(point.at), frame.y(point.value.value or 0.0)
