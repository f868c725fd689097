"""A step of a question file as a plain sentence, for readers who never saw a question file."""

from collections.abc import Callable, Sequence
from typing import Any

from allohistory.question import acts, spec

_OBLIGATION = {
    "defense": "to defend each other",
    "offense": "to attack together",
    "neutrality": "to stay neutral",
    "nonaggression": "not to attack each other",
    "consultation": "to consult each other",
}


def told(step: spec.Step) -> str:
    """
    Tell a step as a sentence; the reader's own note comes after it in brackets.

    Examples
    --------
    >>> told(spec.Step.model_validate({"prevent": {"war": "First World War"}}))
    'The First World War does not happen.'
    >>> told(spec.Step.model_validate({"force": {"war": "Russo-Japanese War",
    ...     "outcome": "Russia wins", "margin": "decisive"}}))
    'The Russo-Japanese War ends otherwise: Russia wins, decisively.'
    """
    sentence = TOLD[type(step.act)](step.act)
    sentence = sentence[:1].upper() + sentence[1:] + "."
    return f"{sentence} ({step.note})" if step.note else sentence


def clause(step: spec.Step) -> str:
    """
    Tell a step within a sentence: by its note up to the first semicolon, else by what it does.

    Examples
    --------
    >>> clause(spec.Step.model_validate({"prevent": {"war": "Mukden War"}}))
    'the Mukden War does not happen'
    """
    if step.note:
        return step.note.partition(";")[0].rstrip(". ")
    return TOLD[type(step.act)](step.act)


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _the(name: str) -> str:
    return name if name.casefold().startswith(("the ", "a ", "an ")) else f"the {name}"


def _times(factor: float) -> str:
    return f"multiplied by {factor:g}" if factor >= 1 else f"divided by {1 / factor:.3g}"


def _until(year: int | None, words: str) -> str:
    return "" if year is None else f"{words} {year}"


def _outcome(act: acts.WarOutcome) -> str:
    when = "" if act.year is None else f" in {act.year}"
    how = {"decisive": ", decisively", "narrow": ", narrowly", None: ""}[act.margin]
    return f"{_the(act.war)} ends otherwise{when}: {act.outcome}{how}"


def _dispute(act: acts.DisputeHappens) -> str:
    deed = {"show": "threatens", "force": "uses force against"}[act.dispute]
    return f"{act.initiator} {deed} {act.target} in {act.year}, short of war"


def _treaty(act: acts.TreatyFormed) -> str:
    duties = _and([_OBLIGATION[word] for word in act.obligations])
    bound = f"; it stands and falls with {act.bound_to}" if act.bound_to else ""
    what = f", and promise {duties}" if duties else ", which binds to nothing"
    when = "" if act.treaty.endswith(str(act.year)) else f" in {act.year}"
    return f"{_and(act.members)} sign {_the(act.treaty)}{when}{what}{bound}"


def _leader(act: acts.LeaderInstalled) -> str:
    how = {"regular": " by regular means", "irregular": " by irregular means", None: ""}[act.how]
    patron = f", with the help of {act.patron}" if act.patron else ""
    stays = _until(act.until, ", and stays until")
    return f"{act.leader} comes to lead {act.state} in {act.year}{how}{patron}{stays}"


def _propensity(act: acts.Propensity) -> str:
    toward = act.toward or "all others"
    return (
        f"{act.propensity.replace('_', ' ')} of {act.state} toward {toward}: the odds of what "
        f"follows from it are {_times(act.factor)} from {act.years[0]} to {act.years[1]}"
    )


def _ambition(act: acts.Ambition) -> str:
    return (
        f"{act.ambition} turns from {_and(act.from_)} to {act.to} from {act.years[0]} to "
        f"{act.years[1]}, with the odds {_times(act.factor)}"
    )


def _capability(act: acts.CapabilityPath) -> str:
    return (
        f"{act.capability}'s share of the world's capability is {_times(act.factor)} between "
        f"{act.from_} and {act.to}"
    )


TOLD: dict[type[acts.Sheet], Callable[[Any], str]] = {
    acts.WarOutcome: _outcome,
    acts.NewWar: lambda a: f"{a.initiator} attacks {a.target} in {a.year}: {_the(a.new_war)}",
    acts.Joins: lambda a: f"{a.state} joins {_the(a.join)} in {a.year} on the side of {a.side}",
    acts.StaysOut: lambda a: f"{a.state} stays out of {_the(a.join)}",
    acts.DisputeHappens: _dispute,
    acts.DisputePrevented: lambda a: (
        f"{a.dispute[0]} begins no dispute with {a.dispute[1]} from {a.from_} to {a.to}"
    ),
    acts.NeutralityProclaimed: lambda a: (
        f"{a.state} proclaims its neutrality in {_the(a.neutrality)} in {a.year}"
        + (f" and sells {a.embargo} nothing" if a.embargo else "")
    ),
    acts.NeutralityAnswered: lambda a: (
        f"{a.target} {'refuses' if a.answer == 'refused' else 'grants'} {a.initiator} in {a.year} "
        f"what it demands of a neutral in {_the(a.demand)}"
        if a.answer
        else f"{a.initiator} demands of {a.target} in {a.year} what a neutral in "
        f"{_the(a.demand)} denies it"
    ),
    acts.WarPrevented: lambda a: (
        f"{_the(a.war)} does not happen"
        + _until(a.until, ", nor another war of the same two until")
    ),
    acts.Peace: lambda a: f"{_and(a.peace)} do not fight each other from {a.from_} to {a.to}",
    acts.TreatyFormed: _treaty,
    acts.TreatyEnded: lambda a: f"{_the(a.treaty_end)} ends in {a.year}",
    acts.TreatyPrevented: lambda a: f"{_the(a.treaty)} is not signed",
    acts.TreatyHeld: lambda a: f"{_the(a.treaty)} stays in force until {a.until}",
    acts.RivalryStarts: lambda a: f"{_and(a.rivalry)} become rivals in {a.year}",
    acts.RivalryEnds: lambda a: f"the rivalry of {_and(a.rivalry_end)} ends in {a.year}",
    acts.CapabilityPath: _capability,
    acts.RegimeInstalled: lambda a: (
        f"the regime of {a.state} becomes {'mixed' if a.regime == 'mixed' else f'a {a.regime}'} "
        f"in {a.year}"
    ).replace("a autocracy", "an autocracy"),
    acts.LeaderInstalled: _leader,
    acts.LeaderPrevented: lambda a: f"{a.leader} never comes to lead {a.state}",
    acts.ExitMoved: lambda a: f"{a.leader_exit} leaves power in {a.to}",
    acts.CivilWarWinner: lambda a: f"{_the(a.civil_war)} ends otherwise: {a.winner} win",
    acts.Annexed: lambda a: f"{a.owner} annexes {a.annexed} in {a.year}",
    acts.DependencyGranted: lambda a: (
        f"{a.dependency} becomes a dependency of {a.owner} in {a.year}"
    ),
    acts.Freed: lambda a: f"{a.freed} becomes independent in {a.year}",
    acts.NotAnnexed: lambda a: (
        f"{a.annexed} keeps its place from {a.from_}{_until(a.until, ' to')}"
    ),
    acts.Propensity: _propensity,
    acts.Ambition: _ambition,
}
"""How each kind of step is told."""
