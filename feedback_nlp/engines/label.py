"""The main job up to labels: read everything, then label it in resumable chunks, counting every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd

from feedback_nlp import records
from feedback_nlp.annotate import Annotator
from feedback_nlp.engines.parquet import read_parquet, write_parquet
from feedback_nlp.engines.stream import resumable
from feedback_nlp.ledger import Ledger, tally

Progress = Callable[[str, int, int | None], None]
"""Told a stage's name, the rows done so far, and the rows in all where known."""


def silent(stage: str, done: int, total: int | None) -> None:
    """A progress callback that shows nothing."""


def label(
    reading: Iterable[pd.DataFrame], *, annotator: Annotator, ledger: Ledger, work: Path, progress: Progress
) -> Iterator[pd.DataFrame]:
    """Labelled frames of a whole reading, in bounded memory.

    The rows are first spooled under `work`, so that the total is known before the slow part starts. Labels done are
    kept there too: after a crash the same call picks up where it stopped. The caller removes `work` when all is well.
    """
    work.mkdir(parents=True, exist_ok=True)
    spool = work / "read.parquet"
    total = write_parquet(watched(reading, "reading", None, progress), spool, columns=records.INPUT_COLUMNS)
    frames = read_parquet(spool)
    labelled = resumable(frames, annotator, parts=work / "labels")
    yield from tally(watched(labelled, "labelling", total, progress), ledger)


def watched(
    frames: Iterable[pd.DataFrame], stage: str, total: int | None, progress: Progress
) -> Iterator[pd.DataFrame]:
    """Pass frames through, telling `progress` how many rows went by."""
    done = 0
    progress(stage, done, total)
    for frame in frames:
        yield frame
        done += len(frame)
        progress(stage, done, total)
