"""
What is known of a pair at the end of a year: the covariates that the contenders share.

Rows come from a walk of the record as it stood at the cut-off (`told`), so none looks past it;
those of year s use year s and earlier ones, except that capability and regime between two
benchmarks lean on the next one by the cut-off.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.check.predicates import CLOSEST, Flags, Ints, Predicate, disputed, met, named
from allohistory.engine.luck import rewind, stage, walk
from allohistory.engine.run import History
from allohistory.kernels import kernel
from allohistory.model.parameters import blank
from allohistory.question.closeness import nearest
from allohistory.record.tables import Tables

Floats = NDArray[np.float64]
LONG_AGO = 60
NAMES = (
    "hurt_short", "hurt_mid", "hurt_long", "war_memory", "comrades", "pact_memory",
    "rival", "weak_ally", "strong_ally", "dependency", "water", "land", "distance",
    "stronger", "weaker", "gap", "both_major", "one_major", "joint_democracy",
    "one_democracy", "same_regime", "disputes_5", "disputes_15", "force_15", "since_last",
    "opposed", "same_side", "engaged", "common_allies", "common_rivals", "allies_more",
    "allies_less", "rivals_more", "rivals_less", "quarrels_more", "quarrels_less", "newborn",
)  # fmt: skip


TOWARDS = (
    "importance", "closest_now", "of_the_closest", "close_to_none", "own_capability",
    "majors_capability", "is_major", "majors",
)  # fmt: skip
"""What is known besides of a state and a major: how close the one stands to the other by now."""


def names_of(what: Predicate) -> tuple[str, ...]:
    """Names of the covariates that a question's contenders see."""
    return NAMES + TOWARDS if what.code == CLOSEST else NAMES


class Told(NamedTuple):
    """
    The record up to a cut-off, walked, and for every year the years since the last dispute.

    Attributes
    ----------
    history : History
        Row 0 is the first year of the record, the last row the cut-off.
    distance : (N, N) float64
    year : int
    since : (Y, N, N) int16
        Years since the last dispute of a pair (i < j), at most `LONG_AGO`.
    top : (Y, N) int64
        Whom each is closest to among the majors, -1 for nobody.
    rank : (Y, N, N) float32
        Importance of every major to each, on which that rests.
    """

    history: History
    distance: Floats
    year: int
    since: NDArray[np.int16]
    top: Ints
    rank: NDArray[np.float32]

    @property
    def last(self) -> int:
        """Row of the cut-off."""
        return len(self.since) - 1


@kernel
def silences(link: NDArray[np.int8], last: int, out: NDArray[np.int16]) -> None:
    """Fill the years since the last dispute for every pair and year."""
    n = link.shape[2]
    for y in range(last + 1):
        for i in range(n):
            for j in range(i + 1, n):
                before = LONG_AGO if y == 0 else out[y - 1, i, j]
                quarrel = (
                    link[y, w.DISPUTE, i, j] > 0
                    or link[y, w.DISPUTE, j, i] > 0
                    or link[y, w.WAR, i, j] == w.OPPOSED
                )
                out[y, i, j] = 0 if quarrel else min(before + 1, LONG_AGO)


def told(known: Tables, year: int) -> Told:
    """
    Walk a record to the end of a year.

    Parameters
    ----------
    known : Tables
        The record as it stood then (`record.until`).
    year : int
    """
    first = known.first
    s = stage(first, year, tables=known, slots=0)
    rewind(s)
    p = s.script.panel
    room = History.empty(year - first + 1, len(p.states), len(p.units), whole=True)
    walk(s, blank(), room, first, year)
    since = np.zeros((len(room.link), *room.link.shape[2:]), np.int16)
    silences(room.link, len(room.link) - 1, since)
    everybody = np.arange(len(p.states))
    top, rank = nearest(room, p.geography, everybody, (0, len(since) - 1))
    return Told(room, p.geography.distance, year, since, top, rank.astype(np.float32))


def came(known: Told, row: int, what: Predicate) -> Ints:
    """What became of each pair after a row: 0 or 1."""
    if what.code != CLOSEST:
        return met(known.history, row, what)
    states = known.top.shape[1]
    return named(known.top[row + what.horizon], np.arange(states), states)


def _ends(per_state: Floats, i: NDArray[np.int64], j: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The larger and the smaller of the two states' values."""
    return np.maximum(per_state[i], per_state[j]), np.minimum(per_state[i], per_state[j])


def features(known: Told, row: int, pairs: Flags) -> Floats:
    """
    Covariates of pairs at the end of a row, in the order of `NAMES`; the same both ways round.

    Parameters
    ----------
    known : Told
    row : int
    pairs : (N, N) bool
        Of which pairs.

    Returns
    -------
    (D, K) float64
    """
    h = known.history
    i, j = np.sort(np.nonzero(pairs), axis=0)
    link, tie, status, state = h.link[row], h.tie[row], h.status[row], h.state[row]
    ally, rival, war = link[w.ALLY], link[w.RIVAL], link[w.WAR]
    contact = link[w.CONTACT][i, j]
    strong, rivals = (ally == 2).astype(float), rival.astype(float)
    hostile = war == w.OPPOSED
    fought = disputed(h, row - 4, row)
    fought = fought + fought.T
    long = disputed(h, row - 14, row)
    force = disputed(h, row - 14, row, least=2)
    cap_high, cap_low = _ends(0.5 * np.clip(state[w.CAP], -3.0, 3.5), i, j)
    allies = _ends(np.log1p(strong.sum(axis=1)), i, j)
    foes = _ends(np.log1p(rivals.sum(axis=1)), i, j)
    busy = _ends(np.log1p(fought.sum(axis=1).astype(float)), i, j)
    engaged = hostile.any(axis=1)
    major, regime = status[w.MAJOR], status[w.REGIME]
    majors = major[i] + major[j]
    columns = [
        *(tie[r][i, j] for r in range(w.GRUDGE)),
        rival[i, j],
        ally[i, j] == 1,
        ally[i, j] == 2,
        contact == w.THROUGH_DEPENDENCY,
        contact == w.BY_WATER,
        contact == w.BY_LAND,
        known.distance[i, j],
        cap_high,
        cap_low,
        np.minimum(cap_high - cap_low, 2.0),
        majors == 2,
        majors == 1,
        (regime[i] == 2) & (regime[j] == 2),
        (regime[i] == 2) ^ (regime[j] == 2),
        regime[i] == regime[j],
        np.log1p(fought[i, j]),
        np.log1p(long[i, j]),
        np.log1p(force[i, j]),
        np.log1p(known.since[row][i, j]),
        hostile[i, j],
        war[i, j] == w.SAME_SIDE,
        engaged[i].astype(int) + engaged[j],
        np.minimum((strong @ strong)[i, j], 4.0),
        np.minimum((rivals @ rivals)[i, j], 4.0),
        *allies,
        *foes,
        *busy,
        np.minimum(status[w.AGE][i], status[w.AGE][j]) < 5,
    ]
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def towards(known: Told, row: int, pairs: Flags) -> Floats:
    """Covariates of a state and a major at the end of a row, in the order of `TOWARDS`."""
    i, j = np.nonzero(pairs)
    status, cap = known.history.status[row], known.history.state[row, w.CAP]
    rank, top = known.rank[row].astype(np.float64), known.top[row]
    strength = 0.5 * np.clip(cap, -3.0, 3.5)
    columns = [
        rank[i, j],
        top[i] == j,
        rank.max(axis=1)[i],
        top[i] == w.NOBODY,
        strength[i],
        strength[j],
        status[w.MAJOR, i],
        np.full(len(i), (status[w.MAJOR] * status[w.ACTIVE]).sum()),
    ]
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def covariates(known: Told, row: int, pairs: Flags, what: Predicate) -> Floats:
    """Covariates of a question's pairs at the end of a row, in the order of `names_of`."""
    x = features(known, row, pairs)
    if what.code != CLOSEST:
        return x
    return np.concatenate([x, towards(known, row, pairs)], axis=1)
