"""Values side by side: interval bars for tables, parts of a whole, and the steps from rows read to rows counted."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from feedback_nlp.reports.charts.frame import LIMITS
from feedback_nlp.reports.charts.scales import Scale, domain
from feedback_nlp.reports.charts.svg import drawing, tag
from feedback_nlp.reports.rows import Value

_LONG, _TALL = 160.0, 18.0


def shared_domain(values: Sequence[Value], *, unit: str) -> tuple[float, float]:
    """One range for a column of interval bars, from zero for shares and through zero for indexes."""
    floor, ceiling = LIMITS.get(unit, (None, None))
    held = [v for cell in values for v in (cell.value, cell.low, cell.high) if v is not None]
    if unit in {"share", "index", "points", "count", "comments"}:
        held.append(0.0)
    return domain(held, floor=floor, ceiling=ceiling)


def interval_bar(cell: Value, *, within: tuple[float, float], tip: str) -> Markup:
    """A dot on the line of its interval; hollow where there are few comments. Empty markup without a value."""
    if cell.value is None:
        return Markup("")
    x = Scale(*within, 5, _LONG - 5)
    middle = _TALL / 2
    low, high = (x(cell.value if end is None else end) for end in (cell.low, cell.high))
    zero = (
        (tag("line", x1=x(0), x2=x(0), y1=0, y2=_TALL, class_="zero"),) if within[0] <= 0 <= within[1] else ()
    )
    return drawing(
        tag("title", tip),
        tag("line", x1=0, x2=_LONG, y1=middle, y2=middle, class_="grid"),
        *zero,
        *_from_zero(x, cell.value, within),
        tag("line", x1=low, x2=max(high, low + 1), y1=middle, y2=middle, class_="span"),
        tag("circle", cx=x(cell.value), cy=middle, r=4, class_="dot few" if cell.flagged else "dot"),
        width=_LONG,
        height=_TALL,
        label=tip,
        class_="interval",
    )


def _from_zero(x: Scale, value: float, within: tuple[float, float]) -> tuple[Markup, ...]:
    if not within[0] <= 0 <= within[1]:
        return ()
    left, right = sorted((x(0), x(value)))
    return (tag("rect", x=left, y=_TALL / 2 - 4, width=right - left, height=8, class_="fill"),)


def parts(shares: Sequence[tuple[str, float, str]], *, label: str) -> Markup:
    """One bar cut into (class, share, tip) from left to right, stretched to its box."""
    drawn, x = [], 0.0
    for kind, share, tip in shares:
        if share > 0:
            drawn.append(
                tag("rect", tag("title", tip), x=x, y=0, width=1000 * share, height=26, class_=f"mark {kind}")
            )
        x += 1000 * share
    return drawing(*drawn, width=1000, height=26, label=label, class_="parts", stretch=True)


def step(start: float, share: float, *, kind: str, tip: str) -> Markup:
    """One step of a waterfall: a bar of `share` of the whole from `start` on, stretched to its box."""
    return drawing(
        tag("rect", x=0, y=5.5, width=1000, height=1, class_="rail"),
        tag(
            "rect",
            tag("title", tip),
            x=1000 * start,
            y=0,
            width=max(1000 * share, 2),
            height=12,
            class_=f"mark {kind}",
        ),
        width=1000,
        height=12,
        label=tip,
        class_="step",
        stretch=True,
    )
