"""The shapes a map is made of: today's borders from the package, or a reader's own by year."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Shape:
    """
    One shape of a map.

    Attributes
    ----------
    unit : str
        Unit of the record it belongs to; empty for land that the record does not follow.
    name : str
    path : str
        SVG path in the units of `equal_earth`; empty for a place too small to draw.
    dot : (int, int) or None
        Where to mark what is too small to see.
    zone : bool
        Whether it is a schematic part of a country of today.
    first, last : int or None
        Years in which the shape is shown; None for all. This is how borders of an era come in:
        one shape for each unit and spell.
    """

    unit: str
    name: str
    path: str
    dot: tuple[int, int] | None = None
    zone: bool = False
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """
    A whole map.

    Attributes
    ----------
    width, height : int
    outline, graticule : str
        SVG paths.
    source : str
    shapes : tuple of Shape
    note : str
        What is said below the map of its borders.
    citation : str
        Of a map that is not the package's own.
    """

    width: int
    height: int
    outline: str
    graticule: str
    source: str
    shapes: tuple[Shape, ...]
    note: str = ""
    citation: str = ""


TODAY = (
    "Borders are today's (Natural Earth, public domain), not those of the year; lines inside a "
    "country are schematic and follow the record's units of land."
)


@cache
def today() -> World:
    """
    Read the map of the package: countries of today, divided where units of the record need it.

    ``scripts/world_map.py`` made it from Natural Earth (public domain).
    """
    text = files("allohistory.answer.report").joinpath("world.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    shapes = tuple(
        Shape(
            s["unit"],
            s["name"],
            s["d"],
            (s["dot"][0], s["dot"][1]) if "dot" in s else None,
            zone="zone" in s,
        )
        for s in raw["shapes"]
    )
    return World(
        raw["width"], raw["height"], raw["outline"], raw["graticule"], raw["source"], shapes, TODAY
    )
