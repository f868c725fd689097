"""
The gate: every discrete choice of every world passes through here.

One choice has an address (process, year, units), a linear predictor and a noise. The gate knows
four ways of choosing: TRACE (what the record says, and note the factual predictor), FRESH (new
luck), REPLAY (the luck inferred from history, drawn anew with probability 1 - exp(-kappa |D|)
where the predictor moved by D), PLACEBO (history without the intervention, but with luck drawn
anew wherever the intervened world drew it anew). Interventions are applied here and priced here.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory.model import terms as m
from allohistory.noise import ANEW, COIN, LUCK, RACE, address, mix, uniform

FRESH, TRACE, REPLAY, PLACEBO = range(4)
# rows of Luck.control
MODE, YEAR, ROW, COUPLING, HAS_CHANGE, LOGGING, KEEPING, EVENTS_SEEN, PROCESS, LATE = range(10)
CONTROLS = 10
MONOTONE, GUMBEL = range(2)
# rows of Luck.number
KAPPA, DEAD_ZONE, SHOCK_0 = 0, 1, 2
NODES = 8
NODE = np.array([-1.6477, -0.8938, -0.4941, -0.1593, 0.1593, 0.4941, 0.8938, 1.6477])
"""Means of a standard normal within its eight equiprobable slices."""
NO_FORCE = -9
WIDTHS = np.array([len(m.TERMS.get(p, m.TERMS[m.ENTRY])) for p in range(m.PROCESSES)])
ALTERNATIVES = np.array([m.ALTERNATIVES.get(p, 1) for p in range(m.PROCESSES)])
OTHER_SIDE = 100
"""Added to the process number of a row that holds the second side's covariates."""


class Luck(NamedTuple):
    """
    Where the luck of one run comes from, and what is noted on the way.

    Attributes
    ----------
    control, number, seed : (8,) int64, (5,) float64, (1,) uint64
        Switches of the run (see the row names above) and its hash state.
    event_key, event_value : (Y, E) uint64, int32
        The record as addressed choices; everything absent came out as 0.
    key, eta, outcome : (Y, K) uint64, (Y, K, 3) float64, (Y, K) int32
        The factual trace: predictor and outcome of each choice of history.
    posterior : (Y, 3, 8) float64
        Probability of each slice of the year shocks given that year's record; `product` (3, 8)
        is where it is gathered.
    cap, mean, leader, regime, patron : (Y, N)
        Recorded capability (log), factual mean of growth, leader token, regime, patron.
    change_key, force, shift, priced : (C,) uint64, int64, float64, int64
        Interventions by full address.
    logp, hits : (C,) float64, int64
        Log probability of each forced outcome in this run, and whether it was met.
    touched : (T,) uint64
        Addresses whose luck was drawn anew (hash set), for the placebo.
    log, log_eta : (L, 6) int64, (L, 2) float64
        Choices that came out otherwise than in history.
    rows, covariates : (R, 6) int64, (R, 36) float64
        Covariates of every choice, for fitting and for explanations.
    counter : (4,) int64
        Rows used in log, rows; entries in touched; addresses asked.
    """

    control: NDArray[np.int64]
    number: NDArray[np.float64]
    seed: NDArray[np.uint64]
    event_key: NDArray[np.uint64]
    event_value: NDArray[np.int32]
    key: NDArray[np.uint64]
    eta: NDArray[np.float64]
    outcome: NDArray[np.int32]
    posterior: NDArray[np.float64]
    product: NDArray[np.float64]
    cap: NDArray[np.float64]
    mean: NDArray[np.float64]
    leader: NDArray[np.int64]
    regime: NDArray[np.int64]
    patron: NDArray[np.int64]
    change_key: NDArray[np.uint64]
    force: NDArray[np.int64]
    shift: NDArray[np.float64]
    priced: NDArray[np.int64]
    logp: NDArray[np.float64]
    hits: NDArray[np.int64]
    touched: NDArray[np.uint64]
    log: NDArray[np.int64]
    log_eta: NDArray[np.float64]
    rows: NDArray[np.int64]
    covariates: NDArray[np.float64]
    counter: NDArray[np.int64]


@njit(cache=True)
def find(table, key):
    """Slot of a key in an open-addressed table (power of two long), or -1."""
    mask = np.uint64(table.shape[0] - 1)
    slot = key & mask
    while table[slot] != 0:
        if table[slot] == key:
            return np.int64(slot)
        slot = (slot + np.uint64(1)) & mask
    return np.int64(-1)


@njit(cache=True)
def insert(table, key):
    """Slot of a key, put there if it was not."""
    mask = np.uint64(table.shape[0] - 1)
    slot = key & mask
    while table[slot] != 0 and table[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    table[slot] = key
    return np.int64(slot)


@njit(cache=True)
def logistic(v):
    """1 / (1 + exp(-v)), safe at both ends."""
    if v >= 0.0:
        return 1.0 / (1.0 + np.exp(-v))
    e = np.exp(v)
    return e / (1.0 + e)


@njit(cache=True)
def edge(k, n, e1, e2, e3):
    """P(outcome < k) of a logit whose base alternative 0 has predictor 0."""
    if k <= 0:
        return 0.0
    if k > n:
        return 1.0
    top = max(0.0, e1)
    if n > 1:
        top = max(top, e2)
    if n > 2:
        top = max(top, e3)
    below = np.exp(-top)
    total = below + np.exp(e1 - top)
    if k > 1:
        below += np.exp(e1 - top)
    if n > 1:
        total += np.exp(e2 - top)
        if k > 2:
            below += np.exp(e2 - top)
    if n > 2:
        total += np.exp(e3 - top)
    return below / total


@njit(cache=True)
def by_order(u, n, e1, e2, e3):
    """Outcome of a uniform by inverse distribution (monotone coupling)."""
    for k in range(n):
        if u < edge(k + 1, n, e1, e2, e3):
            return k
    return n


@njit(cache=True)
def gumbel(u):
    """Quantile of the standard Gumbel distribution."""
    return -np.log(-np.log(min(max(u, 1e-300), 1.0 - 1.2e-16)))


@njit(cache=True)
def abduced(u, o, n, e1, e2, e3):
    """Uniform inside the interval of an outcome, scaled (never clipped but at the last ulp)."""
    low, high = edge(o, n, e1, e2, e3), edge(o + 1, n, e1, e2, e3)
    value = low + u * (high - low)
    if value >= high:
        value = np.nextafter(high, low)
    return value


@njit(cache=True)
def by_gumbel(world, where, o, n, f, e):
    """
    Outcome under the Gumbel-max coupling (Oberst and Sontag 2019).

    Posterior Gumbels given that alternative `o` won under the factual predictors `f` (top-down
    sampling, Maddison et al. 2014), then the best of them under the predictors `e`.
    """
    total = 0.0
    for k in range(n + 1):
        total += np.exp(f[k])
    best = np.log(total) + gumbel(uniform(world, mix(where, np.uint64(o)), RACE))
    chosen, top = 0, -1e300
    for k in range(n + 1):
        if k == o:
            value = best
        else:
            u = max(uniform(world, mix(where, np.uint64(k)), RACE), 1e-300)
            value = f[k] - np.log(-np.log(u) + np.exp(f[k] - best))
        value += e[k] - f[k]
        if value > top:
            chosen, top = k, value
    return chosen


@njit(cache=True)
def keep(L, process, a, b, result, x, width, first):
    """Note the covariates of a choice."""
    r = L.counter[1]
    if r < L.rows.shape[0]:
        L.rows[r, 0] = process
        L.rows[r, 1] = L.control[YEAR]
        L.rows[r, 2] = a
        L.rows[r, 3] = b
        L.rows[r, 4] = result
        L.rows[r, 5] = np.int64(first)
        for f in range(width):
            L.covariates[r, f] = x[f]
    L.counter[1] = r + 1


@njit(cache=True)
def note(L, process, a, b, result, was, eta, eta0):
    """Write a choice that came out otherwise than in history into the log."""
    r = L.counter[0]
    if r < L.log.shape[0]:
        L.log[r, 0] = process
        L.log[r, 1] = L.control[YEAR]
        L.log[r, 2] = a
        L.log[r, 3] = b
        L.log[r, 4] = result
        L.log[r, 5] = was
        L.log_eta[r, 0] = eta
        L.log_eta[r, 1] = eta0
    L.counter[0] = r + 1


@njit(cache=True)
def flush(L, row, s):
    """Move a running product of likelihoods into the log posterior."""
    for q in range(NODES):
        L.posterior[row, s, q] += np.log(L.product[s, q])
        L.product[s, q] = 1.0


@njit(cache=True)
def shock_of(process):
    """Which year shock a process shares, or -1."""
    if process == m.DISPUTE:
        return 0
    if process == m.FOUND_STRONG:
        return 1
    return 2 if process == m.FOUND_WEAK else -1


@njit(cache=True)
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


@njit(cache=True)
def put(S, n, first, second, left, right):
    """Enter choice n of a stage: its address and its indices; returns n + 1."""
    S.first[n] = first
    S.second[n] = second
    S.left[n] = left
    S.right[n] = right
    return n + 1


@njit(cache=True)
def put_dyad(S, G, n, i, j):
    """Enter a choice of an undirected dyad; its address does not hang on the order of the two."""
    a, b = G.state_hash[i], G.state_hash[j]
    return put(S, n, min(a, b), max(a, b), i, j)


@njit(cache=True)
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
            L, P, process, S.first[r], S.second[r], S.left[r], S.right[r], S.x[r], alternatives,
            width, e1, e2, e3,
        )


@njit(cache=True)
def decide_side(L, P, S, n):
    """Outcomes of choices between nothing and two sides that share coefficients."""
    process = L.control[PROCESS]
    width = WIDTHS[process]
    beta = P.beta[process, 0]
    for r in range(n):
        e1, e2 = 0.0, 0.0
        for f in range(width):
            e1 += beta[f] * S.x[r, f]
        for f in range(width):
            e2 += beta[f] * S.y[r, f]
        S.result[r] = choose(
            L, P, process, S.first[r], S.second[r], S.left[r], S.right[r], S.x[r],
            ALTERNATIVES[process] + 1, width, e1, e2, e2 - e2,
        )
        if L.control[KEEPING]:
            keep(
                L, process + OTHER_SIDE, S.left[r], S.right[r], S.result[r], S.y[r], width,
                S.first[r],
            )


@njit(cache=True)
def decide_one(L, P, S, first, second, left, right):
    """Outcome of a single choice whose covariates stand in ``S.x[0]``."""
    put(S, 0, first, second, left, right)
    one = S.many[0] - S.many[0] + 1
    decide(L, P, S, one)
    return S.result[0]


@njit(cache=True)
def choose(L, P, process, first, second, a, b, x, alternatives, width, e1, e2, e3):
    """Outcome of one choice whose predictors are known."""
    where = address(process, L.control[YEAR], first, second)
    mode, row = L.control[MODE], L.control[ROW]
    world = L.seed[0]
    s = shock_of(process)
    if mode == TRACE:
        slot = find(L.event_key[row], where)
        was = 0
        if slot >= 0:
            was = L.event_value[row, slot]
            L.control[EVENTS_SEEN] += 1
        slot = insert(L.key[row], where)
        L.eta[row, slot, 0] = e1
        L.eta[row, slot, 1] = e2
        L.eta[row, slot, 2] = e3
        L.outcome[row, slot] = was
        if s >= 0:
            # Running products of P(outcome | slice), turned into logs before they underflow:
            # one exponential a choice instead of sixteen logarithms.
            odds = np.exp(min(e1, 30.0))
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
    slot = -1
    if mode != FRESH or L.control[LOGGING]:
        slot = find(L.key[row], where)
    was = L.outcome[row, slot] if slot >= 0 else 0
    plain = e1
    if L.control[HAS_CHANGE] and mode != PLACEBO:
        c = find(L.change_key, where)
        if c >= 0:
            if L.force[c] != NO_FORCE:
                return forced(L, P, c, s, process, a, b, was, alternatives, e1, e2, e3)
            e1 += L.shift[c]
            e2 += L.shift[c]
            e3 += L.shift[c]
    if s >= 0:
        e1 += L.number[SHOCK_0 + s]
    luck = uniform(world, where, LUCK)
    if mode == FRESH:
        result = by_order(uniform(world, where, ANEW), alternatives, e1, e2, e3)
    elif slot < 0:
        result = by_order(luck, alternatives, e1, e2, e3)
    else:
        f1 = L.eta[row, slot, 0]
        f2, f3 = L.eta[row, slot, 1], L.eta[row, slot, 2]
        if s >= 0:
            f1 += L.number[SHOCK_0 + s]
        moved = max(abs(e1 - f1), max(abs(e2 - f2), abs(e3 - f3)))
        kind = min(was, alternatives)
        if anew(L, where, moved):
            result = by_order(uniform(world, where, ANEW), alternatives, e1, e2, e3)
        elif L.control[COUPLING] == GUMBEL and alternatives > 1 and moved > 0.0:
            fact = (0.0, f1, f2, f3)
            now = (0.0, e1, e2, e3)
            result = by_gumbel(world, where, kind, alternatives, fact, now)
        else:
            result = by_order(
                abduced(luck, kind, alternatives, f1, f2, f3), alternatives, e1, e2, e3
            )
        if result == kind:
            result = was
    if L.control[LOGGING]:
        if result != was:
            note(L, process, a, b, result, was, plain, L.eta[row, slot, 0] if slot >= 0 else 0.0)
        if L.control[KEEPING]:
            keep(L, process, a, b, result, x, width, first)
    return result


@njit(cache=True)
def forced(L, P, c, s, process, a, b, was, alternatives, e1, e2, e3):
    """Apply a forced outcome and note its log probability in this world (shocks integrated)."""
    value = L.force[c]
    if L.hits[c] == 0 and L.priced[c]:
        total = 0.0
        nodes = NODES if s >= 0 else 1
        for q in range(nodes):
            add = P.sigma[s] * NODE[q] if s >= 0 else 0.0
            low = edge(min(value, alternatives), alternatives, e1 + add, e2, e3)
            high = edge(min(value, alternatives) + 1, alternatives, e1 + add, e2, e3)
            total += (high - low) / nodes
        L.logp[c] = np.log(max(total, 1e-12))
    L.hits[c] = 1
    if L.control[LOGGING] and value != was:
        note(L, process, a, b, value, was, 0.0, 0.0)
    return value
