"""Mix and rate effects add up to the change, exactly, for every KPI that has them and every grouping."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import signals
from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.signals.effects import split

from .conftest import START, TURN

BEFORE = (START, TURN - dt.timedelta(days=1))
AFTER = (TURN, TURN + dt.timedelta(weeks=6))

parts = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", None]),
    st.tuples(st.floats(-100, 100), st.floats(0, 1e6) | st.just(0.0)),
    min_size=1,
)


def mean(side):
    return sum(v * n for v, n in side.values()) / sum(n for _, n in side.values())


def has_comments(side):
    return sum(n for _, n in side.values()) > 1e-3


@given(before=parts.filter(has_comments), after=parts.filter(has_comments))
@settings(max_examples=80, deadline=None)
def test_effects_add_up_exactly(before, after):
    effects = split(before, after, by="x")
    assert sum(effect.total for effect in effects) == pytest.approx(mean(after) - mean(before), abs=1e-8)
    assert sum(effect.share_before for effect in effects) == pytest.approx(1)


def test_by_hand():
    # half and half at 10 % and 30 %; then three quarters in the worse group, which rises to 40 %
    before = {"good": (0.1, 50.0), "bad": (0.3, 50.0)}
    after = {"good": (0.1, 25.0), "bad": (0.4, 75.0)}
    bad, good = split(before, after, by="x")
    assert bad.rate == pytest.approx(0.625 * 0.1)
    assert good.rate == pytest.approx(0)
    centre = (0.2 + 0.325) / 2
    assert bad.mix == pytest.approx(0.25 * (0.35 - centre))
    assert good.mix == pytest.approx(-0.25 * (0.1 - centre))
    assert good.mix > 0  # fewer comments of the better group make the whole worse


def test_new_and_vanished_groups_are_all_mix():
    effects = {e.group: e for e in split({"old": (0.5, 10.0), "x": (0.2, 90.0)}, {"new": (0.9, 10.0), "x": (0.2, 90.0)}, by="x")}  # fmt: skip
    assert (effects["new"].rate, effects["old"].rate) == (0, 0)
    assert (effects["new"].value_before, effects["old"].value_after) == (None, None)
    assert sum(e.total for e in effects.values()) == pytest.approx(0.04)


@pytest.mark.parametrize("kpi", ["complaint_rate", "sentiment_index", "reputation", "mean_rating", "csat"])
def test_real_rows_add_up_in_every_grouping(story, kpi):
    found = signals.drivers(story, before=BEFORE, after=AFTER, kpi=kpi)
    assert set(found.effects) == {"topic", "product", "region"}
    for effects in found.effects.values():
        assert sum(effect.total for effect in effects) == pytest.approx(found.change, abs=1e-9)


def test_the_story_is_told(story):
    found = signals.drivers(story, before=BEFORE, after=AFTER)
    assert found.change > 0.05
    south = found.effects["region"][0]
    assert (south.group, south.rate > abs(south.mix)) == ("华南", True)
    assert found.effects["topic"][0].group == "delivery"
    assert (
        found.effects["topic"][0].mix > found.effects["topic"][0].rate
    )  # more comments are about deliveries
    assert found.to_dict()["effects"]["region"][0]["total"] == south.total
    assert (found.days_before, found.days_after) == (BEFORE, AFTER)
    assert found.to_dict()["days_after"] == [day.isoformat() for day in AFTER]


def test_a_stream_and_another_library_give_the_same(story):
    whole = signals.drivers(story, before=BEFORE, after=AFTER)
    parts = (story.iloc[i : i + 900] for i in range(0, len(story), 900))
    import polars as pl

    for data in (parts, pl.from_pandas(story), pl.from_pandas(story).lazy()):
        other = signals.drivers(data, before=BEFORE, after=AFTER, by=["topic", "region", "product"])
        assert other.change == pytest.approx(whole.change)
        assert [e.group for e in other.effects["topic"]] == [e.group for e in whole.effects["topic"]]


def test_a_comment_of_two_topics_counts_half_under_each():
    rows = pd.DataFrame(
        {
            "day": [dt.date(2024, 1, 1)] * 2 + [dt.date(2024, 2, 1)] * 2,
            "complaint": [False, False, True, False],
            "topic_price": pd.Series([1, None, 1, None], dtype="Int8"),
            "topic_app": pd.Series([1, None, -1, None], dtype="Int8"),
        }
    )
    january, february = ((dt.date(2024, m, 1), dt.date(2024, m, 28)) for m in (1, 2))
    effects = {e.group: e for e in signals.drivers(rows, before=january, after=february).effects["topic"]}
    assert {group: e.share_after for group, e in effects.items()} == {"price": 0.25, "app": 0.25, None: 0.5}
    assert effects["price"].rate == effects["app"].rate == pytest.approx(0.25)


def test_what_cannot_be_split_says_so(story):
    with pytest.raises(UsageError, match="count"):
        signals.drivers(story, before=BEFORE, after=AFTER, kpi="volume")
    with pytest.raises(UsageError, match="overlap"):
        signals.drivers(story, before=BEFORE, after=BEFORE)
    with pytest.raises(UsageError, match="no comment counts"):
        signals.drivers(story, before=(dt.date(1999, 1, 1), dt.date(1999, 2, 1)), after=AFTER)
    with pytest.raises(UnknownName, match="KPI"):
        signals.drivers(story, before=BEFORE, after=AFTER, kpi="complaints")
    with pytest.raises(SchemaError, match="brand"):
        signals.drivers(story, before=BEFORE, after=AFTER, by=["brand"])
