"""
A timeline that somebody wrote, as a file: dated events in the vocabulary of the steps.

An event is a step of a question file with a title of its own. `complete` says of which kinds of
event the timeline claims to list all that happened among its states in its years.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from allohistory.counterfactual.intervention import Change
from allohistory.engine.script import Script, script_of
from allohistory.errors import QuestionError, UnknownNameError
from allohistory.question import acts
from allohistory.question.acts import Sheet, Year
from allohistory.question.chain import Chain
from allohistory.question.lines import line_of
from allohistory.question.read import quoted, table_of, text_by
from allohistory.question.resolve import add_step
from allohistory.question.shelf import names_in
from allohistory.question.spec import Step
from allohistory.record.names import find_state
from allohistory.record.tables import Tables, load

Kind = Literal[
    "wars",
    "disputes",
    "joinings",
    "war ends",
    "treaties",
    "treaty ends",
    "rivalries",
    "leaders",
    "regimes",
    "land",
]
KIND_OF: Final[dict[type[Sheet], Kind]] = {
    acts.WarOutcome: "war ends",
    acts.NewWar: "wars",
    acts.WarPrevented: "wars",
    acts.Peace: "wars",
    acts.Joins: "joinings",
    acts.StaysOut: "joinings",
    acts.DisputeHappens: "disputes",
    acts.DisputePrevented: "disputes",
    acts.TreatyFormed: "treaties",
    acts.TreatyPrevented: "treaties",
    acts.TreatyEnded: "treaty ends",
    acts.TreatyHeld: "treaty ends",
    acts.RivalryStarts: "rivalries",
    acts.RivalryEnds: "rivalries",
    acts.LeaderInstalled: "leaders",
    acts.LeaderPrevented: "leaders",
    acts.ExitMoved: "leaders",
    acts.CivilWarWinner: "leaders",
    acts.RegimeInstalled: "regimes",
    acts.Annexed: "land",
    acts.DependencyGranted: "land",
    acts.Freed: "land",
    acts.NotAnnexed: "land",
}
"""What kind of event each step is; steps that only move odds are of none."""


class Event(Step):
    """A step, and what it is called."""

    title: str = ""


class TimelineFile(Sheet):
    """The whole file."""

    title: str
    from_: Year | None = Field(default=None, alias="from")
    to: Year | None = None
    states: Annotated[list[str], Field(min_length=1)] | None = None
    complete: list[Kind] | None = None
    event: list[Event] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """A timeline file as read (as `read.Source`)."""

    spec: TimelineFile
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def error(self, what: str, key: str = "", instead: str = "") -> QuestionError:
        """Error at a key of this file."""
        return QuestionError(what, instead, self.file, key, line_of(self.lines, key))


@dataclass(frozen=True, slots=True)
class Listed:
    """
    One event of a timeline.

    Attributes
    ----------
    title : str
        As the file has it, or how the model reads it.
    year : int
        In which it acts.
    stated : float or None
        Probability that the file states.
    kind : str
        Of `Kind`; empty where it only moves odds.
    source, note : str
    says : tuple of str
        How it was mapped to modelled choices.
    """

    title: str
    year: int
    stated: float | None
    kind: str
    source: str
    note: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """
    A timeline in the terms of the model.

    Attributes
    ----------
    title, file : str
    first, last : int
        Its years.
    states : tuple of int
        Columns of the states it speaks of.
    complete : tuple of str or None
        Kinds of event of which it claims to list all; None where it claims nothing.
    events : tuple of Listed
        In the order of time.
    changes : tuple of Change
        Of all events; `Change.step` is the number of the event.
    wars, treaties : dict of int to (int, (int, int))
        First year and first pair of the wars and treaties that its events speak of, by key.
    """

    title: str
    file: str
    first: int
    last: int
    states: tuple[int, ...]
    complete: tuple[str, ...] | None
    events: tuple[Listed, ...]
    changes: tuple[Change, ...]
    wars: dict[int, tuple[int, tuple[int, int]]]
    treaties: dict[int, tuple[int, tuple[int, int]]]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds whose events it is taken to list in full: those claimed, or those it lists."""
        if self.complete is not None:
            return self.complete
        listed = {e.kind for e in self.events if e.kind and e.stated is None}
        return tuple(kind for kind in get_args(Kind) if kind in listed)


def bundled() -> tuple[str, ...]:
    """
    Names of the timelines that the package brings along.

    Examples
    --------
    >>> "nothing-ever-happens" in bundled()
    True
    """
    return names_in("timelines")


def read(name: str | Path) -> TimelineSource:
    """
    Read a timeline file, or a bundled timeline by its name.

    Raises
    ------
    QuestionError
        The file is not there, not TOML or not a timeline.
    """
    return read_text(*text_by(name, "timelines", "timeline"))


def read_text(text: str, file: str = "") -> TimelineSource:
    """
    Read the text of a timeline file.

    Raises
    ------
    QuestionError
        It is not TOML or not a timeline.
    """
    spec, lines = table_of(TimelineFile, text, file)
    return TimelineSource(spec, file, lines)


def resolve(source: TimelineSource, tables: Tables | None = None) -> Timeline:
    """
    Map a timeline to the terms of the model.

    Raises
    ------
    QuestionError
        A name is unknown, an event impossible, the years are wrong or nothing is claimed.
    """
    spec, record, script = source.spec, tables or load(), script_of(tables)
    if not spec.event and not spec.complete:
        raise source.error(
            "the timeline lists no event and claims nothing",
            "",
            'a table [[event]], or complete = ["wars"] with from, to and states',
        )
    horizon = 1 + (spec.to or script.panel.last) - (spec.from_ or script.panel.first)
    chain = Chain(source, record, script, max(horizon, 1))
    events = []
    for n, event in enumerate(spec.event):
        said = len(chain.says)
        add_step(chain, n, event, f"event[{n}]")
        says = tuple(chain.says[said:])
        title = event.title or (says[-1].rstrip(".") if says else event.verb)
        kind = KIND_OF.get(type(event.act), "")
        events.append(
            Listed(title, chain.acts, event.probability, kind, event.source, event.note, says)
        )
    first, last = _years(source, script, events)
    known = {f.key: (f.year, f.pair) for f in chain.wars.values()}
    signed = {t.key: (t.year, t.pair) for t in chain.treaties.values()}
    return Timeline(
        title=spec.title,
        file=source.file,
        first=first,
        last=last,
        states=_states(source, script, chain, record, first),
        complete=None if spec.complete is None else tuple(dict.fromkeys(spec.complete)),
        events=tuple(events),
        changes=tuple(chain.changes),
        wars=known,
        treaties=signed,
    )


def _years(source: TimelineSource, script: Script, events: list[Listed]) -> tuple[int, int]:
    """First and last year: as stated, or those of the events."""
    spec, panel = source.spec, script.panel
    years = [e.year for e in events]
    for key, value in (("from", spec.from_), ("to", spec.to)):
        if value is None and not years:
            raise source.error(
                f'a timeline without events must say its years: the key "{key}" is missing',
                "",
                f"{key} = 1905",
            )
    first = spec.from_ if spec.from_ is not None else min(years)
    last = spec.to if spec.to is not None else max(years)
    if last < first:
        raise source.error(
            f"the timeline ends in {last}, before it begins in {first}", "to", f"{first} or later"
        )
    for n, event in enumerate(events):
        if not first <= event.year <= last:
            raise source.error(
                f"this happens in {event.year}, outside the timeline's years {first}-{last}",
                f"event[{n}]",
                f"from and to that hold {event.year}",
            )
    if first <= panel.first or last > panel.last:
        raise source.error(
            f"the record reaches from {panel.first} to {panel.last}",
            "from",
            f"years from {panel.first + 1} to {panel.last}",
        )
    return first, last


def _states(
    source: TimelineSource, script: Script, chain: Chain, record: Tables, year: int
) -> tuple[int, ...]:
    """Columns of the states of the timeline: those it names, or those its events speak of."""
    spec = source.spec
    if spec.states is None:
        if not spec.event:
            raise source.error(
                "a timeline without events must say whom it is about",
                "",
                'states = ["Japan", "China"]',
            )
        return tuple(sorted(chain.named))
    found = []
    for n, text in enumerate(spec.states):
        try:
            i = script.panel.index(find_state(text, year, record))
        except UnknownNameError as error:
            raise source.error(error.what, f"states[{n}]", quoted(error.nearest)) from None
        if i in found:
            raise source.error(f'"{text}" is named twice', f"states[{n}]")
        found.append(i)
    return tuple(found)
