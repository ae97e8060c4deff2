"""A count over time, as columns from zero."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from feedback_nlp.reports.charts.frame import axes, frame_of
from feedback_nlp.reports.charts.lines import hit
from feedback_nlp.reports.charts.points import Point
from feedback_nlp.reports.charts.svg import drawing, tag


def columns(
    points: Sequence[Point],
    *,
    every: str | None,
    lang: str,
    label: str,
    width: float = 720,
    height: float = 240,
) -> Markup:
    """The chart; empty markup where there are no points. `points` are in order of time."""
    if not points:
        return Markup("")
    values = [point.value.value or 0.0 for point in points]
    frame = frame_of(points, [0.0, *values], unit="comments", every=every, width=width, height=height)
    thick = min(max(frame.slot * 0.72, 0.8), 48)
    bars = (
        tag(
            "rect",
            x=frame.at(point.at) - thick / 2,
            y=frame.y(value),
            width=thick,
            height=frame.y(0) - frame.y(value),
            class_="column few" if point.value.flagged else "column",
        )
        for point, value in zip(points, values, strict=True)
    )
    return drawing(
        *axes(frame, points, unit="comments", every=every, lang=lang),
        *bars,
        *(hit(frame, point) for point in points),
        width=width,
        height=height,
        label=label,
        class_="chart",
    )
