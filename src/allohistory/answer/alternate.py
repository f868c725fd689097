"""The main events of a year in an alternate world, told as `actual` tells those of the record."""

from collections.abc import Iterator

import numpy as np

from allohistory import world as w
from allohistory.answer.actual import PEOPLED
from allohistory.answer.deeds import Deeds
from allohistory.answer.narrate import Facts, sentence
from allohistory.engine.ledger import Entry
from allohistory.model import terms as m
from allohistory.record.names import called
from allohistory.record.tables import load
from allohistory.vocab import DisputeLevel

OUTCOMES = {0: "initiator", 1: "draw", 2: "target"}
_HOW = {1: "regular", 2: "irregular", 3: "foreign"}
GREAT = 3
"""Major powers that make a war a great one."""


def alternate_events(
    deeds: Deeds, year: int, watched: set[int], pair: tuple[int, int]
) -> Iterator[str]:
    """
    Sentences for what happened in a year of a book, in the order of `actual_events`.

    Parameters
    ----------
    deeds : Deeds
    year : int
    watched : set of int
        Columns of the states to tell of.
    pair : (int, int)
        The pair of the question: its disputes, rivalries and coups are told too.
    """
    yield from _wars(deeds, year, watched)
    yield from _grounds(deeds, year, watched)
    yield from _pacts(deeds, year, watched, pair)
    ids, book = deeds.ids, deeds.book
    for _, a, b, result in book.happened(year, m.LEVEL):
        if {a, b} == set(pair) and result + 1 == DisputeLevel.FORCE:
            yield sentence("dispute", year, a=ids[a], b=ids[b], level=DisputeLevel.FORCE)
    for process, kind in ((m.RIVAL_START, "rivalry begins"), (m.RIVAL_END, "rivalry ends")):
        for _, a, b, _ in book.happened(year, process):
            if {a, b} == set(pair):
                yield sentence(kind, year, a=ids[a], b=ids[b])
    yield from _leaders(deeds, year, pair)


def great_wars(deeds: Deeds) -> set[str]:
    """Names of wars, of the record or of this world alone, in which three major powers fight."""
    tables, names = load(), set[str]()
    majors = [(row.id, row.start.year, row.end.year if row.end else 9999) for row in tables.majors]
    for war in tables.wars:
        fought = {row.state for row in tables.participants_of[war.id]}
        ranked = {i for i, first, last in majors if i in fought and first <= war.start.year <= last}
        if len(ranked) >= GREAT:
            names.add(war.name)
    book = deeds.book
    for k in range(int(book.world.count[w.N_WARS])):
        y = int(book.world.war[w.W_YEAR, k]) - book.first
        if 0 <= y < len(book.history.status):
            major = book.history.status[y, w.MAJOR] > 0
            if (major & (book.world.side[k] != 0)).sum() >= GREAT:
                names.add(deeds.war(k))
    return names


def _sides(deeds: Deeds, k: int, side: int) -> list[str]:
    world = deeds.book.world
    weight = world.state[w.CAP]
    who = np.flatnonzero(np.abs(world.side[k]) == side).tolist()
    return [deeds.ids[i] for i in sorted(who, key=lambda i: (-weight[i], i))]


def _wars(deeds: Deeds, year: int, watched: set[int]) -> Iterator[str]:
    book, ids = deeds.book, deeds.ids
    war = book.world.war
    for k in range(int(book.world.count[w.N_WARS])):
        fought = set(np.flatnonzero(book.world.side[k]).tolist())
        if not fought & watched:
            continue
        name = deeds.war(k)
        facts: Facts = {"a": ids[war[w.W_A, k]], "b": ids[war[w.W_B, k]], "name": name}
        if war[w.W_YEAR, k] == year:
            yield sentence("war begins", year, **facts)
        for _, slot, b, _ in book.happened(year, m.JOIN):
            if slot // 4 == k and b in watched:
                yield sentence("war joined", year, a=ids[b], name=name)
        for _, slot, b, _ in book.happened(year, m.LEAVE):
            if slot == k and b in watched:
                yield sentence("war left", year, a=ids[b], name=name)
        if war[w.W_END, k] == year and war[w.W_RESULT, k]:
            outcome = OUTCOMES[int(war[w.W_RESULT, k]) - 1]
            win, lose = (1, 2) if outcome == "initiator" else (2, 1)
            over: Facts = {
                **facts,
                "outcome": outcome,
                "margin": "decisive" if war[w.W_MARGIN, k] else "narrow",
                "winners": _sides(deeds, k, win),
                "losers": _sides(deeds, k, lose),
            }
            yield sentence("war ended", year, **over)


def _grounds(deeds: Deeds, year: int, watched: set[int]) -> Iterator[str]:
    book, ids = deeds.book, deeds.ids
    y = year - book.first
    before, now = book.history.status[y - 1, w.ACTIVE], book.history.status[y, w.ACTIVE]
    home = book.geography.home
    for i in np.flatnonzero(now > before).tolist():
        yield sentence("state enters", year, a=ids[i])
    owner = book.history.unit[:, w.OWNER]
    for i in np.flatnonzero(now < before).tolist():
        k = int(owner[y, home[i]])
        ended: Facts = {"a": ids[i]}
        if k >= 0:
            ended["holder"] = ids[k]
        yield sentence("state ends", year, **ended)
    units = load().units
    for u in np.flatnonzero(owner[y] != owner[y - 1]):
        a, k = int(owner[y - 1, u]), int(owner[y, u])
        if units[u].pop < PEOPLED or not {a, k} & watched or u in home:
            continue
        facts: Facts = {"name": units[u].name}
        if a >= 0:
            facts["a"] = ids[a]
        if k >= 0:
            facts["holder"] = ids[k]
        yield sentence("unit", year, **facts)


def _pacts(deeds: Deeds, year: int, watched: set[int], pair: tuple[int, int]) -> Iterator[str]:
    book, ids = deeds.book, deeds.ids
    pact = book.world.pact
    lesser: list[tuple[int, int]] = []
    for t in range(int(book.world.count[w.N_PACTS])):
        a, b = int(pact[w.T_A, t]), int(pact[w.T_B, t])
        members = set(np.flatnonzero(book.world.member[t]).tolist())
        strong = bool(pact[w.T_STRONG, t])
        if len(members & watched) < (1 if strong else 2) or not {a, b} & watched:
            continue
        facts: Facts = {"a": ids[a], "b": ids[b], "name": deeds.treaty(t)}
        known = deeds.label(int(pact[w.T_KEY, t]))
        if pact[w.T_YEAR, t] == year:
            if known or strong or {a, b} & set(pair):
                yield sentence("treaty signed", year, **facts)
            else:
                lesser.append((a, b))
        for process, kind in ((m.ACCEDE, "treaty joined"), (m.WITHDRAW, "treaty left")):
            for _, slot, c, _ in book.happened(year, process):
                if slot == t and c in watched:
                    yield sentence(kind, year, a=ids[c], name=facts["name"])
        if strong and any(slot == t for _, slot, _, _ in book.happened(year, m.LAPSE)):
            yield sentence("treaty lapsed", year, **facts)
    if lesser:
        # Nobody wants to read of each by a name that no history has given it.
        names = (" with ".join(called(ids[i], year) for i in two) for two in lesser)
        text = "; ".join(dict.fromkeys(names))
        yield f"Pacts short of defense are signed: {text}."


def _leaders(deeds: Deeds, year: int, pair: tuple[int, int]) -> Iterator[str]:
    """Leaders of the pair who came otherwise than by the rules, or whom a step names."""
    book, leaders = deeds.book, load().leaders
    for _, a, b, result in book.happened(year, m.LEADER):
        if a not in pair:
            continue
        name = deeds.leader(Entry(year, m.LEADER, a, b, result, 0, (a,), 0.0, forced=False))
        if not name and result < 2:
            continue
        token = int(book.history.status[year - book.first, w.LEADER, a])
        known = name or (leaders[token - 1].name if 0 < token <= len(leaders) else "")
        facts: Facts = {"a": deeds.ids[a], "how": _HOW.get(result, "regular")}
        if known:
            facts["leader"] = known
        yield sentence("leader", year, **facts)
