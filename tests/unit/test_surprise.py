"""Surprise: shared luck integrated out, bits that add, the scale, and what lies below the floor."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allohistory.model import terms as m
from allohistory.model.parameters import blank
from allohistory.model.shocks import NODE
from allohistory.search.predictive import Predictive, Times
from allohistory.search.scale import CUTS, MOST_BITS, Bits, floored, plausibility
from allohistory.search.surprise import bits_of, span, sum_of
from allohistory.search.typical import normal_score

SHARED = (m.DISPUTE, m.FOUND_STRONG, m.LEADER, m.REGIME, m.LEVEL, m.JOIN)


def draws(drift=0.0):
    """Two draws with shocks, and levels of the times that drift or do not."""
    out = []
    for k in (1.0, 1.5):
        d = blank()
        sigma = np.array([0.4, 0.6, 0.3, 0.9]) * k
        out.append(
            d._replace(
                sigma=sigma,
                drift=np.full(len(m.TIMED), drift * k),
                hold=np.full(len(m.TIMED), 0.9),
                level=np.full((len(m.TIMED), 1), 0.2 * k),
                since=np.array([1900]),
            )
        )
    return out


def eta(seed, many):
    return np.random.default_rng(seed).normal(-0.5, 1.0, (many, 2, 3))


def chance(process, e, outcomes, drawn, **options):
    told = Predictive(drawn, 1900, 1903, **options)
    total = 1.0
    for k, (one, seen) in enumerate(zip(e, outcomes, strict=True)):
        total *= told.take(process, 1901 + k // 2, one, (seen,)).chance
    return total


@pytest.mark.parametrize("process", SHARED)
@pytest.mark.parametrize("drift", [0.0, 0.3])
def test_all_ways_in_which_choices_can_come_out_sum_to_one(process, drift):
    """Four choices of two years, sharing draws, times and shocks: a partition of everything."""
    e, drawn = eta(3, 4), draws(drift)
    most = Predictive.alternatives(process)

    total = sum(
        chance(process, e, way, drawn) for way in itertools.product(range(most + 1), repeat=4)
    )

    assert abs(total - 1) < 1e-9


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 999), cut=st.sets(st.integers(0, 3), min_size=1, max_size=3))
def test_disjoint_parts_of_a_choice_sum_to_the_event(seed, cut):
    e, drawn = eta(seed, 1)[0], draws()
    parts = [
        Predictive(drawn, 1900, 1901).take(m.LEADER, 1901, e, (k,)).chance for k in sorted(cut)
    ]

    whole = Predictive(drawn, 1900, 1901).take(m.LEADER, 1901, e, sorted(cut))

    assert abs(sum(parts) - whole.chance) < 1e-9
    assert abs(whole.bits + np.log2(sum(parts))) < 1e-9


def test_two_choices_of_a_year_share_its_shock():
    """By hand: mean over draws and slices of the product, not the product of the means."""
    e, drawn = eta(5, 2), draws()
    by_hand = 0.0
    for k, d in enumerate(drawn):
        for node in NODE:
            p = 1 / (1 + np.exp(-(e[:, k, 0] + d.sigma[1] * node)))
            by_hand += p.prod() / 16

    found = chance(m.FOUND_STRONG, e, (1, 1), drawn, drifting=False)

    assert abs(found - by_hand) < 1e-12
    apart = np.prod([chance(m.FOUND_STRONG, e[k : k + 1], (1,), drawn) for k in range(2)])
    assert found > apart * 1.01


def test_joiners_of_one_war_share_its_shock_and_those_of_two_do_not():
    e = np.full((2, 1, 3), -2.0)
    told = Predictive(draws()[:1], 1900, 1901)
    first = told.take(m.JOIN, 1901, e[0], (1,), war=7).chance
    same = told.take(m.JOIN, 1901, e[1], (1,), war=7).chance
    told = Predictive(draws()[:1], 1900, 1901)
    told.take(m.JOIN, 1901, e[0], (1,), war=7)
    other = told.take(m.JOIN, 1901, e[1], (1,), war=8).chance

    assert same > first * 1.05
    assert abs(other - first) < 1e-12


def test_the_grid_of_levels_follows_the_drift():
    """After k years the level has the mean and spread of its autoregression."""
    drawn = draws(0.3)
    times = Times(drawn, 0, 1900, 10)
    times.reach(1910)
    for k, d in enumerate(drawn):
        spread = d.drift[0] * np.sqrt((0.9 ** (2 * np.arange(10))).sum())
        mean = times.weight[k] @ times.grid[k]
        assert abs(mean) < 1e-9
        assert abs(times.mean[k] - d.level[0, 0] * 0.9**10) < 1e-12
        assert abs(np.sqrt(times.weight[k] @ times.grid[k] ** 2) / spread - 1) < 0.01


def test_a_war_told_without_disputes_is_the_product_of_both():
    one, two = eta(9, 1)[0, :1], eta(10, 1)[0, :1]
    drawn = draws()[:1]
    begins = Predictive(drawn, 1900, 1901).take(m.DISPUTE, 1901, one, (1,)).chance
    rises = Predictive(drawn, 1900, 1901).take(m.LEVEL, 1901, two, (2,)).chance

    war = Predictive(drawn, 1900, 1901).take_war(1901, one, two, fought=True)
    peace = Predictive(drawn, 1900, 1901).take_war(1901, one, two, fought=False)

    assert abs(war.chance - begins * rises) < 1e-12
    assert abs(war.chance + peace.chance - 1) < 1e-12


def test_a_choice_that_does_not_arise_is_nothing_for_sure():
    nan = np.full((2, 3), np.nan)
    assert Predictive(draws(), 1900, 1901).take(m.DISPUTE, 1901, nan, (0,)).bits == 0
    assert Predictive(draws(), 1900, 1901).take(m.DISPUTE, 1901, nan, (1,)).bits == np.inf


def test_expected_surprise_is_the_mean_over_outcomes():
    e, drawn = eta(2, 1)[0], draws()
    found = [Predictive(drawn, 1900, 1901).take(m.REGIME, 1901, e, (k,)) for k in range(3)]

    mean = sum(t.chance * t.bits for t in found)

    assert all(abs(t.expected - mean) < 1e-12 for t in found)
    assert abs(found[0].variance - sum(t.chance * (t.bits - mean) ** 2 for t in found)) < 1e-12


# ---- the scale ----------------------------------------------------------------------------------


@given(st.floats(0, 60), st.floats(0, 60))
def test_more_bits_never_earn_a_better_mark(one, other):
    assert (plausibility(one) >= plausibility(other)) or one > other


def test_every_cut_point_divides_two_marks():
    assert [plausibility(cut) for cut in CUTS] == [5, 4, 3, 2, 1]
    assert [plausibility(cut + 1e-9) for cut in CUTS] == [4, 3, 2, 1, 0]


def test_below_the_floor_a_price_is_a_lower_bound():
    assert floored(12.0) == (12.0, False)
    assert floored(60.0) == (MOST_BITS, True)
    assert floored(np.inf) == (MOST_BITS, True)
    shown = bits_of(np.inf, np.zeros(4)).to_dict()
    assert (shown["at_least"], shown["hi"], shown["plausibility"]) == (True, None, 0)
    assert sum_of([Bits(1.0, 1.0, 1.0), bits_of(np.inf, np.zeros(4))], np.zeros(4)).at_least


def test_an_interval_is_of_draws_and_endless_where_many_cannot():
    assert span(np.full(20, 0.25)) == (2.0, 2.0)
    low, high = span(np.array([0.5] * 18 + [0.0] * 2))
    assert (low, high) == (1.0, np.inf)


def test_the_lean_of_a_sum_is_taken_out():
    """Gamma sums, as surprise is: raw scores are too often high, normal ones are not."""
    shape = 6.0
    x = np.random.default_rng(0).gamma(shape, size=20_000)
    raw = (x - shape) / np.sqrt(shape)
    z = np.array([normal_score(r, 2 / np.sqrt(shape)) for r in raw])

    assert (raw > 1.96).mean() > 0.035
    assert abs((z > 1.96).mean() - 0.025) < 0.005
    assert abs((z < -1.96).mean() - 0.025) < 0.005
