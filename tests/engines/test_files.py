"""What is written can be read back, with the same types, in every format."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from feedback_nlp import records
from feedback_nlp.engines import files
from feedback_nlp.errors import FormatError, InputError, UsageError

COLUMNS = (*records.INPUT_COLUMNS, *records.label_columns(["price"]))


def labelled() -> pd.DataFrame:
    values = {
        "id": ["1", "2"],
        "source": ["a.csv", "a.csv"],
        "row": [1, 2],
        "text": ["送得快,\n包装好👍", None],
        "created_at": [datetime(2026, 3, 1, 17, 30, tzinfo=timezone.utc), None],
        "day": [date(2026, 3, 2), None],
        "rating": [4.5, None],
        "complaint": [False, None],
        "topic_price": [-1, None],
        "p_negative": [0.25, None],
    }
    return records.conform(pd.DataFrame(values, dtype="object"), COLUMNS)


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl", "xlsx"])
def test_written_frames_read_back_equal(ending: str, tmp_path: Path) -> None:
    frame = labelled()
    path = tmp_path / f"out.{ending}"
    assert files.write([frame, frame], path) == 4
    back = pd.concat(list(files.read(path)), ignore_index=True)
    expected = pd.concat([frame, frame], ignore_index=True)
    pd.testing.assert_frame_equal(back[list(expected.columns)], expected, check_exact=False)


def test_csv_opens_in_excel_and_runs_no_formula(tmp_path: Path) -> None:
    frame = records.conform(pd.DataFrame({"text": ["=HYPERLINK('x')", "@me", "fine"]}))
    path = tmp_path / "out.csv"
    files.write([frame], path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert pd.concat(files.read(path))["text"].tolist() == ["'=HYPERLINK('x')", "'@me", "fine"]


def test_an_excel_cell_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "out.xlsx"
    files.write([records.conform(pd.DataFrame({"text": ["=1+1"]}))], path)
    sheet = load_workbook(path).active
    cell = next(cell for cell in sheet[2] if cell.value is not None)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_column_kept_under_a_dangerous_name_runs_no_formula(tmp_path: Path, ending: str) -> None:
    from openpyxl import load_workbook

    path = tmp_path / f"out{ending}"
    files.write([records.conform(pd.DataFrame({"text": ["fine"], "=1+1": ["a"]}))], path)
    if ending == ".csv":
        assert "'=1+1" in path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    else:
        header = next(load_workbook(path).active.rows)  # type: ignore[union-attr]
        assert {cell.data_type for cell in header} == {"s"}


def test_nothing_read_still_writes_a_file_with_columns(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    files.write([], path)
    assert sum(len(frame) for frame in files.read(path)) == 0


def test_wrong_endings_missing_and_damaged_files_are_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.docx.*\.parquet, \.csv"):
        files.write([labelled()], tmp_path / "out.docx")
    with pytest.raises(InputError, match="no file"):
        files.read(tmp_path / "none.csv")
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(b"PAR1 not really")
    with pytest.raises(FormatError, match="damaged"):
        list(files.read(damaged))


def test_batches_keep_declared_types_whatever_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    files.write([labelled().iloc[[1]]], path)
    (frame,) = files.read(path)
    assert frame["rating"].dtype == pd.ArrowDtype(pa.float64())
    assert frame["topic_price"].dtype == pd.ArrowDtype(pa.int8())
