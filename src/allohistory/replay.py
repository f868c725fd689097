"""Replay history under its own luck: nothing changes without a cause, and what changes has one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.counterfactual.abduce import abduce, window
from allohistory.counterfactual.book import Book, book_of
from allohistory.counterfactual.intervention import Plan, clear
from allohistory.counterfactual.twin import FOREVER, FRESH, INFINITE, Mode
from allohistory.engine import gate as g
from allohistory.engine.ledger import Entry
from allohistory.engine.luck import reset, seat, stage_for, walk
from allohistory.engine.run import History
from allohistory.engine.script import script_of
from allohistory.errors import QuestionError
from allohistory.executors import workers
from allohistory.model import terms as m
from allohistory.model.shipped import shipped
from allohistory.model.switches import without as switch
from allohistory.record.dates import FIRST_YEAR, LAST_YEAR

Counts: TypeAlias = NDArray[np.int64]
Fields: TypeAlias = Sequence[NDArray[Any]]

SEEDS = 20
MOST_CAUSES = 400


def compare(one: Fields, other: Fields) -> tuple[int, Counts]:
    """Cells compared, and differing cells by year (row), over the fields of two Histories."""
    cells, by_year = 0, np.zeros(len(one[0]), np.int64)
    for a, b in zip(one, other, strict=True):
        cells += a.size
        by_year += (a != b).reshape(len(a), -1).sum(axis=1)
    return cells, by_year


@dataclass(frozen=True, slots=True)
class Null:
    """One null replay: which draw, which seed."""

    first: int
    last: int
    draw: int
    seed: int
    off: tuple[str, ...] = ()


def null(job: Null) -> tuple[int, Counts]:
    """Replay without an intervention; returns cells compared and differing cells by year."""
    parameters = switch(shipped()[0][job.draw], job.off)
    s = stage_for(job.last)
    told = abduce(s, parameters, [job.first], memories=True)
    luck = s.luck
    clear(s)
    reset(s, told.worlds[job.first])
    seat(s, job.seed, job.draw)
    luck.number[g.KAPPA] = INFINITE
    p = s.script.panel
    room = History.empty(job.last - job.first + 1, len(p.states), len(p.units), whole=True)
    walk(s, parameters, room, job.first, job.last, mode=g.REPLAY, fresh_after=FOREVER)
    truth = window(told.history, job.first - s.base, job.last - s.base)
    cells, by_year = compare(room, truth)
    return cells, by_year + against_record(room, job.first)


def against_record(history: History, first: int) -> Counts:
    """Differing cells by year between a History and the record's own stocks."""
    p = script_of().panel
    rows = slice(first - p.first, first - p.first + len(history.state))
    pairs = (
        (history.status[:, w.ACTIVE], p.active),
        (history.status[:, w.MAJOR], p.major),
        (history.status[:, w.REGIME], p.regime),
        (history.status[:, w.LEADER], p.leader),
        (history.status[:, w.PATRON], p.patron),
        (history.state[:, w.CAP], p.cap),
        (history.unit[:, w.OWNER], p.owner),
        (history.unit[:, w.HELD], p.held),
        (history.link[:, w.RIVAL], p.rival),
    )
    total = np.zeros(len(history.state), np.int64)
    for mine, record in pairs:
        total += (mine != record[rows]).reshape(len(mine), -1).sum(axis=1)
    return total


def check_years(first: int, last: int) -> None:
    """Years inside the record, in order."""
    if not FIRST_YEAR <= first < last <= LAST_YEAR:
        raise QuestionError(
            f"the years {first} to {last} are not inside the record",
            f"two years from {FIRST_YEAR} to {LAST_YEAR}, the earlier one first",
        )


def replay(
    first: int,
    last: int,
    plan: Plan | None = None,
    *,
    seed: int = 1,
    runs: int | None = None,
    jobs: int = 1,
    kappa: float = 0.0,
    draw: int = 0,
    off: tuple[str, ...] = (),
) -> dict[str, Any]:
    """
    Replay the years first..last and compare every cell of every year with history.

    Parameters
    ----------
    plan : Plan, optional
        Without one nothing may change: every parameter draw is replayed, seeds rotating.
    runs : int, optional
        Null replays (default: one per parameter draw); a plan is replayed once.

    Returns
    -------
    dict
        ``cells_compared, cells_changed, by_year, first_change, causes`` and what was replayed.
    """
    check_years(first, last)
    draws = len(shipped()[0])
    if plan is not None:
        return _with(first, last, plan, seed=seed, kappa=kappa, draw=draw, off=off)
    many = runs or draws
    work = [Null(first, last, k % draws, seed + k % SEEDS, off) for k in range(many)]
    cells, by_year = 0, np.zeros(last - first + 1, np.int64)
    with workers(jobs) as pool:
        for n, differing in pool.map(null, work):
            cells += n
            by_year += differing
    changed = int(by_year.sum())
    years = np.flatnonzero(by_year)
    return {
        "first": first,
        "last": last,
        "runs": many,
        "draws": min(many, draws),
        "seeds": min(many, SEEDS),
        "cells_compared": cells,
        "cells_changed": changed,
        "by_year": {str(first + int(k)): int(by_year[k]) for k in years},
        "first_change": first + int(years[0]) if len(years) else None,
        "causes": [],
    }


def _with(
    first: int, last: int, plan: Plan, *, seed: int, kappa: float, draw: int, off: tuple[str, ...]
) -> dict[str, Any]:
    parameters = switch(shipped()[0][draw], off)
    how = FRESH if kappa < 0 else Mode("replay", INFINITE if np.isinf(kappa) else kappa)
    book = book_of(plan, parameters, last, draw, how=how, seed=seed)
    # Memories (tie) are kept whole for history and not for the run: compare what both hold.
    cells, by_year = compare(book.history[:4], book.truth[:4])
    entries, ids = book.ledger.entries, script_of().panel.states
    causes = [_told(book, entry, ids) for entry in entries[:MOST_CAUSES]]
    years = np.flatnonzero(by_year)
    return {
        "first": first,
        "last": last,
        "plan": plan.id,
        "kappa": kappa if np.isfinite(kappa) else "inf",
        "draw": draw,
        "cells_compared": cells,
        "cells_changed": int(by_year.sum()),
        "by_year": {str(book.first + int(k)): int(by_year[k]) for k in years},
        "first_change": book.first + int(years[0]) if len(years) else None,
        "choices_changed": len(entries),
        "by_kind": dict(Counter(m.NAMES[e.process] for e in entries).most_common()),
        "causes": causes,
    }


def _told(book: Book, entry: Entry, ids: tuple[str, ...]) -> dict[str, Any]:
    """Tell one changed choice with its causal path back to the intervention."""
    return {
        **_named(entry, ids),
        "came_out": entry.result,
        "in_history": entry.was,
        "moved": round(entry.moved, 3),
        "forced": entry.forced,
        "path": [
            {
                **_named(e, ids),
                "because": c.term if c else "intervention",
                "effect": round(c.effect, 3) if c else None,
            }
            for e, c in book.ledger.path(entry, book.parameters)
        ],
    }


def _named(entry: Entry, ids: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {"year": entry.year, "what": m.NAMES[entry.process]}
    if entry.process in (m.HANDS, m.HANDS_TO):
        # The unit is what is decided about; HANDS_TO names the winner too.
        winner = [ids[entry.b]] if entry.process == m.HANDS_TO and entry.b >= 0 else []
        return {**told, "states": winner, "unit": script_of().panel.units[entry.a]}
    return {**told, "states": [ids[k] for k in entry.states if 0 <= k < len(ids)]}
