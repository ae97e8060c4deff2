"""Comments with labels by the guide: a table (or file) as arrays, one per head, with what is missing masked.

Columns: `text`, and any of sentiment (negative, neutral, positive, mixed, or the guide's n, 0, p, m), severity (0–3), the flags
(true/false, yes/no, 1/0, 是/否), and `topic_<id>` (−1, 0, +1; empty: not mentioned). A sentiment of −1, 0, 1 is read too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from feedback_nlp.classifiers.base import MENTIONS_NONE
from feedback_nlp.errors import InputError, TrainingError
from feedback_nlp.records import FLAGS, SENTIMENTS

UNKNOWN = -9
Ints = npt.NDArray[np.int64]

_SENTIMENTS = {
    **{label: i for i, label in enumerate(SENTIMENTS)},
    **{"n": 0, "0": 1, "p": 2, "m": 3, "-1": 0, "1": 2, "负面": 0, "中性": 1, "正面": 2, "混合": 3},
}
_YES_NO = {
    **dict.fromkeys(("true", "yes", "y", "1", "1.0", "是", "有"), 1),
    **dict.fromkeys(("false", "no", "n", "0", "0.0", "否", "无", "没有"), 0),
}
SEVERITIES = {str(level): level for level in range(4)}
_POLARITIES = {"-1": -1, "0": 0, "1": 1, "-": -1, "+": 1, "+1": 1, "−1": -1}
_READERS: dict[str, Callable[[Path], Any]] = {
    ".parquet": pd.read_parquet,
    ".csv": lambda path: pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False),
    ".tsv": lambda path: pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False, sep="\t"),
    ".jsonl": lambda path: pd.read_json(path, lines=True, dtype=False, encoding="utf-8"),
    ".xlsx": lambda path: pd.read_excel(path, dtype=str, keep_default_na=False, engine="calamine"),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled comments: `heads` maps sentiment, severity and flags to (n,) integers, UNKNOWN where not labelled.

    `topics` maps a topic to (n,) of −1, 0, +1, MENTIONS_NONE where not mentioned. `frame` is the rows kept, `empty` how many
    rows had no text and were left out.
    """

    frame: pd.DataFrame
    texts: list[str]
    heads: Mapping[str, Ints]
    topics: Mapping[str, Ints]
    empty: int


def read(source: str | Path | pd.DataFrame) -> Labelled:
    """Labelled comments from a frame or a .parquet, .csv, .tsv, .jsonl or .xlsx file; rows without text are counted, not kept.

    Raises:
        InputError: the file cannot be read.
        TrainingError: there is no text, no label column, or a value that is not a label.
    """
    frame = source if isinstance(source, pd.DataFrame) else _read_file(Path(source))
    if "text" not in frame.columns:
        raise TrainingError(
            f"labelled comments need a column 'text'; these have: {', '.join(map(str, frame.columns))}."
        )
    texts = frame["text"].astype("object").where(frame["text"].notna(), "").astype(str).str.strip()
    kept = frame[(texts != "").to_numpy()].reset_index(drop=True)
    if kept.empty:
        raise TrainingError(f"none of the {len(frame)} rows has a text.")
    heads = {name: _column(kept, name, table) for name, table in _tables().items() if name in kept.columns}
    topics = {
        str(name).removeprefix("topic_"): _topic(kept, str(name))
        for name in kept.columns
        if str(name).startswith("topic_")
    }
    if not heads and not topics:
        raise TrainingError(
            f"no label column among: {', '.join(map(str, frame.columns))}. Known: {', '.join(_tables())}, topic_<id>."
        )
    return Labelled(kept, [t for t in texts if t], heads, topics, empty=len(frame) - len(kept))


def _tables() -> dict[str, Mapping[str, int]]:
    return {"sentiment": _SENTIMENTS, "severity": SEVERITIES, **dict.fromkeys(FLAGS, _YES_NO)}


def _read_file(path: Path) -> pd.DataFrame:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"{path}: labelled comments are read from {', '.join(_READERS)}, not {path.suffix!r}."
        )
    if not path.is_file():
        raise InputError(f"there is no file {path}.")
    try:
        frame: pd.DataFrame = reader(path)
    except (OSError, ValueError) as error:  # every reader's own errors are kinds of these
        raise InputError(
            f"{path} cannot be read: {type(error).__name__}. Save it again as UTF-8 CSV or Parquet."
        ) from None
    return frame


def _column(frame: pd.DataFrame, name: str, table: Mapping[str, int]) -> Ints:
    return np.array(
        [_value(value, name, table, UNKNOWN) for value in frame[name].astype("object")], dtype=np.int64
    )


def _topic(frame: pd.DataFrame, name: str) -> Ints:
    values = frame[name].astype("object")
    return np.array([_value(value, name, _POLARITIES, MENTIONS_NONE) for value in values], dtype=np.int64)


def _value(value: Any, name: str, table: Mapping[str, int], missing: int) -> int:
    if pd.isna(value):
        return missing
    written = _written(value)
    if not written:
        return missing
    if written not in table:
        raise TrainingError(
            f"column {name!r} holds {written!r}, which is no label. Allowed: {', '.join(table)}."
        )
    return table[written]


def _written(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer()
    text = str(int(value)) if whole else str(value).strip().lower()
    return text.removesuffix(".0")
