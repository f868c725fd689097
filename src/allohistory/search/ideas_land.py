"""Ideas about land near the pair: not taken, freed, or in other hands; states that live on."""

from collections.abc import Iterator

from allohistory.search.ideas import Idea
from allohistory.search.reach import Reach, sentence, verb
from allohistory.world import AS_DEPENDENCY, NOBODY

EVERY = 30
KEPT = 20
"""Years for which land that is not taken stays where it is."""
SMALL = 0.5
"""Land that a state may be given, as a share of the people of its own home unit."""


def ideas(reach: Reach) -> Iterator[Idea]:
    """All of them, for a pair and a span."""
    yield from _survivors(reach)
    yield from _not_taken(reach)
    yield from _given(reach)


def _survivors(reach: Reach) -> Iterator[Idea]:
    """Neighbours of the pair that history ended and that live on."""
    p = reach.script.panel
    for year in range(max(reach.first, p.first + 1), reach.last + 1):
        row = p.row(year)
        for i in range(len(p.states)):
            ended = p.active[row - 1, i] and not p.active[row, i]
            if not ended or i not in reach.circle(year):
                continue
            stays = verb(reach.name(i, year), "keeps its independence", "keep their independence")
            yield Idea(
                "state kept",
                sentence(f"{reach.name(i, year)} {stays} in {year} and after"),
                ({"prevent": {"annexed": reach.key(i, year), "from": year}},),
                year,
                (i, *reach.pair),
            )


def _not_taken(reach: Reach) -> Iterator[Idea]:
    """Land that passed to one of the pair, or beside the pair to another, and now does not."""
    p = reach.script.panel
    for year in range(max(reach.first, p.first + 1), reach.last + 1):
        row = p.row(year)
        near = set(reach.units(year))
        for u in range(len(p.units)):
            old, new = int(p.owner[row - 1, u]), int(p.owner[row, u])
            touches = (
                new in reach.pair or old in reach.pair or (u in near and new in reach.near(year))
            )
            if new in {old, NOBODY} or not touches or int(p.geography.home[new]) == u:
                continue
            source = f" from {reach.name(old, year)}" if old != NOBODY else ""
            name = reach.unit(u)
            fails = verb(name, "does", "do")
            yield Idea(
                "land not taken",
                sentence(f"{name} {fails} not pass{source} to {reach.name(new, year)} in {year}"),
                (
                    {
                        "prevent": {
                            "annexed": _key(reach, u),
                            "from": year,
                            "until": min(year + KEPT, p.last),
                        }
                    },
                ),
                year,
                (new, *((old,) if old != NOBODY else ()), *reach.pair),
            )


def _given(reach: Reach) -> Iterator[Idea]:
    """Dependencies beside the pair that are freed, or pass to one of the pair."""
    p = reach.script.panel
    people = p.geography.people
    for year in reach.dates(EVERY, 7):
        row = p.row(year) - 1
        for u in reach.units(year):
            owner, held = int(p.owner[row, u]), int(p.held[row, u])
            if owner == NOBODY or held != AS_DEPENDENCY or owner not in reach.circle(year):
                continue
            name, whose = reach.unit(u), reach.name(owner, year)
            yield Idea(
                "freed",
                sentence(f"{name} {verb(name, 'becomes', 'become')} free of {whose} in {year}"),
                ({"force": {"freed": _key(reach, u), "year": year}},),
                year,
                (owner, *reach.pair),
            )
            passes = verb(name, "passes", "pass")
            for i in reach.pair:
                if not reach.there(i, year) or people[u] > SMALL * people[p.geography.home[i]]:
                    continue
                yield Idea(
                    "land given",
                    sentence(f"{name} {passes} from {whose} to {reach.name(i, year)} in {year}"),
                    (
                        {
                            "force": {
                                "dependency": _key(reach, u),
                                "owner": reach.key(i, year),
                                "year": year,
                            }
                        },
                    ),
                    year,
                    (owner, i),
                )


def _key(reach: Reach, u: int) -> str:
    """What a question file calls a unit of land."""
    return reach.tables.unit_of[reach.script.panel.units[u]].name
