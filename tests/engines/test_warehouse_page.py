"""Every block of docs/warehouse.md runs as it stands, and all give the same table."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from feedback_nlp import records
from feedback_nlp.cli import app
from feedback_nlp.kpis import measure

PAGE = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
SHELL = [text for language, text in BLOCKS if language != "python"]
OPTIONS: dict[str, Any] = {"kpis": ["complaint_rate", "sentiment_index"], "every": "week", "by": ["brand"]}
ROWS = 300


@pytest.fixture(scope="module")
def labelled() -> pd.DataFrame:
    """Labelled rows over four weeks, some set aside, some without a label or a brand."""
    number = range(ROWS)
    made = {
        "source": "made",
        "row": [i + 1 for i in number],
        "platform": "generic",
        "set_aside": ["spam" if i % 11 == 0 else None for i in number],
        "day": [pd.Timestamp("2024-02-26") + pd.Timedelta(days=i % 28) for i in number],
        "brand": [["青竹", "Blue Tea", None][i % 3] for i in number],
        "sentiment": [None if i % 13 == 0 else records.SENTIMENTS[i * i % 4] for i in number],
        "complaint": [None if i % 17 == 0 else i % 5 == 1 for i in number],
        "feedback": [i % 19 > 0 for i in number],
    }
    frame = pd.DataFrame(made).assign(day=lambda rows: rows["day"].dt.date)
    return records.conform(frame, (*records.INPUT_COLUMNS, *records.label_columns(["price"])))


@pytest.fixture
def folder(labelled: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pq.write_table(pa.Table.from_pandas(labelled, preserve_index=False), tmp_path / "labelled.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert len(expected) == 12  # four weeks, three brands
    assert [list(row) for row in found] == [list(row) for row in expected]
    for row, other in zip(found, expected, strict=True):
        assert row == pytest.approx(other, nan_ok=False)


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_a_block_runs_and_gives_the_table(
    number: int,
    folder: Path,
    labelled: pd.DataFrame,
    rows_of: Callable[[Any], list[dict[str, Any]]],
    request: pytest.FixtureRequest,
) -> None:
    block = PYTHON[number]
    if "pyspark" in block:
        request.getfixturevalue("spark")  # getOrCreate in the block then finds the session of the suite,
        block = block.replace(
            "labelled.parquet", str(folder / "labelled.parquet")
        )  # which keeps its first folder
    names: dict[str, Any] = {}
    exec(compile(block, f"warehouse.md block {number}", "exec"), names)
    check(rows_of(names["table"]), rows_of(measure(labelled, **OPTIONS)))


@pytest.mark.parametrize("block", SHELL)
def test_a_command_line_runs(block: str, folder: Path, labelled: pd.DataFrame) -> None:
    for line in block.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "feedback-nlp"
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
    written = pd.read_csv(folder / "kpis.csv", encoding="utf-8-sig")
    expected = measure(labelled, **OPTIONS)
    assert written["complaint_rate"].tolist() == pytest.approx(expected["complaint_rate"].tolist())


def test_the_page_shows_every_engine() -> None:
    for engine in ("pandas", "polars", "scan_parquet", "pyarrow", "duckdb", "measure_parquet", "pyspark"):
        assert any(engine in block for block in PYTHON), engine
    assert len(SHELL) == 1
