"""
What a stretch of history is summed up by: one number per statistic, from the record or from a run.

The list was written down before any run was looked at and is never pruned: a statistic that the
model misses stays and is reported.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.check import tally as t
from allohistory.engine.run import History

Floats = NDArray[np.float64]
STATE, PAIR, NONE = "state", "pair", ""
BIG_WAR = 3
LONG_WAR = 4


class Statistic(NamedTuple):
    """
    One statistic.

    Attributes
    ----------
    name : str
    scale : str
        What a count grows with: ``pair`` where pairs are counted, ``state`` where wars, treaties,
        states or units are, nothing for a share, an age or a ratio.
    flow : bool
        A sum over the window, which grows with its length.
    """

    name: str
    scale: str = NONE
    flow: bool = False


STATISTICS: Final[tuple[Statistic, ...]] = (
    Statistic("wars begun", STATE, flow=True),
    Statistic("wars of 2", STATE, flow=True),
    Statistic("wars of 3", STATE, flow=True),
    Statistic("wars of 4 to 5", STATE, flow=True),
    Statistic("wars of 6 to 9", STATE, flow=True),
    Statistic("wars of 10 and more", STATE, flow=True),
    Statistic("joiners per war"),
    Statistic("duration of wars, median"),
    Statistic("wars of 1 year or less, share"),
    Statistic("wars of 4 years and more, share"),
    Statistic("years in which a war began, share"),
    Statistic("pair-years at war", PAIR, flow=True),
    Statistic("disputes begun", PAIR, flow=True),
    Statistic("disputes with force, share"),
    Statistic("pairs with a dispute", PAIR, flow=True),
    Statistic("disputes in the busiest year", PAIR),
    Statistic("strongly allied pairs, end", PAIR),
    Statistic("strongly allied pairs, mean", PAIR),
    Statistic("weakly allied pairs, end", PAIR),
    Statistic("weakly allied pairs, mean", PAIR),
    Statistic("strong treaties founded", STATE, flow=True),
    Statistic("weak treaties founded", STATE, flow=True),
    Statistic("treaties in force, end", STATE),
    Statistic("age of treaties at the end, median"),
    Statistic("treaties of 3 and more, share"),
    Statistic("transitivity of strong ties"),
    Statistic("largest cluster of strong ties, share"),
    Statistic("wartime pacts gone after the war, share"),
    Statistic("wartime burst of strong treaties, ratio"),
    Statistic("states, end", STATE),
    Statistic("states that entered", STATE, flow=True),
    Statistic("states that ended", STATE, flow=True),
    Statistic("major powers, end", STATE),
    Statistic("rivalries, end", PAIR),
    Statistic("rivalries begun", PAIR, flow=True),
    Statistic("changes of leader", STATE, flow=True),
    Statistic("irregular changes of leader, share"),
    Statistic("democracies at the end, share"),
    Statistic("changes of regime", STATE, flow=True),
    Statistic("units changing hands", STATE, flow=True),
)
"""Committed to before the first run, and kept whole afterwards."""

NAMES: Final = tuple(s.name for s in STATISTICS)
SIZES: Final = ((2, 2), (3, 3), (4, 5), (6, 9), (10, 10_000))


class Room(NamedTuple):
    """Buffers of the counting, overwritten by every run."""

    counts: Floats
    seen: NDArray[np.int8]
    near: NDArray[np.int64]
    degree: NDArray[np.int64]
    parent: NDArray[np.int64]
    size: NDArray[np.int64]
    by_year: NDArray[np.int64]
    wars: NDArray[np.int64]
    pacts: NDArray[np.int64]


def room_for(h: History, world: w.World) -> Room:
    """Allocate buffers for histories and Worlds of this shape."""
    years, n = h.link.shape[0], h.link.shape[2]
    return Room(
        np.zeros((years, t.COLUMNS)),
        np.zeros((n, n), np.int8),
        np.zeros((n, n), np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(years, np.int64),
        np.zeros((world.side.shape[0], 2), np.int64),
        np.zeros((world.member.shape[0], 5), np.int64),
    )


def share(part: float, whole: float) -> float:
    """Share of a whole; not a number where there is none."""
    return float(part / whole) if whole else float("nan")


def measure(
    h: History, world: w.World, first: int, tracked: NDArray[np.int64], room: Room | None = None
) -> Floats:
    """
    Sum up a window of history.

    Parameters
    ----------
    h : History
        Row 0 is the end of `first`, the last row the end of the window.
    world : World
        At the end of the window.
    first : int
        Events count from the year after it.
    tracked : (N,) int64
        1 where leaders count.
    room : Room, optional
        Buffers to reuse.

    Returns
    -------
    (S,) float64
        In the order of `STATISTICS`; not a number where a share has nothing to be a share of.
    """
    room = room or room_for(h, world)
    last = first + h.link.shape[0] - 1
    c = room.counts
    c[:] = 0.0
    t.of_states(h, tracked, c)
    t.of_pairs(h, room.seen, c)
    t.of_network(h, room.near, room.degree, room.parent, room.size, c)
    many = int(t.of_wars(world, first, last, room.by_year, room.wars))
    used = int(t.of_pacts(world, h, first, last, room.pacts))
    of_pacts = _of_pacts(room.pacts[:used], room.by_year, first, last)
    total = c[1:].sum(axis=0)
    end = c[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        closed = c[1:, t.CLOSED] / c[1:, t.PATHS]
        cluster = c[1:, t.CLUSTER] / c[1:, t.STATES]
    values = {
        **_of_wars(world, room.wars[:many], first, last),
        "pair-years at war": total[t.OPPOSED],
        "disputes begun": total[t.DISPUTES],
        "disputes with force, share": share(total[t.FORCE], total[t.DISPUTES]),
        "pairs with a dispute": total[t.NEW_PAIRS],
        "disputes in the busiest year": c[1:, t.DISPUTES].max(),
        "strongly allied pairs, end": end[t.STRONG],
        "strongly allied pairs, mean": c[1:, t.STRONG].mean(),
        "weakly allied pairs, end": end[t.WEAK],
        "weakly allied pairs, mean": c[1:, t.WEAK].mean(),
        **of_pacts,
        "transitivity of strong ties": share(
            float(closed[~np.isnan(closed)].sum()), int((~np.isnan(closed)).sum())
        ),
        "largest cluster of strong ties, share": cluster.mean(),
        "states, end": end[t.STATES],
        "states that entered": total[t.ENTRIES],
        "states that ended": total[t.EXITS],
        "major powers, end": end[t.MAJORS],
        "rivalries, end": end[t.RIVALS],
        "rivalries begun": total[t.RIVALS_NEW],
        "changes of leader": total[t.LEADERS],
        "irregular changes of leader, share": share(total[t.IRREGULAR], total[t.LEADERS]),
        "democracies at the end, share": share(end[t.DEMOCRACIES], end[t.STATES]),
        "changes of regime": total[t.REGIMES],
        "units changing hands": total[t.UNITS],
    }
    return np.array([values[name] for name in NAMES], np.float64)


def _of_wars(world: w.World, wars: NDArray[np.int64], first: int, last: int) -> dict[str, float]:
    """Statistics of wars, given rows of participants and duration."""
    size, lasted = wars.T
    began = world.war[w.W_YEAR, : world.count[w.N_WARS]]
    years = len(np.unique(began[began > first]))
    out = {
        "wars begun": float(len(size)),
        "years in which a war began, share": years / (last - first),
    }
    for name, (low, high) in zip(NAMES[1:6], SIZES, strict=True):
        out[name] = float(((size >= low) & (size <= high)).sum())
    out["joiners per war"] = share(float((size - 2).sum()), len(size))
    out["duration of wars, median"] = float(np.median(lasted)) if len(size) else float("nan")
    out["wars of 1 year or less, share"] = share(float((lasted <= 1).sum()), len(size))
    out["wars of 4 years and more, share"] = share(float((lasted >= LONG_WAR).sum()), len(size))
    return out


def _of_pacts(
    pacts: NDArray[np.int64], by_year: NDArray[np.int64], first: int, last: int
) -> dict[str, float]:
    """Statistics of treaties, given a row for each and the largest war of each year."""
    year, strong, members, followed, kept = pacts.T
    new = year > first
    force = members > 1
    in_war = by_year[1:] >= BIG_WAR
    founded = np.bincount(year[new & (strong == 1)] - first, minlength=last - first + 1)[1:]
    war_years, peace_years = int(in_war.sum()), int((~in_war).sum())
    # Half a treaty on either side keeps the ratio finite.
    burst = share(
        share(founded[in_war].sum() + 0.5, war_years),
        share(founded[~in_war].sum() + 0.5, peace_years),
    )
    return {
        "strong treaties founded": float((new & (strong == 1)).sum()),
        "weak treaties founded": float((new & (strong == 0)).sum()),
        "treaties in force, end": float(force.sum()),
        "age of treaties at the end, median": (
            float(np.median(last - year[force])) if force.any() else float("nan")
        ),
        "treaties of 3 and more, share": share(float((members > 2).sum()), int(force.sum())),
        "wartime pacts gone after the war, share": (
            share(float(followed.sum() - kept.sum()), int(followed.sum()))
        ),
        "wartime burst of strong treaties, ratio": burst,
    }
