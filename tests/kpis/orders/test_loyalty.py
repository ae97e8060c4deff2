from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from feedback_nlp.errors import UnknownName, UsageError
from feedback_nlp.kpis import orders
from feedback_nlp.kpis.orders import bootstrap
from feedback_nlp.kpis.orders.rfm import quintile, segment

# Four customers, three months.      January     February    March
ROWS = [
    ("a", "2024-01-05", 100.0), ("a", "2024-02-10", 50.0), ("a", "2024-03-31", 30.0),
    ("b", "2024-01-20", 40.0), ("b", "2024-01-25", 20.0), ("b", "2024-03-02", 60.0),
    ("c", "2024-02-01", 10.0),
    ("d", "2024-03-15", 90.0),
]  # fmt: skip


def made(rows: list[tuple[str, str, float]]) -> orders.Orders:
    return orders.read(pd.DataFrame(rows, columns=["customer", "time", "amount"]), tz="UTC")


def values(rows: list[tuple[str, str, float]], **options: object) -> dict[str, dict[str, float]]:
    table = orders.measure(made(rows), **options)  # type: ignore[arg-type]
    return {row["kpi"]: row for row in table.to_dict("records")}


def test_every_kpi_by_hand() -> None:
    got = values(ROWS, margin=0.5, discount=0.0, horizon=3)
    assert got["repeat_purchase_rate"]["value"] == 2 / 4
    assert (got["repeat_purchase_rate"]["low"], got["repeat_purchase_rate"]["high"]) == pytest.approx(
        proportion_confint(2, 4, method="wilson")
    )
    assert got["purchase_frequency"]["value"] == 8 / 4
    assert got["average_order_value"]["value"] == 400 / 8
    # January {a, b}, February {a, c}, March {a, b, d}: of a, b, a, c only a stayed, twice.
    assert (got["retention_rate"]["value"], got["retention_rate"]["n"]) == (2 / 4, 4)
    assert got["churn_rate"]["value"] == 2 / 4
    # 400 in 7 customer months, half of it margin; 1 + 1/2 + 1/4 months.
    assert got["clv"]["value"] == pytest.approx(0.5 * 400 / 7 * 1.75)


def test_a_discount_makes_later_months_worth_less() -> None:
    step = 1.1 ** (1 / 12)
    expected = 400 / 7 * sum((0.5 / step) ** t for t in range(12))
    assert values(ROWS, discount=0.1)["clv"]["value"] == pytest.approx(expected)


def test_intervals_hold_the_value_and_are_the_same_each_time() -> None:
    one, other = values(ROWS), values(ROWS)
    for kpi, row in one.items():
        assert row["low"] <= row["value"] <= row["high"], kpi
        assert row == other[kpi]


def test_the_bootstrap_agrees_with_theory_on_a_mean() -> None:
    sample = np.random.default_rng(5).gamma(2.0, 10.0, 400)
    columns = np.stack([sample, np.ones(400)], axis=1)
    low, high = bootstrap.interval(columns, lambda s: s[:, 0] / s[:, 1], confidence=0.95, seed=0)
    half = 1.96 * sample.std(ddof=1) / 20
    assert low != bootstrap.interval(columns, lambda s: s[:, 0] / s[:, 1], confidence=0.95, seed=1)[0]
    assert (low, high) == pytest.approx((sample.mean() - half, sample.mean() + half), abs=0.35)


def test_retention_by_hand() -> None:
    table = orders.retention(made(ROWS))
    assert table["period"].tolist() == [date(2024, 2, 1), date(2024, 3, 1)]
    counts = table[["at_start", "kept", "new", "returned", "at_end"]].to_numpy().tolist()
    assert counts == [[2, 1, 1, 0, 2], [2, 1, 1, 1, 3]]
    assert table["retention_rate"].tolist() == [0.5, 0.5]
    assert table["churn_rate_low"].iloc[0] == pytest.approx(1 - table["retention_rate_high"].iloc[0])


def test_a_period_that_is_not_over_is_left_out_and_one_without_orders_is_not() -> None:
    rows = [("a", "2024-01-05", 1.0), ("a", "2024-03-30", 1.0)]
    assert orders.retention(made(rows))["period"].tolist() == [date(2024, 2, 1)]
    whole = orders.retention(made(rows), until=date(2024, 3, 31))
    assert whole["at_end"].tolist() == [0, 1]
    assert whole["returned"].tolist() == [0, 1]
    assert pd.isna(whole["retention_rate"].iloc[1])


@pytest.mark.parametrize("rows", [[], ROWS[:1]])
def test_no_orders_or_one_gives_no_value_and_no_error(rows: list[tuple[str, str, float]]) -> None:
    got = values(rows)
    assert pd.isna(got["clv"]["value"])
    assert got["repeat_purchase_rate"]["n"] == len(rows)
    assert orders.retention(made(rows)).empty
    assert len(orders.rfm(made(rows))) == len(rows)


def test_quintiles_and_their_tie_rule() -> None:
    assert quintile(np.arange(10.0)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert quintile(np.array([1.0, 1, 1, 1, 1, 1, 1, 1, 2, 9])).tolist() == [1] * 8 + [5, 5]
    assert quintile(np.array([7.0, 7.0])).tolist() == [1, 1]
    assert quintile(np.zeros(0)).tolist() == []


def test_rfm_by_hand() -> None:
    table = orders.rfm(made(ROWS)).set_index("customer")
    assert table["recency_days"].to_dict() == {"a": 0, "b": 29, "c": 59, "d": 16}
    assert table["frequency"].to_dict() == {"a": 3, "b": 3, "c": 1, "d": 1}
    assert table["monetary"].to_dict() == {"a": 180.0, "b": 120.0, "c": 10.0, "d": 90.0}
    assert table["r"].to_dict() == {"a": 4, "b": 2, "c": 1, "d": 3}
    assert table["f"].to_dict() == {"a": 3, "b": 3, "c": 1, "d": 1}
    assert table["segment"].to_dict() == {"a": "loyal", "b": "at_risk", "c": "lost", "d": "cooling"}


def test_every_pair_of_scores_has_a_named_segment() -> None:
    assert {segment(r, f) for r in range(1, 6) for f in range(1, 6)} == set(orders.SEGMENTS)


def test_wrong_use_is_told() -> None:
    with pytest.raises(UsageError, match="horizon is 0"):
        orders.measure(made(ROWS), horizon=0)
    with pytest.raises(UnknownName, match="period"):
        orders.retention(made(ROWS), every="year")


DAYS = st.integers(0, 120).map(lambda d: str(date(2024, 1, 1) + timedelta(days=d)))
HISTORIES = st.lists(st.tuples(st.sampled_from("abcdef"), DAYS, st.floats(0, 500)), max_size=25)


@settings(max_examples=25, deadline=None)
@given(HISTORIES, st.sampled_from(["week", "month"]), st.randoms(use_true_random=False))
def test_laws(rows: list[tuple[str, str, float]], every: str, random: object) -> None:
    table = orders.retention(made(rows), every=every)
    assert (table["kept"] + table["new"] + table["returned"] == table["at_end"]).all()
    assert (table["kept"] <= table["at_start"]).all()
    assert (table["at_start"].iloc[1:].to_numpy() == table["at_end"].iloc[:-1].to_numpy()).all()
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(table, orders.retention(made(shuffled), every=every))
