"""Fit the votes of exact wordings: one logistic regression a question over rarity-weighted n-grams, on top of the network.

Ng and Jordan, On Discriminative vs. Generative Classifiers, 2001, and every baseline since: a regression on n-grams is hard to
beat where labels are many, and errs elsewhere than a network does.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.classifiers.grams import grams
from feedback_nlp.classifiers.windows import Layout
from feedback_nlp.classifiers.wordings import Known, Wordings, moved
from feedback_nlp.errors import TrainingError
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.network import SEVERITIES
from feedback_nlp.training.predict import Logits, by_head, of_names
from feedback_nlp.training.questions import Question, questions
from feedback_nlp.training.targets import Targets

log = logging.getLogger(__name__)
_FEWEST = 8  # texts a wording must stand in to be known
_STRENGTH, _STRENGTHS = 64.0, {"lean": 16.0, "middle": 16.0}  # those two are asked of most rows
_STEPS = 63  # of a weight, each way: small weights become 0, and the file half as large
_SHARES = np.linspace(0, 1.25, 11)
# Tweets teach the middle most; larger shares of what they say cost gold's neutral and mixed rows.
_MOST = {"middle": 0.25}
_TEMPERATURES = np.exp(np.linspace(-0.7, 1.4, 25))
_AT_ONCE = 8192
_FOLDS = 4
# How much of a vote counts where wordings and networks teach another network together.
_SHARE_OF_TEACHERS, _SHARES_OF_TEACHERS = 0.75, {"lean": 1.0, "middle": 0.25, "complaint": 0.5}


@dataclass(frozen=True, slots=True)
class Regressions:
    """Weights (n, k) and intercepts (k,) of the questions over the known wordings."""

    known: Known
    asked: Sequence[Question]
    weights: Floats
    bias: Floats

    def votes(self, texts: Sequence[str]) -> Floats:
        """Log-odds of yes (texts, k)."""
        return np.asarray(frequencies(self.known, texts) @ self.weights + self.bias, np.float32)


def learn(texts: Sequence[str], targets: Targets) -> Regressions:
    """The regressions of every question that the targets answer both ways; `texts` normalised as the tokenizer does.

    Raises:
        TrainingError: no wording stands in enough texts.
    """
    known = known_of(texts)
    if not len(known.hashes):
        raise TrainingError(
            f"no wording stands in {_FEWEST} of the {len(texts)} train texts. Give more rows; see corpora/."
        )
    rows = frequencies(known, texts)
    asked = [question for question in questions(targets) if question.open]
    fitted = [regress(rows, question, question.known) for question in asked]
    log.info("%d wordings, %d questions", len(known.hashes), len(asked))
    weights = np.array([weight for weight, _ in fitted], np.float32).reshape(len(asked), len(known.hashes)).T
    return Regressions(known, asked, weights, np.array([bias for _, bias in fitted], np.float32))


def weighed(learned: Regressions, outputs: Floats, held: tuple[Sequence[str], Targets]) -> Wordings:
    """The regressions as votes, each at the share that helps most on the `held` (dev) rows, whose network outputs are given."""
    votes = learned.votes(held[0])
    by_name = {question.name: question for question in questions(held[1])}
    shares = []
    for question, vote in zip(learned.asked, votes.T, strict=True):
        dev = by_name[question.name]
        own = dev.logit(outputs)[dev.known]
        share = best_share(own, vote[dev.known], dev.answers[dev.known]) if dev.open else 0.0
        shares.append(min(share, _MOST.get(question.name, share)))
        log.info("%s: share of the wordings %.2f", question.name, shares[-1])
    return packed(learned, shares, outputs.shape[1])


def spoken(wordings: Wordings, outputs: Floats, texts: Sequence[str], *, topics: int) -> Logits:
    """Logits of texts by a network's outputs for their first windows, and what their wordings say."""
    each = Layout(starts=np.arange(len(texts)), weight=np.ones(len(texts), np.float32))
    return of_names(wordings.add(by_head(outputs, topics).by_name(), texts, each))


def held_out_votes(learned: Regressions, texts: Sequence[str], *, seed: int) -> Floats:
    """Votes (texts, k) on the texts that were learned from, each by a regression that did not see it answered."""
    rows = frequencies(learned.known, texts)
    votes = np.asarray(rows @ learned.weights + learned.bias, np.float32)
    fold = np.random.default_rng(seed).integers(0, _FOLDS, len(texts))
    for i, question in enumerate(learned.asked):
        for number in range(_FOLDS):
            out = question.known[fold[question.known] == number]
            kept = np.setdiff1d(question.known, out)
            if len(out) and len(set(question.answers[kept].tolist())) == 2:
                weight, bias = regress(rows, question, kept)
                votes[out, i] = rows[out] @ weight + bias
    return votes


def advised(outputs: Floats, votes: Floats, asked: Sequence[Question], *, topics: int) -> Floats:
    """What networks and wordings say together: the networks' outputs (n, outputs), moved by the votes (n, k)."""
    shares = [_SHARES_OF_TEACHERS.get(question.name, _SHARE_OF_TEACHERS) for question in asked]
    moves = _moves(asked, shares, outputs.shape[1])
    return of_names(moved(by_head(outputs, topics).by_name(), votes, moves)).side_by_side()


def packed(learned: Regressions, shares: Sequence[float], width: int) -> Wordings:
    """The regressions' votes in int8 and what they move, at the shares given (k,); `width` outputs in all."""
    largest = np.abs(learned.weights).max(0) if len(learned.weights) else np.zeros(len(shares))
    scale = np.maximum(largest / _STEPS, 1e-12).astype(np.float32)
    weights = np.round(learned.weights / scale).astype(np.int8)
    return Wordings(learned.known, weights, scale, learned.bias, _moves(learned.asked, shares, width))


def known_of(texts: Sequence[str]) -> Known:
    """The wordings of at least `_FEWEST` texts, and how rare each is: 1 + ln(texts / those that hold it)."""
    seen = [_distinct(texts[i : i + _AT_ONCE]) for i in range(0, len(texts), _AT_ONCE)]
    hashes, counts = np.unique(np.concatenate(seen), return_counts=True)
    kept = counts >= _FEWEST
    return Known(hashes[kept], (1 + np.log(len(texts) / counts[kept])).astype(np.float32))


def frequencies(known: Known, texts: Sequence[str]) -> Any:
    """Sparse (texts, n): what `Known.find` finds."""
    from scipy.sparse import csr_matrix, vstack

    parts = []
    for i in range(0, len(texts), _AT_ONCE):
        part = texts[i : i + _AT_ONCE]
        owner, place, weight = known.find(part)
        parts.append(csr_matrix((weight, (owner, place)), shape=(len(part), len(known.hashes))))
    return vstack(parts, format="csr") if parts else csr_matrix((0, len(known.hashes)), dtype=np.float32)


def regress(rows: Any, question: Question, asked: npt.NDArray[np.intp]) -> tuple[Floats, float]:
    """Weight of every wording (n,), and the intercept: a logistic regression on the rows `asked`, which have an answer."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTHS.get(question.name, _STRENGTH), max_iter=1000)
    model.fit(rows[asked], question.answers[asked], sample_weight=question.weights[asked])
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def best_share(own: Floats, vote: Floats, answers: npt.NDArray[np.int8]) -> float:
    """How much of the vote to add: the share of the lowest log loss, each at its own best temperature."""

    def loss(share: float) -> float:
        logits = np.where(answers == 1, -1, 1) * (own + share * vote)
        return min(float(np.logaddexp(0, logits / t).mean()) for t in _TEMPERATURES)

    return float(min(_SHARES, key=loss))


def _distinct(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """The hashes of each text's wordings, each once a text."""
    hashes, owner = grams(texts)
    return np.unique(owner.astype(np.uint64) << np.uint64(32) | hashes).astype(np.uint32)


def _moves(asked: Sequence[Question], shares: Sequence[float], width: int) -> dict[str, Floats]:
    """How one vote on each question moves the outputs, by head: (k, width of the head)."""
    moves = np.stack([question.moves(width) * share for question, share in zip(asked, shares, strict=True)])
    sizes = [len(SENTIMENTS), SEVERITIES, *[1] * len(FLAGS)]
    heads = ("sentiment", "severity", *FLAGS, "topics")
    return dict(zip(heads, np.split(moves, np.cumsum(sizes), axis=1), strict=True))
