"""Within states and between rivals: capability, leaders, regimes, major status, rivalry."""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.asking import ask_pairs, see_rivals
from allohistory.engine.race import candidate, race
from allohistory.kernels import NONE, ZERO, kernel
from allohistory.model import dyads, states
from allohistory.model import terms as m
from allohistory.model.covariates import acquaint
from allohistory.model.parameters import GROWTH_SD, OWN_LEADER
from allohistory.noise import ANEW, address, normal, uniform


@kernel
def growth(W, G, P, L, S):
    """
    Capability of the year.

    Fresh: log share = last + momentum + war + defeat + people gained + noise. In replay the
    factual value is carried and the change of the mean is added, because mu + sd * ((y - mu) / sd)
    is not y in floating point.
    """
    year, row, mode = L.control[g.YEAR], L.control[g.ROW], L.control[g.MODE]
    beta = P.beta[m.GROWTH, 0]
    for i in range(W.status.shape[1]):
        x = S.x[0]
        x[0] = W.state[w.MOMENTUM, i]
        x[1] = S.engaged[i] > 0
        x[2] = W.state[w.BEATEN, i] > 0.9
        x[3] = W.state[w.GAIN, i]
        before = W.state[w.CAP, i]
        mean = before
        if W.status[w.ACTIVE, i]:
            mean += beta[0] * x[0] + beta[1] * x[1] + beta[2] * x[2] + beta[3] * x[3]
        where = address(m.GROWTH, year, G.state_hash[i], np.uint64(0))
        if mode == g.TRACE:
            L.mean[row, i] = mean
            after = L.cap[row, i]
            if L.control[g.KEEPING] and W.status[w.ACTIVE, i]:
                g.keep(L, m.GROWTH, i, NONE, ZERO, x, 4, G.state_hash[i])
                L.covariates[min(L.counter[1], L.rows.shape[0]) - 1, 4] = after - before
        elif mode == g.FRESH:
            noise = normal(uniform(L.seed[0], where, ANEW)) if W.status[w.ACTIVE, i] else 0.0
            after = mean + P.elicited[GROWTH_SD] * noise
            if L.control[g.RECORDING]:
                L.cap[row, i] = min(max(after, -6.0), 4.2)
        else:
            # D of a continuous choice: move of the innovation's mean in its own deviations; what
            # was carried over from an earlier year does not count as a new touch.
            carried = before - (L.cap[row - 1, i] if row > 0 else L.cap[row, i])
            shift = mean - L.mean[row, i]
            if W.status[w.ACTIVE, i] and g.anew(
                L, where, abs(shift - carried) / P.elicited[GROWTH_SD]
            ):
                after = mean + P.elicited[GROWTH_SD] * normal(uniform(L.seed[0], where, ANEW))
            else:
                after = L.cap[row, i] + shift
        if L.control[g.HAS_CHANGE] and mode != g.PLACEBO:
            c = g.find(L.change_key, where)
            if c >= 0:
                after += L.shift[c]
                L.hits[c] = 1
        after = min(max(after, -6.0), 4.2)
        W.state[w.GAIN, i] = 0.0
        W.state[w.CAP, i] = after
        W.state[w.MOMENTUM, i] = 0.8 * W.state[w.MOMENTUM, i] + 0.2 * (
            after - before - x[3] * beta[3]
        )


@kernel
def leaders(W, G, P, L, S):
    """Changes of leader: 0 none, 1 regular, 2 irregular, 3 foreign; and the patron behind one."""
    year, row, mode = L.control[g.YEAR], L.control[g.ROW], L.control[g.MODE]
    n = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        if G.tracked[i]:
            states.leader(S.x[n], W, S, i, year)
            n = g.put(S, n, G.state_hash[i], np.uint64(0), i, NONE)
        W.status[w.UPSET, i] = 0
    L.control[g.PROCESS] = m.LEADER
    g.decide(L, P, S, n)
    for r in range(n):
        i, kind = S.left[r], S.result[r]
        if kind == 0:
            W.status[w.TENURE, i] += 1
            continue
        W.status[w.UPSET, i] = kind >= 2
        W.status[w.TENURE, i] = 0
        known = mode == g.TRACE or (
            mode != g.FRESH and kind == recorded(L, m.LEADER, G.state_hash[i])
        )
        W.status[w.LEADER, i] = L.leader[row, i] if known else OWN_LEADER - (year * 1000 + i)
        W.status[w.PATRON, i] = backer(W, G, P, L, S, i) if kind == 3 else w.NOBODY


@kernel
def backer(W, G, P, L, S, i):
    """State behind a leader imposed on i."""
    beta, width = P.beta[m.PATRON_TO, 0], g.WIDTHS[m.PATRON_TO]
    n = ZERO
    for b in range(S.many[0]):
        k = S.live[b]
        if k != i:
            states.patron_to(S.y[n], W, S, i, k)
            n = candidate(S, G, n, k, dyads.score(S.y[n], beta, width))
    L.control[g.PROCESS] = m.PATRON_TO
    return S.who[race(L, S, G.state_hash[i], i, n)]


@kernel
def recorded(L, process, first):
    """Outcome of a state's choice in the record of this year."""
    where = address(process, L.control[g.YEAR], first, np.uint64(0))
    slot = g.recall(L, L.control[g.ROW], where)
    return L.outcome[L.control[g.ROW], slot] if slot >= 0 else 0


@kernel
def regimes(W, G, P, L, S):
    """Steps of regime: 0 stay, 1 down, 2 up."""
    n = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        states.regime(S.x[n], W, S, i)
        n = g.put(S, n, G.state_hash[i], np.uint64(0), i, NONE)
    L.control[g.PROCESS] = m.REGIME
    g.decide(L, P, S, n)
    for r in range(n):
        i, turn = S.left[r], S.result[r]
        W.status[w.REGIME_AGE, i] += 1
        if turn == 1 and W.status[w.REGIME, i] > 0:
            W.status[w.REGIME, i] -= 1
            W.status[w.REGIME_AGE, i] = 0
        elif turn == 2 and W.status[w.REGIME, i] < 2:
            W.status[w.REGIME, i] += 1
            W.status[w.REGIME_AGE, i] = 0


@kernel
def majors(W, G, P, L, S):
    """Gain and loss of major-power status."""
    n = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        if not W.status[w.MAJOR, i]:
            states.major_gain(S.x[n], W, i)
            n = g.put(S, n, G.state_hash[i], np.uint64(0), i, NONE)
    L.control[g.PROCESS] = m.MAJOR_GAIN
    g.decide(L, P, S, n)
    for r in range(n):
        S.pick[S.left[r]] = 2 if S.result[r] else 0
    n = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        if W.status[w.MAJOR, i]:
            S.pick[i] = 0
            states.major_loss(S.x[n], W, S, i)
            n = g.put(S, n, G.state_hash[i], np.uint64(0), i, NONE)
    L.control[g.PROCESS] = m.MAJOR_LOSS
    g.decide(L, P, S, n)
    for r in range(n):
        S.pick[S.left[r]] = 1 if S.result[r] else 0
    for a in range(S.many[0]):
        i = S.live[a]
        if S.pick[i] == 2:
            W.status[w.MAJOR, i] = 1
        elif S.pick[i] == 1:
            W.status[w.MAJOR, i] = 0
            W.status[w.WAS_MAJOR, i] = 1


@kernel
def rivalries(W, G, P, L, S):
    """Rivalries that begin and end."""
    n = ZERO
    for r in range(ask_pairs(L, S, m.RIVAL_START, m.RIVAL_START)):
        i, j = S.left[r], S.right[r]
        if not W.link[w.RIVAL, i, j]:
            dyads.rival_start(S.x[n], W, G, S, i, j)
            n = g.put_dyad(S, G, n, i, j)
    L.control[g.PROCESS] = m.RIVAL_START
    g.decide(L, P, S, n)
    begun = ZERO
    for r in range(n):
        if S.result[r]:
            S.begun[begun, 0] = S.left[r]
            S.begun[begun, 1] = S.right[r]
            begun += 1
    n = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        for q in range(S.kins[i]):
            j = np.int64(S.kin[i, q])
            if W.link[w.RIVAL, i, j] and W.status[w.ACTIVE, j]:
                dyads.rival_end(S.x[n], W, S, i, j)
                n = g.put_dyad(S, G, n, i, j)
    L.control[g.PROCESS] = m.RIVAL_END
    g.decide(L, P, S, n)
    for r in range(n):
        if S.result[r]:
            set_rivals(W, L, S, S.left[r], S.right[r], 0)
    for r in range(begun):
        set_rivals(W, L, S, S.begun[r, 0], S.begun[r, 1], 1)


@kernel
def set_rivals(W, L, S, i, j, rival):
    """Make two states rivals, or rivals no more."""
    W.link[w.RIVAL, i, j] = rival
    W.link[w.RIVAL, j, i] = rival
    acquaint(S, i, j)
    see_rivals(L, S, i, j, rival)
