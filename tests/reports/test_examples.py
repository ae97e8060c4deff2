"""Examples: clear, varied, complaints first, the same however the stream is cut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import records
from feedback_nlp.reports.examples import COLUMNS, pick

TOPICS = ("delivery", "price")
DECLARED = (*records.INPUT_COLUMNS, *records.label_columns(TOPICS))


def labelled(rows):
    base = {"source": "a.csv", "lang": "en", "confidence": 0.9, "complaint": False, "severity": 0}
    table = pd.DataFrame([{**base, "row": i + 1, **row} for i, row in enumerate(rows)])
    return records.conform(table, DECLARED)


def many(count=150, seed=3):
    rng = np.random.default_rng(seed)
    words = [
        "late",
        "box",
        "cheap",
        "driver",
        "again",
        "week",
        "price",
        "coupon",
        "door",
        "rain",
        "refund",
        "smile",
    ]
    rows = [
        {
            "text": " ".join(rng.choice(words, size=rng.integers(1, 30))),
            "lang": str(rng.choice(["zh", "en"])),
            "confidence": round(float(rng.random()), 2),
            "complaint": bool(rng.random() < 0.4),
            "severity": int(rng.integers(0, 4)),
            "set_aside": "spam" if rng.random() < 0.1 else None,
            "topic_delivery": rng.choice([-1, 0, 1, None]),
            "topic_price": rng.choice([-1, 0, 1, None, None]),
        }
        for _ in range(count)
    ]
    return labelled(rows)


def test_the_choice_does_not_depend_on_cut_or_order():
    frame = many()
    whole = pick([frame])
    for size in (1, 7, 64):
        cut = [frame.iloc[i : i + size] for i in range(0, len(frame), size)]
        pd.testing.assert_frame_equal(pick(cut), whole)
    pd.testing.assert_frame_equal(pick([frame.sample(frac=1, random_state=5)]), whole)


def test_what_is_shown_counts_names_the_topic_and_can_be_found():
    frame = many()
    chosen = pick([frame])
    assert list(chosen.columns) == ["topic", "polarity", *COLUMNS]
    by_row = frame.set_index("row")
    for row in chosen.to_dict("records"):
        found = by_row.loc[row["row"]]
        assert found["text"] == row["text"]
        assert pd.isna(found["set_aside"])
        assert found[f"topic_{row['topic']}"] == row["polarity"]
    assert chosen.groupby(["topic", "polarity"]).size().to_dict() == {
        (topic, sign): most for topic in TOPICS for sign, most in ((-1, 3), (1, 2), (0, 1))
    }


def test_a_complaint_comes_before_a_criticism_and_the_topic_named_most_first():
    mild = {"text": "The parcel took its time to arrive, which is a pity really.", "topic_delivery": -1}
    hard = {
        "text": "Parcel lost, nobody answers, and I want my money back now.",
        "complaint": True,
        "severity": 2,
    }
    cheap = {"text": "Good value for what it is, I would pay that price again.", "topic_price": 1}
    chosen = pick([labelled([mild, {**hard, "topic_delivery": -1}, cheap])])
    assert chosen["row"].tolist() == [2, 1, 3]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"confidence": 0.95}, {"confidence": 0.40}),
        ({}, {"text": "late"}),
        ({}, {"text": "late " * 300}),
        ({}, {"truncated": True}),
        ({}, {"topic_price": -1}),
    ],
)
def test_the_clearer_of_two_is_chosen(better, worse):
    base = {"text": "It came a week late and the driver just left it in the rain.", "topic_delivery": -1}
    other = {**base, "text": "It came a month late and the driver just left it in the snow."}
    frame = labelled([{**other, **worse}, {**base, **better}])
    chosen = pick([frame], shown=((-1, 1),))
    assert chosen.loc[chosen["topic"] == "delivery", "row"].tolist() == [2]


def test_the_same_words_are_shown_once():
    same = {"text": "It came a week late and the driver left it in the rain.", "topic_delivery": -1}
    other = {"text": "Courier never rang; parcel went back to the depot twice.", "topic_delivery": -1}
    chosen = pick([labelled([same, same, same, {**other, "confidence": 0.6}])])
    assert sorted(chosen["text"]) == sorted([same["text"], other["text"]])


def test_both_languages_are_shown_where_there_are_both():
    english = [
        {"text": f"It came {w} late and the driver left it out.", "topic_delivery": -1}
        for w in ("a day", "so", "an hour")
    ]
    chinese = {"text": "快递晚到了三天,打电话也没有人接,包裹还湿了。", "lang": "zh", "topic_delivery": -1}
    assert "zh" in set(pick([labelled([*english, {**chinese, "confidence": 0.85}])])["lang"])


@pytest.mark.parametrize("frames", [[], [records.empty(DECLARED)], [labelled([{"text": "fine"}])]])
def test_nothing_to_show_is_an_empty_frame(frames):
    chosen = pick(frames)
    assert len(chosen) == 0
    assert list(chosen.columns) == ["topic", "polarity", *COLUMNS]


def test_frames_given_are_not_changed():
    frame = many(50)
    before = frame.copy()
    pick([frame])
    pd.testing.assert_frame_equal(frame, before)
