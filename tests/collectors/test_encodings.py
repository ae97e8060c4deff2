"""Encodings: found over the whole file, decoded as a stream, what does not fit counted."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.collectors import encodings
from feedback_nlp.errors import UsageError

SIMPLIFIED = "用户,评论内容,评分\n张三,质量很好，下次还会来买,5\n李四,物流太慢了，客服也不回复,1\n"
TRADITIONAL = "用戶,評論內容,評分\n張三,質量很好，下次還會來買,5\n李四,物流太慢了，客服也不回覆,1\n"
WESTERN = "name,text,stars\nJosé,très bon café,5\nZoë,naïve and “smart”,1\n"
SHOP = "商品名稱,評價日期,評價內容\n某商品,2024/03/01,品質很好，出貨速度快，會再回購\n某商品,2024/03/02,包裝破損，客服態度很差，要求退貨\n"
ENGLISH = "name,text,stars\nAnn,arrived early,5\nBob,broke in a week,1\n"


def found(data: bytes) -> str:
    return encodings.detect(lambda: io.BytesIO(data))


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, Counter[str]]:
    repairs: Counter[str] = Counter()
    text = "".join(encodings.blocks(io.BytesIO(data), encoding or found(data), repairs))
    return text, repairs


@pytest.mark.parametrize("times", [1, 40, 9000])
@pytest.mark.parametrize(
    ("text", "written", "name"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (SHOP, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (WESTERN, "cp1252", "cp1252"),
        (ENGLISH, "ascii", "utf-8"),
    ],
)
def test_each_encoding_is_found_and_read_back(text: str, written: str, name: str, times: int) -> None:
    data = (text * times).encode(written)
    assert found(data) == name
    assert decoded(data) == (text * times, Counter())


def test_chinese_far_down_an_ascii_file_is_found() -> None:
    data = ENGLISH.encode() * 40_000 + SIMPLIFIED.encode("gb18030")
    assert found(data) == "gb18030"
    assert decoded(data)[0].endswith(SIMPLIFIED)


@pytest.mark.parametrize(("written", "name"), [("utf-8", "utf-8"), ("gb18030", "gb18030")])
def test_a_few_bad_bytes_are_replaced_and_counted(written: str, name: str) -> None:
    lines = (SIMPLIFIED * 50).encode(written).split(b"\n")
    lines[7] += b"\xff"
    lines[60] = b"\xff" + lines[60]
    text, repairs = decoded(b"\n".join(lines))
    assert found(b"\n".join(lines)) == name
    assert repairs["undecodable_bytes"] == text.count("\ufffd") == 2
    assert text.replace("\ufffd", "") == SIMPLIFIED * 50


def test_a_file_cut_inside_a_character_is_still_utf8() -> None:
    data = SIMPLIFIED.encode()[:-20]
    assert found(data[:-1]) == "utf-8"


def test_a_replacement_character_already_in_the_dump_is_no_repair() -> None:
    data = "text\n坏\ufffd了\n".encode()
    assert decoded(data) == ("text\n坏\ufffd了\n", Counter())


def test_lines_of_two_encodings_are_each_read_in_their_own() -> None:
    text, repairs = decoded(SIMPLIFIED.encode() * 20 + SIMPLIFIED.encode("gb18030") * 5)
    assert text == SIMPLIFIED * 25
    assert repairs == {"lines_in_other_encoding": 15}


def test_one_western_line_in_a_utf8_file_keeps_its_accents() -> None:
    text, _ = decoded(SIMPLIFIED.encode() * 20 + "José,café,5\n".encode("cp1252"))
    assert text.endswith("José,café,5\n")


def test_a_line_longer_than_any_piece_is_decoded_whole() -> None:
    text = "id,text\n1," + "很好" * 400_000 + "\n"
    for written in ("utf-8", "gb18030", "utf-16"):
        assert decoded(text.encode(written)) == (text, Counter())


def test_the_encoding_asked_for_wins_and_is_written_down(table_of: Callable[..., Any]) -> None:
    opened = table_of("text\nŁódź, źle\n".encode("cp1250"), encoding="cp1250")
    assert opened.entry.encoding == "cp1250"
    assert opened.rows == [{"text": "Łódź, źle"}]


@pytest.mark.parametrize("name", ["klingon", "base64", ""])
def test_an_unknown_encoding_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match="unknown encoding"):
        encodings.codec(name)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_without_an_error(data: bytes) -> None:
    text, _ = decoded(data)
    assert isinstance(text, str)


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_utf8_is_never_taken_for_something_else(text: str) -> None:
    data = ("评论内容\n" + text.replace("\0", "")).encode()
    assert decoded(data) == ("评论内容\n" + text.replace("\0", ""), Counter())
