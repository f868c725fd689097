"""The question of a reference class, put to the model: how often dyads like the pair ally so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allohistory import world as w
from allohistory.chance import chance
from allohistory.counterfactual.twin import FRESH
from allohistory.executors import Workers
from allohistory.question.judged import Aim, Draw
from allohistory.search.years import longest

DRAWS = 32
Dyad = tuple[int, int, int]
"""Columns of two states, and the year from which they are looked at."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a worker rolls: fresh worlds of one draw, from the years of some dyads."""

    aim: Aim
    draw: int
    dyads: tuple[Dyad, ...]


def rolled(
    aim: Aim,
    start: int,
    part: dict[str, Any],
    states: Sequence[str],
    pool: Workers,
    *,
    draws: int = DRAWS,
) -> tuple[dict[str, float], dict[str, float]]:
    """
    P(allied for so many years without a break within the horizon), by the model.

    Asked is what the base rate of `analogues` counts and no more: a strong pledge in force, with
    no look at deeds or at third states. One fresh world a draw and year serves all dyads that
    qualified in it; a draw takes about 0.4 s of one core.

    Parameters
    ----------
    aim : Aim
        For the pair, horizon, seed and switches; `last` must reach every dyad's horizon.
    start : int
        Year from which the pair is looked at.
    part : dict
        Of `analogues`: its nearest dyads are asked.
    states : sequence of str
        Ids in the order of the columns.
    pool : Workers
        The result hangs on it in nothing.
    draws : int
        Parameter draws.

    Returns
    -------
    tuple of chance
        Of the nearest dyads together, and of the pair.
    """
    alike = part["alike"] or {"dyads": []}
    dyads: list[Dyad] = [(states.index(a), states.index(b), y) for a, b, y in alike["dyads"]]
    asked = (*dyads, (*aim.pair, start))
    work = (Ask(aim, draw, asked) for draw in range(draws))
    hits = np.array(list(pool.map(roll, work)), np.int64)
    nearest = hits[:, :-1]
    some = chance(nearest.sum(axis=1), np.full(draws, nearest.shape[1])) if dyads else {}
    return some, chance(hits[:, -1], np.ones(draws, np.int64))


def roll(job: Ask) -> list[bool]:
    """Whether each dyad was allied for the years the goal asks for, in one fresh world."""
    aim = job.aim
    years = sorted({year for *_, year in job.dyads})
    found: dict[Dyad, bool] = {}
    draw = Draw.of(aim, job.draw, set(years))
    room = draw.twins.room(0, aim.horizon)
    for year in years:
        end = aim.end(year)
        draw.twins.baseline(FRESH, job.draw, year, year, end, room)
        for dyad in job.dyads:
            if dyad[2] == year:
                strong = room.link[1 : end - year + 1, w.ALLY, dyad[0], dyad[1]] == 2
                found[dyad] = longest(strong) >= aim.spec.years
    return [found[dyad] for dyad in job.dyads]
