"""The book of one world: its history, what it was made of, and its ledger beside history."""

from dataclasses import dataclass, field

import numpy as np

from allohistory import world as w
from allohistory.counterfactual.abduce import abduce, window
from allohistory.counterfactual.intervention import Plan, clear
from allohistory.counterfactual.twin import Mode, Twins
from allohistory.engine import gate as g
from allohistory.engine import ledger
from allohistory.engine.luck import Stage, reset, stage_for, walk
from allohistory.engine.run import History
from allohistory.errors import RecordError
from allohistory.model.parameters import Parameters

ROWS = 900_000
Happening = tuple[int, int, int, int]
Happenings = dict[tuple[int, int], list[Happening]]


@dataclass(slots=True, eq=False)
class Book:
    """
    One alternate world, whole.

    Attributes
    ----------
    first : int
        Year of row 0 of `history` and `truth`.
    history, truth : History
        The alternate path and the record's.
    since : int
        Year from which on what happened in the record is known, `first` or earlier.
    before : History
        The record's path from `since` to `first`.
    start, world, past : World
        The world at the end of `since`, the alternate one at the end of all and the record's
        then; the slots of the last two name wars and treaties.
    geography : Geography
    labels : dict of int to str
        Names of the record's wars and treaties by key, and those that the plan gives.
    ledger : Ledger
    parameters : Parameters
    """

    first: int
    history: History
    truth: History
    since: int
    before: History
    start: w.World
    world: w.World
    past: w.World
    geography: w.Geography
    labels: dict[int, str]
    ledger: ledger.Ledger
    parameters: Parameters
    _happened: Happenings = field(default_factory=dict)
    _actual: Happenings = field(default_factory=dict)

    def course(self, *, actual: bool) -> History:
        """The record's path or the alternate one from `since` on, without memories."""
        old, later = self.before, self.truth if actual else self.history
        return History(
            np.concatenate([old.state[:-1], later.state]),
            np.concatenate([old.status[:-1], later.status]),
            np.concatenate([old.link[:-1], later.link]),
            np.concatenate([old.unit[:-1], later.unit]),
            later.tie[:1],
        )

    def happened(self, year: int, process: int) -> list[Happening]:
        """Choices of a process that came out as something: (year, a, b, result)."""
        return self._happened.get((year, process), [])

    def happened_actually(self, year: int, process: int) -> list[Happening]:
        """Choices of a process that came out as something in the record; slots are `past`'s."""
        return self._actual.get((year, process), [])


def book_of(
    plan: Plan,
    parameters: Parameters,
    last: int,
    run: int,
    *,
    how: Mode,
    seed: int,
    since: int | None = None,
) -> Book:
    """Roll one world with a plan, keeping everything that explains it."""
    s = stage_for(last, log=True, rows=ROWS)
    first = plan.first - 1
    since = first if since is None else max(min(since, first), s.base)
    told = abduce(s, parameters, [since, first, plan.decided])
    luck = s.luck
    twins = Twins(s, parameters, told, seed)
    room = twins.room(first, last)
    luck.counter[0] = luck.counter[1] = 0
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 1
    twins.alternate(plan.changes, how, run, first, plan.decided, last, room)
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 0
    forced = {(c.process, c.year) for c in plan.changes if c.force is not None}
    world = s.world.copy()
    entries = ledger.read(s, world, forced)
    wanted = {(e.process, e.year, e.b) for e in entries}
    alternate = ledger.by_place(s, wanted)
    happened = _come_out(s)
    # What is set is not chosen: it leaves no row, but happens all the same.
    for e in entries:
        place = (e.year, e.a, e.b)
        rest = happened.setdefault((e.year, e.process), [])
        if e.forced and e.result > 0 and place not in {h[:3] for h in rest}:
            rest.append((*place, e.result))
    # The factual covariates of what came out otherwise: history's walk again, keeping them.
    clear(s)
    reset(s, told.worlds[since])
    luck.counter[1], luck.control[g.KEEPING] = 0, 1
    luck.posterior[since + 1 - s.base :] = 0.0
    walk(s, parameters, twins.room(since, last), since, last)
    luck.control[g.KEEPING] = 0
    actual = ledger.by_address(s, wanted)
    return Book(
        first=first,
        history=room,
        truth=window(told.history, first - s.base, last - s.base),
        since=since,
        before=window(told.history, since - s.base, first - s.base),
        start=told.worlds[since],
        world=world,
        past=s.world.copy(),
        geography=s.geography,
        labels=s.script.labels | dict(plan.names),
        ledger=ledger.Ledger(entries, actual, alternate),
        parameters=parameters,
        _happened=happened,
        _actual=_come_out(s),
    )


def _come_out(s: Stage) -> Happenings:
    """Choices kept on a stage that came out as something, by year and process."""
    found: Happenings = {}
    many = int(s.luck.counter[1])
    if many > len(s.luck.rows):
        raise RecordError(f"a world of {many:,} choices is longer than can be told")
    rows = s.luck.rows[:many]
    for row in rows[(rows[:, 4] > 0) & (rows[:, 0] < g.OTHER_SIDE)]:
        process, year, a, b, result = (int(v) for v in row[:5])
        found.setdefault((year, process), []).append((year, a, b, result))
    return found
