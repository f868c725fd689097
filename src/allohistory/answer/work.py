"""
One parameter draw of an ask: every plan, every mode, its runs; what a worker process does.

Results are plain arrays in the order of plans, modes and runs, so that the answer does not hang
on how many workers there were.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.answer.probe import QUANTITIES, measure
from allohistory.counterfactual.abduce import abduce, window
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import (
    FRESH,
    MODES,
    Mode,
    Twins,
    log_chance,
    start_years,
)
from allohistory.engine.luck import Stage, stage_for
from allohistory.engine.run import History
from allohistory.model.shipped import shipped
from allohistory.model.switches import without
from allohistory.question.behaviour import Past, past_at, remember, take_stock
from allohistory.question.goals import GoalSpec, Verdict, verdict
from allohistory.question.yardstick import Yardstick, yardstick
from allohistory.record.dates import LAST_YEAR

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What the workers must know of a question.

    Attributes
    ----------
    plans : tuple of Plan
    pair, yard : (int, int)
        The pair asked about and the yardstick's.
    yard_from, start, horizon : int
        Start of the yardstick, of the plain baseline, and years looked at.
    spec : GoalSpec
    seed : int
    off : tuple of str
        Mechanisms switched off.
    elicited : bool
        False sets elicited effects to neutral.
    fresh, every : int
        Runs per draw with fresh luck; history's luck is replayed once in every so many draws.
    """

    plans: tuple[Plan, ...]
    pair: tuple[int, int]
    yard: tuple[int, int]
    yard_from: int
    start: int
    horizon: int
    spec: GoalSpec
    seed: int
    off: tuple[str, ...] = ()
    elicited: bool = True
    fresh: int = 2
    every: int = 2

    @property
    def last(self) -> int:
        """Last year any world is rolled to."""
        decided = [self.start, *(p.decided for p in self.plans)]
        return min(max(decided) + self.horizon, LAST_YEAR)


@dataclass(slots=True)
class Sample:
    """
    Runs of one side of a twin.

    Attributes
    ----------
    met : list of (6,) bool; when : list of (7,) int32; closest : list of (2,) int32
        As in `goals.Verdict`; rows count from the year of decision.
    flags : list of (H + 1,) uint16
    place : list of float
        Percentile on the yardstick.
    miles : list of (M,) float
        Years to each milestone, nan for never.
    quantities, relations, shares : list of arrays
        As in `probe.Probe`.
    """

    met: list[NDArray[np.bool_]] = field(default_factory=list)
    when: list[NDArray[np.int32]] = field(default_factory=list)
    closest: list[NDArray[np.int32]] = field(default_factory=list)
    flags: list[NDArray[np.uint16]] = field(default_factory=list)
    place: list[float] = field(default_factory=list)
    miles: list[Floats] = field(default_factory=list)
    quantities: list[Floats] = field(default_factory=list)
    relations: list[NDArray[np.float32]] = field(default_factory=list)
    shares: list[Floats] = field(default_factory=list)


@dataclass(slots=True)
class Drawn:
    """All samples of one draw: (plan id, mode, side) -> Sample, and log chances per plan."""

    draw: int
    samples: dict[tuple[str, str, str], Sample]
    logs: dict[str, Floats]
    met: dict[str, float]


BASELINE = "baseline"


@contextmanager
def workers(jobs: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Map over worker processes (spawned, never forked), or in place for one job."""
    if jobs <= 1:
        yield map
        return
    pool: Executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def _advance(past: Past, room: History, s: Stage, who: NDArray[np.int64], row: int) -> Past:
    """Memories at a later row of a run, given those at its row 0."""
    memory, land = past.memory.copy(), past.homeland.copy()
    n = room.link.shape[2]
    free, own, lost = np.empty(n, np.bool_), np.empty(n), np.empty(n)
    for y in range(1, row + 1):
        remember(room, y, who, memory)
        take_stock(room, s.geography, y, land, free, own, lost)
    return past._replace(memory=memory, homeland=land)


def _take(sample: Sample, judged: Verdict, yard: Yardstick, room: History, ask: Ask) -> None:
    place = yard.place(judged)
    probe = measure(room, *ask.pair, 0)
    sample.met.append(judged.met)
    sample.when.append(judged.when)
    sample.closest.append(judged.closest)
    sample.flags.append(judged.flags)
    sample.place.append(place.percentile)
    sample.miles.append(np.array([np.nan if y is None else float(y) for y in place.years]))
    sample.quantities.append(probe.quantities)
    sample.relations.append(probe.relations.astype(np.float32))
    sample.shares.append(probe.shares)


def draw(ask: Ask, number: int) -> Drawn:
    """Abduct under one draw and roll every plan in every mode."""
    many = len(shipped()[0])
    parameters = without(shipped()[0][number % many], ask.off, elicited=ask.elicited)
    s = stage_for(ask.last)
    told = abduce(s, parameters, {ask.start, *start_years(ask.plans)})
    yard = yardstick(told.history, s.geography, s.base, ask.yard, ask.yard_from)
    work = _Work(ask, Twins(s, parameters, told, ask.seed), yard, Drawn(number, {}, {}, {}))
    work.plain()
    for plan in ask.plans:
        for how in MODES:
            work.pair(plan, how)
    return work.out


@dataclass(slots=True)
class _Work:
    """One draw at work: what its plans share is worked out once."""

    ask: Ask
    twins: Twins
    yard: Yardstick
    out: Drawn
    pasts: dict[int, Past] = field(default_factory=dict)
    calm: dict[int, Sample] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        return self.twins.stage

    @property
    def who(self) -> NDArray[np.int64]:
        return np.array(self.ask.pair, np.int64)

    def past(self, year: int) -> Past:
        """What the pair remembers of history at the end of a year."""
        if year not in self.pasts:
            history, s = self.twins.abduction.history, self.stage
            self.pasts[year] = past_at(history, s.geography, self.who, year - s.base)
        return self.pasts[year]

    def runs(self, *, fresh: bool) -> range:
        """Numbers of this draw's runs: histories luck is replayed only in every so many draws."""
        ask, number = self.ask, self.out.draw
        if fresh:
            return range(number * ask.fresh, (number + 1) * ask.fresh)
        return range(0) if number % ask.every else range(number, number + 1)

    def take(self, sample: Sample, room: History, past: Past) -> None:
        """Judge and measure one run."""
        judged = verdict(room, self.stage.geography, self.ask.pair, self.ask.spec, past)
        _take(sample, judged, self.yard, room, self.ask)

    def plain(self) -> None:
        """Roll the plain baseline: the record's World of the start year on fresh luck."""
        self.out.samples[BASELINE, "fresh", "base"] = self.without(self.ask.start)

    def without(self, decided: int) -> Sample:
        """Fresh runs from the record's World of a year; plans decided in it share them."""
        if decided not in self.calm:
            sample = self.calm[decided] = Sample()
            last = min(decided + self.ask.horizon, self.ask.last)
            room = self.twins.room(decided, last)
            for run in self.runs(fresh=True):
                self.twins.baseline(FRESH, run, decided, decided, last, room)
                self.take(sample, room, self.past(decided))
        return self.calm[decided]

    def pair(self, plan: Plan, how: Mode) -> None:
        """Roll one plan in one mode, and its twin or placebo."""
        ask, twins, out = self.ask, self.twins, self.out
        first, decided = plan.first - 1, plan.decided
        last = min(decided + ask.horizon, ask.last)
        room = twins.room(first, last)
        alternate = out.samples.setdefault((plan.id, how.name, "alternate"), Sample())
        if how.fresh:
            out.samples[plan.id, how.name, "base"] = self.without(decided)
        for run in self.runs(fresh=how.fresh):
            slots = twins.alternate(plan.changes, how, run, first, decided, last, room)
            if plan.id not in out.logs:
                out.logs[plan.id] = log_chance(twins, plan, slots)
                out.met[plan.id] = twins.met(
                    [
                        n
                        for n, c in zip(slots, plan.changes, strict=True)
                        if c.priced and c.force is not None
                    ]
                )
            self.later(alternate, room, plan, last)
            if how.placebo:
                base = out.samples.setdefault((plan.id, how.name, "base"), Sample())
                twins.baseline(how, run, first, decided, last, room)
                self.later(base, room, plan, last)

    def later(self, sample: Sample, room: History, plan: Plan, last: int) -> None:
        """Judge a run from the year of decision on."""
        first = plan.first - 1
        after = plan.decided - first
        past = _advance(self.past(first), room, self.stage, self.who, after)
        self.take(sample, window(room, after, last - first), past)


def quantity_names(a: str, b: str) -> list[tuple[str, str]]:
    """Names and units of the probe's quantities for a pair."""
    return [(name.format(a=a, b=b), unit) for name, unit in QUANTITIES]
