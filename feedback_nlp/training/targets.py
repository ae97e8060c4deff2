"""What each row teaches each head, as arrays: unknown stays unknown, so that a loss can skip it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from feedback_nlp.classifiers.base import Floats, Ints
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.cards import Card, FlagMap, TopicMap

UNKNOWN = -1
ABSENT, NEGATIVE, NEUTRAL, POSITIVE, NAMED = range(5)  # a topic; NAMED: there, its polarity not known
_NEG, _NEU, _POS, _MIX = (1 << i for i in range(4))  # sets of sentiments as bits
NEGATIVE_BIT, POSITIVE_BIT = _NEG, _POS
ALL_SENTIMENTS = _NEG | _NEU | _POS | _MIX
_BY_SIGN = {
    2: {-1: _NEG, 1: _POS},
    3: {-1: _NEG, 0: _NEU | _MIX, 1: _POS},
}
_CANDIDATES = {2: _NEG | _POS, 3: ALL_SENTIMENTS, 4: ALL_SENTIMENTS}
_POLARITY = {"negative": NEGATIVE, "neutral": NEUTRAL, "conflict": NEUTRAL, "positive": POSITIVE}
_SUFFIX = {"-": NEGATIVE, "0": NEUTRAL, "+": POSITIVE, "?": NAMED}


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels of n rows.

    allowed, candidates: (n,) bits over SENTIMENTS: the truth is one of `allowed`, among `candidates`; 0 unknown.
    flags: (n, 6) 1, 0, UNKNOWN. severity: (n,) 0–3, UNKNOWN. topics: (n, T) ABSENT … NAMED, UNKNOWN.
    weights: (n, 3) of sentiment, flags with severity, topics.
    """

    allowed: Ints
    candidates: Ints
    flags: Ints
    severity: Ints
    topics: Ints
    weights: Floats

    def __len__(self) -> int:
        return len(self.allowed)

    def take(self, rows: npt.NDArray[np.int64]) -> Targets:
        """The same for some rows."""
        return Targets(*(getattr(self, name)[rows] for name in self.__slots__))


def join(parts: Sequence[Targets]) -> Targets:
    """Rows of several sets, one after the other."""
    return Targets(*(np.concatenate([getattr(p, name) for p in parts]) for name in Targets.__slots__))


def nothing_known(n: int, topics: int) -> Targets:
    """Targets of n rows that teach nothing by themselves."""
    return Targets(
        allowed=np.zeros(n, np.int8),
        candidates=np.zeros(n, np.int8),
        flags=np.full((n, len(FLAGS)), UNKNOWN, np.int8),
        severity=np.full(n, UNKNOWN, np.int8),
        topics=np.full((n, topics), UNKNOWN, np.int8),
        weights=np.ones((n, 3), np.float32),
    )


def targets_of(frame: pd.DataFrame, card: Card, topics: Sequence[str]) -> Targets:
    """What `frame` (rows of the card's set) teaches, topics in the order given."""
    n = len(frame)
    allowed, candidates = _sentiments(frame, card)
    blank = nothing_known(n, len(topics))
    flags, severity, named, weights = blank.flags, blank.severity, blank.topics, blank.weights
    if card.sentiment:
        weights[:, 0] = card.sentiment.weight
        if card.sentiment.classes == 3:
            weights[:, 0] *= balance(allowed)
    if card.gold:
        flags[:] = np.stack([frame[flag].astype(np.int8) for flag in FLAGS], axis=1)
        severity[:] = frame["severity"]
        named[:] = np.stack([frame[f"topic_{topic}"].fillna(-2) + 2 for topic in topics], axis=1)
        return Targets(allowed, candidates, flags, severity, named, weights)
    own = [_labels(row) for row in frame[["topics", "sentiment"]].itertuples(index=False)]
    for flag, mapping in card.flags.items():
        flags[:, FLAGS.index(flag)] = [_flag(labels, mapping) for labels in own]
        weights[:, 1] = mapping.weight
    if card.topics:
        weights[:, 2] = card.topics.weight
        for i, (labels, aspects) in enumerate(zip(own, frame["aspects"], strict=True)):
            named[i] = _topics(labels, _aspects(aspects), card.topics, topics)
    return Targets(allowed, candidates, flags, severity, named, weights)


def balance(allowed: Ints) -> Floats:
    """Weights (n,), of mean 1 over the labelled rows, by which each class of a set counts alike.

    How often a set of three classes is neutral is its sampling's doing, not the world's.
    """
    kinds, place, counts = np.unique(allowed, return_inverse=True, return_counts=True)
    known = kinds > 0
    share: Floats = (counts[known].sum() / (max(1, known.sum()) * counts)).astype(np.float32)
    return np.where(known, share, 1).astype(np.float32)[place]


def _sentiments(frame: pd.DataFrame, card: Card) -> tuple[Ints, Ints]:
    mapping = card.sentiment
    if mapping is None:
        return np.zeros(len(frame), np.int8), np.zeros(len(frame), np.int8)
    if mapping.classes == 4:
        allowed = frame["sentiment"].map({label: 1 << i for i, label in enumerate(SENTIMENTS)})
    else:
        allowed = _signs(frame, mapping.origin).map(_BY_SIGN[mapping.classes])
    bits = np.asarray(allowed.fillna(0), np.int8)
    candidates: Ints = np.where(bits > 0, _CANDIDATES[mapping.classes], 0).astype(np.int8)
    return bits, candidates


def _signs(frame: pd.DataFrame, origin: str) -> pd.Series:
    if origin == "sentiment":
        return frame["sentiment"]
    if origin == "rating":
        stars = frame["rating"]
        return (stars >= 4).astype(int) - (stars <= 2).astype(int)
    return frame["aspects"].map(_agreed)


def _agreed(aspects: object) -> float:
    polarities = {polarity for _, polarity in _aspects(aspects)}
    if polarities == {"positive"}:
        return 1
    return -1 if polarities == {"negative"} else float("nan")


def _aspects(value: object) -> list[tuple[str, str]]:
    if not isinstance(value, list | np.ndarray):
        return []
    return [(item["aspect"], item["polarity"]) for item in value]


def _labels(row: tuple[Any, ...]) -> list[str]:
    topics, sentiment = row
    own = [str(t) for t in topics] if isinstance(topics, list | np.ndarray) else []
    return own if pd.isna(sentiment) else [*own, f"sentiment:{sentiment:.0f}"]


def _flag(labels: list[str], mapping: FlagMap) -> int:
    for value, patterns in ((1, mapping.true), (0, mapping.false)):
        if any(fnmatchcase(label, pattern) for label in labels for pattern in patterns):
            return value
    return UNKNOWN


def _topics(
    labels: list[str], aspects: list[tuple[str, str]], mapping: TopicMap, topics: Sequence[str]
) -> list[int]:
    row = [ABSENT if topic in mapping.complete else UNKNOWN for topic in topics]
    pairs = aspects if aspects else [(label, "") for label in labels]
    for label, polarity in pairs:
        target = next((to for pattern, to in mapping.to if fnmatchcase(label, pattern)), None)
        if target is None:
            continue
        topic, fixed = (target[:-1], _SUFFIX[target[-1]]) if target[-1] in _SUFFIX else (target, None)
        place = topics.index(topic)
        value = fixed if fixed is not None else _POLARITY.get(polarity, NAMED)
        row[place] = value if row[place] in (UNKNOWN, ABSENT, value) else NEUTRAL
    return row
