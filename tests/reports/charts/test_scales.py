"""The law from value to pixel, and the round numbers of an axis."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.reports.charts.scales import Scale, domain, ticks

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
SPANS = st.tuples(NUMBERS, NUMBERS).filter(lambda pair: pair[1] - pair[0] > 1e-3)


@settings(deadline=None, max_examples=200)
@given(span=SPANS, part=st.floats(0, 1))
def test_a_value_lies_as_far_along_the_pixels_as_along_the_values(span, part):
    low, high = span
    scale = Scale(low, high, 200, 20)
    assert scale(low) == 200
    assert scale(high) == 20
    assert scale(low + part * (high - low)) == pytest.approx(200 - 180 * part, abs=1e-3)


@settings(deadline=None, max_examples=100)
@given(span=SPANS, value=NUMBERS)
def test_nothing_is_drawn_outside(span, value):
    assert 20 <= Scale(*span, 200, 20)(value) <= 200


def test_an_empty_range_is_drawn_in_the_middle():
    assert Scale(5, 5, 0, 100)(5) == 50
    assert Scale(5, 5, 0, 100)(7) == 50


@settings(deadline=None, max_examples=300)
@given(span=SPANS, most=st.integers(2, 10))
def test_ticks_are_few_even_and_inside(span, most):
    low, high = span
    marks = ticks(low, high, most=most)
    assert 1 <= len(marks) <= most
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert all(low - slack <= mark <= high + slack for mark in marks)
    steps = [b - a for a, b in itertools.pairwise(marks)]
    assert all(step == pytest.approx(steps[0], rel=1e-6, abs=1e-9) for step in steps)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (0, 0.4, [0, 0.1, 0.2, 0.3, 0.4]),
        (-100, 100, [-100, -50, 0, 50, 100]),
        (0, 0, [0]),
        (1, 5, [1, 2, 3, 4, 5]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


@settings(deadline=None, max_examples=200)
@given(values=st.lists(NUMBERS, min_size=1, max_size=20))
def test_a_domain_holds_its_values_and_has_height(values):
    low, high = domain(values, floor=None, ceiling=None)
    slack = 1e-9 * max(map(abs, values))
    assert low <= min(values) + slack
    assert high >= max(values) - slack
    assert high > low


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0, 1)),
        ([0.23, 0.24], (0.23, 0.24)),  # zero would leave the chart empty
        ([0.05, 0.24], (0, 0.25)),
        ([0.99, 1.0], (0.99, 1.0)),
        ([0.0, 0.0], None),
        ([0.5], None),
        ([math.inf, 0.2, 0.3], None),
    ],
)
def test_domains_of_shares(values, expected):
    low, high = domain(values, floor=0.0, ceiling=1.0)
    assert 0 <= low < high <= 1
    if expected is not None:
        assert (low, high) == pytest.approx(expected)
