"""Marks of a time axis: inside, in order, at starts of calendar periods, as many as fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.reports.charts.dates import date_ticks

EVERY = ["day", "week", "month", "quarter", None]
DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))


@settings(deadline=None, max_examples=200)
@given(first=DAYS, span=st.integers(0, 9000), every=st.sampled_from(EVERY), room=st.floats(150, 1200))
def test_marks_are_inside_in_order_and_fit(first, span, every, room):
    last = first + timedelta(days=span)
    marks = [day for day, _ in date_ticks(first, last, every=every, room=room, lang="en")]
    assert marks == sorted(set(marks))
    assert all(first <= day <= last for day in marks)
    assert 1 <= len(marks) <= max(room / 46, 1)


@pytest.mark.parametrize(
    ("first", "last", "every", "lang", "expected"),
    [
        (date(2024, 1, 1), date(2024, 1, 22), "week", "en", ["1 Jan", "8 Jan", "15 Jan", "22 Jan"]),
        (date(2024, 11, 1), date(2025, 2, 1), "month", "en", ["Nov 2024", "Dec", "Jan 2025", "Feb"]),
        (date(2024, 11, 1), date(2025, 2, 1), "month", "zh", ["2024年11月", "12月", "2025年1月", "2月"]),
        (date(2024, 1, 1), date(2024, 10, 1), "quarter", "en", ["Jan 2024", "Apr", "Jul", "Oct"]),
        (date(2010, 1, 1), date(2024, 1, 1), "quarter", "zh", ["2010年", "2012年"]),
        (date(2024, 5, 6), date(2024, 5, 6), "day", "zh", ["5月6日"]),
    ],
)
def test_words_of_the_marks(first, last, every, lang, expected):
    words = [
        said.replace("\u00a0", " ") for _, said in date_ticks(first, last, every=every, room=400, lang=lang)
    ]
    assert words[: len(expected)] == expected
