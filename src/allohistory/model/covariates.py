"""
Covariates that dyads share within a year: shares, engagement, threat, contact.

Compiled; used alike by fitting and simulation because both walk the same World.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.kernels import inlined, kernel
from allohistory.model import terms as m

NEAR = np.array([0.0, 0.5, 0.8, 1.0])
"""Proximity of two states by contact: none, through a dependency, by water, by land."""
FAR_MAJOR = 0.25
HALF_LIFE_SHORT, HALF_LIFE_MID, HALF_LIFE_LONG = 2.0, 8.0, 30.0


class Scratch(NamedTuple):
    """
    What is worked out once a year from a World.

    Attributes
    ----------
    engaged : (N,) int64
        Wars the state is fighting.
    fighting : (N,) int64
        Wars the state still fights once this year's have ended.
    pressure : (N,) float64
        Recent disputes others have with the state, capped at 2.
    threat : (N, N) float64
        Threat to i from k: strength x proximity x hostility, 0-1.
    common : (N, N) float64
        Threat that i and j have in common, summed over third states, 0-1.
    shared : (N, N) float64
        Strong allies in common, capped at 2.
    foes : (N, N) float64
        Rivals in common.
    norm : (1,) float64
        Share of units that rule themselves.
    x, y : (B, 36) float64
        Covariates of the choices of one stage (y: of the other side, or of a candidate).
    first, second, left, right, result : (B,)
        Their addresses, indices for the log, and outcomes.
    live : (N,) int64
        Indices of active states; how many stand in ``many[0]``.
    many : (1,) int64
        Number of active states.
    opp : (N, N) int8
        Relation in wars now: 1 opposed, 2 same side; `opp_next` is a buffer of the same shape.
    lost, won, decisive, gone : (N,) int64
        1 + slot of the war lost (won) this year, 0 none; whether the defeat was decisive;
        whether the state ended this year.
    pick, who, names, scores, facts, before, owner, held, gone_home
        Buffers of decisions taken together before any is applied.
    """

    engaged: NDArray[np.int64]
    fighting: NDArray[np.int64]
    pressure: NDArray[np.float64]
    threat: NDArray[np.float64]
    common: NDArray[np.float64]
    shared: NDArray[np.float64]
    foes: NDArray[np.float64]
    norm: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    first: NDArray[np.uint64]
    second: NDArray[np.uint64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    result: NDArray[np.int64]
    live: NDArray[np.int64]
    many: NDArray[np.int64]
    opp: NDArray[np.int8]
    opp_next: NDArray[np.int8]
    lost: NDArray[np.int64]
    won: NDArray[np.int64]
    decisive: NDArray[np.int64]
    gone: NDArray[np.int64]
    pick: NDArray[np.int64]
    who: NDArray[np.int64]
    names: NDArray[np.uint64]
    scores: NDArray[np.float64]
    facts: NDArray[np.float64]
    before: NDArray[np.float64]
    owner: NDArray[np.int16]
    held: NDArray[np.int16]
    gone_home: NDArray[np.int64]


def scratch(states: int, units: int) -> Scratch:
    """Allocate the buffers for a system of so many states."""
    square, batch = (states, states), max(states * states, units, 512)
    return Scratch(
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states),
        np.zeros(square),
        np.zeros(square),
        np.zeros(square),
        np.zeros(square),
        np.zeros(1),
        np.zeros((batch, m.WIDTH)),
        np.zeros((batch, m.WIDTH)),
        np.zeros(batch, np.uint64),
        np.zeros(batch, np.uint64),
        np.zeros(batch, np.int64),
        np.zeros(batch, np.int64),
        np.zeros(batch, np.int64),
        np.zeros(states, np.int64),
        np.zeros(1, np.int64),
        np.zeros(square, np.int8),
        np.zeros(square, np.int8),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states + 1, np.int64),
        np.zeros(states + 1, np.uint64),
        np.zeros(states + 1),
        np.zeros(states + 1),
        np.zeros(states),
        np.zeros(units, np.int16),
        np.zeros(units, np.int16),
        np.zeros(units, np.int64),
    )


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
            S.live[n] = i
            n += 1
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


@kernel
def threats(W, S):
    """
    Directional threat and common threat.

    T(i from k) = strength(k) x proximity(i, k) x hostility(i, k); the common threat of i and j
    is the sum over third states k of min(T(i from k), T(j from k)), capped at 1 (after Walt
    1987: aggregate power, proximity, offensive intentions).
    """
    many = S.many[0]
    S.threat[:] = 0.0
    S.common[:] = 0.0
    for b in range(many):
        k = S.live[b]
        power = strength(W, k)
        for a in range(many):
            i = S.live[a]
            if i == k:
                continue
            near = NEAR[W.link[w.CONTACT, i, k]]
            if near == 0.0 and W.status[w.MAJOR, k]:
                near = FAR_MAJOR
            if near == 0.0:
                continue
            hostile = (
                0.45 * W.link[w.RIVAL, i, k]
                + 0.45 * W.tie[w.HURT_MID, i, k]
                + 0.2 * W.tie[w.GRUDGE, i, k]
            )
            if S.opp[i, k] == w.OPPOSED:
                hostile += 0.5
            if W.link[w.ALLY, i, k] == 2:
                hostile *= 0.3
            S.threat[i, k] = min(power * near * min(hostile, 1.0), 1.0)
    for a in range(many):
        i = S.live[a]
        for c in range(many):
            k = S.live[c]
            mine = S.threat[i, k]
            if mine < 0.01:
                continue
            for b in range(a + 1, many):
                j = S.live[b]
                theirs = S.threat[j, k]
                if j != k and theirs >= 0.01:
                    S.common[i, j] += min(mine, theirs)
    for a in range(many):
        i = S.live[a]
        for b in range(a + 1, many):
            j = S.live[b]
            total = min(S.common[i, j], 1.0)
            S.common[i, j] = total
            S.common[j, i] = total


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
def shared_allies(W, S):
    """Strong allies in common, capped at 2 (uncapped they ran away in a trial)."""
    many = S.many[0]
    S.shared[:] = 0.0
    for c in range(many):
        k = S.live[c]
        for a in range(many):
            i = S.live[a]
            if i == k or W.link[w.ALLY, i, k] != 2:
                continue
            for b in range(a + 1, many):
                j = S.live[b]
                if j != k and W.link[w.ALLY, j, k] == 2 and S.shared[i, j] < 2.0:
                    S.shared[i, j] += 1.0
                    S.shared[j, i] += 1.0


@kernel
def common_rivals(W, S):
    """Rivals in common (the enemy of my enemy; Maoz et al. 2007)."""
    many = S.many[0]
    S.foes[:] = 0.0
    for c in range(many):
        k = S.live[c]
        for a in range(many):
            i = S.live[a]
            if not W.link[w.RIVAL, i, k]:
                continue
            for b in range(a + 1, many):
                j = S.live[b]
                if W.link[w.RIVAL, j, k]:
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
