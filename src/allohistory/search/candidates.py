"""
Candidates: every idea that the question's own vocabulary accepts and that can reach the pair.

An idea becomes a candidate exactly as a point of divergence of a user's file becomes a plan: the
same tables, the same mapping, the same refusals and assumptions. What is refused is dropped, and
so is what would end a state, what history did anyway, and what lies beyond the grace.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from allohistory.counterfactual.intervention import Plan
from allohistory.engine.script import Script, script_of
from allohistory.errors import AllohistoryError
from allohistory.model import terms as m
from allohistory.question import spec
from allohistory.question.acts import TreatyFormed, TreatyHeld
from allohistory.question.read import Source
from allohistory.question.resolve import Question, plan_of
from allohistory.question.window import Place, place_of
from allohistory.record.names import find_state, find_treaty
from allohistory.record.tables import Tables, load
from allohistory.search import ideas_land, ideas_state, ideas_treaty, ideas_war
from allohistory.search.ideas import Idea, slug
from allohistory.search.reach import Reach

Content = frozenset[tuple[int, int | None, float]]
CHAIN = "chain"
FILE = "question file"
"""Kinds of candidates that are no single idea."""
LONGEST = 3
"""Most points of divergence in a chain."""
SPAN = 30
"""Most years from the first to the last of a chain."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """
    A point of divergence that may be raced.

    Attributes
    ----------
    id, title, kind : str
    plan : Plan
        What it changes.
    steps : tuple of spec.Step
        As a question file would have them.
    place : Place
        Where it lies in the window, and the penalty.
    direct : bool
        It writes a treaty of the pair itself.
    claims : tuple of int
        Rows of the claims ledger that it answers.
    listed : bool
        It is one of the question's own points of divergence.
    parts : tuple of str
        Ids of the candidates it is a chain of; its own id alone otherwise.
    """

    id: str
    title: str
    kind: str
    plan: Plan
    steps: tuple[spec.Step, ...]
    place: Place
    direct: bool
    claims: tuple[int, ...] = ()
    listed: bool = False
    parts: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """Year of the first change."""
        return self.plan.first

    @property
    def content(self) -> Content:
        """What it changes, whatever it is called."""
        return frozenset((c.where, c.force, c.shift) for c in self.plan.changes)


@dataclass(slots=True, eq=False)
class Field:
    """
    The candidates of a question.

    Attributes
    ----------
    source, question, tables : Source, Question, Tables
    counts : dict of str to Counter
        By kind: what was thought of, and why some of it was dropped.
    """

    source: Source
    question: Question
    tables: Tables
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    _seen: dict[Content, str] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    @property
    def script(self) -> Script:
        """The record as choices."""
        return script_of(None if self.tables is load() else self.tables)

    @property
    def span(self) -> tuple[int, int]:
        """Years in which a candidate may begin: window and grace, as far as the goal has room."""
        first, last, grace = self.question.window
        p = self.script.panel
        room = p.last - (self.question.goal.years or 1)
        return max(first - grace, p.first + 1), min(last + grace, room)

    def own(self) -> list[Candidate]:
        """The question's own points of divergence."""
        found = []
        for n, plan in enumerate(self.question.plans):
            steps = tuple(self.source.spec.pod[n].step)
            candidate = Candidate(
                plan.id,
                plan.title,
                FILE,
                plan,
                steps,
                self.question.places[n],
                any(self._direct(step) for step in steps),
                plan.claims,
                listed=True,
                parts=(plan.id,),
            )
            self._count(FILE, "thought of")
            self._seen[candidate.content] = candidate.id
            self._ids.add(candidate.id)
            found.append(candidate)
        return found

    def singles(self) -> list[Candidate]:
        """Candidates of the vocabulary, those that equal the question's own left out."""
        first, last = self.span
        reach = Reach(self.tables, self.script, self.question.pair, first, last)
        found = []
        for idea in thought_of(reach):
            self._count(idea.kind, "thought of")
            if not set(idea.who) & reach.circle(min(idea.year, last)):
                self._count(idea.kind, "out of reach")
                continue
            candidate = self._made(idea)
            if candidate is not None:
                found.append(candidate)
        return found

    def chains(self, best: Sequence[Candidate], longer: Sequence[Candidate]) -> list[Candidate]:
        """
        Each of some candidates with each of others, in order of time.

        Parameters
        ----------
        best : sequence of Candidate
            What may stand at either end.
        longer : sequence of Candidate
            What they are joined with: the same, or chains of two.
        """
        found = []
        for one in best:
            for other in longer:
                if set(one.parts) & set(other.parts):
                    continue
                if len(one.parts) + len(other.parts) > LONGEST:
                    continue
                first, then = sorted((one, other), key=lambda c: (c.year, c.id))
                # Steps stand in the order of time, so the second begins where the first has acted.
                if then.year < first.plan.decided or then.plan.decided - first.year > SPAN:
                    continue
                self._count(CHAIN, "thought of")
                title = f"{first.title}; then {_lower(then.title)}"
                steps = (*first.steps, *then.steps)
                parts = (*first.parts, *then.parts)
                candidate = self._resolved(CHAIN, title, steps, parts)
                if candidate is not None:
                    found.append(candidate)
        return found

    def _made(self, idea: Idea) -> Candidate | None:
        steps = tuple(spec.Step.model_validate(table) for table in idea.steps)
        return self._resolved(idea.kind, idea.title, steps, ())

    def _resolved(
        self, kind: str, title: str, steps: tuple[spec.Step, ...], parts: tuple[str, ...]
    ) -> Candidate | None:
        """Map steps to a plan; None where that is refused or would be nothing new."""
        name = slug(title)
        try:
            plan = plan_of(
                self.source, 0, spec.Pod(id=name, title=title, step=list(steps)), self._given
            )
        except AllohistoryError:
            self._count(kind, "refused by the vocabulary")
            return None
        if ends_a_state(plan):
            self._count(kind, "would end a state")
            return None
        if idle(plan, self.script):
            self._count(kind, "what history did anyway")
            return None
        place = place_of(plan.first, self.question.window)
        if place.beyond or plan.decided > self.span[1]:
            self._count(kind, "beyond the window and its grace")
            return None
        direct = any(self._direct(step) for step in steps)
        candidate = Candidate(name, title, kind, plan, steps, place, direct, parts=parts or (name,))
        if candidate.content in self._seen or name in self._ids:
            self._count(kind, "the same as another")
            return None
        self._seen[candidate.content] = name
        self._ids.add(name)
        return candidate

    @property
    def _given(self) -> Tables | None:
        return None if self.tables is load() else self.tables

    def _direct(self, step: spec.Step) -> bool:
        """Whether a step writes, or keeps, a treaty of the pair itself."""
        ids = {self.script.panel.states[i] for i in self.question.pair}
        act = step.act
        if isinstance(act, TreatyFormed):
            return ids <= {find_state(text, act.year, self.tables) for text in act.members}
        if isinstance(act, TreatyHeld):
            try:
                found = find_treaty(act.treaty, self.tables)
            except AllohistoryError:
                return False  # a treaty of the chain itself, which another step has told of
            return ids <= {row.state for row in self.tables.members_of[found]}
        return False

    def _count(self, kind: str, what: str) -> None:
        self.counts.setdefault(kind, Counter())[what] += 1


def thought_of(reach: Reach) -> Iterator[Idea]:
    """Every idea about a pair and a span, kind by kind."""
    for home in (ideas_war, ideas_treaty, ideas_state, ideas_land):
        yield from home.ideas(reach)


def ends_a_state(plan: Plan) -> bool:
    """Whether a plan takes a state out of the system."""
    return any(c.process == m.EXIT and c.force for c in plan.changes)


def idle(plan: Plan, script: Script) -> bool:
    """Whether all that a plan forces came out just so in the record."""
    return all(
        not c.shift and c.force == script.events.get(c.year, {}).get(c.where, 0)
        for c in plan.changes
    )


def written(step: spec.Step) -> str:
    """
    A step as a line of a question file.

    Examples
    --------
    >>> written(spec.Step.model_validate({"prevent": {"war": "First World War"}}))
    'prevent = { war = "First World War" }'
    """
    act = step.act.model_dump(by_alias=True, exclude_none=True)
    return f"{step.verb} = {_toml(act)}"


def _toml(value: Any) -> str:  # noqa: ANN401 - any TOML value
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    return str(value)


def _lower(title: str) -> str:
    """A title within a sentence: "The" and "A" small, names as they are."""
    head, gap, rest = title.partition(" ")
    return f"{head.lower()}{gap}{rest}" if head in {"The", "A", "An"} else title


def sorted_by_time(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates in the order of first change, then of id."""
    return sorted(candidates, key=lambda c: (c.year, c.id))
