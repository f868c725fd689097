"""One typical world beside history: which run, what happened in it, and why it parted."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from allohistory import world as w
from allohistory.answer.actual import PEOPLED, actual_events
from allohistory.answer.atlas import atlas
from allohistory.answer.narrate import Facts, sentence, war_name
from allohistory.answer.totals import Totals
from allohistory.answer.work import Ask, code
from allohistory.counterfactual.book import Book, book_of
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH
from allohistory.model import terms as m
from allohistory.model.shipped import shipped
from allohistory.model.switches import without
from allohistory.question import goals
from allohistory.record.tables import load
from allohistory.vocab import DisputeLevel

FEW = 5
MOST_CAUSES = 3
QUIET = 5
"""Years after the decision in which rows that are the same in both histories are still shown."""
OUTCOMES = {0: "initiator", 1: "draw", 2: "target"}


class Typical(NamedTuple):
    """
    A typical world.

    Attributes
    ----------
    draw, run : int
    reached : bool
        Whether it reaches the goal.
    share : float
        Share of the runs it was chosen from.
    """

    draw: int
    run: int
    reached: bool
    share: float


def typical(totals: Totals, many: int = 1) -> list[Typical]:
    """
    Find typical worlds of a plan, the most typical first.

    Among the runs that reach the goal where there are at least five, else among all, those
    nearest to the middle of them all in the measured quantities.
    """
    side = totals.sides[code(FRESH.name, "alternate")]
    met = int(side.by_draw("met", goals.M_TOGETHER)[0].sum())
    few = met < FEW
    rows = (totals.every if few else totals.reaching).rows()
    part = np.ascontiguousarray(rows["quantities"])
    scale = np.maximum(part.std(axis=0), 1e-9)
    distance = (np.abs(part - np.median(part, axis=0)) / scale).sum(axis=1)
    return [
        Typical(
            draw=int(row["draw"]),
            run=int(row["run"]),
            reached=bool(row["met"][goals.M_TOGETHER]),
            share=1.0 if few else met / side.many,
        )
        for row in rows[np.argsort(distance, kind="stable")[:many]]
    ]


def typical_world(found: Typical, ask: Ask, plan: Plan, ids: Sequence[str]) -> dict[str, Any]:
    """A typical world of a plan: its `timeline` beside history, and its `atlas`."""
    number, run = found.draw, found.run
    draws = shipped()[0]
    parameters = without(draws[number % len(draws)], ask.off, elicited=ask.elicited)
    last = min(plan.decided + ask.horizon, ask.last)
    book = book_of(
        plan, parameters, last, run, how=FRESH, seed=ask.seed, since=min(ask.start, plan.first - 1)
    )
    return {
        "timeline": timeline(book, found, ask, plan, ids),
        "atlas": atlas(book, plan.decided, ask.pair, ids),
    }


def timeline(
    book: Book, found: Typical, ask: Ask, plan: Plan, ids: Sequence[str]
) -> dict[str, Any]:
    """A typical world year by year beside history, with the cause of each parting."""
    number, run, reached, share = found
    last = book.first + len(book.history.status) - 1
    near = _near(book, ask.pair)
    watched = [*ask.pair, *near]
    names = [ids[i] for i in watched]
    rows = []
    for year in range(plan.first, last + 1):
        actual = actual_events(year, names)
        alternate = list(dict.fromkeys(_events(book, year, set(watched), ask.pair, ids)))
        same = set(actual) == set(alternate)
        if (actual or alternate) and not (same and year > plan.decided + QUIET):
            rows.append(
                {
                    "year": year,
                    "actual": actual,
                    "alternate": ["the same"] if same else alternate,
                    "same": same,
                    "because": [] if same else _because(book, year, ask.pair, ids),
                }
            )
    return {
        "pod": plan.id,
        "run": run,
        "draw": number,
        "mode": "fresh",
        "reaches_goal": reached,
        "chosen_from": round(share, 4),
        "rows": rows,
    }


def _near(book: Book, pair: tuple[int, int]) -> list[int]:
    """Majors that touch the pair, fight it or are allied to it, in either history."""
    found: set[int] = set()
    for h in (book.history, book.truth):
        for y in range(len(h.status)):
            for i in np.flatnonzero(h.status[y, w.MAJOR]):
                met = h.link[y, :, list(pair), i]
                if i not in pair and (met[:, w.ALLY].max() > 1 or met[:, w.WAR].any()):
                    found.add(int(i))
    return sorted(found)


def _label(book: Book, key: int) -> str:
    """Name of a treaty or war of the record, empty for one of this world alone."""
    return book.labels.get(int(np.array(key, np.int64).astype(np.uint64)), "")


def _war(book: Book, k: int, ids: Sequence[str]) -> Facts:
    war = book.world.war
    facts: Facts = {
        "a": ids[war[w.W_A, k]],
        "b": ids[war[w.W_B, k]],
        "began": int(war[w.W_YEAR, k]),
    }
    name = _label(book, int(war[w.W_KEY, k]))
    if name:
        facts["name"] = name
    return facts


def _sides(book: Book, k: int, side: int, ids: Sequence[str]) -> list[str]:
    weight = book.world.state[w.CAP]
    who = np.flatnonzero(np.abs(book.world.side[k]) == side).tolist()
    return [ids[i] for i in sorted(who, key=lambda i: (-weight[i], i))]


def _events(
    book: Book, year: int, watched: set[int], pair: tuple[int, int], ids: Sequence[str]
) -> Iterator[str]:
    """Sentences for what happened in a year of a book, in the order of `actual_events`."""
    yield from _wars(book, year, watched, ids)
    yield from _grounds(book, year, watched, ids)
    yield from _pacts(book, year, watched, ids)
    for _, a, b, result in book.happened(year, m.LEVEL):
        if {a, b} == set(pair) and result + 1 == DisputeLevel.FORCE:
            yield sentence("dispute", year, a=ids[a], b=ids[b], level=DisputeLevel.FORCE)
    for process, kind in ((m.RIVAL_START, "rivalry begins"), (m.RIVAL_END, "rivalry ends")):
        for _, a, b, _ in book.happened(year, process):
            if {a, b} == set(pair):
                yield sentence(kind, year, a=ids[a], b=ids[b])


def _wars(book: Book, year: int, watched: set[int], ids: Sequence[str]) -> Iterator[str]:
    war = book.world.war
    for k in range(int(book.world.count[w.N_WARS])):
        fought = set(np.flatnonzero(book.world.side[k]).tolist())
        if not fought & watched:
            continue
        facts = _war(book, k, ids)
        if war[w.W_YEAR, k] == year:
            yield sentence("war begins", year, **facts)
        name = facts.get("name") or war_name(facts["a"], facts["b"], facts["began"])
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
                "winners": _sides(book, k, win, ids),
                "losers": _sides(book, k, lose, ids),
            }
            yield sentence("war ended", year, **over)


def _grounds(book: Book, year: int, watched: set[int], ids: Sequence[str]) -> Iterator[str]:
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


def _pacts(book: Book, year: int, watched: set[int], ids: Sequence[str]) -> Iterator[str]:
    pact = book.world.pact
    for t in range(int(book.world.count[w.N_PACTS])):
        a, b = int(pact[w.T_A, t]), int(pact[w.T_B, t])
        members = set(np.flatnonzero(book.world.member[t]).tolist())
        strong = bool(pact[w.T_STRONG, t])
        if len(members & watched) < (1 if strong else 2) or not {a, b} & watched:
            continue
        name = _label(book, int(pact[w.T_KEY, t]))
        facts: Facts = {
            "a": ids[a],
            "b": ids[b],
            "strong": strong,
            "began": int(pact[w.T_YEAR, t]),
        }
        if name:
            facts["name"] = name
        if pact[w.T_YEAR, t] == year:
            yield sentence("treaty signed", year, **facts)
        if strong and any(slot == t for _, slot, _, _ in book.happened(year, m.LAPSE)):
            yield sentence("treaty lapsed", year, **facts)


def _because(book: Book, year: int, pair: tuple[int, int], ids: Sequence[str]) -> list[str]:
    """Causes of what parted from history in a year, the pair's own first, three at most."""
    mine = [e for e in book.ledger.entries if e.year == year]
    mine.sort(key=lambda e: (not e.forced, -len(set(e.states) & set(pair)), -abs(e.moved)))
    out: list[str] = []
    for entry in mine:
        who = ", ".join(ids[i] for i in entry.states if 0 <= i < len(ids))
        what = f"{m.NAMES[entry.process]} ({who})"
        if entry.forced:
            out.append(f"{what}: the point of divergence itself")
        else:
            cause = book.ledger.causes(entry, book.parameters, 1)[0]
            if cause.effect == 0.0 and cause.parent is None:
                out.append(f"{what}: new luck")
            else:
                term = cause.term.replace("_", " ")
                since = (
                    f" since {m.NAMES[cause.parent.process]} of {cause.parent.year}"
                    if (cause.parent)
                    else ""
                )
                out.append(f"{what}: {term}{since}, log odds {cause.effect:+.2f}")
        if len(out) == MOST_CAUSES:
            break
    return out
