"""Read a KPI table of any frame kind as plain rows, and its cells as values with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import narwhals as nw

Row = dict[str, Any]
_SUFFIXES = ("_low", "_high", "_n")


@dataclass(frozen=True, slots=True)
class Value:
    """A KPI's value with its interval and denominator; `flagged` where n is under the least the settings allow.

    `basis` is empty, or what an audit made of it: corrected, pooled or uncorrected.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    flagged: bool = False
    basis: str = ""


def rows(frame: Any) -> list[Row]:
    """The rows of any frame Narwhals reads, as dicts; NaN and null are None. None gives no rows."""
    if frame is None:
        return []
    table = nw.from_native(frame)
    if isinstance(table, nw.LazyFrame):
        table = table.collect()
    return [{key: _known(value) for key, value in row.items()} for row in table.iter_rows(named=True)]


def kpi_ids(row: Mapping[str, Any]) -> list[str]:
    """Ids of the KPIs a row of a wide table holds, in its order: the columns that come with a denominator."""
    return [name for name in row if f"{name}_n" in row and not name.endswith(_SUFFIXES)]


def value_of(row: Mapping[str, Any], kpi: str, *, min_n: int) -> Value:
    """The cell of one KPI; a row without it gives a value of None."""
    n = row.get(f"{kpi}_n")
    few = bool(row.get("flagged")) if n is None else n < min_n
    return Value(
        value=_number(row.get(kpi)),
        low=_number(row.get(f"{kpi}_low")),
        high=_number(row.get(f"{kpi}_high")),
        n=None if n is None else int(n),
        flagged=few,
        basis=str(row.get(f"{kpi}_basis") or ""),
    )


def day_of(value: Any) -> date | None:
    """A period's start as a date, from a date, a timestamp or ISO text."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


def by_key(table: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """Rows grouped by one column, groups in the order they first appear."""
    groups: dict[Any, list[Row]] = {}
    for row in table:
        groups.setdefault(row.get(key), []).append(row)
    return groups


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _known(value: Any) -> Any:
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value
