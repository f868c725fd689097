"""One typical world beside history: which run, what happened in it, and why it parted."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from allohistory import world as w
from allohistory.answer.actual import actual_events
from allohistory.answer.alternate import alternate_events, great_wars
from allohistory.answer.atlas import atlas
from allohistory.answer.deeds import Deeds
from allohistory.answer.narrate import mentions, sentence, the
from allohistory.answer.totals import Totals
from allohistory.answer.why import number, reasons, told
from allohistory.answer.wording import listed
from allohistory.answer.work import Ask, code
from allohistory.counterfactual.book import Book, book_of
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH
from allohistory.model.shipped import shipped
from allohistory.model.switches import without
from allohistory.question import goals
from allohistory.record.tables import load

FEW = 5
QUIET = 5
"""Years after the decision in which rows that are the same in both histories are still shown."""
OPENING = "The point of divergence: "


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
    run_of, run = found.draw, found.run
    draws = shipped()[0]
    parameters = without(draws[run_of % len(draws)], ask.off, elicited=ask.elicited)
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
    """
    A typical world year by year beside history, with the cause of each parting.

    Returns
    -------
    dict
        ``pod, run, draw, mode, decided, reaches_goal, chosen_from, rows``. A row has ``year,
        actual, alternate, same, because``, the sentences that are always shown (``weighty``: on
        wars of three major powers, treaties of the pair, and what this world has not), and the
        causes in numbers (``causes``); that of the divergence is marked ``opens``.
    """
    run_of, run, reached, share = found
    last = book.first + len(book.history.status) - 1
    deeds = Deeds(book, tuple(ids))
    watched = {*ask.pair, *_near(book, ask.pair)}
    names = [ids[i] for i in (*ask.pair, *sorted(watched - set(ask.pair)))]
    great, own = great_wars(deeds), _treaties(set(names[:2]))
    rows: list[dict[str, Any]] = []
    for year in range(plan.first, last + 1):
        actual = actual_events(year, names)
        alternate = list(dict.fromkeys(alternate_events(deeds, year, watched, ask.pair)))
        opens = not rows
        row = _row(year, actual, alternate, opens=plan.title if opens else "")
        if row is None:
            continue
        late = year > plan.decided + QUIET
        if row["same"] and late and not _weighty(row, names, great):
            continue
        missing: list[str] = []
        if not row["same"]:
            texts = [*actual, *alternate]
            opening = int(opens)
            missing = _missing(year, texts, alternate, names, great)
            row["alternate"][opening:opening] = missing
            given = list(reasons(deeds, year, ask.pair, watched, texts))
            row["because"] = [told(deeds, one) for one in given]
            row["causes"] = [number(deeds, one) for one in given]
        row["weighty"] = list(dict.fromkeys([*_of(great | own, row), *missing]))
        rows.append(row)
    return {
        "pod": plan.id,
        "run": run,
        "draw": run_of,
        "mode": "fresh",
        "decided": plan.decided,
        "reaches_goal": reached,
        "chosen_from": round(share, 4),
        "rows": rows,
    }


def _row(
    year: int, actual: list[str], alternate: list[str], *, opens: str
) -> dict[str, Any] | None:
    """A year of both histories; None where neither has anything to tell."""
    same = set(actual) == set(alternate) and not opens
    if not (actual or alternate or opens):
        return None
    shown = ["the same"] if same else [
        as_in_history(text) if text in actual else text for text in alternate
    ]  # fmt: skip
    row: dict[str, Any] = {
        "year": year,
        "actual": actual,
        "alternate": shown,
        "same": same,
        "because": [],
        "causes": [],
    }
    if opens:
        title = " ".join(opens.split())
        row["alternate"] = [f"{OPENING}{title}{'' if title.endswith(('.', '!', '?')) else '.'}"]
        row["alternate"] += shown
        row["opens"] = True
    return row


def as_in_history(text: str) -> str:
    """
    A sentence on what both histories have.

    Examples
    --------
    >>> as_in_history("The First World War begins: Austria-Hungary attacks Serbia.")
    'The First World War begins as in history: Austria-Hungary attacks Serbia.'
    >>> as_in_history("Norway becomes an independent state.")
    'Norway becomes an independent state, as in history.'
    """
    head, colon, rest = text.partition(": ")
    return f"{head} as in history: {rest}" if colon else f"{text.removesuffix('.')}, as in history."


def _of(names: set[str], row: dict[str, Any]) -> list[str]:
    """Sentences of a row that hold one of some names."""
    texts = (*row["actual"], *row["alternate"])
    return [text for text in texts if any(name in text for name in names)]


def _weighty(row: dict[str, Any], names: Sequence[str], great: set[str]) -> bool:
    """Whether a year that is as in history is worth a line all the same."""
    mine = (mentions(text, i, row["year"]) for text in row["actual"] for i in names[:2])
    return bool(_of(great, row)) or any(mine)


def _missing(
    year: int, texts: list[str], alternate: list[str], names: Sequence[str], great: set[str]
) -> list[str]:
    """What history had in a year and this world has not: great wars, the pair's own, its pacts."""
    tables, pair = load(), set(names[:2])
    told = " ".join(alternate)
    out = []
    for war in tables.wars:
        if war.start.year != year or war.name in told:
            continue
        fought = {row.state for row in tables.participants_of[war.id]}
        if (war.name in great and fought & set(names)) or {war.initiator, war.target} & pair:
            out.append(sentence("war begins", year, happened=False, name=war.name))
    unsigned = [
        treaty.name
        for treaty in tables.treaties
        if treaty.start.year == year
        and treaty.name not in told
        and {treaty.founder_a, treaty.founder_b} & pair
        and any(_signing(treaty.name, text) for text in texts)
    ]
    if len(unsigned) == 1:
        out.append(sentence("treaty signed", year, happened=False, name=unsigned[0]))
    elif unsigned:
        out.append(f"Not signed are {listed(map(the, unsigned))}.")
    return out


def _treaties(pair: set[str]) -> set[str]:
    """Names of treaties that one of a pair founded: "Dual Alliance" names neither founder."""
    return {row.name for row in load().treaties if {row.founder_a, row.founder_b} & pair}


def _signing(name: str, text: str) -> bool:
    """Whether a sentence tells that a treaty of a name is signed."""
    return text.endswith((f" {the(name)}.", f"{name} is signed.", f"{name} are signed."))


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
