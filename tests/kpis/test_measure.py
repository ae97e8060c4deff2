"""What `measure` counts, flags, refuses and survives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from feedback_nlp import records
from feedback_nlp.errors import SchemaError, UnknownName, UsageError
from feedback_nlp.kpis import (
    HEADLINE,
    KPIS,
    Estimate,
    Kpi,
    Sum,
    Sums,
    Words,
    finish,
    measure,
    merge,
    partial,
)
from feedback_nlp.kpis.base import UNITS
from feedback_nlp.kpis.expressions import POLARITY
from feedback_nlp.kpis.orders import SEGMENTS

pl = pytest.importorskip("polars")

COMPLAINTS = {"complaint": [True, False, False]}


def kpi_of(id_: str, *sums: Sum) -> Kpi:
    """A KPI made for a test: the first sum over the comments."""

    def share(sums_: Sums) -> Estimate:
        part, n = sums_[sums[0].name], sums_["comments"]
        return Estimate(part / n, part * 0, part * 0 + 1, n)

    return Kpi(id_, Words(id_, id_), "share", Words("", ""), sums, share)


def test_without_a_choice_it_gives_the_headline_kpis_that_the_columns_allow() -> None:
    assert measure(pa.table({"rating": [4.0]})).column_names == [
        "volume",
        *(f"{kpi}{end}" for kpi in ("mean_rating", "csat") for end in ("", "_low", "_high", "_n")),
        "flagged",
    ]
    every = measure(records.empty((*records.INPUT_COLUMNS, *records.label_columns(["price"]))), by=["topic"])
    assert [name for name in every.columns if name in KPIS] == list(HEADLINE)


def test_all_gives_what_the_columns_allow_of_the_catalogue() -> None:
    names = measure(pa.table({"rating": [4.0], "likes": [1]}), kpis="all").column_names
    assert {name for name in names if name in KPIS} == {"volume", "mean_rating", "csat", "share_of_voice"}


@pytest.mark.parametrize(
    "kpis", ["complaint_rate", ["complaint_rate"], ["volume", "complaint_rate"], [KPIS["complaint_rate"]]]
)
def test_kpis_can_be_named_in_several_ways(kpis: Any) -> None:
    table = measure(pa.table(COMPLAINTS), kpis=kpis)
    assert [name for name in table.column_names if name in KPIS] == ["volume", "complaint_rate"]


def test_rows_set_aside_and_chatter_do_not_count() -> None:
    rows = {
        "set_aside": [None, "spam", None, None, "empty"],
        "feedback": [True, True, False, None, None],
        "complaint": [True, True, True, False, True],
    }
    assert measure(pa.table(rows), kpis=["complaint_rate"])["complaint_rate"].to_pylist() == [0.5]
    assert measure(pd.DataFrame(rows), kpis=["complaint_rate"])["complaint_rate"].tolist() == [0.5]


def test_a_group_of_rows_set_aside_alone_has_no_row() -> None:
    rows = pa.table({"brand": ["a", "b"], "set_aside": pa.array([None, "spam"]), "complaint": [True, True]})
    assert measure(rows, by=["brand"])["brand"].to_pylist() == ["a"]


@pytest.mark.parametrize("options", [{}, {"every": "week", "by": ["brand"]}, {"by": ["topic"]}])
def test_an_empty_frame_and_an_empty_stream_give_a_table(options: dict[str, Any]) -> None:
    frame = records.empty((*records.INPUT_COLUMNS, *records.label_columns(["price"])))
    rows = 0 if options else 1
    for table in (
        measure(frame, **options),
        measure(iter([]), **options),
        measure([frame, frame], **options),
    ):
        assert isinstance(table, pd.DataFrame)
        assert len(table) == rows
        assert table.columns[-1] == "flagged"
    for table in (measure(frame, kpis="all", **options), measure(iter([]), kpis="all", **options)):
        assert len(table) == rows


def test_no_denominator_gives_null_and_not_zero() -> None:
    rows = pa.table({"complaint": pa.nulls(2, pa.bool_()), "rating": pa.array([None, float("nan")])})
    row = measure(rows, kpis=["complaint_rate", "mean_rating", "csat"]).to_pylist()[0]
    assert row["volume"] == 2
    for kpi in ("complaint_rate", "mean_rating", "csat"):
        assert row[f"{kpi}_n"] == 0
        assert row[kpi] is row[f"{kpi}_low"] is row[f"{kpi}_high"] is None


def test_one_row_has_values() -> None:
    row = measure(pa.table({"complaint": [True], "rating": [5.0]})).to_pylist()[0]
    assert (row["complaint_rate"], row["mean_rating"], row["csat"]) == (1.0, 5.0, 1.0)
    assert row["mean_rating_low"] is None
    assert 0 < row["complaint_rate_low"] < row["complaint_rate_high"] == 1.0


def test_few_comments_are_flagged_not_hidden() -> None:
    rows = pa.table(
        {"brand": ["a"] * 3 + ["b"] * 2, "complaint": [True] * 5, "rating": [5.0, None, None, 4.0, 4.0]}
    )
    table = measure(rows, by=["brand"], min_n=2, kpis=["complaint_rate", "mean_rating"])
    assert table["flagged"].to_pylist() == [True, False]  # one rating of brand a is too few
    assert table["mean_rating"].to_pylist() == [5.0, 4.0]
    assert measure(rows, min_n=6)["flagged"].to_pylist() == [True]


def test_the_interval_widens_with_the_confidence() -> None:
    low = [measure(pa.table(COMPLAINTS), confidence=c)["complaint_rate_low"][0].as_py() for c in (0.5, 0.95)]
    assert low[1] < low[0]


def test_groups_keep_their_types_and_null_is_a_group() -> None:
    rows = pa.table(
        {
            "day": pa.array([date(2024, 1, 1)] * 3, pa.date32()),
            "size": pa.array([1, None, 1], pa.int16()),
            "score": [0.5, float("nan"), None],
            "kind": pa.array(["x", None, "x"]).dictionary_encode(),
        }
    )
    assert measure(rows, by=["size"]).to_pylist() == [
        {"size": 1, "volume": 2, "flagged": True},
        {"size": None, "volume": 1, "flagged": True},
    ]
    assert measure(rows, by=["score"])["score"].to_pylist() == [0.5, None]
    assert measure(rows, by="kind")["kind"].to_pylist() == ["x", None]
    assert measure(rows, every="day", by=["day"]).column_names[:2] == ["period", "day"]
    assert measure(rows, by=["size"]).schema.field("size").type == pa.int16()


def test_a_group_column_may_be_empty_for_a_whole_part_of_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    module = __import__("feedback_nlp.kpis.measure", fromlist=["ROWS_AT_ONCE"])
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 1)
    frames = [pd.DataFrame({"shop": [None]}), pd.DataFrame({"shop": [7]}), pd.DataFrame({"shop": [None]})]
    table = measure(iter(frames), by=["shop"])
    assert table["shop"].tolist()[0] == 7
    assert table["volume"].tolist() == [1, 2]


def test_frames_of_one_stream_may_lack_what_only_says_whether_a_row_counts() -> None:
    frames = [pd.DataFrame({"rating": [1.0]}), pd.DataFrame({"rating": [5.0], "set_aside": ["spam"]})]
    assert measure(reversed(frames))["volume"].tolist() == [1]


def test_a_stream_gives_the_kind_of_its_frames() -> None:
    frames = [pl.DataFrame({"rating": [1.0, 5.0]}), pl.DataFrame({"rating": [3.0]})]
    assert measure(iter(frames), kpis=["mean_rating"])["mean_rating"].to_list() == [3.0]


def test_record_batches_are_frames_too() -> None:
    batches = pa.table({"rating": [1.0, 5.0, 3.0]}).to_batches(max_chunksize=2)
    for given in (batches, pa.RecordBatchReader.from_batches(batches[0].schema, batches)):
        table = measure(given, kpis=["mean_rating"])
        assert isinstance(table, pa.Table)
        assert table["mean_rating"].to_pylist() == [3.0]
    assert measure(batches[0], kpis=["csat"])["csat"].to_pylist() == [0.5]


def test_a_result_stays_on_the_callers_duckdb_connection_and_leaves_nothing_there() -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as store:
        store.execute("create table rows as select unnest([5.0, 4.0, 1.0]) as rating")
        result = measure(store.table("rows"), kpis=["csat"])
        assert type(result) is type(store.table("rows"))
        assert store.sql("select csat_n from result").fetchall() == [(3,)]
        assert store.sql("select table_name from information_schema.tables").fetchall() == [("rows",)]


def test_sums_are_a_table_of_keys_and_floats_that_add() -> None:
    rows = pa.table({"brand": ["a", "b", "a"], **COMPLAINTS})
    options: dict[str, Any] = {"kpis": ["complaint_rate"], "by": ["brand"]}
    sums = partial(rows, **options)
    assert sums.sort_by("brand").to_pydict() == {
        "brand": ["a", "b"],
        "sum_comments": [2.0, 1.0],
        "sum_complaints": [1.0, 0.0],
        "sum_complaint_known": [2.0, 1.0],
    }
    table = finish(merge(sums, sums), **options)
    assert table["volume"].to_pylist() == [4, 2]
    assert table["complaint_rate"].to_pylist() == [0.5, 0.0]


def test_sums_of_different_plans_do_not_merge() -> None:
    rows = pa.table({"brand": ["a"], "complaint": [True], "rating": [3.0]})
    with pytest.raises(SchemaError, match=r"'sum_(rated|stars|complaint)"):
        merge(partial(rows, kpis=["complaint_rate"]), partial(rows, kpis=["mean_rating"]))
    with pytest.raises(SchemaError, match="nothing to merge"):
        merge()


def test_a_kpi_of_ones_own_is_measured_like_any_other() -> None:
    long = Sum("long", nw.when(nw.col("length") > 100).then(nw.lit(1.0)).otherwise(nw.lit(0.0)), ("length",))
    table = measure(pa.table({"length": [5, 200, 300, None]}), kpis=[kpi_of("long_rate", long)])
    assert table["long_rate"].to_pylist() == [0.5]


def test_two_kpis_that_define_one_sum_differently_are_both_named() -> None:
    one = kpi_of("one", Sum("same", nw.col("rating"), ("rating",)))
    two = kpi_of("two", Sum("same", nw.col("likes"), ("likes",)))
    with pytest.raises(UsageError, match=r"'one' and 'two' both define the sum 'same'"):
        measure(pa.table({"rating": [1.0], "likes": [1]}), kpis=[one, two])
    clash = kpi_of("mine", Sum("comments", nw.col("rating"), ("rating",)))
    with pytest.raises(UsageError, match=r"'volume' and 'mine'"):
        measure(pa.table({"rating": [1.0]}), kpis=[clash])


def test_two_kpis_of_one_id_are_refused() -> None:
    one, two = (kpi_of("twin", Sum(name, nw.col("rating"), ("rating",))) for name in ("x", "y"))
    with pytest.raises(UsageError, match="'twin'"):
        measure(pa.table({"rating": [1.0]}), kpis=[one, two])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"kpis": ["complaint_rat"]}, UnknownName, "Did you mean 'complaint_rate'"),
        ({"kpis": ["csat"]}, SchemaError, "KPI 'csat' needs the column 'rating'"),
        ({"kpis": ["topic_share"]}, UsageError, "Add 'topic' to by"),
        ({"by": ["shop"]}, SchemaError, "by= needs the column 'shop'"),
        ({"by": ["topic"]}, SchemaError, "topic_<id> columns"),
        ({"by": ["complaint", "complaint"]}, UsageError, "twice"),
        ({"by": ["volume"]}, UsageError, "names a column of the result"),
        ({"every": "week"}, SchemaError, "'day'"),
        ({"confidence": 95}, UsageError, "between 0 and 1"),
        ({"min_n": -1}, UsageError, "min_n"),
    ],
)
def test_wrong_use_says_what_to_do(options: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        measure(pa.table(COMPLAINTS), **options)
    with pytest.raises(error, match=words):
        measure(iter([pa.table(COMPLAINTS).to_pandas()]), **options)


@pytest.mark.parametrize("data", [7, "labelled.csv", None, [{"text": "a row"}], ["a text"]])
def test_what_is_no_frame_is_refused(data: Any) -> None:
    with pytest.raises(UsageError, match="frame"):
        measure(data)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"rating": ["5 stars"]}, "'rating' is String, but a number"),
        ({"complaint": ["yes"]}, "'complaint' is String"),
        ({"replied_at": ["2024-01-01"]}, "'replied_at' is String, but a time"),
    ],
)
def test_a_column_of_the_wrong_type_is_named(columns: dict[str, list[Any]], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        measure(pa.table(columns), kpis=["response_rate"] if "replied_at" in columns else None)


def test_a_pandas_column_of_mixed_types_is_named() -> None:
    frame = pd.DataFrame({"rating": [5, "five"]})
    with pytest.raises(SchemaError, match="rating"):
        measure(frame)


def test_frames_of_a_stream_that_lack_a_column_are_refused() -> None:
    frames = [pd.DataFrame({"rating": [1.0]}), pd.DataFrame({"stars": [1.0]})]
    with pytest.raises(SchemaError, match="'rating'"):
        measure(iter(frames))


def test_every_kpi_reads_in_both_languages(sample: Callable[..., pa.Table]) -> None:
    declared = set(sample(1).column_names) | {POLARITY}
    for id_, kpi in KPIS.items():
        assert id_ == kpi.id
        assert kpi.unit in UNITS
        assert declared.issuperset(kpi.needs), id_
        assert kpi.meaning.en.endswith(".")
        assert kpi.meaning.zh.endswith("。")
        assert any("一" <= letter <= "鿿" for letter in kpi.name.zh)
        assert kpi.name.en.isascii()


def test_chinese_words_have_chinese_punctuation() -> None:
    words = [word for kpi in KPIS.values() for word in (kpi.name, kpi.meaning)]
    for word in (*words, *UNITS.values(), *SEGMENTS.values()):
        assert not re.search(r"[,;:?!()]", re.sub(r"log2\(.*?\)", "", word.zh)), word.zh


def test_the_catalogue_is_whole() -> None:
    wanted = """volume complaint_rate negative_rate sentiment_index polar_index reputation severity_index critical_rate
    leaving_rate returning_rate loyalty_index mean_rating csat nps engagement reach_weighted_index share_of_voice
    topic_share topic_complaint_rate topic_index topic_impact response_rate first_response_hours sla_rate
    resolution_rate unresolved_rate backlog"""
    assert set(wanted.split()) <= set(KPIS)
