"""
Candidates tried in the engine: draws on workers, kept on disk, the same on any number of them.

A task is one parameter draw with some numbered worlds for all entrants of a round, so that history
is abducted once for all of them. World number n stands under draw n mod D.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import start_years
from allohistory.executors import Workers
from allohistory.question.goals import (
    LONGEST,
    M_ALLOWED,
    M_INDEPENDENT,
    SPELL_FROM,
    SPELL_YEARS,
    GoalSpec,
)
from allohistory.question.judged import Aim, Draw, Judged
from allohistory.search.candidates import Candidate
from allohistory.search.race import Tried

Arrays = dict[str, NDArray[Any]]


class Kept(Protocol):
    """What was rolled before; `answer.store.Store` is one."""

    def read(self, key: str) -> Arrays | None:
        """Arrays kept under a key, or None."""

    def write(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key."""


class Nowhere:
    """Keeps nothing."""

    def read(self, key: str) -> None:
        """Find nothing."""

    def write(self, key: str, arrays: Arrays) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """
    A candidate in the race, or nothing changed from the end of a year.

    Attributes
    ----------
    candidate : Candidate or None
    start : int
        Year from whose end fresh worlds are rolled where there is no candidate.
    added : float
        Penalty in bits for lying outside the window.
    """

    candidate: Candidate | None
    start: int = 0
    added: float = 0.0

    @property
    def id(self) -> str:
        """Id of the candidate."""
        return self.candidate.id if self.candidate else f"nothing-{self.start}"

    @property
    def year(self) -> int:
        """Year of the last step's decision: fresh luck begins after it."""
        return self.candidate.plan.decided if self.candidate else self.start

    @property
    def direct(self) -> bool:
        """Whether it writes a treaty of the pair."""
        return self.candidate is not None and self.candidate.direct

    @property
    def priors(self) -> Sequence[tuple[int, float]]:
        """Stated probabilities."""
        return self.candidate.plan.priors if self.candidate else ()

    @property
    def unit(self) -> Plan | int:
        """What is rolled."""
        return self.candidate.plan if self.candidate else self.start


def entry(candidate: Candidate) -> Entry:
    """A candidate as it races."""
    return Entry(candidate, added=candidate.place.penalty)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Worlds of one draw, for all units of a round."""

    aim: Aim
    draw: int
    numbers: tuple[int, ...]
    units: tuple[Plan | int, ...]

    def key(self, base: str) -> str:
        """Name under which the task is kept: all that its result depends on, and no titles."""
        aim = self.aim
        asked = [aim.pair, aim.spec.array().tolist(), aim.horizon, aim.last, aim.seed, aim.off]
        units = [u if isinstance(u, int) else [astuple(c) for c in u.changes] for u in self.units]
        text = json.dumps(["search", base, *asked, aim.elicited, self.draw, self.numbers, units])
        return blake2b(text.encode(), digest_size=20).hexdigest()


def roll(task: Task) -> Arrays:
    """
    Roll a task.

    Returns
    -------
    dict
        ``reached``, ``near``, ``lead``, ``met`` of shape (units, numbers), and ``logs`` of shape
        (units, most steps), not-a-number beyond a plan's steps.
    """
    plans = [u for u in task.units if isinstance(u, Plan)]
    years = {u for u in task.units if isinstance(u, int)} | start_years(plans)
    draw = Draw.of(task.aim, task.draw, years)
    shape = (len(task.units), len(task.numbers))
    out: Arrays = {
        "reached": np.zeros(shape, np.bool_),
        "near": np.zeros(shape, np.float32),
        "lead": np.full(shape, -1, np.int16),
        "met": np.ones(shape, np.float32),
        "logs": np.full((len(task.units), max((p.steps for p in plans), default=0)), np.nan),
    }
    for u, unit in enumerate(task.units):
        for r, number in enumerate(task.numbers):
            if isinstance(unit, Plan):
                judged, waited = draw.changed(unit, number), unit.decided - unit.first
                if r == 0:
                    out["logs"][u, : unit.steps] = judged.logs
            else:
                judged, waited = draw.free(unit, number), 0
            out["reached"][u, r] = judged.reached
            out["near"][u, r] = nearness(judged, task.aim.spec)
            out["met"][u, r] = judged.met
            if judged.reached:
                out["lead"][u, r] = waited + int(judged.verdict.when[SPELL_FROM])
    return out


def nearness(judged: Judged, spec: GoalSpec) -> float:
    """
    How nearly a run reached the goal: 1 where it did, else less.

    The share of the years asked for that the best spell lasted, times one half and one half of
    how far the two were each other's closest in it; halved where one was not independent or the
    spell is excluded. Where deeds broke every pledge, a tenth of the longest pledge counts.
    """
    if judged.reached:
        return 1.0
    found = judged.verdict
    years = min(found.when[SPELL_YEARS] / spec.years, 1.0)
    close = min(float(found.share[0]) / spec.share, 1.0) if spec.share else 1.0
    clean = found.met[M_INDEPENDENT] and found.met[M_ALLOWED]
    near = years * (0.5 + 0.5 * close) * (1.0 if clean else 0.5)
    return float(min(max(near, 0.1 * min(found.when[LONGEST] / spec.years, 1.0)), 0.99))


@dataclass(slots=True, eq=False)
class Engine:
    """
    Evaluates entries: `race.Evaluate` over the engine.

    Attributes
    ----------
    aim : Aim
    draws : int
        Parameter draws among which numbers go round.
    pool : Workers
    kept : Kept
    base : str
        Hash of the sources and the record, so that what another version rolled is not read.
    say : callable
        Told after every task how many runs were done.
    runs, read : int
        Worlds rolled or read, and those of them that were read.
    """

    aim: Aim
    draws: int
    pool: Workers
    kept: Kept
    base: str = ""
    say: Callable[[int], object] = lambda _: None
    runs: int = 0
    read: int = 0

    def __call__(self, entrants: Sequence[Entry], numbers: range) -> list[Tried]:
        """What became of each entry, and of its twin, in the worlds of these numbers."""
        if not entrants:
            return []
        twins = sorted({e.year for e in entrants})
        plans = [e.candidate.plan for e in entrants if e.candidate]
        by_draw: dict[int, list[int]] = {}
        for n in numbers:
            by_draw.setdefault(n % self.draws, []).append(n)
        units: tuple[Plan | int, ...] = (*plans, *twins)
        tasks = [Task(self.aim, d, tuple(some), units) for d, some in sorted(by_draw.items())]
        found = list(self._all(tasks))
        place = {id(p): u for u, p in enumerate(plans)}
        out = []
        for e in entrants:
            twin = len(plans) + twins.index(e.year)
            unit = place[id(e.candidate.plan)] if e.candidate else twin
            out.append(_tried(tasks, found, (unit, twin), e.unit))
        return out

    def _all(self, tasks: list[Task]) -> list[Arrays]:
        """Tasks in order, from the store where they are there."""
        keys = [task.key(self.base) for task in tasks]
        had = [self.kept.read(key) for key in keys]
        missing = [task for task, known in zip(tasks, had, strict=True) if known is None]
        rolled = self.pool.map(roll, missing)
        out: list[Arrays] = []
        for task, key, known in zip(tasks, keys, had, strict=True):
            many = len(task.units) * len(task.numbers)
            if known is None:
                out.append(next(rolled))
                self.kept.write(key, out[-1])
            else:
                out.append(known)
                self.read += many
            self.runs += many
            self.say(self.runs)
        return out


def _tried(
    tasks: list[Task], found: list[Arrays], where: tuple[int, int], unit: Plan | int
) -> Tried:
    """One unit's rows of all tasks beside those of its twin, in the order of draws."""
    u, twin = where
    steps = unit.steps if isinstance(unit, Plan) else 0

    def rows(name: str, row: int) -> NDArray[Any]:
        return np.concatenate([arrays[name][row] for arrays in found])

    return Tried(
        draw=np.concatenate([np.full(len(t.numbers), t.draw, np.int64) for t in tasks]),
        reached=rows("reached", u),
        twin_reached=rows("reached", twin),
        near=rows("near", u).astype(np.float64),
        twin_near=rows("near", twin).astype(np.float64),
        lead=rows("lead", u).astype(np.int64),
        met=rows("met", u).astype(np.float64),
        logs=np.stack([arrays["logs"][u, :steps] for arrays in found]),
    )
