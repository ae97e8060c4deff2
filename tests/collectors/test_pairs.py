"""Comments in two columns, what was liked and what was not, are one comment."""

from __future__ import annotations

import pandas as pd
import pytest

from feedback_nlp.collectors import check, read


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("pros", "cons"),
        ("Positive_Review", "Negative_Review"),
        ("What do you like best?", "What do you dislike?"),
        ("优点", "缺点"),
        ("您最满意的是什么？", "您最不满意的是什么？"),
    ],
)
def test_both_halves_are_read(good: str, bad: str) -> None:
    dump = pd.DataFrame({good: ["Easy to set up", "Fast support"], bad: ["Far too expensive", "No Negative"]})
    frame = next(read(dump))
    assert frame["text"].tolist() == ["Easy to set up\nFar too expensive", "Fast support"]
    assert any("two columns" in note for note in check(dump).entry.notes)


def test_a_half_without_its_other_is_a_comment_by_itself() -> None:
    dump = pd.DataFrame({"cons": ["Far too expensive for us", "Slow and never answered"]})
    assert next(read(dump))["text"].tolist() == dump["cons"].tolist()


def test_the_callers_text_wins() -> None:
    dump = pd.DataFrame({"pros": ["Easy to set up"], "cons": ["Far too expensive"]})
    assert next(read(dump, columns={"text": "cons"}))["text"].tolist() == ["Far too expensive"]
