"""Wars with their sides, disputes and rivalries."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from allohistory.record.build.roster import Floats, Roster
from allohistory.record.build.source import Source
from allohistory.record.tables import Tables

Rows = list[tuple[Any, ...]]
WON, LOST = 1, 2
FORCE, WAR = 4, 5
GML_LAST = 2010
PREVAILED = {1: "initiator", 2: "target", 3: "target", 4: "initiator", 5: "draw"}
"""Who prevailed by code of outcome: side A, side B, A yields, B yields, stalemate."""
OPEN_RIVALRY = 2017
ROMAN_NUMERAL = {"world-war-i": "first-world-war", "world-war-ii": "second-world-war"}


@dataclass(frozen=True, slots=True)
class Part:
    """One state's part in a war."""

    state: str
    side: int
    start: date
    end: date
    initiator: bool
    outcome: int
    deaths: int | None


@dataclass(eq=False)
class Wars:
    """
    The wars of the record.

    Attributes
    ----------
    wars, participants : list of tuple
        Rows of their tables.
    parts : dict of str to list of Part
        By war id.
    dropped : list of str
        Wars that cannot be told, with the reason.
    """

    states: Roster
    share: Floats
    wars: Rows = field(default_factory=list)
    participants: Rows = field(default_factory=list)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def power(self, state: str, year: int) -> float:
        """Share of capability, of the year before where the state is gone."""
        n, t = self.states.index[state], self.states.row(year)
        return float(self.share[max(t - 1, 0) : t + 1, n].max())

    def enemies(self, state: str, first: int, last: int) -> list[str]:
        """Enemies in wars whose fighting touches the years, the strongest first."""
        found = {
            other
            for (mine, other), spans in self._opposed.items()
            if mine == state and other != state
            for _, start, end in spans
            if start <= last and end >= first
        }
        return sorted(found, key=lambda enemy: (-self.power(enemy, last), enemy))

    def fought(self, one: str, other: str, year: int) -> str | None:
        """War in which two states were on opposite sides in a year."""
        spans = self._opposed.get((one, other), [])
        return next((war for war, start, end in spans if start <= year <= end), None)

    def at_war(self, one: str, other: str, day: date) -> bool:
        """Whether two states are at war on a day in one of the wars told so far."""
        return any(
            mine.state == one
            and theirs.state == other
            and mine.side != theirs.side
            and max(mine.start, theirs.start) < day <= min(mine.end, theirs.end)
            for parts in self.parts.values()
            for mine, theirs in product(parts, parts)
        )

    @cached_property
    def _opposed(self) -> dict[tuple[str, str], list[tuple[str, int, int]]]:
        found: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
        for war, parts in self.parts.items():
            for mine, theirs in product(parts, parts):
                first, last = max(mine.start, theirs.start), min(mine.end, theirs.end)
                if mine.side != theirs.side and first <= last:
                    span = (war, first.year, last.year)
                    found.setdefault((mine.state, theirs.state), []).append(span)
        return found


def wars(source: Source, states: Roster, share: Floats, core: Tables) -> Wars:
    """
    Wars between states, sides relabelled so that ``A`` is the initiator's.

    The table's side 1 is the winner's. Of the participants marked as initiators the earliest in,
    then the strongest, is the initiator, and its first enemy, then the strongest, the target. An
    outcome other than won or lost is a draw, and a draw is narrow.
    """
    told = Wars(states, share)
    days = [f"{what}{part}" for what in ("Start", "End") for part in ("Year1", "Month1", "Day1")]
    again = [day.replace("1", "2") for day in days]
    columns = ("WarNum", "WarName", "ccode", "Side", "Initiator", "Outcome", "BatDeath")
    grouped: dict[int, tuple[str, list[Part]]] = {}
    for number, name, code, side, first, outcome, deaths, *when in sorted(
        source.rows("cow_war_inter_part", *columns, *days, *again), key=lambda row: row[:3]
    ):
        if code not in states.id_of:
            continue
        parts = grouped.setdefault(number, (name, []))[1]
        for y, m, d, to_y, to_m, to_d in (when[:6], when[6:]):
            if y is not None:
                start, end = _day(y, m, d, 1), _day(to_y, to_m, to_d, 28)
                part = Part(states.id_of[code], side, start, end, first == 1, outcome, deaths)
                _add(parts, part)
    known = {row.cow[0]: row for row in core.wars if row.cow}
    many = [number for row in core.wars for number in row.cow]
    for number, (name, parts) in grouped.items():
        row = known.get(number)
        if row is not None and many.count(number) > 1:
            row = None
        _tell(told, number, name, parts, row)
    return told


def _add(parts: list[Part], part: Part) -> None:
    """Note a part; a pause of less than a year is no way out of a war."""
    for n, before in enumerate(parts):
        same = (before.state, before.side) == (part.state, part.side)
        if same and part.start.year - before.end.year <= 1:
            parts[n] = replace(before, end=max(before.end, part.end))
            return
    parts.append(part)


def _day(year: int, month: int | None, day: int | None, other: int) -> date:
    return date(year, month if month and month > 0 else 7, day if day and day > 0 else other)


def _tell(told: Wars, number: int, name: str, parts: list[Part], core: Any) -> None:  # noqa: ANN401 - a War or None
    start = min(part.start for part in parts)
    end = max(part.end for part in parts)
    marked = [part for part in parts if part.initiator]

    def first(some: list[Part]) -> Part:
        return min(some, key=lambda p: (p.start, -told.power(p.state, p.start.year), p.state))

    sides = {part.side for part in parts}
    if not marked or len(sides) != 2:
        told.dropped.append(f"{name} ({number}): no initiator, or one side only")
        return
    a = first(marked)
    others = [part for part in parts if part.side != a.side and part.state != a.state]
    # Two states at war already (over Vietnam) cannot begin another war (over Laos).
    free = [part for part in others if not told.at_war(a.state, part.state, start)]
    b = first(free or others)
    text = name if re.search(r"\bWar\b|Rebellion|Invasion|Conquest", name) else f"{name} War"
    war = core.id if core else slug(text)
    if war in told.parts:
        war = f"{war}-{start.year}"
    outcome = {WON: "initiator", LOST: "target"}.get(a.outcome, "draw")
    margin = "narrow" if outcome == "draw" else "decisive"
    aliases = ";".join((text, *core.aliases)) if core else ""
    title = core.name if core else text
    told.parts[war] = parts
    told.wars.append(
        (war, title, number, start, end, a.state, b.state, outcome, margin, aliases, "", "cow-wars")
    )
    for part in sorted(parts, key=lambda p: (p.side != a.side, p.start, p.state)):
        out = _how_out(told.states, parts, part, end)
        deaths = "" if part.deaths is None else two_digits(part.deaths)
        side = "A" if part.side == a.side else "B"
        told.participants.append((war, part.state, side, part.start, part.end, out, deaths, ""))


def _how_out(states: Roster, parts: list[Part], part: Part, end: date) -> str:
    if part.end >= end:
        return "end"
    if any(p.state == part.state and p.side != part.side and p.start >= part.end for p in parts):
        return "switched"
    exits = [to for _, to in states.spells[part.state] if to is not None]
    if any(0 <= (to - part.end).days <= 366 or to.year == part.end.year for to in exits):
        return "conquered"
    return "separate-peace"


def two_digits(number: int) -> int:
    """Two significant digits, as the codebook wants."""
    return int(float(f"{number:.2g}"))


def slug(name: str) -> str:
    """Kebab-case id of a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def disputes(source: Source, states: Roster) -> Rows:
    """
    One row per directed pair and year of onset, at the highest level; side A is the initiator.

    Gibler, Miller and Little to 2010, MID 5.0 after. A dispute has the level of the two states,
    not of the coalition; it is `joined` if one of them was not there from the first day. Who
    prevailed is told of disputes between one state and one other (`_prevailed`), to 2010.
    """
    verdicts = _prevailed(source)
    best: dict[tuple[str, str, int], tuple[int, int, int, str]] = {}
    for table, onset, first, last in (
        ("gml_dirdisp", "midonset", states.first, GML_LAST),
        ("cow_mid_dirdisps", "disponset", GML_LAST + 1, states.last),
    ):
        columns = ("dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2", "orig1", "orig2")
        rows = source.rows(table, *columns, onset, "sidea1", "sidea2")
        for number, one, two, year, high, low, orig, other, *kept in rows:
            if kept != [1, 1, 0] or not first <= year <= last:
                continue
            a, b = states.id_of.get(one), states.id_of.get(two)
            if a is None or b is None or a == b:
                continue
            top = max(high, low)
            level = 3 if top >= WAR else 2 if top >= FORCE else 1
            verdict = verdicts.get(number, "") if table == "gml_dirdisp" else ""
            found = (level, int(orig and other), -number, verdict)
            best[a, b, year] = max(best.get((a, b, year), found), found)
    order = sorted(best, key=lambda key: (key[2], key[0], key[1]))
    return [(*key, best[key][0], 1 - best[key][1], best[key][3], "") for key in order]


def _prevailed(source: Source) -> dict[int, str]:
    """
    Who prevailed in each dispute of one state with one other, after Carroll and Kenkel (2019).

    A victory of a side and the yielding of the other are one; a stalemate is a draw. What ended
    in compromise, in the release of a seizure, in another dispute, or unclearly, tells nothing.
    """
    rows = source.rows("gml_dirdisp", "dispnum", "numa", "numb", "outcome")
    return {
        number: PREVAILED[outcome]
        for number, many, others, outcome in rows
        if many == others == 1 and outcome in PREVAILED
    }


def rivalries(source: Source, states: Roster) -> Rows:
    """Spells of strategic rivalry (Thompson, Sakuwa and Suhas, who revise Thompson and Dreyer)."""
    rows: dict[tuple[str, str, int], tuple[Any, ...]] = {}
    columns = ("ccode1", "ccode2", "start", "end", "spatial", "positional")
    for one, two, start, end, land, rank in sorted(source.rows("tss_rivalries", *columns)):
        ids = states.id_of.get(one), states.id_of.get(two)
        if None in ids or ids[0] == ids[1] or end < states.first:
            continue
        a, b = sorted(str(i) for i in ids)
        kind = "spatial" if land else "positional" if rank else "ideological"
        to = "" if end >= OPEN_RIVALRY else end
        rows.setdefault((a, b, start), (a, b, start, to, kind, "", "tss"))
    return [rows[key] for key in sorted(rows)]
