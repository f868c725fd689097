"""How states entered and left the system, and who held their land meanwhile."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from allohistory.record.build.roster import Roster
from allohistory.record.build.source import Source
from allohistory.record.build.strife import FORCE, Wars

Rows = list[tuple[Any, ...]]
Fate = tuple[str, str]
"""Cause of an exit and who holds the homeland afterwards."""
NOBODY = "-"
CONQUEST, ANNEXATION, CESSION, SECESSION, UNIFICATION, MANDATE = range(1, 7)
NEAR = 2
MISCODED = {(349, 1864)}
"""Transfers under a code of another unit: the Ionian Islands stand as Slovenia."""
SUCCESSION = 3


@dataclass(frozen=True, slots=True)
class Transfer:
    """A whole unit that changed hands; states that gained or lost it, where any did."""

    year: int
    gainer: str | None
    loser: str | None
    procedure: int
    as_home: bool
    independence: bool


def transfers(source: Source, states: Roster) -> dict[int, list[Transfer]]:
    """Transfers of whole units by COW code, in order; parts of a unit are left out."""
    found: dict[int, list[tuple[int, int, Transfer]]] = {}
    columns = ("entity", "year", "month", "number", "gainer", "loser", "procedur")
    marks = ("gaintype", "losetype", "portion", "indep")
    for code, year, month, number, gainer, loser, how, won, lost, whole, free in source.rows(
        "cow_tc", *columns, *marks
    ):
        if code is None or not (whole == 1 or free == 1) or (code, year) in MISCODED:
            continue
        as_home = (lost if free else won) == 1
        to = states.id_of.get(gainer) if gainer is not None else None
        by = states.id_of.get(loser) if loser is not None else None
        row = Transfer(year, to, by, how or 0, as_home, free == 1)
        found.setdefault(code, []).append((year, (month or 0) * 10_000 + number, row))
    return {
        code: [row for _, _, row in sorted(rows, key=lambda item: item[:2])]
        for code, rows in found.items()
    }


def attackers(source: Source, states: Roster) -> dict[tuple[str, int], list[str]]:
    """Who used force first against a state in a year, by GML."""
    found: dict[tuple[str, int], list[str]] = {}
    columns = ("ccode1", "ccode2", "year", "hostlev1", "sidea1", "sidea2")
    for one, two, year, level, first, second in source.rows("gml_dirdisp", *columns):
        a, b = states.id_of.get(one), states.id_of.get(two)
        if a and b and first == 1 and second == 0 and level >= FORCE:
            found.setdefault((b, year), []).append(a)
    return found


@dataclass(eq=False)
class Fates:
    """
    Causes of entries and exits.

    Attributes
    ----------
    moves : dict of int to list of Transfer
    holders : dict of int to list of (str, int, int)
        By unit code: the state of which it is a dependency, first and last year.
    attacks : dict of (str, int) to list of str
    """

    states: Roster
    wars: Wars
    moves: dict[int, list[Transfer]]
    holders: dict[int, list[tuple[str, int, int]]]
    attacks: dict[tuple[str, int], list[str]]

    def _own_moves(self, state: str) -> list[Transfer]:
        return [move for code in self.states.codes[state] for move in self.moves.get(code, [])]

    def entry(self, state: str, place: int) -> Fate:
        """Cause of an entry and who held the homeland before."""
        start = self.states.spells[state][place][0]
        if place:
            return "restoration", NOBODY
        if (start.year, start.month, start.day) == (self.states.first, 1, 1):
            return "initial", NOBODY
        for move in self._own_moves(state):
            if abs(move.year - start.year) <= NEAR and move.independence:
                loser = move.loser and self.states.housemate(move.loser, start.year - 1)
                cause = "secession" if move.procedure == SECESSION else "independence"
                if loser and loser != state:
                    gone = not self.states.member(loser, start.year)
                    return f"dissolution:{loser}" if gone else cause, loser
        return "independence", NOBODY

    def exit(self, state: str, end: date) -> Fate:
        """
        Cause of an exit and who holds the homeland afterwards.

        In this order: a successor in the same homeland, a transfer of the whole of it, the state
        of which it is a dependency within two years, the strongest enemy of a war that is on, who
        used force against it in that year, who set it free later.
        """
        for fate in (
            self._succeeded,
            self._transferred,
            self._made_dependency,
            self._conquered,
            self._forced,
            self._freed_later,
        ):
            found = fate(state, end.year)
            if found is not None:
                return found
        return "annexation", NOBODY

    def _taken(self, state: str, to: str, year: int) -> Fate:
        war = self.wars.fought(state, to, year)
        return (f"occupation:{war}" if war else f"annexation:{to}"), to

    def _succeeded(self, state: str, year: int) -> Fate | None:
        for other in self.states.ids:
            near = self.states.spells[other][0][0].year - year
            if self.states.home[other] == self.states.home[state] and 0 <= near <= SUCCESSION:
                war = self._lost(state, year)
                return (f"war:{war[0]}" if war else "dissolution"), NOBODY
        return None

    def _transferred(self, state: str, year: int) -> Fate | None:
        move = self.transfer_at(state, year)
        if move is None or move.gainer is None:
            return None
        if move.procedure == UNIFICATION:
            return f"union:{move.gainer}", move.gainer
        return self._taken(state, move.gainer, year)

    def transfer_at(self, state: str, year: int) -> Transfer | None:
        """Transfer of a whole homeland to another member within a year of an exit."""
        for move in self._own_moves(state):
            near = abs(move.year - year) <= 1 and move.gainer not in {None, state}
            if near and self.states.member(str(move.gainer), year):
                return move
        return None

    def _made_dependency(self, state: str, year: int) -> Fate | None:
        for code in self.states.codes[state]:
            for to, first, _ in self.holders.get(code, []):
                if abs(first - year) <= NEAR and self.states.member(to, year):
                    return self._taken(state, to, year)
        return None

    def _conquered(self, state: str, year: int) -> Fate | None:
        war = self._lost(state, year)
        return (f"occupation:{war[0]}", war[1]) if war else None

    def _forced(self, state: str, year: int) -> Fate | None:
        attack = [a for a in self.attacks.get((state, year), []) if self.states.member(a, year)]
        if not attack:
            return None
        to = max(attack, key=lambda a: (self.wars.power(a, year), a))
        return f"annexation:{to}", to

    def _freed_later(self, state: str, year: int) -> Fate | None:
        for move in self._own_moves(state):
            to = move.loser
            if move.independence and move.year > year and to and self.states.member(to, year):
                return f"annexation:{to}", to
        return None

    def _lost(self, state: str, year: int) -> tuple[str, str] | None:
        """War of the year, or of the two before if it is still on, and its strongest enemy."""
        for fought in (year, year - 1, year - 2):
            for enemy in self.wars.enemies(state, fought, fought):
                war = self.wars.fought(state, enemy, fought)
                on = war and max(part.end.year for part in self.wars.parts[war]) >= year
                if war and on and self.states.member(enemy, year):
                    return war, enemy
        return None

    def spells(self) -> Rows:
        """Rows of spells.csv."""
        rows: Rows = []
        for state in self.states.ids:
            spans = self.states.spells[state]
            for place, (start, end) in enumerate(spans):
                cause, before = self.entry(state, place)
                if place:
                    before = self.exit(state, spans[place - 1][1] or start)[1]
                out, to = ("", "") if end is None else self.exit(state, end)
                rows.append((state, start, cause, before, end or "", out, to, "", "cow-states"))
        return rows

    def holder_after(self) -> dict[str, list[str]]:
        """Who holds the homeland after each spell."""
        return {
            state: [NOBODY if end is None else self.exit(state, end)[1] for _, end in spans]
            for state, spans in self.states.spells.items()
        }
