"""
The map in borders of the time, from a reader's own file of CShapes 2.0.

Each land of the file stands for a unit of the record and has the colours of who holds that unit:
the home of the state with the land's code, else of the units that lie in it the one with most
people, else the one nearest to the capital. Other units in it are dots, where another holds them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from allohistory.answer.report import equal_earth as ee
from allohistory.answer.report.features import CITATION, Feature, Ring
from allohistory.answer.report.scene import WORLDS, Scene, scene_of
from allohistory.answer.report.shapes import Shape, World, today
from allohistory.answer.report.simplify import Network, Point
from allohistory.record.rows import Unit
from allohistory.record.tables import load

MOST, FINE = 150_000, 1_000_000
"""Bytes that borders may take: of a page, about as many as the package's; of a file of its own."""
TAG = 95
"""Bytes of a shape's element beside its path."""
STEPS = tuple(1.3**n for n in range(18))
"""Tolerances tried, in units of the map."""
KILOMETRES = 3.45
"""Of a unit of the map along the equator."""
SPECK = 34
"""Extent below which land has a dot as well."""
CLOSE = 0.5
"""Degrees within which a unit is taken for the one at a capital."""
FACING = {484: "COG", 490: "COD"}
"""Units whose capitals face each other across a river: places cannot tell them apart."""
Rings = list[list[Point]]


def borders(features: Sequence[Feature], answer: dict[str, Any], most: int = MOST) -> World | None:
    """
    Make the map of an answer from borders of the time.

    Parameters
    ----------
    features : sequence of Feature
    answer : dict
        See `allohistory.answer`.
    most : int
        Bytes of all shapes; borders are simplified until they take no more.

    Returns
    -------
    World or None
        None for an answer that has no atlas to be drawn. Before and after the years of the file its
        first and last borders are shown, and the map's note says so.
    """
    kept = (answer.get("atlas"), *(answer.get("atlases") or {}).values())
    scenes = [scene for atlas in kept if (scene := scene_of({"atlas": atlas}))]
    if not scenes or not features:
        return None
    span = (
        min(scene.atlas["from"] for scene in scenes),
        max(scene.atlas["to"] for scene in scenes),
    )
    told = (min(f.first for f in features), max(f.last for f in features))
    shown = [_within(f, told, span) for f in features]
    lands = [_Land(f, *_units(f)) for f in shown if f.first <= span[1] and span[0] <= f.last]
    shapes, tolerance = _drawn(lands, span, most)
    dots = _dots(lands, scenes, span)
    now = today()
    return World(
        now.width, now.height, now.outline, now.graticule, "CShapes 2.0",
        (*shapes, *dots), _note(lands, tolerance, told, span), CITATION,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Land:
    """A feature, the unit it stands for (or empty) and the other units that lie in it."""

    feature: Feature
    unit: str
    others: tuple[Unit, ...]


def _within(f: Feature, told: tuple[int, int], span: tuple[int, int]) -> Feature:
    """Show what was first and last in the file in years before and after it, too."""
    first = min(f.first, span[0]) if f.first == told[0] else f.first
    last = max(f.last, span[1]) if f.last == told[1] else f.last
    return replace(f, first=first, last=last)


def _units(f: Feature) -> tuple[str, tuple[Unit, ...]]:
    tables = load()
    inside = [u for u, there in zip(tables.units, _inside(f), strict=True) if there]
    home = next((s.home for s in tables.states if f.code in s.cow), FACING.get(f.code, ""))
    if not home and inside:
        home = max(inside, key=lambda u: (u.pop, u.unit)).unit
    elif not home and f.capital:
        lon, lat = f.capital
        near = min(tables.units, key=lambda u: (u.lon - lon) ** 2 + (u.lat - lat) ** 2)
        if abs(near.lon - lon) <= CLOSE and abs(near.lat - lat) <= CLOSE:
            home = near.unit
    return home, tuple(u for u in inside if u.unit != home)


def _inside(f: Feature) -> Iterable[bool]:
    """Whether each unit's place lies in a feature: an odd number of borders east of it."""
    units = load().units
    lon, lat = np.array([u.lon for u in units]), np.array([u.lat for u in units])
    crossed = np.zeros(len(units), np.int64)
    for rings in f.polygons:
        outer = np.array(rings[0])
        (west, south), (east, north) = outer.min(axis=0), outer.max(axis=0)
        here = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        for ring in rings if len(here) else ():
            x, y = np.array(ring).T
            x1, y1 = np.roll(x, -1), np.roll(y, -1)
            for k in here.tolist():
                cut = (y > lat[k]) != (y1 > lat[k])
                at = x[cut] + (lat[k] - y[cut]) / (y1[cut] - y[cut]) * (x1[cut] - x[cut])
                crossed[k] += int((at > lon[k]).sum())
    return [n % 2 == 1 for n in crossed.tolist()]


class _Projector:
    """Places of points on the map, each worked out once: neighbours and spells share most."""

    def __init__(self) -> None:
        self.known: dict[tuple[float, float], Point] = {}

    def ring(self, ring: Ring) -> list[Point]:
        """Points of a ring, which may run a little over the map's edge but never jumps to it."""
        out: list[Point] = []
        before = ee.turned(ring[0][0])
        for lon, lat in ring:
            now = before + (lon - ee.CENTRE - before + 180.0) % 360.0 - 180.0
            before = now
            key = (round(now, 6), lat)
            if key not in self.known:
                x, y = ee.place_turned(now, min(max(lat, ee.SOUTH), ee.NORTH))
                self.known[key] = (round(x), round(y))
            if not out or out[-1] != self.known[key]:
                out.append(self.known[key])
        while len(out) > 1 and out[0] == out[-1]:
            out.pop()
        return out


def _drawn(lands: Sequence[_Land], span: tuple[int, int], most: int) -> tuple[list[Shape], float]:
    """Shapes of all lands, simplified until they fit the page, and the tolerance that takes."""
    project = _Projector()
    placed = [[[project.ring(r) for r in rings] for rings in x.feature.polygons] for x in lands]
    network = Network(r for polygons in placed for rings in polygons for r in rings if len(r) > 2)
    shapes: list[Shape] = []
    for tolerance in STEPS:
        network.loosen(tolerance)
        shapes = list(_shapes(lands, placed, network, span))
        if sum(len(s.path.encode()) + TAG * (1 + (s.dot is not None)) for s in shapes) <= most:
            break
    return shapes, network.tolerance


def _shapes(
    lands: Sequence[_Land], placed: Sequence[list[Rings]], network: Network, span: tuple[int, int]
) -> Iterator[Shape]:
    """One shape for all parts of a land that lasted as long: islands outlive borders."""
    years: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    specks: dict[tuple[str, str, Point], list[tuple[int, int]]] = defaultdict(list)
    for land, polygons in zip(lands, placed, strict=True):
        f, found = land.feature, [_polygon(rings, network) for rings in polygons]
        for path in filter(None, found):
            years[land.unit, f.name, path].append((f.first, f.last))
        xs, ys = zip(*(p for rings in polygons for r in rings for p in r), strict=True)
        if not any(found) or max(max(xs) - min(xs), max(ys) - min(ys)) < SPECK:
            spot = ((max(xs) + min(xs)) // 2, (max(ys) + min(ys)) // 2)
            specks[land.unit, f.name, spot].append((f.first, f.last))
    parts: dict[tuple[str, str, tuple[int | None, int | None]], list[str]] = defaultdict(list)
    for (unit, name, path), spells in years.items():
        for spell in _joined(spells, span):
            parts[unit, name, spell].append(path)
    for (unit, name, (first, last)), paths in parts.items():
        yield Shape(unit, name, "".join(paths), first=first, last=last)
    for (unit, name, spot), spells in specks.items():
        for first, last in _joined(spells, span):
            yield Shape(unit, name, "", spot, first=first, last=last)


def _joined(
    spells: list[tuple[int, int]], span: tuple[int, int]
) -> Iterator[tuple[int | None, int | None]]:
    """Put spells together that touch; None where one begins or ends with the years shown."""
    spells = sorted(spells)
    first, last = spells[0]
    for one, other in [*spells[1:], (9999, 9999)]:
        if one <= last + 1:
            last = max(last, other)
            continue
        yield (None if first <= span[0] else first), (None if last >= span[1] else last)
        first, last = one, other


def _polygon(rings: Rings, network: Network) -> str:
    """Path of an outer ring and its holes, which turn the other way; empty where too small."""
    out = []
    for n, ring in enumerate(rings):
        kept = network.ring(ring) if len(ring) > 2 else []
        area = sum(
            x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(kept, kept[1:] + kept[:1], strict=True)
        )
        if len(kept) < 3 or abs(area) < network.tolerance**2:
            if n == 0:
                return ""
            continue
        out.append(_path(kept if (area > 0) == (n == 0) else kept[::-1]))
    return "".join(out)


def _path(ring: list[Point]) -> str:
    """
    Path of a ring, relative after its first point.

    Examples
    --------
    >>> _path([(5, 5), (9, 5), (9, 2)])
    'M5 5l4 0 0-3z'
    """
    text = ""
    for (x0, y0), (x1, y1) in pairwise(ring):
        step = f"{x1 - x0}{'' if y1 < y0 else ' '}{y1 - y0}"
        text += step if not text or step.startswith("-") else f" {step}"
    return f"M{ring[0][0]} {ring[0][1]}l{text}z"


def _dots(
    lands: Sequence[_Land], scenes: Sequence[Scene], span: tuple[int, int]
) -> Iterator[Shape]:
    """Units in a land that another holds than the land, in some year of some history."""
    spells: dict[Unit, list[tuple[int, int]]] = defaultdict(list)
    for land in lands:
        f = land.feature
        for unit in land.others:
            if land.unit and _apart(land.unit, unit.unit, f, scenes):
                spells[unit].append((max(f.first, span[0]), min(f.last, span[1])))
    for unit, found in sorted(spells.items(), key=lambda row: row[0].unit):
        x, y = ee.place(unit.lon, unit.lat)
        for first, last in _joined(found, span):
            yield Shape(unit.unit, unit.name, "", (round(x), round(y)), first=first, last=last)


def _apart(one: str, other: str, f: Feature, scenes: Sequence[Scene]) -> bool:
    return any(
        scene.holder(which, one, year) != scene.holder(which, other, year)
        for scene in scenes
        for which in WORLDS
        for year in range(max(f.first, scene.atlas["from"]), min(f.last, scene.atlas["to"]) + 1)
    )


def _note(
    lands: Sequence[_Land], tolerance: float, told: tuple[int, int], span: tuple[int, int]
) -> str:
    nameless = len({land.feature.code for land in lands if not land.unit})
    coarse = f"{tolerance * KILOMETRES:.0f} km"
    first = (
        "Borders of CShapes 2.0 (Schvitz et al. 2022; CC BY-NC-SA 4.0), in both histories as "
        f"history had them at the year's end; simplified to {coarse}. Land has the colours of "
        "whoever holds the home of its state; a dot is land in it that another holds in some year."
    )
    parts = [first]
    if nameless == 1:
        parts.append("One land of the file is none of the record's and has no owner.")
    elif nameless:
        parts.append(f"{nameless} lands of the file are none of the record's and have no owner.")
    if span[0] < told[0]:
        parts.append(f"Before {told[0]} the borders are those of {told[0]}.")
    if span[1] > told[1]:
        parts.append(f"After {told[1]} the borders are those of {told[1]}.")
    return " ".join([*parts, CITATION])
