"""`measure` with an audit: any KPI that rests on labels, in any grouping, on any kind of frame."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import kpis
from feedback_nlp.errors import UsageError
from feedback_nlp.kpis import audit
from feedback_nlp.kpis.corrected import correctable, corrected, read_from_labels

RATES = [
    "complaint_rate",
    "negative_rate",
    "sentiment_index",
    "reputation",
    "severity_index",
    "loyalty_index",
]
SENTIMENTS = np.array(["negative", "neutral", "positive", "mixed"])


def labelled(rows=3000, *, seed=0):
    """(truth, predictions): the model calls a third of the neutral comments negative and misses a quarter of complaints."""
    rng = np.random.default_rng(seed)
    mood = rng.choice(4, rows, p=[0.2, 0.3, 0.45, 0.05])
    complaint = (mood == 0) & (rng.random(rows) < 0.8) | (rng.random(rows) < 0.03)
    base = {
        "id": [f"c{i}" for i in range(rows)],
        "source": "dump.csv",
        "row": range(1, rows + 1),
        "text": "…",
        "set_aside": pd.Series(np.where(rng.random(rows) < 0.05, "spam", None), dtype="string[pyarrow]"),
        "day": [dt.date(2024, 1, 1) + dt.timedelta(days=int(d)) for d in rng.integers(0, 60, rows)],
        "product": rng.choice(["a", "b", "c"], rows, p=[0.6, 0.37, 0.03]),
        "topic_price": pd.Series(np.where(rng.random(rows) < 0.3, 1, -1), dtype="int8[pyarrow]"),
        "rating": 4.0,
    }
    said = np.where((mood == 1) & (rng.random(rows) < 0.33), 0, mood)
    heard = complaint & (rng.random(rows) < 0.75)
    sides = []
    for moods, complaints in ((mood, complaint), (said, heard)):
        severity = np.where(complaints, 1 + (rng.random(rows) < 0.3), 0)
        sides.append(
            pd.DataFrame(base).assign(
                sentiment=SENTIMENTS[moods],
                complaint=complaints,
                severity=severity.astype("int8"),
                leaving=complaints & (rng.random(rows) < 0.2),
                returning=(moods == 2) & (rng.random(rows) < 0.2),
                p_complaint=np.clip(complaints * 0.7 + rng.normal(0.15, 0.1, rows), 0, 1),
            )
        )
    return sides[0], sides[1]


def audited(truth, said, *, n, **options):
    sample = audit.draw(said, n=n, **options)
    labels = truth.set_index("row").loc[sample["row"], list(audit.answers.BY_COLUMN)]
    return sample.assign(**{name: labels[name].astype(object).array for name in labels})


def test_a_label_on_every_comment_gives_the_truth_exactly():
    truth, said = labelled(400)
    table = corrected(said, audited(truth, said, n=400), kpis=RATES, by=["product"], min_labels=1)
    target = kpis.measure(truth, kpis=RATES, by=["product"])
    for name in RATES:
        assert table[name].to_numpy(float) == pytest.approx(target[name].to_numpy(float)), name
        assert set(table[f"{name}_basis"]) == {"corrected"}
    assert (table["complaint_rate_n"] == target["complaint_rate_n"]).all()


def test_the_corrected_rate_covers_the_truth_and_the_plain_one_does_not():
    truth, said = labelled(4000)
    target = kpis.measure(truth, kpis=RATES).iloc[0]
    plain = kpis.measure(said, kpis=RATES).iloc[0]
    assert not plain["negative_rate_low"] <= target["negative_rate"] <= plain["negative_rate_high"]
    hits = {name: [] for name in RATES}
    for seed in range(40):
        row = corrected(said, audited(truth, said, n=300, seed=seed), kpis=RATES).iloc[0]
        for name in RATES:
            hits[name].append(row[f"{name}_low"] <= target[name] <= row[f"{name}_high"])
    assert np.mean(list(hits.values())) > 0.93
    assert min(np.mean(hit) for hit in hits.values()) > 0.85


def test_small_groups_are_pooled_and_say_so():
    truth, said = labelled()
    table = corrected(said, audited(truth, said, n=300), kpis=RATES, by=["product"]).set_index("product")
    assert table["negative_rate_basis"].to_dict() == {"a": "corrected", "b": "corrected", "c": "pooled"}
    assert table.loc["c", "negative_rate_labels"] == 300
    assert table.loc["a", "negative_rate_labels"] > 100


def test_periods_windows_and_topics_are_groups_too():
    truth, said = labelled()
    labels = audited(truth, said, n=300)
    by_week = corrected(said, labels, kpis=["complaint_rate"], every="month")
    assert list(by_week["complaint_rate_basis"])[:1] == ["corrected"]
    rolling = corrected(said, labels, kpis=["complaint_rate"], every="28d")
    assert set(rolling["complaint_rate_basis"]) == {"corrected", "pooled"}
    by_topic = corrected(said, labels, kpis=["complaint_rate"], by=["topic"])
    assert by_topic["topic"].tolist() == ["price"]
    assert by_topic["complaint_rate_labels"].iloc[0] > 200


def test_a_stream_gives_what_one_frame_gives():
    truth, said = labelled(600)
    labels = audited(truth, said, n=100)
    options = {"kpis": ["complaint_rate", "mean_rating"], "every": "month", "by": ["product"]}
    whole = corrected(said, labels, **options)
    stream = corrected((said.iloc[i : i + 70] for i in range(0, 600, 70)), labels, **options)
    pd.testing.assert_frame_equal(whole, stream)
    import polars as pl

    frame = corrected(pl.from_pandas(said), labels, **options)
    assert isinstance(frame, pl.DataFrame)
    assert frame["complaint_rate"].to_list() == pytest.approx(whole["complaint_rate"].tolist())


def test_what_rests_on_no_labels_is_as_measured():
    truth, said = labelled(300)
    table = corrected(
        said, audited(truth, said, n=60), kpis=["mean_rating", "topic_share", "topic_index"], by=["topic"]
    )
    plain = kpis.measure(said, kpis=["mean_rating", "topic_share", "topic_index"], by=["topic"])
    assert table["mean_rating"].tolist() == plain["mean_rating"].tolist()
    assert "mean_rating_basis" not in table
    assert correctable(kpis.KPIS["complaint_rate"])
    assert not correctable(kpis.KPIS["csat"])
    assert not read_from_labels(kpis.KPIS["volume"])
    assert read_from_labels(kpis.KPIS["topic_complaint_rate"])


def test_a_half_filled_audit_serves_the_kpis_it_can():
    truth, said = labelled(1000)
    labels = audited(truth, said, n=200)
    labels.loc[100:, ["complaint", "severity"]] = None
    row = corrected(said, labels, kpis=["complaint_rate", "negative_rate"]).iloc[0]
    counted = said["set_aside"].isna().sum()
    assert counted < 1000
    assert (row["complaint_rate_labels"], row["negative_rate_labels"]) == (100, 200)
    none = labels.assign(complaint=None)
    row = corrected(said, none, kpis=["complaint_rate"]).iloc[0]
    assert row["complaint_rate_basis"] == "uncorrected"


def test_an_audit_of_other_rows_is_refused():
    truth, said = labelled(200)
    labels = audited(truth, said, n=50).assign(row=lambda frame: frame["row"] + 10_000)
    with pytest.raises(UsageError, match="50 of 50 audited comments"):
        corrected(said, labels, kpis=["complaint_rate"])
