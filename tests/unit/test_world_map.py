"""The map that scripts/world_map.py made: nothing lost, nothing that fills the globe."""

import re
from math import pi

import pytest

from allohistory.answer.report import equal_earth as ee
from allohistory.answer.report.shapes import today
from allohistory.record.tables import load

RADIUS = ee.WIDTH / 2 / ee._HALF
EARTH_KM2 = 510.07e6
NO_UNIT = {"Andorra", "Liechtenstein", "Monaco", "Nauru", "San Marino", "Vatican"}
BY_DOT = {"CEU", "GIB", "GOA", "GZW", "KIA", "KWN", "PCZ", "PON", "WEI"}


def rings(path):
    """Rings of a path as lists of points."""
    out = []
    for part in path.split("z")[:-1]:
        numbers = [int(n) for n in re.findall(r"-?\d+", part)]
        x, y = numbers[:2]
        points = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        out.append(points)
    return out


def area(points):
    """Signed area of a ring, in square units of the map."""
    shifted = points[1:] + points[:1]
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, shifted, strict=True)) / 2


def box(points):
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def km2(path):
    return sum(map(area, rings(path))) * EARTH_KM2 / (4 * pi * RADIUS**2)


SHAPES = today().shapes
OF_UNIT = {s.unit: s for s in SHAPES if s.unit}


def test_every_unit_has_one_shape_and_every_shape_a_unit():
    units = [u.unit for u in load().units]

    assert sorted(s.unit for s in SHAPES if s.unit) == sorted(units)
    assert {s.name for s in SHAPES if not s.unit} == NO_UNIT
    assert {s.unit for s in SHAPES if s.unit and not s.path} == BY_DOT
    assert all(s.path or s.dot for s in SHAPES)


def test_no_ring_fills_the_globe():
    for shape in SHAPES:
        for ring in rings(shape.path):
            x0, y0, x1, y1 = box(ring)
            assert len(set(ring)) >= 3, shape.name
            assert (x1 - x0) * (y1 - y0) < 0.1 * ee.WIDTH * ee.HEIGHT, shape.name
            assert x0 >= -20, shape.name
            assert x1 <= ee.WIDTH + 20, shape.name


def test_rings_are_wound_alike_and_holes_the_other_way():
    """A ring wound the wrong way would be a hole; holes lie inside a ring of their shape."""
    for shape in SHAPES:
        found = rings(shape.path)
        outer = [box(r) for r in found if area(r) > 0]
        assert outer or not found, shape.name
        for x0, y0, x1, y1 in (box(r) for r in found if area(r) < 0):
            assert any(a <= x0 and b <= y0 and x1 <= c and y1 <= d for a, b, c, d in outer), (
                shape.name
            )


def test_land_covers_as_much_as_on_the_globe():
    """134.9 million square kilometres of land without Antarctica; small islands are dropped."""
    assert sum(km2(s.path) for s in SHAPES) == pytest.approx(134.9e6, rel=0.01)


@pytest.mark.parametrize(
    ("unit", "million"),
    [("AUS", 7.69), ("BRA", 8.51), ("DZA", 2.38), ("ESP", 0.505), ("KAZ", 2.72), ("MDG", 0.587)],
)
def test_countries_cover_what_they_should(unit, million):
    assert km2(OF_UNIT[unit].path) == pytest.approx(million * 1e6, rel=0.06)


def test_nothing_is_torn_by_the_antimeridian():
    wide = {u: max(box(r)[2] for r in rings(OF_UNIT[u].path))
            - min(box(r)[0] for r in rings(OF_UNIT[u].path)) for u in ("RUS", "FJI")}  # fmt: skip

    assert wide["RUS"] < 0.4 * ee.WIDTH
    assert wide["FJI"] < 0.02 * ee.WIDTH


def test_units_lie_where_the_record_puts_them():
    for unit in load().units:
        shape, (x, y) = OF_UNIT[unit.unit], ee.place(unit.lon, unit.lat)
        boxes = [box(r) for r in rings(shape.path)] + (
            [(*shape.dot, *shape.dot)] if shape.dot else []
        )
        assert any(a - 60 <= x <= c + 60 and b - 60 <= y <= d + 60 for a, b, c, d in boxes), (
            unit.unit
        )


def test_a_place_east_of_the_edge_is_at_the_right():
    assert ee.place(-175.0, -21.0)[0] > 0.9 * ee.WIDTH
    assert ee.place(-165.0, 64.0)[0] < 0.25 * ee.WIDTH
