"""
The gate: every discrete choice of every world passes through here.

One choice has an address (process, year, units), a linear predictor and a noise. The gate knows
four ways of choosing: TRACE (what the record says, and note the factual predictor), FRESH (new
luck), REPLAY (the luck inferred from history, drawn anew with probability 1 - exp(-kappa |D|)
where the predictor moved by D), PLACEBO (history without the intervention, but with luck drawn
anew wherever the intervened world drew it anew). Interventions are applied here and priced here.
"""

import numpy as np

from allohistory.engine.coupling import (
    LEAST_CHANCE,
    abduced,
    by_contrary,
    by_gumbel,
    by_order,
    contrary,
    edge,
    gumbel,
    likelihood_ratio,
)
from allohistory.engine.plainly import (
    ALTERNATIVES,
    WIDTHS,
    decide_plainly,
    decide_side_plainly,
    plain,
    put,
    put_dyad,
)
from allohistory.engine.sharing import shock_of, times_of
from allohistory.engine.tables import (
    BARE,
    CONTROLS,
    COUPLING,
    CURSOR,
    DEAD_ZONE,
    DRAWN,
    DRIFTED,
    EVENTS_SEEN,
    FRESH,
    GUMBEL,
    HAS_CHANGE,
    KAPPA,
    KEEPING,
    LATE,
    LOGGING,
    MODE,
    MONOTONE,
    NO_FORCE,
    NUMBERS,
    OF_WAR,
    PLACEBO,
    PROCESS,
    RECORDING,
    REPLAY,
    ROW,
    SHOCK_0,
    TIMES_0,
    TRACE,
    WAR_SLOT,
    YEAR,
    Luck,
    find,
    flush,
    insert,
    keep,
    mark,
    note,
    recall,
)
from allohistory.kernels import NONE, ZERO, inlined, kernel
from allohistory.model import terms as m
from allohistory.model.bounds import PLACE
from allohistory.model.shocks import NODE, NODES
from allohistory.noise import ANEW, COIN, LUCK, address, uniform

__all__ = [
    "ALTERNATIVES",
    "BARE",
    "CONTROLS",
    "COUPLING",
    "CURSOR",
    "DEAD_ZONE",
    "DRAWN",
    "DRIFTED",
    "EVENTS_SEEN",
    "FRESH",
    "GUMBEL",
    "HAS_CHANGE",
    "KAPPA",
    "KEEPING",
    "LATE",
    "LOGGING",
    "MODE",
    "MONOTONE",
    "NODE",
    "NODES",
    "NO_FORCE",
    "NUMBERS",
    "OF_WAR",
    "OTHER_SIDE",
    "PLACEBO",
    "PROCESS",
    "RECORDING",
    "REPLAY",
    "ROW",
    "SHOCK_0",
    "TIMES_0",
    "TRACE",
    "WAR_SLOT",
    "WIDTHS",
    "YEAR",
    "Luck",
    "anew",
    "choose",
    "decide",
    "decide_one",
    "decide_side",
    "find",
    "flush",
    "forced",
    "gumbel",
    "insert",
    "keep",
    "mark",
    "note",
    "plain",
    "put",
    "put_dyad",
    "recall",
    "shock_of",
]

OTHER_SIDE = 100
"""Added to the process number of a row that holds the second side's covariates."""


@kernel
def anew(L, where, moved):
    """Whether the luck at an address is drawn anew, given how far its predictor moved."""
    mode = L.control[MODE]
    if mode == PLACEBO:
        return find(L.touched, where) >= 0
    excess = moved - L.number[DEAD_ZONE]
    if excess <= 0.0 or L.number[KAPPA] == 0.0:
        return False
    if uniform(L.seed[0], where, COIN) < 1.0 - np.exp(-L.number[KAPPA] * excess):
        if L.counter[2] < L.touched.shape[0] // 2:
            insert(L.touched, where)
            L.counter[2] += 1
        return True
    return False


@kernel
def decide(L, P, S, n):
    """
    Outcomes of all choices of one stage, taken together: 0 is nothing.

    Which process it is stands in ``L.control[PROCESS]``: as an argument each process would be
    compiled apart.

    Parameters
    ----------
    L, P, S : Luck, Parameters, Scratch
        ``S.x[:n]`` holds the covariates, ``S.first``, ``S.second`` the addresses,
        ``S.left``, ``S.right`` the indices for the log; outcomes go to ``S.result[:n]``.
    """
    if plain(L):
        decide_plainly(L, P, S, n)
        return
    process = L.control[PROCESS]
    alternatives, width = ALTERNATIVES[process], WIDTHS[process]
    beta = P.beta[process]
    for r in range(n):
        e1, e2, e3 = 0.0, 0.0, 0.0
        for f in range(width):
            e1 += beta[0, f] * S.x[r, f]
        if alternatives > 1:
            for f in range(width):
                e2 += beta[1, f] * S.x[r, f]
        if alternatives > 2:
            for f in range(width):
                e3 += beta[2, f] * S.x[r, f]
        S.result[r] = choose(
            L,
            P,
            process,
            S.first[r],
            S.second[r],
            S.left[r],
            S.right[r],
            S.x[r],
            alternatives,
            width,
            e1,
            e2,
            e3,
        )


@kernel
def decide_side(L, P, S, n):
    """Outcomes of choices between nothing and two sides that share coefficients."""
    process = L.control[PROCESS]
    width = WIDTHS[process]
    beta = P.beta[process, 0]
    if plain(L):
        decide_side_plainly(L, P, S, n)
        return
    for r in range(n):
        e1, e2 = 0.0, 0.0
        for f in range(width):
            e1 += beta[f] * S.x[r, f]
        for f in range(width):
            e2 += beta[f] * S.y[r, f]
        S.result[r] = choose(
            L,
            P,
            process,
            S.first[r],
            S.second[r],
            S.left[r],
            S.right[r],
            S.x[r],
            ALTERNATIVES[process] + 1,
            width,
            e1,
            e2,
            e2 - e2,
        )
        if L.control[KEEPING]:
            keep(
                L,
                process + OTHER_SIDE,
                S.left[r],
                S.right[r],
                S.result[r],
                S.y[r],
                width,
                S.first[r],
            )


@kernel
def decide_one(L, P, S, first, second, left, right):
    """Outcome of a single choice whose covariates stand in ``S.x[0]``."""
    put(S, ZERO, first, second, left, right)
    decide(L, P, S, ZERO + 1)
    return S.result[0]


@inlined
def choose(L, P, process, first, second, a, b, x, alternatives, width, e1, e2, e3):
    """Outcome of one choice whose predictors are known."""
    where = address(process, L.control[YEAR], first, second)
    mode, row = L.control[MODE], L.control[ROW]
    world = L.seed[0]
    s, t = shock_of(process), times_of(process)
    times = L.number[TIMES_0 + t] if t >= 0 else 0.0
    if mode == TRACE:
        slot = find(L.event_key[row], where)
        was = ZERO
        if slot >= 0:
            was = np.int64(L.event_value[row, slot])
            L.control[EVENTS_SEEN] += 1
        if not L.control[BARE]:
            slot = mark(L, row, where)
            L.eta[row, slot, 0] = e1
            L.eta[row, slot, 1] = e2
            L.eta[row, slot, 2] = e3
            L.outcome[row, slot] = was
            if PLACE[process] >= 0:
                L.fact[PLACE[process], row, a, b] = np.inf if was else e1
        if s >= 0 and not L.control[BARE]:
            # Running products of P(outcome | slice), turned into logs before they underflow:
            # one exponential a choice instead of sixteen logarithms.
            odds = np.exp(min(e1 + times, 30.0))
            if process == m.JOIN:
                odds += np.exp(min(e2 + times, 30.0))
            small = 1.0
            for q in range(NODES):
                v = odds * P.tilt[s, q]
                L.product[s, q] *= (v if was else 1.0) / (1.0 + v)
                small = min(small, L.product[s, q])
            if small < 1e-200:
                flush(L, row, s)
        if L.control[KEEPING]:
            keep(L, process, a, b, was, x, width, first)
        return was
    slot = NONE
    if mode != FRESH or L.control[LOGGING]:
        slot = recall(L, row, where)
    was = np.int64(L.outcome[row, slot]) if slot >= 0 else ZERO
    plain, drawn = e1, -1.0
    if process == m.LEVEL:
        e2 += times
    else:
        e1 += times
    towards, c = ZERO, NONE
    if L.control[HAS_CHANGE] and mode != PLACEBO:
        c = find(L.change_key, where)
        if c >= 0:
            towards = L.towards[c]
            e1 += L.shift[c]
            e2 += L.shift[c]
            e3 += L.shift[c]
            L.predictor[c, 0] = e1
            L.predictor[c, 1] = e2
            L.predictor[c, 2] = e3
            if L.force[c] != NO_FORCE:
                return forced(L, P, c, s, process, a, b, was, alternatives, e1, e2, e3)
    shock = L.number[SHOCK_0 + s] if s >= 0 else 0.0
    e1 += shock
    if process == m.JOIN:
        e2 += shock
    if mode == FRESH:
        result = by_order(uniform(world, where, ANEW), alternatives, e1, e2, e3)
        if c >= 0:
            L.logp[c] += likelihood_ratio(result, alternatives, e1, e2, e3, L.shift[c])
    elif slot < 0:
        result = by_order(uniform(world, where, LUCK), alternatives, e1, e2, e3)
    else:
        f1 = L.eta[row, slot, 0]
        f2, f3 = L.eta[row, slot, 1], L.eta[row, slot, 2]
        if process == m.LEVEL:
            f2 += times
        else:
            f1 += times
        f1 += shock
        if process == m.JOIN:
            f2 += shock
        moved = max(abs(e1 - f1), abs(e2 - f2), abs(e3 - f3))
        kind = min(was, alternatives)
        if L.control[KEEPING]:
            drawn = abduced(uniform(world, where, LUCK), kind, alternatives, f1, f2, f3)
        if anew(L, where, moved):
            result = by_order(uniform(world, where, ANEW), alternatives, e1, e2, e3)
        elif moved == 0.0:
            # The same luck before the same predictors: what `abduced` would come to.
            result = kind
        elif L.control[COUPLING] == GUMBEL and alternatives > 1 and moved > 0.0:
            fact = (0.0, f1, f2, f3)
            now = (0.0, e1, e2, e3)
            result = by_gumbel(world, where, kind, alternatives, fact, now)
        elif alternatives == 1 and moved > L.number[DEAD_ZONE] and contrary(towards, kind):
            result = by_contrary(uniform(world, where, LUCK), kind, f1, e1)
        else:
            result = by_order(
                abduced(uniform(world, where, LUCK), kind, alternatives, f1, f2, f3),
                alternatives,
                e1,
                e2,
                e3,
            )
        if result == kind:
            result = was
    if L.control[LOGGING]:
        if result != was:
            note(L, process, a, b, result, was, plain, L.eta[row, slot, 0] if slot >= 0 else 0.0)
        if L.control[KEEPING]:
            keep(L, process, a, b, result, x, width, first)
            L.covariates[min(L.counter[1], L.rows.shape[0]) - 1, DRAWN] = drawn
    if L.control[RECORDING] and result > 0:
        L.event_value[row, insert(L.event_key[row], where)] = result
    return result


@kernel
def forced(L, P, c, s, process, a, b, was, alternatives, e1, e2, e3):
    """Apply a forced outcome and note its log probability in this world (shocks integrated)."""
    value = L.force[c]
    if L.hits[c] == 0 and L.priced[c]:
        total = 0.0
        nodes = NODES if s >= 0 else 1
        for q in range(nodes):
            add = P.sigma[s] * NODE[q] if s >= 0 else 0.0
            also = add if alternatives == 2 else 0.0
            low = edge(min(value, alternatives), alternatives, e1 + add, e2 + also, e3)
            high = edge(min(value, alternatives) + 1, alternatives, e1 + add, e2 + also, e3)
            total += (high - low) / nodes
        L.logp[c] = np.log(max(total, LEAST_CHANCE))
    L.hits[c] = 1
    if L.control[LOGGING] and value != was:
        note(L, process, a, b, value, was, 0.0, 0.0)
    return value
