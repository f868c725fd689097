"""From what a reader writes to the id of a state, war, treaty, leader or unit, and back."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from allohistory.errors import RecordError, UnknownNameError
from allohistory.record.tables import Name, Spell, Tables, load, touches

_NEAREST = 3
_LAST = 9999
# What a reader expects to read in a year: the last year in which each name is right.
_ERAS: dict[str, tuple[tuple[int, str], ...]] = {
    "AUH": ((1866, "Austria"), (_LAST, "Austria-Hungary")),
    "CHN": ((_LAST, "China"),),
    "CZE": ((1992, "Czechoslovakia"), (_LAST, "Czech Republic")),
    "DRV": ((1944, "Vietnam"), (1975, "North Vietnam"), (_LAST, "Vietnam")),
    "GMY": ((1870, "Prussia"), (1948, "Germany"), (1990, "West Germany"), (_LAST, "Germany")),
    "IRN": ((1934, "Persia"), (_LAST, "Iran")),
    "ITA": ((1860, "Sardinia"), (_LAST, "Italy")),
    "KOR": ((_LAST, "Korea"),),
    "MAL": ((1962, "Malaya"), (_LAST, "Malaysia")),
    "MYA": ((1988, "Burma"), (_LAST, "Myanmar")),
    "RUS": ((1921, "Russia"), (1991, "Soviet Union"), (_LAST, "Russia")),
    "SAU": ((1931, "Hejaz and Nejd"), (_LAST, "Saudi Arabia")),
    "THI": ((1938, "Siam"), (_LAST, "Thailand")),
    "TUR": ((1922, "Ottoman Empire"), (_LAST, "Turkey")),
    "UKG": ((_LAST, "Britain"),),
    "YUG": ((1917, "Serbia"), (2002, "Yugoslavia"), (_LAST, "Serbia")),
}
_ARTICLE = {
    "Ottoman Empire",
    "Soviet Union",
    "United States",
    "Netherlands",
    "Philippines",
    "Czech Republic",
}


def fold(text: str) -> str:
    """
    A name without what readers spell differently: case, accents, dots, hyphens, "the".

    Examples
    --------
    >>> fold("The Franco-Prussian  War (1870)"), fold("Côte d'Azur"), fold("U.S.S.R.")
    ('franco prussian war 1870', 'cote dazur', 'ussr')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = re.sub(r"[.'\u2019]", "", plain)
    plain = " ".join(re.sub(r"[^\w]+|_", " ", plain).split())
    return plain.removeprefix("the ") or plain


def find_state(text: str, year: int | None = None, tables: Tables | None = None) -> str:
    """
    Id of a state from a name of any era, a COW abbreviation or code, or an ISO-3 code.

    Parameters
    ----------
    text : str
        What the reader wrote; where COW and ISO disagree ("AUS"), COW wins.
    year : int, optional
        Decides between states that bore a name at different times ("Austria").
    tables : Tables, optional
        The record; the core record without it.

    Returns
    -------
    str
        The id. Whether the state was there in that year is for `require_member` to say.

    Raises
    ------
    UnknownNameError
        Nothing is called that; names the nearest.

    Examples
    --------
    >>> find_state("Manchu China"), find_state("ussr"), find_state("740"), find_state("DEU")
    ('CHN', 'RUS', 'JPN', 'GMY')
    >>> find_state("Austria", 1900), find_state("Austria", 1930)
    ('AUH', 'AUS')
    """
    tables = tables or load()
    key = fold(text)
    code = _state_codes(tables).get(key)
    if code is not None:
        return code
    rows = _state_names(tables).get(key, ())
    if year is not None:
        rows = tuple(row for row in rows if touches(row, year)) or rows
    if not rows:
        raise UnknownNameError(text, _near(key, _state_spellings(tables)), "state")
    return max(rows, key=lambda row: (row.end is None, row.start)).id


def find_war(text: str, tables: Tables | None = None) -> str:
    """
    Id of a war from its id, name, alias or COW number.

    Examples
    --------
    >>> find_war("Russo-Japanese War")
    'russo-japanese-war'
    """
    return _find(text, "war", *_war_index(tables or load()))


def find_treaty(text: str, tables: Tables | None = None) -> str:
    """
    Id of a treaty from its id, name or alias.

    Examples
    --------
    >>> find_treaty("Rio Treaty") == find_treaty("TIAR")
    True
    """
    return _find(text, "treaty", *_treaty_index(tables or load()))


def find_unit(text: str, tables: Tables | None = None) -> str:
    """
    Id of a unit of land from its id or name.

    Examples
    --------
    >>> find_unit("great britain and northern ireland")
    'GBR'
    """
    return _find(text, "unit", *_unit_index(tables or load()))


def find_leader(text: str, state: str | None = None, tables: Tables | None = None) -> str:
    """
    Id of a leader, ``STATE:Name``, from the full name or a part of it that only one bears.

    Parameters
    ----------
    text : str
        "Winston Churchill", "churchill", or the id itself.
    state : str, optional
        Id of the state that he or she led.
    tables : Tables, optional
        The record; the core record without it.

    Examples
    --------
    >>> find_leader("bismarck")
    'GMY:Otto von Bismarck'
    """
    tables = tables or load()
    leaders = {
        f"{row.id}:{row.name}": row.name for row in tables.leaders if state in {None, row.id}
    }
    full: dict[str, list[str]] = {}
    part: dict[str, list[str]] = {}
    for leader, name in leaders.items():
        for spelling in {fold(leader), fold(name)}:
            full.setdefault(spelling, []).append(leader)
        words = fold(name).split()
        for spelling in {" ".join(words[i:]) for i in range(1, len(words))} | {words[0]}:
            part.setdefault(spelling, []).append(leader)
    return _find(text, "leader", full, part, leaders)


def require_member(state: str, year: int, tables: Tables | None = None) -> None:
    """
    Raise if a state is not in the system on any day of a year, saying when it is.

    Parameters
    ----------
    state : str
        Id of a state.
    year : int
        The year asked for.
    tables : Tables, optional
        The record; the core record without it.

    Raises
    ------
    RecordError
        The state is not there in that year.
    """
    tables = tables or load()
    spells = tables.spells_of.get(state)
    if spells is None:
        raise UnknownNameError(state, _near(fold(state), _state_spellings(tables)), "state")
    if not any(touches(spell, year) for spell in spells):
        when = " and ".join(_years(spell) for spell in spells)
        name = display(state, year, tables)
        raise RecordError(f"{name} ({state}) is not in the state system in {year}, only {when}")


def display(state: str, year: int, tables: Tables | None = None) -> str:
    """
    The name a reader expects for a state in a year.

    Examples
    --------
    >>> display("RUS", 1900), display("RUS", 1950), display("GMY", 1866), display("UKG", 1914)
    ('Russia', 'Soviet Union', 'Prussia', 'Britain')
    """
    tables = tables or load()
    if state not in tables.state_of:
        raise UnknownNameError(state, _near(fold(state), _state_spellings(tables)), "state")
    for last, name in _ERAS.get(state, ()):
        if year <= last:
            return name
    return tables.state_of[state].name


def called(state: str, year: int, tables: Tables | None = None) -> str:
    """
    Name of a state in a year as it stands in a sentence.

    Examples
    --------
    >>> called("RUS", 1950), called("JPN", 1950)
    ('the Soviet Union', 'Japan')
    """
    name = display(state, year, tables)
    return f"the {name}" if name in _ARTICLE else name


def _years(spell: Spell) -> str:
    if spell.end is None:
        return f"from {spell.start.year}"
    return f"from {spell.start.year} to {spell.end.year}"


def _find(
    text: str,
    kind: str,
    best: Mapping[str, list[str]],
    other: Mapping[str, list[str]],
    shown: Mapping[str, str],
) -> str:
    """The only id of a spelling, among names first and aliases then."""
    key = fold(text)
    for index in (best, other):
        found = index.get(key, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownNameError(text, found, f"single {kind}")
    spellings = {key: shown[ids[0]] for index in (other, best) for key, ids in index.items()}
    raise UnknownNameError(text, _near(key, spellings), kind)


def _near(key: str, shown: Mapping[str, str]) -> list[str]:
    """Names as the tables write them, nearest first, each once."""
    close = difflib.get_close_matches(key, shown, n=2 * _NEAREST, cutoff=0.5)
    return list(dict.fromkeys(shown[spelling] for spelling in close))[:_NEAREST]


Index = tuple[Mapping[str, list[str]], Mapping[str, list[str]], Mapping[str, str]]


def _index(rows: Iterable[tuple[str, str, tuple[str, ...]]]) -> Index:
    """Ids by folded id and name, ids by folded alias, and the name of each id."""
    best: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    shown: dict[str, str] = {}
    for row, name, aliases in rows:
        shown[row] = name
        for spelling in {fold(row), fold(name)}:
            best.setdefault(spelling, []).append(row)
        for spelling in {fold(alias) for alias in aliases}:
            other.setdefault(spelling, []).append(row)
    return best, other, shown


def _brackets(name: str) -> tuple[str, ...]:
    """What stands in and before brackets at the end of a name: both are names of their own."""
    before, opened, inside = name.removesuffix(")").partition(" (")
    return tuple(part for part in (before, inside) if opened and not part.isdigit())


@cache
def _war_index(tables: Tables) -> Index:
    numbers = {row.id: tuple(str(code) for code in row.cow) for row in tables.wars}
    return _index((row.id, row.name, row.aliases + numbers[row.id]) for row in tables.wars)


@cache
def _treaty_index(tables: Tables) -> Index:
    return _index((row.id, row.name, row.aliases + _brackets(row.name)) for row in tables.treaties)


@cache
def _unit_index(tables: Tables) -> Index:
    return _index((row.unit, row.name, ()) for row in tables.units)


@cache
def _state_codes(tables: Tables) -> dict[str, str]:
    codes = {fold(code): row.id for row in tables.states for code in row.iso3}
    codes |= {str(code): row.id for row in tables.states for code in row.cow}
    return codes | {fold(row.id): row.id for row in tables.states}


@cache
def _state_names(tables: Tables) -> dict[str, tuple[Name, ...]]:
    names: dict[str, tuple[Name, ...]] = {}
    for row in tables.names:
        key = fold(row.name)
        names[key] = (*names.get(key, ()), row)
    return names


@cache
def _state_spellings(tables: Tables) -> dict[str, str]:
    names = {key: rows[0].name for key, rows in _state_names(tables).items()}
    return {code: row for code, row in _state_codes(tables).items() if code.isalpha()} | names
