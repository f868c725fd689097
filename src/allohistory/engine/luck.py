"""Room for the luck of a run: the record's choices as tables, the trace, the switches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.run import History, restore, roll
from allohistory.engine.script import Script, script_of
from allohistory.model import terms as m
from allohistory.model.bounds import BOUNDED
from allohistory.model.parameters import Parameters
from allohistory.model.scratch import Scratch, scratch
from allohistory.noise import world_seed
from allohistory.record.tables import Tables, load

EVENT_SLOTS, TRACE_SLOTS, CHANGE_SLOTS, TOUCHED_SLOTS = 1024, 32768, 32768, 1 << 19
WAR_SLOTS = 1024
LOG_ROWS, WIDTH = 400_000, m.WIDTH + 4
DEAD_ZONE = 0.02
Segment = tuple[int, int]
"""First year and number of the run whose luck is drawn from then on."""
CHOICES_PER_DYAD = 6
"""Bound of a year's choices of all kinds per pair of members where there are many members."""


@dataclass(slots=True, eq=False)
class Stage:
    """
    All that a worker needs to roll worlds: one record, one set of buffers, one trace at a time.

    Attributes
    ----------
    script : Script
    base : int
        Year of row 0 of the trace.
    world, scratch, luck : World, Scratch, Luck
        Buffers, overwritten by every run.
    """

    script: Script
    base: int
    last: int
    world: w.World
    scratch: Scratch
    luck: g.Luck

    @property
    def geography(self) -> w.Geography:
        """The record's geography."""
        return self.script.panel.geography


def power_of_two(least: int) -> int:
    """Size of an open-addressing table that holds so many slots."""
    return 1 << (least - 1).bit_length()


def room_for(script: Script, base: int, last: int) -> int:
    """Slots of a year's trace: twice what the most crowded year of the window can meet."""
    p = script.panel
    live = (p.active | p.early)[base - p.first : last - p.first + 1]
    most = int(live.sum(axis=1).max())
    return max(TRACE_SLOTS, power_of_two(2 * CHOICES_PER_DYAD * most * (most - 1) // 2))


def stage(
    base: int,
    last: int,
    *,
    tables: Tables | None = None,
    log: bool = False,
    rows: int = 0,
    slots: int | None = None,
) -> Stage:
    """
    Allocate a stage for the years base..last (trace rows for base + 1 onwards are filled).

    There is room for what the record can meet in a year unless `slots` says how much. With none
    the stage is bare: history can be walked on it and fresh worlds rolled, but no factual
    predictor is kept, so that nothing can be replayed.
    """
    script = script_of(tables)
    if slots is None:
        slots = room_for(script, base, last)
    assert script.start is not None
    p = script.panel
    states, units = len(p.states), len(p.units)
    years = last - base + 1
    busiest = max((len(events) for events in script.events.values()), default=0)
    room = max(EVENT_SLOTS, power_of_two(2 * busiest))
    event_key = np.zeros((years, room), np.uint64)
    event_value = np.zeros((years, room), np.int32)
    for year in range(base, last + 1):
        for where, value in script.events.get(year, {}).items():
            slot = g.insert(event_key[year - base], np.uint64(where))
            event_value[year - base, slot] = value
    rows_of = slice(base - p.first, last - p.first + 1)
    kept = years if slots else 1
    slots = slots or 2
    luck = g.Luck(
        control=np.zeros(g.CONTROLS, np.int64),
        number=np.zeros(g.NUMBERS),
        seed=np.zeros(years, np.uint64),
        event_key=event_key,
        event_value=event_value,
        key=np.zeros((kept, slots), np.uint64),
        place=np.zeros((kept, slots), np.int32),
        order=np.zeros((kept, slots // 2), np.uint64),
        fact=np.full((len(BOUNDED), kept, states, states), -np.inf, np.float32),
        filled=np.zeros(kept, np.int64),
        eta=np.zeros((kept, slots // 2, 3)),
        outcome=np.zeros((kept, slots // 2), np.int32),
        war_key=np.zeros(WAR_SLOTS, np.uint64),
        spread=np.zeros((WAR_SLOTS, g.NODES)),
        posterior=np.zeros((years, len(m.YEARLY), g.NODES)),
        product=np.ones((len(m.SHOCKED), g.NODES)),
        cap=p.cap[rows_of].copy(),
        mean=np.zeros((years, states)),
        leader=p.leader[rows_of].copy(),
        regime=p.regime[rows_of].copy(),
        patron=p.patron[rows_of].copy(),
        change_key=np.zeros(CHANGE_SLOTS, np.uint64),
        force=np.full(CHANGE_SLOTS, g.NO_FORCE, np.int64),
        shift=np.zeros(CHANGE_SLOTS),
        priced=np.zeros(CHANGE_SLOTS, np.int64),
        towards=np.zeros(CHANGE_SLOTS, np.int64),
        changed=np.zeros((m.PROCESSES, years), np.int8),
        logp=np.zeros(CHANGE_SLOTS),
        hits=np.zeros(CHANGE_SLOTS, np.int64),
        predictor=np.full((CHANGE_SLOTS, 3), np.nan),
        touched=np.zeros(TOUCHED_SLOTS, np.uint64),
        log=np.zeros((LOG_ROWS if log else 1, 6), np.int64),
        log_eta=np.zeros((LOG_ROWS if log else 1, 2)),
        rows=np.zeros((max(rows, 1), 6), np.int64),
        covariates=np.zeros((max(rows, 1), WIDTH)),
        counter=np.zeros(4, np.int64),
    )
    world = w.World.empty(states, units, script.start.member.shape[0], script.start.side.shape[0])
    return Stage(script, base, last, world, scratch(states, units), luck)


def history_for(s: Stage, *, whole: bool = False) -> History:
    """Room for the whole window of a stage."""
    p = s.script.panel
    return History.empty(s.last - s.base + 1, len(p.states), len(p.units), whole=whole)


def wipe(s: Stage) -> None:
    """Put back the switches and counters; the trace stays."""
    luck = s.luck
    if luck.counter[2]:
        # What the last draw drew anew must not reach the next one's placebo.
        luck.touched[:] = 0
    luck.control[:] = 0
    luck.control[g.BARE] = int(len(luck.filled) == 1)
    luck.counter[:] = 0
    luck.number[g.DEAD_ZONE] = DEAD_ZONE


def forget(s: Stage) -> None:
    """Empty the trace, and put back switches and counters."""
    wipe(s)
    luck = s.luck
    luck.key[:] = 0
    luck.place[:] = 0
    luck.fact[:] = -np.inf
    luck.filled[:] = 0
    luck.posterior[:] = 0.0
    luck.war_key[:] = 0
    luck.spread[:] = 0.0
    luck.product[:] = 1.0


def walk(
    s: Stage,
    parameters: Parameters,
    room: History,
    first: int,
    last: int,
    *,
    mode: int = g.TRACE,
    fresh_after: int | None = None,
) -> None:
    """Roll the World on a stage from the end of `first` to the end of `last` (`run.roll`)."""
    after = last if fresh_after is None else fresh_after
    roll(
        s.world,
        s.geography,
        parameters,
        s.luck,
        s.scratch,
        room,
        first,
        last,
        s.base,
        mode,
        after,
    )


def trace(s: Stage, parameters: Parameters, *, keep: bool = False) -> History:
    """
    Walk the record from its first World, noting every factual choice of the window.

    Parameters
    ----------
    s : Stage
        Its base must be the first year of the record or a year whose World is set (see `settle`).
    keep : bool
        Keep the covariates of every choice (for fitting).

    Returns
    -------
    History
        The record's own history under these parameters.
    """
    luck = s.luck
    forget(s)
    luck.control[g.KEEPING] = int(keep)
    h = history_for(s, whole=True)
    walk(s, parameters, h, s.base, s.last)
    luck.control[g.KEEPING] = 0
    return h


def reset(s: Stage, source: w.World) -> None:
    """Put a World into the stage's buffers."""
    restore(s.world, source)


def rewind(s: Stage) -> None:
    """Empty the trace and put the record's first World into the buffers."""
    forget(s)
    assert s.script.start is not None, "a script has its first World"
    reset(s, s.script.start)


def roll_fresh(
    s: Stage,
    start: w.World,
    parameters: Parameters,
    room: History,
    *,
    years: tuple[int, int],
    luck: tuple[int, int],
) -> None:
    """
    Roll a World from the end of the first of `years` to the last under new luck.

    `luck` is the seed and the number of the run. No trace is read, so that none is emptied.
    """
    first, last = years
    wipe(s)
    reset(s, start)
    seat(s, *luck)
    walk(s, parameters, room, first, last, mode=g.FRESH, fresh_after=first)


def seat(s: Stage, seed: int, run: int) -> None:
    """Set the run whose luck is drawn next."""
    s.luck.seed[:] = world_seed(seed, run)


def seat_segments(s: Stage, seed: int, segments: Sequence[Segment]) -> None:
    """
    Set luck that changes from run to run: in the years of a segment it is that segment's.

    Parameters
    ----------
    segments : sequence of (int, int)
        First year, which must lie after the stage's base, and number of the run; by year. What
        comes before the first of them has its luck too.
    """
    seat(s, seed, segments[0][1])
    for year, run in segments[1:]:
        s.luck.seed[year - s.base :] = world_seed(seed, run)


_stages: dict[tuple[int, bool, int, Tables | None], Stage] = {}


def stage_for(
    last: int, *, log: bool = False, rows: int = 0, tables: Tables | None = None
) -> Stage:
    """A stage of this process that reaches `last` from the record's first year, made once."""
    key = (last, log, rows, tables)
    if key not in _stages:
        _stages.clear()
        first = (tables or load()).first
        _stages[key] = stage(first, last, tables=tables, log=log, rows=rows)
    return _stages[key]
