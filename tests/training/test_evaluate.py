from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import InputError, TrainingError
from feedback_nlp.training import labels
from feedback_nlp.training.evaluate import Evaluation, evaluate
from feedback_nlp.training.measures import given_sentiment


@pytest.fixture
def gold() -> pd.DataFrame:
    rows = [
        ("good", "positive", False, 0, "en"),
        ("bad and slow", "negative", True, 2, "en"),
        ("bad", "negative", True, 1, "en"),
        ("good but bad", "mixed", True, 1, "en"),
        ("it came today", "neutral", False, 0, "en"),
        ("好", "positive", False, 0, "zh"),
        ("差", "negative", True, 3, "zh"),
        ("很慢", "negative", True, 2, "zh"),  # the keywords miss this one
    ]
    frame = pd.DataFrame(rows * 10, columns=["text", "sentiment", "complaint", "severity", "lang"])
    frame["topic_delivery"] = [-1 if "slow" in t or "慢" in t else None for t in frame.text]
    frame["topic_service"] = None
    return frame


def value(found: Evaluation, head: str, metric: str, group: str = "all", column: str = "value") -> float:
    table = found.table
    row = table[(table["head"] == head) & (table["metric"] == metric) & (table["group"] == group)]
    assert len(row) == 1, (head, metric, group)
    return float(row[column].iloc[0])


def test_measures_by_hand(gold: pd.DataFrame, keywords: Any) -> None:
    found = evaluate(gold, model=keywords, resamples=50)
    assert value(found, "sentiment", "accuracy") == pytest.approx(7 / 8)
    assert value(found, "sentiment", "recall of negative") == pytest.approx(3 / 4)
    assert value(found, "sentiment", "accuracy", "lang=en") == 1
    assert value(found, "sentiment", "accuracy", "lang=zh") == pytest.approx(2 / 3)
    assert value(found, "complaint", "recall") == pytest.approx(4 / 5)
    assert value(found, "complaint", "F1") == pytest.approx(2 * 4 / (5 + 4))
    assert value(found, "severity", "F1 of ≥ 2") == pytest.approx(2 * 2 / (3 + 4))
    assert value(found, "topics", "micro F1 of named") == 1
    assert value(found, "topics", "polarity accuracy where both name") == 1
    assert value(found, "sentiment", "ECE") == pytest.approx(abs(0.9 - 7 / 8), abs=1e-6)
    assert value(found, "sentiment", "accuracy", column="n") == 80
    low, high = (value(found, "sentiment", "accuracy", column=c) for c in ("low", "high"))
    assert low < 7 / 8 < high
    assert found.confusion is not None
    assert found.confusion.loc["negative", "neutral"] == 10
    assert found.confusion.to_numpy().sum() == 80


def test_side_by_side(gold: pd.DataFrame, keywords: Any) -> None:
    better = type(keywords)(name="better@1", bad=("bad", "差", "慢"))
    found = evaluate(gold, model=better, against=keywords, resamples=200)
    assert (found.model, found.against) == ("better@1", "keywords@1")
    assert value(found, "sentiment", "accuracy", column="against") == pytest.approx(7 / 8)
    assert value(found, "sentiment", "accuracy", column="difference") == pytest.approx(1 / 8)
    assert value(found, "sentiment", "accuracy", column="difference_low") > 0
    same = evaluate(gold, model=keywords, against=keywords, resamples=50)
    assert (same.table["difference"].dropna() == 0).all()


def test_topics_are_compared_only_where_both_know_the_same(gold: pd.DataFrame, keywords: Any) -> None:
    fewer = type(keywords)(name="fewer@1", topics=("delivery", "battery"))
    found = evaluate(gold, model=fewer, against=keywords, resamples=20)
    assert np.isnan(value(found, "topics", "micro F1 of named", column="against"))
    assert value(found, "topics", "F1 of delivery", column="against") == 1


def test_small_groups_and_missing_labels_are_left_out(gold: pd.DataFrame, keywords: Any) -> None:
    gold["complaint"] = gold["complaint"].astype("object").where(gold.index >= 40, None)
    gold["domain"] = ["rare"] * 5 + ["common"] * 75
    found = evaluate(gold, model=keywords, resamples=20)
    assert value(found, "complaint", "F1", column="n") == 40
    assert not found.table["group"].eq("domain=rare").any()
    assert found.table["group"].eq("domain=common").any()


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl", ".xlsx", ".tsv"])
def test_files_read_like_the_frame(gold: pd.DataFrame, keywords: Any, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"gold{suffix}"
    if suffix == ".parquet":
        gold.to_parquet(path)
    elif suffix == ".jsonl":
        gold.to_json(path, orient="records", lines=True, force_ascii=False)
    elif suffix == ".xlsx":
        gold.to_excel(path, index=False)
    else:
        gold.to_csv(path, index=False, encoding="utf-8-sig", sep="\t" if suffix == ".tsv" else ",")
    pd.testing.assert_frame_equal(
        evaluate(path, model=keywords, resamples=20).table, evaluate(gold, model=keywords, resamples=20).table
    )


def test_only_one_split(gold: pd.DataFrame, keywords: Any) -> None:
    gold["split"] = np.where(gold["text"].str.contains("慢"), "train", "dev")
    assert value(evaluate(gold, model=keywords, split="dev", resamples=20), "sentiment", "accuracy") == 1
    with pytest.raises(TrainingError, match="no row has split 'test'"):
        evaluate(gold, model=keywords, split="test")


def test_rows_without_text_are_counted(gold: pd.DataFrame, keywords: Any) -> None:
    gold.loc[gold.index[:3], "text"] = [None, "  ", ""]
    found = evaluate(gold, model=keywords, resamples=20)
    assert (found.rows, found.empty) == (77, 3)


def test_fewer_classes_are_chosen_among_those(keywords: Any) -> None:
    predictions = keywords.predict(["good", "bad", "good but bad", "neither"])
    binary = given_sentiment(np.array([2, 0, 0, 0]), predictions)
    assert binary.tolist()[:2] == [2, 0]
    assert set(binary.tolist()) <= {0, 2}
    three = given_sentiment(np.array([2, 0, 0, 1]), predictions)
    assert three.tolist() == [2, 0, 1, 1], "mixed counts to the middle of three"
    two_others = given_sentiment(np.array([2, 1, 1, 1]), predictions)
    assert 3 not in two_others
    assert given_sentiment(np.array([0, 1, 2, 3]), predictions).tolist() == [2, 0, 3, 1]


@pytest.mark.parametrize(
    ("written", "label"),
    [("n", 0), ("0", 1), ("p", 2), ("m", 3), (-1, 0), (1, 2), ("Positive", 2), ("中性", 1)],
)
def test_sentiments_as_people_write_them(written: object, label: int) -> None:
    found = labels.read(pd.DataFrame({"text": ["x"], "sentiment": [written]}))
    assert found.heads["sentiment"].tolist() == [label]


def test_what_is_no_label_is_said() -> None:
    with pytest.raises(TrainingError, match="column 'complaint' holds 'perhaps'"):
        labels.read(pd.DataFrame({"text": ["x"], "complaint": ["perhaps"]}))
    with pytest.raises(TrainingError, match="need a column 'text'"):
        labels.read(pd.DataFrame({"comment": ["x"]}))
    with pytest.raises(TrainingError, match="no label column among: text"):
        labels.read(pd.DataFrame({"text": ["x"]}))
    with pytest.raises(TrainingError, match="none of the 1 rows has a text"):
        labels.read(pd.DataFrame({"text": [None], "sentiment": ["p"]}))


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        labels.read(tmp_path / "no.csv")
    with pytest.raises(InputError, match=r"not '\.doc'"):
        labels.read(tmp_path / "no.doc")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="cannot be read"):
        labels.read(tmp_path / "broken.parquet")
