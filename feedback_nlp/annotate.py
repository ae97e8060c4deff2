"""Frames to frames: adds every label and score.

`Annotator` holds the name of a model, not its weights, so it can be sent to another process (Spark's `mapInPandas`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.classifiers import load
from feedback_nlp.errors import UsageError
from feedback_nlp.text.clean import clean
from feedback_nlp.text.language import language

if TYPE_CHECKING:
    from feedback_nlp.classifiers.base import Classifier, Predictions

DEFAULT_MODEL = "feedback-zh-en"


@dataclass(frozen=True)
class Annotator:
    """Labels frames with one model, named by `model` (a shipped name, a directory, or `hf:org/name`)."""

    model: str = DEFAULT_MODEL
    device: str = "cpu"
    threads: int | None = field(default=None, compare=False)

    @cached_property
    def classifier(self) -> Classifier:
        """The model, loaded once per process."""
        return load(self.model, device=self.device, threads=self.threads)

    @property
    def columns(self) -> tuple[records.Column, ...]:
        """The columns this adds, in order."""
        return records.label_columns(self.classifier.topics)

    def __call__(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Each frame with its labels: same rows, same order, nothing of the frame given changed."""
        for frame in frames:
            yield attach(frame, self.labels(frame))

    def labels(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The label columns for the rows of `frame`; all null where a row has no text.

        Raises:
            SchemaError: there is no `text` column.
        """
        records.require(frame, ["text"], purpose="annotate")
        texts = frame["text"].astype("object")
        present = (texts.notna() & (texts.fillna("").str.strip() != "")).to_numpy(dtype=bool)
        predictions = self.classifier.predict([str(text) for text in texts[present]])
        arrays = _arrays(predictions, self.classifier)
        place = np.cumsum(present) - 1
        data = {
            column.name: _spread(arrays.get(column.name), column, present, place) for column in self.columns
        }
        return pd.DataFrame(data, index=pd.RangeIndex(len(frame)), copy=False)

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "device": self.device, "threads": self.threads}


@overload
def annotate(data: Sequence[str] | pd.DataFrame, *, model: str = ..., device: str = ...) -> pd.DataFrame: ...
@overload
def annotate(
    data: Iterable[pd.DataFrame], *, model: str = ..., device: str = ...
) -> Iterator[pd.DataFrame]: ...
def annotate(
    data: Sequence[str] | pd.DataFrame | Iterable[pd.DataFrame],
    *,
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
) -> pd.DataFrame | Iterator[pd.DataFrame]:
    """Add labels to comments: a stream of frames gives a stream, a frame a frame, a list of texts a frame.

    `model` is a shipped model's name, a model directory, or `hf:org/name` (which may download it).
    Rows that count but that the model says are not customer feedback get `set_aside` = "not_feedback".

    Raises:
        ModelError: the model cannot be loaded.
        SchemaError: a frame has no `text` column.
        UsageError: `data` is none of the kinds above.
    """
    annotator = Annotator(model=model, device=device)
    if isinstance(data, pd.DataFrame):
        return next(annotator([data]))
    if isinstance(data, str):
        raise UsageError("annotate takes a list of texts, not one text: write annotate([text]).")
    if isinstance(data, Sequence):
        return next(annotator([frame_of(data)]))
    if isinstance(data, Iterable):
        return annotator(data)
    raise UsageError(
        f"annotate takes frames, a pandas frame or a list of texts, not {type(data).__name__}. "
        "Read a file or another library's frame with feedback_nlp.read(...) first."
    )


def frame_of(texts: Sequence[str]) -> pd.DataFrame:
    """A list of texts as a frame of the schema, for a quick look; `source` is "texts", `row` counts from 1.

    Raises:
        UsageError: an item is not a text.
    """
    for number, text in enumerate(texts, start=1):
        if not isinstance(text, str):
            raise UsageError(f"item {number} is {type(text).__name__}, not a text. Drop or convert it first.")
    cleaned = [clean(text) for text in texts]
    return records.conform(
        pd.DataFrame(
            {
                "id": [f"texts-{number}" for number in range(1, len(texts) + 1)],
                "source": "texts",
                "row": range(1, len(texts) + 1),
                "text": cleaned,
                "lang": [language(text) for text in cleaned],
            }
        )
    )


def attach(frame: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """`frame` with `labels` beside it; labels it had before are replaced."""
    kept = frame.drop(columns=[name for name in labels.columns if name in frame.columns]).reset_index(
        drop=True
    )
    joined = pd.concat([kept, labels], axis=1)
    return _set_aside_chatter(joined)


def _set_aside_chatter(frame: pd.DataFrame) -> pd.DataFrame:
    if "set_aside" not in frame.columns:
        return frame
    chatter = frame["set_aside"].isna() & frame["feedback"].eq(False).fillna(False).astype(bool)
    if not chatter.any():
        return frame
    reasons = frame["set_aside"].astype("object").where(~chatter, records.NOT_FEEDBACK)
    return frame.assign(set_aside=records.column_of(reasons.array, pa.string(), name="set_aside"))


def _arrays(predictions: Predictions, classifier: Classifier) -> dict[str, Any]:
    """Label column name → values for the texts that were classified."""
    rows = np.arange(len(predictions.sentiment))
    p_sentiment = predictions.p_sentiment
    arrays: dict[str, Any] = {
        "sentiment": np.array([*records.SENTIMENTS, None], dtype=object)[predictions.sentiment],  # −1: None
        **{f"p_{label}": p_sentiment[:, i] for i, label in enumerate(records.SENTIMENTS)},
        "sentiment_score": p_sentiment[:, 2] - p_sentiment[:, 0],
        "confidence": p_sentiment[rows, predictions.sentiment],
        "truncated": predictions.truncated,
        "model": np.full(len(rows), classifier.name, dtype=object),
        **predictions.flags,
    }
    if "complaint" in predictions.p_flags:
        arrays["p_complaint"] = predictions.p_flags["complaint"]
    if predictions.severity is not None:
        arrays["severity"] = predictions.severity
    if predictions.topics is not None:
        for i, topic in enumerate(classifier.topics):
            arrays[records.topic_column(topic)] = _polarity(predictions.topics[:, i])
    return arrays


def _polarity(values: Any) -> Any:
    from feedback_nlp.classifiers.base import MENTIONS_NONE

    return np.ma.masked_equal(values, MENTIONS_NONE)


def _spread(values: Any, column: records.Column, present: Any, place: Any) -> pd.Series:
    """Values of the classified rows, put back among all rows; null elsewhere, and everywhere when there are none."""
    if values is None:
        return records.column_of([None] * len(present), column.type, name=column.name)
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    compact = pa.array(np.asarray(values), type=column.type, mask=mask, from_pandas=True)
    spread = compact.take(pa.array(place, mask=~present))
    return pd.Series(pd.arrays.ArrowExtensionArray(spread), name=column.name)
