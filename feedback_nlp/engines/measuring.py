"""KPIs of a labelled file or a stream of frames, plain or corrected by an audit, as one call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.engines import files
from feedback_nlp.engines.store import measure_parquet
from feedback_nlp.kpis import audit as audits
from feedback_nlp.kpis import corrected, measure


def measured(
    labelled: Path | Iterable[pd.DataFrame], *, audit: Path | None = None, **options: Any
) -> pd.DataFrame:
    """The table of `kpis.measure`; with the path of a filled-in audit, that of `kpis.corrected`.

    A Parquet file is summed inside DuckDB, so it need not fit in memory.

    Raises:
        InputError: a file cannot be read, or nothing is filled in; otherwise as `kpis.measure`.
    """
    if audit is None and isinstance(labelled, Path) and labelled.suffix.lower() == ".parquet":
        return measure_parquet(labelled, **options)
    frames = files.read(labelled) if isinstance(labelled, Path) else labelled
    table: pd.DataFrame = (
        measure(frames, **options) if audit is None else corrected(frames, audits.read(audit), **options)
    )
    return table
