"""The network: two readers of one token sequence whose votes add up, and the heads over them.

The windows read short runs of token vectors, wherever they stand; the encoder reads the whole. Each votes alone as well
while training. What exact wordings mean is no matter of the network: `wordings.py` knows it better.
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
_VECTOR_DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """Sizes of the parts."""

    encoder: EncoderShape
    topics: int
    widths: tuple[int, ...]
    channels: int
    dropout: float = 0.3

    @property
    def outputs(self) -> int:
        """Logits a text gets from each part."""
        return len(SENTIMENTS) + SEVERITIES + len(FLAGS) + POLARITIES * self.topics


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
        self.windows = Windows(shape)
        self.vote = nn.Linear(2 * shape.encoder.size, shape.outputs)

    def votes(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, outputs) of the windows and the encoder."""
        vectors = self.encoder.words(ids)
        vectors = F.dropout(vectors, _VECTOR_DROPOUT, self.training)
        pooled = F.dropout(self.read(vectors, mask), self.shape.dropout, self.training)
        return self.windows(vectors, mask), self.vote(pooled)

    def read(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """Mean and maximum over the text of the encoder's vectors (batch, 2 × size)."""
        seen = self.encoder(vectors, mask)
        shown = mask.to(seen.dtype).unsqueeze(-1)
        mean = (seen * shown).sum(1) / shown.sum(1)
        most = (seen - (1 - shown) * 1e4).amax(1)
        return torch.cat([mean, most], 1)

    def read_all(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, outputs), and what they were read from: encoder and windows, side by side."""
        vectors = self.encoder.words(ids)
        encoder, windows = self.read(vectors, mask), self.windows.read(vectors, mask)
        return self.vote(encoder) + self.windows.vote(windows), torch.cat([encoder, windows], 1)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits (batch, outputs)."""
        windows, encoder = self.votes(ids, mask)
        return windows + encoder


def split_outputs(logits: Tensor, topics: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logits of sentiment (batch, 4), severity (batch, 4), flags (batch, 6), topics (batch, T, 4)."""
    sizes = [len(SENTIMENTS), SEVERITIES, len(FLAGS), POLARITIES * topics]
    sentiment, severity, flags, named = torch.split(logits, sizes, dim=1)
    return sentiment, severity, flags, named.reshape(-1, topics, POLARITIES)
