"""Ideas about what happens inside the pair: leaders and regimes."""

from collections.abc import Iterator

from allohistory.question.steps_state import LEVELS
from allohistory.search.ideas import Idea
from allohistory.search.reach import Reach, sentence

EVERY = 15
RULE = 3
"""Shortest rule whose absence or whose length is worth an idea, in years."""
MOST = 5
"""Most years by which a leader leaves earlier or later."""
BECOMES = {
    "autocracy": "turns into an autocracy",
    "mixed": "gets a regime between autocracy and democracy",
    "democracy": "becomes a democracy",
}


def ideas(reach: Reach) -> Iterator[Idea]:
    """All of them, for a pair and a span."""
    for i in reach.pair:
        if reach.script.panel.geography.tracked[i]:
            yield from _leaders(reach, i)
            yield from _installed(reach, i)
        yield from _regimes(reach, i)


def _leaders(reach: Reach, i: int) -> Iterator[Idea]:
    """Leaders of the record who never come, leave earlier or stay longer."""
    state = reach.script.panel.states[i]
    for row in reach.tables.leaders:
        if row.id != state:
            continue
        start, end = row.start.year, row.end.year if row.end else None
        long = end is None or end - start >= RULE
        if reach.inside(start) and long:
            yield Idea(
                "leader prevented",
                f"{row.name} does not come to power in {reach.name(i, start)} in {start}, or ever",
                ({"prevent": {"leader": row.name, "state": reach.key(i, start)}},),
                start,
                (i,),
            )
        if end is None or not long or not reach.inside(end):
            continue
        early = end - min((end - start) // 2, MOST)
        for to, word in ((early, "loses power"), (end + MOST, "stays in power to")):
            if to == end or not reach.inside(to):
                continue
            when = f"in {to}" if to < end else f"{to}"
            yield Idea(
                "leader earlier" if to < end else "leader later",
                f"In {reach.name(i, end)}, {row.name} {word} {when} instead of {end}",
                ({"move": {"leader_exit": row.name, "to": to, "state": reach.key(i, start)}},),
                min(to, end),
                (i,),
            )


def _installed(reach: Reach, i: int) -> Iterator[Idea]:
    """Coups, and leaders with a patron among the majors; never with the other of the pair."""
    for year in reach.dates(EVERY, 3):
        if not reach.there(i, year):
            continue
        where, key = reach.name(i, year), reach.key(i, year)
        act = {"leader": "A new leader", "state": key, "year": year}
        yield Idea(
            "leader installed",
            f"A coup brings a new leader to power in {where} in {year}",
            ({"force": {**act, "how": "irregular"}},),
            year,
            (i,),
        )
        for k in reach.thirds(year):
            if reach.major(k, year) and reach.touches(k, i, year):
                yield Idea(
                    "leader installed",
                    f"A leader backed by {reach.name(k, year)} comes to power in {where} in {year}",
                    ({"force": {**act, "patron": reach.key(k, year)}},),
                    year,
                    (i, k),
                )


def _regimes(reach: Reach, i: int) -> Iterator[Idea]:
    """Other regimes, at dates."""
    p = reach.script.panel
    for year in reach.dates(EVERY, 4):
        if not reach.there(i, year):
            continue
        now = int(p.regime[p.row(year) - 1, i])
        for regime in LEVELS:
            if regime == LEVELS[now]:
                continue
            yield Idea(
                "regime",
                sentence(f"{reach.name(i, year)} {BECOMES[regime]} in {year}"),
                ({"force": {"regime": regime, "state": reach.key(i, year), "year": year}},),
                year,
                (i,),
            )
