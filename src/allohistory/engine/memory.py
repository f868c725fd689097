"""The end of a year: memories fade and take in what happened; ages rise."""

import numpy as np

from allohistory import world as w
from allohistory.kernels import kernel
from allohistory.model.covariates import HALF_LIFE_LONG, HALF_LIFE_MID, HALF_LIFE_SHORT, meet
from allohistory.model.parameters import GRUDGE_HALF_LIFE, STANDING_HALF_LIFE

WAR_HALF_LIFE, PACT_HALF_LIFE, DEFEAT_HALF_LIFE = 12.0, 10.0, 10.0
IMPRESSION = np.array([0.0, 0.2, 0.35, 0.7])
"""What a dispute of each level adds to what memory has room for."""


@kernel
def fade(half_life):
    """Yearly factor of an exponential memory."""
    return 0.5 ** (1.0 / half_life)


@kernel
def recollect(W, G, S):
    """Note what holds for the whole roll: who has anything to remember, how crowded units are."""
    for u in range(W.unit.shape[1]):
        S.crowd[u] = 0.3 * np.log(max(G.people[u], 0.1))
    meet(W, S)
    S.threat[:] = 0.0
    S.stale[:] = True


@kernel
def remember(W, P, S):
    """
    Update the memories of dyads and states.

    m <- d m + (1 - d m) a: saturating, so that a long conflict cannot drive its own hazard
    without bound (the cure for exploding free runs).
    """
    n = W.status.shape[1]
    short, mid, long = fade(HALF_LIFE_SHORT), fade(HALF_LIFE_MID), fade(HALF_LIFE_LONG)
    war, pact = fade(WAR_HALF_LIFE), fade(PACT_HALF_LIFE)
    grudge = fade(P.elicited[GRUDGE_HALF_LIFE])
    for i in range(n):
        for q in range(S.kins[i]):
            j = np.int64(S.kin[i, q])
            top = max(W.link[w.DISPUTE, i, j], W.link[w.DISPUTE, j, i])
            opposed = S.opp[i, j] == w.OPPOSED
            if opposed and W.link[w.WAR, i, j] != w.OPPOSED:
                top = max(top, 2)
            strong = W.link[w.ALLY, i, j] == 2
            W.link[w.WAR, i, j] = S.opp[i, j]
            W.link[w.WAR, j, i] = S.opp[i, j]
            W.tie[w.GRUDGE, i, j] *= grudge
            W.tie[w.GRUDGE, j, i] *= grudge
            W.tie[w.UNSETTLED, i, j] *= war
            W.tie[w.UNSETTLED, j, i] *= war
            add = IMPRESSION[top]
            a = W.tie[w.HURT_SHORT, i, j] * short
            W.tie[w.HURT_SHORT, i, j] = a + (1.0 - a) * add
            a = W.tie[w.HURT_MID, i, j] * mid
            W.tie[w.HURT_MID, i, j] = a + (1.0 - a) * add
            a = W.tie[w.HURT_LONG, i, j] * long
            W.tie[w.HURT_LONG, i, j] = a + (1.0 - a) * add
            a = W.tie[w.WAR_MEMORY, i, j] * war
            W.tie[w.WAR_MEMORY, i, j] = a + (1.0 - a) * (0.7 if opposed else 0.0)
            a = W.tie[w.COMRADES, i, j] * war
            same = S.opp[i, j] == w.SAME_SIDE
            W.tie[w.COMRADES, i, j] = a + (1.0 - a) * (0.4 if same else 0.0)
            a = W.tie[w.PACT_MEMORY, i, j] * pact
            W.tie[w.PACT_MEMORY, i, j] = a + (1.0 - a) * (0.2 if strong else 0.0)
            for r in range(6):
                W.tie[r, j, i] = W.tie[r, i, j]
    defeat, standing = fade(DEFEAT_HALF_LIFE), fade(P.elicited[STANDING_HALF_LIFE])
    for i in range(n):
        W.state[w.BEATEN, i] *= defeat
        W.state[w.VICTOR, i] *= defeat
        W.state[w.STANDING, i] *= standing
        if W.status[w.ACTIVE, i]:
            W.status[w.AGE, i] += 1
            k = W.status[w.PATRON, i]
            if k >= 0 and not W.status[w.ACTIVE, k]:
                W.status[w.PATRON, i] = w.NOBODY
