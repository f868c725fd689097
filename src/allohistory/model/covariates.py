"""
Covariates that dyads share within a year: shares, engagement, threat, contact.

Compiled; used alike by fitting and simulation because both walk the same World.
"""

import math

import numpy as np

from allohistory import world as w
from allohistory.kernels import inlined, kernel

NEAR = np.array([0.0, 0.5, 0.8, 1.0])
"""Proximity of two states by contact: none, through a dependency, by water, by land."""
FAR_MAJOR = 0.25
LOG1P = np.array([math.log1p(years) for years in range(61)])
"""Log of one more than so many years, or states."""
FOES = np.sqrt(np.arange(5)) / 2.0
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
def meet(W, S):
    """List for each state those after it with whom it has anything to remember, or is tied."""
    n = W.status.shape[1]
    S.past[:] = 0
    S.kins[:] = 0
    for i in range(n):
        for j in range(i + 1, n):
            known = W.link[w.RIVAL, i, j] != 0 or W.link[w.ALLY, i, j] == 2
            for r in range(W.tie.shape[0]):
                known |= W.tie[r, i, j] != 0.0 or W.tie[r, j, i] != 0.0
            if known:
                acquaint(S, i, j)


@kernel
def acquaint(S, i, j):
    """Note that two states have something to remember of each other."""
    if S.past[i, j]:
        return
    S.past[i, j] = 1
    S.past[j, i] = 1
    first, second = min(i, j), max(i, j)
    n = S.kins[first]
    while n > 0 and S.kin[first, n - 1] > second:
        S.kin[first, n] = S.kin[first, n - 1]
        n -= 1
    S.kin[first, n] = second
    S.kins[first] += 1


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
                    acquaint(S, i, j)
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
    near = NEAR[W.link[w.CONTACT, i, k]]
    if near == 0.0:
        if not W.status[w.MAJOR, k]:
            S.threat[i, k] = 0.0
            return
        near = FAR_MAJOR
    hostile = (
        0.45 * W.link[w.RIVAL, i, k] + 0.45 * W.tie[w.HURT_MID, i, k] + 0.2 * W.tie[w.GRUDGE, i, k]
    )
    if S.opp[i, k] == w.OPPOSED:
        hostile += 0.5
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
        S.power[S.live[b]] = strength(W, S.live[b])
    S.common[:] = 0.0
    S.besets[:] = 0
    S.web[:] = 0.0
    for i in range(W.status.shape[1]):
        for q in range(S.kins[i]):
            k = np.int64(S.kin[i, q])
            if W.status[w.ACTIVE, i] and W.status[w.ACTIVE, k]:
                threaten(W, S, i, k, S.power[k])
                threaten(W, S, k, i, S.power[i])
            else:
                S.threat[i, k] = 0.0
                S.threat[k, i] = 0.0
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
                S.web[i, j] = S.common[i, j]


@kernel
def pressures(W, S):
    """How hard each state is beset: the sum of its recent disputes, capped."""
    pressure, hurt = S.pressure, W.tie[w.HURT_SHORT]
    for a in range(S.many[0]):
        pressure[S.live[a]] = 0.0
    for a in range(S.many[0]):
        i = S.live[a]
        for q in range(S.kins[i]):
            j = np.int64(S.kin[i, q])
            if W.status[w.ACTIVE, j]:
                pressure[i] += hurt[i, j]
                pressure[j] += hurt[j, i]
    for a in range(S.many[0]):
        pressure[S.live[a]] = min(pressure[S.live[a]], 2.0)


@kernel
def linked(W, S, row, value, many):
    """
    List in ``S.linked`` whom each active state has a link of a value with, in ascending order.

    Only among those who have something to remember of each other; `many` takes how many it is.
    """
    for a in range(S.many[0]):
        many[S.live[a]] = 0
    for a in range(S.many[0]):
        i = S.live[a]
        for q in range(S.kins[i]):
            j = np.int64(S.kin[i, q])
            if W.link[row, i, j] == value and W.status[w.ACTIVE, j]:
                S.linked[i, many[i]] = j
                many[i] += 1
                S.linked[j, many[j]] = i
                many[j] += 1


@kernel
def shared_allies(W, S):
    """Strong allies in common, capped at 2 (uncapped they ran away in a trial)."""
    S.shared[:] = 0.0
    linked(W, S, w.ALLY, 2, S.allied)
    for c in range(S.many[0]):
        k = S.live[c]
        for a in range(S.allied[k]):
            i = np.int64(S.linked[k, a])
            for b in range(a + 1, S.allied[k]):
                j = np.int64(S.linked[k, b])
                if S.shared[i, j] < 2.0:
                    S.shared[i, j] += 1.0
                    S.shared[j, i] += 1.0
                    S.web[i, j] = max(S.web[i, j], 0.5 * S.shared[i, j])


@kernel
def common_rivals(W, S):
    """Rivals in common (the enemy of my enemy; Maoz et al. 2007)."""
    S.foes[:] = 0.0
    linked(W, S, w.RIVAL, 1, S.enemies)
    for c in range(S.many[0]):
        k = S.live[c]
        for a in range(S.enemies[k]):
            i = np.int64(S.linked[k, a])
            for b in range(a + 1, S.enemies[k]):
                j = np.int64(S.linked[k, b])
                S.foes[i, j] += 1.0
                S.foes[j, i] += 1.0
                S.web[i, j] = max(S.web[i, j], FOES[int(min(S.foes[i, j], 4.0))])


@kernel
def contacts(W, G, S):
    """
    Contact of every dyad, derived from who holds which unit and which units touch.

    Worked out anew for the states that entered, left, or won or lost a unit since: a border
    stands in the lists of both units, so that those of the one state tell all.
    """
    n, contact, stale = W.status.shape[1], W.link[w.CONTACT], S.stale
    owner, held = W.unit[w.OWNER], W.unit[w.HELD]
    any_stale = False
    for i in range(n):
        if stale[i]:
            any_stale = True
            contact[i, :] = 0
            for j in range(n):
                contact[j, i] = 0
    if not any_stale:
        return
    for u in range(owner.shape[0]):
        i = np.int64(owner[u])
        if i < 0 or not stale[i] or not W.status[w.ACTIVE, i]:
            continue
        at_home = held[u] == w.AS_HOME
        for e in range(G.start[u], G.start[u + 1]):
            v = np.uint64(G.near[e])
            j = np.int64(owner[v])
            if j < 0 or j == i or not W.status[w.ACTIVE, j]:
                continue
            if at_home and held[v] == w.AS_HOME:
                kind = w.BY_LAND if G.kind[e] == 3 else w.BY_WATER
            else:
                kind = w.THROUGH_DEPENDENCY
            if contact[i, j] < kind:
                contact[i, j] = kind
                contact[j, i] = kind
    stale[:] = False


@kernel
def self_rule(W, S):
    """Share of units held by nobody modelled or as home: the norm of self-rule."""
    units = W.unit.shape[1]
    free = 0
    for u in range(units):
        if W.unit[w.OWNER, u] < 0 or W.unit[w.HELD, u] == w.AS_HOME:
            free += 1
    S.norm[0] = free / units
