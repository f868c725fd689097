"""
The Equal Earth projection, in the units of the report's maps.

Equal areas, because a bloc is read by how much it covers. Formula: Savric, Patterson and Jenny,
"The Equal Earth map projection", International Journal of Geographical Information Science 33
(2019).
"""

from math import asin, cos, radians, sin, sqrt

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
CENTRE = 11.5
"""Longitude in the middle: the edge then runs through Bering Strait and cuts no country."""
NORTH, SOUTH = 84.0, -58.5
"""The map's top and bottom: Antarctica belongs to nobody and pledges nothing."""
WIDTH = 10_000


def _plane(lon: float, lat: float) -> tuple[float, float]:
    theta = asin(sqrt(3) / 2 * sin(radians(lat)))
    square = theta * theta
    sixth = square**3
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    x = 2 * sqrt(3) * radians(lon) * cos(theta) / (3 * slope)
    return x, theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


_HALF = _plane(180.0, 0.0)[0]
_SCALE = WIDTH / 2 / _HALF
_TOP = _plane(0.0, NORTH)[1]
HEIGHT = round((_TOP - _plane(0.0, SOUTH)[1]) * _SCALE)


def turned(lon: float) -> float:
    """
    Degrees east of the middle of the map, -180 to 180.

    Examples
    --------
    >>> turned(11.5), turned(-170.0), turned(-168.0)
    (0.0, 178.5, -179.5)
    """
    return (lon - CENTRE + 180.0) % 360.0 - 180.0


def place(lon: float, lat: float) -> tuple[float, float]:
    """
    Point of the map, x to the right and y down, the whole map ``WIDTH`` by ``HEIGHT``.

    Examples
    --------
    >>> [round(v) for v in place(11.5, 0.0)], [round(v) for v in place(139.7, 35.7)]
    ([5000, 2414], [8237, 1124])
    """
    return place_turned(turned(lon), lat)


def place_turned(lon: float, lat: float) -> tuple[float, float]:
    """Point of the map for degrees east of its middle, which may lie a little beyond its edge."""
    x, y = _plane(lon, lat)
    return WIDTH / 2 + x * _SCALE, (_TOP - y) * _SCALE
