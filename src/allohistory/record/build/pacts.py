"""
Treaties put together again from allied dyad-years.

The published table says who is pledged what to whom in which year, not by which treaty. Year by
year every pledge is explained by a treaty in force, by a state's accession to one, or by a new
treaty. The explanation that covers the most new dyads per signature comes first.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allohistory.record.build.roster import Bools

Pledges = NDArray[np.uint8]
Edges = list[tuple[int, int]]

STRONG = 3
"""Defense and offense: the pledges that make an alliance of level 2."""
MOST = 0.6
"""Share of the members to whom a state must be newly pledged to count as acceding."""
HALF = 0.5
NEARLY = 0.9
DENSE = 0.65
"""Least share of new dyads in a group taken to have signed one treaty."""
BITS = (1, 2, 4, 8, 16)
STARTS = 4
"""Where the search for a group of signatories begins: its best-connected states."""


@dataclass(eq=False)
class Pact:
    """
    A treaty.

    Attributes
    ----------
    year : int
        Row of its first year.
    bits : int
        What it pledges now; `signed` is what it pledged at first.
    joined, last, own : dict of int to int
        Of each member ever: row of joining, last row in force for it, its own pledges.
    members : set of int
        Who belongs now, members that are out of the system included.
    """

    year: int
    bits: int
    signed: int
    joined: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    own: dict[int, int] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)

    def admit(self, state: int, year: int) -> None:
        """Make a state a member."""
        self.members.add(state)
        self.joined[state] = self.last[state] = year


def enough(have: Pledges | np.uint8, bits: int) -> Bools:
    """Whether pledges reach the level of a treaty, even if not every word of it."""
    return np.asarray((have & STRONG) > 0 if bits & STRONG else have > 0)


@dataclass(eq=False)
class Search:
    """
    The walk through the years.

    Parameters
    ----------
    directed : (Y, N, N) uint8
        Pledges of the second axis to the third.
    touch : (Y, N) bool
        Membership of the system.
    """

    directed: Pledges
    touch: Bools
    pacts: list[Pact] = field(default_factory=list)
    alive: list[Pact] = field(default_factory=list)
    starts: int = 0
    ambiguous: int = 0
    _need: Pledges = field(init=False)
    _have: Pledges = field(init=False)
    _quiet: Pledges = field(init=False)

    def run(self) -> list[Pact]:
        """Explain every year; returns all treaties in the order of their founding."""
        years, states = self.touch.shape
        self._quiet = np.zeros((states, states), np.uint8)
        before = np.zeros((states, states), np.uint8)
        gone = np.zeros(states, bool)
        for t in range(years):
            both = self.directed[t] | self.directed[t].T
            here = self.touch[t]
            self._have = np.where(np.outer(here, here), both, 0).astype(np.uint8)
            same = (self._have == before).all(axis=1) & (here == gone)
            before, gone = self._have, here
            cover = np.zeros_like(both)
            present, settled = here.tolist(), same.tolist()
            for pact in self.alive:
                self._renew(pact, t, present, settled, cover)
            self.alive = [pact for pact in self.alive if len(pact.members) > 1]
            self._quiet &= self._have
            self._need = self._have & ~cover & ~self._quiet
            if self._need.any():
                self._explain(t)
        return self.pacts

    # ---- treaties in force ---------------------------------------------------------------------

    def _renew(
        self, pact: Pact, t: int, present: list[bool], settled: list[bool], cover: Pledges
    ) -> None:
        """Keep a treaty in force among the members that still pledge what it says."""
        here = [i for i in pact.members if present[i]]
        if len(here) > 1 and not all(settled[i] for i in here):
            here = self._faithful(pact, sorted(here))
        if len(here) < 2:
            return
        if len(here) == 2:
            i, j = here
            cover[i, j] = cover[j, i] = int(cover[i, j]) | pact.bits & int(self._have[i, j])
        else:
            who = np.array(here)
            cover[who[:, None], who] |= pact.bits & self._have[who[:, None], who]
        for i in here:
            pact.last[i] = t

    def _faithful(self, pact: Pact, here: list[int]) -> list[int]:
        """
        Members at hand that remain; the others are dropped, worst first.

        A treaty of which most dyads lose a word keeps the rest if all keep its level, and is
        over if they do not.
        """
        while len(here) > 1:
            who = np.array(here)
            have = self._have[who[:, None], who]
            if ((have & pact.bits) == pact.bits).sum() == have.size - len(here):
                return here
            off = ~np.eye(len(here), dtype=bool)
            exact = (have & pact.bits) == pact.bits
            loose = enough(have, pact.bits) | ~off
            if exact[off].mean() < HALF:
                held = [bit for bit in BITS if ((have & bit) > 0)[off].mean() >= HALF]
                kept = sum(bit & pact.bits for bit in held)
                if not kept or loose[off].mean() < NEARLY or not enough(np.uint8(kept), pact.bits):
                    pact.members.clear()
                    return []
                pact.bits = kept
                continue
            thin = ((exact & off).sum(axis=1) < HALF * (len(here) - 1)).astype(int)
            short = (~loose).sum(axis=1) * len(here) + thin
            if not short.any():
                return here
            out = here[int(short.argmax())]
            pact.members.discard(out)
            here = [i for i in here if i != out]
        return here

    # ---- new pledges ---------------------------------------------------------------------------

    def _explain(self, t: int) -> None:
        self.starts += int(np.triu(self._need > 0).sum())
        fresh = np.zeros_like(self._need)
        while True:
            group, bits, worth = self._best_group()
            pact, joiners, gain = self._best_accession(t)
            if max(worth, gain) <= 0:
                break
            if gain >= worth and pact is not None:
                for k in joiners:
                    pact.admit(k, t)
                members = [i for i in pact.members if self.touch[t, i]]
                self._settle(t, pact, members, fresh)
            else:
                self._settle(t, self._found(t, group, bits), group, fresh)
        self._stars(t, fresh)
        for i, j in np.argwhere(np.triu(self._need > 0)).tolist():
            rest = int(self._need[i, j])
            if fresh[i, j] and (rest & STRONG == 0 or fresh[i, j] & STRONG):
                # What one treaty of this year leaves over is not worth a second one.
                self._quiet[i, j] |= rest
                self._quiet[j, i] |= rest
                continue
            shared = (self._need[i] > 0) & (self._need[j] > 0)
            self.ambiguous += int(shared.any())
            self._own(t, self._found(t, [i, j], rest), [i, j])

    def _stars(self, t: int, fresh: Pledges) -> None:
        """
        Sign one treaty for a state and several allies of each other.

        The Triple Alliance of 1882 pledged Italy to two states already allied. Taken for one
        treaty only if the new pledges are the same and end in the same year; for pledges still
        in force at the end of the table nothing is known of their end.
        """
        hubs = np.flatnonzero((self._need > 0).sum(axis=1) > 1)
        for hub in hubs.tolist():
            bundles: dict[tuple[int, int], list[int]] = {}
            for i in np.flatnonzero(self._need[hub]).tolist():
                bits = int(self._need[hub, i])
                bundles.setdefault((bits, self._until(t, hub, i, bits)), []).append(i)
            for (bits, until), some in bundles.items():
                if until >= len(self.directed) or fresh[hub, some].any():
                    continue
                group = [hub]
                for i in some:
                    if all(int(self._have[i, j]) & bits == bits for j in group):
                        group.append(i)
                if len(group) > 2:
                    self._settle(t, self._found(t, sorted(group), bits), sorted(group), fresh)

    def _until(self, t: int, i: int, j: int, bits: int) -> int:
        """First year in which a pledge is no longer there."""
        later = self.directed[t:, i, j] | self.directed[t:, j, i]
        gone = np.flatnonzero(((later & bits) != bits) | ~self.touch[t:, i] | ~self.touch[t:, j])
        return t + int(gone[0]) if len(gone) else len(self.directed)

    def _found(self, t: int, group: list[int], bits: int) -> Pact:
        pact = Pact(t, bits, bits)
        for i in group:
            pact.admit(i, t)
        self.pacts.append(pact)
        self.alive.append(pact)
        return pact

    def _own(self, t: int, pact: Pact, group: list[int]) -> None:
        """Note what each member itself pledges to the others."""
        pledged = np.bitwise_or.reduce(self.directed[t][np.ix_(group, group)], axis=1)
        for place, i in enumerate(group):
            pact.own.setdefault(i, int(pledged[place]) & pact.bits)

    def _settle(self, t: int, pact: Pact, group: list[int], fresh: Pledges) -> None:
        """Take what a treaty explains off the list of what is still to be explained."""
        square = np.ix_(group, group)
        new = np.zeros_like(self._need, dtype=bool)
        new[square] = (self._need[square] & pact.bits) > 0
        self._count_doubts(pact, group, new)
        fresh[square] |= np.where(new[square], pact.bits, 0).astype(np.uint8)
        self._need[square] &= np.uint8(~pact.bits & 0xFF)
        self._own(t, pact, group)

    def _count_doubts(self, pact: Pact, group: list[int], new: Bools) -> None:
        """Dyads that an outsider with the same new pledges to both could claim as well."""
        outside = np.ones(len(self._need), bool)
        outside[group] = False
        tied = ((self._need & pact.bits) > 0) & outside[None, :]
        common = tied[group].astype(np.int64) @ tied[group].T.astype(np.int64) > 0
        self.ambiguous += int((np.triu(new[np.ix_(group, group)]) & common).sum())

    def _best_group(self) -> tuple[list[int], int, float]:
        """States that signed together: the group with the most new dyads per signature."""
        best: tuple[list[int], int, float] = ([], 0, 0.0)
        values = np.unique(self._need[self._need > 0]).tolist()
        for bits in sorted(values, key=lambda b: (-b.bit_count(), b)):
            fits = (self._have & bits) == bits
            new = fits & ((self._need & bits) > 0)
            degree = new.sum(axis=1)
            nodes = np.flatnonzero(degree > 1)
            if len(nodes) < 3:
                continue
            order = nodes[np.argsort(-degree[nodes], kind="stable")]
            for start in order[:STARTS].tolist():
                group, edges = _grow(start, nodes, fits, new)
                worth = edges / (len(group) + 1)
                dense = edges >= DENSE * len(group) * (len(group) - 1) / 2
                if dense and len(group) > 2 and worth > best[2]:
                    best = (sorted(group), int(bits), worth)
        return best

    def _best_accession(self, t: int) -> tuple[Pact | None, list[int], float]:
        """Treaty to which the fewest states bring the most new dyads by acceding."""
        near: dict[int, set[int]] = {}
        for i, j in np.argwhere(self._need > 0).tolist():
            near.setdefault(i, set()).add(j)
        best: tuple[Pact | None, list[int], float] = (None, [], 0.0)
        for pact in self.alive:
            old = sum(pact.joined[i] < t for i in pact.members)
            here = [i for i in pact.members if i in near]
            # Nobody accedes to a pair: three states sign anew.
            if old < 3 or len(here) < MOST * len(pact.members):
                continue
            room = old // 2 - len(pact.members) + old
            counts = Counter(k for i in here for k in near[i])
            willing = [
                k
                for k, n in counts.most_common()
                if n >= MOST * len(pact.members) and k not in pact.joined
            ]
            joiners, edges = self._joiners(pact, willing)
            if joiners and len(joiners) <= room:
                worth = edges / len(joiners)
                if worth > best[2]:
                    best = (pact, joiners, worth)
        return best

    def _joiners(self, pact: Pact, willing: list[int]) -> tuple[list[int], int]:
        """States among the willing that fit the members and each other."""
        circle = sorted(i for i in pact.members if self._have[i].any())
        joiners: list[int] = []
        edges = 0
        if len(circle) < 2:
            return joiners, edges
        for k in willing:
            have, need = self._have[k, circle], self._need[k, circle]
            new = int(((need & pact.bits) > 0).sum())
            exact = float(((have & pact.bits) == pact.bits).mean())
            whole = bool(enough(have, pact.bits).all())
            if whole and exact >= MOST and new >= MOST * len(circle):
                joiners.append(k)
                circle.append(k)
                edges += new
        return joiners, edges


def _grow(start: int, nodes: NDArray[np.int64], fits: Bools, new: Bools) -> tuple[list[int], int]:
    """Add states that fit everybody in a group, the one with the most new dyads first."""
    group, edges = [start], 0
    count = new[start].astype(np.int64)
    degree = new.sum(axis=1)
    able = np.zeros(len(fits), bool)
    able[nodes] = True
    able &= fits[start]
    able[start] = False
    while able.any():
        score = np.where(able, count * 1000 + degree, -1)
        k = int(score.argmax())
        if count[k] < max(1, HALF * len(group)):
            break
        group.append(k)
        edges += int(count[k])
        count += new[k]
        able &= fits[k]
        able[k] = False
    return group, edges
