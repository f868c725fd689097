"""
New allied dyads, most of which come of treaties of many: chance of each pair, and how many.

A founding pair is drawn with chances proportional to its probability (systematically, so that
likely pairs are in for certain), and for each pair drawn the model says whether others may join
and who does; accessions to open treaties come on top. The sum over these is the rate at which two
states become allied (Rao-Blackwell: nothing but the founding pair is drawn).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.check import forecast as f
from allohistory.check.frames import PROBED, Floats, Frame, Ints, Walker, width
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters

WORLDS = 320
"""Simulated worlds of a year for the counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """
    A founding pair that was drawn, and who would join it.

    Attributes
    ----------
    strong, a, b : int
    weight : float
        Reciprocal of its chance to be drawn.
    found, opens : (D,) float64
        Chance to be founded (shocks averaged) and to be open, by draw.
    who : (k,) int64
    joins : (k, D) float64
    """

    strong: int
    a: int
    b: int
    weight: float
    found: Floats
    opens: Floats
    who: Ints
    joins: Floats


def _systematic(p: Floats, many: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Draw about `many` rows with chances proportional to p; returns rows and their chances."""
    chance = np.zeros(len(p))
    sure = np.zeros(len(p), bool)
    while True:
        rest = p[~sure].sum()
        room = many - sure.sum()
        chance[sure] = 1.0
        chance[~sure] = p[~sure] * (room / rest) if rest > 0 and room > 0 else 0.0
        above = (chance > 1.0) & ~sure
        if not above.any():
            break
        sure |= above
    total, start = np.cumsum(chance), rng.random()
    before = np.concatenate([[0.0], total[:-1]])
    rows = np.flatnonzero(np.floor(total + start) > np.floor(before + start))
    return rows, chance[rows]


@dataclass(slots=True, eq=False)
class View:
    """
    A year of the record as the model of a cut-off sees it; what is dear is worked out once.

    Attributes
    ----------
    frame : Frame
    draws : sequence of Parameters
    walker : Walker
        Stands at the end of the frame's year.
    """

    frame: Frame
    draws: Sequence[Parameters]
    walker: Walker
    _few: list[Parameters] = field(default_factory=list)
    _level: Floats | None = None
    _opened: list[Opened] | None = None
    _rates: tuple[Floats, Floats] | None = None

    def few(self) -> list[Parameters]:
        """Some of the draws, for what grows with the square of the states."""
        if not self._few:
            self._few = f.thin(self.draws)
        return self._few

    def _probe(self) -> None:
        """Ask the year what would follow if more were begun."""
        frame, few = self.frame, self.few()
        rng = np.random.default_rng(frame.year)
        drawn: dict[tuple[int, int, int], tuple[float, Floats]] = {}
        room = min(PROBED, self.walker.room())
        for strong in (1, 0):
            process = m.FOUND_STRONG if strong else m.FOUND_WEAK
            rows = frame.at(process)
            if not len(rows) or room < 2:
                continue
            p = f.shocked(frame.x(process), few, process).mean(2, dtype=np.float64)
            picked, chance = _systematic(p.mean(1), room // 2 - 1, rng)
            for r, c in zip(picked, chance, strict=True):
                i, j = frame.rows[rows[r], 2:4]
                drawn[strong, int(i), int(j)] = float(1.0 / c), p[r]
        pairs = [(m.FOUND_STRONG if s else m.FOUND_WEAK, i, j) for s, i, j in drawn]
        dyads = frame.rows[frame.at(m.DISPUTE)][:, 2:4]
        found, x, pact = self.walker.probe(pairs, dyads)
        level = np.flatnonzero(found[:, 0] == m.LEVEL)
        assert np.array_equal(found[level, 2:4], dyads), "every dyad is asked for its level"
        self._level = x[level, : width(m.LEVEL)]
        self._opened = []
        member = np.flatnonzero(found[:, 0] == m.MEMBER)
        joins = f.binary(x[member, : width(m.MEMBER)], few, m.MEMBER)
        asked = np.flatnonzero(found[:, 0] == m.OPEN)
        opens = f.binary(x[asked, : width(m.OPEN)], few, m.OPEN)
        edges = np.searchsorted(found[member, 2], found[asked, 2], side="left")
        ends = np.searchsorted(found[member, 2], found[asked, 2], side="right")
        for r, row in enumerate(asked):
            t = found[row, 2]
            strong, i, j = (int(pact[k, t]) for k in (w.T_STRONG, w.T_A, w.T_B))
            if (strong, i, j) in drawn:
                weight, p = drawn[strong, i, j]
                part = slice(edges[r], ends[r])
                self._opened.append(
                    Opened(strong, i, j, weight, p, opens[r], found[member[part], 3], joins[part])
                )

    def level(self) -> Floats:
        """Covariates of escalation of every directed dyad, in the order of the disputes."""
        if self._level is None:
            self._probe()
        assert self._level is not None
        return self._level

    def opened(self) -> list[Opened]:
        """Founding pairs drawn from this year's chances."""
        if self._opened is None:
            self._probe()
        assert self._opened is not None
        return self._opened

    def accessions(self) -> list[tuple[int, Ints, Floats, Ints]]:
        """Open treaties: pledge, who may accede, their chances by draw, and who is a member."""
        frame = self.frame
        rows = frame.at(m.ACCEDE)
        chance = f.binary(frame.x(m.ACCEDE), self.few(), m.ACCEDE)
        out = []
        for t in np.unique(frame.rows[rows, 2]):
            mine = np.flatnonzero(frame.rows[rows, 2] == t)
            inside = np.flatnonzero(frame.member[t] > 0)
            out.append(
                (int(frame.pact[w.T_STRONG, t]), frame.rows[rows[mine], 3], chance[mine], inside)
            )
        return out

    def rates(self) -> tuple[Floats, Floats]:
        """
        Rate at which each pair becomes allied this year.

        Returns
        -------
        strong, any_level : (N, N) float64
        """
        if self._rates is None:
            n = self.frame.before.shape[0]
            by_level = np.zeros((n, n)), np.zeros((n, n))
            for strong in (1, 0):
                process = m.FOUND_STRONG if strong else m.FOUND_WEAK
                own = f.shocked(self.frame.x(process), self.few(), process).mean((1, 2))
                i, j = self.frame.rows[self.frame.at(process)][:, 2:4].T
                by_level[strong][i, j] += own
                by_level[strong][j, i] += own
            for o in self.opened():
                who = np.append(o.who, [o.a, o.b])
                joins = np.vstack([o.joins, np.ones((2, o.joins.shape[1]))])
                weight = o.weight * o.found * o.opens / len(o.found)
                both = (joins * weight) @ joins.T
                both[-1, -2] = both[-2, -1] = 0.0
                by_level[o.strong][np.ix_(who, who)] += both
            for strong, who, chance, inside in self.accessions():
                both = chance @ chance.T / chance.shape[1]
                by_level[strong][np.ix_(who, who)] += both
                by_level[strong][np.ix_(who, inside)] += chance.mean(1)[:, None]
                by_level[strong][np.ix_(inside, who)] += chance.mean(1)[None]
            self._rates = by_level[1], by_level[0] + by_level[1]
        return self._rates

    def new_ties(self) -> Ints:
        """Numbers of new strong dyads in simulated worlds of the year, shocks and bursts in."""
        few, rng = self.few(), np.random.default_rng(self.frame.year)
        here = [o for o in self.opened() if o.strong]
        totals = spread(f.shocked(self.frame.x(m.FOUND_STRONG), few, m.FOUND_STRONG), WORLDS, rng)
        chance = np.array([o.weight * o.found for o in here]).reshape(len(here), len(few))
        risk = self.frame.before < 2
        entering = [entry for entry in self.accessions() if entry[0]]
        out = np.zeros(WORLDS, np.int64)
        for world in range(WORLDS):
            d = world % len(few)
            tie: NDArray[np.bool_] = np.zeros(risk.shape, bool)
            for _ in range(totals[world] if here else 0):
                o = here[rng.choice(len(here), p=chance[:, d] / chance[:, d].sum())]
                more = o.who[rng.random(len(o.who)) < o.joins[:, d]]
                if rng.random() >= o.opens[d]:
                    more = more[:0]
                who = np.append(more, [o.a, o.b])
                tie[np.ix_(who, who)] = True
            for _, who, joins, inside in entering:
                come = who[rng.random(len(who)) < joins[:, d]]
                if len(come):
                    whole = np.append(inside, come)
                    tie[np.ix_(come, whole)] = True
                    tie[np.ix_(whole, come)] = True
            out[world] = np.count_nonzero(np.triu(tie & risk, 1))
        return out


def spread(p: NDArray[np.float32], many: int, rng: np.random.Generator) -> Ints:
    """
    Numbers of events among choices with probabilities (n, D, 8), in `many` worlds.

    World w has draw w modulo D and a slice drawn evenly; its count is that of a binomial of the
    same mean and variance.
    """
    mean = p.sum(0, dtype=np.float64)
    square = np.einsum("nds,nds->ds", p, p, dtype=np.float64)
    draw = np.arange(many) % p.shape[1]
    piece = rng.integers(p.shape[2], size=many)
    average, same = mean[draw, piece], square[draw, piece]
    chance = np.clip(np.where(average > 0, same / np.maximum(average, 1e-12), 0.0), 1e-6, 1.0)
    return np.asarray(rng.binomial(np.round(average / chance).astype(np.int64), chance), np.int64)
