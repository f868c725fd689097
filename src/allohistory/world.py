"""
The state system at the end of one year, as a struct of arrays.

The record hands out Worlds and the engine steps them; both are the same type, so covariates are
computed by the same code in fitting and in simulation. Each array holds named rows; the row
numbers below are the only way to address them. No pydantic, polars or plotting may enter here.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

# ---- rows of World.state (float64, rows x states) --------------------------------------------
CAP, MOMENTUM, STANDING, BEATEN, VICTOR, GAIN = range(6)
STATE_FLOATS = 6
# ---- rows of World.status (int64, rows x states) ---------------------------------------------
ACTIVE, AGE, MAJOR, WAS_MAJOR, REGIME, REGIME_AGE, LEADER, TENURE, PATRON, UPSET = range(10)
STATE_INTS = 10
# ---- rows of World.tie (float64, rows x states x states) -------------------------------------
HURT_SHORT, HURT_MID, HURT_LONG, WAR_MEMORY, COMRADES, PACT_MEMORY = range(6)
GRUDGE, UNSETTLED = range(6, 8)
TIE_FLOATS = 8
# ---- rows of World.link (int8, rows x states x states) ---------------------------------------
ALLY, RIVAL, CONTACT, WAR, DISPUTE = range(5)
LINK_INTS = 5
# ---- rows of World.unit (int16, rows x units) ------------------------------------------------
OWNER, HELD = range(2)
UNIT_INTS = 2
# ---- rows of World.pact (int64, rows x treaty slots) -----------------------------------------
T_ALIVE, T_YEAR, T_STRONG, T_A, T_B, T_OPEN, T_WARTIME, T_BOUND, T_LEADER, T_KEY = range(10)
PACT_INTS = 10
# ---- rows of World.war (int64, rows x war slots) ---------------------------------------------
W_ALIVE, W_YEAR, W_A, W_B, W_KEY, W_RESULT, W_MARGIN, W_END = range(8)
WAR_INTS = 8
# ---- World.count ------------------------------------------------------------------------------
N_PACTS, N_WARS = range(2)

# values of link[CONTACT]
APART, THROUGH_DEPENDENCY, BY_WATER, BY_LAND = range(4)
# values of link[WAR]
NO_WAR, OPPOSED, SAME_SIDE = range(3)
# values of unit[HELD]
AS_DEPENDENCY, AS_HOME, AS_OCCUPIED = range(3)
NOBODY = -1


class World(NamedTuple):
    """
    One year of the state system (end of year), one run.

    Attributes
    ----------
    state : (6, N) float64
        CAP: log of capability in percent of the world; MOMENTUM: smoothed log growth;
        STANDING: military standing (rating points / 100); BEATEN, VICTOR: fading memory of the
        last war lost or won, 0-1; GAIN: log change of people ruled this year (not yet in CAP).
    status : (10, N) int64
        ACTIVE 0/1, AGE years in the system, MAJOR 0/1, WAS_MAJOR 0/1, REGIME 0 autocracy,
        1 mixed, 2 democracy, REGIME_AGE years, LEADER token, TENURE years, PATRON state or -1,
        UPSET 1 in a year of irregular or foreign change of leader.
    tie : (8, N, N) float64
        Memories of a dyad in [0, 1]: disputes on three time scales, war, war on the same side,
        strong pact; UNSETTLED: a war that neither won; GRUDGE is directed from
        loser to winner.
    link : (5, N, N) int8
        ALLY alliance level 0-2, RIVAL 0/1, CONTACT 0-3, WAR 0-2 (at the end of the year),
        DISPUTE highest level of the year, directed.
    unit : (2, U) int16
        OWNER state or -1; HELD 0 dependency, 1 home, 2 occupied.
    pact, member : (10, M) int64, (M, N) int8
        Treaty slots and who belongs (1 pledges what the treaty pledges, 2 weak pledges only).
    war, side : (8, W) int64, (W, N) int8
        War slots and sides: 1 initiator's, 2 target's, -1 and -2 have left.
    count : (2,) int64
        Slots used.
    """

    state: NDArray[np.float64]
    status: NDArray[np.int64]
    tie: NDArray[np.float64]
    link: NDArray[np.int8]
    unit: NDArray[np.int16]
    pact: NDArray[np.int64]
    member: NDArray[np.int8]
    war: NDArray[np.int64]
    side: NDArray[np.int8]
    count: NDArray[np.int64]  # type: ignore[assignment]  # hides tuple.count, which nobody needs

    @classmethod
    def empty(cls, states: int, units: int, pacts: int, wars: int) -> Self:
        """Allocate a World in which nothing exists yet."""
        world = cls(
            state=np.zeros((STATE_FLOATS, states)),
            status=np.zeros((STATE_INTS, states), np.int64),
            tie=np.zeros((TIE_FLOATS, states, states)),
            link=np.zeros((LINK_INTS, states, states), np.int8),
            unit=np.zeros((UNIT_INTS, units), np.int16),
            pact=np.zeros((PACT_INTS, pacts), np.int64),
            member=np.zeros((pacts, states), np.int8),
            war=np.zeros((WAR_INTS, wars), np.int64),
            side=np.zeros((wars, states), np.int8),
            count=np.zeros(2, np.int64),
        )
        world.status[PATRON] = NOBODY
        world.unit[OWNER] = NOBODY
        return world

    def copy(self) -> Self:
        """Return a World that shares no memory with this one."""
        return type(self)._make(field.copy() for field in self)

    def differs(self, other: Self) -> dict[str, int]:
        """Count the differing cells per field; empty when both are the same bit for bit."""
        counts = {
            name: int(np.count_nonzero(a != b))
            for name, a, b in zip(self._fields, self, other, strict=True)
        }
        return {name: n for name, n in counts.items() if n}


class Geography(NamedTuple):
    """
    What no intervention changes: names, homelands, distances, neighbouring units.

    Attributes
    ----------
    state_hash : (N,) uint64
        Address of each state.
    unit_hash : (U,) uint64
        Address of each unit.
    home : (N,) int64
        Unit that is the core of the state's homeland.
    distance : (N, N) float64
        log(1 + km between capitals / 1000), shape symmetric.
    start, near, kind : (U + 1,), (B,), (B,) int64
        Neighbours of unit u are ``near[start[u]:start[u + 1]]``; kind 3 land, 2 strait, 1 sea.
    people : (U,) float64
        Inhabitants about 1900, millions.
    tracked : (N,) int64
        1 where leaders are modelled one by one.
    """

    state_hash: NDArray[np.uint64]
    unit_hash: NDArray[np.uint64]
    home: NDArray[np.int64]
    distance: NDArray[np.float64]
    start: NDArray[np.int64]
    near: NDArray[np.int64]
    kind: NDArray[np.int64]
    people: NDArray[np.float64]
    tracked: NDArray[np.int64]
