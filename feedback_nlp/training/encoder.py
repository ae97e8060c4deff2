"""The transformer encoder: BERT's arithmetic in plain torch, so that it exports to a small graph.

Its weights go by BERT's names (`as_bert`), so `transformers` users can load it as a `BertModel`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Sizes of the encoder."""

    vocabulary: int
    size: int
    layers: int
    attention_heads: int
    inner: int
    longest: int = 128
    dropout: float = 0.1


class Layer(nn.Module):
    """Self-attention and a feed-forward part, each added to its input and normalised after."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.attention_heads = shape.attention_heads
        self.drop = shape.dropout
        self.qkv = nn.Linear(shape.size, 3 * shape.size)
        self.out = nn.Linear(shape.size, shape.size)
        self.norm_attention = nn.LayerNorm(shape.size, eps=1e-12)
        self.wide = nn.Linear(shape.size, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.size)
        self.norm_inner = nn.LayerNorm(shape.size, eps=1e-12)

    def forward(self, x: Tensor, blocked: Tensor) -> Tensor:
        """x (batch, tokens, size); blocked (batch, 1, 1, tokens), 0 or a large negative number."""
        batch, tokens, size = x.shape
        heads = self.attention_heads
        q, k, v = (
            part.reshape(batch, tokens, heads, size // heads).transpose(1, 2)
            for part in self.qkv(x).chunk(3, dim=-1)
        )
        scores = q @ k.transpose(2, 3) * (size // heads) ** -0.5 + blocked
        seen = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, size)
        x = self.norm_attention(x + F.dropout(self.out(seen), self.drop, self.training))
        inner = self.narrow(F.gelu(self.wide(x)))
        result: Tensor = self.norm_inner(x + F.dropout(inner, self.drop, self.training))
        return result


class Encoder(nn.Module):
    """Token vectors in, contextual vectors out; the embedding table is shared with the other parts."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.size, padding_idx=0)
        self.places = nn.Parameter(torch.randn(shape.longest, shape.size) * 0.02)
        self.norm = nn.LayerNorm(shape.size, eps=1e-12)
        self.stack = nn.ModuleList(Layer(shape) for _ in range(shape.layers))

    def forward(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """vectors (batch, tokens, size) of `words`; mask (batch, tokens) 1 for a token, 0 for padding."""
        x = self.norm(vectors + self.places[: vectors.shape[1]])
        x = F.dropout(x, self.shape.dropout, self.training)
        blocked = (1.0 - mask.to(x.dtype))[:, None, None, :] * -1e4
        for layer in self.stack:
            x = layer(x, blocked)
        result: Tensor = x
        return result


def as_bert(encoder: Encoder) -> Any:
    """The encoder as a `transformers.BertModel` (without pooler) that computes the same."""
    from transformers import BertConfig, BertModel

    shape = encoder.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.size,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.attention_heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.longest,
        type_vocab_size=1,
        hidden_dropout_prob=shape.dropout,
        attention_probs_dropout_prob=0.0,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_bert_names(encoder), strict=True)
    model.requires_grad_(False).train(False)
    return model


def _bert_names(encoder: Encoder) -> dict[str, Tensor]:
    own = encoder.state_dict()
    named = {
        "embeddings.word_embeddings.weight": own["words.weight"],
        "embeddings.position_embeddings.weight": own["places"],
        "embeddings.token_type_embeddings.weight": torch.zeros(1, encoder.shape.size),
        "embeddings.LayerNorm.weight": own["norm.weight"],
        "embeddings.LayerNorm.bias": own["norm.bias"],
    }
    for i in range(encoder.shape.layers):
        there = f"encoder.layer.{i}."
        for kind in ("weight", "bias"):
            parts = own[f"stack.{i}.qkv.{kind}"].chunk(3)
            for name, part in zip(("query", "key", "value"), parts, strict=True):
                named[f"{there}attention.self.{name}.{kind}"] = part
            for mine, theirs in _LAYER_NAMES.items():
                named[f"{there}{theirs}.{kind}"] = own[f"stack.{i}.{mine}.{kind}"]
    return named


_LAYER_NAMES = {
    "out": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "norm_inner": "output.LayerNorm",
}
