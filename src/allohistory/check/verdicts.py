"""
Who prevails in a dispute: learned and scored here, no part of the model.

Nothing in a world hangs on the outcome of a dispute below war, so the engine has no such choice.
Whether power tells who prevails is still worth knowing (Carroll and Kenkel 2019), and so is how
little it tells ahead of time: what changes most is how many disputes end with nobody giving way.
"""

import numpy as np

from allohistory.check.frames import Floats, Ints
from allohistory.check.rivals import Forecast, Lesson
from allohistory.fit.likelihood import multinomial
from allohistory.model import terms as m

TERMS = ("const", "power_ratio", "major_i", "major_j")
"""Of those of escalation; more of them did no better."""
HALF_LIFE, SCALE, HELD, LEVEL, ERA = 5.0, 0.25, 1e-3, 3.0, 1.0
"""Years in which a dispute comes to count half; prior widths of slopes, constants and eras."""
KNOT = 15
"""Years between the bends of the eras."""


def _eras(year: Ints) -> Floats:
    """Broken lines over the years, which keep the slopes from speaking for the times."""
    knots = np.arange(year.min(), year.max(), KNOT)
    return np.asarray(np.maximum(year[:, None] - knots[None, :], 0) / 50.0, np.float64)


def prevailing(lesson: Lesson) -> Forecast:
    """
    Learn who prevails, given who quarrels: multinomial logit, its constants of late.

    The slopes come from all disputes known, the times taken out; the constants from the same
    disputes, each counting half as much as one five years later, for what is recorded as a
    stalemate rises from half of the disputes to nine tenths.

    Parameters
    ----------
    lesson : Lesson
        Choices up to the cut-off, with the terms of escalation.
    """
    columns = [m.TERMS[m.LEVEL].index(name) for name in TERMS]
    x = lesson.x[:, columns].astype(np.float64)
    eras = _eras(lesson.year)
    sd = np.full((2, len(columns) + eras.shape[1]), ERA)
    sd[:, 0], sd[:, 1 : len(columns)] = LEVEL, SCALE
    design = np.column_stack([x, eras])
    slopes = multinomial(design, lesson.y, np.zeros_like(sd), sd).mode[:, : len(columns)]
    slopes[:, 0] = 0.0
    tight = np.full(slopes.shape, HELD)
    tight[:, 0] = LEVEL
    usual = multinomial(x, lesson.y, slopes, tight).mode
    late = 0.5 ** ((lesson.year.max() - lesson.year) / HALF_LIFE)
    mode = multinomial(x, lesson.y, usual, tight, weight=late).mode

    def forecast(x: Floats, _: Ints) -> Floats:
        odds = np.exp(np.clip(x[:, columns] @ mode.T, -35, 35))
        both = np.column_stack([np.ones(len(x)), odds])
        return np.asarray(both / both.sum(1, keepdims=True), np.float64)

    return forecast
