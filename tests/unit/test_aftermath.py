"""What wars leave behind, and who reads it: the record, and small worlds."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.engine.conflict import finish
from allohistory.engine.luck import rewind, stage, trace
from allohistory.model import states, wars
from allohistory.model.parameters import blank
from allohistory.model.scratch import scratch
from allohistory.record.names import find_state
from allohistory.record.tables import load

FIRST, LAST = 1860, 1960
BIG, SMALL = 2.0, -1.0


@pytest.fixture(scope="module")
def record():
    """The record's own memories: a function of memory, year and two states."""
    s = stage(FIRST, LAST, rows=0, slots=0)
    rewind(s)
    tie = trace(s, blank()).tie
    panel = s.script.panel

    def look(memory, year, one, other):
        i, j = (panel.index(find_state(name, year, load())) for name in (one, other))
        return tie[year - FIRST, memory, i, j]

    return look


def small_world():
    """Three states; 0 is strong and major, 1 weak, 2 weak."""
    world, look = w.World.empty(3, 3, 1, 2), scratch(3, 3)
    world.status[w.ACTIVE] = 1
    world.state[w.CAP] = [BIG, SMALL, SMALL]
    world.status[w.MAJOR, 0] = 1
    world.link[w.CONTACT] = w.BY_LAND
    return world, look


def test_a_war_that_nobody_won_stays_unsettled_and_fades(record):
    assert record(w.UNSETTLED, 1949, "India", "Pakistan") > 0.9
    assert record(w.UNSETTLED, 1949, "Pakistan", "India") > 0.9
    assert 0.4 < record(w.UNSETTLED, 1960, "India", "Pakistan") < 0.6


def test_a_war_that_somebody_won_does_not(record):
    for year, one, other in ((1871, "France", "Germany"), (1895, "China", "Japan")):
        assert record(w.WAR_MEMORY, year, one, other) > 0.5
        assert record(w.UNSETTLED, year, one, other) == 0.0


@pytest.mark.parametrize("result", [1, 2, 3])
def test_only_a_draw_leaves_a_war_unsettled_and_only_between_enemies(result):
    world, look = small_world()
    world.count[w.N_WARS] = 1
    world.war[:, 0] = [1, 1900, 0, 1, 7, 0, 0, 0]
    world.side[0] = [1, 2, 1]

    finish(world, blank(), look, 0, result, 1, 1901, wars.side_facts(world, 0))

    drawn = np.zeros((3, 3))
    drawn[[0, 1, 1, 2], [1, 0, 2, 1]] = result == 2
    assert (world.tie[w.UNSETTLED] == drawn).all()


def test_a_victor_next_door_looms_unless_beaten_far_or_fought():
    world, look = small_world()
    assert states.triumph(world, look, 1, 0) == 0.0
    world.state[w.VICTOR, 0] = 0.8
    assert states.triumph(world, look, 1, 0) == pytest.approx(0.8)
    assert states.triumph(world, look, 0, 1) == 0.0, "the weak one looms over nobody"
    world.state[w.BEATEN, 0] = 0.5
    assert states.triumph(world, look, 1, 0) == pytest.approx(0.4)
    look.opp[1, 0] = w.OPPOSED
    assert states.triumph(world, look, 1, 0) == 0.0
    look.opp[1, 0] = 0
    world.link[w.CONTACT, 1, 0] = w.THROUGH_DEPENDENCY
    assert states.triumph(world, look, 1, 0) == 0.0


def test_weariness_counts_years_against_majors_only():
    world, _ = small_world()
    world.count[w.N_WARS] = 2
    world.war[:, 0] = [1, 1914, 0, 1, 7, 0, 0, 0]
    world.side[0, :2] = [1, 2]
    world.war[:, 1] = [1, 1900, 1, 2, 8, 0, 0, 0]
    world.side[1, 1:] = [1, 2]

    assert wars.weariness(world, 1, 1917) == pytest.approx(0.6)
    assert wars.weariness(world, 1, 1930) == 1.0
    assert wars.weariness(world, 0, 1917) == 0.0, "its enemy is no major"
    world.side[0, 1] = -2
    assert wars.weariness(world, 1, 1917) == 0.0, "it has left that war"
