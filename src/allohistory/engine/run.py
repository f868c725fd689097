"""Many years of one run, and the History it leaves."""

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.step import step


class History(NamedTuple):
    """
    What a run left, year by year; row 0 is the state at the start.

    Attributes
    ----------
    state : (Y, 6, N) float64
    status : (Y, 10, N) int64
    link : (Y, 5, N, N) int8
    unit : (Y, 2, U) int16
    tie : (Y, 7, N, N) float64 or (1, 7, N, N)
        Kept for every year only where asked for.
    """

    state: NDArray[np.float64]
    status: NDArray[np.int64]
    link: NDArray[np.int8]
    unit: NDArray[np.int16]
    tie: NDArray[np.float64]

    @classmethod
    def empty(cls, years: int, states: int, units: int, *, whole: bool = False) -> Self:
        """Allocate room for so many years."""
        return cls(
            np.zeros((years, w.STATE_FLOATS, states)),
            np.zeros((years, w.STATE_INTS, states), np.int64),
            np.zeros((years, w.LINK_INTS, states, states), np.int8),
            np.zeros((years, w.UNIT_INTS, units), np.int16),
            np.zeros((years if whole else 1, w.TIE_FLOATS, states, states)),
        )


@njit(cache=True)
def snapshot(W, H, y):
    """Copy what a History keeps of a World."""
    H.state[y] = W.state
    H.status[y] = W.status
    H.link[y] = W.link
    H.unit[y] = W.unit
    if H.tie.shape[0] > 1:
        H.tie[y] = W.tie


@njit(cache=True)
def restore(W, source):
    """Copy a World over another, in place."""
    W.state[:] = source.state
    W.status[:] = source.status
    W.tie[:] = source.tie
    W.link[:] = source.link
    W.unit[:] = source.unit
    W.pact[:] = source.pact
    W.member[:] = source.member
    W.war[:] = source.war
    W.side[:] = source.side
    W.count[:] = source.count


@njit(cache=True)
def roll(W, G, P, L, S, H, first, last, base, mode, fresh_after):
    """
    Roll a World from the end of `first` to the end of `last`, in place.

    Parameters
    ----------
    base : int
        Year of row 0 of the trace tables (the first year that is stepped has row year - base).
    mode : int
        TRACE, REPLAY or PLACEBO up to `fresh_after`, FRESH afterwards.
    """
    snapshot(W, H, 0)
    for year in range(first + 1, last + 1):
        now = mode if year <= fresh_after else g.FRESH
        step(W, G, P, L, S, year, year - base, now)
        snapshot(W, H, year - first)
