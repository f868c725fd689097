"""
Choices of plain worlds: fresh, with nothing changed, noted or recorded.

All that `gate.choose` does for them is to hold new luck against a predictor; here what is the same
for all choices of a stage is worked out once.
"""

import numpy as np

from allohistory.engine.coupling import by_order
from allohistory.engine.sharing import shock_of, times_of
from allohistory.engine.tables import (
    FRESH,
    HAS_CHANGE,
    KEEPING,
    LOGGING,
    MODE,
    PROCESS,
    RECORDING,
    SHOCK_0,
    TIMES_0,
    YEAR,
)
from allohistory.kernels import inlined, kernel
from allohistory.model import terms as m
from allohistory.noise import ANEW, mix, uniform

WIDTHS = np.array([len(m.TERMS.get(p, m.TERMS[m.ENTRY])) for p in range(m.PROCESSES)])
ALTERNATIVES = np.array([m.ALTERNATIVES.get(p, 1) for p in range(m.PROCESSES)])


@inlined
def plain(L):
    """Whether a fresh world is rolled in which nothing is changed, noted or recorded."""
    control = L.control
    return control[MODE] == FRESH and not (
        control[HAS_CHANGE] or control[LOGGING] or control[KEEPING] or control[RECORDING]
    )


@inlined
def weigh(beta, x, width):
    """Linear predictor of a choice, summed term by term."""
    total = 0.0
    for f in range(width):
        total += beta[f] * x[f]
    return total


@kernel
def weigh_all(S, beta, width, n):
    """Linear predictors of n choices, into ``S.eta``; four sums at a time keep from waiting."""
    x, eta = S.x, S.eta
    for r in range(0, n - 3, 4):
        e1, e2, e3, e4 = 0.0, 0.0, 0.0, 0.0
        for f in range(width):
            e1 += beta[f] * x[r, f]
            e2 += beta[f] * x[r + 1, f]
            e3 += beta[f] * x[r + 2, f]
            e4 += beta[f] * x[r + 3, f]
        eta[r], eta[r + 1], eta[r + 2], eta[r + 3] = e1, e2, e3, e4
    for r in range(n - n % 4, n):
        eta[r] = weigh(beta, x[r], width)


@kernel
def decide_plainly(L, P, S, n):
    """Outcomes of all choices of one stage of a `plain` world (see `choose`)."""
    process, world = L.control[PROCESS], L.seed[0]
    alternatives, width, beta = ALTERNATIVES[process], WIDTHS[process], P.beta[process]
    s, t = shock_of(process), times_of(process)
    shock = L.number[SHOCK_0 + s] if s >= 0 else 0.0
    times = L.number[TIMES_0 + t] if t >= 0 else 0.0
    start = mix(np.uint64(process), np.uint64(L.control[YEAR]))
    weigh_all(S, beta[0], width, n)
    for r in range(n):
        e1, e2, e3 = S.eta[r], 0.0, 0.0
        if alternatives > 1:
            e2 = weigh(beta[1], S.x[r], width)
        if alternatives > 2:
            e3 = weigh(beta[2], S.x[r], width)
        if process == m.LEVEL:
            e2 += times
        else:
            e1 += times
        e1 += shock
        where = mix(mix(start, S.first[r]), S.second[r])
        S.result[r] = by_order(uniform(world, where, ANEW), alternatives, e1, e2, e3)


@kernel
def decide_side_plainly(L, P, S, n):
    """Outcomes of choices of a `plain` world between nothing and two sides."""
    process, world = L.control[PROCESS], L.seed[0]
    width, beta = WIDTHS[process], P.beta[process, 0]
    s, t = shock_of(process), times_of(process)
    shock = L.number[SHOCK_0 + s] if s >= 0 else 0.0
    times = L.number[TIMES_0 + t] if t >= 0 else 0.0
    start = mix(np.uint64(process), np.uint64(L.control[YEAR]))
    weigh_all(S, beta, width, n)
    for r in range(n):
        e1 = S.eta[r] + times + shock
        e2 = weigh(beta, S.y[r], width) + shock
        where = mix(mix(start, S.first[r]), S.second[r])
        S.result[r] = by_order(uniform(world, where, ANEW), 2, e1, e2, 0.0)


@inlined
def put(S, n, first, second, left, right):
    """Enter choice n of a stage: its address and its indices; returns n + 1."""
    S.first[n] = first
    S.second[n] = second
    S.left[n] = left
    S.right[n] = right
    return n + 1


@inlined
def put_dyad(S, G, n, i, j):
    """Enter a choice of an undirected dyad; its address does not hang on the order of the two."""
    a, b = G.state_hash[i], G.state_hash[j]
    return put(S, n, min(a, b), max(a, b), i, j)
