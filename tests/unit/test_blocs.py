"""The rule that makes blocs, and the colours they keep."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.answer.blocs import SLOTS, Bloc, Tracker, blocs_of
from allohistory.engine.run import History

MANY = 8


@pytest.fixture
def year():
    """One year of eight states, the first five majors, 0 the weightiest."""
    h = History.empty(1, MANY, 1)
    h.status[0, w.ACTIVE] = 1
    h.status[0, w.MAJOR, :5] = 1
    h.state[0, w.CAP] = np.log(np.arange(MANY, 0, -1))
    return h


def pledge(h, *dyads, row=w.ALLY, value=2):
    for i, j in dyads:
        h.link[0, row, i, j] = h.link[0, row, j, i] = value


def blocs(h, pair=(5, 6)):
    ties = (h.link[0, w.ALLY] == 2).astype(np.int64)
    return [(set(b.powers), set(b.allies)) for b in blocs_of(h, 0, pair, ties)]


def test_pledged_powers_are_a_bloc_and_the_pledged_to_them_its_allies(year):
    pledge(year, (0, 1), (1, 2), (0, 2), (2, 7), (3, 4))

    assert blocs(year) == [({0, 1, 2}, {7}), ({3, 4}, set())]


def test_weak_pledges_make_no_bloc(year):
    pledge(year, (0, 1), value=1)

    assert blocs(year) == []


def test_rivals_do_not_share_a_bloc_whatever_they_signed(year):
    pledge(year, (0, 1), (1, 2), (0, 2))
    pledge(year, (0, 2), row=w.RIVAL, value=1)

    assert blocs(year) == [({0, 1}, {2})]


def test_the_pair_asked_about_may_be_rivals_but_not_enemies(year):
    pledge(year, (5, 6))
    pledge(year, (5, 6), row=w.RIVAL, value=1)
    assert blocs(year) == [({5, 6}, set())]

    pledge(year, (5, 6), row=w.WAR, value=w.OPPOSED)
    assert blocs(year) == []


def test_a_chain_does_not_tie_strangers(year):
    """A friend of one of three is an ally, no power of the bloc."""
    pledge(year, (0, 1), (1, 2), (0, 2), (2, 3))

    assert blocs(year) == [({0, 1, 2}, {3})]


def test_one_power_needs_three_clients_of_its_own(year):
    pledge(year, (0, 6), (0, 7))
    assert blocs(year, pair=(3, 4)) == []

    pledge(year, (0, 5))
    assert blocs(year, pair=(3, 4)) == [({0}, {5, 6, 7})]


def test_who_is_at_war_with_a_bloc_is_not_its_ally(year):
    pledge(year, (0, 1), (1, 7))
    pledge(year, (0, 7), row=w.WAR, value=w.OPPOSED)

    assert blocs(year) == [({0, 1}, set())]


WEIGHT = np.arange(MANY, 0, -1.0)


def bloc(*powers):
    return Bloc(frozenset(powers))


def test_a_bloc_keeps_its_colour_while_it_keeps_its_core():
    t = Tracker()
    first = t.follow("actual", 1900, [bloc(0, 1), bloc(3, 4)], WEIGHT)
    later = t.follow("actual", 1901, [bloc(3, 4, 5), bloc(0, 1, 2)], WEIGHT)

    assert later == first[::-1]
    assert len({t.slots[k] for k in later}) == 2


def test_a_bloc_that_comes_back_soon_is_the_same():
    t = Tracker()
    first = t.follow("actual", 1900, [bloc(0, 1)], WEIGHT)
    t.follow("actual", 1901, [], WEIGHT)

    assert t.follow("actual", 1910, [bloc(0, 1)], WEIGHT) == first
    assert t.follow("actual", 1950, [bloc(0, 1)], WEIGHT) != first


def test_both_worlds_colour_the_same_bloc_alike_and_others_not():
    t = Tracker()
    actual = t.follow("actual", 1900, [bloc(0, 1), bloc(3, 4)], WEIGHT)
    other = t.follow("alternate", 1900, [bloc(0, 1), bloc(2, 3)], WEIGHT, "actual")

    assert other[0] == actual[0]
    assert other[1] not in actual
    assert t.slots[other[1]] not in {t.slots[k] for k in actual}


def test_no_two_blocs_of_a_year_have_one_colour():
    """Colours run out over a century, and a bloc may return whose colour was given away."""
    t, rng = Tracker(), np.random.default_rng(1)
    for year in range(1900, 2000):
        for world, beside in (("actual", ""), ("alternate", "actual")):
            order = rng.permutation(MANY).tolist()
            found = [bloc(*order[2 * k : 2 * k + 2]) for k in range(int(rng.integers(0, 5)))]
            numbers = t.follow(world, year, found, WEIGHT, beside)
            slots = [t.slots[k] for k in numbers]
            assert len(set(slots)) == len(slots)
            assert all(0 <= s < SLOTS for s in slots)
