"""What exact wordings say: linear votes of rarity-weighted n-grams, added to the network's scores.

The network generalises; which wording means what, where no rule tells, a regression knows better. The file is a NumPy archive
without pickled objects: `steps` (n,) between the ascending hashes of the wordings, `rarity` (n,), `weights` (k, n) in int8
with `scale` and `bias` (k,), and for every head it speaks to `moves.<head>` (k, width): how one vote moves its scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.classifiers.grams import Hashes, Indices, grams
from feedback_nlp.classifiers.windows import Layout
from feedback_nlp.errors import ModelError
from feedback_nlp.records import SENTIMENTS

FILE = "wordings.npz"
SENTIMENT = "sentiment"
POLES = [SENTIMENTS.index("negative"), SENTIMENTS.index("positive")]
_MOVES = "moves."
_AT_ONCE = 60_000  # characters whose wordings are looked up at a time: memory stays flat
_LONGEST = 30_000  # characters of one text that are read; the network reads no further


@dataclass(frozen=True, slots=True)
class Known:
    """The n wordings that are known: `hashes` ascending, `rarity` how much each counts, both (n,)."""

    hashes: Hashes
    rarity: Floats

    def find(self, texts: Sequence[str]) -> tuple[Indices, Indices, Floats]:
        """Which known wordings stand in which texts: texts in order, wordings, weights; all (found,).

        The weights of a text are its wordings' rarities at length 1, however often each occurs.
        """
        hashes, owner = grams(texts)
        place = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        hit = self.hashes[place] == hashes
        pairs = np.unique(owner[hit] * len(self.hashes) + place[hit])
        owner, place = np.divmod(pairs, len(self.hashes))
        rarity = self.rarity[place]
        length = np.sqrt(np.bincount(owner, weights=rarity.astype(np.float64) ** 2, minlength=len(texts)))
        return owner, place, np.asarray(rarity / length[owner], np.float32)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Votes on k questions: weights (n, k) in steps of `scale` (k,), `bias` (k,), moves head → (k, width)."""

    known: Known
    weights: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats
    moves: Mapping[str, Floats]

    def votes(self, texts: Sequence[str]) -> Floats:
        """Log-odds of yes (texts, k), by the wordings alone."""
        parts = [self._votes(part) for part in _parts([text[:_LONGEST] for text in texts])]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.bias)), np.float32)

    def add(self, scores: Mapping[str, Floats], texts: Sequence[str], over: Layout) -> dict[str, Floats]:
        """The network's scores, one row a window, each moved by what the wordings of its whole text say."""
        return moved(scores, self.votes(texts)[over.owner], self.moves)

    def _votes(self, texts: Sequence[str]) -> Floats:
        owner, place, weight = self.known.find(texts)
        total = np.zeros((len(texts), len(self.bias)), np.float32)
        if len(owner):
            first = np.flatnonzero(np.diff(owner, prepend=-1))
            total[owner[first]] = np.add.reduceat(self.weights[place] * weight[:, None], first, axis=0)
        return total * self.scale + self.bias


def moved(scores: Mapping[str, Floats], votes: Floats, moves: Mapping[str, Floats]) -> dict[str, Floats]:
    """Scores of n windows moved by the votes (n, k) of their texts; `moves` maps a head to (k, width).

    The two poles of sentiment together keep the odds they had: a vote for one of them says nothing against the middle.
    """
    found = dict(scores)
    for name in moves.keys() & scores.keys():
        found[name] = scores[name] + (votes @ moves[name]).reshape(scores[name].shape)
    if SENTIMENT in moves and SENTIMENT in scores:
        before, after = (np.logaddexp(*values[SENTIMENT][:, POLES].T) for values in (scores, found))
        found[SENTIMENT][:, POLES] += (before - after)[:, None]
    return found


def read(path: Path) -> Wordings:
    """The wordings in an archive.

    Raises:
        ModelError: the file is not such an archive.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            moves = {n.removeprefix(_MOVES): archive[n] for n in archive.files if n.startswith(_MOVES)}
            known = Known(np.cumsum(archive["steps"], dtype=np.uint32), archive["rarity"].astype(np.float32))
            weights = np.ascontiguousarray(archive["weights"].T)
            return Wordings(known, weights, archive["scale"], archive["bias"], moves)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} cannot be read: {error}. Copy the model directory again.") from None


def write(path: Path, wordings: Wordings) -> None:
    """Save wordings so that `read` gives them back."""
    hashes = wordings.known.hashes
    with path.open("wb") as stream:
        np.savez_compressed(
            stream,
            allow_pickle=False,
            steps=np.diff(hashes, prepend=np.uint32(0)),  # smaller numbers take less room than the hashes
            rarity=wordings.known.rarity.astype(np.float16),
            weights=np.ascontiguousarray(wordings.weights.T),
            scale=wordings.scale,
            bias=wordings.bias,
            **{f"{_MOVES}{head}": moves for head, moves in wordings.moves.items()},
        )


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in order, as many together as `_AT_ONCE` characters hold."""
    start, held = 0, 0
    for i, text in enumerate(texts):
        if held and held + len(text) > _AT_ONCE:
            yield texts[start:i]
            start, held = i, 0
        held += len(text) + 1
    if start < len(texts):
        yield texts[start:]
