from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.classifiers.batches import by_length, distinct


@settings(deadline=None, max_examples=100)
@given(
    lengths=st.lists(st.integers(1, 200), max_size=80), tokens=st.integers(1, 500), rows=st.integers(1, 30)
)
def test_every_row_is_in_one_batch_within_the_budget(lengths: list[int], tokens: int, rows: int) -> None:
    parts = list(by_length(lengths, tokens=tokens, rows=rows))
    assert sorted(np.concatenate(parts).tolist() if parts else []) == list(range(len(lengths)))
    for part in parts:
        padded = max(lengths[i] for i in part) * len(part)
        assert len(part) == 1 or (padded <= tokens and len(part) <= rows)


def test_rows_of_like_length_go_together() -> None:
    parts = list(by_length([9, 1, 9, 1], tokens=18, rows=10))
    assert [part.tolist() for part in parts] == [[0, 2], [1, 3]]


@given(texts=st.lists(st.sampled_from("abcde"), max_size=30))
def test_distinct_gives_every_text_back(texts: list[str]) -> None:
    different, place = distinct(texts)
    assert len(different) == len(set(texts))
    assert [different[i] for i in place] == texts
