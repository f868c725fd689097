"""Claims as data: a row binds a poster's words to a measure and to a side of it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from allohistory.question.acts import Sheet
from allohistory.question.spec import Pod
from allohistory.thread.claims import Measure

Kind = Literal[
    "chance",
    "effect",
    "necessity",
    "sufficiency",
    "mechanism",
    "comparison",
    "premise",
    "plausibility",
    "reference class",
    "reaction",
    "verdict on a goal",
    "contested coding",
    "date window",
    "not in the record",
]


class Test(Sheet):
    """On which side of a number the claim lies; `reads` says how its words were read."""

    above: float | None = None
    below: float | None = None
    reads: str = ""

    @model_validator(mode="after")
    def _one_side(self) -> "Test":
        if (self.above is None) == (self.below is None):
            raise PydanticCustomError(
                "one_side", 'a test has either "above" or "below", not both', {}
            )
        return self

    @property
    def bar(self) -> float:
        """The number."""
        return self.above if self.above is not None else float(self.below or 0.0)

    @property
    def side(self) -> int:
        """1 if the claim lies above it, -1 if below."""
        return 1 if self.above is not None else -1


class Says(Sheet):
    """What a row says beside its number, by verdict."""

    supported: str = ""
    leaning: str = ""
    undecided: str = ""
    against: str = ""
    answered: str = ""


class Row(Sheet):
    """
    One row of a ledger.

    Attributes
    ----------
    n, who, quote, claim : int, str
        Number, poster, the poster's own words, and the claim in a sentence.
    kind : str
    by : Measure
        What is computed.
    test : Test or None
        Which side of what the claim is on; without one, the row is a question or a limit.
    rests : str
        Mechanism of elicited size on which the number may rest alone: the row is computed without
        it too, and is not called supported where it does.
    beside : list of Measure
        Further evidence; it bears on no verdict.
    note : str
        What the number stands for, where that is not the claim itself.
    says : Says
    source : list of str
        Works behind `note` and `says`, as `citations.cited` takes them.
    """

    n: Annotated[int, Field(ge=1)]
    who: str
    quote: str
    claim: str
    kind: Kind
    by: Measure
    test: Test | None = None
    rests: str = ""
    beside: list[Measure] = Field(default_factory=list)
    note: str = ""
    says: Says = Field(default_factory=Says)
    source: list[str] = Field(default_factory=list)


class Region(Sheet):
    """A part of the world that a ledger speaks of."""

    name: str
    states: Annotated[list[str], Field(min_length=1)]


class LedgerFile(Sheet):
    """The file: whose question, what more is rolled, regions spoken of, the rows."""

    title: str
    question: str
    region: list[Region] = Field(default_factory=list)
    pod: list[Pod] = Field(default_factory=list)
    row: Annotated[list[Row], Field(min_length=1)]
