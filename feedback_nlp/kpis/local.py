"""Times on the clock of a place, and their calendar parts."""

from __future__ import annotations

import narwhals as nw

from feedback_nlp.errors import UsageError
from feedback_nlp.kpis.door import Rows


def local_column(name: str) -> str:
    """The column that holds a column's times as local ones."""
    return f"__local_{name}__"


def local_time(rows: Rows, name: str, tz: str | None) -> nw.Expr:
    """A column of times in the zone `tz`; times without a zone, and all where `tz` is None, stay as they are.

    Raises:
        UsageError: the engine knows no zone but that of its session, which is another.
    """
    time, kind = nw.col(name), rows.collect_schema()[name]
    if not (tz and isinstance(kind, nw.Datetime) and kind.time_zone and kind.time_zone != tz):
        return time
    if rows.implementation.is_duckdb() or rows.implementation.is_spark_like():
        raise UsageError(
            f"tz={tz!r} is not the zone of this session, {kind.time_zone!r}, and its engine has no other. "
            "Set the session's zone: DuckDB: SET TimeZone = '…'; Spark: spark.sql.session.timeZone."
        )
    return time.dt.convert_time_zone(tz)


def day_number(name: str) -> nw.Expr:
    """The day of a time as `date.toordinal` counts it, from its calendar parts: the one way that every engine's dates offer."""
    time = nw.col(name).dt
    years = time.year().cast(nw.Float64) - 1
    leaps = (years / 4).floor() - (years / 100).floor() + (years / 400).floor()
    return 365 * years + leaps + time.ordinal_day().cast(nw.Float64)


def second_of_day(name: str) -> nw.Expr:
    """Whole seconds since midnight."""
    time = nw.col(name).dt
    minutes = 60 * time.hour().cast(nw.Float64) + time.minute().cast(nw.Float64)
    return 60 * minutes + time.second().cast(nw.Float64)
