"""
What a sense test looks at: small functions on the arrays that a run left.

Each takes a History, the rows of the years looked at, the columns of the states concerned and of
the unit of land (-1 where there is none), and returns one number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from allohistory import world as w
from allohistory.engine.run import History
from allohistory.vocab import AllianceLevel

Take = Callable[[History, slice, tuple[int, ...], int], float]
POINTS = 100.0
"""Points of standing in one unit of ``World.state[STANDING]``."""


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One word of the vocabulary.

    Attributes
    ----------
    take : callable
    states : int
        How many states it concerns.
    scale : str
        What its number counts.
    land : bool
        Whether it concerns a unit of land too.
    """

    take: Take
    states: int
    scale: str
    land: bool = False


def _standing(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return POINTS * float(h.state[rows, w.STANDING, who[0]].mean())


def _capability(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    there = h.status[rows, w.ACTIVE, who[0]] == 1
    return float(np.where(there, np.exp(h.state[rows, w.CAP, who[0]]), 0.0).mean())


def _alive(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float(h.status[rows, w.ACTIVE, who[0]].mean())


def _major(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float(h.status[rows, w.MAJOR, who[0]].mean())


def _regime(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float(h.status[rows, w.REGIME, who[0]].mean())


def _upsets(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float(h.status[rows, w.UPSET, who[0]].sum())


def _holds(h: History, rows: slice, who: tuple[int, ...], unit: int) -> float:
    return float((h.unit[rows, w.OWNER, unit] == who[0]).mean())


def _lands(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.unit[rows, w.OWNER] == who[0]).sum(axis=1).mean())


def _preyed_upon(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.link[rows, w.DISPUTE, :, who[0]] > 0).sum())


def _begun(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.link[rows, w.DISPUTE, who[0]] > 0).sum())


def _allies(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    strong = h.link[rows, w.ALLY, who[0]] == AllianceLevel.DEFENSE
    return float(strong.sum(axis=1).mean())


def _disputes(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    i, j = who
    both = h.link[rows, w.DISPUTE, i, j], h.link[rows, w.DISPUTE, j, i]
    return float(sum((side > 0).sum() for side in both))


def _hostile(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    # Two at war begin no disputes with each other: disputes alone would count war as quiet.
    i, j = who
    quarrel = (h.link[rows, w.DISPUTE, i, j] > 0) | (h.link[rows, w.DISPUTE, j, i] > 0)
    return float((quarrel | (h.link[rows, w.WAR, i, j] == w.OPPOSED)).mean())


def _challenges(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.link[rows, w.DISPUTE, who[0], who[1]] > 0).sum())


def _war(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    # A war that begins and ends within a year shows only as a dispute of the highest level.
    i, j = who
    opposed = (h.link[rows, w.WAR, i, j] == w.OPPOSED).any()
    fought = (h.link[rows, w.DISPUTE, [i, j], [j, i]] == FOUGHT).any()
    return float(opposed or fought)


def _side_by_side(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.link[rows, w.WAR, who[0], who[1]] == w.SAME_SIDE).any())


def _allied(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.link[rows, w.ALLY, who[0], who[1]] == AllianceLevel.DEFENSE).mean())


def _pledged(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float((h.link[rows, w.ALLY, who[0], who[1]] > AllianceLevel.NONE).mean())


def _rivals(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float(h.link[rows, w.RIVAL, who[0], who[1]].mean())


def _contact(h: History, rows: slice, who: tuple[int, ...], _: int) -> float:
    return float(h.link[rows, w.CONTACT, who[0], who[1]].mean())


FOUGHT: Final = 3
"""Level of a dispute that came to war."""
SHARE: Final = "share of the years"
MEASURES: Final[dict[str, Measure]] = {
    "standing": Measure(_standing, 1, "points, mean of the years"),
    "capability": Measure(_capability, 1, "percent of the world, mean of the years"),
    "alive": Measure(_alive, 1, SHARE),
    "major": Measure(_major, 1, SHARE),
    "regime": Measure(_regime, 1, "level, 0 autocracy to 2 democracy"),
    "upsets": Measure(_upsets, 1, "overthrows in the years"),
    "holds": Measure(_holds, 1, SHARE, land=True),
    "lands": Measure(_lands, 1, "units of land, mean of the years"),
    "preyed upon": Measure(_preyed_upon, 1, "disputes that others began in the years"),
    "begun": Measure(_begun, 1, "disputes it began in the years"),
    "allies": Measure(_allies, 1, "strong allies, mean of the years"),
    "disputes": Measure(_disputes, 2, "disputes of the two in the years"),
    "hostile": Measure(_hostile, 2, "share of the years with a dispute or war of the two"),
    "challenges": Measure(_challenges, 2, "disputes the first began with the second"),
    "war": Measure(_war, 2, "chance of a war of the two in the years"),
    "side by side": Measure(_side_by_side, 2, "chance of a war on one side in the years"),
    "allied": Measure(_allied, 2, SHARE),
    "pledged": Measure(_pledged, 2, SHARE),
    "rivals": Measure(_rivals, 2, SHARE),
    "contact": Measure(_contact, 2, "level, 0 none to 3 land, mean of the years"),
}
"""The closed vocabulary of `measure`."""
