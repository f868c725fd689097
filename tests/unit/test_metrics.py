"""Scores on cases small enough to work out by hand."""

import numpy as np
import pytest

from allohistory.check import metrics as k

YES = np.array([False, True, False, True])


def test_auc_counts_pairs_and_halves_ties():
    assert k.auc(YES, np.array([0.1, 0.2, 0.3, 0.4])) == 0.75
    assert k.auc(YES, np.array([0.1, 0.4, 0.1, 0.4])) == 1.0
    assert k.auc(YES, np.full(4, 0.5)) == 0.5
    assert np.isnan(k.auc(np.zeros(4, bool), np.arange(4.0)))


def test_auc_within_years_weights_years_by_their_events():
    group = np.array([1, 1, 2, 2, 2, 3])
    yes = np.array([True, False, True, True, False, False])
    p = np.array([0.9, 0.1, 0.1, 0.2, 0.5, 0.99])
    # 1 in the first year (one event), 0 in the second (two), none in the third.
    assert k.auc_within(group, yes, p) == pytest.approx(1 / 3)


def test_nats_compare_an_events_share_with_an_even_one():
    group = np.array([7, 7, 7, 8])
    yes = np.array([True, False, False, False])
    assert k.nats(group, yes, np.array([0.02, 0.01, 0.01, 0.9])) == pytest.approx(np.log(0.5 * 3))
    assert k.nats(group, yes, np.full(4, 0.3)) == pytest.approx(0.0)


def test_log_scores():
    y = np.array([0, 1])
    base = np.full((2, 2), 0.5)
    sure = np.array([[0.8, 0.2], [0.2, 0.8]])
    assert k.log_loss(y, sure) == pytest.approx(-np.log(0.8))
    assert k.gain(y, sure, base) == pytest.approx(2 * np.log(1.6))
    assert k.prl(y, sure, base) == pytest.approx(1 - np.log(0.8) / np.log(0.5))
    assert k.prl(y, base, base) == 0.0
    assert np.isnan(k.gain(np.zeros(2, int), sure, base))


def test_slope_of_a_forecast_that_is_twice_too_sure_is_a_half():
    x = np.repeat([-1.0, 1.0], 1000)
    share = 1 / (1 + np.exp(-x))
    yes = np.concatenate([np.arange(1000) < 1000 * s for s in (share[0], share[-1])])
    told = 1 / (1 + np.exp(-2 * x))
    assert k.slope(yes, told) == pytest.approx(0.5, abs=0.01)
    assert k.slope(yes, share) == pytest.approx(1.0, abs=0.01)
    assert np.isnan(k.slope(yes, np.full(2000, 0.5)))


def test_slope_survives_a_forecast_with_a_few_sure_cases():
    rng = np.random.default_rng(0)
    told = np.where(np.arange(50_000) < 60, 0.3, 0.001)
    assert k.slope(rng.random(50_000) < told, told) == pytest.approx(1.0, abs=0.15)


def test_a_weight_is_a_number_of_equal_cases():
    rng = np.random.default_rng(4)
    x, came = rng.normal(size=60), (rng.random(60) < 0.4).astype(float)
    weight = rng.integers(0, 4, 60)
    many = np.repeat(np.arange(60), weight)
    one = k.recalibration(x, came, weight.astype(float))
    assert one == pytest.approx(k.recalibration(x[many], came[many], np.ones(len(many))), abs=1e-6)


def test_crps_is_the_distance_less_half_the_spread():
    # E|X - 1| = 1 and E|X - X'| = 1 for X of 0 and 2, each half the time.
    assert k.crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(0.5)
    assert k.crps(np.array([3.0]), 5.0) == 2.0


def test_covered():
    sample = np.arange(101.0)
    assert k.covered(sample, 50)
    assert not k.covered(sample, 99)
