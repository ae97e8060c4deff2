"""Stand-off labels: given by the guide to texts of the sets, kept apart from them because the texts are not ours.

`corpora/standoff/SPLIT/LANGUAGE-SET.txt` holds lines `id|sentiment|severity|flags|topics`; the id is the `digest` of a text of
the set. The split is that of the labels: a text of `train` may be set aside for `dev`, and is then trained on nowhere.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pandas as pd

from feedback_nlp.training.guide import read_lines

log = logging.getLogger(__name__)
FIELDS = ("id", "sentiment", "severity", "flags", "topics")
_DIGITS = 16  # of a digest: no two of some millions of texts share them


def digest(text: str) -> str:
    """By which a label names its text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def read_standoff(folder: Path, data: Path) -> pd.DataFrame | None:
    """The labels of every file with their texts from `data`, in the columns of the gold labels; None where no set is there.

    Only texts of `train` rows and unlabelled ones are looked up. Labels that find no text are left out, and logged.

    Raises:
        TrainingError: a line is not a label.
    """
    frames = [_with_texts(path, data) for path in sorted(folder.glob("*/*.txt"))]
    found = [frame for frame in frames if frame is not None]
    return pd.concat(found, ignore_index=True) if found else None


def _with_texts(path: Path, data: Path) -> pd.DataFrame | None:
    texts = _texts(path.stem.partition("-")[2], data)
    if texts is None:
        return None
    rows = read_lines(path, FIELDS)
    by_digest = {digest(text): text for text in texts.dropna().unique()}
    rows["text"] = rows.pop("id").map(by_digest)
    rows["split"] = path.parent.name
    lost = rows["text"].isna()
    if lost.any():
        log.warning("%s: %d of %d labels find no text in the set", path.name, lost.sum(), len(rows))
    return rows[~lost]


def _texts(name: str, data: Path) -> pd.Series | None:
    labelled, plain = (data / kind / f"{name}.parquet" for kind in ("labelled", "unlabelled"))
    if labelled.exists():
        frame = pd.read_parquet(labelled, columns=["text", "split"])
        return frame.loc[frame["split"] == "train", "text"]
    return pd.read_parquet(plain, columns=["text"])["text"] if plain.exists() else None
