"""Ids: what identifies, what a spreadsheet has damaged, who is nobody."""

from __future__ import annotations

import pytest

from feedback_nlp.collectors.values import ids


@pytest.mark.parametrize(
    ("cell", "identity"),
    [("12824978.0", "12824978"), (" '4974436558045552", "4974436558045552"), ("gp:AAA", "gp:AAA")],
)
def test_ids_lose_what_exports_add(cell: str, identity: str) -> None:
    assert ids.tidy(cell) == identity


@pytest.mark.parametrize("cell", ["1.23E+17", "5.70306E+17", "5e+18"])
def test_damaged_ids(cell: str) -> None:
    assert ids.damaged(cell)


@pytest.mark.parametrize("cell", ["570306133677760513", "7e12", "A1E+17", "12.5"])
def test_ids_that_are_whole(cell: str) -> None:
    assert not ids.damaged(cell)


def test_long_ids_that_all_end_in_zeros_were_rounded() -> None:
    assert ids.rounded(["570306133677760500", "570301130888122300", "570301083672813500"])
    assert not ids.rounded(["570306133677760513", "570301130888122368", "570301083672813500"])
    assert not ids.rounded(["100", "200", "300"])


def test_a_column_that_stands_on_many_texts_identifies_nothing() -> None:
    texts = [f"text {i}" for i in range(100)]
    assert ids.identifies([str(i) for i in range(100)], texts)
    assert ids.identifies([str(i % 98) for i in range(100)], texts)  # two were edited
    assert not ids.identifies(["100008348542"] * 100, texts)
    assert ids.identifies(["a", "a"], ["same", "same"])


@pytest.mark.parametrize(
    "name", ["匿名", "匿名用户", "A Google user", "Amazon Customer", "[deleted]", " ", "nan"]
)
def test_nobody(name: str) -> None:
    assert not ids.is_somebody(name)


def test_content_ids_are_stable_and_tell_cells_apart() -> None:
    assert ids.from_content(("a", "b")) == ids.from_content(("a", "b"))
    assert ids.from_content(("a", "b")) != ids.from_content(("ab", ""))
