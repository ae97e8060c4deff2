"""The frame of a chart in time: its two scales, the grid, the axes and their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feedback_nlp.reports.charts.dates import date_ticks
from feedback_nlp.reports.charts.points import Point
from feedback_nlp.reports.charts.scales import Scale, domain, ticks
from feedback_nlp.reports.charts.svg import tag
from feedback_nlp.reports.periods import after

LIMITS: dict[str, tuple[float | None, float | None]] = {
    "share": (0.0, 1.0),
    "index": (-100.0, 100.0),
    "points": (-200.0, 200.0),
    "stars": (1.0, 5.0),
    "severity": (0.0, 3.0),
    "count": (0.0, None),
    "comments": (0.0, None),
    "hours": (0.0, None),
}
_SHIFT = {"start": 0.0, "middle": 0.5, "end": 1.0}
_TOP, _BOTTOM, _RIGHT = 10, 24, 12


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart's box. `x` maps day ordinals, `y` values; `slot` is the width of one period."""

    x: Scale
    y: Scale
    width: float
    height: float
    slot: float

    def at(self, day: date) -> float:
        """Horizontal place of a day."""
        return self.x(day.toordinal())


def frame_of(
    points: Sequence[Point],
    values: Sequence[float],
    *,
    unit: str,
    every: str | None,
    width: float,
    height: float,
) -> Frame:
    """A frame wide enough for every period in full, with points at the middle of their slots."""
    floor, ceiling = LIMITS.get(unit, (None, None))
    low, high = domain(values, floor=floor, ceiling=ceiling)
    y = Scale(low, high, height - _BOTTOM, _TOP)
    left = 10 + max(_wide(_level_word(tick, y, unit, "zh")) for tick in _levels(y))
    first, last = points[0].at, points[-1].at
    days = max((after(last, every) - first).days, 1)
    slot = (width - _RIGHT - left) * min((after(last, every) - last).days, days) / days
    x = Scale(first.toordinal(), last.toordinal(), left + slot / 2, width - _RIGHT - slot / 2)
    return Frame(x=x, y=y, width=width, height=height, slot=slot)


def axes(frame: Frame, points: Sequence[Point], *, unit: str, every: str | None, lang: str) -> list[Markup]:
    """Grid lines and words of both axes."""
    left, right = frame.x.start - frame.slot / 2, frame.width - _RIGHT
    base = frame.height - _BOTTOM
    drawn: list[Markup] = []
    for level in _levels(frame.y):
        y = frame.y(level)
        kind = "zero" if level == 0 else "grid"
        drawn.append(tag("line", x1=left, x2=right, y1=y, y2=y, class_=kind))
        words = _level_word(level, frame.y, unit, lang)
        drawn.append(tag("text", words, x=left - 6, y=y + 4, class_="tick end"))
    taken = 0.0
    for day, words in _days(frame, points, every=every, lang=lang):
        x = frame.at(day)
        side = "start" if x - left < 16 else "end" if right - x < 16 else "middle"
        start = x - _SHIFT[side] * _wide(words)
        if start < taken:
            continue
        taken = start + _wide(words) + 6
        drawn.append(tag("line", x1=x, x2=x, y1=base, y2=base + 4, class_="axis"))
        drawn.append(tag("text", words, x=x, y=base + 17, class_=f"tick {side}"))
    return drawn


def _wide(words: str) -> float:
    """About how many pixels the words take."""
    return sum(12.0 if ord(letter) > 0x2E80 else 6.6 for letter in words)


def _levels(y: Scale) -> list[float]:
    return ticks(y.low, y.high, most=5 if abs(y.end - y.start) > 110 else 4)


def _level_word(level: float, y: Scale, unit: str, lang: str) -> str:
    """A level with as many decimals as the step between levels needs, no more."""
    factor = 100 if unit == "share" else 1
    step = factor * _step(y)
    decimals = next((d for d in range(4) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 4)
    sign = "+" if unit in {"index", "points"} and level > 0 else ""
    sign = "−" if level < 0 else sign
    mark = {"share": "%", "hours": " 小时" if lang == "zh" else " h"}.get(unit, "")
    return f"{sign}{abs(factor * level):,.{decimals}f}{mark}"


def _step(y: Scale) -> float:
    levels = _levels(y)
    return levels[1] - levels[0] if len(levels) > 1 else 1.0


def _days(frame: Frame, points: Sequence[Point], *, every: str | None, lang: str) -> list[tuple[date, str]]:
    first, last = points[0].at, points[-1].at
    room = frame.width - frame.x.start
    return date_ticks(first, last, every=every, room=room, lang=lang)
