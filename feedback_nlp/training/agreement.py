"""Does the int8 graph say what the float network says? Both read the same windows and decide by the same manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback_nlp.classifiers.base import Floats, Predictions
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.errors import TrainingError
from feedback_nlp.training.network import Network
from feedback_nlp.training.predict import by_head, predict_windows

LEAST = 0.99  # share of texts with the float network's label, in every head


@dataclass(frozen=True)
class FloatClassifier(EmbeddedClassifier):
    """A model directory whose graph is set aside for the float network that it was made of."""

    network: Network | None = None

    def _run(self, ids: Sequence[Sequence[int]]) -> dict[str, Floats]:
        if self.network is None:
            raise TrainingError("no float network was given to compare with; name the one that was exported.")
        outputs = predict_windows(self.network, [np.array(row, np.int32) for row in ids])
        return by_head(outputs, self.network.shape.topics).by_name()


def agreement(network: Network, folder: Path, texts: Sequence[str]) -> dict[str, float]:
    """By head: the share of `texts` (of pairs of a text and a topic) that the graph in `folder` labels as `network` does."""
    exact, small = (
        model.predict(texts)
        for model in (FloatClassifier(folder, network=network), EmbeddedClassifier(folder))
    )
    return {
        name: float((one == other).mean())
        for (name, one), other in zip(_labels(exact).items(), _labels(small).values(), strict=True)
    }


def check_agreement(found: dict[str, float]) -> None:
    """Refuse a graph that speaks for itself.

    Raises:
        TrainingError: a head agrees on less than `LEAST`.
    """
    name = min(found, key=lambda head: found[head])
    if found[name] < LEAST:
        raise TrainingError(
            f"in int8 the model gives {name} as in float on {found[name]:.1%} of the texts; at least {LEAST:.0%} is "
            "asked. Fix the ranges by more texts, or keep the matrix that costs most in float."
        )


def _labels(given: Predictions) -> dict[str, np.ndarray]:
    labels: dict[str, np.ndarray] = {"sentiment": given.sentiment, **given.flags}
    if given.severity is not None:
        labels["severity"] = given.severity
    if given.topics is not None:
        labels["topics"] = given.topics
    return labels
