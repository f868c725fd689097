"""
What the maps of a report need of the typical world, beside history: a plain dict.

States are numbers in ``states``, -1 is nobody of the record; years are those at whose end
something is so, and a missing last year means to the end of the atlas::

    {
      "from": 1900, "to": 1955, "parts": 1905, "decided": 1905, "pair": [3, 9],
                       # the worlds may differ from the end of the year `parts` on
      "states": [{"id": "UKG", "names": [[1955, "Britain"]],    # until when it is called so
                  "capitals": [[1904, "London", -0.1, 51.5]]}],    # from when, lon, lat;
                                                           # of the powers only
      "actual": {
        "land": {"KOR": [[1904, 9, 1], [1945, -1, 0]]},   # from when, holder, how it is held:
                                                        # 0 dependency, 1 home, 2 occupied
                                                        # or client
        "states": [[3, 1904, null]],                    # in the system
        "majors": [[3, 1904, null]],
        "blocs": [{"slot": 0, "names": [[1904, 1913, "Franco-Russian Alliance"]],
                   "members": [[3, 1904, null, 2]]}]},  # 2 a power of the bloc, 1 its ally
      "alternate": {...},                               # of "land" only what differs
      "treaties": [{"in": "both", "name": "Anglo-Japanese Alliance", "level": 2,
                    "members": [[1904, 1923, [3, 9]]]}]  # that bind two powers; of a
                    # weak one only the powers;
                    # a fourth number, 1: bound by the treaty's weak pledges only
    }

The rule that makes blocs stands in `blocs`; the slot is their colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.answer.blocs import CLIENTS, Bloc, Tracker, blocs_of
from allohistory.answer.pledges import Pledge, pledges
from allohistory.counterfactual.book import Book
from allohistory.engine.run import History
from allohistory.record.names import display
from allohistory.record.tables import load, stands
from allohistory.vocab import Status

Part = dict[str, Any]
HOW = {
    Status.HOME: w.AS_HOME,
    Status.OCCUPIED: w.AS_OCCUPIED,
    Status.CLIENT: w.AS_OCCUPIED,
}
DASH = "\u2013"
SHORT = 40
"""Longest name of a treaty that a legend takes."""


@dataclass(slots=True, eq=False)
class _Side:
    """One of the two worlds: its course, treaties, and blocs by year with their numbers."""

    course: History
    treaties: list[Pledge]
    blocs: list[dict[int, Bloc]] = field(default_factory=list)


def atlas(book: Book, decided: int, pair: Sequence[int], ids: Sequence[str]) -> Part:
    """
    Gather the atlas of a typical world.

    Parameters
    ----------
    book : Book
    decided : int
        Year in which the point of divergence is decided.
    pair : sequence of int
        The pair asked about.
    ids : sequence of str
        Ids of the states, in the order of the model.
    """
    sides = {
        name: _Side(book.course(actual=is_so), pledges(book, list(ids), actual=is_so))
        for name, is_so in (("actual", True), ("alternate", False))
    }
    truth, years = sides["actual"].course, len(sides["actual"].course.status)
    powers = {*pair}.union(
        *(np.flatnonzero(s.course.status[:, w.MAJOR].any(axis=0)).tolist() for s in sides.values())
    )
    slots = _follow(sides, book.since, pair)
    parts: Part = {}
    rows: dict[str, list[Part]] = {}
    used = set(powers)
    for name, side in sides.items():
        status = side.course.status > 0
        rows[name] = [t for p in side.treaties if (t := _treaty(p, book.since, powers))]
        parts[name] = {
            "land": _land(side.course, truth, book.since, ids),
            "states": _spells(status[:, w.ACTIVE], book.since),
            "majors": _spells(status[:, w.MAJOR], book.since),
            "blocs": _blocs(side, slots, book.since, ids),
        }
        used |= {s[0] for kind in ("states", "majors") for s in parts[name][kind]}
        used |= {c[1] for changes in parts[name]["land"].values() for c in changes} - {w.NOBODY}
    land, other = (parts[name]["land"] for name in ("actual", "alternate"))
    parts["alternate"]["land"] = {u: c for u, c in other.items() if c != land[u]}
    order = {k: n for n, k in enumerate(sorted(used))} | {w.NOBODY: w.NOBODY}
    out = {
        "from": book.since,
        "to": book.since + years - 1,
        "parts": book.first + 1,
        "decided": decided,
        "pair": list(pair),
        "states": [_state(ids[k], book.since, years, seat=k in powers) for k in sorted(used)],
        **parts,
        "treaties": _both(rows["actual"], rows["alternate"]),
    }
    return _renumbered(out, order)


def _follow(sides: dict[str, _Side], first: int, pair: Sequence[int]) -> list[int]:
    """Find the blocs of both sides in every year; returns the colour of each, by its number."""
    tracker = Tracker()
    strong = {name: _strong(side.treaties) for name, side in sides.items()}
    for y in range(len(sides["actual"].course.status)):
        for name, side in sides.items():
            found = blocs_of(side.course, y, pair, strong[name][y])
            weight = np.exp(side.course.state[y, w.CAP])
            beside = "actual" if name == "alternate" else ""
            numbers = tracker.follow(name, first + y, found, weight, beside)
            side.blocs.append(dict(zip(numbers, found, strict=True)))
    return tracker.slots


def _strong(found: list[Pledge]) -> NDArray[np.int64]:
    """Number of treaties of defense or offense that bind each dyad, by year."""
    years, states = found[0].members.shape if found else (0, 0)
    out = np.zeros((years, states, states), np.int64)
    for p in found:
        if p.strong:
            there, full = p.members > 0, p.members == 1
            both = there[:, :, None] & there[:, None, :]
            out += both & (full[:, :, None] | full[:, None, :])
    return out


def _runs(values: Sequence[Any], first: int) -> Iterable[tuple[Any, int, int | None]]:
    """Runs of equal values: value, first year and last, None for the end."""
    begin = 0
    for y in range(1, len(values) + 1):
        if y == len(values) or values[y] != values[begin]:
            yield values[begin], first + begin, None if y == len(values) else first + y - 1
            begin = y


def _spells(there: NDArray[np.bool_], first: int) -> list[list[int | None]]:
    """Spells of states: number, first and last year."""
    out = []
    for i in np.flatnonzero(there.any(axis=0)).tolist():
        for value, begin, end in _runs(there[:, i].tolist(), first):
            if value:
                out.append([i, begin, end])
    return out


def _land(h: History, truth: History, first: int, ids: Sequence[str]) -> dict[str, list[list[int]]]:
    """
    Who holds each unit and how, from when on.

    The model tells how land is held only when it changes hands. Where a world agrees with the
    record in that, the record's later word holds: an occupied land that was annexed is home.
    """
    out = {}
    tables, years = load(), len(h.status)
    for u, unit in enumerate(tables.units):
        course = h.unit[:, :, u].tolist()
        for row in tables.holdings:
            if row.unit != unit.unit or row.owner not in ids:
                continue
            told = [ids.index(row.owner), HOW.get(row.status, w.AS_DEPENDENCY)]
            for y in range(max(row.start.year - first, 0), years):
                mine = stands(row, first + y) and course[y][w.OWNER] == told[w.OWNER]
                if mine and (h.unit[y, :, u] == truth.unit[y, :, u]).all():
                    course[y] = told
        runs = _runs([tuple(row) for row in course], first)
        out[unit.unit] = [[begin, *value] for value, begin, _ in runs]
    return out


def _treaty(p: Pledge, first: int, powers: set[int]) -> Part:
    """Tell a treaty that binds two powers; of a weak one only these. Clients stand in blocs."""
    bound = set(np.flatnonzero(p.members.any(axis=0)).tolist())
    spells: dict[tuple[int, int | None, int], list[int]] = {}
    for i in sorted(bound if p.strong else bound & powers):
        for value, begin, end in _runs(p.members[:, i].tolist(), first):
            if value:
                spells.setdefault((begin, end, value), []).append(i)
    if len(bound & powers) < 2:
        return {}
    members = [
        [begin, end, who] + ([1] if value > 1 else [])
        for (begin, end, value), who in spells.items()
    ]
    return {"name": p.name, "level": 2 if p.strong else 1, "members": members}


def _both(actual: list[Part], alternate: list[Part]) -> list[Part]:
    """Treaties of both worlds, those that took the same course once."""
    same = [t for t in actual if t in alternate]
    return [
        {"in": name, **t}
        for name, rows in (
            ("both", same),
            ("actual", [t for t in actual if t not in same]),
            ("alternate", [t for t in alternate if t not in same]),
        )
        for t in rows
    ]


def _blocs(side: _Side, slots: Sequence[int], first: int, ids: Sequence[str]) -> list[Part]:
    out = []
    for k in sorted({n for found in side.blocs for n in found}):
        yearly = [found.get(k) for found in side.blocs]
        names = [_name(side, y, b, first + y, ids) if b else "" for y, b in enumerate(yearly)]
        members = []
        for i in sorted({i for b in yearly if b for i in b.powers | b.allies}):
            kinds = [2 * (i in b.powers) + (i in b.allies) if b else 0 for b in yearly]
            members += [[i, begin, end, v] for v, begin, end in _runs(kinds, first) if v]
        out.append(
            {
                "slot": slots[k],
                "names": [[begin, end, name] for name, begin, end in _runs(names, first) if name],
                "members": members,
            }
        )
    return out


def _name(side: _Side, y: int, bloc: Bloc, year: int, ids: Sequence[str]) -> str:
    """
    Name of a bloc by rule.

    The oldest treaty of defense or offense that binds all its powers and none of another bloc;
    of a single power, the one that binds most of its allies, if three. Where there is none, or
    none with a short name, its weightiest powers.
    """
    others = {i for other in side.blocs[y].values() if other != bloc for i in other.powers}
    best: tuple[int, int] | None = None
    for n, p in enumerate(side.treaties):
        bound = set(np.flatnonzero(p.members[y]).tolist())
        if not p.strong or not bloc.powers <= bound or bound & others:
            continue
        many = len(bound & bloc.allies) if len(bloc.powers) == 1 else 0
        if len(bloc.powers) > 1 or many >= CLIENTS:
            best = max(best or (-1, 0), (many, -n))
    if best is not None:
        short = _short(side.treaties[-best[1]].name)
        if short:
            return short
    weight = side.course.state[y, w.CAP]
    names = [display(ids[i], year) for i in sorted(bloc.powers, key=lambda i: (-weight[i], i))]
    if len(names) == 1:
        return f"{names[0]} and allies"
    return DASH.join(names[:3]) + (" and others" if len(names) > 3 else "")


def _short(name: str) -> str:
    """A treaty's name for a legend: itself or what stands in brackets, if short enough."""
    before, _, inside = name.removesuffix(")").partition(" (")
    return next((text for text in (before, inside) if 0 < len(text) <= SHORT), "")


def _state(state: str, first: int, years: int, *, seat: bool) -> Part:
    names = [display(state, first + y) for y in range(years)]
    seats = [s for s in load().capitals if s.id == state and seat]
    seats.sort(key=lambda s: s.start.year)
    kept = [s for s in seats if s.end is None or s.end.year > first] or seats[-1:]
    return {
        "id": state,
        "names": [[end or first + years - 1, name] for name, _, end in _runs(names, first)],
        "capitals": [
            [max(s.start.year, first), s.city, round(s.lon, 1), round(s.lat, 1)]
            for s in kept
            if s.start.year < first + years
        ],
    }


def _renumbered(out: Part, order: dict[int, int]) -> Part:
    """The same with the states numbered as in its own list."""
    out["pair"] = [order[i] for i in out["pair"]]
    for name in ("actual", "alternate"):
        part = out[name]
        for kind in ("states", "majors"):
            part[kind] = [[order[row[0]], *row[1:]] for row in part[kind]]
        part["land"] = {
            u: [[c[0], order[c[1]], c[2]] for c in rows] for u, rows in part["land"].items()
        }
        for bloc in part["blocs"]:
            bloc["members"] = [[order[row[0]], *row[1:]] for row in bloc["members"]]
    for treaty in out["treaties"]:
        for row in treaty["members"]:
            row[2] = [order[i] for i in row[2]]
    return out
