"""The paragraph at the top: what it says, and what it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.reports.analysis import Analysis, Settings
from feedback_nlp.reports.changes import change
from feedback_nlp.reports.rows import Value
from feedback_nlp.reports.sections.headline import headline
from feedback_nlp.reports.view import View

LEDGER = {"rows": 5_000, "counted": 4_120, "set_aside": {}, "rejected": {}, "balanced": True, "sources": []}


def cells(kpi, value, half, n):
    return {kpi: value, f"{kpi}_low": value - half, f"{kpi}_high": value + half, f"{kpi}_n": n}


def row(rate=0.231, index=12.4, n=4_120, **more):
    return {
        "volume": n,
        **cells("complaint_rate", rate, 0.013, n),
        **cells("sentiment_index", index, 3, n),
        **more,
    }


def analysis(periods=(), topics=(), n=4_120, **more):
    table = [{"period": date(2025, 1, 6 + 7 * i), **row(*values)} for i, values in enumerate(periods)]
    named = [
        {
            "topic": topic,
            **cells("topic_share", share, half, 4_120),
            **cells("topic_complaint_rate", share / 4, half, 4_120),
        }
        for topic, share, half in topics
    ]
    return Analysis(
        overall=pd.DataFrame([row(n=n)]),
        ledger=LEDGER,
        model="m@1",
        settings=Settings(every="week"),
        by_period=pd.DataFrame(table) if table else None,
        topics=pd.DataFrame(named) if named else None,
        **more,
    )


def told(given, lang="en"):
    return " ".join(headline(View(given, lang))).replace("\u00a0", " ")


def test_facts_come_with_interval_and_denominator():
    said = told(analysis())
    assert "4,120 of 5,000 rows read count as customer feedback" in said
    assert "Complaint rate 23.1 % [21.8, 24.4] of 4,120 comments" in said
    assert "sentiment index +12.4 [+9.4, +15.4] (n = 4,120)" in said
    assert "Brackets are 95 % intervals. Rates are uncorrected" in said


def test_the_same_in_chinese():
    said = told(analysis(), "zh")
    assert "共读取 5,000 行" in said
    assert "投诉率 23.1% [21.8, 24.4]" in said


def test_no_comments_no_facts():
    assert told(replace(analysis(), overall=pd.DataFrame([{"volume": 0}]))).startswith("No comment counts")


def test_few_comments_are_said_to_be_few():
    assert "from few comments" in told(analysis(n=12))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ((0.331, 12.4), "complaint rate rose by 10.0 points [8.2, 11.8]; no change of sentiment index"),
        ((0.131, 12.4), "complaint rate fell by 10.0 points [8.2, 11.8]; no change of sentiment index"),
        ((0.240, 12.4), "no change of complaint rate can be told from chance (+0.9 points [−0.9, 2.7])"),
        ((0.231, -7.6), "sentiment index fell by 20.0 [15.8, 24.2]"),
    ],
)
def test_a_change_is_one_only_if_the_intervals_say_so(last, expected):
    assert expected in told(analysis(periods=[(0.231, 12.4), last]))


def test_changes_are_between_the_last_two_periods_with_enough_comments():
    said = told(analysis(periods=[(0.23, 12.4), (0.33, 12.4), (0.9, 90.0, 5)]))
    assert "From 2025-W02 (6 Jan–12 Jan) to 2025-W03 (13 Jan–19 Jan)" in said
    assert "too few comments" in told(analysis(periods=[(0.23, 12.4), (0.33, 12.4, 5)]))


def test_periods_apart_and_windows_that_overlap_are_not_compared():
    base = analysis(periods=[(0.23, 12.4), (0.33, 12.4), (0.43, 12.4)])
    apart = replace(base, by_period=base.by_period.drop(index=1))
    assert "too few comments" in told(apart)
    assert "From" not in told(replace(base, settings=Settings(every="7d")))


def test_one_period_speaks_of_no_change():
    assert "From" not in told(analysis(periods=[(0.23, 12.4)]))


def test_a_topic_leads_only_if_its_interval_is_apart():
    apart = told(analysis(topics=[("quality", 0.30, 0.01), ("price", 0.20, 0.01)]))
    assert "The topic named most is product quality: 30.0 % [29.0, 31.0]" in apart
    tied = told(analysis(topics=[("price", 0.29, 0.01), ("quality", 0.30, 0.01), ("brand", 0.1, 0.01)]))
    assert "product quality (30.0 %) and price and value (29.0 %)" in tied
    assert "brand" not in tied.split("overlap")[0]


def test_a_topic_nobody_names_does_not_lead():
    assert "topic" not in told(analysis(topics=[("quality", 0.0, 0.0)]))


ENDS = st.tuples(st.floats(0, 1), st.floats(0.001, 0.3), st.floats(0.001, 0.3))


@settings(deadline=None, max_examples=100)
@given(before=ENDS, after=ENDS)
def test_intervals_that_do_not_meet_are_a_change_and_values_within_both_are_not(before, after):
    old, new = (Value(v, v - down, v + up, 100) for v, down, up in (before, after))
    found = change(old, new)
    assert found.low <= found.difference <= found.high
    if new.low > old.high or new.high < old.low:
        assert found.certain
    if old.low <= new.value <= old.high and new.low <= old.value <= new.high:
        assert not found.certain


def test_newcombes_worked_example():
    """Newcombe 1998, Statistics in Medicine 17:873, table II (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339."""
    new = Value(56 / 70, 0.6916, 0.8770, 70)
    old = Value(48 / 80, 0.4904, 0.7003, 80)
    found = change(old, new)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=2e-3)


def test_a_missing_end_is_no_change():
    assert change(Value(0.1), Value(0.2, 0.1, 0.3)) is None
