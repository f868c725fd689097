"""Which units touch, chosen so that what is held makes states touch as the tables say."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.record.build.ground import Ground
from allohistory.record.build.roster import Roster
from allohistory.record.build.source import Source

Rows = list[tuple[Any, ...]]
Ints = NDArray[np.int64]
Levels = NDArray[np.int8]
KINDS = ("", "land", "strait", "strait", "strait", "sea")
NONE, THROUGH, AT_HOME = 0, 1, 2
LAND = 1


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Rows of borders.csv and how well they give the published contacts back."""

    borders: Rows
    figures: dict[str, float]


def published(source: Source, states: Roster) -> tuple[Levels, Levels]:
    """(Y, N, N): contact on 31 December between members (none, through, home); closest kind."""
    n = len(states.ids)
    level = np.zeros((len(states.years), n, n), np.int8)
    kind = np.full(level.shape, 9, np.int8)
    for low, high, begin, end in source.rows("cow_contcol", "statelno", "statehno", "begin", "end"):
        if low in states.id_of and high in states.id_of:
            i, j = states.index[states.id_of[low]], states.index[states.id_of[high]]
            rows = slice(max(states.row(begin), 0), states.row(end) + 1)
            level[rows, i, j] = level[rows, j, i] = THROUGH
    columns = ("ccode1", "ccode2", "conttype", "stdate", "enddate")
    for one, two, how, start, end in source.rows("cow_contdir", *columns):
        if how and one in states.id_of and two in states.id_of:
            i, j = states.index[states.id_of[one]], states.index[states.id_of[two]]
            last = end.year if end.month == 12 or end.year >= states.last else end.year - 1
            rows = slice(max(states.row(start.year), 0), states.row(last) + 1)
            level[rows, i, j] = level[rows, j, i] = AT_HOME
            kind[rows, i, j] = np.minimum(kind[rows, i, j], how)
            kind[rows, j, i] = np.minimum(kind[rows, j, i], how)
    both = states.stand[:, :, None] & states.stand[:, None, :]
    both &= ~np.eye(n, dtype=bool)
    return np.where(both, level, 0).astype(np.int8), np.where(both, kind, 9).astype(np.int8)


def contacts(source: Source, states: Roster, g: Ground) -> Contacts:
    """
    Choose the borders.

    Candidates are the homelands that were ever contiguous and the dependencies the colonial
    table names. A candidate is dropped while doing so makes more dyad-years right than wrong:
    Germany touches Russia through Poland, so the two homelands themselves do not touch.
    """
    level, kind = published(source, states)
    pairs = _candidates(source, g)
    place = {unit: n for n, unit in enumerate(g.units)}
    a = np.array([place[x] for x, _ in pairs])
    b = np.array([place[y] for _, y in pairs])
    i, j = g.owner[:, a], g.owner[:, b]
    t, border = np.nonzero((i >= 0) & (j >= 0) & (i != j))
    i, j = i[t, border], j[t, border]
    at_home = g.home[t, a[border]] & g.home[t, b[border]]
    n = len(states.ids)
    where = (t * n + np.minimum(i, j)) * n + np.maximum(i, j)
    met, cell = np.unique(where, return_inverse=True)
    meeting = _Meeting(border, cell, at_home, level.ravel()[met])
    kept = meeting.drop(len(pairs))
    land = _land(kind.ravel()[where], border, at_home, len(pairs))
    borders = [(*pair, _kind(pairs[pair], int(land[n]))) for n, pair in enumerate(pairs) if kept[n]]
    told = np.zeros(level.size, np.int8)
    told[met] = meeting.told()
    figures = _figures(level, told.reshape(level.shape))
    return Contacts(sorted(borders), figures)


def _kind(closest: int, land: int) -> str:
    """Kind of a border: the closest ever listed, but no land where water is listed for longer."""
    return KINDS[2] if closest == LAND and land < 0 else KINDS[closest]


def _candidates(source: Source, g: Ground) -> dict[tuple[str, str], int]:
    """Pairs of units that ever touched, with the closest kind listed."""
    found: dict[tuple[str, str], int] = {}

    def add(one: int, two: int, how: int) -> None:
        if one in g.unit_of and two in g.unit_of and g.unit_of[one] != g.unit_of[two]:
            x, y = sorted((g.unit_of[one], g.unit_of[two]))
            found[x, y] = min(found.get((x, y), 9), how)

    for one, two, how in source.rows("cow_contdir", "ccode1", "ccode2", "conttype"):
        if how:
            add(one, two, how)
    columns = ("statelno", "dependl", "statehno", "dependh", "conttype")
    for low, low_unit, high, high_unit, how in source.rows("cow_contcol", *columns):
        add(low_unit or low, high_unit or high, how)
    return dict(sorted(found.items()))


class _Meeting:
    """Which border makes which two states touch in which year."""

    def __init__(self, border: Ints, cell: Ints, at_home: NDArray[np.bool_], level: Levels) -> None:
        self.border, self.cell, self.at_home, self.level = border, cell, at_home, level
        self.home = np.bincount(cell, at_home, len(level)).astype(np.int64)
        self.through = np.bincount(cell, ~at_home, len(level)).astype(np.int64)

    def told(self) -> Levels:
        """Contact of each dyad-year through the borders kept."""
        return _rank(self.home, self.through)

    def drop(self, many: int) -> NDArray[np.bool_]:
        """Drop borders that make more dyad-years wrong than right, the worst first."""
        kept = np.ones(many, bool)
        true = self.level[self.cell]
        while True:
            home, through = self.home[self.cell], self.through[self.cell]
            without = _rank(home - self.at_home, through - ~self.at_home)
            gain = (_rank(home, through) == true).astype(np.int64) - (without == true)
            worth = np.bincount(self.border, gain * kept[self.border], many)
            worst = int(worth.argmin())
            if worth[worst] >= 0:
                return kept
            kept[worst] = False
            mine = self.border == worst
            np.subtract.at(self.home, self.cell[mine & self.at_home], 1)
            np.subtract.at(self.through, self.cell[mine & ~self.at_home], 1)


def _rank(home: Ints, through: Ints) -> Levels:
    return np.where(home > 0, AT_HOME, np.where(through > 0, THROUGH, NONE)).astype(np.int8)


def _land(kind: Levels, border: Ints, at_home: NDArray[np.bool_], many: int) -> Ints:
    """Years with a land border at home less years with water only."""
    land = (kind == LAND).astype(np.int64) - ((kind > LAND) & (kind < len(KINDS)))
    return np.bincount(border, land * at_home, many).astype(np.int64)


def _figures(level: Levels, told: Levels) -> dict[str, float]:
    upper = np.triu(np.ones(level.shape[1:], bool), 1)
    true, mine = level[:, upper], told[:, upper]
    home, through = true == AT_HOME, true == THROUGH
    return {
        "contacts at home reproduced": float((mine[home] == AT_HOME).mean()),
        "contacts at home told that are published": float(
            (true[mine == AT_HOME] == AT_HOME).mean()
        ),
        "contacts through dependencies reproduced": float((mine[through] == THROUGH).mean()),
        "contacts through dependencies told that are published": float(
            (true[mine == THROUGH] == THROUGH).mean()
        ),
    }
