"""What the network is told it got wrong: one loss over all heads, blind to what a row does not know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from feedback_nlp.records import SENTIMENTS
from feedback_nlp.training.network import split_outputs
from feedback_nlp.training.targets import NAMED, Targets

_BLOCKED = -1e4
_BITS = torch.tensor([1 << i for i in range(len(SENTIMENTS))])


@dataclass(frozen=True, slots=True)
class HeadWeights:
    """How much each head counts in the sum."""

    sentiment: float = 1.0
    severity: float = 0.5
    flags: float = 0.5
    topics: float = 0.3


@dataclass(frozen=True, slots=True)
class TargetBatch:
    """Targets of a batch as tensors."""

    allowed: Tensor
    candidates: Tensor
    flags: Tensor
    severity: Tensor
    topics: Tensor
    weights: Tensor
    opinion: Tensor | None = None  # logits of teachers (batch, outputs)


def to_batch(targets: Targets, device: torch.device) -> TargetBatch:
    """The same numbers as tensors on a device."""

    def tensor(array: np.ndarray, kind: torch.dtype) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device, kind)

    return TargetBatch(
        allowed=tensor(targets.allowed, torch.int64),
        candidates=tensor(targets.candidates, torch.int64),
        flags=tensor(targets.flags, torch.float32),
        severity=tensor(targets.severity, torch.int64),
        topics=tensor(targets.topics, torch.int64),
        weights=tensor(targets.weights, torch.float32),
    )


def total_loss(logits: Tensor, target: TargetBatch, weigh: HeadWeights) -> Tensor:
    """Mean over the batch of each row's loss: by its labels and, where teachers gave one, half by their opinion."""
    by_row = label_loss(logits, target, weigh)
    if target.opinion is None:
        return by_row.mean()
    theirs = opinion_loss(logits, target.opinion, target.topics.shape[1], weigh)
    return 0.5 * (by_row + theirs).mean()


def label_loss(logits: Tensor, target: TargetBatch, weigh: HeadWeights) -> Tensor:
    """Each row's loss (batch,) by its labels, the heads weighted."""
    sentiment, severity, flags, topics = split_outputs(logits, target.topics.shape[1])
    return (
        weigh.sentiment * target.weights[:, 0] * sentiment_loss(sentiment, target.allowed, target.candidates)
        + weigh.severity * target.weights[:, 1] * _severity_loss(severity, target.severity)
        + weigh.flags * target.weights[:, 1] * _flags_loss(flags, target.flags)
        + weigh.topics * target.weights[:, 2] * _topics_loss(topics, target.topics)
    )


def opinion_loss(logits: Tensor, opinion: Tensor, topics: int, weigh: HeadWeights) -> Tensor:
    """Cross-entropy of each row (batch,) to the probabilities of the logits `opinion` (batch, outputs), head by head."""
    own, theirs = split_outputs(logits, topics), split_outputs(opinion, topics)

    def among(i: int) -> Tensor:
        return -(theirs[i].softmax(-1) * own[i].log_softmax(-1)).sum(-1)

    flags = F.binary_cross_entropy_with_logits(own[2], theirs[2].sigmoid(), reduction="none").sum(1)
    return (
        weigh.sentiment * among(0)
        + weigh.severity * among(1)
        + weigh.flags * flags
        + weigh.topics * among(3).sum(1)
    )


def sentiment_loss(logits: Tensor, allowed: Tensor, candidates: Tensor) -> Tensor:
    """−log of what the allowed labels hold of the candidates' probability (batch,); 0 where nothing is known."""
    bits = _BITS.to(logits.device)
    among = logits + ((candidates[:, None] & bits) == 0) * _BLOCKED
    right = logits + ((allowed[:, None] & bits) == 0) * _BLOCKED
    return (among.logsumexp(1) - right.logsumexp(1)) * (allowed > 0)


def _severity_loss(logits: Tensor, target: Tensor) -> Tensor:
    known = target >= 0
    return F.cross_entropy(logits, target.clamp(min=0), reduction="none") * known


def _flags_loss(logits: Tensor, target: Tensor) -> Tensor:
    loss = F.binary_cross_entropy_with_logits(logits, target.clamp(min=0), reduction="none")
    return (loss * (target >= 0)).sum(1)


def _topics_loss(logits: Tensor, target: Tensor) -> Tensor:
    chances = logits.log_softmax(-1)
    exact = -chances.gather(-1, target.clamp(0, NAMED - 1).unsqueeze(-1)).squeeze(-1)
    named = -chances[..., 1:].logsumexp(-1)
    loss = torch.where(target == NAMED, named, exact)
    return (loss * (target >= 0)).sum(1)
