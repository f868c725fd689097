"""
Parameters of the model: one joint draw as arrays, and the shipped set of draws.

The shipped file is what `allohistory fit` writes; nothing in it is typed by hand.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.model import terms as m

GROWTH_SD, STANDING_GAIN, STANDING_HALF_LIFE, GRUDGE_HALF_LIFE = range(4)
ELICITED: Final = 4
OWN_LEADER: Final = -1
"""Leaders nobody in the record answers to have tokens below this."""


class Parameters(NamedTuple):
    """
    One joint draw.

    Attributes
    ----------
    beta : (28, 3, 36) float64
        Coefficients by process, alternative, term.
    sigma : (4,) float64
        Standard deviation of the shocks of `terms.SHOCKED`: of a year, and of a war.
    tilt : (4, 8) float64
        exp(sigma x node): what each slice of a shock does to the odds.
    elicited : (4,) float64
        GROWTH_SD (fitted, log points a year), STANDING_GAIN, STANDING_HALF_LIFE and
        GRUDGE_HALF_LIFE (elicited, see settlement.toml).
    drift : (7,) float64
        Standard deviation of a year's step of the level of the times, by process of `terms.TIMED`.
    hold : (7,) float64
        Part of that level which is still there a year later.
    level : (7, Y) float64
        Level of the times in each year from `since` on, log odds; the last stands for all later.
    since : (1,) int64
        Year of the first level.
    """

    beta: NDArray[np.float64]
    sigma: NDArray[np.float64]
    tilt: NDArray[np.float64]
    elicited: NDArray[np.float64]
    drift: NDArray[np.float64]
    hold: NDArray[np.float64]
    level: NDArray[np.float64]
    since: NDArray[np.int64]


def blank() -> Parameters:
    """Parameters before any fitting: nothing matters, standing at the middle of its range."""
    return Parameters(
        np.zeros((m.PROCESSES, 3, m.WIDTH)),
        np.zeros(len(m.SHOCKED)),
        np.ones((len(m.SHOCKED), 8)),
        np.array([0.03, 0.5, 18.0, 25.0]),
        np.zeros(len(m.TIMED)),
        np.ones(len(m.TIMED)),
        np.zeros((len(m.TIMED), 1)),
        np.zeros(1, np.int64),
    )
