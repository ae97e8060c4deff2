"""Alerts say which KPI of which group moved, and why; quiet data stay quiet."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import kpis, signals
from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.signals import find

from .conftest import START, TURN


def test_the_rise_is_found_where_it_is_with_its_reasons(story):
    found = signals.alerts(story, kpis=["complaint_rate"], by=["region"])
    assert found
    first = found[0]
    assert (first.kpi, dict(first.group), first.direction) == ("complaint_rate", {"region": "华南"}, "up")
    assert first.period >= TURN
    assert first.observed > first.high > first.expected > first.low >= 0
    assert first.p <= first.q <= 0.05
    assert first.baseline[1] < first.period
    assert first.drivers[0].group == "delivery"
    assert any("迟到" in phrase.phrase for phrase in first.phrases)
    rows = story.set_index("id").loc[list(first.examples)]
    assert rows["complaint"].all()
    assert (rows["region"] == "华南").all()
    assert rows["day"].min() >= first.period - dt.timedelta(weeks=3)
    assert all(alert.period >= TURN or alert.q > 0.001 for alert in found)


def test_an_alert_goes_to_json_without_texts(story):
    found = signals.alerts(story, kpis=["complaint_rate"], by=["region"], explained=1)
    written = json.dumps([alert.to_dict() for alert in found], ensure_ascii=False)
    assert found[0].examples[0] in written
    assert not any(text in written for text in story["text"].unique())
    assert not found[-1].examples or len(found) == 1


def test_topics_are_series_too(story):
    found = signals.alerts(story, kpis=["topic_share"], by=["topic"])
    assert {dict(alert.group)["topic"] for alert in found if alert.period >= TURN} == {"delivery"}


def test_a_chosen_baseline_and_since(story):
    baseline = (START, TURN - dt.timedelta(days=1))
    found = signals.alerts(story, kpis=["complaint_rate"], baseline=baseline, by=["region"])
    assert found
    assert all(alert.period >= TURN and alert.baseline[0] == START for alert in found)
    last = TURN + dt.timedelta(weeks=4)
    later = signals.alerts(story, kpis=["complaint_rate"], baseline=baseline, since=last, by=["region"])
    assert later
    assert all(alert.period >= last for alert in later)


def test_a_stream_gives_the_alerts_of_one_frame(story):
    whole = signals.alerts(story, by=["region"])
    parts = (story.iloc[i : i + 1000] for i in range(0, len(story), 1000))
    assert signals.alerts(parts, by=["region"]) == whole
    import polars as pl

    assert signals.alerts(pl.from_pandas(story), by=["region"]) == whole


def test_what_is_set_aside_raises_no_alarm(story):
    noise = story.assign(
        set_aside=pd.Series(
            np.where((story["day"] >= TURN) & (story["region"] == "华南"), "spam", None),
            dtype="string[pyarrow]",
        )
    )
    assert not signals.alerts(noise, kpis=["complaint_rate"])


def test_no_dates_and_no_history_are_quiet(story):
    assert signals.alerts(story.assign(day=pd.Series([None] * len(story), dtype="date32[pyarrow]"))) == []
    assert signals.alerts(story.head(400)) == []


def test_wrong_use_says_so(story):
    with pytest.raises(UnknownName, match="complaint_rate"):
        signals.alerts(story, kpis=["complain_rate"])
    with pytest.raises(UnknownName, match="overlap"):
        signals.alerts(story, every="7d")
    with pytest.raises(UsageError, match="Swap"):
        signals.alerts(story, baseline=(TURN, START))
    with pytest.raises(SchemaError, match="brand"):
        signals.alerts(story, by=["brand"])
    with pytest.raises(UsageError, match="empty"):
        signals.alerts(iter([]))
    table = kpis.measure(story, every="week", kpis=["complaint_rate"])
    with pytest.raises(SchemaError, match="mean_rating"):
        find.find(table, every="week", kpis=["mean_rating"])


def test_counts_of_weeks_that_are_not_whole_are_not_judged(story):
    cut = story[(story["day"] < TURN) & (story["day"] > START + dt.timedelta(days=4))]
    short = cut[cut["day"] < TURN - dt.timedelta(days=5)]
    assert not signals.alerts(short, kpis=["volume"])


def test_a_lasting_change_is_told_once_and_by_its_strongest_period(story):
    found = [
        alert
        for alert in signals.alerts(story, kpis=["complaint_rate"], by=["region"])
        if alert.period >= TURN
    ]
    assert len(found) == 1
    assert found[0].run is not None
    assert TURN <= found[0].run[0] <= found[0].period <= found[0].run[1]
    assert found[0].run[1] > found[0].run[0]


def test_what_got_better_is_shown_by_praise(story):
    burst = story.assign(
        rating=np.where(story["day"] >= TURN, 5.0, np.where(np.arange(len(story)) % 3 == 0, 1.0, 4.0)),
        sentiment=np.where(story["day"] >= TURN, "positive", story["sentiment"]),
    )
    best = signals.alerts(burst, kpis=["mean_rating"], explained=1)[0]
    assert best.direction == "up"
    assert (burst.set_index("id").loc[list(best.examples), "sentiment"] == "positive").all()
    assert best.high <= 5.0
