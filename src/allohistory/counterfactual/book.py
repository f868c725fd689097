"""The book of one world: its history, what it was made of, and its ledger beside history."""

from dataclasses import dataclass, field

from allohistory import world as w
from allohistory.counterfactual.abduce import abduce, window
from allohistory.counterfactual.intervention import Plan, clear
from allohistory.counterfactual.twin import Mode, Twins
from allohistory.engine import gate as g
from allohistory.engine import ledger
from allohistory.engine.luck import reset, stage_for, walk
from allohistory.engine.run import History
from allohistory.model.parameters import Parameters

ROWS = 900_000
Happening = tuple[int, int, int, int]


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
    world : World
        The alternate world at the end; its slots name wars and treaties.
    geography : Geography
    labels : dict of int to str
        Names of the record's wars and treaties by key.
    ledger : Ledger
    parameters : Parameters
    """

    first: int
    history: History
    truth: History
    world: w.World
    geography: w.Geography
    labels: dict[int, str]
    ledger: ledger.Ledger
    parameters: Parameters
    _happened: dict[tuple[int, int], list[Happening]] = field(default_factory=dict)

    def happened(self, year: int, process: int) -> list[Happening]:
        """Choices of a process that came out as something: (year, a, b, result)."""
        return self._happened.get((year, process), [])


def book_of(
    plan: Plan, parameters: Parameters, last: int, run: int, *, how: Mode, seed: int
) -> Book:
    """Roll one world with a plan, keeping everything that explains it."""
    s = stage_for(last, log=True, rows=ROWS)
    first = plan.first - 1
    told = abduce(s, parameters, [first, plan.decided])
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
    happened: dict[tuple[int, int], list[Happening]] = {}
    rows = luck.rows[: int(luck.counter[1])]
    for row in rows[(rows[:, 4] > 0) & (rows[:, 0] < g.OTHER_SIDE)]:
        process, year, a, b, result = (int(v) for v in row[:5])
        happened.setdefault((year, process), []).append((year, a, b, result))
    # The factual covariates of what came out otherwise: history's walk again, keeping them.
    clear(s)
    reset(s, told.worlds[first])
    luck.counter[1], luck.control[g.KEEPING] = 0, 1
    luck.posterior[plan.first - s.base :] = 0.0
    walk(s, parameters, twins.room(first, last), first, last)
    luck.control[g.KEEPING] = 0
    actual = ledger.by_address(s, wanted)
    return Book(
        first=first,
        history=room,
        truth=window(told.history, first - s.base, last - s.base),
        world=world,
        geography=s.geography,
        labels=s.script.labels,
        ledger=ledger.Ledger(entries, actual, alternate),
        parameters=parameters,
        _happened=happened,
    )
