"""Intervals against statsmodels, scipy and rows worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln, xlogy
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
    # 51 for, 21 against, of 98: 52 and 22 of 100, so 0.3 with variance (0.74 − 0.09) / 100
    low, high = intervals.difference(*one(51, 21, 98), confidence=0.95)
    half = Z * np.sqrt(0.0065)
    assert (low[0], high[0]) == (pytest.approx(0.3 - half), pytest.approx(0.3 + half))


def test_the_interval_of_a_net_promoter_score_worked_by_hand() -> None:
    # 5 promoters, 2 detractors of 9: (5.75 − 2.75) / 12 = 0.25; variance (8.5/12 − 0.0625) / 12
    low, high = intervals.difference(*one(5, 2, 9), confidence=0.95, imagined=(0.75, 1.5))
    half = Z * np.sqrt((8.5 / 12 - 0.0625) / 12)
    assert (low[0], high[0]) == (pytest.approx(0.25 - half), pytest.approx(0.25 + half))


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("n", [1, 2, 20, 10**7])
def test_difference_holds_the_value_and_is_never_without_width(n: int, confidence: float) -> None:
    for plus, minus in [(n, 0), (0, n), (0, 0), (n // 2, n - n // 2)]:
        low, high = intervals.difference(*one(plus, minus, n), confidence=confidence)
        assert -1 <= low[0] <= (plus - minus) / n <= high[0] <= 1
        assert high[0] - low[0] > 1 / (n + 2)


def test_difference_is_symmetric() -> None:
    for plus, minus, n in [(12, 5, 40), (20, 0, 20), (0, 0, 7), (3, 0, 9)]:
        low, high = intervals.difference(*one(plus, minus, n), confidence=0.9)
        low_turned, high_turned = intervals.difference(*one(minus, plus, n), confidence=0.9)
        assert (low[0], high[0]) == (pytest.approx(-high_turned[0]), pytest.approx(-low_turned[0]))


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
        lambda zero: intervals.student(zero, zero, zero, confidence=0.95),
    ],
)
def test_no_rows_have_no_interval_and_raise_no_warning(of_nothing) -> None:  # type: ignore[no-untyped-def]
    assert np.isnan(of_nothing(np.zeros(2))).all()


TRUTHS = [
    (up / 200, down / 200)
    for up in (0, 2, 6, 10, 20, 40, 70, 100, 140, 160, 180, 190, 194, 198, 200)
    for down in (0, 1, 2, 6, 10, 20, 40, 70, 100)
    if down <= up <= 200 - down
]


def coverage(n: int, confidence: float, truths: list[tuple[float, float]], **options: Any) -> list[float]:
    """Not simulated: the chances of all outcomes whose interval holds the truth, added up."""
    plus, minus = np.mgrid[: n + 1, : n + 1].reshape(2, -1).astype(float)
    plus, minus = plus[plus + minus <= n], minus[plus + minus <= n]
    neither = n - plus - minus
    low, high = intervals.difference(plus, minus, np.full(len(plus), n), confidence=confidence, **options)
    ways = gammaln(n + 1) - gammaln(plus + 1) - gammaln(minus + 1) - gammaln(neither + 1)
    found = []
    for up, down in truths:
        rest = max(0.0, 1 - up - down)
        chance = np.exp(ways + xlogy(plus, up) + xlogy(minus, down) + xlogy(neither, rest))
        assert chance.sum() == pytest.approx(1)
        found.append(float(chance[(low <= up - down + 1e-12) & (up - down <= high + 1e-12)].sum()))
    return found


@pytest.mark.parametrize("n", [15, 30, 80, 200])
@pytest.mark.parametrize(
    ("confidence", "least", "most"), [(0.8, 0.735, 0.885), (0.95, 0.925, 0.982), (0.99, 0.972, 0.997)]
)
def test_difference_covers_the_truth_everywhere(n: int, confidence: float, least: float, most: float) -> None:
    """Wherever the truth lies, ends and edges included; and not by being needlessly wide."""
    covered = coverage(n, confidence, TRUTHS)
    assert min(covered) >= least
    assert np.mean(covered) <= most


def test_without_imagined_comments_it_would_not_cover() -> None:
    """Near its end an index would then seem much surer than it is."""
    assert coverage(80, 0.95, [(0.97, 0.01)], imagined=(0, 0))[0] < 0.8
    assert coverage(80, 0.95, [(0.97, 0.01)])[0] > 0.93


@pytest.mark.parametrize("n", [15, 50, 200])
def test_the_interval_of_a_net_promoter_score_covers_where_scores_lie(n: int) -> None:
    truths = [(0.2, 0.5), (0.4, 0.3), (0.6, 0.2), (0.8, 0.1)]
    covered = coverage(n, 0.95, truths, imagined=(0.75, 1.5))
    assert min(covered) > 0.93
    assert max(covered) < 0.98


@pytest.mark.parametrize(("up", "down"), [(0.5, 0.3), (0.97, 0.01), (0.05, 0.0)])
@pytest.mark.parametrize("n", [20, 80])
def test_a_weighted_index_covers_the_truth_where_reach_does_not_go_with_attitude(
    up: float, down: float, n: int
) -> None:
    rng = np.random.default_rng(7)
    attitude = rng.choice([1, -1, 0], size=(2000, n), p=[up, down, 1 - up - down])
    weight = 1 + np.log2(1 + np.floor(rng.lognormal(1, 2, (2000, n))))
    total = weight.sum(axis=1)
    size = intervals.effective_n(total, (weight**2).sum(axis=1))
    plus, minus = ((weight * (attitude == sign)).sum(axis=1) / total * size for sign in (1, -1))
    low, high = intervals.difference(plus, minus, size, confidence=0.95)
    assert ((low <= up - down) & (up - down <= high)).mean() >= 0.93
