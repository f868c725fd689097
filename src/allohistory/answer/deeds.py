"""
One choice of a world as a clause: what it is when it comes out so, in the present and in the past.

Names are those of the record, of the question file, or made by rule.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from allohistory import world as w
from allohistory.answer.lands import land, several
from allohistory.answer.narrate import the, treaty_name, war_name
from allohistory.answer.wording import listed
from allohistory.counterfactual.book import Book
from allohistory.engine.ledger import Entry
from allohistory.model import terms as m
from allohistory.noise import address
from allohistory.record.names import called
from allohistory.record.tables import load

FORCE, WAR = 1, 2
"""Outcomes of an escalation; 0 is a show of force."""
OF_WARS = (m.JOIN, m.LEAVE, m.WAR_END, m.OUTCOME, m.MARGIN)
OF_TREATIES = (m.OPEN, m.MEMBER, m.ACCEDE, m.WITHDRAW, m.LAPSE)
FOUND = (m.FOUND_STRONG, m.FOUND_WEAK)
LAND = (m.HANDS, m.HANDS_TO)
_REGIMES = ("autocracy", "a mixed regime", "democracy")
# Present and past, where the choice comes out as something and where it does not; {a}, {b} and {c}
# are states, {x} is a treaty, a war or a unit of land.
_DEEDS: dict[int, tuple[str, str, str, str]] = {
    m.FOUND_STRONG: ("{ab} sign {x}", "{ab} signed {x}",
                     "{ab} do not sign {x}", "{ab} did not sign {x}"),
    m.RIVAL_START: ("{ab} become rivals", "{ab} became rivals",
                    "{ab} do not become rivals", "{ab} did not become rivals"),
    m.RIVAL_END: ("the rivalry of {ab} ends", "the rivalry of {ab} ended",
                  "the rivalry of {ab} goes on", "the rivalry of {ab} did not end"),
    m.DISPUTE: ("{a} picks a quarrel with {b}", "{a} picked a quarrel with {b}",
                "{a} leaves {b} alone", "{a} left {b} alone"),
    m.JOIN: ("{c} joins {x}", "{c} joined {x}", "{c} stays out of {x}", "{c} stayed out of {x}"),
    m.LEAVE: ("{c} leaves {x}", "{c} left {x}", "{c} fights on in {x}", "{c} fought on in {x}"),
    m.WAR_END: ("{x} ends", "{x} ended", "{x} goes on", "{x} went on"),
    m.OPEN: ("{x} is opened to others", "{x} was opened to others",
             "{x} stays closed to others", "{x} stayed closed to others"),
    m.ACCEDE: ("{c} joins {x}", "{c} joined {x}",
               "{c} stays outside {x}", "{c} stayed outside {x}"),
    m.WITHDRAW: ("{c} leaves {x}", "{c} left {x}", "{c} stays in {x}", "{c} stayed in {x}"),
    m.LAPSE: ("{x} lapses", "{x} lapsed", "{x} stays in force", "{x} stayed in force"),
    m.ENTRY: ("{a} becomes independent", "{a} became independent",
              "{a} does not become independent", "{a} did not become independent"),
    m.EXIT: ("{a} ceases to be a state", "{a} ceased to be a state",
             "{a} lives on as a state", "{a} lived on as a state"),
    m.HANDS: ("{x} {changes} hands", "{x} changed hands",
              "{x} {do} not change hands", "{x} did not change hands"),
    m.LEADER: ("{a} gets a new leader", "{a} got a new leader",
               "{a} keeps its leader", "{a} kept its leader"),
    m.MAJOR_GAIN: ("{a} becomes a major power", "{a} became a major power",
                   "{a} does not become a major power", "{a} did not become a major power"),
    m.MAJOR_LOSS: ("{a} falls from the major powers", "{a} fell from the major powers",
                   "{a} stays a major power", "{a} stayed a major power"),
    m.PATRON_TO: ("{b} puts its man at the head of {a}", "{b} put its man at the head of {a}",
                  "nobody puts a man at the head of {a}", "nobody put a man at the head of {a}"),
    m.GROWTH: ("{a} grows otherwise than in history", "{a} grew otherwise than in history") * 2,
}  # fmt: skip
_DEEDS |= {
    m.FOUND_WEAK: _DEEDS[m.FOUND_STRONG],
    m.MEMBER: _DEEDS[m.ACCEDE],
    m.ENTRY_LATE: _DEEDS[m.ENTRY],
    m.EXIT_TO: _DEEDS[m.EXIT],
    m.HANDS_TO: _DEEDS[m.HANDS],
}
_LEVELS = {
    0: ("{a} only threatens {b}", "{a} only threatened {b}"),
    FORCE: ("{a} uses force against {b}", "{a} used force against {b}"),
    WAR: ("{a} goes to war with {b}", "{a} went to war with {b}"),
}


@dataclass(frozen=True, slots=True)
class Deeds:
    """
    The choices of a book, in words.

    Attributes
    ----------
    book : Book
    ids : tuple of str
        Ids of states by column.
    """

    book: Book
    ids: tuple[str, ...]

    def label(self, key: int) -> str:
        """Name that the record or the question gives to a key; empty where neither does."""
        return self.book.labels.get(int(np.array(key, np.int64).astype(np.uint64)), "")

    def _hash(self, i: int) -> Any:  # noqa: ANN401 - a numpy scalar
        return self.book.geography.state_hash[i]

    def war(self, k: int) -> str:
        """Name of a war by its slot."""
        war = self.book.world.war
        a, b = self.ids[war[w.W_A, k]], self.ids[war[w.W_B, k]]
        return self.label(int(war[w.W_KEY, k])) or war_name(a, b, int(war[w.W_YEAR, k]))

    def war_of(self, entry: Entry) -> str:
        """Name of the war that an escalation begins, or would have begun."""
        a, b = self._hash(entry.a), self._hash(entry.b)
        key = int(address(m.JOIN, entry.year, a, b))
        return self.label_of(key) or war_name(self.ids[entry.a], self.ids[entry.b], entry.year)

    def label_of(self, address_: int) -> str:
        """Name at an address."""
        return self.book.labels.get(address_, "")

    def treaty(self, t: int) -> str:
        """Name of a treaty by its slot."""
        pact = self.book.world.pact
        a, b = self.ids[pact[w.T_A, t]], self.ids[pact[w.T_B, t]]
        rule = treaty_name(a, b, int(pact[w.T_YEAR, t]), bool(pact[w.T_STRONG, t]))
        return self.label(int(pact[w.T_KEY, t])) or rule

    def signed(self, entry: Entry) -> str:
        """Name of the treaty that a founding makes, or made in history."""
        low, high = sorted((self._hash(entry.a), self._hash(entry.b)))
        key = int(address(entry.process, entry.year, low, high))
        a, b = self.ids[entry.a], self.ids[entry.b]
        strong = entry.process == m.FOUND_STRONG
        return self.label_of(key) or treaty_name(a, b, entry.year, strong)

    def leader(self, entry: Entry) -> str:
        """Name of a leader that a step of the question gives; empty where none does."""
        none = np.uint64(0)
        return self.label_of(int(address(m.LEADER, entry.year, self._hash(entry.a), none)))

    def thing(self, entry: Entry) -> str:
        """What a choice is about besides states, with its article."""
        if entry.process in FOUND:
            return the(self.signed(entry))
        if entry.process in OF_WARS:
            return the(self.war(entry.a // 4 if entry.process == m.JOIN else entry.a))
        if entry.process in OF_TREATIES:
            return the(self.treaty(entry.a))
        if entry.process in LAND:
            return land(load().units[entry.a].name, entry.year)
        return ""

    def _names(self, entry: Entry) -> dict[str, str]:
        """States and things of a clause."""
        many = len(self.ids)
        states = [called(self.ids[i], entry.year) for i in entry.states if 0 <= i < many]
        third = called(self.ids[entry.b], entry.year) if 0 <= entry.b < many else ""
        thing = self.thing(entry)
        plural = several(thing)
        return {
            "a": states[0] if states else "nobody",
            "b": states[1] if len(states) > 1 else "nobody",
            "c": third or "nobody",
            "ab": listed(states[:2]),
            "x": thing,
            "changes": "change" if plural else "changes",
            "do": "do" if plural else "does",
        }

    def clause(self, entry: Entry, *, past: bool = False) -> str:
        """
        What a choice comes to, as a clause without capital or full stop.

        Parameters
        ----------
        entry : Entry
        past : bool
            "signed", not "sign".
        """
        tense = int(past)
        process, result = entry.process, entry.result
        names = self._names(entry)
        if process == m.LEVEL:
            return self._escalation(entry, names, tense)
        if process == m.OUTCOME:
            return self._outcome(entry, names["x"], tense)
        if process == m.MARGIN:
            verb = ("ends", "ended")[tense]
            return f"{names['x']} {verb} {'decisively' if result else 'narrowly'}"
        if process == m.REGIME:
            return self._regime(entry, names["a"], tense)
        if process == m.LEADER and result and (self.leader(entry) or entry.was > 1 == result):
            return self._leads(entry, names["a"], tense)
        return _DEEDS[process][tense + (0 if result > 0 else 2)].format(**names)

    def _leads(self, entry: Entry, state: str, tense: int) -> str:
        who = self.leader(entry)
        if who:
            return f"{who} {('comes', 'came')[tense]} to lead {state}"
        return f"{state} {('changes', 'changed')[tense]} its leader by the rules"

    def _regime(self, entry: Entry, state: str, tense: int) -> str:
        if entry.result == 0:
            return f"{state} {('keeps', 'kept')[tense]} its regime"
        now = self.book.history.status[entry.year - self.book.first, w.REGIME, entry.a]
        return f"{state} {('turns', 'turned')[tense]} to {_REGIMES[int(np.clip(now, 0, 2))]}"

    def _escalation(self, entry: Entry, names: dict[str, str], tense: int) -> str:
        if entry.result == WAR:
            return f"{the(self.war_of(entry))} {('begins', 'began')[tense]}"
        if entry.was == WAR:
            return f"{the(self.war_of(entry))} {('does not begin', 'did not begin')[tense]}"
        return _LEVELS[max(entry.result, 0)][tense].format(**names)

    def _outcome(self, entry: Entry, war: str, tense: int) -> str:
        if entry.result == 1:
            return f"{war} {('ends', 'ended')[tense]} without a victor"
        weight = self.book.world.state[w.CAP]
        side = 1 if entry.result == 0 else 2
        who = np.flatnonzero(np.abs(self.book.world.side[entry.a]) == side).tolist()
        first = [i for i in entry.states if i in who]
        lead = sorted(who, key=lambda i: (i not in first, -weight[i], i))
        if not lead:
            return f"{war} {('ends', 'ended')[tense]}"
        victor = called(self.ids[lead[0]], entry.year)
        side_of = "'s side" if len(lead) > 1 else ""
        return f"{victor}{side_of} {('wins', 'won')[tense]} {war}"
