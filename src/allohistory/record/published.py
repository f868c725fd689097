"""
The published tables in the ids of the record, for comparison only.

The one module that reads them: polars is imported when a table is asked for, and everything it
returns is plain Python, so that the comparisons need to know nothing of it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from allohistory.errors import RecordError
from allohistory.record.dates import FIRST_YEAR, LAST_YEAR
from allohistory.record.tables import Tables

DyadYear = tuple[str, str, int]
StateYear = tuple[str, int]
FORCE = 4
"""Level of hostility from which the published lists speak of the use of force."""


def data_folder() -> Path | None:
    """
    Folder of the published tables, or None where they are not at hand.

    Returns
    -------
    Path or None
        What the environment variable ``ALLOHISTORY_DATA`` names, else ``shared/data`` beside
        the repository.

    Raises
    ------
    RecordError
        The variable names no folder.
    """
    given = os.environ.get("ALLOHISTORY_DATA")
    if given:
        folder = Path(given)
        if not folder.is_dir():
            raise RecordError(f'ALLOHISTORY_DATA names "{given}", which is no folder')
        return folder
    folder = Path(__file__).resolve().parents[4] / "shared" / "data"
    return folder if folder.is_dir() else None


def pair(a: str, b: str) -> tuple[str, str]:
    """Two ids in the order of the alphabet."""
    return (a, b) if a < b else (b, a)


@dataclass(frozen=True, eq=False)
class Published:
    """
    The published tables.

    Parameters
    ----------
    folder : Path
        Where the Parquet files are.
    tables : Tables
        The record whose ids to use.
    """

    folder: Path
    tables: Tables

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """
        Rows of a table, reduced to some columns.

        Parameters
        ----------
        table : str
            Its name without ending.
        columns : str
            The columns wanted.

        Returns
        -------
        iterator of tuple
            Missing values are None.
        """
        try:
            import polars  # noqa: PLC0415, ICN001 - heavy, and at hand only with the extra "check"
        except ImportError:
            what = 'the published tables need polars: pip install "allohistory[check]"'
            raise RecordError(what) from None
        file = self.folder / f"{table}.parquet"
        if not file.is_file():
            raise RecordError("the published table is missing", str(file))
        return iter(polars.read_parquet(file, columns=list(columns)).select(columns).rows())

    @cached_property
    def ids(self) -> dict[int, str]:
        """Our id of each COW code that the record has."""
        return {code: state.id for state in self.tables.states for code in state.cow}

    def state_years(self) -> set[StateYear]:
        """
        Years in which the published list has a state on any day.

        Returns
        -------
        set of (id, year)
            1860 to 2016.
        """
        return {
            (self.ids[code], year)
            for code, start, end in self.rows("cow_states", "ccode", "styear", "endyear")
            if code in self.ids
            for year in _years(start, end)
        }

    def pledges(self) -> tuple[set[DyadYear], set[DyadYear]]:
        """
        Allied dyad-years of ATOP.

        Returns
        -------
        tuple of two sets of (a, b, year)
            With a defense pledge by either side, and with any pledge.
        """
        defense: set[DyadYear] = set()
        any_pledge: set[DyadYear] = set()
        columns = ("defense", "offense", "neutral", "nonagg", "consul")
        for one, two, year, *pledges in self.rows(
            "atop_alliance", "ccode1", "ccode2", "year", *(f"atop_{word}" for word in columns)
        ):
            if one in self.ids and two in self.ids and FIRST_YEAR <= year <= LAST_YEAR:
                key = (*pair(self.ids[one], self.ids[two]), year)
                if any(pledges):
                    any_pledge.add(key)
                if pledges[0]:
                    defense.add(key)
        return defense, any_pledge

    def wars(self) -> dict[int, tuple[str, dict[tuple[str, int], tuple[int, int]]]]:
        """
        Wars that began in or after 1860, with the participants the record knows.

        Returns
        -------
        dict of COW number to (name, {(id, side): (first year, last year)})
            Only wars with states of the record on both sides.
        """
        found: dict[int, tuple[str, dict[tuple[str, int], tuple[int, int]]]] = {}
        columns = ("WarNum", "WarName", "ccode", "Side", "StartYear1", "EndYear1", "EndYear2")
        for number, name, code, side, start, end, again in self.rows(
            "cow_war_inter_part", *columns
        ):
            if code in self.ids and max(end, again or end) >= FIRST_YEAR:
                sides = found.setdefault(number, (name, {}))[1]
                sides[self.ids[code], side] = (start, again if again and again > end else end)
        return {
            number: (name, sides)
            for number, (name, sides) in found.items()
            if len({side for _, side in sides}) > 1
        }

    def rivalries(self) -> set[DyadYear]:
        """
        Dyad-years of rivalry of Thompson, Sakuwa and Suhas.

        Returns
        -------
        set of (a, b, year)
            1860 to 2016.
        """
        return {
            (*pair(self.ids[one], self.ids[two]), year)
            for one, two, start, end in self.rows(
                "tss_rivalries", "ccode1", "ccode2", "start", "end"
            )
            if one in self.ids and two in self.ids
            for year in _years(start, end)
        }

    def neighbours(self) -> tuple[set[DyadYear], set[DyadYear], set[DyadYear]]:
        """
        Dyads that touch on 31 December: by land, by land or water, and through dependencies.

        Returns
        -------
        tuple of three sets of (a, b, year)
            1860 to 2016; of contact through dependencies only the years are known, and the last
            of them counts.
        """
        land: set[DyadYear] = set()
        home: set[DyadYear] = set()
        through: set[DyadYear] = set()
        for one, two, kind, start, end in self.rows(
            "cow_contdir", "ccode1", "ccode2", "conttype", "stdate", "enddate"
        ):
            if one in self.ids and two in self.ids and kind:
                last = end.year if end.year >= LAST_YEAR else end.year - 1
                for year in _years(start.year, last):
                    key = (*pair(self.ids[one], self.ids[two]), year)
                    home.add(key)
                    if kind == 1:
                        land.add(key)
        for one, two, start, end in self.rows(
            "cow_contcol", "statelno", "statehno", "begin", "end"
        ):
            if one in self.ids and two in self.ids and self.ids[one] != self.ids[two]:
                for year in _years(start, end):
                    through.add((*pair(self.ids[one], self.ids[two]), year))
        return land, home, through

    def disputes(self) -> tuple[set[DyadYear], set[DyadYear]]:
        """
        Dyad-years in which a dispute began, by the lists of COW and of Gibler, Miller and Little.

        Returns
        -------
        tuple of two sets of (a, b, year)
            With use of force in both lists, and at any level in either.
        """
        forced: list[set[DyadYear]] = []
        every: set[DyadYear] = set()
        for table, onset, level in (
            ("cow_mid_dirdisps", "disponset", "hostlev1"),
            ("gml_dirdisp", "midonset", "hostlev"),
        ):
            force: set[DyadYear] = set()
            for one, two, year, began, height in self.rows(
                table, "ccode1", "ccode2", "year", onset, level
            ):
                if one in self.ids and two in self.ids and began and year >= FIRST_YEAR:
                    key = (*pair(self.ids[one], self.ids[two]), year)
                    every.add(key)
                    if height is not None and height >= FORCE:
                        force.add(key)
            forced.append(force)
        return forced[0] & forced[1], every

    def figures(self, table: str, column: str) -> dict[StateYear, float]:
        """
        A yearly figure of states.

        Parameters
        ----------
        table, column : str
            Where it stands; the table has columns ``ccode`` and ``year``.

        Returns
        -------
        dict of (id, year) to float
            Without the missing ones.
        """
        return {
            (self.ids[code], year): float(value)
            for code, year, value in self.rows(table, "ccode", "year", column)
            if code in self.ids and value is not None
        }

    def leaders(self) -> dict[StateYear, set[str]]:
        """
        Names of the leaders that Archigos has on any day of a year.

        Returns
        -------
        dict of (id, year) to set of str
            By our id, through the codes of Gleditsch and Ward.
        """
        ids = {
            (code, year): self.ids[cow]
            for code, year, cow in self.rows("gw_cw_panel", "gwcode", "year", "ccode")
            if cow in self.ids
        }
        found: dict[StateYear, set[str]] = {}
        for code, name, start, end in self.rows(
            "archigos", "gwcode", "leader", "startdate", "enddate"
        ):
            for year in _years(start.year, end.year):
                if (code, year) in ids:
                    found.setdefault((ids[code, year], year), set()).add(name)
        return found


def _years(start: int, end: int) -> range:
    return range(max(start, FIRST_YEAR), min(end, LAST_YEAR) + 1)
