"""
Interventions as data: a Plan is a list of addressed Changes, in the terms of the model.

The question layer maps a reader's steps ("Russia wins the Russo-Japanese War") to Changes and
says in words how; this room knows only addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from allohistory.engine import gate as g
from allohistory.engine.luck import Stage, power_of_two
from allohistory.noise import address, mix


@dataclass(frozen=True, slots=True)
class Change:
    """
    One addressed choice set or moved.

    Attributes
    ----------
    process, year, first, second
        Address: a process of `model.terms`, a year, and the hashes that name the unit (states:
        ``geography.state_hash``; an undirected dyad: smaller hash first; wars and treaties:
        their key; a joiner: first = `join_unit(war key, round)`, second = state).
    force : int or None
        Outcome to set: 0 nothing, 1.. as the process counts. For races (PATRON_TO, EXIT_TO,
        HANDS_TO) the winner's name, `winner(hash)`. A founded treaty bound to the leader of
        state s is ``1 + 10 * (s + 1)``. A unit handed over is ``2 + held``.
    shift : float
        Added to the linear predictor (log odds), or for GROWTH to log capability.
    step : int
        Step of the chain it belongs to, from 0.
    priced : bool
        Whether the model prices it; False where it only holds what a step presupposes.
    towards : int
        1 or -1 to couple the luck of a binary choice so that something, or nothing, comes of it
        as often as any coupling allows (an end of the Fréchet-Hoeffding bounds); 0 as the mode
        has it. For replays; it changes no margin.
    """

    process: int
    year: int
    first: int
    second: int = 0
    force: int | None = None
    shift: float = 0.0
    step: int = 0
    priced: bool = True
    towards: int = 0

    @property
    def where(self) -> int:
        """Full address."""
        return int(address(self.process, self.year, np.uint64(self.first), np.uint64(self.second)))


@dataclass(frozen=True, slots=True)
class Plan:
    """
    A point of divergence as Changes.

    Attributes
    ----------
    id, title : str
    changes : tuple of Change
    assumptions : tuple of str
        How each step was mapped to modelled choices, one sentence each.
    priors : tuple of (int, float)
        Step and stated probability, for steps the record cannot price.
    claims : tuple of int
        Rows of the claims ledger.
    names : tuple of (int, str)
        Names that steps give: of a treaty or war by its key, of a leader by the address of the
        change that brings him.
    """

    id: str
    title: str
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()
    priors: tuple[tuple[int, float], ...] = ()
    claims: tuple[int, ...] = field(default_factory=tuple)
    names: tuple[tuple[int, str], ...] = ()

    @property
    def first(self) -> int:
        """Year of the first change."""
        return min(c.year for c in self.changes)

    @property
    def decided(self) -> int:
        """
        Year in which the last step first acts; worlds are replayed to its end.

        A step that holds something for decades is decided when it begins.
        """
        begun: dict[int, int] = {}
        for c in self.changes:
            begun[c.step] = min(begun.get(c.step, c.year), c.year)
        return max(begun.values())

    @property
    def steps(self) -> int:
        """Number of steps."""
        return 1 + max(c.step for c in self.changes)


def join_unit(war_key: int, turn: int) -> int:
    """First hash of a joining choice: the war and the round."""
    return int(mix(np.uint64(war_key), np.uint64(turn)))


def winner(state_hash: int) -> int:
    """Name of a state as the winner of a race."""
    return int(state_hash) & 0x7FFFFFFF


def clear(stage: Stage) -> None:
    """Take all changes off a stage."""
    luck = stage.luck
    luck.change_key[:] = 0
    luck.changed[:] = 0
    luck.force[:] = g.NO_FORCE
    luck.shift[:] = 0.0
    luck.priced[:] = 0
    luck.towards[:] = 0
    luck.logp[:] = 0.0
    luck.hits[:] = 0
    luck.predictor[:] = np.nan
    luck.control[g.HAS_CHANGE] = 0


def make_room(stage: Stage, changes: int) -> None:
    """Give a stage tables that hold so many changes at half their slots."""
    slots = power_of_two(2 * changes)
    luck = stage.luck
    if slots > len(luck.change_key):
        stage.luck = luck._replace(
            change_key=np.zeros(slots, np.uint64),
            force=np.full(slots, g.NO_FORCE, np.int64),
            shift=np.zeros(slots),
            priced=np.zeros(slots, np.int64),
            logp=np.zeros(slots),
            hits=np.zeros(slots, np.int64),
            predictor=np.full((slots, 3), np.nan),
        )


def apply(stage: Stage, changes: Sequence[Change]) -> list[int]:
    """
    Put changes on a stage; shifts at one address add up, the last force wins.

    Returns
    -------
    list of int
        Slot of each change, for reading `logp` and `hits` after a run.
    """
    make_room(stage, len(changes))
    clear(stage)
    luck, slots = stage.luck, []
    for change in changes:
        slot = int(g.insert(luck.change_key, np.uint64(change.where)))
        if 0 <= change.year - stage.base < luck.changed.shape[1]:
            luck.changed[change.process, change.year - stage.base] = 1
        if change.force is not None:
            luck.force[slot] = change.force
            luck.priced[slot] = int(change.priced)
        luck.shift[slot] += change.shift
        if change.towards:
            luck.towards[slot] = change.towards
        slots.append(slot)
    luck.control[g.HAS_CHANGE] = int(bool(changes))
    return slots
