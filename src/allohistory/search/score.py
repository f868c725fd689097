"""
How promising a world under way is: P(goal | the pair now, years left), roughly.

The goal is a spell of good years, so the score is the chance that a spell begins in time and
lasts: two yearly hazards, each a shrunken logistic in `particle.FEATURES`, and a sum over the
years left. The score only says where worlds are split; whatever it says, the estimate of P(goal)
is unbiased (`split`), so it may be learned from any runs but those it is used on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from allohistory.search.particle import FEATURES, PROGRESS

Floats = NDArray[np.float64]
ROUNDS: Final = 25
LEAST: Final = 1e-9
DECLARED: Final = {
    "begins": {"const": -5.0, "rivals": -1.0, "closeness": 1.0, "common threat": 0.5},
    "lasts": {"const": 1.5, "progress": 1.5, "closeness": 0.5, "rivals": -0.5},
}
"""Log odds that a spell begins, and that it lasts a year, before any run was seen."""
LOOSE, TIGHT = 0.05, 1.0
"""Prior precision of the constants and of the slopes about what is declared."""


class Lesson(NamedTuple):
    """
    What one run teaches.

    Attributes
    ----------
    weight : float
    features : (Y, 12) float32
        Rows of the run as far as it was rolled.
    """

    weight: float
    features: NDArray[np.float32]


def _scaled(source: Sequence[Lesson]) -> Floats:
    weight = np.array([lesson.weight for lesson in source])
    square = float((weight**2).sum())
    return weight * (weight.sum() / square if square > 0 else 0.0)


def expit(x: Floats) -> Floats:
    """Probability of log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0))), np.float64)


def declared(kind: str) -> Floats:
    """Coefficients before any run was seen."""
    return np.array([DECLARED[kind].get(name, 0.0) for name in FEATURES])


def shrunken(x: Floats, y: Floats, weight: Floats, centre: Floats) -> Floats:
    """
    Logistic coefficients with a normal prior about a centre, by Newton's method.

    Parameters
    ----------
    x, y, weight : (M, F), (M,), (M,) float64
    centre : (F,) float64
    """
    precision = np.full(len(centre), TIGHT)
    precision[0] = LOOSE
    beta = centre.copy()
    for _ in range(ROUNDS):
        p = expit((x * beta).sum(axis=1))
        # einsum, not a matrix product: the same sums in the same order everywhere.
        slope = np.einsum("mf,m->f", x, weight * (y - p)) - precision * (beta - centre)
        bend = np.einsum("mf,mg,m->fg", x, x, weight * p * (1 - p)) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        beta += np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-6:
            break
    return beta


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """
    A score, learned or declared.

    Attributes
    ----------
    years : int
        Years of a lasting alliance.
    begins, lasts : (12,) float64
        Log odds that a spell begins next year, and that a spell lasts through it.
    fresh : (12,) float64
        Features of the first year of a spell, as a rule.
    """

    years: int
    begins: Floats
    lasts: Floats
    fresh: Floats

    @classmethod
    def blank(cls, years: int) -> Self:
        """The declared score."""
        fresh = np.zeros(len(FEATURES))
        for name in ("const", "any pact", "strong pact", "mutually closest", "both in the system"):
            fresh[FEATURES.index(name)] = 1.0
        fresh[FEATURES.index("closeness")] = 0.5
        fresh[PROGRESS] = 1.0 / years
        return cls(years, declared("begins"), declared("lasts"), fresh)

    def learned(self, *sources: Sequence[Lesson]) -> "Score":
        """
        A score fitted to runs; each source's weights are scaled to their effective number.

        The prior stays where it was declared, so that what was learned first does not count twice.
        """
        lessons = [lesson for source in sources for lesson in source]
        if not lessons:
            return self
        weight = np.concatenate([_scaled(source) for source in sources if source])
        now = np.concatenate([lesson.features[:-1] for lesson in lessons]).astype(np.float64)
        then = np.concatenate([lesson.features[1:, PROGRESS] for lesson in lessons])
        each = np.repeat(weight, [len(lesson.features) - 1 for lesson in lessons])
        idle = now[:, PROGRESS] <= 1e-6
        starts = idle & (then > 1e-6)
        begins = shrunken(now[idle], starts[idle].astype(float), each[idle], declared("begins"))
        kept = (then >= now[:, PROGRESS] - 1e-6)[~idle].astype(float)
        lasts = shrunken(now[~idle], kept, each[~idle], declared("lasts"))
        firsts = np.concatenate(
            [
                lesson.features[1:][
                    (lesson.features[:-1, PROGRESS] <= 1e-6)
                    & (lesson.features[1:, PROGRESS] > 1e-6)
                ]
                for lesson in lessons
            ]
        ).astype(np.float64)
        share = each[starts]
        prior = 3.0
        fresh = (firsts * share[:, None]).sum(axis=0) + prior * self.fresh
        return Score(self.years, begins, lasts, fresh / (share.sum() + prior))

    def lasting(self, x: Floats, more: NDArray[np.int64]) -> Floats:
        """Chance that spells last for so many years `more`, given the features now."""
        odds = (x * self.lasts).sum(axis=1) - x[:, PROGRESS] * self.lasts[PROGRESS]
        out = np.ones(len(x))
        for n in range(1, int(more.max(initial=0)) + 1):
            p = expit(odds + self.lasts[PROGRESS] * (1.0 - n / self.years))
            out *= np.where(n <= more, p, 1.0)
        return out

    def __call__(self, x: Floats, left: NDArray[np.int64]) -> Floats:
        """
        Score worlds.

        Parameters
        ----------
        x : (M, 12) float64
            Features of the latest year.
        left : (M,) int64
            Years still to come.

        Returns
        -------
        (M,) float64
            In (0, 1).
        """
        more = np.rint((1.0 - x[:, PROGRESS]) * self.years).astype(np.int64)
        under_way = x[:, PROGRESS] > 1e-6
        idle = x.copy()
        idle[:, PROGRESS] = 0.0
        hazard = expit((idle * self.begins).sum(axis=1))
        years = np.array([self.years - 1])
        lasts = float(self.lasting(self.fresh[None], years)[0])
        chances = np.maximum(left - self.years + 1, 0)
        anew = (1.0 - (1.0 - hazard) ** chances) * lasts
        on = self.lasting(x, more)
        return np.maximum(np.where(under_way, on + (1.0 - on) * anew, anew), LEAST)
