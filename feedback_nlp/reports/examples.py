"""Choose comments that show what a topic's numbers are made of: clear, typical, varied, complaints first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from feedback_nlp.records import topic_column

Floats = npt.NDArray[np.float64]
Key = tuple[float, str, int]

SHOWN = ((-1, 3), (1, 2), (0, 1))
"""Polarity, and how many of it to show for a topic, in the order they are shown."""

COLUMNS = (
    "text", "lang", "source", "row", "platform", "brand", "product", "day", "rating", "sentiment", "complaint",
    "severity", "leaving", "returning", "question", "suggestion", "confidence",
)  # fmt: skip
_KEPT = 24  # candidates held per topic, polarity and language, to choose varied ones from
_SHORT, _LONG = 50, 220  # a comment of this width reads at a glance; a Chinese character is 2.5 wide
_PREFIX = topic_column("")


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: Key
    row: dict[str, Any]


_Shelf = dict[str, _Candidate]
_Shelves = dict[tuple[str, int, bool], _Shelf]


def pick(frames: Iterable[pd.DataFrame], *, shown: Sequence[tuple[int, int]] = SHOWN) -> pd.DataFrame:
    """Examples of each topic: `topic`, `polarity` and the columns of `COLUMNS`, the most mentioned topic first.

    Memory is bounded by the number of topics; the choice does not depend on how the stream is cut or ordered.
    """
    shelves: _Shelves = {}
    mentions: Counter[str] = Counter()
    for frame in frames:
        _look(frame, shelves, mentions, polarities=[polarity for polarity, _ in shown])
    chosen: list[dict[str, Any]] = []
    used: set[tuple[Any, Any]] = set()
    for topic in sorted(mentions, key=lambda name: (-mentions[name], name)):
        for polarity, most in shown:
            both = (shelves.get((topic, polarity, chinese), {}) for chinese in (True, False))
            candidates = sorted((c for shelf in both for c in shelf.values()), key=lambda c: c.key)
            best = _varied(candidates, most=most, used=used)
            chosen += [{"topic": topic, "polarity": polarity, **row} for row in best]
    return pd.DataFrame(chosen, columns=["topic", "polarity", *COLUMNS])


def _look(
    frame: pd.DataFrame, shelves: _Shelves, mentions: Counter[str], *, polarities: Sequence[int]
) -> None:
    """Put the best rows of a frame on the shelves they belong to."""
    counted = frame[frame["set_aside"].isna() & frame["text"].notna()].sort_values(["source", "row"])
    names = [str(name) for name in counted.columns if str(name).startswith(_PREFIX)]
    if counted.empty or not names:
        return
    polarity = counted[names].to_numpy(dtype=float, na_value=np.nan)
    mentions.update(
        {n.removeprefix(_PREFIX): int(c) for n, c in zip(names, (~np.isnan(polarity)).sum(0), strict=True)}
    )
    clear = _clearness(counted, (~np.isnan(polarity)).sum(axis=1))
    hurt = _hurt(counted)
    chinese = counted["lang"].isin(["zh", "mixed"]).to_numpy(dtype=bool)
    texts, sources, numbers = (counted[name].tolist() for name in ("text", "source", "row"))
    found: list[tuple[_Shelf, int, Key]] = []
    for place, name in enumerate(names):
        for sign in polarities:
            score = np.round(clear + (hurt if sign < 0 else 0.0), 3)
            for in_chinese in (True, False):
                shelf = shelves.setdefault((name.removeprefix(_PREFIX), sign, in_chinese), {})
                here = np.flatnonzero((polarity[:, place] == sign) & (chinese == in_chinese))
                worst = max((c.key for c in shelf.values()), default=None) if len(shelf) >= _KEPT else None
                distinct: set[str] = set()
                for i in here[np.argsort(-score[here], kind="stable")]:
                    key = (-float(score[i]), str(sources[i]), int(numbers[i]))
                    if len(distinct) >= _KEPT or (worst is not None and key > worst):
                        break
                    if texts[i] not in distinct:
                        distinct.add(texts[i])
                        found.append((shelf, int(i), key))
    _shelve(counted, found)


def _shelve(counted: pd.DataFrame, found: Sequence[tuple[_Shelf, int, Key]]) -> None:
    places = sorted({place for _, place, _ in found})
    present = [name for name in COLUMNS if name in counted.columns]
    rows = dict(zip(places, counted[present].iloc[places].to_dict("records"), strict=True))
    for shelf, place, key in found:
        text = str(rows[place]["text"])
        if text in shelf and shelf[text].key <= key:
            continue
        shelf[text] = _Candidate(key, {str(name): value for name, value in rows[place].items()})
        if len(shelf) > _KEPT:
            del shelf[max(shelf, key=lambda other: shelf[other].key)]


def _clearness(counted: pd.DataFrame, topics: npt.NDArray[np.int_]) -> Floats:
    """0–1: sure of its label, of a length that reads at a glance, about few topics, read to its end."""
    width = counted["text"].str.len().to_numpy(dtype=float, na_value=0.0)
    width = np.where(counted["lang"].isin(["zh", "mixed"]).to_numpy(dtype=bool), 2.5 * width, width)
    length = np.minimum(np.minimum(width / _SHORT, _LONG / np.maximum(width, 1.0)), 1.0)
    sure = _column(counted, "confidence", missing=0.5)
    whole = 1.0 - 0.5 * _column(counted, "truncated", missing=0.0)
    return np.asarray(sure * length * whole / (1 + 0.15 * np.maximum(topics - 1, 0)))


def _hurt(counted: pd.DataFrame) -> Floats:
    """What puts one criticism before another: a complaint, and how badly the writer was hurt."""
    complaint = _column(counted, "complaint", missing=0.0)
    return np.asarray(0.5 * complaint + 0.08 * _column(counted, "severity", missing=0.0))


def _column(counted: pd.DataFrame, name: str, *, missing: float) -> Floats:
    if name not in counted.columns:
        return np.full(len(counted), missing)
    return np.asarray(counted[name].astype("float64[pyarrow]").to_numpy(dtype=float, na_value=missing))


def _varied(
    candidates: Sequence[_Candidate], *, most: int, used: set[tuple[Any, Any]]
) -> list[dict[str, Any]]:
    """The best candidates that are unlike each other; a comment shown for another topic comes last."""
    chosen: list[dict[str, Any]] = []
    grams: list[set[str]] = []
    left = [(c, _grams(str(c.row["text"]))) for c in candidates]
    while left and len(chosen) < most:
        best = min(
            left, key=lambda pair: (pair[0].key[0] + _staleness(pair, chosen, grams, used), pair[0].key)
        )
        left.remove(best)
        chosen.append(best[0].row)
        grams.append(best[1])
        used.add((best[0].row["source"], best[0].row["row"]))
    return chosen


def _staleness(
    pair: tuple[_Candidate, set[str]],
    chosen: Sequence[dict[str, Any]],
    grams: Sequence[set[str]],
    used: set[tuple[Any, Any]],
) -> float:
    row, own = pair[0].row, pair[1]
    alike = max((len(own & other) / max(len(own | other), 1) for other in grams), default=0.0)
    same = sum(
        0.12 * (row["lang"] == other["lang"]) + 0.06 * (row.get("platform") == other.get("platform"))
        for other in chosen
    )
    again = 0.6 if (row["source"], row["row"]) in used else 0.0
    return float(1.2 * alike + same + again)


def _grams(text: str) -> set[str]:
    folded = "".join(text.lower().split())
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
