"""The baseline every model must beat: TF-IDF and logistic regression, one model a set, on the same rows.

    python benchmarks/tfidf.py ../shared/data [--model models/feedback-zh-en] [--only waimai_10k] [-o FILE]

Characters 1–3 for Chinese, words 1–2 for English; the strength of the regression is chosen on the dev rows. With --model,
the same test rows are labelled by a model directory too, and both stand side by side.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback_nlp.classifiers.base import Predictions
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.records import FLAGS
from feedback_nlp.training.cards import Card, read_cards
from feedback_nlp.training.corpora import Rows, read_rows
from feedback_nlp.training.yardstick import BARS, Bar, chosen, classes_of, score

CARDS = Path(__file__).parents[1] / "corpora" / "datasets"
TRAINED_ON = {"tweeteval_sentiment_valtest": "semeval2017_t4a"}  # it has no train rows of its own
FEWEST_DEV = 50
STRENGTHS = (1.0, 4.0, 16.0)


@dataclass(frozen=True, slots=True)
class Task:
    """Texts and class numbers of one bar's three splits."""

    train: tuple[list[str], np.ndarray]
    dev: tuple[list[str], np.ndarray]
    test: tuple[list[str], np.ndarray]
    language: str
    ways: int


def read_task(bar: Bar, data: Path, cards: Sequence[Card]) -> Task:
    """The rows of a bar; dev rows are train rows where the set has too few of its own."""
    by_name = {card.name: card for card in cards}
    card = by_name[bar.dataset]
    taught_by = by_name[TRAINED_ON.get(bar.dataset, bar.dataset)]
    parts, ways = {}, 2
    for split, source in (("train", taught_by), ("dev", card), ("test", card)):
        parts[split], ways = labelled(read_rows(data, [as_test(source)], split=split), bar)
    if len(parts["dev"][0]) < FEWEST_DEV:
        parts["dev"] = tuple(part[::8] for part in parts["train"])
    return Task(parts["train"], parts["dev"], parts["test"], card.languages[0], ways)


def as_test(card: Card) -> Card:
    """The card without its limits on rows: a baseline takes all it can get."""
    from dataclasses import replace

    return replace(card, most=None)


def labelled(rows: Rows, bar: Bar) -> tuple[tuple[list[str], np.ndarray], int]:
    """Texts and classes of the rows that the bar's question knows, and how many classes there are."""
    if bar.metric == "f1":
        truth = rows.targets.flags[:, FLAGS.index("complaint")].astype(np.int64)
        known, ways = truth >= 0, 2
    else:
        known = rows.targets.allowed > 0
        truth = np.zeros(len(rows), np.int64)
        truth[known], ways = classes_of(rows.targets.allowed[known], rows.targets.candidates[known])
    return ([text for text, keep in zip(rows.texts, known, strict=True) if keep], truth[known]), ways


def baseline(task: Task, metric: str) -> float:
    """Test score of TF-IDF and logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    chinese = task.language == "zh"
    tfidf = TfidfVectorizer(
        analyzer="char" if chinese else "word",
        ngram_range=(1, 3) if chinese else (1, 2),
        token_pattern=None if chinese else r"(?u)\b\w+\b|[^\w\s]",
        min_df=2,
        sublinear_tf=True,
        dtype=np.float32,
    )
    train, dev, test = (
        step(part[0])
        for step, part in (
            (tfidf.fit_transform, task.train),
            (tfidf.transform, task.dev),
            (tfidf.transform, task.test),
        )
    )
    found = []
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced").fit(
            train, task.train[1]
        )
        on_dev = score(metric, task.dev[1], model.predict(dev))
        found.append((on_dev, score(metric, task.test[1], model.predict(test))))
    return max(found)[1]


def of_model(predictions: Predictions, task: Task, metric: str) -> float:
    """Test score of a model's labels on the same rows."""
    if metric == "f1":
        return score(metric, task.test[1], predictions.flags["complaint"].astype(np.int64))
    return score(metric, task.test[1], chosen(predictions.p_sentiment, task.ways))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--only", action="append", choices=[bar.dataset for bar in BARS])
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    cards = read_cards(CARDS)
    model = EmbeddedClassifier(options.model) if options.model else None
    lines = ["| set | metric | rows | TF-IDF + LR | model | reach |", "|---|---|---|---|---|---|"]
    both = []
    for bar in BARS:
        if options.only and bar.dataset not in options.only:
            continue
        task = read_task(bar, options.data, cards)
        linear = baseline(task, bar.metric)
        ours = of_model(model.predict(task.test[0]), task, bar.metric) if model else float("nan")
        both.append((linear, ours))
        lines.append(
            f"| {bar.dataset} | {bar.metric} | {len(task.test[0])} | {linear:.3f} | {ours:.3f} | {bar.reach:.3f} |"
        )
        print(lines[-1], flush=True)
    linear, ours = np.mean(both, axis=0)
    lines.append(f"| mean | | | {linear:.3f} | {ours:.3f} | |")
    print("\n".join(lines))
    if options.output:
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
