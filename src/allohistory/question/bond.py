"""
What a pair is to each other year by year: apart, allied, or one under the other.

Goals ask whether an alliance is one of independent states; a reader wants to know which of the
two it is when it is not, and from which year on. Read off a History alone, by the same facts
(`behaviour.dependence`), so that the record and a simulated run are told apart by one rule.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.run import History
from allohistory.question.behaviour import (
    FOOTHOLD,
    OVERRUN,
    Flags,
    Floats,
    Holds,
    Ints,
    Past,
    dependence,
    take_stock,
)
from allohistory.question.rungs import APART, CLIENT, IN_PART, SECOND, TAKEN


@njit(cache=True)
def rung(h: History, g: w.Geography, holds: Holds, y: int, i: int, j: int) -> int:
    """
    How far i has come under j in a year: `TAKEN`, `CLIENT`, `IN_PART`, or else `APART`.

    Taken over: the core of its homeland is j's, or more than three tenths of its people are
    under j's occupation and it does not fight on. Client: see `behaviour.patron`. Held in part:
    from a fiftieth of its people on, as in Manchuria from 1931.
    """
    share = dependence(h, g, holds, y, i, j)
    if share < FOOTHOLD:
        return APART
    if h.unit[y, w.OWNER, g.home[i]] == j:
        return TAKEN
    if holds.client[i] == j:
        return CLIENT
    fights = h.link[y, w.WAR, i, j] == w.OPPOSED
    return TAKEN if share > OVERRUN and not fights else IN_PART


@njit(cache=True)
def _bonds(
    h: History,
    g: w.Geography,
    pair: Ints,
    holds: Holds,
    free: Flags,
    own: Floats,
    lost: Floats,
    out: NDArray[np.int8],
) -> None:
    a, b = pair[0], pair[1]
    for y in range(h.link.shape[0]):
        take_stock(h, g, y, holds, free, own, lost)
        first, second = rung(h, g, holds, y, a, b), rung(h, g, holds, y, b, a)
        if second > first:
            out[y] = SECOND + second
        elif first > APART:
            out[y] = first
        elif h.status[y, w.ACTIVE, a] and h.status[y, w.ACTIVE, b]:
            out[y] = h.link[y, w.ALLY, a, b]
        else:
            out[y] = APART


def bonds(
    history: History, geography: w.Geography, pair: tuple[int, int], past: Past
) -> NDArray[np.int8]:
    """
    Bond of a pair in each year of a History.

    Parameters
    ----------
    history : History
    geography : Geography
    pair : (int, int)
    past : Past
        As of row 0 (`behaviour.past_at`); not changed.

    Returns
    -------
    (Y,) int8
        `APART` to `TAKEN`; with `SECOND` added where the second is under the first.

    Notes
    -----
    An unequal alliance stays an alliance: Britain and Portugal are allied here in every year of
    theirs. What makes a client is who put its government in office, not how weak it is.
    """
    n = history.link.shape[2]
    out = np.zeros(len(history.status), np.int8)
    free, own, lost = np.zeros(n, np.bool_), np.zeros(n), np.zeros(n)
    holds = past.copy().holds
    _bonds(history, geography, np.array(pair, np.int64), holds, free, own, lost, out)
    return out
