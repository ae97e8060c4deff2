"""Corrected rates cover the truth whatever the classifier's errors; plain ones do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student_t
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from feedback_nlp.kpis import correction
from feedback_nlp.kpis.correction import CORRECTED, POOLED, UNCORRECTED, Sample, correct, interval, slopes


def share(means):
    return means[:, 0]


def index(means):
    return 100 * (means[:, 0] - means[:, 1])


def ratio(means):
    return means[:, 0] / means[:, 1]


def sample_of(predicted, labelled, *, stratum=None, size=None):
    predicted, labelled = (
        np.asarray(a, dtype=float).reshape(len(a), np.shape(a)[1] if np.ndim(a) > 1 else 1)
        for a in (predicted, labelled)
    )
    stratum = np.zeros(len(predicted), dtype=np.intp) if stratum is None else np.asarray(stratum)
    return Sample(predicted, labelled, stratum, np.asarray([1e9] if size is None else size, dtype=float))


def world(rng, *, rows=6000, rate=0.12, layers=4):
    """A population with a model that errs both ways, and the layers its sample is drawn from."""
    logit = rng.normal(0, 3, rows) + np.log(rate / (1 - rate)) * 2
    truth = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    p = 1 / (1 + np.exp(-(2 * logit + rng.normal(0, 2, rows) + 1.5)))
    order = np.argsort(np.abs(p - 0.5))[::-1]
    stratum = np.empty(rows, dtype=np.intp)
    stratum[order] = np.arange(rows) * layers // rows
    return truth, (p > 0.5).astype(float), stratum


def draw(rng, stratum, each):
    return np.concatenate(
        [rng.choice(np.flatnonzero(stratum == h), each, replace=False) for h in np.unique(stratum)]
    )


def covers(estimate, truth):
    return estimate.low <= truth <= estimate.high


def test_by_hand():
    # two strata of 10 and 30 comments; errors (label − prediction) 1, 0 in the first and 0, −1 in the second
    sample = sample_of([0, 1, 1, 1], [1, 1, 1, 0], stratum=[0, 0, 1, 1], size=[10, 30])
    estimate = correct(sample, population=np.array([0.5]), rows=40, finish=share)
    assert estimate.value == pytest.approx(0.5 + 10 / 40 * 0.5 - 30 / 40 * 0.5)
    assert (estimate.labels, estimate.basis) == (4, CORRECTED)


def test_no_error_found_by_hand():
    # 100 comments, 10 of them labelled, 2 as positive, each just as predicted: the squares are the imagined 0.18 alone
    labels = [1.0] * 2 + [0.0] * 8
    estimate = correct(
        sample_of(labels, labels, size=[100]), population=np.array([0.25]), rows=100, finish=share
    )
    design, spread = (1 - 10 / 100) * 0.18 / 9 / 10, 0.2 * 0.8 / 100
    assert (design, spread) == pytest.approx((0.0018, 0.0016))
    half = student_t.ppf(0.975, 9 * (0.0034 / 0.0018) ** 2) * np.sqrt(0.0034)
    assert (estimate.low, estimate.high) == pytest.approx((0.25 - half, 0.25 + half))


@pytest.mark.parametrize("finish", [share, index, ratio])
@pytest.mark.parametrize("labels", [50, 300])
def test_no_error_found_is_not_no_error_made(finish, labels):
    # half the sample in the group, or, with 50 labels, too few: then the group is read through all of them
    said = np.tile([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]], (labels // 3 + 1, 1))[:labels]
    group = np.arange(labels) % 2 == 0
    estimate = correct(
        sample_of(said, said), population=np.array([0.3, 0.6]), rows=10**12, finish=finish, inside=group
    )
    assert estimate.basis == (POOLED if labels == 50 else CORRECTED)
    steepest = np.abs(slopes(finish, np.array([0.3, 0.6]))[1]).max()
    assert estimate.high - estimate.low > 2 * steepest * 0.8 / estimate.labels


def test_a_rare_rate_is_covered_when_most_samples_show_hardly_an_error(monkeypatch):
    rng = np.random.default_rng(11)
    truth = (np.arange(4000) < 70).astype(float)
    predicted = truth.copy()
    predicted[:9], predicted[-3:] = 0.0, 1.0  # nine missed, three called for nothing: about one in 300 labels
    rows = [rng.choice(4000, 300, replace=False) for _ in range(400)]

    def coverage_and_width():
        estimates = [
            correct(
                sample_of(predicted[at], truth[at], size=[4000]),
                population=predicted.mean(keepdims=True),
                rows=10**12,
                finish=share,
                share=True,
            )
            for at in rows
        ]
        covered = np.mean([covers(estimate, truth.mean()) for estimate in estimates])
        return covered, np.mean([estimate.high - estimate.low for estimate in estimates])

    covered, width = coverage_and_width()
    assert covered >= 0.93
    monkeypatch.setattr(correction, "IMAGINED", 0.0)
    before, before_width = coverage_and_width()
    assert before < 0.75
    assert width < 1.4 * before_width


def test_where_errors_are_seen_what_is_imagined_hardly_widens(monkeypatch):
    truth, predicted, stratum = world(rng := np.random.default_rng(12), rate=0.3)
    rows = draw(rng, stratum, 75)
    sample = sample_of(
        predicted[rows], truth[rows], stratum=stratum[rows], size=np.bincount(stratum).astype(float)
    )

    def width():
        estimate = correct(
            sample, population=predicted.mean(keepdims=True), rows=6000, finish=share, share=True
        )
        return estimate.high - estimate.low

    wide = width()
    monkeypatch.setattr(correction, "IMAGINED", 0.0)
    assert width() < wide < 1.01 * width()


def test_without_predictions_and_strata_it_is_the_ordinary_mean_of_the_labels():
    labels = np.random.default_rng(1).normal(3, 1, 200)
    estimate = correct(sample_of(np.zeros(200), labels), population=np.zeros(1), rows=10**9, finish=share)
    low, high = DescrStatsW(labels).tconfint_mean()
    assert (estimate.low, estimate.high) == pytest.approx((low, high), rel=1e-4)


def test_without_predictions_a_share_has_wilsons_interval():
    low, high = interval(0.1, 0.1 * 0.9 / 200, freedom=np.inf, labels=200, share=True, confidence=0.95)
    assert (low, high) == pytest.approx(proportion_confint(20, 200, method="wilson"))


def test_a_share_that_came_out_near_nothing_does_not_get_the_widest_interval():
    low, high = interval(1e-12, 0.02**2, freedom=np.inf, labels=300, share=True, confidence=0.95)
    assert low == 0.0
    assert 0.03 < high < 0.06


def test_labels_on_every_comment_leave_only_the_spread_of_the_comments():
    truth = np.array([1.0] * 30 + [0.0] * 70)
    estimate = correct(
        sample_of(1 - truth, truth, size=[100]),
        population=np.array([0.7]),
        rows=100,
        finish=share,
        share=True,
    )
    assert estimate.value == pytest.approx(0.3)
    assert (estimate.low, estimate.high) == pytest.approx(proportion_confint(30, 100, method="wilson"))


def test_no_labels_say_uncorrected():
    empty = sample_of(np.empty((0, 1)), np.empty((0, 1)))
    estimate = correct(empty, population=np.array([0.25]), rows=100, finish=share)
    assert estimate.basis == UNCORRECTED
    assert estimate.value == 0.25
    assert np.isnan(estimate.low)


@pytest.mark.parametrize("rate", [0.04, 0.15, 0.5])
def test_corrected_intervals_cover_and_plain_ones_fail(rate):
    rng = np.random.default_rng(7)
    truth, predicted, stratum = world(rng, rate=rate)
    size = np.bincount(stratum).astype(float)
    hits = []
    for _ in range(600):
        rows = draw(rng, stratum, 60)
        sample = sample_of(predicted[rows], truth[rows], stratum=stratum[rows], size=size)
        # as finite a population as this one: its own rate is the target, so the comments' spread is left out
        estimate = correct(
            sample, population=predicted.mean(keepdims=True), rows=10**12, finish=share, share=True
        )
        hits.append(covers(estimate, truth.mean()))
    low, high = proportion_confint(predicted.sum(), len(predicted), method="wilson")
    assert 0.93 <= np.mean(hits) <= 0.98
    assert not low <= truth.mean() <= high


def test_indices_and_ratios_cover():
    rng = np.random.default_rng(3)
    negative, said, stratum = world(rng, rate=0.25)
    positive, praised = (1 - negative) * (rng.random(6000) < 0.7), (1 - said) * (rng.random(6000) < 0.6)
    truth, predicted = np.column_stack([positive, negative]), np.column_stack([praised, said])
    both = np.column_stack([negative, positive + negative]), np.column_stack([said, praised + said])
    size = np.bincount(stratum).astype(float)
    hits = {index: [], ratio: []}
    for _ in range(500):
        rows = draw(rng, stratum, 60)
        for finish, (t, f) in ((index, (truth, predicted)), (ratio, both)):
            sample = sample_of(f[rows], t[rows], stratum=stratum[rows], size=size)
            estimate = correct(sample, population=f.mean(axis=0), rows=10**12, finish=finish)
            hits[finish].append(covers(estimate, finish(t.mean(axis=0)[None])[0]))
    assert all(0.92 <= np.mean(hit) <= 0.985 for hit in hits.values())


def test_a_group_with_labels_enough_is_corrected_by_its_own_and_covers():
    rng = np.random.default_rng(5)
    truth, predicted, stratum = world(rng, rate=0.3)
    group = rng.random(6000) < 0.4
    predicted = np.where(
        group, predicted, (rng.random(6000) < 0.1).astype(float)
    )  # it errs otherwise elsewhere
    size = np.bincount(stratum).astype(float)
    hits = []
    for _ in range(500):
        rows = draw(rng, stratum, 75)
        estimate = correct(
            sample_of(predicted[rows], truth[rows], stratum=stratum[rows], size=size),
            population=predicted[group].mean(keepdims=True),
            rows=10**12,
            finish=share,
            inside=group[rows],
        )
        assert estimate.basis == CORRECTED
        hits.append(covers(estimate, truth[group].mean()))
    assert 0.92 <= np.mean(hits) <= 0.98


def test_a_small_group_reads_its_predictions_through_the_whole_sample_and_covers_when_errors_are_alike():
    rng = np.random.default_rng(6)
    truth, predicted, stratum = world(rng, rate=0.3)
    group = rng.random(6000) < np.where(
        predicted == 1, 0.10, 0.02
    )  # depends on what was predicted, not on errors
    size = np.bincount(stratum).astype(float)
    target = truth[predicted == 1].mean() * predicted[group].mean() + truth[predicted == 0].mean() * (
        1 - predicted[group].mean()
    )
    hits = []
    for _ in range(500):
        rows = draw(rng, stratum, 75)
        estimate = correct(
            sample_of(predicted[rows], truth[rows], stratum=stratum[rows], size=size),
            population=predicted[group].mean(keepdims=True),
            rows=10**12,
            finish=share,
            inside=group[rows],
        )
        hits.append(covers(estimate, target))
    assert estimate.basis == POOLED
    assert estimate.labels == 300
    assert 0.92 <= np.mean(hits) <= 0.98


def test_strata_with_too_few_labels_join_a_neighbour():
    sample = sample_of(
        np.zeros(6), [0, 1, 0, 1, 1, 0], stratum=[0, 0, 0, 2, 4, 4], size=[10, 20, 30, 40, 50]
    ).thick()
    assert (sample.drawn >= 2).all()
    assert sample.size.sum() == 150
    assert sample.weight.sum() == pytest.approx(150)


@given(
    labels=st.lists(st.sampled_from([0.0, 1.0]), min_size=3, max_size=40),
    seed=st.integers(0, 10**6),
    plain=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_a_share_stays_a_share(labels, seed, plain):
    rng = np.random.default_rng(seed)
    predicted = rng.integers(0, 2, len(labels)).astype(float)
    estimate = correct(
        sample_of(predicted, labels), population=np.array([plain]), rows=500, finish=share, share=True
    )
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_slopes():
    value, slope = slopes(ratio, np.array([0.2, 0.8]))
    assert value == pytest.approx(0.25)
    assert slope == pytest.approx([1 / 0.8, -0.2 / 0.64], rel=1e-6)
