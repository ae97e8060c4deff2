"""From dumps to one labelled file, with its rejects beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.annotate import DEFAULT_MODEL, Annotator, annotate
from feedback_nlp.collectors import read
from feedback_nlp.engines import files
from feedback_nlp.engines.label import Progress, label, silent
from feedback_nlp.errors import FeedbackError
from feedback_nlp.ledger import Ledger


def annotate_dump(
    dumps: Sequence[Any],
    output: Path,
    *,
    reading: Mapping[str, Any] | None = None,
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
    progress: Progress = silent,
) -> Ledger:
    """Label every comment of `dumps` into one file (.parquet, .csv, .jsonl, .xlsx) and give the ledger.

    `reading` holds options of `collectors.read`. Rows that cannot be read go to `<output>.rejects.jsonl`.
    While it runs, what is done is kept in `<output>.work`; a run that was broken off continues from there.

    Raises:
        InputError: a dump cannot be read at all.
        ModelError: the model cannot be loaded.
        UsageError: the output's ending is unknown.
    """
    files.check_ending(output)
    annotator = Annotator(model=model, device=device)
    _ = annotator.columns  # a wrong model must be told before a long reading, not after
    ledger = Ledger()
    work = output.with_name(output.name + ".work")
    frames = read(dumps, ledger=ledger, **(reading or {}))
    files.write(label(frames, annotator=annotator, ledger=ledger, work=work, progress=progress), output)
    write_rejects(ledger, output.with_name(output.name + ".rejects.jsonl"))
    shutil.rmtree(work)
    return ledger


def labelled_frames(
    dumps: Sequence[Any],
    *,
    reading: Mapping[str, Any] | None = None,
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
) -> Iterator[pd.DataFrame]:
    """Labelled frames of dumps; a single file that holds labels already is read as it is."""
    if len(dumps) == 1 and _holds_labels(Path(dumps[0])):
        return files.read(Path(dumps[0]))
    return annotate(read(dumps, **(reading or {})), model=model, device=device)


def _holds_labels(path: Path) -> bool:
    """Whether `annotate` wrote a file; only its columns are looked at."""
    if not (path.is_file() and files.can_read(path)):
        return False
    try:
        first = next(files.read(path), None)
    except FeedbackError:
        return False
    return first is not None and {"set_aside", "sentiment", "complaint"} <= set(first.columns)


def write_rejects(ledger: Ledger, path: Path, *, always: bool = False) -> None:
    """Write what could not be read as a row, one JSON object a line: source, row, reason. No file where there is none,
    unless `always`."""
    if not (ledger.rejects or always):
        path.unlink(missing_ok=True)
        return
    lines = (
        json.dumps({"source": r.source, "row": r.row, "reason": r.reason}, ensure_ascii=False)
        for r in ledger.rejects
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
