"""Workbooks, Parquet and HTML tables."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from feedback_nlp.errors import FormatError, InputError

xlwt = pytest.importorskip("xlwt", reason="xlwt writes the old workbooks")
TableOf = Callable[..., Any]

WHEN = dt.datetime(2024, 5, 1, 10, 30)
DAY = dt.datetime(2024, 5, 2)
TABLE = [
    ["编号", "评论内容", "评分", "时间"],
    [1, "物流很快", 5, WHEN],
    [2, "包装破了\n退货", 1.5, DAY],
    [3, None, None, None],
]
ROWS = [
    ("1", "物流很快", "5", "2024-05-01T10:30:00"),
    ("2", "包装破了\n退货", "1.5", "2024-05-02"),
    ("3", None, None, None),
]


def values(opened: Any) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in opened.rows]


def xlsx(rows: list[list[Any]], *, top: int = 0, left: int = 0, far: bool = False) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet("评论")
        for number, row in enumerate(rows):
            sheet.write_row(number + top, left, row)
        if far:
            sheet.write(1_048_575, 16_383, "x")
    return sink.getvalue()


def xls(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("评论")
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write(
                number, place, value, style if isinstance(value, dt.datetime) else xlwt.Style.default_style
            )
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


@pytest.mark.parametrize("name", ["dump.xlsx", "dump.xls", "dump.csv"])
@pytest.mark.parametrize("make", [xlsx, xls])
def test_both_workbooks_give_the_same_table_under_any_name(
    table_of: TableOf, make: Callable[[Any], bytes], name: str
) -> None:
    opened = table_of(make(TABLE), name)
    assert opened.columns == tuple(TABLE[0])
    assert values(opened) == ROWS
    assert opened.entry.repairs == {}


def test_a_table_away_from_the_corner_under_a_preamble_is_found(table_of: TableOf) -> None:
    rows = [["某应用_评论详情"], ["导出说明，共两条"], *TABLE[:2], [], TABLE[2]]
    opened = table_of(xlsx(rows, top=1, left=2), "dump.xlsx")
    assert values(opened) == ROWS[:2]
    assert "2 lines above the header left out" in opened.entry.notes


def test_a_cell_in_the_far_corner_takes_no_memory(table_of: TableOf) -> None:
    opened = table_of(xlsx(TABLE, far=True), "dump.xlsx")
    assert values(opened)[:2] == ROWS[:2]
    assert opened.adds_up


def test_a_large_number_in_a_cell_is_noted_as_rounded(table_of: TableOf) -> None:
    opened = table_of(xlsx([["id", "text"], [123456789012345678901, "a"], [7, "b"]]), "dump.xlsx")
    assert opened.column("id") == ["1.234567890123457E+20", "7"] or opened.column("id")[0].startswith(
        "1.2345678901234"
    )
    assert opened.entry.repairs["rounded_numbers"] == 1


@pytest.mark.parametrize("make", [xlsx, xls])
def test_a_cut_workbook_is_refused(table_of: TableOf, make: Callable[[Any], bytes]) -> None:
    data = make(TABLE * 50)
    with pytest.raises(FormatError, match="cut or damaged"):
        table_of(data[: len(data) // 2], "dump.xlsx")


def test_a_locked_workbook_says_so(table_of: TableOf) -> None:
    data = xls(TABLE).ljust(9000, b"\0") + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(FormatError, match="locked with a password"):
        table_of(data, "dump.xlsx")


def test_an_empty_workbook_is_an_input_error(table_of: TableOf) -> None:
    with pytest.raises(InputError, match="no sheet with a table"):
        table_of(xlsx([]), "dump.xlsx")


def test_a_word_document_is_refused(table_of: TableOf) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(FormatError, match="Word or PowerPoint document"):
        table_of(sink.getvalue(), "dump.docx")


def test_hidden_sheets_are_left_alone(table_of: TableOf) -> None:
    book = openpyxl.Workbook()
    for row in TABLE[:2]:
        book.active.append(row)
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "hidden"
    for row in TABLE:
        hidden.append(row)
    sink = io.BytesIO()
    book.save(sink)
    assert len(table_of(sink.getvalue(), "dump.xlsx").rows) == 1


def parquet(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def test_parquet_of_many_types(table_of: TableOf) -> None:
    table = pa.table(
        {
            "id": pa.array([1, None, 2**60], pa.int64()),
            "text": pa.array(["好", None, ""]).dictionary_encode(),
            "score": pa.array([4.0, float("nan"), 2.5]),
            "at": pa.array([WHEN, None, DAY], pa.timestamp("ns", tz="Asia/Shanghai")),
            "who": pa.array([{"name": "张", "ip": {"city": "京"}}, None, {"name": None, "ip": None}]),
            "tags": pa.array([["a", "b"], [], None]),
            "ok": pa.array([True, False, None]),
        }
    )
    opened = table_of(parquet(table), "dump.bin", chunk_rows=2)
    assert opened.columns == ("id", "text", "score", "at", "who.name", "who.ip.city", "tags", "ok")
    assert values(opened) == [
        ("1", "好", "4", "2024-05-01T18:30:00+08:00", "张", "京", "a, b", "true"),
        (None, None, None, None, None, None, None, "false"),
        (str(2**60), None, "2.5", "2024-05-02T08:00:00+08:00", None, None, None, None),
    ]
    assert opened.numbers == [1, 2, 3]


def test_a_cut_parquet_is_refused_and_a_damaged_page_is_one_reject(table_of: TableOf) -> None:
    data = parquet(
        pa.table({"text": [f"评论{n}" for n in range(4000)]}),
        row_group_size=1000, compression="none", use_dictionary=False, write_page_checksum=True,
    )  # fmt: skip
    with pytest.raises(FormatError, match="cut or damaged"):
        table_of(data[:-20], "dump.parquet")
    place = data.index("评论2500".encode())
    opened = table_of(data[:place] + b"\xff\xff\xff" + data[place + 3 :], "dump.parquet", chunk_rows=500)
    assert opened.entry.rejected == {"damaged_row_group": 1}
    assert len(opened.rows) >= 1000
    assert opened.adds_up


@pytest.mark.parametrize("written", ["utf-8", "gb18030", "utf-16"])
def test_a_html_table_saved_as_xls_is_read(table_of: TableOf, written: str) -> None:
    page = (
        "<html><head><style>td {color: red}</style></head><body><TABLE>"
        "<tr><th>评论内容</th><th>评分</th></tr>"
        "<tr><td>味道&amp;服务<br/>都好</td><td>5</td></tr><!-- x --><tr><td>差<td>1</tr></TABLE></body></html>"
    )
    opened = table_of(page.encode(written), "dump.xls")
    assert opened.columns == ("评论内容", "评分")
    assert values(opened) == [("味道&服务\n都好", "5"), ("差", "1")]


def test_an_xml_spreadsheet_with_left_out_cells_is_read(table_of: TableOf) -> None:
    cell = '<Cell{}><Data ss:Type="String">{}</Data></Cell>'
    rows = (("", "评论内容"), ("", "用户"), ("", "评分")), (("", "好"), (' ss:Index="3"', "5"))
    body = "".join(f"<Row>{''.join(cell.format(*pair) for pair in row)}</Row>" for row in rows)
    page = (
        f'<?xml version="1.0"?><Workbook xmlns:ss="x"><Worksheet><Table>{body}</Table></Worksheet></Workbook>'
    )
    assert values(table_of(page, "dump.xls")) == [("好", None, "5")]
