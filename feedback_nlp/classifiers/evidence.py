"""Which clause of a comment carries its label: each clause is read by the same model, the surest one is the evidence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.classifiers.base import Classifier, Floats, Predictions
from feedback_nlp.errors import UnknownName
from feedback_nlp.records import FLAGS, SENTIMENTS

SENTIMENT = "sentiment"
LONGEST = 24  # clauses of one text that are read; the rest of a very long text is not searched

# A clause ends after sentence punctuation (a full stop only before space or the end, so that 3.5 stays whole),
# after a comma, and before a word that turns the argument.
_END = re.compile(
    r"(?:[。！？!?；;，,…～~\n]|\.(?=\s|$))+[”’\"'）)\]】]*\s*|\s+(?=(?:but|however|although|yet)\b)|(?=但是|可是|不过|然而|只是)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Characters start..end (end exclusive) of the text, and how sure the model is of the label on them alone, 0–1."""

    start: int
    end: int
    p: float


def find(texts: Sequence[str], *, classifier: Classifier, label: str = SENTIMENT) -> list[Evidence | None]:
    """For each text the clause that carries `label`: a flag, or "sentiment" for the label the text itself got.

    A text of one clause is its own evidence; an empty text has none. All clauses go through the model in one batch.

    Raises:
        UnknownName: the model has no such head.
    """
    pieces = [clauses(text)[:LONGEST] for text in texts]
    parts = [text[start:end] for text, spans in zip(texts, pieces, strict=True) for start, end in spans]
    predictions = classifier.predict([*texts, *parts])
    scores = _scores(predictions, label, counts=[len(spans) for spans in pieces])
    found: list[Evidence | None] = []
    at = 0
    for spans in pieces:
        here = scores[at : at + len(spans)]
        at += len(spans)
        best = int(here.argmax()) if len(here) else None
        found.append(None if best is None else Evidence(*spans[best], p=float(here[best])))
    return found


def clauses(text: str) -> list[tuple[int, int]]:
    """Start and end of every clause of `text`, spaces around it left out; together they hold every other character."""
    cuts = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    found = []
    for start, end in itertools.pairwise(cuts):
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            begin = start + len(piece) - len(piece.lstrip())
            found.append((begin, begin + len(bare)))
    return found


def _scores(predictions: Predictions, label: str, *, counts: Sequence[int]) -> Floats:
    """The score of `label` for every clause; the clauses' rows follow those of the texts."""
    texts = len(counts)
    if label != SENTIMENT:
        if label not in predictions.p_flags:
            known = [name for name in FLAGS if name in predictions.p_flags]
            raise UnknownName("label", label, [SENTIMENT, *known])
        return predictions.p_flags[label][texts:]
    owner = np.repeat(np.arange(texts), counts)
    wanted = predictions.sentiment[:texts][owner]
    p = predictions.p_sentiment[texts:]
    if texts and (predictions.sentiment[:texts] < 0).any():
        raise UnknownName("label", label, [name for name in FLAGS if name in predictions.p_flags])
    # A mixed text has no mixed clause: what was held against it is the evidence.
    wanted = np.where(wanted == SENTIMENTS.index("mixed"), SENTIMENTS.index("negative"), wanted)
    return np.asarray(p[np.arange(len(p)), wanted], dtype=np.float32)
