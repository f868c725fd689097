"""
Borders with fewer points, so that neighbours keep one line between them.

Rings are cut where three lands meet and each stretch between is simplified once, whoever's it is:
Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a
digitized line or its caricature", Cartographica 10 (1973).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

Point = tuple[int, int]
Line = tuple[Point, ...]


class Network:
    """
    Rings of whole numbers and the stretches they are made of.

    Parameters
    ----------
    rings : iterable of sequence of (int, int)
        Not closed; no point stands twice in a row.
    """

    def __init__(self, rings: Iterable[Sequence[Point]]) -> None:
        near: dict[Point, set[Point]] = defaultdict(set)
        for ring in rings:
            for k, point in enumerate(ring):
                near[point] |= {ring[k - 1], ring[(k + 1) % len(ring)]}
        self._meets = {point for point, found in near.items() if len(found) != 2}
        self._kept: dict[Line, Line] = {}
        self.tolerance = 0.0

    def loosen(self, tolerance: float) -> None:
        """Simplify more: distance of a point left out from the line, in units of the map."""
        self.tolerance = tolerance
        self._kept = {line: reduced(kept, tolerance) for line, kept in self._kept.items()}

    def ring(self, ring: Sequence[Point]) -> list[Point]:
        """Points of a ring that are kept; fewer than three of one too small to draw."""
        cuts = [k for k, point in enumerate(ring) if point in self._meets]
        if len(cuts) < 2:
            start = cuts[0] if cuts else min(range(len(ring)), key=lambda k: ring[k])
            cuts = sorted(
                {start, max(range(len(ring)), key=lambda k: _apart(ring[start], ring[k]))}
            )
        out: list[Point] = []
        for k, begin in enumerate(cuts):
            end = cuts[(k + 1) % len(cuts)]
            stretch = ring[begin : end + 1] if begin < end else [*ring[begin:], *ring[: end + 1]]
            out += self._simple(tuple(stretch))[:-1]
        return out

    def _simple(self, line: Line) -> Line:
        """Simplify a stretch, in the same direction for both of its lands."""
        turned = line[::-1]
        one = min(line, turned)
        if one not in self._kept:
            self._kept[one] = reduced(one, self.tolerance)
        kept = self._kept[one]
        return kept if one == line else kept[::-1]


def _apart(one: Point, other: Point) -> tuple[int, Point]:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2, other


def reduced(line: Line, tolerance: float) -> Line:
    """
    Leave out points that lie no further than so from the line without them.

    Examples
    --------
    >>> reduced(((0, 0), (5, 1), (10, 0), (10, 9)), 2.0)
    ((0, 0), (10, 0), (10, 9))
    """
    kept, ranges = {0, len(line) - 1}, [(0, len(line) - 1)]
    while ranges:
        begin, end = ranges.pop()
        (x0, y0), (x1, y1) = line[begin], line[end]
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        most, at = tolerance * tolerance, 0
        for k in range(begin + 1, end):
            x, y = line[k][0] - x0, line[k][1] - y0
            share = min(max((x * dx + y * dy) / square, 0.0), 1.0) if square else 0.0
            off = (x - share * dx) ** 2 + (y - share * dy) ** 2
            if off > most:
                most, at = off, k
        if at:
            kept.add(at)
            ranges += [(begin, at), (at, end)]
    return tuple(line[k] for k in sorted(kept))
