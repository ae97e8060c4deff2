"""Do the corrected intervals cover the truth? On labelled sets, with the shipped model's own errors.

    python benchmarks/coverage.py --data ../shared/data [--resamples 2000] [--labels 300] [--json FILE]

A set's labels are the truth, its rate the true rate. Each resample draws a dump from the set (with replacement), an audit
of the dump as `audit sample` draws it, "labels" it with the set's labels, and asks whether the 95 % interval holds the
true rate; the plain interval of the same dump is asked as well. The audit and the correction are the product's own.
Predictions are made once and kept in --cache.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from feedback_nlp import annotate
from feedback_nlp.kpis import intervals
from feedback_nlp.kpis.audit.draw import chosen, uncertainty
from feedback_nlp.kpis.correction import Sample, correct

Floats = npt.NDArray[np.float64]

MOST = 4000
"""Comments of a set that are read, and the size of a resampled dump at most."""

LEAST = 1000

POLARITY = {-1: "negative", 0: "neutral", 1: "positive"}
SETS: dict[str, tuple[str, str]] = {
    "gold": ("gold/gold.parquet", ""),
    "complaints_acl19": ("labelled/complaints_acl19.parquet", "complaint"),
    "airline_tweets": ("labelled/airline_tweets.parquet", "sentiment"),
    "waimai_10k": ("labelled/waimai_10k.parquet", "sentiment"),
    "online_shopping_10_cats": ("labelled/online_shopping_10_cats.parquet", "sentiment"),
    "openrice_hk": ("labelled/openrice_hk.parquet", "sentiment"),
    "tweeteval": ("labelled/tweeteval_sentiment_valtest.parquet", "sentiment"),
}
"""Set → file, and the label it has (all of ours, for gold)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI as components of a labelled row, how it is finished, and its plain interval from component totals."""

    components: Callable[[pd.DataFrame], list[npt.NDArray[np.bool_]]]
    finish: Callable[[Floats], Floats]
    plain: Callable[[Floats, int], tuple[float, float]]
    share: bool


def _share(column: str, value: object) -> Measure:
    def plain(totals: Floats, n: int) -> tuple[float, float]:
        low, high = intervals.wilson(totals[:1], np.array([n]), confidence=0.95)
        return float(low[0]), float(high[0])

    return Measure(lambda rows: [rows[column].to_numpy() == value], lambda m: m[:, 0], plain, share=True)


def _index(column: str, plus: object, minus: object, other: str | None = None) -> Measure:
    def components(rows: pd.DataFrame) -> list[npt.NDArray[np.bool_]]:
        return [rows[column].to_numpy() == plus, rows[other or column].to_numpy() == minus]

    def plain(totals: Floats, n: int) -> tuple[float, float]:
        low, high = intervals.difference(totals[:1], totals[1:2], np.array([n]), confidence=0.95)
        return 100 * float(low[0]), 100 * float(high[0])

    return Measure(components, lambda m: 100 * (m[:, 0] - m[:, 1]), plain, share=False)


def _reputation() -> Measure:
    def components(rows: pd.DataFrame) -> list[npt.NDArray[np.bool_]]:
        mood = rows["sentiment"].to_numpy()
        return [mood == "positive", (mood == "positive") | (mood == "negative")]

    def plain(totals: Floats, _: int) -> tuple[float, float]:
        low, high = intervals.wilson(totals[:1], totals[1:2], confidence=0.95)
        return float(low[0]), float(high[0])

    return Measure(components, lambda m: m[:, 0] / m[:, 1], plain, share=True)


MEASURES: dict[str, tuple[str, Measure]] = {
    "complaint_rate": ("complaint", _share("complaint", True)),
    "negative_rate": ("sentiment", _share("sentiment", "negative")),
    "sentiment_index": ("sentiment", _index("sentiment", "positive", "negative")),
    "reputation": ("sentiment", _reputation()),
    "leaving_rate": ("leaving", _share("leaving", True)),
    "returning_rate": ("returning", _share("returning", True)),
    "loyalty_index": ("leaving", _index("returning", True, True, "leaving")),
    "critical_rate": ("severity", _share("severity", 3)),
}
"""KPI → the label it needs, and how it is measured."""


def truth_of(data: Path, name: str) -> pd.DataFrame:
    """Texts and labels of a set, evenly thinned: its test rows, or all where those are few (the model has then seen some)."""
    path, label = SETS[name]
    rows = pd.read_parquet(data / path)
    if label:
        test = rows[rows["split"] == "test"]
        rows = test if len(test) >= LEAST else rows
    if label == "sentiment":
        rows = rows[rows["sentiment"].notna()].assign(sentiment=rows["sentiment"].map(POLARITY))
    if label == "complaint":
        said = rows["topics"].map(lambda topics: "complaint:1" in list(topics))
        rows = rows.assign(complaint=said)
    keep = np.unique(np.linspace(0, len(rows), min(len(rows), MOST), endpoint=False).astype(int))
    columns = ["text", label] if label else ["text", *dict.fromkeys(need for need, _ in MEASURES.values())]
    return rows.iloc[keep][columns].reset_index(drop=True)


def predicted(truth: pd.DataFrame, name: str, cache: Path) -> pd.DataFrame:
    """What the shipped model says of the same rows."""
    path = cache / f"{name}.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        annotate([str(text) for text in truth["text"]]).drop(columns=["text"]).to_parquet(path)
    labels = pd.read_parquet(path)
    if len(labels) != len(truth):
        raise SystemExit(f"{path} holds another set. Delete it and run again.")
    return labels


def coverage(
    truth: pd.DataFrame, said: pd.DataFrame, measure: Measure, *, resamples: int, labels: int
) -> dict[str, float]:
    """Shares of resamples whose corrected and plain intervals hold the true value, and the intervals' mean widths."""
    actual, claimed = (np.column_stack(measure.components(side)).astype(float) for side in (truth, said))
    deviation = np.sqrt(uncertainty(said))
    target = float(measure.finish(actual.mean(axis=0)[None])[0])
    n = len(truth)
    hits, widths = np.zeros((resamples, 2)), np.zeros((resamples, 2))
    for seed in range(resamples):
        dump = np.random.default_rng(seed).integers(0, n, n)
        rows, stratum, size = chosen(deviation[dump], np.zeros(n, dtype=np.int64), n=labels, seed=seed)
        audited = dump[rows]
        sample = Sample(claimed[audited], actual[audited], stratum.astype(np.intp), size.astype(float))
        population = claimed[dump].mean(axis=0)
        estimate = correct(sample, population=population, rows=n, finish=measure.finish, share=measure.share)
        for place, (low, high) in enumerate(
            ((estimate.low, estimate.high), measure.plain(population * n, n))
        ):
            hits[seed, place] = low <= target <= high
            widths[seed, place] = high - low
    return {
        "true": target,
        "plain": float(measure.finish(claimed.mean(axis=0)[None])[0]),
        "corrected_coverage": float(hits[:, 0].mean()),
        "plain_coverage": float(hits[:, 1].mean()),
        "corrected_width": float(widths[:, 0].mean()),
        "plain_width": float(widths[:, 1].mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("runs/coverage"))
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--labels", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, dict[str, dict[str, float]]] = {}
    print(f"95 % intervals, {options.resamples} resamples, {options.labels} labels each")
    print(f"{'set':24} {'KPI':16} {'true':>8} {'plain':>8} | covers: {'corrected':>9} {'plain':>7} | width: {'corrected':>9} {'plain':>7}")  # fmt: skip
    for name in SETS:
        truth = truth_of(options.data, name)
        said = predicted(truth, name, options.cache)
        for kpi, (need, measure) in MEASURES.items():
            if need not in truth.columns:
                continue
            found = coverage(truth, said, measure, resamples=options.resamples, labels=options.labels)
            figures.setdefault(name, {})[kpi] = found
            print(
                f"{name:24} {kpi:16} {found['true']:8.3f} {found['plain']:8.3f} |         {found['corrected_coverage']:9.1%} "
                f"{found['plain_coverage']:7.1%} |        {found['corrected_width']:9.3f} {found['plain_width']:7.3f}",
                flush=True,
            )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
