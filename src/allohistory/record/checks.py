"""Whether the tables agree with themselves: references, keys, order of dates, cover."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import groupby, pairwise
from typing import Any, TypeVar

from allohistory.record.dates import FIRST_YEAR, Day
from allohistory.record.reading import Sheet, nearest
from allohistory.record.rows import NOBODY

Row = TypeVar("Row")
Sheets = Mapping[str, Sheet[Any]]

_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "states": lambda row: row.id,
    "names": lambda row: (row.id, row.name, row.start),
    "spells": lambda row: (row.id, row.start),
    "majors": lambda row: (row.id, row.start),
    "capitals": lambda row: (row.id, row.start),
    "units": lambda row: row.unit,
    "borders": lambda row: (row.a, row.b),
    "holdings": lambda row: (row.unit, row.start),
    "wars": lambda row: row.id,
    "participants": lambda row: (row.war, row.state, row.start),
    "settlements": lambda row: (row.war, row.loser, row.winner, row.kind, row.unit, row.start),
    "civil_wars": lambda row: row.id,
    "treaties": lambda row: row.id,
    "members": lambda row: (row.treaty, row.state, row.start),
    "rivalries": lambda row: (row.a, row.b, row.start),
    "disputes": lambda row: (row.initiator, row.target, row.year),
    "capabilities": lambda row: (row.id, row.year),
    "regimes": lambda row: (row.id, row.year),
    "leaders": lambda row: (row.id, row.start, row.name),
    "sources": lambda row: row.key,
    "departures": lambda row: (row.family, row.key),
}
# Columns that name something in another table; "-" and nothing are let through where allowed.
_REFERENCES: dict[str, dict[str, str]] = {
    "states": {"home": "units"},
    "names": {"id": "states"},
    "spells": {"id": "states", "enter_from": "states?", "exit_to": "states?"},
    "majors": {"id": "states"},
    "capitals": {"id": "states"},
    "borders": {"a": "units", "b": "units"},
    "holdings": {"unit": "units", "owner": "states?"},
    "wars": {"initiator": "states", "target": "states"},
    "participants": {"war": "wars", "state": "states"},
    "settlements": {"war": "wars", "loser": "states?", "winner": "states?", "unit": "units?"},
    "civil_wars": {"state": "states", "winner_patron": "states", "loser_patron": "states"},
    "treaties": {"founder_a": "states", "founder_b": "states"},
    "members": {"treaty": "treaties", "state": "states"},
    "rivalries": {"a": "states", "b": "states"},
    "disputes": {"initiator": "states", "target": "states"},
    "capabilities": {"id": "states"},
    "regimes": {"id": "states"},
    "leaders": {"id": "states"},
}
_WORDS: dict[str, dict[str, frozenset[str]]] = {
    "borders": {"kind": frozenset({"land", "strait", "sea"})},
    "wars": {"margin": frozenset({"decisive", "narrow"})},
    "participants": {
        "side": frozenset({"A", "B"}),
        "how_out": frozenset({"end", "separate-peace", "conquered", "switched"}),
    },
    "settlements": {
        "kind": frozenset(
            {"territory", "indemnity", "occupation", "regime", "leader", "death", "dependency"}
        )
    },
    "treaties": {
        "ended": frozenset(
            {"in force", "expired", "denounced", "superseded", "war", "dissolved", "lapsed"}
        )
    },
    "rivalries": {"kind": frozenset({"spatial", "positional", "ideological"})},
    "leaders": {
        "how_out": frozenset({"regular", "irregular", "foreign", "death", "in office"}),
    },
}
# Words a cause may be, with the table that what follows a colon must be found in.
_CAUSES: dict[str, str] = {
    "initial": "",
    "independence": "",
    "restoration": "",
    "unification": "",
    "secession": "",
    "purchase": "",
    "treaty": "",
    "award": "",
    "annexation": "states",
    "dissolution": "states",
    "union": "states",
    "war": "wars",
    "occupation": "wars",
}
_ENTRIES: dict[str, str] = {"regular": "", "irregular": "", "foreign": "states"}
_BARE = frozenset({"annexation", "dissolution"})  # holdings.csv writes them without a state
_ORDERED = {"borders": ("a", "b"), "rivalries": ("a", "b"), "treaties": ("founder_a", "founder_b")}


def check(sheets: Sheets) -> None:
    """
    Raise RecordError at the first row that contradicts another table or itself.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        Every table by the name it has in ``Tables``.
    """
    for table, sheet in sheets.items():
        _check_keys(sheet, _KEYS[table])
    known = {table: [str(_KEYS[table](row)) for _, row in sheets[table]] for table in _PRIMARY}
    for table, sheet in sheets.items():
        for column, target in _REFERENCES.get(table, {}).items():
            _check_reference(sheet, column, target, known)
        for column, words in _WORDS.get(table, {}).items():
            _check_words(sheet, column, words)
        if table in _ORDERED:
            _check_pair(sheet, *_ORDERED[table])
        _check_sources(sheet, known["sources"])
        _check_dates(sheet)
    for table, column, causes in (
        ("spells", "enter_cause", _CAUSES),
        ("spells", "exit_cause", _CAUSES),
        ("holdings", "cause", _CAUSES),
        ("leaders", "how_in", _ENTRIES),
    ):
        _check_causes(sheets[table], column, causes, known)
    for table in ("spells", "majors"):
        _check_no_overlap(sheets[table], lambda row: row.id)
    _check_cover(sheets["holdings"], _first(sheets["capabilities"]))
    _check_members(sheets["treaties"], sheets["members"])
    _check_sides(sheets["wars"], sheets["participants"])


_PRIMARY = ("states", "units", "wars", "treaties", "sources")


def _check_keys(sheet: Sheet[Row], key: Callable[[Row], Hashable]) -> None:
    seen: dict[Hashable, int] = {}
    for line, row in sheet:
        here = key(row)
        if here in seen:
            parts = here if isinstance(here, tuple) else (here,)
            text = ", ".join(str(part) for part in parts)
            raise sheet.fault(line, f"{text} stands already in line {seen[here]}")
        seen[here] = line


def _check_reference(
    sheet: Sheet[Row], column: str, target: str, known: Mapping[str, list[Any]]
) -> None:
    table = target.rstrip("?")
    valid = set(known[table])
    if target.endswith("?"):
        valid |= {"", NOBODY}
    for line, row in sheet:
        cell = getattr(row, column)
        for word in (cell,) if isinstance(cell, str) else cell:
            if word not in valid:
                what = f'{column}: "{word}" is not in {table}.csv{nearest(word, known[table])}'
                raise sheet.fault(line, what)


def _check_words(sheet: Sheet[Row], column: str, words: Iterable[str]) -> None:
    for line, row in sheet:
        word = getattr(row, column)
        if word not in words:
            what = f'{column}: "{word}" is none of {", ".join(sorted(words))}'
            raise sheet.fault(line, what)


def _check_pair(sheet: Sheet[Row], first: str, second: str) -> None:
    for line, row in sheet:
        a, b = getattr(row, first), getattr(row, second)
        if a >= b:
            raise sheet.fault(line, f"{first} {a} must stand before {second} {b} in the alphabet")


def _check_sources(sheet: Sheet[Row], known: list[str]) -> None:
    valid = set(known)
    for line, row in sheet:
        key = getattr(row, "source", None)
        if key is not None and key not in valid:
            what = f'source: "{key}" is not in sources.csv{nearest(key, known)}'
            raise sheet.fault(line, what)


def _check_dates(sheet: Sheet[Row]) -> None:
    for line, row in sheet:
        start: Day | None = getattr(row, "start", None)
        end: Day | None = getattr(row, "end", None)
        if start is not None and end is not None and start.earliest > end.latest:
            raise sheet.fault(line, f"it ends on {end}, before it begins on {start}")


def _check_causes(
    sheet: Sheet[Row], column: str, causes: Mapping[str, str], known: Mapping[str, list[str]]
) -> None:
    for line, row in sheet:
        cause: str = getattr(row, column)
        word, colon, name = cause.partition(":")
        if not cause and column == "exit_cause":
            continue
        if word not in causes:
            what = f'{column}: "{cause}" is no cause{nearest(word, list(causes))}'
            raise sheet.fault(line, what)
        table = causes[word]
        if not colon and (not table or word in _BARE):
            continue
        if not table or name not in known[table]:
            near = nearest(name, known[table]) if table else ""
            raise sheet.fault(line, f'{column}: "{cause}" names nothing in the record{near}')


def _check_no_overlap(sheet: Sheet[Any], key: Callable[[Any], str]) -> None:
    ordered = sorted(sheet, key=lambda item: (key(item[1]), item[1].start))
    for name, group in groupby(ordered, key=lambda item: key(item[1])):
        for (_, before), (line, after) in pairwise(group):
            if before.end is None or before.end.earliest > after.start.latest:
                what = f"{name} begins again on {after.start} before the spell from {before.start}"
                raise sheet.fault(line, f"{what} has ended")


def _first(capabilities: Sheet[Any]) -> int:
    """First year of a record, as ``Tables.first``."""
    return min((row.year for _, row in capabilities), default=FIRST_YEAR)


def _check_cover(sheet: Sheet[Any], first_year: int) -> None:
    ordered = sorted(sheet, key=lambda item: (item[1].unit, item[1].start))
    for unit, group in groupby(ordered, key=lambda item: item[1].unit):
        spells = list(group)
        line, first = spells[0]
        if first.start.year > first_year:
            raise sheet.fault(line, f"nobody holds {unit} from {first_year} to {first.start}")
        for (_, before), (line, after) in pairwise(spells):
            if before.end != after.start:
                what = f"{unit} is held to {before.end or 'the end'} and then from {after.start}"
                raise sheet.fault(line, f"{what}; the dates must be the same")
        line, last = spells[-1]
        if last.end is not None:
            raise sheet.fault(line, f"nobody holds {unit} after {last.end}")


def _check_members(treaties: Sheet[Any], members: Sheet[Any]) -> None:
    by_id = {row.id: row for _, row in treaties}
    joined: dict[str, set[str]] = {}
    for line, row in members:
        treaty = by_id[row.treaty]
        joined.setdefault(row.treaty, set()).add(row.state)
        early = row.start.latest < treaty.start.earliest
        late = treaty.end and (row.end is None or row.end.earliest > treaty.end.latest)
        if early or late:
            what = f"{row.state} is a member from {row.start} to {row.end or 'the end'}, but"
            dates = f"{row.treaty} lasts from {treaty.start} to {treaty.end or 'the end'}"
            raise members.fault(line, f"{what} {dates}")
    for line, treaty in treaties:
        for founder in (treaty.founder_a, treaty.founder_b):
            if founder not in joined.get(treaty.id, set()):
                what = f"{treaty.id} has {founder} as founder, but members.csv does not have it"
                raise treaties.fault(line, what)


def _check_sides(wars: Sheet[Any], participants: Sheet[Any]) -> None:
    sides = {(row.war, row.state, row.side) for _, row in participants}
    for line, war in wars:
        for state, side in ((war.initiator, "A"), (war.target, "B")):
            if (war.id, state, side) not in sides:
                what = f"{war.id} needs {state} on side {side} in participants.csv"
                raise wars.fault(line, what)
