from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.classifiers.base import Predictions
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.evidence import Evidence, clauses, find
from feedback_nlp.errors import UnknownName


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("质量很好，就是送货太慢了。客服不理人！", ["质量很好，", "就是送货太慢了。", "客服不理人！"]),
        ("味道不错但是分量太少", ["味道不错", "但是分量太少"]),
        (
            "Great food but the waiter was rude. 3.5 stars",
            ["Great food", "but the waiter was rude.", "3.5 stars"],
        ),
        ("Wait... really?!  Yes", ["Wait...", "really?!", "Yes"]),
        ("好", ["好"]),
        ("  \n ", []),
        ("", []),
        ("“太差了！”他说", ["“太差了！”", "他说"]),
    ],
)
def test_clauses(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@settings(deadline=None, max_examples=150)
@given(text=st.text(alphabet="好差ab ,.，。!\n但是but", max_size=40))
def test_clauses_hold_every_character_that_is_not_space(text: str) -> None:
    spans = clauses(text)
    assert "".join(split(text)).replace(" ", "").replace("\n", "") == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


@dataclass(frozen=True)
class Slow:
    """Knows complaints only by the word 慢, and is surer the shorter the text."""

    name: str = "slow@1"
    topics: tuple[str, ...] = ()

    def predict(self, texts: Sequence[str]) -> Predictions:
        p = np.array([0.9 - 0.01 * len(t) if "慢" in t else 0.1 for t in texts], dtype=np.float32)
        sentiment = np.where(p > 0.5, 0, 2).astype(np.int8)
        rest = (1 - p) / 2
        p_sentiment = np.stack([p, rest * 0, 1 - p, rest * 0], axis=1)
        return Predictions(
            sentiment, p_sentiment, {"complaint": p > 0.5}, {"complaint": p}, None, None, p > 2
        )


def test_the_clause_that_complains_is_found() -> None:
    texts = ["包装不错，送货慢死了，客服还行", "", "慢"]
    found = find(texts, classifier=Slow(), label="complaint")
    assert found[0] == Evidence(5, 11, pytest.approx(0.84))
    assert texts[0][5:11] == "送货慢死了，"
    assert found[1] is None
    assert found[2] == Evidence(0, 1, pytest.approx(0.89))


def test_a_positive_text_shows_what_it_praises() -> None:
    assert find(["好，好好好"], classifier=Slow())[0] is not None


def test_one_batch_and_known_labels_only(classifier: EmbeddedClassifier) -> None:
    found = find(["质量不错，送餐太慢", "good."], classifier=classifier)
    assert all(span is not None and 0 <= span.p <= 1 for span in found)
    assert find([], classifier=classifier) == []
    with pytest.raises(UnknownName, match="unknown label 'anger'"):
        find(["好"], classifier=classifier, label="anger")
