"""Numbers, periods and neutral text, as a reader sees them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.reports.numbers import difference, interval, number, with_interval, with_unit
from feedback_nlp.reports.periods import after, name, span
from feedback_nlp.reports.plain import cut, plain
from feedback_nlp.reports.rows import Value


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.2314, "share", "23.1"),
        (0.0, "share", "0.0"),
        (-0.00001, "index", "0.0"),
        (12.44, "index", "+12.4"),
        (-12.46, "index", "−12.5"),
        (4.213, "stars", "4.21"),
        (4120.0, "comments", "4,120"),
        (2.5, "count", "2.5"),
        (1234567, "count", "1,234,567"),
        (None, "share", "–"),
    ],
)
def test_numbers(value, unit, expected):
    assert number(value, unit) == expected


def test_units_and_intervals():
    cell = Value(0.231, 0.218, 0.245, 4120)
    assert with_unit(0.231, "share", lang="en") == "23.1\u00a0%"
    assert with_unit(0.231, "share", lang="zh") == "23.1%"
    assert interval(cell, "share") == "[21.8, 24.5]"
    assert with_interval(cell, "share", lang="en") == "23.1\u00a0% [21.8,\u00a024.5]"
    assert with_interval(Value(0.231), "share", lang="zh") == "23.1%"
    assert difference(-0.012, "share", lang="zh") == "−1.2个百分点"
    assert difference(3.25, "index", lang="en") == "+3.2"
    assert difference(-0.0001, "share", lang="zh") == "0.0个百分点"


@pytest.mark.parametrize(
    ("start", "every", "en", "zh"),
    [
        (date(2024, 12, 30), "week", "2025-W01 (30 Dec–5 Jan)", "2025年第1周（12月30日–1月5日）"),
        (date(2025, 2, 1), "month", "Feb 2025", "2025年2月"),
        (date(2025, 4, 1), "quarter", "Q2 2025", "2025年第2季度"),
        (date(2025, 2, 1), "7d", "7 days to 1 Feb 2025", "截至2025年2月1日的7日"),
        (date(2025, 2, 1), "day", "1 Feb 2025", "2025年2月1日"),
    ],
)
def test_names_of_periods(start, every, en, zh):
    assert name(start, every, lang="en").replace("\u00a0", " ") == en
    assert name(start, every, lang="zh") == zh


@pytest.mark.parametrize(
    ("every", "end"),
    [
        ("day", date(2024, 12, 2)),
        ("week", date(2024, 12, 8)),
        ("month", date(2025, 1, 1)),
        ("quarter", date(2025, 3, 1)),
    ],
)
def test_the_period_after(every, end):
    assert after(date(2024, 12, 1), every) == end


def test_a_span_ends_with_the_last_day_of_the_last_period():
    said = span(date(2024, 1, 1), date(2024, 2, 1), "month", lang="en").replace("\u00a0", " ")
    assert said == "1 Jan 2024 – 29 Feb 2024"
    assert span(date(2024, 1, 1), date(2024, 1, 1), "day", lang="zh") == "2024年1月1日"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain 文字 😀 👨\u200d👩\u200d👧 ❤\ufe0f é", "plain 文字 😀 👨\u200d👩\u200d👧 ❤\ufe0f é"),
        ("a\x00b\x1b[31m", "a\ufffdb\ufffd[31m"),
        ("abc\u202edef\u2069", "abc\ufffddef\ufffd"),
        ("one\r\n\ttwo\u2028three", "one two three"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 3),
        ("\ud800x\ufeff", "\ufffdx\ufffd"),
    ],
)
def test_plain(text, expected):
    assert plain(text) == expected


@settings(deadline=None, max_examples=200)
@given(text=st.text())
def test_plain_text_is_plain_for_good_and_can_be_written(text):
    once = plain(text)
    assert plain(once) == once
    once.encode("utf-8")
    assert not set(once) & set("\x00\n\r\u202e\u2066\u200b")


def test_cut_says_whether_it_cut():
    assert cut("short", width=10) == ("short", False)
    assert cut("much too long", width=5) == ("much…", True)
