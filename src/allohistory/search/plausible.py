"""
A timeline that somebody wrote, scored: bits of its events, and whether it is typical as a whole.

Each event is priced in the world that the events before it made, as the steps of a point of
divergence are. The whole is then set down choice by choice, silences included, and its surprise
held against what the model expected of such a scope.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.counterfactual.intervention import Change, join_unit
from allohistory.engine.script import WAR, Script, script_of
from allohistory.errors import QuestionError
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.noise import address
from allohistory.question.timeline import Timeline, read, resolve
from allohistory.record.names import display
from allohistory.record.tables import Tables, load
from allohistory.search.predictive import Predictive
from allohistory.search.scale import WORDS, Bits, floored
from allohistory.search.scope import PLACE, ROUNDS, Scope
from allohistory.search.surprise import span, sum_of
from allohistory.search.typical import Typical, typical
from allohistory.search.walk import Walked, Work, draws_of, walked

Floats = NDArray[np.float64]
DRAWS = 40
MOST_CHOICES = 400_000


def scope_of(timeline: Timeline, script: Script) -> Scope:
    """All choices that a timeline speaks of, listed or passed over in silence."""
    told = {c.where: c.force for c in timeline.changes if c.force is not None and c.priced}
    apart = {c.where for c in timeline.changes if c.force is None or not c.priced}
    known = set(script.war_key.values())
    geography = script.panel.geography
    for key, (year, (i, j)) in timeline.wars.items():
        # A war of history that an event speaks of has begun, though no event says so.
        if key in known and timeline.first <= year <= timeline.last:
            for process, value in ((m.DISPUTE, 1), (m.LEVEL, WAR)):
                a, b = geography.state_hash[i], geography.state_hash[j]
                told.setdefault(int(address(process, year, a, b)), value)
    for key, (year, _) in timeline.treaties.items():
        # The key of a treaty is the address of its founding.
        signed = script.events.get(year, {}).get(key)
        if signed is not None:
            told.setdefault(key, signed)
    scope = Scope(
        script,
        timeline.first,
        timeline.last,
        timeline.states,
        told,
        apart,
        timeline.wars,
        timeline.treaties,
    )
    scope.fill(timeline.kinds)
    return scope


def priced(
    timeline: Timeline, walk: Walked, draws: Sequence[Parameters], first: int
) -> tuple[list[Bits], Bits]:
    """
    Bits of each event given those before it (0 where the reader states a chance), and of all.

    Parameters
    ----------
    timeline : Timeline
    walk : Walked
        Of its changes.
    draws : sequence of Parameters
    first : int
        Last year before them.
    """
    told = Predictive(draws, first, timeline.last, drifting=False)
    wars = {join_unit(key, turn): key for key in timeline.wars for turn in range(ROUNDS)}
    found = []
    for n in range(len(timeline.events)):
        mine = [
            (c.year, PLACE[c.process], k)
            for k, c in enumerate(timeline.changes)
            if c.step == n and c.priced and c.force is not None and c.year <= timeline.last
        ]
        bits, least, before = 0.0, False, told.told
        for _, _, k in sorted(mine):
            taken, short = floored(_bits(told, timeline.changes[k], walk, k, wars))
            bits, least = bits + taken, least or short
        able = np.isfinite(before)
        low, high = span(np.exp(told.told[able] - before[able]))
        found.append(Bits(bits, min(low, bits), max(high, bits), least))
    return found, sum_of(found, np.exp(told.told))


def _bits(told: Predictive, change: Change, walk: Walked, k: int, wars: dict[int, int]) -> float:
    """Bits of one forced choice."""
    if change.process in m.RACES:
        return told.take_race(np.nan_to_num(walk.race[:, k])).bits
    assert change.force is not None
    most = told.alternatives(change.process)
    seen = (min(change.force, most),)
    war = wars.get(change.first, 0)
    return told.take(change.process, change.year, walk.eta[:, k], seen, war=war).bits


def judge(
    timeline: Timeline,
    *,
    draws: Sequence[Parameters],
    seed: int = 1,
    jobs: int = 1,
    executor: str = "",
    tables: Tables | None = None,
) -> tuple[list[Bits], Bits, Typical | None]:
    """
    Score a timeline.

    Returns
    -------
    list of Bits, Bits, Typical or None
        Of each event, of all, and of the whole scope; None where it holds no choice.
    """
    script = script_of(tables)
    scope = scope_of(timeline, script)
    if len(scope.asked) > MOST_CHOICES:
        raise QuestionError(
            f"the timeline speaks of {len(scope.asked):,} choices, more than {MOST_CHOICES:,}",
            "fewer states, kinds or years",
            timeline.file,
            "complete",
        )
    mine = scope.changes
    taken = {c.where for c in mine if c.force is not None}
    # An event's shift of odds adds to what the scope sets; its forced choices stand there already.
    extra = [c for c in timeline.changes if c.force is None or c.where not in taken]
    walks = [tuple(mine + extra)] if mine else []
    if timeline.changes:
        walks.insert(0, timeline.changes)
    # Both walks begin where the earlier of them does, so that they tell of the same worlds.
    begin = min([timeline.first, *(c.year for c in timeline.changes)])
    idle = Change(m.GROWTH, begin, 0)
    work = Work(
        tuple(draws),
        tuple((*walk, idle) for walk in walks),
        timeline.last,
        seed,
        tables,
        untold=bool(mine),
    )
    met = walked(work, jobs, executor)
    steps: list[Bits] = []
    total = Bits(0.0, 0.0, 0.0)
    if timeline.changes:
        steps, total = priced(timeline, met[0], draws, begin - 1)
    whole = None
    if mine:
        eta = met[-1].eta[:, : len(mine)]
        whole = typical(draws, timeline.first - 1, timeline.last, scope.asked, eta)
    return steps, total, whole


def plausible(
    name: str | Path,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    jobs: int = 1,
    executor: str = "",
    tables: Tables | None = None,
    say: Callable[..., None] | None = None,
) -> dict[str, Any]:
    """
    Score a timeline file, or a bundled timeline by its name.

    Parameters
    ----------
    name : str or path
    draws : int
        Parameter draws; shipped draws are taken from the first on.
    seed, jobs : int
    executor : str
        As for `ask`.
    tables : Tables, optional
        The record; the core record without it.
    say : callable, optional
        Told what is being done.

    Returns
    -------
    dict
        Plain values, for JSON; see docs/decisions/0018-surprise.md.

    Raises
    ------
    QuestionError
        At the first mistake of the file.
    """
    timeline = resolve(read(name), tables)
    if say is not None:
        say("telling the timeline")
    drawn = draws_of(draws)
    steps, total, whole = judge(
        timeline, draws=drawn, seed=seed, jobs=jobs, executor=executor, tables=tables
    )
    record = tables or load()
    panel = script_of(tables).panel
    events: list[dict[str, Any]] = []
    for event, bits in zip(timeline.events, steps, strict=True):
        cost = bits
        if event.stated is not None:
            own = -float(np.log2(event.stated))
            cost = Bits(own, own, own)
        events.append(
            {
                "title": event.title,
                "year": event.year,
                "tag": "fitted" if event.stated is None else "assumed",
                **cost.to_dict(),
                "source": event.source,
                "note": event.note,
                "says": list(event.says),
            }
        )
    stated_bits = float(sum(e["bits"] for e in events if e["tag"] == "assumed"))
    weakest = max(range(len(events)), key=lambda n: float(events[n]["bits"]), default=None)
    return {
        "title": timeline.title,
        "file": timeline.file,
        "first": timeline.first,
        "last": timeline.last,
        "states": [display(panel.states[i], timeline.first, record) for i in timeline.states],
        "claimed": timeline.complete is not None,
        "kinds": list(timeline.kinds),
        "events": events,
        "total": total.to_dict(),
        "stated_bits": stated_bits,
        "weakest": weakest,
        "typical": None if whole is None else _whole(whole),
        "scale": list(WORDS),
        "draws": len(drawn),
        "seed": seed,
    }


def _whole(whole: Typical) -> dict[str, Any]:
    """For JSON."""
    names = (
        "choices",
        "happened",
        "expected_happened",
        "bits",
        "expected",
        "sd",
        "raw",
        "z",
        "impossible",
        "inside",
    )
    parts = {kind: asdict(part) for kind, part in whole.parts.items()}
    return {name: getattr(whole, name) for name in names} | {"parts": parts}
