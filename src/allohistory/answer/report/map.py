"""The map of blocs: whose land lies in which bloc, year by year, in either history."""

from html import escape
from itertools import pairwise
from typing import Any

from allohistory.answer.report import equal_earth as ee
from allohistory.answer.report.controls import controls, spell, table
from allohistory.answer.report.scene import HELD, NOBODY, WORLDS, Scene, scene_of
from allohistory.answer.report.shapes import Shape, World, today
from allohistory.record.tables import load

SLOTS = 6
TONES = "pado"
VIEWS = {
    "World": (0, 0, ee.WIDTH),
    "Europe": (17.0, 51.0, 1850),
    "East Asia": (104.0, 30.0, 2900),
}
"""The whole map, or longitude, latitude and width of a view in units of the map."""
HATCH = (
    "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "M-2 6l4 4M0 0l8 8M6-2l4 4",
    "M0 4h8",
    "M4 0v8",
    "M0 4h8M4 0v8",
    "M4 1v2M3 2h2M0 5v2M-1 6h2M8 5v2M7 6h2",
)
"""One for each slot, so that blocs are told apart without colour; pixels of a tile of 8."""
BEND = 0.2
MOST_ROWS = 30
"""Rows of the table of differing land: decades on, nearly all of it differs."""


def map_section(answer: dict[str, Any], world: World | None = None) -> str:
    """
    Draw the map of an answer as an HTML fragment.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`; without an ``atlas`` there is nothing to draw.
    world : World, optional
        Another map than that of today's borders: its shapes may hold for some years only.

    Returns
    -------
    str
        ``<section id="ah-map">``, or nothing.
    """
    scene = scene_of(answer)
    if scene is None:
        return ""
    shapes = world or today()
    return (
        '<section class="ah" id="ah-map" aria-labelledby="ah-map-head">\n'
        '<h2 id="ah-map-head">Blocs on the map</h2>\n'
        f'<div data-slot="map-controls">{controls(scene, "map")}</div>{_views()}'
        f'<div class="ah-frame">{_svg(scene, shapes)}</div>\n'
        f'<p class="ah-told" data-ah-pointed data-slot="map-told">{_hint(scene)}</p>\n'
        f'<div data-slot="map-below">{_below(scene, shapes)}</div></section>\n'
    )


def map_slots(scene: Scene, world: World | None = None) -> dict[str, str]:
    """Build the parts of the map that differ from world to world, by slot."""
    return {
        "map-controls": controls(scene, "map"),
        "map-arcs": _arcs(scene),
        "map-told": _hint(scene),
        "map-below": _below(scene, world or today()),
    }


def _below(scene: Scene, world: World) -> str:
    return f"{_legend(scene)}{_notes(scene, world)}{_table(scene)}{_moved(scene)}"


def view_box(name: str, height: int) -> str:
    """ViewBox of a view; all have the proportions of the whole map."""
    lon, lat, wide = VIEWS[name]
    if wide == ee.WIDTH:
        return f"0 0 {ee.WIDTH} {height}"
    x, y = ee.place(lon, lat)
    tall = wide * height / ee.WIDTH
    return f"{x - wide / 2:.0f} {y - tall / 2:.0f} {wide} {tall:.0f}"


def _views() -> str:
    buttons = "".join(
        f'<button type="button" data-ah-view="{view_box(name, ee.HEIGHT)}" '
        f'aria-pressed="{"true" if name == "World" else "false"}">{name}</button>'
        for name in VIEWS
    )
    return f'<div class="ah-views" role="group" aria-label="Part of the map">{buttons}</div>\n'


def _patterns() -> str:
    out = []
    for slot in [*map(str, range(SLOTS)), "n"]:
        for tone in TONES:
            hatch = "" if slot == "n" else f'<path class="h" d="{HATCH[int(slot)]}"/>'
            dots = '<circle cx="4" cy="4" r="1.7"/>' if tone == "o" else ""
            out.append(
                f'<pattern id="ah-f{slot}{tone}" class="ah-s{slot} ah-t{tone}" width="8" '
                f'height="8" patternUnits="userSpaceOnUse" patternTransform="scale(10)">'
                f'<rect width="8" height="8"/>{hatch}{dots}</pattern>'
            )
    return "".join(out)


def _svg(scene: Scene, world: World) -> str:
    year, kinds = scene.start, scene.kinds("alternate", scene.start)
    land, dots = [], []
    for shape in world.shapes:
        fill = scene.fill("alternate", shape.unit, year, kinds)
        land.append(_land(shape, fill, year))
        dots.append(_dot(shape, fill, year))
    text = (
        "World map in the Equal Earth projection. Land is coloured and hatched by the bloc of "
        "the state that holds it in the year chosen; arcs join the capitals of powers pledged to "
        "defend each other. The table below tells the same in words."
    )
    return (
        f'<svg class="ah-world" viewBox="{view_box("World", world.height)}" role="img" '
        'aria-labelledby="ah-map-title ah-map-desc">'
        f'<title id="ah-map-title">Blocs on the map, {year}, alternate history</title>'
        f'<desc id="ah-map-desc">{text}</desc><defs>{_patterns()}</defs>\n'
        f'<path class="ah-sea" d="{world.outline}"/><path class="ah-grid" d="{world.graticule}"/>\n'
        f'<g class="ah-land">{"".join(land)}</g>\n'
        f'<g class="ah-dots">{"".join(dots)}</g>\n<g data-slot="map-arcs">{_arcs(scene)}</g></svg>'
    )


def _when(shape: Shape, year: int) -> tuple[str, str]:
    """Attributes that say when a shape is shown, and the class that hides it."""
    if shape.first is None and shape.last is None:
        return "", ""
    first, last = shape.first or 0, shape.last or 9999
    hidden = "" if first <= year <= last else " ah-off"
    return f' data-first="{first}" data-last="{last}"', hidden


def _land(shape: Shape, fill: str, year: int) -> str:
    if not shape.path:
        return ""
    when, hidden = _when(shape, year)
    zone = " data-zone" if shape.zone else ""
    return (
        f'<path class="ah-f{fill}{hidden}" data-u="{escape(shape.unit)}" '
        f'data-n="{escape(shape.name)}"{zone}{when} d="{shape.path}"/>\n'
    )


def _dot(shape: Shape, fill: str, year: int) -> str:
    if shape.dot is None:
        return ""
    when, hidden = _when(shape, year)
    x, y = shape.dot
    return (
        f'<path class="ah-f{fill}{hidden}" data-u="{escape(shape.unit)}" '
        f'data-n="{escape(shape.name)}"{when} d="M{x} {y}h0"/>\n'
    )


def arc(one: tuple[int, int], other: tuple[int, int]) -> str:
    """
    Path of an arc between two places, bent upwards.

    Examples
    --------
    >>> arc((0, 100), (200, 100))
    'M0 100Q100 60 200 100'
    """
    (x0, y0), (x1, y1) = sorted((one, other))
    x, y = (x0 + x1) / 2 + BEND * (y1 - y0), (y0 + y1) / 2 - BEND * (x1 - x0)
    return f"M{x0} {y0}Q{x:.0f} {y:.0f} {x1} {y1}"


def _arcs(scene: Scene) -> str:
    """One path for each dyad of powers that is ever pledged to defense; shown in its years."""
    year, out, bound = scene.start, [], set()
    dyads = scene.dyads(2)
    pair = set(scene.atlas["pair"])
    for i, j in dyads:
        now = scene.level("alternate", i, j, year) == 2
        bound |= {i, j} if now else set()
        mine = " ah-pair" if {i, j} == pair else ""
        out.append(
            f'<path class="ah-arc{mine}{"" if now else " ah-off"}" data-i="{i}" data-j="{j}" '
            f'd="{arc(scene.seat(i, year), scene.seat(j, year))}"/>\n'
        )
    for i in sorted({i for dyad in dyads for i in dyad}):
        x, y = scene.seat(i, year)
        hidden = "" if i in bound else " ah-off"
        out.append(f'<path class="ah-seat{hidden}" data-i="{i}" d="M{x} {y}h0"/>\n')
    return "".join(out)


def _names(scene: Scene, states: list[int], year: int) -> str:
    return ", ".join(scene.name(i, year) for i in states)


def swatch(fill: str) -> str:
    """Draw a small square with the fill of a class."""
    return (
        '<svg class="ah-swatch ah-hatched" viewBox="0 0 180 180" aria-hidden="true">'
        f'<rect class="ah-f{fill}" width="{ee.WIDTH}" height="{ee.WIDTH}"/></svg>'
    )


def _legend(scene: Scene) -> str:
    """One line for each slot, filled in for the year chosen, and what the tones mean."""
    found = {str(b["slot"]): b for b in scene.blocs("alternate", scene.start)}
    rows = []
    for slot in map(str, range(SLOTS)):
        bloc = found.get(slot)
        name, who = "", ""
        if bloc:
            name, who = bloc["name"], _names(scene, bloc["powers"], scene.start)
            if bloc["allies"]:
                who += f"; allies: {_names(scene, bloc['allies'], scene.start)}"
        rows.append(
            f'<li data-ah-slot="{slot}"{"" if bloc else " hidden"}>{swatch(slot + "p")}'
            f"<span><b>{escape(name)}</b> <span>{escape(who)}</span></span></li>\n"
        )
    tones = "".join(
        f"<li>{swatch(fill)}<span>{text}</span></li>"
        for fill, text in (
            ("np", "no bloc"),
            ("0a", "paler: an ally of a bloc's powers"),
            ("0d", "palest: dependency"),
            ("0o", "dotted: occupied or client"),
        )
    )
    arcs = (
        '<li><svg class="ah-swatch" viewBox="0 0 16 16" aria-hidden="true">'
        '<path class="ah-arc" d="M1 13Q8 0 15 13"/></svg>'
        "<span>pledge of defense or offense between powers</span></li>"
    )
    return (
        f'<ul class="ah-legend" aria-live="polite" aria-label="Blocs of the year">{"".join(rows)}'
        f'</ul>\n<ul class="ah-key">{tones}{arcs}</ul>\n'
    )


def _hint(scene: Scene) -> str:
    return (
        f"Both histories are the same up to {scene.atlas['parts'] - 1}. "
        "Point at a land to read who holds it."
    )


def _notes(scene: Scene, world: World) -> str:
    borders = f"{escape(world.note, quote=False)} " if world.note else ""
    pair = " and ".join(scene.name(i, scene.start) for i in scene.atlas["pair"])
    return (
        f'<p class="ah-note">{borders}Alternate history is one typical world of many. A bloc is '
        "told from treaties alone: great powers (and "
        f"{escape(pair)}) of whose dyads at least half are pledged to defense or offense, none "
        "of them rivals or at war; or one power with three clients. It is named for its oldest "
        "common treaty, or its powers. Antarctica is left out.</p>\n"
    )


def _table(scene: Scene) -> str:
    end, rows = scene.atlas["to"], []
    for world in WORLDS:
        for bloc in scene.atlas[world]["blocs"]:
            for first, last, name in bloc["names"]:
                spells = []
                for kind in (2, 1):
                    who = {
                        m[0] for m in bloc["members"]
                        if m[3] == kind and m[1] <= (last or end) and first <= (m[2] or end)
                    }  # fmt: skip
                    spells.append(_names(scene, sorted(who), first))
                rows.append([world.capitalize(), spell(first, last, end), name, *spells])
    caption = "Blocs by years, and who belonged to them in some of these years"
    heads = ["History", "Years", "Bloc", "Powers", "Allies"]
    return table("Show blocs as table", caption, heads, rows)


def _moved(scene: Scene) -> str:
    """Land that does not have the same holder in both histories, as a table."""
    names = {u.unit: u.name for u in load().units}
    found: dict[tuple[str, ...], list[str]] = {}
    for world in WORLDS:
        for unit in scene.atlas["alternate"]["land"]:
            changes = scene.atlas[world]["land"].get(unit, [])
            for (_, before, _), (year, owner, held) in pairwise(changes):
                giver = scene.name(before, year) if before != NOBODY else "independent or other"
                taker = scene.name(owner, year) if owner != NOBODY else "independent or other"
                how = HELD[held] if owner != NOBODY else ""
                key = (str(year), giver, taker, how, world.capitalize())
                found.setdefault(key, []).append(names[unit])
    rows = [
        [key[4], key[0], ", ".join(sorted(land)), *key[1:4]] for key, land in sorted(found.items())
    ]
    caption = "Land that changes hands otherwise than in the other history"
    if len(rows) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(rows)} changes, the answer's data has all"
        rows = rows[:MOST_ROWS]
    heads = ["History", "Year", "Land", "From", "To", "Held as"]
    return table("Show differing land as table", caption, heads, rows) if rows else ""
