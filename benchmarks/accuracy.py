"""The accuracy table of the shipped model: every set's test rows, its bars, and the linear baseline beside it.

    python benchmarks/accuracy.py --data ../shared/data [--model feedback-zh-en] [--tfidf tfidf.json] [--json out.json]
    python benchmarks/accuracy.py --data ../shared/data --split dev    # to choose by; amazon10k has 12 such rows

`--tfidf` is what benchmarks/tfidf.py wrote for the same rows: {"<set>": {"<metric>": figure}}.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from feedback_nlp.classifiers import DEFAULT, load
from feedback_nlp.classifiers.base import Classifier
from feedback_nlp.classifiers.manifest import Manifest
from feedback_nlp.training.evaluate import Evaluation, evaluate

GOLD = "gold"
MANY = 100  # rows; the mean of all sets hangs on the smaller ones


def by_stars(frame: pd.DataFrame) -> pd.DataFrame:
    """1–2 stars negative, 4–5 positive, 3 left out."""
    kept = frame[frame["rating"].notna() & (frame["rating"] != 3)]
    return kept.assign(
        sentiment=kept["rating"].map(lambda stars: 2 if stars > 3 else 0).map({0: "n", 2: "p"})
    )


def by_sentiment(frame: pd.DataFrame) -> pd.DataFrame:
    """The set's own −1, 0, 1."""
    kept = frame[frame["sentiment"].notna()]
    return kept.assign(sentiment=kept["sentiment"].astype(int).map({-1: "n", 0: "0", 1: "p"}))


def by_complaint(frame: pd.DataFrame) -> pd.DataFrame:
    """The set's `complaint:1` or `complaint:0` among its topics."""
    return frame.assign(
        complaint=["complaint:1" in set(topics) for topics in frame["topics"]], sentiment=None
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table: which figure of which set, what a linear model gets, and the bars to reach."""

    set: str
    head: str
    metric: str
    linear: float
    reach: float
    beyond: float
    rows: Callable[[pd.DataFrame], pd.DataFrame] = by_sentiment


SENTIMENT_BARS = (
    Bar("online_shopping_10_cats", "sentiment", "accuracy", 0.939, 0.950, 0.960),
    Bar("waimai_10k", "sentiment", "macro F1", 0.893, 0.905, 0.920),
    Bar("dianping_2k", "sentiment", "accuracy", 0.877, 0.910, 0.930),
    Bar("appstore_zh_qimai", "sentiment", "accuracy", 0.932, 0.945, 0.955, by_stars),
    Bar("openrice_hk", "sentiment", "macro F1", 0.677, 0.70, 0.75),
    Bar("tweeteval_sentiment_valtest", "sentiment", "macro recall", 0.574, 0.64, 0.70),
    Bar("airline_tweets", "sentiment", "macro F1", 0.733, 0.76, 0.80),
    Bar("amazon10k", "sentiment", "accuracy", 0.883, 0.90, 0.93),
    Bar("trustpilot_pet", "sentiment", "macro F1", 0.937, 0.945, 0.955, by_stars),
)
COMPLAINT_BAR = Bar("complaints_acl19", "complaint", "F1", 0.748, 0.79, 0.85, by_complaint)

# gold: floor is the linear model, beyond the agreement between two annotators, reach halfway between them
GOLD_FIGURES = {
    ("sentiment", "macro F1"): {"zh": (0.602, 0.937), "en": (0.634, 0.932)},
    ("complaint", "F1"): {"zh": (0.769, 0.975), "en": (0.819, 0.958)},
    ("severity", "F1 of ≥ 2"): {"zh": (0.667, 0.923), "en": (0.703, 0.945)},
    ("leaving", "F1"): {"zh": (0.724, 1.0), "en": (0.413, 0.875)},
    ("returning", "F1"): {"zh": (0.730, 0.915), "en": (0.625, 0.970)},
    ("question", "F1"): {"zh": (0.568, 0.800), "en": (0.753, 0.957)},
    ("suggestion", "F1"): {"zh": (0.500, 0.571), "en": (0.389, 0.900)},
    ("topics", "micro F1 of named"): {"zh": (0.786, 0.946), "en": (0.633, 0.935)},
}
CALIBRATION_BAR = (0.03, 0.02)


@dataclass(frozen=True, slots=True)
class Line:
    """One measured line."""

    set: str
    metric: str
    n: int
    linear: float | None
    reach: float
    beyond: float
    value: float
    low: float
    high: float


def sets(
    data: Path, model: Classifier, *, tfidf: dict[str, dict[str, float]], split: str = "test"
) -> Iterator[Line]:
    """The lines of the sets, on the rows of one split."""
    for bar in (*SENTIMENT_BARS, COMPLAINT_BAR):
        frame = pd.read_parquet(data / "labelled" / f"{bar.set}.parquet")
        rows = bar.rows(frame[frame["split"] == split])
        wanted = rows[["text", "complaint" if bar.head == "complaint" else "sentiment"]]
        found = evaluate(wanted, model=model, by=())
        linear = tfidf.get(bar.set, {}).get(bar.metric, bar.linear)
        yield _line(found, bar.head, bar.metric, bar.set, "all", (linear, bar.reach, bar.beyond))


def gold(data: Path, model: Classifier, *, tfidf: dict[str, dict[str, float]]) -> Iterator[Line]:
    """The lines of the gold labels, dev rows, per language; and the calibration errors."""
    found = evaluate(data / "gold" / "gold.parquet", model=model, split="dev", by=("lang",))
    for (head, metric), figures in GOLD_FIGURES.items():
        for language, (floor, agreement) in figures.items():
            name = f"{GOLD} {language} {head}"
            linear = tfidf.get(f"{GOLD}_{language}", {}).get(f"{head} {metric}", floor)
            bars = (linear, (floor + agreement) / 2, agreement)
            yield _line(found, head, metric, name, f"lang={language}", bars)
    for head in ("sentiment", "complaint"):
        yield _line(found, head, "ECE", f"{GOLD} {head}", "all", (None, *CALIBRATION_BAR))


def _line(
    found: Evaluation, head: str, metric: str, name: str, group: str, bars: tuple[float | None, float, float]
) -> Line:
    table = found.table
    row = table[(table["head"] == head) & (table["metric"] == metric) & (table["group"] == group)].iloc[0]
    return Line(name, metric, int(row["n"]), *bars, value=row["value"], low=row["low"], high=row["high"])


def megabytes(model: Classifier) -> float:
    """Size of the files that the model's manifest names."""
    found: Manifest = getattr(model, "manifest")  # noqa: B009  (only directories have one)
    return sum((found.folder / name).stat().st_size for name in found.files) / 1e6


def verdict(line: Line) -> str:
    """Which bar the line reaches."""
    better = (lambda bar: line.value <= bar) if line.metric == "ECE" else (lambda bar: line.value >= bar)
    if better(line.beyond):
        return "beyond"
    if better(line.reach):
        return "reach"
    return "linear" if line.linear is not None and better(line.linear) else "under"


def show(lines: list[Line]) -> None:
    """Print the table as Markdown."""
    print("| set | metric | n | TF-IDF + LR | reach | beyond | here | 95 % interval | bar |")
    print("|---|---|---|---|---|---|---|---|---|")
    for line in lines:
        linear = "" if line.linear is None else f"{line.linear:.3f}"
        bars = f"{linear} | {line.reach:.3f} | {line.beyond:.3f}"
        interval = f"{line.low:.3f}–{line.high:.3f}"
        print(
            f"| {line.set} | {line.metric} | {line.n} | {bars} | {line.value:.3f} | {interval} | {verdict(line)} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with labelled/ and gold/")
    parser.add_argument("--model", default=DEFAULT)
    parser.add_argument("--tfidf", type=Path, help="JSON that benchmarks/tfidf.py wrote")
    parser.add_argument("--split", choices=("test", "dev"), default="test", help="rows of the sets")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    tfidf = json.loads(options.tfidf.read_text(encoding="utf-8")) if options.tfidf else {}
    model = load(options.model)
    lines = [
        *sets(options.data, model, tfidf=tfidf, split=options.split),
        *gold(options.data, model, tfidf=tfidf),
    ]
    show(lines)
    sentiment = lines[: len(SENTIMENT_BARS)]
    here, linear = (
        sum(x) / len(sentiment) for x in ([a.value for a in sentiment], [a.linear or 0 for a in sentiment])
    )
    print(f"\nmean of the {len(sentiment)} sentiment sets: {here:.4f}, TF-IDF + LR {linear:.4f}")
    many = [line for line in sentiment if line.n >= MANY]
    print(f"mean of the {len(many)} with {MANY} rows and more: {sum(a.value for a in many) / len(many):.4f}")
    print(f"model, wordings and tokenizer: {megabytes(model):.1f} MB")
    if options.json:
        figures = {
            "model": model.name,
            "lines": [asdict(line) | {"stands": verdict(line)} for line in lines],
            "sentiment_sets": len(sentiment),
            "mean": here,
            "linear_mean": linear,
            "megabytes": megabytes(model),
        }
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
