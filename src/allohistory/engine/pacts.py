"""Treaties: founding, membership, accession, withdrawal, lapse."""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.asking import ask_pairs, bounded, least, stir, worth
from allohistory.kernels import NONE, ZERO, kernel
from allohistory.model import dyads, wars
from allohistory.model import terms as m
from allohistory.model.covariates import acquaint
from allohistory.noise import address, mix

NEWBORN, MAJOR, FOUNDED, STRONG, WARTIME, TREATY_AGE = (
    m.TERMS[m.ACCEDE].index(term)
    for term in ("newborn", "major", "founder_major", "strong", "wartime", "treaty_age")
)
SAME_SIDE, DEMOCRATS, DEMOCRACY, HURT, COMRADES, CLIENT = (
    m.TERMS[m.ACCEDE].index(term)
    for term in (
        "same_side_now",
        "democrats_share",
        "democracy",
        "hurt_mid",
        "comrades",
        "client",
    )
)

UPSET = m.TERMS[m.WITHDRAW].index("upset")


@kernel
def lapses(W, P, L, S):
    """Treaties that end as a whole; one signed this year cannot."""
    year, general = L.control[g.YEAR], wars.majors_at_war(W, S)
    n = ZERO
    for t in range(W.count[w.N_PACTS]):
        if W.pact[w.T_ALIVE, t] and W.pact[w.T_YEAR, t] != year:
            wars.lapse(S.x[n], W, S, t, year, wars.members_of(W, t), general)
            n = g.put(S, n, np.uint64(W.pact[w.T_KEY, t]), np.uint64(0), t, NONE)
    L.control[g.PROCESS] = m.LAPSE
    g.decide(L, P, S, n)
    for r in range(n):
        if S.result[r]:
            W.pact[w.T_ALIVE, S.left[r]] = 0


@kernel
def unlike(W, P, t, year):
    """How far below the bound of all accessions those to treaty t are, by its own nature."""
    beta = P.beta[m.ACCEDE, 0]
    age = 0.3 * np.log1p(min(year - W.pact[w.T_YEAR, t], 60))
    less = max(1.3 * beta[TREATY_AGE], 0.0) - age * beta[TREATY_AGE]
    less += max(beta[STRONG], 0.0) - W.pact[w.T_STRONG, t] * beta[STRONG]
    less += max(beta[WARTIME], 0.0) - W.pact[w.T_WARTIME, t] * beta[WARTIME]
    major = W.status[w.MAJOR, W.pact[w.T_A, t]] or W.status[w.MAJOR, W.pact[w.T_B, t]]
    return less + max(beta[FOUNDED], 0.0) - (beta[FOUNDED] if major else 0.0)


@kernel
def aloof(W, P, S, i):
    """How far below the bound of all accessions those of state i are, by what it is."""
    beta, less = P.beta[m.ACCEDE, 0], 0.0
    if W.status[w.AGE, i] >= 3:
        less += max(beta[NEWBORN], 0.0)
    if not W.status[w.MAJOR, i]:
        less += max(beta[MAJOR], 0.0)
    if S.engaged[i] == 0:
        less += max(beta[SAME_SIDE], 0.0)
    if W.status[w.REGIME, i] != 2:
        less += max(beta[DEMOCRATS], 0.0) + max(beta[DEMOCRACY], 0.0)
    return less


@kernel
def strange(W, P, S, t, i):
    """How far below the bound of accessions to treaty t that of state i is, by its founders."""
    beta, less = P.beta[m.ACCEDE, 0], 0.0
    a, b = W.pact[w.T_A, t], W.pact[w.T_B, t]
    if not S.past[i, a] and not S.past[i, b]:
        less += max(beta[HURT], 0.0) + max(beta[COMRADES], 0.0)
    if W.status[w.PATRON, i] != a and W.status[w.PATRON, i] != b:
        less += max(beta[CLIENT], 0.0)
    return less


@kernel
def memberships(W, G, P, L, S):
    """Accessions to and withdrawals from treaties open to others."""
    year, luck_settles = L.control[g.YEAR], bounded(L, m.ACCEDE)
    for a in range(S.many[0]):
        S.scores[a] = aloof(W, P, S, S.live[a])
    for t in range(W.count[w.N_PACTS]):
        if not W.pact[w.T_ALIVE, t] or not W.pact[w.T_OPEN, t] or W.pact[w.T_YEAR, t] == year:
            continue
        key = np.uint64(W.pact[w.T_KEY, t])
        n, left, size = ZERO, ZERO, NONE
        lasting = max(P.beta[m.WITHDRAW, 0, UPSET], 0.0)
        for a in range(S.many[0]):
            i = S.live[a]
            if not W.member[t, i]:
                continue
            less = 0.0 if W.status[w.UPSET, i] else lasting
            if worth(L, S, m.WITHDRAW, key, G.state_hash[i], less):
                if size < 0:
                    size = np.int64(wars.members_of(W, t))
                wars.withdrawal(S.x[n], W, S, t, i, year, size)
                n = g.put(S, n, key, G.state_hash[i], t, i)
        L.control[g.PROCESS] = m.WITHDRAW
        g.decide(L, P, S, n)
        for r in range(n):
            if S.result[r]:
                S.pick[left] = S.right[r]
                left += 1
        n, listed, members = ZERO, False, (0, 0.0)
        start = mix(mix(np.uint64(m.ACCEDE), np.uint64(year)), key)
        most = S.most[m.ACCEDE] + stir(L, m.ACCEDE) - unlike(W, P, t, year)
        for a in range(S.many[0]):
            i = S.live[a]
            if W.member[t, i]:
                continue
            if luck_settles:
                need, top = least(L, start, G.state_hash[i]), most - S.scores[a]
                if top < need or top - strange(W, P, S, t, i) < need:
                    continue
            if not listed:
                members, listed = wars.club(W, G, S, t), True
            wars.membership(S.x[n], W, G, S, t, i, year, members)
            n = g.put(S, n, key, G.state_hash[i], t, i)
        L.control[g.PROCESS] = m.ACCEDE
        g.decide(L, P, S, n)
        for r in range(left):
            W.member[t, S.pick[r]] = 0
        for r in range(n):
            if S.result[r]:
                W.member[t, S.right[r]] = S.result[r]


@kernel
def found(W, G, P, L, S):
    """Treaties founded this year by pairs, strong and weak, and who belongs from the start."""
    year = L.control[g.YEAR]
    first_new = W.count[w.N_PACTS]
    for strong in (1, 0):
        process = m.FOUND_STRONG if strong else m.FOUND_WEAK
        n = ZERO
        for r in range(ask_pairs(L, S, process, process)):
            i, j = S.left[r], S.right[r]
            dyads.founding(S.x[n], W, G, S, i, j)
            n = g.put_dyad(S, G, n, i, j)
        L.control[g.PROCESS] = process
        g.decide(L, P, S, n)
        for r in range(n):
            if S.result[r] and W.count[w.N_PACTS] < W.member.shape[0]:
                key = address(process, year, S.first[r], S.second[r])
                open_pact(W, L, S, S.left[r], S.right[r], strong, key, S.result[r])
    for t in range(first_new, W.count[w.N_PACTS]):
        gather(W, G, P, L, S, t)


@kernel
def open_pact(W, L, S, i, j, strong, key, signed):
    """Fill a treaty slot; `signed` // 10 - 1 is the state whose leader the treaty is bound to."""
    year = L.control[g.YEAR]
    t = W.count[w.N_PACTS]
    W.count[w.N_PACTS] = t + 1
    bound = signed // 10 - 1
    W.pact[w.T_ALIVE, t] = 1
    W.pact[w.T_YEAR, t] = year
    W.pact[w.T_STRONG, t] = strong
    W.pact[w.T_A, t] = i
    W.pact[w.T_B, t] = j
    W.pact[w.T_WARTIME, t] = S.opp[i, j] == w.SAME_SIDE
    W.pact[w.T_BOUND, t] = bound
    W.pact[w.T_LEADER, t] = W.status[w.LEADER, bound] if bound >= 0 else 0
    W.pact[w.T_KEY, t] = np.int64(key)
    W.member[t, :] = 0
    W.member[t, i] = 1
    W.member[t, j] = 1


@kernel
def gather(W, G, P, L, S, t):
    """Who else belongs to a new treaty from the start, if it is open to others at all."""
    year, key = L.control[g.YEAR], np.uint64(W.pact[w.T_KEY, t])
    wars.opening(S.x[0], W, G, t)
    L.control[g.PROCESS] = m.OPEN
    W.pact[w.T_OPEN, t] = g.decide_one(L, P, S, key, np.uint64(0), t, NONE)
    if not W.pact[w.T_OPEN, t]:
        return
    n, members = ZERO, wars.club(W, G, S, t)
    for a in range(S.many[0]):
        k = S.live[a]
        if k != W.pact[w.T_A, t] and k != W.pact[w.T_B, t]:
            wars.membership(S.x[n], W, G, S, t, k, year, members)
            n = g.put(S, n, key, G.state_hash[k], t, k)
    L.control[g.PROCESS] = m.MEMBER
    g.decide(L, P, S, n)
    for r in range(n):
        W.member[t, S.right[r]] = S.result[r]


@kernel
def alliances(W, S):
    """Alliance level of every dyad from the treaties in force between active members."""
    for i in range(W.status.shape[1]):
        for j in range(W.status.shape[1]):
            W.link[w.ALLY, i, j] = 0
    for t in range(W.count[w.N_PACTS]):
        if not W.pact[w.T_ALIVE, t]:
            continue
        n = ZERO
        for a in range(S.many[0]):
            if W.member[t, S.live[a]]:
                S.who[n] = S.live[a]
                n += 1
        for p in range(n):
            i = S.who[p]
            for q in range(p + 1, n):
                j = S.who[q]
                strong = W.pact[w.T_STRONG, t] and (W.member[t, i] == 1 or W.member[t, j] == 1)
                level = 2 if strong else 1
                if strong:
                    acquaint(S, i, j)
                if W.link[w.ALLY, i, j] < level:
                    W.link[w.ALLY, i, j] = level
                    W.link[w.ALLY, j, i] = level
