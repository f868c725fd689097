"""
Timelines that the model tells by itself: the choices of a scope on new luck, the rest on history's.

They are what the typical-timeline test is calibrated on: told and judged in the same way, 95 of a
hundred must come out as typical.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Final, TypeAlias

import numpy as np

from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import clear
from allohistory.counterfactual.twin import FOREVER, Twins
from allohistory.engine import gate as g
from allohistory.engine.luck import Stage, reset, seat, stage_for, walk
from allohistory.engine.script import WAR, Script
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.model.shocks import NODES
from allohistory.noise import address
from allohistory.search.predictive import level_of
from allohistory.search.scope import Scope
from allohistory.search.walk import KEPT

Known: TypeAlias = dict[int, tuple[int, tuple[int, int]]]
TIMED_OF: Final = {
    "wars": (m.DISPUTE, m.LEVEL),
    "disputes": (m.DISPUTE, m.LEVEL),
    "treaties": (m.FOUND_STRONG, m.FOUND_WEAK),
    "treaty ends": (m.LAPSE,),
    "rivalries": (m.RIVAL_START,),
    "land": (m.HANDS,),
}
"""Processes of each kind of event whose level drifts with the times."""
GONE = np.uint64(1)
"""Stands where the trace of a choice was taken out: the address of nothing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """
    What a timeline is to be about.

    Attributes
    ----------
    first, last : int
    states : tuple of int
    kinds : tuple of str
    """

    first: int
    last: int
    states: tuple[int, ...]
    kinds: tuple[str, ...]

    def scope(self, script: Script, told: dict[int, int]) -> Scope:
        """The scope of a timeline of which these outcomes are told."""
        told = dict(told)
        wars, treaties = self._made(script, told)
        found = Scope(script, self.first, self.last, self.states, told, set(), wars, treaties)
        for key, since in found.fought():
            for year in range(max(since, self.first), self.last + 1):
                end, result, margin = (
                    int(address(p, year, np.uint64(key), np.uint64(0)))
                    for p in (m.WAR_END, m.OUTCOME, m.MARGIN)
                )
                if told.get(end):
                    # What came out as 0 is told too: the initiator wins, narrowly.
                    told.setdefault(result, 0)
                    told.setdefault(margin, 0)
        found.fill(self.kinds)
        return found

    def _made(self, script: Script, told: dict[int, int]) -> tuple[Known, Known]:
        """Wars and treaties that begin between the states, by key."""
        wars: Known = {}
        treaties: Known = {}
        h = script.panel.geography.state_hash
        for year, (i, j) in product(range(self.first, self.last + 1), permutations(self.states, 2)):
            if told.get(int(address(m.LEVEL, year, h[i], h[j]))) == WAR:
                wars[int(address(m.JOIN, year, h[i], h[j]))] = (year, (i, j))
            for process in (m.FOUND_STRONG, m.FOUND_WEAK):
                key = int(address(process, year, min(h[i], h[j]), max(h[i], h[j])))
                if key in told:
                    treaties[key] = (year, (i, j))
        return wars, treaties


def recorded(script: Script, setting: Setting) -> dict[int, int]:
    """What the record tells of a setting, by address."""
    years = range(setting.first, setting.last + 1)
    return {k: v for year in years for k, v in script.events.get(year, {}).items()}


def imagine(
    draw: Parameters, setting: Setting, runs: Sequence[int], *, seed: int = 1
) -> list[dict[int, int]]:
    """
    Tell timelines of the core record's states.

    Parameters
    ----------
    draw : Parameters
    setting : Setting
    runs : sequence of int
        A timeline for each.
    seed : int

    Returns
    -------
    list of dict
        Address to outcome of all that came out as something in those years.
    """
    stage = stage_for(setting.last)
    before = setting.first - 1
    twins = Twins(stage, draw, abduce(stage, draw, {before}), seed)
    rows = slice(setting.first - stage.base, setting.last - stage.base + 1)
    luck = stage.luck
    kept = luck.event_key[rows].copy(), luck.event_value[rows].copy()
    _take_out(stage, setting)
    room = twins.room(before, setting.last)
    out = []
    clear(stage)
    try:
        for run in runs:
            luck.event_key[rows], luck.event_value[rows] = 0, 0
            reset(stage, twins.abduction.worlds[before])
            seat(stage, seed, run)
            luck.number[g.KAPPA] = KEPT.kappa
            luck.control[g.COUPLING] = KEPT.coupling
            luck.control[g.RECORDING] = 1
            other = _other_times(draw, setting, np.random.default_rng([seed, run]))
            walk(
                stage,
                other,
                room,
                before,
                setting.last,
                mode=g.REPLAY,
                fresh_after=FOREVER,
            )
            keys, values = luck.event_key[rows], luck.event_value[rows]
            held = keys > 0
            out.append(dict(zip(keys[held].tolist(), values[held].tolist(), strict=True)))
    finally:
        luck.control[g.RECORDING] = 0
        luck.event_key[rows], luck.event_value[rows] = kept
    return out


def _take_out(stage: Stage, setting: Setting) -> None:
    """Take history's choices of a setting out of the trace, so that new luck decides them."""
    luck, script = stage.luck, stage.script
    scope = setting.scope(script, recorded(script, setting))
    taken: set[tuple[int, int]] = {(c.year, c.where) for c in scope.changes}
    taken |= set(_levels(script, setting)) if "disputes" in setting.kinds else set()
    for year, where in taken:
        row = year - stage.base
        slot = int(g.find(luck.key[row], np.uint64(where)))
        if slot >= 0:
            luck.order[row, luck.place[row, slot] - 1] = 0
            luck.key[row, slot] = GONE
    years = slice(setting.first - stage.base, setting.last - stage.base + 1)
    luck.posterior[years] = 1.0 / NODES
    for key in scope.wars:
        slot = int(g.find(luck.war_key, np.uint64(key)))
        if slot >= 0:
            luck.spread[slot] = 0.0
    for one in scope.asked:
        if one.war:
            slot = int(g.find(luck.war_key, np.uint64(one.war)))
            if slot >= 0:
                luck.spread[slot] = 0.0


def _levels(script: Script, setting: Setting) -> Iterable[tuple[int, int]]:
    """Addresses of the level of every dispute there could be."""
    h = script.panel.geography.state_hash
    for year in range(setting.first, setting.last + 1):
        for i in setting.states:
            for j in setting.states:
                if i != j:
                    yield year, int(address(m.LEVEL, year, h[i], h[j]))


def _other_times(draw: Parameters, setting: Setting, rng: np.random.Generator) -> Parameters:
    """
    Parameters whose times drift anew from the last year before the setting.

    Only those of processes that the setting judges: the others keep history's, as in the walk
    that judges.
    """
    drifting = {m.TIMED.index(p) for kind in setting.kinds for p in TIMED_OF.get(kind, ())}
    first, last = setting.first, setting.last
    since = int(draw.since[0])
    years = max(last - since + 1, draw.level.shape[1])
    level = np.empty((len(m.TIMED), years))
    for t in range(len(m.TIMED)):
        level[t] = [level_of(draw, t, since + y) for y in range(years)]
        for year in range(first, last + 1) if t in drifting else ():
            past = level_of(draw, t, first - 1) if year == first else level[t, year - 1 - since]
            if year >= since:
                level[t, year - since] = draw.hold[t] * past + draw.drift[t] * rng.normal()
    return draw._replace(level=level)
