"""
Covariates of dyads: rivalry, dispute, escalation, founding of treaties.

Each function fills a buffer in the order of `terms.TERMS`. Everything is O(1) and capped.
"""

import numpy as np

from allohistory import world as w
from allohistory.kernels import inlined
from allohistory.model.covariates import clip


@inlined
def reach(W, G, i, j):
    """Distance that the stronger of two can span (loss of strength gradient: Boulding 1962)."""
    strongest = max(W.state[w.CAP, i], W.state[w.CAP, j])
    return 0.5 * G.distance[i, j] * clip(strongest, -3.0, 3.5)


@inlined
def rival_start(x, W, G, S, i, j):
    """Terms of the beginning of a rivalry."""
    contact = W.link[w.CONTACT, i, j]
    majors = W.status[w.MAJOR, i] + W.status[w.MAJOR, j]
    x[0] = 1.0
    x[1] = W.tie[w.HURT_SHORT, i, j]
    x[2] = W.tie[w.HURT_MID, i, j]
    x[3] = W.tie[w.HURT_LONG, i, j]
    x[4] = contact == w.BY_LAND
    x[5] = contact == w.BY_WATER
    x[6] = contact == w.THROUGH_DEPENDENCY
    x[7] = majors == 2
    x[8] = majors == 1
    x[9] = W.link[w.ALLY, i, j] == 2
    x[10] = 0.5 * min(abs(W.state[w.CAP, i] - W.state[w.CAP, j]), 4.0)
    x[11] = min(W.status[w.AGE, i], W.status[w.AGE, j]) < 5
    x[12] = W.tie[w.WAR_MEMORY, i, j]
    x[13] = G.distance[i, j]
    x[14] = S.common[i, j]
    x[15] = max(W.tie[w.GRUDGE, i, j], W.tie[w.GRUDGE, j, i])


@inlined
def rival_end(x, W, S, i, j):
    """Terms of the end of a rivalry."""
    x[0] = 1.0
    x[1] = W.tie[w.HURT_SHORT, i, j]
    x[2] = W.tie[w.HURT_MID, i, j]
    x[3] = W.tie[w.HURT_LONG, i, j]
    x[4] = W.link[w.ALLY, i, j] == 2
    x[5] = S.common[i, j]
    x[6] = max(W.state[w.BEATEN, i], W.state[w.BEATEN, j])
    x[7] = min(W.status[w.REGIME_AGE, i], W.status[w.REGIME_AGE, j]) < 3
    x[8] = W.status[w.MAJOR, i] + W.status[w.MAJOR, j] == 2
    x[9] = W.link[w.CONTACT, i, j] == w.BY_LAND
    x[10] = W.status[w.REGIME, i] == 2 and W.status[w.REGIME, j] == 2
    x[11] = W.tie[w.COMRADES, i, j]
    x[12] = W.status[w.PATRON, i] == j or W.status[w.PATRON, j] == i
    x[13] = W.tie[w.WAR_MEMORY, i, j]
    x[14] = max(W.tie[w.GRUDGE, i, j], W.tie[w.GRUDGE, j, i])


@inlined
def dispute(x, W, G, S, i, j):
    """
    Terms of i starting a dispute with j.

    ``deterrence`` is the target's standing above the initiator's; ``target_engaged``,
    ``target_beaten`` and ``other_predators`` are opportunism; ``revanche`` is the loser's grudge
    (settlement-evidence, rows 8, 12-14, 20). ``unsettled_war`` sets a drawn war apart from one that
    was won: imposed settlements last longer (Senese and Quackenbush 2003; Werner and Yuen 2005).
    """
    contact = W.link[w.CONTACT, i, j]
    x[0] = 1.0
    x[1] = contact == w.BY_LAND
    x[2] = contact == w.BY_WATER
    x[3] = contact == w.THROUGH_DEPENDENCY
    x[4] = W.link[w.RIVAL, i, j]
    x[5] = W.tie[w.HURT_SHORT, i, j]
    x[6] = W.tie[w.HURT_MID, i, j]
    x[7] = W.tie[w.HURT_LONG, i, j]
    x[8] = W.link[w.ALLY, i, j] == 2
    x[9] = W.link[w.ALLY, i, j] == 1
    x[10] = 0.5 * clip(W.state[w.CAP, i], -3.0, 3.5)
    x[11] = 0.5 * clip(W.state[w.CAP, j], -3.0, 3.5)
    x[12] = W.status[w.MAJOR, i]
    x[13] = W.status[w.MAJOR, j]
    x[14] = 0.5 * min(abs(W.state[w.CAP, i] - W.state[w.CAP, j]), 4.0)
    x[15] = clip(W.state[w.STANDING, j] - W.state[w.STANDING, i], -2.0, 2.0)
    x[16] = S.engaged[j] > 0 and S.opp[i, j] == 0
    x[17] = W.state[w.BEATEN, j]
    x[18] = max(0.0, S.pressure[j] - W.tie[w.HURT_SHORT, i, j])
    x[19] = W.status[w.REGIME, i] == 2 and W.status[w.REGIME, j] == 2
    x[20] = S.common[i, j]
    x[21] = G.distance[i, j]
    x[22] = S.engaged[i] > 0
    x[23] = W.status[w.PATRON, i] == j or W.status[w.PATRON, j] == i
    x[24] = W.tie[w.GRUDGE, i, j]
    x[25] = W.tie[w.COMRADES, i, j]
    x[26] = W.tie[w.WAR_MEMORY, i, j]
    x[27] = min(W.status[w.AGE, i], W.status[w.AGE, j]) < 5
    x[28] = reach(W, G, i, j)
    x[29] = max(0.0, S.pressure[i] - W.tie[w.HURT_SHORT, i, j])
    x[30] = W.link[w.RIVAL, i, j] * W.tie[w.HURT_MID, i, j]
    x[31] = W.tie[w.UNSETTLED, i, j]


@inlined
def level(x, W, S, i, j):
    """Terms of a dispute's escalation to force and to war."""
    contact = W.link[w.CONTACT, i, j]
    x[0] = 1.0
    x[1] = W.link[w.RIVAL, i, j]
    x[2] = contact == w.BY_LAND
    x[3] = contact == w.THROUGH_DEPENDENCY
    x[4] = W.status[w.MAJOR, i]
    x[5] = W.status[w.MAJOR, j]
    x[6] = 0.5 * clip(W.state[w.CAP, i] - W.state[w.CAP, j], -3.0, 3.0)
    x[7] = W.link[w.ALLY, i, j] == 2
    x[8] = W.tie[w.HURT_MID, i, j]
    x[9] = S.engaged[j] > 0
    x[10] = W.tie[w.WAR_MEMORY, i, j]
    x[11] = clip(W.state[w.STANDING, j] - W.state[w.STANDING, i], -2.0, 2.0)
    x[12] = W.status[w.REGIME, i] == 2 and W.status[w.REGIME, j] == 2
    x[13] = S.engaged[i] > 0
    x[14] = W.tie[w.GRUDGE, i, j]
    x[15] = W.tie[w.UNSETTLED, i, j]


@inlined
def founding(x, W, G, S, i, j):
    """Terms of i and j founding a treaty (the same for strong and weak ones)."""
    contact = W.link[w.CONTACT, i, j]
    majors = W.status[w.MAJOR, i] + W.status[w.MAJOR, j]
    first, second = W.status[w.REGIME, i], W.status[w.REGIME, j]
    beaten = max(W.state[w.BEATEN, i], W.state[w.BEATEN, j])
    x[0] = 1.0
    x[1] = contact == w.BY_LAND
    x[2] = contact == w.BY_WATER
    x[3] = contact == w.THROUGH_DEPENDENCY
    x[4] = G.distance[i, j]
    x[5] = W.link[w.RIVAL, i, j]
    x[6] = W.tie[w.HURT_SHORT, i, j]
    x[7] = W.tie[w.HURT_MID, i, j]
    x[8] = W.tie[w.HURT_LONG, i, j]
    x[9] = W.tie[w.WAR_MEMORY, i, j]
    x[10] = W.tie[w.COMRADES, i, j]
    x[11] = W.tie[w.PACT_MEMORY, i, j]
    x[12] = W.link[w.ALLY, i, j] == 2
    x[13] = W.link[w.ALLY, i, j] == 1
    x[14] = S.common[i, j]
    x[15] = S.opp[i, j] == w.SAME_SIDE
    x[16] = (S.engaged[i] > 0) != (S.engaged[j] > 0)
    x[17] = first == second
    x[18] = majors == 2
    x[19] = majors == 1
    x[20] = 0.5 * clip(min(W.state[w.CAP, i], W.state[w.CAP, j]), -3.0, 3.0)
    x[21] = 0.5 * min(abs(W.state[w.CAP, i] - W.state[w.CAP, j]), 4.0)
    x[22] = S.shared[i, j]
    x[23] = clip(max(W.state[w.STANDING, i], W.state[w.STANDING, j]), -1.5, 1.5)
    x[24] = W.status[w.PATRON, i] == j or W.status[w.PATRON, j] == i
    x[25] = beaten * S.common[i, j]
    x[26] = min(W.status[w.AGE, i], W.status[w.AGE, j]) < 5
    x[27] = first == 2 and second == 2
    x[28] = max(W.tie[w.GRUDGE, i, j], W.tie[w.GRUDGE, j, i])
    x[29] = S.opp[i, j] == w.OPPOSED
    x[30] = np.sqrt(min(S.foes[i, j], 4.0))
    x[31] = reach(W, G, i, j)


@inlined
def score(x, beta, n):
    """Elementwise linear predictor (never BLAS: replay must be bitwise)."""
    total = 0.0
    for f in range(n):
        total += beta[f] * x[f]
    return total
