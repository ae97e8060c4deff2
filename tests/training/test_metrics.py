from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from feedback_nlp.training import bootstrap, metrics

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


@settings(deadline=None, max_examples=60)
@given(rows=ROWS)
def test_a_weight_counts_like_repeated_rows(rows: list[tuple[int, int, int]]) -> None:
    truth, found, weight = (np.array(column) for column in zip(*rows, strict=True))
    repeated_truth, repeated_found = np.repeat(truth, weight), np.repeat(found, weight)
    one = metrics.confusion(truth, found, 4, weight.astype(float))
    other = metrics.confusion(repeated_truth, repeated_found, 4, np.ones(len(repeated_truth)))
    np.testing.assert_array_equal(one, other)


@settings(deadline=None, max_examples=60)
@given(rows=ROWS)
def test_agrees_with_scikit_learn(rows: list[tuple[int, int, int]]) -> None:
    truth, found, _ = (np.array(column) for column in zip(*rows, strict=True))
    matrix = metrics.confusion(truth, found, 4, np.ones(len(truth)))
    present = sorted(set(truth.tolist()))
    assert metrics.accuracy(matrix) == pytest.approx(reference.accuracy_score(truth, found))
    expected = reference.f1_score(truth, found, average="macro", labels=present, zero_division=0)
    assert metrics.macro_f1(matrix) == pytest.approx(expected)
    expected = reference.recall_score(truth, found, average="macro", labels=present, zero_division=0)
    assert metrics.macro_recall(matrix) == pytest.approx(expected)
    yes, said = truth > 1, found > 1
    if yes.any() or said.any():
        assert metrics.f1(yes, said, np.ones(len(yes))) == pytest.approx(reference.f1_score(yes, said))


def test_micro_f1_pools_the_columns() -> None:
    truth = np.array([[True, False], [True, True]])
    found = np.array([[True, True], [False, True]])
    assert metrics.f1(truth, found, np.ones(2)) == pytest.approx(
        reference.f1_score(truth, found, average="micro")
    )


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.9, 0.9, 0.9, 0.9, 0.2, 0.2])
    hit = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    expected = (4 * abs(0.9 - 0.75) + 2 * abs(0.2 - 0.5)) / 6
    assert metrics.calibration_error(confidence, hit, np.ones(6), bins=10) == pytest.approx(expected)
    np.testing.assert_allclose(metrics.reliability(confidence, hit, bins=10), [[0.2, 0.5, 2], [0.9, 0.75, 4]])


def test_a_sure_and_right_classifier_has_no_calibration_error() -> None:
    assert metrics.calibration_error(np.ones(5), np.ones(5), np.ones(5)) == 0


def test_what_is_not_defined_is_nan() -> None:
    assert np.isnan(metrics.f1(np.zeros(3, bool), np.zeros(3, bool), np.ones(3)))
    assert np.isnan(metrics.accuracy(np.zeros((4, 4))))


def test_bootstrap_interval_is_near_the_normal_one() -> None:
    random = np.random.default_rng(1)
    hit = (random.random(400) < 0.7).astype(float)
    drawn = bootstrap.draws(400, resamples=1000)
    found = bootstrap.estimate(lambda w: float(w @ hit / w.sum()), 400, drawn)
    half = 1.96 * np.sqrt(hit.mean() * (1 - hit.mean()) / 400)
    assert found.value == pytest.approx(hit.mean())
    assert found.high - found.low == pytest.approx(2 * half, rel=0.15)


def test_a_paired_difference_cancels_shared_luck() -> None:
    random = np.random.default_rng(2)
    hit = (random.random(300) < 0.7).astype(float)
    better = hit.copy()
    better[np.flatnonzero(hit == 0)[:12]] = 1
    drawn = bootstrap.draws(300)
    gap = bootstrap.difference(lambda w: float(w @ better / 300), lambda w: float(w @ hit / 300), 300, drawn)
    assert gap.value == pytest.approx(12 / 300)
    assert 0 < gap.low < gap.value < gap.high < 0.07
