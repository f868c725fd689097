"""
Walks of a changed world under one draw after another, and the predictors its choices had there.

The world is replayed under history's luck (kappa 0), so that beyond what is set it is history's
as far as that goes; what a choice's predictors were is noted on the stage when it is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import Change
from allohistory.counterfactual.twin import Mode, Twins
from allohistory.engine.luck import stage_for
from allohistory.executors import workers
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.model.shipped import shipped
from allohistory.model.shocks import NODES
from allohistory.record.tables import Tables

Floats = NDArray[np.float64]
KEPT = Mode("kappa 0", 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """
    Walks to be done under some draws.

    Attributes
    ----------
    draws : tuple of Parameters
    walks : tuple of tuple of Change
        What is set in each walk.
    last : int
        Last year.
    seed : int
    untold : bool
        Whether the last walk tells all there is of its years, so that history's shocks of those
        years are not to be inferred (see `one_walk`).
    tables : Tables or None
        The record; the core record for None.
    """

    draws: tuple[Parameters, ...]
    walks: tuple[tuple[Change, ...], ...]
    last: int
    seed: int
    tables: Tables | None = None
    untold: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """
    What the changes of one walk met, by draw.

    Attributes
    ----------
    eta : (D, C, 3) float64
        Predictors; NaN where a choice did not arise.
    race : (D, C) float64
        Of a forced race, the chance of the winner; NaN where it was not run.
    """

    eta: Floats
    race: Floats


def draws_of(many: int) -> tuple[Parameters, ...]:
    """The first so many shipped draws."""
    return tuple(shipped()[0][:many])


def _one(job: tuple[Work, int]) -> list[tuple[Floats, Floats]]:
    """All walks under one draw."""
    work, number = job
    stage = stage_for(work.last, tables=work.tables)
    draw = work.draws[number]
    firsts = [min(c.year for c in walk) - 1 for walk in work.walks]
    twins = Twins(stage, draw, abduce(stage, draw, set(firsts)), work.seed)
    out = []
    for n, (changes, first) in enumerate(zip(work.walks, firsts, strict=True), 1):
        whole = work.untold and n == len(work.walks)
        out.append(one_walk(twins, changes, first, work.last, number, untold=whole))
    return out


def one_walk(
    twins: Twins,
    changes: Sequence[Change],
    first: int,
    last: int,
    run: int,
    *,
    untold: bool = False,
) -> tuple[Floats, Floats]:
    """
    Predictors (C, 3) and chances of races (C,) of one walk on a stage told already.

    With `untold` the shocks of its years are not inferred from history's events of those years.
    """
    room = twins.room(first, last)
    if untold:
        base = twins.stage.base
        twins.stage.luck.posterior[first + 1 - base : last + 1 - base] = 1.0 / NODES
    slots = twins.alternate(changes, KEPT, run, first, last, last, room)
    luck = twins.stage.luck
    race = np.full(len(changes), np.nan)
    for n, (change, slot) in enumerate(zip(changes, slots, strict=True)):
        if change.process in m.RACES and luck.hits[slot]:
            race[n] = np.exp(luck.logp[slot])
    return luck.predictor[slots], race


def walked(work: Work, jobs: int = 1, executor: str = "") -> list[Walked]:
    """
    Walk every walk under every draw.

    Returns
    -------
    list of Walked
        One for each walk; the same on any number of workers.
    """
    with workers(jobs, executor) as pool:
        found = list(pool.map(_one, ((work, n) for n in range(len(work.draws)))))
    return [
        Walked(np.stack([one[k][0] for one in found]), np.stack([one[k][1] for one in found]))
        for k in range(len(work.walks))
    ]
