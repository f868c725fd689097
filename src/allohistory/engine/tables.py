"""
What the gate reads and writes: the tables of one run, and the names of their rows.

A run's luck is a NamedTuple of arrays, because compiled code takes nothing else. Tables by
address are open-addressed: a key's slot is the first free one from its low bits onwards.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.kernels import NONE, inlined, kernel
from allohistory.model import terms as m
from allohistory.model.shocks import NODES

FRESH, TRACE, REPLAY, PLACEBO = range(4)
# rows of Luck.control
MODE, YEAR, ROW, COUPLING, HAS_CHANGE, LOGGING, KEEPING, EVENTS_SEEN, PROCESS, LATE = range(10)
CURSOR, RECORDING, BARE, WAR_SLOT, DRIFTED, CONTROLS = 10, 11, 12, 13, 14, 15
MONOTONE, GUMBEL = range(2)
# rows of Luck.number
KAPPA, DEAD_ZONE, SHOCK_0 = 0, 1, 2
TIMES_0 = SHOCK_0 + len(m.SHOCKED)
NUMBERS = TIMES_0 + len(m.TIMED)
OF_WAR = len(m.YEARLY)
"""Number of the shock that belongs to a war, not to a year."""
NO_FORCE = -9
DRAWN = m.WIDTH + 3
"""Column of the kept covariates that holds the luck inferred for a choice (-1 where none was)."""


class Luck(NamedTuple):
    """
    Where the luck of one run comes from, and what is noted on the way.

    Attributes
    ----------
    control, number : (15,) int64, (13,) float64
        Switches of the run (see the row names above).
    seed : (Y,) uint64
        Hash state of the run in each year; row 0, in which nothing is drawn, holds that of the
        year under way.
    event_key, event_value : (Y, E) uint64, int32
        The record as addressed choices; everything absent came out as 0.
    key, place : (Y, K) uint64, (Y, K) int32
        Addresses of the factual trace, and 1 + where each stands in the order of the year.
    order, eta, outcome : (Y, C) uint64, (Y, C, 3) float64, (Y, C) int32
        The trace in the order in which history's choices were met: address, predictor, outcome.
        A run that has hardly parted from history meets them in the same order, so that it reads
        on instead of searching.
    fact : (4, Y, N, N) float32
        History's predictors of the bounded processes (`model.bounds`) by dyad, infinite where
        something came of it, minus infinity where it was not asked.
    filled : (Y,) int64
        Choices of each year of the trace.
    war_key, spread : (S,) uint64, (S, 8) float64
        Wars of history by key (hash set), and the log likelihood of each slice of a war's shock
        given who joined it.
    posterior : (Y, 3, 8) float64
        Probability of each slice of the year shocks given that year's record; `product` (4, 8)
        is where it is gathered.
    cap, mean, leader, regime, patron : (Y, N)
        Recorded capability (log), factual mean of growth, leader token, regime, patron.
    change_key, force, shift, priced : (C,) uint64, int64, float64, int64
        Interventions by full address.
    towards : (C,) int64
        1 or -1 where the luck of a binary choice that is met otherwise than in history shall be
        coupled so that something, or nothing, is as likely as any coupling makes it.
    changed : (28, Y) int8
        Whether any choice of a process is changed in a year.
    logp, hits : (C,) float64, int64
        Log probability of each forced outcome in this run, and whether it was met. Where a
        change only shifts, fresh choices add the log likelihood ratio against no shift.
    predictor : (C, 3) float64
        Predictors of each changed choice in this run, times and shift in, shocks left out; NaN
        where it was not asked. Of a LEVEL they are noted even where no dispute came about.
    touched : (T,) uint64
        Addresses whose luck was drawn anew (hash set), for the placebo.
    log, log_eta : (L, 6) int64, (L, 2) float64
        Choices that came out otherwise than in history.
    rows, covariates : (R, 6) int64, (R, 40) float64
        Covariates of every choice, for fitting and for explanations.
    counter : (4,) int64
        Rows used in log, rows; entries in touched; addresses asked.
    """

    control: NDArray[np.int64]
    number: NDArray[np.float64]
    seed: NDArray[np.uint64]
    event_key: NDArray[np.uint64]
    event_value: NDArray[np.int32]
    key: NDArray[np.uint64]
    place: NDArray[np.int32]
    order: NDArray[np.uint64]
    fact: NDArray[np.float32]
    filled: NDArray[np.int64]
    eta: NDArray[np.float64]
    outcome: NDArray[np.int32]
    war_key: NDArray[np.uint64]
    spread: NDArray[np.float64]
    posterior: NDArray[np.float64]
    product: NDArray[np.float64]
    cap: NDArray[np.float64]
    mean: NDArray[np.float64]
    leader: NDArray[np.int64]
    regime: NDArray[np.int64]
    patron: NDArray[np.int64]
    change_key: NDArray[np.uint64]
    force: NDArray[np.int64]
    shift: NDArray[np.float64]
    priced: NDArray[np.int64]
    towards: NDArray[np.int64]
    changed: NDArray[np.int8]
    logp: NDArray[np.float64]
    hits: NDArray[np.int64]
    predictor: NDArray[np.float64]
    touched: NDArray[np.uint64]
    log: NDArray[np.int64]
    log_eta: NDArray[np.float64]
    rows: NDArray[np.int64]
    covariates: NDArray[np.float64]
    counter: NDArray[np.int64]


@inlined
def find(table, key):
    """Slot of a key in an open-addressed table (power of two long), or -1."""
    mask = np.uint64(table.shape[0] - 1)
    slot = key & mask
    while table[slot] != 0:
        if table[slot] == key:
            return np.int64(slot)
        slot = (slot + np.uint64(1)) & mask
    return np.int64(-1)


@kernel
def insert(table, key):
    """Slot of a key, put there if it was not."""
    mask = np.uint64(table.shape[0] - 1)
    slot = key & mask
    while table[slot] != 0 and table[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    table[slot] = key
    return np.int64(slot)


@kernel
def mark(L, row, where):
    """Where a choice of history stands in its year's trace; put at the end if it is new."""
    slot = insert(L.key[row], where)
    if L.place[row, slot] == 0:
        n = L.filled[row]
        L.order[row, n] = where
        L.filled[row] = n + 1
        L.place[row, slot] = n + 1
    return np.int64(L.place[row, slot] - 1)


@inlined
def recall(L, row, where):
    """Where a choice stands in history's trace of the year, or -1 if history never met it."""
    n = L.control[CURSOR]
    if n >= L.filled[row] or L.order[row, n] != where:
        slot = find(L.key[row], where)
        if slot < 0:
            return NONE
        n = np.int64(L.place[row, slot] - 1)
    L.control[CURSOR] = n + 1
    return n


@kernel
def keep(L, process, a, b, result, x, width, first):
    """Note the covariates of a choice."""
    r = L.counter[1]
    if r < L.rows.shape[0]:
        L.rows[r, 0] = process
        L.rows[r, 1] = L.control[YEAR]
        L.rows[r, 2] = a
        L.rows[r, 3] = b
        L.rows[r, 4] = result
        L.rows[r, 5] = np.int64(first)
        for f in range(width):
            L.covariates[r, f] = x[f]
    L.counter[1] = r + 1


@kernel
def note(L, process, a, b, result, was, eta, eta0):
    """Write a choice that came out otherwise than in history into the log."""
    r = L.counter[0]
    if r < L.log.shape[0]:
        L.log[r, 0] = process
        L.log[r, 1] = L.control[YEAR]
        L.log[r, 2] = a
        L.log[r, 3] = b
        L.log[r, 4] = result
        L.log[r, 5] = was
        L.log_eta[r, 0] = eta
        L.log_eta[r, 1] = eta0
    L.counter[0] = r + 1


@kernel
def flush(L, row, s):
    """Move a running product of likelihoods into the log posterior of the year or the war."""
    for q in range(NODES):
        if s < OF_WAR:
            L.posterior[row, s, q] += np.log(L.product[s, q])
        else:
            L.spread[L.control[WAR_SLOT], q] += np.log(L.product[s, q])
        L.product[s, q] = 1.0
