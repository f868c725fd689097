"""
Measures: what a claim can be bound to.

The first key of a measure says what kind it is, as with the steps of a question; names of points
of divergence, mechanisms, facts and quantities are checked later, by `ledger`.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from allohistory.question.acts import Pair, Sheet, Span, Year

NO_MEASURE = "nothing here says what to compute"
BEST, BASELINE = "best", "baseline"
"""Stand for the best point of divergence of the answer, and for history's world with new luck."""


# ---- read off the answer ----------------------------------------------------------------------
class Goal(Sheet):
    """Chance of the goal with a point of divergence."""

    goal: str


class Without(Sheet):
    """Chance of the goal from the same date without a point of divergence."""

    without: str


class Gain(Sheet):
    """What a point of divergence adds to the chance of the goal; over another one, if named."""

    gain: str
    over: str | None = None


class Predicate(Sheet):
    """Chance of one part of the goal, or of its failure."""

    predicate: Literal["independent", "firm", "lasting", "closest", "not excluded"]
    pod: str = BEST
    fails: bool = False


class Bond(Sheet):
    """Chance that one of the pair comes under the other, is taken over, or is its own again."""

    bond: Literal["under", "taken over", "own again"]
    pod: str = BEST


class Verdicts(Sheet):
    """The parts of the goal one by one; the number is the goal itself."""

    verdicts: str


class Effect(Sheet):
    """What a point of divergence does to a named quantity; compared with `over`, if named."""

    effect: str
    pod: str = BEST
    over: str | None = None


class Follows(Sheet):
    """Everything that a point of divergence moves; the number is the effect on `follows`."""

    follows: str
    pod: str = BEST


class Reaction(Sheet):
    """How a relation of named powers with one of the pair changes."""

    reaction: Literal["ally", "dispute", "war", "rival"]
    powers: Annotated[list[str], Field(min_length=1)]
    of: str
    pod: str = BEST


class Share(Sheet):
    """Capability of some states together after so many years, percent of the world."""

    share: Annotated[list[str], Field(min_length=1)]
    after: Literal[10, 25, 50] = 25
    pod: str = BEST


class Lasts(Sheet):
    """Chance that a pact, once there, lasts so many years."""

    lasts: Literal[1, 5, 10, 15, 20, 30, 40]
    pod: str = BEST


class Falls(Sheet):
    """How much the chance of a firm pact being in force falls between two years."""

    falls: Span
    pod: str = BEST


class Milestone(Sheet):
    """Chance to come to a milestone of the yardstick."""

    milestone: str
    pod: str = BEST


class Chain(Sheet):
    """Chance of a whole chain of steps, its price in bits and its weakest link."""

    chain: str


class Window(Sheet):
    """Years by which a point of divergence lies outside the window, and its price."""

    window: str


class Best(Sheet):
    """Best chance of the goal inside the window, outside of it, or by how much one is better."""

    best: Literal["inside", "outside", "any", "inside over outside"]


class Others(Sheet):
    """Best chance of the goal inside the window by any way but these."""

    others: Annotated[list[str], Field(min_length=1)]


class Searched(Sheet):
    """What a search found beyond the listed points of divergence."""

    searched: Literal["frontier", "necessity", "routes"]


# ---- rolled for the ledger --------------------------------------------------------------------
class StepOf(Sheet):
    """Chance of a step given the ones before it; with `over`, how much likelier than another."""

    step: Annotated[int, Field(ge=1)]
    pod: str
    over: str | None = None
    over_step: Annotated[int, Field(ge=1)] = 1


class AnyOf(Sheet):
    """Chance of at least one of the first steps of some points of divergence."""

    any_of: Annotated[list[str], Field(min_length=2)]


class Switch(Sheet):
    """What a mechanism carries: the goal or a quantity with it, less the same without it."""

    switch: str
    quantity: str = "goal"
    pod: str = BASELINE


class Clause(Sheet):
    """Chance of the goal without one of its clauses, less the chance with it."""

    clause: Literal["exclude", "closest", "independent"]
    pod: str = BEST


class Toll(Sheet):
    """
    What a point of divergence costs a region of the ledger, or the world.

    Battle deaths of its states (in thousands, as the wars of the record have them), wars that its
    states are in from the first day, its states that end, mean regime of those left at the end, and
    percent of its capability that the pair holds.
    """

    toll: Literal["deaths", "wars", "ended", "regime", "share"]
    region: str = ""
    pod: str = BEST


class Formation(Sheet):
    """First pact in one decade rather than in the best other one, from history's world."""

    formation: Year


class Scan(Sheet):
    """The chance of the goal by year of divergence."""

    scan: Literal["best", "mean", "spread", "further back"]
    years: Annotated[list[Year], Field(min_length=2)] | None = None


# ---- the model's own constants ----------------------------------------------------------------
class Term(Sheet):
    """What a named term does to the odds of a process, per unit of the term."""

    term: Pair
    alternative: Annotated[int, Field(ge=1, le=3)] = 1


class Threat(Sheet):
    """A third state's share of the threat that two states both feel in a year of history."""

    threat: Pair
    from_: str = Field(alias="from")
    year: Year


class HalfLife(Sheet):
    """Years in which a memory fades by half."""

    half_life: Literal["war", "grudge", "standing", "pact"]


# ---- the record -------------------------------------------------------------------------------
class Capability(Sheet):
    """First state's share of the two states' capability together."""

    capability: Pair
    year: Year


class Disputes(Sheet):
    """Disputes between two states in some years, in the record."""

    disputes: Pair
    years: Span


class Rate(Sheet):
    """Disputes that a state began a year in a span, as a multiple of those around it."""

    rate: str
    years: Span
    beside: Span


class Coding(Sheet):
    """How the record codes a war; the number is what another coding does to a quantity."""

    coding: str
    pod: str
    quantity: str


class Reference(Sheet):
    """Other pairs like this one: how many allied, and how long."""

    reference: Literal["fought", "rivals", "both"]
    what: Literal["allied", "base", "short", "own"] = "base"


class Fact(Sheet):
    """A premise against what is known."""

    fact: str


class Missing(Sheet):
    """What cannot be computed here, and which fact is missing."""

    missing: str


MEASURES: dict[str, type[Sheet]] = {
    "goal": Goal,
    "without": Without,
    "gain": Gain,
    "predicate": Predicate,
    "bond": Bond,
    "verdicts": Verdicts,
    "effect": Effect,
    "follows": Follows,
    "reaction": Reaction,
    "share": Share,
    "lasts": Lasts,
    "falls": Falls,
    "milestone": Milestone,
    "chain": Chain,
    "window": Window,
    "best": Best,
    "others": Others,
    "searched": Searched,
    "step": StepOf,
    "any_of": AnyOf,
    "switch": Switch,
    "clause": Clause,
    "toll": Toll,
    "formation": Formation,
    "scan": Scan,
    "term": Term,
    "threat": Threat,
    "half_life": HalfLife,
    "capability": Capability,
    "disputes": Disputes,
    "rate": Rate,
    "coding": Coding,
    "reference": Reference,
    "fact": Fact,
    "missing": Missing,
}
"""Kinds of measures by the key that names them."""


def _head() -> Callable[[Any], str | None]:
    def tag(data: Any) -> str | None:  # noqa: ANN401 - anything may stand in a file
        keys = data if isinstance(data, dict) else getattr(type(data), "model_fields", ())
        head = next((key for key in MEASURES if key in keys), None)
        return None if head is None else f"<{head}>"

    return tag


Measure: TypeAlias = Annotated[
    Annotated[Goal, Tag("<goal>")]
    | Annotated[Without, Tag("<without>")]
    | Annotated[Gain, Tag("<gain>")]
    | Annotated[Predicate, Tag("<predicate>")]
    | Annotated[Bond, Tag("<bond>")]
    | Annotated[Verdicts, Tag("<verdicts>")]
    | Annotated[Effect, Tag("<effect>")]
    | Annotated[Follows, Tag("<follows>")]
    | Annotated[Reaction, Tag("<reaction>")]
    | Annotated[Share, Tag("<share>")]
    | Annotated[Lasts, Tag("<lasts>")]
    | Annotated[Falls, Tag("<falls>")]
    | Annotated[Milestone, Tag("<milestone>")]
    | Annotated[Chain, Tag("<chain>")]
    | Annotated[Window, Tag("<window>")]
    | Annotated[Best, Tag("<best>")]
    | Annotated[Others, Tag("<others>")]
    | Annotated[Searched, Tag("<searched>")]
    | Annotated[StepOf, Tag("<step>")]
    | Annotated[AnyOf, Tag("<any_of>")]
    | Annotated[Switch, Tag("<switch>")]
    | Annotated[Clause, Tag("<clause>")]
    | Annotated[Toll, Tag("<toll>")]
    | Annotated[Formation, Tag("<formation>")]
    | Annotated[Scan, Tag("<scan>")]
    | Annotated[Term, Tag("<term>")]
    | Annotated[Threat, Tag("<threat>")]
    | Annotated[HalfLife, Tag("<half_life>")]
    | Annotated[Capability, Tag("<capability>")]
    | Annotated[Disputes, Tag("<disputes>")]
    | Annotated[Rate, Tag("<rate>")]
    | Annotated[Coding, Tag("<coding>")]
    | Annotated[Reference, Tag("<reference>")]
    | Annotated[Fact, Tag("<fact>")]
    | Annotated[Missing, Tag("<missing>")],
    Discriminator(
        _head(),
        custom_error_type="no_measure",
        custom_error_message=f"{NO_MEASURE}; known are {', '.join(MEASURES)}",
    ),
]
