"""A KPI table as series: for each KPI and group, the values of consecutive periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from feedback_nlp.errors import SchemaError
from feedback_nlp.kpis import KPIS
from feedback_nlp.kpis.periods import starts as starts_of

Floats = npt.NDArray[np.float64]
Kind = Literal["share", "count", "mean"]
Group = tuple[tuple[str, str | None], ...]
"""The `by` columns and their values."""

_KINDS: dict[str, Kind] = {"share": "share", "comments": "count", "count": "count"}

_LIMITS: dict[str, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "index": (-100.0, 100.0),
    "stars": (1.0, 5.0),
    "severity": (0.0, 3.0),
    "comments": (0.0, np.inf),
    "count": (0.0, np.inf),
    "hours": (0.0, np.inf),
}
"""Unit → the ends of its scale."""


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """Consecutive periods of one KPI in one group, arrays of shape (T,), gaps filled: n = 0 and a NaN value.

    `variance` is of one comment (a mean's only, NaN elsewhere); counts have n = 1.
    """

    kpi: str
    group: Group
    kind: Kind
    periods: tuple[dt.date, ...]
    value: Floats
    n: Floats
    variance: Floats

    @property
    def total(self) -> Floats:
        """value × n, 0 where there is none: the number of cases of a share."""
        return np.where(self.n > 0, np.nan_to_num(self.value) * self.n, 0.0)


def kind_of(kpi: str) -> Kind:
    """What a KPI's values are: a share of comments, a count, or a mean (indices are means of −100, 0 and 100)."""
    return _KINDS.get(KPIS[kpi].unit, "mean")


def limits_of(kpi: str) -> tuple[float, float]:
    """The ends of a KPI's scale."""
    return _LIMITS.get(KPIS[kpi].unit, (-np.inf, np.inf))


def series_of(
    table: pd.DataFrame,
    *,
    every: str,
    by: Sequence[str] = (),
    kpis: Sequence[str],
    confidence: float = 0.95,
    covered: tuple[dt.date, dt.date] | None = None,
) -> Iterator[Series]:
    """The series of a table as `kpis.measure(every=..., by=...)` gives it, over all periods from its first to its last.

    `covered`: first and last day the data hold; counts of periods that stick out of it are left out, since they are
    not whole. A count's series begins with its group's first comment.

    Raises:
        SchemaError: the table lacks `period`, a `by` column or a KPI.
    """
    missing = [name for name in ("period", *by, *kpis) if name not in table.columns]
    if missing:
        raise SchemaError(
            f"this KPI table has no column {missing[0]!r}; it has {', '.join(map(str, table.columns))}. "
            "Make it with kpis.measure(frames, every=..., by=..., kpis=...)."
        )
    dated = table[table["period"].notna()]
    periods = _calendar(dated["period"], every)
    whole = np.array([_is_whole(period, every, covered) for period in periods], dtype=np.bool_)
    groups = dated.groupby(list(by), dropna=False, sort=True) if by else [((), dated)]
    for key, rows in groups:
        keys = key if isinstance(key, tuple) else (key,)
        group = tuple((name, _text(k)) for name, k in zip(by, keys, strict=True))
        placed = rows.set_index("period").reindex(list(periods))
        for kpi in kpis:
            yield _series(placed, kpi, group, periods, whole, confidence)


def _text(key: Any) -> str | None:
    return None if pd.isna(key) else str(key)


def _calendar(periods: pd.Series, every: str) -> tuple[dt.date, ...]:
    """Every period from the first to the last."""
    if periods.empty:
        return ()
    days = np.arange(periods.min(), periods.max() + dt.timedelta(days=1), dtype="datetime64[D]")
    starts = np.unique(starts_of(days.astype(np.int64), every))
    return tuple(starts.astype("datetime64[D]").tolist())


def first_day(day: dt.date, every: str) -> dt.date:
    """The first day of the period that holds `day`."""
    number = starts_of(np.array([day], dtype="datetime64[D]").astype(np.int64), every)
    first: dt.date = number.astype("datetime64[D]").tolist()[0]
    return first


def last_day(period: dt.date, every: str) -> dt.date:
    """The last day of the period that begins on `period`."""
    days = np.datetime64(period) + np.arange(1, 93)
    later = days[starts_of(days.astype(np.int64), every) != np.datetime64(period).astype(np.int64)]
    last: dt.date = (later[0] - 1).astype("datetime64[D]").item()
    return last


def _is_whole(period: dt.date, every: str, covered: tuple[dt.date, dt.date] | None) -> bool:
    return covered is None or (covered[0] <= period and last_day(period, every) <= covered[1])


def _series(
    rows: pd.DataFrame,
    kpi: str,
    group: Group,
    periods: tuple[dt.date, ...],
    whole: npt.NDArray[np.bool_],
    confidence: float,
) -> Series:
    kind = kind_of(kpi)
    value = rows[kpi].to_numpy(dtype=np.float64, na_value=np.nan)
    if kind == "count":
        value = np.nan_to_num(value)
        n = (whole & (np.cumsum(value) > 0)).astype(np.float64)
        return Series(kpi, group, kind, periods, value, n, np.full(len(value), np.nan))
    low, high, n = (
        rows[f"{kpi}_{part}"].to_numpy(dtype=np.float64, na_value=np.nan) for part in ("low", "high", "n")
    )
    # an interval cut at the end of a scale is whole on its other side
    least, most = limits_of(kpi)
    half = np.where((low > least) & (high < most), (high - low) / 2, np.fmax(value - low, high - value))
    variance = (half / float(ndtri(0.5 + confidence / 2))) ** 2 * n
    return Series(kpi, group, kind, periods, value, np.nan_to_num(n), variance)
