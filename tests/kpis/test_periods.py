"""Periods from local days: ISO weeks from Monday, months, quarters, rolling windows, and rows without a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import UnknownName, UsageError
from feedback_nlp.kpis import measure, periods

EPOCH = date(1970, 1, 1)
UTC = timezone.utc


def start_of(day: date, every: str) -> date:
    found = periods.starts(np.array([(day - EPOCH).days]), every)
    return EPOCH + timedelta(days=int(found[0]))


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_starts_are_those_of_the_standard_calendar(day: date) -> None:
    year, week, _ = day.isocalendar()
    assert start_of(day, "week") == date.fromisocalendar(year, week, 1)
    assert start_of(day, "month") == day.replace(day=1)
    assert start_of(day, "quarter") == date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    assert start_of(day, "day") == day


def days(*values: date | None, **others: list[object]) -> pa.Table:
    return pa.table({"day": pa.array(values, pa.date32()), **others})


def series(table: pa.Table, name: str = "volume") -> dict[date | None, object]:
    return dict(zip(table["period"].to_pylist(), table[name].to_pylist(), strict=True))


def test_a_week_runs_over_the_year() -> None:
    rows = days(date(2024, 12, 29), date(2024, 12, 30), date(2025, 1, 5), date(2025, 1, 6))
    assert series(measure(rows, kpis=[], every="week")) == {
        date(2024, 12, 23): 1,
        date(2024, 12, 30): 2,
        date(2025, 1, 6): 1,
    }


def test_a_period_is_half_open() -> None:
    rows = days(date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1))
    assert series(measure(rows, kpis=[], every="quarter")) == {
        date(2024, 1, 1): 1,
        date(2024, 4, 1): 2,
        date(2024, 7, 1): 1,
    }


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "7d"])
def test_rows_without_a_day_stay_in_a_period_of_their_own(every: str) -> None:
    table = measure(days(None, date(2024, 1, 1), None), kpis=[], every=every)
    assert series(table) == {start_of(date(2024, 1, 1), every): 1, None: 2}
    assert table["period"].to_pylist()[-1] is None


def test_a_rolling_window_holds_the_days_up_to_its_name_and_ends_with_the_data() -> None:
    rows = days(date(2024, 1, 1), date(2024, 1, 1), date(2024, 1, 3), date(2024, 1, 12))
    expected = {
        **{date(2024, 1, day): 2 for day in (1, 2)},
        **{date(2024, 1, day): 3 for day in (3, 4, 5, 6, 7)},
        **{date(2024, 1, day): 1 for day in (8, 9, 12)},
    }
    assert series(measure(rows, kpis=[], every="7d")) == expected


def test_the_backlog_goes_on_from_period_to_period() -> None:
    def at(day: int) -> datetime:
        return datetime(2024, 1, day, 12, tzinfo=UTC)

    rows = days(
        date(2024, 1, 1),
        date(2024, 1, 1),
        date(2024, 1, 2),
        None,
        complaint=[True, True, True, True],
        resolved_at=pa.array([at(1), at(4), None, at(3)], pa.timestamp("us", "UTC")),
    )
    table = measure(rows, kpis=["backlog", "resolution_rate"], every="day")
    # the undated complaint opens and closes in the undated period, or the dated ones would go below zero
    assert series(table, "backlog") == {
        date(2024, 1, 1): 1.0,
        date(2024, 1, 2): 2.0,
        date(2024, 1, 4): 1.0,
        None: 0.0,
    }
    assert series(table)[date(2024, 1, 4)] == 0
    assert series(table, "resolution_rate")[date(2024, 1, 4)] is None
    rolling = series(measure(rows, kpis=["backlog"], every="7d"), "backlog")
    assert [rolling[date(2024, 1, day)] for day in (1, 2, 3, 4)] == [1.0, 2.0, 2.0, 1.0]


def test_resolution_counts_on_the_local_day() -> None:
    late = pa.array([datetime(2024, 1, 1, 20, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    rows = days(date(2024, 1, 1), complaint=[True], resolved_at=late)
    utc = measure(rows, kpis=["backlog"], every="day")
    shanghai = measure(rows, kpis=["backlog"], every="day", tz="Asia/Shanghai")
    assert series(utc, "backlog") == {date(2024, 1, 1): 0.0}
    assert series(shanghai, "backlog") == {date(2024, 1, 1): 1.0, date(2024, 1, 2): 0.0}


def test_days_may_be_times_or_iso_text() -> None:
    expected = measure(days(date(2024, 1, 3), date(2024, 1, 9)), kpis=[], every="week")
    as_text = pa.table({"day": ["2024-01-03", "2024-01-09"]})
    as_times = pa.table({"day": pa.array([datetime(2024, 1, 3, 23), datetime(2024, 1, 9, 1)])})
    assert measure(as_text, kpis=[], every="week") == expected
    assert measure(as_times, kpis=[], every="week") == expected


@pytest.mark.parametrize(
    ("every", "error"), [("weekly", UnknownName), ("1d", UsageError), ("400d", UsageError)]
)
def test_a_wrong_period_says_what_is_allowed(every: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="day"):
        measure(days(date(2024, 1, 1)), every=every)
    with pytest.raises(error, match="day"):
        measure(iter([]), every=every)
