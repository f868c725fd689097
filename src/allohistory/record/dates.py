"""Dates known to the day, the month or only the year, and the spells between them."""

import re
from dataclasses import dataclass
from typing import Protocol, Self

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_YEAR = 1860
"""First year of the core record; that of any record is ``Tables.first``."""
LAST_YEAR = 2016


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """
    A date as the record knows it; month and day are 0 where they are not known.

    Parameters
    ----------
    year : int
        Year of our era.
    month, day : int
        Counted from 1; 0 where not known. Ordered as numbers, so "1902" stands before
        "1902-01-30"; compare `earliest` and `latest` where that matters.

    Examples
    --------
    >>> Day.read("1902-01-30") < Day.read("1923-08")
    True
    >>> str(Day.read("1923-08"))
    '1923-08'
    """

    year: int
    month: int = 0
    day: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """Date of ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; raises ValueError for anything else."""
        match = _FORM.fullmatch(text)
        if match is None:
            msg = f'"{text}" is no date; write YYYY-MM-DD, YYYY-MM or YYYY'
            raise ValueError(msg)
        year, month, day = (int(part) if part is not None else None for part in match.groups())
        if month is not None and not 1 <= month <= len(_MONTH_DAYS):
            msg = f'"{text}" has no month {month}'
            raise ValueError(msg)
        if month is not None and day is not None and not 1 <= day <= _MONTH_DAYS[month - 1]:
            msg = f'"{text}" has no day {day}'
            raise ValueError(msg)
        return cls(year or 0, month or 0, day or 0)

    @property
    def earliest(self) -> tuple[int, int, int]:
        """The first day it can be."""
        return self.year, self.month or 1, self.day or 1

    @property
    def latest(self) -> tuple[int, int, int]:
        """The last day it can be."""
        return self.year, self.month or 12, self.day or 31

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
        if self.day:
            text += f"-{self.day:02}"
        return text


class Lasting(Protocol):
    """Anything that lasts from a day to a day, or on."""

    @property
    def start(self) -> Day:
        """First day."""

    @property
    def end(self) -> Day | None:
        """Last day; None where it lasted beyond 2016."""


def stands(spell: Lasting, year: int) -> bool:
    """
    Whether a spell covers 31 December of a year: the convention of stocks.

    A spell that ends in a year, even on its last day, no longer stands at its end.
    """
    return spell.start.year <= year and (spell.end is None or spell.end.year > year)


def touches(spell: Lasting, year: int) -> bool:
    """Whether a spell covers any day of a year: the convention of the published tables."""
    return spell.start.year <= year and (spell.end is None or spell.end.year >= year)
