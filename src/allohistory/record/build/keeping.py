"""Who held a homeland or a dependency on 31 December, as far as the tables tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from allohistory.record.build.fates import NOBODY, Fates, Transfer
from allohistory.record.build.roster import Roster
from allohistory.record.build.source import Source

PART_OF = {
    265: (255, 1945),
    317: (315, 1993),
    343: (640, 1912),
    344: (300, 1918),
    347: (345, 2008),
    349: (300, 1918),
    731: (730, 1945),
    771: (770, 1971),
}
"""Homelands that no table places before a year: part of the homeland of another code until then."""
GAP = {130: 1830, 101: 1830}
"""Homelands free from a year on, long before the tables have a state there (Gran Colombia)."""
EAST_PAKISTAN = 771
STATEHOOD = {3: 1960, 4: 1960}
"""Alaska and Hawaii: home territory by statehood, which is no transfer, after the year named."""
AWAY, OWN, PERHAPS = 0, 1, 2
"""How a unit is held: apart from the holder, as home, or as home if its land joins the holder's."""
Held = tuple[str | None, int]
"""Who holds a unit, and how."""


def dependencies(source: Source, states: Roster) -> dict[int, list[tuple[str, int, int]]]:
    """
    Dependencies by COW code: owner, first and last year.

    The table lists a dependency once for each neighbour and only while that neighbour is a
    member; the owner is taken to have held it from the first year listed to the last.
    """
    found: dict[int, dict[str, tuple[int, int]]] = {}
    columns = ("statelno", "dependl", "statehno", "dependh", "begin", "end")
    for low, low_unit, high, high_unit, begin, end in source.rows("cow_contcol", *columns):
        for owner, unit in ((low, low_unit), (high, high_unit)):
            if unit and owner in states.id_of and states.id_of.get(unit) != states.id_of[owner]:
                spans = found.setdefault(unit, {})
                first, last = spans.get(states.id_of[owner], (begin, end))
                spans[states.id_of[owner]] = (min(first, begin), max(last, end))
    return {
        unit: sorted(((o, a, b) for o, (a, b) in spans.items()), key=lambda s: (s[1], -s[2]))
        for unit, spans in found.items()
    }


@dataclass(frozen=True, eq=False)
class Keeping:
    """
    A unit and who might hold it.

    Parameters
    ----------
    states : Roster
    fates : Fates
    living : list of str
        States whose homeland it is; none for a dependency that never became one.
    code : int
        COW code of a unit that is no homeland.
    """

    states: Roster
    fates: Fates
    living: list[str]
    code: int

    @cached_property
    def codes(self) -> list[int]:
        """COW codes under which the tables list the unit."""
        return [c for state in self.living for c in self.states.codes[state]] or [self.code]

    @cached_property
    def holders(self) -> list[tuple[str, int, int]]:
        """Of whom it is listed as a dependency, and when."""
        return [span for code in self.codes for span in self.fates.holders.get(code, [])]

    @cached_property
    def moves(self) -> list[Transfer]:
        """Transfers of the whole of it."""
        return [move for code in self.codes for move in self.fates.moves.get(code, [])]

    def heir(self, year: int) -> Held:
        """
        Who holds it, as the engine can tell it.

        The heir of a whole state takes its land as home, which a homeland can become only by
        changing hands and so not in the year of the exit: nobody holds it for that one year.
        """
        who, how = self.held(year)
        left = any(self.states.member(state, year - 1) for state in self.living)
        if who is None or who in self.living or not left:
            return who, how
        ready = how == AWAY and self.states.member(who, year - 1)
        return (who, how) if ready else (None, AWAY)

    def held(self, year: int) -> Held:
        """Who holds it: the first rule that applies decides."""
        for rule in (self._own, self._dependency, self._meanwhile, self._part):
            found = rule(year)
            if found is not None:
                return found
        return self._by_transfer(year) if self.living else self._former_dependency(year)

    def _there(self, who: str | None, how: int, year: int) -> Held:
        here = who is not None and who != NOBODY and self.states.member(who, year)
        return (who, how) if here else (None, AWAY)

    def _own(self, year: int) -> Held | None:
        for state in self.living:
            if self.states.member(state, year):
                return state, OWN
        return None

    def _dependency(self, year: int) -> Held | None:
        for owner, first, last in self.holders:
            if first <= year <= last:
                return self._there(owner, AWAY, year)
        return None

    def _meanwhile(self, year: int) -> Held | None:
        """Between two spells of its state: who took it, unless it was a dependency for a time."""
        for state, end, start in self._gaps():
            if end <= year < start:
                if any(last >= end and first <= year for _, first, last in self.holders):
                    return None, AWAY
                move = self.fates.transfer_at(state, end)
                as_home = move is not None and move.as_home
                return self._there(self._after[state, end], OWN if as_home else AWAY, year)
        return None

    def _gaps(self) -> Iterator[tuple[str, int, int]]:
        for state in self.living:
            for (_, end), (start, _) in pairwise(self.states.spells[state]):
                if end is not None:
                    yield state, end.year, start.year

    @cached_property
    def _after(self) -> dict[tuple[str, int], str]:
        return {
            (state, end.year): self.fates.exit(state, end)[1]
            for state in self.living
            for _, end in self.states.spells[state]
            if end is not None
        }

    def _part(self, year: int) -> Held | None:
        """What general history knows and no table says."""
        for code in self.codes:
            parent, until = PART_OF.get(code, (0, 0))
            if year < until and code not in self.fates.holders:
                owner = self.states.id_of[parent]
                who, _ = self._parent(owner, parent).held(year)
                return who, OWN if code == EAST_PAKISTAN and who == owner else PERHAPS
            if code in GAP and year >= GAP[code]:
                return None, AWAY
        return None

    def _parent(self, owner: str, code: int) -> "Keeping":
        home = self.states.home[owner]
        here = [state for state in self.states.ids if self.states.home[state] == home]
        return Keeping(self.states, self.fates, here, code)

    def _by_transfer(self, year: int) -> Held:
        """The last gainer while it lasts, else the next loser or who lived in its place."""
        past = [move for move in self.moves if move.year <= year]
        later = [move for move in self.moves if move.year > year]
        if past and past[-1].gainer and self.states.member(past[-1].gainer, year):
            return past[-1].gainer, OWN if past[-1].as_home else PERHAPS
        if later and later[0].loser:
            how = OWN if later[0].as_home else PERHAPS
            return self.states.housemate(later[0].loser, year), how
        ends = [key for key in self._after if key[1] <= year]
        return self._there(
            self._after[max(ends, key=lambda key: key[1])] if ends else None, OWN, year
        )

    def _former_dependency(self, year: int) -> Held:
        """Who gained it for good after the last year in which it is listed as a dependency."""
        if self.code in STATEHOOD:
            settled = year > STATEHOOD[self.code]
            return self._there(self.holders[-1][0] if settled else None, OWN, year)
        over = max(last for _, _, last in self.holders)
        moves = [move for move in self.moves if over - 1 <= move.year <= year and move.gainer]
        if year <= over or not moves:
            return None, AWAY
        return self._there(moves[-1].gainer, OWN if moves[-1].as_home else AWAY, year)
