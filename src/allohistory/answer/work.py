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
from allohistory.counterfactual.abduce import Abduction, abduce
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import MODES, Mode, Twins, log_chance, start_years, window
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
    fresh, replayed : int
        Runs per draw with fresh luck, and with history's luck per kappa.
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
    replayed: int = 1

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
    who = np.array(ask.pair, np.int64)
    yard = yardstick(told.history, s.geography, s.base, ask.yard, ask.yard_from)
    twins = Twins(s, parameters, told, ask.seed)
    out = Drawn(number, {}, {}, {})
    _plain(ask, twins, told, yard, out, who)
    for plan in ask.plans:
        past = past_at(told.history, s.geography, who, plan.first - 1 - s.base)
        for how in MODES:
            _pair(ask, plan, how, twins, past, yard, out)
    return out


def _runs(ask: Ask, number: int, how: Mode | None) -> range:
    many = ask.fresh if how is None or how.fresh else ask.replayed
    return range(number * many, (number + 1) * many)


def _plain(
    ask: Ask, twins: Twins, told: Abduction, yard: Yardstick, out: Drawn, who: NDArray[np.int64]
) -> None:
    """Roll the plain baseline: the record's World of the start year on fresh luck."""
    s = twins.stage
    last = min(ask.start + ask.horizon, ask.last)
    past = past_at(told.history, s.geography, who, ask.start - s.base)
    room = twins.room(ask.start, last)
    sample = out.samples.setdefault((BASELINE, "fresh", "base"), Sample())
    for run in _runs(ask, out.draw, None):
        twins.baseline(MODES[0], run, ask.start, ask.start, last, room)
        _take(sample, verdict(room, s.geography, ask.pair, ask.spec, past), yard, room, ask)


def _pair(
    ask: Ask, plan: Plan, how: Mode, twins: Twins, past: Past, yard: Yardstick, out: Drawn
) -> None:
    """Roll one plan in one mode, and its twin or placebo."""
    s = twins.stage
    first, decided = plan.first - 1, plan.decided
    last = min(decided + ask.horizon, ask.last)
    room, other = twins.room(first, last), twins.room(decided if how.fresh else first, last)
    alternate = out.samples.setdefault((plan.id, how.name, "alternate"), Sample())
    who = np.array(ask.pair, np.int64)
    # The fresh twin without the plan is history up to the decision.
    history_past = past_at(twins.abduction.history, s.geography, who, decided - s.base)
    for run in _runs(ask, out.draw, how):
        slots = twins.alternate(plan.changes, how, run, first, decided, last, room)
        if plan.id not in out.logs:
            out.logs[plan.id] = log_chance(twins, plan, slots)
            forced = [n for n, c in zip(slots, plan.changes, strict=True)
                      if c.priced and c.force is not None]
            out.met[plan.id] = twins.met(forced)
        here = _advance(past, room, s, who, decided - first)
        seen = window(room, decided - first, last - first)
        _take(alternate, verdict(seen, s.geography, ask.pair, ask.spec, here), yard, seen, ask)
        if not (how.fresh or how.placebo):
            continue
        base = out.samples.setdefault((plan.id, how.name, "base"), Sample())
        twins.baseline(how, run, first, decided, last, other)
        if how.fresh:
            calm, seen = history_past, other
        else:
            calm = _advance(past, other, s, who, decided - first)
            seen = window(other, decided - first, last - first)
        _take(base, verdict(seen, s.geography, ask.pair, ask.spec, calm), yard, seen, ask)


def quantity_names(a: str, b: str) -> list[tuple[str, str]]:
    """Names and units of the probe's quantities for a pair."""
    return [(name.format(a=a, b=b), unit) for name, unit in QUANTITIES]
