"""From the network's scores to labels: temperatures, windows merged, thresholds, argmax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from feedback_nlp.classifiers import windows
from feedback_nlp.classifiers.base import MENTIONS_NONE, Bools, Floats, Ints, Predictions
from feedback_nlp.classifiers.manifest import Head, Manifest, per_language
from feedback_nlp.classifiers.windows import Layout
from feedback_nlp.records import FLAGS, SENTIMENTS

Scores = Mapping[str, Floats]


def temper(
    scores: Scores, manifest: Manifest, over: Layout, *, languages: Sequence[str]
) -> dict[str, Floats]:
    """The windows' logits, each head's divided by its temperature for the text's language; other outputs as they are.

    `scores` maps an output's name to its values, one row a window; `languages` has one item a text.
    """
    spoken = [languages[i] for i in over.owner]
    return {
        name: _tempered(values, manifest.heads[name], spoken) if name in manifest.heads else values
        for name, values in scores.items()
    }


def decide(
    scores: Scores, manifest: Manifest, over: Layout, *, languages: Sequence[str], truncated: Bools
) -> Predictions:
    """Labels of the texts from the calibrated logits of their windows; `languages`, `truncated`: one item a text."""
    heads = manifest.heads
    p_flags = {name: _p_flag(scores[name], over, name) for name in FLAGS if name in heads}
    p_sentiment, sentiment = _sentiment(scores, heads, over, languages)
    return Predictions(
        sentiment=sentiment,
        p_sentiment=p_sentiment,
        flags={
            name: p >= per_language(heads[name].threshold, languages, default=0.5)
            for name, p in p_flags.items()
        },
        p_flags=p_flags,
        severity=_severity(scores, heads, over, languages),
        topics=_topics(scores, manifest, over),
        truncated=truncated,
    )


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Probability of yes."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def _tempered(logits: Floats, head: Head, spoken: Sequence[str]) -> Floats:
    temperature = per_language(head.temperature, spoken, default=1.0)
    return np.asarray(logits / temperature.reshape(-1, *[1] * (logits.ndim - 1)), dtype=np.float32)


def _p_flag(logits: Floats, over: Layout, name: str) -> Floats:
    p = sigmoid(logits)
    return windows.mean(p, over) if name == "feedback" else windows.most(p, over)


def _choose(p: Floats, head: Head, languages: Sequence[str]) -> Ints:
    """Index of the best label; the bias moves this choice only, never the probabilities."""
    bias = per_language(head.bias, languages, default=np.zeros(p.shape[1], dtype=np.float32))
    best = np.argmax(np.log(np.maximum(p, 1e-12)) + bias, axis=1)
    return np.asarray(best, dtype=np.int8)


def _sentiment(
    scores: Scores, heads: Mapping[str, Head], over: Layout, languages: Sequence[str]
) -> tuple[Floats, Ints]:
    count = len(over.starts)
    if "sentiment" not in heads:
        return np.full((count, len(SENTIMENTS)), np.nan, np.float32), np.full(count, -1, np.int8)
    p = windows.mean(softmax(scores["sentiment"]), over)
    return p, _choose(p, heads["sentiment"], languages)


def _severity(
    scores: Scores, heads: Mapping[str, Head], over: Layout, languages: Sequence[str]
) -> Ints | None:
    if "severity" not in heads:
        return None
    p = windows.mean(softmax(scores["severity"]), over)
    return _choose(p, heads["severity"], languages)


def _topics(scores: Scores, manifest: Manifest, over: Layout) -> Ints | None:
    if "topics" not in manifest.heads:
        return None
    head = manifest.heads["topics"]
    p = softmax(scores["topics"])
    named = 1.0 - p[:, :, 0]
    sure = windows.surest(named, over)
    column = np.arange(len(head.labels))[None, :]
    polarity = p[sure, column, 1:].argmax(axis=-1) - 1
    threshold = np.array([head.threshold.get(topic, 0.5) for topic in head.labels], dtype=np.float32)
    return np.where(named[sure, column] >= threshold, polarity, MENTIONS_NONE).astype(np.int8)
