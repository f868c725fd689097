"""
A piece of an ask: some runs of some parameter draws, for plans and base years; a worker's job.

How an ask is cut into pieces depends on the number of runs alone, and a unit (a plan, or the year
of a baseline) comes out the same whatever else is rolled beside it, so that the answer hangs
neither on how many workers there were nor on what was kept from before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from allohistory.answer.advised import ASKED, outcomes
from allohistory.answer.keys import world_hash
from allohistory.answer.probe import QUANTITIES, RELATIONS, SHARE_YEARS, measure
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH, MODES, Mode, start_years
from allohistory.engine.script import script_of
from allohistory.errors import RecordError
from allohistory.question import goals
from allohistory.question.bond import bonds
from allohistory.question.goals import GoalSpec
from allohistory.question.judged import Aim, Draw, Judged, spec_of
from allohistory.question.resolve import Question
from allohistory.question.yardstick import RULES, Yardstick, yardstick
from allohistory.record.dates import LAST_YEAR

Floats = NDArray[np.float64]
ALONE, AT_ONCE, BLOCK = 4, 4, 32
"""Draws with a piece of their own, draws of a later piece, most runs of one draw in a piece."""
REPLAYED = 8
"""Draws in which history's luck is replayed at each kappa (it costs five rolls a plan)."""
POWERS = ("UKG", "USA", "RUS", "FRN", "GMY")
"""States whose reactions an answer tells beside the pair's own."""


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What the workers must know of a question.

    Attributes
    ----------
    plans : tuple of Plan
    pair, yard : (int, int)
        The pair asked about and the yardstick's.
    yard_from, start, horizon : int
        Start of the yardstick, of the plain baseline, and years looked at.
    spec : GoalSpec
    seed : int
    off : tuple of str
        Mechanisms switched off.
    elicited : bool
        False sets elicited effects to neutral.
    draws, fresh, every : int
        Parameter draws; runs per draw with fresh luck; history's luck is replayed once in every
        so many draws.
    watched : tuple of int
        States whose relations with the pair and whose capability are kept.
    """

    plans: tuple[Plan, ...]
    pair: tuple[int, int]
    yard: tuple[int, int]
    yard_from: int
    start: int
    horizon: int
    spec: GoalSpec
    seed: int
    off: tuple[str, ...] = ()
    elicited: bool = True
    draws: int = 2
    fresh: int = 2
    every: int = 2
    watched: tuple[int, ...] = ()

    @property
    def last(self) -> int:
        """Last year any world is rolled to."""
        decided = [self.start, *(p.decided for p in self.plans)]
        return min(max(decided) + self.horizon, LAST_YEAR)

    @property
    def aim(self) -> Aim:
        """What is wanted of whom."""
        return Aim(
            self.pair, self.spec, self.horizon, self.last, self.seed, self.off, self.elicited
        )


def task_of(
    posed: Question,
    plans: Sequence[Plan],
    *,
    draws: int,
    fresh: int,
    seed: int,
    off: tuple[str, ...],
    elicited: bool,
) -> Ask:
    """
    What the workers must know of a question.

    Parameters
    ----------
    posed : Question
    plans : sequence of Plan
        Its own points of divergence, or others.
    draws, fresh, seed, off, elicited
        As in `Ask`.
    """
    ids = script_of().panel.states
    yard = posed.yardstick or (*posed.pair, posed.window[0])
    watched = [*posed.pair, *(ids.index(p) for p in POWERS if p in ids)]
    return Ask(
        plans=tuple(plans),
        pair=posed.pair,
        yard=(yard[0], yard[1]),
        yard_from=yard[2],
        start=posed.window[0],
        horizon=posed.horizon,
        spec=spec_of(posed),
        seed=seed,
        off=off,
        elicited=elicited,
        draws=draws,
        fresh=fresh,
        every=max(draws // (REPLAYED * fresh), 1),
        watched=tuple(dict.fromkeys(watched)),
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """
    What is rolled, kept and summed at a time.

    Attributes
    ----------
    draws : tuple of int
        Parameter draws.
    block : int
        Which block of each draw's fresh runs.
    """

    draws: tuple[int, ...]
    block: int

    def runs(self, ask: Ask, draw: int, *, fresh: bool) -> range:
        """Numbers of a draw's runs; history's luck is replayed only in every so many draws."""
        if fresh:
            start, end = draw * ask.fresh, (draw + 1) * ask.fresh
            return range(start + self.block * BLOCK, min(start + (self.block + 1) * BLOCK, end))
        return range(0) if self.block or draw % ask.every else range(draw, draw + 1)


def pieces(ask: Ask) -> Iterator[Piece]:
    """The pieces of an ask, in the order in which they are summed."""
    first = 0
    while first < ask.draws:
        # The first draws go alone, so that something can be told early.
        some = AT_ONCE if ask.fresh == 1 and first >= ALONE else 1
        draws = tuple(range(first, min(first + some, ask.draws)))
        for block in range(-(-ask.fresh // BLOCK)):
            yield Piece(draws, block)
        first += some


Unit: TypeAlias = Plan | int
"""A plan in every mode, or fresh runs from the record's World of a year."""
Rows: TypeAlias = NDArray[np.void]
"""Runs, one a row, with the fields of `_fields`."""


def units(ask: Ask) -> list[Unit]:
    """What an ask rolls: the years that baselines start from, then the plans."""
    return [*sorted({ask.start, *(p.decided for p in ask.plans)}), *ask.plans]


class Found(NamedTuple):
    """
    What a piece found of one unit.

    Attributes
    ----------
    rows : (R,) structured
        Runs by draw, mode and number.
    chain : (D, 2 + K) float64
        Per draw: its number, share of the plan's steps that could be applied, log chances.
    """

    rows: Rows
    chain: Floats


def code(mode: str, side: str) -> int:
    """Number of a mode and a side in `Rows`."""
    return 2 * [m.name for m in MODES].index(mode) + int(side == "base")


def _fields(ask: Ask, years: int, road: int) -> np.dtype[np.void]:
    """
    Fields of a run.

    `met`, `closest` as in `goals.Verdict`; `first`, `longest`, `censored` of its `when`; `firm`
    by year from the decision on, `bond` (as in `bond.bonds`) from the plan's first on; `place`
    and `miles` on the yardstick (-1 for never); `outcomes` as in `advised`, of runs without a
    plan; the rest as in `probe.Probe`, of the states watched.
    """
    many = len(ask.watched)
    return np.dtype(
        [
            ("side", np.int8),
            ("draw", np.int32),
            ("run", np.int64),
            ("met", np.bool_, (len(goals.PREDICATES),)),
            ("first", np.int16),
            ("longest", np.int16),
            ("censored", np.bool_),
            ("closest", np.int16, (2,)),
            ("firm", np.bool_, (years,)),
            ("bond", np.int8, (road,)),
            ("place", np.float64),
            ("miles", np.int16, (len(RULES),)),
            ("quantities", np.float64, (len(QUANTITIES),)),
            ("relations", np.uint8, (2, many, len(RELATIONS))),
            ("shares", np.float64, (len(SHARE_YEARS), many)),
            ("outcomes", np.bool_, (len(ASKED),)),
        ]
    )


@dataclass(frozen=True, slots=True)
class Job:
    """Units of a piece that are to be rolled, and the sources they are to be rolled by."""

    ask: Ask
    piece: Piece
    units: tuple[Unit, ...]
    sources: str


def roll(job: Job) -> list[Found]:
    """
    Abduct under each draw of a piece and roll its units; as many results as units.

    Raises
    ------
    RecordError
        This worker has other sources, data or libraries than the process that asks.
    """
    if job.sources != world_hash():
        raise RecordError(
            "a worker has another version of allohistory, its data, Python, NumPy or numba "
            "than the process that asks"
        )
    parts = [_Work.of(job, number) for number in job.piece.draws]
    return [
        Found(*(np.concatenate(halves) for halves in zip(*found, strict=True)))
        for found in zip(*parts, strict=True)
    ]


@dataclass(slots=True)
class _Work:
    """One draw at work on the units of a job."""

    ask: Ask
    piece: Piece
    draw: Draw
    yard: Yardstick
    rows: list[Rows] = field(default_factory=list)
    chains: list[list[float]] = field(default_factory=list)

    @classmethod
    def of(cls, job: Job, number: int) -> list[Found]:
        """Roll the units of a job under one draw."""
        ask = job.ask
        bare = {u for u in job.units if isinstance(u, int)}
        plans = [u for u in job.units if not isinstance(u, int)]
        draw = Draw.of(ask.aim, number, bare | start_years(plans))
        told, s = draw.twins.abduction, draw.stage
        yard = yardstick(told.history, s.geography, s.base, ask.yard, ask.yard_from)
        work = cls(ask, job.piece, draw, yard)
        return [work.unit(u) for u in job.units]

    def unit(self, unit: Unit) -> Found:
        """Roll a plan in every mode, or the runs without one from a year."""
        self.rows, self.chains = [], []
        if isinstance(unit, int):
            width, decided, first = 0, unit, unit
            self.without(unit)
        else:
            width, decided, first = 2 + unit.steps, unit.decided, unit.first
            for how in MODES:
                self.pair(unit, how)
        end = self.draw.aim.end(decided)
        fields = _fields(self.ask, end - decided + 1, end - first + 1)
        # A chain's price is read off the first run of its draw.
        chains = self.chains[:1] if self.piece.block == 0 else []
        return Found(
            np.concatenate([np.zeros(0, fields), *self.rows]),
            np.array(chains, np.float64).reshape(len(chains), width),
        )

    def take(self, judged: Judged, label: tuple[int, int]) -> None:
        """Measure one run, labelled by code of mode and side, and number."""
        ask, found = self.ask, judged.verdict
        place = self.yard.place(found)
        probe = measure(judged.room, *ask.pair, 0)
        watched = list(ask.watched)
        bond = bonds(judged.whole, self.draw.stage.geography, ask.pair, judged.began)
        # With a plan, row 0 of the whole is the year before its first.
        bond = bond[int(len(judged.whole.state) > len(judged.room.state)) :]
        row = np.zeros(1, _fields(ask, len(found.flags), len(bond)))
        row["bond"] = bond
        row["side"], row["run"] = label
        row["draw"] = self.draw.number
        row["met"], row["closest"] = found.met, found.closest
        row["first"] = found.when[goals.FIRST_STRONG]
        row["longest"] = found.when[goals.LONGEST]
        row["censored"] = found.when[goals.CENSORED] > 0
        row["firm"] = (found.flags & goals.FIRM) != 0
        row["place"] = place.percentile
        row["miles"] = [-1 if y is None else y for y in place.years]
        row["quantities"] = probe.quantities
        row["relations"] = probe.relations[:, watched]
        row["shares"] = probe.shares[:, watched]
        self.rows.append(row)

    def without(self, decided: int) -> None:
        """Fresh runs from the record's World of a year; plans decided in it share them."""
        for run in self.piece.runs(self.ask, self.draw.number, fresh=True):
            judged = self.draw.free(decided, run)
            self.take(judged, (code(FRESH.name, "base"), run))
            self.rows[-1]["outcomes"] = outcomes(
                judged.room, self.draw.stage.geography, self.ask.pair, judged.past
            )

    def pair(self, plan: Plan, how: Mode) -> None:
        """Roll one plan in one mode, and its placebo."""
        for run in self.piece.runs(self.ask, self.draw.number, fresh=how.fresh):
            judged = self.draw.changed(plan, run, how)
            self.chains.append([self.draw.number, judged.met, *judged.logs])
            self.take(judged, (code(how.name, "alternate"), run))
            if how.placebo:
                judged = self.draw.placebo(plan, run, how)
                self.take(judged, (code(how.name, "base"), run))


def quantity_names(a: str, b: str) -> list[tuple[str, str]]:
    """Names and units of the probe's quantities for a pair."""
    return [(name.format(a=a, b=b), unit) for name, unit in QUANTITIES]
