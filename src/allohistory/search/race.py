"""
Successive halving over whatever can be tried in numbered worlds, at a price in bits.

All entrants of a round meet the same worlds: number n stands for the same parameter draw and the
same luck for each of them, and for its twin in which nothing is changed (common random numbers).
A round tries every entrant that is left in some new worlds and keeps the third that may yet lie
on the frontier. Jamieson and Talwalkar (2016) describe halving by mean alone; here an entrant
competes only with those that cost no more, by an upper bound of what it adds to its twin's chance,
so that a cheap small gain is not driven out by a dear large one, and a date at which the goal is
likely anyway is no merit of whoever begins at it.

A goal that is reached in one world of a hundred tells little in the ten worlds of a first round.
How nearly worlds reached it (`Tried.near`, 0 to 1) is a second, biased measurement with less
noise; the two are put together by their precision, so that with more worlds the goal alone counts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from allohistory.counterfactual.surprise import Price, price

Floats = NDArray[np.float64]
KEEP = 3
"""One in so many is left after a round."""
GROWTH = 2 / 3
"""Growth of a round's worlds as a share of what would give every round the same runs."""
LEAST = 2
"""Fewest worlds of a first round."""
USUAL = 0.05
"""Least spread of what entrants really add to nearness; most add nothing, some a tenth."""
BIAS = 0.5
"""How far off, as a share of itself, what nearness says of a chance may be (standard error)."""
WIDE = 1.645
"""Half width of a 90% interval, in standard errors."""
DEAR = 30.0
"""Bits above which an entrant is dropped after its first round: one in a billion."""
NEAR_LEAST = 1e-3
"""Least variance of a gain in nearness: worlds that were alike may yet differ."""
MET = 0.9
"""Share of steps that must come up; what never comes up is not priced, and looks cheap."""


class Entrant(Protocol):
    """What can be raced."""

    @property
    def id(self) -> str:
        """Name; ties are broken by it."""

    @property
    def year(self) -> int:
        """Date from which it is compared with a world in which nothing is changed."""

    @property
    def direct(self) -> bool:
        """Whether it competes in the league of those that write the goal itself."""

    @property
    def added(self) -> float:
        """Bits added to its price, such as for lying outside a window."""

    @property
    def priors(self) -> Sequence[tuple[int, float]]:
        """Steps with a stated probability."""


E = TypeVar("E", bound=Entrant)
C_contra = TypeVar("C_contra", bound=Entrant, contravariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """
    What became of an entrant in some worlds.

    Attributes
    ----------
    draw : (R,) int64
        Parameter draw of each world.
    reached, twin_reached : (R,) bool
        Whether the goal was reached; whether without the entrant, under the same luck.
    near, twin_near : (R,) float64
        How nearly, 0 to 1; 1 where it was reached.
    lead : (R,) int64
        Years from the first change to the beginning of what reached the goal; -1 where it was not.
    met : (R,) float64
        Share of its priced steps that the world came to.
    logs : (D, K) float64
        Log chance of each step under each draw; no columns where there is nothing to price.
    """

    draw: NDArray[np.int64]
    reached: NDArray[np.bool_]
    twin_reached: NDArray[np.bool_]
    near: Floats
    twin_near: Floats
    lead: NDArray[np.int64]
    met: Floats
    logs: Floats


class Evaluate(Protocol[C_contra]):
    """Tries entrants in worlds."""

    def __call__(self, entrants: Sequence[C_contra], numbers: range) -> list[Tried]:
        """What became of each entrant in the worlds of these numbers."""


@dataclass(slots=True, eq=False)
class Runner(Generic[E]):
    """
    An entrant and all that is known of it.

    Attributes
    ----------
    entrant : Entrant
    tried : list of Tried
        One a round.
    cost : float
        Its price with the bits added, as far as known.
    mean, spread : float
        What it adds to its twin's chance, and the standard error of that.
    """

    entrant: E
    tried: list[Tried] = field(default_factory=list)
    cost: float = 0.0
    mean: float = 0.0
    spread: float = 1.0

    @property
    def many(self) -> int:
        """Worlds it was tried in."""
        return sum(len(t.reached) for t in self.tried)

    @property
    def hits(self) -> int:
        """Worlds in which it reached the goal."""
        return sum(int(t.reached.sum()) for t in self.tried)

    def gains(self) -> tuple[Floats, Floats]:
        """By how much each world reached the goal more than its twin; how much more nearly."""
        goal = [t.reached.astype(np.float64) - t.twin_reached for t in self.tried]
        near = [t.near - t.twin_near for t in self.tried]
        return np.concatenate(goal), np.concatenate(near)

    @property
    def met(self) -> float:
        """Share of its priced steps that the worlds came to."""
        return float(np.concatenate([t.met for t in self.tried]).mean())

    @property
    def price(self) -> Price:
        """What it costs, over all draws it was tried under."""
        return price(np.concatenate([t.logs for t in self.tried]), self.entrant.priors)

    @property
    def upper(self) -> float:
        """Upper end of a 90% interval of what it adds."""
        return self.mean + WIDE * self.spread

    def take(self, tried: Tried) -> None:
        """Note a round."""
        self.tried.append(tried)
        self.cost = self.entrant.added
        if tried.logs.shape[1]:
            cost = self.price
            self.cost += cost.bits + cost.stated_bits


def weigh(runners: Sequence[Runner[E]]) -> None:
    """
    Estimate what each adds to its twin's chance.

    Nearness is turned into chance by how often it was success among all of a league, after it was
    drawn to the league's mean gain: all the more, the less certain it is beside a usual spread.
    """
    for league in (False, True):
        some = [r for r in runners if r.entrant.direct == league]
        if not some:
            continue
        gains = [r.gains() for r in some]
        many = np.array([len(goal) for goal, _ in gains], np.float64)
        hits = np.array([r.hits for r in some], np.float64)
        raw = np.array([goal.mean() for goal, _ in gains])
        p = (hits + 0.5) / (many + 1.0)
        noise = np.maximum([goal.var() for goal, _ in gains], 0.5 * p * (1.0 - p)) / many
        near = np.array([gain.mean() for _, gain in gains])
        error = np.maximum([gain.var() for _, gain in gains], NEAR_LEAST) / many
        total = sum(float(t.near.sum()) for r in some for t in r.tried)
        ratio = min((hits.sum() + 0.5) / (total + 1.0), 1.0)
        centre = float(np.average(near, weights=1.0 / error))
        usual = max(float(np.var(near) - error.mean()), USUAL**2)
        pull = usual / (usual + error)
        drawn = ratio * (centre + pull * (near - centre))
        doubt = ratio**2 * pull * error + (BIAS * (np.abs(drawn) + ratio * usual**0.5)) ** 2
        both = 1.0 / noise + 1.0 / doubt
        mean = (raw / noise + drawn / doubt) / both
        for r, gain, spread in zip(some, mean, 1.0 / np.sqrt(both), strict=True):
            r.mean, r.spread = float(gain), float(spread)


def gaps(runners: Sequence[Runner[E]]) -> dict[str, float]:
    """
    How far the upper bound of each lies above the best gain that costs no more.

    Those that write the goal itself compete with all; the others only among themselves.
    """
    found: dict[str, float] = {}
    best = {False: 0.0, True: 0.0}
    for r in sorted(runners, key=lambda r: (r.cost, -r.mean, r.entrant.id)):
        rival = max(best.values()) if r.entrant.direct else best[False]
        found[r.entrant.id] = r.upper - rival
        best[r.entrant.direct] = max(best[r.entrant.direct], r.mean)
    return found


def keep(runners: Sequence[Runner[E]], many: int) -> list[Runner[E]]:
    """
    Those nearest to the frontier, at most so many.

    At most a quarter of them may write the goal itself.
    """
    cheap = [r for r in runners if r.cost <= DEAR and r.met >= MET]
    gap = gaps(cheap)
    ranked = sorted(cheap, key=lambda r: (-gap[r.entrant.id], r.cost, r.entrant.id))
    some = [r for r in ranked if r.entrant.direct][: max(many // 4, 1)]
    rest = [r for r in ranked if not r.entrant.direct][: many - len(some)]
    return [r for r in ranked if r in some or r in rest]


def frontier(runners: Sequence[Runner[E]], chance: Callable[[Runner[E]], float]) -> list[Runner[E]]:
    """Those that no other matches at no higher cost, cheapest first."""
    found: list[Runner[E]] = []
    for r in sorted(runners, key=lambda r: (r.cost, -chance(r), r.entrant.id)):
        if not found or chance(r) > chance(found[-1]):
            found.append(r)
    return found


@dataclass(frozen=True, slots=True)
class Round:
    """One round: how many are tried in which new worlds."""

    entrants: int
    worlds: int


@dataclass(frozen=True, slots=True, eq=False)
class Raced(Generic[E]):
    """
    A race that has been run.

    Attributes
    ----------
    survivors : list of Runner
        Nearest to the frontier first.
    everybody : list of Runner
        All that started.
    rounds : list of Round
        What was done.
    """

    survivors: list[Runner[E]]
    everybody: list[Runner[E]]
    rounds: list[Round]


def rounds(
    entrants: int, survivors: int, runs: int, one_in: int = KEEP, twins: int = 0
) -> Iterator[Round]:
    """
    Plan the rounds of a race within a number of runs.

    Every round tries one entrant in so many, each in nearly so many times as many worlds, to the
    number of survivors wished for; twins count as runs. Where there are runs for fewer than two
    worlds in the first round, fewer entrants start.
    """
    sizes = [max(entrants, 1)]
    while sizes[-1] > survivors:
        sizes.append(max(-(-sizes[-1] // one_in), min(survivors, sizes[-1])))
    growth = GROWTH * one_in
    shares = [(n + min(n, twins)) * growth**k for k, n in enumerate(sizes)]
    unit = runs / sum(shares)
    if unit < LEAST:
        fewer = max(int(entrants * unit / LEAST), 1)
        if fewer < entrants:
            yield from rounds(fewer, survivors, runs, one_in, twins)
            return
    for k, n in enumerate(sizes):
        yield Round(n, max(int(unit * growth**k), 1))


def race(
    entrants: Sequence[E],
    evaluate: Evaluate[E],
    *,
    runs: int,
    survivors: int,
    first: int = 0,
    one_in: int = KEEP,
    twins: int = 0,
    say: Callable[[list[Runner[E]]], object] = lambda _: None,
) -> Raced[E]:
    """
    Race entrants.

    Parameters
    ----------
    entrants : sequence of Entrant
        Most promising first: with too few runs for all, those at the end do not start.
    evaluate : Evaluate
    runs : int
        About how many worlds may be rolled in all.
    survivors : int
        About how many come through.
    first : int
        Number of the first world.
    one_in : int
        One entrant in so many is left after a round.
    twins : int
        How many twins are rolled besides, at most; entrants of a date share one.
    say : callable
        Told all runners after every round.

    """
    plan = list(rounds(len(entrants), survivors, runs, one_in, twins))
    everybody = [Runner(e) for e in entrants[: plan[0].entrants]] if entrants else []
    done: list[Round] = []
    left = everybody
    for n, step in enumerate(plan if everybody else ()):
        left = keep(left, step.entrants) if n else left
        numbers = range(first, first + step.worlds)
        first += step.worlds
        tried = evaluate([r.entrant for r in left], numbers)
        for runner, found in zip(left, tried, strict=True):
            runner.take(found)
        weigh(left)
        done.append(Round(len(left), step.worlds))
        say(left)
    return Raced(keep(left, survivors), everybody, done)
