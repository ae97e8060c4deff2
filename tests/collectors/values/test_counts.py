"""Counts: every form met in real dumps."""

from __future__ import annotations

import pytest

from feedback_nlp.collectors.values import counts


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("0", 0),
        ("1  ", 1),
        ("12.0", 12),
        ("1,234", 1234),
        ("1.2万", 12_000),
        ("10万+", 100_000),
        ("3k", 3_000),
        ("1w+", 10_000),
        ("2.1M", 2_100_000),
        ("1.5亿", 150_000_000),
        ("赞 12", 12),
        ("点赞(23)", 23),
        ("赞", 0),
        ("12 people found this helpful", 12),
        ("One person found this helpful", 1),
        ("12人觉得有用", 12),
    ],
)
def test_forms_of_a_count(cell: str, count: int) -> None:
    assert counts.parse(cell) == (count, "")


@pytest.mark.parametrize("cell", ["abc", "-1", "3.4.5", "1 2 3", "9" * 20])
def test_what_is_no_count_is_null_and_said(cell: str) -> None:
    assert counts.parse(cell) == (None, counts.UNREADABLE)


@pytest.mark.parametrize("cell", ["", "None", "nan", "-"])
def test_an_empty_cell_is_null(cell: str) -> None:
    assert counts.parse(cell) == (None, "")
