"""Signatures that texts share when they say nearly the same: MinHash over shingles of the folded text.

Source: Broder (1997), On the resemblance and containment of documents; Leskovec, Rajaraman, Ullman, Mining of
Massive Datasets (3rd ed.), §3.3–3.4.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from feedback_nlp.text.fold import fold

Signature = npt.NDArray[np.uint32]

BANDS, ROWS = 16, 4  # texts of resemblance 0.5 meet in a band with probability 0.64, of 0.7 with 0.99
SIZE = BANDS * ROWS
LIKE = 0.6  # share of equal signature rows from which two texts count as one
LONGEST = 2000  # characters that are read; a long text is told by its beginning
_ZH_SHINGLE, _EN_SHINGLE = 3, 5
_LETTERS = re.compile(r"[\W_]+")
_HAN = re.compile("[\u3400-\u9fff]")

_random = np.random.default_rng(20_240_601)
_FACTORS = _random.integers(1, 2**63, SIZE, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _random.integers(0, 2**63, SIZE, dtype=np.uint64)
_BASE = np.uint64(0x9E3779B97F4A7C15)


def signature(text: str) -> Signature:
    """The text's MinHash signature, shape (64,); equal for texts that differ only in case, script, punctuation and spaces.

    Shingles are 3 characters where the text has Han, else 5; punctuation and spaces do not count.
    """
    letters = _LETTERS.sub("", fold(text[:LONGEST]))
    shingles = _shingles(letters, _ZH_SHINGLE if _HAN.search(letters) else _EN_SHINGLE)
    hashes = (shingles[:, None] * _FACTORS[None, :] + _SHIFTS[None, :]) >> np.uint64(32)
    lowest: Signature = hashes.min(axis=0).astype(np.uint32)
    return lowest


def band_keys(sign: Signature) -> list[int]:
    """One key a band; two texts with a key in common may resemble each other."""
    rows = sign.reshape(BANDS, ROWS).astype(np.uint64)
    mixed = np.full(BANDS, 17, dtype=np.uint64)
    for column in range(ROWS):
        mixed = (mixed ^ rows[:, column]) * _BASE
    return [int(key) * BANDS + band for band, key in enumerate(mixed)]


def resemblance(one: Signature, other: Signature) -> float:
    """Estimated share of shingles that two texts have in common, 0–1."""
    return float(np.mean(one == other))


def _shingles(letters: str, length: int) -> npt.NDArray[np.uint64]:
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) <= length:
        codes = np.concatenate([codes, np.zeros(length + 1 - len(codes), dtype=np.uint64)])
    count = len(codes) - length + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(length):
        mixed = (mixed + codes[offset : offset + count] + np.uint64(1)) * _BASE
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)
