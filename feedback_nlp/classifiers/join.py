"""Predictions of parts as one, and rows of predictions picked by number."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Predictions
from feedback_nlp.records import FLAGS, SENTIMENTS


def join(parts: Sequence[Predictions], *, topics: Sequence[str], heads: Collection[str]) -> Predictions:
    """The parts one after the other; no parts at all give arrays of length 0 for the `heads` named."""
    if not parts:
        return nothing(topics=topics, heads=heads)
    first = parts[0]
    return Predictions(
        sentiment=np.concatenate([part.sentiment for part in parts]),
        p_sentiment=np.concatenate([part.p_sentiment for part in parts]),
        flags={name: np.concatenate([part.flags[name] for part in parts]) for name in first.flags},
        p_flags={name: np.concatenate([part.p_flags[name] for part in parts]) for name in first.p_flags},
        severity=_joined([part.severity for part in parts]),
        topics=_joined([part.topics for part in parts]),
        truncated=np.concatenate([part.truncated for part in parts]),
    )


def nothing(*, topics: Sequence[str], heads: Collection[str]) -> Predictions:
    """Predictions of no texts by a model with these heads."""
    flags = [name for name in FLAGS if name in heads]
    return Predictions(
        sentiment=np.empty(0, np.int8),
        p_sentiment=np.empty((0, len(SENTIMENTS)), np.float32),
        flags={name: np.empty(0, np.bool_) for name in flags},
        p_flags={name: np.empty(0, np.float32) for name in flags},
        severity=np.empty(0, np.int8) if "severity" in heads else None,
        topics=np.empty((0, len(topics)), np.int8) if "topics" in heads else None,
        truncated=np.empty(0, np.bool_),
    )


def pick(predictions: Predictions, rows: npt.NDArray[np.intp]) -> Predictions:
    """The rows numbered `rows`, in that order; a row may be picked more than once."""
    return Predictions(
        sentiment=predictions.sentiment[rows],
        p_sentiment=predictions.p_sentiment[rows],
        flags={name: values[rows] for name, values in predictions.flags.items()},
        p_flags={name: values[rows] for name, values in predictions.p_flags.items()},
        severity=None if predictions.severity is None else predictions.severity[rows],
        topics=None if predictions.topics is None else predictions.topics[rows],
        truncated=predictions.truncated[rows],
    )


def _joined(arrays: Sequence[npt.NDArray[np.int8] | None]) -> npt.NDArray[np.int8] | None:
    there = [array for array in arrays if array is not None]
    return np.concatenate(there) if there else None
