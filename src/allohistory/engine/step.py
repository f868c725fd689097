"""
One year, in the order of design section 5.

entry -> capability, leader, regime, major status -> rivalry, dispute, escalation to war ->
joining -> leaving, end, outcome -> settlement (exit, late entry, units) -> treaties -> memory.
"""

import numpy as np
from numba import njit

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.conflict import disputes, endings, joins
from allohistory.engine.ground import entries, settle
from allohistory.engine.memory import remember
from allohistory.engine.pacts import treaties
from allohistory.engine.politics import growth, leaders, majors, regimes, rivalries
from allohistory.model import terms as m
from allohistory.model.covariates import (
    contacts,
    list_live,
    pressures,
    self_rule,
    shared_allies,
    threats,
    war_relations,
)
from allohistory.noise import ANEW, LUCK, address, uniform


@njit(cache=True)
def shocks(P, L):
    """
    Draw the year shocks.

    A shock is one of eight equiprobable slices of a normal. In replay the slice is drawn from
    its posterior given that year's record, so that luck inferred from simulated history is
    uniform again (law 5).
    """
    mode, row, year = L.control[g.MODE], L.control[g.ROW], L.control[g.YEAR]
    for s in range(3):
        where = address(m.SHOCK, year, np.uint64(s), np.uint64(0))
        u = uniform(L.seed[0], where, ANEW if mode == g.FRESH else LUCK)
        q = np.int64(u * g.NODES)
        if mode == g.REPLAY or mode == g.PLACEBO:
            total = 0.0
            q = g.NODES - 1
            for k in range(g.NODES):
                total += L.posterior[row, s, k]
                if u < total:
                    q = k
                    break
        L.number[g.SHOCK_0 + s] = P.sigma[s] * g.NODE[q] if mode != g.TRACE else 0.0


@njit(cache=True)
def normalise(L):
    """Turn the log likelihoods of the shock slices into a posterior."""
    row = L.control[g.ROW]
    for s in range(3):
        g.flush(L, row, s)
        top = L.posterior[row, s, 0]
        for k in range(1, g.NODES):
            top = max(top, L.posterior[row, s, k])
        total = 0.0
        for k in range(g.NODES):
            L.posterior[row, s, k] = np.exp(L.posterior[row, s, k] - top)
            total += L.posterior[row, s, k]
        for k in range(g.NODES):
            L.posterior[row, s, k] /= total


@njit(cache=True)
def step(W, G, P, L, S, year, row, mode):
    """Roll a World one year forward, in place."""
    L.control[g.YEAR] = year
    L.control[g.ROW] = row
    L.control[g.MODE] = mode
    shocks(P, L)
    W.link[w.DISPUTE, :, :] = 0
    S.lost[:] = 0
    S.won[:] = 0
    S.decisive[:] = 0
    S.gone[:] = 0
    war_relations(W, S)
    self_rule(W, S)
    L.control[g.LATE] = 0
    entries(W, G, P, L, S)
    list_live(W, S)
    contacts(W, G)
    pressures(W, S)
    threats(W, S)
    growth(W, G, P, L, S)
    leaders(W, G, P, L, S)
    regimes(W, G, P, L, S)
    majors(W, G, P, L, S)
    rivalries(W, G, P, L, S)
    disputes(W, G, P, L, S)
    joins(W, G, P, L, S)
    war_relations(W, S)
    endings(W, G, P, L, S)
    settle(W, G, P, L, S)
    threats(W, S)
    shared_allies(W, S)
    treaties(W, G, P, L, S)
    remember(W, P, S)
    if mode == g.TRACE:
        normalise(L)
