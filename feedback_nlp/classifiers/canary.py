"""The canary check: a loaded model must give the texts of its manifest the labels written there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feedback_nlp.classifiers.base import MENTIONS_NONE, Predictions
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.errors import ModelError
from feedback_nlp.records import SENTIMENTS


def check(classifier: EmbeddedClassifier) -> int:
    """Classify the canary texts and return how many there are.

    Raises:
        ModelError: one got another label, so the outputs do not mean what the manifest says.
    """
    canaries = classifier.manifest.canary
    predictions = classifier.predict([canary.text for canary in canaries])
    for row, canary in enumerate(canaries):
        given = dict(_labels(predictions, row, classifier.topics))
        for name, value in _flat(canary.expected):
            if given.get(name) != value:
                raise ModelError(
                    f"{classifier.name} gave canary {row + 1} the {name} {given.get(name)!r}, not {value!r}: "
                    "its outputs do not mean what its manifest says. Copy the model directory again."
                )
    return len(canaries)


def _flat(expected: Any) -> Iterator[tuple[str, Any]]:
    for name, value in expected.items():
        if name == "topics":
            yield from ((f"topic {topic}", polarity) for topic, polarity in value.items())
        else:
            yield name, value


def _labels(predictions: Predictions, row: int, topics: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    yield "sentiment", SENTIMENTS[predictions.sentiment[row]] if predictions.sentiment[row] >= 0 else None
    yield from ((name, bool(values[row])) for name, values in predictions.flags.items())
    if predictions.severity is not None:
        yield "severity", int(predictions.severity[row])
    if predictions.topics is not None:
        named = ((topic, int(v)) for topic, v in zip(topics, predictions.topics[row], strict=True))
        yield from ((f"topic {topic}", v) for topic, v in named if v != MENTIONS_NONE)
