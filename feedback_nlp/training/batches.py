"""Batches of like length: as many texts as a budget of tokens holds, so that little is padding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from feedback_nlp.training.tokenizer import SPECIALS

_START, _END, _UNKNOWN, _PAD = (SPECIALS.index(s) for s in ("[CLS]", "[SEP]", "[UNK]", "[PAD]"))
_FIRST_WORD = len(SPECIALS)
Ids = npt.NDArray[np.int32]


def encode(texts: Iterable[str], tokenizer: Any, *, step: int = 4096) -> list[Ids]:
    """Ids of each text, whole and without the marks of start and end."""
    found: list[Ids] = []
    part: list[str] = []
    for text in texts:
        part.append(text)
        if len(part) == step:
            found += _encode(part, tokenizer)
            part = []
    return found + _encode(part, tokenizer)


def _encode(part: list[str], tokenizer: Any) -> list[Ids]:
    encodings = tokenizer.encode_batch_fast(part, add_special_tokens=False)
    return [np.array(encoding.ids, np.int32) for encoding in encodings]


def windowed(ids: Ids, longest: int, rng: np.random.Generator | None = None) -> Ids:
    """The ids between their marks, cut to `longest` with them: the head, or with `rng` the head, tail or a middle."""
    room = longest - 2
    if len(ids) > room:
        start = 0
        if rng is not None:
            tail = len(ids) - room
            start = (0, tail, int(rng.integers(0, tail + 1)))[int(rng.integers(3))]
        ids = ids[start : start + room]
    return np.concatenate([[_START], ids, [_END]]).astype(np.int32)


def plan(
    lengths: npt.NDArray[np.int64], *, budget: int, rng: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """Row numbers of each batch: rows of like length together, batches in random order."""
    order = np.argsort(lengths + rng.random(len(lengths)) * (1 + lengths / 8), kind="stable")
    batches: list[npt.NDArray[np.int64]] = []
    start = 0
    while start < len(order):
        end, longest = start, 0
        while end < len(order):
            longest = max(longest, int(lengths[order[end]]))
            if longest * (end - start + 1) > budget and end > start:
                break
            end += 1
        batches.append(order[start:end])
        start = end
    return [batches[i] for i in rng.permutation(len(batches))]


def padded(rows: Sequence[Ids]) -> tuple[Tensor, Tensor]:
    """Ids and mask (batch, tokens) of rows already between their marks."""
    width = max(len(row) for row in rows)
    ids = np.full((len(rows), width), _PAD, np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
    tensor = torch.from_numpy(ids)
    return tensor, (tensor != _PAD).long()


def with_tokens_dropped(ids: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """The ids with a share of the words made unknown."""
    lost = torch.rand(ids.shape, generator=generator) < share
    return torch.where(lost & (ids >= _FIRST_WORD), torch.full_like(ids, _UNKNOWN), ids)


def whole_batches(rows: Sequence[Ids], *, budget: int) -> Iterator[npt.NDArray[np.int64]]:
    """Row numbers of batches in order of length, for reading without training."""
    lengths = np.array([len(row) for row in rows], np.int64)
    yield from plan(lengths, budget=budget, rng=np.random.default_rng(0))
