"""
The question hindcast: what users ask, asked at many cut-offs of the past.

For every cut-off c a model is fitted on the years up to c, fresh worlds are rolled, and the share
of them in which a path predicate came true is held against what the record then did; contenders
that know as much are asked the same. The headline of the model card.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.check.contenders import contend
from allohistory.check.features import told
from allohistory.check.past import Cut, Past, cut, drop, past
from allohistory.check.predicates import (
    CLOSEST,
    LAST_DISPUTES,
    LAST_YEAR,
    PREDICATES,
    SPAN,
    SYSTEM,
    Counts,
    Flags,
    Memories,
    Predicate,
    at_risk,
    count,
    met,
    named,
    system,
)
from allohistory.check.scoring import Cases, joined, pooled, system_rows
from allohistory.question.behaviour import past_at
from allohistory.question.closeness import nearest
from allohistory.record.tables import Tables, load
from allohistory.record.until import until
from allohistory.world import ACTIVE, ALLY

Floats = NDArray[np.float64]
CUTOFFS = tuple(range(1870, 1986, 5))
SHORTEST = 8
"""Years of record that a fit needs at least."""
Rivals = dict[tuple[str, int], dict[str, Floats]]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """
    What is asked at every cut-off.

    Attributes
    ----------
    tables : Tables or None
        The whole record; the core record for None.
    runs, seed : int
    predicates : tuple of str
    only : frozenset of str or None
        States whose pairs are looked at.
    model : callable
        Takes tables and a cut-off as `check.past.cut` does.
    trees : bool
        Whether boosting takes part.
    rivals : dict or None
        Contenders' probabilities worked out before (`rivals_of`): they hang on the record alone.
    """

    tables: Tables | None
    runs: int
    seed: int
    predicates: tuple[str, ...]
    only: frozenset[str] | None
    model: Callable[..., Cut]
    trees: bool = True
    rivals: Rivals | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """
    What one cut-off gave.

    Attributes
    ----------
    cutoff : int
    cases : dict of str to Cases
    system, record : (runs, S) int64, (S,) int64
        Counts of the system over the next `SPAN` years; empty where the record ends before.
    skipped : str
        Why there is nothing, if so.
    """

    cutoff: int
    cases: dict[str, Cases]
    system: NDArray[np.int64]
    record: NDArray[np.int64]
    skipped: str = ""


def asked(plan: Plan, year: int) -> dict[str, int]:
    """Horizons of the predicates whose window is coded to its end."""
    return {
        name: PREDICATES[name].horizon
        for name in plan.predicates
        if year + PREDICATES[name].horizon <= PREDICATES[name].last
    }


def chosen(plan: Plan, states: tuple[str, ...]) -> Flags | None:
    """Mask of the states looked at."""
    if plan.only is None:
        return None
    return np.array([state in plan.only for state in states])


def outcome(whole: Past, row: int, what: Predicate) -> NDArray[np.int64]:
    """What the record made of each pair after a row: 0 or 1."""
    if what.code != CLOSEST:
        return met(whole.history, row, what)
    states, end = whole.history.link.shape[2], row + what.horizon
    top, _ = nearest(whole.history, whole.stage.geography, np.arange(states), (end, end))
    return named(top[0], np.arange(states), states)


def bursts(
    year: int, link: NDArray[np.int8], spell: int, i: NDArray[np.int64], j: NDArray[np.int64]
) -> NDArray[np.int64]:
    """First year of the first spell of alliance of so many years after row 0, 0 without one."""
    strong = link[1:, ALLY][:, i, j] == 2
    out = np.zeros(len(i), np.int64)
    for y in range(len(strong) - spell + 1)[::-1]:
        out[strong[y : y + spell].all(axis=0)] = year + 1 + y
    return out


def at(plan: Plan, year: int) -> Found:
    """Ask everything at one cut-off."""
    nothing = np.empty((0, len(SYSTEM)), np.int64)
    behind = year - (plan.tables or load()).first
    if behind < SHORTEST:
        why = f"{behind} years of record are too few to fit"
        return Found(year, {}, nothing, nothing, why)
    horizons = asked(plan, year)
    if not horizons:
        return Found(year, {}, nothing, nothing, "no window is coded to its end")
    whole = past(plan.tables)
    mask = chosen(plan, whole.states)
    row = whole.row(year)
    span = max(*horizons.values(), min(SPAN, LAST_YEAR - year))
    model = plan.model(plan.tables, year, horizon=span)
    known = told(model.tables, year)
    remembered = None
    if any(PREDICATES[name].code == CLOSEST for name in horizons):
        there = known.history.status[known.last, ACTIVE] == 1
        who = np.flatnonzero(there if mask is None else there & mask)
        past_of = past_at(known.history, model.stage.geography, who, known.last)
        remembered = Memories(who, past_of)
    counts = count(model, plan.runs, span, plan.seed, remembered=remembered)
    cases = {}
    for name in horizons:
        what = PREDICATES[name]
        pairs = at_risk(known.history, known.last, what, mask)
        i, j = np.nonzero(pairs)
        if not len(i):
            continue
        share = np.asarray((counts.met[name][pairs] + 0.5) / (counts.runs + 1.0), np.float64)
        probabilities = (plan.rivals or {}).get((name, year))
        if probabilities is None:
            probabilities = contend(known, what, mask, trees=plan.trees)
        y = outcome(whole, row, what)[pairs]
        burst = np.zeros(len(y), np.int64)
        if what.spell > 1:
            link = whole.history.link[row : row + what.horizon + 1]
            burst = bursts(year, link, what.spell, i, j)
        cases[name] = Cases(
            name,
            np.full(len(y), year),
            i,
            j,
            y,
            burst,
            {"sim": share, **probabilities},
        )
    drop()
    record = nothing
    if year + SPAN <= LAST_DISPUTES:
        record = np.array(system(whole.history, whole.stage.world, row, year))
    return Found(year, cases, counts.system, record)


def rivals_of(plan: Plan, cutoffs: Iterable[int] = CUTOFFS) -> Rivals:
    """Contenders' probabilities at every cut-off; nothing in them comes from the model."""
    out, tables = {}, plan.tables or load()
    for year in cutoffs:
        horizons = asked(plan, year)
        if year - tables.first < SHORTEST or not horizons:
            continue
        known = told(until(tables, year), year)
        mask = chosen(plan, tuple(row.id for row in tables.states))
        for name in horizons:
            out[name, year] = contend(known, PREDICATES[name], mask, trees=plan.trees)
    return out


def found(
    plan: Plan, cutoffs: Iterable[int] = CUTOFFS, executor: Executor | None = None
) -> Iterator[Found]:
    """Ask at every cut-off; one task of the executor each."""
    years = list(cutoffs)
    if executor is None:
        yield from map(at, repeat(plan), years)
    else:
        yield from executor.map(at, repeat(plan), years)


def gathered(parts: list[Found], name: str) -> Cases | None:
    """All cases of a predicate."""
    mine = [part.cases[name] for part in parts if name in part.cases]
    return joined(mine) if mine else None


def hindcast(
    tables: Tables | None = None,
    cutoffs: Iterable[int] = CUTOFFS,
    runs: int = 2000,
    seed: int = 0,
    *,
    predicates: Iterable[str] = tuple(PREDICATES),
    model: Callable[..., Cut] = cut,
    only: frozenset[str] | None = None,
    trees: bool = True,
    rivals: Rivals | None = None,
    executor: Executor | None = None,
    say: Callable[[str], None] = lambda _: None,
    keep: Callable[[Cases], None] = lambda _: None,
) -> list[dict[str, Any]]:
    """
    Score the model and its contenders on path predicates out of sample.

    Parameters
    ----------
    tables : Tables, optional
        The whole record; the core record without it.
    cutoffs : iterable of int
    runs, seed : int
        Fresh worlds from each cut-off.
    predicates : iterable of str
        Of `predicates.PREDICATES`.
    model : callable
        Takes tables and a cut-off as `check.past.cut` does.
    only : set of str, optional
        Ids of the states whose pairs are scored.
    trees : bool
        Whether boosting takes part (it needs scikit-learn).
    rivals : dict, optional
        From `rivals_of`: contenders worked out before.
    executor : Executor, optional
        One task for each cut-off.
    say : callable
        Told of each cut-off as it is done.
    keep : callable
        Handed the cases of each predicate, for tables of single pairs.

    Returns
    -------
    list of dict
        Rows by predicate and cut-off (None for all of them), then those of the system's counts.
    """
    plan = Plan(tables, runs, seed, tuple(predicates), only, model, trees, rivals)
    parts = []
    for part in found(plan, cutoffs, executor):
        many = {name: int(c.y.sum()) for name, c in part.cases.items()}
        say(f"{part.cutoff}: {part.skipped or many}")
        parts.append(part)
    rows: list[dict[str, Any]] = [
        {"predicate": "skipped", "cutoff": part.cutoff, "reason": part.skipped}
        for part in parts
        if part.skipped
    ]
    for name in plan.predicates:
        cases = gathered(parts, name)
        if cases is not None:
            keep(cases)
            rows += pooled(cases, PREDICATES[name].horizon)
    counted = [part for part in parts if part.record.ndim == 1]
    return rows + system_rows([(p.cutoff, p.system, p.record) for p in counted])


__all__ = ["CUTOFFS", "Counts", "Found", "Plan", "Rivals", "found", "hindcast", "rivals_of"]
