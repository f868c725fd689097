"""
A world under way: rolled a few years at a time, its goal, score features and events kept up.

A particle is named by its segments, ``((first year, run), ...)``: in the years of a segment all
luck is that run's. The rest is kept so that it need not be rolled again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.counterfactual.abduce import window
from allohistory.counterfactual.intervention import Change, apply, clear
from allohistory.engine import gate as g
from allohistory.engine.luck import Segment, Stage, reset, seat_segments, walk
from allohistory.engine.run import History
from allohistory.model.parameters import Parameters
from allohistory.question.behaviour import HURT, KEPT, Floats, Holds, Ints, Owners, Past, remember
from allohistory.question.closeness import menace
from allohistory.question.goals import (
    ALLOWED,
    FIRM,
    INDEPENDENT,
    MUTUAL,
    S_SHARE,
    S_YEARS,
    bits_of_year,
    room_for,
    together,
)
from allohistory.question.judged import Draw
from allohistory.search.happenings import HAPPENINGS, happened

Bits = NDArray[np.uint16]
BACK: Final = 2
"""Rows kept from before: whether a call was answered is known a year later."""
FEATURES: Final = (
    "const",
    "any pact",
    "strong pact",
    "rivals",
    "closeness",
    "one-sidedness",
    "common threat",
    "mutually closest",
    "quarrels remembered",
    "pledges kept",
    "both in the system",
    "progress",
)
"""What a score may know of the pair at the end of a year; see `features`."""
PROGRESS: Final = FEATURES.index("progress")
UNDER_WAY, REACHED, HOPELESS = range(3)


@njit(cache=True)
def missing(flags: Bits, n: int, spec: Floats) -> int:
    """
    Fewest years still to come, all of them good, with which the goal is reached.

    A lower bound whatever happens: the spell that runs at row n - 1 is lengthened from whichever
    of its years is best to count from.
    """
    years, share = int(spec[S_YEARS]), spec[S_SHARE]
    bits = INDEPENDENT | FIRM | ALLOWED
    least, mutual = years, 0
    for many in range(1, n + 1):
        y = n - many
        if flags[y] & bits != bits:
            break
        mutual += flags[y] & MUTUAL != 0
        more = max(years - many, 0)
        if share < 1.0:
            more = max(more, int(np.ceil((share * many - mutual) / (1.0 - share) - 1e-9)))
        elif mutual < many:
            more = years
        least = min(least, more)
    return least


@njit(cache=True)
def features(
    h: History,
    y: int,
    pair: Ints,
    memory: Floats,
    bits: int,
    curve: NDArray[np.float32],
    strength: Floats,
    threat: Floats,
    out: Floats,
) -> None:
    """Write what is known of the pair at a row; progress (the last) is left to the caller."""
    a, b = pair[0], pair[1]
    level = h.link[y, w.ALLY, a, b]
    menace(h, y, a, memory[:, 0], strength, threat[0])
    menace(h, y, b, memory[:, 1], strength, threat[1])
    common = 0.0
    for k in range(len(strength)):
        if k not in (a, b):
            common += min(threat[0, k], threat[1, k])
    out[0] = 1.0
    out[1] = level >= 1
    out[2] = level == 2
    out[3] = h.link[y, w.RIVAL, a, b]
    out[4] = 2.0 * min(curve[0], curve[1])
    out[5] = 2.0 * abs(curve[0] - curve[1])
    out[6] = min(4.0 * common, 2.0)
    out[7] = bits & MUTUAL != 0
    out[8] = max(memory[HURT, 0, b], memory[HURT, 1, a])
    out[9] = min(memory[KEPT, 0, b], memory[KEPT, 1, a])
    out[10] = h.status[y, w.ACTIVE, a] * h.status[y, w.ACTIVE, b]


@njit(cache=True)
def follow(
    h: History,
    geo: w.Geography,
    at: int,
    row: int,
    pair: Ints,
    memory: Floats,
    holds: Holds,
    spec: Floats,
    flags: Bits,
    out: Floats,
) -> None:
    """
    Judge rows at.. of a window of a run, whose row `at` is row `row` of the whole run.

    Parameters
    ----------
    memory, holds : (5, 2, N) float64, Holds
        As of row `at`, carried on in place.
    flags : (Y,) uint16
        Bits of the whole run's rows; those of the last row may yet lose `ANSWERED`.
    out : (Y, 12) float64
        `FEATURES` of the whole run's rows.
    """
    n = h.link.shape[2]
    room, curve, top = room_for(n), np.empty(2, np.float32), np.empty(2, np.int64)
    threat = np.empty((2, n))
    for y in range(at, h.link.shape[0]):
        if y > at:
            remember(h, y, pair, memory)
        t = row + y - at
        flags[t] = bits_of_year(h, geo, y, pair, memory, holds, spec, room, curve, top)
        features(h, y, pair, memory, flags[t], curve, room.strength, threat, out[t])
        out[t, PROGRESS] = 1.0 - missing(flags, t + 1, spec) / spec[S_YEARS]


class Facts(NamedTuple):
    """Rows of the latest years of a run, which the next ones are judged with."""

    state: Floats
    status: NDArray[np.int64]
    link: NDArray[np.int8]
    unit: Owners


@dataclass(frozen=True, slots=True, eq=False)
class Particle:
    """
    A world under way.

    Attributes
    ----------
    segments : tuple of (int, int)
        Its name: first year and run of each segment.
    row : int
        Rows of the run beyond the start (year = start + row).
    weight : float
        Importance weight: likelihood ratio times what resampling took or gave.
    world : World or None
        At the end of row `row`; None once nothing more will be rolled.
    back : Facts or None
        The one or two rows before `row`.
    past : Past
        What the pair remembers as of `row`.
    flags, features : (Y,) uint16, (Y, 12) float64
        Of the whole run, filled to `row`.
    events : tuple of (R, 4) int32
        What happened, by segment: kind, who of the pair, third state, row.
    fate : int
        UNDER_WAY, REACHED or HOPELESS.
    """

    segments: tuple[Segment, ...]
    row: int
    weight: float
    world: w.World | None
    back: Facts | None
    past: Past
    flags: Bits
    features: Floats
    events: tuple[NDArray[np.int32], ...] = ()
    fate: int = UNDER_WAY

    @property
    def score_at(self) -> Floats:
        """Features of the latest row."""
        return np.asarray(self.features[self.row], np.float64)


@dataclass(slots=True, eq=False)
class Soil:
    """
    What all particles of one draw share.

    Attributes
    ----------
    stage, parameters
    start, last : int
        Year at whose end they begin, and the last one.
    origin : World
        The record's World at the start.
    past : Past
        What the pair remembers then.
    pair, spec : (2,) int64, (5 + X,) float64
    seed : int
    """

    stage: Stage
    parameters: Parameters
    start: int
    last: int
    origin: w.World
    past: Past
    pair: Ints
    spec: Floats
    seed: int
    changes: tuple[Change, ...] = ()
    _slots: list[int] = field(default_factory=list)
    _room: History | None = None

    @classmethod
    def of(cls, draw: Draw, start: int, changes: Sequence[Change] = ()) -> Self:
        """From a draw that keeps the World of the end of `start`."""
        aim = draw.aim
        world = draw.twins.abduction.worlds[start]
        soil = cls(
            draw.stage,
            draw.twins.parameters,
            start,
            aim.end(start),
            world,
            draw.past(start),
            np.array(aim.pair, np.int64),
            aim.spec.array(),
            aim.seed,
            tuple(changes),
        )
        soil.settle()
        return soil

    @property
    def rows(self) -> int:
        """Rows of a whole run, the start included."""
        return self.last - self.start + 1

    def settle(self) -> None:
        """Put the changes that tilt its runs on the stage, or take all off."""
        clear(self.stage)
        self._slots = apply(self.stage, self.changes) if self.changes else []

    def seedling(self) -> Particle:
        """The particle that all grow from."""
        flags = np.zeros(self.rows, np.uint16)
        return Particle(
            (),
            0,
            1.0,
            self.origin,
            None,
            self.past,
            flags,
            np.zeros((self.rows, len(FEATURES))),
        )

    def grow(self, parent: Particle, years: int, run: int, *, keep: bool = True) -> Particle:
        """
        Roll a particle on under new luck.

        Parameters
        ----------
        years : int
        run : int
            Number of the run whose luck it has from now on.
        keep : bool
            Keep the World for rolling on from it more than once; without it the World in the
            stage's buffers must be rolled on at once (`again`).
        """
        segments = (*parent.segments, (self.start + parent.row + 1, run))
        return self._roll(parent, segments, years, restore=True, keep=keep)

    def again(self, parent: Particle, years: int) -> Particle:
        """Roll on the World that was rolled last, under the same luck."""
        return self._roll(parent, parent.segments, years, restore=False, keep=False)

    def _roll(
        self,
        parent: Particle,
        segments: tuple[Segment, ...],
        years: int,
        *,
        restore: bool,
        keep: bool,
    ) -> Particle:
        s, row = self.stage, parent.row
        years = min(years, self.rows - 1 - row)
        if restore:
            assert parent.world is not None
            reset(s, parent.world)
        room = self._window(years)
        back = 0
        if parent.back is not None:
            back = len(parent.back.state)
            rows = slice(BACK - back, BACK)
            room.state[rows] = parent.back.state
            room.status[rows] = parent.back.status
            room.link[rows] = parent.back.link
            room.unit[rows] = parent.back.unit
        seat_segments(s, self.seed, segments)
        s.luck.logp[self._slots] = 0.0
        first = self.start + row
        ahead = window(room, BACK, BACK + years)
        walk(s, self.parameters, ahead, first, first + years, mode=g.FRESH, fresh_after=self.start)
        seen = window(room, BACK - back, BACK + years)
        past = parent.past.copy()
        flags, told = parent.flags.copy(), parent.features.copy()
        geo = s.geography
        follow(seen, geo, back, row, self.pair, past.memory, past.holds, self.spec, flags, told)
        events = np.empty((HAPPENINGS, 4), np.int32)
        many = happened(seen, s.world, back, self.pair, row, self.start, events)
        now = row + years
        weight = parent.weight
        if self._slots:
            weight *= float(np.exp(s.luck.logp[self._slots].sum()))
        fate = self._fate(flags, now)
        rows = slice(BACK + years - min(BACK, now), BACK + years)
        return Particle(
            segments,
            now,
            weight,
            s.world.copy() if keep and fate == UNDER_WAY else None,
            Facts(
                room.state[rows].copy(),
                room.status[rows].copy(),
                room.link[rows].copy(),
                room.unit[rows].copy(),
            ),
            past,
            flags,
            told,
            (*parent.events, events[:many].copy()),
            fate,
        )

    def _fate(self, flags: Bits, now: int) -> int:
        """Whether the goal is reached, can still be, or not; an open last row proves nothing."""
        over = now == self.rows - 1
        if together(flags[: now + 1 if over else now], self.spec)[1]:
            return REACHED
        if over or missing(flags, now + 1, self.spec) > self.rows - 1 - now:
            return HOPELESS
        return UNDER_WAY

    def _window(self, years: int) -> History:
        if self._room is None:
            p = self.stage.script.panel
            self._room = History.empty(self.rows + BACK, len(p.states), len(p.units))
        return window(self._room, 0, BACK + years)
