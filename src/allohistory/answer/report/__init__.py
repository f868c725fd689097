"""
The report: one self-contained HTML page of an answer, which needs nothing from outside.

What stands below the ranked table is written for the best way; the same parts of the other ways
ride along compressed, and choosing a row puts them in place. No style or handler is written into
an element, so that a strict content policy holds.
"""

import json
import zlib
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files

from allohistory.answer.report import ways
from allohistory.answer.report.bundle import assets, data_block
from allohistory.answer.report.html import blocks, text
from allohistory.answer.report.map import map_section
from allohistory.answer.report.network import network_section
from allohistory.answer.report.parts import beyond, closing, drawn, leading, parts, scholar
from allohistory.answer.report.shapes import World
from allohistory.answer.wording import Answer, best_id

ASSETS = files("allohistory.answer.report") / "assets"


MOST = 600_000
"""Bytes that a page should have at most."""


def asset(name: str) -> str:
    """Text of a file that the page needs."""
    return (ASSETS / name).read_text(encoding="utf-8")


def report(answer: Answer, world: World | None = None) -> str:
    """
    Write an answer as one HTML page.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    world : World, optional
        Another map than that of today's borders; its citation is listed with the sources.

    Returns
    -------
    str
        A page that opens from a file, asks nothing of any network, and is read in light, in dark,
        on a phone and in print. Where it would grow beyond `MOST`, fewer ways have a map.
    """
    mapped = dict(answer.get("atlases") or {})
    if world is not None and world.citation:
        answer = answer | {"drawn": [world.citation]}
    while len((page := _page(answer | {"atlases": mapped}, world)).encode()) > MOST and mapped:
        mapped.popitem()
    return page


def _page(answer: Answer, world: World | None) -> str:
    figures = assets()
    style, script = asset("report.css") + figures[0], asset("report.js") + figures[1]
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{text(answer['question'])}</title>",
            f"<style>{style}</style></head><body>",
            '<a class="skip" href="#main">Skip to the answer</a>',
            '<header class="page"><span class="mark">allo<b>history</b></span></header>',
            '<main id="main">',
            body(answer, world),
            "</main>",
            data(answer, world),
            f"<script>{script}</script></body></html>",
            "",
        ]
    )


def body(answer: Answer, world: World | None = None) -> str:
    """What the page shows, with the parts of the best way in place."""
    best = next((pod for pod in answer["pods"] if pod["id"] == best_id(answer)), None)
    slots = {
        name: f'<div class="slot" data-slot="{escape(name)}">{inner}</div>'
        for name, inner in (parts(answer, best, every=False) if best else {}).items()
    }
    figures = map_section(answer, world) + network_section(answer)
    if figures:
        unmapped = (
            '<p class="quiet" id="unmapped" hidden>The map is kept for the first ways of the table '
            "only, so that the page stays small: ask about this way alone to see its map.</p>"
        )
        slots["curve"] += f'<div id="figures">{figures}</div>{unmapped}'
    return "\n".join(
        [
            blocks(leading(answer)),
            '<section aria-labelledby="h-ways"><h2 id="h-ways">Ways there, best first</h2>',
            ways.table(answer) + "</section>",
            '<p class="quiet" id="chosen" role="status" aria-live="polite"></p>',
            *slots.values(),
            beyond(answer),
            blocks(closing(answer), folded=True),
            '<details class="scholar"><summary>For scholars: how it was computed</summary>'
            + scholar(answer)
            + "</details>",
        ]
    )


def data(answer: Answer, world: World | None = None) -> str:
    """What the scripts of the page read: the figures' data, and what the page does not show yet."""
    pods = {pod["id"]: parts(answer, pod) | drawn(answer, pod, world) for pod in answer["pods"]}
    best = best_id(answer)
    if best in pods:
        pods[best] = {"timeline": pods[best]["timeline"]}
    return data_block(answer) + packed(pods)


def packed(pods: dict[str, dict[str, str]]) -> str:
    """Write the parts of all ways, compressed, as an element of the page."""
    raw = json.dumps(pods, ensure_ascii=False, separators=(",", ":")).encode()
    data = b64encode(zlib.compress(raw, 9)).decode()
    return f'<script type="application/zlib" id="parts">{data}</script>'


def _digest(source: str) -> str:
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
