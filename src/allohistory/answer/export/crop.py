"""
Paths cropped to a part of the map.

A viewer would hide what lies outside, but resvg first draws all of it: a close-up of Europe took
five seconds. Rings are cut by Sutherland and Hodgman, "Reentrant polygon clipping",
Communications of the ACM 17 (1974).
"""

import re
from collections.abc import Iterator
from itertools import accumulate

Point = tuple[float, float]
Box = tuple[float, float, float, float]
_RING = re.compile(r"M(-?\d+) (-?\d+)l([^zM]*)z")
_NUMBER = re.compile(r"-?\d+")


def rings(path: str) -> Iterator[list[Point]]:
    """Rings of a path of the map, which has whole numbers and relative lines."""
    for found in _RING.finditer(path):
        steps = [int(n) for n in _NUMBER.findall(found[3])]
        xs = accumulate(steps[::2], initial=int(found[1]))
        ys = accumulate(steps[1::2], initial=int(found[2]))
        yield list(zip(xs, ys, strict=True))


def absolute(path: str) -> list[Point]:
    """Points of the map's outline, which is one ring of absolute lines."""
    found = [float(n) for n in _NUMBER.findall(path)]
    return list(zip(found[::2], found[1::2], strict=True))


def cropped(path: str, box: Box) -> str:
    """
    Crop a path of the map to a box: left, top, right, bottom.

    Examples
    --------
    >>> cropped("M0 0l10 0 0 10-10 0z", (5, -5, 20, 20))
    'M5 0L10 0L10 10L5 10z'
    >>> cropped("M0 0l1 0 0 1z", (5, 5, 9, 9))
    ''
    """
    return "".join(drawn(within(ring, box)) for ring in rings(path))


def drawn(ring: list[Point]) -> str:
    """Path of a ring, in whole numbers."""
    if len(ring) < 3:
        return ""
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "z"


def within(ring: list[Point], box: Box) -> list[Point]:
    """Cut a ring at the four sides of a box."""
    for axis, limit, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        out: list[Point] = []
        for k, here in enumerate(ring):
            before = ring[k - 1]
            inside, was = ((p[axis] - limit) * sign >= 0 for p in (here, before))
            if inside != was:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                cut = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
                out.append((limit, cut) if axis == 0 else (cut, limit))
            if inside:
                out.append(here)
        ring = out
    return ring
