"""Statistics of tiny histories that can be counted by hand."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.check import tally as t
from allohistory.check.realism import Told, band, bootstrap, crps, summary
from allohistory.check.statistics import NAMES, STATISTICS, measure, room_for
from allohistory.engine.run import History

FIRST, YEARS, N = 1900, 10, 5
TRACKED = np.ones(N, np.int64)


def both(matrix, i, j, value):
    matrix[i, j] = matrix[j, i] = value


@pytest.fixture
def tiny():
    """Five states, ten years: a war of three with a pact of comrades, then a cluster of three."""
    h = History.empty(YEARS + 1, N, 2)
    world = w.World.empty(N, 2, 8, 4)
    h.status[:, w.ACTIVE] = 1
    h.status[6:, w.ACTIVE, 4] = 0
    h.status[:, w.TENURE] = 5
    h.status[3, w.TENURE, 0] = h.status[4, w.TENURE, 1] = 0
    h.status[4, w.UPSET, 1] = 1
    h.status[:, w.REGIME, :2] = 2
    h.status[5:, w.REGIME, 1] = 1
    h.status[:, w.MAJOR, 0] = 1
    h.unit[:, w.OWNER] = 0
    h.unit[5:, w.OWNER, 1] = 1
    world.status[:] = h.status[-1]

    h.link[2, w.DISPUTE, 0, 1] = 3
    h.link[2, w.DISPUTE, 1, 0] = 2
    h.link[7, w.DISPUTE, 0, 1] = 1
    h.link[7, w.DISPUTE, 2, 3] = 2
    for y in (2, 3):
        both(h.link[y, w.WAR], 0, 1, w.OPPOSED)
        both(h.link[y, w.WAR], 0, 2, w.OPPOSED)
        both(h.link[y, w.WAR], 1, 2, w.SAME_SIDE)
    both(h.link[9, w.WAR], 3, 2, w.OPPOSED)
    for y in range(3, 5):
        both(h.link[y, w.ALLY], 1, 2, 2)
    for y in range(6, YEARS + 1):
        both(h.link[y, w.ALLY], 0, 2, 2)
        both(h.link[y, w.ALLY], 2, 3, 2)
    both(h.link[10, w.ALLY], 0, 3, 2)
    both(h.link[10, w.ALLY], 0, 1, 1)
    for y in range(4):
        both(h.link[y, w.RIVAL], 0, 1, 1)
    both(h.link[8, w.RIVAL], 2, 3, 1)

    world.count[w.N_WARS] = 3
    world.war[w.W_YEAR, :3] = FIRST - 5, FIRST + 2, FIRST + 9
    world.war[w.W_END, :3] = FIRST - 3, FIRST + 3, FIRST + 9
    world.side[0, :2] = 1, 2
    world.side[1, :3] = 1, 2, -2
    world.side[2, 2:4] = 1, 2
    world.count[w.N_PACTS] = 4
    world.pact[w.T_YEAR, :4] = FIRST + 3, FIRST + 6, FIRST + 10, FIRST - 20
    world.pact[w.T_STRONG, :4] = 1, 1, 0, 1
    world.pact[w.T_WARTIME, 0] = 1
    world.pact[w.T_A, 0], world.pact[w.T_B, 0] = 1, 2
    world.pact[w.T_ALIVE, 1:4] = 1
    world.member[0, [1, 2]] = 1
    world.member[1, [0, 2, 3]] = 1
    world.member[2, [0, 1]] = 1
    world.member[3, [3, 4]] = 1
    return h, world


def test_the_numbers_are_those_counted_by_hand(tiny):
    found = dict(zip(NAMES, measure(*tiny, FIRST, TRACKED), strict=True))

    expected = {
        "wars begun": 2,
        "wars of 2": 1,
        "wars of 3": 1,
        "wars of 10 and more": 0,
        "joiners per war": 0.5,
        "duration of wars, median": 0.5,
        "wars of 1 year or less, share": 1,
        "wars of 4 years and more, share": 0,
        "years in which a war began, share": 0.2,
        "pair-years at war": 5,
        "disputes begun": 4,
        "disputes with force, share": 0.75,
        "pairs with a dispute": 2,
        "disputes in the busiest year": 2,
        "strongly allied pairs, end": 3,
        "strongly allied pairs, mean": (2 + 5 * 2 + 1) / 10,
        "weakly allied pairs, end": 1,
        "weakly allied pairs, mean": 0.1,
        "strong treaties founded": 2,
        "weak treaties founded": 1,
        # That of state 4, which is gone, binds nobody.
        "treaties in force, end": 2,
        "age of treaties at the end, median": 2,
        "treaties of 3 and more, share": 0.5,
        # Paths in five years, closed only in the last.
        "transitivity of strong ties": 0.2,
        "wartime pacts gone after the war, share": 1,
        # One pact in two years of a war of three, one in eight years without.
        "wartime burst of strong treaties, ratio": (1.5 / 2) / (1.5 / 8),
        "states, end": 4,
        "states that entered": 0,
        "states that ended": 1,
        "major powers, end": 1,
        "rivalries, end": 0,
        "rivalries begun": 1,
        "changes of leader": 2,
        "irregular changes of leader, share": 0.5,
        "democracies at the end, share": 0.25,
        "changes of regime": 1,
        "units changing hands": 1,
        "largest cluster of strong ties, share": (2 * 2 / 5 + 5 * 3 / 4) / 10,
    }
    assert {k: found[k] for k in expected} == pytest.approx(expected)
    assert set(NAMES) - set(expected) == {"wars of 4 to 5", "wars of 6 to 9"}


def test_buffers_carry_nothing_over(tiny):
    room = room_for(*tiny)
    first = measure(*tiny, FIRST, TRACKED, room)

    np.testing.assert_array_equal(measure(*tiny, FIRST, TRACKED, room), first)


def test_what_has_no_whole_is_not_a_number():
    quiet = History.empty(YEARS + 1, N, 2)
    found = dict(zip(NAMES, measure(quiet, w.World.empty(N, 2, 2, 2), FIRST, TRACKED), strict=True))

    for name in ("joiners per war", "disputes with force, share", "transitivity of strong ties"):
        assert np.isnan(found[name])
    assert found["wars begun"] == 0


def test_ties_are_followed_five_years(tiny):
    h, world = tiny
    room = room_for(h, world)
    t.follow(h, room.counts)

    # Of those that began in year 3 or earlier than five years before the end one was kept: none;
    # those of year 6 cannot be followed.
    assert room.counts[:, t.TIES_FOLLOWED].sum() == 1
    assert room.counts[:, t.TIES_KEPT].sum() == 0


def test_the_past_repeated_is_scaled_to_the_states_and_years_at_hand(tiny):
    h, _ = tiny
    record = Told(FIRST, h, [w.World.empty(N, 2, 1, 1)] * (YEARS + 1))
    repeated = bootstrap(record, TRACKED, FIRST + 6, FIRST + 14)

    # Six years are known, so the windows have four; 4 states remain of 5.
    assert len(repeated) == 3
    k = NAMES.index("disputes begun")
    assert repeated[0, k] == pytest.approx(2 * (8 / 4) * (6 / 10))
    assert repeated[2, k] == 0
    assert STATISTICS[k].flow


def test_the_score_of_an_ensemble():
    values = np.random.default_rng(0).normal(size=4000)

    # Of a standard normal at its centre: (sqrt 2 - 1) / sqrt pi.
    assert crps(values, 0.0) == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi), abs=0.02)
    assert crps(np.array([4.0]), 1.0) == 3.0
    assert np.isnan(band(np.array([]))[0])
    assert band(np.arange(101.0)) == (5.0, 50.0, 95.0)


def test_the_summary_leaves_out_what_the_record_does_not_define():
    row = {"inside_bootstrap": False, "crps": 1.0, "crps_bootstrap": 2.0}
    rows = [
        {"window": "a", "inside": True, **row},
        {"window": "a", "inside": None, **row},
        {"window": "b", "inside": False, **row},
    ]

    first, second, pooled = summary(rows)

    assert (first["statistics"], first["inside"], first["reached"]) == (1, 1.0, True)
    assert second["inside"] == 0.0
    assert (pooled["statistics"], pooled["inside"], pooled["better"]) == (2, 0.5, 1.0)
