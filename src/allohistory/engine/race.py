"""Races: choices among states (who gets the unit, who stands behind the new leader)."""

import numpy as np

from allohistory.engine import gate as g
from allohistory.engine.coupling import LEAST_CHANCE
from allohistory.kernels import NONE, ZERO, inlined, kernel
from allohistory.noise import ANEW, LUCK, address, mix, uniform

BINS = 1024
CEILING = np.full(BINS, np.inf)
CEILING[:-1] = 1e-6 - np.log(-np.log(np.arange(1, BINS) / BINS))
"""By the first ten bits of a uniform: the most that the Gumbel noise it stands for can be."""
NOBODY_NAME = np.uint64(0x5EED00000001)


@kernel
def candidate(S, G, n, k, score):
    """Put a state (or -1, nobody modelled) on the list of a race; returns the new length."""
    S.names[n] = NOBODY_NAME if k < 0 else G.state_hash[k]
    S.scores[n] = score
    S.who[n] = k
    return n + 1


@inlined
def draw_one(world, where, G, k):
    """Luck of one candidate (-1: nobody modelled) in a race of a fresh world."""
    name = NOBODY_NAME if k < 0 else G.state_hash[k]
    return max(uniform(world, mix(where, name), ANEW), 1e-300)


@kernel
def race(L, S, unit, a, n):
    """
    Candidate that wins a race of Gumbel noises added to scores.

    Each candidate's noise has its own address (unit, candidate), so that a new candidate
    disturbs nobody else's luck. In TRACE the record's winner is returned and the factual scores
    noted; in REPLAY the noises are drawn from their posterior given that winner. Which process
    it is stands in ``L.control[PROCESS]``.

    Parameters
    ----------
    unit : uint64
        Address of what is raced for.
    a : int
        Its index, for the log.
    n : int
        Candidates entered in ``S.names``, ``S.scores``, ``S.who``; their covariates in ``S.y``.

    Returns
    -------
    int
        Position of the winner among the candidates.
    """
    mode, row, year = L.control[g.MODE], L.control[g.ROW], L.control[g.YEAR]
    process = L.control[g.PROCESS]
    names, scores, facts = S.names, S.scores, S.facts
    world = L.seed[0]
    where = address(process, year, unit, np.uint64(0))
    if mode == g.TRACE:
        slot = g.find(L.event_key[row], where)
        winner = L.event_value[row, slot] if slot >= 0 else 0
        if slot >= 0:
            L.control[g.EVENTS_SEEN] += 1
        if not L.control[g.BARE]:
            slot = g.mark(L, row, where)
            L.outcome[row, slot] = winner
        chosen = 0
        for k in range(n):
            if not L.control[g.BARE]:
                one = g.mark(L, row, mix(where, names[k]))
                L.eta[row, one, 0] = scores[k]
            if np.int64(names[k] & np.uint64(0x7FFFFFFF)) == winner:
                chosen = k
        if L.control[g.KEEPING]:
            for k in range(n):
                g.keep(L, process, a, S.who[k], k == chosen, S.y[k], g.WIDTHS[process], unit)
        return chosen
    if L.control[g.HAS_CHANGE] and mode != g.PLACEBO:
        c = g.find(L.change_key, where)
        if c >= 0 and L.force[c] != g.NO_FORCE:
            total, value, picked = 0.0, 0.0, -1
            for k in range(n):
                total += np.exp(scores[k])
                if np.int64(names[k] & np.uint64(0x7FFFFFFF)) == L.force[c]:
                    value, picked = np.exp(scores[k]), k
            if picked >= 0:
                if L.hits[c] == 0 and L.priced[c]:
                    L.logp[c] = np.log(max(value / total, LEAST_CHANCE))
                L.hits[c] = 1
                return picked
    slot = NONE
    if mode != g.FRESH or L.control[g.LOGGING]:
        slot = g.recall(L, row, where)
    was, moved, winner, total = -1, 0.0, ZERO, 0.0
    if slot >= 0:
        winner = np.int64(L.outcome[row, slot])
        for k in range(n):
            one = g.recall(L, row, mix(where, names[k]))
            facts[k] = L.eta[row, one, 0] if one >= 0 else -1e9
            if one >= 0:
                moved = max(moved, abs(scores[k] - facts[k]))
                total += np.exp(facts[k])
            else:
                moved = max(moved, 1.0)
            if np.int64(names[k] & np.uint64(0x7FFFFFFF)) == winner:
                was = k
    stream, fact = LUCK, was
    if mode == g.FRESH or (was >= 0 and g.anew(L, where, moved)):
        was, stream = -1, ANEW
    if was >= 0 and moved == 0.0:
        return was
    best = 0.0
    if was >= 0:
        best = np.log(total) + g.gumbel(uniform(world, mix(where, names[was]), LUCK))
    chosen, top = 0, -1e300
    for k in range(n):
        u = max(uniform(world, mix(where, names[k]), stream), 1e-300)
        if was < 0 or facts[k] < -1e8:
            if scores[k] + CEILING[int(u * BINS)] < top:
                continue
            value = scores[k] + g.gumbel(u)
        elif k == was:
            value = best + scores[k] - facts[k]
        else:
            value = facts[k] - np.log(-np.log(u) + np.exp(facts[k] - best))
            value += scores[k] - facts[k]
        if value > top:
            chosen, top = k, value
    if L.control[g.LOGGING] and chosen != fact:
        before = np.int64(S.who[fact] + 2) if fact >= 0 else ZERO
        winner_now = np.int64(S.who[chosen])
        g.note(L, process, a, winner_now, winner_now + 2, before, moved, 0.0)
    if L.control[g.RECORDING]:
        name = np.int32(names[chosen] & np.uint64(0x7FFFFFFF))
        L.event_value[row, g.insert(L.event_key[row], where)] = name
    return chosen
