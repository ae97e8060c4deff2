"""The signals of a report: alerts over all comments, by topic and by group, and why the latest stretch differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import chain

import pandas as pd

from feedback_nlp.errors import UsageError
from feedback_nlp.signals import Alert, Drivers, alerts, drivers

Frames = Callable[[], Iterable[pd.DataFrame]]
MOST_ALERTS = 20
LEAST_DAYS = 14
"""A stretch shorter than this is no trend; the report then says nothing about drivers."""

KPIS = ("complaint_rate", "sentiment_index")


def alerts_of(frames: Frames, *, every: str, by: Sequence[str]) -> list[Alert]:
    """The most surprising alerts over all comments, and over each group of each column in `by` ("topic" among them).

    Each way of grouping holds its own false discovery rate.
    """
    groupings: list[tuple[str, ...]] = [(), *((name,) for name in by)]
    found = chain.from_iterable(alerts(frames(), every=every, by=grouping) for grouping in groupings)
    return sorted(found, key=lambda alert: alert.p)[:MOST_ALERTS]


def drivers_of(frames: Frames, *, first: date, last: date, by: Sequence[str]) -> list[Drivers]:
    """Why the last quarter of the span differs from the quarter of the span before it, for the main KPIs."""
    days = ((last - first).days + 1) // 4
    if days < LEAST_DAYS:
        return []
    turn = last - timedelta(days=days - 1)
    before, after = (turn - timedelta(days=days), turn - timedelta(days=1)), (turn, last)
    try:
        return [drivers(frames(), before=before, after=after, kpi=kpi, by=by) for kpi in KPIS]
    except UsageError:  # one of the two stretches has no comment that counts: there is nothing to explain
        return []
