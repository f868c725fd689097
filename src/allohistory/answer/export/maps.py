"""
The map of blocs on paper: history above, the typical world below, at some years.

Years by rule (`years`): the atlas's first, that in which the report's figures open, half the
horizon after the decision, and the last. Close-ups are of the year in which the figures open.
"""

from typing import Any

from allohistory.answer.export.crop import Box, absolute, cropped, drawn, within
from allohistory.answer.export.paper import (
    INK,
    RULE,
    SOFT,
    colour,
    colours,
    legend,
    line,
    rows,
    sheet,
)
from allohistory.answer.report.map import HATCH, SLOTS, TONES, VIEWS, arc, view_box
from allohistory.answer.report.scene import ALLY, DEPENDENCY, OCCUPIED, POWER, WORLDS, Scene
from allohistory.answer.report.shapes import World, today
from allohistory.answer.wording import Answer

WIDE = 960
HEADS = {
    "both": "Both histories",
    "actual": "History",
    "alternate": "A typical world of this way",
}
ALIKE = "Before the first change: history and every other world are still one."
Key = tuple[str, bool, str]
"""Kind of figure, whether it is the same for all ways, and what else its name says."""


def years(scene: Scene, horizon: int) -> list[int]:
    """Years drawn: first, opening, half the horizon after the decision, last."""
    atlas = scene.atlas
    middle = min(atlas["decided"] + horizon // 2, atlas["to"])
    return sorted({atlas["from"], scene.start, middle, atlas["to"]})


def maps(answer: Answer, pod: dict[str, Any], scene: Scene, world: World | None) -> dict[Key, str]:
    """Every map of a way, by kind and name."""
    shapes, out = world or today(), {}
    shown = [(year, "World") for year in years(scene, answer.get("horizon") or 0)]
    shown += [(scene.start, view) for view in VIEWS if view != "World"]
    for year, view in shown:
        one = year < scene.atlas["parts"]
        name = str(year) + ("" if view == "World" else f"-{view.lower().replace(' ', '-')}")
        out["map", one, name] = _sheet(answer, pod, scene, shapes, (year, view))
    return out


def _sheet(
    answer: Answer, pod: dict[str, Any], scene: Scene, shapes: World, at: tuple[int, str]
) -> str:
    year, view = at
    parts, y, told = [_patterns(shapes, view)], 0.0, []
    one = year < scene.atlas["parts"]
    for which in ("actual",) if one else WORLDS:
        head = HEADS["both" if one else which]
        parts.append(line(0, y + 12, 14, f"{head}, {year}", f'font-weight="700" fill="{INK}"'))
        panel, tall = _panel(scene, shapes, which, year, view)
        parts.append(f'<g transform="translate(0 {y + 22:g})">{panel}</g>')
        listed, y = legend(_blocs(scene, which, year), y + tall + 30, 0, WIDE)
        parts.append(listed)
        told.append(f"{head}: {_words(scene, which, year)}")
        y += 12
    key, y = legend(_tones(), y, 0, WIDE)
    parts.append(key)
    for row in rows(f"{shapes.note} A bloc is told from treaties alone.", 11, WIDE):
        parts.append(line(0, y + 12, 11, row, f'fill="{SOFT}"'))
        y += 15
    title = f"Blocs on the map, {year}" + ("" if view == "World" else f": {view}")
    lead = ALIKE if one else pod["title"]
    return sheet("".join(parts), (WIDE, round(y) + 4), title, lead, answer, more=" ".join(told))


def _panel(scene: Scene, shapes: World, which: str, year: int, view: str) -> tuple[str, float]:
    box = view_box(view, shapes.height)
    x0, y0, wide, high = map(float, box.split())
    unit, tall = wide / WIDE, WIDE * high / wide
    # A little more than is shown, so that no stroke runs along the frame.
    edge = (x0 - 9 * unit, y0 - 9 * unit, x0 + wide + 9 * unit, y0 + high + 9 * unit)
    near = wide < shapes.width
    dots, kinds = [], scene.kinds(which, year)
    land: dict[tuple[str, bool], list[str]] = {}
    for shape in shapes.shapes:
        if not (shape.first or 0) <= year <= (shape.last or 9999):
            continue
        fill = scene.fill(which, shape.unit, year, kinds)
        path = cropped(shape.path, edge) if near else shape.path
        if path:
            # Land of one fill is one path: drawing a pattern for each shape takes long.
            land.setdefault((fill, shape.zone), []).append(path)
        if shape.dot is not None and not (near and not _holds(edge, shape.dot)):
            x, y = shape.dot
            size = 1.5 if fill[0] == "n" else 2.25
            dots.append(f'<circle cx="{x}" cy="{y}" r="{size * unit:.1f}" fill="{colour(*fill)}"/>')
    faint = ("", ' stroke-opacity="0.3"')
    paths = [
        f'<path fill="url(#f{fill})"{faint[zone]} d="{"".join(rings)}"/>'
        for (fill, zone), rings in sorted(land.items())
    ]
    paint, sea, lines = colours(), shapes.outline, ""
    if near:
        sea = drawn(within(absolute(sea), edge))
    else:
        lines = (
            f'<path fill="none" stroke="{paint["line"]}" stroke-width="{0.5 * unit:.2f}" '
            f'd="{shapes.graticule}"/>'
        )
    return (
        f'<svg width="{WIDE}" height="{tall:.0f}" viewBox="{box}">'
        f'<path fill="{paint["sea"]}" d="{sea}"/>{lines}'
        f'<g stroke="{paint["coast"]}" stroke-width="{0.6 * unit:.2f}" stroke-linejoin="round">'
        f"{''.join(paths)}</g>{''.join(dots)}{_arcs(scene, which, year, unit)}</svg>"
        f'<rect width="{WIDE}" height="{tall:.0f}" fill="none" stroke="{RULE}"/>'
    ), tall


def _holds(box: Box, place: tuple[int, int]) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]


def _arcs(scene: Scene, which: str, year: int, unit: float) -> str:
    """Arcs of the powers pledged to each other in the year, and their capitals."""
    mark, pair, bound, out = colours()["mark"], set(scene.atlas["pair"]), set(), []
    for i, j in scene.dyads(2):
        if scene.level(which, i, j, year) == 2:
            bound |= {i, j}
            size = 3 if {i, j} == pair else 1.5
            out.append(
                f'<path fill="none" stroke="{mark}" stroke-width="{size * unit:.1f}" '
                f'stroke-linecap="round" d="{arc(scene.seat(i, year), scene.seat(j, year))}"/>'
            )
    for i in sorted(bound):
        x, y = scene.seat(i, year)
        out.append(f'<circle cx="{x}" cy="{y}" r="{2.5 * unit:.1f}" fill="{mark}"/>')
    return "".join(out)


def _patterns(shapes: World, view: str) -> str:
    """Fills by slot and tone: hatches tell the slots apart without colour."""
    scale = float(view_box(view, shapes.height).split()[2]) / WIDE
    out = []
    for slot in [*map(str, range(SLOTS)), "n"]:
        for tone in TONES:
            for name, size in ((f"f{slot}{tone}", scale), (f"k{slot}{tone}", 1.0)):
                out.append(
                    f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse" '
                    f'patternTransform="scale({size:g})">{_tile(slot, tone)}</pattern>'
                )
    return f"<defs>{''.join(out)}</defs>"


def _tile(slot: str, tone: str) -> str:
    parts = [f'<rect width="8" height="8" fill="{colour(slot, tone)}"/>']
    if slot != "n":
        faint = "" if tone == POWER else ' opacity="0.55"'
        ink = colours()[slot + ("h" if tone == POWER else "p")]
        parts.append(
            f'<path fill="none" stroke="{ink}" stroke-width="1.3"{faint} d="{HATCH[int(slot)]}"/>'
        )
    if tone == OCCUPIED:
        parts.append(f'<circle cx="4" cy="4" r="1.7" fill="{colours()["mark"]}"/>')
    return "".join(parts)


def _swatch(fill: str) -> str:
    return f'<rect width="14" height="14" rx="2" fill="url(#k{fill})" stroke="{RULE}"/>'


def _bow() -> str:
    mark = colours()["mark"]
    return f'<path fill="none" stroke="{mark}" stroke-width="1.5" d="M0 12Q7 -2 14 12"/>'


def _blocs(scene: Scene, which: str, year: int) -> list[tuple[str, str, str]]:
    """Legend of the blocs of a year."""
    out = []
    for bloc in sorted(scene.blocs(which, year), key=lambda b: int(b["slot"])):
        words = ", ".join(scene.name(i, year) for i in bloc["powers"])
        if bloc["allies"]:
            words += f"; allies: {', '.join(scene.name(i, year) for i in bloc['allies'])}"
        out.append((_swatch(f"{bloc['slot']}{POWER}"), bloc["name"], words))
    return out or [("", "", "No blocs in this year.")]


def _words(scene: Scene, which: str, year: int) -> str:
    return "; ".join(f"{name} ({words})" if name else words
                     for _, name, words in _blocs(scene, which, year))  # fmt: skip


def _tones() -> list[tuple[str, str, str]]:
    """Legend of what the tones mean, on one line."""
    marks, x = [], 0
    entries = (
        (f"n{POWER}", "no bloc", 78),
        (f"0{ALLY}", "paler: an ally of a bloc's powers", 242),
        (f"0{DEPENDENCY}", "palest: dependency", 156),
        (f"0{OCCUPIED}", "dotted: occupied or client", 204),
        ("", "arc: pledge of defense or offense", 0),
    )
    for fill, words, wide in entries:
        told = line(22, 11, 12, words, f'fill="{SOFT}"')
        marks.append(
            f'<g transform="translate({x} 0)">{_swatch(fill) if fill else _bow()}{told}</g>'
        )
        x += wide
    return [("".join(marks), "", "")]
