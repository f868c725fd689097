"""The beginning and the end of a year: switches, shocks, their posterior."""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.kernels import kernel
from allohistory.model import terms as m
from allohistory.noise import ANEW, LUCK, address, normal, uniform


@kernel
def shocks(P, L):
    """
    Draw the year shocks.

    A shock is one of eight equiprobable slices of a normal. In replay the slice is drawn from
    its posterior given that year's record, so that luck inferred from simulated history is
    uniform again (law 5).
    """
    mode, row, year = L.control[g.MODE], L.control[g.ROW], L.control[g.YEAR]
    for s in range(g.OF_WAR):
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


@kernel
def war_shock(P, L, key, row):
    """
    Set the shock of a war: how far this one draws others in.

    Drawn when the war begins (in the year of that row) and kept as long as it lasts; for a war of
    history from its posterior given who joined it in the record, as the shocks of the years are.
    """
    mode, s = L.control[g.MODE], g.OF_WAR
    L.number[g.SHOCK_0 + s] = 0.0
    if mode == g.TRACE:
        if not L.control[g.BARE]:
            L.control[g.WAR_SLOT] = g.insert(L.war_key, key)
        return
    where = address(m.SHOCK, 0, key, np.uint64(s))
    slot = g.find(L.war_key, key) if mode != g.FRESH else np.int64(-1)
    u = uniform(L.seed[max(row, 1)], where, LUCK if slot >= 0 else ANEW)
    q = np.int64(u * g.NODES)
    if slot >= 0:
        top = L.spread[slot, 0]
        for k in range(1, g.NODES):
            top = max(top, L.spread[slot, k])
        total = 0.0
        for k in range(g.NODES):
            total += np.exp(L.spread[slot, k] - top)
        below, q = 0.0, np.int64(g.NODES - 1)
        for k in range(g.NODES):
            below += np.exp(L.spread[slot, k] - top) / total
            if u < below:
                q = np.int64(k)
                break
    L.number[g.SHOCK_0 + s] = P.sigma[s] * g.NODE[q]


@kernel
def times(P, L, fresh_after):
    """
    Set the level of the times for each process that has one.

    As long as history's luck lasts the times are history's; from then on they drift from where
    they stood and slowly back to the usual, so that a fresh world neither knows its future nor
    forgets at once in which era it is.
    """
    year = L.control[g.YEAR]
    known = P.level.shape[1] - 1
    begin = min(year, fresh_after) if L.control[g.MODE] == g.FRESH else year
    place = min(max(begin - P.since[0], 0), known)
    # The level reached last year in this roll is one step short of this year's.
    under_way = begin < year - 1 and L.control[g.DRIFTED] == year - 1
    start = year if under_way else begin + 1
    for t in range(P.level.shape[0]):
        level = L.number[g.TIMES_0 + t] if under_way else P.level[t, place]
        for y in range(start, year + 1):
            where = address(m.SHOCK, y, np.uint64(g.TIMES_0 + t), np.uint64(0))
            row = L.control[g.ROW] - (year - y)
            step = P.drift[t] * normal(uniform(L.seed[max(row, 1)], where, ANEW))
            level = P.hold[t] * level + step
        L.number[g.TIMES_0 + t] = level
    L.control[g.DRIFTED] = year


@kernel
def normalise(L):
    """Turn the log likelihoods of the shock slices into a posterior."""
    row = L.control[g.ROW]
    for s in range(L.posterior.shape[1]):
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


@kernel
def begin(P, L, S, W, year, row, mode, fresh_after):
    """Set the switches of a year, draw its shocks, wipe what belongs to the last one."""
    L.control[g.YEAR] = year
    L.control[g.ROW] = row
    L.control[g.MODE] = mode
    L.control[g.LATE] = 0
    L.control[g.CURSOR] = 0
    L.seed[0] = L.seed[row]
    shocks(P, L)
    times(P, L, fresh_after)
    for i in range(W.status.shape[1]):
        S.lost[i] = 0
        S.won[i] = 0
        S.decisive[i] = 0
        S.gone[i] = 0
        for j in range(W.status.shape[1]):
            W.link[w.DISPUTE, i, j] = 0
