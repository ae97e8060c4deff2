"""Every KPI on rows few enough to count by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from feedback_nlp.kpis import Kpi, measure, sla_rate

T0 = datetime(2024, 2, 28, 22, 30, tzinfo=timezone.utc)  # leap day ahead
TIME = pa.timestamp("us", tz="UTC")


def after(*hours: float | None) -> pa.Array:
    return pa.array([None if h is None else T0 + timedelta(hours=h) for h in hours], TIME)


#               sentiment   compl. sev. leaves returns rating score likes
ROWS: list[tuple[Any, ...]] = [
    ("positive", False, 0, False, True, 5, 10, 7),
    ("positive", False, 0, False, False, 4, 9, 0),
    ("positive", True, 1, False, True, 4, 8, None),
    ("negative", True, 3, True, False, 1, 0, 3),
    ("negative", True, 2, True, True, 2, 6, 1),
    ("neutral", False, 0, False, False, None, 7, None),
    ("mixed", False, None, None, False, 3, None, 15),
    (None, None, None, None, None, None, None, None),
]
NAMES = ["sentiment", "complaint", "severity", "leaving", "returning", "rating", "recommend_score", "likes"]


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    table = pa.table(dict(zip(NAMES, map(list, zip(*ROWS, strict=True)), strict=True)))
    none = pa.nulls(8, pa.int64())
    return (
        table.append_column("replies", none)
        .append_column("shares", none)
        .append_column("created_at", pa.array([T0] * 8, TIME))
        .append_column("replied_at", after(1, 4, 4.01, 30, None, None, None, None))
        .append_column("resolved_at", after(None, None, 5, 40, None, 3, None, None))
    )


EXPECTED: dict[str, tuple[float, int]] = {
    "complaint_rate": (3 / 7, 7),
    "negative_rate": (2 / 7, 7),
    "sentiment_index": (100 * (3 - 2) / 7, 7),
    "polar_index": (100 * (3 - 2) / 5, 5),
    "reputation": (3 / 5, 5),
    "leaving_rate": (2 / 6, 6),
    "returning_rate": (3 / 7, 7),
    "loyalty_index": (100 * (2 - 1) / 6, 6),  # one says both
    "mean_rating": (19 / 6, 6),
    "csat": (3 / 6, 6),
    "nps": (100 * (2 - 2) / 6, 6),
    "severity_index": (6 / 3, 3),
    "critical_rate": (1 / 6, 6),
    "share_of_voice": (1.0, 8),
    "engagement": (26.0, 5),
    "engagement_per_comment": (26 / 5, 5),
    # weights 1 + log2(1 + likes): 4, 1, 1 | 3, 2 | 1 | 5
    "reach_weighted_index": (100 * (6 - 5) / 17, 7),
    "response_rate": (4 / 8, 8),
    "sla_rate": (2 / 8, 8),
    "resolution_rate": (2 / 3, 3),
    "unresolved_rate": (1 / 3, 3),
    "backlog": (1.0, 3),
}


@pytest.mark.parametrize("kpi", EXPECTED)
def test_value_and_denominator(rows: pa.Table, kpi: str) -> None:
    table = measure(rows, kpis=[kpi])
    value, n = EXPECTED[kpi]
    assert table[kpi].to_pylist() == [pytest.approx(value)]
    assert table[f"{kpi}_n"].to_pylist() == [n]
    assert table["volume"].to_pylist() == [8]


WITHOUT_INTERVAL = {"engagement", "backlog"}


@pytest.mark.parametrize("kpi", EXPECTED)
def test_the_interval_holds_the_value(rows: pa.Table, kpi: str) -> None:
    row = measure(rows, kpis=[kpi]).to_pylist()[0]
    if kpi in WITHOUT_INTERVAL:
        assert row[f"{kpi}_low"] is row[f"{kpi}_high"] is None
        return
    wide = measure(rows, kpis=[kpi], confidence=0.99).to_pylist()[0]
    assert wide[f"{kpi}_low"] <= row[f"{kpi}_low"] <= row[kpi] + 1e-12
    assert wide[f"{kpi}_high"] >= row[f"{kpi}_high"] >= row[kpi] - 1e-12
    assert row[f"{kpi}_low"] < row[f"{kpi}_high"]


def test_the_reach_interval_uses_the_effective_n(rows: pa.Table) -> None:
    row = measure(rows, kpis=["reach_weighted_index"]).to_pylist()[0]
    size = 17**2 / (16 + 1 + 1 + 9 + 4 + 1 + 25)
    up, down = ((part * size / 17 + 1) / (size + 2) for part in (6, 5))
    half = 1.959964 * np.sqrt((up + down - (up - down) ** 2) / (size + 2))
    assert row["reach_weighted_index_high"] == pytest.approx(100 * (up - down + half), abs=1e-4)


@pytest.mark.parametrize(
    ("hours", "id_", "share"), [(4, "sla_rate", 2), (24, "sla_rate_24h", 3), (0.5, "sla_rate_0.5h", 0)]
)
def test_the_target_hours_can_be_set(rows: pa.Table, hours: float, id_: str, share: int) -> None:
    kpi = sla_rate(hours=hours)
    assert isinstance(kpi, Kpi)
    assert kpi.id == id_
    assert measure(rows, kpis=[kpi])[id_].to_pylist() == [share / 8]


def topical() -> pa.Table:
    return pa.table(
        {
            "brand": ["a", "a", "a", "a", "b", "b"],
            "sentiment": ["positive", "negative", "negative", "neutral", "negative", "positive"],
            "complaint": [False, True, False, False, True, False],
            "topic_price": pa.array([1, -1, -1, None, None, None], pa.int8()),
            "topic_service": pa.array([None, 1, None, 0, -1, None], pa.int8()),
            "topic_app": pa.array([None] * 6, pa.int8()),
        }
    )


def by_topic(table: pa.Table, name: str) -> dict[Any, Any]:
    keys = zip(*(table[key].to_pylist() for key in ("brand", "topic")), strict=True)
    return dict(zip(keys, table[name].to_pylist(), strict=True))


def test_topics_share_the_comments_of_their_group() -> None:
    table = measure(topical(), kpis="all", by=["brand", "topic"])
    assert by_topic(table, "volume") == {
        ("a", "app"): 0,
        ("a", "price"): 3,
        ("a", "service"): 2,
        ("b", "app"): 0,
        ("b", "price"): 0,
        ("b", "service"): 1,
    }
    share = by_topic(table, "topic_share")
    assert (share["a", "price"], share["a", "service"], share["a", "app"]) == (0.75, 0.5, 0.0)
    complaints = by_topic(table, "topic_complaint_rate")
    assert (complaints["a", "price"], complaints["b", "service"]) == (0.25, 0.5)
    index = by_topic(table, "topic_index")
    assert index["a", "price"] == pytest.approx(-100 / 3)
    assert (index["a", "service"], index["b", "service"], index["a", "app"]) == (50.0, -100.0, None)
    rate = by_topic(table, "complaint_rate")
    assert rate["a", "price"] == pytest.approx(1 / 3)
    assert rate["a", "app"] is None


def test_topic_impact_is_the_index_without_the_topic_less_the_index() -> None:
    table = measure(topical(), kpis=["topic_impact"], by=["brand", "topic"])
    impact = by_topic(table, "topic_impact")
    assert impact["a", "price"] == pytest.approx(0 - 100 * (1 - 2) / 4)
    assert impact["a", "app"] == 0.0
    assert impact["b", "service"] == pytest.approx(100 - 0)


def test_topic_impact_has_a_bootstrap_interval_that_other_groups_do_not_move() -> None:
    rng = np.random.default_rng(3)
    n = 2000
    mentions = rng.random(n) < 0.3
    sad = rng.random(n) < np.where(mentions, 0.8, 0.2)
    rows = pa.table(
        {
            "brand": np.where(np.arange(n) < 1500, "a", "b"),
            "sentiment": np.where(sad, "negative", "positive"),
            "topic_price": pa.array(np.where(mentions, -1, 0), pa.int8(), mask=~mentions),
        }
    )
    both = measure(rows, kpis=["topic_impact"], by=["brand", "topic"]).to_pylist()
    alone = measure(rows.slice(0, 1500), kpis=["topic_impact"], by=["brand", "topic"]).to_pylist()
    assert both[0] == alone[0]
    assert 0 < both[0]["topic_impact_low"] < both[0]["topic_impact"] < both[0]["topic_impact_high"]
    # the delta method's width, roughly
    assert 3 < both[0]["topic_impact_high"] - both[0]["topic_impact_low"] < 9


def test_share_of_voice_is_of_all_groups_of_the_period() -> None:
    rows = pa.table(
        {
            "day": pa.array([0, 0, 0, 31], pa.int32()).cast(pa.date32()),
            "brand": ["a", "a", None, "a"],
            "topic_price": pa.array([1, None, 1, 1], pa.int8()),
        }
    )
    voice = measure(rows, kpis=["share_of_voice"], every="month", by=["brand"])
    assert voice["share_of_voice"].to_pylist() == [pytest.approx(2 / 3), pytest.approx(1 / 3), 1.0]
    split = measure(rows, kpis=["share_of_voice"], every="month", by=["topic", "brand"])
    assert split["share_of_voice"].to_pylist() == [pytest.approx(1 / 3), pytest.approx(1 / 3), 1.0]
    assert split["share_of_voice_n"].to_pylist() == [3, 3, 1]
