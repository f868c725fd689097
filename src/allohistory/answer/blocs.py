"""
Blocs of great powers, told from pledges alone, and which of them is the same from year to year.

Rule. The powers of a year are the majors and the pair asked about. Two groups of powers become
one where at least half of the dyads across them are pledged to defense or offense and no two of
them are rivals or at war; the most pledged go first. The pair asked about may be rivals. A bloc
is two such powers at least, or one with three clients: states that are no powers and are pledged
to no weightier power. Everybody else who is pledged to a power of a bloc, and at war with none of
it, is its ally; of several, of the one with most weight pledged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.run import History

CLIENTS = 3
"""States that follow a single power and make it a bloc."""
SHARE = 0.5
"""Least share of dyads across two groups that are pledged."""
MEMORY = 15
"""Years after which a bloc that comes back is another one."""
SLOTS = 6
"""Colours there are."""


@dataclass(frozen=True, slots=True)
class Bloc:
    """Powers of a bloc in a year, and its other members."""

    powers: frozenset[int]
    allies: frozenset[int] = frozenset()


def blocs_of(h: History, y: int, pair: Sequence[int], ties: NDArray[np.int64]) -> list[Bloc]:
    """
    Blocs at the end of a year, weightiest first.

    Parameters
    ----------
    h : History
    y : int
        Row of the year.
    pair : sequence of int
        The pair asked about: powers of their own question.
    ties : (N, N) int64
        Number of treaties of defense or offense that bind each dyad.
    """
    active = h.status[y, w.ACTIVE] > 0
    weight = np.where(active, np.exp(h.state[y, w.CAP]), 0.0)
    pledged = h.link[y, w.ALLY] == 2
    fights = h.link[y, w.WAR] == w.OPPOSED
    rivals = h.link[y, w.RIVAL] > 0
    a, b = pair
    rivals[a, b] = rivals[b, a] = rivals[a, b] and not pledged[a, b]
    apart = fights | rivals
    powers = [i for i in range(len(active)) if active[i] and (h.status[y, w.MAJOR, i] or i in pair)]
    groups = [frozenset([i]) for i in powers]
    while True:
        best: tuple[float, float, float, frozenset[int], frozenset[int]] | None = None
        for one, other in combinations(groups, 2):
            at = np.ix_(sorted(one), sorted(other))
            share = float(pledged[at].mean())
            if share < SHARE or apart[at].any():
                continue
            heavy = float(weight[sorted(one | other)].sum())
            found = (share, float(ties[at].mean()), heavy, one, other)
            if best is None or found[:3] > best[:3]:
                best = found
        if best is None:
            break
        groups = [g for g in groups if g not in best[3:]] + [best[3] | best[4]]
    lords = np.where(pledged & ~fights & active[:, None], weight, 0.0)[:, powers]
    clients = np.zeros(len(active), np.int64)
    for j in np.flatnonzero(lords.any(axis=1)):
        if j not in powers:
            clients[powers[int(np.argmax(lords[j]))]] += 1
    groups = [g for g in groups if len(g) > 1 or clients[min(g)] >= CLIENTS]
    allies = _allies(groups, pledged & active, fights, weight)
    out = [Bloc(g, frozenset(allies[k])) for k, g in enumerate(groups)]
    return sorted(out, key=lambda b: (-weight[sorted(b.powers)].sum(), sorted(b.powers)))


def _allies(
    groups: list[frozenset[int]],
    pledged: NDArray[np.bool_],
    fights: NDArray[np.bool_],
    weight: NDArray[np.float64],
) -> list[set[int]]:
    allies: list[set[int]] = [set() for _ in groups]
    taken = frozenset().union(*groups)
    for j in range(len(weight)):
        if j in taken or not weight[j]:
            continue
        pull = [
            0.0 if fights[j, sorted(g)].any() else float(weight[sorted(g)] @ pledged[sorted(g), j])
            for g in groups
        ]
        if max(pull, default=0.0) > 0:
            allies[int(np.argmax(pull))].add(j)
    return allies


@dataclass(slots=True)
class Tracker:
    """
    Which bloc of a year is which of the years before: the same keeps its number and colour.

    A bloc is the same if the powers that both have in common weigh at least half of either.

    Attributes
    ----------
    slots : list of int
        Colour of each bloc, by its number.
    """

    slots: list[int] = field(default_factory=list)
    _seen: dict[str, dict[int, tuple[int, frozenset[int]]]] = field(default_factory=dict)

    def follow(
        self, world: str, year: int, found: list[Bloc], weight: NDArray[np.float64],
        beside: str = "",
    ) -> list[int]:  # fmt: skip
        """
        Numbers of the blocs of a year.

        Parameters
        ----------
        world : str
            Whose blocs they are; years must come in order.
        year : int
        found : list of Bloc
        weight : (N,) float64
        beside : str
            World whose blocs of the same year may be the same, if any.
        """
        seen = self._seen.setdefault(world, dict(self._seen.get(beside, {})))
        known = dict(self._seen.get(beside, {})) | seen
        for k, (then, _) in self._seen.get(beside, {}).items():
            if then == year and seen.get(k, (0,))[0] < year - 1:
                known[k] = self._seen[beside][k]
        known = {k: v for k, v in known.items() if year - v[0] <= MEMORY}
        pairs = []
        for n, bloc in enumerate(found):
            for k, (then, powers) in known.items():
                both = weight[sorted(powers & bloc.powers)].sum()
                most = max(weight[sorted(bloc.powers)].sum(), weight[sorted(powers)].sum())
                if both and both >= 0.5 * most:
                    pairs.append((then < year - 1, -both / most, k, n))
        numbers = [-1] * len(found)
        # No two blocs of a year in one colour.
        taken: set[int] = set()
        for _, _, k, n in sorted(pairs):
            if numbers[n] < 0 and k not in numbers and self.slots[k] not in taken:
                numbers[n] = k
                taken.add(self.slots[k])
                seen[k] = (year, found[n].powers)
        for n, bloc in enumerate(found):
            if numbers[n] < 0:
                self.slots.append(self._free(taken))
                numbers[n] = len(self.slots) - 1
                taken.add(self.slots[-1])
                seen[numbers[n]] = (year, bloc.powers)
        return numbers

    def _free(self, taken: set[int]) -> int:
        """Give the colour longest out of use, the first of those never used."""
        last = [-1] * SLOTS
        for world in self._seen.values():
            for k, (then, _) in world.items():
                last[self.slots[k]] = max(last[self.slots[k]], then)
        return min(range(SLOTS), key=lambda s: (s in taken, last[s], s))
