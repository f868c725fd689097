"""Worlds of one parameter draw, rolled with and without a plan and judged by a question's goal."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from allohistory.counterfactual.abduce import abduce, window
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH, Mode, Twins, log_chance
from allohistory.engine.luck import Stage, stage_for
from allohistory.engine.run import History
from allohistory.model.shipped import shipped
from allohistory.model.switches import without
from allohistory.question.behaviour import Past, past_at, remember, take_stock
from allohistory.question.goals import M_TOGETHER, GoalSpec, Verdict, verdict
from allohistory.question.resolve import Question

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Aim:
    """
    What is wanted of whom, and under which luck and model it is looked for.

    Attributes
    ----------
    pair : (int, int)
    spec : GoalSpec
    horizon : int
        Years looked at after the decision.
    last : int
        Last year any world is rolled to.
    seed : int
    off : tuple of str
        Mechanisms switched off.
    elicited : bool
        False sets elicited effects to neutral.
    """

    pair: tuple[int, int]
    spec: GoalSpec
    horizon: int
    last: int
    seed: int = 1
    off: tuple[str, ...] = ()
    elicited: bool = True

    def end(self, decided: int) -> int:
        """Last year of worlds decided in a year."""
        return min(decided + self.horizon, self.last)


def spec_of(question: Question) -> GoalSpec:
    """What a question's goal asks of a run."""
    goal = question.goal
    return GoalSpec(
        years=goal.years or 1,
        share=goal.share if goal.among else 0.0,
        level=goal.level or 1,
        behaviour=goal.behaviour,
        independent=goal.independent,
        exclude=tuple(e.ally for e in question.exclude),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """
    A run and what it was worth.

    Attributes
    ----------
    verdict : Verdict
    room : History
        The run from the year of decision (row 0) on; overwritten by the next run.
    past : Past
        What the pair remembered in row 0.
    logs : (K,) float64
        Log chance of each step of the plan in this run, empty without one.
    met : float
        Share of the plan's priced choices that this run came to.
    whole, began : History, Past
        With a plan, the run from the year before its first on (else as `room` and `past`).
    """

    verdict: Verdict
    room: History
    past: Past
    logs: Floats
    met: float
    whole: History
    began: Past

    @property
    def reached(self) -> bool:
        """Whether the goal was reached, all its parts together."""
        return bool(self.verdict.met[M_TOGETHER])


@dataclass(slots=True, eq=False)
class Draw:
    """
    One parameter draw at work: what its runs share is worked out once.

    Attributes
    ----------
    aim : Aim
    number : int
        Of the draw.
    twins : Twins
    """

    aim: Aim
    number: int
    twins: Twins
    _pasts: dict[int, Past] = field(default_factory=dict)
    _rooms: dict[int, History] = field(default_factory=dict)

    @classmethod
    def of(cls, aim: Aim, number: int, years: set[int]) -> Self:
        """
        Abduct history under a draw.

        Parameters
        ----------
        aim : Aim
        number : int
            Of the draw; beyond the number of shipped draws they are used again.
        years : set of int
            Years at whose end a World is wanted: ``twin.start_years`` of the plans, and the years
            from which fresh runs are to start.
        """
        draws = shipped()[0]
        parameters = without(draws[number % len(draws)], aim.off, elicited=aim.elicited)
        s = stage_for(aim.last)
        return cls(aim, number, Twins(s, parameters, abduce(s, parameters, years), aim.seed))

    @property
    def stage(self) -> Stage:
        """The stage it stands on."""
        return self.twins.stage

    def past(self, year: int) -> Past:
        """What the pair remembers of history at the end of a year."""
        if year not in self._pasts:
            who = np.array(self.aim.pair, np.int64)
            history, s = self.twins.abduction.history, self.stage
            self._pasts[year] = past_at(history, s.geography, who, year - s.base)
        return self._pasts[year]

    def free(self, year: int, run: int) -> Judged:
        """Roll and judge a fresh run from the record's World at the end of a year."""
        room = self._room(year, self.aim.end(year))
        self.twins.baseline(FRESH, run, year, year, self.aim.end(year), room)
        past = self.past(year)
        return self._judged((room, room), (past, past))

    def changed(self, plan: Plan, run: int, how: Mode = FRESH) -> Judged:
        """Roll a run with a plan and judge it from the year of decision on."""
        first, decided = plan.first - 1, plan.decided
        room = self._room(first, self.aim.end(decided))
        twins = self.twins
        slots = twins.alternate(plan.changes, how, run, first, decided, self.aim.end(decided), room)
        forced = [
            slot
            for slot, change in zip(slots, plan.changes, strict=True)
            if change.priced and change.force is not None
        ]
        return self.after(room, plan, log_chance(twins, plan, slots), twins.met(forced))

    def placebo(self, plan: Plan, run: int, how: Mode) -> Judged:
        """Roll the placebo of the run with a plan that was rolled last."""
        first = plan.first - 1
        room = self._room(first, self.aim.end(plan.decided))
        self.twins.baseline(how, run, first, plan.decided, self.aim.end(plan.decided), room)
        return self.after(room, plan)

    def after(
        self, room: History, plan: Plan, logs: Floats | None = None, met: float = 1.0
    ) -> Judged:
        """Judge a run that began before a plan, from the plan's decision on."""
        first = plan.first - 1
        row = plan.decided - first
        began = self.past(first)
        part = window(room, row, self.aim.end(plan.decided) - first)
        return self._judged((part, room), (self._advance(began, room, row), began), logs, met)

    def _room(self, first: int, last: int) -> History:
        # A room is nothing but space: runs of the same length share one.
        if last - first not in self._rooms:
            self._rooms[last - first] = self.twins.room(first, last)
        return self._rooms[last - first]

    def _judged(
        self,
        rooms: tuple[History, History],
        pasts: tuple[Past, Past],
        logs: Floats | None = None,
        met: float = 1.0,
    ) -> Judged:
        aim, (room, whole), (past, began) = self.aim, rooms, pasts
        judged = verdict(room, self.stage.geography, aim.pair, aim.spec, past)
        chances = np.zeros(0) if logs is None else logs
        return Judged(judged, room, past, chances, met, whole, began)

    def _advance(self, past: Past, room: History, row: int) -> Past:
        """Memories at a later row of a run, given those at its row 0."""
        later = past.copy()
        who = np.array(self.aim.pair, np.int64)
        n = room.link.shape[2]
        free, own, lost = np.empty(n, np.bool_), np.empty(n), np.empty(n)
        for y in range(1, row + 1):
            remember(room, y, who, later.memory)
            take_stock(room, self.stage.geography, y, later.holds, free, own, lost)
        return later
