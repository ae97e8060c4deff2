"""What cards make of a set's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError
from feedback_nlp.training.cards import Card, FlagMap, SentimentMap, TopicMap, read_card, read_cards
from feedback_nlp.training.targets import ABSENT, NAMED, NEGATIVE, NEUTRAL, POSITIVE, UNKNOWN, targets_of

DATASETS = Path(__file__).parents[2] / "corpora" / "datasets"
TOPICS = ("price", "service", "delivery")
NEG, NEU, POS, MIX = 1, 2, 4, 8


def card(**more: Any) -> Card:
    return Card("own", "here", "1", "ours", "review", ("zh",), **more)


def frame(**columns: list[Any]) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    empty = {
        "sentiment": [None] * rows,
        "rating": [None] * rows,
        "topics": [None] * rows,
        "aspects": [None] * rows,
    }
    return pd.DataFrame({**empty, **columns})


def test_every_card_of_the_repository_reads() -> None:
    cards = read_cards(DATASETS)
    assert len(cards) > 40
    assert all(c.source and c.licence and c.languages for c in cards)
    assert [c.name for c in cards if c.gold] == ["gold", "lessons", "standoff"]


@pytest.mark.parametrize(
    ("classes", "sign", "allowed", "candidates"),
    [
        (2, -1, NEG, NEG | POS),
        (2, 1, POS, NEG | POS),
        (2, 0, 0, 0),
        (3, 0, NEU | MIX, 15),
        (3, 1, POS, 15),
        (3, None, 0, 0),
    ],
)
def test_signs_say_only_what_the_set_knows(
    classes: int, sign: int | None, allowed: int, candidates: int
) -> None:
    targets = targets_of(
        frame(sentiment=[sign, -1]), card(sentiment=SentimentMap("sentiment", classes, 0.5)), TOPICS
    )
    assert (targets.allowed[0], targets.candidates[0], targets.weights[0, 0]) == (allowed, candidates, 0.5)


def test_each_class_of_a_three_class_set_counts_alike() -> None:
    signs = [0, 0, 0, 0, 1, 1, -1, None]
    weights = targets_of(
        frame(sentiment=signs), card(sentiment=SentimentMap("sentiment", 3, 0.5)), TOPICS
    ).weights[:, 0]
    by_class = [sum(w for w, s in zip(weights, signs, strict=True) if s == sign) for sign in (-1, 0, 1)]
    assert by_class == pytest.approx([7 / 3 * 0.5] * 3)
    two = targets_of(frame(sentiment=signs), card(sentiment=SentimentMap("sentiment", 2, 0.5)), TOPICS)
    assert set(two.weights[:, 0].tolist()) == {0.5}


def test_three_stars_say_nothing() -> None:
    targets = targets_of(
        frame(rating=[1.0, 3.0, 5.0, None]), card(sentiment=SentimentMap("rating", 2, 1.0)), TOPICS
    )
    assert targets.allowed.tolist() == [NEG, 0, POS, 0]


def test_aspects_speak_for_the_whole_only_where_they_agree() -> None:
    def aspect(*polarities: str) -> list[dict[str, str]]:
        return [{"aspect": "a", "polarity": p} for p in polarities]

    rows = frame(
        aspects=[aspect("positive", "positive"), aspect("positive", "negative"), aspect("negative"), None]
    )
    targets = targets_of(rows, card(sentiment=SentimentMap("aspects", 2, 1.0)), TOPICS)
    assert targets.allowed.tolist() == [POS, 0, NEG, 0]


def test_flags_are_true_false_or_unknown() -> None:
    rows = frame(topics=[["Late Flight"], ["other"], None], sentiment=[None, 1, None])
    flags = {"complaint": FlagMap(("Late*",), ("sentiment:1",), 1.0)}
    assert targets_of(rows, card(flags=flags), TOPICS).flags[:, 0].tolist() == [1, 0, UNKNOWN]


def test_topics_map_with_their_polarity() -> None:
    mapping = TopicMap(
        (("送*", "delivery"), ("价", "price?"), ("人", "service-")), complete=("delivery",), weight=1.0
    )
    rows = frame(
        topics=[["价"], None, ["人"]],
        aspects=[
            None,
            [{"aspect": "送货", "polarity": "positive"}, {"aspect": "送达", "polarity": "negative"}],
            None,
        ],
    )
    topics = targets_of(rows, card(topics=mapping), TOPICS).topics
    assert topics.tolist() == [
        [NAMED, UNKNOWN, ABSENT],
        [UNKNOWN, UNKNOWN, NEUTRAL],  # praised and blamed at once: both ways
        [UNKNOWN, NEGATIVE, ABSENT],
    ]
    assert POSITIVE not in topics


@pytest.mark.parametrize(
    "text",
    [
        'name = "a"',
        'name="a"\nsource="s"\ncommit="c"\nlicence="l"\nchannel="app"\nlanguages=["fr"]',
        'name="a"\nsource="s"\ncommit="c"\nlicence="l"\nchannel="app"\nlanguages=["zh"]\n[sentiment]\nfrom="stars"\nclasses=2\nweight=1',
    ],
)
def test_a_bad_card_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FeedbackError):
        read_card(path)
