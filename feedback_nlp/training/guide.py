"""Lines of labels in the codes of the labelling guide (corpora/labelling-guide.md), as rows of the gold labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def read_lines(path: Path, fields: Sequence[str]) -> pd.DataFrame:
    """A file's labels in the columns of the gold labels, of the language its name begins with, all of them `train` rows.

    `fields` name what stands between a line's bars, the last of which may hold bars itself: sentiment, severity, flags and
    topics in the guide's codes, and one field that is kept as it is. Empty lines and those that begin with `#` are passed over.

    Raises:
        TrainingError: a line is not of that form.
    """
    columns, language = _topic_columns(), path.stem.split("-")[0]
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            values = dict(zip(fields, line.split("|", len(fields) - 1), strict=True))
            rows.append({"lang": language, "split": "train", **_labels(values, columns)})
        except (KeyError, ValueError) as error:
            raise TrainingError(
                f"{path.name}, line {number}: {error!r}. A line is {'|'.join(fields)} in the codes of the labelling guide."
            ) from None
    return pd.DataFrame(rows).astype(dict.fromkeys(columns.values() if rows else (), "Int8"))


def _labels(values: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: value.strip() for name, value in values.items()}
    letters, named = kept.pop("flags"), kept.pop("topics")
    flags = set(letters) - {_NONE}
    if unknown := flags - {*_FLAGS, _NOT_FEEDBACK}:
        raise ValueError(f"flag {min(unknown)!r}")
    topics: dict[str, int | None] = dict.fromkeys(columns.values())
    for mention in named.split(",") if named != _NONE else ():
        topics[columns[mention[:-1]]] = _POLARITIES[mention[-1]]
    return {
        **kept,
        "sentiment": _SENTIMENTS[kept["sentiment"]],
        "severity": SEVERITIES[kept["severity"]],
        **{name: letter in flags for letter, name in _FLAGS.items()},
        "feedback": _NOT_FEEDBACK not in flags,
        **topics,
    }


def _topic_columns() -> dict[str, str]:
    """Column of each topic's polarity, by the guide's code of the topic."""
    return {topic.code: f"topic_{topic.id}" for topic in load("default").topics}
