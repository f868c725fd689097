"""
The record as addressed choices: what each choice of history came out as.

Everything that is not listed came out as 0 (nothing happened). Rolling the first World forward
under these choices must yield the record's stocks; `tests/laws` compares them cell by cell.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import SupportsInt

import numpy as np

from allohistory import world as w
from allohistory.engine.race import NOBODY_NAME
from allohistory.model import terms as m
from allohistory.noise import address, mix
from allohistory.record.panel import Panel, panel
from allohistory.record.rows import Participant, Treaty, War
from allohistory.record.tables import Tables, load
from allohistory.vocab import AllianceLevel, DisputeLevel, Outcome

WINNER_MASK = 0x7FFFFFFF
ROUND_DAYS = (7, 60)
PACT_SLOTS, WAR_SLOTS = 1200, 500
FORCE, WAR = 1, 2
RESULT = {Outcome.INITIATOR: 0, Outcome.DRAW: 1, Outcome.TARGET: 2}


@dataclass(slots=True, eq=False)
class Script:
    """
    Addressed choices of the record.

    Attributes
    ----------
    events : dict of int to dict of int to int
        Year -> address -> outcome.
    labels : dict of int to str
        Name of the treaty or war behind an address or key.
    war_key, treaty_key : dict of str to int
        Keys by id; `war_year` and `treaty_year` give the effective first year, `war_pair` and
        `founders` the first two.
    dropped : list of str
        Facts that could not be told as choices, with the reason.
    """

    panel: Panel
    events: dict[int, dict[int, int]] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    war_key: dict[str, int] = field(default_factory=dict)
    war_year: dict[str, int] = field(default_factory=dict)
    war_end: dict[str, int] = field(default_factory=dict)
    war_pair: dict[str, tuple[int, int]] = field(default_factory=dict)
    treaty_key: dict[str, int] = field(default_factory=dict)
    treaty_year: dict[str, int] = field(default_factory=dict)
    treaty_end: dict[str, int | None] = field(default_factory=dict)
    founders: dict[str, tuple[int, int]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    start: w.World | None = None

    def put(
        self, process: int, year: int, first: SupportsInt, second: SupportsInt, value: int
    ) -> None:
        """Note one choice."""
        where = int(address(process, year, np.uint64(int(first)), np.uint64(int(second))))
        self.events.setdefault(year, {})[where] = int(value)


def _changes(script: Script) -> None:
    """Entries, exits, leaders, regimes, majors, rivalries and units from the stocks."""
    p = script.panel
    h, u = p.geography.state_hash, p.geography.unit_hash
    n = len(p.states)
    for t in range(1, p.active.shape[0]):
        year = p.first + t
        live = (p.active[t - 1] + p.early[t]) > 0
        entered = (p.active[t] > p.active[t - 1]) & ~(live & (p.active[t - 1] > 0))
        left = p.active[t - 1] > p.active[t]
        for i in range(n):
            if entered[i]:
                process = m.ENTRY if p.early[t, i] else m.ENTRY_LATE
                script.put(process, year, h[i], 0, 1)
            if left[i]:
                script.put(m.EXIT, year, h[i], 0, 1)
                home = p.geography.home[i]
                k = p.owner[t, home]
                taken = k in (w.NOBODY, i) or (entered[k] and not p.early[t, k])
                name = NOBODY_NAME if taken else h[k]
                script.put(m.EXIT_TO, year, h[i], 0, int(name) & WINNER_MASK)
            if not live[i] or not p.active[t, i]:
                continue
            if p.change[t, i]:
                script.put(m.LEADER, year, h[i], 0, p.change[t, i])
                if p.patron[t, i] != w.NOBODY:
                    k = p.patron[t, i]
                    script.put(m.PATRON_TO, year, h[i], 0, int(h[k]) & WINNER_MASK)
            if p.active[t - 1, i] and p.regime[t, i] != p.regime[t - 1, i]:
                script.put(m.REGIME, year, h[i], 0, 2 if p.regime[t, i] > p.regime[t - 1, i] else 1)
            was = p.major[t - 1, i]
            if p.major[t, i] != was:
                script.put(m.MAJOR_GAIN if p.major[t, i] else m.MAJOR_LOSS, year, h[i], 0, 1)
        for i, j in np.argwhere(np.triu(p.rival[t] != p.rival[t - 1])):
            first, second = min(h[i], h[j]), max(h[i], h[j])
            script.put(m.RIVAL_START if p.rival[t, i, j] else m.RIVAL_END, year, first, second, 1)
        for x in np.flatnonzero(p.owner[t] != p.owner[t - 1]):
            k = p.owner[t, x]
            own = k != w.NOBODY and p.geography.home[k] == x and p.active[t, k]
            lost = any(left[i] and p.geography.home[i] == x for i in range(n))
            if own or lost:
                continue
            script.put(m.HANDS, year, u[x], 0, 2 + p.held[t, x])
            name = NOBODY_NAME if k == w.NOBODY else h[k]
            script.put(m.HANDS_TO, year, u[x], 0, int(name) & WINNER_MASK)


def _turn(war: War, row: Participant, year: int) -> int:
    """Round of joining: by days since the war began in its first year, else by thirds."""
    month, day = row.start.month or 7, row.start.day or 15
    if year > war.start.year:
        return min((month - 1) // 4, 2)
    gap = (month - (war.start.month or 1)) * 30 + day - (war.start.day or 1)
    return 0 if gap <= ROUND_DAYS[0] else 1 if gap <= ROUND_DAYS[1] else 2


def _wars(script: Script, tables: Tables) -> dict[tuple[int, int], set[int]]:
    """Wars with their joiners, leavers and ends; returns the years each dyad was opposed."""
    p = script.panel
    h = p.geography.state_hash
    opposed: dict[tuple[int, int], set[int]] = {}
    for war in tables.wars:
        year, end = war.start.year, war.end.year if war.end else p.last
        a, b = p.index(war.initiator), p.index(war.target)
        if year <= p.first:
            continue
        live = (p.active[p.row(year) - 1] + p.early[p.row(year)]) > 0
        if not (live[a] and live[b]):
            script.dropped.append(f"{war.id}: {war.initiator} or {war.target} was no member")
            continue
        key = int(address(m.JOIN, year, h[a], h[b]))
        signed = np.uint64(key)
        script.war_key[war.id], script.war_year[war.id], script.war_end[war.id] = key, year, end
        script.war_pair[war.id], script.labels[key] = (a, b), war.name
        script.put(m.DISPUTE, year, h[a], h[b], 1)
        script.put(m.LEVEL, year, h[a], h[b], WAR)
        sides: dict[int, list[tuple[int, int, int]]] = {a: [(1, year, end)], b: [(2, year, end)]}
        rows = sorted(
            (r for r in tables.participants if r.war == war.id), key=lambda r: r.start.earliest
        )
        free = {a: year, b: year}
        for row in rows:
            i, side = p.index(row.state), 1 if row.side == "A" else 2
            out = row.end.year if row.end else end
            if i in (a, b) and side == (1 if i == a else 2):
                sides[i] = [(side, year, out)]
            else:
                could = range(max(row.start.year, year, free.get(i, year)), out + 1)
                began = next(
                    (y for y in could if p.active[p.row(y) - 1, i] or p.early[p.row(y), i]), None
                )
                if began is None:
                    script.dropped.append(f"{war.id}: {row.state} could not join as a member")
                    continue
                turn = _turn(war, row, began) if began == row.start.year else 0
                script.put(m.JOIN, began, mix(signed, np.uint64(turn)), h[i], side)
                sides.setdefault(i, []).append((side, began, out))
            if out < end and p.active[p.row(out), i]:
                script.put(m.LEAVE, out, signed, h[i], 1)
            free[i] = out + 1
        if war.end is not None:
            script.put(m.WAR_END, end, signed, 0, 1)
            script.put(m.OUTCOME, end, signed, 0, RESULT[war.outcome])
            script.put(m.MARGIN, end, signed, 0, int(war.margin == "decisive"))
        for i, mine in sides.items():
            for j, theirs in sides.items():
                for s, y0, y1 in mine:
                    for r, z0, z1 in theirs:
                        if s != r:
                            both = range(max(y0, z0), min(y1, z1) + 1)
                            opposed.setdefault((i, j), set()).update(both)
    return opposed


def _disputes(script: Script, tables: Tables, opposed: dict[tuple[int, int], set[int]]) -> None:
    """Disputes below war, between members not already at war with each other."""
    p = script.panel
    h = p.geography.state_hash
    for row in tables.disputes:
        i, j, t = p.index(row.initiator), p.index(row.target), p.row(row.year)
        if t < 1 or t >= p.active.shape[0]:
            continue
        live = (p.active[t - 1] + p.early[t]) > 0
        if not (live[i] and live[j]):
            continue
        war = opposed.get((i, j), set())
        if row.level == DisputeLevel.WAR and row.year in war:
            continue
        if row.year in war and (row.year - 1) in war:
            continue
        where = int(address(m.DISPUTE, row.year, h[i], h[j]))
        if where in script.events.get(row.year, {}):
            continue
        script.put(m.DISPUTE, row.year, h[i], h[j], 1)
        level = FORCE if row.level >= DisputeLevel.FORCE else 0
        if level:
            script.put(m.LEVEL, row.year, h[i], h[j], level)


def _bound(script: Script, tables: Tables, treaty: Treaty, year: int) -> int:
    """State whose leader a treaty is bound to, or -1: the member ruled by the leader named."""
    p = script.panel
    if not treaty.bound_to:
        return w.NOBODY
    for row in tables.leaders:
        if treaty.bound_to in row.name and row.id in (treaty.founder_a, treaty.founder_b):
            i = p.index(row.id)
            if p.active[p.row(year), i]:
                return i
    return w.NOBODY


def _spans(script: Script, tables: Tables, treaty: Treaty) -> dict[int, tuple[int, int, bool]]:
    """Effective membership of a treaty: state -> first year, year of leaving, weak only."""
    p = script.panel
    strong = treaty.obligations.level == AllianceLevel.DEFENSE
    out: dict[int, tuple[int, int, bool]] = {}
    for row in (r for r in tables.members if r.treaty == treaty.id):
        i = p.index(row.state)
        end = min(row.end.year if row.end else 9999, treaty.end.year if treaty.end else 9999)
        began = max(row.start.year, p.first)
        years = [y for y in range(began, min(end, p.last + 1)) if p.active[p.row(y), i]]
        if (
            not years
            and row.start.year >= p.first
            and row.start.year == end
            and p.active[p.row(end), i]
        ):
            years = [end]
        if years and i not in out:
            weak = strong and row.obligations.level != AllianceLevel.DEFENSE
            out[i] = (years[0], end, weak)
    return out


def _treaties(script: Script, tables: Tables) -> None:
    """Treaties: founding pair, members, accessions, withdrawals, ends."""
    p = script.panel
    h = p.geography.state_hash
    world = script.start
    assert world is not None
    taken: set[tuple[int, int, int, int]] = set()
    for treaty in sorted(tables.treaties, key=lambda t: (t.start.earliest, t.id)):
        strong = int(treaty.obligations.level == AllianceLevel.DEFENSE)
        spans = _spans(script, tables, treaty)
        pair, year = _founding(script, treaty, spans, strong, taken)
        if pair is None:
            script.dropped.append(f"{treaty.id}: never two members in the system at once")
            continue
        i, j = pair
        taken.add((year, i, j, strong))
        end = treaty.end.year if treaty.end else None
        end = None if end is None else max(end, year + 1)
        first, second = min(h[i], h[j]), max(h[i], h[j])
        process = m.FOUND_STRONG if strong else m.FOUND_WEAK
        key = int(address(process, year, first, second))
        script.labels[key] = treaty.name
        script.treaty_key[treaty.id], script.founders[treaty.id] = key, (i, j)
        script.treaty_year[treaty.id], script.treaty_end[treaty.id] = year, end
        others = {k: s for k, s in spans.items() if k not in pair}
        bound = _bound(script, tables, treaty, year)
        if year == p.first:
            _standing(world, p, key, treaty, (i, j), spans, bound)
        else:
            script.put(process, year, first, second, 1 + 10 * (bound + 1))
            if others:
                script.put(m.OPEN, year, key, 0, 1)
        for k, (began, out, weak) in spans.items():
            if k not in pair and began > p.first:
                kind = m.MEMBER if began <= year else m.ACCEDE
                if kind == m.ACCEDE and end is not None and began >= end:
                    continue
                script.put(kind, max(began, year), key, h[k], 2 if weak else 1)
            if others and out <= p.last and (end is None or out < end):
                gone = next(
                    (
                        y
                        for y in range(max(out, max(began, year) + 1), p.last + 1)
                        if p.active[p.row(y), k]
                    ),
                    None,
                )
                if gone is not None and (end is None or gone < end):
                    script.put(m.WITHDRAW, gone, key, h[k], 1)
        if end is not None and end <= p.last:
            script.put(m.LAPSE, end, key, 0, 1)


def _founding(
    script: Script,
    treaty: Treaty,
    spans: dict[int, tuple[int, int, bool]],
    strong: int,
    taken: set[tuple[int, int, int, int]],
) -> tuple[tuple[int, int] | None, int]:
    """First year in which two members are in the system, and the founding pair of that year."""
    p = script.panel
    named = (p.index(treaty.founder_a), p.index(treaty.founder_b))
    for year in range(max(treaty.start.year, p.first), p.last + 1):
        there = [
            k
            for k, (began, out, _) in spans.items()
            if began <= year < max(out, began + 1) and p.active[p.row(year), k]
        ]
        if len(there) < 2:
            continue
        there.sort(key=lambda k: (k not in named, spans[k][2], p.states[k]))
        for a in range(len(there)):
            for b in range(a + 1, len(there)):
                i, j = sorted((there[a], there[b]))
                if (year, i, j, strong) not in taken:
                    return (i, j), year
    return None, 0


def _standing(
    world: w.World,
    p: Panel,
    key: int,
    treaty: Treaty,
    pair: tuple[int, int],
    spans: dict[int, tuple[int, int, bool]],
    bound: int,
) -> None:
    """Put a treaty already in force into the first World."""
    t = int(world.count[w.N_PACTS])
    world.count[w.N_PACTS] = t + 1
    world.pact[w.T_ALIVE, t] = 1
    world.pact[w.T_YEAR, t] = treaty.start.year
    world.pact[w.T_STRONG, t] = treaty.obligations.level == AllianceLevel.DEFENSE
    world.pact[w.T_A, t], world.pact[w.T_B, t] = pair
    world.pact[w.T_BOUND, t] = bound
    world.pact[w.T_LEADER, t] = p.leader[0, bound] if bound >= 0 else 0
    world.pact[w.T_KEY, t] = np.array(key, np.uint64).astype(np.int64)
    world.pact[w.T_OPEN, t] = len(spans) > 2
    for k, (began, _, weak) in spans.items():
        if began <= p.first:
            world.member[t, k] = 1 if k in pair else 2 if weak else 1


def _first_world(p: Panel, pacts: int, wars: int) -> w.World:
    """Describe the World of the first year, before its treaties are put in."""
    world = w.World.empty(len(p.states), len(p.units), pacts, wars)
    world.state[w.CAP] = p.cap[0]
    world.status[w.ACTIVE] = p.active[0]
    world.status[w.AGE] = 40 * p.active[0]
    world.status[w.MAJOR] = p.major[0]
    world.status[w.REGIME] = p.regime[0]
    world.status[w.REGIME_AGE] = 10 * p.active[0]
    world.status[w.LEADER] = p.leader[0]
    world.status[w.PATRON] = p.patron[0]
    world.link[w.RIVAL] = p.rival[0]
    world.unit[w.OWNER] = p.owner[0]
    world.unit[w.HELD] = p.held[0]
    return world


@cache
def script_of(tables: Tables | None = None) -> Script:
    """Tell a record (the core record unless another is given) as addressed choices."""
    tables = tables or load()
    script = Script(panel(tables))
    # A run that leaves history signs and fights as much again in new slots.
    pacts = max(PACT_SLOTS, 2 * len(tables.treaties))
    wars = max(WAR_SLOTS, 2 * len(tables.wars))
    script.start = _first_world(script.panel, pacts, wars)
    _changes(script)
    opposed = _wars(script, tables)
    _disputes(script, tables, opposed)
    _treaties(script, tables)
    return script
