"""
The choices of the record, one year at a time, with the covariates the model saw.

Year by year rather than in one array: a world of 190 states has some 150,000 choices a year.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.luck import Stage, reset, rewind, stage, walk
from allohistory.engine.run import History
from allohistory.engine.script import script_of
from allohistory.model import terms as m
from allohistory.model.parameters import blank
from allohistory.noise import address
from allohistory.record.tables import Tables, load
from allohistory.vocab import Outcome

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STALEMATE, INITIATOR, TARGET = range(3)
CODE = {Outcome.DRAW: STALEMATE, Outcome.INITIATOR: INITIATOR, Outcome.TARGET: TARGET}
PROBED = 400
"""Foundings that one probe of a year can look at."""

Verdicts = dict[int, dict[tuple[int, int], int]]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """
    One year of the record.

    Attributes
    ----------
    year : int
    rows : (n, 6) int64
        Process, year, two indices, outcome, address of each choice.
    covariates : (n, 40) float64
    before, after : (N, N) int8
        Alliance levels at the end of the year before and of this year.
    pact, member : (10, M) int64, (M, N) int8
        Treaties at the end of the year, and who belonged at the end of the year before.
    verdicts : dict of (int, int) to int
        Who prevailed in the year's disputes (`verdicts`), by initiator and target.
    """

    year: int
    rows: Ints
    covariates: Floats
    before: NDArray[np.int8]
    after: NDArray[np.int8]
    pact: Ints
    member: NDArray[np.int8]
    verdicts: dict[tuple[int, int], int]
    _index: dict[int, Ints] = field(default_factory=dict)

    def at(self, *processes: int) -> Ints:
        """Rows of some processes."""
        found = []
        for process in processes:
            if process not in self._index:
                self._index[process] = np.flatnonzero(self.rows[:, 0] == process)
            found.append(self._index[process])
        return found[0] if len(found) == 1 else np.concatenate(found)

    def x(self, process: int, rows: Ints | None = None) -> Floats:
        """Covariates of a process's choices, in the order of its terms."""
        return self.covariates[self.at(process) if rows is None else rows, : width(process)]


def width(process: int) -> int:
    """Number of terms of a process."""
    return len(m.TERMS.get(process, m.TERMS[m.ENTRY]))


class Walker:
    """
    Walks a record on a bare stage and keeps the choices of a year at a time.

    Memories hang on two elicited constants (standing and grudges); they stand in the middle of
    their ranges, as in `fit.estimate.collect`.

    Parameters
    ----------
    tables : Tables or None
    last : int
        Last year that may be walked to.
    """

    def __init__(self, tables: Tables | None, last: int) -> None:
        p = script_of(tables).panel
        n = len(p.states)
        rows = 5 * n * n + (PROBED + 200) * n + 40 * len(p.units) + 5000
        self.first = p.first
        self.stage: Stage = stage(p.first, min(last, p.last), tables=tables, rows=rows, slots=0)
        self.last = self.stage.last
        rewind(self.stage)
        self.year = p.first
        self._verdicts = verdicts(tables or load(), p.states)
        self._room = History.empty(2, n, len(p.units))

    def _step(self, year: int, *, keep: bool) -> None:
        """Walk through one year."""
        luck = self.stage.luck
        luck.counter[1] = 0
        luck.control[g.KEEPING] = int(keep)
        walk(self.stage, blank(), self._room, year - 1, year)
        luck.control[g.KEEPING] = 0
        assert luck.counter[1] <= len(luck.rows), "room for the choices of one year"

    def frames(self, first: int, last: int) -> Iterator[Frame]:
        """Frames of the years first..last, which must lie ahead; years before them are skipped."""
        while self.year < min(last, self.last):
            s = self.stage
            keep = self.year + 1 >= first
            before, member = s.world.link[w.ALLY].copy(), s.world.member.copy()
            self._start = s.world.copy() if keep else s.world
            self.year += 1
            self._step(self.year, keep=keep)
            if keep:
                used = int(s.luck.counter[1])
                yield Frame(
                    self.year,
                    s.luck.rows[:used].copy(),
                    s.luck.covariates[:used].copy(),
                    before,
                    s.world.link[w.ALLY].copy(),
                    s.world.pact.copy(),
                    member,
                    self._verdicts.get(self.year, {}),
                )

    def probe(
        self, founders: Iterable[tuple[int, int, int]], disputants: Ints
    ) -> tuple[Ints, Floats, Ints]:
        """
        Live through the last year again with more begun in it, to see what would be asked next.

        Nothing else of the year hangs on what is begun: escalation is asked of all disputants,
        and the given pairs found treaties open to others, which asks everybody to join.

        Parameters
        ----------
        founders : iterable of (process, int, int)
            Founding process and the two founders.
        disputants : (n, 2) int64
            Initiators and targets.

        Returns
        -------
        rows, covariates, pact
            As in a `Frame`.
        """
        s, luck, year = self.stage, self.stage.luck, self.year
        row, h = year - s.base, self.stage.geography.state_hash
        end = s.world.copy()
        more = {
            int(k): int(v)
            for k, v in zip(luck.event_key[row], luck.event_value[row], strict=True)
            if k
        }
        for i, j in disputants:
            more.setdefault(int(address(m.DISPUTE, year, h[i], h[j])), 1)
        for process, i, j in founders:
            key = np.uint64(address(process, year, min(h[i], h[j]), max(h[i], h[j])))
            more.setdefault(int(key), 1)
            more[int(address(m.OPEN, year, key, np.uint64(0)))] = 1
        slots = 1 << int(np.ceil(np.log2(2 * len(more) + 2)))
        keys = np.zeros((luck.event_key.shape[0], slots), np.uint64)
        values = np.zeros((luck.event_key.shape[0], slots), np.int32)
        for where, value in more.items():
            values[row, g.insert(keys[row], np.uint64(where))] = value
        s.luck = luck._replace(event_key=keys, event_value=values)
        reset(s, self._start)
        self._step(year, keep=True)
        used = int(luck.counter[1])
        found = luck.rows[:used].copy(), luck.covariates[:used].copy(), s.world.pact.copy()
        s.luck = luck
        reset(s, end)
        return found

    def room(self) -> int:
        """Treaties that a probe can still add."""
        return int(self.stage.world.member.shape[0]) - int(self._start.count[w.N_PACTS])


def verdicts(tables: Tables, states: tuple[str, ...]) -> Verdicts:
    """By year, who prevailed in the disputes of which that is told, by initiator and target."""
    place = {state: i for i, state in enumerate(states)}
    found: Verdicts = {}
    for row in tables.disputes:
        if row.outcome is not None:
            pair = place[row.initiator], place[row.target]
            found.setdefault(row.year, {})[pair] = CODE[row.outcome]
    return found
