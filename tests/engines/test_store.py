"""KPIs of Parquet files inside DuckDB: the same figures as in memory, from one file or many."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from feedback_nlp import records
from feedback_nlp.engines.store import measure_parquet
from feedback_nlp.errors import FormatError, InputError
from feedback_nlp.kpis import measure

ROWS = 400


@pytest.fixture
def frame() -> pd.DataFrame:
    """Labelled rows of the schema, every seventh set aside, resolved late in the UTC day."""
    number = pd.Series(range(ROWS))
    resolved = pd.Timestamp("2024-01-01 20:00", tz="UTC") + pd.to_timedelta(number, unit="h")
    made = pd.DataFrame(
        {
            "set_aside": ["spam" if i % 7 == 0 else None for i in number],
            "created_at": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(number, unit="h"),
            "day": (pd.Timestamp("2024-01-01") + pd.to_timedelta(number, unit="h")).dt.date,
            "brand": ["ab"[i % 2] for i in number],
            "rating": [None if i % 5 == 0 else i % 5 for i in number],
            "resolved_at": resolved.where(number % 3 > 0),
            "sentiment": [records.SENTIMENTS[i % 4] for i in number],
            "complaint": [i % 3 == 1 for i in number],
            "topic_price": [None if i % 4 else 1 for i in number],
        }
    )
    return records.conform(made, (*records.INPUT_COLUMNS, *records.label_columns(["price"])))


def write(frame: pd.DataFrame, path: Path) -> Path:
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return path


OPTIONS = {
    "kpis": ["complaint_rate", "mean_rating", "backlog", "topic_share"],
    "every": "week",
    "by": ["brand", "topic"],
}


def test_a_file_a_list_and_a_pattern_give_what_memory_gives(frame: pd.DataFrame, tmp_path: Path) -> None:
    expected = measure(frame, **OPTIONS)
    whole = write(frame, tmp_path / "whole.parquet")
    parts = [write(frame.iloc[i : i + 150], tmp_path / f"part-{i}.parquet") for i in range(0, ROWS, 150)]
    for paths in (whole, str(whole), parts, str(tmp_path / "part-*.parquet")):
        pd.testing.assert_frame_equal(measure_parquet(paths, **OPTIONS), expected)


def test_the_zone_is_the_one_asked_for_on_any_machine(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = write(frame, tmp_path / "whole.parquet")
    found = measure_parquet(path, kpis=["backlog"], every="day", tz="Asia/Shanghai")
    pd.testing.assert_frame_equal(found, measure(frame, kpis=["backlog"], every="day", tz="Asia/Shanghai"))
    assert not found.equals(measure(frame, kpis=["backlog"], every="day"))


def test_a_file_that_is_not_there_or_not_parquet_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Parquet file"):
        measure_parquet(tmp_path / "missing-*.parquet")
    (tmp_path / "text.parquet").write_text("no parquet at all")
    with pytest.raises(FormatError, match="readable Parquet"):
        measure_parquet(tmp_path / "text.parquet")
