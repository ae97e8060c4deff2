"""What is normal for a series: the level, weekday effects and spread of the periods that others are held against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feedback_nlp.signals import season
from feedback_nlp.signals.laney import echo, robust_sigma_z, sigma_z
from feedback_nlp.signals.series import Floats, Kind, Series

Places = npt.NDArray[np.intp]
"""Places of periods in a series, ascending."""

MIN_PERIODS = 8
"""A period is judged only against a baseline of at least so many periods that hold comments."""

_SPIKE = 5.0
"""A period so many robust sigmas off the median is an event, not part of what is normal."""

_MOST_SPIKES = 0.1
"""More of them than this are no rare events but how the series is, or a new level."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A baseline boiled down: level, weekday effects, variance of one comment (means), sigma_z, echo, comments, periods.

    `echo`: how much of a period's deviation goes on into the next, 0–1. `comments` are those behind one expected
    value: a seventh of all where each weekday has its own.
    """

    level: float
    effects: Floats
    variance: float
    sigma: float
    echo: float
    comments: float
    periods: int

    def expected(self, day: dt.date, series: Series) -> float:
        """The level on a day."""
        return season.shifted(self.level, float(self.effects[day.weekday()]), series.kind)


def reference(series: Series, inside: Places, *, daily: bool) -> Reference:
    """The baseline made of the periods at `inside` that hold comments, without the spikes among them."""
    inside = _without_spikes(series, inside[series.n[inside] > 0], daily=daily)
    total, n, weekday = series.total[inside], series.n[inside], _weekdays(series, inside)
    level, variance = _level(total, n, series.kind), _variance(series, inside)
    effects = np.zeros(7)
    if daily and len(inside):
        effects = season.weekly(total, n, weekday, kind=series.kind, variance=variance)
    level_at = np.array([season.shifted(level, float(effects[day]), series.kind) for day in weekday])
    z = (total - n * level_at) / np.sqrt(np.maximum(spread(series.kind, level_at, variance) * n, 1e-12))
    sigma, comments = sigma_z(z), float(n.sum())
    if effects.any():  # seven levels were fitted to these very periods, which makes them look calmer
        sigma, comments = max(sigma * float(np.sqrt(len(z) / (len(z) - 7))), 1.0), comments / 7
    return Reference(level, effects, variance, sigma, echo(z / sigma), comments, len(inside))


def spread(kind: Kind, level: Floats, variance: float) -> Floats:
    """Variance of one comment (of a whole count) at a level; `variance` is that of a mean."""
    if kind == "share":
        return np.asarray(level * (1 - level))
    return level if kind == "count" else np.full(len(level), variance)


def _level(total: Floats, n: Floats, kind: Kind) -> float:
    if not n.sum() > 0:
        return float("nan")
    if kind == "mean":
        return float(total.sum() / n.sum())
    # half a case more, so that a baseline without any does not make one case infinitely surprising
    return float((total.sum() + 0.5) / (n.sum() + (1 if kind == "share" else 0)))


def _variance(series: Series, inside: Places) -> float:
    """Variance of one comment over all periods that know theirs."""
    known = inside[~np.isnan(series.variance[inside])]
    n = series.n[known]
    return float(n @ series.variance[known] / n.sum()) if n.sum() > 0 else float("nan")


def _without_spikes(series: Series, inside: Places, *, daily: bool) -> Places:
    """The periods at `inside` but for single events, which would be taken for normal ever after.

    All of them where a daily baseline is too short to tell an event from a weekday, or where too few would be left.
    """
    if len(inside) < MIN_PERIODS or (daily and len(inside) < 7 * season.MIN_WEEKS):
        return inside
    off = _distance(series, inside, _usual(series, inside, daily=daily))
    ordinary = inside[np.abs(off) <= _SPIKE * robust_sigma_z(off)]
    enough = max(MIN_PERIODS, (1 - _MOST_SPIKES) * len(inside))
    return ordinary if len(ordinary) >= enough else inside


def _usual(series: Series, inside: Places, *, daily: bool) -> Floats:
    """The median of each period's kind: of its weekday in a daily series, else of all."""
    value = series.value[inside]
    if not daily:
        return np.full(len(inside), np.median(value))
    weekday = _weekdays(series, inside)
    medians = {day: float(np.median(value[weekday == day])) for day in np.unique(weekday)}
    return np.array([medians[day] for day in weekday])


def _distance(series: Series, inside: Places, usual: Floats) -> Floats:
    """How many standard errors each period lies off its usual value; at a level of 0, of one case."""
    n = series.n[inside]
    least = {"share": 1 / n, "count": np.ones(len(n)), "mean": np.full(len(n), 1e-12)}[series.kind]
    one = np.fmax(spread(series.kind, usual, _variance(series, inside)), least)
    return np.asarray((series.value[inside] - usual) * np.sqrt(n / one))


def _weekdays(series: Series, inside: Places) -> Places:
    return np.array([series.periods[i].weekday() for i in inside], dtype=np.intp)
