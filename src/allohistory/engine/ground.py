"""Settlement on the ground: states that end and begin, units that change hands."""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.asking import worth
from allohistory.engine.race import candidate, race
from allohistory.kernels import NONE, ZERO, kernel
from allohistory.model import dyads, states
from allohistory.model import terms as m

DEPENDENCY_WEIGHT, OCCUPIED_WEIGHT = 0.1, 0.3


@kernel
def people(W, G, ruled):
    """People each state rules, dependencies and occupied lands at a discount, millions."""
    ruled[:] = 0.1
    for u in range(W.unit.shape[1]):
        i = W.unit[w.OWNER, u]
        if i < 0:
            continue
        held = W.unit[w.HELD, u]
        weight = (
            1.0
            if held == w.AS_HOME
            else (OCCUPIED_WEIGHT if held == w.AS_OCCUPIED else DEPENDENCY_WEIGHT)
        )
        ruled[i] += weight * G.people[u]


@kernel
def enter(W, G, L, i):
    """Put a state into the system on its homeland."""
    row, mode = L.control[g.ROW], L.control[g.MODE]
    W.status[w.ACTIVE, i] = 1
    W.status[w.AGE, i] = 0
    W.status[w.REGIME, i] = 1 if mode == g.FRESH else L.regime[row, i]
    W.status[w.REGIME_AGE, i] = 0
    W.status[w.LEADER, i] = 0 if mode == g.FRESH else L.leader[row, i]
    W.status[w.TENURE, i] = 0
    W.status[w.PATRON, i] = w.NOBODY if mode == g.FRESH else L.patron[row, i]
    W.unit[w.OWNER, G.home[i]] = i
    W.unit[w.HELD, G.home[i]] = w.AS_HOME


@kernel
def housed(W, G, i):
    """Whether another state lives in the homeland of i and calls it its own."""
    k = W.unit[w.OWNER, G.home[i]]
    return k >= 0 and k != i and W.status[w.ACTIVE, k] == 1 and G.home[k] == G.home[i]


@kernel
def entries(W, G, P, L, S):
    """States that enter: early in the year by consent, late in it out of a war."""
    late = L.control[g.LATE]
    process = m.ENTRY_LATE if late else m.ENTRY
    n = ZERO
    for i in range(W.status.shape[1]):
        if W.status[w.ACTIVE, i]:
            continue
        if housed(W, G, i):
            continue
        k = W.unit[w.OWNER, G.home[i]]
        if late and not (
            k < 0 or not W.status[w.ACTIVE, k] or S.lost[k] > 0 or S.gone[i] > 0 or S.won[k] > 0
        ):
            continue
        states.entry(S.x[n], W, G, S, i, late)
        n = g.put(S, n, G.state_hash[i], np.uint64(0), i, NONE)
    L.control[g.PROCESS] = process
    g.decide(L, P, S, n)
    for r in range(n):
        if S.result[r] and not housed(W, G, S.left[r]):
            enter(W, G, L, S.left[r])


@kernel
def leave(W, i):
    """Take a state out of the system; its treaties sleep, its wars are over for it."""
    W.status[w.ACTIVE, i] = 0
    W.status[w.WAS_MAJOR, i] = max(W.status[w.WAS_MAJOR, i], W.status[w.MAJOR, i])
    W.status[w.MAJOR, i] = 0
    W.status[w.REGIME, i] = 0
    W.status[w.REGIME_AGE, i] = 0
    W.status[w.LEADER, i] = 0
    W.status[w.TENURE, i] = 0
    W.status[w.UPSET, i] = 0
    W.status[w.PATRON, i] = w.NOBODY
    W.state[w.BEATEN, i] = 1.0
    for k in range(W.count[w.N_WARS]):
        if W.war[w.W_ALIVE, k] and W.side[k, i] > 0:
            W.side[k, i] = -W.side[k, i]


LOST, OPPOSED, NEWBORN = (
    m.TERMS[m.EXIT].index(term) for term in ("lost_now", "opposed_by_stronger", "newborn")
)


@kernel
def safe(W, P, S, i):
    """How far below the bound of all exits that of a state is, by what is known at a glance."""
    beta, less = P.beta[m.EXIT, 0], 0.0
    if S.lost[i] <= 0:
        less += max(beta[LOST], 0.0)
    if S.engaged[i] == 0:
        less += max(1.5 * beta[OPPOSED], 0.0)
    if W.status[w.AGE, i] >= 5:
        less += max(beta[NEWBORN], 0.0)
    return less


@kernel
def exits(W, G, P, L, S):
    """States that end, and who holds their homeland afterwards."""
    fighting = 0
    for a in range(S.many[0]):
        fighting += W.status[w.MAJOR, S.live[a]] and S.engaged[S.live[a]] > 0
    n = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        S.pick[i] = 0
        if worth(L, S, m.EXIT, G.state_hash[i], np.uint64(0), safe(W, P, S, i)):
            states.exits(S.x[n], W, S, i, fighting)
            n = g.put(S, n, G.state_hash[i], np.uint64(0), i, NONE)
    L.control[g.PROCESS] = m.EXIT
    g.decide(L, P, S, n)
    for r in range(n):
        S.pick[S.left[r]] = S.result[r]
    beta, width = P.beta[m.EXIT_TO, 0], g.WIDTHS[m.EXIT_TO]
    L.control[g.PROCESS] = m.EXIT_TO
    for a in range(S.many[0]):
        i = S.live[a]
        if not S.pick[i]:
            continue
        S.gone[i] = 1
        states.exit_to(S.y[0], W, S, i, NONE)
        n = candidate(S, G, ZERO, NONE, dyads.score(S.y[0], beta, width))
        for b in range(S.many[0]):
            k = S.live[b]
            if k != i and not S.pick[k]:
                states.exit_to(S.y[n], W, S, i, k)
                n = candidate(S, G, n, k, dyads.score(S.y[n], beta, width))
        pick = race(L, S, G.state_hash[i], i, n)
        W.unit[w.OWNER, G.home[i]] = S.who[pick]
        W.unit[w.HELD, G.home[i]] = w.AS_OCCUPIED if S.who[pick] >= 0 else w.AS_DEPENDENCY
    for a in range(S.many[0]):
        i = S.live[a]
        if S.pick[i]:
            leave(W, i)


@kernel
def soil(W, G, u, c):
    """Whether a unit touches the home soil of c by land."""
    for e in range(G.start[u], G.start[u + 1]):
        v = G.near[e]
        if G.kind[e] == 3 and W.unit[w.OWNER, v] == c and W.unit[w.HELD, v] == w.AS_HOME:
            return True
    return False


@kernel
def hands(W, G, P, L, S):
    """Units that change hands: cession, conquest, colonisation, independence."""
    people(W, G, S.before)
    many = ZERO
    for u in range(W.unit.shape[1]):
        S.owner[u] = W.unit[w.OWNER, u]
        S.held[u] = W.unit[w.HELD, u]
        k = W.unit[w.OWNER, u]
        if k >= 0 and (S.gone_home[u] or (W.status[w.ACTIVE, k] and G.home[k] == u)):
            continue
        calm = k < 0 or (W.status[w.ACTIVE, k] and S.engaged[k] == 0 and S.lost[k] == 0)
        if calm and not worth(L, S, m.HANDS, G.unit_hash[u], np.uint64(0), 0.0):
            continue
        states.hands(S.x[many], W, G, S, u)
        many = g.put(S, many, G.unit_hash[u], np.uint64(0), u, NONE)
    L.control[g.PROCESS] = m.HANDS
    g.decide(L, P, S, many)
    beta, width = P.beta[m.HANDS_TO, 0], g.WIDTHS[m.HANDS_TO]
    L.control[g.PROCESS] = m.HANDS_TO
    for r in range(many):
        u, moves = S.left[r], S.result[r]
        k = W.unit[w.OWNER, u]
        if not moves:
            continue
        n = ZERO
        states.touches(W, G, S, u)
        if k >= 0:
            states.hands_to(S.y[n], W, S, u, NONE)
            n = candidate(S, G, n, NONE, dyads.score(S.y[n], beta, width))
        for b in range(S.many[0]):
            c = S.live[b]
            if c != k and W.status[w.ACTIVE, c]:
                states.hands_to(S.y[n], W, S, u, c)
                n = candidate(S, G, n, c, dyads.score(S.y[n], beta, width))
        pick = race(L, S, G.unit_hash[u], u, n)
        c = S.who[pick]
        S.owner[u] = c
        if moves > 1:
            S.held[u] = moves - 2
        elif c < 0:
            S.held[u] = w.AS_DEPENDENCY
        elif G.home[c] == u or (
            W.unit[w.HELD, u] == w.AS_HOME and (W.status[w.AGE, c] < 3 or soil(W, G, u, c))
        ):
            S.held[u] = w.AS_HOME
        else:
            S.held[u] = w.AS_DEPENDENCY
    for u in range(W.unit.shape[1]):
        W.unit[w.OWNER, u] = S.owner[u]
        W.unit[w.HELD, u] = S.held[u]
    people(W, G, S.after)
    for a in range(S.many[0]):
        i = S.live[a]
        if S.after[i] != S.before[i]:
            W.state[w.GAIN, i] += np.log(S.after[i] / S.before[i])


@kernel
def mark_gone(W, G, S):
    """Mark the homelands of states that ended."""
    S.gone_home[:] = 0
    for i in range(W.status.shape[1]):
        if S.gone[i]:
            S.gone_home[G.home[i]] = 1
