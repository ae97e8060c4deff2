"""Read the sets: rows to fit on, rows to choose and report on, and plain texts for pretraining."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.errors import TrainingError
from feedback_nlp.training.cards import Card
from feedback_nlp.training.lessons import read_lessons
from feedback_nlp.training.standoff import read_standoff
from feedback_nlp.training.targets import Targets, join, targets_of

_LONGEST = 4000  # characters; a window is shorter by far


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts with what they teach; `sets` and `languages` name each row's set and language."""

    texts: list[str]
    sets: list[str]
    languages: list[str]
    targets: Targets

    def __len__(self) -> int:
        return len(self.texts)


def gold_topics(data: Path) -> tuple[str, ...]:
    """Ids of the topics that the gold labels hold, in their order."""
    names = _gold(data).columns
    return tuple(name.removeprefix("topic_") for name in names if name.startswith("topic_"))


def read_rows(data: Path, cards: Sequence[Card], *, split: str, seed: int = 0) -> Rows:
    """Rows of one split of every set that teaches something; empty texts and texts of later splits left out.

    Raises:
        TrainingError: no set of the cards is in the folder.
    """
    topics = gold_topics(data)
    withheld = texts_of_later_splits(data, cards) if split == "train" else frozenset[str]()
    texts: list[str] = []
    sets: list[str] = []
    languages: list[str] = []
    targets: list[Targets] = []
    for card in cards:
        frame = _rows_of(data, card, split=split, seed=seed) if card.fits else None
        if frame is None or frame.empty:
            continue
        frame = frame[~frame["text"].isin(withheld)]
        texts += frame["text"].tolist()
        sets += [card.name] * len(frame)
        languages += frame["lang"].tolist()
        targets.append(targets_of(frame, card, topics))
    if not targets:
        raise TrainingError(f"none of the {len(cards)} sets on the cards has {split!r} rows under {data}.")
    return Rows(texts, sets, languages, join(targets))


def read_texts(data: Path, cards: Sequence[Card], *, per_set: int, seed: int = 0) -> list[str]:
    """Texts to learn words from: unlabelled ones and train rows, at most `per_set` of one set, shuffled."""
    rng = np.random.default_rng(seed)
    withheld = texts_of_later_splits(data, cards)
    texts: list[str] = []
    frames = [
        pd.read_parquet(path, columns=["text"]) for path in sorted((data / "unlabelled").glob("*.parquet"))
    ]
    for card in cards:
        frame = _read(data, card)
        if frame is not None:
            frames.append(frame[frame["split"] == "train"])
    for frame in frames:
        column = frame["text"].dropna()
        column = column[~column.isin(withheld)]
        if len(column) > per_set:
            column = column.sample(per_set, random_state=seed)
        texts += [text[:_LONGEST] for text in column]
    return [texts[i] for i in rng.permutation(len(texts))]


def texts_of_later_splits(data: Path, cards: Sequence[Card]) -> frozenset[str]:
    """Every text of dev and test, of any set: none of them is trained on."""
    paths = [*sorted((data / "labelled").glob("*.parquet")), data / "gold" / "gold.parquet"]
    frames = [pd.read_parquet(path, columns=["text", "split"]) for path in paths]
    frames += [frame for card in cards if card.standoff and (frame := _read(data, card)) is not None]
    return frozenset(
        text for frame in frames for text in frame.loc[frame["split"] != "train", "text"].dropna()
    )


def _rows_of(data: Path, card: Card, *, split: str, seed: int) -> pd.DataFrame | None:
    frame = _read(data, card)
    if frame is None:
        return None
    frame = frame[(frame["split"] == split) & frame["text"].notna()]
    if split == "train" and card.most is not None and len(frame) > card.most:
        frame = frame.sample(card.most, random_state=seed)
    if card.strip:
        frame = frame.assign(text=frame["text"].str.replace(card.strip, "", regex=True))
    return frame[frame["text"].str.strip() != ""]


def _read(data: Path, card: Card) -> pd.DataFrame | None:
    path = data / "labelled" / f"{card.name}.parquet"
    if card.lessons:
        return read_lessons(card.lessons)
    if card.standoff:
        return read_standoff(card.standoff, data)
    if card.gold:
        return _gold(data)
    return pd.read_parquet(path) if path.exists() else None


def _gold(data: Path) -> pd.DataFrame:
    path = data / "gold" / "gold.parquet"
    if not path.exists():
        raise TrainingError(
            f"no gold labels at {path}. DATA is a folder with labelled/, unlabelled/ and gold/; see corpora/."
        )
    return pd.read_parquet(path)
