"""
The question file as typed tables (design section 2): goal, exclusions, chains of steps.

A step is one verb (`force`, `prevent`, `hold`, `shift`, `move`) with one table of `acts`.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from allohistory.question.acts import (
    Act,
    Ambition,
    Annexed,
    CapabilityPath,
    CivilWarWinner,
    DependencyGranted,
    DisputeHappens,
    DisputePrevented,
    ExitMoved,
    Freed,
    Joins,
    LeaderInstalled,
    LeaderPrevented,
    NeutralityAnswered,
    NeutralityProclaimed,
    NewWar,
    NotAnnexed,
    Pair,
    Peace,
    Propensity,
    RegimeInstalled,
    RivalryEnds,
    RivalryStarts,
    Sheet,
    StaysOut,
    TreatyEnded,
    TreatyFormed,
    TreatyHeld,
    TreatyPrevented,
    WarOutcome,
    WarPrevented,
    Year,
)

HEADS: dict[str, tuple[str, ...]] = {
    "force": (
        "war",
        "new_war",
        "join",
        "dispute",
        "neutrality",
        "demand",
        "treaty",
        "treaty_end",
        "rivalry",
        "rivalry_end",
        "capability",
        "regime",
        "leader",
        "civil_war",
        "annexed",
        "dependency",
        "freed",
    ),
    "prevent": ("war", "join", "dispute", "treaty", "leader", "annexed"),
    "hold": ("treaty", "peace"),
    "shift": ("propensity",),
    "move": ("leader_exit", "ambition"),
}
"""Verbs, and the keys that say what kind of step a verb's table is."""


def _by_head(verb: str) -> Callable[[Any], str | None]:
    """Tag of a verb's table: its first key that names a kind, in angle brackets."""

    def tag(data: Any) -> str | None:  # noqa: ANN401 - anything may stand in a file
        keys = data if isinstance(data, dict) else getattr(type(data), "model_fields", ())
        head = next((key for key in keys if key in HEADS[verb]), None)
        return None if head is None else f"<{head}>"

    return tag


class Step(Sheet):
    """One step of a chain: one verb, and what is known about it."""

    force: (
        Annotated[
            Annotated[WarOutcome, Tag("<war>")]
            | Annotated[NewWar, Tag("<new_war>")]
            | Annotated[Joins, Tag("<join>")]
            | Annotated[DisputeHappens, Tag("<dispute>")]
            | Annotated[NeutralityProclaimed, Tag("<neutrality>")]
            | Annotated[NeutralityAnswered, Tag("<demand>")]
            | Annotated[TreatyFormed, Tag("<treaty>")]
            | Annotated[TreatyEnded, Tag("<treaty_end>")]
            | Annotated[RivalryStarts, Tag("<rivalry>")]
            | Annotated[RivalryEnds, Tag("<rivalry_end>")]
            | Annotated[CapabilityPath, Tag("<capability>")]
            | Annotated[RegimeInstalled, Tag("<regime>")]
            | Annotated[LeaderInstalled, Tag("<leader>")]
            | Annotated[CivilWarWinner, Tag("<civil_war>")]
            | Annotated[Annexed, Tag("<annexed>")]
            | Annotated[DependencyGranted, Tag("<dependency>")]
            | Annotated[Freed, Tag("<freed>")],
            Discriminator(_by_head("force")),
        ]
        | None
    ) = None
    prevent: (
        Annotated[
            Annotated[WarPrevented, Tag("<war>")]
            | Annotated[StaysOut, Tag("<join>")]
            | Annotated[DisputePrevented, Tag("<dispute>")]
            | Annotated[TreatyPrevented, Tag("<treaty>")]
            | Annotated[LeaderPrevented, Tag("<leader>")]
            | Annotated[NotAnnexed, Tag("<annexed>")],
            Discriminator(_by_head("prevent")),
        ]
        | None
    ) = None
    hold: (
        Annotated[
            Annotated[TreatyHeld, Tag("<treaty>")] | Annotated[Peace, Tag("<peace>")],
            Discriminator(_by_head("hold")),
        ]
        | None
    ) = None
    shift: Propensity | None = None
    move: (
        Annotated[
            Annotated[ExitMoved, Tag("<leader_exit>")] | Annotated[Ambition, Tag("<ambition>")],
            Discriminator(_by_head("move")),
        ]
        | None
    ) = None
    probability: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        verbs = [verb for verb in HEADS if getattr(self, verb) is not None]
        if len(verbs) != 1:
            found = " and ".join(verbs) or "none"
            raise PydanticCustomError(
                "one_verb", "a step has exactly one verb, this one has {found}", {"found": found}
            )
        return self

    @property
    def verb(self) -> str:
        """Its verb."""
        return next(verb for verb in HEADS if getattr(self, verb) is not None)

    @property
    def act(self) -> Act:
        """The table of its verb."""
        act: Act = getattr(self, self.verb)
        return act


class Pod(Sheet):
    """A point of divergence: a chain of steps, each given the ones before."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: str
    claim: list[int] = Field(default_factory=list)
    step: Annotated[list[Step], Field(min_length=1)]


class Window(Sheet):
    """
    Years in which a divergence may lie; `grace` years beyond cost up to one bit.

    `sensitivity` lists years to which a search also moves the first year of the window.
    """

    from_: Year = Field(alias="from")
    to: Year
    grace: Annotated[int, Field(ge=0, le=150)] = 0
    sensitivity: Annotated[list[Year], Field(max_length=20)] = Field(default_factory=list)


class Firm(Sheet):
    """How firm: alliance level of the treaties, and whether deeds must bear it out."""

    level: Literal[1, 2] = 2
    behaviour: bool = True


class Lasting(Sheet):
    """How long without a break."""

    years: Annotated[int, Field(ge=1, le=150)]


class Closest(Sheet):
    """Whether each must be the other's closest, among whom, and in what share of the years."""

    among: Literal["majors", "all"] = "majors"
    mutual: bool = True
    share: Annotated[float, Field(gt=0.0, le=1.0)] = 0.8


class Yardstick(Sheet):
    """The pair on whose closeness the goal is measured."""

    pair: Pair
    from_: Year = Field(alias="from")


class GoalTable(Sheet):
    """What counts as reached."""

    independent: bool = True
    firm: Firm | None = None
    lasting: Lasting | None = None
    closest: Closest | None = None
    yardstick: Yardstick | None = None


class Exclude(Sheet):
    """What does not count, and unless what."""

    when: str
    unless: str | None = None


class QuestionFile(Sheet):
    """The whole file."""

    question: str
    pair: Pair
    divergence: Window
    horizon: Annotated[int, Field(ge=1, le=150)] = 50
    goal: GoalTable
    exclude: list[Exclude] = Field(default_factory=list)
    pod: Annotated[list[Pod], Field(min_length=1)]
