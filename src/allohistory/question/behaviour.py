"""
What two states do to and for each other: facts of a year and the memories they leave.

Read off a History alone, so that the record and a simulated run are judged by the same code.
`closeness` weighs what is remembered here; its docstring gives the reasons.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.run import History

IMPRESSION = np.array([0.0, 0.15, 0.35, 0.7])
"""What a dispute of each level adds to what memory has room for."""
FORCE, ATTACK = 2, 3
KEPT, COMRADES, HURT, WARRED, BREACH = range(5)
"""Rows of the memories."""
MEMORIES = 5
FADE = 0.5 ** (1.0 / np.array([11.0, 12.0, 8.0, 15.0, 10.0]))
KEPT_LOST = 0.5 ** (1.0 / 5.0)
SAME_SIDE_ADDS, CALL_MET_ADDS, WAR_ADDS, BREACH_ADDS = 0.2, 0.4, 0.7, 0.6
OVERRUN, FOOTHOLD = 0.3, 0.02
OWN_FEET = 10
"""Years in office after which a leader brought in by another state is its man only if pledged."""
CEDED = 20
"""Years of unopposed occupation after which a province is nobody's claim any more."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Owners = NDArray[np.int16]
Flags = NDArray[np.bool_]


class Holds(NamedTuple):
    """
    Who belongs where and to whom, carried from year to year.

    Attributes
    ----------
    homeland : (U,) int16
        Who last held a unit as home; -1 nobody modelled.
    client : (N,) int16
        Whose client each state is; -1 nobody's.
    kept : (U,) int16
        Years for which a unit has been occupied without a war over it.
    """

    homeland: Owners
    client: Owners
    kept: Owners


class Past(NamedTuple):
    """
    What the states looked at remember when a History begins.

    Attributes
    ----------
    memory : (5, P, N) float64
        KEPT, COMRADES, HURT, WARRED, BREACH of each state looked at with every other.
    holds : Holds
    """

    memory: Floats
    holds: Holds

    def copy(self) -> "Past":
        """The same in arrays of its own."""
        return Past(self.memory.copy(), Holds(*(part.copy() for part in self.holds)))


@njit(cache=True)
def take_stock(
    h: History, g: w.Geography, y: int, holds: Holds, free: Flags, own: Floats, lost: Floats
) -> None:
    """
    Note whose homeland each unit is, who is whose client and who is free at home, in place.

    A state is free that is in the system, holds its core, and has not made its peace with the
    occupier of more than three tenths of its people: France from 1940 to 1944 is not free, China
    fighting on from Chungking is.

    Parameters
    ----------
    holds : Holds
        Carried from year to year.
    free : (N,) bool
        Result.
    own, lost : (N,) float64
        Buffers.
    """
    homeland = holds.homeland
    own[:] = 0.0
    lost[:] = 0.0
    for i in range(len(free)):
        holds.client[i] = patron(h, y, i, holds.client[i])
    for u in range(len(homeland)):
        held, k = h.unit[y, w.HELD, u], h.unit[y, w.OWNER, u]
        i = homeland[u]
        quiet = held == w.AS_OCCUPIED and k >= 0 and i >= 0 and h.link[y, w.WAR, i, k] != w.OPPOSED
        holds.kept[u] = holds.kept[u] + 1 if quiet and g.home[i] != u else 0
        if held == w.AS_HOME or holds.kept[u] > CEDED:
            homeland[u] = k
        i = homeland[u]
        if i >= 0:
            own[i] += g.people[u]
            if (
                held == w.AS_OCCUPIED
                and k >= 0
                and k != i
                and (h.link[y, w.WAR, i, k] != w.OPPOSED)
            ):
                lost[i] += g.people[u]
    for i in range(len(free)):
        core = h.unit[y, w.OWNER, g.home[i]] == i
        free[i] = h.status[y, w.ACTIVE, i] == 1 and core and lost[i] <= OVERRUN * own[i]


@njit(cache=True)
def patron(h: History, y: int, i: int, before: int) -> int:
    """
    Whose client i is in a year, given whose it was the year before; -1 nobody's.

    Of the state that brought its leader in, until he has stood ten years without a treaty with
    it. His heirs are its clients as long as they come in by rule and are strongly pledged to it:
    Mongolia after Choibalsan is Moscow's to the end of its treaty, Prague after Husak too.
    """
    k = h.status[y, w.PATRON, i]
    if k >= 0:
        bound = before == k and h.link[y, w.ALLY, i, k] > 0
        return k if bound or h.status[y, w.TENURE, i] < OWN_FEET else w.NOBODY
    if before < 0 or not h.status[y, w.ACTIVE, i] or not h.status[y, w.ACTIVE, before]:
        return w.NOBODY
    goes_on = h.status[y, w.UPSET, i] == 0 and h.link[y, w.ALLY, i, before] == 2
    return before if goes_on else w.NOBODY


@njit(cache=True)
def dependence(h: History, g: w.Geography, holds: Holds, y: int, i: int, j: int) -> float:
    """
    How far j has taken i over in a year, 0-1; above `FOOTHOLD` there is no talk of allies.

    1 where i is the client of j (`patron`) or has lost the core of its homeland to it;
    else the share of its homeland's people under j's occupation. Provinces ceded for good do
    not count (a grievance, no absorption; after twenty years of quiet occupation, too), nor does
    an island or a leased port (below 2%).
    """
    homeland = holds.homeland
    if holds.client[i] == j or h.unit[y, w.OWNER, g.home[i]] == j:
        return 1.0
    own = taken = 0.0
    for u in range(len(homeland)):
        if homeland[u] == i:
            own += g.people[u]
            if h.unit[y, w.OWNER, u] == j and h.unit[y, w.HELD, u] == w.AS_OCCUPIED:
                taken += g.people[u]
    return taken / own if own > 0 else 0.0


@njit(cache=True)
def attacks(h: History, y: int) -> int:
    """Count the attacks of a year (most years have none, and then nothing need be looked up)."""
    n, many = h.link.shape[2], 0
    for i in range(n):
        for j in range(n):
            many += h.link[y, w.DISPUTE, i, j] == ATTACK
    return many


@njit(cache=True)
def unanswered(h: History, y: int, i: int, j: int) -> bool:
    """
    Whether an attack on j in year y called i, who did not come.

    A call in the last year of a History is still open and counts for nothing.
    """
    if y < 1 or y + 1 >= h.link.shape[0] or h.link[y - 1, w.ALLY, i, j] != 2:
        return False
    if h.link[y, w.WAR, i, j] != w.NO_WAR or h.link[y + 1, w.WAR, i, j] == w.SAME_SIDE:
        return False
    for k in range(h.link.shape[2]):
        if h.link[y, w.DISPUTE, k, j] != ATTACK or k == i or h.link[y - 1, w.ALLY, i, k] == 2:
            continue
        contact = max(h.link[y, w.CONTACT, k, j], h.link[y - 1, w.CONTACT, k, j])
        if contact >= w.BY_WATER or h.status[y, w.MAJOR, k]:
            return True
    return False


@njit(cache=True)
def force_between(h: History, y: int, i: int, j: int) -> bool:
    """Whether force was used between two in a year, war included."""
    top = max(h.link[y, w.DISPUTE, i, j], h.link[y, w.DISPUTE, j, i])
    return bool(top >= FORCE or h.link[y, w.WAR, i, j] == w.OPPOSED)


@njit(cache=True)
def remember(h: History, y: int, who: Ints, memory: Floats) -> None:
    """Let the memories take in a year, in place; y - 1 must be a row unless y is 0."""
    before = max(y - 1, 0)
    called = y > 0 and attacks(h, before) > 0
    for p in range(len(who)):
        i = who[p]
        for j in range(h.link.shape[2]):
            if j == i:
                continue
            side = h.link[y, w.WAR, i, j]
            top = max(h.link[y, w.DISPUTE, i, j], h.link[y, w.DISPUTE, j, i])
            if side == w.OPPOSED:
                top = ATTACK
            strong = h.link[y, w.ALLY, i, j] == 2
            if strong and top < FORCE:
                memory[KEPT, p, j] = FADE[KEPT] * memory[KEPT, p, j] + (1.0 - FADE[KEPT])
            else:
                memory[KEPT, p, j] *= KEPT_LOST
            add = 0.0
            if side == w.SAME_SIDE:
                # Who was strongly pledged and was not yet in it came when called.
                came = (
                    h.link[before, w.ALLY, i, j] == 2 and h.link[before, w.WAR, i, j] != w.SAME_SIDE
                )
                add = CALL_MET_ADDS if came else SAME_SIDE_ADDS
            memory[COMRADES, p, j] *= FADE[COMRADES]
            memory[COMRADES, p, j] += (1.0 - memory[COMRADES, p, j]) * add
            memory[HURT, p, j] *= FADE[HURT]
            memory[HURT, p, j] += (1.0 - memory[HURT, p, j]) * IMPRESSION[top]
            memory[WARRED, p, j] *= FADE[WARRED]
            memory[WARRED, p, j] += (1.0 - memory[WARRED, p, j]) * (
                WAR_ADDS if side == w.OPPOSED else 0.0
            )
            memory[BREACH, p, j] *= FADE[BREACH]
            if called and unanswered(h, before, j, i):
                memory[BREACH, p, j] += (1.0 - memory[BREACH, p, j]) * BREACH_ADDS


def blank_past(history: History, many: int) -> Past:
    """Memories of states of which nothing is known before row 0."""
    return Past(
        np.zeros((MEMORIES, many, history.link.shape[2])),
        Holds(
            np.full(history.unit.shape[2], w.NOBODY, np.int16),
            np.full(history.link.shape[2], w.NOBODY, np.int16),
            np.zeros(history.unit.shape[2], np.int16),
        ),
    )


def past_at(history: History, geography: w.Geography, who: Ints, row: int) -> Past:
    """
    Memories at the end of a row of a History, to judge runs that start there.

    Parameters
    ----------
    history : History
        As a rule the record's own, from 1860.
    geography : Geography
    who : (P,) int64
        The states looked at.
    row : int
        Row at whose end the runs start.
    """
    past = blank_past(history, len(who))
    n = history.link.shape[2]
    free, own, lost = np.empty(n, np.bool_), np.empty(n), np.empty(n)
    for y in range(row + 1):
        remember(history, y, who, past.memory)
        take_stock(history, geography, y, past.holds, free, own, lost)
    return past
