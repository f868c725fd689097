"""Figures as files of their own: colours written in, for light paper, and a title to go with."""

import re
from html import escape
from textwrap import shorten, wrap
from typing import Any

from allohistory.answer.page import provenance_line, ranked
from allohistory.answer.report import figures
from allohistory.answer.wording import Answer

_SVG = re.compile(r'<svg class="broad" viewBox="0 0 (\d+) (\d+)"[^>]*>(.*?)</svg>', re.DOTALL)
_NAME = re.compile(r"[^A-Za-z0-9-]+")
_CLASS = re.compile(r' class="([^"]*)"')
_INK, _SOFT, _RULE, _ONE, _OTHER = "#1d1d1b", "#57564f", "#d9d6cb", "#0072b2", "#57564f"
# The report's colours on white paper, as attributes: style sheets are not for every program.
_STYLES = {
    "grid": f'stroke="{_RULE}" fill="none"',
    "band": f'fill="{_ONE}" fill-opacity="0.18" stroke="none"',
    "alternate": f'stroke="{_ONE}" stroke-width="2.5" fill="none"',
    "actual": f'stroke="{_OTHER}" stroke-width="2" stroke-dasharray="6 5" fill="none"',
    "whisker": f'stroke="{_ONE}" stroke-width="4" opacity="0.55"',
    "dot": f'fill="{_ONE}"',
    "ring": f'fill="#ffffff" stroke="{_OTHER}" stroke-width="2"',
    "named": 'font-weight="700" font-size="14"',
    "alternate-name": 'fill="#005f95"',
    "actual-name": f'fill="{_SOFT}"',
}
_FONT = "DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif"
_HEAD, _FOOT, _EDGE = 64, 40, 16
_MOST, _LONG = 66, 112
"""Letters that fit on a line of a figure: of the title, of the small print."""
_CURVE = "Chance that a firm pact is in force. Band: 90% interval. Dashed: without the divergence."
_FRONTIER = "Chance of the goal by price. The line joins ways that no other beats in both."
ZOOM = 2.0


def figures_of(answer: Answer) -> dict[str, str]:
    """
    Every figure of the report as stand-alone SVG, by name.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    """
    out = {}
    for pod in ranked(answer):
        drawn = _SVG.search(figures.curve(pod))
        if drawn:
            out[f"curve-{_NAME.sub('-', pod['id'])}"] = _whole(drawn, pod["title"], _CURVE, answer)
    # The price of a way is all its bits, those that its steps state as well.
    priced = [
        pod | {"bits": (pod.get("bits") or 0.0) + (pod.get("stated_bits") or 0.0)}
        for pod in answer["pods"]
    ]
    drawn = _SVG.search(figures.frontier(_best(priced), priced))
    if drawn:
        out["frontier"] = _whole(drawn, "Ways by price and chance", _FRONTIER, answer)
    return out


def _best(pods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ways that no other beats in both price and chance."""
    found: list[dict[str, Any]] = []
    for pod in sorted(pods, key=lambda p: (p.get("bits") or 0.0, -(p["p_goal"].get("p") or 0.0))):
        if not found or (pod["p_goal"].get("p") or 0.0) > (found[-1]["p_goal"].get("p") or 0.0):
            found.append(pod)
    return found


def _whole(drawn: re.Match[str], title: str, told: str, answer: Answer) -> str:
    wide, tall = int(drawn[1]) + 2 * _EDGE, int(drawn[2]) + _HEAD + _FOOT
    short = shorten(title, _MOST, placeholder="…")
    foot = wrap(provenance_line(answer), _LONG)[:2]
    inner = _CLASS.sub(_inlined, _kept(drawn[3]))
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" '
            f'viewBox="0 0 {wide} {tall}" role="img" font-family="{_FONT}">'
        ),
        f"<title>{_text(title)}</title>",
        f"<desc>{_text(answer['question'])}</desc>",
        f'<rect width="{wide}" height="{tall}" fill="#ffffff"/>',
        _line(30, 16, short, f'font-weight="700" fill="{_INK}"'),
        _line(50, 12, told, f'fill="{_SOFT}"'),
        f'<g transform="translate({_EDGE} {_HEAD})" font-size="13" fill="{_SOFT}">{inner}</g>',
        *(_line(tall - 24 + 14 * n, 10, row, f'fill="{_SOFT}"') for n, row in enumerate(foot)),
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _line(y: int, size: int, text: str, style: str) -> str:
    return f'<text x="{_EDGE}" y="{y}" font-size="{size}" {style}>{_text(text)}</text>'


def _inlined(found: re.Match[str]) -> str:
    styles = [_STYLES[name] for name in found[1].split() if name in _STYLES]
    return f" {' '.join(styles)}" if styles else ""


def _text(value: str) -> str:
    """Text that XML may hold: no control characters, no lone surrogates, nothing of its own."""
    return escape(_kept(value), quote=False)


def _kept(value: str) -> str:
    return "".join(c if c.isprintable() else " " for c in value)


def lettered() -> bool:
    """Whether there is a font to draw letters with; without one they are left out in silence."""
    paper = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">{}</svg>'
    word = f'<text x="5" y="20" font-family="{_FONT}" font-size="16">Aa</text>'
    return png(paper.format(word)) != png(paper.format(""))


def png(svg: str) -> bytes:
    """
    Draw an SVG at twice its size.

    Raises
    ------
    ImportError
        resvg is not installed.
    """
    import resvg_py  # noqa: PLC0415 - an extra that need not be there

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM))
