"""Allies told from clients and colonies: on hand-made histories and on the record itself."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.engine.luck import reset, stage, trace
from allohistory.model.parameters import blank
from allohistory.question.behaviour import CEDED, OWN_FEET, blank_past
from allohistory.question.bond import bonds
from allohistory.question.rungs import (
    ALLIED,
    APART,
    CLIENT,
    IN_PART,
    PLEDGED,
    SECOND,
    TAKEN,
    UNDER,
)
from tests.unit.test_goals import GEOGRAPHY, YEARS, both
from tests.unit.test_goals import h as quiet_years

FIRST = 1860
h = quiet_years


def bond_of(history):
    return bonds(history, GEOGRAPHY, (0, 1), blank_past(history, 2))


def test_treaties_make_allies_and_nothing_makes_nothing(h):
    both(h, w.ALLY, (0, 1), slice(5, 10), 1)
    both(h, w.ALLY, (0, 1), slice(10, 20), 2)
    assert bond_of(h)[[4, 5, 10, 20]].tolist() == [APART, PLEDGED, ALLIED, APART]


def test_heirs_by_rule_are_clients_while_pledged_and_an_overthrow_ends_it(h):
    h.status[3:8, w.PATRON, 1] = 0
    both(h, w.ALLY, (0, 1), slice(3, 15), 2)
    found = bond_of(h)
    assert found[[3, 14]].tolist() == [SECOND + CLIENT] * 2
    assert found[15] == APART
    h.status[10, w.UPSET, 1] = 1
    assert bond_of(h)[[9, 10]].tolist() == [SECOND + CLIENT, ALLIED]


@pytest.mark.parametrize(("level", "late"), [(0, APART), (1, SECOND + CLIENT)])
def test_a_leader_brought_in_stands_on_his_own_feet_unless_pledged(h, level, late):
    h.status[2:, w.PATRON, 1] = 0
    h.status[2:, w.TENURE, 1] = np.arange(YEARS - 2)
    both(h, w.ALLY, (0, 1), slice(0, YEARS), level)
    found = bond_of(h)
    assert found[2 + OWN_FEET - 1] == SECOND + CLIENT
    assert found[2 + OWN_FEET] == late


def test_land_under_the_other(h):
    h.unit[5:10, w.OWNER, 5], h.unit[5:10, w.HELD, 5] = 0, w.AS_OCCUPIED
    assert bond_of(h)[5] == SECOND + TAKEN  # six of sixteen of its people
    both(h, w.WAR, (0, 1), slice(5, 10), w.OPPOSED)
    assert bond_of(h)[5] == SECOND + IN_PART  # it fights on
    h.unit[12:, w.OWNER, 1] = 0
    assert bond_of(h)[12] == SECOND + TAKEN


def test_a_province_held_for_twenty_quiet_years_is_ceded(h):
    h.unit[2:, w.OWNER, 5], h.unit[2:, w.HELD, 5] = 0, w.AS_OCCUPIED
    found = bond_of(h)
    assert found[2 + CEDED - 1] == SECOND + TAKEN
    assert found[2 + CEDED] == APART


@pytest.fixture(scope="module")
def record():
    """Bond of any pair in a year of the record, by ids of the states."""
    s = stage(FIRST, 2016)
    reset(s, s.script.start)
    history = trace(s, blank())
    ids = s.script.panel.states

    def of(a, b):
        pair = (ids.index(a), ids.index(b))
        found = bonds(history, s.geography, pair, blank_past(history, 2))
        return dict(enumerate(found.tolist(), FIRST))

    return of


@pytest.mark.parametrize("pair", [("UKG", "FRN"), ("UKG", "POR"), ("FRN", "RUS"), ("TUR", "GMY")])
def test_allies_however_unequal_are_under_nobody(record, pair):
    found = record(*pair)
    assert all(rung % SECOND < UNDER for rung in found.values())
    assert ALLIED in found.values()


def test_korea_crosses_from_alliance_into_absorption_in_1905(record):
    found = record("KOR", "JPN")
    assert [found[y] for y in (1903, 1904, 1905, 1910)] == [APART, ALLIED, TAKEN, TAKEN]


def test_clients_and_satellites_of_the_record(record):
    mongolia, manchuria = record("MON", "RUS"), record("CHN", "JPN")
    assert mongolia[1921] == mongolia[1937] == mongolia[1970] == CLIENT
    assert manchuria[1930] == APART
    assert manchuria[1932] == IN_PART
    assert record("GDR", "RUS")[1960] == CLIENT
    assert record("CZE", "RUS")[1960] == ALLIED  # Prague is not occupied before 1968
    assert record("CZE", "RUS")[1975] == CLIENT
    assert record("JPN", "USA")[1950] == TAKEN
    assert record("JPN", "USA")[1960] == ALLIED
