"""
Free-run realism: worlds rolled from what was known, beside the history that came.

For each window the model is fitted on the years up to its start and worlds are rolled fresh to its
end; every statistic of the record (`statistics.STATISTICS`) is set against the 90% band of the
worlds, and its CRPS beside that of the past repeated.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.check.bars import COVERED
from allohistory.check.past import Cut, cut, drop
from allohistory.check.statistics import PAIR, STATISTICS, Floats, Room, measure, room_for
from allohistory.engine.luck import rewind, stage, walk
from allohistory.engine.run import History
from allohistory.engine.script import script_of
from allohistory.model.parameters import Parameters, blank
from allohistory.record.tables import Tables

WINDOWS: Final = ((1875, 1905), (1925, 1938), (1952, 1985))
RUNS: Final = 400
BAND: Final = (0.05, 0.95)
Change = Callable[[Parameters], Parameters]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """
    A record walked year by year.

    Attributes
    ----------
    first : int
        Year of row 0.
    history : History
    worlds : list of World
        Tables of treaties, wars and states at the end of each year; the rest is empty.
    """

    first: int
    history: History
    worlds: list[w.World]

    def window(self, start: int, end: int) -> tuple[History, w.World]:
        """History of the years start..end and the World at the end."""
        rows = slice(start - self.first, end - self.first + 1)
        h = self.history
        part = History(h.state[rows], h.status[rows], h.link[rows], h.unit[rows], h.tie)
        return part, self.worlds[end - self.first]


def _kept(world: w.World) -> w.World:
    """Copy of what the statistics read of a World."""
    pacts, wars = world.count
    nothing = w.World.empty(0, 0, 0, 0)
    return nothing._replace(
        status=world.status.copy(),
        pact=world.pact[:, :pacts].copy(),
        member=world.member[:pacts].copy(),
        war=world.war[:, :wars].copy(),
        side=world.side[:wars].copy(),
        count=world.count.copy(),
    )


@cache
def told(tables: Tables | None = None) -> Told:
    """Walk a record once, keeping the treaties and wars of every year."""
    p = script_of(tables).panel
    s = stage(p.first, p.last, tables=tables, slots=0)
    rewind(s)
    years, n, units = p.last - p.first + 1, len(p.states), len(p.units)
    h, room = History.empty(years, n, units), History.empty(2, n, units)
    worlds = [_kept(s.world)]
    parameters = blank()
    for year in range(p.first + 1, p.last + 1):
        walk(s, parameters, room, year - 1, year)
        worlds.append(_kept(s.world))
        row = year - p.first
        for whole, part in (
            (h.status, room.status),
            (h.link, room.link),
            (h.unit, room.unit),
            (h.state, room.state),
        ):
            whole[row - 1 : row + 1] = part
    return Told(p.first, h, worlds)


def ensemble(
    c: Cut, horizon: int, runs: int, *, seed: int = 0, first: int = 0, change: Change | None = None
) -> Floats:
    """
    Statistics of fresh worlds.

    Parameters
    ----------
    c : Cut
    horizon : int
        Years rolled beyond the cut-off.
    runs, first : int
        How many runs, and the number of the first; row r depends on `seed` and its number alone.
    seed : int
    change : callable, optional
        Applied to every parameter draw, to see what hangs on it.

    Returns
    -------
    (runs, S) float64
    """
    if change is not None:
        c = replace(c, draws=[change(p) for p in c.draws])
    out = np.zeros((runs, len(STATISTICS)))
    room: Room | None = None
    for r, h in enumerate(c.runs(runs, horizon, seed=seed, first=first)):
        room = room or room_for(h, c.stage.world)
        out[r] = measure(h, c.stage.world, c.year, c.stage.geography.tracked, room)
    return out


def bootstrap(
    record: Told, tracked: NDArray[np.int64], start: int, end: int, since: int | None = None
) -> Floats:
    """
    Statistics of the past repeated: all windows of equal length that lie before a start.

    Where fewer years are known the windows have two thirds of them. A count is multiplied by the
    pairs (where pairs are counted) or states at `start` over those at the start of its window,
    and a sum over the window by the ratio of the lengths; shares, ages and ratios are left alone.

    Returns
    -------
    (B, S) float64
    """
    since = record.first if since is None else since
    length = min(end - start, max((start - since) * 2 // 3, 1))
    alive = record.history.status[:, w.ACTIVE].sum(axis=1).astype(float)
    pairs = alive * (alive - 1.0) / 2.0
    now, rows = start - record.first, []
    for begin in range(since, start - length + 1):
        h, world = record.window(begin, begin + length)
        row, then = measure(h, world, begin, tracked), begin - record.first
        for k, s in enumerate(STATISTICS):
            if s.scale:
                size = pairs if s.scale == PAIR else alive
                row[k] *= size[now] / size[then]
            if s.flow:
                row[k] *= (end - start) / length
        rows.append(row)
    return np.array(rows)


def crps(values: Floats, truth: float) -> float:
    """
    Continuous ranked probability score of an ensemble, corrected for its size.

    Examples
    --------
    >>> crps(np.array([1.0, 3.0]), 2.0)
    0.0
    """
    n = len(values)
    if n < 2:
        return float(np.abs(values - truth).mean()) if n else float("nan")
    ordered = np.sort(values)
    spread = float((ordered * (2 * np.arange(n) - n + 1)).sum()) / (n * (n - 1))
    return float(np.abs(values - truth).mean()) - spread


def band(values: Floats) -> tuple[float, float, float]:
    """Lower end, median and upper end; the band holds at least 90% of what is defined."""
    if not len(values):
        return (float("nan"),) * 3
    low = np.quantile(values, BAND[0], method="lower")
    high = np.quantile(values, BAND[1], method="higher")
    return float(low), float(np.median(values)), float(high)


def _rows(
    window: tuple[int, int], record: Floats, fresh: Floats, past: Floats
) -> Iterator[dict[str, Any]]:
    """Set every statistic of a window against its two ensembles."""
    for k, s in enumerate(STATISTICS):
        truth = float(record[k])
        ours, theirs = (v[:, k][~np.isnan(v[:, k])] for v in (fresh, past))
        low, middle, high = band(ours)
        low_past, middle_past, high_past = band(theirs)
        known = not np.isnan(truth)
        yield {
            "window": f"{window[0]}-{window[1]}",
            "statistic": s.name,
            "record": truth,
            "lo": low,
            "median": middle,
            "hi": high,
            "inside": bool(low <= truth <= high) if known else None,
            "defined": float(len(ours) / len(fresh)),
            "crps": crps(ours, truth),
            "crps_bootstrap": crps(theirs, truth),
            "lo_bootstrap": low_past,
            "median_bootstrap": middle_past,
            "hi_bootstrap": high_past,
            "inside_bootstrap": bool(low_past <= truth <= high_past) if known else None,
        }


def realism(
    tables: Tables | None = None,
    windows: tuple[tuple[int, int], ...] = WINDOWS,
    *,
    runs: int = RUNS,
    seed: int = 0,
    elicited: bool = False,
    change: Change | None = None,
    executor: Executor | None = None,
) -> list[dict[str, Any]]:
    """
    Set fresh worlds beside the record, window by window.

    Parameters
    ----------
    tables : Tables, optional
        The whole record; the core record without it.
    windows : tuple of (start, end)
        The model is fitted on the years up to the start and sees no later one.
    runs : int
        Worlds per window.
    seed : int
    elicited : bool
        Put the elicited effects in.
    change : callable, optional
        Applied to every parameter draw.
    executor : Executor, optional
        One task for each window; in place without one.

    Returns
    -------
    list of dict
        Rows of window, statistic, record, lo, median, hi, inside, defined (share of runs in which
        the statistic is), crps, and the same of the past repeated (``_bootstrap``). Where the
        record itself leaves a statistic undefined, `inside` is None and does not count.
    """
    looked_at = partial(
        _window, tables=tables, runs=runs, seed=seed, elicited=elicited, change=change
    )
    over = executor.map(looked_at, windows) if executor else map(looked_at, windows)
    return [row for rows in over for row in rows]


def _window(
    window: tuple[int, int],
    *,
    tables: Tables | None,
    runs: int,
    seed: int,
    elicited: bool,
    change: Change | None,
) -> list[dict[str, Any]]:
    """Rows of one window."""
    record, (start, end) = told(tables), window
    c = cut(tables, start, horizon=end - start, elicited=elicited)
    tracked = c.stage.geography.tracked
    fresh = ensemble(c, end - start, runs, seed=seed, change=change)
    known = measure(*record.window(start, end), start, tracked)
    drop()
    return list(_rows(window, known, fresh, bootstrap(record, tracked, start, end)))


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Share of statistics inside the band, and of those with a better CRPS than the past repeated.

    Returns
    -------
    list of dict
        One row per window and one called ``all``: window, statistics, inside, inside_bootstrap,
        better, reached (whether `inside` reaches `bars.COVERED`).
    """
    out = []
    names = list(dict.fromkeys(row["window"] for row in rows))
    for name in [*names, "all"]:
        mine = [r for r in rows if name in {r["window"], "all"} and r["inside"] is not None]
        both = [r for r in mine if r["inside_bootstrap"] is not None]
        inside = sum(r["inside"] for r in mine) / max(len(mine), 1)
        out.append(
            {
                "window": name,
                "statistics": len(mine),
                "inside": inside,
                "inside_bootstrap": sum(r["inside_bootstrap"] for r in both) / max(len(both), 1),
                "better": sum(r["crps"] <= r["crps_bootstrap"] for r in both) / max(len(both), 1),
                "reached": inside >= COVERED,
            }
        )
    return out
