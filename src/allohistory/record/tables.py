"""The core record as typed tables: ``load()`` is the one way in."""

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from allohistory.record.checks import check
from allohistory.record.dates import FIRST_YEAR, LAST_YEAR, Day, stands, touches
from allohistory.record.reading import Folder, Sheet, read_sheet
from allohistory.record.rows import (
    NOBODY,
    Border,
    Capability,
    Capital,
    CivilWar,
    Departure,
    Dispute,
    Holding,
    Leader,
    Major,
    Member,
    Name,
    Participant,
    Regime,
    Rivalry,
    Settlement,
    Source,
    Spell,
    State,
    Treaty,
    Unit,
    War,
)

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "NOBODY",
    "Border",
    "Capability",
    "Capital",
    "CivilWar",
    "Day",
    "Departure",
    "Dispute",
    "Holding",
    "Leader",
    "Major",
    "Member",
    "Name",
    "Participant",
    "Regime",
    "Rivalry",
    "Settlement",
    "Source",
    "Spell",
    "State",
    "Tables",
    "Treaty",
    "Unit",
    "War",
    "load",
    "stands",
    "touches",
]

FILES: dict[str, tuple[str, type]] = {
    "states": ("states.csv", State),
    "names": ("names.csv", Name),
    "spells": ("spells.csv", Spell),
    "majors": ("majors.csv", Major),
    "capitals": ("capitals.csv", Capital),
    "units": ("units.csv", Unit),
    "borders": ("borders.csv", Border),
    "holdings": ("holdings.csv", Holding),
    "wars": ("wars.csv", War),
    "participants": ("participants.csv", Participant),
    "settlements": ("settlements.csv", Settlement),
    "civil_wars": ("civilwars.csv", CivilWar),
    "treaties": ("treaties.csv", Treaty),
    "members": ("members.csv", Member),
    "rivalries": ("rivalries.csv", Rivalry),
    "disputes": ("disputes.csv", Dispute),
    "capabilities": ("capability.csv", Capability),
    "regimes": ("regime.csv", Regime),
    "leaders": ("leaders.csv", Leader),
    "sources": ("sources.csv", Source),
    "departures": ("departures.csv", Departure),
}


@dataclass(frozen=True, eq=False)
class Tables:
    """
    Every table of a record, rows in the order of the files.

    Two records are equal only if they are the same object, so they may serve as keys of a cache.
    """

    states: tuple[State, ...]
    names: tuple[Name, ...]
    spells: tuple[Spell, ...]
    majors: tuple[Major, ...]
    capitals: tuple[Capital, ...]
    units: tuple[Unit, ...]
    borders: tuple[Border, ...]
    holdings: tuple[Holding, ...]
    wars: tuple[War, ...]
    participants: tuple[Participant, ...]
    settlements: tuple[Settlement, ...]
    civil_wars: tuple[CivilWar, ...]
    treaties: tuple[Treaty, ...]
    members: tuple[Member, ...]
    rivalries: tuple[Rivalry, ...]
    disputes: tuple[Dispute, ...]
    capabilities: tuple[Capability, ...]
    regimes: tuple[Regime, ...]
    leaders: tuple[Leader, ...]
    sources: tuple[Source, ...]
    departures: tuple[Departure, ...]

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Travel as the name of the folder: what is worked out of a record is kept by object."""
        home = self.__dict__.get("home", self)
        return object.__reduce__(self) if home is self else (_load, (home,))

    @cached_property
    def first(self) -> int:
        """First year of the record: its earliest benchmark of capability."""
        return min((row.year for row in self.capabilities), default=FIRST_YEAR)

    @property
    def last(self) -> int:
        """Last year of the record."""
        return LAST_YEAR

    @cached_property
    def covered(self) -> int:
        """
        Last year that every table covers.

        Something is disputed in every year, and disputes are coded no further than their source
        goes: the years after it hold no dispute because nobody looked.
        """
        return min(self.last, max((row.year for row in self.disputes), default=self.last))

    @cached_property
    def state_of(self) -> dict[str, State]:
        """States by id."""
        return {row.id: row for row in self.states}

    @cached_property
    def war_of(self) -> dict[str, War]:
        """Wars by id."""
        return {row.id: row for row in self.wars}

    @cached_property
    def treaty_of(self) -> dict[str, Treaty]:
        """Treaties by id."""
        return {row.id: row for row in self.treaties}

    @cached_property
    def unit_of(self) -> dict[str, Unit]:
        """Units by id."""
        return {row.unit: row for row in self.units}

    @cached_property
    def members_of(self) -> dict[str, tuple[Member, ...]]:
        """Rows of members by treaty."""
        rows: dict[str, tuple[Member, ...]] = {row.id: () for row in self.treaties}
        for row in self.members:
            rows[row.treaty] += (row,)
        return rows

    @cached_property
    def participants_of(self) -> dict[str, tuple[Participant, ...]]:
        """Rows of participants by war."""
        rows: dict[str, tuple[Participant, ...]] = {row.id: () for row in self.wars}
        for row in self.participants:
            rows[row.war] += (row,)
        return rows

    @cached_property
    def spells_of(self) -> dict[str, tuple[Spell, ...]]:
        """Spells of membership by state."""
        rows: dict[str, tuple[Spell, ...]] = {row.id: () for row in self.states}
        for row in self.spells:
            rows[row.id] += (row,)
        return rows


def load(folder: Path | None = None) -> Tables:
    """
    Read and check a record.

    Parameters
    ----------
    folder : path, optional
        Where its tables are; the core record of the package without it.

    Returns
    -------
    Tables
        The same object on every call with the same folder.

    Raises
    ------
    RecordError
        At the first row that is wrong, naming file and line.
    """
    return _load(folder)


@cache
def _load(folder: Path | None) -> Tables:
    place: Folder = files("allohistory.record").joinpath("core") if folder is None else folder
    sheets: dict[str, Sheet[Any]] = {
        table: read_sheet(place, file, kind) for table, (file, kind) in FILES.items()
    }
    check(sheets)
    tables = Tables(**{table: sheet.rows for table, sheet in sheets.items()})
    tables.__dict__["home"] = folder
    return tables
