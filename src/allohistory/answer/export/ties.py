"""The circle of powers on paper: history and the typical world side by side, at some years."""

from typing import Any

from allohistory.answer.export.maps import ALIKE, HEADS, Key, years
from allohistory.answer.export.paper import INK, SOFT, colour, colours, legend, line, sheet, text
from allohistory.answer.report.network import seating, seats
from allohistory.answer.report.scene import POWER, WORLDS, Scene
from allohistory.answer.wording import Answer

HALF, TALL, RADIUS, GAP = 540, 390, 130, 18


def circles(answer: Answer, pod: dict[str, Any], scene: Scene) -> dict[Key, str]:
    """Every circle of a way, by kind and name."""
    out, order = {}, seating(scene)
    for year in years(scene, answer.get("horizon") or 0):
        one = year < scene.atlas["parts"]
        out["network", one, str(year)] = _sheet(answer, pod, scene, order, year)
    return out


def _sheet(answer: Answer, pod: dict[str, Any], scene: Scene, order: list[int], year: int) -> str:
    one, parts, told, low = year < scene.atlas["parts"], [], [], 0.0
    for n, which in enumerate(("actual",) if one else WORLDS):
        head = HEADS["both" if one else which]
        x = HALF * n
        parts.append(line(x, 12, 14, f"{head}, {year}", f'font-weight="700" fill="{INK}"'))
        parts.append(f'<g transform="translate({x} 16)">{_circle(scene, order, which, year)}</g>')
        listed, y = legend(_blocs(scene, which, year), TALL + 20, x, HALF - 16)
        parts.append(listed)
        low = max(low, y)
        told.append(f"{head}: {_words(scene, which, year)}")
    key, low = legend(_key(), low + 8, 0, HALF)
    parts.append(key)
    title = f"Who is tied to whom, {year}"
    size = (HALF if one else 2 * HALF, round(low))
    return sheet(
        "".join(parts), size, title, ALIKE if one else pod["title"], answer, more=" ".join(told)
    )


def _circle(scene: Scene, order: list[int], which: str, year: int) -> str:
    kinds = scene.kinds(which, year)
    places = seats(order, (HALF / 2, TALL / 2), RADIUS)
    lines: list[tuple[int, str]] = []
    for i, j in scene.dyads():
        level = scene.level(which, i, j, year)
        if not level:
            continue
        (x0, y0), (x1, y1) = places[i], places[j]
        same = level == 2 and i in kinds and j in kinds and kinds[i][0] == kinds[j][0]
        ink = colour(kinds[i][0], POWER) if same else colours()["dim"]
        style = 'stroke-width="4"' if level == 2 else 'stroke-width="1.3" stroke-dasharray="5 4"'
        lines.append(
            (
                level,
                (
                    f'<path fill="none" stroke="{ink}" stroke-linecap="round" {style} '
                    f'd="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>'
                ),
            )
        )
    nodes = [_node(scene, i, place, which, year) for i, place in places.items()]
    # Thin lines lie above thick ones, which would hide them.
    return "".join(mark for _, mark in sorted(lines, reverse=True)) + "".join(nodes)


def _node(scene: Scene, i: int, place: tuple[float, float], which: str, year: int) -> str:
    """Draw a power; one that is none in the year is left out, unless it is of the pair."""
    there, mine = scene.stands(which, i, year), i in scene.atlas["pair"]
    if not there and not mine:
        return ""
    x, y = place
    dx, dy = (x - HALF / 2) / RADIUS, (y - TALL / 2) / RADIUS
    anchor = "start" if dx > 0.25 else "end" if dx < -0.25 else "middle"
    slot = scene.kinds(which, year).get(i, ("n", ""))[0]
    ring = (
        f'fill="{colour(slot, POWER)}" stroke="#ffffff" stroke-width="2"'
        if there
        else f'fill="#ffffff" stroke="{SOFT}" stroke-dasharray="3 3"'
    )
    bold = ' font-weight="700"' if mine else ""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" {ring}/>'
        f'<text x="{x + GAP * dx:.1f}" y="{y + (GAP + 4) * dy + 5:.1f}" font-size="13" '
        f'text-anchor="{anchor}" fill="{INK if there else SOFT}"{bold}>'
        f"{text(scene.name(i, year))}</text>"
    )


def _blocs(scene: Scene, which: str, year: int) -> list[tuple[str, str, str]]:
    found = sorted(scene.blocs(which, year), key=lambda b: int(b["slot"]))
    out = [
        (
            f'<circle cx="7" cy="7" r="7" fill="{colour(str(b["slot"]), POWER)}"/>',
            b["name"],
            ", ".join(scene.name(i, year) for i in b["powers"]),
        )
        for b in found
    ]
    return out or [("", "", "No blocs in this year.")]


def _words(scene: Scene, which: str, year: int) -> str:
    """Tell the pledges of a year: who is bound to whom, strongly and weakly."""
    told = []
    for level, kind in ((2, "defense or offense"), (1, "consultation, neutrality, nonaggression")):
        dyads = [
            f"{scene.name(i, year)} and {scene.name(j, year)}"
            for i, j in scene.dyads()
            if scene.level(which, i, j, year) == level
        ]
        told.append(f"{kind}: {', '.join(dyads) or 'none'}")
    return "; ".join(told) + "."


def _key() -> list[tuple[str, str, str]]:
    dim, ring = colours()["dim"], f'fill="#ffffff" stroke="{SOFT}" stroke-dasharray="3 3"'
    return [
        (
            f'<path fill="none" stroke="{dim}" stroke-width="4" d="M0 7H14"/>',
            "",
            "pledge of defense or offense (in the bloc's colour inside one)",
        ),
        (
            (
                f'<path fill="none" stroke="{dim}" stroke-width="1.3" stroke-dasharray="5 4" '
                'd="M0 7H14"/>'
            ),
            "",
            "consultation, neutrality or nonaggression only",
        ),
        (f'<circle cx="7" cy="7" r="6" {ring}/>', "", "not a state in this year"),
        ("", "", "Great powers and the pair asked about (bold), coloured by bloc."),
    ]
