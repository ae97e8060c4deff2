"""Wordings of a text as numbers: runs of one to three units, hashed; a unit is a word of letters, or any other character.

So a Chinese text is read by runs of characters and an English one by runs of words, without a list of either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.intp]
_Words = npt.NDArray[np.uint64]

LONGEST = 3  # units
_FIRST_IDEOGRAPH = 0x2E80  # from here on a character is a unit by itself
_IN_WORDS = np.array([chr(code).isalnum() or chr(code) in "'’" for code in range(_FIRST_IDEOGRAPH)])
_SPACES = np.array([ord(space) for space in " \t\n\r\x0b\x0c\x85\xa0\u2028\u2029\u3000"], np.uint32)
_FAR = 40  # letters of a word whose places are told apart
_ODD, _STEP, _MIX = (
    np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0x94D049BB133111EB, 0xBF58476D1CE4E5B9)
)
_POWERS = np.cumprod(np.concatenate([[np.uint64(1)], np.full(_FAR, _ODD)]), dtype=np.uint64)


def grams(texts: Sequence[str]) -> tuple[Hashes, Indices]:
    """Hash of every run of one to `LONGEST` units, and which of `texts` it stands in: both (runs,)."""
    units, owner = _units(texts)
    run = units
    hashes, owners = [units], [owner]
    for more in range(1, LONGEST):
        run = _mixed(run[:-1] * _STEP + units[more:])
        whole = owner[more:] == owner[: len(owner) - more]
        hashes.append(run[whole])
        owners.append(owner[more:][whole])
    return (np.concatenate(hashes) >> np.uint64(32)).astype(np.uint32), np.concatenate(owners)


def _units(texts: Sequence[str]) -> tuple[_Words, Indices]:
    """Hash of every unit in order, and the text it stands in: both (units,)."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    there = ~np.isin(codes, _SPACES)
    starts = np.flatnonzero(_starts(codes, owner, there))
    if not len(starts):
        return np.zeros(0, np.uint64), np.zeros(0, np.intp)
    place = np.arange(starts[0], len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    letters = (codes[starts[0] :].astype(np.uint64) + np.uint64(1)) * _POWERS[np.minimum(place, _FAR)]
    letters *= there[starts[0] :]
    return _mixed(np.add.reduceat(letters, starts - starts[0])), owner[starts]


def _starts(codes: Hashes, owner: Indices, there: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """True where a unit begins (codes,)."""
    in_word = _IN_WORDS[np.minimum(codes, _FIRST_IDEOGRAPH - 1)] & (codes < _FIRST_IDEOGRAPH)
    begins = there.copy()
    begins[1:] &= ~(in_word[1:] & in_word[:-1] & (owner[1:] == owner[:-1]))
    return begins


def _mixed(numbers: _Words) -> _Words:
    """The numbers with their bits spread over all 64."""
    numbers = (numbers ^ (numbers >> np.uint64(29))) * _MIX
    return numbers ^ (numbers >> np.uint64(32))
