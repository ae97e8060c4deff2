"""Which rows go through the network together: equal texts once, rows of like length side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.intp]

TOKENS = 2048  # the fastest of 128 … 16,384 (benchmarks/speed.py)
ROWS = 256


def distinct(texts: Sequence[str]) -> tuple[list[str], Indices]:
    """The different texts in order of first appearance, and for every text its place among them."""
    place: dict[str, int] = {}
    inverse = np.fromiter((place.setdefault(text, len(place)) for text in texts), np.intp, len(texts))
    return list(place), inverse


def by_length(lengths: Sequence[int], *, tokens: int = TOKENS, rows: int = ROWS) -> Iterator[Indices]:
    """Row numbers in batches, longest first; a batch padded to its longest row stays within `tokens`, and within `rows`.

    A row longer than `tokens` is a batch of its own. Every row is in exactly one batch.
    """
    order = np.argsort(np.negative(np.asarray(lengths, dtype=np.intp)), kind="stable")
    start = 0
    while start < len(order):
        longest = max(1, lengths[order[start]])
        count = max(1, min(rows, tokens // longest))
        yield order[start : start + count]
        start += count
