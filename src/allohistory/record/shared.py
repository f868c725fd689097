"""What two states can share, one frozen dataclass each; every one knows when it happened."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from allohistory.record.tables import Day
from allohistory.vocab import Obligation


@dataclass(frozen=True, slots=True)
class SharedTreaty:
    """
    A treaty both belonged to, for as long as both did.

    Parameters
    ----------
    id, name : str
        As in the record.
    start, end : Day
        From when to when both were members; no end where they still are.
    pledges_a, pledges_b : Obligation
        What the first and the second of the pair pledged.
    members : int
        How many states were ever members; 2 for a treaty of the pair alone.
    founded : bool
        Whether both were in it from its first day.
    ended : str
        How it ended, or for the pair how it ended before the treaty did (``left``).
    note : str
        What is contested, in one sentence.
    """

    id: str
    name: str
    start: Day
    end: Day | None
    pledges_a: Obligation
    pledges_b: Obligation
    members: int
    founded: bool
    ended: str
    note: str


@dataclass(frozen=True, slots=True)
class SharedWar:
    """
    A war both fought in, on the same side or opposed.

    Results are ``won``, ``lost``, ``drew``, or ``left`` for a state that got or was put out
    of the war before its end.
    """

    id: str
    name: str
    start: Day
    end: Day | None
    same_side: bool
    result_a: str
    result_b: str
    margin: str
    deaths_a: int | None
    deaths_b: int | None
    note: str


@dataclass(frozen=True, slots=True)
class SharedSettlement:
    """What the one took from the other after a war."""

    war: str
    start: Day
    end: Day | None
    loser: str
    winner: str
    kind: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class SharedDispute:
    """A dispute between the two."""

    start: Day
    end: Day | None
    initiator: str
    target: str
    level: int
    joined: bool
    note: str


@dataclass(frozen=True, slots=True)
class SharedRivalry:
    """A spell of rivalry."""

    start: Day
    end: Day | None
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """A unit of land that passed from the one to the other."""

    start: Day
    end: Day | None
    unit: str
    name: str
    giver: str
    taker: str
    status: str
    cause: str
    note: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """How the two touched over a run of years (31 December of each)."""

    start: Day
    end: Day | None
    home: str
    dependency: str
    words: str


Shared = (
    SharedTreaty
    | SharedWar
    | SharedSettlement
    | SharedDispute
    | SharedRivalry
    | Transfer
    | Neighbourhood
)


@dataclass(frozen=True, slots=True)
class PairHistory:
    """
    Everything two states share in a record.

    Parameters
    ----------
    a, b : str
        Ids of the states, in the order asked for.
    names : tuple of str
        What to call them at the end of the record.
    treaties, wars, settlements, disputes, rivalries, transfers, neighbourhoods : tuple
        Each in the order of dates.
    """

    a: str
    b: str
    names: tuple[str, str]
    treaties: tuple[SharedTreaty, ...]
    wars: tuple[SharedWar, ...]
    settlements: tuple[SharedSettlement, ...]
    disputes: tuple[SharedDispute, ...]
    rivalries: tuple[SharedRivalry, ...]
    transfers: tuple[Transfer, ...]
    neighbourhoods: tuple[Neighbourhood, ...]

    def in_order(self) -> tuple[Shared, ...]:
        """
        Everything together, in the order of dates; wars and treaties first within a day.

        Returns
        -------
        tuple
            Rows of every kind.
        """
        rows: list[Shared] = [
            *self.treaties,
            *self.wars,
            *self.settlements,
            *self.transfers,
            *self.rivalries,
            *self.disputes,
            *self.neighbourhoods,
        ]
        return tuple(sorted(rows, key=lambda row: row.start))

    def to_dict(self) -> dict[str, Any]:
        """
        The history as plain values, ready for JSON.

        Returns
        -------
        dict
            Dates as text, obligations as the letters of the codebook.
        """
        return {field.name: plain(getattr(self, field.name)) for field in dataclasses.fields(self)}


def plain(value: object) -> Any:  # noqa: ANN401 - JSON values have no common type
    """Dataclasses, dates, pledges and tuples as values that JSON knows."""
    if isinstance(value, Day):
        return str(value)
    if isinstance(value, Obligation):
        return value.letters
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    return value
