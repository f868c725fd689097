"""
What is measured in every run beside the goal: named quantities, relations with others, shares.

Kept as sums over runs (and sums of squared paired differences), so that memory does not grow
with the number of runs.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.run import History

Floats = NDArray[np.float64]

QUANTITIES: Final = (
    ("standing of {a} after 5 years", "points"),
    ("standing of {b} after 5 years", "points"),
    ("rivalry of {a} and {b}, years 6-10", "chance"),
    ("disputes {a} begins with {b} in 10 years", "count"),
    ("disputes {b} begins with {a} in 10 years", "count"),
    ("war between {a} and {b} within 20 years", "chance"),
    (
        "adjacency of {a} and {b} after 5 years (0 none, 1 through dependencies, 2 sea, 3 land)",
        "level",
    ),
    ("capability of {a} after 10 years, percent of the world", "percent"),
    ("capability of {b} after 10 years, percent of the world", "percent"),
    ("strong pact of {a} and {b} in force within 20 years", "chance"),
    ("wars in the system over the horizon", "count"),
    ("disputes in the system over the horizon", "count"),
    ("strongly allied pairs in the system at the end", "count"),
    ("{a} and {b} fight on the same side within 20 years", "chance"),
    ("{a} still a state at the end", "chance"),
    ("{b} still a state at the end", "chance"),
    ("regime of {b} after 20 years (0 autocracy, 2 democracy)", "level"),
    ("states that ended over the horizon", "count"),
)
RELATIONS: Final = ("ally", "dispute", "war", "rival", "contact", "same_side")
SHARE_YEARS: Final = (10, 25, 50)


class Probe(NamedTuple):
    """
    Measurements of one run.

    Attributes
    ----------
    quantities : (18,) float64
        In the order of `QUANTITIES`.
    relations : (2, N, 6) float64
        For each of the pair with every other state, in the order of `RELATIONS`: strongly
        allied in any of 25 years, dispute within 25, war within 25, rivals after 20, contact
        after 5, on the same side of a war within 25.
    shares : (3, N) float64
        Percent of the world's capability after 10, 25 and 50 years.
    """

    quantities: Floats
    relations: Floats
    shares: Floats


@njit(cache=True)
def _measure(
    state: Floats,
    status: NDArray[np.int64],
    link: NDArray[np.int8],
    a: int,
    b: int,
    first: int,
    quantities: Floats,
    relations: Floats,
    shares: Floats,
) -> None:
    years, n = state.shape[0], state.shape[2]
    last = years - 1
    at5, at10, at20 = min(first + 5, last), min(first + 10, last), min(first + 20, last)
    q = quantities
    q[:] = 0.0
    q[0] = state[at5, w.STANDING, a]
    q[1] = state[at5, w.STANDING, b]
    q[6] = link[at5, w.CONTACT, a, b]
    q[7] = np.exp(state[at10, w.CAP, a]) if status[at10, w.ACTIVE, a] else 0.0
    q[8] = np.exp(state[at10, w.CAP, b]) if status[at10, w.ACTIVE, b] else 0.0
    q[14] = status[last, w.ACTIVE, a]
    q[15] = status[last, w.ACTIVE, b]
    q[16] = status[at20, w.REGIME, b]
    for y in range(first + 1, years):
        for i in range(n):
            if status[y - 1, w.ACTIVE, i] and not status[y, w.ACTIVE, i]:
                q[17] += 1.0
            for j in range(n):
                if link[y, w.DISPUTE, i, j]:
                    q[11] += 1.0
                    if link[y, w.DISPUTE, i, j] == 3:
                        q[10] += 1.0
    for y in range(first + 1, min(first + 10, last) + 1):
        q[3] += link[y, w.DISPUTE, a, b] > 0
        q[4] += link[y, w.DISPUTE, b, a] > 0
        if y > first + 5:
            q[2] += link[y, w.RIVAL, a, b] / 5.0
    for y in range(first + 1, at20 + 1):
        if link[y, w.WAR, a, b] == w.OPPOSED:
            q[5] = 1.0
        if link[y, w.WAR, a, b] == w.SAME_SIDE:
            q[13] = 1.0
        if link[y, w.ALLY, a, b] == 2:
            q[9] = 1.0
    for i in range(n):
        for j in range(i + 1, n):
            q[12] += link[last, w.ALLY, i, j] == 2
    relations[:] = 0.0
    for side in range(2):
        s = a if side == 0 else b
        for y in range(first + 1, min(first + 25, last) + 1):
            for j in range(n):
                if link[y, w.ALLY, s, j] == 2:
                    relations[side, j, 0] = 1.0
                if link[y, w.DISPUTE, s, j] or link[y, w.DISPUTE, j, s]:
                    relations[side, j, 1] = 1.0
                if link[y, w.WAR, s, j] == w.OPPOSED:
                    relations[side, j, 2] = 1.0
                elif link[y, w.WAR, s, j] == w.SAME_SIDE:
                    relations[side, j, 5] = 1.0
        for j in range(n):
            relations[side, j, 3] = link[at20, w.RIVAL, s, j]
            relations[side, j, 4] = link[at5, w.CONTACT, s, j]
    for k in range(3):
        y = min(first + (10, 25, 50)[k], last)
        for i in range(n):
            shares[k, i] = np.exp(state[y, w.CAP, i]) if status[y, w.ACTIVE, i] else 0.0


def measure(history: History, a: int, b: int, first: int) -> Probe:
    """Measure a run whose row `first` is the year of decision."""
    n = history.state.shape[2]
    out = Probe(np.zeros(len(QUANTITIES)), np.zeros((2, n, 6)), np.zeros((3, n)))
    _measure(history.state, history.status, history.link, a, b, first, *out)
    return out
