"""All series of a KPI table judged at once, false discoveries held over all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from feedback_nlp.errors import UnknownName, UsageError
from feedback_nlp.kpis.periods import CALENDAR
from feedback_nlp.signals.alert import Alert
from feedback_nlp.signals.baseline import MIN_PERIODS
from feedback_nlp.signals.chart import Judgement, judge
from feedback_nlp.signals.discoveries import benjamini_hochberg
from feedback_nlp.signals.series import Series, last_day, series_of

FDR = 0.05
"""Share of false alerts allowed among all alerts."""

RARE = 0.0027
"""However few series there are, an alert is at least as rare as a value beyond three sigmas."""

MIN_N = 10
_BRIDGED = 1
HISTORY = {"day": 84, "week": 52, "month": 24, "quarter": 12}
"""Periods of a baseline that moves along."""


def find(
    table: pd.DataFrame,
    *,
    every: str,
    kpis: Sequence[str],
    by: Sequence[str] = (),
    baseline: tuple[dt.date, dt.date] | None = None,
    since: dt.date | None = None,
    covered: tuple[dt.date, dt.date] | None = None,
    history: int | None = None,
    fdr: float = FDR,
    rare: float = RARE,
    min_n: int = MIN_N,
    confidence: float = 0.95,
) -> list[Alert]:
    """The alerts of a KPI table (`kpis.measure(every=..., by=...)`), most surprising first, without their reasons; a run of them is told once.

    baseline: first and last day of the periods that count as normal; without it each period is held against
        `history` periods before it (a few left between, so that a drift is not taken for normal).
    since: only periods from this day on are judged and counted among the tests.
    covered: first and last day the data hold; counts of periods that are not whole are not judged.
    An alert has q ≤ `fdr` over all series and periods judged, and p ≤ `rare`. Groups without values are passed over.

    Raises:
        UnknownName: `every` is not a period of the calendar.
        UsageError: the baseline ends before it begins, or holds too few periods.
        SchemaError: the table lacks a column.
    """
    if every not in CALENDAR:
        raise UnknownName("period", every, CALENDAR, hint="Windows that overlap cannot be judged one by one.")
    if baseline is not None:
        _check_baseline(table, baseline, every=every)
    judged: list[tuple[Series, Judgement]] = []
    for series in series_of(table, every=every, by=by, kpis=kpis, confidence=confidence, covered=covered):
        periods = judge(
            series,
            baseline=baseline,
            history=history or HISTORY[every],
            daily=every == "day",
            min_n=min_n,
            confidence=confidence,
        )
        judged += [(series, each) for each in periods if since is None or each.period >= since]
    called = list(_called(judged, fdr=fdr, rare=rare))
    return sorted(_runs(called, every=every), key=lambda alert: (alert.p, alert.period))


def _check_baseline(table: pd.DataFrame, baseline: tuple[dt.date, dt.date], *, every: str) -> None:
    if baseline[0] > baseline[1]:
        raise UsageError(f"the baseline ends ({baseline[1]}) before it begins ({baseline[0]}). Swap the two.")
    periods = {day for day in table["period"].dropna() if baseline[0] <= day <= baseline[1]}
    if len(periods) < MIN_PERIODS:
        raise UsageError(
            f"the baseline {baseline[0]}..{baseline[1]} holds {len(periods)} periods with comments (every={every!r}), "
            f"and {MIN_PERIODS} are needed. Choose a longer one, or shorter periods."
        )


def _called(judged: Sequence[tuple[Series, Judgement]], *, fdr: float, rare: float) -> Iterator[Alert]:
    """An alert for every period that is surprising enough, series by series, in time."""
    q = benjamini_hochberg(np.array([each.p for _, each in judged]))
    for (series, each), share in zip(judged, q, strict=True):
        if share <= fdr and each.p <= rare:
            yield Alert(
                kpi=series.kpi,
                group=series.group,
                period=each.period,
                observed=each.observed,
                n=round(each.observed if series.kind == "count" else each.n),
                expected=each.expected,
                low=each.low,
                high=each.high,
                direction=each.direction,
                rule=each.rule,
                p=each.p,
                q=float(share),
                baseline=each.baseline,
            )


def _runs(alerts: Sequence[Alert], *, every: str) -> Iterator[Alert]:
    """Alerts of one series that follow one another in one direction told once, by the most surprising of them.

    A period between without an alert does not end the run: a lasting change is one event.
    """
    run: list[Alert] = []
    for alert in alerts:
        if run and not _goes_on(run[-1], alert, every):
            yield _told(run)
            run = []
        run.append(alert)
    if run:
        yield _told(run)


def _goes_on(last: Alert, alert: Alert, every: str) -> bool:
    same = (last.kpi, last.group, last.direction) == (alert.kpi, alert.group, alert.direction)
    end = last.period
    for _ in range(_BRIDGED + 1):
        end = last_day(end, every) + dt.timedelta(days=1)
    return same and last.period < alert.period <= end


def _told(run: Sequence[Alert]) -> Alert:
    most = min(run, key=lambda alert: alert.p)
    return replace(most, run=(run[0].period, run[-1].period)) if len(run) > 1 else most
