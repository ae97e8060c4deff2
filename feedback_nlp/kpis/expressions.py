"""Row expressions that KPIs sum, written so that every engine reads missing alike.

NaN is missing in pandas but a number in Polars, PyArrow and Spark: both null and NaN count as missing here.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

ONE = nw.lit(1.0)
POLARITY = "__polarity__"


def count(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 where it does not or is null."""
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def is_number(name: str) -> nw.Expr:
    """Whether a column holds a finite number (booleans are 0 and 1)."""
    return nw.col(name).cast(nw.Float64).is_finite()


def number(name: str) -> nw.Expr:
    """A column as a float, 0 where it is missing."""
    return nw.when(is_number(name)).then(nw.col(name).cast(nw.Float64)).otherwise(nw.lit(0.0))


def is_within(name: str, low: float, high: float) -> nw.Expr:
    """Whether a column holds a number of its scale; others, such as 0 stars for "not rated", are missing values."""
    value = nw.col(name).cast(nw.Float64)
    return is_number(name) & (value >= low) & (value <= high)


def number_within(name: str, low: float, high: float) -> nw.Expr:
    """A column as a float, 0 where it is missing or off its scale."""
    return nw.when(is_within(name, low, high)).then(nw.col(name).cast(nw.Float64)).otherwise(nw.lit(0.0))


def is_flag(name: str) -> nw.Expr:
    """Whether a flag is known: true or false, 1 or 0."""
    value = nw.col(name).cast(nw.Float64)
    return is_number(name) & ((value == 0.0) | (value == 1.0))


def is_true(name: str) -> nw.Expr:
    """Whether a flag is set; null where unknown."""
    return is_number(name) & (nw.col(name).cast(nw.Float64) == 1.0)


def is_label(name: str, label: str) -> nw.Expr:
    """Whether a text column holds a label; null where unknown."""
    return nw.col(name).cast(nw.String) == label


def is_any_label(name: str, labels: Sequence[str]) -> nw.Expr:
    """Whether a text column holds one of the labels there are; any other text is a missing value."""
    return nw.col(name).cast(nw.String).is_in(list(labels))


def is_known(name: str) -> nw.Expr:
    """Whether a column that is not a number holds anything."""
    return ~nw.col(name).is_null()
