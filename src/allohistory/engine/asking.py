"""
Which dyads are worth asking: luck first, covariates only where it could matter.

A choice of a fresh world is nothing unless its uniform reaches beyond 1 / (1 + exp(predictor)).
The uniform costs a few cycles, the predictor some thirty covariates, and a bound on the predictor
(`model.bounds`) hardly more than the uniform; so each dyad's luck is held against its bound, and
those are passed over that could come out as nothing only. What is passed over would have come
out as nothing: not a byte changes (tests/laws).
"""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.sharing import shock_of, times_of
from allohistory.kernels import ZERO, inlined, kernel
from allohistory.model import bounds as b
from allohistory.model.covariates import clip
from allohistory.noise import ANEW, mix

BINS = 1024
SHIFT = np.uint64(54)
LEAST = -np.log(np.arange(1, BINS + 1) / np.maximum(BINS - np.arange(1.0, BINS + 1), 1e-300))
LEAST = LEAST.astype(np.float32)
"""By the first ten bits of a uniform: the predictor below which it certainly means nothing."""
FOES = np.sqrt(np.arange(5)) / 2.0
RANGES = b.RANGES


@kernel
def set_bounds(P, S):
    """Work out the bounds of a draw: what each kind of dyad, distance and each mark can add."""
    cells = S.cells
    for t in range(len(b.BOUNDED)):
        beta = P.beta[RANGES.process[t], 0]
        for c in range(b.CELLS):
            cells[c] = 0.0
            for f in range(beta.shape[0]):
                cells[c] += max(beta[f] * RANGES.low[t, c, f], beta[f] * RANGES.high[t, c, f])
        for kind in range(b.KINDS):
            rest = kind // b.CONTACTS
            total = cells[b.ALWAYS] + cells[b.CONTACT_0 + kind % b.CONTACTS]
            total += cells[b.MAJORS_0 + rest % b.MAJORS]
            rest //= b.MAJORS
            total += cells[b.ALLIED_0 + rest % b.ALLIED]
            rest //= b.ALLIED
            total += cells[b.YOUNG_0 + rest % b.YOUNG] + cells[b.ALIKE_0 + rest // b.YOUNG]
            for rival in range(b.RIVALS):
                S.quiet[t, kind + rival * b.KINDS] = total + cells[b.RIVAL_0 + rival] + b.SLACK
        for k in range(b.SLOPES):
            S.slope[t, k] = 0.0
        for f in range(beta.shape[0]):
            if RANGES.slope[t, f] >= 0:
                S.slope[t, RANGES.slope[t, f]] = beta[f]
            if RANGES.mark[t, f] >= 0:
                S.slope[t, b.MARK_0 + RANGES.mark[t, f]] += max(beta[f] * RANGES.most[t, f], 0.0)


@inlined
def every(L):
    """Whether every choice must be asked: all but fresh worlds of which nothing is noted."""
    return L.control[g.MODE] != g.FRESH or L.control[g.LOGGING] or L.control[g.KEEPING]


@kernel
def survey(W, G, L, S):
    """Note kind, marks and distance of every dyad of active states, in the order of the pairs."""
    if every(L):
        return
    r = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        S.reach[a] = 0.5 * clip(W.state[w.CAP, i], -3.0, 3.5)
        S.hash[a] = G.state_hash[i]
        S.traits[b.REACH_OF, a] = S.reach[a]
        S.traits[b.MAJOR, a] = W.status[w.MAJOR, i]
        S.traits[b.ENGAGED, a] = S.engaged[i] > 0
        S.traits[b.BEATEN, a] = W.state[w.BEATEN, i]
        S.traits[b.BESET, a] = S.pressure[i]
        for c in range(a + 1, S.many[0]):
            j = S.live[c]
            majors = W.status[w.MAJOR, i] + W.status[w.MAJOR, j]
            young = min(W.status[w.AGE, i], W.status[w.AGE, j]) < 5
            alike = W.status[w.REGIME, i] == W.status[w.REGIME, j]
            S.kind[r] = W.link[w.CONTACT, i, j] + b.CONTACTS * (
                majors + b.MAJORS * (W.link[w.ALLY, i, j] + b.ALLIED * (young + b.YOUNG * alike))
            )
            S.kind[r] += b.KINDS * W.link[w.RIVAL, i, j]
            S.apart[r] = G.distance[i, j]
            net = max(S.common[i, j], 0.5 * S.shared[i, j], FOES[int(min(S.foes[i, j], 4.0))])
            if S.opp[i, j] or W.status[w.PATRON, i] == j or W.status[w.PATRON, j] == i:
                net = 1.0
            hurt, bond = 0.0, 0.0
            if S.past[i, j]:
                hurt = max(
                    W.tie[w.HURT_SHORT, i, j], W.tie[w.HURT_MID, i, j], W.tie[w.HURT_LONG, i, j]
                )
                bond = max(W.tie[w.WAR_MEMORY, i, j], W.tie[w.COMRADES, i, j])
                bond = max(bond, W.tie[w.PACT_MEMORY, i, j], W.tie[w.UNSETTLED, i, j])
                bond = max(bond, W.tie[w.GRUDGE, i, j], W.tie[w.GRUDGE, j, i])
            S.marks[b.HURT, r] = hurt
            S.marks[b.BOND, r] = bond
            S.marks[b.NET, r] = net
            r += 1


@kernel
def see_rivals(W, S):
    """Note in the kinds of the dyads which of them are rivals now."""
    r = ZERO
    for a in range(S.many[0]):
        i = S.live[a]
        for c in range(a + 1, S.many[0]):
            S.kind[r] = S.kind[r] % b.KINDS + b.KINDS * W.link[w.RIVAL, i, S.live[c]]
            r += 1


@kernel
def begin_names(L, S, process, names):
    """Put the first half of the address of each active state's choices; return their stir."""
    start = mix(np.uint64(process), np.uint64(L.control[g.YEAR]))
    for a in range(S.many[0]):
        names[a] = mix(start, S.hash[a])
    s, k = shock_of(process), times_of(process)
    total = L.number[g.SHOCK_0 + s] if s >= 0 else 0.0
    return total + (L.number[g.TIMES_0 + k] if k >= 0 else 0.0)


@kernel
def add_traits(P, S, t):
    """Add up what the traits of each active state do as initiator and as target."""
    beta = P.beta[RANGES.process[t], 0]
    S.added[:] = 0.0
    for f in range(beta.shape[0]):
        if RANGES.side[t, f] >= 0:
            for a in range(S.many[0]):
                more = np.float32(beta[f]) * S.traits[RANGES.trait[t, f], a]
                S.added[RANGES.side[t, f], a] += more if RANGES.whole[t, f] else max(more, 0.0)


@kernel
def bound_row(S, t, a, r, more):
    """Bounds of the dyads of the state at place a with those after it, from dyad r on."""
    many, far, top, quiet = S.many[0], S.reach[a], S.top, S.quiet[t]
    near, reach = S.slope[t, b.DISTANCE], S.slope[t, b.REACH]
    hurt, bond, net = S.slope[t, b.MARK_0], S.slope[t, b.MARK_0 + 1], S.slope[t, b.MARK_0 + 2]
    kind, apart, theirs = S.kind, S.apart, S.reach
    hurts, bonds, nets = S.marks[b.HURT], S.marks[b.BOND], S.marks[b.NET]
    for c in range(a + 1, many):
        d = r + c - a - 1
        top[c] = (
            more
            + quiet[kind[d]]
            + apart[d] * (near + reach * max(far, theirs[c]))
            + hurt * hurts[d]
            + bond * bonds[d]
            + net * nets[d]
        )


@kernel
def add_row(S, a, mine, theirs):
    """Bounds of the choices of one direction: those of the dyads and the traits of both."""
    top, both, given, more = S.top, S.both, S.added[theirs], S.added[mine, a]
    for c in range(a + 1, S.many[0]):
        both[c] = top[c] + more + given[c]


@kernel
def draw_pairs(L, S, names, a):
    """Luck of the undirected dyads of the state at place a with those after it, ten bits each."""
    world, mine, first, luck, hashes = L.seed[0], S.hash[a], names[a], S.luck, S.hash
    for c in range(a + 1, S.many[0]):
        yours = hashes[c]
        low = first if mine < yours else names[c]
        where = mix(low, max(mine, yours))
        luck[c] = mix(mix(world, where), ANEW) >> SHIFT


@kernel
def draw_from(L, S, names, a):
    """Luck of the state at place a towards those after it, ten bits each."""
    world, first, luck, hashes = L.seed[0], names[a], S.luck, S.hash
    for c in range(a + 1, S.many[0]):
        luck[c] = mix(mix(world, mix(first, hashes[c])), ANEW) >> SHIFT


@kernel
def draw_towards(L, S, names, a):
    """Luck towards the state at place a of those after it, ten bits each."""
    world, mine, luck = L.seed[0], S.hash[a], S.luck
    for c in range(a + 1, S.many[0]):
        luck[c] = mix(mix(world, mix(names[c], mine)), ANEW) >> SHIFT


@inlined
def changed(L, process):
    """Whether any choice of a process is changed this year."""
    return L.control[g.HAS_CHANGE] and L.changed[process, L.control[g.ROW]]


@kernel
def ask_pairs(L, S, first, last):
    """
    List in ``S.left``, ``S.right`` the undirected dyads worth asking about two processes.

    Parameters
    ----------
    first, last : int
        Processes of `bounds.BOUNDED` (the same one twice for one).

    Returns
    -------
    int
        How many; all dyads of active states where every choice must be asked.
    """
    n, many = ZERO, S.many[0]
    if every(L) or changed(L, first) or changed(L, last):
        for a in range(many):
            for c in range(a + 1, many):
                S.left[n] = S.live[a]
                S.right[n] = S.live[c]
                n += 1
        return n
    t, s = b.PLACE[first], b.PLACE[last]
    more_t = begin_names(L, S, first, S.name_a)
    more_s = begin_names(L, S, last, S.name_b)
    r = ZERO
    for a in range(many):
        bound_row(S, t, a, r, more_t)
        draw_pairs(L, S, S.name_a, a)
        for c in range(a + 1, many):
            S.ask[c] = S.top[c] >= LEAST[S.luck[c]]
        if s != t:
            bound_row(S, s, a, r, more_s)
            draw_pairs(L, S, S.name_b, a)
            for c in range(a + 1, many):
                S.ask[c] |= S.top[c] >= LEAST[S.luck[c]]
        for c in range(a + 1, many):
            if S.ask[c]:
                S.left[n] = S.live[a]
                S.right[n] = S.live[c]
                n += 1
        r += many - a - 1
    return n


@kernel
def ask_both_ways(W, P, L, S, process):
    """List in ``S.left``, ``S.right`` the directed dyads worth asking (see `ask_pairs`)."""
    n, many = ZERO, S.many[0]
    if every(L) or changed(L, process):
        for a in range(many):
            for c in range(many):
                if a != c:
                    S.left[n] = S.live[a]
                    S.right[n] = S.live[c]
                    n += 1
        return n
    see_rivals(W, S)
    t = b.PLACE[process]
    add_traits(P, S, t)
    more = begin_names(L, S, process, S.name_a)
    r = ZERO
    for a in range(many):
        bound_row(S, t, a, r, more)
        draw_from(L, S, S.name_a, a)
        add_row(S, a, b.FROM, b.TOWARDS)
        for c in range(a + 1, many):
            if S.both[c] >= LEAST[S.luck[c]]:
                S.left[n] = S.live[a]
                S.right[n] = S.live[c]
                n += 1
        draw_towards(L, S, S.name_a, a)
        add_row(S, a, b.TOWARDS, b.FROM)
        for c in range(a + 1, many):
            if S.both[c] >= LEAST[S.luck[c]]:
                S.left[n] = S.live[c]
                S.right[n] = S.live[a]
                n += 1
        r += many - a - 1
    return n
