"""Runs of units: what a unit is, that no run leaves its text, and that a batch changes nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.classifiers.grams import LONGEST, grams


def read(text: str) -> Counter[int]:
    return Counter(grams([text])[0].tolist())


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", 0),
        (" \n\t\u3000", 0),
        ("好", 1),
        ("送餐太慢", 4),
        ("too slow", 2),
        ("don't", 1),
        ("it’s über-slow", 4),
        ("用了 iPhone15 很卡", 5),
        ("赞👍👍", 3),
        ("<url> 3.5", 6),
    ],
)
def test_a_unit_is_a_word_of_letters_or_any_other_character(text: str, units: int) -> None:
    assert sum(read(text).values()) == sum(max(0, units - more) for more in range(LONGEST))


@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_text_has_the_same_runs_alone_and_among_others(texts: list[str]) -> None:
    hashes, owner = grams(texts)
    for i, text in enumerate(texts):
        assert Counter(hashes[owner == i].tolist()) == read(text)


def test_order_and_spelling_count_and_spaces_do_not() -> None:
    assert read("very good") != read("good very")
    assert read("good") != read("goad")
    assert read("ab") != read("ba")
    assert read("very  good\n") == read("very good")
    assert read("不 好") == read("不好")
    assert read("very good") != read("verygood")


def test_few_of_many_wordings_share_a_hash() -> None:
    texts = [chr(0x4E00 + i) + chr(0x4E00 + j) for i in range(150) for j in range(150)]
    hashes, _ = grams(texts)
    assert len(np.unique(hashes)) >= 150 + 150 * 150 - 2


def test_a_broken_character_is_a_unit_like_any_other() -> None:
    assert sum(read("好\ud83d差").values()) == 3 + 2 + 1
