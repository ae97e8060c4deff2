"""What a KPI is: expressions to sum over the rows, and how to finish from the sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]

TOPIC = "topic"
PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in English and Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, eq=False, slots=True)
class Derived:
    """A column worked out once per row, for several sums to use.

    `local` names the columns of times it reads as local ones, from `local.local_column`. With a `table`, its other
    columns come too, of the row that holds the same number in its column `name`; null where none does.
    """

    name: str
    expr: nw.Expr
    needs: tuple[str, ...]
    local: tuple[str, ...] = ()
    table: pa.Table | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Sum:
    """A number per row that is added up: a float, or null, which adds nothing.

    KPIs share a sum by holding the same object; two objects of one name are a conflict.
    `dated` is the column whose local date puts the row into a period; `running` sums go on from period to period.
    """

    name: str
    expr: nw.Expr
    needs: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    dated: str = "day"
    running: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of G groups, each an array of shape (G,), and the confidence asked for, 0–1.

    `own` is of the group itself; `whole` of the same group whatever the topic (equal to `own` when not split by topic);
    `pool` of all groups of the same period together.
    """

    own: Mapping[str, Floats]
    whole: Mapping[str, Floats]
    pool: Mapping[str, Floats]
    confidence: float = 0.95

    def __getitem__(self, name: str) -> Floats:
        """The group's own sum."""
        return self.own[name]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value per group, its interval, and the denominator `n`; arrays of shape (G,), NaN where there is none."""

    value: Floats
    low: Floats
    high: Floats
    n: Floats


def plain(value: Floats, n: Floats) -> Estimate:
    """An estimate without an interval: counts and totals."""
    nothing = np.full(len(value), np.nan)
    return Estimate(value, nothing, nothing, n)


@dataclass(frozen=True, slots=True)
class Kpi:
    """A measure of feedback. `meaning` says what is divided by what; `unit` is a key of `UNITS`.

    With `per_topic`, it exists only where groups are split by topic. `interval` is a key of `METHODS`; `left_out` says
    which of the comments that count are not in the denominator.
    """

    id: str
    name: Words
    unit: str
    meaning: Words
    sums: tuple[Sum, ...]
    finish: Callable[[Sums], Estimate]
    per_topic: bool = False
    interval: str = "none"
    left_out: Words = Words("", "")

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns its sums read, each once, without topic columns."""
        names = [name for each in self.sums for name in (*each.needs, *_derived_needs(each))]
        dated = [each.dated for each in self.sums if each.dated != "day"]
        return tuple(dict.fromkeys([*names, *dated]))


def _derived_needs(each: Sum) -> tuple[str, ...]:
    return tuple(name for column in each.derived for name in column.needs)


UNITS: dict[str, Words] = {
    "comments": Words("comments", "条"),
    "count": Words("count", "次"),
    "share": Words("share, 0–1", "占比，0–1"),
    "index": Words("index, −100 to 100", "指数，−100 至 100"),
    "points": Words("index points", "指数点"),
    "stars": Words("stars, 1–5", "星，1–5"),
    "severity": Words("severity, 0–3", "严重度，0–3"),
    "hours": Words("hours", "小时"),
    "orders": Words("orders", "单"),
    "currency": Words("money, in the currency of the orders", "金额，按订单货币"),
}
