"""Free worlds rolled against the clock: how many, how large, how the cost grows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.bench.clock import median
from allohistory.check.past import cut, drop
from allohistory.engine.luck import Stage, rewind, roll_fresh, stage, walk
from allohistory.engine.run import History
from allohistory.engine.script import script_of
from allohistory.model.parameters import Parameters
from allohistory.model.shipped import shipped
from allohistory.record.tables import Tables, load

Floats = NDArray[np.float64]
WINDOWS: Final = ((1900, 1950), (1950, 1999))
FITTED_TO = 1980
"""
Cut-off of the parameters a larger record is rolled under: under those of the core record, which
were fitted on seventy states, too many states would enter.
"""
DRAWS = 16
DECADE = 10
SEED = 1
SINCE = 1890
"""Decades begin no earlier: the model is fitted on the years from 1870."""
NEAR = 0.1
"""How far the number of states a decade begins with may lie from the one asked for, as a share."""
BLOCKS = 5


@dataclass(slots=True, eq=False)
class Ground:
    """
    A record to roll worlds on.

    Attributes
    ----------
    name : str
    stage : Stage
        Bare: only fresh worlds.
    draws : list of Parameters
    starts : dict of int to World
        Worlds of the record at the end of some years.
    """

    name: str
    stage: Stage
    draws: list[Parameters]
    starts: dict[int, w.World]

    def room(self, years: int) -> History:
        """Buffers for a start and so many years."""
        p = self.stage.script.panel
        return History.empty(years + 1, len(p.states), len(p.units))


@dataclass(frozen=True, slots=True)
class Timing:
    """
    What runs cost.

    Attributes
    ----------
    seconds, dyad_years : (R,) float64
        Cpu time of each run, and its pairs of states both in the system, summed over its years.
    states : float
        States in the system, mean over years and runs.
    years : int
        Years of each run.
    """

    seconds: Floats
    dyad_years: Floats
    states: float
    years: int

    @property
    def runs_per_s(self) -> float:
        """Runs a second and core, from the median run."""
        return 1.0 / median(self.seconds)

    @property
    def dyad_years_per_s(self) -> float:
        """Dyad-years a second and core, median over runs."""
        return median(self.dyad_years / self.seconds)

    @property
    def decade_ms(self) -> float:
        """Milliseconds of a simulated decade."""
        return 1e3 * median(self.seconds) * DECADE / self.years


def active(tables: Tables | None) -> dict[int, int]:
    """States in the system at the end of each year of the record."""
    p = script_of(tables).panel
    return {p.first + n: int(many) for n, many in enumerate(p.active.sum(axis=1))}


def ground(tables: Tables | None, draws: list[Parameters], years: Iterable[int]) -> Ground:
    """
    Walk the record once and keep its Worlds at the end of some years.

    Parameters
    ----------
    tables : Tables or None
        The core record for None.
    draws : list of Parameters
    years : iterable of int
        Worlds may be rolled half a century on from each.
    """
    stops = sorted(set(years))
    first = (tables or load()).first
    last = min(stops[-1] + 50, script_of(tables).panel.last)
    s = stage(first, last, tables=tables, slots=0)
    p = s.script.panel
    rewind(s)
    starts, now = {}, first
    for stop in stops:
        room = History.empty(stop - now + 1, len(p.states), len(p.units))
        walk(s, draws[0], room, now, stop)
        starts[stop] = s.world.copy()
        now = stop
    home = tables.__dict__.get("home") if tables else None
    return Ground(home.name if home else "core", s, draws, starts)


def core(years: Iterable[int]) -> Ground:
    """Stand on the core record, under the shipped parameters."""
    return ground(None, shipped()[0], years)


def larger(tables: Tables, years: Iterable[int]) -> Ground:
    """Stand on another record, under parameters fitted on it up to `FITTED_TO`."""
    draws = cut(tables, FITTED_TO, many=DRAWS).draws
    drop()
    return ground(tables, draws, years)


def timed(
    on: Ground, first: int, last: int, runs: int, *, since: int = 0, warm: bool = False
) -> Timing:
    """
    Roll fresh worlds from the end of `first` to `last` and time each.

    What is timed is all that a run needs: luck forgotten, start World restored, years rolled.

    Parameters
    ----------
    since : int
        Number of the first run.
    warm : bool
        Whether this process has rolled before; if not, a first run is not counted.
    """
    room, start = on.room(last - first), on.starts[first]
    seconds, pairs, states = np.empty(runs), np.empty(runs), np.empty(runs)
    for turn in range(0 if warm else -1, runs):
        number = max(turn, 0)
        run = since + number
        parameters = on.draws[run % len(on.draws)]
        began = process_time()
        roll_fresh(on.stage, start, parameters, room, years=(first, last), luck=(SEED, run))
        seconds[number] = process_time() - began
        many = room.status[1:, w.ACTIVE].sum(axis=1)
        pairs[number] = (many * (many - 1) // 2).sum()
        states[number] = many.mean()
    return Timing(seconds, pairs, float(states.mean()), last - first)


def in_turns(cells: Sequence[tuple[Ground, int, int]], runs: int) -> list[Timing]:
    """
    Time runs of several spans in turns, so that what else the machine does falls on all alike.

    Parameters
    ----------
    cells : sequence of (Ground, int, int)
        Where, first and last year.
    runs : int
        Of each.
    """
    size = max(runs // BLOCKS, 1)
    parts: list[list[Timing]] = [[] for _ in cells]
    for block in range(BLOCKS):
        for mine, (on, first, last) in zip(parts, cells, strict=True):
            mine.append(timed(on, first, last, size, since=block * size, warm=block > 0))
    return [
        Timing(
            np.concatenate([part.seconds for part in mine]),
            np.concatenate([part.dyad_years for part in mine]),
            float(np.mean([part.states for part in mine])),
            mine[0].years,
        )
        for mine in parts
    ]


def start_for(tables: Tables | None, many: int) -> int | None:
    """Year from which a decade begins with about so many states, None where none does."""
    count = active(tables)
    years = [year for year in count if year >= SINCE and year + DECADE in count]
    best = min(years, key=lambda year: abs(count[year] - many))
    return best if abs(count[best] / many - 1.0) <= NEAR else None
