"""
Mechanisms that can be switched off: each is a change of the parameters and of nothing else.

So the same code runs with and without it, replay stays exact, and the difference in an answer
is what the mechanism carries.
"""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from allohistory.errors import UnknownNameError
from allohistory.model import terms as m
from allohistory.model.elicited import catalogue
from allohistory.model.parameters import GROWTH_SD, STANDING_GAIN, Parameters

NEVER = -30.0

TERM_GROUPS: dict[str, tuple[str, ...]] = {
    "memory": ("hurt_short", "hurt_mid", "hurt_long", "hurt_by_enemy"),
    "war memory": ("war_memory",),
    "unsettled wars": ("unsettled_war",),
    "victors": ("victor_nearby",),
    "war weariness": ("war_weariness",),
    "comrades": ("comrades", "cobelligerents", "same_side_now"),
    "pact memory": ("pact_memory",),
    "contact": ("land", "water", "dependency", "contact_enemy", "contact_own", "contact"),
    "deterrence": ("deterrence",),
    "opportunism": ("target_engaged", "target_beaten", "other_predators"),
    "common threat": ("common_threat", "loser_and_common_threat", "threat_from_enemy"),
    "third-party threat": ("third_party_threat",),
    "revanche": ("revanche", "grudge", "grudge_against_enemy"),
    "patrons": ("client", "patron_on_side", "patron_freer", "patron"),
    "leader-bound ends": ("bound_leader_gone",),
    "wartime coalitions": ("wartime", "wartime_over"),
    "shared allies": ("shared_allies",),
    "territory": ("territory",),
    "obligations": ("ally_of_principal", "ally_of_side", "ally_of_enemy", "weak_ally_of_side"),
    "defeat": ("beaten", "lost_now", "holder_beaten", "holder_lost_now"),
}
PROCESS_GROUPS: dict[str, tuple[int, ...]] = {
    "rivalry": (m.RIVAL_START,),
    "rivalry ends": (m.RIVAL_END,),
    "dispute": (m.DISPUTE,),
    "escalation": (m.LEVEL,),
    "joining": (m.JOIN,),
    "war exit": (m.LEAVE,),
    "settlement": (m.HANDS, m.EXIT, m.ENTRY_LATE),
    "entry": (m.ENTRY, m.ENTRY_LATE),
    "exit": (m.EXIT,),
    "units": (m.HANDS,),
    "leaders": (m.LEADER,),
    "regimes": (m.REGIME,),
    "majors": (m.MAJOR_GAIN, m.MAJOR_LOSS),
    "strong treaties": (m.FOUND_STRONG,),
    "weak treaties": (m.FOUND_WEAK,),
    "open treaties": (m.OPEN,),
    "founding members": (m.MEMBER,),
    "accession": (m.ACCEDE,),
    "withdrawal": (m.WITHDRAW,),
    "lapse": (m.LAPSE,),
}
LEVELLED: dict[str, tuple[int, ...]] = {
    "war outcome": (m.OUTCOME, m.MARGIN),
    "war end": (m.WAR_END,),
    "partition": (m.HANDS_TO, m.EXIT_TO),
}
"""Processes that cannot cease (a war must end somehow): all but their intercepts is levelled."""
OTHERS = ("standing", "growth", "year shocks", "the times")


def names() -> list[str]:
    """Everything that can be switched off, in alphabetical order."""
    return sorted([*TERM_GROUPS, *PROCESS_GROUPS, *LEVELLED, *OTHERS])


def check(wanted: Iterable[str]) -> tuple[str, ...]:
    """
    Check names of mechanisms.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    known = names()
    out = []
    for name in wanted:
        if name not in known:
            raise UnknownNameError(name, get_close_matches(name, known, 3, 0.4), "mechanism")
        out.append(name)
    return tuple(out)


def neutral(parameters: Parameters) -> Parameters:
    """Parameters with every elicited effect at its neutral value."""
    beta, constants = parameters.beta.copy(), parameters.elicited.copy()
    place = 0
    for effect in catalogue():
        if effect.process is None:
            place += 1
            constants[place] = effect.off
        else:
            beta[effect.process, :, m.TERMS[effect.process].index(effect.term)] = effect.off
    return parameters._replace(beta=beta, elicited=constants)


def _take_off(name: str, beta: NDArray[np.float64]) -> None:
    """Take a group of terms or processes off the coefficients, in place."""
    for term in TERM_GROUPS.get(name, ()):
        for process, terms in m.TERMS.items():
            if term in terms:
                beta[process, :, terms.index(term)] = 0.0
    for process in PROCESS_GROUPS.get(name, ()):
        beta[process] = 0.0
        beta[process, :, 0] = NEVER
    for process in LEVELLED.get(name, ()):
        beta[process, :, 1:] = 0.0


def without(parameters: Parameters, off: Iterable[str], *, elicited: bool = True) -> Parameters:
    """
    Parameters with mechanisms switched off (a copy where anything changes).

    Parameters
    ----------
    elicited : bool
        False sets every elicited effect to its neutral value.
    """
    off = tuple(off)
    if not elicited:
        parameters = neutral(parameters)
    if not off:
        return parameters
    beta, sigma = parameters.beta.copy(), parameters.sigma.copy()
    tilt, constants = parameters.tilt.copy(), parameters.elicited.copy()
    drift, level = parameters.drift.copy(), parameters.level.copy()
    for name in off:
        _take_off(name, beta)
        if name == "standing":
            constants[STANDING_GAIN] = 0.0
        elif name == "growth":
            beta[m.GROWTH] = 0.0
            constants[GROWTH_SD] = 1e-6
        elif name == "year shocks":
            sigma[:] = 0.0
            tilt[:] = 1.0
        elif name == "the times":
            drift[:] = 0.0
            level[:] = 0.0
    if not set(off) & {"settlement", "entry"}:
        beta[m.ENTRY_LATE] = beta[m.ENTRY]
    return parameters._replace(
        beta=beta, sigma=sigma, tilt=tilt, elicited=constants, drift=drift, level=level
    )
