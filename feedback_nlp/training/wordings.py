"""Linear votes of exact wordings: a regression over the bag's own n-grams, written into the bag as further columns.

The network learns what rarely seen wordings mean slowly; a regression over the same hashed n-grams knows them at once.
Its weights become columns of the bag's table that go to one logit each, so the exported graph needs no new part.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.batches import Ids
from feedback_nlp.training.network import PRIMES, SEVERITIES, Network
from feedback_nlp.training.predict import predict_outputs
from feedback_nlp.training.targets import ALL_SENTIMENTS, NEGATIVE_BIT, POSITIVE_BIT, Targets

log = logging.getLogger(__name__)
_FIRST_WORD = 5
_NEGATIVE, _NEUTRAL, _POSITIVE, _MIXED = range(len(SENTIMENTS))
_FIRST_FLAG = len(SENTIMENTS) + SEVERITIES
_STRENGTH = 0.06
# Larger shares lower the loss of sets labelled by stars further, but cost the rare labels of gold.
_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4)
# Few rows say yes to leaving or returning: their wordings are chance, and cost F1 where they lower the loss.
_ASKED_FLAGS = ("complaint", "question", "suggestion")
_TEMPERATURES = np.exp(np.linspace(-0.7, 1.4, 25))


@dataclass(frozen=True, slots=True)
class Question:
    """One yes-or-no question: which rows answer it (1, 0, −1 unknown), and which outputs speak for and against yes.

    Half of a vote is added to the outputs that speak for and half taken from those against; all of it where none is.
    """

    name: str
    answers: npt.NDArray[np.int8]
    yes: tuple[int, ...]
    no: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()  # speak against, but are not moved

    def logit(self, outputs: Floats) -> Floats:
        """The network's own answer (n,) from its outputs (n, outputs)."""
        yes = _total(outputs[:, list(self.yes)])
        against = [*self.no, *self.rest]
        return np.subtract(yes, _total(outputs[:, against])) if against else yes

    def column(self, width: int) -> Floats:
        """How one unit of a vote moves each output (width,)."""
        moves = np.zeros(width, np.float32)
        moves[list(self.yes)] = 0.5 if self.no else 1.0
        moves[list(self.no)] = -0.5
        return moves


def questions(targets: Targets) -> list[Question]:
    """Positive rather than negative; neither of them; serious; and each flag whose rows are many."""
    allowed = targets.allowed
    lean = np.where(allowed == POSITIVE_BIT, 1, np.where(allowed == NEGATIVE_BIT, 0, -1)).astype(np.int8)
    polar = (allowed == POSITIVE_BIT) | (allowed == NEGATIVE_BIT)
    asked = (allowed > 0) & (targets.candidates == ALL_SENTIMENTS)
    middle = np.where(asked, ~polar, -1).astype(np.int8)
    serious = np.where(targets.severity >= 0, targets.severity >= 2, -1).astype(np.int8)
    mild = len(SENTIMENTS)
    found = [
        Question("lean", lean, yes=(_POSITIVE,), no=(_NEGATIVE,)),
        Question("middle", middle, yes=(_NEUTRAL, _MIXED), rest=(_NEGATIVE, _POSITIVE)),
        Question("serious", serious, yes=(mild + 2, mild + 3), rest=(mild, mild + 1)),
    ]
    for flag in _ASKED_FLAGS:
        i = FLAGS.index(flag)
        found.append(Question(flag, targets.flags[:, i], yes=(_FIRST_FLAG + i,)))
    return found


def add_wordings(
    network: Network,
    taught: tuple[Sequence[Ids], Targets],
    held: tuple[Sequence[Ids], Targets],
    *,
    window: int,
) -> Network:
    """The network with the regressions' columns, each at the share that helps most on the `held` (dev) rows."""
    buckets, width = network.shape.buckets, network.shape.outputs
    counts = [gram_counts(rows, buckets, window=window) for rows, _ in (taught, held)]
    outputs = predict_outputs(network, held[0], window=window)
    table, votes = [], []
    for question, asked in zip(questions(taught[1]), questions(held[1]), strict=True):
        weights = taught[1].weights[:, 0 if question.name == "lean" else 1]
        column, intercept = regress(counts[0], question, weights, strength=_STRENGTH)
        known = asked.answers >= 0
        own, vote = asked.logit(outputs)[known], (counts[1] @ column)[known] + intercept
        share = best_share(own, vote, asked.answers[known])
        log.info("%s: share of the wordings %.2f", question.name, share)
        if share > 0:
            table.append(column)
            votes.append(question.column(width) * share)
    return add_columns(network, np.stack(table, 1), np.stack(votes, 1)) if table else network


def gram_counts(rows: Sequence[Ids], buckets: int, *, window: int) -> Any:
    """Sparse (rows, buckets): the bag's sums for a table of ones, by the network's own hash and norm."""
    from scipy.sparse import csr_matrix

    cut = [row[: window - 2].astype(np.int64) for row in rows]
    gap = np.zeros(2, np.int64)  # no n-gram reaches over it
    flat = np.concatenate([part for row in cut for part in (row, gap)])
    owner = np.repeat(np.arange(len(cut)), [len(row) + 2 for row in cut])
    word = flat >= _FIRST_WORD
    first, second, third = PRIMES
    one = flat[:-2] * first
    two = one + (flat[1:-1] + 1) * second
    three = two + (flat[2:] + 1) * third
    on_two = word[:-2] & word[1:-1]
    kept = (word[:-2], on_two, on_two & word[2:])
    columns = np.concatenate([(g // 64) % buckets for g in (one, two, three)])[np.concatenate(kept)]
    lines = np.tile(owner[:-2], 3)[np.concatenate(kept)]
    words = np.bincount(owner[:-2], weights=word[:-2], minlength=len(cut))
    values = (1.0 / np.sqrt(words + 1.0)).astype(np.float32)[lines]
    return csr_matrix((values, (lines, columns)), shape=(len(cut), buckets))


def regress(counts: Any, question: Question, weights: Floats, *, strength: float) -> tuple[Floats, float]:
    """Weight of every bucket (buckets,), and the intercept: a logistic regression on rarity-weighted n-grams."""
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression

    known = question.answers >= 0
    mine = counts[known]
    seen = np.asarray((mine > 0).sum(0)).ravel()
    rarity = np.where(seen >= 2, np.log(mine.shape[0] / np.maximum(seen, 1)) + 1, 0).astype(np.float32)
    model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
    model.fit(mine @ diags(rarity), question.answers[known], sample_weight=weights[known])
    return (model.coef_[0] * rarity).astype(np.float32), float(model.intercept_[0])


def add_columns(network: Network, table: Floats, votes: Floats) -> Network:
    """The network with `table` (buckets, k) beside its bag's and `votes` (outputs, k) beside its bag's votes."""
    bag = network.bag
    own = bag.table.weight.detach().numpy()
    # A row of the table is stored with one scale, so that its new cells must be of like size to the old.
    size = np.abs(table).max(0, keepdims=True) / max(float(np.abs(own).max()), 1e-6) + 1e-12
    wide = np.concatenate([own, table / size], 1)
    voting = np.concatenate([bag.vote.weight.detach().numpy(), votes * size], 1)
    bag.table = nn.Embedding(len(wide), wide.shape[1], _weight=torch.from_numpy(wide))
    vote = nn.Linear(voting.shape[1], voting.shape[0])
    with torch.no_grad():
        vote.weight.copy_(torch.from_numpy(voting))
        vote.bias.copy_(bag.vote.bias)
    bag.vote = vote
    return network


def best_share(own: Floats, vote: Floats, answers: npt.NDArray[np.int8]) -> float:
    """How much of the vote to add: the share of the lowest log loss, each at its own best temperature."""

    def loss(share: float) -> float:
        logits = np.where(answers == 1, -1, 1) * (own + share * vote)
        return min(float(np.logaddexp(0, logits / t).mean()) for t in _TEMPERATURES)

    return min(_SHARES, key=loss)


def _total(outputs: Floats) -> Floats:
    return np.asarray(np.logaddexp.reduce(outputs, axis=1), np.float32)
