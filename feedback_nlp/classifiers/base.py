"""What every classifier offers: texts in, arrays of labels and probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Labels of n texts, in the order given.

    `sentiment` is the label's index into `records.SENTIMENTS`, or −1 where the classifier does not know sentiment.
    A part the classifier has no head for is None: its columns are null, never guessed.

    Shapes: p_sentiment (n, 4); flags, p_flags: name → (n,), names of `records.FLAGS`; severity (n,) 0–3;
    topics (n, T), −1/0/+1, `MENTIONS_NONE` where not mentioned, T in the order of the classifier's `topics`; truncated (n,).
    """

    sentiment: Ints
    p_sentiment: Floats
    flags: dict[str, Bools]
    p_flags: dict[str, Floats]
    severity: Ints | None
    topics: Ints | None
    truncated: Bools


MENTIONS_NONE = -128


class Classifier(Protocol):
    """A model that labels texts; cheap to make, loads its weights at the first `predict`."""

    @property
    def name(self) -> str:
        """name@version, written into every row it labels."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """Ids of the topics it knows, in output order; empty where it knows none."""
        ...

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Labels for `texts`, one row a text in the same order; an empty list gives arrays of length 0."""
        ...
