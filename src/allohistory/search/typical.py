"""
The typical-timeline test: whether a history surprises as much as histories do.

S is the surprise of all choices of a scope, each given those before it. Each term less its
expectation is a martingale difference, so S less the sum of expectations, over the root of the
summed variances, is nearly a standard normal for histories that the model itself tells (Hall and
Heyde 1980). Far above: too much happens, or too strange. Far below: too little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory.model.parameters import Parameters
from allohistory.search.predictive import Predictive, Taken
from allohistory.search.scale import MOST_BITS
from allohistory.search.scope import Asked

Floats = NDArray[np.float64]
BOUND = 1.96


@dataclass(frozen=True, slots=True)
class Part:
    """Surprise of the choices of one kind, as of the whole in `Typical`."""

    choices: int
    happened: int
    expected_happened: float
    bits: float
    expected: float
    sd: float
    z: float


@dataclass(frozen=True, slots=True)
class Typical:
    """
    How a timeline stands among those the model tells.

    Attributes
    ----------
    choices : int
        Choices of the scope that arose.
    happened, expected_happened : int, float
        How many came out as something, and how many the model expected.
    bits, expected, sd : float
        Surprise of all of them, its expectation and standard deviation.
    raw : float
        (bits - expected) / sd.
    z : float
        The same made normal: see `normal_score`.
    impossible : int
        Events that the model cannot bring about; each counts `scale.MOST_BITS`.
    parts : dict of str to Part
        The same by kind of event.
    """

    choices: int
    happened: int
    expected_happened: float
    bits: float
    expected: float
    sd: float
    raw: float
    z: float
    impossible: int
    parts: dict[str, Part]

    @property
    def inside(self) -> bool:
        """Whether 95% of the model's own timelines lie as near to their expectation."""
        return self.impossible == 0 and abs(self.z) <= BOUND


def normal_score(raw: float, skew: float) -> float:
    """
    Standardised surprise with its skewness taken out.

    Surprise is a sum of many small and few large terms, so it leans to the right like a Gamma
    distribution of the same skewness; the cube root makes that normal (Wilson and Hilferty 1931).

    Examples
    --------
    >>> normal_score(1.5, 0.0)
    1.5
    """
    if abs(skew) < 1e-6:
        return raw
    base = 1.0 + skew * raw / 2.0
    part = skew**2 / 36.0
    return float(6.0 / skew * (np.cbrt(max(base, 0.0)) - 1.0 + part))


def typical(
    draws: Sequence[Parameters], since: int, last: int, asked: Sequence[Asked], eta: Floats
) -> Typical:
    """
    Judge a scope.

    Parameters
    ----------
    draws : sequence of Parameters
    since, last : int
        Last year before the timeline, and its last.
    asked : sequence of Asked
        In the order of time.
    eta : (D, C, 3) float64
        Predictors of `Scope.changes` by draw.
    """
    told = Predictive(draws, since, last)
    n, strange = 0, 0
    taken: list[tuple[Asked, Taken]] = []
    for one in asked:
        width = 1 if one.mate is None else 2
        found = _take(told, one, eta[:, n : n + width])
        n += width
        if found is None:
            strange += one.seen > 0
        else:
            strange += not np.isfinite(found.bits)
            taken.append((one, found))
    whole, raw = _sums(taken, strange)
    parts = {
        kind: _sums([pair for pair in taken if pair[0].kind == kind])[0]
        for kind in dict.fromkeys(one.kind for one, _ in taken)
    }
    return Typical(
        whole.choices,
        whole.happened,
        whole.expected_happened,
        whole.bits,
        whole.expected,
        whole.sd,
        raw,
        whole.z,
        int(strange),
        parts,
    )


def _sums(taken: Sequence[tuple[Asked, Taken]], strange: int = 0) -> tuple[Part, float]:
    """Sums over choices, and the standardised surprise before its skewness is taken out."""
    bits = sum(t.bits for _, t in taken if np.isfinite(t.bits)) + strange * MOST_BITS
    expected = sum(t.expected for _, t in taken)
    sd = float(np.sqrt(sum(t.variance for _, t in taken)))
    raw = float(bits - expected) / sd if sd > 0 else 0.0
    skew = sum(t.skewed for _, t in taken) / sd**3 if sd > 0 else 0.0
    return Part(
        choices=len(taken),
        happened=sum(one.seen > 0 for one, _ in taken),
        expected_happened=float(sum(t.some for _, t in taken)),
        bits=float(bits),
        expected=float(expected),
        sd=sd,
        z=normal_score(raw, float(skew)),
    ), raw


def _take(told: Predictive, one: Asked, eta: Floats) -> Taken | None:
    """Tell one choice; None where it arises under no draw."""
    change = one.change
    if one.mate is not None:
        dispute, level = eta[:, 0], eta[:, 1]
        if np.isnan(dispute[:, 0]).all():
            return None
        return told.take_war(change.year, dispute, level, fought=bool(one.seen))
    if np.isnan(eta[:, 0, 0]).all():
        return None
    most = told.alternatives(change.process)
    seen = (min(one.seen, most),)
    return told.take(change.process, change.year, eta[:, 0], seen, war=one.war)
