from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.classifiers.windows import Layout, Span, layout, mean, most, spans, surest


@settings(deadline=None, max_examples=200)
@given(
    length=st.integers(0, 400),
    size=st.integers(1, 60),
    overlap=st.integers(0, 59),
    limit=st.integers(1, 20),
)
def test_windows_cover_the_text_once_and_in_order(length: int, size: int, overlap: int, limit: int) -> None:
    overlap = min(overlap, size - 1)
    found, left_out = spans(length, size=size, overlap=overlap, most=limit)
    assert len(found) <= limit
    assert all(0 < span.end - span.start <= size for span in found) or length == 0
    assert sum(span.new for span in found) == found[-1].end
    assert left_out == (found[-1].end < length)
    for before, after in itertools.pairwise(found):
        assert after.end - after.new == before.end, "a window takes up where the one before stopped"
        assert before.end - after.start >= overlap, "and reads at least the overlap again"


def test_a_text_that_fits_is_one_window() -> None:
    assert spans(10, size=10, overlap=3, most=5) == ([Span(0, 10, 10)], False)
    assert spans(0, size=10, overlap=3, most=5) == ([Span(0, 0, 0)], False)


def test_the_last_window_is_a_full_one() -> None:
    assert spans(11, size=10, overlap=3, most=5) == ([Span(0, 10, 10), Span(1, 11, 1)], False)


@pytest.fixture
def two_texts() -> Layout:
    """A text of two windows (10 and 5 new tokens) and one of a single window."""
    return layout([[Span(0, 10, 10), Span(5, 15, 5)], [Span(0, 3, 3)]])


def test_mean_weighs_by_new_tokens(two_texts: Layout) -> None:
    values = np.array([[0.9], [0.3], [0.5]], dtype=np.float32)
    np.testing.assert_allclose(mean(values, two_texts), [[(0.9 * 10 + 0.3 * 5) / 15], [0.5]], rtol=1e-6)


def test_most_takes_the_surest_window(two_texts: Layout) -> None:
    values = np.array([0.2, 0.8, 0.5], dtype=np.float32)
    np.testing.assert_array_equal(most(values, two_texts), np.array([0.8, 0.5], dtype=np.float32))


def test_surest_names_the_window_of_each_topic(two_texts: Layout) -> None:
    values = np.array([[0.2, 0.9], [0.8, 0.9], [0.5, 0.1]], dtype=np.float32)
    np.testing.assert_array_equal(surest(values, two_texts), [[1, 0], [2, 2]])


def test_texts_of_one_window_each_are_left_as_they_are() -> None:
    single = layout([[Span(0, 3, 3)], [Span(0, 0, 0)]])
    values = np.array([[0.2], [0.8]], dtype=np.float32)
    np.testing.assert_array_equal(mean(values, single), values)
    np.testing.assert_array_equal(surest(values, single), [[0], [1]])


def test_no_texts_have_no_windows() -> None:
    assert len(layout([]).owner) == 0
