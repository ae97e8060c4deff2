"""Lessons: sentences written for the purpose, for turns of phrase that found data teaches badly (corpora/lessons).

A line is `sentiment|severity|flags|topics|text` in the codes of the labelling guide; `#` begins a heading. A file's name
begins with its language: `en-turns.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.errors import TrainingError
from feedback_nlp.records import SENTIMENTS
from feedback_nlp.taxonomy import load
from feedback_nlp.training.labels import SEVERITIES

_SENTIMENTS = dict(zip("n0pm", SENTIMENTS, strict=True))
_FLAGS = {"c": "complaint", "q": "question", "s": "suggestion", "l": "leaving", "r": "returning"}
_NOT_FEEDBACK = "x"
_POLARITIES = {"-": -1, "0": 0, "+": 1}
_NONE = "-"


def read_lessons(folder: Path) -> pd.DataFrame:
    """The lessons of every file of a folder, in the columns of the gold labels, all of them `train` rows.

    Raises:
        TrainingError: there is no lesson, or a line is not as described here.
    """
    codes = {topic.code: topic.id for topic in load("default").topics}
    rows = [row for path in sorted(folder.glob("*.txt")) for row in _lessons(path, codes)]
    if not rows:
        raise TrainingError(f"no lessons (*.txt) in {folder}: the card that names the folder needs some.")
    return pd.DataFrame(rows).astype({f"topic_{topic}": "Int8" for topic in codes.values()})


def _lessons(path: Path, codes: dict[str, str]) -> Iterator[dict[str, Any]]:
    language = path.stem.split("-")[0]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                yield {"lang": language, "split": "train", **_labels(line, codes)}
            except (KeyError, ValueError) as error:
                raise TrainingError(
                    f"{path.name}, line {number}: {error!r}. A lesson is "
                    "sentiment|severity|flags|topics|text in the codes of the labelling guide."
                ) from None


def _labels(line: str, codes: dict[str, str]) -> dict[str, Any]:
    sentiment, severity, letters, named, text = line.split("|", 4)
    flags = set(letters) - {_NONE}
    if unknown := flags - {*_FLAGS, _NOT_FEEDBACK}:
        raise ValueError(f"flag {min(unknown)!r}")
    topics: dict[str, int | None] = dict.fromkeys(codes.values())
    for mention in named.split(",") if named != _NONE else ():
        topics[codes[mention[:-1]]] = _POLARITIES[mention[-1]]
    return {
        "text": text.strip(),
        "sentiment": _SENTIMENTS[sentiment],
        "severity": SEVERITIES[severity],
        **{name: letter in flags for letter, name in _FLAGS.items()},
        "feedback": _NOT_FEEDBACK not in flags,
        **{f"topic_{topic}": polarity for topic, polarity in topics.items()},
    }
