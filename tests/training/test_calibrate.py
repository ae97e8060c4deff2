"""Calibration finds the temperature that was there; the yardstick's measures are the textbook's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, recall_score

from feedback_nlp.classifiers import manifest
from feedback_nlp.training.calibrate import _best_bias, calibrate
from feedback_nlp.training.corpora import Rows
from feedback_nlp.training.package import FILES, write_package
from feedback_nlp.training.predict import Logits
from feedback_nlp.training.targets import Targets
from feedback_nlp.training.yardstick import best_threshold, calibration_error, chosen, classes_of, score

N, TOPICS = 3000, ("price", "service")


@pytest.fixture(scope="module")
def overconfident() -> tuple[Logits, Rows]:
    """Logits twice as large as the chances their labels were drawn by."""
    rng = np.random.default_rng(8)

    def drawn(classes: int) -> tuple[np.ndarray, np.ndarray]:
        logits = rng.normal(size=(N, classes)) * 2
        return logits.astype(np.float32), (logits + rng.gumbel(size=logits.shape)).argmax(1)

    sentiment, feelings = drawn(4)
    severity, levels = drawn(4)
    flags = rng.normal(size=(N, 6)).astype(np.float32) * 2
    raised = (rng.random((N, 6)) < 1 / (1 + np.exp(-flags))).astype(np.int8)
    named = [drawn(4) for _ in TOPICS]
    targets = Targets(
        allowed=(1 << feelings).astype(np.int8),
        candidates=np.full(N, 15, np.int8),
        flags=raised,
        severity=levels.astype(np.int8),
        topics=np.stack([labels for _, labels in named], 1).astype(np.int8),
        weights=np.ones((N, 3), np.float32),
    )
    rows = Rows([""] * N, ["gold"] * N, ["zh", "en"] * (N // 2), targets)
    topics = np.stack([logits for logits, _ in named], 1)
    return Logits(sentiment * 2, severity * 2, flags * 2, topics * 2), rows


def test_temperatures_are_found(overconfident: tuple[Logits, Rows]) -> None:
    heads = calibrate(*overconfident, TOPICS)
    for head in heads.values():
        for temperature in head.temperature.values():
            assert temperature == pytest.approx(2, rel=0.2)


def test_the_manifest_written_is_the_one_read(overconfident: tuple[Logits, Rows], tmp_path, recipe) -> None:  # type: ignore[no-untyped-def]
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
    heads = calibrate(*overconfident, TOPICS)
    write_package(tmp_path, heads, recipe, TOPICS)
    found = manifest.read(tmp_path)
    manifest.verify(found)
    assert found.topics == TOPICS
    assert found.heads["complaint"].threshold == heads["complaint"].threshold
    assert len(found.canary) >= 4


def test_another_model_has_another_version(overconfident: tuple[Logits, Rows], tmp_path, recipe) -> None:  # type: ignore[no-untyped-def]
    heads = calibrate(*overconfident, TOPICS)
    versions = []
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
    for weights in (b"some", b"others", b"some"):
        (tmp_path / FILES[-1]).write_bytes(weights)
        write_package(tmp_path, heads, recipe, TOPICS)
        versions.append(manifest.read(tmp_path).version)
    assert versions[0] == versions[2] != versions[1]


@pytest.mark.parametrize("metric", ["accuracy", "macro_f1", "macro_recall"])
def test_measures_are_the_textbooks(metric: str) -> None:
    rng = np.random.default_rng(1)
    truth, guess = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    expected = {
        "accuracy": accuracy_score(truth, guess),
        "macro_f1": f1_score(truth, guess, average="macro"),
        "macro_recall": recall_score(truth, guess, average="macro"),
    }
    assert score(metric, truth, guess) == pytest.approx(expected[metric])


def test_two_classes_ask_for_the_lean_and_three_put_mixed_in_the_middle() -> None:
    p = np.array([[0.3, 0.4, 0.2, 0.1], [0.3, 0.2, 0.25, 0.25]], np.float32)
    assert chosen(p, 2).tolist() == [0, 0]
    assert chosen(p, 3).tolist() == [1, 1]
    truth, ways = classes_of(np.array([1, 4], np.int8), np.array([5, 5], np.int8))
    assert (truth.tolist(), ways) == ([0, 1], 2)
    truth, ways = classes_of(np.array([1, 10, 4], np.int8), np.array([15, 15, 15], np.int8))
    assert (truth.tolist(), ways) == ([0, 1, 2], 3)


def test_a_threshold_parts_what_can_be_parted() -> None:
    p = np.concatenate([np.linspace(0, 0.3, 50), np.linspace(0.7, 1, 20)]).astype(np.float32)
    assert 0.3 < best_threshold(p, (p > 0.5).astype(np.int64)) <= 0.75


def test_calibration_error_is_the_gap() -> None:
    p = np.full(1000, 0.8, np.float32)
    assert calibration_error(p, np.arange(1000) < 600) == pytest.approx(0.2, abs=1e-3)
    assert calibration_error(p, np.arange(1000) < 800) == pytest.approx(0, abs=1e-3)


@pytest.fixture
def recipe():  # type: ignore[no-untyped-def]
    from pathlib import Path

    from feedback_nlp.training.recipe import read_recipe

    return read_recipe(Path(__file__).parents[2] / "models" / "feedback-zh-en" / "recipe.toml", "cpu")


def test_hardly_any_feedback_is_taken_for_something_else(overconfident: tuple[Logits, Rows]) -> None:
    logits, rows = overconfident
    head = calibrate(logits, rows, TOPICS)["feedback"]
    real = rows.targets.flags[:, -1] == 1
    for name in ("zh", "en"):
        mine = real & (np.array(rows.languages) == name)
        p = 1 / (1 + np.exp(-logits.flags[mine, -1] / head.temperature[name]))
        assert (p < head.threshold[name]).mean() < 0.01


def test_what_three_classes_would_lose_holds_back_the_bias_that_four_ask_for() -> None:
    """A fifth of the guide's neutral rows are called positive, narrowly; so narrowly are the other set's positive rows right."""
    surely_negative, surely_neutral, narrowly_positive = (
        [0.97, 0.01, 0.01, 0.01],
        [0.01, 0.97, 0.01, 0.01],
        [0.01, 0.44, 0.54, 0.01],
    )
    p = np.log(np.repeat([surely_negative, surely_neutral, narrowly_positive], [100, 80, 20], axis=0))
    truth = np.repeat([0, 1], 100)
    of_three, thirds = np.log(np.repeat([narrowly_positive], 100, axis=0)), np.full(100, 2)
    assert _best_bias(p, truth, of_three[:0], thirds[:0])[1] > 0
    assert _best_bias(p, truth, of_three, thirds)[1] == 0
