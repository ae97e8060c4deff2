"""One series judged period by period against its baseline: what was to be expected, and how surprising each period is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from feedback_nlp.signals import ewma
from feedback_nlp.signals.baseline import MIN_PERIODS, Reference, reference, spread
from feedback_nlp.signals.laney import freedom
from feedback_nlp.signals.series import Series, limits_of
from feedback_nlp.signals.tails import count_tails, humbler, normal_score, share_tails, two_sided

GUARD = 4
"""A baseline that moves along ends so many periods before the one it judges, so that a new drift is not taken for normal."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One period: the range it was expected in, `score` (standard normal; up is above), and the p-values of both rules.

    `point` asks whether this period alone stands out, `drift` whether the last few together do; NaN: not tested.
    `p` is of both together (Bonferroni). `baseline` is the first and last period of what it was held against.
    """

    period: dt.date
    observed: float
    n: float
    expected: float
    low: float
    high: float
    score: float
    drift_score: float
    p: float
    baseline: tuple[dt.date, dt.date]

    @property
    def rule(self) -> str:
        """The rule that was surprised more: "point" or "drift"."""
        return "drift" if abs(np.nan_to_num(self.drift_score)) > abs(self.score) else "point"

    @property
    def direction(self) -> str:
        """ "up" or "down": which way the more surprised rule points."""
        return "up" if (self.drift_score if self.rule == "drift" else self.score) > 0 else "down"


def judge(
    series: Series,
    *,
    baseline: tuple[dt.date, dt.date] | None,
    history: int,
    daily: bool,
    min_n: int,
    confidence: float = 0.95,
) -> list[Judgement]:
    """Every period that can be judged, in order.

    With a `baseline` (first and last day, both included) the periods after it are held against it; without, each
    period against the `history` periods before it. Periods of fewer than `min_n` comments (of a count: neither seen
    nor expected) are not judged, and count in the baseline by what they hold. Weekday effects are taken out where the
    series is daily.
    """
    judged, common, echo = [], [], []
    fixed: Reference | None = None
    for t, inside in _baselines(series, baseline, history):
        if baseline is None or fixed is None:
            fixed = reference(series, inside, daily=daily)
        if fixed.periods < MIN_PERIODS or series.n[t] <= 0 or _comments(series, t, fixed) < min_n:
            continue
        ends = (series.periods[inside[0]], series.periods[inside[-1]])
        judged.append(_judged(series, t, fixed, ends, confidence))
        shared = series.n[t] / (fixed.comments * (7 if fixed.effects.any() else 1))
        common.append(shared / (1 + shared))
        echo.append(fixed.echo)
    scores = np.array([each.score for each in judged])
    drift = ewma.drift(scores, common=np.array(common), echo=np.array(echo))
    return [_with_drift(each, float(score)) for each, score in zip(judged, drift, strict=True)]


def _comments(series: Series, t: int, held: Reference) -> float:
    """Comments a judgement of period `t` would rest on; for a count, what was seen or expected, whichever is more."""
    if series.kind != "count":
        return float(series.n[t])
    return max(float(series.value[t]), held.expected(series.periods[t], series))


def _baselines(
    series: Series, baseline: tuple[dt.date, dt.date] | None, history: int
) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """Each period to judge, with the places of its baseline."""
    periods = np.array(series.periods, dtype="datetime64[D]")
    if baseline is not None:
        first, last = (np.datetime64(day) for day in baseline)
        inside = np.flatnonzero((periods >= first) & (periods <= last))
        yield from ((int(t), inside) for t in np.flatnonzero(periods > last) if len(inside))
        return
    for t in range(GUARD + 1, len(periods)):
        yield t, np.arange(max(t - GUARD - history, 0), t - GUARD)


def _judged(
    series: Series, t: int, held: Reference, ends: tuple[dt.date, dt.date], confidence: float
) -> Judgement:
    n, value = float(series.n[t]), float(series.value[t])
    expected = held.expected(series.periods[t], series)
    # beyond what counts explain: Laney's sigma, and that the baseline's own level is an estimate
    inflation = held.sigma**2 * (1 + n / held.comments)
    error = float(np.sqrt(spread(series.kind, np.array([expected]), held.variance)[0] * inflation / n))
    if series.kind == "share":
        score = normal_score(*share_tails(value * n, n, rate=expected, inflation=inflation))
    elif series.kind == "count":
        score = normal_score(*count_tails(value, mean=expected, inflation=inflation))
    else:
        score = (value - expected) / error if error > 0 else 0.0
    degrees = freedom(held.periods)
    reach = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    low, high = expected - reach, expected + reach
    least, most = limits_of(series.kpi)
    low, high = max(low, least), min(high, most)
    score = humbler(score, degrees)
    return Judgement(series.periods[t], value, n, expected, low, high, score, np.nan, two_sided(score), ends)


def _with_drift(each: Judgement, drift: float) -> Judgement:
    p = each.p if np.isnan(drift) else min(1.0, 2 * min(each.p, two_sided(drift)))
    return replace(each, drift_score=drift, p=p)
