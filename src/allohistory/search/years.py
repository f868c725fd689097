"""
How often worlds reach a goal from each year of history on: fresh runs, year by year.

Every year of a draw starts from the record's own World. Years that lie `APART` or a multiple of it
from each other share the numbers of their runs, and from the year called the anchor they are the
runs of an answer's baseline. Neighbouring years share none: luck lives at an address, so that runs
of one number from two neighbouring years come out alike, and years that are to be pooled would
tell the same thing twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.counterfactual.abduce import window
from allohistory.counterfactual.twin import FRESH
from allohistory.engine import gate as g
from allohistory.engine.luck import walk
from allohistory.engine.run import History
from allohistory.executors import Workers
from allohistory.question.goals import M_TOGETHER, verdict
from allohistory.question.judged import Aim, Draw

Ints = NDArray[np.int64]
APART = 11
"""Neighbouring years with luck of their own."""
STRIDE = 1 << 32
DRAWS = 64
"""Parameter draws by default: 120 years take some 40 s on two cores."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a worker rolls: the runs of one draw, from each of some years."""

    aim: Aim
    draw: int
    years: tuple[int, ...]
    runs: int
    anchor: int

    def numbers(self, year: int) -> range:
        """Numbers of the runs from a year."""
        start = (year - self.anchor) % APART * STRIDE + self.draw * self.runs
        return range(start, start + self.runs)


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """
    How many runs from the end of each year reached the goal.

    Attributes
    ----------
    years : (Y,) int64
    hits : (D, Y) int64
        By parameter draw.
    runs : int
        Runs of a draw from one year.
    """

    years: Ints
    hits: Ints
    runs: int

    def plain(self) -> dict[str, Any]:
        """The same as plain lists, to be kept."""
        return {"years": self.years.tolist(), "hits": self.hits.tolist(), "runs": self.runs}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Read what `plain` gave."""
        years, hits = (np.array(kept[key], np.int64) for key in ("years", "hits"))
        return cls(years, hits, int(kept["runs"]))


def reached(
    aim: Aim,
    years: Sequence[int],
    pool: Workers,
    *,
    draws: int = DRAWS,
    runs: int = 1,
    anchor: int | None = None,
    say: Callable[[int, int], object] = lambda *_: None,
) -> Reached:
    """
    Roll fresh runs from the record's World at the end of every one of some years.

    A run of fifty years costs some 8 ms of one core, so that 120 years take a good second a draw.

    Parameters
    ----------
    aim : Aim
    years : sequence of int
    pool : Workers
        The result hangs on it in nothing.
    draws : int
        Parameter draws; the first of those shipped, as an answer takes them.
    runs : int
        Runs of a draw from each year.
    anchor : int, optional
        Year whose runs bear the numbers of an answer's baseline; the first year unless told.
    say : callable
        Told how many draws are done of how many.
    """
    found = np.zeros((draws, len(years)), np.int64)
    base = years[0] if anchor is None else anchor
    work = (Stretch(aim, draw, tuple(years), runs, base) for draw in range(draws))
    for draw, row in enumerate(pool.map(roll, work)):
        found[draw] = row
        say(draw + 1, draws)
    return Reached(np.array(years, np.int64), found, runs)


def roll(job: Stretch) -> list[int]:
    """Runs that reach the goal, by year."""
    draw = Draw.of(job.aim, job.draw, set(job.years))
    room = draw.twins.room(0, job.aim.horizon)
    return [sum(reaches(draw, room, y, n) for n in job.numbers(y)) for y in job.years]


def reaches(draw: Draw, room: History, year: int, run: int) -> bool:
    """
    Whether a fresh run from the end of a year reaches the goal; the same as `Draw.free` says.

    A spell must have begun when fewer years are left than it needs. A run in which none has by
    then, and none is over, is not rolled to its end.

    Parameters
    ----------
    draw : Draw
    room : History
        Room for the whole horizon; overwritten.
    year, run : int
    """
    aim, twins = draw.aim, draw.twins
    last = aim.end(year)
    late = min(max(last - aim.spec.years + 1, year), last)
    if last - year + 1 < aim.spec.years:
        return False
    twins.baseline(FRESH, run, year, year, late, room)
    a, b = aim.pair
    held = room.link[: late - year + 1, w.ALLY, a, b] >= aim.spec.level
    if not held[-1] and longest(held) < aim.spec.years:
        return False
    rest = window(room, late - year, last - year)
    walk(draw.stage, twins.parameters, rest, late, last, mode=g.FRESH, fresh_after=year)
    part = window(room, 0, last - year)
    found = verdict(part, draw.stage.geography, aim.pair, aim.spec, draw.past(year))
    return bool(found.met[M_TOGETHER])


def longest(flags: NDArray[np.bool_]) -> int:
    """
    Length of the longest run of True.

    Examples
    --------
    >>> longest(np.array([True, False, True, True]))
    2
    """
    ends = np.flatnonzero(np.concatenate([[True], ~flags, [True]]))
    return int(np.diff(ends).max()) - 1
