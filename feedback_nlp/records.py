"""The schema: what a row of feedback is, before and after it is labelled.

Everything between a collector and a KPI is an iterator of frames that conform to this schema. Frames are pandas frames
whose columns are Arrow-typed (`pandas.ArrowDtype`), so that missing is always null, a batch of one row has the
same types as a batch of a million, and the frame reads the same in Polars, PyArrow, DuckDB and Spark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa

from feedback_nlp.errors import SchemaError

TIMESTAMP = pa.timestamp("us", tz="UTC")

CHANNELS = ("review", "social", "app", "survey", "support")
LANGUAGES = ("zh", "en", "mixed", "other")
SENTIMENTS = ("negative", "neutral", "positive", "mixed")
FLAGS = ("complaint", "leaving", "returning", "question", "suggestion", "feedback")

EXACT_DUPLICATE = "exact_duplicate"
NEAR_DUPLICATE = "near_duplicate"
SYSTEM_DEFAULT = "system_default"
EMPTY = "empty"
SPAM = "spam"
OTHER_LANGUAGE = "other_language"
NOT_FEEDBACK = "not_feedback"
SET_ASIDE_REASONS = (
    EXACT_DUPLICATE,
    NEAR_DUPLICATE,
    SYSTEM_DEFAULT,
    EMPTY,
    SPAM,
    OTHER_LANGUAGE,
    NOT_FEEDBACK,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the schema: its name, Arrow type, and what it means (units, zone, allowed values)."""

    name: str
    type: pa.DataType
    meaning: str


INPUT_COLUMNS: tuple[Column, ...] = (
    Column("id", pa.string(), "the dump's own id, else a stable hash of the row's content"),
    Column("source", pa.string(), "file (or frame) the row was read from"),
    Column("row", pa.int64(), "number of the data row within the source, from 1"),
    Column(
        "set_aside",
        pa.string(),
        f"why the row does not count, null where it does: {', '.join(SET_ASIDE_REASONS)}",
    ),
    Column("platform", pa.string(), "id of the platform whose export this is"),
    Column("channel", pa.string(), f"kind of place the comment was made: {', '.join(CHANNELS)}"),
    Column("text", pa.string(), "the comment, cleaned, with personal data masked"),
    Column("lang", pa.string(), f"language: {', '.join(LANGUAGES)}"),
    Column("created_at", TIMESTAMP, "when it was written, UTC"),
    Column("day", pa.date32(), "local date of created_at in the named time zone"),
    Column("rating", pa.float64(), "stars, 1–5"),
    Column("recommend_score", pa.float64(), "likelihood to recommend, 0–10"),
    Column("author", pa.string(), "keyed hash of the author"),
    Column("brand", pa.string(), "brand or organisation the comment is about"),
    Column("product", pa.string(), "product, shop, film, app … the comment is about"),
    Column("region", pa.string(), "region, as the dump names it"),
    Column("likes", pa.int64(), "likes or helpful votes, count"),
    Column("replies", pa.int64(), "replies, count"),
    Column("shares", pa.int64(), "shares or reposts, count"),
    Column("replied_at", TIMESTAMP, "when the organisation first replied, UTC"),
    Column("resolved_at", TIMESTAMP, "when the matter was closed, UTC"),
    Column("url", pa.string(), "link to the comment"),
)

_LABEL_COLUMNS: tuple[Column, ...] = (
    Column("sentiment", pa.string(), f"overall attitude: {', '.join(SENTIMENTS)}"),
    *(Column(f"p_{label}", pa.float32(), f"calibrated probability of {label}, 0–1") for label in SENTIMENTS),
    Column("sentiment_score", pa.float32(), "p_positive − p_negative, −1..1"),
    Column("complaint", pa.bool_(), "reports a concrete problem the organisation could fix"),
    Column("p_complaint", pa.float32(), "calibrated probability of complaint, 0–1"),
    Column("severity", pa.int8(), "how badly the writer was hurt, 0 none – 3 critical"),
    Column("leaving", pa.bool_(), "says they leave, or warns others off"),
    Column("returning", pa.bool_(), "says they come back, or recommends"),
    Column("question", pa.bool_(), "asks for help or information"),
    Column("suggestion", pa.bool_(), "asks for an improvement or a feature"),
    Column("feedback", pa.bool_(), "false for advertisement, spam, chatter"),
    Column("confidence", pa.float32(), "probability of the sentiment given, 0–1"),
    Column("truncated", pa.bool_(), "the text was longer than the model reads; its end is not in the labels"),
    Column("model", pa.string(), "name@version of the model that gave the labels"),
)


def topic_column(topic: str) -> str:
    """Name of the column that holds a topic's polarity (−1, 0, +1; null where not mentioned)."""
    return f"topic_{topic}"


def label_columns(topics: Sequence[str]) -> tuple[Column, ...]:
    """Columns that `annotate` adds, in order, for a model that knows `topics`."""
    named = (
        Column(topic_column(t), pa.int8(), f"polarity of {t}: −1, 0, +1; null: not mentioned") for t in topics
    )
    return (*_LABEL_COLUMNS[:-3], *named, *_LABEL_COLUMNS[-3:])


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The same columns as an Arrow schema."""
    return pa.schema(
        [pa.field(column.name, column.type, metadata={"meaning": column.meaning}) for column in columns]
    )


INPUT_SCHEMA: pa.Schema = arrow_schema(INPUT_COLUMNS)


@lru_cache(maxsize=64)
def dtype_of(arrow_type: pa.DataType) -> pd.ArrowDtype:
    """The pandas dtype that holds an Arrow type."""
    return pd.ArrowDtype(arrow_type)


def column_of(values: Any, arrow_type: pa.DataType, *, name: str) -> pd.Series:
    """`values` (a series, array or list) as a column of exactly `arrow_type`; NaN and None become null.

    Raises:
        SchemaError: a value cannot be that type; the message names the column.
    """
    try:
        array = pa.Array.from_pandas(values, type=arrow_type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError) as error:
        raise SchemaError(
            f"column {name!r} cannot be {arrow_type}: {type(error).__name__}. Convert it first."
        ) from None
    return pd.Series(pd.arrays.ArrowExtensionArray(array), name=name)


def conform(frame: pd.DataFrame, columns: Sequence[Column] = INPUT_COLUMNS) -> pd.DataFrame:
    """`frame` with exactly the declared columns first (null where absent), then its own others, never inferred.

    The frame given is not changed. Its index is replaced by 0..n−1.

    Raises:
        SchemaError: a column holds values its declared type cannot.
    """
    data = {column.name: _declared(frame, column) for column in columns}
    extra = {name: frame[name].reset_index(drop=True) for name in frame.columns if name not in data}
    return pd.DataFrame({**data, **extra}, index=pd.RangeIndex(len(frame)), copy=False)


def _declared(frame: pd.DataFrame, column: Column) -> pd.Series:
    if column.name not in frame.columns:
        return column_of([None] * len(frame), column.type, name=column.name)
    values = frame[column.name]
    if values.dtype == dtype_of(column.type):
        return values.reset_index(drop=True)
    return column_of(values.array, column.type, name=column.name)


def empty(columns: Sequence[Column] = INPUT_COLUMNS) -> pd.DataFrame:
    """A frame of no rows with every declared column."""
    return conform(pd.DataFrame(index=pd.RangeIndex(0)), columns)


def require(frame: pd.DataFrame, names: Iterable[str], *, purpose: str) -> None:
    """Check that `frame` has the named columns.

    Raises:
        SchemaError: one is missing; the message says which, what it is for, and which columns there are.
    """
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise SchemaError(
            f"{purpose} needs the column {missing[0]!r}, which this frame lacks. "
            f"It has: {', '.join(map(str, frame.columns))}. Frames from read() and annotate() have every column."
        )
