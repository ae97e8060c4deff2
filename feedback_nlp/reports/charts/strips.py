"""A topic over time in one row: height says how much it is talked about, colour how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feedback_nlp.reports.charts.scales import Scale
from feedback_nlp.reports.charts.svg import drawing, tag

_WIDTH, _HEIGHT = 1000.0, 40.0
GRADES = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """A topic in one period: its share of the comments, its polarity index (−100..100) and what is said of it."""

    share: float | None
    index: float | None
    tip: str
    flagged: bool = False


def grade(index: float | None, *, span: float = 75.0) -> str:
    """The class of a colour: g0 (worst) to g6 (best), g3 around zero; `span` and beyond is the strongest. gx unknown."""
    if index is None:
        return "gx"
    part = (min(max(index / span, -1.0), 1.0) + 1) / 2
    return f"g{min(int(part * GRADES), GRADES - 1)}"


def strip(cells: Mapping[date, Cell], periods: Sequence[date], *, highest: float, label: str) -> Markup:
    """The row, one slot for each of `periods`, stretched to its box; `highest` is the share drawn at full height."""
    y = Scale(0, highest, 0, _HEIGHT)
    slot = _WIDTH / max(len(periods), 1)
    gap = min(slot * 0.16, 4)
    drawn = []
    for place, period in enumerate(periods):
        cell = cells.get(period)
        if cell is not None and cell.share:
            tall = max(y(cell.share), 1.5)
            drawn.append(
                tag(
                    "rect",
                    tag("title", cell.tip),
                    x=place * slot + gap / 2,
                    y=_HEIGHT - tall,
                    width=slot - gap,
                    height=tall,
                    class_=f"mark {grade(cell.index)}" + (" few" if cell.flagged else ""),
                )
            )
    return drawing(*drawn, width=_WIDTH, height=_HEIGHT, label=label, class_="strip", stretch=True)
