"""What it costs to replay history with a small change, beside rolling a free world."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.bench.clock import cpu, median
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import Change, apply, clear
from allohistory.counterfactual.twin import FOREVER, FRESH, Mode, Twins
from allohistory.engine import gate as g
from allohistory.engine.luck import DEAD_ZONE, Stage, reset, seat, stage, walk
from allohistory.engine.run import History
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.model.shipped import shipped
from allohistory.record.dates import FIRST_YEAR

YEARS: Final = (1904, 1934)
PAIR: Final = ("SWD", "DEN")
TITLE: Final = "Sweden and Denmark become rivals in 1905"
DRAWN = 4
ROWS = 60_000
"""Room for the choices of one year."""
MODES: Final = (Mode("kappa 0", 0.0), Mode("kappa 1", 1.0))
ODD = np.uint64(0x9E3779B97F4A7C15)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choices:
    """
    Choices of a year, in the order of their addresses.

    Attributes
    ----------
    where : (n,) structured
        Process, first hash and both indices.
    digest : (n,) uint64
        Hash of the covariates.
    eta : (n, A) float64
        Predictors of the alternatives.
    """

    where: NDArray[np.void]
    digest: NDArray[np.uint64]
    eta: Floats


def small(s: Stage) -> tuple[Change, ...]:
    """Make two weak neighbours rivals: a change that few others can feel."""
    p = s.script.panel
    one, other = sorted(int(s.geography.state_hash[p.index(state)]) for state in PAIR)
    return (Change(m.RIVAL_START, YEARS[0] + 1, one, other, force=1),)


def kept(s: Stage, parameters: Parameters) -> Choices:
    """Choices of the year just walked with KEEPING on."""
    used = int(s.luck.counter[1])
    assert used <= ROWS, "the choices of a year fit the buffer"
    mine = s.luck.rows[:used, 0] < g.OTHER_SIDE
    rows = s.luck.rows[:used][mine]
    # Adding nothing makes -0 and 0 the same bits.
    x = s.luck.covariates[:used, : parameters.beta.shape[2]][mine] + 0.0
    # Beyond its own terms a row holds what stood there before.
    x[np.arange(x.shape[1])[None, :] >= g.WIDTHS[rows[:, 0]][:, None]] = 0.0
    weights = (2 * np.arange(x.shape[1], dtype=np.uint64) + np.uint64(1)) * ODD
    named = np.rec.fromarrays([rows[:, k] for k in (0, 5, 2, 3)])
    order = np.argsort(named, kind="stable")
    beta = parameters.beta[rows[:, 0]]
    return Choices(
        named[order],
        (x.view(np.uint64) * weights).sum(axis=1)[order],
        np.einsum("naf,nf->na", beta, x)[order],
    )


def yearly(s: Stage, parameters: Parameters, mode: int) -> Iterator[Choices]:
    """Walk the years one by one and yield the choices of each."""
    p, luck = s.script.panel, s.luck
    room = History.empty(2, len(p.states), len(p.units))
    for year in range(*YEARS):
        luck.counter[0] = luck.counter[1] = 0
        luck.control[g.LOGGING] = luck.control[g.KEEPING] = 1
        walk(s, parameters, room, year, year + 1, mode=mode, fresh_after=FOREVER)
        luck.control[g.LOGGING] = luck.control[g.KEEPING] = 0
        yield kept(s, parameters)


def touched(
    s: Stage, parameters: Parameters, start: w.World, changes: Sequence[Change], how: Mode
) -> tuple[float, float]:
    """
    Share of a replay's choices that a change touches.

    Returns
    -------
    (float, float)
        Share with any covariate other than history's or that history never met, and share whose
        predictor moved by more than the dead zone, so that kappa may stir their luck.
    """
    luck = s.luck
    clear(s)
    reset(s, start)
    luck.posterior[YEARS[0] + 1 - s.base :] = 0.0
    fact = list(yearly(s, parameters, g.TRACE))
    apply(s, changes)
    luck.touched[:] = 0
    luck.counter[2] = 0
    reset(s, start)
    seat(s, 1, 0)
    luck.number[g.KAPPA], luck.control[g.COUPLING] = how.kappa, how.coupling
    many, other, moved = 0, 0, 0
    for history, now in zip(fact, yearly(s, parameters, g.REPLAY), strict=True):
        place = np.searchsorted(history.where, now.where)
        place = np.minimum(place, len(history.where) - 1)
        met = history.where[place] == now.where
        many += len(met)
        other += int((~met | (history.digest[place] != now.digest)).sum())
        far = np.abs(history.eta[place] - now.eta).max(axis=1) > DEAD_ZONE
        moved += int((~met | far).sum())
    clear(s)
    return other / many, moved / many


def one(twins: Twins, changes: Sequence[Change], how: Mode, run: int, room: History) -> None:
    """Replay the changes, or roll a free world over the same years."""
    first, last = YEARS
    if how.fresh:
        twins.baseline(how, run, first, first, last, room)
    else:
        twins.alternate(changes, how, run, first, first, last, room)


def replayed(runs: int) -> dict[str, Any]:
    """
    Replay a small change under history's luck and roll free worlds over the same years, in turns.

    Parameters
    ----------
    runs : int
        Of each kind, for each of `DRAWN` parameter draws.

    Returns
    -------
    dict
        ``replay_over_free``, the dearer of the two kappas; ``replay``: the change, its years and,
        for each kappa, ``over_free``, ``touched`` and ``moved`` (see `touched`; median over the
        draws, and ``touched_most``, the largest); ``free_ms``.
    """
    s = stage(FIRST_YEAR, YEARS[1], rows=ROWS)
    first, last = YEARS
    changes = small(s)
    seconds: dict[str, list[float]] = {mode.name: [] for mode in (*MODES, FRESH)}
    shares: dict[str, list[tuple[float, float]]] = {mode.name: [] for mode in MODES}
    draws = shipped()[0]
    for draw in range(DRAWN):
        parameters = draws[draw * len(draws) // DRAWN]
        told = abduce(s, parameters, [first])
        for mode in MODES:
            shares[mode.name].append(touched(s, parameters, told.worlds[first], changes, mode))
        twins = Twins(s, parameters, told, 1)
        room = twins.room(first, last)

        for run in range(-1, runs):
            for how in (*MODES, FRESH):
                took = cpu(partial(one, twins, changes, how, run, room))
                # The first turn may compile.
                if run >= 0:
                    seconds[how.name].append(took)
    plain = median(seconds[FRESH.name])
    told_of = {
        mode.name: {
            "over_free": median(seconds[mode.name]) / plain,
            "touched": median(one for one, _ in shares[mode.name]),
            "touched_most": max(one for one, _ in shares[mode.name]),
            "moved": median(two for _, two in shares[mode.name]),
        }
        for mode in MODES
    }
    return {
        "replay_over_free": max(one["over_free"] for one in told_of.values()),
        "replay": {
            "change": TITLE,
            "years": list(YEARS),
            "free_ms": 1e3 * plain,
            "kappa": told_of,
        },
    }
