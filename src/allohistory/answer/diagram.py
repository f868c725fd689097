"""Small figures as SVG, written by hand: they read in light, in dark and in print."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from xml.sax.saxutils import escape

TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
SIZE, LEFT, RIGHT, TOP, BOTTOM = 320, 52, 12, 30, 46
MOST, LEAST = 7.0, 2.0
"""Radius of the fullest bin's mark, and the smallest there is."""
STYLE = """\
svg { --ink: #222; --faint: #bbb; --one: #0072B2; --other: #D55E00; }
@media (prefers-color-scheme: dark) {
svg { --ink: #ddd; --faint: #555; --one: #56B4E9; --other: #E69F00; }
}
@media print { svg { --ink: #000; --faint: #888; --one: #0072B2; --other: #D55E00; } }
text { font: 11px sans-serif; fill: var(--ink); }
.grid { stroke: var(--faint); fill: none; }
.one { stroke: var(--one); } .other { stroke: var(--other); }
.one-mark { fill: var(--one); } .other-mark { fill: var(--other); }"""


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with about the same forecast: its mean, how often it came true, how many."""

    p: float
    frequency: float
    n: int


def top(values: Sequence[float]) -> float:
    """
    Find an even end of an axis, at or above every value.

    Examples
    --------
    >>> top([0.012, 0.031]), top([]), top([0.7])
    (0.05, 0.01, 1.0)
    """
    most = max(values, default=0.0)
    return next((end for end in TOPS if end >= most), 1.0)


def reliability(title: str, one: Sequence[Bin], other: Sequence[Bin] = ()) -> str:
    """
    Draw how often what was forecast came true.

    Parameters
    ----------
    title : str
    one : sequence of Bin
        Of the simulation: round marks, blue.
    other : sequence of Bin
        Of the advised probability: square marks, vermilion; none where it was not asked for.

    Returns
    -------
    str
        An SVG document. Points on the diagonal are calibrated, above it forecasts were too low.
    """
    end = top([v for b in (*one, *other) for v in (b.p, b.frequency)])
    wide, tall = SIZE - LEFT - RIGHT, SIZE - TOP - BOTTOM

    def x(p: float) -> float:
        return LEFT + wide * p / end

    def y(f: float) -> float:
        return TOP + tall * (1 - f / end)

    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" '
            f'height="{SIZE}" role="img" aria-labelledby="title desc">'
        ),
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(_told(one, other))}</desc>',
        f"<style>{STYLE}</style>",
        f'<text x="{LEFT}" y="16">{escape(title)}</text>',
        f'<path class="grid" d="M{LEFT} {TOP}V{TOP + tall}H{LEFT + wide}"/>',
        (
            f'<path class="grid" stroke-dasharray="4 4" d="M{x(0):.1f} {y(0):.1f}'
            f'L{x(end):.1f} {y(end):.1f}"/>'
        ),
    ]
    for share in (0.0, 0.5, 1.0):
        mark = f"{100 * share * end:g}%"
        lines += [
            (
                f'<text x="{x(share * end):.1f}" y="{TOP + tall + 15}" '
                f'text-anchor="middle">{mark}</text>'
            ),
            f'<text x="{LEFT - 6}" y="{y(share * end) + 4:.1f}" text-anchor="end">{mark}</text>',
        ]
    lines += [
        f'<text x="{LEFT + wide / 2:.1f}" y="{SIZE - 14}" text-anchor="middle">forecast</text>',
        (
            f'<text x="14" y="{TOP + tall / 2:.1f}" text-anchor="middle" '
            f'transform="rotate(-90 14 {TOP + tall / 2:.1f})">came true</text>'
        ),
    ]
    most = max((b.n for b in (*one, *other)), default=1)
    for name, bins in (("one", one), ("other", other)):
        path = "L".join(f"{x(b.p):.1f} {y(b.frequency):.1f}" for b in bins)
        if len(bins) > 1:
            lines.append(f'<path class="{name}" fill="none" stroke-width="1.5" d="M{path}"/>')
        lines += [_mark(name, x(b.p), y(b.frequency), b, most) for b in bins]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _mark(name: str, x: float, y: float, b: Bin, most: int) -> str:
    """One bin: its area grows with the questions in it; its numbers show when pointed at."""
    r = max(MOST * sqrt(b.n / most), LEAST)
    if name == "one":
        shape, tag = f'cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"', "circle"
    else:
        shape = f'x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:.1f}" height="{2 * r:.1f}"'
        tag = "rect"
    return f'<{tag} class="{name}-mark" {shape}><title>{_words(b)}</title></{tag}>'


def _words(b: Bin) -> str:
    return f"forecast {100 * b.p:.3g}%, came true {100 * b.frequency:.3g}%, {b.n:,} questions"


def _told(one: Sequence[Bin], other: Sequence[Bin]) -> str:
    """Tell the figure to who cannot see it."""
    parts = ["Dashed: forecasts that come true as often as they say."]
    for bins, text in ((one, "Round, simulation"), (other, "Square, advised probability")):
        if bins:
            parts.append(f"{text}: {'; '.join(map(_words, bins))}.")
    return " ".join(parts)
