"""The table a model is held against: which set, which metric, what TF-IDF reaches, what we reach for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Floats

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table. `metric`: accuracy, macro_f1, macro_recall or f1 (of the complaint flag)."""

    dataset: str
    metric: str
    tfidf: float
    reach: float
    beyond: float


BARS = (
    Bar("online_shopping_10_cats", "accuracy", 0.939, 0.950, 0.960),
    Bar("waimai_10k", "macro_f1", 0.893, 0.905, 0.920),
    Bar("dianping_2k", "accuracy", 0.877, 0.910, 0.930),
    Bar("appstore_zh_qimai", "accuracy", 0.932, 0.945, 0.955),
    Bar("openrice_hk", "macro_f1", 0.677, 0.70, 0.75),
    Bar("tweeteval_sentiment_valtest", "macro_recall", 0.574, 0.64, 0.70),
    Bar("airline_tweets", "macro_f1", 0.733, 0.76, 0.80),
    Bar("amazon10k", "accuracy", 0.883, 0.90, 0.93),
    Bar("trustpilot_pet", "macro_f1", 0.937, 0.945, 0.955),
    Bar("complaints_acl19", "f1", 0.748, 0.79, 0.85),
)


def classes_of(allowed: npt.NDArray[np.int8], candidates: npt.NDArray[np.int8]) -> tuple[Labels, int]:
    """Truth as class numbers, and how many classes there are: 2 (negative, positive) or 3 (… the middle between)."""
    ways = 2 if set(candidates.tolist()) == {0b0101} else 3
    numbers = {1: 0, 4: 1} if ways == 2 else {1: 0, 2: 1, 8: 1, 10: 1, 4: 2}
    return np.array([numbers[int(a)] for a in allowed], np.int64), ways


def chosen(p_sentiment: Floats, ways: int) -> Labels:
    """The class of each row; with two, negative against positive; with three, mixed counts to the middle."""
    negative, neutral, positive, mixed = p_sentiment.T
    columns = [negative, positive] if ways == 2 else [negative, neutral + mixed, positive]
    best: Labels = np.stack(columns, 1).argmax(1).astype(np.int64)
    return best


def score(metric: str, truth: Labels, guess: Labels) -> float:
    """The metric's value, 0–1."""
    if metric == "accuracy":
        return float((truth == guess).mean())
    by_class = [_recall_and_f1(truth == c, guess == c) for c in range(int(max(truth.max(), 1)) + 1)]
    if metric == "f1":
        return by_class[1][1]
    return float(np.mean([pair[0 if metric == "macro_recall" else 1] for pair in by_class]))


def _recall_and_f1(truth: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> tuple[float, float]:
    hit = float((truth & guess).sum())
    recall = hit / max(float(truth.sum()), 1.0)
    return recall, 2 * hit / max(float(truth.sum() + guess.sum()), 1.0)


def best_threshold(p: Floats, truth: Labels) -> float:
    """The threshold on `p` with the highest F1, halfway to the next value; 0.5 where there is no positive row."""
    if not truth.any():
        return 0.5
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(p) + 1) + truth.sum())
    # A running mean, so that one lucky row does not set the threshold.
    width = max(1, len(p) // 50)
    smooth = np.convolve(f1, np.ones(width) / width, mode="same")
    best = int(smooth.argmax())
    after = p[order[min(best + 1, len(p) - 1)]]
    return float(np.clip((p[order[best]] + after) / 2, 0.05, 0.95))


def calibration_error(p: Floats, right: npt.NDArray[np.bool_], *, bins: int = 15) -> float:
    """Expected calibration error: mean gap of confidence and accuracy over equal-width bins, weighted by rows."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[place == b].sum() - right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / max(len(p), 1))


def table(figures: Mapping[str, float]) -> str:
    """The figures beside the bars, one line a set, as Markdown."""
    lines = ["| set | metric | TF-IDF + LR | reach | beyond | reached |", "|---|---|---|---|---|---|"]
    for bar in BARS:
        value = figures.get(bar.dataset)
        shown = "–" if value is None else f"{value:.3f}"
        lines.append(
            f"| {bar.dataset} | {bar.metric} | {bar.tfidf:.3f} | {bar.reach:.3f} | {bar.beyond:.3f} | {shown} |"
        )
    return "\n".join(lines)
