"""Units, who held them, and which units touch."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.record.build.fates import NOBODY, Fates
from allohistory.record.build.keeping import OWN, PERHAPS, Keeping
from allohistory.record.build.roster import Roster, region
from allohistory.record.build.source import Source
from allohistory.record.tables import load

Rows = list[tuple[Any, ...]]
People = dict[int, float]
Ints = NDArray[np.int64]
HOME, COLONY, OCCUPIED = "home", "colony", "occupied"
GROWTH = 1.009
"""Yearly growth of the world's people since 1900, to put later counts back to 1900."""
LEAST_PEOPLE = 0.1


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Land of the record.

    Attributes
    ----------
    units : tuple of str
    code : dict of str to int
        COW code of each unit.
    unit_of : dict of int to str
        Unit of each COW code.
    owner : (Y, U) int64
        Index of the state that holds it on 31 December, or -1.
    home : (Y, U) bool
        Held as home territory.
    """

    units: tuple[str, ...]
    code: dict[str, int]
    unit_of: dict[int, str]
    owner: Ints
    home: NDArray[np.bool_]


def touching(source: Source, states: Roster) -> set[tuple[str, str]]:
    """Pairs of states that ever shared a land border, both ways."""
    return {
        (states.id_of[a], states.id_of[b])
        for a, b, kind in source.rows("cow_contdir", "ccode1", "ccode2", "conttype")
        if kind == 1 and a in states.id_of and b in states.id_of
    }


def ground(source: Source, states: Roster, fates: Fates) -> Ground:
    """Who held every unit on 31 December of every year."""
    code: dict[str, int] = {}
    unit_of: dict[int, str] = {}
    for state in states.ids:
        unit = states.home[state]
        code.setdefault(unit, states.codes[state][-1])
        unit_of |= dict.fromkeys(states.codes[state], unit)
    for dependency in sorted(fates.holders):
        if dependency not in unit_of:
            unit_of[dependency] = f"cow-{dependency}"
            code[f"cow-{dependency}"] = dependency
    units = tuple(code)
    owner = np.full((len(states.years), len(units)), -1, np.int64)
    how = np.zeros(owner.shape, np.int64)
    living: dict[str, list[str]] = {}
    for state in states.ids:
        living.setdefault(states.home[state], []).append(state)
    for u, unit in enumerate(units):
        keeping = Keeping(states, fates, living.get(unit, []), code[unit])
        for t, year in enumerate(states.years):
            who, kind = keeping.heir(year)
            if who is not None:
                owner[t, u], how[t, u] = states.index[who], kind
    home = _joined(owner, how, _land_edges(source, states, units))
    return Ground(units, code, unit_of, owner, home)


def _land_edges(source: Source, states: Roster, units: tuple[str, ...]) -> Ints:
    """(E, 2): homelands that ever shared a land border, both ways."""
    place = {unit: n for n, unit in enumerate(units)}
    found = {
        (place[states.home[a]], place[states.home[b]]) for a, b in sorted(touching(source, states))
    }
    return np.array(sorted(found))


def _joined(owner: Ints, how: Ints, edges: Ints) -> NDArray[np.bool_]:
    """Spread home territory over land from unit to unit of one owner."""
    home = (how == OWN) & (owner >= 0)
    a, b = edges[:, 0], edges[:, 1]
    open_ = (owner[:, a] == owner[:, b]) & (how[:, b] == PERHAPS) & (owner[:, a] >= 0)
    while True:
        t, e = np.nonzero(open_ & home[:, a] & ~home[:, b])
        if not len(t):
            break
        home[t, b[e]] = True
    return np.asarray(home)


def holdings(states: Roster, g: Ground) -> Rows:
    """Rows of holdings.csv: the yearly owners as spells."""
    rows: Rows = []
    starts = {
        (state, span[0].year): span[0] for state in states.ids for span in states.spells[state]
    }
    ends = {
        (state, span[1].year): span[1]
        for state in states.ids
        for span in states.spells[state]
        if span[1] is not None
    }
    for u, unit in enumerate(g.units):
        state_of = [states.ids[o] if o >= 0 else NOBODY for o in g.owner[:, u].tolist()]
        keys = list(zip(state_of, g.home[:, u].tolist(), strict=True))
        cuts = [t for t in range(len(keys)) if t == 0 or keys[t] != keys[t - 1]]
        dates: list[date | int] = []
        for t in cuts:
            year = states.first + t
            now, before = state_of[t], state_of[t - 1] if t else NOBODY
            own = starts.get((now, year)) if states.home.get(now) == unit else None
            lost = ends.get((before, year)) if states.home.get(before) == unit else None
            dates.append(own or lost or year)
        for place, t in enumerate(cuts):
            who, at_home = keys[t]
            ruled = who != NOBODY and states.home[who] == unit
            left = t and states.home.get(state_of[t - 1]) == unit
            status = HOME if at_home or who == NOBODY else OCCUPIED if left else COLONY
            cause = (
                "initial" if t == 0 else "independence" if ruled or who == NOBODY else "annexation"
            )
            to = dates[place + 1] if place + 1 < len(dates) else ""
            rows.append((unit, who, status, dates[place], to, cause, "", "cow-tc"))
    return rows


def units(g: Ground, states: Roster, people: People, places: Rows, near: Rows) -> Rows:
    """
    Rows of units.csv.

    A homeland lies at its capital. The tables place no dependency: it is put between the units
    it touches, with the inhabitants it had when it changed hands.
    """
    spot: dict[str, tuple[float, float]] = {}
    for state, _, lat, lon, *_ in places:
        spot[states.home[state]] = (float(lat), float(lon))
    known = load().unit_of
    by_unit: dict[str, str] = {}
    for state in states.ids:
        by_unit[states.home[state]] = state
    beside: dict[str, list[str]] = {}
    for a, b, _ in near:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    rows: Rows = []
    for unit in g.units:
        state = by_unit.get(unit)
        if state is None:
            name = f"COW territory {g.code[unit]}"
            around = [spot[v] for v in beside.get(unit, []) if v in spot] or [(0.0, 0.0)]
            lat, lon = (float(x) for x in np.mean(around, axis=0))
            first = next((v for v in beside.get(unit, []) if v in by_unit), None)
            where = region(g.code[unit] if g.code[unit] < 1000 else g.code.get(first or "", 2))
        else:
            name, (lat, lon) = states.names[state], spot[unit]
            where = region(g.code[unit])
        row = known.get(unit)
        name, iso, where = (row.name, row.iso3, row.region) if row else (name, "", where)
        count = f"{max(people.get(g.code[unit], LEAST_PEOPLE), 0.01):.2g}"
        rows.append((unit, name, f"{lat:.1f}", f"{lon:.1f}", iso, count, where))
    return rows


def inhabitants(source: Source, states: Roster) -> People:
    """Inhabitants about 1900 in millions, from the nearest count, later ones put back by growth."""
    found: dict[int, tuple[int, float]] = {}
    counts = source.rows("cow_nmc", "ccode", "year", "tpop")
    counts += [
        (code, year, people / 1000)
        for code, year, people in source.rows("cow_tc", "entity", "year", "pop")
        if people and code not in states.id_of
    ]
    for code, year, thousands in counts:
        if code is None or not thousands:
            continue
        gap = abs(year - 1900)
        if code not in found or gap < found[code][0]:
            found[code] = (gap, thousands / 1000 * GROWTH ** min(1900 - year, 0))
    return {code: value for code, (_, value) in found.items()}
