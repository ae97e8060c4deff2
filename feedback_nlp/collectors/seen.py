"""A set of 64-bit keys that only grows, at eight bytes a key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]


def key_of(parts: Iterable[str | None]) -> int:
    """A 64-bit key of some texts; null and the empty text differ."""
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return int.from_bytes(hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=8).digest(), "big")


class Seen:
    """Keys seen so far, as a few sorted arrays whose sizes at least double, so that adding stays cheap."""

    def __init__(self) -> None:
        self._runs: list[Keys] = []

    def fresh(self, keys: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Which of `keys`, in order, are met for the first time; all of them are remembered."""
        array = np.asarray(keys, dtype=np.uint64)
        distinct, first = np.unique(array, return_index=True)
        known = np.zeros(len(distinct), dtype=bool)
        for run in self._runs:
            place = np.searchsorted(run, distinct)
            place[place == len(run)] = 0
            known |= run[place] == distinct
        fresh = np.zeros(len(array), dtype=bool)
        fresh[first[~known]] = True
        self._add(distinct[~known])
        return fresh

    def _add(self, run: Keys) -> None:
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        self._runs.append(run)
