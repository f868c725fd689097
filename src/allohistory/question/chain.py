"""A chain of steps on its way to addressed changes: names found, contradictions refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from allohistory.counterfactual.intervention import Change
from allohistory.engine.script import Script
from allohistory.errors import RecordError, UnknownNameError
from allohistory.model import terms as m
from allohistory.question.read import Sourced, quoted
from allohistory.record.names import (
    display,
    find_leader,
    find_state,
    find_treaty,
    find_unit,
    find_war,
    fold,
    require_member,
)
from allohistory.record.panel import Panel
from allohistory.record.tables import Tables
from allohistory.vocab import AllianceLevel

T = TypeVar("T")


@dataclass(slots=True)
class WarFacts:
    """A war as a chain knows it: key, first pair (1 initiator), when, who, and since when."""

    name: str
    key: int
    year: int
    end: int
    pair: tuple[int, int]
    sides: dict[int, int]
    ours: bool = False
    since: dict[int, int] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The war in a sentence."""
        return f'"{self.name}"' if self.ours else f"the {self.name}"


@dataclass(slots=True)
class Neutral:
    """A neutral as a chain knows it: since when, does it abstain, who presses it, whom it hits."""

    since: int
    abstains: bool = False
    pressed: dict[int, float] = field(default_factory=dict)
    embargoes: set[int] = field(default_factory=set)


@dataclass(slots=True)
class TreatyFacts:
    """A treaty as a chain knows it."""

    name: str
    key: int
    process: int
    year: int
    end: int | None
    pair: tuple[int, int]
    ours: bool = False


@dataclass(slots=True)
class Chain:
    """
    The steps of one point of divergence, mapped so far.

    Attributes
    ----------
    source, tables, script : Sourced, Tables, Script
        Where the steps stand, and the record they change.
    horizon : int
        Years looked at after the first change.
    at : str
        Key of the verb being mapped, such as ``pod[0].step[1].force``.
    step : int
        Its number, from 0.
    stated : float or None
        Probability that the step states; it replaces the model's price.
    changes, says, priors : list
        What becomes of the plan.
    wars, prevented, neutrals, treaties, leaders, entered : dict
        What earlier steps made: wars and treaties by folded name, step that prevented a war,
        neutrals by key of the war and column, leaders to states, and since when states are there
        that history did not have.
    held : set of int
        Addresses that are only presupposed.
    named : set of int
        Columns of the states that the steps speak of.
    called : list of (int, str)
        Names that steps give, as `Plan.names` has them.
    acts, acted : int, dict of int to int
        Year in which the step acts, and those of all steps so far.
    """

    source: Sourced
    tables: Tables
    script: Script
    horizon: int
    at: str = ""
    step: int = 0
    stated: float | None = None
    changes: list[Change] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    priors: list[tuple[int, float]] = field(default_factory=list)
    wars: dict[str, WarFacts] = field(default_factory=dict)
    prevented: dict[str, int] = field(default_factory=dict)
    neutrals: dict[tuple[int, int], Neutral] = field(default_factory=dict)
    treaties: dict[str, TreatyFacts] = field(default_factory=dict)
    leaders: dict[str, int] = field(default_factory=dict)
    entered: dict[int, int] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    called: list[tuple[int, str]] = field(default_factory=list)
    acts: int = 0
    acted: dict[int, int] = field(default_factory=dict)

    # ---- the record -----------------------------------------------------------------------
    @property
    def panel(self) -> Panel:
        """Yearly stocks of the record."""
        return self.script.panel

    def until(self, year: int) -> int:
        """Last year to hold something from a year on, where the step does not say."""
        return min(
            min((c.year for c in self.changes), default=year) + self.horizon, self.panel.last
        )

    def state_hash(self, i: int) -> int:
        """Address of a state."""
        return int(self.panel.geography.state_hash[i])

    def unit_hash(self, u: int) -> int:
        """Address of a unit of land."""
        return int(self.panel.geography.unit_hash[u])

    def dyad(self, i: int, j: int) -> tuple[int, int]:
        """Address of an undirected dyad: smaller hash first, as in `gate.put_dyad`."""
        a, b = self.state_hash(i), self.state_hash(j)
        return min(a, b), max(a, b)

    def name(self, i: int, year: int) -> str:
        """What a reader calls a state in a year."""
        return display(self.panel.states[i], year, self.tables)

    def there(self, i: int, year: int) -> bool:
        """Whether a state is among those that choose in a year (treaties come late in it)."""
        p = self.panel
        if i in self.entered and year >= self.entered[i]:
            return True
        row = p.row(year)
        return bool(p.active[row - 1, i] or p.early[row, i])

    # ---- names ----------------------------------------------------------------------------
    def state(self, text: str, key: str, year: int, *, member: bool = True) -> int:
        """Column of a state that must be there in a year."""
        found = self._named(lambda: find_state(text, year, self.tables), key)
        i = self.panel.index(found)
        if member and not self.there(i, year) and not self.panel.active[self.panel.row(year), i]:
            try:
                require_member(found, year, self.tables)
            except RecordError as error:
                self.fail(key, error.what)
            self.fail(key, f"{self.name(i, year)} cannot act in {year}: it enters or leaves then")
        if member and self.step:
            self._lives(i, year)
        self.named.add(i)
        return i

    def _lives(self, i: int, year: int) -> None:
        """Hold that a state which acts in a later step lives to see it."""
        p = self.panel
        first = min(c.year for c in self.changes)
        for then in range(first, year + 1):
            row = p.row(then)
            if p.active[row - 1, i] and p.active[row, i]:
                self.force(m.EXIT, then, self.state_hash(i), 0, 0, hold=True)
        self.say("The states that act in later steps are held to be still there then.")

    def two(self, texts: Iterable[str], key: str, year: int) -> tuple[int, int]:
        """Columns of two different states."""
        i, j = (self.state(text, key, year) for text in texts)
        if i == j:
            self.fail(key, f"{self.name(i, year)} is named twice")
        return i, j

    def war(self, text: str, key: str) -> WarFacts:
        """A war of an earlier step, or of the record unless an earlier step prevented it."""
        if fold(text) in self.wars:
            return self.wars[fold(text)]
        try:
            found = find_war(text, self.tables)
        except UnknownNameError as error:
            self.fail(key, error.what, quoted(error.nearest))
        row = self.tables.war_of[found]
        if found in self.prevented:
            step = self.prevented[found] + 1
            self.fail(key, f"the {row.name} does not happen any more after step {step}")
        if found not in self.script.war_key:
            self.fail(key, f"the {row.name} is in the record but the model cannot tell it")
        year, p = self.script.war_year[found], self.panel
        pair = (p.index(row.initiator), p.index(row.target))
        sides = {
            p.index(r.state): 1 if r.side == "A" else 2 for r in self.tables.participants_of[found]
        }
        since: dict[int, int] = {}
        for r in self.tables.participants_of[found]:
            i = p.index(r.state)
            since[i] = min(r.start.year, since.get(i, r.start.year))
        facts = WarFacts(
            row.name,
            self.script.war_key[found],
            year,
            self.script.war_end[found],
            pair,
            sides | {pair[0]: 1, pair[1]: 2},
            since=since,
        )
        facts = self.wars.setdefault(fold(row.name), facts)
        self.wars[fold(text)] = facts
        self.named.update(pair)
        return facts

    def war_id(self, facts: WarFacts) -> str:
        """Id in the record of a war; empty for a war of the chain."""
        return next((n for n, key in self.script.war_key.items() if key == facts.key), "")

    def treaty(self, text: str, key: str) -> TreatyFacts:
        """A treaty of an earlier step, or of the record."""
        if fold(text) in self.treaties:
            return self.treaties[fold(text)]
        try:
            found = find_treaty(text, self.tables)
        except UnknownNameError as error:
            self.fail(key, error.what, quoted(error.nearest))
        if found not in self.script.treaty_key:
            self.fail(key, f'the model cannot tell the treaty "{text}"')
        s = self.script
        row = self.tables.treaty_of[found]
        strong = row.obligations.level == AllianceLevel.DEFENSE
        facts = TreatyFacts(
            row.name,
            s.treaty_key[found],
            m.FOUND_STRONG if strong else m.FOUND_WEAK,
            s.treaty_year[found],
            s.treaty_end[found],
            s.founders[found],
        )
        self.treaties[fold(text)] = self.treaties.setdefault(fold(row.name), facts)
        self.named.update(facts.pair)
        return self.treaties[fold(text)]

    def leader(self, text: str, key: str, state: int | None = None) -> tuple[str, int]:
        """Name and state of a leader of the record."""
        within = None if state is None else self.panel.states[state]
        found = self._named(lambda: find_leader(text, within, self.tables), key)
        where, _, name = found.partition(":")
        self.named.add(self.panel.index(where))
        return name, self.panel.index(where)

    def unit(self, text: str, key: str) -> int:
        """Column of a unit of land."""
        found = self._named(lambda: find_unit(text, self.tables), key)
        return self.panel.units.index(found)

    def _named(self, find: Callable[[], T], key: str) -> T:
        try:
            return find()
        except UnknownNameError as error:
            when = f" in {error.year}" if error.year is not None else ""
            self.fail(key, error.what + when, quoted(error.nearest))

    # ---- output ---------------------------------------------------------------------------
    def say(self, sentence: str) -> None:
        """Note how something was mapped."""
        sentence = sentence[:1].upper() + sentence[1:]
        if sentence not in self.says:
            self.says.append(sentence)

    def act(self, year: int, key: str = "year") -> None:
        """Say in which year the step acts; steps stand in the order of time."""
        if year < self.acts:
            self.fail(
                key,
                f"this happens in {year}, before the step above it ({self.acts})",
                f"{self.acts} or later",
            )
        self.acts = self.acted[self.step] = year

    def force(
        self, process: int, year: int, first: int, second: int, value: int, *, hold: bool = False
    ) -> None:
        """
        Set one choice; with `hold` only as what the step presupposes, which has no price.

        A choice that an earlier step decided alike is not paid twice; what was only presupposed
        gives way; two steps that decide the opposite are refused.
        """
        if hold and self.step and year < min(c.year for c in self.changes):
            # Before the first change every world is history, which needs no holding.
            return
        priced = not hold and self.stated is None
        # What a step presupposes of years before it acts belongs to the step in force then:
        # `Plan.decided` takes the earliest year of a step for the year in which it acts.
        step = max((n for n, acts in self.acted.items() if acts <= year), default=self.step)
        step = step if hold else self.step
        change = Change(process, year, first, second, value, 0.0, step, priced)
        where, spot = change.where, (year, process, first, second)
        for n, old in enumerate(self.changes):
            if old.force is None or (old.year, old.process, old.first, old.second) != spot:
                continue
            decided = where not in self.held
            if hold or (decided and old.force == value):
                return
            if decided and old.step != self.step:
                self.fail("", f"this contradicts step {old.step + 1}")
            del self.changes[n]
            break
        (self.held.add if hold else self.held.discard)(where)
        self.changes.append(change)

    def shift(self, process: int, year: int, first: int, second: int, size: float) -> None:
        """Move the log odds of one choice."""
        self.changes.append(Change(process, year, first, second, None, size, self.step, False))

    def needs_probability(self, why: str) -> None:
        """Refuse a step that the model cannot price and that states no probability."""
        if self.stated is None:
            raise self.source.error(
                f"the model cannot price {why}, so the step must state a probability of its own, "
                "as in probability = 0.3",
                self.at.rpartition(".")[0],
            )

    def fail(self, key: str, what: str, instead: str = "") -> NoReturn:
        """Refuse the step, at a key of its table."""
        raise self.source.error(what, f"{self.at}.{key}" if key else self.at, instead) from None
