"""Phrases that rose, in both languages, with the comments that say them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.signals.phrases import log_odds, rising


def comments(*groups, start=0):
    texts = [(text, lang) for text, lang, times in groups for _ in range(times)]
    return [(f"c{i}", text, lang) for i, (text, lang) in enumerate(texts, start=start)]


def test_what_rose_is_named_in_both_languages_with_its_comments():
    before = comments(
        ("味道不错,下次再来", "zh", 80), ("great taste, fast delivery", "en", 80), ("包装破损", "zh", 3)
    )
    after = comments(
        ("味道不错", "zh", 20),
        ("包装破损,汤全洒了", "zh", 15),
        ("the app keeps crashing", "en", 12),
        start=900,
    )
    found = rising(after, before)
    phrases = [each.phrase for each in found]
    assert any("包装" in phrase for phrase in phrases)
    assert any("crashing" in phrase for phrase in phrases)
    assert not any("味道" in phrase or "delivery" in phrase for phrase in phrases)
    damaged = next(each for each in found if "包装" in each.phrase)
    assert (damaged.count_before, damaged.count_after) == (3, 15)
    assert damaged.ids == ("c920", "c921", "c922", "c923", "c924")
    assert [each.z for each in found] == sorted((each.z for each in found), reverse=True)


def test_nothing_rose_when_nothing_changed_or_too_few_say_it():
    same = comments(("送餐很慢", "zh", 30), ("food was cold", "en", 30))
    assert rising(same, same) == []
    assert rising(comments(("突然闪退", "zh", 2)), same) == []
    assert rising([], same) == []
    assert rising(same, []) == rising(same, [])


def test_one_phrase_is_not_told_in_all_its_parts():
    after = comments(("客服态度恶劣", "zh", 20), ("还可以", "zh", 20))
    before = comments(("还可以", "zh", 40))
    told = [each.phrase for each in rising(after, before)]
    assert len(told) == len({phrase for phrase in told if not any(phrase != o and phrase in o for o in told)})


def test_log_odds_by_hand():
    # prior worth 10 comments; the word is in 30 of 200 comments, so the prior says it 1.5 times
    (delta, z) = log_odds(Counter(w=20), Counter(w=10), n_after=100, n_before=100)["w"]
    import math

    odds = math.log(21.5 / 88.5) - math.log(11.5 / 98.5)
    assert delta == pytest.approx(odds)
    assert z == pytest.approx(odds / math.sqrt(1 / 21.5 + 1 / 88.5 + 1 / 11.5 + 1 / 98.5))


@given(a=st.integers(0, 50), b=st.integers(0, 50))
@settings(max_examples=50, deadline=None)
def test_swapping_the_sides_turns_the_sign(a, b):
    if a + b == 0:
        return
    one = log_odds(Counter(w=a), Counter(w=b), n_after=50, n_before=60)["w"]
    other = log_odds(Counter(w=b), Counter(w=a), n_after=60, n_before=50)["w"]
    assert one == pytest.approx(tuple(-value for value in other))


def test_one_rant_counts_once():
    rant = [("c0", "退款 " * 50, "zh")]
    assert rising(rant, comments(("好吃", "zh", 5))) == []


def test_a_negation_rises_only_with_what_it_denies():
    now = [(f"n{i}", "客服没有回复", "zh") for i in range(9)] + [
        (f"e{i}", "still not refunded", "en") for i in range(9)
    ]
    found = {phrase.phrase for phrase in rising(now, [("b", "很好 fine", "mixed")] * 80)}
    assert not found & {"没有", "not", "still"}
    assert any("没有回复" in phrase for phrase in found)
    assert "not refunded" in " ".join(found)
