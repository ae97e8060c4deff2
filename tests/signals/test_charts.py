"""The statistics under the alerts: tails, Laney's sigma, EWMA, weekday effects, false discoveries."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from feedback_nlp.signals import ewma, laney, season, tails
from feedback_nlp.signals.baseline import reference
from feedback_nlp.signals.chart import judge
from feedback_nlp.signals.discoveries import benjamini_hochberg, holm
from feedback_nlp.signals.series import Series, first_day, last_day, series_of


def weeks(count, *, step=7):
    return tuple(dt.date(2024, 1, 1) + dt.timedelta(days=step * i) for i in range(count))


def shares(cases, n, *, step=7):
    cases, n = np.asarray(cases, float), np.asarray(n, float)
    none = np.full(len(n), np.nan)
    return Series("complaint_rate", (), "share", weeks(len(n), step=step), cases / n, n, none)


def counts(values, *, step=7):
    values = np.asarray(values, float)
    return Series(
        "volume", (), "count", weeks(len(values), step=step), values, np.ones(len(values)), values * np.nan
    )


def test_discoveries_as_in_statsmodels():
    rng = np.random.default_rng(0)
    for size in (1, 2, 7, 40):
        p = np.round(rng.random(size) ** 3, 3)
        assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_untested_values_stay_out_of_the_count():
    p = np.array([0.01, np.nan, 0.04])
    assert benjamini_hochberg(p)[[0, 2]] == pytest.approx([0.02, 0.04])
    assert holm(p)[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(benjamini_hochberg(p)[1])
    assert len(holm(np.array([]))) == 0


@pytest.mark.parametrize(("cases", "n", "rate"), [(7, 40, 0.1), (0, 25, 0.1), (25, 25, 0.9), (1, 1, 0.3)])
def test_share_tails_without_clumps_are_the_binomials_mid_p(cases, n, rate):
    below, above = tails.share_tails(cases, n, rate=rate, inflation=1.0)
    exact = stats.binom(n, rate)
    assert below == pytest.approx(exact.cdf(cases) - exact.pmf(cases) / 2)
    assert above == pytest.approx(exact.sf(cases) + exact.pmf(cases) / 2)


def test_share_tails_with_clumps_are_beta_binomial():
    n, rate, inflation = 60, 0.2, 4.0
    size = (n - 1) / (inflation - 1) - 1
    exact = stats.betabinom(n, rate * size, (1 - rate) * size)
    assert exact.var() == pytest.approx(inflation * n * rate * (1 - rate))
    assert tails.share_tails(25, n, rate=rate, inflation=inflation)[1] == pytest.approx(
        exact.sf(25) + exact.pmf(25) / 2
    )


def test_count_tails():
    exact = stats.nbinom(30 / 2, 1 / 3)
    assert exact.var() == pytest.approx(3 * exact.mean())
    below, above = tails.count_tails(50, mean=30, inflation=3.0)
    assert above == pytest.approx(exact.sf(50) + exact.pmf(50) / 2)
    assert below + above == pytest.approx(1)
    assert tails.count_tails(0, mean=3, inflation=1.0)[0] == pytest.approx(stats.poisson(3).pmf(0) / 2)


@pytest.mark.parametrize("z", [-5, -2, 0, 2, 5])
def test_large_counts_go_on_where_exact_ones_end(z):
    scores = []
    for n in (4000, 4001):
        cases = round(n * 0.1 + z * np.sqrt(3 * n * 0.09))
        scores.append(tails.normal_score(*tails.share_tails(cases, n, rate=0.1, inflation=3.0)))
    assert scores[0] == pytest.approx(scores[1], abs=0.25)
    one, other = (tails.normal_score(*tails.count_tails(m + z * np.sqrt(3 * m), mean=m, inflation=3.0)) for m in (3999, 4001))  # fmt: skip
    assert one == pytest.approx(other, abs=0.25)


def test_normal_score_keeps_far_tails():
    assert tails.normal_score(1.0, 1e-200) == pytest.approx(stats.norm.isf(1e-200))
    assert tails.normal_score(1e-200, 1.0) == pytest.approx(stats.norm.ppf(1e-200))
    assert abs(tails.humbler(5.0, 10.0)) < 5.0
    assert tails.humbler(-3.0, 1e9) == pytest.approx(-3.0, abs=1e-6)


def test_sigma_z():
    assert laney.sigma_z(np.array([0.0, 3.0, 0.0, 3.0])) == pytest.approx(3 / 1.128)
    assert laney.sigma_z(np.zeros(5)) == 1.0
    assert laney.sigma_z(np.array([2.0])) == 1.0
    noise = np.random.default_rng(0).normal(0, 2, 4000)
    assert laney.sigma_z(noise) == pytest.approx(2, rel=0.05)


def test_drift_is_standard_normal_when_nothing_happens_and_grows_when_something_does():
    rng = np.random.default_rng(0)
    still = np.array(
        [ewma.drift(rng.normal(size=30), common=np.zeros(30), echo=np.zeros(30)) for _ in range(400)]
    )
    assert still[:, [0, 5, 29]].std(axis=0) == pytest.approx([1, 1, 1], abs=0.12)
    shift = ewma.drift(np.full(10, 1.2), common=np.zeros(10), echo=np.zeros(10))
    assert (np.diff(shift) > 0).all()
    assert shift[-1] > 3


def test_a_spike_does_not_echo_and_gaps_are_passed_over():
    scores = np.array([0.0, 9.0, 0.1, np.nan, 0.1])
    assert np.isnan(ewma.drift(scores, common=np.zeros(5), echo=np.zeros(5))[[1, 3]]).all()
    assert abs(ewma.drift(scores, common=np.zeros(5), echo=np.zeros(5))[4]) < 0.5


def wandering(rng, echo, size):
    z = rng.normal(size=size)
    for t in range(1, size):
        z[t] = echo * z[t - 1] + np.sqrt(1 - echo**2) * z[t]
    return z


def test_echo():
    rng = np.random.default_rng(0)
    assert laney.echo(wandering(rng, 0.6, 4000)) == pytest.approx(0.6, abs=0.05)
    assert np.mean([laney.echo(rng.normal(size=52)) > 0 for _ in range(400)]) < 0.05
    assert [laney.echo(np.zeros(size)) for size in (0, 1, 9)] == [0, 0, 0]
    assert laney.echo(np.tile([1.0, -1.0], 20)) == 0  # what swings back cannot pass for a drift


def test_what_wanders_by_nature_is_not_taken_for_a_drift():
    rng, echo = np.random.default_rng(1), 0.6
    scores = wandering(rng, echo, 20_000) / np.sqrt(1 - echo)  # as sigmas from ranges make them
    plain, known = (
        ewma.drift(scores, common=np.zeros(len(scores)), echo=np.full(len(scores), each))
        for each in (0, echo)
    )
    assert np.nanstd(plain) > 2
    assert np.nanstd(known) == pytest.approx(1, abs=0.1)


def weekday_of(series):
    return np.array([day.weekday() for day in series.periods])


def test_weekday_effects_are_found_robustly():
    rng = np.random.default_rng(1)
    truth = np.array([-0.3, -0.2, 0, 0, 0.1, 0.5, 0.4])
    n = np.full(84, 400.0)
    odds = np.log(0.2 / 0.8) + truth[np.arange(84) % 7]
    cases = rng.binomial(400, 1 / (1 + np.exp(-odds)))
    cases[40] = 390  # one wild day
    series = shares(cases, n, step=1)
    effects = season.weekly(series.total, n, weekday_of(series), kind="share", variance=np.nan)
    assert effects - effects.mean() == pytest.approx(truth - truth.mean(), abs=0.12)


def test_no_season_is_made_up_from_noise_or_too_few_weeks():
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(100):
        series = shares(rng.binomial(100, 0.2, 84), np.full(84, 100.0), step=1)
        found += season.weekly(
            series.total, series.n, weekday_of(series), kind="share", variance=np.nan
        ).any()
    assert found <= 5
    short = shares([20, 20, 20, 20, 20, 60, 60] * 3, [100] * 21, step=1)
    assert not season.weekly(short.total, short.n, weekday_of(short), kind="share", variance=np.nan).any()


@pytest.mark.parametrize("kind", ["share", "count", "mean"])
def test_an_effect_shifts_a_level_on_its_own_scale(kind):
    up = season.shifted(0.2, np.log(2.0), kind)
    assert up == pytest.approx({"share": 0.5 / 1.5, "count": 0.4, "mean": 0.2 + np.log(2)}[kind])
    assert season.shifted(0.2, 0.0, kind) == 0.2


def test_a_weekend_is_no_alarm_but_a_weekday_like_a_weekend_is():
    rng = np.random.default_rng(3)
    mean = np.tile([40, 40, 40, 40, 40, 120, 120], 20)
    values = rng.poisson(mean)
    values[-10] = 100  # a Friday like a Saturday
    judged = judge(counts(values, step=1), baseline=None, history=84, daily=True, min_n=1)
    judged = judged[40:]
    assert [each.expected for each in judged] == pytest.approx(mean[-len(judged) :], rel=0.2)
    alarms = {each.period.weekday() for each in judged if each.p < 1e-4}
    assert alarms == {4}


def test_big_counts_do_not_cry_wolf_when_the_rate_wanders():
    rng = np.random.default_rng(4)
    n = np.full(70, 20000.0)
    cases = rng.binomial(20000, np.clip(rng.normal(0.1, 0.01, 70), 0.01, 0.3))
    series = shares(cases, n)
    judged = judge(series, baseline=(series.periods[0], series.periods[40]), history=52, daily=False, min_n=1)
    assert reference(series, np.arange(41), daily=False).sigma > 3
    assert min(each.p for each in judged) > 1e-4
    plain = np.abs(cases / n - 0.1) / np.sqrt(0.09 / 20000)
    assert (plain > 3).mean() > 0.3  # the rule of three sigmas would


def test_a_fixed_baseline_judges_only_what_comes_after():
    series = shares([10] * 20, [100] * 20)
    judged = judge(series, baseline=(series.periods[2], series.periods[11]), history=52, daily=False, min_n=1)
    assert [each.period for each in judged] == list(series.periods[12:])
    assert judged[0].baseline == (series.periods[2], series.periods[11])
    assert judged[0].low < judged[0].observed < judged[0].high


def test_thin_periods_and_short_histories_are_not_judged():
    assert not judge(shares([1] * 9, [10] * 9), baseline=None, history=52, daily=False, min_n=1)
    series = shares([1] * 20, [10] * 20)
    assert not judge(series, baseline=None, history=52, daily=False, min_n=11)


def test_a_baseline_without_any_case_is_not_infinitely_surprised_by_one():
    judged = judge(shares([0] * 20 + [1], [50] * 21), baseline=None, history=52, daily=False, min_n=1)
    assert judged[-1].p > 0.01


def test_a_spike_in_the_baseline_is_not_taken_for_normal_but_a_new_level_is():
    rng = np.random.default_rng(8)
    values = rng.poisson(20, 60)
    values[30:34] = 400
    series = counts(values)
    held = reference(series, np.arange(56), daily=False)
    assert (held.periods, held.level) == (52, pytest.approx(20, rel=0.1))
    assert min(each.p for each in judge(series, baseline=None, history=52, daily=False, min_n=1)[-10:]) > 1e-3
    values[36:] = rng.poisson(60, 24)
    assert reference(counts(values), np.arange(60), daily=False).level > 30
    sundays = np.where(np.arange(84) % 7 == 6, 200, 20) + rng.integers(0, 5, 84)
    assert reference(counts(sundays, step=1), np.arange(84), daily=True).periods == 84


@pytest.mark.parametrize("daily", [False, True])
def test_spikes_that_would_leave_too_little_stay(daily):
    spiked = [20.0] * 7 + [400.0]
    assert reference(counts(spiked), np.arange(8), daily=daily).periods == 8
    longer = counts([*spiked, 20.0, 20.0])
    assert reference(longer, np.arange(10), daily=daily).periods == (10 if daily else 9)


def test_a_spike_is_told_from_its_own_weekday():
    values = np.where(np.arange(84) % 7 == 6, 200.0, 20.0) + np.arange(84) % 3
    values[40] = 200.0  # a Saturday like a Sunday
    held = reference(counts(values, step=1), np.arange(84), daily=True)
    assert held.periods == 83
    assert held.expected(dt.date(2024, 6, 1), counts(values)) == pytest.approx(21, rel=0.1)


@pytest.mark.parametrize(
    ("kpi", "kind", "usual", "least", "most"),
    [
        ("sentiment_index", "mean", 95.0, -100, 100),
        ("mean_rating", "mean", 4.95, 1, 5),
        ("complaint_rate", "share", 0.02, 0, 1),
        ("volume", "count", 1.0, 0, np.inf),
    ],
)
def test_what_is_expected_stays_on_the_scale(kpi, kind, usual, least, most):
    n = np.full(20, 1.0 if kind == "count" else 10.0)
    variance = np.full(20, 900.0 if kpi == "sentiment_index" else 1.0)
    series = Series(kpi, (), kind, weeks(20), np.full(20, usual), n, variance)
    for each in judge(series, baseline=None, history=52, daily=False, min_n=1):
        assert least <= each.low <= each.expected <= each.high <= most


def test_an_interval_cut_by_its_scale_does_not_pass_for_a_narrow_one():
    table = pd.DataFrame(
        {"period": weeks(2), "sentiment_index": [0.0, 90.0], "sentiment_index_low": [-20.0, 70.0],
         "sentiment_index_high": [20.0, 100.0], "sentiment_index_n": [40, 40]}
    )  # fmt: skip
    (series,) = series_of(table, every="week", kpis=["sentiment_index"])
    assert series.variance == pytest.approx([(20 / 1.959964) ** 2 * 40] * 2, rel=1e-5)


def test_a_handful_of_comments_is_no_event():
    series = counts([0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 8, 0])
    assert not judge(series, baseline=None, history=52, daily=False, min_n=10)


def test_means_are_judged_by_their_spread():
    rng = np.random.default_rng(5)
    n = np.full(40, 30.0)
    value = 4 + rng.normal(0, 1, (40, 30)).mean(axis=1)
    value[-1] = 3
    series = Series("mean_rating", (), "mean", weeks(40), value, n, np.ones(40))
    last = judge(series, baseline=None, history=52, daily=False, min_n=5)[-1]
    assert (last.direction, last.rule) == ("down", "point")
    assert last.p < 1e-4


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        ("day", dt.date(2024, 2, 29), dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        ("week", dt.date(2024, 3, 3), dt.date(2024, 2, 26), dt.date(2024, 3, 3)),
        ("month", dt.date(2024, 2, 10), dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("quarter", dt.date(2024, 12, 31), dt.date(2024, 10, 1), dt.date(2024, 12, 31)),
    ],
)
def test_periods(every, day, first, last):
    assert (first_day(day, every), last_day(first, every)) == (first, last)


def test_false_alarms_are_rare_and_a_rise_by_half_is_found():
    """A small version of benchmarks/alerts.py."""
    rng = np.random.default_rng(6)
    false, tested, delays = 0, 0, []
    for _ in range(30):
        rate = np.full(90, 0.1)
        rate[70:] *= 1.5
        n = rng.poisson(200, 90)
        judged = judge(shares(rng.binomial(n, rate), n), baseline=None, history=52, daily=False, min_n=10)
        quiet = [each for each in judged if each.period < weeks(90)[70]]
        false += sum(each.p <= 0.0027 for each in quiet)
        tested += len(quiet)
        hits = [
            i for i, each in enumerate(judged[len(quiet) :]) if each.p <= 0.0027 and each.direction == "up"
        ]
        delays.append(hits[0] + 1 if hits else 20)
    assert 100 * false / tested < 0.3
    assert np.mean(delays) < 6
