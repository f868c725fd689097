"""
The record as dense yearly stocks: who was in the system, held what, was whose rival.

Stocks are as of 31 December. Where the raw facts cannot be the outcome of one yearly choice
(a regime that jumps two steps, a rivalry that begins while one side is out of the system) the
stock follows at the first year in which it can; the raw tables keep the date.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from allohistory.noise import name_hash
from allohistory.record.dates import stands
from allohistory.record.rows import Leader
from allohistory.record.tables import Tables, load
from allohistory.vocab import Status
from allohistory.world import AS_DEPENDENCY, AS_HOME, AS_OCCUPIED, NOBODY, Geography

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
KIND = {"sea": 1, "strait": 2, "land": 3}
MIXED, DEMOCRACY = 0.30, 0.55
HYSTERESIS = 0.03
HOW_IN = {"regular": 1, "irregular": 2}
FOREIGN = 3
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """
    Yearly stocks of the record; axis 0 is the year from `first`.

    Attributes
    ----------
    states, units : tuple of str
        Ids in the order of the axes.
    active, early, major, regime, leader, change, patron : (Y, N) int64
        Membership; entry early in the year; major status; regime 0-2; leader token (1 + row of
        leaders.csv); how the leader changed this year (0-3); patron or -1.
    cap : (Y, N) float64
        Log of capability in percent of the world.
    owner, held : (Y, U) int64
        Owner or -1, and 0 dependency, 1 home, 2 occupied.
    rival : (Y, N, N) int64
        Rivalry, symmetric.
    geography : Geography
    """

    first: int
    last: int
    states: tuple[str, ...]
    units: tuple[str, ...]
    active: Ints
    early: Ints
    major: Ints
    regime: Ints
    leader: Ints
    change: Ints
    patron: Ints
    cap: Floats
    owner: Ints
    held: Ints
    rival: Ints
    geography: Geography

    def row(self, year: int) -> int:
        """Row of a year."""
        return year - self.first

    def index(self, state: str) -> int:
        """Column of a state."""
        return self.states.index(state)


def benchmarks(rows: list[tuple[int, float]], years: Ints) -> Floats:
    """Linear interpolation between benchmark years, flat beyond them."""
    rows = sorted(rows)
    return np.interp(years, [y for y, _ in rows], [v for _, v in rows])


def distances(tables: Tables, ids: list[str]) -> Floats:
    """log(1 + km / 1000) between capitals (haversine; the seat that served longest)."""
    place: dict[str, tuple[int, float, float]] = {}
    for capital in tables.capitals:
        end = capital.end.year if capital.end else tables.last
        length = end - max(capital.start.year, tables.first)
        if capital.id not in place or length > place[capital.id][0]:
            place[capital.id] = (length, capital.lat, capital.lon)
    lat = np.radians([place[i][1] for i in ids])[:, None]
    lon = np.radians([place[i][2] for i in ids])[:, None]
    half = (
        np.sin((lat - lat.T) / 2) ** 2
        + np.cos(lat) * np.cos(lat.T) * np.sin((lon - lon.T) / 2) ** 2
    )
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.asarray(np.log1p(km / 1000), np.float64)


def geography(tables: Tables, ids: list[str], units: list[str], tracked: Ints) -> Geography:
    """What no intervention changes."""
    place = {u: n for n, u in enumerate(units)}
    near: list[list[tuple[int, int]]] = [[] for _ in units]
    for border in tables.borders:
        a, b, kind = place[border.a], place[border.b], KIND[border.kind]
        near[a].append((b, kind))
        near[b].append((a, kind))
    flat = [pair for pairs in near for pair in sorted(pairs)]
    return Geography(
        state_hash=np.array([name_hash(i) for i in ids], np.uint64),
        unit_hash=np.array([name_hash(u) for u in units], np.uint64),
        home=np.array([place[row.home] for row in tables.states], np.int64),
        distance=distances(tables, ids),
        start=np.cumsum([0, *(len(pairs) for pairs in near)]).astype(np.int64),
        near=np.array([u for u, _ in flat], np.int64),
        kind=np.array([k for _, k in flat], np.int64),
        people=np.array([max(u.pop, 0.01) for u in tables.units]),
        tracked=tracked,
    )


def membership(tables: Tables, ids: list[str], years: Ints) -> tuple[Ints, Ints]:
    """Who is in the system at the end of each year, and who entered early in it."""
    active = np.zeros((len(years), len(ids)), np.int64)
    for spell in tables.spells:
        i = ids.index(spell.id)
        active[:, i] |= np.array([stands(spell, int(y)) for y in years], np.int64)
    homes = [row.home for row in tables.states]
    early = np.zeros_like(active)
    for t in range(1, len(years)):
        for i in np.flatnonzero(active[t] > active[t - 1]).tolist():
            # A homeland that another state still calls its own (Austria in the Habsburg
            # monarchy) can only be left to a new state at the end of the year.
            blocked = any(
                homes[k] == homes[i] and active[t - 1, k] for k in range(len(ids)) if k != i
            )
            early[t, i] = not blocked
    return active, early


def regimes(tables: Tables, ids: list[str], years: Ints, active: Ints) -> Ints:
    """Regime by year: 0 autocracy, 1 mixed, 2 democracy, one step a year at most."""
    rows: dict[str, list[tuple[int, float]]] = {i: [] for i in ids}
    for row in tables.regimes:
        rows[row.id].append((row.year, row.democracy))
    out = np.zeros_like(active)
    for n, i in enumerate(ids):
        value = benchmarks(rows[i] or [(tables.first, 0.1)], years)
        now = 0
        for t in range(len(years)):
            if not active[t, n]:
                continue
            low = MIXED + (HYSTERESIS if now == 0 else -HYSTERESIS)
            high = DEMOCRACY + (-HYSTERESIS if now == 2 else HYSTERESIS)
            raw = int(value[t] >= low) + int(value[t] >= high)
            fresh = t == 0 or not active[t - 1, n]
            now = raw if fresh else now + int(np.clip(raw - now, -1, 1))
            out[t, n] = now
    return out


def leaders(
    tables: Tables, ids: list[str], years: Ints, active: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Leader token, kind of change, patron, and which states are tracked."""
    token, change = np.zeros_like(active), np.zeros_like(active)
    patron = np.full_like(active, NOBODY)
    spells: dict[str, list[tuple[int, Leader]]] = {i: [] for i in ids}
    for n, row in enumerate(tables.leaders, 1):
        spells[row.id].append((n, row))
    tracked = np.array([bool(spells[i]) for i in ids], np.int64)
    for c, i in enumerate(ids):
        now, behind = 0, NOBODY
        for t, year in enumerate(years):
            if not active[t, c]:
                now, behind = 0, NOBODY
                continue
            held = [(n, r) for n, r in spells[i] if stands(r, int(year))]
            if held and held[-1][0] != now:
                now, row = held[-1]
                kind = HOW_IN.get(row.how_in, FOREIGN)
                sponsor = row.how_in.partition(":")[2]
                behind = ids.index(sponsor) if sponsor in ids else NOBODY
                if behind != NOBODY and not active[t, behind]:
                    behind, kind = NOBODY, HOW_IN["irregular"]
                elif kind == FOREIGN and behind == NOBODY:
                    kind = HOW_IN["irregular"]
                if t and active[t - 1, c]:
                    change[t, c] = kind
            # A patron that ended last year backs nobody any more.
            if behind != NOBODY and not active[t, behind]:
                behind = NOBODY
            token[t, c], patron[t, c] = now, behind
    return token, change, patron, tracked


def holdings(
    tables: Tables, ids: list[str], units: list[str], years: Ints, active: Ints
) -> tuple[Ints, Ints]:
    """Owner of every unit and how it is held."""
    place = {u: n for n, u in enumerate(units)}
    owner = np.full((len(years), len(units)), NOBODY, np.int64)
    held = np.zeros_like(owner)
    for row in tables.holdings:
        u = place[row.unit]
        who = ids.index(row.owner) if row.owner in ids else NOBODY
        how = {Status.HOME: AS_HOME, Status.OCCUPIED: AS_OCCUPIED, Status.CLIENT: AS_OCCUPIED}.get(
            row.status, AS_DEPENDENCY
        )
        for t, year in enumerate(years):
            if stands(row, int(year)):
                owner[t, u], held[t, u] = who, how
    rows = np.arange(len(years))[:, None]
    gone = (owner >= 0) & (active[rows, np.maximum(owner, 0)] == 0)
    owner[gone] = NOBODY
    for c, state in enumerate(tables.states):
        u = place[state.home]
        inside = active[:, c] == 1
        owner[inside, u], held[inside, u] = c, AS_HOME
    held[owner == NOBODY] = AS_DEPENDENCY
    homes = np.array([place[state.home] for state in tables.states])
    _mark_lost(owner, held, homes, active)
    for u in range(len(units)):
        for t in range(1, len(years)):
            same = owner[t, u] == owner[t - 1, u]
            at_home = owner[t, u] >= 0 and homes[owner[t, u]] == u
            if same and not at_home:
                held[t, u] = held[t - 1, u]
    return owner, held


def _mark_lost(owner: Ints, held: Ints, homes: Ints, active: Ints) -> None:
    """Mark homelands in the year their state ended, except where its successor lives there."""
    for c, u in enumerate(homes.tolist()):
        ended = np.flatnonzero((active[1:, c] == 0) & (active[:-1, c] == 1)) + 1
        for t in ended.tolist():
            k = owner[t, u]
            if k < 0:
                held[t, u] = AS_DEPENDENCY
            elif homes[k] != u:
                held[t, u] = AS_OCCUPIED


def rivalries(tables: Tables, ids: list[str], years: Ints, active: Ints, early: Ints) -> Ints:
    """Rivalry of every dyad; it can change only while both sides are there."""
    raw = np.zeros((len(years), len(ids), len(ids)), np.int64)
    for row in tables.rivalries:
        a, b = ids.index(row.a), ids.index(row.b)
        spell = np.array([stands(row, int(y)) for y in years], np.int64)
        raw[:, a, b] |= spell
        raw[:, b, a] |= spell
    out = np.zeros_like(raw)
    out[0] = raw[0] * np.outer(active[0], active[0])
    for t in range(1, len(years)):
        live = (active[t - 1] + early[t]) > 0
        both = np.outer(live, live)
        out[t] = np.where(both, raw[t], out[t - 1])
    return out


def majors(tables: Tables, ids: list[str], years: Ints, active: Ints, early: Ints) -> Ints:
    """Major-power status, possible only in the system."""
    out = np.zeros_like(active)
    for row in tables.majors:
        i = ids.index(row.id)
        out[:, i] |= np.array([stands(row, int(y)) for y in years], np.int64)
    out *= active
    for t in range(1, len(years)):
        late = (active[t] > active[t - 1]) & (early[t] == 0)
        out[t][late] = 0
    return out


@cache
def panel(tables: Tables | None = None) -> Panel:
    """
    Build the yearly stocks of a record (the core record unless another is given).

    Returns
    -------
    Panel
        For every year of the record; about 0.5 s of work for the core record, cached.
    """
    tables = tables or load()
    ids = [row.id for row in tables.states]
    units = [row.unit for row in tables.units]
    years = np.arange(tables.first, tables.last + 1)
    active, early = membership(tables, ids, years)
    share: dict[str, list[tuple[int, float]]] = {i: [] for i in ids}
    for figure in tables.capabilities:
        share[figure.id].append((figure.year, float(np.log(max(figure.share, 0.0025)))))
    cap = np.stack([benchmarks(share[i] or [(tables.first, -4.0)], years) for i in ids], axis=1)
    token, change, patron, tracked = leaders(tables, ids, years, active)
    owner, held = holdings(tables, ids, units, years, active)
    return Panel(
        first=tables.first,
        last=tables.last,
        states=tuple(ids),
        units=tuple(units),
        active=active,
        early=early,
        major=majors(tables, ids, years, active, early),
        regime=regimes(tables, ids, years, active),
        leader=token,
        change=change,
        patron=patron,
        cap=np.clip(cap, -6.0, 4.2),
        owner=owner,
        held=held,
        rival=rivalries(tables, ids, years, active, early),
        geography=geography(tables, ids, units, tracked),
    )
