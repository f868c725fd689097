"""Luck by segments: a run whose luck changes at some years is one run, however it is rolled."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.counterfactual.abduce import window
from allohistory.engine import gate as g
from allohistory.engine.luck import reset, rewind, seat, seat_segments, stage, walk
from allohistory.engine.run import History
from allohistory.model import terms as m
from allohistory.noise import ANEW, address, uniform, world_seed
from allohistory.record.dates import FIRST_YEAR

FIRST, HALF, LAST = 1900, 1920, 1950
SEGMENTS = ((FIRST + 1, 5), (1911, 6), (HALF + 1, 7), (1938, 8))


@pytest.fixture(scope="module")
def ready(draws):
    """A bare stage, and the record's World of 1900 under one draw."""
    s = stage(FIRST_YEAR, LAST, slots=0)
    p = s.script.panel
    rewind(s)
    walk(s, draws[1], room(p, FIRST - s.base + 1), s.base, FIRST)
    return s, s.world.copy()


def room(panel, years):
    return History.empty(years, len(panel.states), len(panel.units))


def rolled(ready, draw, segments, first, last, start=None, fresh_after=FIRST):
    s, origin = ready
    out = room(s.script.panel, last - first + 1)
    reset(s, start or origin)
    seat_segments(s, 3, segments)
    walk(s, draw, out, first, last, mode=g.FRESH, fresh_after=fresh_after)
    return out, s.world.copy()


def alike(one, other, rows=slice(None)):
    return all(np.array_equal(x[rows], y[rows]) for x, y in zip(one[:4], other[:4], strict=True))


@pytest.mark.parametrize("number", range(4))
def test_a_run_continued_from_a_copied_world_is_the_whole_run(ready, draws, number):
    segments = tuple((year, run + 10 * number) for year, run in SEGMENTS)
    whole, end = rolled(ready, draws[1], segments, FIRST, LAST)
    before, half = rolled(ready, draws[1], segments, FIRST, HALF)
    rolled(ready, draws[1], ((FIRST + 1, 99),), FIRST, LAST)  # something else in between
    after, same_end = rolled(ready, draws[1], segments, HALF, LAST, half)

    assert alike(before, window(whole, 0, HALF - FIRST))
    assert alike(after, window(whole, HALF - FIRST, LAST - FIRST))
    assert end.differs(same_end) == {}


def test_one_segment_is_the_run_of_that_number(ready, draws):
    whole, _ = rolled(ready, draws[1], ((FIRST + 1, 5),), FIRST, LAST)
    again, _ = rolled(ready, draws[1], ((FIRST + 1, 5), (1925, 5)), FIRST, LAST)
    s, origin = ready
    plain = room(s.script.panel, LAST - FIRST + 1)
    reset(s, origin)
    seat(s, 3, 5)
    walk(s, draws[1], plain, FIRST, LAST, mode=g.FRESH, fresh_after=FIRST)

    assert alike(whole, plain)
    assert alike(whole, again)


def test_a_segment_changes_its_years_and_what_follows_only(ready, draws):
    one, _ = rolled(ready, draws[1], SEGMENTS, FIRST, LAST)
    other, _ = rolled(ready, draws[1], (*SEGMENTS[:2], (HALF + 1, 77)), FIRST, LAST)
    n = HALF - FIRST

    assert alike(one, other, slice(n + 1))
    assert not alike(one, other, slice(n + 1, n + 2))


def test_times_drift_with_the_luck_of_each_year(ready, draws):
    """The level of the times that a continued run works out anew is that of the whole run."""
    s, _ = ready
    _, half = rolled(ready, draws[1], SEGMENTS, FIRST, HALF)
    levels = []
    for first, start in ((FIRST, None), (HALF, half)):
        rolled(ready, draws[1], SEGMENTS, first, 1930, start)
        levels.append(s.luck.number[g.TIMES_0 : g.NUMBERS].copy())
    rolled(ready, draws[1], ((FIRST + 1, 6), *SEGMENTS[1:]), FIRST, 1930)
    elsewhere = s.luck.number[g.TIMES_0 : g.NUMBERS]

    assert np.array_equal(*levels)
    assert draws[1].drift.any()
    assert not np.array_equal(levels[0], elsewhere)


def test_a_war_keeps_the_shock_of_the_luck_it_began_under(ready, draws):
    """Its shock is that of the segment in which it began, though it is drawn in later years."""
    s, _ = ready
    found = []
    for run in range(200):
        segments = ((FIRST + 1, run), (1906, run + 1000))
        _, world = rolled(ready, draws[1], segments, FIRST, 1905)
        many = world.count[w.N_WARS]
        rolled(ready, draws[1], segments, 1905, 1906, world)
        last = many - 1
        # The shock left on the stage is that of the last war under way, which must be one of ours.
        ours = world.war[w.W_ALIVE, last] and world.war[w.W_YEAR, last] > FIRST
        if ours and s.world.count[w.N_WARS] == many:
            where = address(m.SHOCK, 0, np.uint64(world.war[w.W_KEY, last]), np.uint64(g.OF_WAR))
            u = uniform(np.uint64(world_seed(3, run)), np.uint64(where), ANEW)
            shock = draws[1].sigma[g.OF_WAR] * g.NODE[int(u * g.NODES)]
            found.append(s.luck.number[g.SHOCK_0 + g.OF_WAR] == shock)

    assert len(found) > 3
    assert all(found)
