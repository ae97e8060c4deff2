"""Labelled rows made up at random, with every column of the schema that a KPI reads, and gaps in all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from feedback_nlp import records

UTC = pa.timestamp("us", tz="UTC")


def labelled(rows: int, seed: int = 0, *, gaps: float = 0.15) -> pa.Table:
    """`rows` random labelled comments; each value is null with probability `gaps`."""
    rng = np.random.default_rng(seed)

    def some(values: Any, kind: pa.DataType, share: float = gaps) -> pa.Array:
        return pa.array(np.asarray(values), mask=rng.random(rows) < share).cast(kind)

    created = np.datetime64("2023-11-20", "us") + rng.integers(0, 80 * 86_400, rows).astype("m8[s]")
    replied = created + (3600 * rng.lognormal(1, 1.5, rows)).astype("m8[s]")
    columns = {
        "set_aside": some(rng.choice(["spam", "exact_duplicate"], rows), pa.string(), 0.9),
        "created_at": some(created.astype("M8[us]"), pa.timestamp("us"), 0).cast(UTC),
        "day": some(created.astype("M8[D]"), pa.date32(), gaps / 5),
        "brand": some(rng.choice(["青竹", "Blue Tea"], rows), pa.string()),
        "rating": some(rng.integers(1, 6, rows), pa.float64(), 2 * gaps),
        "recommend_score": some(rng.integers(0, 11, rows), pa.float64(), 2 * gaps),
        "sentiment": some(rng.choice(records.SENTIMENTS, rows), pa.string()),
        "severity": some(rng.integers(0, 4, rows), pa.int8()),
        "replied_at": some(replied.astype("M8[us]"), pa.timestamp("us"), 0.4).cast(UTC),
        "resolved_at": some(
            (replied + np.timedelta64(1, "D")).astype("M8[us]"), pa.timestamp("us"), 0.6
        ).cast(UTC),
        "feedback": some(rng.random(rows) < 0.95, pa.bool_()),
    }
    for flag in ("complaint", "leaving", "returning"):
        columns[flag] = some(rng.random(rows) < 0.4, pa.bool_())
    for number in ("likes", "replies", "shares"):
        columns[number] = some(rng.integers(0, 500, rows), pa.int64(), 2 * gaps)
    for topic in ("price", "quality"):
        columns[records.topic_column(topic)] = some(rng.integers(-1, 2, rows), pa.int8(), 0.6)
    return pa.table(columns)


@pytest.fixture(scope="session")
def sample() -> Callable[..., pa.Table]:
    """The maker of random labelled rows."""
    return labelled


@pytest.fixture(scope="session")
def same(arrow_of: Callable[[Any], pa.Table]) -> Callable[[Any, Any], None]:
    """The check that two results hold the same rows, but for rounding."""

    def check(one: Any, other: Any) -> None:
        left, right = arrow_of(one), arrow_of(other)
        assert left.column_names == right.column_names
        assert len(left) == len(right)
        for name in left.column_names:
            a, b = left[name].to_pylist(), right[name].to_pylist()
            if pa.types.is_floating(left.schema.field(name).type):
                assert [x is None for x in a] == [x is None for x in b], name
                numbers = [[np.nan if x is None else x for x in side] for side in (a, b)]
                np.testing.assert_allclose(*numbers, rtol=1e-9, atol=1e-9, err_msg=name)
            else:
                assert a == b, name

    return check
