"""An atlas looked up by year: who is in which bloc, who holds what, who is pledged to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from allohistory.answer.report.equal_earth import place

WORLDS = ("actual", "alternate")
POWER, ALLY, DEPENDENCY, OCCUPIED = "p", "a", "d", "o"
NEUTRAL = "n"
NOBODY = -1
HELD = ("dependency", "home", "occupied or client")
AFTER, SOON = 10, 2
"""Years after the decision in which a figure opens."""


def within(row: Sequence[Any], year: int) -> bool:
    """
    Whether a spell, first and last year (None for the end), holds a year.

    Examples
    --------
    >>> within([1902, 1922], 1922), within([1902, None], 1990), within([1902, 1922], 1923)
    (True, True, False)
    """
    return bool(row[0] <= year and (row[1] is None or year <= row[1]))


class Tie(NamedTuple):
    """Two powers pledged to each other, from a year to a year (None: to the end), and how far."""

    i: int
    j: int
    first: int
    last: int | None
    level: int


@dataclass(frozen=True, eq=False)
class Scene:
    """
    What the figures of an answer read.

    Attributes
    ----------
    atlas : dict
        See `allohistory.answer.atlas`.
    """

    atlas: dict[str, Any]

    @property
    def start(self) -> int:
        """Year in which figures open: soon after the pair is pledged, else after the decision."""
        first, last = self.atlas["decided"], self.atlas["to"]
        one, other = sorted(self.atlas["pair"])
        pledged = (y for y in range(first, last) if self.level("alternate", one, other, y) == 2)
        year: int = min(next(pledged, first + AFTER - SOON) + SOON, last)
        return year

    def name(self, state: int, year: int) -> str:
        """Name of a state in a year."""
        rows = self.atlas["states"][state]["names"]
        return str(next((name for until, name in rows if year <= until), rows[-1][1]))

    def seat(self, state: int, year: int) -> tuple[int, int]:
        """Where the capital of a state lies on the map."""
        rows = self.atlas["states"][state]["capitals"]
        _, _, lon, lat = [r for r in rows if r[0] <= year][-1] if rows[0][0] <= year else rows[0]
        x, y = place(lon, lat)
        return round(x), round(y)

    def blocs(self, world: str, year: int) -> list[dict[str, Any]]:
        """Blocs of a year: slot, name, powers and allies."""
        out = []
        for bloc in self.atlas[world]["blocs"]:
            members = [m for m in bloc["members"] if within(m[1:3], year)]
            if members:
                name = next((n for *spell, n in bloc["names"] if within(spell, year)), "")
                powers, allies = ([m[0] for m in members if m[3] == kind] for kind in (2, 1))
                out.append({"slot": bloc["slot"], "name": name, "powers": powers, "allies": allies})
        return out

    def kinds(self, world: str, year: int) -> dict[int, tuple[str, str]]:
        """Slot and rank (power or ally) of the states in blocs."""
        found: dict[int, tuple[str, str]] = {}
        for bloc in self.blocs(world, year):
            for rank, who in ((POWER, bloc["powers"]), (ALLY, bloc["allies"])):
                found |= {i: (str(bloc["slot"]), rank) for i in who}
        return found

    def holder(self, world: str, unit: str, year: int) -> tuple[int, int]:
        """Who holds a unit, and how: 0 dependency, 1 home, 2 occupied."""
        land = self.atlas[world]["land"].get(unit) or self.atlas["actual"]["land"].get(unit)
        found = (NOBODY, 0)
        for since, owner, held in land or ():
            if since <= year:
                found = (owner, held)
        return found

    def fill(self, world: str, unit: str, year: int, kinds: dict[int, tuple[str, str]]) -> str:
        """Class of a shape: slot or neutral, then how it is held."""
        owner, held = self.holder(world, unit, year)
        if owner == NOBODY:
            return NEUTRAL + POWER
        slot, rank = kinds.get(owner, (NEUTRAL, POWER))
        return slot + (rank, DEPENDENCY, OCCUPIED)[(1, 0, 2)[held]]

    def powers(self) -> list[int]:
        """States that are majors in some year of either world, and the pair."""
        majors = {row[0] for world in WORLDS for row in self.atlas[world]["majors"]}
        return sorted(majors | set(self.atlas["pair"]))

    def stands(self, world: str, state: int, year: int) -> bool:
        """Whether a state is a power in a year: a major, or in the pair and in the system."""
        part = self.atlas[world]
        kind = "states" if state in self.atlas["pair"] else "majors"
        return any(row[0] == state and within(row[1:3], year) for row in part[kind])

    @cached_property
    def _ties(self) -> dict[str, list[Tie]]:
        return {world: self._ties_of(world) for world in WORLDS}

    def ties(self, world: str) -> list[Tie]:
        """Pledges between powers, one for each unbroken spell on a level."""
        return self._ties[world]

    def _ties_of(self, world: str) -> list[Tie]:
        years = range(self.atlas["from"], self.atlas["to"] + 1)
        level: dict[tuple[int, int], list[int]] = {}
        powers = set(self.powers())
        for treaty in self.atlas["treaties"]:
            if treaty["in"] not in {world, "both"}:
                continue
            rows = [(r, who) for r in treaty["members"] for who in r[2] if who in powers]
            for (one, i), (other, j) in combinations(rows, 2):
                weak = len(one) > 3 and len(other) > 3
                found = level.setdefault((min(i, j), max(i, j)), [0] * len(years))
                for k, year in enumerate(years):
                    if within(one, year) and within(other, year) and i != j:
                        found[k] = max(found[k], 1 if weak else treaty["level"])
        out: list[Tie] = []
        for (i, j), course in sorted(level.items()):
            begin = 0
            for k in range(1, len(course) + 1):
                if k == len(course) or course[k] != course[begin]:
                    end = None if k == len(course) else years[k - 1]
                    if course[begin]:
                        out.append(Tie(i, j, years[begin], end, course[begin]))
                    begin = k
        return out

    def dyads(self, level: int = 1) -> list[tuple[int, int]]:
        """Dyads of powers that have a tie of a level, or a higher one, in some year."""
        rows = [t for world in WORLDS for t in self.ties(world)]
        return sorted({(i, j) for i, j, _, _, n in rows if n >= level})

    def level(self, world: str, i: int, j: int, year: int) -> int:
        """Level of what two states are pledged to while both are powers."""
        if not (self.stands(world, i, year) and self.stands(world, j, year)):
            return 0
        rows = [t for t in self.ties(world) if t[:2] == (i, j) and within(t[2:4], year)]
        return max((t.level for t in rows), default=0)

    def shown(self) -> dict[str, Any]:
        """What the script of the page needs: the atlas without its treaties, ties, seats."""
        states = [
            {
                "names": s["names"],
                "seats": [
                    [since, *map(round, place(lon, lat))] for since, _, lon, lat in s["capitals"]
                ],
            }
            for s in self.atlas["states"]
        ]
        worlds = {w: {**self.atlas[w], "ties": self.ties(w)} for w in WORLDS}
        keys = ("from", "to", "pair")
        return {k: self.atlas[k] for k in keys} | {"start": self.start, "states": states, **worlds}


def scene_of(answer: dict[str, Any]) -> Scene | None:
    """
    Read the scene of an answer.

    Returns
    -------
    Scene or None
        None for an answer without a point of divergence, and so without a typical world.
    """
    atlas = answer.get("atlas")
    return Scene(atlas) if atlas else None
