"""
Why a choice came out otherwise than in history, in a sentence and in numbers.

A reason is a term that moved the odds towards what happened. What happened against the odds, or
without them, is luck and is said to be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allohistory.answer.deeds import FOUND, LAND, OF_TREATIES, OF_WARS, WAR, Deeds
from allohistory.answer.phrases import OF_LAND, OF_ONE, OF_PAIR, OF_TREATY, OF_WAR
from allohistory.engine.ledger import PARENTS, Entry, order
from allohistory.model import terms as m

LEAST = 0.1
"""Log odds below which a term is no reason: a tenth of them."""
MOST = 3
_LUCK = "here luck alone decided"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMES = (m.ENTRY, m.ENTRY_LATE)
_OF_TWO = (*FOUND, m.RIVAL_START, m.RIVAL_END, m.DISPUTE, m.LEVEL)
_OF_THIRD = frozenset({"common_rival", "rival_of_enemy", "shared_allies"})
_BETWEEN = _words(
    """
    rival hurt_short hurt_mid hurt_long war_memory comrades pact_memory strong_now strong_ally
    weak_now weak_ally cobelligerents opposed rival_memory unsettled_war grudge revanche
    """
)
"""Terms that only something between the two can have moved."""
_WAR_NOW = _words(
    """
    cobelligerents one_at_war opposed opposed_now same_side_now at_war wartime front_line
    holder_at_war majors_at_war majors_fighting engaged_elsewhere comrades war_memory
    """
)
_LASTING = _words("comrades war_memory")
RECENT = 2
"""Years for which a war can be what is behind somebody's being at war."""
_SIGNED = _BETWEEN | _WAR_NOW | _OF_THIRD | {
    "both_major", "major", "major_i", "major_j", "ally_of_principal", "ally_of_side",
    "ally_of_enemy", "weak_ally_of_side", "rival_of_enemy", "war_size",
}  # fmt: skip
"""Terms of which one can say whether a change makes them larger or smaller."""
_WITHIN = (m.MAJOR_GAIN, m.MAJOR_LOSS, m.LEADER, m.REGIME)
_MAKES_WAR = (m.LEVEL, m.JOIN, m.LEAVE, m.WAR_END)
_WAYS = (
    dict.fromkeys((m.DISPUTE, m.LEVEL, m.JOIN, m.RIVAL_START, m.MAJOR_GAIN), 1)
    | dict.fromkeys((*FOUND, m.MEMBER, m.ACCEDE), 1)
    | dict.fromkeys((m.LEAVE, m.WAR_END, m.RIVAL_END, m.MAJOR_LOSS, m.LAPSE, m.WITHDRAW), -1)
)
"""Choices that make more of the terms they are behind when they come out so, and less."""


@dataclass(frozen=True, slots=True)
class Reason:
    """
    Why one choice came out as it did.

    Attributes
    ----------
    entry : Entry
    kind : str
        ``divergence``; ``odds``: something moved them; ``occasion``: one of the states is there
        only here; ``new``: history had no such choice to compare with; ``luck``.
    term : str
        Term that moved the odds; empty without one.
    pushed : float
        By how much (log odds) it moved them towards what happened.
    more : bool
        Whether the term is larger than in history.
    behind : Entry or None
        The earlier change that moved it, or that made the occasion.
    """

    entry: Entry
    kind: str
    term: str = ""
    pushed: float = 0.0
    more: bool = True
    behind: Entry | None = None


def reason(deeds: Deeds, entry: Entry) -> Reason:
    """
    Find why a choice came out as it did.

    Parameters
    ----------
    deeds : Deeds
    entry : Entry
        A choice that differs from history.
    """
    if entry.forced:
        return Reason(entry, "divergence")
    made = occasion(deeds, entry)
    if made is not None:
        return Reason(entry, "occasion", behind=made)
    for term, pushed, more in pushes(deeds, entry):
        if pushed < LEAST:
            break
        if term in _phrases(entry.process):
            behind = _behind(deeds, entry, term, more=more)
            return Reason(entry, "odds", term, pushed, more, behind)
    if entry.process == m.LEVEL:
        # What comes to blows began as a quarrel; where that has a reason, so has this.
        for other in deeds.book.ledger.entries:
            if _place(other) == (m.DISPUTE, entry.year, entry.a, entry.b) and other.result:
                began = reason(deeds, other)
                if began.kind == "odds":
                    return replace(began, entry=entry)
    place = (entry.process, entry.year, entry.a, entry.b)
    first, _ = deeds.book.ledger.alternate.get(place, (0, None))
    known = (entry.process, entry.year, first, entry.b) in deeds.book.ledger.actual
    return Reason(entry, "luck" if known else "new")


def pushes(deeds: Deeds, entry: Entry) -> list[tuple[str, float, bool]]:
    """
    Terms that moved the odds of a choice, those towards what happened first.

    Returns
    -------
    list of (str, float, bool)
        Term, log odds towards what happened, whether the term is larger than in history; empty
        for a choice that history did not have.
    """
    book = deeds.book
    place = (entry.process, entry.year, entry.a, entry.b)
    first, now = book.ledger.alternate.get(place, (0, None))
    then = book.ledger.actual.get((entry.process, entry.year, first, entry.b))
    if now is None or then is None or entry.process in m.RACES:
        return []
    names = m.TERMS.get(entry.process, m.TERMS[m.ENTRY])
    rows = m.ALTERNATIVES.get(entry.process, 1)
    beta = np.zeros((rows + 1, len(names)))
    beta[1:] = book.parameters.beta[entry.process, :rows, : len(names)]
    result, was = (min(max(int(r), 0), rows) for r in (entry.result, entry.was))
    moved = now[: len(names)] - then[: len(names)]
    toward = (beta[result] - beta[was]) * moved
    found = [(names[k], float(toward[k]), bool(moved[k] > 0)) for k in np.flatnonzero(moved)]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def occasion(deeds: Deeds, entry: Entry) -> Entry | None:
    """
    Find the earlier change without which there would have been nothing to choose.

    That a treaty or war of this world alone had to begin before it could end goes without saying;
    what needs saying is that one of the states is there only because of an earlier change.
    """
    if entry.process in (*OF_WARS, *OF_TREATIES):
        return None
    place = (entry.process, entry.year, entry.a, entry.b)
    first, now = deeds.book.ledger.alternate.get(place, (0, None))
    if now is None or (entry.process, entry.year, first, entry.b) in deeds.book.ledger.actual:
        return None
    who = set(entry.states)
    made = [
        e
        for e in deeds.book.ledger.entries
        if e.year <= entry.year
        and e is not entry
        and e.a in who
        and ((e.process in _COMES and e.result > 0) or (e.process == m.EXIT and e.result == 0))
    ]
    return made[-1] if made else None


def _place(e: Entry) -> tuple[int, int, int, int]:
    return (e.process, e.year, e.a, e.b)


def _behind(deeds: Deeds, entry: Entry, term: str, *, more: bool) -> Entry | None:
    """Find the change behind a term: of the right states, and one that moves it this way."""
    allowed = set(PARENTS.get(term, ()))
    best, most = None, 0
    for other in deeds.book.ledger.entries:
        if (other.year, order(other.process)) >= (entry.year, order(entry.process)):
            break
        if term in _WAR_NOW - _LASTING and other.year < entry.year - RECENT:
            continue
        if other.process not in allowed or _sign(other, term) != (1 if more else -1):
            continue
        # Of a change within one state the second index is no state.
        about = {other.a} if other.process in _WITHIN else set(other.states)
        shared = len(set(entry.states) & about)
        if term in _OF_THIRD:
            shared = int(shared == 1)
        elif len(entry.states) > 1 and entry.process in _OF_TWO and term in OF_PAIR:
            shared = int(shared > 1 or (shared > 0 and term not in _BETWEEN))
        if shared and shared >= most:
            best, most = other, shared
    return best


def _sign(entry: Entry, term: str) -> int:
    """Whether a change moves a term up (1) or down (-1); 0 where one cannot say."""
    if term in _WAR_NOW and entry.process not in _MAKES_WAR:
        return 0
    if term in _WAR_NOW and entry.process == m.LEVEL and WAR not in (entry.result, entry.was):
        return 0
    if term not in _SIGNED:
        return 0
    way = _WAYS.get(entry.process, 0)
    return way if entry.result > entry.was else -way


def _phrases(process: int) -> dict[str, tuple[str, str]]:
    """Clauses for the terms of a process."""
    if process in OF_WARS:
        return OF_WAR
    if process in OF_TREATIES:
        return OF_TREATY
    if process in LAND or process in (m.ENTRY, m.ENTRY_LATE):
        return OF_LAND
    if process in FOUND or process in (m.RIVAL_START, m.RIVAL_END, m.DISPUTE, m.LEVEL):
        return OF_PAIR
    return OF_ONE


def told(deeds: Deeds, found: Reason) -> str:
    """
    Tell a reason as a sentence.

    Returns
    -------
    str
        "Japan and Russia do not sign the Russo-Japanese Alliance because they lack the common
        rival they had in history: the rivalry of China and Japan ended in 1916."
    """
    entry = found.entry
    text = deeds.clause(entry)
    text = f"{text[0].upper()}{text[1:]}"
    behind = ""
    if found.behind is not None:
        earlier = found.behind.year < entry.year
        dated = f" in {found.behind.year}" if earlier else " this year"
        past = deeds.clause(found.behind, past=True)
        behind = past if str(found.behind.year) in past and earlier else f"{past}{dated}"
    if found.kind == "divergence":
        return f"{text}: the point of divergence itself."
    if found.kind == "odds":
        more, less = _phrases(entry.process)[found.term]
        after = f": {behind}" if behind else ""
        return f"{text} because {more if found.more else less}{after}."
    if found.kind == "occasion" and behind:
        return f"{text}: it could only come to this because {behind}."
    return f"{text}: {_LUCK}."


def number(deeds: Deeds, found: Reason) -> dict[str, Any]:
    """
    Give a reason in the terms of the model, for those who look at coefficients.

    Returns
    -------
    dict
        ``what, states, kind, term, log_odds, since``; `log_odds` towards what happened.
    """
    entry = found.entry
    out: dict[str, Any] = {
        "what": m.NAMES[entry.process],
        "states": [deeds.ids[i] for i in entry.states if 0 <= i < len(deeds.ids)],
        "kind": found.kind,
        "term": found.term or None,
        "log_odds": round(found.pushed, 3) if found.term else None,
    }
    if found.behind is not None:
        out["since"] = {"what": m.NAMES[found.behind.process], "year": found.behind.year}
    return out


def reasons(
    deeds: Deeds, year: int, pair: tuple[int, int], watched: set[int], texts: Sequence[str]
) -> Iterator[Reason]:
    """
    Reasons for what parted from history in a year, three at most.

    The divergence first, then what has a reason, the pair's own before that of others; luck only
    for the pair, and of that one. Of treaties, wars and land only those in `texts`, the year's
    sentences, are explained.
    """
    rows = [
        e
        for e in deeds.book.ledger.entries
        if e.year == year and matters(e, pair, watched) and _in_view(deeds, e, texts)
    ]
    found = [reason(deeds, e) for e in _leading(rows)]
    found.sort(
        key=lambda r: (
            ("divergence", "odds", "occasion", "luck", "new").index(r.kind),
            -len(set(r.entry.states) & set(pair)),
            -r.pushed,
        )
    )
    given = [r for r in found if r.kind in ("divergence", "odds")]
    mine = [r for r in found if r.kind in ("occasion", "luck") and _own(r.entry, pair)]
    said = set[str]()
    for one in [*given, *mine[:1]][:MOST]:
        text = told(deeds, one)
        if text not in said:
            said.add(text)
            yield one


def _in_view(deeds: Deeds, entry: Entry, texts: Sequence[str]) -> bool:
    """Whether the sentences of the year name what a choice is about."""
    if entry.forced:
        return True
    name = deeds.thing(entry).removeprefix("the ")
    if entry.process == m.LEVEL and WAR in (entry.result, entry.was):
        name = deeds.war_of(entry)
    if entry.process == m.DISPUTE or (entry.process == m.LEVEL and not name):
        name = "force against"
    return any(name in text or name[:1].upper() + name[1:] in text for text in texts)


def _own(entry: Entry, pair: tuple[int, int]) -> bool:
    return bool(set(entry.states) & set(pair))


def _leading(rows: list[Entry]) -> list[Entry]:
    """Leave out what only repeats another, or only prepares it."""
    fought = {(e.a, e.b) for e in rows if e.process == m.LEVEL}
    ended = {e.a for e in rows if e.process == m.OUTCOME}
    plain = any(e.forced and e.process not in _PREPARES for e in rows)
    return [
        e
        for e in rows
        if not (e.process == m.DISPUTE and e.result and (e.a, e.b) in fought and not e.forced)
        and not (e.process in (m.WAR_END, m.MARGIN) and e.a in ended)
        and not (plain and e.forced and e.process in _PREPARES)
    ]


_PREPARES = (m.DISPUTE, m.OPEN, m.WAR_END, m.MARGIN, m.PATRON_TO)
_TOLD = (*FOUND, m.LEVEL, m.JOIN, m.LEAVE, m.WAR_END, m.OUTCOME, m.RIVAL_START, m.RIVAL_END,
         m.EXIT, m.LAPSE, m.HANDS, m.LEADER, m.MAJOR_GAIN, m.MAJOR_LOSS, m.DISPUTE)  # fmt: skip


def matters(entry: Entry, pair: tuple[int, int], watched: set[int]) -> bool:
    """Whether a choice is of the kind that a timeline tells, of states that it is about."""
    who, two = set(entry.states), set(pair)
    if entry.forced or entry.process not in _TOLD or not who & watched:
        return entry.forced
    if entry.process in (m.RIVAL_START, m.RIVAL_END, m.DISPUTE):
        return who == two
    if entry.process == m.LEVEL:
        return who == two or WAR in (entry.result, entry.was)
    if entry.process == m.LEADER:
        return bool(who & two) and max(entry.result, entry.was) > 1
    if entry.process in (m.LAPSE, m.HANDS, m.MAJOR_GAIN, m.MAJOR_LOSS, m.FOUND_WEAK):
        return bool(who & two) and (entry.process != m.FOUND_WEAK or who <= watched)
    return True
