"""Business hours: hand-worked waits, a count minute by minute, and the same on every library."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.engines.store import measure_parquet
from feedback_nlp.errors import MissingExtra, SchemaError, UsageError
from feedback_nlp.kpis import (
    KPIS,
    Business,
    Kpi,
    Sum,
    Words,
    business,
    first_response_hours,
    first_response_hours_p90,
    measure,
    shapes,
    sla_rate,
    timed,
    waiting,
)
from feedback_nlp.kpis.business import Shift
from feedback_nlp.kpis.expressions import count
from feedback_nlp.kpis.timed import variant

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

TIME = pa.timestamp("us", tz="UTC")
WEEK = "mon-fri 09:00-18:00"
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
LONG = "mon-thu 09:00-12:00 13:30-18:00, fri 22:00-06:00, sun 10:00-16:00"


def table(waits: list[tuple[datetime, datetime | None]]) -> pa.Table:
    created, replied = zip(*waits, strict=True)
    return pa.table({"created_at": pa.array(created, TIME), "replied_at": pa.array(replied, TIME)})


def at(text: str, tz: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))


def hours_of(waits: list[tuple[datetime, datetime | None]], own: Business, tz: str) -> list[float | None]:
    """The business hours of each wait, as the sums of the KPIs see them."""
    wait = waiting.business_wait(own)
    waited = Sum("waited", wait.hours, derived=wait.derived)
    known = Sum("known", count(wait.hours >= 0), derived=wait.derived)
    words = Words("", "")
    kpi = Kpi("waited", words, "hours", words, (waited, known), shapes.share("waited", "known"))
    rows = table(waits).append_column("row", pa.array(range(len(waits))))
    found = measure(rows, kpis=[kpi], by=["row"], tz=tz).sort_by("row")
    result: list[float | None] = found["waited"].to_pylist()
    return result


MEDIAN = "first_response_hours_business"

#  hours, holidays, zone, comment, reply, business hours between
WAITS: dict[str, tuple[str, str | None, str, str, str | None, float | None]] = {
    "over a weekend": (WEEK, None, SHANGHAI, "2024-03-01 17:00", "2024-03-04 10:00", 2),
    "within a day": (WEEK, None, SHANGHAI, "2024-03-05 09:30", "2024-03-05 11:00:36", 1.51),
    "whole days": (WEEK, None, SHANGHAI, "2024-03-04 12:00", "2024-03-07 12:00", 27),
    "written at night": (WEEK, None, SHANGHAI, "2024-03-05 23:10", "2024-03-06 09:30", 0.5),
    "answered at night": (WEEK, None, SHANGHAI, "2024-03-05 17:00", "2024-03-06 03:00", 1),
    "all of it at night": (WEEK, None, SHANGHAI, "2024-03-05 20:00", "2024-03-06 03:00", 0),
    "to the minute of opening": (WEEK, None, SHANGHAI, "2024-03-01 18:00", "2024-03-04 09:00", 0),
    "no reply": (WEEK, None, SHANGHAI, "2024-03-01 18:00", None, None),
    "a reply before the comment": (WEEK, None, SHANGHAI, "2024-03-05 12:00", "2024-03-05 11:00", None),
    "before the comment, both at night": (
        WEEK,
        None,
        SHANGHAI,
        "2024-03-05 23:00",
        "2024-03-05 22:00",
        None,
    ),
    "over New Year's Day": (WEEK, "CN", SHANGHAI, "2023-12-29 17:00", "2024-01-02 10:00", 2),
    "on a make-up Sunday": (WEEK, "CN", SHANGHAI, "2024-02-04 10:00", "2024-02-04 12:00", 2),
    "that Sunday without holidays": (WEEK, None, SHANGHAI, "2024-02-04 10:00", "2024-02-04 12:00", 0),
    # Friday 1 h, Sunday the 18th made up 9 h, Monday 1 h
    "the Spring Festival": (WEEK, "CN", SHANGHAI, "2024-02-09 17:00", "2024-02-19 10:00", 1 + 9 + 1),
    "a holiday of a state": (WEEK, "US-MA", NEW_YORK, "2024-04-15 09:00", "2024-04-16 10:00", 1),
    "no holiday of the country": (WEEK, "US", NEW_YORK, "2024-04-15 09:00", "2024-04-16 10:00", 10),
    "summer time begins": (WEEK, None, NEW_YORK, "2024-03-08 17:00", "2024-03-11 10:00", 2),
    "summer time ends": (WEEK, None, NEW_YORK, "2024-11-01 17:00", "2024-11-04 10:00", 2),
    "the clock goes back between": (WEEK, None, NEW_YORK, "2024-11-03 01:50", "2024-11-04 10:00", 1),
    "a break at noon": (LONG, None, SHANGHAI, "2024-03-04 11:00", "2024-03-04 14:00", 1.5),
    "a shift past midnight": (LONG, None, SHANGHAI, "2024-03-01 21:00", "2024-03-02 01:00", 3),
    "before a shift past midnight": (LONG, None, SHANGHAI, "2024-03-02 05:00", "2024-03-03 11:00", 2),
}


@pytest.mark.parametrize("case", WAITS)
def test_waits_worked_by_hand(case: str) -> None:
    spec, holidays, tz, created, replied, expected = WAITS[case]
    if holidays:
        pytest.importorskip("holidays")
    own = business(spec, holidays=holidays)
    found = hours_of([(at(created, tz), None if replied is None else at(replied, tz))], own, tz)
    assert found == [None if expected is None else pytest.approx(expected)]


def test_half_of_a_wait_in_a_repeated_hour_is_no_fault() -> None:
    """01:50 then 01:10 on the wall, 20 minutes later by the sun: a real reply, after less than no time."""
    created = datetime(2024, 11, 3, 5, 50, tzinfo=timezone.utc)
    always = business("mon-sun 00:00-24:00")
    assert hours_of([(created, created + timedelta(minutes=20))], always, NEW_YORK) == [0]


def brute(created: np.datetime64, replied: np.datetime64, worked: Callable[[datetime], bool]) -> float:
    minutes = np.arange(created, replied, np.timedelta64(1, "m"))
    return sum(worked(minute.item()) for minute in minutes) / 60


def is_worked(minute: datetime) -> bool:
    """The hours of LONG, said another way, with Wednesday 6 March off and Saturday 9 March made up."""
    clock, yesterday = minute.hour + minute.minute / 60, minute - timedelta(days=1)
    if yesterday.weekday() == 4 and clock < 6:
        return True
    if minute.date() == date(2024, 3, 6):
        return False
    made_up = minute.date() == date(2024, 3, 9)
    if minute.weekday() < 4 or made_up:
        return 9 <= clock < 12 or 13.5 <= clock < 18
    return (10 <= clock < 16) if minute.weekday() == 6 else minute.weekday() == 4 and clock >= 22


MINUTE = st.integers(0, 20 * 1440).map(lambda m: np.datetime64("2024-02-26T00:00", "m") + m)


@settings(max_examples=25, deadline=None)
@given(st.lists(MINUTE, min_size=3, max_size=3).map(sorted))
def test_waits_are_those_of_a_count_by_the_minute_and_add_up(times: list[np.datetime64]) -> None:
    read = business(LONG)
    own = Business(read.shifts, off=(date(2024, 3, 6),), extra=(date(2024, 3, 9),))
    utc = [time.item().replace(tzinfo=timezone.utc) for time in times]
    pairs = [(0, 1), (1, 2), (0, 2)]
    found = hours_of([(utc[i], utc[k]) for i, k in pairs], own, "UTC")
    assert found == [pytest.approx(brute(times[i], times[k], is_worked)) for i, k in pairs]
    assert found[2] == pytest.approx((found[0] or 0) + (found[1] or 0))


LIBRARIES: dict[str, Callable[[pa.Table], Any]] = {
    "pandas, Arrow types": lambda rows: rows.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas, NumPy types": lambda rows: rows.to_pandas(),
    "Polars": pl.from_arrow,
    "Polars, lazy": lambda rows: pl.from_arrow(rows).lazy(),
    "PyArrow": lambda rows: rows,
    "DuckDB": lambda rows: duckdb.from_arrow(rows, connection=_store()),
}
GROUPINGS: list[dict[str, Any]] = [{}, {"every": "week", "by": ["brand"]}, {"by": ["topic"]}]
OWN = business(LONG)
MADE_UP = Business(OWN.shifts, off=(date(2023, 12, 25), date(2024, 1, 1)), extra=(date(2024, 1, 6),))
SERVICE = [
    first_response_hours(business=MADE_UP),
    first_response_hours_p90(business=MADE_UP),
    sla_rate(hours=4, business=MADE_UP),
    sla_rate(hours=8),
]


def _store() -> Any:
    store = duckdb.connect()
    store.execute(f"set TimeZone = '{NEW_YORK}'")
    return store


@pytest.fixture(scope="module")
def rows(sample: Callable[..., pa.Table]) -> pa.Table:
    return sample(300, seed=3)


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_gives_the_same(rows: pa.Table, library: str, same: Any) -> None:
    for grouping in GROUPINGS:
        frame = LIBRARIES[library](rows)
        found = measure(frame, kpis=SERVICE, tz=NEW_YORK, **grouping)
        assert type(found) is type(frame)
        same(found, measure(rows, kpis=SERVICE, tz=NEW_YORK, **grouping))


@pytest.mark.parametrize("size", [1, 7, 128])
def test_any_batch_size_gives_the_same(rows: pa.Table, size: int, same: Any) -> None:
    stream = (rows.slice(start, size) for start in range(0, len(rows), size))
    whole = measure(rows, kpis=SERVICE, tz=SHANGHAI, every="week", by=["brand"])
    same(measure(stream, kpis=SERVICE, tz=SHANGHAI, every="week", by=["brand"]), whole)


def test_no_rows_and_no_replies_give_no_value(rows: pa.Table) -> None:
    for none in (rows.slice(0, 0), table([(at("2024-03-01 12:00"), None)])):
        found = measure(none, kpis=SERVICE, tz=SHANGHAI).to_pylist()[0]
        assert (found[MEDIAN], found[f"{MEDIAN}_n"]) == (None, 0)


def test_a_spark_frame_gives_the_same(spark: Any, rows: pa.Table, same: Any) -> None:
    kpis = [sla_rate(hours=4, business=MADE_UP), sla_rate(hours=30, business=MADE_UP)]
    found = measure(spark.createDataFrame(rows), kpis=kpis, tz="UTC", by=["brand"])
    same(found, measure(rows, kpis=kpis, tz="UTC", by=["brand"]))


def test_a_parquet_file_gives_the_same(rows: pa.Table, tmp_path: Any, same: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(rows, tmp_path / "labelled.parquet")
    options: dict[str, Any] = {"tz": SHANGHAI, "by": ["brand"]}
    options["kpis"] = timed("all", target_hours=8, business_hours=WEEK)
    found = measure_parquet(tmp_path / "labelled.parquet", **options)
    same(found, measure(rows, **options))
    assert {"sla_rate_8h_business", MEDIAN, "csat"} <= set(found.columns)
    assert not {"sla_rate", "first_response_hours"} & set(found.columns)


def test_all_hours_of_all_days_are_the_clock(rows: pa.Table) -> None:
    always = business("mon-sun 00:00-24:00")
    found = measure(rows, kpis=["sla_rate", sla_rate(hours=4, business=always)], tz=SHANGHAI, every="month")
    assert found["sla_rate"].to_pylist() == found["sla_rate_business"].to_pylist()


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        (WEEK, [Shift((0, 1, 2, 3, 4), 32_400, 32_400, True)]),
        ("周一至周五 9：00-18：00", [Shift((0, 1, 2, 3, 4), 32_400, 32_400, True)]),
        ("sun-thu 08:00 - 16:30", [Shift((0, 1, 2, 3, 6), 28_800, 30_600, True)]),
        ("mon 22:00-06:00, sat 00:00-24:00", [Shift((0,), 79_200, 28_800, True), Shift((5,), 0, 86_400)]),
    ],
)
def test_hours_are_read(text: str, shifts: list[Shift]) -> None:
    assert list(business(text).shifts) == shifts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon",
        "mon-fri",
        "mon-fri 9-18",
        "mon-fry 09:00-18:00",
        "mon 09:00-25:00",
        "mon 09:60-18:00",
        "mon 09:00-09:00",
    ],
)
def test_hours_that_cannot_be_read_say_where_and_how_to_write_them(text: str) -> None:
    with pytest.raises(UsageError, match=r'mon-fri 09:00-12:00 13:30-18:00, sat 10:00-16:00"'):
        business(text)


@pytest.mark.parametrize(
    "text",
    [
        "mon 09:00-12:00 11:00-15:00",
        "mon-fri 09:00-18:00, wed 10:00-11:00",
        "sun-mon 22:00-10:00, mon 09:00-18:00",
    ],
)
def test_an_hour_given_twice_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="some hour twice"):
        business(text)


def test_unknown_holidays_and_a_missing_library_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("holidays")
    with pytest.raises(UsageError, match="ISO 3166"):
        business(WEEK, holidays="China")
    with pytest.raises(UsageError, match=r"no subdivision 'XX'. It has: .*CA"):
        business(WEEK, holidays="US-XX")
    with pytest.raises(UsageError, match="--business-hours"):
        timed(holidays="CN")
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r'pip install "feedback-nlp\[calendar\]"'):
        business(WEEK, holidays="CN")
    assert business(WEEK).shifts


def test_business_hours_need_a_zone_and_times_of_replies(rows: pa.Table) -> None:
    with pytest.raises(UsageError, match="Asia/Shanghai"):
        measure(rows, kpis=timed(business_hours=WEEK))
    with pytest.raises(SchemaError, match="replied_at"):
        measure(rows.drop_columns(["replied_at"]), kpis=timed(business_hours=WEEK), tz=SHANGHAI)


def test_what_is_asked_for_by_name_is_replaced() -> None:
    asked = timed(["csat", "sla_rate"], target_hours=24)
    assert isinstance(asked, list)
    assert [each if isinstance(each, str) else each.id for each in asked] == ["csat", "sla_rate_24h"]
    assert timed(["csat"]) == ["csat"]
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="target"):
            timed(target_hours=wrong)


def test_every_id_says_its_variant_in_words() -> None:
    for hours in (0.5, 4, 24):
        for own in (None, OWN):
            kpi = sla_rate(hours=hours, business=own)
            named = variant(kpi.id)
            assert named is not None
            assert (named.id, named.name, named.unit) == (kpi.id, kpi.name, "share")
    assert "business hours" in first_response_hours(business=OWN).name.en
    assert all(variant(name) is None for name in KPIS if "response_hours" not in name and name != "sla_rate")
