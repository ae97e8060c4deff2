from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import records
from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.triage import Journal, triage
from feedback_nlp.triage.queue import COLUMNS

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
LABELS = records.label_columns(["delivery"])


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Labelled rows; each differs from a mild complaint of today as it says."""
    mild = {"text": None, "created_at": NOON, "severity": 1, "complaint": True, "p_complaint": 0.8}
    full = [
        {
            "id": f"c{i}",
            "source": "t",
            "row": i + 1,
            **mild,
            "text": f"{i}{'甲乙丙丁戊己庚辛'[i % 8] * 9}",
            **row,
        }
        for i, row in enumerate(rows)
    ]
    return records.conform(pd.DataFrame(full), (*records.INPUT_COLUMNS, *LABELS))


def order(*rows: dict[str, Any], **options: Any) -> list[str]:
    return triage(frame(*rows), **options)["id"].tolist()


@pytest.mark.parametrize(
    ("hot", "mild"),
    [
        ({"severity": 3}, {"severity": 2}),
        ({"severity": 2}, {"severity": 1}),
        ({"p_complaint": 0.9}, {"p_complaint": 0.6}),
        ({"leaving": True}, {"leaving": False}),
        ({"question": True}, {}),
        ({}, {"replied_at": NOON}),
        ({}, {"created_at": NOON - timedelta(days=9)}),
        ({"likes": 40}, {"likes": 2}),
        ({"shares": 5}, {}),
        ({"severity": 3, "created_at": NOON - timedelta(days=14)}, {}),
    ],
)  # fmt: skip
def test_the_more_urgent_comes_first(hot: dict[str, Any], mild: dict[str, Any]) -> None:
    assert order(mild, hot) == ["c1", "c0"]
    assert order(hot, mild) == ["c0", "c1"]


def test_the_formula_by_hand() -> None:
    row = {
        "severity": 2,
        "p_complaint": 0.5,
        "leaving": True,
        "question": True,
        "likes": 3,
        "created_at": NOON - timedelta(days=14),
    }
    got = triage(frame(row), now=NOON)["priority"].iloc[0]
    heat = (0.9 + 0.6 * 0.5 + 0.5 + 0.3) * (1 + 0.15 * np.log2(4)) / 2
    assert got == pytest.approx(100 * (1 - np.exp(-heat)), abs=0.01)


def test_an_undated_row_counts_as_one_half_life_old() -> None:
    values = triage(frame({"created_at": None}, {"created_at": NOON - timedelta(days=14)}), now=NOON)[
        "priority"
    ]
    assert values.nunique() == 1


def test_a_comment_from_the_future_is_of_today() -> None:
    values = triage(frame({}, {"created_at": NOON + timedelta(days=40)}), now=NOON)["priority"]
    assert values.nunique() == 1


def test_praise_resolved_and_set_aside_rows_are_left_out() -> None:
    kind = {"severity": 0, "p_complaint": 0.02, "complaint": False}
    assert order(kind, {"resolved_at": NOON}, {"set_aside": "spam"}, {"text": None}, {}) == ["c4"]


def test_those_who_say_the_same_are_one_entry() -> None:
    same = "快递放在门口被雨淋湿了，里面的书全部坏掉，客服不处理"
    queue = triage(
        frame(
            {"text": same},
            {"text": same + "！！", "severity": 2},
            {"text": "屏幕碎了要求退款"},
            {"text": "快遞放在門口被雨淋濕了，裡面的書全部壞掉，客服不處理", "set_aside": "near_duplicate"},
        )
    )
    assert queue["group_size"].tolist() == [3, 1]
    assert queue["id"].iloc[0] == "c1"
    assert sorted(queue["group_ids"].iloc[0]) == ["c0", "c1", "c3"]
    assert queue["group_ids"].iloc[0][0] == "c1"


def test_a_trouble_of_many_rises() -> None:
    same = [{"text": f"the app logs me out every single morning {i}"} for i in range(6)]
    queue = triage(frame({"text": "parcel was late"}, *same))
    assert queue["group_size"].tolist() == [6, 1]
    assert "6 say the same" in queue["why"].iloc[0]


def test_why_in_both_languages() -> None:
    row = {
        "severity": 3,
        "p_complaint": 0.94,
        "leaving": True,
        "likes": 12,
        "created_at": NOON - timedelta(days=2),
    }
    english = triage(frame(row), now=NOON)["why"].iloc[0]
    assert (
        english
        == "danger, fraud or legal threat; complaint (94 %); says they leave; not answered; 12 likes, replies and shares; 2 days old"
    )
    assert (
        triage(frame(row), now=NOON, lang="zh")["why"].iloc[0]
        == "涉及安全、欺诈或法律风险；投诉（94%）；表示要离开；未回复；12次互动；2天前"
    )
    with pytest.raises(UnknownName, match="Allowed: en, zh"):
        triage(frame(row), lang="fr")


def test_the_frame_has_the_declared_columns_then_those_of_the_rows() -> None:
    given_frame = frame({}, {})
    before = given_frame.copy(deep=True)
    for queue in (triage(given_frame), triage(given_frame.iloc[:0]), triage([])):
        assert list(queue.columns[: len(COLUMNS)]) == [column.name for column in COLUMNS]
        assert "text" in queue.columns
        for column in COLUMNS:
            assert queue[column.name].dtype == records.dtype_of(column.type)
    pd.testing.assert_frame_equal(given_frame, before)


def test_a_model_that_knows_only_sentiment_still_gives_a_queue() -> None:
    plain = pd.DataFrame({"id": ["a", "b"], "text": ["bad", "good"], "p_negative": [0.9, 0.1]})
    queue = triage(plain)
    assert queue["id"].tolist() == ["a"]
    assert queue["why"].iloc[0].startswith("negative")


def test_wrong_use_is_told() -> None:
    with pytest.raises(UsageError, match="top is 0"):
        triage(frame({}), top=0)
    with pytest.raises(UsageError, match="half_life"):
        triage(frame({}), half_life=float("nan"))
    with pytest.raises(SchemaError, match="'text'"):
        triage(pd.DataFrame({"id": ["a"]}))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "severity": st.integers(0, 3),
            "p_complaint": st.floats(0, 1, width=32),
            "likes": st.integers(0, 1000),
            "created_at": st.one_of(st.none(), st.integers(0, 400).map(lambda d: NOON - timedelta(days=d))),
            "text": st.sampled_from(["太慢了没人管", "broken on arrival", "broken on arrival!", "漏发了一件，要补", "rude staff at the desk"]),
        }
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(ROWS, st.sampled_from([1, 3, 7]))
def test_a_stream_cut_anywhere_gives_the_same_queue(rows: list[dict[str, Any]], size: int) -> None:
    whole = frame(*rows) if rows else frame({}).iloc[:0]

    def batches() -> Iterator[pd.DataFrame]:
        for start in range(0, len(whole), size):
            yield whole.iloc[start : start + size]

    one, other = triage(whole), triage(batches())
    for column in ("priority", "id", "group_size"):
        assert one[column].tolist() == other[column].tolist()
    assert one["priority"].between(0, 100).all()
    assert one["priority"].is_monotonic_decreasing


def test_memory_is_bounded_by_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    from feedback_nlp.triage import queue as module

    monkeypatch.setattr(module, "LEAST_POOL", 10)
    monkeypatch.setattr(module, "POOL_PER_PLACE", 2)
    rng = np.random.default_rng(1)
    words = [f"w{n}" for n in range(500)]
    rows = [
        {"text": " ".join(rng.choice(words, 12)), "p_complaint": float(p)} for p in rng.permutation(300) / 300
    ]
    got = triage(
        (
            frame(*[{**row, "id": f"r{i + j}"} for j, row in enumerate(rows[i : i + 20])])
            for i in range(0, 300, 20)
        ),
        top=5,
    )
    best = sorted(range(300), key=lambda i: -rows[i]["p_complaint"])[:5]
    assert got["id"].tolist() == [f"r{i}" for i in best]


def test_answered_entries_leave_the_queue_and_taken_ones_say_so(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record(["c0", "c3"], "answered", by="li")
    journal.record("c1", "taken")
    rows = [{"severity": 3 - i % 4} for i in range(4)]
    queue = triage(frame(*rows), journal=journal)
    assert queue["id"].tolist() == ["c1", "c2"]
    assert queue["state"].tolist() == ["taken", "open"]
    journal.record("c0", "open")
    assert triage(frame(*rows), journal=tmp_path / "journal.jsonl")["id"].iloc[0] == "c0"
