"""Path predicates on histories made by hand."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.check.predicates import PREDICATES, at_risk, disputed, met, named
from allohistory.engine.run import History

A, B, C = range(3)


@pytest.fixture
def told():
    """Three states, always there, that do nothing: 16 years, the cut-off, 30 years."""
    h = History.empty(47, 3, 1)
    h.status[:, w.ACTIVE] = 1
    return h


CUT = 16


def both(h, what, rows, a, b, value=1):
    h.link[rows, what, a, b] = value
    h.link[rows, what, b, a] = value


def came(h, name, a=A, b=B):
    return int(met(h, CUT, PREDICATES[name])[a, b])


def asked(h, name, a=A, b=B):
    return bool(at_risk(h, CUT, PREDICATES[name])[a, b])


def test_peace_is_asked_of_those_who_quarrelled_twice_in_fifteen_years(told):
    told.link[CUT - 14, w.DISPUTE, B, A] = 1
    assert not asked(told, "peace")
    told.link[CUT - 14, w.DISPUTE, A, B] = 1
    assert asked(told, "peace"), "two onsets in a year are two"
    assert not asked(told, "peace", A, C)
    told.link[CUT - 14, w.DISPUTE] = 0
    told.link[CUT - 15, w.DISPUTE, A, B] = 2
    told.link[CUT, w.DISPUTE, A, B] = 2
    assert not asked(told, "peace"), "fifteen years ago is the year before"


def test_years_of_war_are_quarrels_but_are_not_counted_twice(told):
    both(told, w.WAR, [CUT - 1, CUT], A, B, w.OPPOSED)
    told.link[CUT - 1, w.DISPUTE, A, B] = 3
    assert disputed(told, CUT - 14, CUT)[A, B] == 2
    assert asked(told, "peace")
    both(told, w.WAR, CUT, A, B, w.SAME_SIDE)
    assert disputed(told, CUT - 14, CUT)[A, B] == 1


def test_peace_lasts_fifteen_years_and_asks_for_both_to_be_there(told):
    assert came(told, "peace") == 1
    told.link[CUT + 16, w.DISPUTE, A, B] = 1
    assert came(told, "peace") == 1
    told.status[CUT + 15, w.ACTIVE, B] = 0
    assert came(told, "peace") == 0, "a state that ended has not made peace"
    told.status[CUT + 15, w.ACTIVE, B] = 1
    told.status[CUT + 5, w.ACTIVE, B] = 0
    assert came(told, "peace") == 1, "a state that was away and came back has"
    told.link[CUT + 15, w.DISPUTE, B, A] = 1
    assert came(told, "peace") == 0


@pytest.mark.parametrize(("year", "level", "force", "war"), [
    (10, 1, 0, 0), (10, 2, 1, 0), (11, 3, 0, 0), (10, 3, 1, 1), (1, 3, 1, 1), (0, 3, 0, 0),
])  # fmt: skip
def test_force_and_war_within_ten_years(told, year, level, force, war):
    told.link[CUT + year, w.DISPUTE, B, A] = level
    assert (came(told, "force"), came(told, "war")) == (force, war)


def test_a_war_that_was_joined_counts_without_a_dispute(told):
    both(told, w.WAR, CUT + 4, A, B, w.OPPOSED)
    assert (came(told, "force"), came(told, "war")) == (1, 1)
    both(told, w.WAR, CUT, A, B, w.OPPOSED)
    assert asked(told, "force")
    assert not asked(told, "war")


def test_a_pact_is_five_unbroken_strong_years_inside_the_window(told):
    both(told, w.ALLY, slice(CUT + 2, CUT + 6), A, B, 2)
    assert came(told, "pact") == 0
    both(told, w.ALLY, CUT + 6, A, B, 2)
    assert came(told, "pact") == 1
    both(told, w.ALLY, CUT + 4, A, B, 1)
    assert came(told, "pact") == 0, "a weak year breaks it"
    both(told, w.ALLY, slice(CUT + 12, CUT + 20), A, B, 2)
    assert came(told, "pact") == 0, "four years of it lie in the window"
    assert asked(told, "pact")
    both(told, w.ALLY, CUT, A, B, 2)
    assert not asked(told, "pact")


def test_ten_years_of_pact_within_thirty(told):
    both(told, w.ALLY, slice(CUT + 21, CUT + 31), A, B, 2)
    assert came(told, "pact of 10 years") == 1
    told.status[CUT + 25, w.ACTIVE, A] = 0
    assert came(told, "pact of 10 years") == 0


def test_a_rivalry_ends_between_the_living_only(told):
    both(told, w.RIVAL, slice(0, 47), A, B)
    assert asked(told, "end of rivalry")
    assert not asked(told, "end of rivalry", A, C)
    assert came(told, "end of rivalry") == 0
    both(told, w.RIVAL, slice(CUT + 20, 47), A, B, 0)
    assert came(told, "end of rivalry") == 1
    told.status[CUT + 20 :, w.ACTIVE, A] = 0
    assert came(told, "end of rivalry") == 0


def test_only_those_in_the_system_and_looked_at_are_asked(told):
    told.status[CUT, w.ACTIVE, C] = 0
    pairs = at_risk(told, CUT, PREDICATES["force"])
    assert pairs.sum() == 1
    assert pairs[A, B]
    only = np.array([True, False, True])
    assert at_risk(told, CUT, PREDICATES["force"], only).sum() == 0


def test_the_closest_major_is_asked_of_every_state_and_every_other_major(told):
    told.status[CUT, w.MAJOR, [B, C]] = 1
    pairs = at_risk(told, CUT, PREDICATES["closest major"])
    assert {(int(i), int(j)) for i, j in np.argwhere(pairs)} == {(A, B), (A, C), (B, C), (C, B)}
    told.status[CUT, w.ACTIVE, C] = 0
    assert at_risk(told, CUT, PREDICATES["closest major"]).sum() == 1
    only = np.array([False, True, True])
    assert at_risk(told, CUT, PREDICATES["closest major"], only).sum() == 0


def test_each_state_names_one_major_or_none():
    table = named(np.array([C, w.NOBODY]), np.array([A, B]), 3)
    assert table.tolist() == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]
