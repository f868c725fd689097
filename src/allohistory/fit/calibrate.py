"""
Calibration on free runs: intercepts moved until free worlds hold as much as the record did.

A process is fitted on the record's own path, where every feature is as history made it. A free
world makes its own features, and where one choice feeds the next (joiners of a war bring in
their allies) small errors grow. So free worlds are rolled from the record's World of every tenth
year, ten years on, and each intercept is moved by the log ratio of the record's count to theirs
(simulated moments: McFadden 1989), less where the record's count is small. All windows weigh the
same and none lies beyond the years fitted on.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.luck import Stage, rewind, roll_fresh, stage, walk
from allohistory.engine.run import History
from allohistory.engine.script import script_of
from allohistory.fit.estimate import Fit, draws
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters, blank
from allohistory.record.tables import Tables

Floats = NDArray[np.float64]
YEARS, RUNS, ROUNDS = 10, 24, 6
FEW = 5.0
"""Events worth as much as the fit's own intercept: a moment of so many moves it half way."""
MOST = 1.5
"""The most an intercept may be moved, in log odds."""

MOMENTS: Final[tuple[tuple[str, tuple[tuple[int, int, float], ...]], ...]] = (
    ("disputes begun", ((m.DISPUTE, 0, 1.0),)),
    ("wars begun", ((m.LEVEL, 1, 1.0),)),
    ("states that joined wars", ((m.JOIN, 0, 1.0),)),
    ("strong treaties", ((m.FOUND_STRONG, 0, 1.0),)),
    ("weak treaties", ((m.FOUND_WEAK, 0, 1.0),)),
    ("strong pairs bound anew", ((m.OPEN, 0, 0.5), (m.MEMBER, 0, 0.5), (m.ACCEDE, 0, 0.5))),
    ("treaties ended", ((m.LAPSE, 0, 1.0),)),
    ("states ended", ((m.EXIT, 0, 1.0),)),
    ("rivalries begun", ((m.RIVAL_START, 0, 1.0),)),
    ("rivalries ended", ((m.RIVAL_END, 0, 1.0),)),
    ("units that changed hands", ((m.HANDS, 0, 1.0),)),
    ("states entered", ((m.ENTRY, 0, 1.0),)),
)
"""What is counted, and which intercepts (process, alternative, share) answer for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """
    What calibration found.

    Attributes
    ----------
    record, before, after : (12,) float64
        Each moment over all windows: of the record, and of free worlds before and after.
    shift : (12,) float64
        Log odds by which the intercepts were moved.
    windows : tuple of int
        First years.
    """

    record: Floats
    before: Floats
    after: Floats
    shift: Floats
    windows: tuple[int, ...]

    def apply(self, parameters: Parameters) -> Parameters:
        """Parameters with the intercepts moved."""
        beta = parameters.beta.copy()
        for move, (_, where) in zip(self.shift, MOMENTS, strict=True):
            for process, alternative, share in where:
                beta[process, alternative, 0] += share * move
        beta[m.ENTRY_LATE] = beta[m.ENTRY]
        return parameters._replace(beta=beta)


def moments(history: History, world: w.World, start: w.World, first: int) -> Floats:
    """
    Count what a window held.

    Parameters
    ----------
    history : History
        Row 0 is the end of `first`.
    world, start : World
        At the end and at the start.
    first : int

    Returns
    -------
    (12,) float64
        In the order of `MOMENTS`.
    """
    began = world.war[w.W_YEAR, : world.count[w.N_WARS]] > first
    sides = (world.side[: len(began)] != 0).sum(1)
    signed = world.pact[w.T_YEAR, : world.count[w.N_PACTS]] > first
    strong = world.pact[w.T_STRONG, : len(signed)] == 1
    old = start.pact[w.T_ALIVE, : start.count[w.N_PACTS]].sum()
    active = history.status[:, w.ACTIVE].astype(np.int64)
    rival = np.diff(history.link[:, w.RIVAL].astype(np.int64), axis=0)
    owner = history.unit[:, w.OWNER]
    return np.array(
        [
            (history.link[1:, w.DISPUTE] > 0).sum(),
            began.sum(),
            np.maximum(sides[began] - 2, 0).sum(),
            (signed & strong).sum(),
            (signed & ~strong).sum(),
            np.triu((history.link[-1, w.ALLY] == 2) & (history.link[0, w.ALLY] < 2)).sum(),
            old + signed.sum() - world.pact[w.T_ALIVE, : len(signed)].sum(),
            (np.diff(active, axis=0) < 0).sum(),
            (rival > 0).sum() / 2,
            (rival < 0).sum() / 2,
            (owner[1:] != owner[:-1]).sum(),
            (np.diff(active, axis=0) > 0).sum(),
        ],
        np.float64,
    )


def _record(s: Stage, windows: tuple[int, ...]) -> tuple[dict[int, w.World], Floats]:
    """Walk the record: Worlds at the start of every window, and its moments over all."""
    p = s.script.panel
    rewind(s)
    room = History.empty(windows[0] - s.base + 1, len(p.states), len(p.units))
    walk(s, blank(), room, s.base, windows[0])
    worlds, total = {}, np.zeros(len(MOMENTS))
    room = History.empty(YEARS + 1, len(p.states), len(p.units))
    for first in windows:
        worlds[first] = s.world.copy()
        walk(s, blank(), room, first, first + YEARS)
        total += moments(room, s.world, worlds[first], first)
    return worlds, total


def _free(s: Stage, worlds: dict[int, w.World], drawn: list[Parameters], seed: int) -> Floats:
    """Moments of free worlds over all windows, mean over runs."""
    p = s.script.panel
    room = History.empty(YEARS + 1, len(p.states), len(p.units))
    total = np.zeros(len(MOMENTS))
    for first, start in worlds.items():
        for run in range(RUNS):
            parameters = drawn[run % len(drawn)]
            roll_fresh(s, start, parameters, room, years=(first, first + YEARS), luck=(seed, run))
            total += moments(room, s.world, start, first)
    return total / RUNS


def calibrate(
    drawn: list[Parameters], first: int, last: int, tables: Tables | None = None
) -> Calibration | None:
    """
    Move intercepts until free worlds hold as much as the record of the same windows.

    Parameters
    ----------
    drawn : list of Parameters
        Of the fit on the years `first` to `last`.
    first, last : int
    tables : Tables, optional
        The record; the core record without it.

    Returns
    -------
    Calibration or None
        None where the years are too few for a single window.
    """
    windows = tuple(range(last - YEARS * ((last - first) // YEARS), last - YEARS + 1, YEARS))
    if not windows:
        return None
    s = stage(script_of(tables).panel.first, last, tables=tables, slots=0)
    worlds, record = _record(s, windows)
    keep = record / (record + FEW)
    blind = Calibration(record, record, record, np.zeros(len(MOMENTS)), windows)
    before = after = _free(s, worlds, drawn, 0)
    shift = blind.shift
    for turn in range(1, ROUNDS + 1):
        # Shrunk towards the fit's own intercept: the aim is the part `keep` of the log ratio.
        aim = np.log((record + 0.5) / (after + 0.5)) + shift * (1.0 - 1.0 / np.maximum(keep, 0.1))
        shift = np.clip(shift + 0.6 * keep * aim, -MOST, MOST)
        told = Calibration(record, before, after, shift, windows)
        after = _free(s, worlds, [told.apply(d) for d in drawn], turn)
    return Calibration(record, before, after, shift, windows)


def calibrated(
    found: Fit, many: int, tables: Tables | None = None
) -> tuple[list[Parameters], Calibration | None]:
    """
    Draw joint parameters of a fit, calibrated on free runs of the years fitted on.

    Parameters
    ----------
    found : Fit
    many : int
    tables : Tables, optional
        The record fitted on, as it stood in its last year.
    """
    drawn = draws(found, many)
    told = calibrate(drawn[:RUNS], found.first, found.last, tables)
    return ([told.apply(one) for one in drawn] if told else drawn), told
