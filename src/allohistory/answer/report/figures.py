"""Figures of the report as SVG: colours come from the page, so that they read in dark and print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from allohistory.answer.blocks import Column, Grid
from allohistory.answer.report.html import figure, table
from allohistory.answer.wording import chance, given, number, top, year
from allohistory.percent import percent

WIDE, NARROW = (720, 300), (360, 280)
"""Width and height of a figure on a screen and on a phone."""
LINE = 16


@dataclass(frozen=True, slots=True)
class Frame:
    """
    The area of a figure within its axes.

    Attributes
    ----------
    width, height : int
        Of the whole figure.
    left, right, above, below : int
        Room outside the axes.
    first, last, end : float
        Ends of the horizontal axis, and upper end of the vertical one, which starts at 0.
    """

    width: int
    height: int
    left: int
    right: int
    above: int
    below: int
    first: float
    last: float
    end: float

    def x(self, value: float) -> float:
        """Place of a value from the left."""
        span = max(self.last - self.first, 1e-9)
        wide = self.width - self.left - self.right
        return self.left + wide * (value - self.first) / span

    def y(self, value: float) -> float:
        """Place of a value from above."""
        tall = self.height - self.above - self.below
        return self.above + tall * (1 - value / self.end)

    def line(self, points: Sequence[tuple[float, float]]) -> str:
        """Path data through points."""
        return "M" + "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in points)

    def heights(self) -> Iterator[str]:
        """Lines and labels of the vertical axis."""
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            at = self.y(share * self.end)
            yield f'<path class="grid" d="M{self.left} {at:.1f}H{self.width - self.right}"/>'
            yield (
                f'<text x="{self.left - 6}" y="{at + 4:.1f}" text-anchor="end">'
                f"{_short(share * self.end)}</text>"
            )


def _short(p: float) -> str:
    return f"{100 * p:.3g}%"


def svg(width: int, height: int, title: str, lines: Sequence[str], kind: str) -> str:
    """Wrap the parts of a figure; `kind` says on which screens it is shown."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(lines)}</svg>'
    )


def both(title: str, draw: Any) -> str:  # noqa: ANN401 - a function of width, height, small
    """Draw a figure for wide screens and for phones; one of the two is shown."""
    return "".join(
        svg(*size, title, list(draw(*size, small=kind == "narrow")), kind)
        for kind, size in (("broad", WIDE), ("narrow", NARROW))
    )


def curve(pod: dict[str, Any]) -> str:
    """The chance that a firm pact is in force, with the divergence and without, by year."""
    rows = pod.get("curve") or []
    if len(rows) < 2:
        return ""
    end = top([r.get("hi") for r in rows] + [r.get("base") for r in rows])
    title = "Chance that a firm pact is in force, year by year"
    last = rows[-1]
    told = (
        f"With the divergence {chance(last)} in {last['year']}, without it "
        f"{percent(last.get('base'))}. Band: 90% interval. Dashed: the same years on new luck "
        "without the divergence."
    )

    def draw(width: int, height: int, *, small: bool) -> Iterator[str]:
        right = 24 if small else 150
        frame = Frame(width, height, 48, right, 14, 30, rows[0]["year"], rows[-1]["year"], end)
        yield from frame.heights()
        yield from _years(frame, 20 if small else 10)
        upper = [(r["year"], r["hi"]) for r in rows if given(r.get("hi"))]
        lower = [(r["year"], r["lo"]) for r in rows if given(r.get("lo"))]
        if upper and lower:
            yield f'<path class="band" d="{frame.line(upper + lower[::-1])}Z"/>'
        base = [(r["year"], r["base"]) for r in rows if given(r.get("base"))]
        if base:
            yield f'<path class="actual" d="{frame.line(base)}"/>'
        yield f'<path class="alternate" d="{frame.line([(r["year"], r["p"]) for r in rows])}"/>'
        if not small:
            yield from _ends(frame, last)

    shown = Grid(
        (Column("Year", firm=True), Column("With (90%)", firm=True), Column("Without", right=True)),
        tuple((year(r["year"]), chance(r), percent(r.get("base"))) for r in _some(rows)),
    )
    return figure(title, told, both(title, draw), table(shown, caption=title))


def _some(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every fifth year and both ends: the answer's data, and its CSV, have all."""
    return [r for n, r in enumerate(rows) if n in (0, len(rows) - 1) or r["year"] % 5 == 0]


def _years(frame: Frame, step: int) -> Iterator[str]:
    first = int(-(-frame.first // step) * step)
    for when in range(first, int(frame.last) + 1, step):
        yield (
            f'<text x="{frame.x(when):.1f}" y="{frame.height - frame.below + 18}" '
            f'text-anchor="middle">{when}</text>'
        )


def _ends(frame: Frame, last: dict[str, Any]) -> Iterator[str]:
    """Names at the ends of the two lines, kept apart where the lines meet."""
    x = frame.width - frame.right + 8
    one = frame.y(last["p"])
    other = frame.y(last.get("base") or 0.0)
    if abs(one - other) < 2.2 * LINE:
        # The lower of two lines has its name below, so that neither runs into the other.
        middle = (one + other) / 2
        sign = 1 if one <= other else -1
        one, other = middle - sign * 1.1 * LINE, middle + sign * 1.1 * LINE
    floor = frame.height - frame.below
    over = max(one, other) - floor
    if over > 0:
        one, other = one - over, other - over
    yield f'<text class="named alternate-name" x="{x}" y="{one + 4:.1f}">With {escape(percent(last["p"]))}</text>'  # noqa: E501
    yield f'<text class="named actual-name" x="{x}" y="{other + 4:.1f}">Without {escape(percent(last.get("base")))}</text>'  # noqa: E501


def dots(p: dict[str, Any], base: float | None, end: float) -> str:
    """A chance as a dot on its 90% interval, and the chance without as a ring."""
    width, height, edge = 150, 18, 6

    def x(value: float) -> float:
        return edge + (width - 2 * edge) * min(value / end, 1.0)

    parts = [f'<path class="grid" d="M{edge} 9H{width - edge}"/>']
    if given(p.get("lo")) and given(p.get("hi")):
        parts.append(f'<path class="whisker" d="M{x(p["lo"]):.1f} 9H{x(p["hi"]):.1f}"/>')
    if base is not None and given(base):
        parts.append(f'<circle class="ring" cx="{x(base):.1f}" cy="9" r="3.5"/>')
    if given(p.get("p")):
        parts.append(f'<circle class="dot" cx="{x(p["p"]):.1f}" cy="9" r="4"/>')
    told = f"{chance(p)}, without {percent(base)}, on a line from 0 to {_short(end)}"
    return (
        f'<svg class="dots" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'
    )


def frontier(rows: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]]) -> str:
    """
    Ways by price and chance.

    Parameters
    ----------
    rows : sequence of dict
        Ways that no other beats in both price and chance.
    own : sequence of dict
        The question's own points of divergence.
    """
    every = [r for r in (*rows, *own) if given(r.get("bits")) and given(r["p_goal"].get("p"))]
    if not every:
        return ""
    end = top([r["p_goal"]["p"] for r in every])
    last = max(_cost(r) for r in every) * 1.05 + 1.0
    title = "Ways by price and chance"
    told = (
        "To the left: likely to happen at all; up: likely to lead to the goal. The line joins ways "
        "that no other found beats in both, the dashed one those among them that write no treaty "
        "of the two themselves. Rings: the question's own points of divergence."
    )
    best = sorted(
        (r for r in rows if given(r.get("bits"))), key=lambda r: (_cost(r), r["p_goal"]["p"])
    )

    def draw(width: int, height: int, *, small: bool) -> Iterator[str]:
        frame = Frame(width, height, 48, 20, 14, 44, 0.0, last, end)
        yield from frame.heights()
        step = _step(last, 4 if small else 8)
        for n in range(int(last // step) + 1):
            yield (
                f'<text x="{frame.x(n * step):.1f}" y="{height - 26}" text-anchor="middle">'
                f"{n * step:g}</text>"
            )
        yield (
            f'<text x="{(frame.left + width - frame.right) / 2:.1f}" y="{height - 6}" '
            'text-anchor="middle">bits: how surprising it would be</text>'
        )
        lines = (
            ("actual", [r for r in best if not r.get("direct")]),
            ("alternate", [r for r in best if r.get("overall", True)]),
        )
        for kind, joined in lines:
            if len(joined) > 1:
                path = frame.line([(_cost(r), r["p_goal"]["p"]) for r in joined])
                yield f'<path class="{kind}" d="{path}"/>'
        for kind, some, r in (("ring", own, 4.5), ("dot", best, 4.5)):
            for row in some:
                if given(row.get("bits")) and given(row["p_goal"].get("p")):
                    name = f"{row['title']}: {number(row['bits'])} bits, {chance(row['p_goal'])}"
                    yield (
                        f'<circle class="{kind}" cx="{frame.x(_cost(row)):.1f}" '
                        f'cy="{frame.y(row["p_goal"]["p"]):.1f}" r="{r}">'
                        f"<title>{escape(name)}</title></circle>"
                    )

    shown = Grid(
        (
            Column("Way"),
            Column("Bits", right=True, firm=True),
            Column("Chance (90%)", firm=True),
            Column("On the line"),
        ),
        tuple(
            (r["title"], number(_cost(r)), chance(r["p_goal"]), "yes" if r in best else "no")
            for r in sorted(every, key=_cost)
        ),
    )
    return figure(title, told, both(title, draw), table(shown, caption=title))


def _cost(row: dict[str, Any]) -> float:
    """Bits of a way, with what is assumed and the window's penalty."""
    parts = ("bits", "stated_bits", "penalty_bits")
    return float(sum(row.get(key) or 0.0 for key in parts))


def _step(end: float, many: int) -> float:
    """An even distance of labels, so that there are about so many."""
    return next(s for s in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1e9) if end / s <= many)
