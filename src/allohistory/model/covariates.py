"""
Covariates that dyads share within a year: shares, engagement, threat, contact.

Compiled; used alike by fitting and simulation because both walk the same World.
"""

import numpy as np

from allohistory import world as w
from allohistory.kernels import inlined, kernel

NEAR = np.array([0.0, 0.5, 0.8, 1.0])
"""Proximity of two states by contact: none, through a dependency, by water, by land."""
FAR_MAJOR = 0.25
HALF_LIFE_SHORT, HALF_LIFE_MID, HALF_LIFE_LONG = 2.0, 8.0, 30.0


@inlined
def clip(value, low, high):
    """Keep a value in a range (capped features cannot run away)."""
    return low if value < low else (high if value > high else value)  # noqa: FURB136


@kernel
def list_live(W, S):
    """List the active states."""
    n = 0
    for i in range(W.status.shape[1]):
        if W.status[w.ACTIVE, i]:
            S.laid[0] &= S.live[n] == i
            S.live[n] = i
            n += 1
    S.laid[0] &= S.many[0] == n
    S.many[0] = n


@kernel
def war_relations(W, S):
    """Who fights whom now, from the wars that are alive."""
    n = W.status.shape[1]
    S.opp[:] = 0
    S.engaged[:] = 0
    for k in range(W.count[w.N_WARS]):
        if not W.war[w.W_ALIVE, k]:
            continue
        for i in range(n):
            a = W.side[k, i]
            if a <= 0:
                continue
            S.engaged[i] += 1
            for j in range(n):
                b = W.side[k, j]
                if b > 0 and j != i:
                    S.past[i, j] = 1
                    if a != b:
                        S.opp[i, j] = w.OPPOSED
                    elif S.opp[i, j] == 0:
                        S.opp[i, j] = w.SAME_SIDE


@kernel
def still_fighting(W, S):
    """Wars each state still fights, after those of the year have ended."""
    S.fighting[:] = 0
    for k in range(W.count[w.N_WARS]):
        if W.war[w.W_ALIVE, k]:
            for i in range(W.status.shape[1]):
                S.fighting[i] += W.side[k, i] > 0


@kernel
def strength(W, k):
    """Strength of a state as others see it: root of its share, moved by its standing."""
    return np.sqrt(min(np.exp(W.state[w.CAP, k]) / 100.0, 0.4)) * np.exp(
        0.3 * clip(W.state[w.STANDING, k], -1.5, 1.5)
    )


@inlined
def threaten(W, S, i, k, power):
    """Threat to i from k; whom k threatens noticeably goes on its list, in ascending order."""
    hostile = (
        0.45 * W.link[w.RIVAL, i, k] + 0.45 * W.tie[w.HURT_MID, i, k] + 0.2 * W.tie[w.GRUDGE, i, k]
    )
    if S.opp[i, k] == w.OPPOSED:
        hostile += 0.5
    near = NEAR[W.link[w.CONTACT, i, k]]
    if near == 0.0 and W.status[w.MAJOR, k]:
        near = FAR_MAJOR
    if W.link[w.ALLY, i, k] == 2:
        hostile *= 0.3
    S.threat[i, k] = min(power * near * min(hostile, 1.0), 1.0)
    if S.threat[i, k] >= 0.01:
        S.beset[k, S.besets[k]] = i
        S.besets[k] += 1


@kernel
def threats(W, S):
    """
    Directional threat and common threat.

    T(i from k) = strength(k) x proximity(i, k) x hostility(i, k); the common threat of i and j
    is the sum over third states k of min(T(i from k), T(j from k)), capped at 1 (after Walt
    1987: aggregate power, proximity, offensive intentions).
    """
    many = S.many[0]
    for b in range(many):
        S.power[b] = strength(W, S.live[b])
    S.threat[:] = 0.0
    S.common[:] = 0.0
    S.besets[:] = 0
    S.web[:] = 0
    for a in range(many):
        i = S.live[a]
        for b in range(a + 1, many):
            k = S.live[b]
            if S.past[i, k] or W.link[w.RIVAL, i, k] or S.opp[i, k]:
                threaten(W, S, i, k, S.power[b])
                threaten(W, S, k, i, S.power[a])
    for c in range(many):
        k = S.live[c]
        for a in range(S.besets[k]):
            i = S.beset[k, a]
            for b in range(a + 1, S.besets[k]):
                j = S.beset[k, b]
                S.common[i, j] += min(S.threat[i, k], S.threat[j, k])
    for c in range(many):
        k = S.live[c]
        for a in range(S.besets[k]):
            i = S.beset[k, a]
            for b in range(a + 1, S.besets[k]):
                j = S.beset[k, b]
                S.common[i, j] = min(S.common[i, j], 1.0)
                S.common[j, i] = S.common[i, j]
                S.web[i, j] = 1


@kernel
def pressures(W, S):
    """How hard each state is beset: the sum of its recent disputes, capped."""
    many = S.many[0]
    for a in range(many):
        i = S.live[a]
        total = 0.0
        for b in range(many):
            j = S.live[b]
            if j != i:
                total += W.tie[w.HURT_SHORT, i, j]
        S.pressure[i] = min(total, 2.0)


@kernel
def linked(W, S, row, value, k):
    """List in ``S.who`` the active states whose link with k has a value; returns how many."""
    n = 0
    for a in range(S.many[0]):
        if W.link[row, k, S.live[a]] == value:
            S.who[n] = S.live[a]
            n += 1
    return n


@kernel
def shared_allies(W, S):
    """Strong allies in common, capped at 2 (uncapped they ran away in a trial)."""
    S.shared[:] = 0.0
    for c in range(S.many[0]):
        allies = linked(W, S, w.ALLY, 2, S.live[c])
        S.allied[S.live[c]] = allies
        for a in range(allies):
            i = S.who[a]
            for b in range(a + 1, allies):
                j = S.who[b]
                S.web[i, j] = 1
                if S.shared[i, j] < 2.0:
                    S.shared[i, j] += 1.0
                    S.shared[j, i] += 1.0


@kernel
def common_rivals(W, S):
    """Rivals in common (the enemy of my enemy; Maoz et al. 2007)."""
    S.foes[:] = 0.0
    for c in range(S.many[0]):
        enemies = linked(W, S, w.RIVAL, 1, S.live[c])
        for a in range(enemies):
            i = S.who[a]
            for b in range(a + 1, enemies):
                j = S.who[b]
                S.web[i, j] = 1
                S.foes[i, j] += 1.0
                S.foes[j, i] += 1.0


@kernel
def contacts(W, G):
    """Contact of every dyad, derived from who holds which unit and which units touch."""
    for i in range(W.status.shape[1]):
        for j in range(W.status.shape[1]):
            W.link[w.CONTACT, i, j] = 0
    units = W.unit.shape[1]
    for u in range(units):
        i = W.unit[w.OWNER, u]
        if i < 0 or not W.status[w.ACTIVE, i]:
            continue
        for e in range(G.start[u], G.start[u + 1]):
            v = G.near[e]
            j = W.unit[w.OWNER, v]
            if j < 0 or j == i or not W.status[w.ACTIVE, j]:
                continue
            if W.unit[w.HELD, u] == w.AS_HOME and W.unit[w.HELD, v] == w.AS_HOME:
                kind = w.BY_LAND if G.kind[e] == 3 else w.BY_WATER
            else:
                kind = w.THROUGH_DEPENDENCY
            if W.link[w.CONTACT, i, j] < kind:
                W.link[w.CONTACT, i, j] = kind
                W.link[w.CONTACT, j, i] = kind


@kernel
def self_rule(W, S):
    """Share of units held by nobody modelled or as home: the norm of self-rule."""
    units = W.unit.shape[1]
    free = 0
    for u in range(units):
        if W.unit[w.OWNER, u] < 0 or W.unit[w.HELD, u] == w.AS_HOME:
            free += 1
    S.norm[0] = free / units
