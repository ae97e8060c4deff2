"""Is the difference real: a KPI in two or more groups, periods or arms, with an interval and a p-value."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd
from scipy import stats

from feedback_nlp.errors import UnknownName, UsageError
from feedback_nlp.kpis import KPIS, door, measure
from feedback_nlp.kpis.corrected import corrected
from feedback_nlp.signals.discoveries import benjamini_hochberg, holm

Adjust = Literal["holm", "bh"]
ADJUSTMENTS = {"holm": holm, "bh": benjamini_hochberg}

_STUDENT = ("stars", "severity")
"""Units whose intervals are Student's."""

_FEW = 5
_SPAN = "span"


@dataclass(frozen=True, slots=True)
class Side:
    """A group's KPI, its interval, and how many comments stand behind it."""

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """b − a of a KPI, its interval, and how likely a difference as large is by chance.

    `p_adjusted`: the same, corrected for all comparisons of this call. `method`: how both were worked out.
    """

    kpi: str
    a: Side
    b: Side
    value: float
    low: float
    high: float
    p: float
    p_adjusted: float
    method: str

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain values, for JSON."""
        sides = {
            key: {"name": side.name, "value": side.value, "low": side.low, "high": side.high, "n": side.n}
            for key, side in (("a", self.a), ("b", self.b))
        }
        names = ("value", "low", "high", "p", "p_adjusted", "method")
        return {"kpi": self.kpi, **sides, **{name: getattr(self, name) for name in names}}


def compare(
    data: Any,
    *,
    group: str,
    values: Sequence[str] = (),
    kpis: Sequence[str] = ("complaint_rate", "sentiment_index"),
    against: str | None = None,
    adjust: Adjust = "holm",
    audit: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> list[Difference]:
    """Differences of KPIs between the groups of a column (regions, products, the arms of an A/B test).

    values: the groups to compare, in order; none: all there are. against: compare each with this one only, else
    every pair. adjust: "holm" (no false call) or "bh" (few among the calls), over all comparisons of this call.
    audit: an audit sample (`audit.read`) to correct KPIs with. `data` is a frame or a stream of frames.

    Raises:
        UnknownName: a KPI, value or adjustment that is not there.
        UsageError: fewer than two groups, or a KPI without an interval.
    """
    if group in ("topic", "period"):
        raise UsageError(
            f"groups of {group!r} cannot be compared like this: one comment may be in several. Name a column."
        )
    options: dict[str, Any] = {"kpis": list(kpis), "by": [group], "confidence": confidence}
    table = measure(data, **options) if audit is None else corrected(data, audit, **options)
    rows = door.collected(door.entered(table)).to_pylist()
    sides = {_named(row[group]): row for row in rows if row[group] is not None}
    empty = [name for name in values if name not in sides] if group == _SPAN else []
    if empty:
        raise UsageError(f"no comment counts from {empty[0].replace('…', ' to ')}. Choose other days.")
    return _compared(sides, group, values, kpis, against, adjust, confidence, measured=audit is None)


def compare_periods(
    data: Any,
    *,
    before: tuple[dt.date, dt.date],
    after: tuple[dt.date, dt.date],
    kpis: Sequence[str] = ("complaint_rate", "sentiment_index"),
    adjust: Adjust = "holm",
    audit: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> list[Difference]:
    """Differences of KPIs between two spans of days (first and last, both included), after minus before."""
    if before[1] >= after[0] and after[1] >= before[0]:
        raise UsageError(f"{before[0]}–{before[1]} and {after[0]}–{after[1]} overlap. Choose separate days.")
    names = [f"{first}…{last}" for first, last in (before, after)]
    day = nw.col("day").cast(nw.Date)
    spans = [day.is_between(nw.lit(first), nw.lit(last)) for first, last in (before, after)]
    label = (
        nw.when(spans[0]).then(nw.lit(names[0])).when(spans[1]).then(nw.lit(names[1])).otherwise(nw.lit(None))
    )

    def marked(frame: Any) -> Any:
        return door.entered(frame).with_columns(label.alias(_SPAN)).to_native()

    rows = marked(data) if door.is_frame(data) else (marked(frame) for frame in data)
    return compare(
        rows, group=_SPAN, values=names, kpis=kpis, against=names[0], adjust=adjust, audit=audit, confidence=confidence
    )  # fmt: skip


def _named(value: object) -> str:
    """A group as a user writes it: 1 for the number 1.0."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _compared(
    rows: dict[str, dict[str, Any]],
    group: str,
    values: Sequence[str],
    kpis: Sequence[str],
    against: str | None,
    adjust: str,
    confidence: float,
    *,
    measured: bool,
) -> list[Difference]:
    if adjust not in ADJUSTMENTS:
        raise UnknownName("adjustment", adjust, ADJUSTMENTS)
    wanted = list(dict.fromkeys([*([against] if against else []), *(values or sorted(rows))]))
    for name in wanted:
        if name not in rows:
            raise UnknownName(f"value of {group}", name, rows)
    if len(wanted) < 2:
        there = f"only {wanted[0]!r}" if wanted else "none, for no comment that counts has a value"
        raise UsageError(f"a comparison needs two groups; of {group!r} there is {there}.")
    pairs = (
        [(against, name) for name in wanted if name != against]
        if against
        else itertools.combinations(wanted, 2)
    )
    found = [
        difference(_side(a, rows[a], kpi), _side(b, rows[b], kpi), kpi=kpi, confidence=confidence, counted=measured)
        for a, b in pairs
        for kpi in kpis
    ]  # fmt: skip
    adjusted = ADJUSTMENTS[adjust](np.array([each.p for each in found]))
    return [replace(each, p_adjusted=float(p)) for each, p in zip(found, adjusted, strict=True)]


def _side(name: str, row: dict[str, Any], kpi: str) -> Side:
    if f"{kpi}_low" not in row:
        raise UsageError(f"KPI {kpi!r} is a count without an interval. Choose a rate, an index or a mean.")
    value, low, high = (
        float("nan" if row[kpi + end] is None else row[kpi + end]) for end in ("", "_low", "_high")
    )
    return Side(name, value, low, high, int(row[f"{kpi}_n"]))


def difference(a: Side, b: Side, *, kpi: str, confidence: float, counted: bool = True) -> Difference:
    """b − a of one KPI. `counted`: shares are counts / n, not corrected by an audit.

    The interval of a share or index is put together from both sides' own intervals: Newcombe's hybrid of Wilson
    intervals for shares (Statistics in Medicine 17 (1998), method 10), MOVER in general (Zou and Donner, 27 (2008));
    for means it is Welch's. p-values: score test, Fisher's exact test where fewer than five cases are expected in a
    cell, Welch's t, else the normal with the interval's own standard error. NaN where a side has no comments.
    """
    gap = b.value - a.value
    if not np.isfinite(gap) or min(a.n, b.n) == 0:
        return Difference(kpi, a, b, np.nan, np.nan, np.nan, np.nan, np.nan, "no data")
    unit = KPIS[kpi].unit
    if unit in _STUDENT and counted:
        return _welch(a, b, kpi=kpi, confidence=confidence)
    low = gap - float(np.hypot(b.value - b.low, a.high - a.value))
    high = gap + float(np.hypot(b.high - b.value, a.value - a.low))
    if unit == "share" and counted:
        p, test = _share_p(a, b)
        return Difference(kpi, a, b, gap, low, high, p, np.nan, f"Newcombe interval, {test}")
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    # under no difference the interval's arm towards 0 is the one that matters
    error = abs(gap - (low if gap > 0 else high)) / z
    p = 2 * float(stats.norm.sf(abs(gap) / error)) if error > 0 else float(gap == 0)
    return Difference(kpi, a, b, gap, low, high, p, np.nan, "MOVER interval, normal test")


def _share_p(a: Side, b: Side) -> tuple[float, str]:
    cases = np.array([round(a.value * a.n), round(b.value * b.n)])
    n = np.array([a.n, b.n])
    pooled = cases.sum() / n.sum()
    if min((n * pooled).min(), (n * (1 - pooled)).min()) < _FEW:
        return float(stats.fisher_exact([cases, n - cases]).pvalue), "Fisher's exact test"
    error = np.sqrt(pooled * (1 - pooled) * (1 / n).sum())
    return 2 * float(stats.norm.sf(abs(b.value - a.value) / error)), "score test"


def _welch(a: Side, b: Side, *, kpi: str, confidence: float) -> Difference:
    gap = b.value - a.value
    errors = [
        max(
            side.high - side.value, side.value - side.low
        )  # an interval cut by the scale is whole on one side
        / float(stats.t.ppf(0.5 + confidence / 2, max(side.n - 1, 1)))
        for side in (a, b)
    ]
    squares = np.square(errors)
    error = float(np.sqrt(squares.sum()))
    if not error > 0:
        return Difference(kpi, a, b, gap, gap, gap, float(gap == 0), np.nan, "no spread")
    degrees = float(squares.sum() ** 2 / (squares**2 / (np.array([a.n, b.n]) - 1).clip(1)).sum())
    half = float(stats.t.ppf(0.5 + confidence / 2, degrees)) * error
    p = 2 * float(stats.t.sf(abs(gap) / error, degrees))
    return Difference(kpi, a, b, gap, gap - half, gap + half, p, np.nan, "Welch's t")
