"""Who is next to whom, derived from who holds which unit and which units touch."""

from dataclasses import dataclass
from functools import cache

from allohistory.record.tables import NOBODY, Holding, Tables, stands
from allohistory.vocab import Status

_KINDS = ("land", "strait", "sea")
_WORDS = {"land": "by land", "strait": "across a strait", "sea": "across a sea"}


@dataclass(frozen=True, slots=True)
class Contact:
    """
    How two states touch: the closest border between homelands, and the closest of any other.

    Parameters
    ----------
    home : str
        ``land``, ``strait``, ``sea``, or nothing where no home units touch.
    dependency : str
        The same for borders where one of the two units, or both, is not home.
    """

    home: str = ""
    dependency: str = ""

    @property
    def words(self) -> str:
        """The contact as a reader would put it."""
        parts = [_WORDS[self.home]] if self.home else []
        if self.dependency:
            parts.append(f"{_WORDS[self.dependency]} through dependencies")
        return ", ".join(parts)


@cache
def owners(tables: Tables, year: int) -> dict[str, Holding]:
    """
    The holding of every unit on 31 December of a year.

    Parameters
    ----------
    tables : Tables
        The record.
    year : int
        Year from 1860.

    Returns
    -------
    dict of str to Holding
        By unit.
    """
    return {row.unit: row for row in tables.holdings if stands(row, year)}


@cache
def contacts(tables: Tables, year: int) -> dict[tuple[str, str], Contact]:
    """
    How every pair of states touches on 31 December of a year.

    Parameters
    ----------
    tables : Tables
        The record.
    year : int
        Year from 1860.

    Returns
    -------
    dict of pair to Contact
        Pairs in the order of the alphabet.
    """
    held = owners(tables, year)
    closest: dict[tuple[str, str], dict[bool, str]] = {}
    for border in tables.borders:
        first, second = held[border.a], held[border.b]
        if NOBODY in {first.owner, second.owner} or first.owner == second.owner:
            continue
        low, high = sorted((first.owner, second.owner))
        kinds = closest.setdefault((low, high), {})
        at_home = first.status is Status.HOME and second.status is Status.HOME
        kinds[at_home] = min(border.kind, kinds.get(at_home, border.kind), key=_KINDS.index)
    return {
        pair: Contact(kinds.get(True, ""), kinds.get(False, "")) for pair, kinds in closest.items()
    }
