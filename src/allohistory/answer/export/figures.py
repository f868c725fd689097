"""Every figure of the report as a file of its own."""

import re
from textwrap import shorten
from typing import Any

from allohistory.answer.export import maps, paper, ties
from allohistory.answer.export.paper import ONE, OTHER, RULE, SOFT, sheet
from allohistory.answer.page import ranked
from allohistory.answer.report import figures
from allohistory.answer.report.scene import scene_of
from allohistory.answer.report.shapes import World
from allohistory.answer.report.ways import scale
from allohistory.answer.wording import Answer, best_id, chance

_SVG = re.compile(r'<svg class="broad" viewBox="0 0 (\d+) (\d+)"[^>]*>(.*?)</svg>', re.DOTALL)
_DOTS = re.compile(r"<svg[^>]*>(.*)</svg>")
_ROW = 26
_NAME = re.compile(r"[^A-Za-z0-9-]+")
_CLASS = re.compile(r' class="([^"]*)"')
# The report's colours on white paper.
_STYLES = {
    "grid": f'stroke="{RULE}" fill="none"',
    "band": f'fill="{ONE}" fill-opacity="0.18" stroke="none"',
    "alternate": f'stroke="{ONE}" stroke-width="2.5" fill="none"',
    "actual": f'stroke="{OTHER}" stroke-width="2" stroke-dasharray="6 5" fill="none"',
    "whisker": f'stroke="{ONE}" stroke-width="4" opacity="0.55"',
    "dot": f'fill="{ONE}"',
    "ring": f'fill="#ffffff" stroke="{OTHER}" stroke-width="2"',
    "named": 'font-weight="700" font-size="14"',
    "alternate-name": 'fill="#005f95"',
    "actual-name": f'fill="{SOFT}"',
}
_CURVE = "Chance that a firm pact is in force. Band: 90% interval. Dashed: without the divergence."
_FRONTIER = "Chance of the goal by price. The line joins ways that no other beats in both."
_SEARCHED = (
    "Chance of the goal by price. Dashed: ways that write no treaty of the two. Rings: listed."
)
ZOOM = 2.0


def figures_of(answer: Answer, world: World | None = None) -> dict[str, str]:
    """
    Every figure of the report as stand-alone SVG, by name.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    world : World, optional
        Another map than that of today's borders.
    """
    out = {}
    for pod in ranked(answer):
        drawn = _SVG.search(figures.curve(pod))
        if drawn:
            out[f"curve-{_named(pod)}"] = _whole(drawn, pod["title"], _CURVE, answer)
    # The price of a way is all its bits, those that its steps state as well.
    priced = [
        pod | {"bits": (pod.get("bits") or 0.0) + (pod.get("stated_bits") or 0.0)}
        for pod in answer["pods"]
    ]
    if answer["pods"]:
        out["ways"] = _ways(answer)
    drawn = _SVG.search(figures.frontier(_best(priced), priced))
    if drawn:
        out["frontier"] = _whole(drawn, "Ways by price and chance", _FRONTIER, answer)
    best = answer.get("best") or {}
    drawn = _SVG.search(figures.frontier(best.get("frontier") or [], best.get("own") or []))
    if drawn:
        title = "Ways by price and chance, those searched for as well"
        out["frontier-searched"] = _whole(drawn, title, _SEARCHED, answer)
    return out | _atlases(answer, world)


def _ways(answer: Answer) -> str:
    """Draw every way's chance on its interval, and history's: the marks of the report's table."""
    calm = answer.get("baseline", {}).get("p_goal")
    rows = [(p["title"], p["p_goal"], (p.get("p_base") or {}).get("p")) for p in ranked(answer)]
    if calm:
        rows.append(("Nothing changes (history)", calm, None))
    end = scale(answer)
    parts = []
    for n, (title, found, base) in enumerate(rows):
        y = 4 + n * _ROW
        short = shorten(paper.kept(title), 60, placeholder="…")
        parts.append(paper.line(0, y + 13, 12, short, f'fill="{paper.INK}"'))
        inner = _DOTS.sub(r"\1", figures.dots(found, base, end))
        marks = _CLASS.sub(_inlined, inner)
        parts.append(f'<g transform="translate(446 {y - 3}) scale(1.35)">{marks}</g>')
        told = f'fill="{SOFT}"'
        parts.append(paper.line(668, y + 13, 12, chance(found), told))
    size = (820, 8 + _ROW * len(rows))
    lead = f"Dot: chance of the goal. Bar: 90% interval. Ring: without. From 0 to {100 * end:.3g}%."
    return sheet("".join(parts), size, "Ways by chance", lead, answer)


def _atlases(answer: Answer, world: World | None) -> dict[str, str]:
    """Maps and circles of every way that has an atlas, the best way's first."""
    best = best_id(answer)
    out: dict[str, str] = {}
    for pod in ranked(answer):
        kept = answer.get("atlas") if pod["id"] == best else None
        scene = scene_of({"atlas": kept or (answer.get("atlases") or {}).get(pod["id"])})
        if scene is not None:
            drawn = maps.maps(answer, pod, scene, world) | ties.circles(answer, pod, scene)
            for (kind, shared, rest), svg in drawn.items():
                # Before they part, the histories of all ways are one.
                way = "" if shared else f"{_named(pod)}-"
                out.setdefault(f"{kind}-{way}{rest}", svg)
    return out


def _named(pod: dict[str, Any]) -> str:
    return _NAME.sub("-", pod["id"])


def _best(pods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ways that no other beats in both price and chance."""
    found: list[dict[str, Any]] = []
    for pod in sorted(pods, key=lambda p: (p.get("bits") or 0.0, -(p["p_goal"].get("p") or 0.0))):
        if not found or (pod["p_goal"].get("p") or 0.0) > (found[-1]["p_goal"].get("p") or 0.0):
            found.append(pod)
    return found


def _whole(drawn: re.Match[str], title: str, told: str, answer: Answer) -> str:
    inner = _CLASS.sub(_inlined, paper.kept(drawn[3]))
    return sheet(inner, (int(drawn[1]), int(drawn[2])), title, told, answer)


def _inlined(found: re.Match[str]) -> str:
    styles = [_STYLES[name] for name in found[1].split() if name in _STYLES]
    return f" {' '.join(styles)}" if styles else ""


def lettered() -> bool:
    """Whether there is a font to draw letters with; without one they are left out in silence."""
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">{}</svg>'
    word = f'<text x="5" y="20" font-family="{paper.FONT}" font-size="16">Aa</text>'
    return png(empty.format(word)) != png(empty.format(""))


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
