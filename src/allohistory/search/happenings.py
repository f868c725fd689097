"""What happens to and around a pair in a run: wars, rulers, rivalries, treaties, lands."""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.run import History

Ints = NDArray[np.int64]
Rows = NDArray[np.int32]
HAPPENINGS: Final = 4096
"""Most happenings noted in one stretch of a run."""
A, B, BOTH, NOBODY = 0, 1, 2, -1
(
    DEFEAT,
    VICTORY,
    STALEMATE,
    PAIR_WAR,
    COMRADES,
    OPENS,
    CLOSES,
    UPSET,
    QUARREL,
    RECONCILED,
    RIVAL,
    UNRIVAL,
    COMMON,
    UNCOMMON,
    TREATY,
    UNTREATY,
    GAINS,
    LOSES,
    CLIENT,
    RISES,
    FALLS,
    GONE,
    BACK,
) = range(23)
"""Kinds; A and B are the pair, BOTH concerns the two together."""
SAYS: Final = {
    DEFEAT: ("{who} loses a war", "{who} loses a war with {third}"),
    VICTORY: ("{who} wins a war", "{who} wins a war with {third}"),
    STALEMATE: ("a war of {who} ends in a draw", "{who} draws a war with {third}"),
    PAIR_WAR: ("{a} and {b} fight each other", ""),
    COMRADES: ("{a} and {b} fight on the same side", ""),
    OPENS: ("{who} becomes more democratic", ""),
    CLOSES: ("{who} becomes less democratic", ""),
    UPSET: ("the ruler of {who} is overthrown", ""),
    QUARREL: ("{a} and {b} become rivals", ""),
    RECONCILED: ("the rivalry of {a} and {b} ends", ""),
    RIVAL: ("", "{who} and {third} become rivals"),
    UNRIVAL: ("", "the rivalry of {who} and {third} ends"),
    COMMON: ("", "{third} is a rival of both"),
    UNCOMMON: ("", "{third} is no longer a rival of both"),
    TREATY: ("", "{who} and {third} sign a defense pact"),
    UNTREATY: ("", "{who} and {third} are no longer allied"),
    GAINS: ("{who} wins land or a dependency", "{who} takes land or a dependency from {third}"),
    LOSES: ("{who} loses land or a dependency", "{who} loses land or a dependency to {third}"),
    CLIENT: ("{who} becomes a client state", "{who} becomes a client of {third}"),
    RISES: ("{who} becomes a major power", ""),
    FALLS: ("{who} is no longer a major power", ""),
    GONE: ("{who} ceases to be a state", ""),
    BACK: ("{who} becomes a state", ""),
}
"""A happening as a clause: without and with a third state."""


@njit(cache=True)
def _note(out: Rows, n: int, kind: int, who: int, third: int, row: int) -> int:
    if n < out.shape[0]:
        out[n, 0] = kind
        out[n, 1] = who
        out[n, 2] = third
        out[n, 3] = row
        return n + 1
    return n


@njit(cache=True)
def _wars(
    world: w.World, h: History, y: int, pair: Ints, row: int, year: int, out: Rows, n: int
) -> int:
    """Wars of the pair that ended in a year: result, and with whom."""
    for k in range(world.count[w.N_WARS]):
        if world.war[w.W_ALIVE, k] or world.war[w.W_END, k] != year:
            continue
        result = world.war[w.W_RESULT, k]
        for p in range(2):
            side = world.side[k, pair[p]]
            if side == 0:
                continue
            kind = STALEMATE
            if side < 0 or (result == 1 and side == 2) or (result == 3 and side == 1):
                kind = DEFEAT
            elif result != 2:
                kind = VICTORY
            n = _note(out, n, kind, p, NOBODY, row)
            for j in range(world.side.shape[1]):
                theirs = abs(world.side[k, j])
                chief = j in (world.war[w.W_A, k], world.war[w.W_B, k])
                if theirs and theirs != abs(side) and (chief or h.status[y, w.MAJOR, j]):
                    n = _note(out, n, kind, p, j, row)
    return n


@njit(cache=True)
def _of_state(h: History, y: int, p: int, i: int, other: int, row: int, out: Rows, n: int) -> int:
    """Rulers, rank, rivals, treaties and lands of one of the pair in a year."""
    was, now = h.status[y - 1], h.status[y]
    if now[w.ACTIVE, i] != was[w.ACTIVE, i]:
        return _note(out, n, BACK if now[w.ACTIVE, i] else GONE, p, NOBODY, row)
    if not now[w.ACTIVE, i]:
        return n
    if now[w.REGIME, i] != was[w.REGIME, i]:
        n = _note(out, n, OPENS if now[w.REGIME, i] > was[w.REGIME, i] else CLOSES, p, NOBODY, row)
    if now[w.UPSET, i]:
        n = _note(out, n, UPSET, p, NOBODY, row)
    if now[w.MAJOR, i] != was[w.MAJOR, i]:
        n = _note(out, n, RISES if now[w.MAJOR, i] else FALLS, p, NOBODY, row)
    if now[w.PATRON, i] >= 0 and now[w.PATRON, i] != was[w.PATRON, i]:
        n = _note(out, n, CLIENT, p, NOBODY, row)
        n = _note(out, n, CLIENT, p, now[w.PATRON, i], row)
    for j in range(h.link.shape[2]):
        if j in (i, other):
            continue
        if h.link[y, w.RIVAL, i, j] != h.link[y - 1, w.RIVAL, i, j]:
            n = _note(out, n, RIVAL if h.link[y, w.RIVAL, i, j] else UNRIVAL, p, j, row)
        strong, before = h.link[y, w.ALLY, i, j] == 2, h.link[y - 1, w.ALLY, i, j] == 2
        if strong != before and h.status[y, w.MAJOR, j]:
            n = _note(out, n, TREATY if strong else UNTREATY, p, j, row)
    for u in range(h.unit.shape[2]):
        k, before = h.unit[y, w.OWNER, u], h.unit[y - 1, w.OWNER, u]
        if k == before or i not in (k, before):
            continue
        kind, third = (GAINS, before) if k == i else (LOSES, k)
        n = _note(out, n, kind, p, NOBODY, row)
        if third >= 0:
            n = _note(out, n, kind, p, third, row)
    return n


@njit(cache=True)
def _of_pair(h: History, y: int, a: int, b: int, row: int, out: Rows, n: int) -> int:
    """What the two do with each other, and whom both have for a rival."""
    if row > 0:
        if h.link[y, w.RIVAL, a, b] != h.link[y - 1, w.RIVAL, a, b]:
            n = _note(
                out, n, QUARREL if h.link[y, w.RIVAL, a, b] else RECONCILED, BOTH, NOBODY, row
            )
        together = h.link[y, w.WAR, a, b]
        if together != h.link[y - 1, w.WAR, a, b] and together != w.NO_WAR:
            kind = PAIR_WAR if together == w.OPPOSED else COMRADES
            n = _note(out, n, kind, BOTH, NOBODY, row)
    for j in range(h.link.shape[2]):
        common = h.link[y, w.RIVAL, a, j] and h.link[y, w.RIVAL, b, j]
        before = row > 0 and h.link[y - 1, w.RIVAL, a, j] and h.link[y - 1, w.RIVAL, b, j]
        if common != before:
            n = _note(out, n, COMMON if common else UNCOMMON, BOTH, j, row)
    return n


@njit(cache=True)
def happened(
    h: History,
    world: w.World,
    at: int,
    pair: Ints,
    row: int,
    start: int,
    out: Rows,
) -> int:
    """
    Note what happens to a pair in the rows of a window after row `at`.

    Parameters
    ----------
    world : World
        As of the last row; its slots tell how wars ended.
    row, start : int
        Row `at` is row `row` of the whole run, whose row 0 is the year `start`. Of row 0 itself
        only the rivals of both are noted.
    out : (R, 4) int32
        Kind, who of the pair, third state or -1, row.

    Returns
    -------
    int
        How many.
    """
    n = 0
    if row == 0:
        n = _of_pair(h, at, pair[0], pair[1], 0, out, n)
    for y in range(at + 1, h.link.shape[0]):
        t = row + y - at
        n = _wars(world, h, y, pair, t, start + t, out, n)
        for p in range(2):
            n = _of_state(h, y, p, pair[p], pair[1 - p], t, out, n)
        n = _of_pair(h, y, pair[0], pair[1], t, out, n)
    return n
