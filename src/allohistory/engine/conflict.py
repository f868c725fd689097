"""Disputes, wars, joining, leaving, ends and outcomes."""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.asking import ask_both_ways
from allohistory.engine.sharing import times_of
from allohistory.engine.step import war_shock
from allohistory.kernels import NONE, ZERO, kernel
from allohistory.model import dyads, wars
from allohistory.model import terms as m
from allohistory.model.covariates import acquaint
from allohistory.model.parameters import STANDING_GAIN
from allohistory.noise import address, mix

ROUNDS = 3


@kernel
def disputes(W, G, P, L, S):
    """Disputes, their level, and the wars that come of them."""
    n = ZERO
    for r in range(ask_both_ways(P, L, S, m.DISPUTE)):
        i, j = S.left[r], S.right[r]
        if S.opp[i, j] != w.OPPOSED:
            dyads.dispute(S.x[n], W, G, S, i, j)
            n = g.put(S, n, G.state_hash[i], G.state_hash[j], i, j)
    L.control[g.PROCESS] = m.DISPUTE
    g.decide(L, P, S, n)
    many, n = n, ZERO
    if L.control[g.HAS_CHANGE] and L.changed[m.LEVEL, L.control[g.ROW]]:
        foresee_levels(W, G, P, L, S, many)
    for r in range(many):
        if S.result[r]:
            i, j = S.left[r], S.right[r]
            dyads.level(S.x[n], W, S, i, j)
            n = g.put(S, n, G.state_hash[i], G.state_hash[j], i, j)
    L.control[g.PROCESS] = m.LEVEL
    g.decide(L, P, S, n)
    wars_begin = False
    for r in range(n):
        i, j = S.left[r], S.right[r]
        W.link[w.DISPUTE, i, j] = S.result[r] + 1
        wars_begin |= S.result[r] == 2
        acquaint(S, i, j)
    if not wars_begin:
        return
    for a in range(S.many[0]):
        i = S.live[a]
        for b in range(a + 1, S.many[0]):
            j = S.live[b]
            forth = W.link[w.DISPUTE, i, j] == 3
            back = W.link[w.DISPUTE, j, i] == 3
            if not forth and not back:
                continue
            if forth and back:
                forth = G.state_hash[i] < G.state_hash[j]
            if forth:
                begin_war(W, G, L, i, j)
            else:
                begin_war(W, G, L, j, i)


@kernel
def foresee_levels(W, G, P, L, S, many):
    """Note for changed levels of dyads at peace what the predictors would be in a dispute."""
    beta = P.beta[m.LEVEL]
    for r in range(many):
        i, j = S.left[r], S.right[r]
        where = address(m.LEVEL, L.control[g.YEAR], G.state_hash[i], G.state_hash[j])
        c = g.find(L.change_key, where)
        if c < 0 or S.result[r]:
            continue
        x = S.y[0]
        dyads.level(x, W, S, i, j)
        for k in range(2):
            L.predictor[c, k] = L.shift[c]
            for f in range(g.WIDTHS[m.LEVEL]):
                L.predictor[c, k] += beta[k, f] * x[f]
        L.predictor[c, 1] += L.number[g.TIMES_0 + times_of(m.LEVEL)]


@kernel
def begin_war(W, G, L, i, j):
    """Open a war slot; the war is named by year, initiator and target."""
    k = W.count[w.N_WARS]
    if k >= W.side.shape[0]:
        return
    W.count[w.N_WARS] = k + 1
    year = L.control[g.YEAR]
    W.war[w.W_ALIVE, k] = 1
    W.war[w.W_YEAR, k] = year
    W.war[w.W_A, k] = i
    W.war[w.W_B, k] = j
    W.war[w.W_KEY, k] = np.int64(address(m.JOIN, year, G.state_hash[i], G.state_hash[j]))
    W.side[k, i] = 1
    W.side[k, j] = 2


@kernel
def joins(W, G, P, L, S):
    """Three rounds of joining: 0 stays out, 1 initiator's side, 2 target's side."""
    year = L.control[g.YEAR]
    for turn in range(ROUNDS):
        for k in range(W.count[w.N_WARS]):
            if not W.war[w.W_ALIVE, k]:
                continue
            facts = wars.side_facts(W, k)
            logs = np.log(facts[0] / facts[1]), np.log(min(facts[2] + facts[3], 16) / 2.0)
            begun = L.control[g.ROW] - (year - W.war[w.W_YEAR, k])
            war_shock(P, L, np.uint64(W.war[w.W_KEY, k]), begun)
            first = mix(np.uint64(W.war[w.W_KEY, k]), np.uint64(turn))
            fighting, n = ZERO, ZERO
            for i in range(W.status.shape[1]):
                if W.side[k, i] > 0:
                    S.who[fighting] = i
                    fighting += 1
            for a in range(S.many[0]):
                i = S.live[a]
                if W.side[k, i] <= 0:
                    for side in range(1, 3):
                        x = S.x[n] if side == 1 else S.y[n]
                        wars.joining(x, W, G, S, k, i, side, turn, year, facts, fighting, logs)
                    n = g.put(S, n, first, G.state_hash[i], k * 4 + turn, i)
            L.control[g.PROCESS] = m.JOIN
            g.decide_side(L, P, S, n)
            if L.control[g.MODE] == g.TRACE and not L.control[g.BARE]:
                g.flush(L, L.control[g.ROW], g.OF_WAR)
            for r in range(n):
                if S.result[r] > 0:
                    W.side[k, S.right[r]] = S.result[r]


@kernel
def endings(W, G, P, L, S):
    """Who leaves, which wars end, how they end."""
    year = L.control[g.YEAR]
    S.lost[:] = 0
    S.won[:] = 0
    S.decisive[:] = 0
    for k in range(W.count[w.N_WARS]):
        if not W.war[w.W_ALIVE, k]:
            continue
        key = np.uint64(W.war[w.W_KEY, k])
        facts = wars.side_facts(W, k)
        n = ZERO
        for a in range(S.many[0]):
            i = S.live[a]
            s = W.side[k, i]
            if (s == 1 and facts[2] > 1) or (s == 2 and facts[3] > 1):
                wars.leaving(S.x[n], W, k, i, year, facts)
                n = g.put(S, n, key, G.state_hash[i], k, i)
        L.control[g.PROCESS] = m.LEAVE
        g.decide(L, P, S, n)
        for r in range(n):
            if S.result[r]:
                i = S.right[r]
                W.side[k, i] = -W.side[k, i]
                W.state[w.BEATEN, i] = max(W.state[w.BEATEN, i], 0.6)
                S.lost[i] = -1
        facts = wars.side_facts(W, k)
        wars.ending(S.x[0], W, S, k, year, facts)
        L.control[g.PROCESS] = m.WAR_END
        ends = g.decide_one(L, P, S, key, np.uint64(0), k, NONE)
        if not ends and facts[2] > 0 and facts[3] > 0:
            continue
        wars.outcome(S.x[0], W, S, k, facts)
        L.control[g.PROCESS] = m.OUTCOME
        result = 1 + g.decide_one(L, P, S, key, np.uint64(0), k, NONE)
        if facts[2] == 0 and facts[3] > 0:
            result = 3
        elif facts[3] == 0 and facts[2] > 0:
            result = 1
        wars.margin(S.x[0], W, k, result, year, facts)
        L.control[g.PROCESS] = m.MARGIN
        decisive = g.decide_one(L, P, S, key, np.uint64(0), k, NONE)
        finish(W, P, S, k, result, decisive, year, facts)


@kernel
def finish(W, P, S, k, result, decisive, year, facts):
    """
    Close a war: result, standing, memories of defeat and victory, grudges.

    Standing is an Elo rating: s += K (result - expected), expected from the coalitions'
    capabilities (elicited; settlement-evidence row 20).
    """
    W.war[w.W_ALIVE, k] = 0
    W.war[w.W_RESULT, k] = result
    W.war[w.W_MARGIN, k] = decisive
    W.war[w.W_END, k] = year
    expected = 1.0 / (1.0 + np.sqrt(facts[1] / facts[0]))
    gain = P.elicited[STANDING_GAIN] * (1.0 if decisive else 0.5)
    for i in range(W.status.shape[1]):
        s = W.side[k, i]
        if s == 0:
            continue
        mine = expected if abs(s) == 1 else 1.0 - expected
        won = (result == 1 and s == 1) or (result == 3 and s == 2)
        lost = (result == 1 and abs(s) == 2) or (result == 3 and abs(s) == 1) or s < 0
        if result == 2 and s > 0:
            W.state[w.STANDING, i] += gain * (0.5 - mine)
            for j in range(W.status.shape[1]):
                if W.side[k, j] == 3 - s:
                    W.tie[w.UNSETTLED, i, j] = 1.0
        elif won:
            W.state[w.STANDING, i] += gain * (1.0 - mine)
            W.state[w.VICTOR, i] = max(W.state[w.VICTOR, i], 1.0 if decisive else 0.5)
            S.won[i] = k + 1
        elif lost:
            W.state[w.STANDING, i] -= gain * mine
            W.state[w.BEATEN, i] = max(W.state[w.BEATEN, i], 1.0 if decisive else 0.5)
            S.lost[i] = k + 1
            S.decisive[i] = decisive
            for j in range(W.status.shape[1]):
                t = W.side[k, j]
                if (
                    t > 0
                    and t != abs(s)
                    and (j == W.war[w.W_A, k] or j == W.war[w.W_B, k] or W.link[w.CONTACT, i, j])
                ):
                    acquaint(S, i, j)
                    W.tie[w.GRUDGE, i, j] = max(W.tie[w.GRUDGE, i, j], 1.0 if decisive else 0.5)
