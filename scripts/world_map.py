#!/usr/bin/env python3
"""
Turn Natural Earth's countries (public domain) into the map of the report.

Needs what the package does not: ``npm pack world-atlas@2.0.2`` for ``countries-50m.json``, and
``pip install shapely pycountry``. Run once; its result is committed::

    scripts/world_map.py countries-50m.json

Every country of today becomes one shape, or several: where units of the record divide it, its
land goes to the unit of the nearest seed in ``world_map_seeds.csv`` (our own coding), so that
inner lines are schematic. Borders stay shared because arcs are simplified before they are put
together.
"""

import csv
import heapq
import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pycountry
from shapely import MultiPoint, Polygon, make_valid, union_all, voronoi_polygons
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from allohistory.answer.report import equal_earth as ee
from allohistory.record.tables import load

Point = tuple[float, float]
SEEDS = Path(__file__).with_name("world_map_seeds.csv")
TARGET = Path(ee.__file__).with_name("world.json")
DETAIL = 7.0
"""Least area of a triangle whose tip stays, in square units of a map 10,000 wide."""
ISLAND = 12.0
"""Least area of an island that is not its unit's largest."""
SPECK = 34.0
"""Shapes smaller than this both ways are marked with a dot too."""
DROPPED = {"Antarctica"}
NAMELESS = {"Kosovo": "XKX", "Somaliland": "SML", "N. Cyprus": "NCY", "Siachen Glacier": "IND",
            "Indian Ocean Ter.": "AUS", "Ashmore and Cartier Is.": "AUS"}  # fmt: skip
BELONGS = {
    "IMN": "GBR", "JEY": "GBR", "GGY": "GBR", "FRO": "DNK", "ALA": "FIN", "ABW": "CUW",
    "MAF": "GLP", "AIA": "VGB", "TCA": "CYM", "NIU": "COK", "DMA": "LCA", "KNA": "ATG",
    "MSR": "ATG", "SGS": "FLK", "WLF": "NCL", "SHN": "GBR", "IOT": "MUS", "NFK": "AUS",
    "HMD": "AUS", "ATF": "REU", "PCN": "PYF",
}  # fmt: skip
"""Lands of today without a unit of their own, and the unit they went with."""


def simplify(points: list[Point], detail: float) -> list[Point]:
    """Drop the least visible points (Visvalingam and Whyatt 1993); both ends stay."""
    n = len(points)
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))

    def area(i: int) -> float:
        (x0, y0), (x1, y1), (x2, y2) = points[before[i]], points[i], points[after[i]]
        return abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / 2

    now = {i: area(i) for i in range(1, n - 1)}
    heap = [(a, i) for i, a in now.items()]
    heapq.heapify(heap)
    closed = points[0] == points[-1]
    left = n
    while heap and left > (6 if closed else 2):
        a, i = heapq.heappop(heap)
        if a > detail:
            break
        if now.get(i) != a:
            continue
        del now[i]
        left -= 1
        after[before[i]], before[after[i]] = after[i], before[i]
        for k in (before[i], after[i]):
            if k in now:
                now[k] = max(a, area(k))
                heapq.heappush(heap, (now[k], k))
    kept, i = [], 0
    while i < n:
        kept.append(points[i])
        i = after[i]
    return kept


def fineness(atlas: dict) -> list[float]:
    """How fine each arc must stay: a small country's arcs finer, or it would vanish."""
    (kx, ky), _ = atlas["transform"]["scale"], atlas["transform"]["translate"]
    extent = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = [(x := x + dx, y := y + dy) for dx, dy in arc]
        wide, tall = (max(v) - min(v) for v in zip(*points, strict=True))
        extent.append(wide * kx * tall * ky * 700.0)
    fine = [DETAIL] * len(extent)
    for country in atlas["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        most = max(sum(extent[max(k, ~k)] for k in polygon[0]) for polygon in polygons)
        for k in (max(k, ~k) for polygon in polygons for ring in polygon for k in ring):
            fine[k] = min(fine[k], most / 100)
    return fine


def arcs_of(atlas: dict) -> list[list[Point]]:
    """Arcs in degrees east of the map's middle, and north, simplified as they show on the map."""
    (kx, ky), (dx, dy) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    out, fine = [], fineness(atlas)
    for k, arc in enumerate(atlas["arcs"]):
        x = y = 0
        degrees = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            lon = x * kx + dx
            if degrees:  # Russia and Fiji go on beyond 180 degrees
                lon += 360 * round((degrees[-1][0] - lon) / 360)
            degrees.append((lon, y * ky + dy))
        # A whole arc lies on one side of the map's edge, or a hair's breadth over it.
        middle = sum(p[0] for p in degrees) / len(degrees)
        move = ee.turned(middle) - middle
        flat = [ee.place_turned(lon + move, lat) for lon, lat in degrees]
        out.append(simplify(flat, fine[k]))
    return out


def rings_of(geometry: dict, arcs: list) -> list[list[list[Point]]]:
    """Polygons of a country as lists of rings of points of the map."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    out = []
    for polygon in polygons:
        rings = []
        for ring in polygon:
            points: list[Point] = []
            for k in ring:
                arc = arcs[k] if k >= 0 else arcs[~k][::-1]
                points.extend(arc[1:] if points else arc)
            rings.append(points)
        out.append(rings)
    return out


def whole(polygons: list) -> BaseGeometry:
    """One geometry of a country's polygons."""
    return union_all([areas(make_valid(Polygon(rings[0], rings[1:]))) for rings in polygons])


def zones(land: BaseGeometry, seeds: list[tuple[str, float, float]]) -> dict[str, BaseGeometry]:
    """Divide a country's land among the units of the nearest seeds."""
    points = [(unit, ee.place(lon, lat)) for unit, lat, lon in seeds]
    cells = voronoi_polygons(MultiPoint([p for _, p in points]), extend_to=land.buffer(100))
    mine = defaultdict(list)
    for unit, (x, y) in points:
        spot = MultiPoint([(x, y)])
        mine[unit].append(next(c for c in cells.geoms if c.intersects(spot)))
    return {unit: areas(union_all(mine[unit]).intersection(land)) for unit in sorted(mine)}


def areas(land: BaseGeometry) -> BaseGeometry:
    """Only what has an area."""
    return union_all([g for g in getattr(land, "geoms", [land]) if g.area > 0])


def polygons_of(land: BaseGeometry) -> list[Polygon]:
    """Polygons worth drawing, largest first; the largest always is."""
    found = [g for g in getattr(land, "geoms", [land]) if g.geom_type == "Polygon" and g.area > 0]
    found.sort(key=lambda g: -g.area)
    return [orient(g) for k, g in enumerate(found) if not k or g.area >= ISLAND]


def path_of(polygons: list[Polygon]) -> str:
    """SVG path of whole units, relative after each ring's first point."""
    out = []
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(x), round(y)) for x, y in ring.coords[:-1]]
            points = [p for k, p in enumerate(points) if p != points[k - 1]]
            if len(points) < 3:
                continue
            out.append(f"M{points[0][0]} {points[0][1]}l")
            steps = []
            for (x0, y0), (x1, y1) in pairwise(points):
                steps.append(f"{x1 - x0}{'' if y1 < y0 else ' '}{y1 - y0}")
            text = steps[0]
            for step in steps[1:]:
                text += step if step.startswith("-") else f" {step}"
            out.append(f"{text}z")
    return "".join(out)


def frame() -> tuple[str, str]:
    """The map's outline, and its graticule every 30 degrees."""
    lats = [ee.SOUTH + (ee.NORTH - ee.SOUTH) * k / 40 for k in range(41)]
    edge = [ee.place_turned(180.0, v) for v in lats] + [
        ee.place_turned(-180.0, v) for v in reversed(lats)
    ]
    outline = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in edge) + "z"
    lines = []
    for lon in range(-150, 181, 30):
        points = [ee.place(lon, v) for v in lats[::2]]
        lines.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points))
    for lat in (-30, 0, 30, 60):
        (x0, y), (x1, _) = ee.place_turned(-180.0, lat), ee.place_turned(180.0, lat)
        lines.append(f"M{x0:.0f} {y:.0f}H{x1:.0f}")
    return outline, "".join(lines)


class Lands:
    """What land each unit of the record has, and what land has no unit."""

    def __init__(self) -> None:
        self.units = {u.unit: u for u in load().units}
        self.land: dict[str, list[BaseGeometry]] = defaultdict(list)
        self.names: dict[str, str] = {}
        self.divided: set[str] = set()
        self.seeds = defaultdict(list)
        with SEEDS.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                spot = (row["unit"], float(row["lat"]), float(row["lon"]))
                self.seeds[row["country"]].append(spot)

    def take(self, country: dict, land: BaseGeometry) -> None:
        """Give a country's land to units."""
        name = country["properties"]["name"]
        if land.is_empty:
            sys.exit(f"{name} has vanished")
        known = pycountry.countries.get(numeric=country.get("id") or "")
        iso3 = NAMELESS.get(name) or known.alpha_3
        if iso3 not in self.seeds:
            unit = BELONGS.get(iso3, iso3)
            key = unit if unit in self.units else f"-{iso3}"
            self.names[key] = name
            self.land[key].append(land)
            return
        for key, part in zones(land, self.seeds[iso3]).items():
            if not part.is_empty:
                self.land[key].append(part)
                # An island all its own is a shape like any other.
                if part.boundary.difference(land.boundary.buffer(1)).length > 9:
                    self.divided.add(key)

    def shape(self, key: str) -> dict:
        """One shape of the map; what is too small to see has a dot."""
        unit = self.units.get(key)
        polygons = polygons_of(union_all(self.land[key])) if key in self.land else []
        path = path_of(polygons)
        row = {"unit": key if unit else "", "name": unit.name if unit else self.names[key]}
        row["d"] = path
        if key in self.divided:
            row["zone"] = 1
        x0, y0, x1, y1 = union_all(polygons).bounds if polygons else (0, 0, 0, 0)
        small = max(x1 - x0, y1 - y0) < SPECK or not path
        if small or max(g.area for g in polygons) < SPECK**2 / 4:
            spot = ee.place(unit.lon, unit.lat) if unit else ((x0 + x1) / 2, (y0 + y1) / 2)
            row["dot"] = [round(v) for v in spot]
        return row


def main(source: str) -> None:
    """Write the map of the package."""
    atlas = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = arcs_of(atlas)
    lands = Lands()
    for country in atlas["objects"]["countries"]["geometries"]:
        if country["properties"]["name"] not in DROPPED:
            lands.take(country, whole(rings_of(country, arcs)))
    shapes = [lands.shape(key) for key in sorted(set(lands.land) | set(lands.units))]
    outline, lines = frame()
    whole_map = {
        "source": "Natural Earth 1:50m (public domain), by world-atlas 2.0.2; simplified",
        "width": ee.WIDTH,
        "height": ee.HEIGHT,
        "outline": outline,
        "graticule": lines,
        "shapes": shapes,
    }
    text = json.dumps(whole_map, ensure_ascii=False, indent=0, separators=(",", ":"))
    TARGET.write_text(text + "\n", encoding="utf-8")
    drawn = sum(bool(s["d"]) for s in shapes)
    print(f"{TARGET.name}: {drawn} shapes, {sum('dot' in s for s in shapes)} dots, {len(text):,} B")
    print("units without land:", *(s["unit"] for s in shapes if not s["d"]))
    print("land without unit:", *(s["name"] for s in shapes if not s["unit"]))


if __name__ == "__main__":
    main(sys.argv[1])
