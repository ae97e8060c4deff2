"""Temperatures, thresholds and biases of every head, from dev rows: what makes a logit a probability and a label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers.base import Bools, Floats, Ints
from feedback_nlp.classifiers.decide import sigmoid, softmax
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.corpora import Rows
from feedback_nlp.training.predict import Logits
from feedback_nlp.training.targets import ABSENT, ALL_SENTIMENTS
from feedback_nlp.training.yardstick import best_threshold, classes_of, score

LANGUAGES = ("zh", "en")
_TEMPERATURES = np.exp(np.linspace(np.log(0.4), np.log(4.0), 80))
_BY_THE_GUIDE = ("gold", "standoff")  # sets whose dev rows are found comments, labelled by the guide
_BIASES = np.linspace(-1.2, 1.2, 13)
_MIDDLE = ("neutral", "mixed")  # the labels whose biases are free
_BIAS_SHARE = 0.75  # dev is small
_THIRD = np.array([0, 1, 2, 1])  # the class of each label where there are three: mixed is in the middle
_OTHER_SETS = 0.5  # weight of the other sets' rows beside gold when sentiment is calibrated
# Share of real feedback that may be taken for something else. Dev has no talk of film and TV, of which more is lost.
_FEEDBACK_LOST = 0.001
_FEEDBACK_AT_MOST = 0.05  # of that threshold: a weibo face alone can bring a review of a shop down to 0.1
_TRUST_IN_DEV = 0.7  # a threshold is this much dev's, the rest the plain half: dev is small


@dataclass(frozen=True, slots=True)
class Calibration:
    """How one head's logits become probabilities and labels, as the manifest holds it."""

    temperature: dict[str, float]
    threshold: dict[str, float] = field(default_factory=dict)
    bias: dict[str, list[float]] = field(default_factory=dict)


def calibrate(logits: Logits, rows: Rows, topics: Sequence[str]) -> dict[str, Calibration]:
    """The calibration of every head, by its name; `logits` are of `rows`, which were not trained on."""
    gold = np.isin(rows.sets, _BY_THE_GUIDE)
    by_language = {name: np.array(rows.languages) == name for name in LANGUAGES}
    heads = {
        "sentiment": _sentiment(logits.sentiment, rows, gold, by_language),
        "severity": _severity(logits.severity, rows.targets.severity, by_language),
        "topics": _topics(logits.topics, rows.targets.topics, gold, by_language, topics),
    }
    for i, name in enumerate(FLAGS):
        heads[name] = _flag(logits.flags[:, i], rows.targets.flags[:, i], gold, by_language)
    place = FLAGS.index("feedback")
    heads["feedback"] = _cautious(
        heads["feedback"], logits.flags[:, place], rows.targets.flags[:, place], gold, by_language
    )
    return heads


def fit_temperature(loss: Callable[[float], float]) -> float:
    """The temperature of the lowest loss."""
    return float(_TEMPERATURES[int(np.argmin([loss(t) for t in _TEMPERATURES]))])


def _sentiment(logits: Floats, rows: Rows, gold: Bools, by_language: Mapping[str, Bools]) -> Calibration:
    known = rows.targets.allowed > 0
    temperature, bias = {}, {}
    for name, spoken in by_language.items():
        mine, others = gold & spoken & known, ~gold & spoken & known
        nll = [
            _marginal_nll(rows.targets.allowed, rows.targets.candidates, logits, part)
            for part in (mine, others)
        ]
        temperature[name] = fit_temperature(lambda t, nll=nll: nll[0](t) + _OTHER_SETS * nll[1](t))  # type: ignore[misc]
        three = others & (rows.targets.candidates == ALL_SENTIMENTS)
        p, p_three = (
            np.log(np.maximum(softmax(logits[part] / temperature[name]), 1e-12)) for part in (mine, three)
        )
        truth = np.log2(rows.targets.allowed[mine].astype(float)).astype(np.int64)
        thirds, _ = classes_of(rows.targets.allowed[three], rows.targets.candidates[three])
        bias[name] = _best_bias(p, truth, p_three, thirds)
    return Calibration(temperature, bias=bias)


def _marginal_nll(allowed: Ints, candidates: Ints, logits: Floats, part: Bools) -> Callable[[float], float]:
    bits = 1 << np.arange(len(SENTIMENTS))
    among = (candidates[part, None] & bits) > 0
    right = (allowed[part, None] & bits) > 0
    mine = logits[part]

    def loss(temperature: float) -> float:
        if not len(mine):
            return 0.0
        power = np.exp((mine - mine.max(1, keepdims=True)) / temperature)
        return float(-np.log((power * right).sum(1) / (power * among).sum(1) + 1e-12).mean())

    return loss


def _best_bias(
    p: Floats, truth: npt.NDArray[np.int64], p_three: Floats, thirds: npt.NDArray[np.int64]
) -> list[float]:
    """Biases of neutral and mixed that raise the sum of two measures most, cut to a share of themselves.

    They are the macro-F1 of rows of four classes and the macro-recall of others of three: what the first gain by more
    neutrals, the second lose.
    """
    best, found = -1.0, np.zeros(p.shape[1])
    free = [SENTIMENTS.index(label) for label in _MIDDLE]
    for values in product(_BIASES, repeat=len(free)):
        bias = np.zeros(p.shape[1])
        bias[free] = values
        reached = score("macro_f1", truth, (p + bias).argmax(1))
        if len(thirds):
            reached += score("macro_recall", thirds, _THIRD[(p_three + bias).argmax(1)])
        reached -= 0.002 * float(np.abs(bias).sum())
        if reached > best:
            best, found = reached, bias
    return [round(float(value) * _BIAS_SHARE, 3) for value in found]


def _severity(logits: Floats, truth: Ints, by_language: Mapping[str, Bools]) -> Calibration:
    temperature, bias = {}, {}
    for name, spoken in by_language.items():
        part = spoken & (truth >= 0)
        mine, labels = logits[part], truth[part].astype(np.int64)
        temperature[name] = fit_temperature(lambda t, a=mine, b=labels: _nll(a / t, b))  # type: ignore[misc]
        p = np.log(np.maximum(softmax(mine / temperature[name]), 1e-12))
        bias[name] = _best_serious_bias(p, labels)
    return Calibration(temperature, bias=bias)


def _best_serious_bias(p: Floats, truth: npt.NDArray[np.int64]) -> list[float]:
    """One bias for the labels 2 and 3 together, by the F1 of "serious"."""
    serious = (truth >= 2).astype(np.int64)
    reached = []
    for value in _BIASES:
        guess = (p + np.array([0, 0, value, value])).argmax(1) >= 2
        reached.append(score("f1", serious, guess.astype(np.int64)) - 0.005 * abs(value))
    value = float(_BIASES[int(np.argmax(reached))]) * _TRUST_IN_DEV
    return [0.0, 0.0, round(value, 3), round(value, 3)]


def _nll(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    p = softmax(logits)
    return float(-np.log(p[np.arange(len(truth)), truth] + 1e-12).mean()) if len(truth) else 0.0


def _flag(logits: Floats, truth: Ints, gold: Bools, by_language: Mapping[str, Bools]) -> Calibration:
    temperature, threshold = {}, {}
    pooled = _tempered_flag(logits, truth, gold & (truth >= 0))
    for name, spoken in by_language.items():
        part = gold & spoken & (truth >= 0)
        labels = truth[part].astype(np.int64)
        mine = logits[part]
        temperature[name] = fit_temperature(lambda t, a=mine, b=labels: _flag_nll(a / t, b))  # type: ignore[misc]
        own = best_threshold(sigmoid(mine / temperature[name]), labels)
        trust = min(1.0, labels.sum() / 60)
        value = trust * own + (1 - trust) * pooled
        threshold[name] = round(_TRUST_IN_DEV * value + (1 - _TRUST_IN_DEV) * 0.45, 4)
    return Calibration(temperature, threshold)


def _cautious(
    head: Calibration, logits: Floats, truth: Ints, gold: Bools, by_language: Mapping[str, Bools]
) -> Calibration:
    """The same with thresholds so low that hardly any feedback falls under: what does leaves every KPI."""
    threshold = {}
    for name, spoken in by_language.items():
        p = sigmoid(logits[gold & spoken & (truth == 1)] / head.temperature[name])
        lowest = float(np.quantile(p, _FEEDBACK_LOST)) if len(p) else 0.5
        threshold[name] = round(min(head.threshold[name], lowest, _FEEDBACK_AT_MOST), 4)
    return Calibration(head.temperature, threshold)


def _tempered_flag(logits: Floats, truth: Ints, part: Bools) -> float:
    labels = truth[part].astype(np.int64)
    temperature = fit_temperature(lambda t: _flag_nll(logits[part] / t, labels))
    return best_threshold(sigmoid(logits[part] / temperature), labels)


def _flag_nll(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    return float(np.logaddexp(0, np.where(truth == 1, -logits, logits)).mean()) if len(truth) else 0.0


def _topics(
    logits: Floats, truth: Ints, gold: Bools, by_language: Mapping[str, Bools], topics: Sequence[str]
) -> Calibration:
    temperature = {}
    named = np.zeros(truth.shape, np.float32)
    for name, spoken in by_language.items():
        part = gold & spoken
        mine, labels = logits[part].reshape(-1, logits.shape[-1]), truth[part].astype(np.int64).ravel()
        temperature[name] = fit_temperature(lambda t, a=mine, b=labels: _nll(a / t, b))  # type: ignore[misc]
        named[spoken] = 1 - softmax(logits[spoken] / temperature[name])[..., 0]
    threshold = {}
    for i, topic in enumerate(topics):
        value = best_threshold(named[gold, i], (truth[gold, i] != ABSENT).astype(np.int64))
        threshold[topic] = round(_TRUST_IN_DEV * value + (1 - _TRUST_IN_DEV) * 0.42, 4)
    return Calibration(temperature, threshold)
