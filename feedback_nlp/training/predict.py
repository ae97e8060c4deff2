"""The float network's logits for many texts: for choosing and checking, before there is an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.records import FLAGS
from feedback_nlp.training.batches import Ids, padded, whole_batches, windowed
from feedback_nlp.training.network import Network, split_outputs


@dataclass(frozen=True, slots=True)
class Logits:
    """Logits of n texts: sentiment (n, 4), severity (n, 4), flags (n, 6), topics (n, T, 4)."""

    sentiment: Floats
    severity: Floats
    flags: Floats
    topics: Floats

    def by_name(self) -> dict[str, Floats]:
        """The same by the names of the graph's outputs."""
        heads = {"sentiment": self.sentiment, "severity": self.severity, "topics": self.topics}
        return heads | dict(zip(FLAGS, self.flags.T, strict=True))

    def side_by_side(self) -> Floats:
        """The same as one array (n, outputs), in the network's own order."""
        topics = self.topics.reshape(len(self.topics), -1)
        return np.concatenate([self.sentiment, self.severity, self.flags, topics], axis=1)


def of_names(found: Mapping[str, Floats]) -> Logits:
    """What `Logits.by_name` took apart, put together."""
    flags = np.stack([found[name] for name in FLAGS], axis=1)
    return Logits(found["sentiment"], found["severity"], flags, found["topics"])


def predict(network: Network, rows: Sequence[Ids], *, window: int, budget: int = 8000) -> Logits:
    """Logits by the first window of each text, in the order given."""
    return by_head(predict_outputs(network, rows, window=window, budget=budget), network.shape.topics)


def by_head(outputs: Floats, topics: int) -> Logits:
    """The outputs of a network (n, outputs) of that many topics, taken apart."""
    return Logits(*(part.numpy() for part in split_outputs(torch.from_numpy(outputs), topics)))


def predict_outputs(
    network: Network, rows: Sequence[Ids], *, window: int, budget: int = 8000, rough: bool = False
) -> Floats:
    """The same logits side by side (n, outputs), in the network's own order; `rough` ones in bfloat16, off by 0.02 on average."""
    return predict_windows(network, [windowed(ids, window) for ids in rows], budget=budget, rough=rough)


def predict_windows(
    network: Network, windows: Sequence[Ids], *, budget: int = 8000, rough: bool = False
) -> Floats:
    """The same (n, outputs) for ids that already stand between their marks."""
    found = np.zeros((len(windows), network.shape.outputs), np.float32)
    device = next(network.parameters()).device
    network.eval()
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=rough):
        for batch in whole_batches(windows, budget=budget):
            ids, mask = padded([windows[row] for row in batch])
            found[batch] = network(ids.to(device), mask.to(device)).float().cpu().numpy()
    return found
