"""Rows as they should not be but are: each gives the right number on every library, or an error that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from feedback_nlp.engines.store import measure_parquet
from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.kpis import measure

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

LIBRARIES: dict[str, Callable[[pa.Table], Any]] = {
    "pandas": lambda table: table.to_pandas(),
    "pandas, Arrow types": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "Polars": pl.from_arrow,
    "Polars, lazy": lambda table: pl.from_arrow(table).lazy(),
    "PyArrow": lambda table: table,
    "DuckDB": duckdb.from_arrow,
}


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> Callable[[pa.Table], Any]:
    return LIBRARIES[request.param]


RowsOf = Callable[[Any], list[dict[str, Any]]]


def days(*values: date | None) -> pa.Array:
    return pa.array(values, pa.date32())


def utc(*hours: float | None, unit: str = "us") -> pa.Array:
    start = datetime(2024, 1, 1, tzinfo=timezone.utc)
    times = [None if h is None else start + timedelta(hours=h) for h in hours]
    return pa.array(times, pa.timestamp("us", tz="UTC")).cast(pa.timestamp(unit, tz="UTC"))


#  columns, options, and what the only row must hold
VALUES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "stars off the scale are no ratings": (
        {"rating": [0, 4, 100, None]},
        {"kpis": ["mean_rating", "csat"]},
        {"volume": 4, "mean_rating": 4.0, "mean_rating_n": 1, "csat": 1.0, "csat_n": 1},
    ),
    "infinite ratings are none": (
        {"rating": [float("inf"), float("-inf"), 2.0]},
        {"kpis": ["mean_rating"]},
        {"mean_rating": 2.0, "mean_rating_n": 1},
    ),
    "ratings all null": (
        {"rating": pa.nulls(2, pa.int64())},
        {"kpis": ["csat"]},
        {"volume": 2, "csat": None, "csat_low": None, "csat_n": 0, "flagged": True},
    ),
    "scores off the scale are none": (
        {"recommend_score": [-1, 11, 10]},
        {"kpis": ["nps"]},
        {"nps": 100.0, "nps_n": 1},
    ),
    "severities off the scale are none": (
        {"severity": [3, 4, -1, 0]},
        {"kpis": ["critical_rate"]},
        {"critical_rate": 0.5, "critical_rate_n": 2},
    ),
    "a flag between true and false is unknown": (
        {"complaint": [0.5, 1.0, 0.0, None]},
        {"kpis": ["complaint_rate"]},
        {"complaint_rate": 0.5, "complaint_rate_n": 2},
    ),
    "a sentiment that is none of the four is unknown": (
        {"sentiment": ["positive", "great", "", None]},
        {"kpis": ["sentiment_index"]},
        {"sentiment_index": 100.0, "sentiment_index_n": 1},
    ),
    "sentiments as categories": (
        {"sentiment": pa.array(["positive", "negative", None]).dictionary_encode()},
        {"kpis": ["sentiment_index"]},
        {"sentiment_index": 0.0, "sentiment_index_n": 2},
    ),
    "an empty reason is none": (
        {"set_aside": ["", None, "spam"]},
        {"kpis": ["volume"]},
        {"volume": 2},
    ),
    "all set aside": (
        {"set_aside": ["spam", "empty"], "complaint": [True, True]},
        {"kpis": ["complaint_rate"]},
        {"volume": 0, "complaint_rate": None, "complaint_rate_high": None, "complaint_rate_n": 0},
    ),
    "integers longer than a float is exact": (
        {"likes": [2**62, 2**62], "replies": [0, 0], "shares": [0, 0]},
        {"kpis": ["engagement"]},
        {"engagement": 2.0**63},
    ),
    "a group of long integers": (
        {"code": [2**62 + 1]},
        {"kpis": [], "by": ["code"]},
        {"code": 2**62 + 1, "volume": 1},
    ),
    "a group named like something of ours": (
        {"polarity": ["x"], "comments": ["y"], "topic_a": pa.array([1], pa.int8())},
        {"kpis": ["topic_index"], "by": ["polarity", "comments", "topic"]},
        {"polarity": "x", "comments": "y", "topic": "a", "topic_index": 100.0},
    ),
    "group names with signs": ({'a "b" .c': ["x"]}, {"kpis": [], "by": ['a "b" .c']}, {'a "b" .c': "x"}),
    "one day is a quarter": (
        {"day": days(date(2024, 2, 29))},
        {"kpis": [], "every": "quarter"},
        {"period": date(2024, 1, 1), "volume": 1},
    ),
    "days as text": (
        {"day": ["2024-02-29"]},
        {"kpis": [], "every": "month"},
        {"period": date(2024, 2, 1)},
    ),
}


@pytest.mark.parametrize("case", VALUES)
def test_the_number_is_right(case: str, library: Callable[[pa.Table], Any], rows_of: RowsOf) -> None:
    columns, options, expected = VALUES[case]
    found = rows_of(measure(library(pa.table(columns)), **options))
    assert len(found) == 1
    assert {name: found[0][name] for name in expected} == expected


def test_all_set_aside_in_groups_gives_no_row(library: Callable[[pa.Table], Any], rows_of: RowsOf) -> None:
    columns = {"set_aside": ["spam"], "day": days(date(2024, 1, 1)), "topic_a": pa.array([1], pa.int8())}
    for options in ({"by": ["topic"]}, {"every": "7d"}, {"every": "quarter", "by": ["topic"]}):
        assert rows_of(measure(library(pa.table(columns)), kpis=[], **options)) == []


@pytest.mark.parametrize("length", [7, 28])
def test_a_rolling_window_holds_its_days_and_no_other(
    length: int,
    library: Callable[[pa.Table], Any],
    rows_of: RowsOf,
) -> None:
    first = date(2024, 2, 20)
    offsets = [0, 0, 6, 7, 27, 28, 60]
    columns = {"day": days(*(first + timedelta(days=d) for d in offsets), None)}
    found = rows_of(measure(library(pa.table(columns)), kpis=[], every=f"{length}d"))
    for row in found[:-1]:
        last = (row["period"] - first).days
        assert row["volume"] == sum(last - length < d <= last for d in offsets)
    assert (found[-1]["period"], found[-1]["volume"]) == (None, 1)
    assert len(found) - 1 == sum(any(x - length < d <= x for d in offsets) for x in range(61))


def test_a_time_in_a_zone_lies_on_that_zones_day(rows_of: RowsOf) -> None:
    """DuckDB knows the session's zone only and is left out."""
    late = pa.array([datetime(2024, 1, 1, 23, tzinfo=timezone.utc)], pa.timestamp("us", tz="Asia/Shanghai"))
    for name, library in LIBRARIES.items():
        if name != "DuckDB":
            found = rows_of(measure(library(pa.table({"day": late})), kpis=[], every="day"))
            assert found[0]["period"] == date(2024, 1, 2), name


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit_count(
    unit: str, library: Callable[[pa.Table], Any], tmp_path: Any, rows_of: RowsOf
) -> None:
    table = pa.table(
        {
            "day": days(date(2024, 1, 1), date(2024, 1, 1), date(2024, 1, 2)),
            "complaint": [True, True, True],
            "created_at": utc(0, 1, 24, unit=unit),
            "replied_at": utc(1, None, 26, unit=unit),
            "resolved_at": utc(20, None, None, unit=unit),
        }
    )
    kpis = ["response_rate", "sla_rate", "resolution_rate", "backlog"]
    pq.write_table(table, tmp_path / "labelled.parquet")
    for found in (
        rows_of(measure(library(table), kpis=kpis, every="month")),
        rows_of(measure_parquet(tmp_path / "labelled.parquet", kpis=kpis, every="month")),
    ):
        assert found[0]["response_rate"] == pytest.approx(2 / 3)
        assert found[0]["sla_rate"] == pytest.approx(2 / 3)
        assert found[0]["resolution_rate"] == pytest.approx(1 / 3)
        assert found[0]["backlog"] == 2.0


def test_no_complaint_is_closed_before_it_is_opened(
    library: Callable[[pa.Table], Any], rows_of: RowsOf
) -> None:
    columns = {
        "day": days(date(2024, 1, 10), date(2024, 1, 12)),
        "complaint": [True, True],
        "resolved_at": utc(1, 24 * 12),
    }
    found = rows_of(measure(library(pa.table(columns)), kpis=["backlog"], every="day"))
    assert [(row["period"].day, row["backlog"]) for row in found] == [(10, 0.0), (12, 1.0), (13, 0.0)]


ERRORS: dict[str, tuple[dict[str, Any], dict[str, Any], type[Exception], str]] = {
    "a group that is not there": ({"rating": [1]}, {"by": ["nix"]}, SchemaError, "'nix'.*It has: rating"),
    "a group named like a result": (
        {"complaint_rate_n": [1], "complaint": [True]},
        {"by": ["complaint_rate_n"]},
        UsageError,
        "a column of KPI 'complaint_rate'",
    ),
    "a reserved group": ({"__all__": [1]}, {"by": ["__all__"]}, UsageError, "reserved"),
    "a group of lists": ({"tags": [["a"]]}, {"by": ["tags"]}, SchemaError, "'tags' holds lists"),
    "a group by number": ({"rating": [1]}, {"by": [0]}, UsageError, "by=0"),
    "sentiment as numbers": ({"sentiment": [1, -1]}, {}, SchemaError, "'sentiment' is Int64, but a label"),
    "set_aside as a flag": ({"set_aside": [True, False]}, {}, SchemaError, "'set_aside' is Boolean"),
    "a zone that is none": ({"rating": [1]}, {"tz": "Nowhere/City"}, UsageError, "'Nowhere/City'"),
    "a period by number": ({"day": days(None)}, {"every": 7}, UnknownName, "7d"),
    "a KPI by number": ({"rating": [1]}, {"kpis": [3]}, UnknownName, "'3'"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_the_error_says_what_to_do(case: str, library: Callable[[pa.Table], Any]) -> None:
    columns, options, error, words = ERRORS[case]
    with pytest.raises(error, match=words):
        measure(library(pa.table(columns)), **options)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame([[1, 2]], columns=["rating", "rating"]), "'rating' 2 times"),
        (pa.Table.from_arrays([pa.array([1])] * 3, names=["x", "x", "rating"]), "'x' 2 times"),
        (pd.DataFrame({"rating": [1 + 1j]}), "rating"),
        (pd.DataFrame({"rating": pd.arrays.SparseArray([1.0, 2.0])}), "plain type"),
        (pa.table({"day": ["yesterday"], "rating": [1]}), "'day' holds text that is no date"),
        (pl.DataFrame({"day": ["yesterday"], "rating": [1]}), "'day' holds text that is no date"),
    ],
)
def test_a_frame_that_cannot_be_read_is_said_so(frame: Any, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        measure(frame, every="week" if "day" in words else None)


@pytest.mark.parametrize(
    "values", [pd.PeriodIndex(["2024-01", "2024-02"], freq="M"), pd.cut(pd.Series([1, 2]), [0, 1, 2])]
)
def test_a_group_of_a_type_that_only_pandas_has_is_refused(values: Any) -> None:
    frame = pd.DataFrame({"rating": [1, 2], "group": values})
    assert measure(frame)["volume"].tolist() == [2]  # no harm where it is not grouped by
    with pytest.raises(SchemaError, match="Convert it to text"):
        measure(frame, by=["group"])


def test_labels_that_are_all_nan_are_none(rows_of: RowsOf) -> None:
    frame = pa.table({"set_aside": [float("nan"), None], "sentiment": [np.nan, np.nan]})
    row = rows_of(measure(frame, kpis=["negative_rate"]))[0]
    assert (row["volume"], row["negative_rate"], row["negative_rate_n"]) == (2, None, 0)


def test_columns_without_a_text_as_name_do_no_harm() -> None:
    assert measure(pd.DataFrame([[4, 2]], columns=["rating", 0]))["mean_rating"].tolist() == [4.0]
