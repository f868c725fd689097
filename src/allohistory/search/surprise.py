"""
Bits of any event given the record before it: -log2 of its chance under the model.

An event of addressed choices is priced exactly: each way in which it can come about is walked
under every draw, and the chances of disjoint ways are added. An event of a whole path ("a defense
pact within twenty years") is estimated from fresh worlds, with an interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.chance import chance
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import Change
from allohistory.counterfactual.twin import FRESH, Twins
from allohistory.engine.luck import stage_for
from allohistory.engine.run import History
from allohistory.errors import ImpossibleEventError
from allohistory.executors import workers
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.record.tables import Tables
from allohistory.search.predictive import Predictive
from allohistory.search.scale import Bits, floored
from allohistory.search.walk import Work, draws_of, walked

Floats = NDArray[np.float64]
MOST_WAYS = 256
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Choice:
    """
    An addressed choice and the outcomes that count.

    Attributes
    ----------
    process, year, first, second : int
        Address, as in `counterfactual.intervention.Change`.
    outcomes : tuple of int
        0 nothing, 1.. as the process counts; several are alternatives of one event.
    war : int
        Key of the war that is joined.
    """

    process: int
    year: int
    first: int
    second: int = 0
    outcomes: tuple[int, ...] = (1,)
    war: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """
    A chain of events: each given the ones before.

    Attributes
    ----------
    steps : tuple of Bits
    total : Bits
    weakest : int
        The step with most bits; -1 of an empty chain.
    """

    steps: tuple[Bits, ...]
    total: Bits
    weakest: int


def chain(
    events: Sequence[Sequence[Choice]],
    *,
    draws: Sequence[Parameters] | None = None,
    tables: Tables | None = None,
    seed: int = 1,
    jobs: int = 1,
    drifting: bool = False,
) -> Told:
    """
    Price a chain of events in the order of time.

    Parameters
    ----------
    events : sequence of sequence of Choice
        Each event is all of its choices together; a choice with several outcomes is any of them.
    draws : sequence of Parameters, optional
        The first forty of those shipped without it.
    tables : Tables, optional
        The record; the core record without it.
    seed, jobs : int
    drifting : bool
        See `Predictive`; prices of `ask` know history's times.

    Raises
    ------
    ImpossibleEventError
        The chain can come about in more than `MOST_WAYS` ways: split it.
    """
    drawn = tuple(draws) if draws is not None else draws_of(40)
    if not events:
        nothing = Bits(0.0, 0.0, 0.0)
        return Told((), nothing, -1)
    choices = [(n, c) for n, event in enumerate(events) for c in event]
    ways = list(product(*(c.outcomes for _, c in choices)))
    if len(ways) > MOST_WAYS:
        raise ImpossibleEventError(
            f"the chain can come about in {len(ways)} ways, more than {MOST_WAYS}; split it"
        )
    first = min(c.year for _, c in choices) - 1
    last = max(c.year for _, c in choices)
    walks = tuple(
        tuple(
            Change(c.process, c.year, c.first, c.second, value, 0.0, n)
            for (n, c), value in zip(choices, way, strict=True)
        )
        for way in ways
    )
    met = walked(Work(drawn, walks, last, seed, tables), jobs)
    # Chance of each way up to each event; ways that agree so far are one.
    upto: list[dict[tuple[int, ...], tuple[float, Floats]]] = [{} for _ in events]
    for way, walk in zip(ways, met, strict=True):
        told, whole = Predictive(drawn, first, last, drifting=drifting), 1.0
        for k, (n, c) in enumerate(choices):
            if c.process in m.RACES:
                taken = told.take_race(np.nan_to_num(walk.race[:, k]))
            else:
                taken = told.take(c.process, c.year, walk.eta[:, k], (way[k],), war=c.war)
            whole *= taken.chance
            if k + 1 == len(choices) or choices[k + 1][0] != n:
                upto[n][way[: k + 1]] = (whole, np.exp(told.told) * (whole > 0))
    before, spread, steps = 1.0, np.ones(len(drawn)), []
    for parts in upto:
        p = sum(part[0] for part in parts.values())
        by_draw = np.sum([part[1] for part in parts.values()], axis=0)
        bits = -float(np.log2(p / before)) if p > 0 else np.inf
        steps.append(bits_of(bits, by_draw[spread > 0] / spread[spread > 0]))
        before, spread = (p, by_draw) if p > 0 else (before, spread)
    total = sum_of(steps, spread)
    return Told(tuple(steps), total, int(np.argmax([s.bits for s in steps])))


def span(by_draw: Floats) -> tuple[float, float]:
    """5% and 95% points of the bits over draws; infinite where more draws say never."""
    with np.errstate(divide="ignore"):
        bits = np.sort(-np.log2(by_draw))
    places = np.array([LOW, HIGH]) * (len(bits) - 1)
    under, over = bits[np.floor(places).astype(int)], bits[np.ceil(places).astype(int)]
    part = places % 1
    mixed = np.where(part > 0, (1 - part) * under + part * np.where(part > 0, over, 0.0), under)
    return float(mixed[0]), float(mixed[1])


def bits_of(bits: float, by_draw: Floats) -> Bits:
    """
    Bits of an event with the interval over parameter draws.

    Parameters
    ----------
    bits : float
    by_draw : (D,) float64
        Its chance under each draw that could tell what came before it.
    """
    told, least = floored(bits)
    low, high = span(by_draw) if len(by_draw) else (told, np.inf)
    return Bits(told, min(low, told), max(high, told), least)


def sum_of(steps: Sequence[Bits], by_draw: Floats) -> Bits:
    """Bits of a chain: those of its steps, added up; `by_draw` (D,) is the chain's chance."""
    bits = float(sum(s.bits for s in steps))
    low, high = span(by_draw)
    return Bits(bits, min(low, bits), max(high, bits), any(s.at_least for s in steps))


# ---- events of a whole path ---------------------------------------------------------------------
Path = Literal["pact", "treaty", "war", "dispute", "rivalry"]
PATHS: Final = get_args(Path)


def comes(history: History, what: Path, i: int, j: int) -> bool:
    """Whether something happens between two states in a run after its row 0."""
    link = history.link[1:]
    if what == "rivalry":
        return bool((link[:, w.RIVAL, i, j] > 0).any())
    if what in {"pact", "treaty"}:
        level = link[:, w.ALLY, i, j]
        return bool((level == 2).any() if what == "pact" else (level > 0).any())
    worst = np.maximum(link[:, w.DISPUTE, i, j], link[:, w.DISPUTE, j, i])
    if what == "war":
        return bool(((worst == 3) | (link[:, w.WAR, i, j] == w.OPPOSED)).any())
    return bool((worst > 0).any())


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    draws: tuple[Parameters, ...]
    what: Path
    pair: tuple[int, int]
    years: tuple[int, int]
    runs: int
    seed: int
    tables: Tables | None


def _hits(job: tuple[_Paths, int]) -> int:
    work, number = job
    first, last = work.years
    stage = stage_for(last, tables=work.tables)
    draw = work.draws[number]
    twins = Twins(stage, draw, abduce(stage, draw, {first}), work.seed)
    room = twins.room(first, last)
    hits = 0
    for run in range(work.runs):
        twins.baseline(FRESH, number + run * len(work.draws), first, first, last, room)
        hits += comes(room, work.what, *work.pair)
    return hits


def path_bits(
    what: Path,
    pair: tuple[int, int],
    year: int,
    years: int,
    *,
    runs: int = 20,
    draws: Sequence[Parameters] | None = None,
    tables: Tables | None = None,
    seed: int = 1,
    jobs: int = 1,
) -> Bits:
    """
    Bits of something happening between two states within some years, from fresh worlds.

    Parameters
    ----------
    what : str
        "pact" (defense or offense), "treaty" (any obligation), "war" (on opposite sides),
        "dispute" or "rivalry" (either that goes on counts too).
    pair : (int, int)
        Columns of the two states.
    year, years : int
        The record is known to the end of `year`; `years` after it are looked at.
    runs : int
        For each draw.
    draws, tables, seed, jobs
        As for `chain`.

    Returns
    -------
    Bits
        Where it happened in no run, the bits are the least that its interval allows.
    """
    drawn = tuple(draws) if draws is not None else draws_of(40)
    work = _Paths(drawn, what, pair, (year, year + years), runs, seed, tables)
    with workers(jobs) as pool:
        hits = list(pool.map(_hits, ((work, n) for n in range(len(drawn)))))
    found = chance(hits, [runs] * len(drawn))
    low = -float(np.log2(max(found["hi"], 1e-12)))
    if not sum(hits):
        return Bits(low, low, np.inf, at_least=True)
    bits = -float(np.log2(sum(hits) / (runs * len(drawn))))
    high = -float(np.log2(found["lo"])) if found["lo"] > 0 else np.inf
    return Bits(bits, min(low, bits), max(high, bits))
