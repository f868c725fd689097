"""
Whether two states of a run became what the question asks for.

Yearly predicates (bits of `Verdict.flags`): independent, firm, mutually closest, not excluded.
A year is firm when the pact is at least of the level asked for and, with `behaviour`, no force
is used between the two, no call goes unanswered, and both are free in their homelands.

**Together**: there is a spell of at least `years` consecutive years in each of which the two are
independent, firm and not excluded, and mutually closest in at least `share` of them. The *best
spell* is the longest such spell, or, where there is none, the longest spell of firm years; each
predicate alone is read off the best spell, so that together implies each.

Rows of a History stand for years throughout; -1 is never.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine.run import History
from allohistory.question.behaviour import (
    FOOTHOLD,
    Flags,
    Floats,
    Holds,
    Ints,
    Past,
    blank_past,
    dependence,
    force_between,
    remember,
    take_stock,
    unanswered,
)
from allohistory.question.closeness import strengths, top_major, weigh

# ---- bits of Verdict.flags -------------------------------------------------------------------
INDEPENDENT, TIED, STRONG, PEACEFUL, ANSWERED, FREE, FIRM, MUTUAL, ALLOWED, COMRADES = (
    1,
    2,
    4,
    8,
    16,
    32,
    64,
    128,
    256,
    512,
)
# ---- Verdict.met -----------------------------------------------------------------------------
M_INDEPENDENT, M_FIRM, M_LASTING, M_CLOSEST, M_ALLOWED, M_TOGETHER = range(6)
PREDICATES = ("independent", "firm", "lasting", "closest", "not excluded", "together")
# ---- Verdict.when ----------------------------------------------------------------------------
FIRST_PACT, FIRST_STRONG, STRONG_YEARS, SPELL_FROM, SPELL_YEARS, LONGEST, CENSORED = range(7)
# ---- GoalSpec.array --------------------------------------------------------------------------
S_YEARS, S_SHARE, S_LEVEL, S_BEHAVIOUR, S_INDEPENDENT, S_EXCLUDED = range(6)
DECADE = 10


@dataclass(frozen=True, slots=True)
class GoalSpec:
    """
    What counts as reaching the goal.

    Attributes
    ----------
    years : int
        Consecutive years of a lasting alliance.
    share : float
        Share of the spell's years in which each is the other's closest among the majors.
    level : int
        Alliance level asked for, 1 or 2.
    behaviour : bool
        The pledge must be kept in deeds too.
    independent : bool
        Neither may be the other's client or under its occupation.
    exclude : tuple of int
        States: a year in which both are strongly allied to one does not count, unless each
        matters more to the other than that state does to it.
    """

    years: int = 20
    share: float = 0.8
    level: int = 2
    behaviour: bool = True
    independent: bool = True
    exclude: tuple[int, ...] = ()

    def array(self) -> Floats:
        """
        Numbers of the spec, for the kernel.

        Examples
        --------
        >>> GoalSpec(exclude=(3,)).array().tolist()
        [20.0, 0.8, 2.0, 1.0, 1.0, 3.0]
        """
        return np.array(
            [self.years, self.share, self.level, self.behaviour, self.independent, *self.exclude],
            np.float64,
        )


class Verdict(NamedTuple):
    """
    What a run was worth to a pair.

    Attributes
    ----------
    met : (6,) bool
        The `PREDICATES`.
    when : (7,) int32
        Rows of the first pact and of the first strong pact; years of strong pact in all; first
        row and length of the best spell; longest unbroken strong pact; 1 where the best spell
        (or, without one, the longest pact) is still running when the run ends.
    share : (1,) float64
        Share of the best spell in which the two were mutually closest.
    closest : (2,) int32
        Whom each was closest to in most of the last ten years; -1 nobody.
    flags : (Y,) uint16
        Bits of each year.
    curve : (Y, 2) float32
        Closeness of the first to the second and of the second to the first.
    """

    met: Flags
    when: NDArray[np.int32]
    share: Floats
    closest: NDArray[np.int32]
    flags: NDArray[np.uint16]
    curve: NDArray[np.float32]


@njit(cache=True)
def _excluded(h: History, y: int, pair: Ints, spec: Floats, rank: Floats) -> bool:
    """Whether both are allied to an excluded state that matters as much to either."""
    a, b = pair[0], pair[1]
    for s in range(S_EXCLUDED, len(spec)):
        x = int(spec[s])
        if x in (a, b) or h.link[y, w.ALLY, a, x] != 2 or h.link[y, w.ALLY, b, x] != 2:
            continue
        if rank[0, b] <= rank[0, x] or rank[1, a] <= rank[1, x]:
            return True
    return False


@njit(cache=True)
def _bits(h: History, y: int, pair: Ints, spec: Floats, free: Flags) -> int:
    """Bits of a year that need no scores, FIRM included."""
    a, b = pair[0], pair[1]
    level = h.link[y, w.ALLY, a, b]
    bits = 0
    if level >= 1:
        bits |= TIED
    if level == 2:
        bits |= STRONG
    if not force_between(h, y, a, b):
        bits |= PEACEFUL
    if not unanswered(h, y, a, b) and not unanswered(h, y, b, a):
        bits |= ANSWERED
    if free[a] and free[b]:
        bits |= FREE
    if h.link[y, w.WAR, a, b] == w.SAME_SIDE:
        bits |= COMRADES
    kept = PEACEFUL | ANSWERED | FREE
    if level >= spec[S_LEVEL] and (not spec[S_BEHAVIOUR] or bits & kept == kept):
        bits |= FIRM
    return bits


@njit(cache=True)
def _longest(flags: NDArray[np.uint16], bits: int) -> tuple[int, int]:
    """First row and length of the longest run of years with all these bits."""
    best_from, best, run = -1, 0, 0
    for y in range(len(flags)):
        run = run + 1 if flags[y] & bits == bits else 0
        if run > best:
            best_from, best = y - run + 1, run
    return best_from, best


@njit(cache=True)
def together(flags: NDArray[np.uint16], spec: Floats) -> tuple[int, int]:
    """First row and length of the longest spell that meets everything; (-1, 0) if none does."""
    bits = INDEPENDENT | FIRM | ALLOWED
    best_from, best = -1, 0
    for start in range(len(flags)):
        mutual = 0
        for y in range(start, len(flags)):
            if flags[y] & bits != bits:
                break
            mutual += flags[y] & MUTUAL != 0
            many = y - start + 1
            if many >= spec[S_YEARS] and many > best and mutual >= spec[S_SHARE] * many - 1e-9:
                best_from, best = start, many
    return best_from, best


@njit(cache=True)
def _conclude(spec: Floats, v: Verdict) -> None:
    """Fill what follows from the yearly bits."""
    flags, n = v.flags, len(v.flags)
    v.when[FIRST_PACT] = v.when[FIRST_STRONG] = -1
    for y in range(n):
        if flags[y] & TIED and v.when[FIRST_PACT] < 0:
            v.when[FIRST_PACT] = y
        if flags[y] & STRONG:
            v.when[STRONG_YEARS] += 1
            if v.when[FIRST_STRONG] < 0:
                v.when[FIRST_STRONG] = y
    pact_from, pact = _longest(flags, STRONG)
    start, many = together(flags, spec)
    v.met[M_TOGETHER] = many > 0
    if not many:
        start, many = _longest(flags, FIRM)
    v.when[SPELL_FROM] = start
    v.when[SPELL_YEARS] = many
    v.when[LONGEST] = pact
    v.when[CENSORED] = (many > 0 and start + many == n) or (
        many == 0 and pact > 0 and pact_from + pact == n
    )
    mutual, independent, allowed = 0, many > 0, many > 0
    for y in range(start, start + many):
        mutual += flags[y] & MUTUAL != 0
        independent = independent and flags[y] & INDEPENDENT != 0
        allowed = allowed and flags[y] & ALLOWED != 0
    if many:
        v.share[0] = mutual / many
    else:
        # Without a pact, independence is asked of the end of the run.
        independent = flags[n - 1] & INDEPENDENT != 0
    v.met[M_INDEPENDENT] = independent
    v.met[M_FIRM] = many > 0
    v.met[M_LASTING] = many >= spec[S_YEARS]
    v.met[M_CLOSEST] = many > 0 and mutual >= spec[S_SHARE] * many - 1e-9
    v.met[M_ALLOWED] = allowed


@njit(cache=True)
def _candidates(h: History, y: int, pair: Ints, spec: Floats, out: Flags) -> None:
    """Mark whose closeness must be known: majors, the pair, the states of the exclusion clause."""
    for j in range(len(out)):
        out[j] = h.status[y, w.MAJOR, j] == 1
    for s in range(S_EXCLUDED, len(spec)):
        out[int(spec[s])] = True
    out[pair[0]] = out[pair[1]] = True


@njit(cache=True)
def _independent(h: History, g: w.Geography, holds: Holds, y: int, pair: Ints) -> bool:
    """Whether both are in the system and neither has taken the other over."""
    a, b = pair[0], pair[1]
    if not h.status[y, w.ACTIVE, a] or not h.status[y, w.ACTIVE, b]:
        return False
    return bool(
        dependence(h, g, holds, y, a, b) < FOOTHOLD and dependence(h, g, holds, y, b, a) < FOOTHOLD
    )


class Room(NamedTuple):
    """Buffers of `bits_of_year`."""

    free: Flags
    candidate: Flags
    strength: Floats
    threat: Floats
    own: Floats
    score: Floats
    rank: Floats


@njit(cache=True)
def room_for(n: int) -> Room:
    """Buffers for so many states."""
    free, strength, both = np.zeros(n, np.bool_), np.empty(n), np.empty((2, n))
    return Room(free, free.copy(), strength, strength.copy(), strength.copy(), both, both.copy())


@njit(cache=True)
def bits_of_year(
    h: History,
    g: w.Geography,
    y: int,
    pair: Ints,
    past: Floats,
    holds: Holds,
    spec: Floats,
    r: Room,
    curve: NDArray[np.float32],
    top: Ints,
) -> int:
    """
    Bits of a row, given the memories as of it; `holds` are carried on.

    Parameters
    ----------
    curve, top : (2,) float32, (2,) int64
        Results: closeness both ways, and whom each is closest to.
    """
    take_stock(h, g, y, holds, r.free, r.own, r.threat)
    strengths(h, y, r.strength)
    _candidates(h, y, pair, spec, r.candidate)
    bits, mutual = _bits(h, y, pair, spec, r.free), 0
    for p in range(2):
        i, j = pair[p], pair[1 - p]
        mine, score, rank = past[:, p], r.score[p], r.rank[p]
        weigh(h, y, i, mine, r.candidate, r.free, r.strength, r.threat, score, rank)
        curve[p] = score[j]
        top[p] = top_major(h, y, i, j, rank)
        mutual += top[p] == j
    if mutual == 2:
        bits |= MUTUAL
    if not _excluded(h, y, pair, spec, r.rank):
        bits |= ALLOWED
    if not spec[S_INDEPENDENT] or _independent(h, g, holds, y, pair):
        bits |= INDEPENDENT
    return bits


@njit(cache=True)
def judge(
    h: History,
    g: w.Geography,
    pair: Ints,
    memory: Floats,
    before: Holds,
    known: bool,
    spec: Floats,
) -> Verdict:
    """
    Judge a run.

    Parameters
    ----------
    h : History
    g : Geography
    pair : (2,) int64
    memory : (5, 2, N) float64
        As of row 0 (`behaviour.past_at`); not changed.
    before : Holds
        As of row 0; not changed.
    known : bool
        False where `memory` is blank, so that row 0 is still to be remembered.
    spec : (5 + X,) float64
        `GoalSpec.array`.
    """
    many, n = h.link.shape[0], h.link.shape[2]
    v = Verdict(
        np.zeros(6, np.bool_),
        np.zeros(7, np.int32),
        np.zeros(1),
        np.full(2, -1, np.int32),
        np.zeros(many, np.uint16),
        np.zeros((many, 2), np.float32),
    )
    past = memory.copy()
    holds = Holds(before.homeland.copy(), before.client.copy(), before.kept.copy())
    r = room_for(n)
    top = np.empty(2, np.int64)
    lately = np.zeros((2, n), np.int64)
    for y in range(many):
        if y > 0 or not known:
            remember(h, y, pair, past)
        v.flags[y] = bits_of_year(h, g, y, pair, past, holds, spec, r, v.curve[y], top)
        for p in range(2):
            if top[p] >= 0 and y >= many - DECADE:
                lately[p, top[p]] += 1
    for p in range(2):
        if lately[p].max() > 0:
            v.closest[p] = lately[p].argmax()
    _conclude(spec, v)
    return v


def verdict(
    history: History,
    geography: w.Geography,
    pair: tuple[int, int],
    spec: GoalSpec,
    past: Past | None = None,
) -> Verdict:
    """Judge one run; the same as `judge`, for callers outside kernels."""
    start = past or blank_past(history, 2)
    judged: Verdict = judge(
        history,
        geography,
        np.array(pair, np.int64),
        start.memory,
        start.holds,
        past is not None,
        spec.array(),
    )
    return judged
