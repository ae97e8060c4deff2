"""Dataset cards: what a set is, and how its labels map to our heads. Data (TOML), read here, never code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feedback_nlp.errors import TrainingError, UnknownName
from feedback_nlp.records import FLAGS, LANGUAGES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SENTIMENT_FROM = ("sentiment", "rating", "aspects")


@dataclass(frozen=True, slots=True)
class SentimentMap:
    """Where a set's sentiment comes from: a column −1/0/+1 (or our four names), stars, or aspects that agree.

    `classes`: 4 all ours; 3 where the middle may be neutral or mixed; 2 where only negative against positive is known.
    """

    origin: str
    classes: int
    weight: float


@dataclass(frozen=True, slots=True)
class FlagMap:
    """Which of the set's own labels make a flag true or false (globs); rows with neither do not know it."""

    true: tuple[str, ...]
    false: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class TopicMap:
    """The set's own topics as ours: glob → id, with "+", "-", "0" or "?" (polarity not known) after it if fixed.

    A topic in `complete` that a row does not name is absent from it; of other topics silence says nothing.
    """

    to: tuple[tuple[str, str], ...]
    complete: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Card:
    """One set: its origin and licence, how often a row is shown in an epoch, and what its labels mean.

    `gold`: its labels are those of the guide. `lessons`: the folder of its texts, where they are our own. `standoff`: the
    folder of its labels, where they are our own and the texts are other sets'.
    """

    name: str
    source: str
    commit: str
    licence: str
    channel: str
    languages: tuple[str, ...]
    note: str = ""
    gold: bool = False
    lessons: Path | None = None
    standoff: Path | None = None
    strip: str = ""
    repeat: int = 1
    most: int | None = None
    sentiment: SentimentMap | None = None
    flags: Mapping[str, FlagMap] = field(default_factory=dict)
    topics: TopicMap | None = None

    @property
    def fits(self) -> bool:
        """Whether the set teaches any head."""
        return self.gold or bool(self.sentiment or self.flags or self.topics)


def read_cards(folder: Path) -> tuple[Card, ...]:
    """Every card of a folder, by name.

    Raises:
        TrainingError: there is no card, or one is not as described here.
    """
    cards = tuple(read_card(path) for path in sorted(folder.glob("*.toml")))
    if not cards:
        raise TrainingError(
            f"no dataset cards (*.toml) in {folder}: each set needs one that says how its labels map."
        )
    return cards


def read_card(path: Path) -> Card:
    """The card in one file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return _card(data, path.parent)
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            f"dataset card {path.name}: {error!r}. See the cards in corpora/datasets."
        ) from None


def _card(data: dict[str, Any], folder: Path) -> Card:
    for language in data["languages"]:
        if language not in LANGUAGES:
            raise UnknownName("language", language, LANGUAGES)
    plain = ("name", "source", "commit", "licence", "channel", "note", "gold", "strip", "repeat", "most")
    return Card(
        **{key: data[key] for key in plain if key in data},
        languages=tuple(data["languages"]),
        lessons=folder / data["lessons"] if "lessons" in data else None,
        standoff=folder / data["standoff"] if "standoff" in data else None,
        sentiment=_sentiment(data["sentiment"]) if "sentiment" in data else None,
        flags={name: _flag(name, flag) for name, flag in data.get("flags", {}).items()},
        topics=_topics(data["topics"]) if "topics" in data else None,
    )


def _sentiment(data: dict[str, Any]) -> SentimentMap:
    if data["from"] not in SENTIMENT_FROM:
        raise UnknownName("origin of sentiment", data["from"], SENTIMENT_FROM)
    if data["classes"] not in (2, 3, 4):
        raise ValueError(f"classes = {data['classes']}; allowed are 2, 3 and 4")
    return SentimentMap(data["from"], data["classes"], float(data["weight"]))


def _flag(name: str, data: dict[str, Any]) -> FlagMap:
    if name not in FLAGS:
        raise UnknownName("flag", name, FLAGS)
    return FlagMap(tuple(data["true"]), tuple(data["false"]), float(data["weight"]))


def _topics(data: dict[str, Any]) -> TopicMap:
    return TopicMap(tuple(data["map"].items()), tuple(data["complete"]), float(data["weight"]))
