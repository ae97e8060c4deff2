"""The points of a series in time, and where it must not be joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedback_nlp.reports.periods import after
from feedback_nlp.reports.rows import Value


@dataclass(frozen=True, slots=True)
class Point:
    """A KPI in one period; `at` is the period's start, `tip` what is said of it. `marked` where an alert fired."""

    at: date
    value: Value
    tip: str
    marked: bool = False


def runs(points: Sequence[Point], every: str | None) -> list[list[Point]]:
    """Stretches of points with a value in neighbouring periods; a missing period or value ends a stretch."""
    found: list[list[Point]] = []
    expected: date | None = None
    for point in points:
        if point.value.value is not None:
            if found and point.at == expected:
                found[-1].append(point)
            else:
                found.append([point])
            expected = after(point.at, every)
    return found


def firm(points: Sequence[Point]) -> list[Point]:
    """The points that are not flagged: those whose interval is part of the band."""
    return [point for point in points if not point.value.flagged]


def extent(points: Sequence[Point]) -> list[float]:
    """Values the vertical axis must hold: every value, and the intervals of points that are not flagged."""
    held: list[float] = []
    for point in points:
        cell = point.value
        held += [cell.value] if cell.value is not None else []
        held += [v for v in (cell.low, cell.high) if v is not None and not cell.flagged]
    return held
