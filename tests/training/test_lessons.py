"""Lessons read as the gold labels do, and a line that is not one is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import TrainingError
from feedback_nlp.records import FLAGS
from feedback_nlp.taxonomy import load
from feedback_nlp.training.behaviour.cases import cases
from feedback_nlp.training.cards import read_card
from feedback_nlp.training.lessons import read_lessons
from feedback_nlp.training.targets import targets_of

DATASETS = Path(__file__).parents[2] / "corpora" / "datasets"
CARD = read_card(DATASETS / "lessons.toml")


@pytest.fixture(scope="module")
def ours() -> pd.DataFrame:
    assert CARD.lessons is not None
    return read_lessons(CARD.lessons)


def test_ours_are_many_in_both_languages_and_none_is_there_twice(ours: pd.DataFrame) -> None:
    assert ours["lang"].value_counts().min() > 500
    assert not ours["text"].duplicated().any()
    assert ours.groupby("lang")["sentiment"].nunique().tolist() == [4, 4]


def test_none_is_a_case_of_the_behaviour_suite(ours: pd.DataFrame) -> None:
    """What is learnt by heart cannot be examined."""

    def bare(text: str) -> str:
        return "".join(c for c in text.casefold() if c.isalnum())

    exam = {bare(case.text) for case in cases()}
    assert not [text for text in ours["text"] if bare(text) in exam]


def test_a_line_teaches_every_head(tmp_path: Path) -> None:
    (tmp_path / "en-a.txt").write_text("# a heading\n\nm|2|cl|QUA+,DEL-|great | but late\n", encoding="utf-8")
    frame = read_lessons(tmp_path)
    assert frame[["lang", "text"]].values.tolist() == [["en", "great | but late"]]
    topics = load("default").ids
    targets = targets_of(frame, CARD, topics)
    assert (targets.allowed[0], targets.severity[0]) == (8, 2)
    assert dict(zip(FLAGS, targets.flags[0].tolist(), strict=True)) == {
        **dict.fromkeys(FLAGS, 0),
        **dict.fromkeys(("complaint", "leaving", "feedback"), 1),
    }
    named = {topics[i]: int(targets.topics[0, i]) for i in np.flatnonzero(targets.topics[0])}
    assert named == {"quality": 3, "delivery": 1}


@pytest.mark.parametrize(
    "line",
    [
        "good|0|-|-|text",
        "p|4|-|-|text",
        "p|-1|-|-|text",
        "p|0|z|-|text",
        "p|0|-|ABC+|text",
        "p|0|-|QUA|text",
        "p|0|-|text",
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "zh-b.txt").write_text(f"p|0|-|-|好\n{line}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"zh-b\.txt, line 2"):
        read_lessons(tmp_path)


def test_a_folder_without_lessons_says_so(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no lessons"):
        read_lessons(tmp_path)
