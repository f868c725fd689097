"""Buffers of a year: what is worked out from a World, and lists of choices under way."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.model import bounds as bo
from allohistory.model import terms as m


class Scratch(NamedTuple):
    """
    What is worked out once a year from a World.

    Attributes
    ----------
    engaged : (N,) int64
        Wars the state is fighting.
    fighting : (N,) int64
        Wars the state still fights once this year's have ended.
    pressure : (N,) float64
        Recent disputes others have with the state, capped at 2.
    power : (N,) float64
        Strength of the active states as others see it.
    threat : (N, N) float64
        Threat to i from k: strength x proximity x hostility, 0-1.
    beset, besets : (N, N) int16, (N,) int64
        Whom each state threatens noticeably, and how many.
    common : (N, N) float64
        Threat that i and j have in common, summed over third states, 0-1.
    shared : (N, N) float64
        Strong allies in common, capped at 2.
    allied : (N,) int64
        Strong allies of each active state.
    foes : (N, N) float64
        Rivals in common.
    web : (N, N) float32
        How much threat, allies or rivals two states (the first listed first) have in common: the
        most of their marks, 0-1 (see `model.bounds`).
    linked, enemies : (N, N) int16, (N,) int64
        Whom each active state is linked with in one way, and how many rivals it has.
    kin, kins : (N, N) int16, (N,) int64
        Of each state those listed after it whom `past` joins it with, ascending, and how many.
    stale : (N,) bool
        Whether the contacts of a state must be worked out anew.
    norm : (1,) float64
        Share of units that rule themselves.
    quiet, slope : (4, 288), (4, 6) float32
        Bounds of this draw's predictors: by kind of dyad, and by distance and marks.
    most : (28,) float64
        Bound of any predictor of a process, where one is declared.
    touch : (2, N) float64
        How closely each state's home soil and other land touch the unit under way.
    crowd : (U,) float64
        0.3 log of the people of each unit.
    chance : (U,) uint16
        First bits of the luck of each unit.
    cells : (17,) float64
        What each value of an attribute adds to a bound, while it is worked out.
    pairs : (1,) int64
        Number of dyads of active states; they follow one another in the order of `live`.
    laid : (1,) bool
        Whether the dyads are numbered as the active states are now.
    one, other, mine, yours, low, high : (D,) uint16, uint16, uint64, uint64, uint64, uint64
        Places of the two states of each dyad among the active, their addresses in this order, and
        with the lower first.
    kind, apart, far, marks : (D,) uint16, (D,) float32, (D,) float32, (4, D) float32
        Of each dyad: kind and marks (see `model.bounds`), distance, and half the greater
        capability.
    top, even, luck, ask : (D,) float32, float32, uint16, bool
        Bound of each dyad's predictor, the part of it that both directions share, first bits of
        its luck, whether to ask.
    asked : (D + 1,) int32
        Dyads to ask.
    place : (N,) int64
        Place of each active state among them.
    hash, young, regime, major : (N,) uint64, bool, uint16, uint16
        By place among the active states: address, whether in its first five years, regime,
        whether a major power.
    traits, added : (5, N), (2, N) float32
        Traits of the active states, and what they add to a bound as initiator and as target.
    x, y : (B, 36) float64
        Covariates of the choices of one stage (y: of the other side, or of a candidate).
    eta : (B,) float64
        Their predictors.
    first, second, left, right, result : (B,)
        Their addresses, indices for the log, and outcomes.
    live : (N,) int64
        Indices of active states; how many stand in ``many[0]``.
    many : (1,) int64
        Number of active states.
    past : (N, N) int8
        Whether two states have anything to remember of each other, or are rivals.
    opp : (N, N) int8
        Relation in wars now: 1 opposed, 2 same side.
    begun : (D, 2) int64
        Dyads whose rivalry has just begun.
    lost, won, decisive, gone : (N,) int64
        1 + slot of the war lost (won) this year, 0 none; whether the defeat was decisive;
        whether the state ended this year.
    pick, who, names, scores, facts, before, after, taken, owner, held, gone_home
        Buffers of decisions taken together before any is applied.
    """

    engaged: NDArray[np.int64]
    fighting: NDArray[np.int64]
    pressure: NDArray[np.float64]
    power: NDArray[np.float64]
    threat: NDArray[np.float64]
    beset: NDArray[np.int16]
    besets: NDArray[np.int64]
    common: NDArray[np.float64]
    shared: NDArray[np.float64]
    allied: NDArray[np.int64]
    foes: NDArray[np.float64]
    web: NDArray[np.float32]
    linked: NDArray[np.int16]
    enemies: NDArray[np.int64]
    kin: NDArray[np.int16]
    kins: NDArray[np.int64]
    stale: NDArray[np.bool_]
    norm: NDArray[np.float64]
    quiet: NDArray[np.float32]
    slope: NDArray[np.float32]
    most: NDArray[np.float64]
    touch: NDArray[np.float64]
    crowd: NDArray[np.float64]
    chance: NDArray[np.uint16]
    cells: NDArray[np.float64]
    pairs: NDArray[np.int64]
    laid: NDArray[np.bool_]
    one: NDArray[np.uint16]
    other: NDArray[np.uint16]
    mine: NDArray[np.uint64]
    yours: NDArray[np.uint64]
    low: NDArray[np.uint64]
    high: NDArray[np.uint64]
    kind: NDArray[np.uint16]
    apart: NDArray[np.float32]
    far: NDArray[np.float32]
    marks: NDArray[np.float32]
    top: NDArray[np.float32]
    even: NDArray[np.float32]
    luck: NDArray[np.uint16]
    ask: NDArray[np.bool_]
    asked: NDArray[np.int32]
    place: NDArray[np.int64]
    hash: NDArray[np.uint64]
    young: NDArray[np.bool_]
    regime: NDArray[np.uint16]
    major: NDArray[np.uint16]
    traits: NDArray[np.float32]
    added: NDArray[np.float32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    eta: NDArray[np.float64]
    first: NDArray[np.uint64]
    second: NDArray[np.uint64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    result: NDArray[np.int64]
    live: NDArray[np.int64]
    many: NDArray[np.int64]
    past: NDArray[np.int8]
    opp: NDArray[np.int8]
    begun: NDArray[np.int64]
    lost: NDArray[np.int64]
    won: NDArray[np.int64]
    decisive: NDArray[np.int64]
    gone: NDArray[np.int64]
    pick: NDArray[np.int64]
    who: NDArray[np.int64]
    names: NDArray[np.uint64]
    scores: NDArray[np.float64]
    facts: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    taken: NDArray[np.int64]
    owner: NDArray[np.int16]
    held: NDArray[np.int16]
    gone_home: NDArray[np.int64]


def scratch(states: int, units: int) -> Scratch:
    """Allocate the buffers for a system of so many states."""
    square, batch = (states, states), max(states * states, units, 512)
    dyads = states * (states - 1) // 2
    return Scratch(
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states),
        np.zeros(states),
        np.zeros(square),
        np.zeros(square, np.int16),
        np.zeros(states, np.int64),
        np.zeros(square),
        np.zeros(square),
        np.zeros(states, np.int64),
        np.zeros(square),
        np.zeros(square, np.float32),
        np.zeros(square, np.int16),
        np.zeros(states, np.int64),
        np.zeros(square, np.int16),
        np.zeros(states, np.int64),
        np.zeros(states, np.bool_),
        np.zeros(1),
        np.zeros((len(bo.BOUNDED), bo.RIVALS * bo.KINDS), np.float32),
        np.zeros((len(bo.BOUNDED), bo.SLOPES), np.float32),
        np.zeros(m.PROCESSES),
        np.zeros((2, states)),
        np.zeros(units),
        np.zeros(units, np.uint16),
        np.zeros(bo.CELLS),
        np.zeros(1, np.int64),
        np.zeros(1, np.bool_),
        np.zeros(dyads, np.uint16),
        np.zeros(dyads, np.uint16),
        np.zeros(dyads, np.uint64),
        np.zeros(dyads, np.uint64),
        np.zeros(dyads, np.uint64),
        np.zeros(dyads, np.uint64),
        np.zeros(dyads, np.uint16),
        np.zeros(dyads, np.float32),
        np.zeros(dyads, np.float32),
        np.zeros((bo.MARKS, dyads), np.float32),
        np.zeros(dyads, np.float32),
        np.zeros(dyads, np.float32),
        np.zeros(dyads, np.uint16),
        np.zeros(dyads, np.bool_),
        np.zeros(dyads + 1, np.int32),
        np.zeros(states, np.int64),
        np.zeros(states, np.uint64),
        np.zeros(states, np.bool_),
        np.zeros(states, np.uint16),
        np.zeros(states, np.uint16),
        np.zeros((bo.TRAITS, states), np.float32),
        np.zeros((2, states), np.float32),
        np.zeros((batch, m.WIDTH)),
        np.zeros((batch, m.WIDTH)),
        np.zeros(batch),
        np.zeros(batch, np.uint64),
        np.zeros(batch, np.uint64),
        np.zeros(batch, np.int64),
        np.zeros(batch, np.int64),
        np.zeros(batch, np.int64),
        np.zeros(states, np.int64),
        np.zeros(1, np.int64),
        np.zeros(square, np.int8),
        np.zeros(square, np.int8),
        np.zeros((dyads, 2), np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states, np.int64),
        np.zeros(states + 1, np.int64),
        np.zeros(states + 1, np.uint64),
        np.zeros(states + 1),
        np.zeros(states + 1),
        np.zeros(states),
        np.zeros(states),
        np.zeros(units, np.int64),
        np.zeros(units, np.int16),
        np.zeros(units, np.int16),
        np.zeros(units, np.int64),
    )
