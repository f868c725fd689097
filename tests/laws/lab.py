"""What the law tests share: short names for rolling, forcing and comparing."""

import dataclasses

import numpy as np

from allohistory.counterfactual.abduce import abduce, window
from allohistory.counterfactual.intervention import clear
from allohistory.counterfactual.twin import FOREVER, FRESH, INFINITE, Mode, Twins
from allohistory.engine import gate as g
from allohistory.engine import ledger
from allohistory.engine.luck import reset, seat, stage
from allohistory.engine.run import History, roll
from allohistory.model import terms as m
from allohistory.record.dates import FIRST_YEAR

LAST = 1925
STARTS = (1861, 1885, 1893, 1904, 1913, 1918)
KEEP = Mode("kappa 0", 0.0)
REDRAW = Mode("kappa inf", INFINITE)
CELLS = ("state", "status", "link", "unit")
PAIRS = (m.RIVAL_START, m.RIVAL_END, m.FOUND_STRONG, m.FOUND_WEAK)
LOSES = "japan-loses-1905"
EARLY = (
    LOSES,
    "japan-loses-1905-narrowly",
    "no-annexation-of-korea",
    "revenge",
    "yuan-dies-early",
    "no-war-1894",
    "draw-1894",
    "china-wins-1894",
    "china-does-well-1885",
)
"""Points of divergence decided before the stage of these tests ends."""


def truth(twins, first, last=LAST):
    base = twins.stage.base
    return window(twins.abduction.history, first - base, last - base)


def rolled(twins, changes, how, run, first, last=LAST, decided=None):
    """History and slots of one run with changes."""
    room = twins.room(first, last)
    slots = twins.alternate(changes, how, run, first, decided or first, last, room)
    return room, slots


def logged(twins, changes, how, run, first, last=LAST):
    """As `rolled`, with everything kept on the stage that the ledger reads."""
    luck = twins.stage.luck
    luck.counter[0] = luck.counter[1] = 0
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 1
    try:
        return rolled(twins, changes, how, run, first, last)[0]
    finally:
        luck.control[g.LOGGING] = luck.control[g.KEEPING] = 0


def same(one, other, rows=slice(None), fields=CELLS):
    return all((getattr(one, f)[rows] == getattr(other, f)[rows]).all() for f in fields)


def differing(one, other):
    """Cells of links and units that differ: discrete, so no rounding can be meant."""
    return sum(int((getattr(one, f) != getattr(other, f)).sum()) for f in ("link", "unit"))


def traced(twins, year):
    """Addresses and outcomes of a year's choices, as history met them."""
    luck, row = twins.stage.luck, year - twins.stage.base
    n = int(luck.filled[row])
    return luck.order[row, :n], luck.outcome[row, :n]


def put(twins, where, value):
    """Force an address directly, whatever it is."""
    luck = twins.stage.luck
    clear(twins.stage)
    slot = int(g.insert(luck.change_key, np.uint64(where)))
    luck.force[slot] = value
    luck.changed[:] = 1
    luck.control[g.HAS_CHANGE] = 1
    return slot


def roll_forced(twins, run, start, how=KEEP):
    """Roll with whatever is on the stage already."""
    room = twins.room(start, LAST)
    twins._roll(room, run, start, LAST, g.REPLAY, how, FOREVER)
    return room


def units_of(hashes, process, b, a):
    """Second hash of a choice's address, from the indices in the log."""
    if b < 0:
        return 0
    return int(max(hashes[a], hashes[b]) if process in PAIRS else hashes[b])


def first_of(signed):
    """First hash of an address, kept as a signed integer."""
    return int(np.int64(signed).astype(np.uint64))


def width(process):
    return len(m.TERMS.get(process, m.TERMS[m.ENTRY]))


def factual_covariates(twins, start, last=LAST):
    """Covariates of history's choices, as the fit sees them."""
    s, luck = twins.stage, twins.stage.luck
    clear(s)
    reset(s, twins.abduction.worlds[start])
    luck.counter[1] = 0
    luck.control[g.KEEPING] = 1
    luck.posterior[start + 1 - s.base :] = 0.0
    roll(
        s.world,
        s.geography,
        twins.parameters,
        luck,
        s.scratch,
        twins.room(start, last),
        start,
        last,
        s.base,
        g.TRACE,
        last,
    )
    luck.control[g.KEEPING] = 0
    return ledger.by_address(s)


def fresh_rows(twins, world, start, last, run=4):
    """Choices of fresh years from a World: address -> (outcome, covariates)."""
    luck = twins.stage.luck
    source = dataclasses.replace(twins.abduction, worlds={start: world})
    other = Twins(twins.stage, twins.parameters, source, twins.seed)
    luck.counter[0] = luck.counter[1] = 0
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 1
    other._roll(other.room(start, last), run, start, last, g.FRESH, FRESH, start)
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 0
    rows = luck.rows[: int(luck.counter[1])].tolist()
    return {
        (p, year, first, b): (result, luck.covariates[n, : width(p % g.OTHER_SIDE)].copy())
        for n, (p, year, a, b, result, first) in enumerate(rows)
    }


class Simulated:
    """
    A world the model made by itself, told as if it were the record.

    Its fresh choices stand in the tables of a stage from which the record's were taken, so that
    it can be abducted and replayed like history.
    """

    def __init__(self, parameters, first, last, rows=400_000):
        told = abduce(stage(FIRST_YEAR, first), parameters)
        self.start = told.worlds[first]
        self.parameters, self.first, self.last = parameters, first, last
        self.stage = stage(first, last, log=True, rows=rows)

    def roll(self, mode, fresh_after, *, seed, run):
        s, p = self.stage, self.stage.script.panel
        years = self.last - self.first + 1
        room = History.empty(years, len(p.states), len(p.units), whole=True)
        reset(s, self.start)
        seat(s, seed, run)
        roll(
            s.world,
            s.geography,
            self.parameters,
            s.luck,
            s.scratch,
            room,
            self.first,
            self.last,
            self.first,
            mode,
            fresh_after,
        )
        return room

    def simulate(self, run, seed=5):
        """Roll a fresh world and write its choices where the record's stood."""
        from allohistory import world as w
        from allohistory.engine.luck import forget

        luck = self.stage.luck
        forget(self.stage)
        clear(self.stage)
        luck.event_key[:] = 0
        luck.event_value[:] = 0
        luck.control[g.RECORDING] = 1
        made = self.roll(g.FRESH, self.first, seed=seed, run=run)
        luck.control[g.RECORDING] = 0
        luck.leader[:] = made.status[:, w.LEADER]
        luck.regime[:] = made.status[:, w.REGIME]
        luck.patron[:] = made.status[:, w.PATRON]
        # What stands there is how a state enters; a new state may step on in the same year.
        born = (made.status[1:, w.ACTIVE] == 1) & (made.status[:-1, w.ACTIVE] == 0)
        luck.regime[1:][born] = 1
        return made

    def tell(self):
        """Walk the simulated world as the record is walked."""
        from allohistory.engine.luck import forget

        forget(self.stage)
        return self.roll(g.TRACE, self.last, seed=0, run=0)

    def replay(self, run, seed=99):
        """Replay it under luck inferred from it; rows and covariates are kept."""
        luck = self.stage.luck
        luck.counter[:] = 0
        luck.control[g.KEEPING] = luck.control[g.LOGGING] = 1
        again = self.roll(g.REPLAY, FOREVER, seed=seed, run=run)
        luck.control[g.KEEPING] = luck.control[g.LOGGING] = 0
        n = int(luck.counter[1])
        assert n < len(luck.rows)
        return again, luck.rows[:n].copy(), luck.covariates[:n].copy()
