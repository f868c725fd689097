"""
The ledger: what came out otherwise than in history, and by which path it was caused.

An entry is one choice. Its causes are the terms of its predictor that differ from history's,
each traced to an earlier entry that moved it, back to a forced choice.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.engine import gate as g
from allohistory.engine.luck import Stage
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters

Floats = NDArray[np.float64]

_WARS = (m.DISPUTE, m.LEVEL, m.JOIN, m.LEAVE, m.WAR_END, m.OUTCOME, m.MARGIN)
_PACTS = (m.FOUND_STRONG, m.FOUND_WEAK, m.OPEN, m.MEMBER, m.ACCEDE, m.WITHDRAW, m.LAPSE)
_GROUND = (m.HANDS, m.HANDS_TO, m.EXIT, m.EXIT_TO, m.ENTRY, m.ENTRY_LATE)
_POWER = (m.GROWTH, *_GROUND, m.WAR_END, m.OUTCOME)
_RULE = (m.LEADER, m.PATRON_TO, m.REGIME, m.ENTRY, m.EXIT)
_MADE_OF: tuple[tuple[tuple[int, ...], str], ...] = (
    (
        _WARS,
        """
        hurt_short hurt_mid hurt_long war_memory hurt_by_enemy other_predators comrades
        cobelligerents same_side_now opposed_now opposed one_at_war at_war target_engaged
        self_engaged war_size majors_in_war left_before engaged_elsewhere duration front_line
        holder_at_war wartime wartime_over coalition_over own_quarrels rival_memory
        majors_fighting majors_at_war principal_left first_year later_round war_weariness
        unsettled_war
        """,
    ),
    (
        _PACTS,
        """
        strong_ally weak_ally strong_now weak_now pact_memory shared_allies ally_of_principal
        ally_of_side ally_of_enemy weak_ally_of_side size ally treaty_age log_age newly_signed
        league allied_share democrats_share outlying allies_elsewhere
        """,
    ),
    ((m.JOIN, m.LEAVE, *_POWER), "capability_share"),
    (
        (m.RIVAL_START, m.RIVAL_END),
        """
        rival rival_of_enemy common_rival
        """,
    ),
    (
        _GROUND,
        """
        land water dependency contact contact_enemy contact_own touches_home touches_dependency
        newborn newborn_touches self_rule_norm nobody_and_norm holder_gone founder_gone
        held_by_nobody as_home as_occupied occupied of_the_homeland homeland_of_troubled
        home_at_peace taken_in_peace
        """,
    ),
    (
        _POWER,
        """
        capability capability_i capability_j capability_gap weaker_capability power_ratio
        balance imbalance momentum territory holder_capability reach
        """,
    ),
    (
        (*_WARS, m.EXIT),
        """
        standing deterrence standing_gap beaten target_beaten victor victor_nearby revanche grudge
        grudge_against_enemy lost_now won_now holder_lost_now holder_won_now holder_beaten draw
        opposed_by_stronger
        """,
    ),
    (
        (m.MAJOR_GAIN, m.MAJOR_LOSS, m.EXIT),
        """
        major major_i major_j both_major one_major founder_major majors majors_gap
        majors_both_sides was_major
        """,
    ),
    (
        _RULE,
        """
        democracy mixed_regime same_regime same_rule joint_democracy regime_age regime_changed
        neighbours_freer patron_freer democracy_gap upset log_tenure client patron
        patron_on_side bound_leader_gone
        """,
    ),
    (
        (m.RIVAL_START, m.RIVAL_END, m.MAJOR_GAIN, m.MAJOR_LOSS, *_WARS, *_POWER, *_PACTS),
        """
        common_threat threat threat_from_enemy third_party_threat loser_and_common_threat
        """,
    ),
)
PARENTS = {term: processes for processes, terms in _MADE_OF for term in terms.split()}
"""Processes whose earlier outcomes a term is made of."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One choice that differs from history.

    Attributes
    ----------
    year, process, a, b, result, was
        `a`, `b` are indices (states, unit, treaty slot, war slot * 4 + round for joining).
    states : tuple of int
        States it concerns.
    moved : float
        How far its predictor moved (log odds).
    forced : bool
        Set by the intervention itself.
    """

    year: int
    process: int
    a: int
    b: int
    result: int
    was: int
    states: tuple[int, ...]
    moved: float
    forced: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """A term that moved an entry, by how much, and the earlier entry behind it."""

    term: str
    effect: float
    parent: Entry | None


@dataclass(slots=True, eq=False)
class Ledger:
    """
    Entries of one run in order, with the covariates that explain them.

    Attributes
    ----------
    entries : tuple of Entry
    actual : dict of (process, year, first hash, b) to (K,) float64
        Covariates of history's choices, by address.
    alternate : dict of (process, year, a, b) to (first hash, (K,) float64)
        Covariates of this world's choices, by place.
    """

    entries: tuple[Entry, ...]
    actual: dict[tuple[int, int, int, int], Floats] = field(default_factory=dict)
    alternate: dict[tuple[int, int, int, int], tuple[int, Floats]] = field(default_factory=dict)

    def causes(self, entry: Entry, parameters: Parameters, most: int = 3) -> list[Cause]:
        """Terms that moved an entry, strongest first, with the entries behind them."""
        first, now = self.alternate.get((entry.process, entry.year, entry.a, entry.b), (0, None))
        then = self.actual.get((entry.process, entry.year, first, entry.b))
        names = m.TERMS.get(entry.process, m.TERMS[m.ENTRY])
        found: list[Cause] = []
        if now is not None and then is not None:
            beta = np.abs(parameters.beta[entry.process, :, : len(names)]).max(axis=0)
            moved = beta * (now[: len(names)] - then[: len(names)])
            found.extend(
                Cause(names[k], float(moved[k]), self._parent(entry, names[k]))
                for k in np.argsort(-np.abs(moved))
                if moved[k] != 0.0
            )
        if not any(c.parent for c in found):
            # The unit itself exists only because of an earlier change (a new war, a new treaty).
            parent = self._parent(entry, "", tuple(m.NAMES))
            found.append(Cause("exists only here", 0.0, parent))
        found.sort(key=lambda c: (c.parent is None, -abs(c.effect)))
        return found[:most]

    def _parent(
        self, entry: Entry, term: str, processes: Iterable[int] | None = None
    ) -> Entry | None:
        allowed = set(PARENTS.get(term, ()) if processes is None else processes)
        mine = set(entry.states)
        best, shared_most = None, -1
        for other in self.entries:
            if other.year > entry.year or other is entry:
                break
            if other.process not in allowed or (
                other.year == entry.year and order(other.process) >= order(entry.process)
            ):
                continue
            shared = len(mine & set(other.states))
            if shared >= shared_most:
                best, shared_most = other, shared
        return best

    def path(self, entry: Entry, parameters: Parameters) -> list[tuple[Entry, Cause | None]]:
        """Chain of entries from one back to a forced one."""
        chain: list[tuple[Entry, Cause | None]] = []
        now: Entry | None = entry
        while now is not None:
            if now.forced:
                chain.append((now, None))
                break
            cause = self.causes(now, parameters, 1)[0]
            chain.append((now, cause))
            now = cause.parent
        return chain


_ORDER = (
    m.ENTRY,
    m.GROWTH,
    m.LEADER,
    m.PATRON_TO,
    m.REGIME,
    m.RIVAL_START,
    m.RIVAL_END,
    m.DISPUTE,
    m.LEVEL,
    m.JOIN,
    m.LEAVE,
    m.WAR_END,
    m.OUTCOME,
    m.MARGIN,
    m.MAJOR_GAIN,
    m.MAJOR_LOSS,
    m.EXIT,
    m.EXIT_TO,
    m.ENTRY_LATE,
    m.HANDS,
    m.HANDS_TO,
    m.LAPSE,
    m.WITHDRAW,
    m.ACCEDE,
    m.FOUND_STRONG,
    m.FOUND_WEAK,
    m.OPEN,
    m.MEMBER,
)
_PLACE = {process: n for n, process in enumerate(_ORDER)}


def order(process: int) -> int:
    """Place of a process in the year."""
    return _PLACE[process]


def _states(world: w.World, process: int, a: int, b: int, owner: int) -> tuple[int, ...]:
    if process in (m.JOIN, m.LEAVE, m.WAR_END, m.OUTCOME, m.MARGIN):
        k = a // 4 if process == m.JOIN else a
        both = (int(world.war[w.W_A, k]), int(world.war[w.W_B, k]))
        return (*both, b) if b >= 0 and b not in both else both
    if process in (m.OPEN, m.MEMBER, m.ACCEDE, m.WITHDRAW, m.LAPSE):
        both = (int(world.pact[w.T_A, a]), int(world.pact[w.T_B, a]))
        return (*both, b) if b >= 0 and b not in both else both
    if process == m.HANDS_TO:
        return (b,) if b >= 0 else ()
    if process == m.HANDS:
        return (owner,) if owner >= 0 else ()
    return (a, b) if b >= 0 else (a,)


def read(stage: Stage, world: w.World, forced: set[tuple[int, int]]) -> tuple[Entry, ...]:
    """
    Read the log of the run just rolled.

    Parameters
    ----------
    stage : Stage
        Logging must have been on.
    world : World
        The run's last World (its slots name wars and treaties).
    forced : set of (process, year)
        Processes and years in which the plan forces something.
    """
    luck = stage.luck
    many = int(luck.counter[0])
    out = []
    for r in range(min(many, len(luck.log))):
        process, year, a, b, result, was = (int(v) for v in luck.log[r])
        eta, eta0 = (float(v) for v in luck.log_eta[r])
        owner = int(stage.world.unit[w.OWNER, a]) if process == m.HANDS else -1
        out.append(
            Entry(
                year,
                process,
                a,
                b,
                result,
                was,
                _states(world, process, a, b, owner),
                eta - eta0,
                (process, year) in forced and eta == 0.0 and eta0 == 0.0,
            )
        )
    out.sort(key=lambda e: (e.year, order(e.process)))
    return tuple(out)


Choice = tuple[int, int, int]
"""Process, year and second index of a choice."""


def _kept(
    stage: Stage, wanted: Collection[Choice] | None
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Choices of the run just rolled whose covariates were kept: (process, year, a, b, ..)."""
    luck = stage.luck
    used = min(int(luck.counter[1]), len(luck.rows))
    rows = luck.rows[:used]
    few = rows[:, 0] < g.OTHER_SIDE
    if wanted is not None:
        # Half a million choices a window: python objects only for those asked about.
        few &= np.isin(_joint(rows[:, [0, 1, 3]]), _joint(np.array([*wanted]).reshape(-1, 3)))
    kept = luck.covariates[:used][few]
    for n, row in enumerate(rows[few].tolist()):
        yield tuple(row), kept[n]


def _joint(choice: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each (process, year, second index)."""
    return np.asarray((choice[:, 0] << 40) + (choice[:, 1] << 20) + choice[:, 2] + 1)


def by_address(
    stage: Stage, wanted: Collection[Choice] | None = None
) -> dict[tuple[int, int, int, int], Floats]:
    """Covariates kept in the run just rolled, by process, year, first hash and second index."""
    return {(r[0], r[1], r[5], r[3]): x for r, x in _kept(stage, wanted)}


def by_place(
    stage: Stage, wanted: Collection[Choice] | None = None
) -> dict[tuple[int, int, int, int], tuple[int, Floats]]:
    """Covariates kept in the run just rolled, by process, year and indices, with the first hash."""
    return {(r[0], r[1], r[2], r[3]): (r[5], x) for r, x in _kept(stage, wanted)}
