"""The schema holds for any batch, of any size, whatever is missing."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import records
from feedback_nlp.errors import SchemaError

VALUES = {
    "text": st.none() | st.text(max_size=20),
    "rating": st.none() | st.just(float("nan")) | st.floats(1, 5),
    "likes": st.none() | st.integers(0, 10**6),
    "created_at": st.none()
    | st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda t: t.replace(tzinfo=timezone.utc)),
    "day": st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1)),
}


@given(
    rows=st.lists(st.fixed_dictionaries(VALUES), max_size=5), names=st.sets(st.sampled_from(sorted(VALUES)))
)
@settings(deadline=None, max_examples=60)
def test_any_batch_has_the_same_columns_and_types(rows: list[dict[str, object]], names: set[str]) -> None:
    frame = records.conform(pd.DataFrame(rows, columns=sorted(VALUES), dtype="object")[sorted(names)])
    assert pa.Schema.from_pandas(frame, preserve_index=False).equals(
        records.INPUT_SCHEMA, check_metadata=False
    )
    assert len(frame) == len(rows)


def test_nan_becomes_null() -> None:
    frame = records.conform(pd.DataFrame({"rating": [4.0, float("nan"), None]}))
    assert frame["rating"].isna().tolist() == [False, True, True]
    assert pa.array(frame["rating"]).null_count == 2


def test_extra_columns_keep_their_names_and_the_frame_given_is_not_changed() -> None:
    given_ = pd.DataFrame({"sku": ["a"], "text": ["ok"]}, index=[7])
    before = given_.copy(deep=True)
    frame = records.conform(given_)
    assert frame["sku"].tolist() == ["a"]
    assert list(frame.columns[: len(records.INPUT_COLUMNS)]) == [
        column.name for column in records.INPUT_COLUMNS
    ]
    pd.testing.assert_frame_equal(given_, before)


def test_a_value_of_the_wrong_type_names_its_column() -> None:
    with pytest.raises(SchemaError, match="'likes'"):
        records.conform(pd.DataFrame({"likes": ["many"]}))


def test_an_empty_frame_has_every_column() -> None:
    assert len(records.empty()) == 0
    assert list(records.empty().columns) == [column.name for column in records.INPUT_COLUMNS]


def test_a_missing_column_is_named_with_its_purpose() -> None:
    with pytest.raises(SchemaError, match=r"annotate needs the column 'text'.*likes"):
        records.require(pd.DataFrame({"likes": [1]}), ["text"], purpose="annotate")
