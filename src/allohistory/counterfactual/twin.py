"""
Twin worlds: one run with a plan and the run it is compared with, under the same luck.

`fresh`: both are replayed to the end of the year in which the plan is decided and then share new
luck. `replay`: history's luck is kept, and drawn anew with probability 1 - exp(-kappa |D|) where
a choice's predictor moved by D; the placebo draws the same addresses anew without the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allohistory.counterfactual.abduce import Abduction
from allohistory.counterfactual.intervention import Change, Plan, apply, clear
from allohistory.engine import gate as g
from allohistory.engine.luck import Stage, reset, seat, walk
from allohistory.engine.run import History
from allohistory.model.parameters import Parameters

FOREVER = 9999
INFINITE = 1e9


@dataclass(frozen=True, slots=True)
class Mode:
    """How the luck of a pair of twins is treated."""

    name: str
    kappa: float
    coupling: int = g.MONOTONE
    fresh: bool = False
    placebo: bool = False


FRESH = Mode("fresh", 0.0, fresh=True)
MODES = (
    FRESH,
    Mode("kappa 0", 0.0),
    Mode("kappa 1", 1.0, placebo=True),
    Mode("kappa inf", INFINITE, placebo=True),
    Mode("kappa 1, Gumbel", 1.0, g.GUMBEL),
)


@dataclass(slots=True, eq=False)
class Twins:
    """
    A stage on which one draw has been abducted, ready to roll runs.

    Attributes
    ----------
    stage, parameters, abduction, seed
    """

    stage: Stage
    parameters: Parameters
    abduction: Abduction
    seed: int

    def room(self, first: int, last: int) -> History:
        """Buffers for the years first..last."""
        p = self.stage.script.panel
        return History.empty(last - first + 1, len(p.states), len(p.units))

    def _roll(
        self, room: History, run: int, first: int, last: int, mode: int, how: Mode, fresh_after: int
    ) -> None:
        stage, luck = self.stage, self.stage.luck
        reset(stage, self.abduction.worlds[first])
        seat(stage, self.seed, run)
        luck.number[g.KAPPA] = how.kappa
        luck.control[g.COUPLING] = how.coupling
        walk(stage, self.parameters, room, first, last, mode=mode, fresh_after=fresh_after)

    def alternate(
        self,
        changes: Sequence[Change],
        how: Mode,
        run: int,
        first: int,
        decided: int,
        last: int,
        room: History,
    ) -> list[int]:
        """
        Roll the world with the changes from the end of `first` to `last`.

        Returns
        -------
        list of int
            Slots of the changes in `luck.logp` and `luck.hits`.
        """
        luck = self.stage.luck
        slots = apply(self.stage, changes)
        if luck.counter[2]:
            luck.touched[:] = 0
            luck.counter[2] = 0
        fresh_after = decided if how.fresh else FOREVER
        self._roll(room, run, first, last, g.REPLAY, how, fresh_after)
        return slots

    def baseline(
        self, how: Mode, run: int, first: int, decided: int, last: int, room: History
    ) -> int:
        """
        Roll the twin without the plan; returns the year of row 0 of the room.

        Fresh: from the end of the year of decision; placebo: from `first`, drawing anew what the
        last alternate run drew anew.
        """
        clear(self.stage)
        if how.fresh:
            self._roll(room, run, decided, last, g.FRESH, how, decided)
            return decided
        self._roll(room, run, first, last, g.PLACEBO, how, FOREVER)
        return first

    def met(self, slots: Sequence[int]) -> float:
        """Share of these forced choices that the run just rolled came to."""
        hits = [bool(self.stage.luck.hits[slot]) for slot in slots]
        return float(np.mean(hits)) if hits else 1.0


def start_years(plans: Sequence[Plan]) -> set[int]:
    """Years whose Worlds the plans' twins start from."""
    return {p.first - 1 for p in plans} | {p.decided for p in plans}


def log_chance(twins: Twins, plan: Plan, slots: Sequence[int]) -> np.ndarray:
    """
    Log probability of each step in the run just rolled, given the record and the steps before.

    Steps priced by the reader's own prior come out as 0; see `surprise`.
    """
    out = np.zeros(plan.steps)
    for change, slot in zip(plan.changes, slots, strict=True):
        if change.force is not None and change.priced:
            out[change.step] += twins.stage.luck.logp[slot]
    return out
