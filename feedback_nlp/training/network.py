"""The network: three readers of one token sequence whose votes add up, and the heads over them.

The bag reads hashed n-grams of one to three tokens (learns fast, knows exact wordings); the windows read short runs
of vectors, wherever they stand; the encoder reads the whole. Each votes alone as well while training.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.encoder import Encoder, EncoderShape

SEVERITIES = 4
POLARITIES = 4  # absent, negative, neutral, positive
_FIRST_WORD = 5  # ids below are the tokenizer's special tokens
_VECTOR_DROPOUT = 0.1
PRIMES = (1_000_003, 7_368_787, 15_485_863)


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """Sizes of the parts; `buckets` a power of two."""

    encoder: EncoderShape
    topics: int
    buckets: int
    bag_size: int
    widths: tuple[int, ...]
    channels: int
    dropout: float = 0.3
    gram_dropout: float = 0.3

    @property
    def outputs(self) -> int:
        """Logits a text gets from each part."""
        return len(SENTIMENTS) + SEVERITIES + len(FLAGS) + POLARITIES * self.topics


class Bag(nn.Module):
    """Sum of the vectors of hashed n-grams of one to three tokens."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.buckets, self.drop = shape.buckets, shape.gram_dropout
        self.table = nn.Embedding(shape.buckets, shape.bag_size)
        nn.init.normal_(self.table.weight, std=0.02)
        self.vote = nn.Linear(shape.bag_size, shape.outputs)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Votes (batch, outputs)."""
        vote: Tensor = self.vote(self.read(ids, mask))
        return vote

    def weigh(self, share: float) -> None:
        """Make its votes count `share` of what they did."""
        with torch.no_grad():
            self.vote.weight.mul_(share)
            self.vote.bias.mul_(share)

    def read(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The text's vector (batch, bag_size)."""
        words = mask * (ids >= _FIRST_WORD)
        grams, there = hashed(ids, words, self.buckets)
        vectors = self.table(grams)
        weights = there.to(vectors.dtype)
        if self.training:
            weights = F.dropout(weights, self.drop)
        total = (vectors * weights.unsqueeze(-1)).sum(1)
        count = words.sum(1, keepdim=True).to(vectors.dtype) + 1.0
        text: Tensor = total * count.rsqrt()
        return text


def hashed(ids: Tensor, words: Tensor, buckets: int) -> tuple[Tensor, Tensor]:
    """Buckets of every 1-, 2- and 3-gram (batch, 3 × tokens), and 1 where it lies wholly on words, else 0."""
    first, second, third = PRIMES
    one = ids * first
    later, later_words = F.pad(ids, (0, 2)), F.pad(words, (0, 2))
    tokens = ids.shape[1]
    two = one + (later[:, 1 : tokens + 1] + 1) * second
    three = two + (later[:, 2 : tokens + 2] + 1) * third
    on_two = words * later_words[:, 1 : tokens + 1]
    on_three = on_two * later_words[:, 2 : tokens + 2]
    grams = torch.cat([one, two, three], 1)
    # The product's high bits are the well-mixed ones.
    return (grams // 64) % buckets, torch.cat([words, on_two, on_three], 1)


class Windows(nn.Module):
    """Patterns over short runs of token vectors; the strongest match of each anywhere in the text."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.widths, self.channels, self.drop = shape.widths, shape.channels, shape.dropout
        self.patterns = nn.Linear(shape.encoder.size, shape.channels * sum(shape.widths), bias=False)
        self.bias = nn.Parameter(torch.zeros(len(shape.widths), shape.channels))
        self.vote = nn.Linear(shape.channels * len(shape.widths), shape.outputs)

    def forward(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """Votes (batch, outputs)."""
        found = F.dropout(self.read(vectors, mask), self.drop, self.training)
        vote: Tensor = self.vote(found)
        return vote

    def read(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """The strongest match of every pattern (batch, channels × widths)."""
        batch, tokens, _ = vectors.shape
        shown = mask.to(vectors.dtype).unsqueeze(-1)
        matches = (self.patterns(vectors) * shown).reshape(batch, tokens, sum(self.widths), self.channels)
        longest = max(self.widths)
        matches = F.pad(matches, (0, 0, 0, 0, 0, longest))
        found, start = [], 0
        for i, width in enumerate(self.widths):
            run = sum(matches[:, j : j + tokens, start + j] for j in range(width))
            found.append((F.relu(run + self.bias[i]) * shown).amax(1))
            start += width
        return torch.cat(found, 1)


class Network(nn.Module):
    """All parts; `forward` gives their summed votes, `votes` those of each."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape.encoder)
        self.bag = Bag(shape)
        self.windows = Windows(shape)
        self.vote = nn.Linear(2 * shape.encoder.size, shape.outputs)

    def votes(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits (batch, outputs) of the bag, the windows and the encoder."""
        vectors = self.encoder.words(ids)
        vectors = F.dropout(vectors, _VECTOR_DROPOUT, self.training)
        pooled = F.dropout(self.read(vectors, mask), self.shape.dropout, self.training)
        return self.bag(ids, mask), self.windows(vectors, mask), self.vote(pooled)

    def read(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """Mean and maximum over the text of the encoder's vectors (batch, 2 × size)."""
        seen = self.encoder(vectors, mask)
        shown = mask.to(seen.dtype).unsqueeze(-1)
        mean = (seen * shown).sum(1) / shown.sum(1)
        most = (seen - (1 - shown) * 1e4).amax(1)
        return torch.cat([mean, most], 1)

    def read_all(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, outputs), and what they were read from: encoder, windows and bag, side by side."""
        vectors = self.encoder.words(ids)
        parts = (self.read(vectors, mask), self.windows.read(vectors, mask), self.bag.read(ids, mask))
        logits = self.vote(parts[0]) + self.windows.vote(parts[1]) + self.bag.vote(parts[2])
        return logits, torch.cat(parts, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits (batch, outputs)."""
        bag, windows, encoder = self.votes(ids, mask)
        return bag + windows + encoder


def split_outputs(logits: Tensor, topics: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logits of sentiment (batch, 4), severity (batch, 4), flags (batch, 6), topics (batch, T, 4)."""
    sizes = [len(SENTIMENTS), SEVERITIES, len(FLAGS), POLARITIES * topics]
    sentiment, severity, flags, named = torch.split(logits, sizes, dim=1)
    return sentiment, severity, flags, named.reshape(-1, topics, POLARITIES)
