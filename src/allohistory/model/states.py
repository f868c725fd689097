"""
Covariates of single states: leaders, regime, major status, entry, exit, units.

Each function fills a buffer in the order of `terms.TERMS`.
"""

from allohistory import world as w
from allohistory.kernels import inlined, kernel
from allohistory.model import wars
from allohistory.model.covariates import LOG1P, clip


@inlined
def leader(x, W, S, i, year):
    """Terms of a change of leader (regular, irregular, foreign)."""
    x[0] = 1.0
    x[1] = W.status[w.REGIME, i] == 2
    x[2] = W.status[w.REGIME, i] == 1
    x[3] = LOG1P[min(W.status[w.TENURE, i], 40)]
    x[4] = S.engaged[i] > 0
    x[5] = W.state[w.BEATEN, i]
    x[6] = W.status[w.UPSET, i]
    x[7] = W.status[w.PATRON, i] >= 0
    x[8] = 0.5 * LOG1P[min(W.status[w.REGIME_AGE, i], 60)]
    x[9] = wars.weariness(W, i, year) if S.engaged[i] > 0 else 0.0


@inlined
def patron_to(x, W, S, i, k):
    """Terms of k being the power behind a leader imposed on i."""
    x[0] = 0.5 * W.link[w.CONTACT, i, k]
    x[1] = W.status[w.MAJOR, k]
    x[2] = S.opp[i, k] == w.OPPOSED or W.tie[w.GRUDGE, i, k] > 0.5
    x[3] = 0.5 * clip(W.state[w.CAP, k], -3.0, 3.5)
    x[4] = W.link[w.ALLY, i, k] == 2


@inlined
def regime(x, W, S, i):
    """Terms of a step down or up in democracy."""
    mine = W.status[w.REGIME, i]
    total, n = 0, 0
    contact, rule = W.link[w.CONTACT, i], W.status[w.REGIME]
    for j in range(len(rule)):
        beside = contact[j] >= w.BY_WATER
        total += rule[j] * beside
        n += beside
    patron = W.status[w.PATRON, i]
    x[0] = 1.0
    x[1] = mine == 1
    x[2] = mine == 2
    x[3] = 0.5 * LOG1P[min(W.status[w.REGIME_AGE, i], 60)]
    x[4] = W.state[w.BEATEN, i]
    x[5] = W.status[w.UPSET, i]
    x[6] = (total / n - mine) * 0.5 if n else 0.0
    x[7] = 0.5 * (W.status[w.REGIME, patron] - mine) if patron >= 0 else 0.0
    x[8] = S.engaged[i] > 0
    x[9] = W.status[w.AGE, i] < 5


@inlined
def major_gain(x, W, i):
    """Terms of becoming a major power."""
    x[0] = 1.0
    x[1] = clip(W.state[w.CAP, i] - 1.0, -3.0, 2.5)
    x[2] = clip(W.state[w.STANDING, i], -2.0, 2.0)
    x[3] = W.state[w.VICTOR, i]
    x[4] = W.status[w.WAS_MAJOR, i]


@inlined
def major_loss(x, W, S, i):
    """Terms of ceasing to be a major power."""
    x[0] = 1.0
    x[1] = clip(W.state[w.CAP, i] - 1.0, -3.0, 2.5)
    x[2] = clip(W.state[w.STANDING, i], -2.0, 2.0)
    x[3] = W.state[w.BEATEN, i]
    x[4] = W.status[w.UPSET, i]
    x[5] = S.lost[i] != 0


@inlined
def entry(x, W, G, S, i, late):
    """Terms of a state entering the system: who holds its homeland, and how firmly."""
    u = G.home[i]
    k = W.unit[w.OWNER, u]
    gone = k >= 0 and not W.status[w.ACTIVE, k]
    x[0] = 1.0
    x[1] = k < 0
    x[2] = gone
    x[3] = W.state[w.BEATEN, k] if k >= 0 else 0.0
    x[4] = S.engaged[k] > 0 if k >= 0 else 0.0
    x[5] = 0.5 * clip(W.state[w.CAP, k], -3.0, 3.5) if k >= 0 and not gone else 0.0
    x[6] = 4.0 * (S.norm[0] - 0.7)
    x[7] = W.status[w.AGE, i] != 0
    x[8] = S.crowd[u]
    x[9] = late
    x[10] = W.unit[w.HELD, u] == w.AS_OCCUPIED
    # A part of somebody's homeland leaves when the holder is in trouble: at war, just beaten, its
    # regime or leader just overthrown (1917-20, 1991); seldom otherwise.
    homeland = k >= 0 and not gone and W.unit[w.HELD, u] == w.AS_HOME
    x[11] = homeland
    x[12] = homeland and (
        S.engaged[k] > 0
        or W.state[w.BEATEN, k] > 0.3
        or W.status[w.REGIME_AGE, k] < 3
        or W.status[w.UPSET, k] > 0
    )


@inlined
def triumph(W, S, i, k):
    """
    How far a stronger neighbour k of i has lately won a war, and lost none since, 0-1.

    States die at the hands of strong neighbours (Fazal 2007), and victory makes more of them
    reachable: nobody is left to object. Who fights i now is `opposed_by_stronger`.
    """
    if W.link[w.CONTACT, i, k] < w.BY_WATER or S.opp[i, k] == w.OPPOSED:
        return 0.0
    gap = clip(W.state[w.CAP, k] - W.state[w.CAP, i], 0.0, 3.0)
    return W.state[w.VICTOR, k] * (1.0 - W.state[w.BEATEN, k]) * gap / 3.0


@inlined
def exits(x, W, S, i, fighting):
    """
    Terms of a state ending: conquest, annexation, dissolution, union (Fazal 2007).

    `fighting` is how many major powers are at war.
    """
    mine = W.state[w.CAP, i]
    stronger, threat, victor = 0.0, 0.0, 0.0
    fighting -= W.status[w.MAJOR, i] and S.engaged[i] > 0
    for a in range(S.many[0]):
        k = S.live[a]
        if k == i:
            continue
        threat = max(threat, S.threat[i, k])
        victor = max(victor, triumph(W, S, i, k))
        if S.opp[i, k] == w.OPPOSED and W.link[w.CONTACT, i, k] > 0:
            stronger = max(stronger, clip(W.state[w.CAP, k] - mine, 0.0, 3.0))
    x[0] = 1.0
    x[1] = (S.lost[i] > 0) * (0.5 + 0.5 * S.decisive[i])
    x[2] = W.state[w.BEATEN, i]
    x[3] = 0.5 * clip(mine, -3.0, 3.0)
    x[4] = threat
    x[5] = stronger / 2.0
    x[6] = W.status[w.PATRON, i] >= 0
    x[7] = W.status[w.UPSET, i]
    x[8] = W.status[w.AGE, i] < 5
    x[9] = min(fighting, 4) / 4.0
    x[10] = victor


@inlined
def exit_to(x, W, S, i, k):
    """Terms of the homeland of an ended state passing to k (-1 nobody modelled)."""
    x[:9] = 0.0
    if k < 0:
        x[0] = 1.0
        return
    x[1] = S.opp[i, k] == w.OPPOSED
    x[2] = S.won[k] > 0 and S.lost[i] > 0
    x[3] = W.link[w.CONTACT, i, k] == w.BY_LAND
    x[4] = 0.5 * clip(W.state[w.CAP, k] - W.state[w.CAP, i], -3.0, 4.0)
    x[5] = W.status[w.PATRON, i] == k
    x[6] = W.link[w.RIVAL, i, k]
    x[7] = W.link[w.ALLY, i, k] == 2
    x[8] = triumph(W, S, i, k)


@inlined
def hands(x, W, G, S, u):
    """Terms of a unit changing hands this year."""
    k = W.unit[w.OWNER, u]
    front = 0.0
    if k >= 0 and S.engaged[k] > 0:
        for e in range(G.start[u], G.start[u + 1]):
            j = W.unit[w.OWNER, G.near[e]]
            if j >= 0 and S.opp[k, j] == w.OPPOSED:
                front = 1.0
    x[0] = 1.0
    x[1] = k < 0
    x[2] = k >= 0 and not W.status[w.ACTIVE, k]
    x[3] = (S.lost[k] > 0) * (0.5 + 0.5 * S.decisive[k]) if k >= 0 else 0.0
    x[4] = front
    x[5] = W.unit[w.HELD, u] == w.AS_HOME and k >= 0
    x[6] = W.unit[w.HELD, u] == w.AS_OCCUPIED
    x[7] = 4.0 * (S.norm[0] - 0.7) * (k >= 0 and W.unit[w.HELD, u] != w.AS_HOME)
    x[8] = S.crowd[u]
    x[9] = W.state[w.BEATEN, k] if k >= 0 else 0.0
    x[10] = S.engaged[k] > 0 if k >= 0 else 0.0
    x[11] = S.won[k] > 0 if k >= 0 else 0.0
    x[12] = x[5] and S.engaged[k] == 0 and S.lost[k] == 0 and W.status[w.ACTIVE, k] == 1


@kernel
def touches(W, G, S, u):
    """How closely each state's home soil and its other land touch a unit."""
    S.touch[:] = 0.0
    for e in range(G.start[u], G.start[u + 1]):
        v = G.near[e]
        c = W.unit[w.OWNER, v]
        if c >= 0:
            row = 0 if W.unit[w.HELD, v] == w.AS_HOME else 1
            S.touch[row, c] = max(S.touch[row, c], G.kind[e] / 3.0)


@inlined
def hands_to(x, W, S, u, c):
    """Terms of a unit passing to c (-1: itself or somebody not modelled); see `touches`."""
    k = W.unit[w.OWNER, u]
    x[:10] = 0.0
    if c < 0:
        x[0] = 1.0
        x[8] = 4.0 * (S.norm[0] - 0.7)
        return
    home, away = S.touch[0, c], S.touch[1, c]
    x[1] = S.won[c] > 0 and (k < 0 or S.lost[k] > 0)
    x[2] = k >= 0 and S.opp[k, c] == w.OPPOSED
    x[3] = home
    x[4] = away
    x[5] = W.status[w.MAJOR, c]
    x[6] = 0.5 * clip(W.state[w.CAP, c], -3.0, 3.5)
    x[7] = home * (W.status[w.AGE, c] < 3)
    # Taken from a holder that neither fights the taker nor has just lost.
    x[9] = k >= 0 and W.status[w.ACTIVE, k] and S.opp[k, c] == 0 and S.lost[k] == 0
