"""Response hours from a histogram: near the exact quantiles, and exactly mergeable."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.kpis import measure, waiting

TIME = pa.timestamp("us", tz="UTC")
KPIS = ["first_response_hours", "first_response_hours_p90"]


def waits(hours: Any, start: datetime = datetime(2023, 12, 31, 23, 0, tzinfo=timezone.utc)) -> pa.Table:
    replied = [None if h is None else start + timedelta(hours=float(h)) for h in hours]
    return pa.table(
        {"created_at": pa.array([start] * len(replied), TIME), "replied_at": pa.array(replied, TIME)}
    )


def row(hours: Any) -> dict[str, Any]:
    result: dict[str, Any] = measure(waits(hours), kpis=KPIS).to_pylist()[0]
    return result


@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
def test_quantiles_are_within_a_bin_of_the_exact_ones(spread: float) -> None:
    hours = np.random.default_rng(5).lognormal(1, spread, 3000)
    found = row(hours)
    for kpi, share in zip(KPIS, (0.5, 0.9), strict=True):
        exact = np.quantile(hours, share)
        assert found[kpi] == pytest.approx(exact, rel=0.06)
        assert found[f"{kpi}_low"] < exact < found[f"{kpi}_high"]


@settings(max_examples=10, deadline=None)
@given(st.floats(0.02, 4000))
def test_one_wait_is_read_to_within_its_bin(hours: float) -> None:
    assert row([hours])["first_response_hours"] == pytest.approx(hours, rel=0.19)


def test_waits_outside_the_bins_are_kept_at_their_ends() -> None:
    found = row([0, 0, 0])
    assert 0 < found["first_response_hours"] <= waiting.EDGES[0]
    assert row([10_000] * 3)["first_response_hours"] == pytest.approx(waiting.EDGES[-1])


def test_no_reply_and_a_reply_before_the_comment_have_no_wait() -> None:
    found = row([None, -2, 3])
    assert found["first_response_hours_n"] == 1
    assert found["first_response_hours"] == pytest.approx(3, rel=0.19)


def test_nobody_replied_is_null() -> None:
    assert row([None, None])["first_response_hours"] is None
    assert measure(waits([]), kpis=KPIS)["first_response_hours"].to_pylist() == [None]


def test_the_interval_covers_the_median() -> None:
    rng = np.random.default_rng(11)
    counts = np.stack(
        [
            np.bincount(
                np.clip(
                    np.searchsorted(waiting.EDGES, rng.lognormal(1, 1, 60), side="right"), 0, waiting.BINS - 1
                ),
                minlength=waiting.BINS,
            )
            for _ in range(1500)
        ]
    ).astype(float)
    own = {each.name: counts[:, k] for k, each in enumerate(waiting.HISTOGRAM)}
    from feedback_nlp.kpis import Sums

    found = waiting.quantile(0.5)(Sums(own, own, own))
    assert 0.93 < ((found.low <= np.e) & (np.e <= found.high)).mean() < 0.98


def test_clock_hours_are_those_of_the_calendar() -> None:
    first = datetime(1999, 1, 1, 5, 7, 9)
    times = [first + timedelta(days=day, minutes=17 * day) for day in range(0, 40_000, 13)]
    rows = nw.from_native(pa.table({"t": pa.array(times, pa.timestamp("us"))}), eager_only=True)
    hours = rows.select(waiting.clock_hours("t").alias("hours"))["hours"].to_numpy()
    expected = [(time - datetime(1, 1, 1)).total_seconds() / 3600 + 24 for time in times]
    np.testing.assert_allclose(hours, expected, atol=1e-5)
