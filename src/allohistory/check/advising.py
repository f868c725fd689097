"""
How the advised probability is learnt: a hindcast for the weights, a logistic at each cut-off.

Weights of a cut-off come from those before it whose windows had ended by then, the logistic from
the record as it stood: neither sees a later year.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor

import numpy as np

from allohistory.check.advice import Advice
from allohistory.check.contenders import (
    IGNORANCE,
    Logistic,
    Scale,
    base_rate,
    logit,
    shrunken,
    teaches,
    training,
)
from allohistory.check.features import Told, names_of, told
from allohistory.check.hindcast import SHORTEST, Plan, found, gathered
from allohistory.check.past import cut
from allohistory.check.predicates import PREDICATES, Predicate
from allohistory.check.scoring import Cases, log_scores, stacked, weights
from allohistory.record.tables import Tables, load
from allohistory.record.until import until

CUTOFFS = tuple(range(1870, 2011, 5))
"""Those of the hindcast, and on to the last start year whose worlds can be rolled for long."""
RUNS = 300


def fitted(known: Told, what: Predicate) -> Logistic:
    """The hindcast's logistic at the end of what is known; the base rate if it cannot learn."""
    train = training(known, what)
    if teaches(train):
        return shrunken(train, what.horizon)
    many = len(names_of(what))
    beta = np.zeros(many + 1)
    flat = base_rate(train, what.horizon) if len(train.y) else IGNORANCE
    beta[0] = logit(np.array([flat]))[0]
    return Logistic(Scale(np.zeros(many), np.ones(many)), beta, np.inf)


def at(known: Told, year: int, cases: Iterable[Cases]) -> list[Advice]:
    """
    Advice of a cut-off.

    Parameters
    ----------
    known : Told
        The record as it stood then.
    year : int
    cases : iterable of Cases
        Of each predicate; only those whose window had ended by then are learnt from.
    """
    out = []
    for mine in cases:
        what = PREDICATES[mine.predicate]
        learnt = weights(mine, what.horizon, year)
        if learnt is not None:
            last = int(mine.cutoff[mine.cutoff + what.horizon <= year].max())
            out.append(Advice(mine.predicate, year, last, learnt, fitted(known, what)))
    return out


def track(cases: Cases) -> dict[str, float]:
    """
    How the advice of a predicate fared, at the cut-offs that had weights.

    Returns
    -------
    dict
        Mean log probability of what happened, by simulation, logistic and advice, rounded as in
        `check`; how many cut-offs and cases.
    """
    horizon = PREDICATES[cases.predicate].horizon
    years = np.unique(cases.cutoff).tolist()
    with_weights = [year for year in years if weights(cases, horizon, year) is not None]
    here = np.isin(cases.cutoff, with_weights)
    if not here.any():
        return {"cutoffs": 0, "n": 0}
    p = {**cases.p, "advised": stacked(cases, horizon)}
    scores = {
        name: round(float(log_scores(p[name][here], cases.y[here]).mean()), 5)
        for name in ("sim", "logistic", "advised")
    }
    return {"cutoffs": len(with_weights), "n": int(here.sum()), **scores}


def advise(
    tables: Tables | None = None,
    cutoffs: Iterable[int] = CUTOFFS,
    runs: int = RUNS,
    seed: int = 1,
    *,
    predicates: Iterable[str] = tuple(PREDICATES),
    executor: Executor | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[list[Advice], dict[str, dict[str, float]]]:
    """
    Work out the table: a hindcast for the weights, and a logistic at each cut-off that has any.

    Parameters
    ----------
    tables : Tables, optional
        The whole record; the core record without it.
    cutoffs : iterable of int
    runs, seed : int
        Fresh worlds from each cut-off.
    predicates : iterable of str
    executor : Executor, optional
        One task for each cut-off.
    say : callable
        Told of each cut-off as it is done.

    Returns
    -------
    table : list of Advice
    tracks : dict of str to dict
        How each predicate's advice fared (`track`).
    """
    years, names = tuple(cutoffs), tuple(predicates)
    plan = Plan(tables, runs, seed, names, None, cut, trees=False)
    parts = []
    for part in found(plan, years, executor):
        say(f"{part.cutoff}: {part.skipped or 'rolled'}")
        parts.append(part)
    cases = [mine for name in names if (mine := gathered(parts, name)) is not None]
    record, out = tables or load(), []
    for year in years:
        if year - record.first >= SHORTEST:
            out += at(told(until(record, year), year), year, cases)
    return out, {mine.predicate: track(mine) for mine in cases}
