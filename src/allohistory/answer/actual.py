"""The record's own main events of a year, as sentences to set beside an alternate history."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from allohistory.answer.lands import land
from allohistory.answer.narrate import sentence
from allohistory.answer.wording import listed
from allohistory.record.names import called
from allohistory.record.tables import NOBODY, Participant, Tables, Treaty, War, load, stands
from allohistory.vocab import AllianceLevel, DisputeLevel, Outcome

PEOPLED = 1.0
"""Inhabitants about 1900, in millions, from which on a unit of land is worth a sentence."""
_MOST_UNITS = 3


def actual_events(year: int, states: Sequence[str], tables: Tables | None = None) -> list[str]:
    """
    Main events of a year in the record, for some states.

    Parameters
    ----------
    year : int
        From 1860 on.
    states : sequence of str
        Ids; the first two are the pair of the question: their disputes are told too.
    tables : Tables, optional
        The record; the core record without it.

    Returns
    -------
    list of str
        Sentences: wars begun, joined, left and ended, states entered and ended, land, treaties
        that pledge defense or bind two of the states, use of force inside the pair, and leaders of
        the pair who came irregularly.

    Examples
    --------
    >>> actual_events(1902, ["JPN", "UKG"])
    ['Japan and Britain sign the Anglo-Japanese Alliance.']
    """
    tables = tables or load()
    known = frozenset(states)
    return [
        *_wars(year, known, tables),
        *_states(year, known, tables),
        *_land(year, known, tables),
        *_treaties(year, known, tables),
        *_disputes(year, states, tables),
        *_leaders(year, states, tables),
    ]


def _wars(year: int, known: frozenset[str], tables: Tables) -> Iterator[str]:
    for war in tables.wars:
        fought = tables.participants_of[war.id]
        if not known & {row.state for row in fought}:
            continue
        if war.start.year == year:
            yield sentence(
                "war begins", year, tables=tables, a=war.initiator, b=war.target, name=war.name
            )
        mine = [row for row in fought if row.state in known]
        yield from _joined(year, war, mine, tables)
        for row in mine:
            if row.end is not None and row.end.year == year and row.how_out == "separate-peace":
                yield sentence("war left", year, tables=tables, a=row.state, name=war.name)
        if war.end is not None and war.end.year == year:
            wider = _absorbed(war, tables)
            if wider is None:
                yield _end(year, war, fought, tables)
            else:
                yield f"The {war.name} becomes part of the {wider.name}."


def _joined(year: int, war: War, rows: Sequence[Participant], tables: Tables) -> Iterator[str]:
    came = [
        row.state for row in rows
        if row.start.year == year and row.start > war.start and row.state != war.target
    ]  # fmt: skip
    names = [called(state, year, tables) for state in dict.fromkeys(came)]
    if names:
        text = f"{listed(names)} {'joins' if len(names) == 1 else 'join'} the {war.name}."
        yield f"{text[0].upper()}{text[1:]}"


def _absorbed(war: War, tables: Tables) -> War | None:
    """Find the war that goes on where this one ended undecided, its first pair still opposed."""
    if war.outcome != Outcome.DRAW or war.end is None:
        return None
    for other in tables.wars:
        sides = {
            row.state: row.side
            for row in tables.participants_of[other.id]
            if row.start.year == war.end.year
        }
        begun = other.id != war.id and {war.initiator, war.target} <= sides.keys()
        if begun and sides[war.initiator] != sides[war.target]:
            return other
    return None


def _end(year: int, war: War, fought: Sequence[Participant], tables: Tables) -> str:
    winner = {Outcome.INITIATOR: "A", Outcome.TARGET: "B"}.get(war.outcome, "")
    majors = {row.id for row in tables.majors if stands(row, war.start.year)}
    principals = {war.initiator, war.target}

    def side(won: bool) -> list[str]:
        # Who was conquered or made peace early still lost; only who saw the end has won.
        rows = [
            row for row in fought
            if (row.side == winner) == won and (row.how_out == "end" or not won)
        ]  # fmt: skip
        rows.sort(key=lambda row: (row.state not in majors, row.state not in principals,
                                   -(row.deaths or 0)))  # fmt: skip
        return list(dict.fromkeys(row.state for row in rows))

    return sentence(
        "war ended",
        year,
        tables=tables,
        a=war.initiator,
        b=war.target,
        name=war.name,
        outcome=war.outcome.word,
        margin=war.margin,
        winners=side(won=True),
        losers=side(won=False),
    )


def _states(year: int, known: frozenset[str], tables: Tables) -> Iterator[str]:
    for spell in tables.spells:
        if spell.start.year == year and known & {spell.id, spell.enter_from}:
            again = spell.enter_cause == "restoration"
            yield sentence("state enters", year, tables=tables, a=spell.id, restored=again)
        if spell.end is not None and spell.end.year == year and known & {spell.id, spell.exit_to}:
            yield sentence("state ends", year, tables=tables, a=spell.id, holder=spell.exit_to)


def _land(year: int, known: frozenset[str], tables: Tables) -> Iterator[str]:
    """Units that changed hands during the year, one sentence for each giver and taker."""
    cores = {tables.state_of[row.id].home for row in tables.spells
             if year in {row.start.year, row.end.year if row.end else 0}}  # fmt: skip
    before = {row.unit: row.owner for row in tables.holdings if stands(row, year - 1)}
    after = {row.unit: row.owner for row in tables.holdings if stands(row, year)}
    heirs = {(row.id, row.exit_to) for row in tables.spells if row.end and row.end.year == year}
    moved = []
    for unit in tables.units:
        giver, taker = before.get(unit.unit, NOBODY), after.get(unit.unit, NOBODY)
        if giver == taker or not known & {giver, taker}:
            continue
        # The core of a state that came or went, and what its heir gets, is told with the state.
        told = unit.unit in cores or (giver, taker) in heirs
        if unit.pop >= PEOPLED and not told:
            moved.append((giver, taker, -unit.pop, unit.name))
    for (giver, taker), rows in groupby(sorted(moved), key=lambda row: row[:2]):
        units = [row[3] for row in rows]
        names = [land(name, year) for name in units]
        more = len(names) - _MOST_UNITS
        if more > 1:
            names = [*names[:_MOST_UNITS], f"{more} more"]
        if len(names) == 1:
            yield sentence("unit", year, tables=tables, name=units[0], a=giver, holder=taker)
            continue
        # Names hold commas of their own.
        text = "; ".join(names) if any("," in name for name in names) else listed(names)
        text = f"{text[0].upper()}{text[1:]}"
        if taker == NOBODY:
            yield f"{text} become free of {called(giver, year, tables)}."
            continue
        source = f" from {called(giver, year, tables)}" if giver != NOBODY else ""
        yield f"{text} pass{source} to {called(taker, year, tables)}."


def _treaties(year: int, known: frozenset[str], tables: Tables) -> Iterator[str]:
    for treaty in tables.treaties:
        bound = known & {row.state for row in tables.members_of[treaty.id]}
        weighty = treaty.obligations.level == AllianceLevel.DEFENSE
        if not bound or not (weighty or len(bound) > 1):
            continue
        if treaty.start.year == year:
            yield _signed(year, treaty, tables)
        else:
            for row in tables.members_of[treaty.id]:
                if row.state in known and row.start.year == year:
                    yield sentence(
                        "treaty joined", year, tables=tables, a=row.state, name=treaty.name
                    )
        if treaty.end is not None and treaty.end.year == year:
            yield sentence(
                "treaty lapsed", year, tables=tables, name=treaty.name, ended=treaty.ended
            )


def _signed(year: int, treaty: Treaty, tables: Tables) -> str:
    if len({row.state for row in tables.members_of[treaty.id]}) > 2:
        return sentence("treaty signed", year, tables=tables, name=treaty.name)
    return sentence(
        "treaty signed",
        year,
        tables=tables,
        a=treaty.founder_a,
        b=treaty.founder_b,
        name=treaty.name,
    )


def _disputes(year: int, states: Sequence[str], tables: Tables) -> Iterator[str]:
    pair = set(states[:2])
    for row in tables.disputes:
        if row.year != year or {row.initiator, row.target} != pair:
            continue
        # War has its own sentence, threats are too many.
        if row.level == DisputeLevel.FORCE:
            yield sentence(
                "dispute", year, tables=tables, a=row.initiator, b=row.target, level=int(row.level)
            )


def _leaders(year: int, states: Sequence[str], tables: Tables) -> Iterator[str]:
    """Leaders of the pair who came otherwise than by the rules."""
    for row in tables.leaders:
        if row.id in states[:2] and row.start.year == year and row.how_in != "regular":
            yield sentence("leader", year, tables=tables, a=row.id, leader=row.name, how=row.how_in)
