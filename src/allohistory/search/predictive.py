"""
Chances of choices one after another, with all that they share integrated out.

Choices of one kind in one year share a shock (eight slices of a normal), the rounds of one war
share another, the general level of a kind drifts from year to year, and all choices share the
parameters. A choice's chance given those before it is a mean over draws, levels and slices, each
weighted by how well it foretold what came before (Bayes' rule; on the grid of levels this is the
forward filter of a hidden Markov chain, Rabiner 1989). So chances multiply along any chain, and
bits add, exactly as far as the grid is fine.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.model.shocks import NODE, NODES

Floats = NDArray[np.float64]
REACH, STEP, MOST_POINTS = 4.0, 0.6, 97
"""The grid of levels reaches so many deviations, in steps of so many yearly ones at most."""
TOP = 500.0
NOTHING = (0,)


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A choice as it was foretold.

    Attributes
    ----------
    chance : float
        Of what was observed, given the choices before.
    bits : float
        -log2 of it; infinite where the model cannot bring it about.
    some : float
        Chance that anything came, before the outcome was known.
    expected, variance, skewed : float
        Mean, variance and third central moment of the bits before the outcome was known.
    """

    chance: float
    some: float
    bits: float
    expected: float
    variance: float
    skewed: float


def _taken(parts: Floats, seen: Collection[int]) -> Taken:
    """Surprise of the part that came, and its moments over all disjoint parts."""
    chance = float(sum(parts[k] for k in seen))
    # What was observed counts as one part: the rest stay what they are.
    rest = [float(p) for k, p in enumerate(parts) if k not in seen]
    p = np.array([chance, *rest])
    p = p[p > 0]
    h = -np.log2(p)
    mean = float((p * h).sum())
    off = h - mean
    return Taken(
        chance,
        1.0 - float(parts[0]),
        -float(np.log2(chance)) if chance > 0 else np.inf,
        mean,
        float((p * off**2).sum()),
        float((p * off**3).sum()),
    )


class Times:
    """
    Levels of the times of one process as a filter on a grid, by draw.

    Parameters
    ----------
    draws : sequence of Parameters
    t : int
        Row of `terms.TIMED`.
    since : int
        Last year whose level is known.
    years : int
        Years to be filtered.
    """

    def __init__(self, draws: Sequence[Parameters], t: int, since: int, years: int) -> None:
        self.hold = np.array([d.hold[t] for d in draws])
        self.drift = np.array([d.drift[t] for d in draws])
        self.mean = np.array([level_of(d, t, since) for d in draws])
        self.year = since
        lags = np.arange(max(years, 1))
        spread = self.drift * np.sqrt((self.hold[:, None] ** (2 * lags)).sum(1))
        wide = float(np.max(spread / np.maximum(self.drift, 1e-12)))
        points = min(MOST_POINTS, 1 + 2 * int(np.ceil(REACH * wide / STEP)))
        still = not self.drift.any()
        line = np.linspace(-1.0, 1.0, 1 if still else points)
        self.grid = np.zeros((len(draws), 1)) if still else REACH * spread[:, None] * line
        start = np.zeros_like(self.grid)
        start[:, len(line) // 2] = 1.0
        self.weight = start
        self._move = None if still else self._steps()

    def _steps(self) -> Floats:
        """P(level next year | level this year), by draw."""
        gap = self.grid[:, None, :] - self.hold[:, None, None] * self.grid[:, :, None]
        wide = np.maximum(self.drift, 1e-12)[:, None, None]
        move: Floats = np.exp(-0.5 * (gap / wide) ** 2)
        move /= move.sum(2, keepdims=True)
        return move

    def reach(self, year: int) -> None:
        """Let the levels drift to a year."""
        while self.year < year:
            self.year += 1
            self.mean = self.hold * self.mean
            if self._move is not None:
                self.weight = np.einsum("dg,dgh->dh", self.weight, self._move)


def level_of(draw: Parameters, t: int, year: int) -> float:
    """Level of the times in a year as the engine takes it where history's luck lasts."""
    place = min(max(year - int(draw.since[0]), 0), draw.level.shape[1] - 1)
    return float(draw.level[t, place])


class Predictive:
    """
    What a set of draws foretells of choices that are told one after another.

    `weight` (D,) is how far each draw is believed by now, `told` (D,) the log likelihood under
    each of all that was told.

    Parameters
    ----------
    draws : sequence of Parameters
    since : int
        Last year before the choices.
    last : int
        Last year of the choices.
    drifting : bool
        Whether the level of the times is known only up to `since` and drifts from there; if not,
        each year has history's level.
    """

    def __init__(
        self, draws: Sequence[Parameters], since: int, last: int, *, drifting: bool = True
    ) -> None:
        self.draws, self.since, self.last, self.drifting = tuple(draws), since, last, drifting
        self.weight = np.full(len(self.draws), 1.0 / len(self.draws))
        self._times: dict[int, Times] = {}
        self._shock: dict[tuple[int, int], Floats] = {}
        self._joint: dict[tuple[int, int], Floats] = {}
        self.told = np.zeros(len(self.draws))
        sigma = np.stack([d.sigma for d in self.draws])
        self._tilt = np.exp(sigma[:, :, None] * NODE)

    # ---- what a process shares ----------------------------------------------------------------
    def _level(self, process: int, year: int) -> Times | None:
        if not self.drifting or process not in m.TIMED:
            return None
        if process not in self._times:
            t = m.TIMED.index(process)
            self._times[process] = Times(self.draws, t, self.since, self.last - self.since)
        times = self._times[process]
        if times.year < year:
            self._settle(process)
            times.reach(year)
        return times

    def _settle(self, process: int) -> None:
        """Forget the shock of a year that is over; the level keeps what it taught."""
        times = self._times[process]
        joint = self._joint.pop((process, times.year), None)
        if joint is not None:
            times.weight = joint.sum(2)

    def _latent(self, process: int, year: int, war: int) -> Floats:
        """Weights (D, G, Q) of level and shock before this choice."""
        many = len(self.draws)
        if process == m.JOIN:
            return self._shock.setdefault((process, war), np.full((many, 1, NODES), 1.0 / NODES))
        times = self._level(process, year)
        if (process, year) in self._joint:
            return self._joint[process, year]
        level = np.ones((many, 1)) if times is None else times.weight
        slices = NODES if process in m.YEARLY else 1
        joint = np.repeat(level[:, :, None] / slices, slices, axis=2)
        self._joint[process, year] = joint
        return joint

    def _keep(self, process: int, year: int, war: int, joint: Floats) -> None:
        if process == m.JOIN:
            self._shock[process, war] = joint
        else:
            self._joint[process, year] = joint

    def _chances(self, process: int, year: int, eta: Floats, alternatives: int) -> Floats:
        """P(outcome | draw, level, slice): (A + 1, D, G, Q); a choice not asked is nothing."""
        asked = ~np.isnan(eta[:, 0])
        e = np.where(asked[:, None], eta, -np.inf)[:, :alternatives]
        timed = 1 if process == m.LEVEL else 0
        times = self._times.get(process)
        if times is not None:
            t = m.TIMED.index(process)
            known = np.array([level_of(d, t, year) for d in self.draws])
            e = e.copy()
            e[:, timed] += times.mean - known
        odds: list[Floats] = [
            np.exp(np.minimum(e[:, k], TOP))[:, None, None] for k in range(alternatives)
        ]
        if times is not None:
            odds[timed] = odds[timed] * np.exp(times.grid)[:, :, None]
        if process in m.SHOCKED:
            tilt = self._tilt[:, m.SHOCKED.index(process)][:, None, :]
            odds[0] = odds[0] * tilt
            if process == m.JOIN:
                odds[1] = odds[1] * tilt
        total = np.ones((1, 1, 1))
        for one in odds:
            total = total + one
        return np.stack([one / total for one in (np.ones((1, 1, 1)), *odds)])

    @staticmethod
    def alternatives(process: int) -> int:
        """Outcomes of a process beside nothing (a joiner has the choice of two sides)."""
        return m.ALTERNATIVES.get(process, 1) + (process == m.JOIN)

    # ---- choices ------------------------------------------------------------------------------
    def take(
        self,
        process: int,
        year: int,
        eta: Floats,
        seen: Collection[int],
        *,
        war: int = 0,
    ) -> Taken:
        """
        Tell one choice and what came of it.

        Parameters
        ----------
        process, year : int
            Years do not go back.
        eta : (D, 3) float64
            Predictors by draw with history's level of the times in them, shocks left out; NaN
            where the choice does not arise.
        seen : collection of int
            What came: one outcome or a set of them (0 nothing).
        war : int
            Key of the war that is joined.
        """
        alternatives = self.alternatives(process)
        latent = self._latent(process, year, war)
        chances = self._chances(process, year, eta, alternatives)
        by_draw = (latent * chances).sum((2, 3))
        taken = _taken(by_draw @ self.weight, seen)
        if taken.chance > 0:
            self._learn(process, year, war, latent * chances[list(seen)].sum(0))
        return taken

    def take_war(self, year: int, dispute: Floats, level: Floats, *, fought: bool) -> Taken:
        """
        Tell whether a dispute of two states came to war, where disputes below it are not told.

        Where nothing came, dispute and escalation are learned about one at a time (assumed
        density filtering: Maybeck 1982), since their joint weights no longer factor.

        Parameters
        ----------
        year : int
        dispute, level : (D, 3) float64
            Predictors of the dispute, and of its level if it comes.
        fought : bool
        """
        two = m.ALTERNATIVES[m.LEVEL]
        first, second = self._latent(m.DISPUTE, year, 0), self._latent(m.LEVEL, year, 0)
        begins = self._chances(m.DISPUTE, year, dispute, 1)[1]
        rises = self._chances(m.LEVEL, year, level, two)[two]
        begin, rise = (first * begins).sum((1, 2)), (second * rises).sum((1, 2))
        war = float((begin * rise) @ self.weight)
        taken = _taken(np.array([1.0 - war, war]), (int(fought),))
        if taken.chance <= 0:
            return taken
        if fought:
            self._learn(m.DISPUTE, year, 0, first * begins)
            self._learn(m.LEVEL, year, 0, second * rises)
        else:
            self._learn(m.DISPUTE, year, 0, first * (1 - begins * rise[:, None, None]))
            # The draws have learned from it already.
            weight, told = self.weight, self.told
            self._learn(m.LEVEL, year, 0, second * (1 - rises * begin[:, None, None]))
            self.weight, self.told = weight, told
        return taken

    def take_race(self, chances: Floats) -> Taken:
        """Tell who won a race, from its chance under each draw (D,); what else could be is left."""
        chance = float(chances @ self.weight)
        bits = -float(np.log2(chance)) if chance > 0 else np.inf
        if chance > 0:
            self._believe(chances)
        return Taken(chance, 1.0, bits, 0.0, 0.0, 0.0)

    def _learn(self, process: int, year: int, war: int, joint: Floats) -> None:
        """Weigh draws, levels and slices by how well they foretold what came."""
        likely = joint.sum((1, 2))
        safe = np.where(likely > 0, likely, 1.0)
        self._keep(process, year, war, joint / safe[:, None, None])
        self._believe(likely)

    def _believe(self, likely: Floats) -> None:
        """Weigh the draws by how likely they made what came."""
        with np.errstate(divide="ignore"):
            self.told = self.told + np.log(likely)
        self.weight = self.weight * likely
        self.weight /= self.weight.sum()
