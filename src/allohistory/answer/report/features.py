"""
A reader's own file of CShapes 2.0, read and checked.

The authors' GeoJSON has one feature for each state or dependency and spell of its borders, with
``gwcode``, ``cntry_name``, ``capname``, ``caplong``, ``caplat``, ``gwsyear``, ``gwsmonth``,
``gwsday`` and the same with ``gwe``. It is never shipped: its licence is CC BY-NC-SA 4.0, ours not.
"""

import json
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from allohistory.errors import QuestionError

CITATION = (
    "Schvitz, Guy, Seraina Rüegger, Luc Girardin, Lars-Erik Cederman, Nils Weidmann, and Kristian "
    "Skrede Gleditsch. 2022. Mapping the International System, 1886-2017: The CShapes 2.0 Dataset. "
    "Journal of Conflict Resolution 66(1): 144-161."
)
WANTED = '"CShapes-2.0.geojson" from its authors'
NEEDED = ("gwcode", "cntry_name", "gwsyear", "gweyear")
EARLIEST, LATEST = 1500, 2200
LONGEST, FURTHEST = 180.5, 90.5
"""Degrees of longitude and latitude that a point may have, with some room for rounding."""
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """
    Land with its borders, from the end of one year to the end of another.

    Attributes
    ----------
    code : int
        Gleditsch and Ward's.
    name : str
    first, last : int
        Years at whose end the borders were so.
    capital : (float, float) or None
        Longitude and latitude, degrees.
    polygons : tuple
        Outer ring and holes of each, longitude and latitude in degrees, not closed.
    """

    code: int
    name: str
    first: int
    last: int
    capital: tuple[float, float] | None
    polygons: tuple[tuple[Ring, ...], ...]


def features_of(file: Path) -> tuple[Feature, ...]:
    """
    Read the features that had their borders at the end of some year.

    Raises
    ------
    QuestionError
        The file cannot be read or is no CShapes 2.0; says which feature is at fault.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise QuestionError(
            f"the borders cannot be read ({error.strerror})", WANTED, file
        ) from None
    except (ValueError, RecursionError):
        raise QuestionError("this is no JSON in UTF-8", WANTED, file) from None
    rows = value.get("features") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not rows:
        raise QuestionError("this is no GeoJSON with features", WANTED, file)
    out = [_Reader(file, n, row).feature() for n, row in enumerate(rows, 1)]
    return tuple(feature for feature in out if feature.first <= feature.last)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One feature of a file, by its number from 1."""

    file: Path
    number: int
    row: Any

    def wrong(self, what: str, instead: str = WANTED) -> QuestionError:
        return QuestionError(what, instead, self.file, f"feature {self.number}{self._called()}")

    def _called(self) -> str:
        facts = self.row.get("properties") if isinstance(self.row, dict) else None
        name = facts.get("cntry_name") if isinstance(facts, dict) else None
        return f' ("{name[:60]}")' if isinstance(name, str) and name.isprintable() else ""

    def feature(self) -> Feature:
        facts = self.row.get("properties") if isinstance(self.row, dict) else None
        if not isinstance(facts, dict):
            raise self.wrong("it has no properties")
        for key in NEEDED:
            if key not in facts:
                near = get_close_matches(key.upper(), [k.upper() for k in facts], 1)
                said = next((f', only "{k}"' for k in facts if near and k.upper() == near[0]), "")
                raise self.wrong(f'it has no "{key}"{said}')
        name = facts["cntry_name"]
        if not isinstance(name, str) or not name.strip():
            raise self.wrong("its cntry_name is no text")
        first, last = self._year(facts, "gwsyear"), self._year(facts, "gweyear")
        if last < first:
            raise self.wrong(f"it ends in {last} before it begins in {first}", "the years in order")
        if (facts.get("gwemonth", 12), facts.get("gweday", 31)) != (12, 31):
            last -= 1
        return Feature(self._whole(facts, "gwcode"), name.strip(), first, last,
                       self._capital(facts), self._polygons())  # fmt: skip

    def _whole(self, facts: dict[str, Any], key: str) -> int:
        value = facts[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.wrong(f"its {key} is {json.dumps(value)[:40]}", "a whole number")
        return int(value)

    def _year(self, facts: dict[str, Any], key: str) -> int:
        value = self._whole(facts, key)
        if not EARLIEST <= value <= LATEST:
            raise self.wrong(f"its {key} is {value}", f"a year from {EARLIEST} to {LATEST}")
        return value

    def _capital(self, facts: dict[str, Any]) -> tuple[float, float] | None:
        found = [facts.get(key) for key in ("caplong", "caplat")]
        return self._point(found) if None not in found else None

    def _polygons(self) -> tuple[tuple[Ring, ...], ...]:
        shape = self.row.get("geometry")
        kind = shape.get("type") if isinstance(shape, dict) else None
        found = shape.get("coordinates") if isinstance(shape, dict) else None
        if kind not in {"Polygon", "MultiPolygon"} or not isinstance(found, list) or not found:
            raise self.wrong("its geometry is no Polygon or MultiPolygon")
        polygons = [found] if kind == "Polygon" else found
        return tuple(tuple(self._ring(ring) for ring in self._list(rings)) for rings in polygons)

    def _list(self, value: object) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise self.wrong("its geometry has an empty part")
        return value

    def _ring(self, value: object) -> Ring:
        points = [self._point(point) for point in self._list(value)]
        if len(points) > 1 and points[0] == points[-1]:
            points.pop()
        if len(points) < 3:
            raise self.wrong("its geometry has a ring of fewer than three points")
        return tuple(points)

    def _point(self, value: object) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) < 2:
            raise self.wrong("its geometry has a point that is no pair of numbers")
        lon, lat = value[:2]
        for number in (lon, lat):
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise self.wrong("its geometry has a point that is no pair of numbers")
        if not (isfinite(lon) and isfinite(lat) and abs(lon) <= LONGEST and abs(lat) <= FURTHEST):
            told = f"a point lies at {json.dumps(value[:2])[:60]}"
            raise self.wrong(told, "longitude and latitude in degrees (WGS 84)")
        return float(lon), float(lat)
