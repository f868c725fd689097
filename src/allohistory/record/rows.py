"""
One frozen dataclass per table of the core record; the codebook is ``core/README.md``.

Fields stand in the order of the columns and bear their names, except that ``from`` and ``to``
(in spells ``enter`` and ``exit``) are ``start`` and ``end``, ``from`` being a word of Python.
"""

from dataclasses import dataclass

from allohistory.record.dates import Day
from allohistory.vocab import DisputeLevel, Obligation, Outcome, Status

NOBODY = "-"
"""Owner of land that is independent or held by a state outside the record."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the record; `home` is the unit at the core of its homeland."""

    id: str
    name: str
    home: str
    cow: tuple[int, ...]
    iso3: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name a reader may use for a state, and when it was right."""

    id: str
    name: str
    start: Day
    end: Day | None


@dataclass(frozen=True, slots=True)
class Spell:
    """A spell of membership in the state system, with the causes of entry and exit."""

    id: str
    start: Day
    enter_cause: str
    enter_from: str
    end: Day | None
    exit_cause: str
    exit_to: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Major:
    """A spell as a major power."""

    id: str
    start: Day
    end: Day | None
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Capital:
    """A seat of government."""

    id: str
    city: str
    lat: float
    lon: float
    start: Day
    end: Day | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of land that changed hands as one."""

    unit: str
    name: str
    lat: float
    lon: float
    iso3: str
    pop: float
    region: str


@dataclass(frozen=True, slots=True)
class Border:
    """Two neighbouring units; kind is ``land``, ``strait`` or ``sea``."""

    a: str
    b: str
    kind: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held a unit, how, and what ended or began it."""

    unit: str
    owner: str
    status: Status
    start: Day
    end: Day | None
    cause: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class War:
    """A war between states; initiator and target are its first pair."""

    id: str
    name: str
    cow: tuple[int, ...]
    start: Day
    end: Day | None
    initiator: str
    target: str
    outcome: Outcome
    margin: str
    aliases: tuple[str, ...]
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Participant:
    """A state on one side of a war; side ``A`` is the initiator's."""

    war: str
    state: str
    side: str
    start: Day
    end: Day | None
    how_out: str
    deaths: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a winner took from a loser of a war."""

    war: str
    loser: str
    winner: str
    kind: str
    unit: str
    start: Day
    end: Day | None
    note: str


@dataclass(frozen=True, slots=True)
class CivilWar:
    """A war inside a state, with the patrons of its sides."""

    id: str
    name: str
    state: str
    start: Day
    end: Day | None
    winner: str
    loser: str
    winner_patron: tuple[str, ...]
    loser_patron: tuple[str, ...]
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Treaty:
    """A treaty; obligations are the strongest that any member pledges."""

    id: str
    name: str
    start: Day
    end: Day | None
    founder_a: str
    founder_b: str
    obligations: Obligation
    ended: str
    bound_to: str
    aliases: tuple[str, ...]
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a treaty and what it pledges to the others."""

    treaty: str
    state: str
    start: Day
    end: Day | None
    obligations: Obligation


@dataclass(frozen=True, slots=True)
class Rivalry:
    """A spell of rivalry between two states, a before b in the alphabet."""

    a: str
    b: str
    start: Day
    end: Day | None
    kind: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """
    The dispute that began between two states in a year, at its highest level.

    Who prevailed is None where nobody has coded it or where it was not for these two to settle.
    """

    initiator: str
    target: str
    year: int
    level: DisputeLevel
    joined: bool
    outcome: Outcome | None
    note: str


@dataclass(frozen=True, slots=True)
class Capability:
    """Share of the world's capability at a benchmark year, in percent."""

    id: str
    year: int
    share: float
    flag: str


@dataclass(frozen=True, slots=True)
class Regime:
    """Democracy at a benchmark year, 0 to 1."""

    id: str
    year: int
    democracy: float
    flag: str


@dataclass(frozen=True, slots=True)
class Leader:
    """A leader, how he or she came and went."""

    id: str
    name: str
    start: Day
    end: Day | None
    how_in: str
    how_out: str
    faction: str
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """A work that the tables cite."""

    key: str
    citation: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the record departs from the published tables on purpose, and why."""

    family: str
    key: str
    reason: str
