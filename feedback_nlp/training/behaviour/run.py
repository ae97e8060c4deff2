"""Run the behaviour suite: pass rates per group and language, and every case that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_nlp.classifiers.base import Classifier, Predictions
from feedback_nlp.records import SENTIMENTS
from feedback_nlp.text.clean import clean
from feedback_nlp.training.behaviour.cases import DIRECTION, INVARIANCE, Case, cases

CERTAIN = 0.9  # a probability that is there already need not rise further (nor fall below 1 − this)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`rates`: group, lang, kind, cases, passed, rate; `failures`: the cases that failed, with what was given.

    `wrong` names what was not as expected, e.g. "sentiment positive, not negative".
    """

    model: str
    rates: pd.DataFrame
    failures: pd.DataFrame


def run(classifier: Classifier, *, suite: Sequence[Case] | None = None) -> Behaviour:
    """Try a classifier on the suite; expectations of heads it lacks are not counted."""
    tried = cases() if suite is None else list(suite)
    texts = [clean(case.text) for case in tried]
    others = [clean(case.other if case.other is not None else case.text) for case in tried]
    predictions = classifier.predict([*texts, *others])
    before = [labels(predictions, row) for row in range(len(tried))]
    after = [labels(predictions, row + len(tried)) for row in range(len(tried))]
    wrong = [judge(case, one, other) for case, one, other in zip(tried, before, after, strict=True)]
    table = pd.DataFrame(
        [
            {
                "group": case.group,
                "lang": case.lang,
                "kind": case.kind,
                "text": case.text,
                "other": case.other,
                "wrong": "; ".join(found),
            }
            for case, found in zip(tried, wrong, strict=True)
        ],
        columns=["group", "lang", "kind", "text", "other", "wrong"],
    )
    failures = table[table["wrong"] != ""].reset_index(drop=True)
    return Behaviour(classifier.name, _rates(table), failures)


def judge(case: Case, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What is not as the case expects; empty when it passes."""
    if case.kind == INVARIANCE:
        kept = ("sentiment", "complaint")
        return [
            f"{name} {before[name]} became {after[name]}"
            for name in kept
            if name in before and before[name] != after[name]
        ]
    if case.kind == DIRECTION:
        return [
            f"{name} went from {before[name]:.2f} to {after[name]:.2f}, not {way}"
            for name, way in case.expect.items()
            if name in before and not _moved(before[name], after[name], way)
        ]
    return [
        f"{name} {before[name]}, not {' or '.join(map(str, _allowed(value)))}"
        for name, value in case.expect.items()
        if name in before and before[name] not in _allowed(value)
    ]


def labels(predictions: Predictions, row: int) -> dict[str, Any]:
    """Every label and probability of one text, by the names the templates use."""
    found: dict[str, Any] = {}
    if predictions.sentiment[row] >= 0:
        found["sentiment"] = SENTIMENTS[predictions.sentiment[row]]
        found |= {f"p_{label}": float(predictions.p_sentiment[row, i]) for i, label in enumerate(SENTIMENTS)}
    for name, values in predictions.flags.items():
        found |= {name: bool(values[row]), f"p_{name}": float(predictions.p_flags[name][row])}
    if predictions.severity is not None:
        found["severity"] = int(predictions.severity[row])
    return found


def _moved(before: float, after: float, way: str) -> bool:
    if way == "up":
        return after > before or min(before, after) >= CERTAIN
    return after < before or max(before, after) <= 1 - CERTAIN


def _allowed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rates(table: pd.DataFrame) -> pd.DataFrame:
    passed = table.assign(passed=table["wrong"] == "")
    grouped = passed.groupby(["group", "lang", "kind"], sort=True)["passed"]
    return grouped.agg(cases="size", passed="sum", rate="mean").reset_index()
