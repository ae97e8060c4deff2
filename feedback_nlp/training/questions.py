"""What the wordings are asked: yes-or-no questions about a row, and which of the network's outputs an answer moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.network import POLARITIES, SEVERITIES
from feedback_nlp.training.targets import ABSENT, ALL_SENTIMENTS, NEGATIVE_BIT, POSITIVE_BIT, UNKNOWN, Targets

_NEGATIVE, _NEUTRAL, _POSITIVE, _MIXED = range(len(SENTIMENTS))
_FIRST_FLAG = len(SENTIMENTS) + SEVERITIES
_FIRST_TOPIC = _FIRST_FLAG + len(FLAGS)
_SERIOUS = 2
_OF_SENTIMENT, _OF_FLAGS, _OF_TOPICS = range(3)  # columns of the targets' weights
Answers = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: each row's answer (1, 0, UNKNOWN) and weight, and the outputs that speak for yes and against it.

    Half of a vote is added to the outputs that speak for and half taken from those against; all of it where none is.
    """

    name: str
    answers: Answers
    weights: Floats
    yes: tuple[int, ...]
    no: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()  # speak against, but are not moved

    @property
    def known(self) -> npt.NDArray[np.intp]:
        """Numbers of the rows that have an answer."""
        return np.flatnonzero(self.answers != UNKNOWN)

    @property
    def open(self) -> bool:
        """Whether there are rows for both answers."""
        return bool((self.answers == 0).any() and (self.answers == 1).any())

    def logit(self, outputs: Floats) -> Floats:
        """The network's own answer (n,) from its outputs (n, outputs)."""
        yes = _total(outputs[:, list(self.yes)])
        against = [*self.no, *self.rest]
        return np.subtract(yes, _total(outputs[:, against])) if against else yes

    def moves(self, width: int) -> Floats:
        """How one unit of a vote moves each output (width,)."""
        found = np.zeros(width, np.float32)
        found[list(self.yes)] = 0.5 if self.no else 1.0
        found[list(self.no)] = -0.5
        return found


def questions(targets: Targets) -> list[Question]:
    """Positive rather than negative; neither of them; serious; each flag; and for each topic whether it is named."""
    of_sentiment, of_flags, of_topics = (
        targets.weights[:, i] for i in (_OF_SENTIMENT, _OF_FLAGS, _OF_TOPICS)
    )
    allowed = targets.allowed
    lean = np.where(allowed == POSITIVE_BIT, 1, np.where(allowed == NEGATIVE_BIT, 0, UNKNOWN))
    polar = (allowed == POSITIVE_BIT) | (allowed == NEGATIVE_BIT)
    middle = np.where((allowed > 0) & (targets.candidates == ALL_SENTIMENTS), ~polar, UNKNOWN)
    serious = np.where(targets.severity == UNKNOWN, UNKNOWN, targets.severity >= _SERIOUS)
    mild = range(len(SENTIMENTS), len(SENTIMENTS) + _SERIOUS)
    grave = range(len(SENTIMENTS) + _SERIOUS, _FIRST_FLAG)
    found = [
        Question("lean", _bytes(lean), of_sentiment, yes=(_POSITIVE,), no=(_NEGATIVE,)),
        Question("middle", _bytes(middle), of_sentiment, yes=(_NEUTRAL, _MIXED), rest=(_NEGATIVE, _POSITIVE)),
        Question("serious", _bytes(serious), of_flags, yes=tuple(grave), rest=tuple(mild)),
    ]
    found += [
        Question(flag, targets.flags[:, i], of_flags, yes=(_FIRST_FLAG + i,)) for i, flag in enumerate(FLAGS)
    ]
    return found + [_named(targets, i, of_topics) for i in range(targets.topics.shape[1])]


def _named(targets: Targets, topic: int, weights: Floats) -> Question:
    said = targets.topics[:, topic]
    answers = np.where(said == UNKNOWN, UNKNOWN, said != ABSENT)
    absent = _FIRST_TOPIC + POLARITIES * topic
    named = tuple(range(absent + 1, absent + POLARITIES))
    return Question(f"topic {topic}", _bytes(answers), weights, yes=named, rest=(absent,))


def _bytes(answers: npt.NDArray[np.int64]) -> Answers:
    return answers.astype(np.int8)


def _total(outputs: Floats) -> Floats:
    return np.asarray(np.logaddexp.reduce(outputs, axis=1), np.float32)
