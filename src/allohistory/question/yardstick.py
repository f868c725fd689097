"""
The yardstick: how far along the road of Britain and France a simulated pair has come.

"Comparable to how Britain and France eventually became reliable allies" asks for a path, not for
a number. Milestones are found by rule on the record, and by the same rules on a run.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory.engine.run import History
from allohistory.question import goals
from allohistory.question.behaviour import past_at
from allohistory.world import Geography

RELIABLE = 0.55
"""
Closeness above the averages of the alliances that lapsed (Franco-Russian 1893-1917: 0.51,
Anglo-Japanese: 0.50, Axis: 0.28).
"""
DECADE = 10

Curve = NDArray[np.float64]
Bits = NDArray[np.uint16]
Found = NDArray[np.bool_]


def _run(firm: Found, years: int) -> Found:
    """Whether a year ends so many consecutive firm years (or more)."""
    length, out = 0, np.zeros(len(firm), np.bool_)
    for y, holds in enumerate(firm):
        length = length + 1 if holds else 0
        out[y] = length >= years
    return out


RULES: dict[str, Callable[[Curve, Bits], Found]] = {
    "a first tie": lambda _, bits: (bits & goals.TIED) != 0,
    "good will outweighs old quarrels": lambda curve, _: curve > 0,
    "fighting on the same side": lambda _, bits: (bits & goals.COMRADES) != 0,
    "a strong pact": lambda _, bits: (bits & goals.STRONG) != 0,
    "each the other's closest": lambda _, bits: (bits & goals.MUTUAL) != 0,
    "ten years of firm pact": lambda _, bits: _run((bits & goals.FIRM) != 0, 10),
    "reliable for ten years": lambda curve, _: _run(curve > RELIABLE, 10),
    "twenty years of firm pact": lambda _, bits: _run((bits & goals.FIRM) != 0, 20),
    "fifty years of firm pact": lambda _, bits: _run((bits & goals.FIRM) != 0, 50),
}
"""Milestones, by name, in the order in which Britain and France passed them."""


def milestones(curve: Curve, flags: Bits) -> tuple[int | None, ...]:
    """
    Rows at which each of the `RULES` first holds; None where it never does.

    Parameters
    ----------
    curve : (Y,) float64
        Mean closeness of the two.
    flags : (Y,) uint16
        `Verdict.flags`.
    """
    rows: list[int | None] = []
    for rule in RULES.values():
        found = rule(curve, flags)
        rows.append(int(found.argmax()) if found.any() else None)
    return tuple(rows)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """
    Where a run stands on the yardstick.

    Attributes
    ----------
    level : float
        Mean closeness over the last ten years of the run.
    percentile : float
        Share of the yardstick's years that were no closer, 0-100.
    years : tuple of int or None
        Years from the start of the run to each milestone.
    """

    level: float
    percentile: float
    years: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """
    The road of a pair of the record.

    Attributes
    ----------
    start : int
        Year of row 0.
    curve : (Y,) float64
        Mean closeness of the two, each year.
    years : tuple of int or None
        Years (calendar) in which the milestones were passed.
    lapses : tuple of int
        Years since the first strong pact with force between the two, or in which one was not
        free in its homeland at both ends of the year.
    """

    start: int
    curve: Curve
    years: tuple[int | None, ...]
    lapses: tuple[int, ...]

    def place(self, judged: goals.Verdict) -> Place:
        """Place of a judged run."""
        curve = judged.curve.mean(axis=1, dtype=np.float64)
        level = float(curve[-DECADE:].mean())
        return Place(
            level=level,
            percentile=100.0 * float((self.curve <= level).mean()),
            years=milestones(curve, judged.flags),
        )


def yardstick(
    record: History, geography: Geography, first: int, pair: tuple[int, int], start: int
) -> Yardstick:
    """
    Read a yardstick off the record.

    Parameters
    ----------
    record : History
        The record's own history (`engine.luck.trace`).
    geography : Geography
    first : int
        Year of row 0 of the record's history.
    pair : (int, int)
    start : int
        Year from which the road counts (1904 for Britain and France).
    """
    row = start - first
    who = np.array(pair, np.int64)
    # The year before the start, so that the start itself is remembered like any other year.
    past = past_at(record, geography, who, row - 1)
    later = History(
        record.state[row - 1 :],
        record.status[row - 1 :],
        record.link[row - 1 :],
        record.unit[row - 1 :],
        record.tie[:1],
    )
    judged = goals.verdict(later, geography, pair, goals.GoalSpec(), past)
    flags = judged.flags[1:]
    curve = judged.curve[1:].mean(axis=1, dtype=np.float64)
    rows = milestones(curve, flags)
    free = (judged.flags & goals.FREE) != 0
    broken = ((flags & goals.PEACEFUL) == 0) | ~free[1:] | ~free[:-1]
    strong = (flags & goals.STRONG) != 0
    broken[: int(strong.argmax()) if strong.any() else len(broken)] = False
    return Yardstick(
        start=start,
        curve=curve,
        years=tuple(None if r is None else start + r for r in rows),
        lapses=tuple(int(y) + start for y in np.flatnonzero(broken)),
    )
