"""Ideas about treaties and rivalries: not signed, ended, kept, or of others than in the record."""

from collections.abc import Iterator
from itertools import combinations, product

from allohistory.errors import AllohistoryError
from allohistory.record.names import find_treaty
from allohistory.record.rows import Treaty
from allohistory.search.ideas import Idea, listed
from allohistory.search.reach import Reach, sentence
from allohistory.vocab import AllianceLevel

EVERY, SELDOM, KEPT = 5, 20, 12
"""Years between dates of the pair's ties, and of others'; years a treaty is kept beyond its end."""
FOUNDERS = 2
STRONG, WEAK = ["defense", "consultation"], ["nonaggression", "consultation"]


def ideas(reach: Reach) -> Iterator[Idea]:
    """All of them, for a pair and a span."""
    for treaty in reach.tables.treaties:
        if treaty.id in reach.script.treaty_key:
            yield from _of_treaty(reach, treaty)
    yield from _formed(reach)
    yield from _rivalries(reach)


def _of_treaty(reach: Reach, treaty: Treaty) -> Iterator[Idea]:
    """What might have been different about a treaty of the record."""
    s = reach.script
    year, end = s.treaty_year[treaty.id], s.treaty_end[treaty.id]
    ids = s.panel.states
    rows = reach.tables.members_of[treaty.id]
    first = [ids.index(r.state) for r in rows if r.start.year <= year and r.state in ids]
    ours = set(first) & set(reach.pair)
    strong = treaty.obligations.level == AllianceLevel.DEFENSE
    close = [i for i in first if i in reach.near(year)]
    if not ours and not (strong and len(close) > 1):
        return
    if ours and not strong and len(close) < FOUNDERS:
        return
    key, title = _key(reach, treaty), _title(treaty)
    founders = list(s.founders[treaty.id])
    names = listed([reach.name(i, year) for i in founders])
    two = len(first) == FOUNDERS
    if reach.inside(year):
        text = f"{names} do not sign {title}" if two else f"{title} is not signed"
        yield Idea(
            "treaty prevented",
            sentence(f"{text} in {year}"),
            ({"prevent": {"treaty": key}},),
            year,
            tuple(first),
        )
    last = end if end is not None else s.panel.last
    middle = year + max((last - year) // 2, 1)
    if (ours or two) and strong and middle < last and reach.inside(middle):
        instead = f" instead of {end}" if end is not None else ""
        yield Idea(
            "treaty ended",
            sentence(f"{title} of {year} ends in {middle}{instead}"),
            ({"force": {"treaty_end": key, "year": middle}},),
            middle,
            tuple(first),
        )
    if ours and end is not None and end + KEPT <= s.panel.last and reach.inside(end):
        yield Idea(
            "treaty kept",
            sentence(f"{title} of {year} does not end in {end} and is kept to {end + KEPT}"),
            ({"hold": {"treaty": key, "until": end + KEPT}},),
            end,
            tuple(first),
        )


def _formed(reach: Reach) -> Iterator[Idea]:
    """Alliances history did not have: of the pair, of one with a third, of two others."""
    for year in reach.dates(EVERY):
        if all(reach.there(i, year) for i in reach.pair):
            yield _alliance(reach, reach.pair, year)
            yield _alliance(reach, reach.pair, year, strong=False)
    for year in reach.dates(2 * EVERY):
        for i, k in product(reach.pair, _majors(reach, year)):
            if reach.there(i, year):
                yield _alliance(reach, (i, k), year)
    for year in reach.dates(SELDOM, EVERY):
        for two in combinations(_majors(reach, year), 2):
            yield _alliance(reach, two, year)
        if all(reach.there(i, year) for i in reach.pair):
            for k in _majors(reach, year):
                yield _alliance(reach, (*reach.pair, k), year)


def _majors(reach: Reach, year: int) -> list[int]:
    """Majors beside the pair, strongest first."""
    return [k for k in reach.thirds(year) if reach.major(k, year)]


def _alliance(reach: Reach, who: tuple[int, ...], year: int, *, strong: bool = True) -> Idea:
    keys = [reach.key(i, year) for i in who]
    kind = "Alliance" if strong else "Non-Aggression Pact"
    act = {
        "treaty": f"{'-'.join(keys)} {kind} of {year}",
        "members": keys,
        "year": year,
        "obligations": STRONG if strong else WEAK,
    }
    names = listed([reach.name(i, year) for i in who])
    what = "a defensive alliance" if strong else "a non-aggression pact"
    return Idea(
        "treaty formed", sentence(f"{names} sign {what} in {year}"), ({"force": act},), year, who
    )


def _rivalries(reach: Reach) -> Iterator[Idea]:
    """Rivalries of the pair ended or begun, among themselves, with majors and with neighbours."""
    for year in reach.dates(EVERY, 2):
        for i in reach.pair:
            for k in sorted(reach.near(year)):
                if k == i or not reach.there(i, year) or (k in reach.pair and k < i):
                    continue
                if (year - reach.first) % (2 * EVERY) > EVERY and k not in reach.pair:
                    continue
                names = listed([reach.name(i, year), reach.name(k, year)])
                keys = [reach.key(i, year), reach.key(k, year)]
                if reach.rivals(i, k, year):
                    yield Idea(
                        "rivalry ended",
                        sentence(f"the rivalry of {names} ends in {year}"),
                        ({"force": {"rivalry_end": keys, "year": year}},),
                        year,
                        (i, k),
                    )
                elif k not in reach.pair and reach.major(k, year):
                    yield Idea(
                        "rivalry begun",
                        sentence(f"{names} become rivals in {year}"),
                        ({"force": {"rivalry": keys, "year": year}},),
                        year,
                        (i, k),
                    )


def _title(treaty: Treaty) -> str:
    """A treaty within a sentence."""
    name = treaty.name.partition(" (")[0].partition(" between ")[0]
    return name if name.startswith("The ") else f"the {name}"


def _key(reach: Reach, treaty: Treaty) -> str:
    """What a question file calls a treaty: its name, or its id where the name is not enough."""
    try:
        found = find_treaty(treaty.name, reach.tables)
    except AllohistoryError:
        return treaty.id
    return treaty.name if found == treaty.id else treaty.id
