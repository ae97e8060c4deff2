"""Lessons: sentences written for the purpose, for turns of phrase that found data teaches badly (corpora/lessons)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from feedback_nlp.errors import TrainingError
from feedback_nlp.training.guide import read_lines

_FIELDS = ("sentiment", "severity", "flags", "topics", "text")


def read_lessons(folder: Path) -> pd.DataFrame:
    """The lessons of every file of a folder, in the columns of the gold labels, all of them `train` rows.

    Raises:
        TrainingError: there is no lesson, or a line is not one.
    """
    files = [read_lines(path, _FIELDS) for path in sorted(folder.glob("*.txt"))]
    if not any(map(len, files)):
        raise TrainingError(f"no lessons (*.txt) in {folder}: the card that names the folder needs some.")
    return pd.concat(files, ignore_index=True)
