"""
Facts of the whole system that a model of alliances and wars must bring forth by itself.

How much rarer war became after 1950, how much longer new strong ties hold after 1945, how many
enemies ally within a generation. Each is computed on the record given, and on fresh worlds that
cover the same years: of a model that knows the whole record (in sample: the model can hold what
the record says) and of one that knows no more than the years before (out of sample).
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allohistory.check import tally as t
from allohistory.check.past import DRAWS, Cut, cut
from allohistory.check.realism import Change, band, told
from allohistory.check.statistics import Floats, Room, room_for, share
from allohistory.engine.luck import stage
from allohistory.engine.run import History
from allohistory.fit.calibrate import calibrated
from allohistory.fit.estimate import fit
from allohistory.record.tables import Tables, load

EARLY: Final = (1870, 1950)
LATE: Final = (1950, 2010)
PEACE, BREAK = 1950, 1945
RUNS: Final = 100
FACTS: Final = (
    "pairs newly at war per pair-year, 1950 and later over earlier",
    "new strong ties kept five years, before 1945",
    "new strong ties kept five years, from 1945",
    "pairs allied within twenty years of their war",
)
REFERENCE: Final = (0.095, 0.29, 0.94, 0.21)
"""What a prototype found on the published tables of the whole world."""


@dataclass(frozen=True, slots=True, eq=False)
class Era:
    """
    Counts of an era, one row per run.

    Attributes
    ----------
    newly, pairs : (R,) float64
        Pairs newly at war, and pair-years, in the years of this era.
    ties, kept : (R, 2) float64
        New strong ties that could be followed, and those that held; before and from 1945.
    enemies, allied : (R,) float64
    """

    newly: Floats
    pairs: Floats
    ties: Floats
    kept: Floats
    enemies: Floats
    allied: Floats


def yearly(h: History, room: Room, tracked: NDArray[np.int64]) -> Floats:
    """Year by year counts that the facts are made of."""
    room.counts[:] = 0.0
    t.of_states(h, tracked, room.counts)
    t.of_pairs(h, room.seen, room.counts)
    t.follow(h, room.counts)
    return room.counts


def _era(counts: Floats, start: int) -> Era:
    """Sum up (R, Y, K) counts of runs that begin at the end of a year."""
    alive = counts[:, :, t.STATES]
    early = slice(1, max(BREAK - start, 1))
    late = slice(max(BREAK - start, 1), None)

    def total(column: int, years: slice = slice(1, None)) -> Floats:
        return np.asarray(counts[:, years, column].sum(axis=1), np.float64)

    return Era(
        total(t.OPPOSED_NEW),
        np.asarray((alive * (alive - 1) / 2)[:, 1:].sum(axis=1), np.float64),
        np.stack([total(t.TIES_FOLLOWED, early), total(t.TIES_FOLLOWED, late)], axis=1),
        np.stack([total(t.TIES_KEPT, early), total(t.TIES_KEPT, late)], axis=1),
        total(t.ENEMIES_FOLLOWED),
        total(t.ENEMIES_ALLIED),
    )


def _rolled(c: Cut, end: int, runs: int, seed: int, change: Change | None) -> Era:
    """Roll worlds from a cut-off to the end of an era."""
    if change is not None:
        c = replace(c, draws=[change(p) for p in c.draws])
    rows: list[Floats] = []
    room: Room | None = None
    for h in c.runs(runs, end - c.year, seed=seed):
        room = room or room_for(h, c.stage.world)
        rows.append(yearly(h, room, c.stage.geography.tracked).copy())
    return _era(np.array(rows), c.year)


def _known(tables: Tables | None, start: int, end: int) -> Era:
    """Sum up the same years of the record."""
    h, world = told(tables).window(start, end)
    room = room_for(h, world)
    return _era(yearly(h, room, np.zeros(h.link.shape[2], np.int64))[None], start)


def facts_of(early: Era, late: Era) -> Floats:
    """
    Compute the facts run by run from an early and a late era.

    An era of the record has one row, which serves every run.
    """
    newly = (late.newly / late.pairs) / np.where(early.newly > 0, early.newly / early.pairs, np.nan)
    ties, kept = early.ties + late.ties, early.kept + late.kept
    enemies, allied = early.enemies + late.enemies, early.allied + late.allied
    columns = [newly]
    for part, whole in ((kept[:, 0], ties[:, 0]), (kept[:, 1], ties[:, 1]), (allied, enemies)):
        columns.append(np.array([share(a, b) for a, b in zip(part, whole, strict=True)]))
    return np.stack(columns, axis=1)


def whole(tables: Tables, start: int, end: int) -> Cut:
    """
    A model fitted on the whole record, with a stage to roll worlds from a year of it.

    In sample: its worlds say what the model can hold, not what it could have foreseen.
    """
    found = fit(tables=tables, elicited=False)
    s = stage(tables.first, end, tables=tables, slots=0)
    return Cut(tables, start, end - start, found, calibrated(found, DRAWS, tables)[0], s)


def facts(
    tables: Tables | None = None,
    *,
    runs: int = RUNS,
    seed: int = 0,
    change: Change | None = None,
) -> list[dict[str, Any]]:
    """
    Set the facts of the system beside fresh worlds, in sample and out of sample.

    Out of sample the worlds of 1870 to 1945 come from what was known in 1875 and the later ones
    from what was known in 1945 or 1950; the rate of war before 1950 is then the record's own.

    Parameters
    ----------
    tables : Tables, optional
    runs : int
        Worlds per era.
    seed : int
    change : callable, optional
        Applied to every parameter draw.

    Returns
    -------
    list of dict
        Rows of fact, sample (``in`` or ``out``), record, reference, lo, median, hi, inside.
    """
    tables = tables or load()
    inside = whole(tables, *EARLY)
    after = Cut(
        tables,
        LATE[0],
        LATE[1] - LATE[0],
        inside.fit,
        inside.draws,
        stage(inside.stage.base, LATE[1], tables=tables, slots=0),
    )
    known = facts_of(_known(tables, *EARLY), _known(tables, *LATE))[0]
    fresh = facts_of(
        _rolled(inside, EARLY[1], runs, seed, change), _rolled(after, LATE[1], runs, seed, change)
    )
    out = _rows("in", known, fresh)

    first = _rolled(cut(tables, 1875, horizon=BREAK - 1875), BREAK, runs, seed, change)
    second = _rolled(cut(tables, BREAK, horizon=LATE[1] - BREAK), LATE[1], runs, seed, change)
    third = _rolled(cut(tables, PEACE, horizon=LATE[1] - PEACE), LATE[1], runs, seed, change)
    fresh = facts_of(first, second)
    known = facts_of(_known(tables, 1875, BREAK), _known(tables, BREAK, LATE[1]))[0]
    before = _known(tables, *EARLY)
    ratio = facts_of(before, _known(tables, PEACE, LATE[1]))[0, 0]
    rolled = (third.newly / third.pairs) / (before.newly / before.pairs)
    known[0], fresh[:, 0] = ratio, rolled
    return out + _rows("out", known, fresh)


def _rows(sample: str, known: Floats, fresh: Floats) -> list[dict[str, Any]]:
    """One row per fact."""
    out = []
    for k, name in enumerate(FACTS):
        values = fresh[:, k][~np.isnan(fresh[:, k])]
        low, middle, high = band(values)
        out.append(
            {
                "fact": name,
                "sample": sample,
                "record": float(known[k]),
                "reference": REFERENCE[k],
                "lo": low,
                "median": middle,
                "hi": high,
                "inside": bool(low <= known[k] <= high),
            }
        )
    return out
