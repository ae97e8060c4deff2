"""Windows over long texts: where each begins and ends, and how their scores become the text's.

The rule: probabilities of sentiment, severity and feedback are averaged, each window weighing as many tokens as it reads
for the first time; a complaint, leaving, returning, question, suggestion or topic is as sure as in the window where it is
surest, and a topic's polarity is the one of that window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Floats

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens start..end (end exclusive) of a text; `new` of them are in no earlier window."""

    start: int
    end: int
    new: int


def spans(length: int, *, size: int, overlap: int, most: int) -> tuple[list[Span], bool]:
    """Windows of at most `size` tokens that cover a text of `length` tokens, and whether its end was left out.

    A text that fits is one window; an empty text is one empty window.
    """
    found = [Span(0, min(length, size), min(length, size))]
    while found[-1].end < length and len(found) < most:
        last = found[-1].end
        end = min(length, last + size - overlap)
        found.append(Span(max(0, end - size), end, end - last))
    return found, found[-1].end < length


@dataclass(frozen=True, slots=True)
class Layout:
    """Which rows of the windows' scores belong to which text: rows starts[i]:starts[i+1] are text i's; weight is new tokens."""

    starts: Indices
    weight: Floats

    @property
    def owner(self) -> Indices:
        """Index of the text each window belongs to."""
        counts = np.diff(np.append(self.starts, len(self.weight)))
        return np.repeat(np.arange(len(self.starts)), counts)


def layout(windows: list[list[Span]]) -> Layout:
    """The layout of the windows of several texts, laid one text after the other."""
    counts = np.array([len(w) for w in windows], dtype=np.intp)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp) if len(counts) else counts
    weight = np.array([max(1, span.new) for w in windows for span in w], dtype=np.float32)
    return Layout(starts=starts, weight=weight)


def mean(values: Floats, over: Layout) -> Floats:
    """Mean of the windows' values for each text, weighted by new tokens: (windows, …) → (texts, …)."""
    if len(over.starts) == len(values):
        return values
    weight = over.weight.reshape(-1, *[1] * (values.ndim - 1))
    total: Floats = np.add.reduceat(values * weight, over.starts, axis=0)
    return np.asarray(total / np.add.reduceat(weight, over.starts, axis=0), dtype=np.float32)


def most(values: Floats, over: Layout) -> Floats:
    """Largest of the windows' values for each text: (windows, …) → (texts, …)."""
    if len(over.starts) == len(values):
        return values
    return np.asarray(np.maximum.reduceat(values, over.starts, axis=0), dtype=np.float32)


def surest(values: Floats, over: Layout) -> Indices:
    """Row of the first window where each text's value is largest: (windows, T) → row numbers (texts, T)."""
    rows = np.broadcast_to(np.arange(len(values))[:, None], values.shape)
    if len(over.starts) == len(values):
        return np.asarray(rows, dtype=np.intp)
    top = most(values, over)[over.owner]
    hits = np.where(values >= top, rows, len(values))
    return np.asarray(np.minimum.reduceat(hits, over.starts, axis=0), dtype=np.intp)
