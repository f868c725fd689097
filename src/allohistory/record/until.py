"""
A record as it could have been written at the end of a year: nothing later is in it.

Spells that lasted on are open, wars still fought have no outcome yet, benchmarks of later years
are gone. What is kept of later times is geography: units, borders, which states could ever be,
and where the capital of a state lies that had none by then.
"""

import dataclasses
from typing import Any

from allohistory.record.rows import (
    Capital,
    CivilWar,
    Leader,
    Participant,
    Spell,
    Treaty,
    War,
)
from allohistory.record.tables import Tables
from allohistory.vocab import Outcome

OPEN: dict[type, dict[str, Any]] = {
    Spell: {"exit_cause": "", "exit_to": ""},
    Treaty: {"ended": "in force"},
    War: {"outcome": Outcome.DRAW, "margin": "narrow"},
    Participant: {"how_out": "end", "deaths": None},
    CivilWar: {"winner": "", "loser": ""},
    Leader: {"how_out": "in office"},
}
"""What a row says whose end lies beyond the year."""


def _open(row: Any, year: int) -> Any:  # noqa: ANN401 - a row of any table
    """The row as it stood, with no end beyond the year."""
    if row.end is None or row.end.year <= year:
        return row
    return dataclasses.replace(row, end=None, **OPEN.get(type(row), {}))


def _rows(rows: tuple[Any, ...], year: int) -> tuple[Any, ...]:
    """Rows that began by the year."""
    if not rows:
        return rows
    fields = {field.name for field in dataclasses.fields(rows[0])}
    if {"start", "end"} <= fields:
        return tuple(_open(row, year) for row in rows if row.start.year <= year)
    if "start" in fields:
        return tuple(row for row in rows if row.start.year <= year)
    if "year" in fields:
        return tuple(row for row in rows if row.year <= year)
    return rows


def _capitals(rows: tuple[Capital, ...], year: int) -> tuple[Capital, ...]:
    """Seats by the year; of a state that had none, its first."""
    kept = _rows(rows, year)
    known = {row.id for row in kept}
    later: dict[str, Capital] = {}
    for row in sorted(rows, key=lambda row: row.start.earliest):
        if row.id not in known:
            later.setdefault(row.id, dataclasses.replace(row, end=None))
    return kept + tuple(later.values())


def until(tables: Tables, year: int) -> Tables:
    """
    Cut a record off at the end of a year.

    Parameters
    ----------
    tables : Tables
        The whole record.
    year : int
        Last year that is known.

    Returns
    -------
    Tables
        Equal whatever the whole record says of later years.
    """
    cut: dict[str, tuple[Any, ...]] = {}
    for field in dataclasses.fields(tables):
        rows = getattr(tables, field.name)
        if field.name in {"units", "borders", "states", "names", "sources", "departures"}:
            cut[field.name] = rows
        elif field.name == "capitals":
            cut[field.name] = _capitals(rows, year)
        elif field.name == "settlements":
            wars = {row.id for row in tables.wars if row.end and row.end.year <= year}
            cut[field.name] = tuple(r for r in _rows(rows, year) if r.war in wars)
        elif field.name in {"participants", "members"}:
            known = {
                row.id
                for row in (tables.wars if field.name == "participants" else tables.treaties)
                if row.start.year <= year
            }
            key = "war" if field.name == "participants" else "treaty"
            cut[field.name] = tuple(r for r in _rows(rows, year) if getattr(r, key) in known)
        elif field.name == "disputes":
            # One that began this year may not have ended yet.
            cut[field.name] = tuple(
                dataclasses.replace(row, outcome=None) if row.year == year else row
                for row in _rows(rows, year)
            )
        else:
            cut[field.name] = _rows(rows, year)
    return Tables(**cut)
