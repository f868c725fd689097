"""
Many years of one run, and the History it leaves.

A year, nearly in the order of design section 5: entry -> capability, leader, regime -> rivalry,
dispute, escalation to war -> joining -> leaving, end, outcome -> major status (so that the war
that decides it is over) -> settlement (exit, late entry, units) -> treaties -> memory.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.asking import set_bounds, set_most, survey
from allohistory.engine.conflict import disputes, endings, joins
from allohistory.engine.ground import entries, exits, hands, mark_gone
from allohistory.engine.memory import recollect, remember
from allohistory.engine.pacts import alliances, found, lapses, memberships
from allohistory.engine.politics import growth, leaders, majors, regimes, rivalries
from allohistory.engine.step import begin, normalise
from allohistory.kernels import ZERO, kernel
from allohistory.model.covariates import (
    common_rivals,
    contacts,
    list_live,
    pressures,
    self_rule,
    shared_allies,
    still_fighting,
    threats,
    war_relations,
)
from allohistory.reference import refer


class History(NamedTuple):
    """
    What a run left, year by year; row 0 is the state at the start.

    Attributes
    ----------
    state : (Y, 6, N) float64
    status : (Y, 10, N) int64
    link : (Y, 5, N, N) int8
    unit : (Y, 2, U) int16
    tie : (Y, 8, N, N) float64 or (1, 8, N, N)
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


@kernel
def snapshot(W, H, y):
    """Copy what a History keeps of a World."""
    states = W.status.shape[1]
    for i in range(states):
        for r in range(W.state.shape[0]):
            H.state[y, r, i] = W.state[r, i]
        for r in range(W.status.shape[0]):
            H.status[y, r, i] = W.status[r, i]
    for r in range(W.unit.shape[0]):
        for u in range(W.unit.shape[1]):
            H.unit[y, r, u] = W.unit[r, u]
    for r in range(W.link.shape[0]):
        for i in range(states):
            for j in range(states):
                H.link[y, r, i, j] = W.link[r, i, j]
    if H.tie.shape[0] > 1:
        for r in range(W.tie.shape[0]):
            for i in range(states):
                for j in range(states):
                    H.tie[y, r, i, j] = W.tie[r, i, j]


def restore(world: w.World, source: w.World) -> None:
    """Copy a World over another, in place."""
    for name in w.World._fields:
        getattr(world, name)[:] = getattr(source, name)


@kernel
def roll(
    world, geography, parameters, luck, scratch, history, first, last, base, mode, fresh_after
):
    """
    Roll a World from the end of `first` to the end of `last`, in place.

    The stages are called from here and nowhere else: a compiled function holds a copy of all it
    calls, so each level of calling would cost one more compilation of everything below.

    Parameters
    ----------
    base : int
        Year of row 0 of the trace tables (the first year that is stepped has row year - base).
    mode : int
        TRACE, REPLAY or PLACEBO up to `fresh_after`, FRESH afterwards.
    """
    W, G, P = refer(world), refer(geography), refer(parameters)
    L, S, H = refer(luck), refer(scratch), refer(history)
    snapshot(W, H, ZERO)
    L.control[g.DRIFTED] = 0
    set_bounds(P, S)
    set_most(P, S)
    S.laid[0] = False
    recollect(W, G, S)
    for year in range(first + 1, last + 1):
        how = mode if year <= fresh_after else g.FRESH
        begin(P, L, S, W, year, year - base, how, fresh_after)
        war_relations(W, S)
        self_rule(W, S)
        entries(W, G, P, L, S)
        list_live(W, S)
        contacts(W, G, S)
        pressures(W, S)
        threats(W, S)
        growth(W, G, P, L, S)
        leaders(W, G, P, L, S)
        regimes(W, G, P, L, S)
        survey(W, G, L, S)
        rivalries(W, G, P, L, S)
        disputes(W, G, P, L, S)
        joins(W, G, P, L, S)
        war_relations(W, S)
        endings(W, G, P, L, S)
        majors(W, G, P, L, S)
        exits(W, G, P, L, S)
        mark_gone(W, G, S)
        list_live(W, S)
        L.control[g.LATE] = 1
        entries(W, G, P, L, S)
        list_live(W, S)
        hands(W, G, P, L, S)
        contacts(W, G, S)
        threats(W, S)
        shared_allies(W, S)
        common_rivals(W, S)
        still_fighting(W, S)
        lapses(W, P, L, S)
        memberships(W, G, P, L, S)
        survey(W, G, L, S)
        found(W, G, P, L, S)
        alliances(W, S)
        remember(W, P, S)
        if L.control[g.MODE] == g.TRACE and not L.control[g.BARE]:
            normalise(L)
        snapshot(W, H, year - first)
