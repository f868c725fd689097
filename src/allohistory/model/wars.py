"""
Covariates of wars and treaties as units: joining, leaving, ending, outcome; membership, lapse.

Each function fills a buffer in the order of `terms.TERMS`.
"""

import numpy as np

from allohistory import world as w
from allohistory.kernels import inlined, kernel
from allohistory.model.covariates import LOG1P, clip


@kernel
def side_facts(W, k):
    """Capabilities, sizes and majors of both sides of war k."""
    cap_a, cap_b, n_a, n_b, maj_a, maj_b = 1e-3, 1e-3, 0, 0, 0, 0
    for i in range(W.status.shape[1]):
        s = W.side[k, i]
        if s == 1:
            cap_a += np.exp(W.state[w.CAP, i])
            n_a += 1
            maj_a += W.status[w.MAJOR, i]
        elif s == 2:
            cap_b += np.exp(W.state[w.CAP, i])
            n_b += 1
            maj_b += W.status[w.MAJOR, i]
    return cap_a, cap_b, n_a, n_b, maj_a, maj_b


@kernel
def weariness(W, i, year):
    """Years for which a state has fought a major power, up to five (Goemans 2000)."""
    longest = 0
    for k in range(W.count[w.N_WARS]):
        s = W.side[k, i]
        if not W.war[w.W_ALIVE, k] or s <= 0:
            continue
        for j in range(W.status.shape[1]):
            if W.side[k, j] == 3 - s and W.status[w.MAJOR, j]:
                longest = max(longest, year - W.war[w.W_YEAR, k])
    return min(longest, 5) / 5.0


@inlined
def joining(x, W, G, S, k, i, side, turn, year, facts, fighting, logs):
    """
    Terms of state i joining war k on a side (Siverson and Starr 1991; Leeds 2003).

    ``S.who[:fighting]`` are those who fight the war; `logs` are those of its balance and size.
    """
    own = W.war[w.W_A, k] if side == 1 else W.war[w.W_B, k]
    foe = W.war[w.W_B, k] if side == 1 else W.war[w.W_A, k]
    _, _, _, _, maj_a, maj_b = facts
    balance, size = logs
    ally_side, ally_foe, rival, hurt, comrades, patron, threat, grudge, weak = (
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    for p in range(fighting):
        j = S.who[p]
        if W.side[k, j] == side:
            if W.link[w.ALLY, i, j] == 2:
                ally_side = 1.0
            elif W.link[w.ALLY, i, j] == 1:
                weak = 1.0
            comrades = max(comrades, W.tie[w.COMRADES, i, j])
            if W.status[w.PATRON, i] == j or W.status[w.PATRON, j] == i:
                patron = 1.0
        else:
            if W.link[w.ALLY, i, j] == 2:
                ally_foe = 1.0
            if W.link[w.RIVAL, i, j]:
                rival = 1.0
            hurt = max(hurt, W.tie[w.HURT_MID, i, j])
            threat = max(threat, S.threat[i, j])
            grudge = max(grudge, W.tie[w.GRUDGE, i, j])
    x[0] = 1.0
    x[1] = side == 2
    x[2] = W.link[w.ALLY, i, own] == 2
    x[3] = ally_side
    x[4] = ally_foe
    x[5] = rival
    x[6] = hurt
    x[7] = W.link[w.CONTACT, i, foe] / 3.0
    x[8] = W.link[w.CONTACT, i, own] / 3.0
    x[9] = W.status[w.MAJOR, i]
    x[10] = 0.5 * clip(W.state[w.CAP, i], -3.0, 3.5)
    x[11] = size
    x[12] = min(maj_a + maj_b, 5) / 3.0
    x[13] = turn > 0
    x[14] = W.war[w.W_YEAR, k] == year
    x[15] = 0.5 * clip(balance if side == 1 else -balance, -3.0, 3.0)
    x[16] = patron
    x[17] = comrades
    x[18] = S.engaged[i] > 0
    x[19] = threat
    x[20] = min(G.distance[i, own], G.distance[i, foe])
    x[21] = W.side[k, i] < 0
    x[22] = grudge
    x[23] = weak


@inlined
def leaving(x, W, k, i, year, facts):
    """Terms of a participant leaving before the end."""
    cap_a, cap_b, n_a, n_b, _, _ = facts
    balance = np.log(cap_a / cap_b)
    mine = W.side[k, i]
    principal = W.war[w.W_A, k] if mine == 1 else W.war[w.W_B, k]
    x[0] = 1.0
    x[1] = 0.5 * clip(W.state[w.CAP, i], -3.0, 3.5)
    x[2] = np.log1p(year - W.war[w.W_YEAR, k])
    x[3] = 0.5 * clip(balance if mine == 1 else -balance, -3.0, 3.0)
    x[4] = principal == i
    x[5] = W.status[w.MAJOR, i]
    x[6] = W.status[w.UPSET, i]
    x[7] = W.side[k, principal] < 0
    x[8] = np.log(max(min(n_a + n_b, 16), 1) / 2.0)


@inlined
def ending(x, W, S, k, year, facts):
    """Terms of a war ending this year."""
    cap_a, cap_b, n_a, n_b, maj_a, maj_b = facts
    third = 0.0
    for a in range(S.many[0]):
        i = S.live[a]
        if W.side[k, i] <= 0:
            continue
        for b in range(S.many[0]):
            j = S.live[b]
            if W.side[k, j] == 0 and W.status[w.MAJOR, j]:
                third = max(third, S.threat[i, j])
    x[0] = 1.0
    x[1] = np.log1p(year - W.war[w.W_YEAR, k])
    x[2] = 0.5 * min(abs(np.log(cap_a / cap_b)), 4.0)
    x[3] = np.log(max(min(n_a + n_b, 16), 1) / 2.0)
    x[4] = maj_a > 0 and maj_b > 0
    x[5] = n_a == 0 or n_b == 0
    x[6] = third
    x[7] = W.war[w.W_YEAR, k] == year
    x[8] = W.side[k, W.war[w.W_A, k]] < 0 or W.side[k, W.war[w.W_B, k]] < 0


@inlined
def outcome(x, W, S, k, facts):
    """
    Terms of a war's outcome, from the initiator's side.

    The coalitions' share of their joint capability (Stam 1996) less its like, from -1 to 1: the
    tenth to one says little more than the fourth. A side that all have left has lost already.
    """
    cap_a, cap_b, _, _, maj_a, maj_b = facts
    a, b = W.war[w.W_A, k], W.war[w.W_B, k]
    x[0] = 1.0
    x[1] = (cap_a - cap_b) / (cap_a + cap_b)
    x[2] = clip(W.state[w.STANDING, a] - W.state[w.STANDING, b], -2.0, 2.0)
    x[3] = 0.5 * clip(maj_a - maj_b, -3, 3)
    x[4] = 0.5 * (W.status[w.REGIME, a] - W.status[w.REGIME, b])
    x[5] = 4.0 * (S.norm[0] - 0.7)


@inlined
def margin(x, W, k, result, year, facts):
    """Terms of an outcome being decisive rather than narrow."""
    cap_a, cap_b, n_a, n_b, maj_a, maj_b = facts
    x[0] = 1.0
    x[1] = 0.5 * min(abs(np.log(cap_a / cap_b)), 4.0)
    x[2] = result == 2
    x[3] = np.log1p(year - W.war[w.W_YEAR, k])
    x[4] = np.log(max(min(n_a + n_b, 16), 1) / 2.0)
    x[5] = min(maj_a + maj_b, 4) / 2.0


@inlined
def opening(x, W, G, t):
    """Terms of a treaty being open to more than its founders."""
    a, b = W.pact[w.T_A, t], W.pact[w.T_B, t]
    majors = W.status[w.MAJOR, a] + W.status[w.MAJOR, b]
    x[0] = 1.0
    x[1] = W.pact[w.T_STRONG, t]
    x[2] = W.pact[w.T_WARTIME, t]
    x[3] = majors == 2
    x[4] = majors == 1
    x[5] = G.distance[a, b]
    x[6] = W.status[w.REGIME, a] == W.status[w.REGIME, b]


@kernel
def club(W, G, S, t):
    """List the active members of treaty t in ``S.who``; returns how many, and how far apart."""
    n, total = 0, 0.0
    for a in range(S.many[0]):
        i = S.live[a]
        if W.member[t, i]:
            for p in range(n):
                total += G.distance[i, S.who[p]]
            S.who[n] = i
            n += 1
    return n, total / max(0.5 * n * (n - 1), 1.0)


@kernel
def ties_to(W, G, S, i, size):
    """
    Relations of state i to the members of a treaty listed in ``S.who``.

    Returns
    -------
    tuple of float
        Mean alliance level with them (0-1), share of them that are democracies, mean distance,
        and strong allies that i has outside.
    """
    tied, free, far, inside = 0.0, 0.0, 0.0, 0
    for p in range(size):
        j = S.who[p]
        tied += 0.5 * W.link[w.ALLY, i, j]
        free += W.status[w.REGIME, j] == 2
        far += G.distance[i, j]
        inside += W.link[w.ALLY, i, j] == 2
    many = max(size, 1)
    return tied / many, free / many, far / many, S.allied[i] - inside


@inlined
def membership(x, W, G, S, t, i, year, members):
    """
    Terms of state i belonging to treaty t.

    Seen through the two founders, and through all present members: leagues grow where ties are
    (Warren 2010; Cranmer, Desmarais and Menninga 2012), among democracies (Lai and Reiter 2000)
    and within a region. ``outlying`` is how much farther off i lies than they do from each other.
    """
    size, spread = members
    tied, free, far, elsewhere = ties_to(W, G, S, i, size)
    a, b = W.pact[w.T_A, t], W.pact[w.T_B, t]
    contact = max(W.link[w.CONTACT, i, a], W.link[w.CONTACT, i, b])
    mine = W.status[w.REGIME, i]
    x[0] = 1.0
    x[1] = W.pact[w.T_STRONG, t]
    x[2] = W.pact[w.T_WARTIME, t]
    x[3] = contact == w.BY_LAND
    x[4] = contact == w.BY_WATER
    x[5] = min(G.distance[i, a], G.distance[i, b])
    x[6] = W.link[w.RIVAL, i, a] or W.link[w.RIVAL, i, b]
    x[7] = max(W.tie[w.HURT_MID, i, a], W.tie[w.HURT_MID, i, b])
    x[8] = S.opp[i, a] == w.SAME_SIDE or S.opp[i, b] == w.SAME_SIDE
    x[9] = S.opp[i, a] == w.OPPOSED or S.opp[i, b] == w.OPPOSED
    x[10] = 0.5 * ((mine == W.status[w.REGIME, a]) + (mine == W.status[w.REGIME, b]))
    x[11] = max(S.common[i, a], S.common[i, b])
    x[12] = max(W.tie[w.COMRADES, i, a], W.tie[w.COMRADES, i, b])
    x[13] = W.status[w.AGE, i] < 3
    x[14] = W.status[w.PATRON, i] == a or W.status[w.PATRON, i] == b
    x[15] = W.status[w.MAJOR, a] or W.status[w.MAJOR, b]
    x[16] = W.status[w.MAJOR, i]
    x[17] = 0.3 * LOG1P[min(year - W.pact[w.T_YEAR, t], 60)]
    x[18] = mine == 2
    x[19] = tied
    x[20] = free if mine == 2 else 0.0
    x[21] = min(max(far - spread, 0.0), 2.0)
    x[22] = 0.5 * LOG1P[min(elsewhere, 10)]


@inlined
def members_of(W, t):
    """Active members of treaty t."""
    n = 0
    for i in range(W.member.shape[1]):
        if W.member[t, i] and W.status[w.ACTIVE, i]:
            n += 1
    return n


@inlined
def withdrawal(x, W, S, t, i, year, size):
    """Terms of a member leaving a treaty that goes on."""
    a, b = W.pact[w.T_A, t], W.pact[w.T_B, t]
    x[0] = 1.0
    x[1] = W.pact[w.T_STRONG, t]
    x[2] = 0.3 * LOG1P[min(year - W.pact[w.T_YEAR, t], 60)]
    x[3] = W.link[w.RIVAL, i, a] or W.link[w.RIVAL, i, b]
    x[4] = S.opp[i, a] == w.OPPOSED or S.opp[i, b] == w.OPPOSED
    x[5] = W.status[w.UPSET, i]
    x[6] = 0.5 * np.log(max(size, 1))
    x[7] = W.status[w.REGIME_AGE, i] < 2
    x[8] = W.pact[w.T_WARTIME, t]
    x[9] = W.pact[w.T_WARTIME, t] and S.fighting[i] == 0
    x[10] = max(W.tie[w.HURT_MID, i, a], W.tie[w.HURT_MID, i, b])


@kernel
def majors_at_war(W, S):
    """Share of the major powers that fight this year: how general war is (Levy 1983)."""
    majors, fighting = 0, 0
    for a in range(S.many[0]):
        i = S.live[a]
        if W.status[w.MAJOR, i]:
            majors += 1
            fighting += S.engaged[i] > 0
    return fighting / max(majors, 1)


@inlined
def lapse(x, W, S, t, year, size, general):
    """
    Terms of a whole treaty ending (Leeds and Savun 2007).

    What befalls a founder counts in proportion to its part in the treaty: a coup ends a pact of
    two, not a league of twenty. A war among many majors overturns the treaties of all.
    """
    a, b = W.pact[w.T_A, t], W.pact[w.T_B, t]
    age = year - W.pact[w.T_YEAR, t]
    bound = W.pact[w.T_BOUND, t]
    part = 2.0 / max(size, 2)
    over = W.pact[w.T_WARTIME, t] and S.fighting[a] == 0 and S.fighting[b] == 0
    x[0] = 1.0
    x[1] = W.pact[w.T_STRONG, t]
    x[2] = 0.3 * LOG1P[min(age, 60)]
    x[3] = W.pact[w.T_WARTIME, t]
    x[4] = over
    x[5] = 0.5 * np.log(max(size, 1))
    x[6] = part * W.link[w.RIVAL, a, b]
    x[7] = part * (S.opp[a, b] == w.OPPOSED)
    x[8] = part * W.tie[w.HURT_MID, a, b]
    x[9] = S.common[a, b]
    x[10] = part * max(W.status[w.UPSET, a], W.status[w.UPSET, b])
    x[11] = part * (W.status[w.REGIME_AGE, a] < 2 or W.status[w.REGIME_AGE, b] < 2)
    x[12] = bound >= 0 and W.pact[w.T_LEADER, t] != W.status[w.LEADER, bound]
    x[13] = part * max(W.state[w.BEATEN, a], W.state[w.BEATEN, b])
    x[14] = part * (not W.status[w.ACTIVE, a] or not W.status[w.ACTIVE, b])
    x[15] = age < 3
    x[16] = 0.5 * np.log(max(size, 2) / 2.0) if over and age < 10 else 0.0
    x[17] = size > 3 and not W.pact[w.T_WARTIME, t]
    x[18] = general
