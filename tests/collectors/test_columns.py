"""Columns: found by name, by content, by the caller; and what is said of the doubtful."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from feedback_nlp.collectors import Check, check
from feedback_nlp.collectors.headers import fold_header, match
from feedback_nlp.errors import NoTextColumn, UnknownName, UsageError

ZH = [
    "物流很快，包装完好",
    "质量一般，用了两天就坏了",
    "客服态度差，不会再来",
    "性价比高，值得推荐",
    "味道不错，就是排队太久",
    "电池不耐用，屏幕倒是清楚",
]
EN = [
    "Arrived on time and works",
    "Broke after two days, no answer from support",
    "Fair price but the strap is short",
    "Would buy again",
    "The app crashes at login",
    "Staff were kind and quick",
]
DAYS = [f"2024-05-0{day} 10:00" for day in range(1, 7)]


def headers_of(found: Check) -> dict[str, str]:
    return {column: str(one) for column, one in found.mapping.items()}


def notes_of(found: Check) -> str:
    return "\n".join(found.entry.notes)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Review Text", "reviewtext"),
        ("review_text", "reviewtext"),
        ("reviewText", "reviewtext"),
        ("評論內容", "评论内容"),
        ("评论内容 ", "评论内容"),
        ("Ｔｉｍｅ：", "time"),
        ("国家/地区", "国家地区"),
        ("Review Created (UTC)", "reviewcreatedutc"),
    ],
)
def test_headers_fold_to_one_form(name: str, folded: str) -> None:
    assert fold_header(name) == folded


def test_aliases_match_whole_names_before_last_parts_and_take_stars() -> None:
    assert match(["text"], ["snippet.text", "Text"]) == "Text"
    assert match(["text"], ["snippet.text", "id"]) == "snippet.text"
    assert (
        match(["*recommend*"], ["How likely are you to recommend us?"])
        == "How likely are you to recommend us?"
    )
    assert match(["text"], ["text"], taken=["text"]) is None


@pytest.mark.parametrize(
    "headers",
    [
        ("评论内容", "评论时间", "评分"),
        ("評價內容", "評論時間", "評分"),
        ("Review Text", "Review Date", "Star Rating"),
        ("comment_content", "created_at", "stars"),
        ("客户评价", "填写时间", "满意度"),
    ],
)
def test_common_names_are_found(headers: tuple[str, str, str]) -> None:
    frame = pd.DataFrame(dict(zip(headers, (ZH, DAYS, list("512345")), strict=True)))
    assert headers_of(check(frame)) == {"text": headers[0], "created_at": headers[1], "rating": headers[2]}


@pytest.mark.parametrize("texts", [ZH, EN])
def test_nameless_columns_are_found_by_content(texts: list[str]) -> None:
    frame = pd.DataFrame(
        {
            "c1": [f"{i}" for i in range(6)],
            "c2": ["https://a.example/1"] * 6,
            "c3": texts,
            "c4": DAYS,
            "c5": list("512345"),
            "c6": ["北京", "上海"] * 3,
        }
    )
    found = check(frame)
    assert headers_of(found) == {"text": "c3", "created_at": "c4", "rating": "c5"}
    assert {one.how for one in found.mapping.values()} == {"content"}
    assert all(0 < one.confidence < 1 and one.why for one in found.mapping.values())
    assert "text is taken from 'c3'" in notes_of(found)


def test_a_reply_of_the_shop_is_not_the_comment() -> None:
    reply = ["亲爱的顾客，感谢您一直以来的支持，我们会继续努力，欢迎再次光临！" + str(i) for i in range(6)]
    found = check(pd.DataFrame({"x": ZH, "商家回复": reply}))
    assert headers_of(found)["text"] == "x"


def test_several_text_columns_are_named() -> None:
    found = check(pd.DataFrame({"评论内容": ZH, "追加的话": [text + "，真的" for text in ZH]}))
    assert "评论内容 is taken as the comments; '追加的话' read like text too" in notes_of(found)


def test_a_filled_column_goes_before_an_empty_one() -> None:
    found = check(pd.DataFrame({"评论内容": [None] * 6, "评论": ZH}))
    assert headers_of(found)["text"] == "评论"


def test_a_count_named_like_the_comments_is_not_taken() -> None:
    found = check(pd.DataFrame({"评论": ["12", "3", "0", "7", "1", "2"], "说了什么": ZH}))
    assert headers_of(found)["text"] == "说了什么"
    assert "'评论'" in notes_of(found) or "评论 is named like text" in notes_of(found)


@pytest.mark.parametrize("values", [["0", "1"] * 3, ["-1", "0", "1"] * 2])
def test_labels_of_a_data_set_are_not_stars(values: list[str]) -> None:
    found = check(pd.DataFrame({"review": ZH, "score": values}))
    assert "rating" not in found.mapping
    assert "score is named like rating" in notes_of(found)


def test_counts_and_codes_are_not_stars() -> None:
    found = check(pd.DataFrame({"内容": ZH, "楼层数": list("123451"), "类别码": list("543211")}))
    assert "rating" not in found.mapping


def test_columns_shifted_beside_their_names_are_moved() -> None:
    frame = pd.DataFrame(
        {
            "brand": ["1", "2", "3", "4", "5", "6"],
            "car_model": ["星河"] * 6,
            "desc": ["S5"] * 6,
            "problem": ZH,
            "datetime": ["A1,B2"] * 6,
            "status": DAYS,
        }
    )
    found = check(frame, platform="car12365")
    assert headers_of(found)["text"] == "problem"
    assert headers_of(found)["created_at"] == "status"
    assert "1 column(s) to the right of their names" in notes_of(found)


def test_the_callers_mapping_wins() -> None:
    frame = pd.DataFrame({"content": EN, "other": ZH, "说明": DAYS})
    found = check(frame, columns={"text": "OTHER ", "created_at": "说明"})
    assert headers_of(found) == {"text": "other", "created_at": "说明"}
    assert found.mapping["text"].how == "given"


def test_two_headers_make_one_text() -> None:
    frame = pd.DataFrame({"subject": ["late again", "fine"], "words": ["it came on Friday", None]})
    found = check(frame, columns={"text": "subject+words"})
    assert found.rows["text"].tolist() == ["late again\nit came on Friday", "fine"]


@pytest.mark.parametrize(
    ("titles", "bodies", "texts"),
    [
        (["Great"], ["Arrived on time"], ["Great\nArrived on time"]),
        (["Arrived on…"], ["Arrived on time"], ["Arrived on time"]),
        (["Arrived on time."], ["Arrived on time. Thanks"], ["Arrived on time. Thanks"]),
        (["很好用"], ["很好用"], ["很好用"]),
        (["很好"], ["此用户没有填写评价。"], ["很好"]),
        (["Five Stars"], ["Works"], ["Works"]),
        (["Five Stars"], [None], ["Five Stars"]),
        ([None], ["Works"], ["Works"]),
        (["nan"], ["Works well"], ["Works well"]),
    ],
)
def test_title_and_body(titles: list[str | None], bodies: list[str | None], texts: list[str]) -> None:
    rows = check(pd.DataFrame({"review_title": titles, "review_text": bodies})).rows
    assert rows["text"].tolist() == texts


def test_a_title_that_all_rows_share_is_the_things_not_the_comments() -> None:
    frame = pd.DataFrame(
        {"标题": ["某某手机评测"] * 12, "评论内容": [f"{text}{i}" for i in range(2) for text in ZH]}
    )
    assert headers_of(check(frame))["text"] == "评论内容"


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"id": ["1", "2"], "price": ["3.5", "4"]}),
        pd.DataFrame({"link": ["https://a.example/1", "https://a.example/2"]}),
    ],
)
def test_no_comments_is_an_error_that_lists_the_columns(frame: pd.DataFrame) -> None:
    with pytest.raises(NoTextColumn, match=r"--map text=") as error:
        check(frame)
    assert repr(frame.columns[0]) in str(error.value)


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        ({"texts": "内容"}, UnknownName, "Did you mean 'text'"),
        ({"source": "内容"}, UnknownName, "unknown column 'source'"),
        ({"text": "没有"}, UsageError, "no column '没有'"),
        ({"rating": "内容+分"}, UsageError, r"no column '内容\+分'"),
    ],
)
def test_a_mapping_that_cannot_be_is_explained(
    columns: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        check(pd.DataFrame({"内容": ZH, "分": list("512345")}), columns=columns)


@pytest.mark.parametrize(
    ("name", "frame", "platform"),
    [
        ("京东_评论.csv", lambda: pd.DataFrame({"内容": ZH}), "jd"),
        ("dump.csv", lambda: pd.DataFrame({"内容": [f"{t}[笑哭R]" for t in ZH]}), "xiaohongshu"),
        ("dump.csv", lambda: pd.DataFrame({"text": [f"{t} https://t.co/a1" for t in EN]}), "twitter"),
        ("dump.csv", lambda: pd.DataFrame({"text": EN, "date": DAYS}), "generic"),
        ("adjust.csv", lambda: pd.DataFrame({"text": EN}), "generic"),  # "jd" and "djust" are not the word jd
    ],
)
def test_names_of_files_and_cells_tell_the_platform(
    tmp_path: object, name: str, frame: Callable[[], pd.DataFrame], platform: str
) -> None:
    path = f"{tmp_path}/{name}"
    frame().to_csv(path, index=False)
    found = check(path)
    assert found.platform.id == platform
    assert found.why


def test_a_list_of_shops_is_read_without_text_and_explained() -> None:
    frame = pd.DataFrame(
        {
            "address": ["一号路1号"],
            "avg_price": ["99"],
            "lat": ["30.9"],
            "long": ["121.4"],
            "review_count": ["12"],
            "shop_id": ["H1"],
            "shop_name": ["小店"],
        }
    )
    found = check(frame)
    assert found.rows["set_aside"].tolist() == ["empty"]
    assert "list of shops, without comments" in notes_of(found)
