"""How good a classifier is on labelled comments: every measure with its interval, per group, beside another classifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.classifiers import DEFAULT, load
from feedback_nlp.classifiers.base import Classifier
from feedback_nlp.errors import TrainingError
from feedback_nlp.records import SENTIMENTS
from feedback_nlp.text.clean import clean
from feedback_nlp.training import bootstrap, labels, metrics
from feedback_nlp.training.labels import UNKNOWN, Labelled
from feedback_nlp.training.measures import Measure, Rows, given_sentiment, measures
from feedback_nlp.training.metrics import Numbers

GROUPS = ("lang", "domain", "channel")
SMALLEST_GROUP = 20
ALL = "all"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found.

    `table` has one row a measure and group: head, metric, group ("all" or "lang=zh"), n (rows with known truth), value, low,
    high (95 % bootstrap interval); beside another classifier also against, difference, difference_low, difference_high.
    `confusion` counts sentiments, rows the truth, columns what was given; `calibration` has the bins of the sentiment's ECE:
    mean confidence, share right, rows. `empty` rows had no text and were left out.
    """

    model: str
    against: str | None
    rows: int
    empty: int
    table: pd.DataFrame
    confusion: pd.DataFrame | None
    calibration: Numbers | None


def evaluate(
    gold: str | Path | pd.DataFrame,
    *,
    model: str | Classifier = DEFAULT,
    against: str | Classifier | None = None,
    by: Sequence[str] = GROUPS,
    split: str | None = None,
    device: str = "cpu",
    resamples: int = bootstrap.RESAMPLES,
    seed: int = 0,
) -> Evaluation:
    """Measure a classifier on labelled comments (`training.labels` says which columns), all rows or those of one `split`.

    `model` and `against` are what `classifiers.load` takes, or classifiers. Texts are cleaned as a collector cleans them.
    Groups of fewer than 20 rows, and columns of `by` the labels lack, are left out.

    Raises:
        TrainingError: there are no labels the classifier has a head for.
        InputError: the file cannot be read.
    """
    labelled = labels.read(gold if split is None else _of_split(gold, split))
    texts = [clean(text) for text in labelled.texts]
    one = _opened(model, device)
    predictions = one.predict(texts)
    taken = measures(labelled, predictions, topics=one.topics)
    if not taken:
        raise TrainingError(f"{one.name} has no head for any of these labels: {', '.join(labelled.heads)}.")
    other = _opened(against, device) if against is not None else None
    others = (
        _comparable(measures(labelled, other.predict(texts), topics=other.topics), one, other)
        if other
        else []
    )
    groups = dict(_groups(labelled, by))
    table = _table(taken, others, groups, resamples=resamples, seed=seed)
    truth = labelled.heads.get("sentiment")
    known = truth is not None and (predictions.sentiment >= 0).any()
    given = given_sentiment(truth, predictions) if truth is not None and known else None
    return Evaluation(
        model=one.name,
        against=other.name if other else None,
        rows=len(texts),
        empty=labelled.empty,
        table=table,
        confusion=None if truth is None or given is None else _confusion(truth, given),
        calibration=None if truth is None or given is None else _bins(truth, given, predictions.p_sentiment),
    )


def _opened(model: str | Classifier, device: str) -> Classifier:
    return load(model, device=device) if isinstance(model, str) else model


def _comparable(others: Sequence[Measure], one: Classifier, other: Classifier) -> list[Measure]:
    """Measures that pool topics are dropped where the two classifiers do not know the same ones."""
    same = set(one.topics) == set(other.topics)
    return [measure for measure in others if same or not measure.pooled]


def _of_split(gold: str | Path | pd.DataFrame, split: str) -> pd.DataFrame:
    frame = labels.read(gold).frame
    if "split" not in frame.columns:
        raise TrainingError(
            f"these labels have no column 'split' to take {split!r} from. Leave the split out."
        )
    found = frame[frame["split"] == split]
    if found.empty:
        raise TrainingError(
            f"no row has split {split!r}. There are: {', '.join(map(str, frame['split'].unique()))}."
        )
    return found


def _groups(labelled: Labelled, by: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    yield ALL, np.arange(len(labelled.texts))
    for column in by:
        if column in labelled.frame.columns:
            values = labelled.frame[column].astype("object")
            for value in sorted(values.dropna().unique(), key=str):
                rows = np.flatnonzero((values == value).to_numpy(dtype=bool, na_value=False))
                if len(rows) >= SMALLEST_GROUP:
                    yield f"{column}={value}", rows


def _table(
    taken: Sequence[Measure],
    others: Sequence[Measure],
    groups: Mapping[str, Rows],
    *,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    beside = {(other.head, other.name): other for other in others}
    found = []
    for group, members in groups.items():
        drawn: dict[int, list[Numbers]] = {}
        for measure in taken:
            rows = members[measure.known[members]]
            if len(rows) < 1 or not (group == ALL or measure.headline):
                continue
            if len(rows) not in drawn:
                drawn[len(rows)] = bootstrap.draws(len(rows), resamples=resamples, seed=seed)
            other = beside.get((measure.head, measure.name))
            found.append({"group": group} | _row(measure, other, rows, drawn[len(rows)]))
    return pd.DataFrame(found)


def _row(measure: Measure, other: Measure | None, rows: Rows, drawn: list[Numbers]) -> dict[str, object]:
    metric = measure.on(rows)
    here = bootstrap.estimate(metric, len(rows), drawn)
    row: dict[str, object] = {
        "head": measure.head,
        "metric": measure.name,
        "n": len(rows),
        "value": here.value,
        "low": here.low,
        "high": here.high,
    }
    if other is not None:
        gap = bootstrap.difference(metric, other.on(rows), len(rows), drawn)
        row |= {
            "against": here.value - gap.value,
            "difference": gap.value,
            "difference_low": gap.low,
            "difference_high": gap.high,
        }
    return row


def _confusion(truth: labels.Ints, given: labels.Ints) -> pd.DataFrame:
    known = truth != UNKNOWN
    counts = metrics.confusion(truth[known], given[known], len(SENTIMENTS), np.ones(known.sum()))
    return pd.DataFrame(counts.astype(int), index=list(SENTIMENTS), columns=list(SENTIMENTS))


def _bins(truth: labels.Ints, given: labels.Ints, p_sentiment: object) -> Numbers:
    known = truth != UNKNOWN
    p = np.asarray(p_sentiment, dtype=np.float64)[np.arange(len(given)), given]
    return metrics.reliability(p[known], (truth == given)[known].astype(np.float64))
