"""
Path predicates: what the years after a cut-off made of a pair, counted over runs.

One kernel reads a History whose row 0 is the end of the cut-off year; it is used alike on the
record and on runs. Rules, the same for both:

- A pair is at risk when both are in the system at the end of the cut-off year.
- A year counts for war where the two stand opposed at its end or a dispute between them began
  that year at the level of war; disputes are those that began in the year, in either direction.
- Years in which a member is out of the system hold no event and break a spell of alliance. An
  event before a member leaves counts. Peace asks for both to be there at the end of the window:
  a state that ended has not made peace.
- A rivalry ends when both are in the system and rivals no longer; leaving does not end it.
- *Closest major* is asked of a state i and a power j, in this order, that is major at the end of
  the cut-off year: is j, at the end of the window, a major and of all majors the closest to i
  (`question.closeness`)? A state that is gone, or close to no major, says no to every j.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.luck import Stage
from allohistory.engine.run import History
from allohistory.kernels import kernel
from allohistory.question.behaviour import Past
from allohistory.question.closeness import nearest

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Links = NDArray[np.int8]
PEACE, FORCE, PACT, PACT_LONG, WAR, RIVALRY_END, CLOSEST = range(7)
LAST_DISPUTES, LAST_YEAR = 2014, 2016
LOOK_BACK, QUARRELS = 15, 2


class Predicate(NamedTuple):
    """
    A question about the path of a pair.

    Attributes
    ----------
    code : int
    horizon : int
        Years after the cut-off.
    last : int
        Last year that is coded for it.
    spell : int
        Unbroken years asked for; 1 for an event.
    """

    code: int
    horizon: int
    last: int
    spell: int = 1


PREDICATES = {
    "peace": Predicate(PEACE, 15, LAST_DISPUTES),
    "force": Predicate(FORCE, 10, LAST_DISPUTES),
    "pact": Predicate(PACT, 15, LAST_YEAR, 5),
    "pact of 10 years": Predicate(PACT_LONG, 30, LAST_YEAR, 10),
    "war": Predicate(WAR, 10, LAST_DISPUTES),
    "end of rivalry": Predicate(RIVALRY_END, 20, LAST_YEAR),
    "closest major": Predicate(CLOSEST, 30, LAST_DISPUTES),
}


@kernel
def at_war(link: Links, y: int, i: int, j: int) -> bool:
    """Whether two were at war in a year."""
    return bool(
        link[y, w.WAR, i, j] == w.OPPOSED
        or link[y, w.DISPUTE, i, j] == 3
        or link[y, w.DISPUTE, j, i] == 3
    )


@kernel
def quarrelled(link: Links, y: int, i: int, j: int) -> int:
    """Disputes begun between two in a year, in either direction; a year of war is one at least."""
    many = int(link[y, w.DISPUTE, i, j] > 0) + int(link[y, w.DISPUTE, j, i] > 0)
    if many == 0 and link[y, w.WAR, i, j] == w.OPPOSED:
        many = 1
    return many


@kernel
def forced(link: Links, y: int, i: int, j: int) -> bool:
    """Whether two used force against each other in a year."""
    high = max(link[y, w.DISPUTE, i, j], link[y, w.DISPUTE, j, i])
    return bool(high >= 2 or at_war(link, y, i, j))


@kernel
def tally(
    link: Links,
    status: Ints,
    row: int,
    code: int,
    horizon: int,
    spell: int,
    out: NDArray[np.int32],
) -> None:
    """
    Add 1 for every pair i < j whose path after a row is as a predicate says.

    Parameters
    ----------
    link, status : (Y, 5, N, N) int8, (Y, 10, N) int64
        Of a History.
    row : int
        Row of the cut-off; the window is the `horizon` rows after it.
    code, horizon, spell : int
        The predicate.
    out : (N, N) int32
    """
    n = link.shape[2]
    for i in range(n):
        if not status[row, w.ACTIVE, i]:
            continue
        for j in range(i + 1, n):
            if not status[row, w.ACTIVE, j]:
                continue
            met = False
            if code == PEACE:
                last = row + horizon
                met = status[last, w.ACTIVE, i] == 1 and status[last, w.ACTIVE, j] == 1
            length = 0
            for y in range(row + 1, row + horizon + 1):
                both = status[y, w.ACTIVE, i] == 1 and status[y, w.ACTIVE, j] == 1
                if code == PEACE:
                    if quarrelled(link, y, i, j) > 0:
                        met = False
                        break
                elif code == FORCE:
                    met = forced(link, y, i, j)
                elif code == WAR:
                    met = at_war(link, y, i, j)
                elif code == RIVALRY_END:
                    met = both and link[y, w.RIVAL, i, j] == 0
                else:
                    length = length + 1 if both and link[y, w.ALLY, i, j] == 2 else 0
                    met = length >= spell
                if met and code != PEACE:
                    break
            if met:
                out[i, j] += 1


@kernel
def quarrels(link: Links, first: int, last: int, least: int, out: Ints) -> None:
    """Add the disputes of level `least` or more of every pair in the rows first..last."""
    n = link.shape[2]
    for y in range(max(first, 0), last + 1):
        for i in range(n):
            for j in range(i + 1, n):
                if least < 2:
                    out[i, j] += quarrelled(link, y, i, j)
                else:
                    out[i, j] += int(forced(link, y, i, j))


def named(top: Ints, who: Ints, states: int) -> Ints:
    """Closest majors as a table: 1 where j is whom i is closest to."""
    out = np.zeros((states, states), np.int64)
    some = top != w.NOBODY
    out[who[some], top[some]] = 1
    return out


def met(history: History, row: int, what: Predicate) -> Ints:
    """What became of each pair (i < j) after a row of a history, by its path: 0 or 1."""
    n = history.link.shape[2]
    out = np.zeros((n, n), np.int32)
    tally(history.link, history.status, row, what.code, what.horizon, what.spell, out)
    return out.astype(np.int64)


def disputed(history: History, first: int, last: int, least: int = 1) -> Ints:
    """Disputes of each pair (i < j) in the rows first..last."""
    n = history.link.shape[2]
    out = np.zeros((n, n), np.int64)
    quarrels(history.link, first, last, least, out)
    return out


def at_risk(history: History, row: int, what: Predicate, only: Flags | None = None) -> Flags:
    """
    Pairs (i < j) of whom the question can be asked at the end of a row; of states and majors.

    Parameters
    ----------
    only : (N,) bool, optional
        States whose pairs are looked at.
    """
    there = history.status[row, w.ACTIVE] == 1
    if only is not None:
        there = there & only
    if what.code == CLOSEST:
        powers = there & (history.status[row, w.MAJOR] == 1)
        return np.asarray(np.outer(there, powers) & ~np.eye(len(there), dtype=np.bool_), np.bool_)
    pairs = np.triu(np.outer(there, there), 1)
    link = history.link[row]
    if what.code == PEACE:
        pairs &= disputed(history, row - LOOK_BACK + 1, row) >= QUARRELS
    elif what.code in {PACT, PACT_LONG}:
        pairs &= link[w.ALLY] < 2
    elif what.code == WAR:
        pairs &= link[w.WAR] != w.OPPOSED
    elif what.code == RIVALRY_END:
        pairs &= link[w.RIVAL] == 1
    return np.asarray(pairs, np.bool_)


class Rolls(Protocol):
    """What rolls worlds from the end of a year: `check.past.Cut`, or a model beside it."""

    @property
    def year(self) -> int:
        """The cut-off."""

    @property
    def stage(self) -> Stage:
        """Where the final World of a run stands."""

    def runs(
        self, many: int, horizon: int, *, seed: int = 0, first: int = 0, whole: bool = False
    ) -> Iterator[History]:
        """Roll fresh worlds."""


class Memories(NamedTuple):
    """
    What some states remember at the end of the cut-off year: of them the closest major is asked.

    Attributes
    ----------
    who : (P,) int64
    past : Past
    """

    who: Ints
    past: Past


class Counts(NamedTuple):
    """
    What many runs made of every pair, and of the system.

    Attributes
    ----------
    runs : int
    met : dict of str to (N, N) int32
        Runs in which the predicate came true.
    system : (runs, S) int64
        Counts of the system in each run (`SYSTEM`).
    """

    runs: int
    met: dict[str, NDArray[np.int32]]
    system: Ints


SYSTEM = ("disputes", "wars begun", "new strong pairs", "new strong treaties")
SPAN = 10
"""Years over which the system's counts are taken."""


def system(history: History, world: w.World, row: int, year: int) -> list[int]:
    """Counts of the system over the `SPAN` years after a row, which is the end of `year`."""
    link = history.link[row : row + SPAN + 1]
    strong = link[:, w.ALLY] == 2
    wars = world.war[w.W_YEAR, : world.count[w.N_WARS]]
    pacts = world.pact[:, : world.count[w.N_PACTS]]
    signed = (pacts[w.T_YEAR] > year) & (pacts[w.T_YEAR] <= year + SPAN)
    return [
        int((link[1:, w.DISPUTE] > 0).sum()),
        int(((wars > year) & (wars <= year + SPAN)).sum()),
        int((strong[1:] & ~strong[:-1]).sum()) // 2,
        int((signed & (pacts[w.T_STRONG] > 0)).sum()),
    ]


def count(
    cut: Rolls,
    many: int,
    horizon: int,
    seed: int = 0,
    first: int = 0,
    remembered: Memories | None = None,
) -> Counts:
    """
    Roll fresh worlds from a cut-off and count what became of every pair.

    Parameters
    ----------
    cut : Cut
        Or whatever rolls worlds as it does.
    many, first : int
        How many runs, and the number of the first.
    horizon : int
        Years rolled; predicates that look further are left out.
    remembered : Memories, optional
        Without it nobody's closest major is asked.
    """
    counts: dict[str, NDArray[np.int32]] = {}
    totals = np.zeros((many, len(SYSTEM)), np.int64)
    for k, room in enumerate(cut.runs(many, horizon, seed=seed, first=first)):
        n = room.link.shape[2]
        for name, what in PREDICATES.items():
            if what.horizon > horizon:
                continue
            if what.code == CLOSEST:
                if remembered is not None:
                    out = counts.setdefault(name, np.zeros((n, n), np.int32))
                    out += _closest(room, cut.stage, what.horizon, remembered)
                continue
            out = counts.setdefault(name, np.zeros((n, n), np.int32))
            tally(room.link, room.status, 0, what.code, what.horizon, what.spell, out)
        totals[k] = system(room, cut.stage.world, 0, cut.year)
    return Counts(many, counts, totals)


def _closest(room: History, stage: Stage, row: int, remembered: Memories) -> Ints:
    """Closest majors at the end of a row of a run."""
    who, past = remembered
    top, _ = nearest(room, stage.geography, who, (row, row), past)
    return named(top[0], who, room.link.shape[2])


def merged(parts: list[Counts]) -> Counts:
    """Counts of several chunks of runs as one."""
    names = parts[0].met
    return Counts(
        sum(part.runs for part in parts),
        {name: np.sum([p.met[name] for p in parts], axis=0, dtype=np.int32) for name in names},
        np.concatenate([part.system for part in parts]),
    )
