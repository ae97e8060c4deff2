"""The baseline every model must beat: TF-IDF and logistic regression, one a set and question, on the same rows.

    python benchmarks/tfidf.py ../shared/data [--only waimai_10k] [--json tfidf.json]
    python benchmarks/tfidf.py ../shared/data --pooled [--json pooled.json]

Characters 1–3 for Chinese, words 1–2 for English; the strength of the regression is chosen on the dev rows of the set, for
the gold labels on an eighth of their train rows (their dev rows are the ones reported).
With --pooled one regression a language answers for all its sets, as the shipped model does, from the rows it is fitted on.
The JSON is what benchmarks/accuracy.py reads: {"<set>": {"<metric>": figure}}.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from feedback_nlp.records import FLAGS
from feedback_nlp.training.cards import Card, read_cards
from feedback_nlp.training.corpora import Rows, gold_topics, read_rows
from feedback_nlp.training.yardstick import BARS, Bar, classes_of, score

CARDS = Path(__file__).parents[1] / "corpora" / "datasets"
TRAINED_ON = {"tweeteval_sentiment_valtest": "semeval2017_t4a"}  # it has no train rows of its own
GOLD = "gold"
FEWEST_DEV = 50
STRENGTHS = (1.0, 4.0, 16.0)
NAMES = {"accuracy": "accuracy", "macro_f1": "macro F1", "macro_recall": "macro recall", "f1": "F1"}
Part = tuple[list[str], np.ndarray]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line."""

    dataset: str
    metric: str
    rows: int
    value: float


def of_sets(data: Path, cards: Sequence[Card], only: Sequence[str]) -> Iterator[Figure]:
    """The lines of the sets, on their test rows."""
    by_name = {card.name: replace(card, most=None) for card in cards}
    for bar in BARS:
        if only and bar.dataset not in only:
            continue
        card = by_name[bar.dataset]
        taught = by_name[TRAINED_ON.get(bar.dataset, bar.dataset)]
        train = labelled(read_rows(data, [taught], split="train"), bar)
        test = labelled(read_rows(data, [card], split="test"), bar)
        dev = labelled(read_rows(data, [card], split="dev"), bar)
        if len(dev[0]) < FEWEST_DEV:
            train, dev = parted(train)
        guess = regress(train, dev, test[0], bar.metric, language=card.languages[0])
        yield Figure(bar.dataset, NAMES[bar.metric], len(test[0]), score(bar.metric, test[1], guess))


def of_sets_pooled(data: Path, cards: Sequence[Card]) -> Iterator[Figure]:
    """The sentiment lines of the sets, on their test rows, by one regression of three classes a language."""
    from sklearn.linear_model import LogisticRegression

    bars = [bar for bar in BARS if bar.metric != "f1"]
    by_name = {card.name: card for card in cards}
    for language in ("zh", "en"):
        rows = read_rows(data, [card for card in cards if language in card.languages], split="train")
        texts, truth = labelled(of_language(rows, language), bars[0])
        tfidf = vectorizer(language, min_df=5)
        model = LogisticRegression(C=STRENGTHS[1], max_iter=300).fit(tfidf.fit_transform(texts), truth)
        for bar in bars:
            card = by_name[bar.dataset]
            if language != card.languages[0]:
                continue
            texts, truth = labelled(read_rows(data, [card], split="test"), bar)
            p = model.predict_proba(tfidf.transform(texts))
            guess = (p if truth.max() == 2 else p[:, [0, 2]]).argmax(1).astype(np.int64)
            yield Figure(bar.dataset, NAMES[bar.metric], len(texts), score(bar.metric, truth, guess))


def of_language(rows: Rows, language: str) -> Rows:
    """The rows of one language."""
    mine = np.flatnonzero(np.array(rows.languages) == language)
    kept = [[column[i] for i in mine] for column in (rows.texts, rows.sets, rows.languages)]
    return Rows(*kept, rows.targets.take(mine))


def labelled(rows: Rows, bar: Bar) -> Part:
    """Texts and classes of the rows that the bar's question knows."""
    if bar.metric == "f1":
        truth = rows.targets.flags[:, FLAGS.index("complaint")].astype(np.int64)
        known = truth >= 0
    else:
        known = rows.targets.allowed > 0
        truth = np.zeros(len(rows), np.int64)
        truth[known], _ = classes_of(rows.targets.allowed[known], rows.targets.candidates[known])
    return [text for text, keep in zip(rows.texts, known, strict=True) if keep], truth[known]


def of_gold(data: Path, cards: Sequence[Card]) -> Iterator[Figure]:
    """The lines of the gold labels, on their dev rows, a language at a time."""
    by_the_guide = [card for card in cards if card.gold]
    train = read_rows(data, by_the_guide, split="train")
    test = read_rows(data, [card for card in by_the_guide if card.name == GOLD], split="dev")
    topics = gold_topics(data)
    for language in ("zh", "en"):
        taught, asked = (dict(answers(rows, language, topics)) for rows in (train, test))
        hits = wrong = missed = 0
        for question, part in taught.items():
            metric = "macro_f1" if question == "sentiment macro F1" else "f1"
            texts, truth = asked[question]
            guess = regress(*parted(part), texts, metric, language=language)
            if question in topics:
                hits += int((guess & truth).sum())
                wrong += int((guess > truth).sum())
                missed += int((guess < truth).sum())
            else:
                yield Figure(f"gold_{language}", question, len(texts), score(metric, truth, guess))
        micro = 2 * hits / max(2 * hits + wrong + missed, 1)
        yield Figure(f"gold_{language}", "topics micro F1 of named", len(texts), micro)


def parted(part: Part) -> tuple[Part, Part]:
    """Seven rows of eight to learn from, and the eighth to choose on."""
    eighth = np.arange(len(part[0])) % 8 == 0
    texts = np.array(part[0], dtype=object)
    return (texts[~eighth].tolist(), part[1][~eighth]), (texts[eighth].tolist(), part[1][eighth])


def answers(rows: Rows, language: str, topics: Sequence[str]) -> Iterator[tuple[str, Part]]:
    """Every question of the gold labels with its texts and classes; a topic goes by its id."""
    mine = np.array(rows.languages) == language
    texts = [text for text, keep in zip(rows.texts, mine, strict=True) if keep]
    targets = rows.targets
    yield "sentiment macro F1", (texts, np.log2(targets.allowed[mine].astype(float)).astype(np.int64))
    yield "severity F1 of ≥ 2", (texts, (targets.severity[mine] >= 2).astype(np.int64))
    for i, flag in enumerate(FLAGS[:-1]):
        yield f"{flag} F1", (texts, targets.flags[mine, i].astype(np.int64))
    for i, topic in enumerate(topics):
        yield topic, (texts, (targets.topics[mine, i] > 0).astype(np.int64))


def regress(train: Part, dev: Part, texts: list[str], metric: str, *, language: str) -> np.ndarray:
    """Classes of `texts` by the regression whose strength scores best on `dev`."""
    from sklearn.linear_model import LogisticRegression

    tfidf = vectorizer(language)
    known = tfidf.fit_transform(train[0])
    chosen, asked = tfidf.transform(dev[0]), tfidf.transform(texts)
    if not train[1].any():
        return np.zeros(len(texts), np.int64)
    found = []
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced").fit(known, train[1])
        found.append((score(metric, dev[1], model.predict(chosen)), strength, model.predict(asked)))
    return max(found, key=lambda item: item[:2])[2].astype(np.int64)


def vectorizer(language: str, *, min_df: int = 2) -> Any:
    """Characters 1–3 for Chinese, words and signs 1–2 for English."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    options: dict[str, Any] = {"analyzer": "char", "ngram_range": (1, 3)}
    if language == "en":
        options = {"token_pattern": r"(?u)\b\w+\b|[^\w\s]", "ngram_range": (1, 2)}
    return TfidfVectorizer(min_df=min_df, sublinear_tf=True, dtype=np.float32, **options)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with labelled/ and gold/")
    parser.add_argument("--only", action="append", default=[], choices=[bar.dataset for bar in BARS])
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--pooled", action="store_true", help="one regression a language for all sets")
    options = parser.parse_args()
    cards = read_cards(CARDS)
    print("| set | metric | rows | TF-IDF + LR |\n|---|---|---|---|")
    figures: dict[str, dict[str, float]] = {}
    lines = (
        of_sets_pooled(options.data, cards) if options.pooled else of_sets(options.data, cards, options.only)
    )
    alone = options.only or options.pooled
    for line in chain(lines, () if alone else of_gold(options.data, cards)):
        figures.setdefault(line.dataset, {})[line.metric] = line.value
        print(f"| {line.dataset} | {line.metric} | {line.rows} | {line.value:.3f} |", flush=True)
    if options.pooled:
        mean = np.mean([value for metrics in figures.values() for value in metrics.values()])
        print(f"\nmean of the {len(figures)} sentiment sets: {mean:.4f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
