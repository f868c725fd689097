"""Membership is seen against all present members, lapse against the wars of the majors."""

from typing import Any

import numpy as np
import pytest

from allohistory import world as w
from allohistory.model import terms as m
from allohistory.model import wars
from allohistory.model.covariates import list_live, meet, shared_allies
from allohistory.model.scratch import Scratch, scratch

N, CANDIDATE = 5, 4
YEAR = 1900


@pytest.fixture
def club() -> tuple[w.World, w.Geography, Scratch]:
    """Treaty 0 of states 0, 1 and 2, a unit apart; state 4 lies three units from each."""
    world = w.World.empty(N, 1, 2, 1)
    world.status[w.ACTIVE] = 1
    world.member[0, :3] = 1
    world.pact[w.T_A, 0], world.pact[w.T_B, 0], world.pact[w.T_YEAR, 0] = 0, 1, YEAR
    distance = np.ones((N, N)) - np.eye(N)
    distance[CANDIDATE, :3] = distance[:3, CANDIDATE] = 2.5
    none = np.zeros(1, np.int64)
    geography = w.Geography(
        np.arange(N, dtype=np.uint64),
        np.zeros(1, np.uint64),
        np.zeros(N, np.int64),
        distance,
        np.zeros(2, np.int64),
        none,
        none,
        np.zeros(1),
        np.zeros(N, np.int64),
    )
    buffers = scratch(N, 1)
    list_live(world, buffers)
    return world, geography, buffers


def terms(parts: tuple[Any, Any, Any]) -> dict[str, float]:
    """Terms of the candidate's membership."""
    world, geography, buffers = parts
    x = np.zeros(m.WIDTH)
    world.link[w.ALLY] = np.maximum(world.link[w.ALLY], world.link[w.ALLY].T)
    meet(world, buffers)
    shared_allies(world, buffers)
    members = wars.club(world, geography, buffers, 0)
    wars.membership(x, world, geography, buffers, 0, CANDIDATE, YEAR, members)
    return dict(zip(m.TERMS[m.ACCEDE], x.tolist(), strict=False))


def test_a_member_who_is_no_founder_counts(club: tuple[w.World, w.Geography, Scratch]) -> None:
    """Ties and regimes of all members enter, in proportion."""
    world = club[0]
    world.link[w.ALLY, CANDIDATE, 2] = 2
    world.status[w.REGIME, [2, CANDIDATE]] = 2
    told = terms(club)
    assert told["allied_share"] == pytest.approx(1 / 3)
    assert told["democrats_share"] == pytest.approx(1 / 3)
    assert told["allies_elsewhere"] == 0.0
    world.status[w.REGIME, CANDIDATE] = 0
    assert terms(club)["democrats_share"] == 0.0


def test_outlying_is_beyond_the_members_own_spread(
    club: tuple[w.World, w.Geography, Scratch],
) -> None:
    """A state as near as the members are to each other is not outlying."""
    assert terms(club)["outlying"] == pytest.approx(1.5)
    club[1].distance[CANDIDATE, :3] = 1.0
    assert terms(club)["outlying"] == 0.0


def test_a_strong_ally_outside_counts_as_elsewhere(
    club: tuple[w.World, w.Geography, Scratch],
) -> None:
    """An ally who is no member is an ally elsewhere."""
    club[0].link[w.ALLY, CANDIDATE, 3] = 2
    told = terms(club)
    assert told["allied_share"] == 0.0
    assert told["allies_elsewhere"] == pytest.approx(0.5 * np.log(2))


def test_general_war_is_the_share_of_majors_that_fight(
    club: tuple[w.World, w.Geography, Scratch],
) -> None:
    """Wars of minor powers do not make a war general."""
    world, _, buffers = club
    world.status[w.MAJOR, :2] = 1
    buffers.engaged[[1, 3]] = 1
    assert wars.majors_at_war(world, buffers) == pytest.approx(0.5)
    world.status[w.MAJOR] = 0
    assert wars.majors_at_war(world, buffers) == 0.0
