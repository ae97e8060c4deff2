"""Differences of KPIs, against statsmodels and scipy."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from feedback_nlp import signals
from feedback_nlp.errors import UnknownName, UsageError
from feedback_nlp.kpis import audit
from feedback_nlp.kpis.intervals import difference as multinomial
from feedback_nlp.kpis.intervals import wilson
from feedback_nlp.signals.compare import Side, compare, compare_periods, difference

from .conftest import START, TURN


def arms(cases, n, names=("A", "B", "C")):
    rows = []
    for name, c, m in zip(names, cases, n, strict=False):
        rows += [{"arm": name, "complaint": i < c, "rating": 1.0 + i % 5, "day": START} for i in range(m)]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("cases", "n"), [((30, 45), (200, 210)), ((5, 60), (90, 400)), ((100, 20), (150, 60))]
)
def test_rates_as_in_statsmodels(cases, n):
    (found,) = compare(arms(cases, n), group="arm", kpis=["complaint_rate"])
    low, high = confint_proportions_2indep(cases[1], n[1], cases[0], n[0], method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert found.p == pytest.approx(proportions_ztest(np.array(cases), np.array(n))[1])
    assert found.value == pytest.approx(cases[1] / n[1] - cases[0] / n[0])
    assert (found.a.name, found.b.name, found.a.n, found.b.n) == ("A", "B", *n)


def test_few_cases_are_tested_exactly():
    (found,) = compare(arms((0, 4), (30, 30)), group="arm", kpis=["complaint_rate"])
    assert found.p == pytest.approx(stats.fisher_exact([[0, 30], [4, 26]]).pvalue)
    assert "Fisher" in found.method


def test_means_as_in_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.choice([2.0, 3, 4], 90), rng.choice([1.0, 2, 3, 4, 5], 40)
    rows = pd.DataFrame({"arm": ["A"] * 90 + ["B"] * 40, "rating": [*a, *b]})
    (found,) = compare(rows, group="arm", kpis=["mean_rating"])
    welch = stats.ttest_ind(b, a, equal_var=False)
    assert found.p == pytest.approx(welch.pvalue, rel=1e-6)
    assert (found.low, found.high) == pytest.approx(tuple(welch.confidence_interval()), rel=1e-6)


def test_indices_by_the_intervals_of_both_sides():
    moods = ["positive"] * 60 + ["negative"] * 25 + ["neutral"] * 15 + ["positive"] * 50 + ["negative"] * 70
    rows = pd.DataFrame({"arm": ["A"] * 100 + ["B"] * 120, "sentiment": moods})
    (found,) = compare(rows, group="arm", kpis=["sentiment_index"])
    up, down = np.array([0.6, 50 / 120]), np.array([0.25, 70 / 120])
    n = np.array([100.0, 120.0])
    value = 100 * (up - down)
    low, high = (100 * end for end in multinomial(up * n, down * n, n, confidence=0.95))
    gap = value[1] - value[0]
    assert found.low == pytest.approx(gap - np.hypot(value[1] - low[1], high[0] - value[0]))
    assert found.high == pytest.approx(gap + np.hypot(high[1] - value[1], value[0] - low[0]))
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(gap) / (found.high - gap) * 1.959964), rel=1e-4)


def test_intervals_of_a_difference_cover_it():
    rng = np.random.default_rng(1)
    hits = []
    for cases in rng.binomial([150, 180], [0.1, 0.17], (1000, 2)):
        low, high = wilson(cases, np.array([150, 180]), confidence=0.95)
        a, b = (
            Side(name, cases[i] / n, low[i], high[i], n)
            for i, (name, n) in enumerate([("A", 150), ("B", 180)])
        )
        found = difference(a, b, kpi="complaint_rate", confidence=0.95)
        hits.append(found.low <= 0.07 <= found.high)
    assert 0.93 <= np.mean(hits) <= 0.97


def test_several_groups_are_corrected_together():
    rows = arms((20, 24, 60), (200, 200, 200))
    pairs = compare(rows, group="arm", kpis=["complaint_rate"])
    assert [(each.a.name, each.b.name) for each in pairs] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert pairs[0].p_adjusted >= pairs[0].p
    assert pairs[1].p_adjusted == pytest.approx(3 * pairs[1].p)
    against = compare(rows, group="arm", kpis=["complaint_rate"], against="C", adjust="bh")
    assert [(each.a.name, each.b.name) for each in against] == [("C", "A"), ("C", "B")]
    some = compare(rows, group="arm", values=["C", "A"], kpis=["complaint_rate", "mean_rating"])
    assert [(each.kpi, each.a.name) for each in some] == [("complaint_rate", "C"), ("mean_rating", "C")]
    assert some[0].to_dict()["a"]["n"] == 200


def test_two_periods(story):
    before, after = (START, TURN - dt.timedelta(days=1)), (TURN, TURN + dt.timedelta(days=41))
    found = compare_periods(story, before=before, after=after)
    assert [each.kpi for each in found] == ["complaint_rate", "sentiment_index"]
    assert found[0].low > 0
    assert found[1].high < 0
    assert max(each.p_adjusted for each in found) < 1e-4
    stream = (story.iloc[i : i + 2000] for i in range(0, len(story), 2000))
    assert compare_periods(stream, before=before, after=after) == found


def test_an_audit_widens_the_difference(story):
    labels = audit.draw(story, n=400, seed=1)
    truth = story.set_index("row").loc[labels["row"]]
    labels = labels.assign(complaint=truth["complaint"].to_numpy())
    plain = compare(story, group="region", kpis=["complaint_rate"])[0]
    found = compare(story, group="region", kpis=["complaint_rate"], audit=labels)[0]
    assert found.value == pytest.approx(plain.value)  # the labels agree with the model everywhere
    assert found.high - found.low > 0.99 * (plain.high - plain.low)


def test_wrong_use_says_so(story):
    with pytest.raises(UnknownName, match="华东"):
        compare(story, group="region", values=["华北", "华东"])
    with pytest.raises(UsageError, match="needs two"):
        compare(story, group="region", values=["华东"])
    with pytest.raises(UsageError, match="count"):
        compare(story, group="region", kpis=["volume"])
    with pytest.raises(UsageError, match="several"):
        compare(story, group="topic")
    with pytest.raises(UnknownName, match="holm"):
        compare(story, group="region", adjust="none")
    with pytest.raises(UsageError, match="overlap"):
        compare_periods(story, before=(START, TURN), after=(START, TURN))
    assert signals.compare is compare


def test_a_side_without_comments_is_no_difference():
    rows = arms((3, 0), (10, 10)).assign(rating=[None] * 10 + [4.0] * 10)
    (found,) = compare(rows, group="arm", kpis=["mean_rating"])
    assert np.isnan(found.value)
    assert np.isnan(found.p_adjusted)


def test_groups_of_numbers_are_named_as_one_writes_them():
    rows = pd.DataFrame({"arm": [1.0, 2.5] * 30, "rating": [3.0, 5.0] * 30})
    (found,) = compare(rows, group="arm", values=["1", "2.5"], kpis=["mean_rating"])
    assert (found.a.name, found.b.name) == ("1", "2.5")
