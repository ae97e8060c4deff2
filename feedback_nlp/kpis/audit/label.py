"""The labelling of an audit as a pure state machine: a state and a key give the next state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from feedback_nlp.errors import UnknownName
from feedback_nlp.kpis.audit.answers import BY_COLUMN, Question, implied

UNDO = "u"
SKIP = "s"
QUIT = "q"

Step = tuple[int, str, str | None]
"""Position, column, and the key pressed; None where the question was skipped."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """Where a person is in labelling an audit of `rows` comments.

    `given` holds the answers from before (position → column → key), `steps` those of this sitting, newest last.
    """

    rows: int
    columns: tuple[str, ...]
    given: Mapping[int, Mapping[str, str]]
    steps: tuple[Step, ...] = ()
    left: bool = False

    def answers(self) -> list[dict[str, str]]:
        """Column → key of each comment, in order, as far as answered."""
        answers = [dict(self.given.get(position, {})) for position in range(self.rows)]
        for position, column, key in self.steps:
            if key is not None:
                answers[position][column] = key
        return answers

    @property
    def asking(self) -> tuple[int, Question] | None:
        """The comment (position from 0) and question now on; None when all are answered or the person left."""
        if self.left:
            return None
        skipped = {(position, column) for position, column, key in self.steps if key is None}
        for position, answered in enumerate(self.answers()):
            for column in self.columns:
                settled = column in answered or implied(column, answered) is not None
                if not settled and (position, column) not in skipped:
                    return position, BY_COLUMN[column]
        return None

    @property
    def done(self) -> int:
        """Comments whose every question is answered or settled by the other answers."""
        return sum(
            all(column in answered or implied(column, answered) for column in self.columns)
            for answered in self.answers()
        )


def start(audit: pd.DataFrame, *, columns: Sequence[str] = tuple(BY_COLUMN)) -> Labelling:
    """Begin, or go on, with the rows of an audit; what is filled in already is not asked again.

    Raises:
        UnknownName: a column is not one an audit asks for.
    """
    for column in columns:
        if column not in BY_COLUMN:
            raise UnknownName("audit label", column, BY_COLUMN)
    given: dict[int, dict[str, str]] = {}
    for column in BY_COLUMN:
        if column not in audit.columns:
            continue
        names = {value: key for key, value in BY_COLUMN[column].keys.items()}
        for position, value in enumerate(audit[column]):
            if not pd.isna(value):
                given.setdefault(position, {})[column] = names[value]
    return Labelling(len(audit), tuple(columns), given)


def press(state: Labelling, key: str) -> Labelling:
    """The state after a key: an answer, u undo, s skip the question, q leave. A key that means nothing changes nothing."""
    key = key.strip().lower()
    if key == QUIT:
        return replace(state, left=True)
    if key == UNDO:
        return replace(state, steps=state.steps[:-1])
    asked = state.asking
    if asked is None:
        return state
    position, question = asked
    if key == SKIP:
        return replace(state, steps=(*state.steps, (position, question.column, None)))
    if key in question.keys:
        return replace(state, steps=(*state.steps, (position, question.column, key)))
    return state


def fill(audit: pd.DataFrame, state: Labelling) -> pd.DataFrame:
    """The audit with the answers so far written into its label columns; the frame given is not changed."""
    rows = state.answers()
    filled = {}
    for column, question in BY_COLUMN.items():
        keys = [answers.get(column) or implied(column, answers) for answers in rows]
        filled[column] = pd.Series(
            [question.keys[key] if key else None for key in keys], dtype=object, index=audit.index
        )
    return audit.assign(**filled)
