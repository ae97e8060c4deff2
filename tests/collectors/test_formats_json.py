"""JSON and JSON Lines: shapes, nesting, faults, cuts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import FormatError

TableOf = Callable[..., Any]
RECORDS = [{"text": "好", "stars": 5}, {"text": "bad, really", "stars": 1}]
ROWS = [("好", "5"), ("bad, really", "1")]
COLUMNAR = {"text": {"0": "好", "1": "bad, really"}, "stars": {"0": 5, "1": 1}}


def values(opened: Any, *names: str) -> list[tuple[str | None, ...]]:
    return [tuple(row[name] for name in names or opened.columns) for row in opened.rows]


@pytest.mark.parametrize(
    "shape",
    [
        RECORDS,
        {"data": RECORDS},
        {"code": 0, "msg": "ok", "data": {"page": 1, "list": RECORDS, "tags": [{"t": 1}]}},
        {"review0": RECORDS[0], "review1": RECORDS[1]},
        COLUMNAR,
        {"text": ["好", "bad, really"], "stars": [5, 1]},
        {"columns": ["text", "stars"], "index": [0, 1], "data": [["好", 5], ["bad, really", 1]]},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["dump.json", "dump.txt", "dump.csv"])
def test_every_shape_gives_the_same_rows(
    table_of: TableOf, shape: Any, indent: int | None, name: str
) -> None:
    opened = table_of(json.dumps(shape, indent=indent, ensure_ascii=indent is None), name)
    assert values(opened, "text", "stars") == ROWS
    assert opened.entry.read == 2


@pytest.mark.parametrize("joint", ["\n", "", " ", ",\n", "\r\n\r\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_records_one_after_another(table_of: TableOf, joint: str, indent: int | None) -> None:
    dump = joint.join(json.dumps(record, indent=indent) for record in RECORDS)
    assert values(table_of("\ufeff" + dump, "dump.json")) == ROWS


def test_a_large_file_of_each_shape_is_read_as_a_stream(table_of: TableOf) -> None:
    many = [{"text": f"评论{n}" * 20, "stars": n % 5} for n in range(12_000)]
    for shape in (
        many,
        {"a": 1, "data": {"list": many}, "z": 2},
        {f"r{n}": row for n, row in enumerate(many)},
    ):
        opened = table_of(json.dumps(shape), "dump.json")
        assert opened.column("text") == [row["text"] for row in many]
        assert opened.entry.rejected.total() == 0


def test_a_page_of_a_shop_wrapped_in_a_call_is_read(table_of: TableOf) -> None:
    dump = 'fetchJSON_comment98({"comments":[{"content":"好"},{"content":"坏"}],"score":{"good":5}});'
    assert table_of(dump.encode("gb18030"), "dump.json").column("content") == ["好", "坏"]


def test_an_archive_that_assigns_its_json_is_read(table_of: TableOf) -> None:
    dump = 'window.YTD.tweets.part0 = [{"tweet": {"full_text": "late again"}}, {"tweet": {"full_text": "thanks"}}];'
    assert table_of(dump.encode(), "tweets.js").column("tweet.full_text") == ["late again", "thanks"]


def test_nested_values_and_numbers(table_of: TableOf) -> None:
    record = {
        "id": 12345678901234567890, "half": 2.50, "whole": 5.0, "yes": True, "none": None, "empty": "", "list": [1, "a", None],
        "style": {"Size:": "L", "deep": {"x": 1}}, "images": [{"u": "a"}], "seen": {"r0": {"t": 1}, "r1": {"t": 2}},
    }  # fmt: skip
    (row,) = table_of(json.dumps([record]), "dump.json").rows
    assert row == {
        "id": "12345678901234567890", "half": "2.5", "whole": "5", "yes": "true", "none": None, "empty": None, "list": "1, a",
        "style.Size:": "L", "style.deep.x": "1", "images": '[{"u": "a"}]', "seen": '{"r0": {"t": 1}, "r1": {"t": 2}}',
    }  # fmt: skip


@pytest.mark.parametrize("head", ["[", '{"data": [', ""])
def test_rows_before_a_cut_are_kept_and_the_cut_is_one_reject(table_of: TableOf, head: str) -> None:
    many = ",\n".join(json.dumps({"text": f"comment {n}", "stars": n}) for n in range(100))
    opened = table_of((head + many)[:-15], "dump.json")
    assert len(opened.rows) == 99
    assert opened.entry.read == 100
    assert opened.entry.rejected.total() == 1


@pytest.mark.parametrize(
    "broken",
    [
        '{"text": "x" "stars": 1}',
        '{"text": x, "tags": [{"a": 1}, {"a": 2}]}',
        '{"text": "x", "stars": }',
        '{"text": "un"quoted", "stars": 2}',
        '{"text": "x", "stars": [1, 2}',
        '{"text": "x", "stars": 2',
        "null",
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_broken_record_costs_only_itself(table_of: TableOf, broken: str, indent: int | None) -> None:
    good = [json.dumps({"text": f"comment {n}", "stars": n}, indent=indent) for n in range(40)]
    opened = table_of("[" + ",\n".join([*good[:20], broken, *good[20:]]) + "]", "dump.json")
    kept = [f"comment {n}" for n in range(40)]
    assert [text for text in opened.column("text") if text in kept] == kept
    assert opened.entry.rejected.total() == 1
    assert opened.adds_up


def test_lines_that_are_broken_are_rejected_each(table_of: TableOf) -> None:
    dump = '{"text": "a"}\n{"text": "b"\n\nnot json\n5\n{"text": "c"}{"text": "d"}\n["e"]\n{"tex'
    opened = table_of(dump, "dump.jsonl")
    assert [row["text"] for row in opened.rows] == ["a", "c", "d", None]
    assert opened.entry.rejected == {"broken_json": 3, "not_a_record": 1}
    assert opened.numbers == [1, 5, 6, 7]


def test_columns_that_come_late_are_noted(table_of: TableOf) -> None:
    dump = '{"text": "a"}\n' * 2500 + '{"text": "b", "late": 1}\n'
    opened = table_of(dump, "dump.jsonl")
    assert opened.columns == ("text",)
    assert opened.entry.repairs["cells_of_late_columns"] == 1
    assert any("late" in note for note in opened.entry.notes)


def test_depth_and_digits_without_end_are_rejects(table_of: TableOf) -> None:
    deep = '{"text":' * 30_000 + "1" + "}" * 30_000
    opened = table_of(f'[{{"text": 1}},{deep},{{"text": {"9" * 9000}}},{{"text": 2}}]', "dump.json")
    assert opened.column("text") == ["1", "2"]
    assert opened.entry.rejected == {"nested_too_deep": 1, "broken_json": 1}


def test_lone_surrogates_are_replaced(table_of: TableOf) -> None:
    opened = table_of('[{"text": "a\\ud83d"}, {"text": "\\ud83d\\ude00"}]', "dump.json")
    assert opened.column("text") == ["a\ufffd", "😀"]
    assert opened.entry.repairs["lone_surrogates"] == 1


@pytest.mark.parametrize("dump", ["[]", "[\n", '{"a"', "[{}]"])
def test_json_without_a_record_is_refused(table_of: TableOf, dump: str) -> None:
    with pytest.raises(FormatError, match="JSON without a record"):
        table_of(dump, "dump.json")


SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.floats(allow_nan=False))
RECORD = st.dictionaries(st.sampled_from(["a", "b", "c d", "评"]), SCALAR, min_size=1)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORD, min_size=1, max_size=8), st.data())
def test_lines_with_faults_add_up(table_of: TableOf, records: list[Any], data: st.DataObject) -> None:
    lines = [json.dumps(record) for record in records]
    bad = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=len(lines) - 1))
    faulty = [line[:-1] if number in bad else line for number, line in enumerate(lines)]
    opened = table_of("\n".join(faulty), "dump.jsonl", chunk_rows=3)
    assert opened.entry.read == len(lines)
    assert opened.entry.rejected.total() == len(bad)
    assert opened.adds_up
