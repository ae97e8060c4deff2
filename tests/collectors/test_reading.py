"""Reading: the laws of the stream, the caller's options, and what the ledger is told."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import records
from feedback_nlp.collectors import check, read
from feedback_nlp.collectors.check import check_all
from feedback_nlp.errors import InputError, NoTextColumn, UnknownName, UsageError
from feedback_nlp.ledger import Ledger, tally

SAMPLES = Path(__file__).parent / "samples"
EXPORTS = Path(__file__).parents[3] / "shared" / "data" / "exports"
NOW = datetime(2026, 4, 20, 4, 0, tzinfo=timezone.utc)
KEY = b"a key for tests"
TEXTS = [
    "很好",
    "",
    "此用户没有填写评价。",
    "送餐慢了一个小时，打电话也不理",
    "good",
    "。。。",
    "Este producto llegó roto ayer",
    None,
]


def whole(inputs: Any, **options: Any) -> pd.DataFrame:
    """All rows of a reading as one frame."""
    frames = list(read(inputs, **{"now": NOW, "author_key": KEY, **options}))
    return pd.concat(frames, ignore_index=True) if frames else records.empty()


def rows_of(frame: pd.DataFrame, columns: list[str]) -> list[list[Any]]:
    """Some columns as rows, null as None."""
    plain = frame[columns].astype("object")
    return plain.where(plain.notna(), None).values.tolist()


@pytest.fixture
def shop() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "评论内容": ["物流很快，电话13800138000", "质量差，用了两天就坏", "还可以"],
            "评论时间": ["2024-05-01 23:30", "3天前", "05-03"],
            "评分": ["5", "1", "3"],
            "用户名": ["甲", "乙", "匿名用户"],
            "点赞数": ["1.2万", "3", "很多"],
            "订单备注": ["尽快发货 13900139000", None, "无"],
        }
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(TEXTS), st.sampled_from(["1", "5", "9", None]), st.sampled_from(["a", "b", None])
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from([1, 7]),
)
@settings(deadline=None, max_examples=15)
def test_every_row_comes_out_once_however_the_dump_is_cut(
    rows: list[tuple[Any, ...]], chunk_rows: int
) -> None:
    frame = pd.DataFrame(rows, columns=["评论内容", "评分", "用户名"])
    ledger = Ledger()
    options = {"columns": {"text": "评论内容"}}
    cut = whole(frame, chunk_rows=chunk_rows, ledger=ledger, **options)
    ledger.count(cut)
    assert cut["row"].tolist() == list(range(1, len(rows) + 1))
    assert ledger.balanced
    pd.testing.assert_frame_equal(cut, whole(frame, chunk_rows=5000, **options))
    assert cut.dtypes[: len(records.INPUT_COLUMNS)].tolist() == records.empty().dtypes.tolist()


@pytest.mark.parametrize("sample", ["jd.csv", "trustpilot.csv", "amazon.json", "weibo.csv"])
def test_a_file_read_row_by_row_is_the_file_read_at_once(sample: str) -> None:
    one_by_one = whole(SAMPLES / sample, chunk_rows=1)
    pd.testing.assert_frame_equal(one_by_one, whole(SAMPLES / sample))


def test_a_batch_of_one_without_ratings_keeps_the_schema() -> None:
    rows = whole(pd.DataFrame({"text": ["fine by me"], "rating": [None]}))
    assert rows.dtypes.to_dict() == records.empty().dtypes.to_dict()
    assert rows["rating"].isna().all()


def test_the_frame_given_is_not_changed(shop: pd.DataFrame) -> None:
    before = shop.copy(deep=True)
    whole(shop, keep=["订单备注"])
    pd.testing.assert_frame_equal(shop, before)


def test_values_are_read_and_what_cannot_be_is_null_and_counted(shop: pd.DataFrame) -> None:
    reading = read(shop, tz="Asia/Shanghai", now=NOW)
    rows = next(reading)
    entry = reading.ledger.entry("frame")
    assert rows_of(rows, ["created_at"])[0] == [pd.Timestamp("2024-05-01 15:30", tz="UTC")]
    assert [str(day) for day in rows["day"]] == ["2024-05-01", "2026-04-17", "<NA>"]
    assert rows_of(rows, ["rating", "likes"]) == [[5.0, 12000], [1.0, 3], [3.0, None]]
    assert dict(entry.repairs) == {"created_at_relative": 1, "created_at_no_year": 1, "likes_unreadable": 1}
    assert any("counted back from 2026-04-20 12:00 CST" in note for note in entry.notes)
    assert any("--year" in note for note in entry.notes)


def test_the_year_and_the_zone_are_the_callers(shop: pd.DataFrame) -> None:
    rows = whole(shop, tz="America/New_York", year=2024)
    assert rows_of(rows, ["created_at"])[0] == [pd.Timestamp("2024-05-02 03:30", tz="UTC")]
    assert str(rows["day"][2]) == "2024-05-03"


def test_personal_data_is_masked_unless_asked_for(shop: pd.DataFrame) -> None:
    masked = whole(shop, keep=["订单备注"])
    assert masked["text"][0] == "物流很快，电话[phone]"
    assert masked["订单备注"][0] == "尽快发货 [phone]"
    assert pd.isna(masked["订单备注"][1])
    kept = whole(shop, keep=["订单备注"], keep_personal_data=True)
    assert kept["text"][0] == "物流很快，电话13800138000"
    assert kept["订单备注"][0] == "尽快发货 13900139000"


def test_authors_are_hashes_that_depend_on_the_key_only(shop: pd.DataFrame) -> None:
    authors = whole(shop)["author"]
    assert authors.notna().tolist() == [True, True, False]
    assert not authors.isin(["甲", "乙"]).any()
    assert authors[0] != authors[1]
    assert whole(shop.iloc[::-1])["author"][2] == authors[0]
    assert whole(shop, author_key=b"another")["author"][0] != authors[0]
    assert whole(shop, author_key=None)["author"][0] == whole(shop, author_key=None)["author"][0]


def test_excel_damaged_ids_give_way_to_content(tmp_path: Path) -> None:
    path = tmp_path / "tweets.csv"
    path.write_text("tweet_id,text\n5.70306E+17,late again\n5.70306E+17,never on time\n", encoding="utf-8")
    reading = read(path)
    rows = next(reading)
    assert rows["id"].str.startswith("content-").all()
    assert rows["id"].is_unique
    assert rows["set_aside"].isna().all()
    assert any("made from content" in note for note in reading.ledger.entry(str(path)).notes)


def test_one_damaged_id_among_good_ones_is_replaced_and_counted() -> None:
    reading = read(
        pd.DataFrame({"comment_id": ["990000001", "9.9E+17", None], "text": ["one fine day", "so so", "bad"]})
    )
    rows = next(reading)
    assert rows["id"][0] == "990000001"
    assert rows["id"][1:].str.startswith("content-").all()
    assert reading.ledger.entry("frame").repairs["id_from_content"] == 2


def test_rows_that_repeat_the_header_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "joined.csv"
    path.write_text("text,rating\nfine by me,5\ntext,rating\nbroke at once,1\n", encoding="utf-8")
    reading = read(path)
    rows = pd.concat(list(tally(reading, reading.ledger)))
    entry = reading.ledger.entry(str(path))
    assert rows["row"].tolist() == [1, 3]
    assert dict(entry.rejected) == {"repeated_header": 1}
    assert entry.balanced


def test_several_sources_share_one_memory(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("评论id,评论内容\n990000001,物流很快\n", encoding="utf-8")
    rows = whole(tmp_path)
    assert rows_of(rows, ["set_aside"]) == [[None], ["exact_duplicate"]]
    assert rows["source"].tolist() == [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]


def test_extra_columns_a_source_lacks_are_null_there_and_noted() -> None:
    reading = read(pd.DataFrame({"text": ["fine by me"]}), keep=["shop"])
    assert next(reading)["shop"].isna().all()
    assert any("no column 'shop'" in note for note in reading.ledger.entry("frame").notes)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"tz": "Mars/Base"}, UsageError, "Asia/Shanghai"),
        ({"year": 24}, UsageError, "year is 24"),
        ({"keep": ["rating"]}, UsageError, "cannot keep 'rating'"),
        ({"columns": {"txt": "a"}}, UnknownName, "Did you mean 'text'"),
        ({"platform": "wechat"}, UnknownName, "unknown platform 'wechat'"),
    ],
)
def test_wrong_wishes_are_told_before_anything_is_read(
    options: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        read(pd.DataFrame({"text": ["a"]}), **options)


def test_a_dump_without_comments_says_what_to_do() -> None:
    with pytest.raises(NoTextColumn, match="--map text=COLUMN"):
        list(read(pd.DataFrame({"n": ["1", "2"]})))


def test_an_empty_table_gives_no_frames_and_balances() -> None:
    reading = read(pd.DataFrame({"text": pd.Series([], dtype="object")}))
    assert list(reading) == []
    assert reading.ledger.balanced
    with pytest.raises(InputError, match="no data rows"):
        check(pd.DataFrame({"text": pd.Series([], dtype="object")}))


def test_a_check_shows_the_mapping_ten_rows_and_what_is_unused(shop: pd.DataFrame) -> None:
    found = check(pd.concat([shop] * 5, ignore_index=True))
    assert len(found.rows) == 10
    assert found.unused == ("订单备注",)
    assert found.filled["text"] == 1.0
    assert found.filled["likes"] == pytest.approx(2 / 3, abs=0.001)
    assert 0 <= found.confidence <= 1


# Columns that a real export has, and so must be found in it; None: the file has no such column.
FOUND = {
    "amazon_alexa.tsv": ("amazon", True, True),
    "amazon_fashion.json": ("amazon", True, True),
    "amazon_reviews.csv": ("amazon", True, True),
    "appstore_qimai_美居.xlsx": ("appstore", True, True),
    "cfpb_complaints.csv": ("cfpb", True, False),
    "douban_comments.csv": ("douban", False, True),
    "douban_reviews.json": ("douban", True, True),
    "douyin_small.csv": ("douyin", True, False),
    "ecommerce_评论数据.csv": ("xiaohongshu", True, False),
    "googleplay_banks.csv": ("googleplay", True, True),
    "gov_messages.xlsx": ("gov_messages", True, False),
    "hupu.csv": ("hupu", True, False),
    "jd_comment.csv": ("jd", False, False),
    "jd_phones.csv": ("jd", True, True),
    "mangotv_comments.csv": ("mangotv", True, False),
    "taobao_comments.csv": ("taobao", True, False),
    "tripadvisor_amrutha.json": ("tripadvisor", True, True),
    "trustpilot_fetch.csv": ("trustpilot", True, True),
    "twcs_sample.csv": ("twitter", True, False),
    "twitter_airline.csv": ("twitter", True, False),
    "weibo_gb18030.csv": ("weibo", False, False),
    "weibo_posts_small.csv": ("weibo", True, False),
    "xiaohongshu_comments.csv": ("xiaohongshu", True, False),
    "xiaohongshu_small.csv": ("xiaohongshu", True, False),
    "youtube_small.csv": ("youtube", True, False),
}


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not here")
@pytest.mark.parametrize("name", FOUND)
def test_real_exports_are_understood(name: str) -> None:
    platform, timed, rated = FOUND[name]
    found = next(check_all(EXPORTS / name, now=NOW))
    assert found.platform.id == platform
    assert found.filled["text"] > 0.97
    assert found.filled.get("created_at", 0) > 0.98 if timed else "created_at" not in found.filled
    assert found.filled.get("rating", 0) > 0.96 if rated else "rating" not in found.filled


@pytest.mark.parametrize(
    ("texts", "at"),
    [
        (["物流很快，包装完好", "质量一般，很失望"], "2024-05-01 02:00"),
        (["Arrived on time and works", "Broke after two days"], "2024-05-01 10:00"),
    ],
)
def test_the_zone_of_an_unknown_dump_follows_its_language(texts: list[str], at: str) -> None:
    reading = read(pd.DataFrame({"comment": texts, "time": ["2024-05-01 10:00"] * 2}))
    rows = next(reading)
    assert rows_of(rows, ["created_at"])[0] == [pd.Timestamp(at, tz="UTC")]
    assert [str(day) for day in rows["day"]] == ["2024-05-01", "2024-05-01"]
    noted = any("--tz" in note for note in reading.ledger.entry("frame").notes)
    assert noted is at.startswith("2024-05-01 02")


CELLS = [
    *(
        "很好",
        "Broke after two days",
        "2024-05-01",
        "01.18",
        "3天前",
        "99999年前",
        "5",
        "0",
        "1.23E+17",
        "★★★★☆",
        "½",
        "٣",
    ),
    *(
        "<br/>",
        "9" * 400,
        "1e999",
        "[deleted]",
        "👍",
        "31/12/99",
        "2024-13-45 99:99",
        "昨天 99:99",
        "-5",
        "5/0",
        "\ud800",
        "",
        None,
    ),
]
NAMES = [
    "评论内容",
    "评论时间",
    "评分",
    "id",
    "title",
    "created_at",
    "score",
    "user",
    "a.b",
    "likes",
    "inbound",
    "nps",
    "*",
]


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_any_table_is_read_whole_or_refused_with_a_reason(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    rows = data.draw(
        st.lists(st.lists(st.sampled_from(CELLS), min_size=len(names), max_size=len(names)), max_size=8)
    )
    reading = read(pd.DataFrame(rows, columns=names), now=NOW, year=2023, chunk_rows=3)
    try:
        out = sum(len(frame) for frame in tally(reading, reading.ledger))
    except NoTextColumn:
        return
    rejected = sum(entry.rejected.total() for entry in reading.ledger.sources.values())
    assert out + rejected == len(rows)
    assert reading.ledger.balanced


def test_columns_that_stand_inside_others_are_taken_out() -> None:
    page = "https://www.trustpilot.com/review/shop.example?page=2"
    frame = pd.DataFrame(
        {"id": ["a1"], "text": ["Fine so far"], "published": ["2024-05-01"], "source": [page]}
    )
    assert whole(frame, platform="trustpilot")["brand"].tolist() == ["shop.example"]
