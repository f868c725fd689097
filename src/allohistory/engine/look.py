"""What every dyad of active states looks like: its kind and its marks (see `model.bounds`)."""

import numpy as np

from allohistory import world as w
from allohistory.kernels import ZERO, inlined, kernel
from allohistory.model import bounds as b


@kernel
def look(W, S):
    """
    Kind of every dyad of active states, and what third states make of it.

    In three loops: those without a list of places to read from work on many dyads at once.
    """
    many, live, reach = S.many[0], S.live, S.traits[b.REACH_OF]
    r = ZERO
    for a in range(many):
        i = live[a]
        rest = many - a - 1
        majors, young, regime, far = W.status[w.MAJOR, i], S.young[a], S.regime[a], reach[a]
        kinds, spans, others = S.kind[r:], S.far[r:], live[a + 1 :]
        major, youth, rule, span = (
            S.major[a + 1 :],
            S.young[a + 1 :],
            S.regime[a + 1 :],
            reach[a + 1 :],
        )
        for c in range(rest):
            alike = (young | youth[c]) + b.YOUNG * (regime == rule[c])
            kinds[c] = b.CONTACTS * (majors + major[c] + b.MAJORS * b.ALLIED * alike)
        for c in range(rest):
            spans[c] = max(far, span[c])
        contact, ally, rival = W.link[w.CONTACT, i], W.link[w.ALLY, i], W.link[w.RIVAL, i]
        web, nets = S.web[i], S.marks[b.NET, r:]
        for c in range(rest):
            j = np.uint32(others[c])
            kinds[c] += contact[j] + b.CONTACTS * b.MAJORS * ally[j] + b.KINDS * rival[j]
            nets[c] = web[j]
        r += rest


@kernel
def remind(W, S):
    """Mark the dyads that have something to remember, and those in a war, on either side."""
    many = S.pairs[0]
    hurts, bonds, sides = S.marks[b.HURT, :many], S.marks[b.BOND, :many], S.marks[b.SIDE, :many]
    hurts[:] = 0.0
    bonds[:] = 0.0
    sides[:] = 0.0
    for a in range(S.many[0]):
        i = S.live[a]
        for q in range(S.kins[i]):
            j = np.int64(S.kin[i, q])
            if not W.status[w.ACTIVE, j]:
                continue
            r = pair(S, i, j)
            hurt = max(W.tie[w.HURT_SHORT, i, j], W.tie[w.HURT_MID, i, j])
            hurts[r] = max(hurt, W.tie[w.HURT_LONG, i, j])
            bond = max(W.tie[w.WAR_MEMORY, i, j], W.tie[w.COMRADES, i, j])
            bond = max(bond, W.tie[w.PACT_MEMORY, i, j], W.tie[w.UNSETTLED, i, j])
            bonds[r] = max(bond, W.tie[w.GRUDGE, i, j], W.tie[w.GRUDGE, j, i])
            if S.opp[i, j]:
                sides[r] = 1.0


@inlined
def pair(S, i, j):
    """Number of a dyad of active states."""
    a, c = min(S.place[i], S.place[j]), max(S.place[i], S.place[j])
    return a * S.many[0] - a * (a + 1) // 2 + c - a - 1
