"""Stand-off labels find their texts by digest, among train rows and plain texts only."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from feedback_nlp.errors import TrainingError
from feedback_nlp.training.cards import read_card
from feedback_nlp.training.corpora import texts_of_later_splits
from feedback_nlp.training.guide import read_lines
from feedback_nlp.training.standoff import FIELDS, digest, read_standoff

CARD = read_card(Path(__file__).parents[2] / "corpora" / "datasets" / "standoff.toml")
TEXTS = ["late | again", "lovely", "held back"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for kind in ("labelled", "unlabelled"):
        (tmp_path / kind).mkdir()
    shops = pd.DataFrame({"text": TEXTS, "split": ["train", "train", "test"]})
    shops.to_parquet(tmp_path / "labelled" / "shops.parquet")
    pd.DataFrame({"text": ["还行", None]}).to_parquet(tmp_path / "unlabelled" / "posts.parquet")
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "standoff"


def write(folder: Path, name: str, labels: dict[str, str]) -> None:
    lines = [f"{digest(text)}|{codes}\n" for text, codes in labels.items()]
    path = folder / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def test_labels_find_their_texts_in_both_kinds_of_set(folder: Path, data: Path) -> None:
    write(folder, "train/en-shops", {"lovely": "p|0|-|-", "late | again": "n|2|cl|DEL-"})
    write(folder, "dev/zh-posts", {"还行": "0|0|-|-"})
    frame = read_standoff(folder, data)
    assert frame is not None
    assert frame[["lang", "split", "text", "sentiment", "severity"]].values.tolist() == [
        ["zh", "dev", "还行", "neutral", 0],
        ["en", "train", "lovely", "positive", 0],
        ["en", "train", "late | again", "negative", 2],
    ]
    assert frame["leaving"].tolist() == [False, False, True]
    assert frame["topic_delivery"].tolist() == [pd.NA, pd.NA, -1]


def test_a_text_held_back_is_never_found_and_that_is_said(
    folder: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, "train/en-shops", {"held back": "p|0|-|-", "lovely": "p|0|-|-", "not there": "n|0|-|-"})
    with caplog.at_level(logging.WARNING):
        frame = read_standoff(folder, data)
    assert frame is not None
    assert frame["text"].tolist() == ["lovely"]
    assert "2 of 3 labels find no text" in caplog.text


def test_a_text_set_aside_for_dev_is_trained_on_nowhere(folder: Path, data: Path) -> None:
    write(folder, "dev/en-shops", {"lovely": "p|0|-|-"})
    (data / "gold").mkdir()
    pd.DataFrame({"text": ["other"], "split": ["dev"]}).to_parquet(data / "gold" / "gold.parquet")
    card = replace(CARD, standoff=folder)
    assert texts_of_later_splits(data, [card]) == {"lovely", "held back", "other"}


def test_sets_that_are_not_there_are_passed_over(folder: Path, data: Path) -> None:
    write(folder, "train/en-elsewhere", {"lovely": "p|0|-|-"})
    assert read_standoff(folder, data) is None


def test_a_bad_line_is_named(folder: Path, data: Path) -> None:
    write(folder, "train/en-shops", {"lovely": "p|0|-|-", "late | again": "x|0|-|-"})
    with pytest.raises(TrainingError, match=r"en-shops\.txt, line 2"):
        read_standoff(folder, data)


def test_ours_can_be_read_and_no_label_is_there_twice() -> None:
    assert CARD.standoff is not None
    files = sorted(CARD.standoff.glob("*/*.txt"))
    ids = pd.concat([read_lines(path, FIELDS)["id"] for path in files])
    assert len(ids) > 1000
    assert not ids.duplicated().any()
    assert ids.str.fullmatch("[0-9a-f]{16}").all()
