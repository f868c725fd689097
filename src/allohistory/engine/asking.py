"""
Which dyads are worth asking: luck first, covariates only where it could matter.

A choice of a fresh world is nothing unless its uniform reaches beyond 1 / (1 + exp(predictor)).
The uniform costs a few cycles, the predictor some thirty covariates, and a bound on the predictor
(`model.bounds`) hardly more than the uniform; so each dyad's luck is held against its bound, and
those are passed over that could come out as nothing only. In replay both the luck of history and
the luck that might be drawn instead are held against the bound and against history's predictor.
What is passed over would have come out as nothing: not a byte of a world changes (tests/laws).
"""

import numpy as np

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.look import look, pair, remind
from allohistory.engine.sharing import shock_of, times_of
from allohistory.kernels import ZERO, inlined, kernel
from allohistory.model import bounds as b
from allohistory.model.covariates import clip
from allohistory.noise import ANEW, LUCK, address, mix

BINS = 1024
SHIFT = np.uint64(54)
LEAST = -np.log(np.arange(1, BINS + 1) / np.maximum(BINS - np.arange(1.0, BINS + 1), 1e-300))
LEAST = LEAST.astype(np.float32)
"""By the first ten bits of a uniform: the predictor below which it certainly means nothing."""
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


@kernel
def set_most(P, S):
    """Work out the most that the predictor of any choice of a process can be."""
    for p in range(S.most.shape[0]):
        S.most[p] = b.SLACK
        for f in range(P.beta.shape[2]):
            beta = P.beta[p, 0, f]
            S.most[p] += max(beta * b.LOW[p, f], beta * b.HIGH[p, f])


@inlined
def every(L):
    """Whether every choice must be asked: where history is told, or choices are noted."""
    return L.control[g.MODE] == g.TRACE or L.control[g.LOGGING] or L.control[g.KEEPING]


@kernel
def lay_out(G, S):
    """Number the dyads of active states and note what of them does not change."""
    r = ZERO
    for a in range(S.many[0]):
        mine = G.state_hash[S.live[a]]
        S.hash[a] = mine
        S.place[S.live[a]] = a
        for c in range(a + 1, S.many[0]):
            yours = G.state_hash[S.live[c]]
            S.one[r] = a
            S.other[r] = c
            S.mine[r] = mine
            S.yours[r] = yours
            S.low[r] = min(mine, yours)
            S.high[r] = max(mine, yours)
            S.apart[r] = G.distance[S.live[a], S.live[c]]
            r += 1
    S.pairs[0] = r


@kernel
def survey(W, G, L, S):
    """Note kind and marks of every dyad of active states."""
    if every(L):
        return
    if not S.laid[0]:
        lay_out(G, S)
        S.laid[0] = True
    many = S.many[0]
    reach = S.traits[b.REACH_OF]
    for a in range(many):
        i = S.live[a]
        reach[a] = 0.5 * clip(W.state[w.CAP, i], -3.0, 3.5)
        S.traits[b.MAJOR, a] = W.status[w.MAJOR, i]
        S.major[a] = W.status[w.MAJOR, i]
        S.traits[b.ENGAGED, a] = S.engaged[i] > 0
        S.traits[b.BEATEN, a] = W.state[w.BEATEN, i]
        S.traits[b.BESET, a] = S.pressure[i]
        S.young[a] = W.status[w.AGE, i] < 5
        S.regime[a] = W.status[w.REGIME, i]
    look(W, S)
    remind(W, S)
    for a in range(many):
        patron = W.status[w.PATRON, S.live[a]]
        if patron >= 0 and W.status[w.ACTIVE, patron]:
            S.marks[b.SIDE, pair(S, S.live[a], patron)] = 1.0


@kernel
def see_rivals(L, S, i, j, rival):
    """Note in the kind of a dyad whether the two are rivals now."""
    if every(L):
        return
    r = pair(S, i, j)
    S.kind[r] = S.kind[r] % b.KINDS + b.KINDS * rival


@inlined
def stir(L, process):
    """What shock and times add to the predictors of a process this year."""
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
def bound(S, top, t, more):
    """Put into `top` the most that the predictor of each dyad can be in bounded process t."""
    quiet, kind, apart, far, many = S.quiet[t], S.kind, S.apart, S.far, S.pairs[0]
    hurts, bonds, nets, sides = S.marks[b.HURT], S.marks[b.BOND], S.marks[b.NET], S.marks[b.SIDE]
    near, reach = S.slope[t, b.DISTANCE], S.slope[t, b.REACH]
    hurt, bond = S.slope[t, b.MARK_0 + b.HURT], S.slope[t, b.MARK_0 + b.BOND]
    net, side = S.slope[t, b.MARK_0 + b.NET], S.slope[t, b.MARK_0 + b.SIDE]
    # Loops without a look-up in a table work on many dyads at once.
    for r in range(many):
        top[r] = quiet[kind[r]]
    for r in range(many):
        top[r] += np.float32(more) + apart[r] * (near + reach * far[r])
    for r in range(many):
        top[r] += hurt * hurts[r] + bond * bonds[r]
    for r in range(many):
        top[r] += net * nets[r] + side * sides[r]


@kernel
def draw(L, S, process, stream, first, second):
    """Luck of each dyad's choice, ten bits; addresses of the two as they stand in the choice's."""
    start, world = mix(np.uint64(process), np.uint64(L.control[g.YEAR])), L.seed[0]
    luck = S.luck
    for r in range(S.pairs[0]):
        where = mix(mix(start, first[r]), second[r])
        luck[r] = max(luck[r], np.uint16(mix(mix(world, where), stream) >> SHIFT))


@kernel
def pick(L, S, process):
    """Mark the undirected dyads worth asking about a process."""
    bound(S, S.top, b.PLACE[process], stir(L, process))
    S.luck[: S.pairs[0]] = 0
    draw(L, S, process, ANEW, S.low, S.high)
    if L.control[g.MODE] != g.FRESH:
        draw(L, S, process, LUCK, S.low, S.high)
        raise_to_history(L, S, process, S.one, S.other)
    ask, top, luck = S.ask, S.top, S.luck
    for r in range(S.pairs[0]):
        ask[r] |= top[r] >= LEAST[luck[r]]
    if changed(L, process):
        start = mix(np.uint64(process), np.uint64(L.control[g.YEAR]))
        for r in range(S.pairs[0]):
            ask[r] |= g.find(L.change_key, mix(mix(start, S.low[r]), S.high[r])) >= 0


@kernel
def pick_directed(L, S, process, one, other):
    """Mark the dyads worth asking in one direction: the lucks and the bounds stand in S."""
    if L.control[g.MODE] != g.FRESH:
        raise_to_history(L, S, process, one, other)
    ask, top, luck = S.ask, S.top, S.luck
    for r in range(S.pairs[0]):
        ask[r] = top[r] >= LEAST[luck[r]]
    if changed(L, process):
        start = mix(np.uint64(process), np.uint64(L.control[g.YEAR]))
        for r in range(S.pairs[0]):
            where = mix(mix(start, S.hash[one[r]]), S.hash[other[r]])
            ask[r] |= g.find(L.change_key, where) >= 0


@kernel
def raise_to_history(L, S, process, one, other):
    """
    Raise each bound to history's own predictor; what came out in history has no bound.

    History's luck at a choice that came out as nothing is its uniform times the odds of nothing
    under history's predictor. So where the uniform lies below the odds of nothing under both
    predictors, nothing comes of it again, whether that luck is kept or drawn anew.
    """
    fact, more = L.fact[b.PLACE[process], L.control[g.ROW]], stir(L, process)
    for r in range(S.pairs[0]):
        told = fact[S.live[one[r]], S.live[other[r]]]
        S.top[r] = max(S.top[r], told + np.float32(more + b.SLACK))


@inlined
def changed(L, process):
    """Whether any choice of a process is changed this year."""
    return L.control[g.HAS_CHANGE] and L.changed[process, L.control[g.ROW]]


@inlined
def worth(L, S, process, first, second, less):
    """
    Whether a choice of a ranged process could be anything but nothing, given its luck.

    `less` is how far below the bound of all choices that of this one is known to be.
    """
    if L.control[g.MODE] != g.FRESH or every(L) or changed(L, process):
        return True
    where = address(process, L.control[g.YEAR], first, second)
    luck = mix(mix(L.seed[0], where), ANEW) >> SHIFT
    return bool(S.most[process] + stir(L, process) - less >= LEAST[luck])


@inlined
def bounded(L, process):
    """Whether luck may settle choices of a ranged process before they are asked."""
    return L.control[g.MODE] == g.FRESH and not every(L) and not changed(L, process)


@inlined
def least(L, start, unit):
    """Predictor below which a fresh choice means nothing; `start` mixes the address before it."""
    return LEAST[mix(mix(L.seed[0], mix(start, unit)), ANEW) >> SHIFT]


@kernel
def draw_units(G, L, S, process):
    """First bits of the luck of a choice of each unit in a fresh world, into ``S.chance``."""
    start, world = mix(np.uint64(process), np.uint64(L.control[g.YEAR])), L.seed[0]
    chance, name = S.chance, G.unit_hash
    for u in range(len(name)):
        where = mix(mix(start, name[u]), np.uint64(0))
        chance[u] = np.uint16(mix(mix(world, where), ANEW) >> SHIFT)


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
    if every(L):
        for a in range(many):
            for c in range(a + 1, many):
                S.left[n] = S.live[a]
                S.right[n] = S.live[c]
                n += 1
        return n
    S.ask[: S.pairs[0]] = False
    pick(L, S, first)
    if last != first:
        pick(L, S, last)
    return listed(S, S.one, S.other, n)


@kernel
def listed(S, one, other, n):
    """Put the dyads to ask on the list after the first n; returns the new length."""
    ask, asked, many = S.ask, S.asked, ZERO
    for r in range(S.pairs[0]):
        # Written whether it is asked or not: a branch here would be guessed wrong too often.
        asked[many] = r
        many += ask[r]
    for k in range(many):
        S.left[n + k] = S.live[one[asked[k]]]
        S.right[n + k] = S.live[other[asked[k]]]
    return n + many


@kernel
def ask_both_ways(P, L, S, process):
    """List in ``S.left``, ``S.right`` the directed dyads worth asking (see `ask_pairs`)."""
    n, many = ZERO, S.many[0]
    if every(L):
        for a in range(many):
            for c in range(many):
                if a != c:
                    S.left[n] = S.live[a]
                    S.right[n] = S.live[c]
                    n += 1
        return n
    t, fresh = b.PLACE[process], L.control[g.MODE] == g.FRESH
    add_traits(P, S, t)
    bound(S, S.even, t, stir(L, process))
    add_both(S, S.added[b.FROM], S.added[b.TOWARDS])
    S.luck[: S.pairs[0]] = 0
    draw(L, S, process, ANEW, S.mine, S.yours)
    if not fresh:
        draw(L, S, process, LUCK, S.mine, S.yours)
    pick_directed(L, S, process, S.one, S.other)
    n = listed(S, S.one, S.other, n)
    add_both(S, S.added[b.TOWARDS], S.added[b.FROM])
    S.luck[: S.pairs[0]] = 0
    draw(L, S, process, ANEW, S.yours, S.mine)
    if not fresh:
        draw(L, S, process, LUCK, S.yours, S.mine)
    pick_directed(L, S, process, S.other, S.one)
    return listed(S, S.other, S.one, n)


@kernel
def add_both(S, mine, theirs):
    """Put into the bounds what the traits of the two states do in one direction."""
    r, many = ZERO, S.many[0]
    for a in range(many):
        top, even, rest, own = S.top[r:], S.even[r:], theirs[a + 1 : many], mine[a]
        for c in range(len(rest)):
            top[c] = even[c] + (own + rest[c])
        r += len(rest)
