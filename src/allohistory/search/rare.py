"""
Backward search: condition on the goal, and read off how it was reached.

First plain Monte Carlo, which also teaches the score where to split; then populations of worlds
under each parameter draw, one after another, each under a score that has learned from those
before it. Draws are strata: every draw has its own populations, and the estimate is the mean over
draws. What comes out does not hang on the number of workers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from allohistory.chance import chance
from allohistory.engine.script import script_of
from allohistory.errors import QuestionError
from allohistory.executors import Workers, workers
from allohistory.question.judged import Aim, Draw, spec_of
from allohistory.question.resolve import Question
from allohistory.search.backward import lifts, necessity
from allohistory.search.feasible import impossible
from allohistory.search.particle import Soil
from allohistory.search.reached import Names, field_of
from allohistory.search.routes import routes
from allohistory.search.score import Score
from allohistory.search.split import Harvest, plain, split, tilts

STEP: Final = 4
"""Years between checkpoints."""
ENOUGH: Final = 200
"""Plain runs that reach the goal beyond which splitting is not needed."""
DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Effort:
    """
    How much is rolled.

    Attributes
    ----------
    draws : int
        Parameter draws.
    runs : int
        Plain runs of each.
    worlds : int
        Worlds of each population.
    populations : int
        Populations of each draw; at least 2, so that they can be compared.
    step : int
        Years between checkpoints.
    tilt : dict of int to float
        Log odds added to the pair's own choices, by process (`split.tilts`).
    """

    draws: int = 40
    runs: int = 40
    worlds: int = 70
    populations: int = 2
    step: int = STEP
    tilt: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What one worker does: some runs of one draw."""

    aim: Aim
    start: int
    effort: Effort
    draw: int
    population: int = 0
    score: Score | None = None


def work(task: Task) -> Harvest:
    """Roll the plain runs of a draw, or one population of it where there is a score."""
    draw = Draw.of(task.aim, task.draw, {task.start})
    soil = Soil.of(draw, task.start)
    effort = task.effort
    if task.score is None:
        return plain(soil, task.draw, effort.runs, effort.step)
    if effort.tilt:
        soil.changes = tilts(soil, effort.tilt)
        soil.settle()
    try:
        return split(
            soil,
            task.score,
            task.draw,
            task.population,
            many=effort.worlds,
            step=effort.step,
        )
    finally:
        soil.changes = ()
        soil.settle()


def rare(
    question: Question,
    start: int | None = None,
    *,
    effort: Effort | None = None,
    seed: int = 1,
    off: tuple[str, ...] = (),
    elicited: bool = True,
    jobs: int = 1,
    pool: Workers | None = None,
) -> dict[str, Any]:
    """
    How likely the goal is from a year on, however rare, and how worlds get there.

    Parameters
    ----------
    question : Question
    start : int, optional
        Worlds leave history at its end; the first year of the question's window without it.
    effort : Effort, optional
    seed : int
    off : tuple of str
        Mechanisms switched off.
    elicited : bool
        False sets elicited effects to neutral.
    jobs : int
        Worker processes, where no pool is given.
    pool : Workers, optional

    Returns
    -------
    dict
        ``feasible`` {possible, says}; ``p_goal`` and ``plain`` {p, lo, hi, error}: 90% intervals
        that hold the spread between parameter draws, and the standard error of the simulation
        alone; ``method``; ``agreement`` {z, says}; ``ess``, the effective number of families
        among the goal's worlds; ``lifts``, ``routes``, ``necessity`` (`backward`); ``cost``
        {plain_years, split_years}.

    Raises
    ------
    QuestionError
        The effort is too small to compare anything.
    """
    effort, begin = effort or Effort(), question.window[0] if start is None else start
    if effort.draws < 2 or effort.runs < 1 or effort.worlds < 2 or effort.populations < 2:
        raise QuestionError(
            "a backward search needs two draws, two populations and two worlds in each",
            "draws = 2, populations = 2, worlds = 2 or more",
        )
    last = script_of().panel.last
    aim = Aim(question.pair, spec_of(question), question.horizon, last, seed, off, elicited)
    why = impossible(aim, begin)
    if why:
        return _nothing(why)
    if pool is not None:
        return _search(aim, begin, effort, pool)
    with workers(jobs) as own:
        return _search(aim, begin, effort, own)


def _nothing(why: str) -> dict[str, Any]:
    none = {"p": 0.0, "lo": 0.0, "hi": 0.0, "error": 0.0}
    return {
        "feasible": {"possible": False, "says": why},
        "p_goal": none,
        "method": "membership: no world was rolled",
        "plain": none,
        "agreement": {"z": None, "says": ""},
        "ess": 0.0,
        "lifts": [],
        "routes": [],
        "necessity": [],
        "cost": {"plain_years": 0, "split_years": 0},
    }


def _search(aim: Aim, start: int, effort: Effort, pool: Workers) -> dict[str, Any]:
    every = list(pool.map(work, [Task(aim, start, effort, d) for d in range(effort.draws)]))
    hits = sum(world.begins >= 0 for h in every for world in h.worlds)
    populations: list[list[Harvest]] = []
    if hits < ENOUGH:
        score = Score.blank(aim.spec.years)
        sources = [[lesson for h in every for lesson in h.lessons]]
        for n in range(1, effort.populations + 1):
            score = score.learned(*sources)
            tasks = [Task(aim, start, effort, d, n, score) for d in range(effort.draws)]
            found = list(pool.map(work, tasks))
            populations.append(found)
            sources.append([lesson for h in found for lesson in h.lessons])
    return _report(aim, start, every, populations)


def estimate(populations: Sequence[Sequence[Harvest]]) -> tuple[np.ndarray, float]:
    """
    Estimate by draw, and the standard error of their mean by the luck of the simulation alone.

    Parameters
    ----------
    populations : sequence of sequence of Harvest
        By population and draw; populations are uncorrelated.
    """
    each = np.array([[h.p for h in found] for found in populations])
    variance = each.var(axis=0, ddof=1) / len(each)
    return each.mean(axis=0), float(np.sqrt(variance.sum()) / each.shape[1])


def _plain(every: Sequence[Harvest]) -> dict[str, float]:
    p = np.array([h.p for h in every])
    sizes = np.array([h.many for h in every])
    error = float(np.sqrt((p * (1 - p) / np.maximum(sizes - 1, 1)).sum()) / len(p))
    return _rounded({**chance(p * sizes, sizes, DIGITS), "error": error})


def _split(populations: Sequence[Sequence[Harvest]]) -> dict[str, float]:
    p, error = estimate(populations)
    mean = float(p.mean())
    if mean <= 0.0:
        # Nothing was reached: as many worlds as were rolled say how rare it is at least.
        many = np.array([sum(h.many for h in found) for found in zip(*populations, strict=True)])
        return _rounded({**chance(np.zeros(len(p)), many, DIGITS), "error": 0.0})
    # As many plain runs as would know it as well.
    size = max(mean * (1 - mean) / max(error**2, 1e-300) / len(p), 1.0)
    whole = np.full(len(p), min(size, 1e9))
    return _rounded({**chance(p * whole, whole, DIGITS), "error": error})


def _rounded(values: dict[str, float]) -> dict[str, float]:
    """Three significant digits: a chance may be one in a million."""
    return {key: float(f"{value:.3g}") for key, value in values.items()}


def _agreement(found: dict[str, float], told: dict[str, float], hits: int) -> dict[str, Any]:
    apart = found["p"] - told["p"]
    error = float(np.hypot(found["error"], told["error"]))
    if hits < 5 or error == 0.0:
        return {
            "z": None,
            "says": f"Plain Monte Carlo reached the goal {hits} times: too rare to check against.",
        }
    z = round(apart / error, 2)
    verdict = "agree" if abs(z) <= 2.5 else "DISAGREE"
    return {
        "z": z,
        "says": f"Splitting and plain Monte Carlo {verdict}: {abs(z):.1f} standard errors apart.",
    }


def _report(
    aim: Aim, start: int, every: Sequence[Harvest], populations: Sequence[Sequence[Harvest]]
) -> dict[str, Any]:
    told = _plain(every)
    hits = sum(world.begins >= 0 for h in every for world in h.worlds)
    if populations:
        found, method = _split(populations), "splitting under a learned score"
        goal = [(d, h) for each in populations for d, h in enumerate(each)]
    else:
        found, method = told, "plain Monte Carlo: the goal is common enough"
        goal = list(enumerate(every))
    reached = sum(world.begins >= 0 for _, h in goal for world in h.worlds)
    out: dict[str, Any] = {
        "feasible": {"possible": True, "says": ""},
        "p_goal": found,
        "method": method,
        "plain": told,
        "agreement": _agreement(found, told, hits) if populations else {"z": None, "says": ""},
        "ess": 0.0,
        "lifts": [],
        "routes": [],
        "necessity": [],
        "cost": {
            "plain_years": sum(h.years for h in every),
            "split_years": sum(h.years for each in populations for h in each),
        },
    }
    if reached:
        seen = field_of(goal, every, start, aim.seed)
        names = Names(script_of().panel.states, aim.pair, start)
        out["ess"] = round(seen.size(seen.weight > 0), 1)
        out["lifts"] = lifts(seen, names)
        out["routes"] = routes(seen, names)
        out["necessity"] = necessity(seen, names)
    return out
