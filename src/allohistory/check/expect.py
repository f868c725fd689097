"""The list of sense tests: a file of steps and of what every historian expects of them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from allohistory.check.measures import MEASURES
from allohistory.counterfactual.intervention import Plan
from allohistory.engine.script import script_of
from allohistory.errors import QuestionError, UnknownNameError
from allohistory.question.acts import Sheet, Span
from allohistory.question.lines import line_of
from allohistory.question.read import Source, nearest, quoted, table_of
from allohistory.question.resolve import resolve
from allohistory.question.spec import GoalTable, Pod, QuestionFile, Step, Window
from allohistory.record.names import find_state, find_unit
from allohistory.record.tables import Tables, load

FILE = "sense.toml"
Words = Annotated[str, Field(min_length=1)]


class Listed(Sheet):
    """One test as the file has it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Words
    measure: str
    states: Annotated[list[str], Field(min_length=1, max_length=2)]
    unit: str | None = None
    years: Span
    sign: Literal["up", "down"]
    reason: Words
    source: Words
    added: str = ""
    step: Annotated[list[Step], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> "Listed":
        measure = MEASURES.get(self.measure)
        what = ""
        if measure is None:
            near = quoted(nearest(self.measure, MEASURES) or MEASURES)
            what = f'no measure is called "{self.measure}"; there is {near}'
        elif len(self.states) != measure.states:
            what = f'"{self.measure}" concerns {measure.states} states, not {len(self.states)}'
        elif measure.land != (self.unit is not None):
            need = "needs" if measure.land else "knows"
            what = f'"{self.measure}" {need} {"a" if measure.land else "no"} unit of land'
        elif self.years[1] < self.years[0]:
            what = "the years end before they begin"
        if what:
            raise PydanticCustomError("sense_test", "{what}", {"what": what})
        return self


class List(Sheet):
    """The whole file."""

    test: Annotated[list[Listed], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Expectation:
    """
    A sense test in the terms of the model.

    Attributes
    ----------
    id, title, measure, sign, reason, source : str
        As in the file.
    added : str
        Why it was written after the list had first been run; empty for a test of the first list.
    plan : Plan
        Its steps.
    states : tuple of int
        Columns of the states concerned.
    unit : int
        Column of the unit of land; -1 without one.
    years : (int, int)
        First and last year looked at.
    """

    id: str
    title: str
    measure: str
    sign: str
    reason: str
    source: str
    added: str
    plan: Plan
    states: tuple[int, ...]
    unit: int
    years: tuple[int, int]


def expectations(
    path: Path | None = None,
    tables: Tables | None = None,
    refused: list[tuple[Listed, QuestionError]] | None = None,
) -> list[Expectation]:
    """
    Read and resolve the list (the one that comes with the package, unless another is given).

    See `listed` for `tables` and `refused`.

    Raises
    ------
    QuestionError
        At the first mistake.
    """
    place = path or files("allohistory.check").joinpath(FILE)
    name = str(path) if path else FILE
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"the list cannot be read ({error})", file=name) from None
    return listed(text, name, tables, refused)


def listed(
    text: str,
    name: str = "",
    tables: Tables | None = None,
    refused: list[tuple[Listed, QuestionError]] | None = None,
) -> list[Expectation]:
    """
    Read and resolve the text of a list.

    Parameters
    ----------
    text, name : str
        The list, and the name of its file for messages.
    tables : Tables, optional
        The record; the core record without it.
    refused : list, optional
        Takes the tests that this record cannot be asked, and why; without it the first is raised.

    Raises
    ------
    QuestionError
        At the first mistake.
    """
    found, lines = table_of(List, text, name)
    out = []
    for n, row in enumerate(found.test):

        def wrong(what: str, key: str, instead: str = "", n: int = n) -> QuestionError:
            key = f"test[{n}].{key}"
            return QuestionError(what, instead, name, key, line_of(lines, key))

        try:
            plan = _plan(row, n, name=name, text=text, lines=lines, tables=tables)
            out.append(_expectation(row, plan, tables, wrong))
        except QuestionError as error:
            if refused is None:
                raise
            refused.append((row, error))
    return out


def _plan(
    row: Listed, n: int, *, name: str, text: str, lines: dict[str, int], tables: Tables | None
) -> Plan:
    """Resolve the steps of one test: to the resolver it is a question's only divergence."""
    here, there = f"test[{n}].", "pod[0]."
    spec = QuestionFile(
        question="Do directions make sense?",
        pair=["Japan", "China"],
        divergence=Window.model_validate({"from": 1861, "to": 2016}),
        goal=GoalTable(),
        pod=[Pod(id=row.id, title=row.title, step=row.step)],
    )
    theirs = {k.replace(here, there, 1): v for k, v in lines.items() if k.startswith(here)}
    try:
        return resolve(Source(spec, name, text, theirs), tables).plans[0]
    except QuestionError as error:
        key = error.key.replace(there, here, 1)
        raise QuestionError(error.what, error.instead, name, key, error.line) from None


def _expectation(
    row: Listed, plan: Plan, tables: Tables | None, wrong: Callable[..., QuestionError]
) -> Expectation:
    """Find the names of one test, and refuse years that begin too early."""
    record = tables or load()
    panel = script_of(tables).panel
    key = "states"
    try:
        states = tuple(panel.index(find_state(s, row.years[0], record)) for s in row.states)
        key = "unit"
        unit = -1 if row.unit is None else panel.units.index(find_unit(row.unit, record))
    except UnknownNameError as error:
        raise wrong(error.what, key, quoted(error.nearest)) from None
    if row.years[0] < plan.decided:
        raise wrong(
            f"the years begin before the last step is decided in {plan.decided}",
            "years",
            f"[{plan.decided}, {max(row.years[1], plan.decided)}]",
        )
    return Expectation(
        row.id,
        row.title,
        row.measure,
        row.sign,
        row.reason,
        row.source,
        row.added,
        plan,
        states,
        unit,
        (row.years[0], row.years[1]),
    )
