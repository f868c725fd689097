"""Measures read off the model itself: its terms, its memories, the threats it sees."""

import numpy as np

from allohistory.answer.reasons import WORDS
from allohistory.chance import HIGH, LOW
from allohistory.engine.memory import PACT_HALF_LIFE, WAR_HALF_LIFE
from allohistory.engine.script import script_of
from allohistory.model import terms as m
from allohistory.model.elicited import catalogue
from allohistory.model.parameters import GRUDGE_HALF_LIFE, STANDING_HALF_LIFE
from allohistory.model.shipped import shipped
from allohistory.question.behaviour import past_at
from allohistory.question.closeness import menace, strengths
from allohistory.question.judged import Draw
from allohistory.record.names import display, find_state
from allohistory.thread import claims as c
from allohistory.thread.evaluate_number import (
    ASSUMED,
    ELICITED,
    FITTED,
    RECORD,
    Measured,
    joined,
    percent,
)
from allohistory.thread.evaluate_rolled import over_draws
from allohistory.thread.evaluate_rolls import Rolls

TERM_WORDS = {
    "rival": "being rivals",
    "war_memory": "the memory of a war between them",
    "bound_leader_gone": "the death or fall of the leader it was bound to",
    "client": "being the other's client",
    "common_rival": "a rival in common",
    "deterrence": "a target of higher military standing (a hundred rating points more)",
    "grudge_against_enemy": "a grudge against a power on the other side",
    "loser_and_common_threat": "a lost war together with a threat that both feel",
    "other_predators": "each recent quarrel more that others have with the target",
    "power_ratio": "a gap of power (one of the two seven times as strong)",
    "target_beaten": "a target that was just beaten",
    "target_engaged": "a target that is fighting elsewhere",
    "third_party_threat": "a threatening power outside the war",
}
"""Terms in words, beside those of `answer.reasons`."""
PROCESS_WORDS = {
    "strong treaty": "of a treaty of alliance",
    "weak treaty": "of a weaker treaty",
    "dispute": "of a dispute",
    "joining": "of joining a war",
    "lapse": "that a treaty lapses",
    "war end": "that a war ends within the year",
}
_MEMORY = {
    "war": "a war between two states",
    "grudge": "a defeat (the loser's grudge)",
    "standing": "military standing",
    "pact": "a pact that once was",
}


def term(x: c.Term, rolls: Rolls) -> Measured:
    """What a term does to the odds of a process, over all parameter draws."""
    process = next(code for code, name in m.NAMES.items() if name == x.term[0])
    at = m.TERMS[process].index(x.term[1])
    draws = np.array([p.beta[process, x.alternative - 1, at] for p in shipped()[0]])
    elicited = next((e for e in catalogue() if (e.process, e.term) == (process, x.term[1])), None)
    low, middle, high = np.exp(np.quantile(draws, [LOW, 0.5, HIGH]))
    more = ["Above 1 it makes it likelier, below 1 less likely."]
    if elicited is not None:
        more.append(f"The record cannot estimate it; the range is elicited. {elicited.meaning}")
    if rolls.task.off:
        more.append(f"The answer was computed without {joined(rolls.task.off)}.")
    name = TERM_WORDS.get(x.term[1]) or WORDS.get(x.term[1]) or x.term[1].replace("_", " ")
    what = PROCESS_WORDS.get(x.term[0], x.term[0])
    return Measured(
        words=f"the factor by which {name} changes the odds {what}",
        value=round(float(middle), 4),
        lo=round(float(low), 4),
        hi=round(float(high), 4),
        unit="factor",
        basis=(ELICITED,) if elicited is not None else (FITTED,),
        more=tuple(more),
        bare=True,
    )


def threat(x: c.Threat, rolls: Rolls) -> Measured:
    """Whom two states both had to fear in a year of history, by strength, nearness, hostility."""
    ids = [str(s) for s in script_of().panel.states]
    who = np.array([ids.index(find_state(s, x.year)) for s in x.threat], np.int64)
    third = ids.index(find_state(x.from_, x.year))
    draw = Draw.of(rolls.task.aim, 0, set())
    history, s = draw.twins.abduction.history, draw.stage
    row = x.year - s.base
    memory = past_at(history, s.geography, who, row).memory
    strength, felt = np.zeros(len(ids)), np.zeros((2, len(ids)))
    strengths(history, row, strength)
    for p, i in enumerate(who):
        menace(history, row, int(i), memory[:, p], strength, felt[p])
    felt[:, who] = 0.0
    both = felt.min(axis=0)
    if not both.sum():
        return Measured(words="the threat", missing=f"In {x.year} no threat was felt by both.")
    part = both / both.sum()
    top = [k for k in np.argsort(-part, kind="stable")[:3] if part[k] > 0]
    told = joined(f"{display(ids[k], x.year)} {percent(float(part[k]))}" for k in top)
    value = round(float(part[third]), 4)
    return Measured(
        words=f"{x.from_}'s share of the threat that {joined(x.threat)} both felt in {x.year}",
        value=value,
        lo=value,
        hi=value,
        basis=(RECORD, ASSUMED),
        more=(f"Threat is strength by nearness by hostility; it came from {told}.",),
        bare=True,
    )


def half_life(x: c.HalfLife, _: Rolls) -> Measured:
    """Years in which a memory fades by half."""
    fixed = {"war": WAR_HALF_LIFE, "pact": PACT_HALF_LIFE}
    drawn = {"grudge": GRUDGE_HALF_LIFE, "standing": STANDING_HALF_LIFE}
    if x.half_life in fixed:
        years = fixed[x.half_life]
        values, basis = np.full(2, years), (ASSUMED,)
    else:
        at = drawn[x.half_life]
        values, basis = np.array([p.elicited[at] for p in shipped()[0]]), (ELICITED,)
    number = over_draws(values)
    return Measured(
        words=f"the half-life of the memory of {_MEMORY[x.half_life]}",
        **number,
        unit="years",
        basis=basis,
        more=(f"A quarter of it is left after {2 * number['value']:.0f} years.",),
        bare=True,
    )
