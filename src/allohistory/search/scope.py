"""
Which choices a timeline is silent about: all of its kinds, between its states, in its years.

A timeline that claims to list every war and treaty says of every other choice of that kind that
nothing came of it. The scope is that list: each choice with what came of it, so that surprise
can be held against what the model expected.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, permutations

import numpy as np

from allohistory import world as w
from allohistory.counterfactual.intervention import Change, join_unit
from allohistory.engine.script import FORCE, WAR, Script
from allohistory.model import terms as m
from allohistory.noise import address

ORDER = (
    m.ENTRY,
    m.LEADER,
    m.PATRON_TO,
    m.REGIME,
    m.RIVAL_START,
    m.RIVAL_END,
    m.DISPUTE,
    m.LEVEL,
    m.JOIN,
    m.LEAVE,
    m.WAR_END,
    m.OUTCOME,
    m.MARGIN,
    m.MAJOR_GAIN,
    m.MAJOR_LOSS,
    m.EXIT,
    m.EXIT_TO,
    m.ENTRY_LATE,
    m.HANDS,
    m.HANDS_TO,
    m.LAPSE,
    m.WITHDRAW,
    m.ACCEDE,
    m.FOUND_STRONG,
    m.OPEN,
    m.MEMBER,
    m.FOUND_WEAK,
    m.GROWTH,
)
"""Processes in the order of a year."""
PLACE = {process: n for n, process in enumerate(ORDER)}
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A choice of the scope and what came of it.

    Attributes
    ----------
    change : Change
        Its address, and the outcome that is set.
    seen : int
        The outcome (0 nothing); of a war told without disputes, whether it was fought.
    mate : Change or None
        Where only wars are told: the dispute that `change`, its level, would take.
    war : int
        Key of the war that is joined.
    kind : str
        Of event (`question.timeline.Kind`).
    """

    change: Change
    seen: int
    mate: Change | None = None
    war: int = 0
    kind: str = ""


@dataclass(slots=True)
class Scope:
    """
    All choices that a timeline speaks of.

    Attributes
    ----------
    script : Script
    first, last : int
    states : tuple of int
    told : mapping of int to int
        What the timeline says of a choice, by address; silent is nothing.
    apart : set of int
        Addresses that are set but not judged: presupposed, or priced by the reader.
    wars, treaties : mapping of int to (int, (int, int))
        First year and first pair by key, of those known to the record and the timeline.
    asked : list of Asked
    kind : str
        The kind being listed.
    """

    script: Script
    first: int
    last: int
    states: tuple[int, ...]
    told: Mapping[int, int]
    apart: set[int] = field(default_factory=set)
    wars: Mapping[int, tuple[int, tuple[int, int]]] = field(default_factory=dict)
    treaties: Mapping[int, tuple[int, tuple[int, int]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    kind: str = ""

    def fill(self, kinds: Iterable[str]) -> None:
        """List the choices of some kinds (`question.timeline.Kind`), in the order of time."""
        named = set(kinds)
        if "disputes" in named:
            named.discard("wars")
        for self.kind in sorted(named):
            {
                "wars": self._wars,
                "disputes": self._disputes,
                "joinings": self._joinings,
                "war ends": self._war_ends,
                "treaties": self._treaties,
                "treaty ends": self._treaty_ends,
                "rivalries": self._rivalries,
                "leaders": lambda: self._by_state(m.LEADER),
                "regimes": lambda: self._by_state(m.REGIME),
                "land": self._land,
            }[self.kind]()
        self.asked.sort(key=lambda a: (a.change.year, PLACE[a.change.process], a.change.step))

    @property
    def changes(self) -> list[Change]:
        """What is set on a stage so that the world is the timeline's."""
        out = []
        for one in self.asked:
            out += [one.change] if one.mate is None else [one.mate, one.change]
        return out

    # ---- one choice ---------------------------------------------------------------------------
    def _years(self, since: int = 0) -> range:
        return range(max(self.first, since), self.last + 1)

    def _hash(self, i: int) -> int:
        return int(self.script.panel.geography.state_hash[i])

    def _put(
        self, process: int, year: int, first: int, second: int = 0, *, war: int = 0, turn: int = 0
    ) -> None:
        """Enter a choice with what the timeline says came of it."""
        where = int(address(process, year, np.uint64(first), np.uint64(second)))
        if where in self.apart:
            return
        value = self.told.get(where, 0)
        # `step` keeps the order of rounds within a year.
        change = Change(process, year, first, second, value, 0.0, turn)
        self.asked.append(Asked(change, value, None, war, self.kind))

    def _directed(self) -> Iterable[tuple[int, int]]:
        return permutations([self._hash(i) for i in self.states], 2)

    def _dyads(self) -> Iterable[tuple[int, int]]:
        hashes = [self._hash(i) for i in self.states]
        return ((min(a, b), max(a, b)) for a, b in combinations(hashes, 2))

    # ---- kinds --------------------------------------------------------------------------------
    def _disputes(self) -> None:
        for year in self._years():
            for a, b in self._directed():
                self._put(m.DISPUTE, year, a, b)
                where = int(address(m.DISPUTE, year, np.uint64(a), np.uint64(b)))
                if self.told.get(where, 0):
                    self._put(m.LEVEL, year, a, b)

    def _wars(self) -> None:
        """Wars only: below them, disputes come and go as luck has it."""
        events = self.script.events
        for year in self._years():
            for a, b in self._directed():
                one, two = (
                    int(address(p, year, np.uint64(a), np.uint64(b))) for p in (m.DISPUTE, m.LEVEL)
                )
                if one in self.apart or two in self.apart:
                    continue
                level = self.told.get(two)
                fought = level == WAR
                if level is None:
                    level = min(events.get(year, {}).get(two, 0), FORCE)
                dispute = Change(m.DISPUTE, year, a, b, self.told.get(one), 0.0, 0, priced=False)
                change = Change(m.LEVEL, year, a, b, level, 0.0, 0, priced=False)
                self.asked.append(Asked(change, int(fought), dispute, 0, self.kind))

    def fought(self) -> Iterable[tuple[int, int]]:
        """Keys and first years of the wars between the states, and of those spoken of."""
        p, mine = self.script, set(self.states)
        found = {key: year for key, (year, _) in self.wars.items()}
        for name, key in p.war_key.items():
            if set(p.war_pair[name]) <= mine and p.war_end[name] >= self.first:
                found[key] = p.war_year[name]
        return found.items()

    def _joinings(self) -> None:
        for key, since in self.fought():
            for year in self._years(since):
                for turn in range(ROUNDS):
                    for i in self.states:
                        where = join_unit(key, turn)
                        self._put(m.JOIN, year, where, self._hash(i), war=key, turn=turn)

    def _war_ends(self) -> None:
        for key, since in self.fought():
            for year in self._years(since):
                self._put(m.WAR_END, year, key)
                for process in (m.OUTCOME, m.MARGIN):
                    where = int(address(process, year, np.uint64(key), np.uint64(0)))
                    if where in self.told:
                        self._put(process, year, key)

    def _treaties(self) -> None:
        for year in self._years():
            for process in (m.FOUND_STRONG, m.FOUND_WEAK):
                for a, b in self._dyads():
                    self._put(process, year, a, b)

    def _treaty_ends(self) -> None:
        p, mine = self.script, set(self.states)
        keys = {
            key: p.treaty_year[name]
            for name, key in p.treaty_key.items()
            if set(p.founders[name]) <= mine and (p.treaty_end[name] or 9999) >= self.first
        }
        for key, (year, _) in self.treaties.items():
            keys.setdefault(key, year)
        for key, signed in keys.items():
            for year in self._years(signed + 1):
                self._put(m.LAPSE, year, key)

    def _rivalries(self) -> None:
        for year in self._years():
            for process in (m.RIVAL_START, m.RIVAL_END):
                for a, b in self._dyads():
                    self._put(process, year, a, b)

    def _by_state(self, process: int) -> None:
        for year in self._years():
            for i in self.states:
                self._put(process, year, self._hash(i))

    def _land(self) -> None:
        """States that end and enter, and home soil of theirs that changes hands."""
        p = self.script.panel
        for process in (m.ENTRY, m.EXIT, m.ENTRY_LATE):
            self._by_state(process)
        row, mine = p.row(self.first) - 1, set(self.states)
        for u in range(len(p.units)):
            # What a timeline speaks of beyond that is set, but not judged: nobody says of all
            # colonies what became of them, and to judge those that moved would be to pick them.
            if int(p.owner[row, u]) in mine and p.held[row, u] == w.AS_HOME:
                for year in self._years():
                    self._put(m.HANDS, year, int(p.geography.unit_hash[u]))
