"""From a question file to a Question: every step as addressed changes, every mapping in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allohistory.counterfactual.intervention import Plan
from allohistory.engine.script import script_of
from allohistory.errors import UnknownNameError
from allohistory.question import (
    acts,
    spec,
    steps_land,
    steps_neutral,
    steps_shift,
    steps_state,
    steps_treaty,
    steps_war,
)
from allohistory.question.chain import Chain
from allohistory.question.read import Source, quoted, read
from allohistory.question.window import Place, place_of
from allohistory.record.names import find_state
from allohistory.record.tables import Tables, load

Mapper = Callable[[Chain, Any], None]
MAPPERS: dict[type[acts.Sheet], Mapper] = {
    acts.WarOutcome: steps_war.war_outcome,
    acts.NewWar: steps_war.new_war,
    acts.Joins: steps_war.joins,
    acts.StaysOut: steps_war.stays_out,
    acts.DisputeHappens: steps_war.dispute_happens,
    acts.NeutralityProclaimed: steps_neutral.proclaimed,
    acts.NeutralityAnswered: steps_neutral.answered,
    acts.DisputePrevented: steps_war.dispute_prevented,
    acts.WarPrevented: steps_war.war_prevented,
    acts.Peace: steps_war.peace,
    acts.TreatyFormed: steps_treaty.treaty_formed,
    acts.TreatyEnded: steps_treaty.treaty_ended,
    acts.TreatyPrevented: steps_treaty.treaty_prevented,
    acts.TreatyHeld: steps_treaty.treaty_held,
    acts.RivalryStarts: steps_treaty.rivalry_starts,
    acts.RivalryEnds: steps_treaty.rivalry_ends,
    acts.CapabilityPath: steps_state.capability_path,
    acts.RegimeInstalled: steps_state.regime_installed,
    acts.LeaderInstalled: steps_state.leader_installed,
    acts.LeaderPrevented: steps_state.leader_prevented,
    acts.ExitMoved: steps_state.exit_moved,
    acts.CivilWarWinner: steps_state.civil_war_winner,
    acts.Annexed: steps_land.annexed,
    acts.DependencyGranted: steps_land.dependency_granted,
    acts.Freed: steps_land.freed,
    acts.NotAnnexed: steps_land.not_annexed,
    acts.Propensity: steps_shift.propensity,
    acts.Ambition: steps_shift.ambition,
}
"""What maps each kind of step."""
_WHEN = re.compile(r"(both|either) allied (?:to|with) (.+)")
_UNLESS = re.compile(r"closer to each other than to (.+)")


@dataclass(frozen=True, slots=True)
class Goal:
    """
    What counts as reached; a predicate that was not asked for is None (or False).

    Attributes
    ----------
    independent : bool
        Neither of the pair is dependency of, occupied or installed by the other.
    level : int or None
        Alliance level asked for: 1 any pledge, 2 defense or offense.
    behaviour : bool
        Deeds must bear the treaties out.
    years : int or None
        Years without a break.
    among : str or None
        Among whom each is the other's closest: "majors" or "all".
    mutual : bool
        Whether both must be.
    share : float
        In what share of the years.
    """

    independent: bool = True
    level: int | None = None
    behaviour: bool = False
    years: int | None = None
    among: str | None = None
    mutual: bool = True
    share: float = 0.8


@dataclass(frozen=True, slots=True)
class Exclusion:
    """
    Years that do not count: both (or either) of the pair allied to a state, unless closer.

    Attributes
    ----------
    both : bool
        Whether both of the pair must be allied to `ally`.
    ally : int
        Column of the third state.
    unless_closer_than : int or None
        Column of the state to which both must be less close than to each other.
    text : str
        As the file has it.
    """

    both: bool
    ally: int
    unless_closer_than: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """
    A question in the terms of the model.

    Attributes
    ----------
    text, file : str
        The question, and where it stands.
    pair : (int, int)
        Columns of the two states; `names` are their ids.
    horizon : int
        Years looked at after the first change.
    goal : Goal
        What counts as reached.
    yardstick : (int, int, int) or None
        Pair and first year on whose closeness the goal is measured.
    exclude : tuple of Exclusion
        What does not count.
    window : (int, int, int)
        First and last year of divergence, and the grace.
    sensitivity : tuple of int
        Years to which the first year of the window may be moved, to see how much hangs on it.
    plans : tuple of Plan
        Points of divergence, in the order of the file.
    places : tuple of Place
        Where each plan lies in the window.
    """

    text: str
    file: str
    pair: tuple[int, int]
    names: tuple[str, str]
    horizon: int
    goal: Goal
    yardstick: tuple[int, int, int] | None
    exclude: tuple[Exclusion, ...]
    window: tuple[int, int, int]
    sensitivity: tuple[int, ...]
    plans: tuple[Plan, ...]
    places: tuple[Place, ...]

    @property
    def outside(self) -> tuple[bool, ...]:
        """Whether each plan lies outside the window of divergence."""
        return tuple(place.outside > 0 for place in self.places)

    def plan(self, name: str) -> Plan:
        """Plan of an id."""
        found = {plan.id: plan for plan in self.plans}
        if name not in found:
            raise UnknownNameError(name, tuple(found), "point of divergence")
        return found[name]


def pose(name: str | Path, tables: Tables | None = None) -> Question:
    """
    Read and resolve a question file, or a bundled question by its name.

    Raises
    ------
    QuestionError
        At the first mistake.
    """
    return resolve(read(name), tables)


def resolve(source: Source, tables: Tables | None = None) -> Question:
    """
    Map a question file to the terms of the model.

    Parameters
    ----------
    source : Source
        As `read` gives it.
    tables : Tables, optional
        The record; the core record without it.

    Raises
    ------
    QuestionError
        A name is unknown, a step impossible, the goal out of reach.
    """
    record = tables or load()
    panel, file = script_of(tables).panel, source.spec
    window = (file.divergence.from_, file.divergence.to, file.divergence.grace)
    if window[1] < window[0]:
        raise source.error(
            "the window ends before it begins",
            "divergence",
            f"from = {window[1]}, to = {window[0]}",
        )
    names = _pair(source, file.pair, "pair", record)
    goal = _goal(source)
    plans, places, seen = [], [], set[str]()
    for n, pod in enumerate(file.pod):
        if pod.id in seen:
            raise source.error(
                f'two points of divergence are called "{pod.id}"', f"pod[{n}].id", f'"{pod.id}-2"'
            )
        seen.add(pod.id)
        plan = plan_of(source, n, pod, tables)
        left = panel.last - plan.first
        if goal.years is not None and goal.years > left:
            raise source.error(
                f"the record ends {left} years after {plan.first}, so a goal of {goal.years} years "
                "cannot be reached",
                f"pod[{n}].id",
            )
        plans.append(plan)
        places.append(place_of(plan.first, window))
    yardstick = None
    if file.goal.yardstick is not None:
        two = _pair(source, file.goal.yardstick.pair, "goal.yardstick.pair", record)
        yardstick = (panel.index(two[0]), panel.index(two[1]), file.goal.yardstick.from_)
    return Question(
        text=file.question,
        file=source.file,
        pair=(panel.index(names[0]), panel.index(names[1])),
        names=names,
        horizon=file.horizon,
        goal=goal,
        yardstick=yardstick,
        exclude=_exclusions(source, record),
        window=window,
        sensitivity=tuple(sorted(set(file.divergence.sensitivity))),
        plans=tuple(plans),
        places=tuple(places),
    )


def plan_of(source: Source, number: int, pod: spec.Pod, tables: Tables | None = None) -> Plan:
    """
    Map the steps of one point of divergence.

    Parameters
    ----------
    source : Source
        The question file, whose names a refusal bears.
    number : int
        Place of the point of divergence in the file, for refusals.
    pod : spec.Pod
    tables : Tables, optional
        The record; the core record without it.

    Raises
    ------
    QuestionError
        A name is unknown or a step impossible.
    """
    chain = Chain(source, tables or load(), script_of(tables), source.spec.horizon)
    for n, step in enumerate(pod.step):
        add_step(chain, n, step, f"pod[{number}].step[{n}]")
    return Plan(
        pod.id,
        pod.title,
        tuple(chain.changes),
        tuple(chain.says),
        tuple(chain.priors),
        tuple(pod.claim),
        tuple(chain.called),
    )


def add_step(chain: Chain, number: int, step: spec.Step, at: str) -> None:
    """
    Map one more step.

    Parameters
    ----------
    chain : Chain
        The steps before it.
    number : int
        From 0.
    step : Step
    at : str
        Key of its table, such as ``pod[0].step[1]``.
    """
    chain.step, chain.stated = number, step.probability
    chain.at = f"{at}.{step.verb}"
    if step.probability is not None:
        chain.priors.append((number, step.probability))
    MAPPERS[type(step.act)](chain, step.act)
    if not any(c.step == number and c.where not in chain.held for c in chain.changes):
        chain.fail("", "this step changes nothing that the steps above it have not settled")


def _goal(source: Source) -> Goal:
    """Copy the goal out of its tables, refusing what the horizon cannot hold."""
    goal, horizon = source.spec.goal, source.spec.horizon
    if goal.lasting is not None and goal.lasting.years > horizon:
        key = "goal.lasting"
        raise source.error(
            f"a goal of {goal.lasting.years} years cannot be reached within a horizon of {horizon}",
            key,
            f"at most {{ years = {horizon} }}",
        )
    return Goal(
        independent=goal.independent,
        level=goal.firm.level if goal.firm else None,
        behaviour=goal.firm.behaviour if goal.firm else False,
        years=goal.lasting.years if goal.lasting else None,
        among=goal.closest.among if goal.closest else None,
        mutual=goal.closest.mutual if goal.closest else True,
        share=goal.closest.share if goal.closest else 0.8,
    )


def _state(source: Source, text: str, key: str, record: Tables) -> str:
    """Id of a state named outside the steps."""
    try:
        return find_state(text, source.spec.divergence.from_, record)
    except UnknownNameError as error:
        raise source.error(error.what, key, quoted(error.nearest)) from None


def _pair(source: Source, texts: list[str], key: str, record: Tables) -> tuple[str, str]:
    """Ids of two different states."""
    first, second = (_state(source, text, key, record) for text in texts)
    if first == second:
        raise source.error(f'"{texts[0]}" and "{texts[1]}" are the same state', key)
    return first, second


def _condition(
    source: Source, form: re.Pattern[str], text: str, key: str, example: str
) -> re.Match[str]:
    """Read a condition of one of the forms that can be counted."""
    found = form.fullmatch(text)
    if found is None:
        raise source.error(f'"{text}" is no condition that can be counted', key, f'"{example}"')
    return found


def _exclusions(source: Source, record: Tables) -> tuple[Exclusion, ...]:
    """Read the clauses of what does not count."""
    panel, found = script_of().panel, []
    for n, clause in enumerate(source.spec.exclude):
        when = _condition(source, _WHEN, clause.when, f"exclude[{n}].when", "both allied to USA")
        unless = None
        if clause.unless is not None:
            key = f"exclude[{n}].unless"
            but = _condition(
                source, _UNLESS, clause.unless, key, "closer to each other than to USA"
            )
            unless = panel.index(_state(source, but[1], key, record))
        ally = panel.index(_state(source, when[2], f"exclude[{n}].when", record))
        text = clause.when + (f", unless {clause.unless}" if clause.unless else "")
        found.append(Exclusion(when[1] == "both", ally, unless, text))
    return tuple(found)
