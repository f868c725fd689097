"""Who is tied to whom: the powers of an answer on a circle, their pledges as lines."""

from html import escape
from itertools import combinations
from math import cos, pi, sin
from typing import Any

from allohistory.answer.report.controls import controls, spell, table
from allohistory.answer.report.scene import WORLDS, Scene, scene_of

WIDE, TALL, RADIUS, GAP = 720, 450, 165, 24
MOST_SWAPS, MOST_ROWS = 50, 60


def network_section(answer: dict[str, Any]) -> str:
    """
    Draw the pledges between the powers of an answer as an HTML fragment.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`; without an ``atlas`` there is nothing to draw.

    Returns
    -------
    str
        ``<section id="ah-network">``, or nothing.
    """
    scene = scene_of(answer)
    if scene is None:
        return ""
    return (
        '<section class="ah" id="ah-network" aria-labelledby="ah-network-head">\n'
        '<h2 id="ah-network-head">Who is tied to whom</h2>\n'
        f'<div data-slot="network">{network_slot(scene)}</div></section>\n'
    )


def network_slot(scene: Scene) -> str:
    """Build the figure with its controls and its table."""
    frame = f'<div class="ah-frame">{_svg(scene)}</div>\n{_key()}{_table(scene)}'
    return controls(scene, "network") + frame


def seating(scene: Scene) -> list[int]:
    """
    Order of the powers round the circle: those long tied sit together, in all years.

    Starts from the weight of ties and swaps two seats as long as that shortens the sum of
    distances along the circle, weighted by years.
    """
    powers = scene.powers()
    years: dict[tuple[int, int], int] = {}
    for world in WORLDS:
        for i, j, first, last, level in scene.ties(world):
            end = scene.atlas["to"] if last is None else last
            years[i, j] = years.get((i, j), 0) + (end - first + 1) * level

    def length(order: list[int]) -> int:
        at = {i: k for k, i in enumerate(order)}
        n = len(order)
        return sum(
            w * min(abs(at[i] - at[j]), n - abs(at[i] - at[j])) for (i, j), w in years.items()
        )

    order = list(powers)
    for _ in range(MOST_SWAPS):
        best, found = length(order), None
        for a, b in combinations(range(len(order)), 2):
            other = list(order)
            other[a], other[b] = other[b], other[a]
            if length(other) < best:
                best, found = length(other), other
        if found is None:
            break
        order = found
    return order


def seats(
    order: list[int], middle: tuple[float, float], radius: float
) -> dict[int, tuple[float, float]]:
    """Places on a circle, clockwise from above."""
    step = 2 * pi / max(len(order), 1)
    return {
        i: (middle[0] + radius * sin(k * step), middle[1] - radius * cos(k * step))
        for k, i in enumerate(order)
    }


def _svg(scene: Scene) -> str:
    year, world = scene.start, "alternate"
    places, kinds = seats(seating(scene), (WIDE / 2, TALL / 2), RADIUS), scene.kinds(world, year)
    lines = []
    for i, j in scene.dyads():
        level = scene.level(world, i, j, year)
        (x0, y0), (x1, y1) = places[i], places[j]
        same = kinds.get(i, ("",))[0] == kinds.get(j, ("-",))[0]
        slot = f" ah-c{kinds[i][0]}" if same and level == 2 else ""
        lines.append(
            f'<path class="ah-tie ah-l{level}{slot}" data-i="{i}" data-j="{j}" '
            f'd="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>\n'
        )
    nodes = [_node(scene, i, place, kinds) for i, place in places.items()]
    return (
        f'<svg class="ah-net" viewBox="0 0 {WIDE} {TALL}" role="img" '
        'aria-labelledby="ah-network-title ah-network-desc">'
        f'<title id="ah-network-title">Pledges between powers, {year}, alternate history</title>'
        '<desc id="ah-network-desc">The great powers and the pair asked about on a circle, '
        "coloured by bloc. Thick lines are pledges of defense or offense, thin dashed ones of "
        "consultation, neutrality or nonaggression. The table below tells the same in words."
        f"</desc>\n{''.join(lines)}{''.join(nodes)}</svg>"
    )


def _node(
    scene: Scene, i: int, place: tuple[float, float], kinds: dict[int, tuple[str, str]]
) -> str:
    x, y = place
    dx, dy = (x - WIDE / 2) / RADIUS, (y - TALL / 2) / RADIUS
    anchor = "start" if dx > 0.25 else "end" if dx < -0.25 else "middle"
    slot = kinds.get(i, ("n",))[0]
    pair = " ah-pair" if i in scene.atlas["pair"] else ""
    away = "" if scene.stands("alternate", i, scene.start) else " ah-away" if pair else " ah-off"
    return (
        f'<g class="ah-node ah-c{slot}{away}{pair}" data-i="{i}">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="13"/>'
        f'<text x="{x + GAP * dx:.1f}" y="{y + (GAP + 4) * dy + 5:.1f}" text-anchor="{anchor}">'
        f"{escape(scene.name(i, scene.start))}</text></g>\n"
    )


def _key() -> str:
    rows = (
        ("ah-tie ah-l2", "pledge of defense or offense (coloured inside a bloc)"),
        ("ah-tie ah-l1", "consultation, neutrality or nonaggression only"),
    )
    lines = "".join(
        '<li><svg class="ah-swatch" viewBox="0 0 24 16" aria-hidden="true">'
        f'<path class="{kind}" d="M1 8h22"/></svg><span>{text}</span></li>'
        for kind, text in rows
    )
    away = (
        '<li><svg class="ah-swatch" viewBox="0 0 24 24" aria-hidden="true">'
        '<g class="ah-node ah-cn ah-away"><circle cx="12" cy="12" r="9"/></g></svg>'
        "<span>not a state in this year</span></li>"
    )
    return f'<ul class="ah-key">{lines}{away}</ul>\n'


def _table(scene: Scene) -> str:
    """Treaties that bind two powers in some year, with their years in either history."""
    powers, end = set(scene.powers()), scene.atlas["to"]
    rows = []
    for treaty in scene.atlas["treaties"]:
        spells = [(r[0], r[1], [i for i in r[2] if i in powers]) for r in treaty["members"]]
        spells = [s for s in spells if s[2]]
        if len({i for s in spells for i in s[2]}) < 2:
            continue
        first = min(s[0] for s in spells)
        last = max(end if s[1] is None else s[1] for s in spells)
        who = "; ".join(
            ", ".join(scene.name(i, max(a, first)) for i in names)
            + ("" if (a, b or end) == (first, last) else f" ({spell(a, b, end)})")
            for a, b, names in spells
        )
        history = {"both": "Both"}.get(treaty["in"], treaty["in"].capitalize())
        kind = "strong" if treaty["level"] == 2 else "weak"
        rows.append([spell(first, last, end), treaty["name"], kind, who, history])
    rows.sort(key=lambda r: (r[0], r[1], r[4]))
    caption = "Treaties between powers (strong: defense or offense)"
    if len(rows) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(rows)}, the answer's data has all"
        rows = rows[:MOST_ROWS]
    return table(
        "Show treaties as table",
        caption,
        ["Years", "Treaty", "Kind", "Powers bound", "History"],
        rows,
    )
