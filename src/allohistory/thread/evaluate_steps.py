"""Steps of a chain in words, where their author left no note."""

from collections.abc import Callable
from typing import Any

from allohistory.answer.wording import listed
from allohistory.question import acts
from allohistory.question.spec import Step

SAID: dict[type[acts.Sheet], Callable[[Any], str]] = {
    acts.WarOutcome: lambda a: (
        f"{a.outcome} in the {a.war}" + (f" ({a.margin})" if a.margin else "")
    ),
    acts.NewWar: lambda a: f"{a.initiator} goes to war with {a.target} in {a.year}",
    acts.Joins: lambda a: f"{a.state} joins the {a.join} on the side of {a.side} in {a.year}",
    acts.StaysOut: lambda a: f"{a.state} stays out of the {a.join}",
    acts.DisputeHappens: lambda a: (
        f"{a.initiator} {'uses force against' if a.dispute == 'force' else 'threatens'} "
        f"{a.target} in {a.year}"
    ),
    acts.NeutralityProclaimed: lambda a: (
        f"{a.state} proclaims its neutrality in the {a.neutrality}"
    ),
    acts.NeutralityAnswered: lambda a: (
        f"{a.target} "
        f"{'refuses' if a.answer == 'refused' else 'grants' if a.answer else 'is pressed by'} "
        f"{a.initiator} in the {a.demand}"
    ),
    acts.WarPrevented: lambda a: f"the {a.war} does not happen",
    acts.TreatyFormed: lambda a: f"{listed(a.members)} sign the {a.treaty} in {a.year}",
    acts.TreatyEnded: lambda a: f"the {a.treaty_end} ends in {a.year}",
    acts.TreatyPrevented: lambda a: f"the {a.treaty} is not signed",
    acts.TreatyHeld: lambda a: f"the {a.treaty} stays in force until {a.until}",
    acts.LeaderInstalled: lambda a: f"{a.leader} comes to power in {a.state} in {a.year}",
    acts.LeaderPrevented: lambda a: f"{a.leader} never rules {a.state}",
    acts.ExitMoved: lambda a: f"{a.leader_exit} leaves power in {a.to}",
    acts.CivilWarWinner: lambda a: f"{a.winner} win the {a.civil_war}",
    acts.CapabilityPath: lambda a: (
        f"{a.capability}'s capability is {a.factor:g} times as high by {a.to}"
    ),
    acts.NotAnnexed: lambda a: f"{a.annexed} is not annexed",
    acts.Annexed: lambda a: f"{a.owner} annexes {a.annexed} in {a.year}",
}
"""How a step of each kind is told; others are told by their keys."""


def said(step: Step) -> str:
    """
    A step as a clause: its author's note up to the first semicolon, or its act in words.

    Examples
    --------
    >>> said(Step(prevent={"war": "Mukden War"}))
    'the Mukden War does not happen'
    """
    if step.note:
        return step.note.partition(";")[0].rstrip(". ")
    told = SAID.get(type(step.act))
    if told is not None:
        return told(step.act)
    fields = step.act.model_dump(exclude_none=True, by_alias=True)
    return ", ".join(str(value) for value in fields.values())
