"""Settlement on the ground: states that end and begin, units that change hands."""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.asking import LEAST, bounded, draw_units, stir, worth
from allohistory.engine.race import BINS, CEILING, candidate, draw_one, race
from allohistory.kernels import NONE, ZERO, kernel
from allohistory.model import dyads, states
from allohistory.model import terms as m
from allohistory.model.bounds import SLACK
from allohistory.model.covariates import clip
from allohistory.noise import address

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
def settle(W, S, u, c, held):
    """Give a unit to a state (or to nobody modelled), to be held in some way."""
    k = W.unit[w.OWNER, u]
    if k >= 0:
        S.stale[k] = True
    if c >= 0:
        S.stale[c] = True
    W.unit[w.OWNER, u] = c
    W.unit[w.HELD, u] = held


@kernel
def enter(W, G, L, S, i):
    """Put a state into the system on its homeland."""
    row, mode = L.control[g.ROW], L.control[g.MODE]
    W.status[w.ACTIVE, i] = 1
    S.stale[i] = True
    W.status[w.AGE, i] = 0
    W.status[w.REGIME, i] = 1 if mode == g.FRESH else L.regime[row, i]
    W.status[w.REGIME_AGE, i] = 0
    W.status[w.LEADER, i] = 0 if mode == g.FRESH else L.leader[row, i]
    W.status[w.TENURE, i] = 0
    W.status[w.PATRON, i] = w.NOBODY if mode == g.FRESH else L.patron[row, i]
    settle(W, S, G.home[i], i, w.AS_HOME)


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
            enter(W, G, L, S, S.left[r])


@kernel
def leave(W, S, i):
    """Take a state out of the system; its treaties sleep, its wars are over for it."""
    W.status[w.ACTIVE, i] = 0
    S.stale[i] = True
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
        k = S.who[pick]
        settle(W, S, G.home[i], k, w.AS_OCCUPIED if k >= 0 else w.AS_DEPENDENCY)
    for a in range(S.many[0]):
        i = S.live[a]
        if S.pick[i]:
            leave(W, S, i)


@kernel
def soil(W, G, u, c):
    """Whether a unit touches the home soil of c by land."""
    for e in range(G.start[u], G.start[u + 1]):
        v = G.near[e]
        if G.kind[e] == 3 and W.unit[w.OWNER, v] == c and W.unit[w.HELD, v] == w.AS_HOME:
            return True
    return False


(
    CONST,
    NOBODYS,
    GONE,
    LOST_NOW,
    FRONT,
    AS_HOME,
    OCCUPIED,
    NORM,
    PEOPLE,
    BEATEN,
    AT_WAR,
    WON,
    AT_PEACE,
) = (
    m.TERMS[m.HANDS].index(term)
    for term in (
        "const",
        "held_by_nobody",
        "holder_gone",
        "holder_lost_now",
        "front_line",
        "as_home",
        "as_occupied",
        "self_rule_norm",
        "people",
        "holder_beaten",
        "holder_at_war",
        "holder_won_now",
        "home_at_peace",
    )
)


WON_NOW, FOE, GREAT, STRENGTH, IN_PEACE = (
    m.TERMS[m.HANDS_TO].index(term)
    for term in ("won_now", "opposed", "major", "capability", "taken_in_peace")
)


@kernel
def loose(W, P, S, u, k):
    """
    Most that the predictor of a unit changing hands can be, its holder being k.

    It leaves open no more than whether the unit lies at a front (see `states.hands`).
    """
    beta, held = P.beta[m.HANDS, 0], W.unit[w.HELD, u]
    top = beta[CONST] + beta[PEOPLE] * S.crowd[u] + SLACK
    if held == w.AS_OCCUPIED:
        top += beta[OCCUPIED]
    if k < 0:
        return top + beta[NOBODYS]
    top += beta[BEATEN] * W.state[w.BEATEN, k]
    if S.won[k] > 0:
        top += beta[WON]
    if S.lost[k] > 0:
        top += beta[LOST_NOW] * (0.5 + 0.5 * S.decisive[k])
    if S.engaged[k] > 0:
        top += beta[AT_WAR] + max(beta[FRONT], 0.0)
    active = W.status[w.ACTIVE, k]
    if not active:
        top += beta[GONE]
    if held != w.AS_HOME:
        return top + beta[NORM] * 4.0 * (S.norm[0] - 0.7)
    peace = active and S.engaged[k] == 0 and S.lost[k] == 0
    return top + beta[AS_HOME] + (beta[AT_PEACE] if peace else 0.0)


@kernel
def pulls(W, P, S):
    """Most that each active state's score in a race for a unit it does not touch can be."""
    beta = P.beta[m.HANDS_TO, 0]
    rest = max(beta[WON_NOW], 0.0) + max(beta[FOE], 0.0) + max(beta[IN_PEACE], 0.0)
    for a in range(S.many[0]):
        i = S.live[a]
        strength = beta[STRENGTH] * 0.5 * clip(W.state[w.CAP, i], -3.0, 3.5)
        S.scores[a] = rest + strength + (beta[GREAT] if W.status[w.MAJOR, i] else 0.0)


@kernel
def taker(W, G, P, L, S, u, k):
    """
    State to whom a unit of a `gate.plain` world passes: the winner of `race`.

    Noise first: the score is worked out of those only that could still win with theirs.
    """
    beta, width, world = P.beta[m.HANDS_TO, 0], g.WIDTHS[m.HANDS_TO], L.seed[0]
    where = address(m.HANDS_TO, L.control[g.YEAR], G.unit_hash[u], np.uint64(0))
    chosen, top, x = NONE, -1e300, S.y[0]
    for a in range(-1, S.many[0]):
        c = NONE if a < 0 else S.live[a]
        if c == k or (c >= 0 and not W.status[w.ACTIVE, c]):
            continue
        luck = draw_one(world, where, G, c)
        ceiling = CEILING[int(luck * BINS)]
        far = c >= 0 and S.touch[0, c] == 0.0 and S.touch[1, c] == 0.0
        if far and S.scores[a] + ceiling < top:
            continue
        states.hands_to(x, W, S, u, c)
        score = dyads.score(x, beta, width)
        if score + ceiling < top:
            continue
        value = score + g.gumbel(luck)
        if value > top:
            chosen, top = c, value
    return chosen


@kernel
def hands(W, G, P, L, S):
    """Units that change hands: cession, conquest, colonisation, independence."""
    many, luck_settles, stirred = ZERO, bounded(L, m.HANDS), stir(L, m.HANDS)
    if luck_settles:
        draw_units(G, L, S, m.HANDS)
    for u in range(W.unit.shape[1]):
        k = W.unit[w.OWNER, u]
        if k >= 0 and (S.gone_home[u] or (W.status[w.ACTIVE, k] and G.home[k] == u)):
            continue
        if luck_settles and loose(W, P, S, u, k) + stirred < LEAST[S.chance[u]]:
            continue
        states.hands(S.x[many], W, G, S, u)
        many = g.put(S, many, G.unit_hash[u], np.uint64(0), u, NONE)
    L.control[g.PROCESS] = m.HANDS
    g.decide(L, P, S, many)
    beta, width = P.beta[m.HANDS_TO, 0], g.WIDTHS[m.HANDS_TO]
    L.control[g.PROCESS] = m.HANDS_TO
    changed, plain = ZERO, g.plain(L)
    if plain:
        pulls(W, P, S)
    for r in range(many):
        u, moves = S.left[r], S.result[r]
        k = W.unit[w.OWNER, u]
        if not moves:
            continue
        n = ZERO
        states.touches(W, G, S, u)
        if plain:
            c = taker(W, G, P, L, S, u, k)
        else:
            if k >= 0:
                states.hands_to(S.y[n], W, S, u, NONE)
                n = candidate(S, G, n, NONE, dyads.score(S.y[n], beta, width))
            for b in range(S.many[0]):
                c = S.live[b]
                if c != k and W.status[w.ACTIVE, c]:
                    states.hands_to(S.y[n], W, S, u, c)
                    n = candidate(S, G, n, c, dyads.score(S.y[n], beta, width))
            c = S.who[race(L, S, G.unit_hash[u], u, n)]
        S.taken[changed] = u
        S.owner[changed] = c
        if moves > 1:
            S.held[changed] = moves - 2
        elif c < 0:
            S.held[changed] = w.AS_DEPENDENCY
        elif G.home[c] == u or (
            W.unit[w.HELD, u] == w.AS_HOME and (W.status[w.AGE, c] < 3 or soil(W, G, u, c))
        ):
            S.held[changed] = w.AS_HOME
        else:
            S.held[changed] = w.AS_DEPENDENCY
        changed += 1
    if not changed:
        return
    people(W, G, S.before)
    for r in range(changed):
        settle(W, S, S.taken[r], np.int64(S.owner[r]), S.held[r])
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
