"""What every two states of the record went through: wars, rivalries and strong pacts, by year."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

import numpy as np

from allohistory.record.dates import Day
from allohistory.record.neighbours import contacts
from allohistory.record.rows import Member, Participant
from allohistory.record.tables import Tables, stands, touches
from allohistory.vocab import AllianceLevel

Pair = tuple[str, str]
NEAR = {"land": 3, "strait": 2, "sea": 1, "": 0}
"""How near two states are: by the closest border of their homelands."""


@dataclass(frozen=True, slots=True)
class Span:
    """Years from one to another, both within, and what it was."""

    first: int
    last: int
    name: str
    members: int = 2

    @property
    def years(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Former:
    """
    The past of two states, in the order of the alphabet.

    Attributes
    ----------
    a, b : str
        Ids.
    wars : list of Span
        Wars in which the two fought on opposite sides, by their first day in it.
    rivalries : list of Span
    pacts : list of Span
        Treaties with a pledge of defense or offense between the two, by the years at whose end
        they were in force between members of the system.
    """

    a: str
    b: str
    wars: list[Span] = field(default_factory=list)
    rivalries: list[Span] = field(default_factory=list)
    pacts: list[Span] = field(default_factory=list)

    @property
    def allied(self) -> list[tuple[int, int]]:
        """Unbroken spells of alliance: first and last year."""
        spells: list[tuple[int, int]] = []
        for year in sorted({y for pact in self.pacts for y in range(pact.first, pact.last + 1)}):
            if spells and spells[-1][1] == year - 1:
                spells[-1] = (spells[-1][0], year)
            else:
                spells.append((year, year))
        return spells

    def fought(self, year: int) -> list[Span]:
        """Wars that were over by the end of a year."""
        return [war for war in self.wars if war.last <= year]

    def rivals(self, year: int) -> int:
        """Years of rivalry up to a year."""
        return sum(
            min(spell.last, year) - spell.first + 1
            for spell in self.rivalries
            if spell.first <= year
        )

    def hostile(self, year: int) -> int | None:
        """Last year up to a year in which the two were rivals or at war with each other."""
        ends = [min(s.last, year) for s in (*self.wars, *self.rivalries) if s.first <= year]
        return max(ends, default=None)


@cache
def former(tables: Tables) -> dict[Pair, Former]:
    """Pasts of all pairs of states that shared a war, a rivalry or a strong pact."""
    found: dict[Pair, Former] = {}

    def of(one: str, other: str) -> Former:
        pair = (one, other) if one < other else (other, one)
        return found.setdefault(pair, Former(*pair))

    for war in tables.wars:
        for first, second in combinations(tables.participants_of[war.id], 2):
            span = _overlap(first, second, tables)
            if first.side != second.side and first.state != second.state and span:
                of(first.state, second.state).wars.append(Span(*span, war.name))
    for row in tables.rivalries:
        last = row.end.year if row.end else tables.last
        of(row.a, row.b).rivalries.append(Span(row.start.year, last, row.kind))
    for one, other, pact in _pledges(tables):
        of(one, other).pacts.append(pact)
    for past in found.values():
        for spans in (past.wars, past.rivalries, past.pacts):
            spans.sort(key=lambda s: (s.first, s.last, s.name))
    return dict(sorted(found.items()))


def _pledges(tables: Tables) -> Iterator[tuple[str, str, Span]]:
    """Every strong treaty in force between two of its members."""
    for treaty in tables.treaties:
        rows = tables.members_of[treaty.id]
        many = len({row.state for row in rows})
        for one, other in combinations(rows, 2):
            pledged = (one.obligations | other.obligations).level
            if one.state == other.state or pledged < AllianceLevel.DEFENSE:
                continue
            for years in _in_force(one, other, tables):
                yield one.state, other.state, Span(*years, treaty.name, many)


def _overlap(one: Participant, other: Participant, tables: Tables) -> tuple[int, int] | None:
    """First and last year that two rows share; None where they share no day."""
    start = max(one.start, other.start)
    end = min((row.end for row in (one, other) if row.end), default=Day(tables.last, 12, 31))
    return (start.year, end.year) if start.earliest <= end.latest else None


def _in_force(one: Member, other: Member, tables: Tables) -> Iterator[tuple[int, int]]:
    """Spells of years at whose end both are members of a treaty and of the system."""
    spells = [tables.spells_of[row.state] for row in (one, other)]
    first = None
    start = max(one.start.year, other.start.year)
    for year in range(start, tables.last + 2):
        there = year <= tables.last and all(stands(row, year) for row in (one, other))
        there = there and all(any(stands(s, year) for s in some) for some in spells)
        if there and first is None:
            first = year
        elif not there and first is not None:
            yield first, year - 1
            first = None


@cache
def allied_years(tables: Tables) -> dict[Pair, frozenset[int]]:
    """Years at whose end two states were strongly allied."""
    return {
        pair: frozenset(y for pact in past.pacts for y in range(pact.first, pact.last + 1))
        for pair, past in former(tables).items()
        if past.pacts
    }


@cache
def _shares(tables: Tables) -> dict[str, tuple[list[int], list[float]]]:
    """Benchmarks of capability by state."""
    rows = sorted(tables.capabilities, key=lambda row: row.year)
    found: dict[str, tuple[list[int], list[float]]] = {}
    for row in rows:
        years, shares = found.setdefault(row.id, ([], []))
        years.append(row.year)
        shares.append(row.share)
    return found


def _share(tables: Tables, state: str, year: int) -> float:
    years, shares = _shares(tables).get(state, ([year], [0.0]))
    return float(np.interp(year, years, shares))


def third(tables: Tables, pair: Pair, spell: tuple[int, int]) -> str | None:
    """Major power, stronger than both, to which both were allied for most of a spell."""
    allied, years = allied_years(tables), range(spell[0], spell[1] + 1)
    many: Counter[str] = Counter()
    for row in tables.majors:
        both = [allied.get((min(row.id, s), max(row.id, s)), frozenset[int]()) for s in pair]
        for year in years:
            if row.id in pair or not touches(row, year) or any(year not in some for some in both):
                continue
            if _share(tables, row.id, year) > max(_share(tables, s, year) for s in pair):
                many[row.id] += 1
    power, most = max(many.items(), key=lambda row: (row[1], row[0]), default=("", 0))
    return power if most > len(years) / 2 else None


def near(tables: Tables, pair: Pair, year: int) -> int:
    """How near two states are in a year: 3 by land, 2 strait, 1 sea or dependencies, 0 apart."""
    contact = contacts(tables, min(max(year, tables.first), tables.last)).get(pair)
    if contact is None:
        return 0
    return max(NEAR[contact.home], int(bool(contact.dependency)))


def majors(tables: Tables, pair: Pair, year: int, soon: int) -> int:
    """How many of two are major powers in a year, or become so within some years."""
    return sum(
        any(
            row.id == state and any(touches(row, y) for y in range(year, year + soon + 1))
            for row in tables.majors
        )
        for state in pair
    )
