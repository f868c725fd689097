"""
How close i stands to j, from what both do rather than from what they sign.

FROZEN: answers, the yardstick and published figures rest on these weights; a change of any of
them is a new version of the score. Treaty text alone ranks Moscow-Beijing 1950-79 above
London-Paris, so a pledge is worth a fifth and deeds carry the rest.

For two active states that are free in their own homeland (else the score is 0 at best)::

    C[i, j] = 0.20 pledge + 0.25 kept + 0.20 comrades + 0.15 likeness + 0.20 weight
              - 0.40 quarrel - 0.20 rival - 0.15 breach                          in [-0.75, 1]

pledge (0.20)
    1 for a strong obligation in force at the end of the year, 0.25 for a weak one: a
    non-aggression pact binds to nothing but staying at home.
kept (0.25)
    Memory of strong pact-years without force between the two (half of it in 11 years, fading
    with a half-life of 5 once the pact is gone). The largest weight: a promise kept for decades
    is what "reliable" means.
comrades (0.20)
    Memory of years of war on the same side, twice as deep in the year a state comes to an ally
    at war (casus foederis met); half-life 12.
likeness (0.15)
    Overlap of alliance portfolios, third states weighted by strength: shared pledges over all
    pledges. Shared *absence* of allies is no likeness (which is why this is no S-score).
weight (0.20), the directed term
    Strength of j among all with whom i has treaties, times how far j faces the threats that i
    faces (half where it faces none of them). Strength is the root of the capability share, as in
    `model.covariates.threats`: one giant in an alliance does not make the others nothing.
quarrel (0.40)
    Memory of disputes between the two by level (half-life 8) and of wars (half-life 15).
rival (0.20)
    Rivalry now.
breach (0.15), directed
    Memory of a call that j left unanswered: i is attacked, at home or by a major, j is strongly
    pledged since the year before and not to the attacker too, and does not fight at its side by
    the end of the next year; half-life 10. Colonial quarrels far off are no call (the
    North Atlantic Treaty, art. 6, excludes them in words; older pacts did in practice).

The weights are set by hand, not fitted: nobody has measured closeness. What they must give is
in tests/unit/test_closeness.py; with every weight off by a factor exp(N(0, 0.25)) Britain-France
since 1947 still ranks first there in 99% of 20,000 draws, with exp(N(0, 0.5)) in 91%.

Memories are saturating (m <- d m + (1 - d m) a), so nothing can outgrow 1. Dependence tells
alliance from absorption; it is kept apart from the score (`behaviour.dependence`).

Who is i's *closest* is asked of importance = C + weight (where C > 0.1; below that nobody is
close): for the strength of a bond it matters little how many others there are, for the question
"whom could i least do without" it decides. With closeness alone Britain's closest since 1949
would be France, whose portfolio is the more alike; with importance it is the United States, as it
is for (West) Germany, Italy and Japan.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from allohistory import world as w
from allohistory.engine.run import History
from allohistory.question.behaviour import (
    BREACH,
    COMRADES,
    HURT,
    KEPT,
    WARRED,
    Flags,
    Floats,
    Ints,
    Past,
    blank_past,
    remember,
    take_stock,
)

PLEDGE = np.array([0.0, 0.25, 1.0])
"""What a treaty of each level is worth as a pledge."""
NEAR = np.array([0.0, 0.5, 0.8, 1.0])
"""Proximity by contact: none, through a dependency, by water, by land."""
FAR_MAJOR, CALM = 0.25, 0.1
W_PLEDGE, W_KEPT, W_COMRADES, W_LIKENESS, W_WEIGHT = 0.20, 0.25, 0.20, 0.15, 0.20
W_QUARREL, W_RIVAL, W_BREACH = 0.40, 0.20, 0.15
SLIGHT = 0.1


class Scores(NamedTuple):
    """
    Closeness and importance of each state looked at to every state.

    Attributes
    ----------
    closeness, importance : (Y, P, N) float64
    free : (Y, N) bool
        Who is free in his homeland.
    """

    closeness: Floats
    importance: Floats
    free: Flags


@njit(cache=True)
def strengths(h: History, y: int, out: Floats) -> None:
    """Root of the share of world capability; 0 out of the system."""
    for k in range(len(out)):
        out[k] = np.sqrt(np.exp(h.state[y, w.CAP, k]) / 100) if h.status[y, w.ACTIVE, k] else 0.0


@njit(cache=True)
def likeness(h: History, y: int, i: int, j: int, strength: Floats) -> float:
    """Overlap of the alliance portfolios of two states, third states weighted by strength."""
    both = either = 0.0
    for k in range(len(strength)):
        if k in (i, j):
            continue
        a, b = PLEDGE[h.link[y, w.ALLY, i, k]], PLEDGE[h.link[y, w.ALLY, j, k]]
        both += strength[k] * min(a, b)
        either += strength[k] * max(a, b)
    return both / either if either > 0 else 0.0


@njit(cache=True)
def menace(h: History, y: int, i: int, m: Floats, strength: Floats, out: Floats) -> float:
    """Threat to i from each state (strength x nearness x hostility), and their sum."""
    total = 0.0
    for k in range(len(out)):
        near = NEAR[h.link[y, w.CONTACT, i, k]]
        if near == 0.0 and h.status[y, w.MAJOR, k]:
            near = FAR_MAJOR
        hostile = 0.5 * h.link[y, w.RIVAL, i, k] + 0.5 * m[HURT, k]
        if h.link[y, w.WAR, i, k] == w.OPPOSED:
            hostile = 1.0
        out[k] = strength[k] * near * min(hostile, 1.0) if k != i else 0.0
        total += out[k]
    return total


@njit(cache=True)
def weigh(
    h: History,
    y: int,
    i: int,
    m: Floats,
    candidate: Flags,
    free: Flags,
    strength: Floats,
    threat: Floats,
    out: Floats,
    rank: Floats,
) -> None:
    """
    Write the closeness of i to each candidate and its importance (others 0).

    Parameters
    ----------
    m : (5, N) float64
        The memories of i.
    candidate : (N,) bool
        For whom it is worked out.
    free : (N,) bool
        Who is free in his homeland.
    strength, threat : (N,) float64
        Strengths of the year; a buffer.
    out, rank : (N,) float64
        Closeness and importance.
    """
    n = len(out)
    out[:] = 0.0
    rank[:] = 0.0
    if not h.status[y, w.ACTIVE, i]:
        return
    danger = menace(h, y, i, m, strength, threat)
    pledged = 0.0
    for k in range(n):
        pledged += PLEDGE[h.link[y, w.ALLY, i, k]] * strength[k]
    for j in range(n):
        if j == i or not candidate[j] or not h.status[y, w.ACTIVE, j]:
            continue
        pledge = PLEDGE[h.link[y, w.ALLY, i, j]]
        weight = 0.0
        if pledge > 0:
            shared = 0.0
            for k in range(n):
                if (
                    threat[k] > 0
                    and k != j
                    and (h.link[y, w.RIVAL, j, k] or h.link[y, w.WAR, j, k] == w.OPPOSED)
                ):
                    shared += threat[k]
            weight = pledge * strength[j] / pledged * (0.5 + 0.5 * shared / max(danger, CALM))
        score = (
            W_PLEDGE * pledge
            + W_KEPT * m[KEPT, j]
            + W_COMRADES * m[COMRADES, j]
            + W_LIKENESS * likeness(h, y, i, j, strength)
            + W_WEIGHT * weight
            - W_QUARREL * max(m[HURT, j], m[WARRED, j])
            - W_RIVAL * h.link[y, w.RIVAL, i, j]
            - W_BREACH * m[BREACH, j]
        )
        # A state that has lost its homeland is nobody's ally in deed, whatever it has signed.
        out[j] = score if free[i] and free[j] else min(score, 0.0)
        rank[j] = out[j] + weight if out[j] > SLIGHT else 0.0


@njit(cache=True)
def _path(h: History, g: w.Geography, who: Ints, past: Past, known: bool, out: Scores) -> None:
    n = h.link.shape[2]
    everybody = np.ones(n, np.bool_)
    strength, threat, own = np.empty(n), np.empty(n), np.empty(n)
    for y in range(h.link.shape[0]):
        if y > 0 or not known:
            remember(h, y, who, past.memory)
        take_stock(h, g, y, past.holds, out.free[y], own, threat)
        strengths(h, y, strength)
        for p in range(len(who)):
            weigh(
                h,
                y,
                who[p],
                past.memory[:, p],
                everybody,
                out.free[y],
                strength,
                threat,
                out.closeness[y, p],
                out.importance[y, p],
            )


def closeness(
    history: History, geography: w.Geography, who: Ints, past: Past | None = None
) -> Scores:
    """
    Scores of each year from each state of `who` to every state.

    Parameters
    ----------
    history : History
    geography : Geography
    who : (P,) int64
        The states looked at, the pair as a rule.
    past : Past, optional
        Memories at the end of row 0; without them memories begin empty.
    """
    years, n = history.link.shape[0], history.link.shape[2]
    shape = (years, len(who), n)
    out = Scores(np.zeros(shape), np.zeros(shape), np.zeros((years, n), np.bool_))
    start = past or blank_past(history, len(who))
    copy = start.copy()
    _path(history, geography, who, copy, past is not None, out)
    return out


@njit(cache=True)
def top_major(h: History, y: int, i: int, partner: int, rank: Floats) -> int:
    """Closest of the majors, or the partner even if it is none; -1 if i is close to nobody."""
    best = w.NOBODY
    for j in range(len(rank)):
        if (
            j != i
            and (h.status[y, w.MAJOR, j] or j == partner)
            and rank[j] > 0
            and (best < 0 or rank[j] > rank[best])
        ):
            best = j
    return best


def closest_major(
    history: History, scores: Scores, p: int, i: int, y: int, partner: int = w.NOBODY
) -> int:
    """
    Closest major power of state i at the end of row y, -1 if it is close to none.

    Parameters
    ----------
    scores : Scores
        From `closeness`; i is its row p.
    partner : int
        Counts as a candidate even when it is no major (China before 1945).
    """
    return int(top_major(history, y, i, partner, scores.importance[y, p]))


@njit(cache=True)
def _nearest(
    h: History,
    g: w.Geography,
    who: Ints,
    past: Past,
    known: bool,
    first: int,
    last: int,
    top: Ints,
    rank: Floats,
) -> None:
    n = h.link.shape[2]
    major, free = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    strength, threat, own, score = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for y in range(last + 1):
        if y > 0 or not known:
            remember(h, y, who, past.memory)
        take_stock(h, g, y, past.holds, free, own, threat)
        if y < first:
            continue
        strengths(h, y, strength)
        for j in range(n):
            major[j] = h.status[y, w.ACTIVE, j] == 1 and h.status[y, w.MAJOR, j] == 1
        for p in range(len(who)):
            weigh(
                h,
                y,
                who[p],
                past.memory[:, p],
                major,
                free,
                strength,
                threat,
                score,
                rank[y - first, p],
            )
            top[y - first, p] = top_major(h, y, who[p], w.NOBODY, rank[y - first, p])


def nearest(
    history: History,
    geography: w.Geography,
    who: Ints,
    rows: tuple[int, int],
    past: Past | None = None,
) -> tuple[Ints, Floats]:
    """
    Closest major of some states in some rows: `closest_major` without the rows nobody asks about.

    Parameters
    ----------
    history : History
    geography : Geography
    who : (P,) int64
    rows : (int, int)
        First and last row asked about; memories are carried from row 0.
    past : Past, optional
        Memories at the end of row 0; without them memories begin empty.

    Returns
    -------
    top, rank : (Y, P) int64, (Y, P, N) float64
        Who it is, -1 for nobody; importance of every major, 0 of others.
    """
    first, last = rows
    shape = (last - first + 1, len(who))
    top, rank = np.full(shape, w.NOBODY), np.zeros((*shape, history.link.shape[2]))
    start = past or blank_past(history, len(who))
    copy = start.copy()
    _nearest(history, geography, who, copy, past is not None, first, last, top, rank)
    return top, rank
