"""The same functions on Spark: labels through `mapInArrow`; KPIs need nothing here, `kpis.measure` takes a Spark frame.

`mapInArrow`, and not `mapInPandas`, since the latter hands over times without their zone and small integers as floats;
the function is the same iterator of frames to iterator of frames.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.annotate import DEFAULT_MODEL, Annotator
from feedback_nlp.errors import MissingExtra, SchemaError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Step = Callable[[Iterator[pd.DataFrame]], Iterable[pd.DataFrame]]


def annotate(frame: DataFrame, *, model: str = DEFAULT_MODEL, device: str = "cpu") -> DataFrame:
    """A Spark frame with every label column; each task loads the model once and labels with one thread.

    The workers need feedback-nlp installed, and a model directory must have the same path on all of them.

    Raises:
        SchemaError: there is no `text` column.
        ModelError: the model cannot be loaded.
        UsageError: local workers would run another Python than this one.
    """
    if "text" not in frame.columns:
        raise SchemaError(
            f"annotate needs the column 'text', which this frame lacks. It has: {', '.join(frame.columns)}."
        )
    step = Annotator(model=model, device=device, threads=1)
    return mapped(frame, step, adds=step.columns)


def mapped(frame: DataFrame, step: Step, *, adds: Sequence[records.Column]) -> DataFrame:
    """A Spark frame after a frames-to-frames step that adds (or replaces) the columns `adds`, in that order at the end.

    The step gets Arrow-typed pandas frames and must be picklable. Nothing runs until the result is used.

    Raises:
        UsageError: local workers would run another Python than this one.
    """
    try:
        from pyspark.sql.pandas.types import from_arrow_schema
        from pyspark.sql.types import StructType
    except ImportError:
        raise MissingExtra("labelling on Spark", extra="spark") from None
    check_workers(frame)
    new = {column.name for column in adds}
    kept = [field for field in frame.schema.fields if field.name not in new]
    schema = StructType([*kept, *from_arrow_schema(records.arrow_schema(adds)).fields])
    names = schema.names

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        frames = (
            pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)
            for batch in batches
            if batch.num_rows
        )
        for labelled in step(frames):
            yield from pa.Table.from_pandas(labelled[names], preserve_index=False).to_batches()

    return frame.mapInArrow(run, schema)


def check_workers(frame: DataFrame) -> None:
    """Check that the workers of a local session run this Python; a cluster's are its administrator's affair.

    Raises:
        UsageError: they do not; the message says which variable to set.
    """
    context: Any = getattr(frame.sparkSession, "_sc", None)  # a Spark Connect session has no context
    if context is None or not str(context.master).startswith("local"):
        return
    worker = shutil.which(context.pythonExec)
    if worker is None or not os.path.samefile(worker, sys.executable) or not _same_home(worker):
        raise UsageError(
            f"Spark's local workers would run {context.pythonExec!r}, not this Python, and may lack feedback-nlp. "
            f"Set PYSPARK_PYTHON={sys.executable} before the session starts."
        )


def _same_home(worker: str) -> bool:
    """Whether two interpreters belong to one environment: virtual ones may link to one binary."""
    return os.path.dirname(os.path.abspath(worker)) == os.path.dirname(os.path.abspath(sys.executable))
