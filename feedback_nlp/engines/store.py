"""KPIs of Parquet files that need not fit in memory: the same expressions, run inside DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from typing import Any

import pandas as pd

from feedback_nlp.errors import FormatError, InputError
from feedback_nlp.kpis import measure
from feedback_nlp.kpis.plan import Chosen

Paths = str | PathLike[str] | Sequence[str | PathLike[str]]


def measure_parquet(
    paths: Paths,
    *,
    kpis: Chosen = None,
    every: str | None = None,
    by: Sequence[str] = (),
    tz: str | None = None,
    confidence: float = 0.95,
    min_n: int = 30,
    memory_limit: str = "1GB",
    threads: int | None = None,
) -> pd.DataFrame:
    """KPIs of labelled Parquet files: a path, a glob (`labelled/*.parquet`), or several of either.

    Options are those of `kpis.measure`; `memory_limit` and `threads` bound what DuckDB takes. Files may lack columns
    that others have. The result is an Arrow-typed pandas frame.

    Raises:
        InputError: no file is there.
        FormatError: a file is not Parquet.
    """
    import duckdb

    names = [fspath(path) for path in ([paths] if isinstance(paths, str | PathLike) else paths)]
    settings: dict[str, Any] = {"memory_limit": memory_limit, "preserve_insertion_order": False}
    with duckdb.connect(config=settings | ({"threads": threads} if threads else {})) as store:
        # dates of UTC times are those of the store's zone, whatever zone the machine is in
        store.execute("set TimeZone = ?", [tz or "UTC"])
        try:
            rows = store.read_parquet(names, union_by_name=True)
        except duckdb.IOException as error:
            raise InputError(
                f"no Parquet file at {', '.join(map(repr, names))}. Check the path or the pattern."
            ) from error
        except duckdb.InvalidInputException as error:
            raise FormatError(f"not a readable Parquet file among {', '.join(map(repr, names))}.") from error
        table = measure(
            rows, kpis=kpis, every=every, by=by, tz=tz, confidence=confidence, min_n=min_n
        ).to_arrow_table()
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame
