"""Inputs to sources: names, folders, patterns, packed files, sheets, frames."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter
import zstandard

from feedback_nlp.collectors import archives
from feedback_nlp.collectors.sources import expand
from feedback_nlp.errors import FormatError, InputError

CSV = "id,content\n1,物流很快\n2,包装破了\n"
ROWS = [{"id": "1", "content": "物流很快"}, {"id": "2", "content": "包装破了"}]


def names(inputs: Any, folder: Path) -> list[str]:
    return [source.name.replace(f"{folder}/", "") for source in expand(inputs)]


def test_a_folder_gives_its_tables_in_order_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.csv", "a.CSV", "sub/c.jsonl", ".hidden.csv", "~$lock.xlsx", "note.md", "photo.png"):
        (tmp_path / name).write_text(CSV, encoding="utf-8")
    assert names(tmp_path, tmp_path) == ["a.CSV", "b.csv", "sub/c.jsonl"]


def test_results_among_dumps_are_no_dumps(tmp_path: Path) -> None:
    dump = "text\nbroke in a week\n"
    (tmp_path / "a.csv").write_text(dump)
    (tmp_path / "kpis.csv").write_text(dump)
    out = tmp_path / "out"
    out.mkdir()
    for name in ("labelled.parquet", "ledger.json", "kpis.csv", "rejects.jsonl", "report.html"):
        (out / name).write_text(dump)
    (tmp_path / "b.csv.work").mkdir()
    (tmp_path / "b.csv.work" / "read.parquet").write_text(dump)
    assert [Path(source.name).name for source in expand(tmp_path)] == ["a.csv", "kpis.csv"]


def test_a_pattern_and_a_repeated_file_give_each_file_once(tmp_path: Path) -> None:
    for name in ("1.csv", "2.csv", "3.txt"):
        (tmp_path / name).write_text(CSV, encoding="utf-8")
    assert names([str(tmp_path / "*.csv"), tmp_path / "2.csv"], tmp_path) == ["1.csv", "2.csv"]


@pytest.mark.parametrize(
    ("given", "said"),
    [("none.csv", "no such file"), ("*.none", "no file matches"), ("empty", "no table in folder")],
)
def test_what_is_not_there_is_named(tmp_path: Path, given: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "beside.csv").write_text(CSV, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        expand(str(tmp_path / given))


def test_nothing_given_and_an_unknown_object_are_errors() -> None:
    with pytest.raises(InputError, match="no input given"):
        expand([])
    with pytest.raises(InputError, match="cannot read a int"):
        expand(5)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("dump.csv.gz", gzip.compress),
        ("dump.csv.zst", zstandard.compress),
        ("dump.csv", gzip.compress),
        ("dump.csv.gz", lambda data: gzip.compress(gzip.compress(data))),
    ],
)
def test_packed_files_are_unpacked_by_content(
    table_of: Callable[..., Any], name: str, pack: Callable[[bytes], bytes]
) -> None:
    assert table_of(pack(CSV.encode()), name).rows == ROWS


def zipped(members: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return sink.getvalue()


def test_each_table_in_a_zip_is_a_source(tmp_path: Path, table_of: Callable[..., Any]) -> None:
    path = tmp_path / "dumps.zip"
    path.write_bytes(zipped({"一/评论.csv": CSV.encode(), "__MACOSX/._x.csv": b"x", "read.me": b"x"}))
    assert names(path, tmp_path) == ["dumps.zip!一/评论.csv"]
    assert table_of(path).rows == ROWS


def test_names_in_a_chinese_code_page_are_read(tmp_path: Path) -> None:
    # Chinese Windows writes the code page's bytes and no flag for UTF-8; Python's writer cannot, so it is patched in.
    path = tmp_path / "dumps.zip"
    path.write_bytes(
        zipped({"12345678.csv": CSV.encode()}).replace(b"12345678", "评论导出".encode("gb18030"))
    )
    assert names(path, tmp_path) == ["dumps.zip!评论导出.csv"]


def test_a_cut_gzip_and_a_cut_zip_are_refused(table_of: Callable[..., Any]) -> None:
    with pytest.raises(FormatError, match="cut or damaged"):
        table_of(gzip.compress(CSV.encode() * 99)[:-30], "dump.csv.gz")
    with pytest.raises(FormatError, match="cut or damaged"):
        table_of(zipped({"a.csv": CSV.encode()})[:-30], "dump.zip")


def test_a_bomb_is_refused(table_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    with pytest.raises(InputError, match="zip bomb"):
        table_of(gzip.compress(b"a,b\n" * (1 << 20)), "dump.csv.gz")


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as writer:
        for title, rows in sheets.items():
            sheet = writer.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return sink.getvalue()


def test_each_sheet_with_a_table_is_a_source(tmp_path: Path, table_of: Callable[..., Any]) -> None:
    head, row = ["评论内容", "评分"], ["很好", 5]
    path = tmp_path / "book.xlsx"
    path.write_bytes(book({"酒店": [head, row], "景区": [head, row, row], "草稿": [["很好"]], "空": []}))
    assert names(path, tmp_path) == ["book.xlsx#酒店", "book.xlsx#景区"]
    assert "草稿" in expand(path)[0].notes[0]
    assert len(table_of([f"{path}#景区"]).rows) == 2
    with pytest.raises(InputError, match="no sheet '不在'"):
        table_of([f"{path}#不在"])


def test_standard_input_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(CSV.encode()))))
    (source,) = expand("-")
    assert source.name == "stdin"
    with source.open() as first, source.open() as second:
        assert first.read() == second.read() == CSV.encode()


def test_empty_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InputError, match="standard input is empty"):
        expand("-")


DATA = {"id": [1, 2, 3], "text": ["好", None, "bad"], "score": [1.0, float("nan"), 2.5]}


@pytest.mark.parametrize(
    "make",
    [
        pd.DataFrame,
        lambda data: pd.DataFrame(data).convert_dtypes(),
        pl.DataFrame,
        lambda data: pl.DataFrame(data).lazy(),
        pa.table,
        lambda data: duckdb.from_arrow(pa.table(data)),
    ],
    ids=["pandas", "pandas-nullable", "polars", "polars-lazy", "pyarrow", "duckdb"],
)
@pytest.mark.parametrize("chunk_rows", [1, 100])
def test_frames_of_every_kind_give_the_same_table(
    table_of: Callable[..., Any], make: Callable[[Any], Any], chunk_rows: int
) -> None:
    opened = table_of(make(DATA), chunk_rows=chunk_rows)
    assert opened.columns == ("id", "text", "score")
    assert [tuple(row.values()) for row in opened.rows] == [
        ("1", "好", "1"),
        ("2", None, None),
        ("3", "bad", "2.5"),
    ]
    assert opened.numbers == [1, 2, 3]
    assert opened.adds_up


def test_a_pandas_frame_of_mixed_cells_and_repeated_names_is_read(table_of: Callable[..., Any]) -> None:
    frame = pd.DataFrame([[1, "x", pd.Timestamp("2024-05-01 10:00", tz="UTC")], ["a", 2.0, pd.NaT]])
    frame.columns = ["a", "a", "t"]
    before = frame.copy()
    opened = table_of(frame)
    assert opened.columns == ("a", "a_2", "t")
    assert [tuple(row.values()) for row in opened.rows] == [
        ("1", "x", "2024-05-01T10:00:00+00:00"),
        ("a", "2", None),
    ]
    pd.testing.assert_frame_equal(frame, before)
