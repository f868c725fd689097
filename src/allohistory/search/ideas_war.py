"""Ideas about wars and disputes: other outcomes, other sides, none at all, and new ones."""

from collections.abc import Iterator

from allohistory.engine.script import RESULT
from allohistory.errors import AllohistoryError
from allohistory.record.names import find_war
from allohistory.record.rows import War
from allohistory.search.ideas import Idea, listed
from allohistory.search.reach import Reach, sentence

EVERY, PEACE, QUIET = 20, 10, 5
"""Years between the dates of what has no date of its own; of peace held; of disputes left out."""
Sides = dict[str, list[int]]
"""Columns of the states on the initiator's side, A, and on the target's, B."""
GENERAL = 3
"""Majors that make a war one that anybody might have entered."""


def ideas(reach: Reach) -> Iterator[Idea]:
    """All of them, for a pair and a span."""
    for war in reach.tables.wars:
        if war.id in reach.script.war_key:
            yield from _of_war(reach, war)
    yield from _new_wars(reach)
    yield from _disputes(reach)


def _of_war(reach: Reach, war: War) -> Iterator[Idea]:
    """What might have been different about a war of the record."""
    year, end = reach.script.war_year[war.id], reach.script.war_end[war.id]
    index, states = reach.script.panel.index, reach.script.panel.states
    sides: Sides = {"A": [index(war.initiator)], "B": [index(war.target)]}
    began: dict[int, int] = {}
    throughout: Sides = {"A": [], "B": []}
    for row in reach.tables.participants_of[war.id]:
        i = index(row.state)
        began[i] = max(row.start.year, year)
        if i not in sides["A"] + sides["B"]:
            sides[row.side].append(i)
        if began[i] == year and (row.end is None or row.end.year >= end):
            throughout[row.side].append(i)
    lead = {s: _principal(reach, throughout[s] or sides[s], end) for s in sides}
    fighting = sides["A"] + sides["B"]
    if not set(fighting) & (reach.near(year) | reach.near(end)):
        return
    key, name = _key(reach, war), f"the {war.name}"
    ours = set(fighting) & set(reach.pair)
    if reach.inside(end):
        yield from _outcomes(reach, war, key, (end, sides, lead), every=bool(ours))
    if reach.inside(year):
        when = "" if any(mark.isdigit() for mark in name) else f" in {year}"
        yield Idea(
            "war prevented",
            sentence(f"{name} does not break out{when}"),
            ({"prevent": {"war": key}},),
            year,
            tuple(fighting),
        )
    yield from _joins(reach, key, name, (year, end), (sides, lead))
    for i in fighting:
        first = states[i] in {war.initiator, war.target}
        if first or not reach.inside(began.get(i, year)):
            continue
        if i in reach.pair or reach.major(i, year):
            yield Idea(
                "staying out",
                sentence(f"{reach.name(i, year)} stays out of {name}"),
                ({"prevent": {"join": key, "state": reach.key(i, year)}},),
                began.get(i, year),
                (i, *fighting),
            )


def _outcomes(
    reach: Reach, war: War, key: str, whose: tuple[int, Sides, dict[str, int]], *, every: bool
) -> Iterator[Idea]:
    """Other outcomes; of wars that neither of the pair fights only the starkest."""
    end, sides, lead = whose
    was = RESULT[war.outcome]
    for result, side in ((0, "A"), (2, "B")):
        if result == was and not every:
            continue
        i = lead[side]
        many = " and its allies win" if len(sides[side]) > 1 else " wins"
        for margin in ("decisive", "narrow") if every else ("decisive",):
            if result == was and margin == war.margin:
                continue
            how = "decisively" if margin == "decisive" else "but only narrowly"
            yield Idea(
                "war outcome",
                sentence(f"{reach.name(i, end)}{many} the {war.name}, {how}"),
                (
                    {
                        "force": {
                            "war": key,
                            "outcome": f"{reach.key(i, end)} wins",
                            "margin": margin,
                        }
                    },
                ),
                end,
                (*sides["A"], *sides["B"]),
            )
    if was != 1:
        yield Idea(
            "war outcome",
            sentence(f"the {war.name} ends in a draw"),
            ({"force": {"war": key, "outcome": "draw", "margin": "narrow"}},),
            end,
            (*sides["A"], *sides["B"]),
        )


def _joins(
    reach: Reach, key: str, name: str, years: tuple[int, int], who: tuple[Sides, dict[str, int]]
) -> Iterator[Idea]:
    """Who might have come in: one of the pair or both, and majors into wars of the pair."""
    (year, end), (sides, lead) = years, who
    fighting = sides["A"] + sides["B"]
    ours = set(fighting) & set(reach.pair)
    near = reach.near(year)
    general = sum(reach.major(i, year) for i in fighting) >= GENERAL
    if not (ours or general or all(set(side) & near for side in sides.values())):
        return
    for turn in sorted({year, min(year + 1, end)} if ours or general else {year}):
        if not reach.inside(turn):
            continue
        free = [i for i in reach.pair if i not in fighting and reach.there(i, turn)]
        third = reach.thirds(year) if ours and turn == year else []
        majors = [k for k in third if k not in fighting and reach.major(k, year)]
        for side, against in (("A", "B"), ("B", "A")):
            touched = [
                i for i in free if general or any(reach.touches(k, i, year) for k in sides[against])
            ]
            both = [reach.pair] if general and len(free) == len(reach.pair) else []
            for joiners in [*((i,) for i in (*touched, *majors)), *both]:
                yield _joining(reach, key, name, turn, (joiners, lead[side], tuple(fighting)))


def _joining(
    reach: Reach, key: str, name: str, year: int, whom: tuple[tuple[int, ...], int, tuple[int, ...]]
) -> Idea:
    joiners, friend, fighting = whom
    when = "" if str(year) in name else f" in {year}"
    verb = "enter" if len(joiners) > 1 else "enters"
    who = listed([reach.name(i, year) for i in joiners])
    steps = tuple(
        {
            "force": {
                "join": key,
                "state": reach.key(i, year),
                "side": reach.key(friend, year),
                "year": year,
            }
        }
        for i in joiners
    )
    return Idea(
        "joining",
        sentence(f"{who} {verb} {name}{when} on the side of {reach.name(friend, year)}"),
        steps,
        year,
        (*joiners, *fighting),
    )


def _new_wars(reach: Reach) -> Iterator[Idea]:
    """A third state attacks one of the pair, alone or with the other at the victim's side."""
    for year in reach.dates(EVERY, 6):
        for k in reach.thirds(year):
            for i, other in (reach.pair, reach.pair[::-1]):
                if not (reach.there(i, year) and reach.there(other, year)):
                    continue
                if not reach.threatens(k, i, year):
                    continue
                a, b = reach.key(k, year), reach.key(i, year)
                attack = {"new_war": f"{a}-{b} War", "initiator": a, "target": b, "year": year}
                text = f"{reach.name(k, year)} attacks {reach.name(i, year)} in {year}"
                yield Idea(
                    "new war",
                    sentence(f"{text}, and war follows"),
                    ({"force": attack},),
                    year,
                    (k, i),
                )
                join = {
                    "join": f"{a}-{b} War",
                    "state": reach.key(other, year),
                    "side": b,
                    "year": year,
                }
                yield Idea(
                    "new war together",
                    sentence(f"{text}, and {reach.name(other, year)} fights at its side"),
                    ({"force": attack}, {"force": join}),
                    year,
                    (k, i, other),
                )


def _disputes(reach: Reach) -> Iterator[Idea]:
    """Force short of war by a third state, disputes left out, and peace held."""
    for year in reach.dates(EVERY, 15):
        for k in reach.thirds(year):
            for i in reach.pair:
                if not reach.there(i, year) or not reach.threatens(k, i, year):
                    continue
                act = {
                    "dispute": "force",
                    "initiator": reach.key(k, year),
                    "target": reach.key(i, year),
                    "year": year,
                }
                text = f"{reach.name(k, year)} uses force against {reach.name(i, year)} in {year}"
                yield Idea(
                    "dispute", sentence(f"{text}, short of war"), ({"force": act},), year, (k, i)
                )
    yield from _left_out(reach)
    for year in reach.dates(QUIET):
        two = [reach.key(i, year) for i in reach.pair]
        until = min(year + PEACE - 1, reach.script.panel.last)
        names = listed([reach.name(i, year) for i in reach.pair])
        yield Idea(
            "peace",
            sentence(f"{names} keep the peace from {year} to {until}"),
            ({"hold": {"peace": two, "from": year, "to": until}},),
            year,
            reach.pair,
        )


def _left_out(reach: Reach) -> Iterator[Idea]:
    """Disputes of the record that involve one of the pair, left out five years at a time."""
    ids = reach.script.panel.states
    ours = {ids[i] for i in reach.pair}
    seen: set[tuple[str, str, int]] = set()
    for row in reach.tables.disputes:
        two = {row.initiator, row.target}
        if not two & ours or not reach.inside(row.year) or row.initiator not in ids:
            continue
        i, j = ids.index(row.initiator), ids.index(row.target)
        if two != ours and not (reach.major(i, row.year) and reach.major(j, row.year)):
            continue
        year = row.year
        if any((row.initiator, row.target, y) in seen for y in range(year - QUIET + 1, year + 1)):
            continue
        seen.add((row.initiator, row.target, year))
        until = min(year + QUIET - 1, reach.script.panel.last)
        pair = [reach.key(i, year), reach.key(j, year)]
        text = f"{reach.name(i, year)} begins no dispute with {reach.name(j, year)}"
        yield Idea(
            "dispute prevented",
            sentence(f"{text} from {year} to {until}"),
            ({"prevent": {"dispute": pair, "from": year, "to": until}},),
            year,
            (i, j),
        )


def _principal(reach: Reach, side: list[int], year: int) -> int:
    """The strongest state of a side."""
    p = reach.script.panel
    row = min(max(p.row(year) - 1, 0), len(p.cap) - 1)
    alive = [i for i in side if p.active[row, i]] or side
    return max(alive, key=lambda i: (float(p.cap[row, i]), -i))


def _key(reach: Reach, war: War) -> str:
    """What a question file calls a war: its name, or its id where the name is not enough."""
    try:
        found = find_war(war.name, reach.tables)
    except AllohistoryError:
        return war.id
    return war.name if found == war.id else war.id
