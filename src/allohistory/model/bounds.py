"""
How high the predictor of a dyad's choice can be, from little.

A choice comes out as nothing as long as its luck lies below the odds of anything else. Most luck
lies far below, so that a bound on the predictor settles most choices and the predictor itself
need not be worked out. A bound here is a sum of: what the attributes of the dyad decide (contact,
major powers, alliance, rivalry, youth), the slope of distance, four marks in [0, 1] that bound
all memories and ties a dyad may have, and what is left at its most.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.model import terms as m

BOUNDED: Final = (m.RIVAL_START, m.DISPUTE, m.FOUND_STRONG, m.FOUND_WEAK)
"""Processes whose choices are bounded before they are asked."""

CONTACTS, MAJORS, ALLIED, YOUNG, ALIKE, RIVALS = 4, 3, 3, 2, 2, 2
KINDS: Final = CONTACTS * MAJORS * ALLIED * YOUNG * ALIKE
"""Kinds of dyad by the attributes that change little within a year; rivals come after the rest."""
CONTACT_0, MAJORS_0, ALLIED_0, YOUNG_0, ALIKE_0, RIVAL_0 = 0, 4, 7, 10, 12, 14
ALWAYS, CELLS = 16, 17
"""Where the values of each attribute begin among the cells of a range."""
HURT, BOND, NET, SIDE, MARKS = 0, 1, 2, 3, 4
DISTANCE, REACH, MARK_0 = 0, 1, 2
SLOPES: Final = MARK_0 + MARKS
SLACK: Final = 1e-4
"""More than rounding can come to, marks being kept in single precision."""

_DECIDED: Final = {
    "land": ((CONTACT_0 + 3, 1.0, 1.0),),
    "water": ((CONTACT_0 + 2, 1.0, 1.0),),
    "dependency": ((CONTACT_0 + 1, 1.0, 1.0),),
    "both_major": ((MAJORS_0 + 2, 1.0, 1.0),),
    "one_major": ((MAJORS_0 + 1, 1.0, 1.0),),
    "strong_ally": ((ALLIED_0 + 2, 1.0, 1.0),),
    "weak_ally": ((ALLIED_0 + 1, 1.0, 1.0),),
    "strong_now": ((ALLIED_0 + 2, 1.0, 1.0),),
    "weak_now": ((ALLIED_0 + 1, 1.0, 1.0),),
    "newborn": ((YOUNG_0 + 1, 1.0, 1.0),),
    "same_regime": ((ALIKE_0 + 1, 1.0, 1.0),),
    "rival": ((RIVAL_0 + 1, 1.0, 1.0),),
    "const": ((ALWAYS, 1.0, 1.0),),
}
"""Terms an attribute of the dyad decides: cell, least and most; 0 in all other cells."""
_MARKED: Final = {
    **dict.fromkeys(("hurt_short", "hurt_mid", "hurt_long", "rival_memory"), (HURT, 1.0)),
    **dict.fromkeys(
        ("war_memory", "unsettled_war", "comrades", "pact_memory", "grudge", "revanche"),
        (BOND, 1.0),
    ),
    **dict.fromkeys(
        ("common_threat", "loser_and_common_threat"),
        (NET, 1.0),
    ),
    **dict.fromkeys(("opposed", "cobelligerents", "client"), (SIDE, 1.0)),
    **dict.fromkeys(("shared_allies", "common_rival"), (NET, 2.0)),
}
"""Terms that are nothing without a mark: which mark, and the most they can be with a full one."""
_SLOPED: Final = {"distance": DISTANCE, "reach": REACH}
TRAITS: Final = 5
REACH_OF, MAJOR, ENGAGED, BEATEN, BESET = range(TRAITS)
FROM, TOWARDS = 0, 1
_OF_A_STATE: Final = {
    "capability_i": (FROM, REACH_OF, True),
    "capability_j": (TOWARDS, REACH_OF, True),
    "major_i": (FROM, MAJOR, True),
    "major_j": (TOWARDS, MAJOR, True),
    "self_engaged": (FROM, ENGAGED, True),
    "target_engaged": (TOWARDS, ENGAGED, False),
    "target_beaten": (TOWARDS, BEATEN, True),
    "own_quarrels": (FROM, BESET, False),
    "other_predators": (TOWARDS, BESET, False),
}
"""Terms that are a trait of one of the two states, or (False) lie between nothing and it."""
_LOOSE: Final = {
    "capability_gap": (0.0, 2.0),
    "power_ratio": (0.0, 2.0),
    "weaker_capability": (-1.5, 1.5),
    "standing": (-1.5, 1.5),
    "deterrence": (-2.0, 2.0),
    "one_at_war": (0.0, 1.0),
    "joint_democracy": (0.0, 1.0),
}
"""Terms that may take any value of their range in any dyad."""


class Bounds(NamedTuple):
    """
    Ranges of the terms of the bounded processes.

    Attributes
    ----------
    process : (B,) int64
    low, high : (B, 17, 36) float64
        Range of each term in a dyad whose attribute has this value; loose terms stand in the
        last cell, which every dyad is in.
    mark, most : (B, 36) int64, float64
        Mark that bounds a term (-1 none), and the term's most with a full mark.
    slope : (B, 36) int64
        DISTANCE or REACH where the term is that, -1 elsewhere.
    side, trait, whole : (B, 36) int64
        For a trait of one state: whose (FROM, TOWARDS; -1 for other terms), which, and whether
        the term is the trait or only at most it.
    """

    process: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mark: NDArray[np.int64]
    most: NDArray[np.float64]
    slope: NDArray[np.int64]
    side: NDArray[np.int64]
    trait: NDArray[np.int64]
    whole: NDArray[np.int64]


def lay_out() -> Bounds:
    """
    Lay out the ranges of every term of the bounded processes.

    Raises
    ------
    KeyError
        If a term's range is declared nowhere: what is added to a process must be bounded here.
    """
    many = len(BOUNDED)
    low, high = np.zeros((2, many, CELLS, m.WIDTH))
    mark, most = np.full((many, m.WIDTH), -1), np.zeros((many, m.WIDTH))
    slope, side = np.full((2, many, m.WIDTH), -1)
    trait, whole = np.zeros((2, many, m.WIDTH), np.int64)
    for b, process in enumerate(BOUNDED):
        for f, term in enumerate(m.TERMS[process]):
            if term in _MARKED:
                mark[b, f], most[b, f] = _MARKED[term]
            elif term in _SLOPED:
                slope[b, f] = _SLOPED[term]
            elif term in _OF_A_STATE:
                side[b, f], trait[b, f], whole[b, f] = _OF_A_STATE[term]
            elif term in _DECIDED:
                for cell, least, greatest in _DECIDED[term]:
                    low[b, cell, f], high[b, cell, f] = least, greatest
            else:
                low[b, ALWAYS, f], high[b, ALWAYS, f] = _LOOSE[term]
    return Bounds(np.array(BOUNDED), low, high, mark, most, slope, side, trait, whole)


RANGES: Final = lay_out()
PLACE: Final = np.array([BOUNDED.index(p) if p in BOUNDED else -1 for p in range(m.PROCESSES)])
"""Place of a process among the bounded ones, -1 where it is none."""

_ACCESSION: Final = {
    **dict.fromkeys(("distance", "outlying"), (0.0, 3.1)),
    "treaty_age": (0.0, 1.3),
    "allies_elsewhere": (0.0, 1.3),
}
_EXIT: Final = {"capability": (-1.5, 1.5), "opposed_by_stronger": (0.0, 1.5)}
_HANDS: Final = {
    "people": (-0.7, 2.5),
    "self_rule_norm": (-2.8, 1.2),
    **dict.fromkeys(("holder_gone", "holder_lost_now", "front_line", "holder_at_war"), (0.0, 0.0)),
}
"""Of a unit whose holder lives, fights nobody and has lost nothing this year."""
_WITHDRAWAL: Final = {"treaty_age": (0.0, 1.3), "size": (0.0, 2.7)}
RANGED: Final = {
    m.ACCEDE: _ACCESSION,
    m.WITHDRAW: _WITHDRAWAL,
    m.EXIT: _EXIT,
    m.HANDS: _HANDS,
}
"""Processes of which one bound serves all choices; terms not named lie between 0 and 1."""


def _span() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.zeros((2, m.PROCESSES, m.WIDTH))
    for process, ranges in RANGED.items():
        for f, term in enumerate(m.TERMS[process]):
            low[process, f], high[process, f] = ranges.get(term, (0.0, 1.0))
            if term == "const":
                low[process, f] = 1.0
    return low, high


LOW, HIGH = _span()
