"""Every KPI gives the same on every frame library, however the rows are cut, and gives back the caller's kind."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.kpis import KPIS, finish, measure, merge, partial

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

ROWS = 150
GROUPINGS: list[dict[str, Any]] = [
    {},
    {"every": "week", "by": ["brand"]},
    {"every": "28d", "by": ["brand", "topic"]},
]


def with_nan(table: pa.Table) -> pa.Table:
    """The same table with NaN instead of null in columns of floats."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            values = table[field.name].to_numpy(zero_copy_only=False)
            table = table.set_column(place, field, pa.chunked_array([pa.array(values)]))
    return table


LIBRARIES: dict[str, Callable[[pa.Table], Any]] = {
    "pandas, Arrow types": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas, NumPy types": lambda table: table.to_pandas(),
    "Polars": lambda table: pl.DataFrame(pl.from_arrow(table)),
    "Polars with NaN": lambda table: pl.DataFrame(pl.from_arrow(with_nan(table))),
    "Polars, lazy": lambda table: pl.DataFrame(pl.from_arrow(table)).lazy(),
    "PyArrow": lambda table: table,
    "PyArrow with NaN": with_nan,
    "DuckDB": duckdb.from_arrow,
    "DuckDB with NaN": lambda table: duckdb.from_arrow(with_nan(table)),
}


@pytest.fixture(scope="module")
def rows(sample: Callable[..., pa.Table]) -> pa.Table:
    """Random rows, a brand of one comment, a brand of one comment without a single label, and a brand set aside."""
    whole = sample(1, gaps=0).set_column(0, "set_aside", pa.nulls(1, pa.string()))
    kept = {"set_aside", "created_at", "day"}
    bare = pa.table({f.name: whole[f.name] if f.name in kept else pa.nulls(1, f.type) for f in whole.schema})
    aside = whole.set_column(0, "set_aside", pa.array(["spam"]))
    odd = [
        part.set_column(part.column_names.index("brand"), "brand", pa.array([name]))
        for name, part in (("one row", whole), ("no label", bare), ("set aside", aside))
    ]
    return pa.concat_tables([sample(ROWS - len(odd)), *odd]).combine_chunks()


@pytest.fixture(scope="module")
def expected(rows: pa.Table) -> list[pa.Table]:
    return [measure(rows, kpis="all", **grouping) for grouping in GROUPINGS]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("case", range(len(GROUPINGS)))
def test_every_library_gives_the_same_and_its_own_kind(
    rows: pa.Table, expected: list[pa.Table], library: str, case: int, same: Any
) -> None:
    frame = LIBRARIES[library](rows)
    table = measure(frame, kpis="all", **GROUPINGS[case])
    assert type(table) is type(frame)
    same(table, expected[case])


def test_a_brand_of_one_row_of_no_label_and_of_none_that_counts(expected: list[pa.Table]) -> None:
    found = {row["brand"]: row for row in expected[1].to_pylist()}
    assert "set aside" not in found
    rates = [name for name in found["one row"] if f"{name}_n" in found["one row"]]
    assert found["one row"]["volume"] == found["no label"]["volume"] == 1
    on_rows = {"share_of_voice", "response_rate", "sla_rate", "backlog"}  # these read no label
    for name in rates:
        row = found["no label"]
        assert name in on_rows or (row[name], row[f"{name}_n"]) == (None, 0), name
    assert sum(found["one row"][name] is not None for name in rates) > 15


@pytest.fixture(scope="module")
def of_nothing(rows: pa.Table) -> list[pa.Table]:
    return [measure(rows.slice(0, 0), kpis="all", **grouping) for grouping in GROUPINGS]


@pytest.mark.parametrize("library", [name for name in LIBRARIES if "NaN" not in name])
@pytest.mark.parametrize("case", [0, 2])
def test_no_rows_at_all_give_zeros_or_an_empty_table(
    rows: pa.Table, of_nothing: list[pa.Table], library: str, case: int, same: Any
) -> None:
    table = measure(LIBRARIES[library](rows.slice(0, 0)), kpis="all", **GROUPINGS[case])
    same(table, of_nothing[case])


def test_of_no_rows_there_is_no_value(of_nothing: list[pa.Table]) -> None:
    assert [len(table) for table in of_nothing] == [1, 0, 0]
    row = of_nothing[0].to_pylist()[0]
    for name in (name for name in row if f"{name}_n" in row):
        assert row[f"{name}_n"] == 0
        assert row[name] is None or name == "backlog"


def test_the_expected_table_holds_every_kpi(expected: list[pa.Table]) -> None:
    assert set(KPIS) <= set(expected[2].column_names)
    assert {name for name in KPIS if not name.startswith("topic_")} <= set(expected[0].column_names)


@pytest.mark.parametrize("size", [1, 7, 128, 5000])
@pytest.mark.parametrize(
    ("library", "case"),
    [
        *(("pandas, Arrow types", case) for case in range(len(GROUPINGS))),
        ("Polars with NaN", 2),
        ("PyArrow", 2),
        ("PyArrow with NaN", 1),
    ],
)
def test_any_batch_size_gives_the_same(
    rows: pa.Table, expected: list[pa.Table], size: int, library: str, case: int, same: Any
) -> None:
    def stream() -> Iterator[Any]:
        for start in range(0, ROWS, size):
            yield LIBRARIES[library](rows.slice(start, size))

    table = measure(stream(), kpis="all", **GROUPINGS[case])
    assert type(table) is type(LIBRARIES[library](rows))
    same(table, expected[case])


@pytest.mark.parametrize("size", [7, 128])
def test_batches_whose_types_would_be_guessed_give_the_same(
    rows: pa.Table, expected: list[pa.Table], size: int, same: Any
) -> None:
    """Plain pandas frames cut small: a batch without ratings, brands or replies has other dtypes than its neighbours."""
    frames = (rows.slice(start, size).to_pandas() for start in range(0, ROWS, size))
    same(measure(frames, kpis="all", **GROUPINGS[1]), expected[1])


def test_a_stream_of_lazy_frames_gives_the_same(rows: pa.Table, expected: list[pa.Table], same: Any) -> None:
    frames = (pl.DataFrame(pl.from_arrow(rows.slice(start, 200))).lazy() for start in range(0, ROWS, 200))
    table = measure(frames, kpis="all", **GROUPINGS[1])
    assert isinstance(table, pl.LazyFrame)
    same(table, expected[1])


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_split_of_the_rows_gives_the_same(sample: Any, same: Any, data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 1000), label="seed")
    size = data.draw(st.integers(0, 40), label="rows")
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=3), label="cuts"))
    options = {
        "kpis": "all",
        "every": data.draw(st.sampled_from([None, "day", "week", "month", "quarter", "7d"]), label="every"),
        "by": data.draw(st.sampled_from([(), ("brand",), ("topic",), ("brand", "topic")]), label="by"),
    }
    table = sample(size, seed).take(np.random.default_rng(seed).permutation(size))
    bounds = [0, *cuts, size]
    parts = [table.slice(a, b - a) for a, b in itertools.pairwise(bounds)]
    sums = merge(*(partial(part, **options) for part in parts))
    same(finish(sums, **options), measure(table, **options))


@pytest.fixture(scope="module")
def spark_frame(spark: Any, rows: pa.Table) -> Any:
    return spark.createDataFrame(rows).cache()


HISTOGRAM = {"first_response_hours", "first_response_hours_p90"}


@pytest.mark.parametrize(
    ("kpis", "grouping"),
    [
        ([name for name in KPIS if not name.startswith("topic_") and name not in HISTOGRAM], GROUPINGS[1]),
        (sorted(HISTOGRAM), {"by": ["brand"]}),
        ([name for name in KPIS if name.startswith("topic_")], {"by": ["topic"]}),
    ],
    ids=["most", "histogram", "topics"],
)
def test_a_spark_frame_gives_the_same(
    spark_frame: Any, rows: pa.Table, same: Any, kpis: list[str], grouping: dict[str, Any]
) -> None:
    table = measure(spark_frame, kpis=kpis, **grouping)
    assert type(table) is type(spark_frame)
    same(table, measure(rows, kpis=kpis, **grouping))


def test_a_spark_frame_without_arrow_holds_nan_and_gives_the_same(
    spark: Any, rows: pa.Table, same: Any
) -> None:
    kpis, by = ["mean_rating", "csat", "topic_index"], ["topic"]
    frame = spark.createDataFrame(with_nan(rows.select(["day", "rating", "topic_price", "topic_quality"])))
    same(
        measure(frame, kpis=kpis, by=by),
        measure(rows.drop_columns(["set_aside", "feedback"]), kpis=kpis, by=by),
    )


def test_what_is_given_is_not_changed(rows: pa.Table) -> None:
    frame = rows.to_pandas()
    before = frame.copy(deep=True)
    measure(frame, kpis="all", every="week", by=["brand"])
    pd.testing.assert_frame_equal(frame, before)


def test_narwhals_frames_are_frames_too(rows: pa.Table, expected: list[pa.Table], same: Any) -> None:
    same(measure(nw.from_native(rows), kpis="all", **GROUPINGS[1]), expected[1])
