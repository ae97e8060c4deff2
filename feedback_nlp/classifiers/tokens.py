"""Texts to rows of token ids: special tokens around, long texts cut into windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Bools
from feedback_nlp.classifiers.manifest import Manifest
from feedback_nlp.classifiers.windows import Layout, layout, spans
from feedback_nlp.errors import ModelError

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Windows of several texts as rows of token ids, special tokens included."""

    ids: list[list[int]]
    over: Layout
    truncated: Bools


@dataclass(frozen=True, slots=True)
class Encoder:
    """A tokenizer and the special tokens it sets around every text."""

    tokenizer: Any
    prefix: tuple[int, ...]
    suffix: tuple[int, ...]
    padding: int

    def normalized(self, texts: Sequence[str]) -> list[str]:
        """The texts as the tokenizer reads them: one case, width and script."""
        normalizer = self.tokenizer.normalizer
        return [normalizer.normalize_str(text) for text in texts] if normalizer else list(texts)

    def rows(self, texts: Sequence[str], manifest: Manifest) -> Rows:
        """The windows of `texts`, by the manifest's window size and overlap."""
        content = [
            encoding.ids
            for encoding in self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ]
        size = manifest.window - len(self.prefix) - len(self.suffix)
        cut = [
            spans(len(ids), size=size, overlap=manifest.overlap, most=manifest.most_windows)
            for ids in content
        ]
        windows = [found for found, _ in cut]
        rows = [
            [*self.prefix, *ids[span.start : span.end], *self.suffix]
            for ids, found in zip(content, windows, strict=True)
            for span in found
        ]
        truncated = np.array([left_out for _, left_out in cut], dtype=np.bool_)
        return Rows(ids=[row or [self.padding] for row in rows], over=layout(windows), truncated=truncated)


def read_encoder(path: Path) -> Encoder:
    """The tokenizer in a `tokenizer.json`, with its own truncation and padding turned off.

    Raises:
        ModelError: the file is not a tokenizer.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelError(f"{path} is not a tokenizer: {error}. Copy the model directory again.") from None
    tokenizer.no_truncation()
    padding = tokenizer.padding["pad_id"] if tokenizer.padding else tokenizer.token_to_id("[PAD]") or 0
    tokenizer.no_padding()
    bare = len(tokenizer.encode("好", add_special_tokens=False).ids)
    whole = tokenizer.encode("好", add_special_tokens=True)
    before = next((i for i, special in enumerate(whole.special_tokens_mask) if not special), len(whole.ids))
    return Encoder(
        tokenizer=tokenizer,
        prefix=tuple(whole.ids[:before]),
        suffix=tuple(whole.ids[before + bare :]),
        padding=padding,
    )


def pad(rows: Sequence[Sequence[int]], *, padding: int) -> tuple[Ids, Ids]:
    """Rows as one array padded on the right, and its mask (1 for tokens, 0 for padding): both (rows, longest)."""
    lengths = np.array([len(row) for row in rows])
    mask = np.arange(lengths.max())[None, :] < lengths[:, None]
    ids = np.full(mask.shape, padding, dtype=np.int64)
    ids[mask] = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
    return ids, mask.astype(np.int64)
