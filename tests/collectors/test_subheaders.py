"""Headers of surveys: long questions, and second rows of names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from feedback_nlp.collectors import check, read

WORDS = ["送货太慢了，等了一周", "客服很耐心，解决了问题", "价格偏贵，但质量不错", "包装破了，要求退款"]
SENTENCES = [
    "Support never answered me.",
    "Great value and easy to set up!",
    "Too slow to load.",
    "Love the design.",
]

QUALTRICS = (
    "StartDate,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1,Q2\n"
    'Start Date,Recorded Date,Response ID,Recommend - Group,How likely are you to recommend us?,"Why, in your own words?"\n'
    '"{""ImportId"":""startDate""}","{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""QID1_GROUP""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_TEXT""}"\n'
) + "".join(
    f"2024-03-0{i} 10:00:00,2024-03-0{i} 10:05:00,R_{i},Detractor,{i},{text}\n"
    for i, text in enumerate(SENTENCES, 1)
)
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,"
    "How likely is it that you would recommend us to a friend or a colleague?,What is the main reason for your score?,"
    "Which of these do you use?,\n"
    ",,,,,Open-Ended Response,Phone,Tablet\n"
) + "".join(
    f"11{i},4,03/0{i}/2024 10:00:00 AM,03/0{i}/2024 10:05:00 AM,{i + 5},{text},Phone,\n"
    for i, text in enumerate(SENTENCES, 1)
)
GOOGLE = (
    "时间戳记,您在多大程度上愿意把我们的门店和服务推荐给身边的朋友、同事或者家人呢？请在零到十之间打一个分数，十分表示非常愿意推荐，零分表示完全不愿意？,您还有什么建议？\n"
    + "".join(f"2024/03/0{i} 上午 9:15:2{i},{i + 5},{text}\n" for i, text in enumerate(WORDS, 1))
)


@pytest.fixture
def rows_of(tmp_path: Path) -> Callable[[str], pd.DataFrame]:
    def rows(dump: str) -> pd.DataFrame:
        path = tmp_path / "dump.csv"
        path.write_text(dump, encoding="utf-8")
        return pd.concat(list(read(path)))

    return rows


@pytest.mark.parametrize(
    ("dump", "texts", "scores"),
    [
        (QUALTRICS, SENTENCES, [1, 2, 3, 4]),
        (SURVEYMONKEY, SENTENCES, [6, 7, 8, 9]),
        (GOOGLE, WORDS, [6, 7, 8, 9]),
    ],
)
def test_the_questions_are_the_header_and_no_row_is_lost(
    rows_of: Callable[[str], pd.DataFrame], dump: str, texts: list[str], scores: list[int]
) -> None:
    found = rows_of(dump)
    assert found["text"].tolist() == texts
    assert found["recommend_score"].tolist() == scores
    assert found["row"].tolist() == [1, 2, 3, 4]
    assert found["created_at"].notna().all()


@pytest.mark.parametrize(
    ("dump", "header"),
    [
        (QUALTRICS, "Q2: Why, in your own words?"),
        (QUALTRICS, "RecordedDate"),
        (SURVEYMONKEY, "Which of these do you use?: Phone"),
        (SURVEYMONKEY, "Which of these do you use?: Tablet"),
    ],
)
def test_names_say_what_was_asked(tmp_path: Path, dump: str, header: str) -> None:
    path = tmp_path / "dump.csv"
    path.write_text(dump, encoding="utf-8")
    found: Any = check(path)
    assert header in found.headers
    assert any("part of the header" in note for note in found.entry.notes)


def test_a_long_first_comment_is_no_header(rows_of: Callable[[str], pd.DataFrame]) -> None:
    long = "你们的客服到底什么时候才能回复我的问题？" * 5
    assert rows_of(f"{long},好\n" + "".join(f"{text},不好\n" for text in WORDS))["text"].tolist() == [
        long,
        *WORDS,
    ]
