"""
The worlds that reached a goal beside all worlds: what a backward search reads from.

Worlds of the goal carry weights and come in families (copies share what happened before they were
copied); all intervals are bootstraps over parameter draws, within which families stay together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from allohistory.chance import chance
from allohistory.record.names import called
from allohistory.search import happenings as hp
from allohistory.search.split import Harvest, Reached

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int32]
Key = tuple[int, int, int]
"""Kind, who of the pair, third state."""
TIMES: Final = 1000
NEVER: Final = 1 << 20
SEEN: Final = 0.05
"""Share of the goal's worlds that an event or a route must have to be told by itself."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the pair and third states are called in sentences."""

    states: tuple[str, ...]
    pair: tuple[int, int]
    year: int

    def __call__(self, column: int) -> str:
        """Name of a state."""
        return called(self.states[column], self.year)

    def clause(self, key: Key) -> str:
        """An event as a clause."""
        kind, who, third = key
        a, b = (self(i) for i in self.pair)
        words = {"a": a, "b": b, "who": (a, b, "")[who]}
        if third >= 0:
            words["third"] = self(third)
        return hp.SAYS[kind][third >= 0].format(**words)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """
    The worlds of a goal and all worlds, by parameter draw.

    Attributes
    ----------
    weight, draw, family, begins : (M,)
        Of the goal's worlds: weight, number of the draw's place, number of the family (worlds
        with the same luck up to the spell), row in which the spell begins.
    goal : list of dict of Key to int
        First row of each event of each of the goal's worlds.
    worlds : tuple of Reached
        The goal's worlds.
    every, all_worlds
        As `goal` and `worlds`, of all worlds by draw.
    resampled : (T, D) int64
        How often each draw is in each bootstrap sample.
    """

    weight: Floats
    draw: NDArray[np.int64]
    family: NDArray[np.int64]
    begins: NDArray[np.int64]
    worlds: tuple[Reached, ...]
    goal: tuple[dict[Key, int], ...]
    every: tuple[tuple[dict[Key, int], ...], ...]
    all_worlds: tuple[tuple[Reached, ...], ...]
    resampled: NDArray[np.int64]

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return len(self.every)

    def share(self, has: Flags) -> tuple[Floats, float]:
        """Bootstrap values, and the value, of a share of the goal's worlds."""
        mine = np.bincount(self.draw, self.weight * has, self.draws)
        whole = np.bincount(self.draw, self.weight, self.draws)
        again = (self.resampled * mine).sum(axis=1)
        # A sample of draws without any world of the goal says nothing.
        total = (self.resampled * whole).sum(axis=1)
        told = total > 0
        return again[told] / total[told], float(mine.sum() / whole.sum())

    def size(self, has: Flags) -> float:
        """Effective number of families among some of the goal's worlds (Kish)."""
        total = np.bincount(self.family[has], self.weight[has])
        square = float((total**2).sum())
        return float(total.sum() ** 2 / square) if square > 0 else 0.0


def firsts(events: Rows) -> dict[Key, int]:
    """First row of each event of a world; what held at the start has row 0."""
    out: dict[Key, int] = {}
    for kind, who, third, row in events.tolist():
        out.setdefault((kind, who, third), row)
    return out


def field_of(
    goal: Sequence[tuple[int, Harvest]], every: Sequence[Harvest], start: int, seed: int
) -> Field:
    """
    Put the worlds of some populations and of the plain runs side by side.

    Parameters
    ----------
    goal : sequence of (int, Harvest)
        Place of the draw, and a population of it.
    every : sequence of Harvest
        Plain runs by draw.
    start, seed : int
    """
    rows = [(d, w.weight / h.many, w) for d, h in goal for w in h.worlds if w.begins >= 0]
    names: dict[object, int] = {}
    family = [
        names.setdefault((d, tuple(s for s in w.segments if s[0] <= start + w.begins)), len(names))
        for d, _, w in rows
    ]
    rng = np.random.Generator(np.random.Philox(seed))
    return Field(
        np.array([weight for _, weight, _ in rows]),
        np.array([d for d, _, _ in rows], np.int64),
        np.array(family, np.int64),
        np.array([w.begins for _, _, w in rows], np.int64),
        tuple(w for _, _, w in rows),
        tuple(firsts(w.events) for _, _, w in rows),
        tuple(tuple(firsts(w.events) for w in h.worlds) for h in every),
        tuple(h.worlds for h in every),
        rng.multinomial(len(every), np.full(len(every), 1 / len(every)), TIMES),
    )


def band(values: Floats, middle: float) -> tuple[float, float]:
    """90% interval of bootstrap values that holds the value itself."""
    low, high = np.quantile(values, [0.05, 0.95]) if len(values) else (middle, middle)
    return float(min(low, middle)), float(max(high, middle))


def bounds(field: Field, values: Floats, share: float) -> tuple[float, float]:
    """
    90% interval of a share of the goal's worlds.

    The wider of the bootstrap over draws and of the Jeffreys interval of as many worlds as there
    are families: where few draws carry the goal, the bootstrap alone is too narrow.
    """
    low, high = band(values, share)
    size = max(field.size(np.ones(len(field.weight), np.bool_)), 1.0)
    told = chance([share * size], [size])
    return min(low, told["lo"]), max(high, told["hi"])


def before(field: Field, key: Key) -> Flags:
    """Which of the goal's worlds saw an event before the spell began."""
    return np.array(
        [0 < seen.get(key, NEVER) < t for seen, t in zip(field.goal, field.begins, strict=True)]
    )


def rival_until(events: Rows, third: int, rows: int) -> Flags:
    """In which rows a state is a rival of both."""
    out = np.zeros(rows, np.bool_)
    for kind, _, k, row in events.tolist():
        if k == third and kind in (hp.COMMON, hp.UNCOMMON):
            out[row:] = kind == hp.COMMON
    return out


def standing(field: Field, third: int) -> Flags:
    """Which of the goal's worlds have a state for a common rival as the spell begins."""
    starts = zip(field.worlds, field.begins, strict=True)
    return np.array([rival_until(x.events, third, t + 1)[t] for x, t in starts], np.bool_)


def common(events: Rows, row: int) -> set[int]:
    """Who is a rival of both at a row."""
    out: set[int] = set()
    for kind, _, third, at in events.tolist():
        if at <= row and kind == hp.COMMON:
            out.add(third)
        elif at <= row and kind == hp.UNCOMMON:
            out.discard(third)
    return out
