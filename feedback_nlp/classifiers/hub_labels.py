"""What the labels of a Hugging Face checkpoint mean, by the table in `hub_labels.toml`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.errors import ModelError
from feedback_nlp.records import SENTIMENTS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SENTIMENT, COMPLAINT = "sentiment", "complaint"
_NUMBERED = re.compile(r"label ?\d+|\d+")


@dataclass(frozen=True, slots=True)
class LabelMap:
    """The head a checkpoint answers, and for each of its outputs the column of that head it adds to.

    Columns are `records.SENTIMENTS` for a sentiment, and no, yes for a complaint.
    """

    head: str
    columns: tuple[int, ...]

    def sums(self, p: Floats) -> Floats:
        """The checkpoint's probabilities (n, outputs) added up by column: (n, 4) for a sentiment, (n, 2) for a complaint."""
        found = np.zeros((len(p), len(SENTIMENTS) if self.head == SENTIMENT else 2), dtype=np.float32)
        for output, column in enumerate(self.columns):
            found[:, column] += p[:, output]
        return found


def label_map(source: str, labels: Sequence[str]) -> LabelMap:
    """The meaning of a checkpoint's labels, given in the order of its outputs.

    Raises:
        ModelError: a label is only a number, or unknown; the message lists what is understood.
    """
    table = _table()
    named = table["checkpoint"].get(source, {})
    names = [_plain(named.get(label, label)) for label in labels]
    for head, columns in ((SENTIMENT, SENTIMENTS), (COMPLAINT, ("no", "yes"))):
        known = {_plain(word): columns.index(label) for label, words in table[head].items() for word in words}
        if all(name in known for name in names):
            return LabelMap(head, tuple(known[name] for name in names))
    raise ModelError(_refusal(source, labels, names, table))


def _refusal(source: str, labels: Sequence[str], names: Sequence[str], table: Mapping[str, Any]) -> str:
    if any(_NUMBERED.fullmatch(name) for name in names):
        return (
            f"the labels of {source!r} are only numbered ({', '.join(labels)}), so their meaning would be a guess. "
            "Write their names into id2label of its config.json."
        )
    words = [word for label in table[SENTIMENT].values() for word in label[:2]]
    return (
        f"the labels of {source!r} are not of a sentiment or a complaint: {', '.join(labels)}. "
        f"Understood are, among others: {', '.join(words)}. Rename them in id2label of its config.json."
    )


def _plain(label: str) -> str:
    return " ".join(re.sub(r"[_-]", " ", label.lower()).split())


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "hub_labels.toml").read_text(encoding="utf-8"))
