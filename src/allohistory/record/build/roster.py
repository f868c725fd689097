"""Who is a state, when, under which id: the frame on which every other table is built."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allohistory.record.build.source import Source
from allohistory.record.dates import LAST_YEAR
from allohistory.record.tables import Tables

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Span = tuple[date, date | None]

SHARED_HOMES = {"YEM": "YAR"}
"""States outside the core record that live where another lived before (the core names its own)."""
REGIONS = (
    (0, "North America"),
    (100, "South America"),
    (200, "Europe"),
    (400, "Africa"),
    (630, "Middle East"),
    (700, "Central Asia"),
    (710, "East Asia"),
    (750, "South Asia"),
    (800, "Southeast Asia"),
    (900, "Oceania"),
)


@dataclass(frozen=True, eq=False)
class Roster:
    """
    States of the system.

    Attributes
    ----------
    ids : tuple of str
        Ids in the order of their COW codes.
    codes : dict of str to tuple of int
        COW codes of an id, the first the oldest.
    id_of : dict of int to str
        Id of each COW code.
    names : dict of str to str
    home : dict of str to str
        Unit at the core of a homeland.
    spells : dict of str to list of (date, date or None)
        Membership by day; None where it lasts beyond 2016.
    first, last : int
        Years of the record.
    """

    ids: tuple[str, ...]
    codes: dict[str, tuple[int, ...]]
    id_of: dict[int, str]
    names: dict[str, str]
    home: dict[str, str]
    spells: dict[str, list[Span]]
    first: int
    last: int

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each id."""
        return {state: n for n, state in enumerate(self.ids)}

    @property
    def years(self) -> range:
        """Years of the record."""
        return range(self.first, self.last + 1)

    def row(self, year: int) -> int:
        """Row of a year."""
        return year - self.first

    @cached_property
    def touch(self) -> Bools:
        """(Y, N): a member on any day of the year, as the published tables count."""
        return self._grid(0)

    @cached_property
    def stand(self) -> Bools:
        """(Y, N): a member on 31 December, as the record counts."""
        return self._grid(1)

    def _grid(self, short: int) -> Bools:
        grid = np.zeros((len(self.years), len(self.ids)), bool)
        for n, state in enumerate(self.ids):
            for start, end in self.spells[state]:
                stop = self.last if end is None else end.year - short
                grid[self.row(start.year) : self.row(stop) + 1, n] = True
        return grid

    def member(self, state: str, year: int) -> bool:
        """Whether a state is a member on 31 December of a year."""
        return (
            self.first <= year <= self.last and self._stands[year - self.first][self.index[state]]
        )

    @cached_property
    def _stands(self) -> list[list[bool]]:
        rows: list[list[bool]] = self.stand.tolist()
        return rows

    @cached_property
    def _housemates(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for state in self.ids:
            found.setdefault(self.home[state], []).append(state)
        return found

    def housemate(self, state: str, year: int) -> str | None:
        """The state itself if it is a member, else the one that lives in its homeland then."""
        if self.member(state, year):
            return state
        return next((s for s in self._housemates[self.home[state]] if self.member(s, year)), None)


def region(code: int) -> str:
    """Region of a COW code; the codes run by continent."""
    if code in {600, 615, 616, 620, 625}:
        return "Africa"
    return [name for least, name in REGIONS if least <= code][-1]


def roster(source: Source, core: Tables) -> Roster:
    """
    Read who is a state.

    A COW code of the core record gets the core's id, any other its COW abbreviation.
    """
    known = {code: state.id for state in core.states for code in state.cow}
    columns = ("ccode", "stateabb", "statenme")
    days = ("styear", "stmonth", "stday", "endyear", "endmonth", "endday")
    rows = sorted(source.rows("cow_states", *columns, *days))
    taken = set(known.values())
    id_of: dict[int, str] = {}
    names: dict[str, str] = {}
    spells: dict[str, list[Span]] = {}
    for code, letters, name, y, m, d, to_y, to_m, to_d in rows:
        free = letters if letters not in taken else f"{letters}{code}"
        state = id_of.setdefault(code, known.get(code, free))
        names.setdefault(state, name)
        end = None if (to_y, to_m, to_d) >= (LAST_YEAR, 12, 31) else date(to_y, to_m, to_d)
        spells.setdefault(state, []).append((date(y, m, d), end))
    names |= {row.id: row.name for row in core.states if row.id in spells}
    codes: dict[str, tuple[int, ...]] = {}
    for code, state in id_of.items():
        codes[state] = (*codes.get(state, ()), code)
    homes = {row.id: row.home for row in core.states}
    units = set(homes.values())
    for state in spells:
        own = state if state not in units else f"{state}-home"
        homes.setdefault(state, own)
    homes |= {state: homes[other] for state, other in SHARED_HOMES.items() if state in spells}
    first = min(start.year for spans in spells.values() for start, _ in spans)
    joined = {state: _joined(spans) for state, spans in spells.items()}
    return Roster(tuple(spells), codes, id_of, names, homes, joined, first, LAST_YEAR)


def _joined(spans: list[Span]) -> list[Span]:
    """Spells in order, those that follow each other without a gap made one."""
    out: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        before = out[-1] if out else None
        if before and before[1] is not None and start - before[1] <= timedelta(days=1):
            out[-1] = (before[0], end)
        else:
            out.append((start, end))
    return out


def strength(source: Source, states: Roster) -> Floats:
    """
    (Y, N): share of the members' capability, 0 where nothing is published.

    As in the core record half economy (Fariss and others), a quarter army, a quarter industry
    (iron or steel, and energy); COW's own index misreads East Asia. The economy is that of the
    state as it was: output per head times COW's count of its people, for the modelled totals
    follow later borders (Sardinia has all of Italy's). What is missing is left out and the
    weights of the rest are raised.
    """
    import polars as pl  # noqa: PLC0415 - heavy, and at hand only with the extra "check"

    parts = {"output": 0.5, "milper": 0.25, "irst": 0.125, "pec": 0.125}
    keys = ("ccode", "year")
    materials = source.frame("cow_nmc", *keys, "milper", "irst", "pec", "tpop")
    both = materials.join(source.frame("cw_gdppop", *keys, "mrgdppc"), on=keys, how="left")
    both = both.with_columns(output=pl.col("mrgdppc") * pl.col("tpop"))
    shares = both.with_columns(pl.col(name) / pl.col(name).sum().over("year") for name in parts)
    total = pl.sum_horizontal(pl.col(name) * weight for name, weight in parts.items())
    there = pl.sum_horizontal(pl.col(n).is_not_null() * weight for n, weight in parts.items())
    grid = np.zeros((len(states.years), len(states.ids)))
    for code, year, share in shares.select(*keys, (total / there).fill_nan(None)).iter_rows():
        if code in states.id_of and states.first <= year <= states.last and share is not None:
            # Two codes of one state overlap in the year of its unification.
            n, t = states.index[states.id_of[code]], states.row(year)
            grid[t, n] = max(grid[t, n], share)
    return grid
