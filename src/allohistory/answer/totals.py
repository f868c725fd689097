"""
What an answer needs of its runs, summed as they arrive: memory does not grow with their number.

Chances need hits by parameter draw, effects and curves sums by parameter draw, medians counts of
whole years, and typical worlds a sample of the runs.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.recfunctions import repack_fields
from numpy.typing import NDArray

from allohistory.answer.probe import QUANTITIES
from allohistory.answer.work import Found, Rows, code
from allohistory.counterfactual.twin import FRESH
from allohistory.question import goals
from allohistory.question.rungs import CODES, SECOND, TAKEN, UNDER

Floats = NDArray[np.float64]
KEPT = 1024
"""Runs of a plan among which a typical one is looked for; with no more runs, all of them."""
ALIVE = [
    [name for name, _ in QUANTITIES].index(f"{{{one}}} still a state at the end") for one in "ab"
]
"""Places of the quantities that tell whether either of the pair is still a state."""
SUMMED = ("met", "firm", "place", "quantities", "relations", "shares", "outcomes")


def median(counts: Mapping[int, int]) -> float:
    """
    Median of values that are counted.

    Examples
    --------
    >>> median(Counter({3: 2, 5: 1, 9: 1}))
    4.0
    """
    values = sorted(counts)
    last = np.cumsum([counts[v] for v in values])
    low, high = (
        int(np.searchsorted(last, k, "right")) for k in ((last[-1] - 1) // 2, last[-1] // 2)
    )
    return float(np.mean([values[low], values[high]]))


@dataclass(slots=True, eq=False)
class Side:
    """
    The runs of one side of a twin in one mode.

    Attributes
    ----------
    sizes : (D,) int64
        Runs by parameter draw.
    sums : dict of str to (D, ...) float64
        Sums of the fields in `SUMMED`, by parameter draw; ``bond`` of the worlds at each of
        `bond.CODES` by year; ``fate`` of those in which the first or the second ever comes under
        the other, in which one is taken over, and in which one that came under is its own again.
    under : Counter
        Years until one of the two first comes under the other.
    first, closest : Counter, list of Counter
        Years to the first strong pact; whom each of the pair was closest to.
    spells : Counter of (int, bool)
        Length of the longest strong pact and whether it was still running.
    miles : list of Counter
        Years to each milestone that was reached.
    """

    draws: int
    sizes: NDArray[np.int64] = field(init=False)
    sums: dict[str, Floats] = field(default_factory=dict)
    first: Counter[int] = field(default_factory=Counter)
    under: Counter[int] = field(default_factory=Counter)
    spells: Counter[tuple[int, bool]] = field(default_factory=Counter)
    closest: list[Counter[int]] = field(default_factory=list)
    miles: list[Counter[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sizes = np.zeros(self.draws, np.int64)

    @property
    def many(self) -> int:
        """Number of runs."""
        return int(self.sizes.sum())

    def add(self, rows: Rows) -> None:
        """Take in runs."""
        draw = rows["draw"]
        np.add.at(self.sizes, draw, 1)
        bond = rows["bond"]
        under = bond % SECOND >= UNDER
        came = under.any(axis=1)
        when = under.argmax(axis=1)
        second = came & (bond[np.arange(len(bond)), when] >= SECOND)
        taken = (bond % SECOND == TAKEN).any(axis=1)
        alive = np.where(second, rows["quantities"][:, ALIVE[1]], rows["quantities"][:, ALIVE[0]])
        own = came & ~under[:, -1] & (alive > 0)
        self.under.update(when[came].tolist())
        made = {
            "bond": bond[:, :, None] == np.array(CODES, np.int8),
            "fate": np.stack([came & ~second, second, taken, own], axis=1),
        }
        for name in (*SUMMED, *made):
            part = made[name] if name in made else rows[name]
            if name not in self.sums:
                self.sums[name] = np.zeros((self.draws, *part.shape[1:]))
                self.closest = [Counter() for _ in range(rows["closest"].shape[1])]
                self.miles = [Counter() for _ in range(rows["miles"].shape[1])]
            np.add.at(self.sums[name], draw, part)
        had = rows[rows["first"] >= 0]
        self.first.update(had["first"].tolist())
        self.spells.update(zip(had["longest"].tolist(), had["censored"].tolist(), strict=True))
        for counter, who in zip(self.closest, rows["closest"].T, strict=True):
            counter.update(who.tolist())
        for counter, years in zip(self.miles, rows["miles"].T, strict=True):
            counter.update(years[years >= 0].tolist())

    def by_draw(self, name: str, *at: int) -> tuple[Floats, NDArray[np.int64]]:
        """Sums of one number by parameter draw, and how many runs each draw has."""
        some = self.sizes > 0
        return self.sums[name][(some, *at)], self.sizes[some]

    def mean(self, name: str, *at: int) -> float:
        """Mean of one number over runs."""
        return float(self.by_draw(name, *at)[0].sum() / self.many)


@dataclass(slots=True, eq=False)
class Sample:
    """Some runs, chosen by a hash of their number: as good as by lot, and the same every time."""

    kept: list[Rows] = field(default_factory=list)
    held: int = 0

    def add(self, rows: Rows) -> None:
        """Take in runs, and let go what is beyond the number kept."""
        self.kept.append(repack_fields(rows[["draw", "run", "met", "quantities"]]))
        self.held += len(rows)
        if self.held > 2 * KEPT:
            self.rows()

    def rows(self) -> Rows:
        """The runs kept, in order: parameter draw, number, whether met, quantities."""
        found = np.concatenate(self.kept)
        if len(found) > KEPT:
            lots = scramble(found["run"])
            found = found[np.sort(np.argsort(lots, kind="stable")[:KEPT])]
        self.kept, self.held = [found], len(found)
        return found


def scramble(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Finalizer of splitmix64 (Steele, Lea and Flood 2014), as a lot for each run."""
    z = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@dataclass(slots=True, eq=False)
class Totals:
    """
    All runs of one unit of work: the fresh runs from one year, or a plan in every mode.

    Attributes
    ----------
    sides : dict of int to Side
        By code of mode and side (`work.code`).
    every, reaching : Sample
        Of the fresh runs: of all, and of those that reach the goal.
    chain : dict of int to (1 + K,) float64
        By parameter draw: share of the steps that could be applied, log chance of each step.
    """

    draws: int
    sides: dict[int, Side] = field(default_factory=dict)
    every: Sample = field(default_factory=Sample)
    reaching: Sample = field(default_factory=Sample)
    chain: dict[int, Floats] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Take in what one piece of work found."""
        for side in np.unique(found.rows["side"]).tolist():
            part = found.rows[found.rows["side"] == side]
            self.sides.setdefault(side, Side(self.draws)).add(part)
        fresh = found.rows[found.rows["side"] == code(FRESH.name, "alternate")]
        self.every.add(fresh)
        self.reaching.add(fresh[fresh["met"][:, goals.M_TOGETHER]])
        self.chain.update({int(row[0]): row[1:] for row in found.chain})
