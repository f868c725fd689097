"""The pieces of a page, so that terminal and Markdown show the same content."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the headline."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; `quiet` for captions and other small print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; cells of a `firm` one are never wrapped, those of a `plot` one line up."""

    name: str
    right: bool = False
    firm: bool = False
    plot: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; a line break in a cell is kept; `marked` rows stand out where a page has colour."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows)


Block: TypeAlias = Heading | Prose | Bullets | Grid
