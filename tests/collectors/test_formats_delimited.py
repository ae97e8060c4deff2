"""Delimited text: dialects, headers, quotes, ragged rows, long lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback_nlp.collectors.formats import lines
from feedback_nlp.errors import FormatError, InputError, UsageError

TableOf = Callable[..., Any]


def values(opened: Any) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in opened.rows]


@pytest.mark.parametrize(
    "dump",
    [
        'id,text,n\n1,"a, b",5\n2,c,4\n',
        'id;text;n\n1;"a, b";5\n2;c;4\n',
        'sep=;\nid;text;n\n1;"a, b";5\n2;c;4\n',
        "id\ttext\tn\n1\ta, b\t5\n2\tc\t4\n",
        "id|text|n\n1|a, b|5\n2|c|4\n",
        'id,text,n\r\n1,"a, b",5\r\n2,c,4\r\n',
        'id,text,n\r1,"a, b",5\r2,c,4\r',
        'id, text, n\n1, "a, b", 5\n2, "c", 4\n',
        '\ufeffid,text,n\n\n1,"a, b",5\n\n\n2,c,4\n\n',
        'id,text,n\n1,"a, b",5\n2,c,4\n\0\0\0',
    ],
)
def test_every_dialect_gives_the_same_table(table_of: TableOf, dump: str) -> None:
    opened = table_of(dump)
    assert opened.columns == ("id", "text", "n")
    assert values(opened) == [("1", "a, b", "5"), ("2", "c", "4")]
    assert opened.entry.read == 2


def test_excel_unicode_text_is_read(table_of: TableOf) -> None:
    opened = table_of('用户\t评论\n张三\t很好，"真的"\n'.encode("utf-16"), "dump.csv")
    assert opened.rows == [{"用户": "张三", "评论": '很好，"真的"'}]


def test_the_delimiter_asked_for_wins(table_of: TableOf) -> None:
    assert table_of("text~stars\ngood~2\n", delimiter="~").rows == [{"text": "good", "stars": "2"}]
    with pytest.raises(UsageError, match="one character"):
        table_of("a\n1\n", delimiter="::")


@pytest.mark.parametrize(
    ("dump", "columns", "rows"),
    [
        (
            "导出报表\n时间：2024-05-01\n\n用户,评论内容,评分\n张,好,5\n李,差,1\n",
            ("用户", "评论内容", "评分"),
            2,
        ),
        ("2024-01-01,好吃,5\n2024-01-02,难吃,1\n", ("column_1", "column_2", "column_3"), 2),
        ("text,text,,id\na,b,c,1\nd,e,f,2\n", ("text", "text_2", "column_3", "id"), 2),
        ("评论内容\n好吃\n难吃，不会再来\n", ("评论内容",), 2),
        ("好吃\n难吃，不会再来\n还行\n", ("column_1",), 3),
        ("内容很好，下次再来\n包装破了\n", ("column_1",), 2),
        ("id,text,stars\n", ("id", "text", "stars"), 0),
        ("text,stars\n0,good stuff it is,4\n1,bad stuff it is,2\n", ("column_1", "text", "stars"), 2),
    ],
)
def test_the_header_is_found(table_of: TableOf, dump: str, columns: tuple[str, ...], rows: int) -> None:
    opened = table_of(dump)
    assert opened.columns == columns
    assert len(opened.rows) == opened.entry.read == rows


def test_a_preamble_and_missing_names_are_noted(table_of: TableOf) -> None:
    notes = " ".join(table_of("报表\n\n用户,评论内容,\n张,好,x\n李,差,y\n").entry.notes)
    assert "1 line above the header" in notes
    assert "column 3 has no name" in notes


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('1,"he said "wow, nice" to me",5', ("1", 'he said "wow, nice" to me', "5")),
        ('1,"never closed,5', ("1", "never closed", "5")),
        ('1,"never closed', ("1", "never closed", None)),
        ('1,5" screen is small,5', ("1", '5" screen is small', "5")),
        ('1,"closed" late,5', ("1", '"closed" late', "5")),
        ('1,"spaced" ,5', ("1", "spaced", "5")),
        ('1,"two\nlines, ""quoted""",5', ("1", 'two\nlines, "quoted"', "5")),
        ("1,not, quoted, at all,5", ("1", "not, quoted, at all", "5")),
        ("1,fine,5,,,", ("1", "fine", "5")),
        ("1", ("1", None, None)),
    ],
)
def test_a_faulty_row_costs_no_other(table_of: TableOf, line: str, row: tuple[str | None, ...]) -> None:
    good = [(str(number), f"good comment number {number}, really", "4") for number in range(10, 30)]
    body = "\n".join(f'{a},"{b}",{c}' for a, b, c in good)
    opened = table_of(f"id,text,stars\n{body}\n{line}\n{body}\n")
    found = values(opened)
    assert found[:20] == found[21:] == good
    assert tuple((cell or "").strip('"') or None for cell in found[20]) == tuple(
        (cell or "").strip('"') or None for cell in row
    )
    assert opened.adds_up


def test_an_open_quote_does_not_swallow_the_file(table_of: TableOf) -> None:
    rows = "".join(f"{number},plain text,{number % 5}\n" for number in range(5000))
    opened = table_of(f'id,text,stars\n{rows}9,"open,3\n{rows}')
    assert len(opened.rows) == 10_001
    assert opened.entry.repairs["broken_quotes"] == 1


def test_lines_wrapped_into_one_cell_are_unwrapped(table_of: TableOf) -> None:
    opened = table_of(
        "name,location,Rating,Review;;;\n"
        '"Ann,""Town, TX"",5,""Warm, kind and """"quick"""" staff""";;;\n'
        "Bob,Austin,1,cold coffee;;;\n"
        '"Cy,""Mill, WA"",2,""Long wait; rude""";;;\n'
    )
    assert opened.columns == ("name", "location", "Rating", "Review")
    assert values(opened) == [
        ("Ann", "Town, TX", "5", 'Warm, kind and "quick" staff'),
        ("Bob", "Austin", "1", "cold coffee"),
        ("Cy", "Mill, WA", "2", "Long wait; rude"),
    ]


def test_backslash_escapes_are_understood(table_of: TableOf) -> None:
    opened = table_of('id,text\n1,"said \\"hi\\", left"\n2,"and \\"bye\\" too"\n')
    assert opened.column("text") == ['said "hi", left', 'and "bye" too']


def test_cells_lost_at_the_left_are_put_back_under_their_columns(table_of: TableOf) -> None:
    good = "".join(f"{n},{n % 5},a long enough comment number {n},2024-01-0{n % 9 + 1}\n" for n in range(40))
    opened = table_of(f"id,stars,text,date\n{good}and so the comment ends here,2024-02-01\n")
    assert values(opened)[-1] == (None, None, "and so the comment ends here", "2024-02-01")
    assert opened.entry.repairs["short_rows_moved"] == 1


def test_a_line_beyond_the_limit_is_one_reject(table_of: TableOf, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * (lines.MAX_LINE + 10)
    opened = table_of(f"id,text,n\n1,a,5\n2,{long},5\n3,b,5\n")
    assert [row["id"] for row in opened.rows] == ["1", "3"]
    assert opened.numbers == [1, 3]
    assert opened.entry.rejected == {"line_too_long": 1}


def test_cells_are_repaired_and_damage_noted(table_of: TableOf) -> None:
    dump = "id,text,n\n5.70306E+17,a\0b\x07c,5\n5.70301E+17,itâ€™s good,4\n3,很好😀[赞],3\n"
    opened = table_of(dump)
    assert opened.column("text") == ["abc", "it’s good", "很好😀[赞]"]
    assert opened.entry.repairs["mojibake_cells"] == 1
    assert opened.entry.repairs["rounded_numbers"] == 2
    assert any("rounded" in note for note in opened.entry.notes)


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", InputError, "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", InputError, "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), FormatError, "PNG image"),
        (b"%PDF-1.7 \0" + bytes(200), FormatError, "a PDF"),
        (bytes(range(256)) * 40, FormatError, "not text"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    table_of: TableOf, data: bytes, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        table_of(data)


CELL = st.text(st.sampled_from('ab好，,;"\n\t 1.'), max_size=12)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12))
def test_what_csv_writes_is_read_back(table_of: TableOf, rows: list[tuple[str, str, str]]) -> None:
    sink = io.StringIO()
    writer = csv.writer(sink, quoting=csv.QUOTE_ALL)
    writer.writerow(["user_id", "comment", "rating"])
    writer.writerows(rows)
    opened = table_of(sink.getvalue(), delimiter=",", chunk_rows=5)
    wanted = [tuple(cell.replace("\r", "") or None for cell in row) for row in rows]
    assert values(opened) == wanted
    assert opened.numbers == list(range(1, len(rows) + 1))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('a好,;"\\\n\r\t\0 5{}[]'), max_size=200), st.integers(1, 7))
def test_no_row_is_lost_whatever_the_faults(table_of: TableOf, tail: str, chunk_rows: int) -> None:
    opened = table_of(f"id,text,n\n1,good,5\n{tail}", chunk_rows=chunk_rows)
    assert opened.adds_up
    kept = "".join(cell or "" for row in opened.rows for cell in row.values())
    assert kept.count("好") + sum(map(str.count, opened.columns, "好" * len(opened.columns))) == tail.count(
        "好"
    )
