"""Script, style and data that the figures share."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from allohistory.answer.report.scene import Scene, scene_of

DATA = "ah-data"
"""Id of the data block."""


@cache
def assets() -> tuple[str, str]:
    """Style and script of the figures, as text for one ``<style>`` and one ``<script>``."""
    here = files("allohistory.answer.report") / "assets"
    css, js = (here.joinpath(name).read_text(encoding="utf-8") for name in ("map.css", "map.js"))
    return css, js


def data_block(answer: dict[str, Any]) -> str:
    """What the script reads, as a ``<script>`` that browsers do not run; empty without an atlas."""
    scene = scene_of(answer)
    if scene is None:
        return ""
    return f'<script type="application/json" id="{DATA}">{data(scene)}</script>\n'


def data(scene: Scene) -> str:
    """What the script reads of a scene, with nothing in it that looks like a script's end."""
    text = json.dumps(scene.shown(), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
