"""What tuning adds to a shipped model: linear heads over its features, on top of its own scores.

The file is a NumPy archive without pickled objects. For every tuned head it holds `<head>.weight` (inputs, k) and
`<head>.bias` (k,); a topic's are `named.<topic>` (k = 1) and `polarity.<topic>` (k = 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.errors import ModelError

FILE = "tuned.npz"
FEATURES = "features"


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear head: inputs @ weight + bias."""

    weight: Floats
    bias: Floats

    def __call__(self, inputs: Floats) -> Floats:
        return np.asarray(inputs @ self.weight + self.bias, dtype=np.float32)


def inputs(scores: Mapping[str, Floats]) -> Floats:
    """What the linear heads read, one row a window: the features and every calibrated score, squashed to −1..1."""
    parts = [scores[FEATURES]]
    parts += [
        np.tanh(scores[name] / 2).reshape(len(parts[0]), -1) for name in sorted(scores) if name != FEATURES
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def read(path: Path) -> dict[str, Linear]:
    """The linear heads by name.

    Raises:
        ModelError: the file is not such an archive.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = [name.removesuffix(".weight") for name in archive.files if name.endswith(".weight")]
            return {name: Linear(archive[f"{name}.weight"], archive[f"{name}.bias"]) for name in names}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} cannot be read: {error}. Copy the model directory again.") from None


def write(path: Path, heads: Mapping[str, Linear]) -> None:
    """Save linear heads so that `read` gives them back."""
    arrays: dict[str, npt.NDArray[np.float32]] = {}
    for name, head in heads.items():
        arrays |= {f"{name}.weight": head.weight, f"{name}.bias": head.bias}
    with path.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)


def apply(
    scores: Mapping[str, Floats],
    heads: Mapping[str, Linear],
    *,
    topics: Sequence[str],
    shipped: Sequence[str],
) -> dict[str, Floats]:
    """Calibrated scores with the tuned heads added; `topics` are those wanted, `shipped` those the network scores."""
    read_by_heads = inputs(scores)
    found = {name: _add(values, heads.get(name), read_by_heads) for name, values in scores.items()}
    columns = [_topic(base_topic(scores, shipped, topic), heads, topic, read_by_heads) for topic in topics]
    if columns:
        found["topics"] = np.stack(columns, axis=1)
    return found


def base_topic(scores: Mapping[str, Floats], shipped: Sequence[str], topic: str) -> Floats:
    """The network's four scores of a topic, (windows, 4).

    Of a topic it does not know: even odds that it is named, and the polarity of the text as a whole.
    """
    if topic in shipped:
        return scores["topics"][:, list(shipped).index(topic)]
    tone = scores["sentiment"][:, :3] if "sentiment" in scores else np.zeros((len(scores[FEATURES]), 3))
    odds = np.logaddexp.reduce(tone, axis=1, keepdims=True)
    return np.concatenate([odds, tone], axis=1).astype(np.float32)


def named_odds(scores: Floats) -> Floats:
    """Log-odds that a topic is named, from its four scores: (windows, 4) → (windows,)."""
    return np.asarray(np.logaddexp.reduce(scores[:, 1:], axis=1) - scores[:, 0], dtype=np.float32)


def _add(values: Floats, head: Linear | None, read_by_heads: Floats) -> Floats:
    return values if head is None else values + head(read_by_heads).reshape(values.shape)


def _topic(base: Floats, heads: Mapping[str, Linear], topic: str, read_by_heads: Floats) -> Floats:
    named, polarity = heads.get(f"named.{topic}"), heads.get(f"polarity.{topic}")
    odds = named_odds(base) if named is None else named_odds(base) + named(read_by_heads)[:, 0]
    tone = base[:, 1:] if polarity is None else base[:, 1:] + polarity(read_by_heads)
    tone = tone - np.logaddexp.reduce(tone, axis=1, keepdims=True)
    return np.concatenate([-odds[:, None], tone], axis=1).astype(np.float32)
