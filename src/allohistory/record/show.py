"""What two states share in the record, gathered from every table."""

from itertools import groupby, pairwise

from allohistory.errors import RecordError
from allohistory.record.names import display
from allohistory.record.neighbours import Contact, contacts
from allohistory.record.prose import render_text
from allohistory.record.shared import (
    Neighbourhood,
    PairHistory,
    SharedDispute,
    SharedRivalry,
    SharedSettlement,
    SharedTreaty,
    SharedWar,
    Transfer,
)
from allohistory.record.tables import (
    FIRST_YEAR,
    LAST_YEAR,
    Day,
    Holding,
    Member,
    Participant,
    Tables,
    load,
)
from allohistory.vocab import Outcome

__all__ = ["PairHistory", "render_text", "shared_history"]


def shared_history(a: str, b: str, tables: Tables | None = None) -> PairHistory:
    """
    Everything two states share, in the order of dates.

    Parameters
    ----------
    a, b : str
        Ids of the states.
    tables : Tables, optional
        The record; the core record without it.

    Returns
    -------
    PairHistory
        Treaties, wars, settlements, disputes, rivalries, land that changed hands, and how the
        two touched.

    Raises
    ------
    UnknownNameError
        One of them is no state of the record.
    RecordError
        The two are the same state.
    """
    tables = tables or load()
    names = (display(a, LAST_YEAR, tables), display(b, LAST_YEAR, tables))
    if a == b:
        raise RecordError(f"{names[0]} shares its history with itself; name two states")
    return PairHistory(
        a=a,
        b=b,
        names=names,
        treaties=_treaties(a, b, tables),
        wars=_wars(a, b, tables),
        settlements=_settlements(a, b, tables),
        disputes=_disputes(a, b, tables),
        rivalries=_rivalries(a, b, tables),
        transfers=_transfers(a, b, tables),
        neighbourhoods=_neighbourhoods(a, b, tables),
    )


def _treaties(a: str, b: str, tables: Tables) -> tuple[SharedTreaty, ...]:
    found = []
    for treaty in tables.treaties:
        rows = tables.members_of[treaty.id]
        states = {row.state for row in rows}
        for first in rows:
            for second in rows:
                if (first.state, second.state) != (a, b):
                    continue
                if treaty.obligations and not first.obligations | second.obligations:
                    continue  # third states pledge, these two only receive
                start, end = _overlap(first, second)
                if end is not None and start > end:
                    continue
                left = end is not None and (treaty.end is None or end < treaty.end)
                found.append(
                    SharedTreaty(
                        id=treaty.id,
                        name=treaty.name,
                        start=start,
                        end=end,
                        pledges_a=first.obligations,
                        pledges_b=second.obligations,
                        members=len(states),
                        founded=start == treaty.start,
                        ended="left" if left else treaty.ended,
                        note=treaty.note,
                    )
                )
    return tuple(sorted(found, key=lambda row: row.start))


def _overlap(first: Member | Participant, second: Member | Participant) -> tuple[Day, Day | None]:
    ends = [row.end for row in (first, second) if row.end is not None]
    return max(first.start, second.start), min(ends, default=None)


def _wars(a: str, b: str, tables: Tables) -> tuple[SharedWar, ...]:
    found = []
    for war in tables.wars:
        rows = tables.participants_of[war.id]
        winner = {Outcome.INITIATOR: "A", Outcome.TARGET: "B"}.get(war.outcome, "")
        for first in (row for row in rows if row.state == a):
            for second in (row for row in rows if row.state == b):
                start, end = _overlap(first, second)
                if end is not None and start > end:
                    continue
                found.append(
                    SharedWar(
                        id=war.id,
                        name=war.name,
                        start=start,
                        end=end,
                        same_side=first.side == second.side,
                        result_a=_result(first, winner),
                        result_b=_result(second, winner),
                        margin=war.margin,
                        deaths_a=first.deaths,
                        deaths_b=second.deaths,
                        note=war.note,
                    )
                )
    return tuple(sorted(found, key=lambda row: row.start))


def _result(row: Participant, winner: str) -> str:
    if winner and row.side != winner:
        return "lost"
    if row.how_out != "end":
        return "left"
    return "won" if winner else "drew"


def _settlements(a: str, b: str, tables: Tables) -> tuple[SharedSettlement, ...]:
    found = [
        SharedSettlement(
            war=tables.war_of[row.war].name,
            start=row.start,
            end=row.end,
            loser=row.loser,
            winner=row.winner,
            kind=row.kind,
            unit=tables.unit_of[row.unit].name if row.unit else "",
            note=row.note,
        )
        for row in tables.settlements
        if {row.loser, row.winner} == {a, b}
    ]
    return tuple(sorted(found, key=lambda row: row.start))


def _disputes(a: str, b: str, tables: Tables) -> tuple[SharedDispute, ...]:
    found = [
        SharedDispute(
            start=Day(row.year),
            end=Day(row.year),
            initiator=row.initiator,
            target=row.target,
            level=int(row.level),
            joined=row.joined,
            note=row.note,
        )
        for row in tables.disputes
        if {row.initiator, row.target} == {a, b}
    ]
    return tuple(sorted(found, key=lambda row: row.start))


def _rivalries(a: str, b: str, tables: Tables) -> tuple[SharedRivalry, ...]:
    found = [
        SharedRivalry(row.start, row.end, row.kind, row.note)
        for row in tables.rivalries
        if {row.a, row.b} == {a, b}
    ]
    return tuple(sorted(found, key=lambda row: row.start))


def _transfers(a: str, b: str, tables: Tables) -> tuple[Transfer, ...]:
    found = []
    ordered = sorted(tables.holdings, key=lambda row: (row.unit, row.start))
    for unit, group in groupby(ordered, key=lambda row: row.unit):
        for before, after in pairwise(group):
            if {before.owner, after.owner} == {a, b}:
                found.append(_transfer(before, after, tables.unit_of[unit].name, tables))
    return tuple(sorted(found, key=lambda row: row.start))


def _transfer(before: Holding, after: Holding, name: str, tables: Tables) -> Transfer:
    word, _, what = after.cause.partition(":")
    cause = tables.war_of[what].name if word in {"war", "occupation"} and what else word
    return Transfer(
        start=after.start,
        end=after.end,
        unit=after.unit,
        name=name,
        giver=before.owner,
        taker=after.owner,
        status=after.status.word,
        cause=cause,
        note=after.note,
    )


def _neighbourhoods(a: str, b: str, tables: Tables) -> tuple[Neighbourhood, ...]:
    pair = (a, b) if a < b else (b, a)
    years = [
        (year, contacts(tables, year).get(pair, Contact()))
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    ]
    found = []
    for contact, group in groupby(years, key=lambda item: item[1]):
        run = [year for year, _ in group]
        if contact == Contact():
            continue
        end = Day(run[-1]) if run[-1] < LAST_YEAR else None
        found.append(
            Neighbourhood(Day(run[0]), end, contact.home, contact.dependency, contact.words)
        )
    return tuple(found)
