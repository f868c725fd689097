"""
The sheet a figure stands on: light paper, colours written in, nothing from outside.

Colours stand in attributes, because style sheets are not for every program.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from textwrap import shorten, wrap

from allohistory.answer.page import provenance_line
from allohistory.answer.report.bundle import assets
from allohistory.answer.wording import Answer

INK, SOFT, RULE, ONE, OTHER = "#1d1d1b", "#57564f", "#d9d6cb", "#0072b2", "#57564f"
FONT = "DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif"
EDGE = 16
HEAD, FOOT = 64, 40
_TITLE, _TOLD, _PRINT = 10.9, 7.2, 6.42
"""Widths of a letter of the title, the line below it and the small print, on the wide side."""
_COLOUR = re.compile(r"--ah-([\w-]+): (#[0-9a-f]+)")


def sheet(
    picture: str, size: tuple[int, int], title: str, told: str, answer: Answer, *, more: str = ""
) -> str:
    """
    Put a picture on a sheet.

    Parameters
    ----------
    picture : str
        SVG, with its colours.
    size : (int, int)
        Width and height of the picture.
    title, told : str
        What it is, and in a line how it is read.
    answer : dict
        See `allohistory.answer`.
    more : str
        What a reader is told who cannot see it; the question always is.
    """
    wide, tall = size[0] + 2 * EDGE, size[1] + HEAD + FOOT
    short = shorten(title, int(size[0] / _TITLE), placeholder="…")
    foot = wrap(provenance_line(answer), int(size[0] / _PRINT))[:2]
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" '
            f'viewBox="0 0 {wide} {tall}" role="img" font-family="{FONT}">'
        ),
        f"<title>{text(title)}</title>",
        f"<desc>{text(' '.join(filter(None, (answer['question'], more))))}</desc>",
        f'<rect width="{wide}" height="{tall}" fill="#ffffff"/>',
        line(EDGE, 30, 16, short, f'font-weight="700" fill="{INK}"'),
        line(EDGE, 50, 12, shorten(told, int(size[0] / _TOLD), placeholder="…"), f'fill="{SOFT}"'),
        f'<g transform="translate({EDGE} {HEAD})" font-size="13" fill="{SOFT}">{picture}</g>',
        *(line(EDGE, tall - 24 + 14 * n, 10, row, f'fill="{SOFT}"') for n, row in enumerate(foot)),
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def line(x: float, y: float, size: int, words: str, style: str) -> str:
    """Draw a line of text."""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" {style}>{text(words)}</text>'


def rows(words: str, size: int, wide: float, most: int = 99) -> Iterator[str]:
    """Break a text into lines that fit a width; the last of those allowed ends in dots."""
    letters = max(int(wide / (0.54 * size)), 8)
    found = wrap(kept(words), letters, max_lines=most, placeholder=" …")
    yield from found or [""]


def text(value: str) -> str:
    """Text that XML may hold: no control characters, no lone surrogates, nothing of its own."""
    return escape(kept(value), quote=False)


def kept(value: str) -> str:
    """Text without what cannot be printed."""
    return "".join(c if c.isprintable() else " " for c in value)


@cache
def colours() -> dict[str, str]:
    """Colours of the report's maps on light paper, by their name in its style sheet."""
    light = assets()[0].partition("@media")[0]
    return dict(_COLOUR.findall(light))


def colour(slot: str, tone: str) -> str:
    """Colour of a bloc's slot, or of nobody's ("n"): of powers, allies, dependencies, occupied."""
    if slot == "n":
        return colours()["nd" if tone in "do" else "np"]
    return colours()[slot + ("d" if tone == "o" else tone)]


def legend(
    entries: Sequence[tuple[str, str, str]], y: float, x: float, wide: float
) -> tuple[str, float]:
    """
    List what marks stand for, one below the other.

    Parameters
    ----------
    entries : sequence of (str, str, str)
        A mark of 14 by 14 pixels as SVG, a name in bold, and words after it.
    y, x, wide : float
        Where it begins, and how wide it may be.

    Returns
    -------
    str
        SVG.
    float
        Where it ends.
    """
    out = []
    for mark, name, words in entries:
        out.append(f'<g transform="translate({x:g} {y + 2:g})">{mark}</g>')
        # Bold letters are wider: the words begin where the name's would end if all were wide.
        told = list(rows(f"{name}{': ' if name and words else ''}{words}", 12, wide - 22, most=3))
        for n, row in enumerate(told):
            inner, style = text(row), f'fill="{SOFT}"'
            head = f"{name}:" if words else name
            if n == 0 and name and row.startswith(head):
                rest = text(row.removeprefix(head))
                inner = f'<tspan font-weight="700" fill="{INK}">{text(head)}</tspan>{rest}'
            out.append(f'<text x="{x + 22:g}" y="{y + 13:g}" font-size="12" {style}>{inner}</text>')
            y += 16
        y += 4
    return "".join(out), y
