"""Marks: which rows do not count, and why; which must not be taken for copies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import records
from feedback_nlp.collectors import mark
from feedback_nlp.collectors.content_ids import PREFIX, ContentIds
from feedback_nlp.collectors.marks import ORDER, says_something
from feedback_nlp.collectors.seen import Seen

LONG = "快递员把包裹放在楼下也不打电话，下楼拿的时候已经被雨淋湿了"
LONG_EN = "The courier left the parcel outside in the rain and never called me about it"


def frame_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of the schema, with what a test does not name filled in."""
    base = {"source": "a.csv", "platform": "jd", "lang": "zh"}
    filled = [{"id": f"{PREFIX}{i}", "row": i + 1, **base, **row} for i, row in enumerate(rows)]
    frame = pd.DataFrame(filled)
    if "created_at" in frame:
        frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True)
    return records.conform(frame)


def reasons(*rows: dict[str, Any]) -> list[str | None]:
    """What `set_aside` holds after marking the rows."""
    marked = next(mark([frame_of(list(rows))]))
    return [None if pd.isna(value) else value for value in marked["set_aside"]]


def test_the_order_names_every_reason_a_collector_gives() -> None:
    assert set(ORDER) == set(records.SET_ASIDE_REASONS) - {records.NOT_FEEDBACK}


@pytest.mark.parametrize(
    ("text", "lang", "reason"),
    [
        (None, None, "empty"),
        ("。。。", "zh", "empty"),
        ("?!", "other", "empty"),
        ("👍", "other", None),
        ("[微笑]", "zh", None),
        ("666", "other", None),
        ("好", "zh", None),
        ("此用户没有填写评价。", "zh", "system_default"),
        ("Este producto llegó roto y nadie responde", "other", "other_language"),
        ("ok", "other", None),  # too short to be sure of
        ("送餐慢了一个小时", "zh", None),
    ],
)
def test_single_rows(text: str | None, lang: str | None, reason: str | None) -> None:
    assert reasons({"text": text, "lang": lang}) == [reason]


def test_the_dumps_own_id_makes_a_copy_whatever_the_text() -> None:
    assert reasons({"id": "990000001", "text": "好"}, {"id": "990000001", "text": "好，改一下"}) == [
        None,
        "exact_duplicate",
    ]
    assert reasons(
        {"id": "990000001", "text": "好"}, {"id": "990000001", "text": "好", "platform": "weibo"}
    ) == [None, None]


def test_running_numbers_identify_only_within_their_source() -> None:
    one, two = {"id": "1001", "text": "房间干净"}, {"id": "1001", "text": "景色很美", "source": "b.csv"}
    assert reasons(one, two) == [None, None]
    assert reasons(one, {**one}) == [None, "exact_duplicate"]


def test_without_an_id_author_time_product_stars_and_text_together_make_a_copy() -> None:
    row = {"text": "很好", "author": "f00", "created_at": "2024-05-01", "product": "x", "rating": 5.0}
    assert reasons(row, dict(row)) == [None, "exact_duplicate"]
    for changed in (
        {"author": "f01"},
        {"created_at": "2024-05-02"},
        {"product": "y"},
        {"rating": 4.0},
        {"text": "好的"},
    ):
        assert reasons(row, {**row, **changed}) == [None, None]


@pytest.mark.parametrize("text", ["很好", "good", "不错", "五星好评", "👍👍👍"])
def test_short_words_of_nobody_in_particular_are_many_people(text: str) -> None:
    assert reasons({"text": text}, {"text": text}, {"text": text}) == [None, None, None]


def test_long_texts_of_nobody_in_particular_are_copies() -> None:
    assert reasons({"text": "送餐慢了一个小时才到"}, {"text": "送餐慢了一个小时才到"}) == [None, None]
    assert reasons({"text": "送餐慢了一个多小时才送到"}, {"text": "送餐慢了一个多小时才送到"}) == [
        None,
        "exact_duplicate",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG + "！！！"),
        (LONG, "  " + LONG.replace("，", ",  ") + "2024"),
        (LONG, "快遞員把包裹放在樓下也不打電話，下樓拿的時候已經被雨淋濕了"),
        (LONG_EN, LONG_EN.upper() + " !!"),
    ],
)
def test_templates_are_near_copies_across_authors(one: str, other: str) -> None:
    assert reasons({"text": one, "author": "a"}, {"text": other, "author": "b"}) == [None, "near_duplicate"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG.replace("雨", "雪")),
        ("很好用，推荐！", "很好用，推荐"),
        ("Works great, love it", "works great love it!!"),
    ],
)
def test_what_differs_in_words_or_is_short_is_no_near_copy(one: str, other: str) -> None:
    assert reasons({"text": one, "author": "a"}, {"text": other, "author": "b"}) == [None, None]


def test_one_review_under_several_variants_of_a_product_counts_once() -> None:
    row = {
        "text": "Light weight and comfortable",
        "author": "a",
        "created_at": "2024-05-01",
        "product": "red",
    }
    assert reasons(row, {**row, "product": "blue"}) == [None, "near_duplicate"]
    assert reasons(row, {**row, "product": "blue", "author": "b"}) == [None, None]
    assert reasons(row, {**row, "product": "blue", "created_at": "2024-05-02"}) == [None, None]
    short = {**row, "text": "很好"}
    assert reasons(short, {**short, "product": "blue"}) == [None, None]


def test_the_first_reason_in_order_is_given() -> None:
    default = {"id": "990000001", "text": "此用户没有填写评价。"}
    assert reasons(default, default) == ["system_default", "system_default"]
    assert reasons({"id": "990000001", "text": LONG}, {"id": "990000001", "text": LONG}) == [
        None,
        "exact_duplicate",
    ]


def test_a_reason_already_there_stays_and_its_row_makes_no_copies() -> None:
    own = {"text": LONG, "set_aside": "not_feedback", "author": "shop"}
    assert reasons(own, {"text": LONG, "author": "b"}) == ["not_feedback", None]


def test_copies_are_found_across_frames_and_the_frames_given_stay() -> None:
    frames = [frame_of([{"id": "990000001", "text": LONG}]) for _ in range(3)]
    marked = pd.concat(list(mark(frames)))
    assert marked["set_aside"].isna().tolist() == [True, False, False]
    assert all(frame["set_aside"].isna().all() for frame in frames)


@given(st.lists(st.lists(st.integers(0, 60), max_size=20), max_size=20))
@settings(deadline=None, max_examples=100)
def test_seen_is_a_set(batches: list[list[int]]) -> None:
    seen, known = Seen(), set[int]()
    for keys in batches:
        expected = []
        for key in keys:
            expected.append(key not in known)
            known.add(key)
        assert seen.fresh(keys).tolist() == expected


def test_seen_costs_eight_bytes_a_key() -> None:
    seen = Seen()
    for start in range(0, 100_000, 1_000):
        seen.fresh(list(range(start, start + 1_000)))
    assert sum(run.nbytes for run in seen._runs) == 800_000
    assert len(seen._runs) < 20
    assert not seen.fresh(np.arange(100_000).tolist()).any()


def test_content_ids_are_stable_and_never_shared() -> None:
    rows = [("好", "a"), ("好", "b"), ("好", "a"), ("好", "a")]
    whole = ContentIds().make(rows, "jd")
    assert len(set(whole)) == 4
    assert [identity.removeprefix(whole[0]) for identity in whole[2:]] == ["-2", "-3"]
    one_by_one = ContentIds()
    assert [one_by_one.make([row], "jd")[0] for row in rows] == whole
    assert ContentIds().make(rows[:1], "weibo") != whole[:1]


def test_emoji_say_something_and_punctuation_does_not() -> None:
    assert all(says_something(text) for text in ("👍", "❤️", "a", "好", "7"))
    assert not any(says_something(text) for text in ("", " ", "…", "，。！", "-_-"))
