"""Labelling a stream so that a crash loses nothing: each labelled chunk is kept on disk until the work is done.

A chunk's labels are filed under a digest of its texts and of the model, so a second run over the same dump finds them,
and a changed dump or model never does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from feedback_nlp import records
from feedback_nlp.annotate import Annotator, attach
from feedback_nlp.engines.drafts import draft


def resumable(frames: Iterable[pd.DataFrame], annotator: Annotator, *, parts: Path) -> Iterator[pd.DataFrame]:
    """Labelled frames, reusing under `parts` the labels of every chunk that an earlier, broken-off run finished."""
    parts.mkdir(parents=True, exist_ok=True)
    for frame in frames:
        part = parts / f"{_digest(frame, annotator)}.parquet"
        labels = _stored(part, annotator)
        if labels is None:
            labels = annotator.labels(frame)
            _store(labels, part)
        yield attach(frame, labels)


def _digest(frame: pd.DataFrame, annotator: Annotator) -> str:
    digest = hashlib.blake2b(annotator.classifier.name.encode(), digest_size=16)
    digest.update(annotator.model.encode())
    for text in frame["text"]:
        digest.update(b"\x00" if pd.isna(text) else b"\x01" + str(text).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _stored(part: Path, annotator: Annotator) -> pd.DataFrame | None:
    if not part.exists():
        return None
    try:
        table = pq.read_table(part)
    except pa.ArrowInvalid:  # cut off by the crash: label the chunk again
        return None
    return records.conform(table.to_pandas(types_mapper=pd.ArrowDtype), annotator.columns)


def _store(labels: pd.DataFrame, part: Path) -> None:
    """Write, then rename, so that a part on disk is always whole."""
    with draft(part) as unfinished:
        pq.write_table(pa.Table.from_pandas(labels, preserve_index=False), unfinished)
