"""Ratings and scores: every form met in real dumps, and the scale of a column."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.collectors import guess
from feedback_nlp.collectors.values import ratings

NAMED = [
    ("5", 5.0),
    ("4.5", 4.5),
    ("4.0", 4.0),
    ("5星", 5.0),
    ("3颗星", 3.0),
    ("★★★★☆", 4.0),
    ("⭐⭐", 2.0),
    ("好评", 5.0),
    ("中评", 3.0),
    ("差评", 1.0),
    ("力荐", 5.0),
    ("推荐", 4.0),
    ("还行", 3.0),
    ("较差", 2.0),
    ("很差", 1.0),
    ("非常满意", 5.0),
    ("不满意", 2.0),
    ("allstar40", 4.0),
    ("allstar10 rating", 1.0),
    ("sml-str35", 3.5),
    ("8/10", 4.0),
    ("4 out of 5 stars", 4.0),
    ("5.0 out of 5 stars", 5.0),
    ("Rated 4 stars", 4.0),
    ("Excellent", 5.0),
    ("Terrible", 1.0),
    ("４", 4.0),
    ("评分：4.5", 4.5),
    ("五星好评", 5),
    ("好评 5星", 5),
    ("非常满意（5分）", 5),
    ("5 - Very satisfied", 5),
    ("基本满意", 3),
    ("不太满意", 2),
    ("bubble_50", 5),
    ("s-star-40", 4),
    ("Bad, I'm unsatisfied", 1),
]


@pytest.mark.parametrize(("cell", "stars"), NAMED)
def test_forms_of_a_rating(cell: str, stars: float) -> None:
    assert ratings.parse(cell) == ratings.Rating(stars)


@pytest.mark.parametrize(
    ("cell", "scale", "stars"),
    [
        ("8", 10, 4.0),
        ("10", 10, 5.0),
        ("1", 10, 1.0),
        ("0", 10, 1.0),
        ("80", 100, 4.0),
        ("93%", 100, 4.65),
        ("45", 50, 4.5),
        ("80分", 100, 4.0),
    ],
)
def test_points_become_stars_by_proportion_and_never_less_than_one(
    cell: str, scale: float, stars: float
) -> None:
    assert ratings.parse(cell, scale).stars == pytest.approx(stars)


@pytest.mark.parametrize(
    ("cell", "remark"),
    [
        ("6", "outside_scale"),
        ("0", "unrated"),
        ("Unoffered", "unrated"),
        ("nice", "unreadable"),
        ("-1", "unreadable"),
        ("", ""),
        ("None", ""),
    ],
)
def test_what_is_no_rating_is_null_and_said(cell: str, remark: str) -> None:
    assert ratings.parse(cell) == ratings.Rating(None, remark)


@pytest.mark.parametrize(
    ("cells", "declared", "scale", "noted"),
    [
        (["5", "4", "1"], None, 5, False),
        (["5", "4", "1"], 10.0, 10, False),
        (["10", "8", "7"], None, 10, False),
        (["10", "8", "7"], 5.0, 10, True),
        (["45", "50", "30"], None, 50, False),
        (["80", "93"], None, 100, False),
        (["5"] * 60 + ["99"], 5.0, 5, False),  # one stray cell is not a scale
        (["好评", "差评"], None, 5, False),
        ([], None, 5, False),
    ],
)
def test_the_scale_is_the_columns(
    cells: list[str], declared: float | None, scale: float, noted: bool
) -> None:
    found, note = ratings.scale_of(cells, declared=declared)
    assert found == scale
    assert bool(note) is noted


@pytest.mark.parametrize(
    ("cell", "score"),
    [("10", 10), ("0", 0), ("7.0", 7), ("9分", 9), ("8 - 比较可能", 8), ("10: very likely", 10), ("9/10", 9)],
)
def test_recommendation_scores(cell: str, score: float) -> None:
    assert ratings.recommend_score(cell) == ratings.Rating(score)


@pytest.mark.parametrize(("cell", "remark"), [("11", "outside_scale"), ("very", "unreadable"), ("", "")])
def test_what_is_no_recommendation_score(cell: str, remark: str) -> None:
    assert ratings.recommend_score(cell) == ratings.Rating(None, remark)


@given(st.text(max_size=20), st.sampled_from([5.0, 10.0, 50.0, 100.0]))
@settings(deadline=None, max_examples=200)
def test_stars_are_from_one_to_five(cell: str, scale: float) -> None:
    stars = ratings.parse(cell, scale).stars
    assert stars is None or 1 <= stars <= 5


@pytest.mark.parametrize("cell", ["1" * 200_000, "好" * 200_000, "13812345678" * 20_000, "." * 200_000])
def test_a_cell_of_a_whole_book_is_told_at_once(cell: str) -> None:
    """Patterns over such cells took minutes."""
    begun = time.process_time()
    assert ratings.parse(cell) == ratings.Rating(None, ratings.UNREADABLE)
    assert not ratings.reads_like_rating(cell)
    guess.look([cell] * 3)
    assert time.process_time() - begun < 2
