"""
Splitting: a population of worlds, thinned and copied where the goal is far or near.

At every checkpoint the worlds under way are drawn anew in proportion to weight times score
(systematic resampling in the order of the score), and each copy's weight is divided by its score;
the weights of the worlds that reach the goal add up to an unbiased estimate of P(goal) whatever
the score (sequential Monte Carlo: Del Moral, Doucet and Jasra 2006; splitting: Cerou and Guyader
2007). Worlds whose goal is reached leave with their weight, hopeless ones without it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allohistory.counterfactual.intervention import Change
from allohistory.engine.luck import Segment
from allohistory.model import terms as m
from allohistory.question.goals import S_YEARS, together
from allohistory.search.particle import HOPELESS, REACHED, UNDER_WAY, Particle, Soil
from allohistory.search.score import Lesson, Score

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
POWER: Final = 0.8
"""
Worlds are split by the score to this power: what is best for the variance is the root of the mean
squared chance, which is flatter than the chance.
"""
FLOOR: Final = 0.005
"""Share of the mean that a score is at least raised by, so that no world's weight explodes."""
TAPER: Final = 0.3
"""Worlds at the end as a share of those at the start: how a spell begins is the harder part."""


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """
    A world that reached the goal, or one of all worlds.

    Attributes
    ----------
    weight : float
    segments : tuple of (int, int)
        Its name.
    begins : int
        Row in which the spell begins that reaches the goal; -1 without one.
    events : (R, 4) int32
        See `happenings`.
    """

    weight: float
    segments: tuple[Segment, ...]
    begins: int
    events: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Harvest:
    """
    What one population, or some plain runs, of one draw gave.

    Attributes
    ----------
    p : float
        Estimate of P(goal).
    many : int
        Worlds in the population, or plain runs.
    worlds : tuple of Reached
        Those that reached the goal; of plain runs all.
    lessons : tuple of Lesson
    years : int
        Years rolled.
    """

    p: float
    many: int
    worlds: tuple[Reached, ...]
    lessons: tuple[Lesson, ...]
    years: int


def told(p: Particle, spec: Floats) -> Reached:
    """A world as the report needs it."""
    begins = together(p.flags[: p.row + 1], spec)[0] if p.fate == REACHED else -1
    return Reached(p.weight, p.segments, int(begins), np.concatenate(p.events))


def lesson(p: Particle) -> Lesson:
    """A world as the score needs it."""
    return Lesson(p.weight, p.features[: p.row + 1].astype(np.float32))


def number(draw: int, population: int, checkpoint: int, slot: int) -> int:
    """Run whose luck a world has from a checkpoint on: no two worlds of a search share one."""
    return (((draw * 64 + population) * 64 + checkpoint) << 20) + slot + (1 << 40)


def plain(soil: Soil, draw: int, many: int, step: int) -> Harvest:
    """Plain Monte Carlo: runs rolled until their goal is reached or out of reach."""
    worlds, lessons, years = [], [], 0
    seed = soil.seedling()
    for k in range(many):
        p = soil.grow(seed, step, number(draw, 0, 0, k), keep=False)
        while p.fate == UNDER_WAY:
            p = soil.again(p, step)
        worlds.append(told(p, soil.spec))
        lessons.append(lesson(p))
        years += p.row
    hits = sum(world.weight for world in worlds if world.begins >= 0)
    return Harvest(hits / many, many, tuple(worlds), tuple(lessons), years)


def systematic(mass: Floats, many: int, u: float) -> Ints:
    """
    Indices of `many` draws in proportion to mass, evenly spaced.

    Examples
    --------
    >>> systematic(np.array([0.5, 0.25, 0.25]), 4, 0.5).tolist()
    [0, 0, 1, 2]
    """
    edges = np.cumsum(mass)
    points = (np.arange(many) + u) * (edges[-1] / many)
    picked = np.searchsorted(edges, points, side="right")
    return np.asarray(np.minimum(picked, len(mass) - 1), np.int64)


def resampled(worlds: Sequence[Particle], score: Floats, many: int, u: float) -> list[Particle]:
    """
    Draw worlds anew in proportion to weight times score, weights put right.

    Any score above 0 leaves the sum of weight times anything to come unbiased.
    """
    weight = np.array([p.weight for p in worlds])
    order = np.argsort(score, kind="stable")
    mass = (weight * score)[order]
    picked = order[systematic(mass, many, u)]
    each = mass.sum() / many
    return [replace(worlds[k], weight=each / score[k]) for k in picked.tolist()]


def tilts(soil: Soil, factors: dict[int, float]) -> tuple[Change, ...]:
    """
    The pair's own choices, shifted in every year in which a spell can still begin in time.

    Parameters
    ----------
    factors : dict of int to float
        Log odds added, by process: `model.terms` FOUND_STRONG, RIVAL_END, RIVAL_START, DISPUTE.
    """
    h = soil.stage.geography.state_hash
    a, b = (int(h[i]) for i in soil.pair)
    sides = {m.DISPUTE: ((a, b), (b, a))}
    both = ((min(a, b), max(a, b)),)
    return tuple(
        Change(process, year, one, other, shift=shift)
        for process, shift in factors.items()
        for year in range(soil.start + 1, soil.last - int(soil.spec[S_YEARS]) + 2)
        for one, other in sides.get(process, both)
    )


def split(
    soil: Soil,
    score: Score | Callable[[Floats, Ints], Floats],
    draw: int,
    population: int,
    *,
    many: int,
    step: int,
) -> Harvest:
    """
    Roll a population of worlds of one draw to the end.

    Parameters
    ----------
    soil : Soil
    score : Score
    draw, population : int
        Numbers that name the luck.
    many : int
        Worlds in it.
    step : int
        Years between checkpoints.
    """
    rng = np.random.Generator(np.random.Philox(key=[soil.seed, number(draw, population, 0, 0)]))
    living = [soil.seedling()] * many
    done: list[Particle] = []
    lessons: list[Lesson] = []
    years = 0
    for checkpoint in range(1, soil.rows):
        grown = [
            soil.grow(p, step, number(draw, population, checkpoint, k))
            for k, p in enumerate(living)
        ]
        years += sum(p.row for p in grown) - sum(p.row for p in living)
        done += [p for p in grown if p.fate == REACHED]
        lessons += [lesson(p) for p in grown if p.fate == HOPELESS]
        living = [p for p in grown if p.fate == UNDER_WAY]
        if not living:
            break
        x = np.stack([p.score_at for p in living])
        left = np.array([soil.rows - 1 - p.row for p in living])
        h = score(x, left) ** POWER
        weight = np.array([p.weight for p in living])
        h += FLOOR * (weight * h).sum() / weight.sum()
        keep = round(many * (1.0 - (1.0 - TAPER) * living[0].row / (soil.rows - 1)))
        living = resampled(living, h, max(keep, 1), rng.random())
    worlds = tuple(told(p, soil.spec) for p in done)
    lessons += [lesson(p) for p in done]
    p = sum(world.weight for world in worlds) / many
    return Harvest(p, many, worlds, tuple(lessons), years)
