"""What can be tuned: for every head with enough labels, its targets, the scores it starts from, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.classifiers import tuned, windows
from feedback_nlp.classifiers.base import MENTIONS_NONE, Bools, Floats, Predictions
from feedback_nlp.classifiers.embedded import Read
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training import metrics
from feedback_nlp.training.labels import UNKNOWN, Labelled
from feedback_nlp.training.linear import Labels
from feedback_nlp.training.measures import SERIOUS
from feedback_nlp.training.metrics import Metric, Numbers

FEWEST = 40  # labelled rows a head needs
FEWEST_OF_A_KIND = 8  # rows that at least two of its labels need


@dataclass(frozen=True, slots=True)
class Task:
    """One head to tune: `rows` are numbers of texts, `start` (rows, k), `target` and `before` (rows,) what it should and did give.

    `measure(given)` is the metric, named `metric`, by which before and after are compared.
    """

    name: str
    rows: Labels
    start: Floats
    target: Labels
    before: Labels
    metric: str
    measure: Callable[[Labels], Metric]

    @property
    def lacking(self) -> str | None:
        """Why there are too few labels to tune it; None where there are enough."""
        kinds = np.sort(np.bincount(self.target))[::-1] if len(self.target) else np.zeros(0)
        if len(self.target) < FEWEST:
            return f"{len(self.target)} labels, {FEWEST} are needed"
        if len(kinds) < 2 or kinds[1] < FEWEST_OF_A_KIND:
            second = int(kinds[1]) if len(kinds) > 1 else 0
            return f"its second most common label is there {second} times, {FEWEST_OF_A_KIND} are needed"
        return None


def tasks(
    labelled: Labelled, seen: Read, predictions: Predictions, *, topics: Sequence[str]
) -> Iterator[Task]:
    """Every head the labels speak of; `topics` are the shipped model's, others among the labels are the user's own."""
    scores = {name: windows.mean(values, seen.rows.over) for name, values in seen.scores.items()}
    if "sentiment" in labelled.heads and "sentiment" in scores:
        truth = labelled.heads["sentiment"]
        yield _classes(
            "sentiment", truth, scores["sentiment"], predictions.sentiment.astype(np.int64), "macro F1"
        )
    if "severity" in labelled.heads and predictions.severity is not None:
        truth = labelled.heads["severity"]
        yield _classes(
            "severity", truth, scores["severity"], predictions.severity.astype(np.int64), "F1 of ≥ 2"
        )
    for name in FLAGS:
        if name in labelled.heads and name in scores:
            known = np.flatnonzero(labelled.heads[name] != UNKNOWN)
            given = predictions.flags[name].astype(np.int64)
            yield _yes_no(name, known, labelled.heads[name][known], scores[name][known, None], given[known])
    for topic, truth in labelled.topics.items():
        yield from _topic(topic, truth, scores, predictions, topics)


def _classes(name: str, truth: Labels, scores: Floats, given: Labels, metric: str) -> Task:
    rows = np.flatnonzero(truth != UNKNOWN)
    target = truth[rows]
    if name == "severity":
        return Task(
            name,
            rows,
            scores[rows],
            target,
            given[rows],
            metric,
            lambda g: _f1(target >= SERIOUS, g >= SERIOUS),
        )

    def measure(found: Labels) -> Metric:
        return lambda weight: metrics.macro_f1(metrics.confusion(target, found, len(SENTIMENTS), weight))

    return Task(name, rows, scores[rows], target, given[rows], metric, measure)


def _yes_no(name: str, rows: Labels, target: Labels, start: Floats, before: Labels) -> Task:
    return Task(name, rows, start, target, before, "F1", lambda given: _f1(target == 1, given == 1))


def _topic(
    topic: str, truth: Labels, scores: Mapping[str, Floats], predictions: Predictions, topics: Sequence[str]
) -> Iterator[Task]:
    base = tuned.base_topic(scores, topics, topic)
    everywhere = np.arange(len(truth))
    named = (truth != MENTIONS_NONE).astype(np.int64)
    known = topic in topics and predictions.topics is not None
    # Of a topic the model does not know, the rival is to say it is always named.
    before = np.ones_like(named)
    if known and predictions.topics is not None:
        before = (predictions.topics[:, list(topics).index(topic)] != MENTIONS_NONE).astype(np.int64)
    yield _yes_no(f"named.{topic}", everywhere, named, tuned.named_odds(base)[:, None], before)
    rows = np.flatnonzero(named)
    target, start = truth[rows] + 1, base[rows, 1:]
    yield Task(
        f"polarity.{topic}",
        rows,
        start,
        target,
        start.argmax(axis=1),
        "accuracy",
        lambda given: _share(target == given),
    )


def _f1(truth: Bools, given: Bools) -> Metric:
    return lambda weight: metrics.f1(truth, given, weight)


def _share(hit: Bools) -> Metric:
    def share(weight: Numbers) -> float:
        return float(weight @ hit / weight.sum())

    return share
