"""Intervals against statsmodels, scipy and rows worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from feedback_nlp.kpis import intervals

COUNTS = [(0, 1), (1, 1), (0, 30), (3, 30), (15, 30), (30, 30), (1, 1_000), (499, 1_000), (70_000, 1_000_000)]
Z = 1.959963984540054


def one(*numbers: float) -> list[np.ndarray]:
    return [np.array([number], dtype=float) for number in numbers]


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_is_that_of_statsmodels(confidence: float) -> None:
    successes, n = np.array(COUNTS, dtype=float).T
    ours = intervals.wilson(successes, n, confidence=confidence)
    theirs = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_wilson_worked_by_hand() -> None:
    # p = 0.1, n = 10, z = 2 would give (0.1 + 0.2 ± 2·sqrt(0.009 + 0.01)) / 1.4
    low, high = intervals.wilson(*one(1, 10), confidence=2 * stats.norm.cdf(2) - 1)
    assert low[0] == pytest.approx((0.3 - 2 * np.sqrt(0.019)) / 1.4)
    assert high[0] == pytest.approx((0.3 + 2 * np.sqrt(0.019)) / 1.4)


def test_difference_worked_by_hand() -> None:
    # 50 for, 20 against, of 100: difference 0.3, variance (0.7 − 0.09) / 100
    low, high = intervals.difference(*one(50, 20, 100), confidence=0.95)
    half = Z * np.sqrt(0.0061)
    assert (low[0], high[0]) == (pytest.approx(0.3 - half), pytest.approx(0.3 + half))


def test_difference_is_never_without_width() -> None:
    for plus, minus in [(20, 0), (0, 20), (0, 0)]:
        low, high = intervals.difference(*one(plus, minus, 20), confidence=0.95)
        assert low[0] < (plus - minus) / 20 or plus == 0
        assert high[0] > (plus - minus) / 20 or minus == 0
        assert high[0] - low[0] > 0.1
        assert -1 <= low[0] <= high[0] <= 1


def test_difference_is_symmetric() -> None:
    for plus, minus, n in [(12, 5, 40), (20, 0, 20), (0, 0, 7), (3, 0, 9)]:
        low, high = intervals.difference(*one(plus, minus, n), confidence=0.9)
        low_turned, high_turned = intervals.difference(*one(minus, plus, n), confidence=0.9)
        assert (low[0], high[0]) == (pytest.approx(-high_turned[0]), pytest.approx(-low_turned[0]))


def test_adjusted_wald_worked_by_hand() -> None:
    # 5 promoters, 2 detractors of 9: (5.75 − 2.75) / 12 = 0.25; variance (8.5/12 − 0.0625) / 12
    low, high = intervals.adjusted_wald(*one(5, 2, 9), confidence=0.95)
    half = Z * np.sqrt((8.5 / 12 - 0.0625) / 12)
    assert (low[0], high[0]) == (pytest.approx(0.25 - half), pytest.approx(0.25 + half))


def test_student_is_that_of_statsmodels() -> None:
    values = np.random.default_rng(1).integers(1, 6, 40).astype(float)
    ours = intervals.student(*one(values.sum(), (values**2).sum(), 40), confidence=0.9)
    theirs = DescrStatsW(values).tconfint_mean(alpha=0.1)
    assert (ours[0][0], ours[1][0]) == (pytest.approx(theirs[0]), pytest.approx(theirs[1]))


def test_student_of_one_value_has_no_interval() -> None:
    low, high = intervals.student(*one(4, 16, 1), confidence=0.95)
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_kish_worked_by_hand() -> None:
    # weights 1, 1, 2: 16 / 6; equal weights keep n
    assert intervals.effective_n(*one(4, 6))[0] == pytest.approx(16 / 6)
    assert intervals.effective_n(*one(3 * 7, 9 * 7))[0] == pytest.approx(7)


@pytest.mark.parametrize(
    "of_nothing",
    [
        lambda zero: intervals.wilson(zero, zero, confidence=0.95),
        lambda zero: intervals.difference(zero, zero, zero, confidence=0.95),
        lambda zero: intervals.adjusted_wald(zero, zero, zero, confidence=0.95),
        lambda zero: intervals.student(zero, zero, zero, confidence=0.95),
    ],
)
def test_no_rows_have_no_interval_and_raise_no_warning(of_nothing) -> None:  # type: ignore[no-untyped-def]
    assert np.isnan(of_nothing(np.zeros(2))).all()


@pytest.mark.parametrize(("up", "down"), [(0.5, 0.3), (0.7, 0.1), (0.2, 0.2)])
def test_difference_covers_the_truth(up: float, down: float) -> None:
    draws = np.random.default_rng(7).multinomial(80, [up, down, 1 - up - down], size=4000).astype(float)
    low, high = intervals.difference(draws[:, 0], draws[:, 1], np.full(4000, 80.0), confidence=0.95)
    assert 0.93 < ((low <= up - down) & (up - down <= high)).mean() < 0.97


def test_adjusted_wald_covers_the_truth_in_small_samples() -> None:
    draws = np.random.default_rng(8).multinomial(15, [0.6, 0.2, 0.2], size=4000).astype(float)
    low, high = intervals.adjusted_wald(draws[:, 0], draws[:, 1], np.full(4000, 15.0), confidence=0.95)
    assert 0.93 < ((low <= 0.4) & (high >= 0.4)).mean() < 0.98
