"""What is measured of each head: a list of named metrics over rows whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import MENTIONS_NONE, Predictions
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training import metrics
from feedback_nlp.training.labels import UNKNOWN, Labelled
from feedback_nlp.training.metrics import Labels, Metric, Numbers

Rows = npt.NDArray[np.intp]
Yes = npt.NDArray[np.bool_]
SERIOUS = 2  # the severity from which a comment counts as serious
BINARY = (0, 2)
TERNARY = (0, 1, 2)
_NEUTRAL, _MIXED = SENTIMENTS.index("neutral"), SENTIMENTS.index("mixed")


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of one head: `known` marks the rows it can be taken on, `on(rows)` is the metric over a weight a row.

    `headline` measures are also shown per group; `pooled` ones run over all topics the classifier and the labels share.
    """

    head: str
    name: str
    known: Yes
    on: Callable[[Rows], Metric]
    headline: bool = False
    pooled: bool = False


def measures(labelled: Labelled, predictions: Predictions, *, topics: tuple[str, ...]) -> list[Measure]:
    """Every measure that both the labels and the classifier have a head for; `topics` are the classifier's."""
    found: list[Measure] = []
    if "sentiment" in labelled.heads and (predictions.sentiment >= 0).any():
        found += _sentiment(labelled.heads["sentiment"], predictions)
    if "severity" in labelled.heads and predictions.severity is not None:
        found += _severity(labelled.heads["severity"], predictions.severity.astype(np.int64))
    for name in FLAGS:
        if name in labelled.heads and name in predictions.flags:
            found += _flag(name, labelled.heads[name], predictions)
    if predictions.topics is not None:
        found += _topics(labelled, predictions.topics.astype(np.int64), topics)
    return found


def given_sentiment(truth: Labels, predictions: Predictions) -> Labels:
    """The label given among the classes the truth uses.

    All four: the label as predicted. Negative and positive only: the more probable of the two. These and neutral: mixed
    counts as neutral, for such a set's middle holds both. Otherwise the label as predicted, or, where the truth never uses
    it, the most probable of those it uses.
    """
    used, given = _used(truth), predictions.sentiment.astype(np.int64)
    if len(used) == len(SENTIMENTS) or not used:
        return given
    if used == TERNARY:
        return np.where(given == _MIXED, _NEUTRAL, given)
    best = np.array(used)[predictions.p_sentiment[:, used].argmax(axis=1)]
    return best if used == BINARY else np.where(np.isin(given, used), given, best)


def _used(truth: Labels) -> tuple[int, ...]:
    return tuple(int(label) for label in np.unique(truth[truth != UNKNOWN]))


def _probabilities(truth: Labels, predictions: Predictions) -> Numbers:
    """Of each label (n, 4); that of mixed is part of neutral's where `given_sentiment` counts it so."""
    p = predictions.p_sentiment.astype(np.float64)
    if _used(truth) == TERNARY:
        p[:, _NEUTRAL] += p[:, _MIXED]
    return p


def _sentiment(truth: Labels, predictions: Predictions) -> Iterator[Measure]:
    known = truth != UNKNOWN
    given = given_sentiment(truth, predictions)
    p = _probabilities(truth, predictions)[np.arange(len(given)), given]

    def counted(rows: Rows, of: Callable[[Numbers], float]) -> Metric:
        return lambda weight: of(metrics.confusion(truth[rows], given[rows], len(SENTIMENTS), weight))

    named: dict[str, Callable[[Numbers], float]] = {
        "accuracy": metrics.accuracy,
        "macro F1": metrics.macro_f1,
        "macro recall": metrics.macro_recall,
    }
    for name, of in named.items():
        yield Measure("sentiment", name, known, partial(counted, of=of), headline=True)
    for i in np.unique(truth[known]):
        of = partial(_at, metrics.recalls, int(i))
        yield Measure("sentiment", f"recall of {SENTIMENTS[i]}", known, partial(counted, of=of))
    yield Measure("sentiment", "ECE", known, partial(_calibration, p, (truth == given).astype(np.float64)))


def _flag(name: str, truth: Labels, predictions: Predictions) -> Iterator[Measure]:
    known, yes, given = truth != UNKNOWN, truth == 1, predictions.flags[name]
    yield Measure(name, "F1", known, partial(_f1, yes, given), headline=True)
    yield Measure(name, "recall", known, partial(_share, given, yes))
    yield Measure(name, "precision", known, partial(_share, yes, given))
    p = predictions.p_flags[name].astype(np.float64)
    yield Measure(name, "ECE", known, partial(_calibration, p, yes.astype(np.float64)))


def _severity(truth: Labels, given: Labels) -> Iterator[Measure]:
    known = truth != UNKNOWN
    yield Measure(
        "severity",
        f"F1 of ≥ {SERIOUS}",
        known,
        partial(_f1, truth >= SERIOUS, given >= SERIOUS),
        headline=True,
    )
    yield Measure("severity", "accuracy", known, partial(_share, truth == given, known))


def _topics(labelled: Labelled, given: Labels, topics: tuple[str, ...]) -> Iterator[Measure]:
    shared = [topic for topic in topics if topic in labelled.topics]
    if not shared:
        return
    truth = np.stack([labelled.topics[topic] for topic in shared], axis=1)
    given = given[:, [topics.index(topic) for topic in shared]]
    named, found = truth != MENTIONS_NONE, given != MENTIONS_NONE
    everywhere = np.ones(len(truth), dtype=np.bool_)
    yield Measure(
        "topics", "micro F1 of named", everywhere, partial(_f1, named, found), headline=True, pooled=True
    )
    yield Measure(
        "topics",
        "polarity accuracy where both name",
        everywhere,
        partial(_polarity, truth, given),
        pooled=True,
    )
    for i, topic in enumerate(shared):
        yield Measure("topics", f"F1 of {topic}", everywhere, partial(_f1, named[:, i], found[:, i]))


def _at(of: Callable[[Numbers], Numbers], i: int, matrix: Numbers) -> float:
    return float(of(matrix)[i])


def _f1(truth: Yes, given: Yes, rows: Rows) -> Metric:
    return partial(metrics.f1, truth[rows], given[rows])


def _share(part: Yes, whole: Yes, rows: Rows) -> Metric:
    """Share of the rows in `whole` that are in `part`, too."""
    both, all_of = (part & whole)[rows], whole[rows]

    def share(weight: Numbers) -> float:
        count = float(weight[all_of].sum())
        return float(weight[both].sum()) / count if count else float("nan")

    return share


def _polarity(truth: Labels, given: Labels, rows: Rows) -> Metric:
    both = (truth[rows] != MENTIONS_NONE) & (given[rows] != MENTIONS_NONE)
    equal = both & (truth[rows] == given[rows])
    hits, count = equal.sum(axis=1), both.sum(axis=1)

    def accuracy(weight: Numbers) -> float:
        named = float(weight @ count)
        return float(weight @ hits) / named if named else float("nan")

    return accuracy


def _calibration(p: Numbers, hit: Numbers, rows: Rows) -> Metric:
    return partial(metrics.calibration_error, p[rows], hit[rows])
