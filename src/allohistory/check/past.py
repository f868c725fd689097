"""
What may be known at a cut-off: the record up to it, a model fitted on that, worlds rolled from it.

Nothing here sees a later year: the tables are cut before anything is computed from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from allohistory import world as w
from allohistory.engine.luck import (
    Stage,
    history_for,
    rewind,
    roll_fresh,
    stage,
    walk,
)
from allohistory.engine.run import History
from allohistory.engine.script import script_of
from allohistory.fit.calibrate import calibrated
from allohistory.fit.estimate import Fit, fit
from allohistory.model.parameters import ELICITED, Parameters, blank
from allohistory.record.panel import panel
from allohistory.record.tables import Tables, load
from allohistory.record.until import until

DRAWS = 64


@dataclass(slots=True, eq=False)
class Cut:
    """
    A model that knows the record up to a year, and a stage to roll worlds from there.

    Attributes
    ----------
    tables : Tables
        The record as it stood at the end of `year`.
    year, horizon : int
        The cut-off, and how many years worlds can be rolled beyond it.
    fit : Fit
    draws : list of Parameters
    stage : Stage
        Bare: history can be walked on it and fresh worlds rolled.
    """

    tables: Tables
    year: int
    horizon: int
    fit: Fit
    draws: list[Parameters]
    stage: Stage
    _worlds: dict[bytes, w.World] = field(default_factory=dict)

    def world(self, parameters: Parameters) -> w.World:
        """
        The World at the end of the cut-off year.

        Only standing and grudges hang on parameters, and those on the elicited constants alone.
        """
        key = parameters.elicited[1:ELICITED].tobytes()
        if key not in self._worlds:
            s = self.stage
            rewind(s)
            p = s.script.panel
            room = History.empty(self.year - s.base + 1, len(p.states), len(p.units))
            walk(s, parameters, room, s.base, self.year)
            self._worlds[key] = s.world.copy()
        return self._worlds[key]

    def runs(
        self, many: int, horizon: int, *, seed: int = 0, first: int = 0, whole: bool = False
    ) -> Iterator[History]:
        """
        Roll fresh worlds from the end of the cut-off year.

        Parameters
        ----------
        many, first : int
            How many runs, and the number of the first; run r is the same whatever the others.
            Run r has draw r modulo the number of draws.
        horizon : int
            Years to roll.
        seed : int
        whole : bool
            Keep the memories of every year.

        Yields
        ------
        History
            Row 0 is the end of the cut-off year. The buffers are reused: copy what must last.
            The final World stands in `self.stage.world`.
        """
        s = self.stage
        p = s.script.panel
        room = History.empty(horizon + 1, len(p.states), len(p.units), whole=whole)
        for run in range(first, first + many):
            parameters = self.draws[run % len(self.draws)]
            start = self.world(parameters)
            roll_fresh(
                s, start, parameters, room, years=(self.year, self.year + horizon), luck=(seed, run)
            )
            yield room


@cache
def cut(
    tables: Tables | None,
    year: int,
    *,
    horizon: int = 30,
    elicited: bool = False,
    many: int = DRAWS,
) -> Cut:
    """
    Fit the model on what was known at the end of a year.

    Parameters
    ----------
    tables : Tables or None
        The whole record; the core record for None.
    year : int
        The cut-off.
    horizon : int
        Years that worlds may be rolled beyond it.
    elicited : bool
        Put the elicited effects in. Their ranges rest on literature that knows the whole record,
        so scores out of sample leave them out unless they are what is scored.
    many : int
        Parameter draws.
    """
    known = until(tables or load(), year)
    found = fit(year, known, elicited=elicited)
    p = script_of(known).panel
    s = stage(p.first, min(year + horizon, p.last), tables=known, slots=0)
    return Cut(known, year, horizon, found, calibrated(found, many, known)[0], s)


def drop() -> None:
    """Let go of the records cut so far: on the full world they would add up to gigabytes."""
    for kept in (cut, panel, script_of):
        kept.cache_clear()


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """
    The whole record's own path, year by year, for outcomes and for features of start years.

    Attributes
    ----------
    first, last : int
    states : tuple of str
    history : History
        Row 0 is the first year; of memories only those of the last year are kept.
    stage : Stage
    """

    first: int
    last: int
    states: tuple[str, ...]
    history: History
    stage: Stage

    def row(self, year: int) -> int:
        """Row of a year."""
        return year - self.first


@cache
def past(tables: Tables | None = None) -> Past:
    """
    Walk the whole record once.

    Memories and stocks at the end of a year come from that year and those before it, except that
    capability and regime between benchmarks lean on the next benchmark (at most four years on).
    """
    p = script_of(tables).panel
    s = stage(p.first, p.last, tables=tables, slots=0)
    rewind(s)
    parameters = blank()
    parameters.elicited[1] = np.float64(0.0)
    told = history_for(s)
    walk(s, parameters, told, s.base, s.last)
    return Past(p.first, p.last, p.states, told, s)
