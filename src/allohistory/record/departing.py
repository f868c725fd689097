"""
Which disagreements with the published tables have a reason in the record.

A reason is the note of the row at stake, where it speaks of the published tables or of COW, or a
row of ``departures.csv``. Its key names what
departs: states (``JPN``, ``CHN-JPN``, ``GRC-*``) or a treaty or war by id, then, after a space, a
year or ``1939-1945``; without years it holds always. Several keys may be joined by ``;``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allohistory.errors import RecordError
from allohistory.record.published import pair
from allohistory.record.tables import FIRST_YEAR, LAST_YEAR, Departure, Tables

ANY = "*"


@dataclass(frozen=True, slots=True)
class Exemption:
    """One key of a departure: what it names, and from when to when."""

    family: str
    what: str
    first: int
    last: int
    reason: str

    def covers(self, names: Iterable[str], year: int | None) -> bool:
        """Whether it names one of the names and holds in the year."""
        in_time = year is None or self.first <= year <= self.last
        return in_time and self.what in names


def exemptions(tables: Tables, family: str) -> tuple[Exemption, ...]:
    """
    The departures of a family, one for each key.

    Parameters
    ----------
    tables : Tables
        The record.
    family : str
        As in ``departures.csv``.

    Returns
    -------
    tuple of Exemption
        In the order of the file.

    Raises
    ------
    RecordError
        A key cannot be read.
    """
    return tuple(
        _read(row, key.strip())
        for row in tables.departures
        if row.family == family
        for key in row.key.split(";")
    )


def tells(note: str) -> bool:
    """
    Whether a note says how its row departs, and not only what the row is.

    Examples
    --------
    >>> tells("Ends in 1941; the published tables stop in 1940."), tells("Secret until 1919.")
    (True, False)
    """
    return "published" in note or "COW" in note


def names_of_pair(a: str, b: str) -> tuple[str, ...]:
    """Every way in which a key can name a pair."""
    low, high = pair(a, b)
    return f"{low}-{high}", f"{low}-{ANY}", f"{high}-{ANY}"


def _read(row: Departure, key: str) -> Exemption:
    what, _, years = key.partition(" ")
    first, _, last = years.partition("-")
    try:
        begin = int(first) if first else FIRST_YEAR
        end = int(last or first) if years else LAST_YEAR
    except ValueError:
        message = f'"{key}" is no key of a departure; write "CHN-JPN 1931-1945"'
        raise RecordError(message, "departures.csv") from None
    parts = what.split("-")
    if len(parts) == 2 and ANY not in parts and all(part.isupper() for part in parts):
        what = "-".join(pair(*parts))
    return Exemption(row.family, what, begin, end, row.reason)
