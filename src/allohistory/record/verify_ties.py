"""Compare membership, treaties, rivalries, neighbours and disputes with the published tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations

from allohistory.record.comparing import Family, compare
from allohistory.record.departing import Exemption, exemptions, names_of_pair, tells
from allohistory.record.neighbours import contacts
from allohistory.record.published import DyadYear, Published, StateYear, pair
from allohistory.record.tables import FIRST_YEAR, LAST_YEAR, Tables, Treaty, touches
from allohistory.vocab import Obligation

_NEAR = 2
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def membership(tables: Tables, published: Published) -> Family:
    """
    Who is in the state system.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    Family
        Counted in state-years, any day of the year.
    """
    keys = exemptions(tables, "membership")

    def ours_reason(state: str, year: int) -> bool:
        noted = any(spell.note and touches(spell, year) for spell in tables.spells_of[state])
        return noted or _exempt(keys, (state,), year)

    def theirs_reason(state: str, year: int) -> bool:
        noted = any(
            spell.note and (spell.start.year == year + 1 or (spell.end and spell.end.year <= year))
            for spell in tables.spells_of[state]
        )
        return noted or _exempt(keys, (state,), year)

    ours, theirs = own_state_years(tables), published.state_years()
    return compare(
        "membership",
        "state-years",
        ours,
        theirs,
        reason_ours=ours_reason,
        reason_theirs=theirs_reason,
    )


def own_state_years(tables: Tables) -> set[StateYear]:
    """Years in which the record has a state in the system on any day."""
    return {(spell.id, year) for spell in tables.spells for year in YEARS if touches(spell, year)}


def in_both(tables: Tables, published: Published) -> Callable[[DyadYear], bool]:
    """Whether both states of a dyad-year are members in the record and in the published list."""
    members = own_state_years(tables) & published.state_years()
    return lambda key: (key[0], key[2]) in members and (key[1], key[2]) in members


@dataclass(frozen=True, slots=True)
class Ties:
    """Dyad-years that the treaties of the record tie, with the treaties that tie them."""

    defense: dict[DyadYear, list[Treaty]] = field(default_factory=dict)
    any_pledge: dict[DyadYear, list[Treaty]] = field(default_factory=dict)


def own_ties(tables: Tables) -> Ties:
    """
    Allied dyad-years of the record, any day of the year.

    Parameters
    ----------
    tables : Tables
        The record.

    Returns
    -------
    Ties
        From 1860 to 2016.
    """
    ties = Ties()
    for treaty in tables.treaties:
        for first, second in combinations(tables.members_of[treaty.id], 2):
            pledges = first.obligations | second.obligations
            if first.state == second.state or not pledges:
                continue
            start = max(first.start, second.start)
            end = min((row.end for row in (first, second) if row.end), default=None)
            if end is not None and start > end:
                continue
            for year in range(
                max(start.year, FIRST_YEAR), min(end.year if end else LAST_YEAR, LAST_YEAR) + 1
            ):
                key = (*pair(first.state, second.state), year)
                ties.any_pledge.setdefault(key, []).append(treaty)
                if pledges & Obligation.DEFENSE:
                    ties.defense.setdefault(key, []).append(treaty)
    return ties


def treaties(tables: Tables, published: Published) -> tuple[Family, Family]:
    """
    Who is allied with whom.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    tuple of two Family
        Defense pledges, and pledges of any kind, in dyad-years among members.
    """
    ties, belongs = own_ties(tables), in_both(tables, published)
    defense, any_pledge = published.pledges()
    return (
        _pact_family("defense", ties.defense, defense, tables, belongs),
        _pact_family("any pledge", ties.any_pledge, any_pledge, tables, belongs),
    )


def _pact_family(
    name: str,
    own: dict[DyadYear, list[Treaty]],
    theirs: set[DyadYear],
    tables: Tables,
    belongs: Callable[[DyadYear], bool],
) -> Family:
    keys = exemptions(tables, "treaty")
    keys += exemptions(tables, "defense") if name == "defense" else ()

    def ours_reason(a: str, b: str, year: int) -> bool:
        here = own[a, b, year]
        names = (*names_of_pair(a, b), *(treaty.id for treaty in here))
        return all(tells(treaty.note) for treaty in here) or _exempt(keys, names, year)

    def theirs_reason(a: str, b: str, year: int) -> bool:
        near = [
            treaty
            for other in range(year - _NEAR, year + _NEAR + 1)
            for treaty in own.get((a, b, other), ())
        ]
        names = (*names_of_pair(a, b), *(treaty.id for treaty in near))
        return any(tells(treaty.note) for treaty in near) or _exempt(keys, names, year)

    ours = {key for key in own if belongs(key)}
    theirs = {key for key in theirs if belongs(key)}
    return compare(
        name, "dyad-years", ours, theirs, reason_ours=ours_reason, reason_theirs=theirs_reason
    )


def rivalries(tables: Tables, published: Published) -> Family:
    """
    Who is whose rival.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    Family
        Counted in dyad-years among members.
    """
    belongs, keys = in_both(tables, published), exemptions(tables, "rivalry")
    noted = {pair(row.a, row.b) for row in tables.rivalries if row.note}

    def reason(a: str, b: str, year: int) -> bool:
        return (a, b) in noted or _exempt(keys, names_of_pair(a, b), year)

    ours = {
        key
        for row in tables.rivalries
        for year in YEARS
        if touches(row, year) and belongs(key := (*pair(row.a, row.b), year))
    }
    theirs = {key for key in published.rivalries() if belongs(key)}
    return compare("rivalry", "dyad-years", ours, theirs, reason_ours=reason, reason_theirs=reason)


def neighbours(tables: Tables, published: Published) -> tuple[Family, ...]:
    """
    Who is next to whom, derived from the units.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    tuple of three Family
        By land, by land or water, and through dependencies, in dyad-years among members.
    """
    belongs, keys = in_both(tables, published), exemptions(tables, "neighbours")
    land: set[DyadYear] = set()
    home: set[DyadYear] = set()
    through: set[DyadYear] = set()
    for year in YEARS:
        for (a, b), contact in contacts(tables, year).items():
            if contact.home:
                home.add((a, b, year))
            if contact.home == "land":
                land.add((a, b, year))
            if contact.dependency:
                through.add((a, b, year))

    def reason(a: str, b: str, year: int) -> bool:
        return _exempt(keys, names_of_pair(a, b), year)

    names = ("neighbours by land", "neighbours at home", "neighbours through dependencies")
    return tuple(
        compare(
            name,
            "dyad-years",
            {key for key in ours if belongs(key)},
            {key for key in theirs if belongs(key)},
            reason_ours=reason,
            reason_theirs=reason,
        )
        for name, ours, theirs in zip(
            names, (land, home, through), published.neighbours(), strict=True
        )
    )


def disputes(tables: Tables, published: Published) -> Family:
    """
    Which dyads began a dispute in a year.

    Only the use of force that both published lists have can be missed, and only what neither
    has at any level is ours alone.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    Family
        Counted in dyad-years among members.
    """
    belongs, keys = in_both(tables, published), exemptions(tables, "dispute")
    noted = {(*pair(row.initiator, row.target), row.year) for row in tables.disputes if row.note}

    def reason(a: str, b: str, year: int) -> bool:
        return (a, b, year) in noted or _exempt(keys, names_of_pair(a, b), year)

    ours = {(*pair(row.initiator, row.target), row.year) for row in tables.disputes}
    both, either = published.disputes()
    ours = {key for key in ours if belongs(key)}
    theirs = {key for key in both | (either & ours) if belongs(key)}
    return compare("disputes", "dyad-years", ours, theirs, reason_ours=reason, reason_theirs=reason)


def _exempt(keys: tuple[Exemption, ...], names: tuple[str, ...], year: int) -> bool:
    return any(key.covers(names, year) for key in keys)
