from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from feedback_nlp import records
from feedback_nlp.errors import SchemaError, UsageError
from feedback_nlp.kpis import orders
from feedback_nlp.kpis.orders.feedback import newcombe

COLUMNS = (*records.INPUT_COLUMNS, *records.label_columns(["delivery", "price"]))


def labelled(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{"id": f"c{i}", **row} for i, row in enumerate(rows)])
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True)
    return records.conform(frame, COLUMNS)


def bought(*rows: tuple[str, str]) -> orders.Orders:
    frame = pd.DataFrame(
        [(customer, time, 1.0) for customer, time in rows], columns=["customer", "time", "amount"]
    )
    return orders.read(frame, tz="UTC")


ORDERS = bought(
    ("pleased", "2024-01-01"), ("pleased", "2024-02-01"),
    ("late", "2024-01-01"), ("late", "2024-01-20"),
    ("gone", "2024-01-01"),
    ("slow", "2024-01-01"), ("slow", "2024-06-01"),
    ("recent", "2024-06-20"), ("end", "2024-06-30"),
)  # fmt: skip
REPLY = pd.Timestamp("2024-01-06", tz="UTC")
COMMENTS = labelled(
    {"author": "pleased", "created_at": "2024-01-05", "complaint": False},
    {
        "author": "late",
        "created_at": "2024-01-05",
        "complaint": True,
        "topic_delivery": -1,
        "replied_at": REPLY,
    },
    {"author": "gone", "created_at": "2024-01-05", "complaint": True, "topic_delivery": -1, "topic_price": 1},
    {"author": "slow", "created_at": "2024-01-05", "complaint": False},
    {"author": "slow", "created_at": "2024-01-09", "complaint": True},
    {"author": "recent", "created_at": "2024-06-21", "complaint": True},
    {"author": "stranger", "created_at": "2024-01-05", "complaint": True},
    {"author": None, "created_at": "2024-01-05", "complaint": True},
    {"author": "gone", "created_at": "2024-01-06", "complaint": True, "set_aside": "spam"},
)


def key(table: pd.DataFrame) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    rows = table.astype("object").where(table.notna(), None)
    return {
        (r["group"], r["topic"], r["answered"]): (r["came_back"], r["customers"], r["too_recent"])
        for _, r in rows.iterrows()
    }


def test_who_came_back_by_hand() -> None:
    joined = orders.join_feedback(ORDERS, COMMENTS, within_days=30)
    assert key(joined.table) == {
        ("no_complaint", None, None): (1, 1, 0),
        ("complaint", None, None): (1, 3, 1),
        ("complaint", None, True): (1, 1, 0),
        ("complaint", None, False): (0, 2, 1),
        ("complaint", "delivery", None): (1, 2, 0),
        ("complaint", "delivery", True): (1, 1, 0),
        ("complaint", "delivery", False): (0, 1, 0),
    }
    assert (joined.matched, joined.without_author, joined.without_orders) == (6, 1, 1)


def test_a_longer_window_finds_who_came_late() -> None:
    joined = orders.join_feedback(ORDERS, COMMENTS, within_days=160)
    assert key(joined.table)[("complaint", None, None)] == (2, 3, 1)


def test_until_decides_whose_time_is_over() -> None:
    joined = orders.join_feedback(ORDERS, COMMENTS, within_days=30, until=date(2024, 12, 31))
    assert key(joined.table)[("complaint", None, None)] == (1, 4, 0)


def test_a_stream_gives_the_same_table() -> None:
    whole = orders.join_feedback(ORDERS, COMMENTS, within_days=30)
    for size in (1, 4):
        stream = (COMMENTS.iloc[i : i + size] for i in range(0, len(COMMENTS), size))
        pd.testing.assert_frame_equal(orders.join_feedback(ORDERS, stream, within_days=30).table, whole.table)


def test_nothing_in_common_gives_empty_groups() -> None:
    for comments in (COMMENTS.iloc[6:8], COMMENTS.iloc[:0], []):
        table = orders.join_feedback(ORDERS, comments).table
        assert table["customers"].tolist() == [0, 0, 0, 0]
        assert table["rate"].isna().all()


def test_differences_are_newcombes() -> None:
    low, high = confint_proportions_2indep(60, 100, 30, 80, method="newcomb")
    from feedback_nlp.kpis.intervals import wilson

    limits = wilson(np.array([30.0, 60.0]), np.array([80.0, 100.0]), confidence=0.95)
    base = (30 / 80, float(limits[0][0]), float(limits[1][0]))
    got = newcombe(np.array([0.6]), limits[0][1:], limits[1][1:], base=base)
    assert (got[0][0], got[1][0]) == pytest.approx((low, high))


def test_the_first_group_is_compared_with_nothing() -> None:
    table = orders.join_feedback(ORDERS, COMMENTS, within_days=30).table
    assert pd.isna(table["difference"].iloc[0])
    assert table["difference"].iloc[1] == pytest.approx(1 / 3 - 1)
    assert table["difference_low"].iloc[1] < table["difference"].iloc[1] < table["difference_high"].iloc[1]


def test_wrong_use_is_told() -> None:
    with pytest.raises(UsageError, match="within_days is 0"):
        orders.join_feedback(ORDERS, COMMENTS, within_days=0)
    with pytest.raises(SchemaError, match="'complaint'"):
        orders.join_feedback(ORDERS, COMMENTS.drop(columns="complaint"))
