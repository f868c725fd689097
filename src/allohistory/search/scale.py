"""
Ways to say how far-fetched something is: bits, "1 in N", and the forum's marks from 0 to 5.

The cut points were set before any event was rated. They are equal steps on the scale of bits
where people still feel a difference (two bits at the top, then five), and end where "never" is
an honest word: 5 likelier than 1 in 4; 4 to 1 in 16; 3 to 1 in 256; 2 to 1 in 8,192; 1 to 1 in
a million (2^20); 0 beyond.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from allohistory.engine.coupling import LEAST_CHANCE

CUTS: Final = (2.0, 4.0, 8.0, 13.0, 20.0)
"""Most bits that still earn a 5, 4, 3, 2, 1."""
WORDS: Final = (
    "out of the question",
    "far-fetched",
    "a stretch",
    "possible",
    "quite possible",
    "likely enough",
)
MOST_BITS: Final = float(-np.log2(LEAST_CHANCE))
"""Beyond this the model's numbers mean nothing: such a price reads "at least"."""


@dataclass(frozen=True, slots=True)
class Bits:
    """
    A surprise with its 90% interval.

    Attributes
    ----------
    bits, low, high : float
        `high` is infinite where some draws cannot bring it about.
    at_least : bool
        The model gives less than `coupling.LEAST_CHANCE`, or cannot bring it about at all.
    """

    bits: float
    low: float
    high: float
    at_least: bool = False

    @property
    def mark(self) -> int:
        """On the scale from 0 to 5."""
        return plausibility(self.bits)

    def to_dict(self) -> dict[str, float | int | bool | None]:
        """For JSON."""
        return {
            "bits": self.bits,
            "lo": round(self.low, 3),
            "hi": round(self.high, 3) if np.isfinite(self.high) else None,
            "at_least": self.at_least,
            "one_in": round(float(2.0 ** min(self.bits, 1000.0)), 1),
            "plausibility": self.mark,
        }


def plausibility(bits: float) -> int:
    """
    Marks from 5 (likely enough) to 0 (out of the question), never more for more bits.

    Examples
    --------
    >>> [plausibility(b) for b in (0, 2, 2.1, 8, 13, 20, 20.1)]
    [5, 5, 4, 3, 2, 1, 0]
    """
    return sum(bits <= cut for cut in CUTS)


def floored(bits: float) -> tuple[float, bool]:
    """Bits that mean something, and whether they are a lower bound."""
    return (MOST_BITS, True) if bits > MOST_BITS else (max(bits, 0.0), False)
