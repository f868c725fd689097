"""
The kinds of step a question file knows, each a table; names are checked later, by `resolve`.

The first key of a table says what kind it is, so that the vocabulary is closed and a typing error
is found at its line.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Year = Annotated[int, Field(ge=1861, le=2016)]
Factor = Annotated[float, Field(gt=0.0, le=100.0)]
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
Span = Annotated[list[Year], Field(min_length=2, max_length=2)]
Word = Literal["defense", "offense", "neutrality", "nonaggression", "consultation"]


class Sheet(BaseModel):
    """A table of the file: no key unknown, no type guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:  # noqa: ANN401 - anything may stand in a file
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in data if isinstance(data, dict) else ():
            if key not in known:
                raise PydanticCustomError(
                    "unknown_key", "no key is called {key}", {"key": str(key), "known": known}
                )
        return data


# ---- wars -------------------------------------------------------------------------------------
class WarOutcome(Sheet):
    """A war ends otherwise than it did."""

    war: str
    outcome: str
    margin: Literal["narrow", "decisive"] | None = None
    year: Year | None = None


class NewWar(Sheet):
    """A war that history did not have; its name may be used by later steps."""

    new_war: str
    initiator: str
    target: str
    year: Year


class Joins(Sheet):
    """A state joins a side of a war; `side` is any state of that side."""

    join: str
    state: str
    side: str
    year: Year
    round: Literal[1, 2, 3] | None = None


class DisputeHappens(Sheet):
    """A dispute below war; `dispute` is its level."""

    dispute: Literal["show", "force"]
    initiator: str
    target: str
    year: Year


class NeutralityProclaimed(Sheet):
    """A state proclaims its neutrality in a war; its `embargo` hits one belligerent."""

    neutrality: str
    state: str
    year: Year
    embargo: str | None = None
    factor: Factor | None = None


class NeutralityAnswered(Sheet):
    """A belligerent makes demands on a neutral; `answer` is what becomes of them."""

    demand: str
    initiator: str
    target: str
    year: Year
    answer: Literal["refused", "granted"] | None = None
    factor: Factor | None = None


class WarPrevented(Sheet):
    """A war of history does not begin, nor (up to `until`) another between the same two."""

    war: str
    until: Year | None = None


class StaysOut(Sheet):
    """A state stays out of a war."""

    join: str
    state: str


class DisputePrevented(Sheet):
    """No dispute from one state against another."""

    dispute: Pair
    from_: Year = Field(alias="from")
    to: Year


class Peace(Sheet):
    """Two states do not fight each other for some years."""

    peace: Pair
    from_: Year = Field(alias="from")
    to: Year


# ---- treaties and rivalries -------------------------------------------------------------------
class TreatyFormed(Sheet):
    """A treaty; no obligations make it an unequal one. `bound_to` is a leader or his state."""

    treaty: str
    members: Annotated[list[str], Field(min_length=2)]
    year: Year
    obligations: list[Word]
    bound_to: str | None = None


class TreatyEnded(Sheet):
    """A treaty lapses or is denounced."""

    treaty_end: str
    year: Year


class TreatyPrevented(Sheet):
    """A treaty of history is not signed."""

    treaty: str


class TreatyHeld(Sheet):
    """A treaty stays in force."""

    treaty: str
    until: Year


class RivalryStarts(Sheet):
    """A rivalry begins."""

    rivalry: Pair
    year: Year


class RivalryEnds(Sheet):
    """A rivalry ends."""

    rivalry_end: Pair
    year: Year


# ---- within states ----------------------------------------------------------------------------
class CapabilityPath(Sheet):
    """A state's share of the world's capability is multiplied between two years."""

    capability: str
    factor: Factor
    from_: Year = Field(alias="from")
    to: Year


class RegimeInstalled(Sheet):
    """A regime comes, one step a year."""

    regime: Literal["autocracy", "mixed", "democracy"]
    state: str
    year: Year


class LeaderInstalled(Sheet):
    """A leader comes to power, with a patron abroad or without, and may stay `until` a year."""

    leader: str
    state: str
    year: Year
    patron: str | None = None
    how: Literal["regular", "irregular"] | None = None
    until: Year | None = None


class LeaderPrevented(Sheet):
    """A leader of history never comes to power."""

    leader: str
    state: str


class ExitMoved(Sheet):
    """A leader of history leaves power in another year."""

    leader_exit: str
    to: Year
    state: str | None = None


class CivilWarWinner(Sheet):
    """A civil war of history ends otherwise."""

    civil_war: str
    winner: str


# ---- land -------------------------------------------------------------------------------------
class Annexed(Sheet):
    """A state or unit of land comes under an owner, as his own soil."""

    annexed: str
    owner: str
    year: Year


class DependencyGranted(Sheet):
    """A state or unit of land becomes a dependency of an owner."""

    dependency: str
    owner: str
    year: Year


class Freed(Sheet):
    """A state or unit of land becomes independent."""

    freed: str
    year: Year


class NotAnnexed(Sheet):
    """A state or unit of land keeps its owner from a year on (to the horizon without `until`)."""

    annexed: str
    from_: Year = Field(alias="from")
    until: Year | None = None


# ---- what the record cannot see ---------------------------------------------------------------
class Propensity(Sheet):
    """Odds of a kind of event multiplied for some years; without `toward`, against everybody."""

    propensity: str
    state: str
    toward: str | None = None
    factor: Factor
    years: Span


class Ambition(Sheet):
    """A state turns from targets to another one, whoever holds that in the year."""

    ambition: str
    from_: Annotated[list[str], Field(alias="from", min_length=1)]
    to: str
    years: Span
    factor: Factor


Force = (
    WarOutcome
    | NewWar
    | Joins
    | DisputeHappens
    | NeutralityProclaimed
    | NeutralityAnswered
    | TreatyFormed
    | TreatyEnded
    | RivalryStarts
    | RivalryEnds
    | CapabilityPath
    | RegimeInstalled
    | LeaderInstalled
    | CivilWarWinner
    | Annexed
    | DependencyGranted
    | Freed
)
Prevent = (
    WarPrevented | StaysOut | DisputePrevented | TreatyPrevented | LeaderPrevented | NotAnnexed
)
Hold = TreatyHeld | Peace
Move = ExitMoved | Ambition
Act = Force | Prevent | Hold | Move | Propensity
