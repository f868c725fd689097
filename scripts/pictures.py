#!/usr/bin/env python3
"""
Draw the pictures of docs/how-it-works.md: abduction, kappa and bits.

    python scripts/pictures.py

They are computed from the formulas of the page, so that picture and text cannot part.
"""

from math import exp, log2
from pathlib import Path
from xml.sax.saxutils import escape

from allohistory.answer.diagram import STYLE
from allohistory.engine.luck import DEAD_ZONE

OUT = Path(__file__).resolve().parents[1] / "docs" / "figures"
WIDE = 480
LEFT, RIGHT = 40.0, 440.0
KAPPAS = (0.5, 1.0, 2.0)


def main() -> None:
    """Write all three."""
    for name, draw in (("abduction", abduction), ("kappa", kappa), ("bits", bits)):
        (OUT / f"how-{name}.svg").write_text(draw(), encoding="utf-8")


def page(tall: int, title: str, told: str, lines: list[str]) -> str:
    """Frame of a picture, with what a screen reader says."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" width="{WIDE}" '
        f'height="{tall}" role="img" aria-labelledby="title desc">'
    )
    top = [f'<title id="title">{escape(title)}</title>', f'<desc id="desc">{escape(told)}</desc>']
    return "\n".join([head, *top, f"<style>{STYLE}</style>", *lines, "</svg>"]) + "\n"


def text(x: float, y: float, said: str, anchor: str = "start") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def at(share: float) -> float:
    """Place of a share of the breadth."""
    return LEFT + share * (RIGHT - LEFT)


def bar(y: float, one: float, other: float, kind: str) -> str:
    """Part of a bar between two shares."""
    breadth = at(other) - at(one)
    return f'<rect class="{kind}" x="{at(one):.1f}" y="{y}" width="{breadth:.1f}" height="18"/>'


def abduction() -> str:
    """Luck between 0 and 1, what history tells of it, and the same luck under other odds."""
    then, now, luck = 0.30, 0.55, 0.42
    lines = [
        text(LEFT, 18, f"In history: a chance of {then:.0%} that a dispute begins. None began."),
        bar(26, 0, then, "other-mark"),
        bar(26, then, 1, "grid"),
        text(at(then / 2), 58, "begins", "middle"),
        text(at((1 + then) / 2), 58, f"none: so luck lay here, {then:.2f} to 1", "middle"),
        text(LEFT, 92, f"Changed: the same luck, and now a chance of {now:.0%}."),
        bar(100, 0, now, "other-mark"),
        bar(100, now, 1, "grid"),
        text(at(now / 2), 132, "begins", "middle"),
        text(at((1 + now) / 2), 132, "none", "middle"),
        f'<path class="one" stroke-width="2" d="M{at(luck):.1f} 26V80m0 16V122"/>',
        f'<circle class="one-mark" cx="{at(luck):.1f}" cy="72" r="4"/>',
        text(at(luck) + 8, 76, f"luck of one run: {luck}"),
    ]
    told = (
        f"At a chance of {then:.0%} and no dispute, luck must have been above {then:.2f}. One run "
        f"drew {luck}. At {now:.0%} the same luck lets it begin; luck above {now:.2f} would "
        "not."
    )
    return page(142, "Abduction: history tells the range of its luck", told, lines)


def fresh(by: float, moved: float) -> float:
    """Chance that a choice gets new luck."""
    return 1 - exp(-by * max(moved - DEAD_ZONE, 0))


def kappa() -> str:
    """Chance of new luck over how far a choice's log odds moved."""
    foot, head, far = 200.0, 30.0, 3.0

    def place(moved: float, chance: float) -> str:
        return f"{at(moved / far):.1f} {foot - chance * (foot - head):.1f}"

    lines = [
        text(LEFT, 16, "chance that a choice gets new luck"),
        f'<path class="grid" d="M{LEFT} {head}V{foot}H{RIGHT}"/>',
        text(LEFT - 6, head + 4, "1", "end"),
        text(LEFT - 6, foot, "0", "end"),
        *(text(at(moved / far), foot + 16, f"{moved:g}", "middle") for moved in (0, 1, 2, 3)),
        text((LEFT + RIGHT) / 2, foot + 32, "how far its log odds moved", "middle"),
    ]
    for by in KAPPAS:
        points = [far * k / 60 for k in range(61)]
        path = "L".join(place(moved, fresh(by, moved)) for moved in points)
        lines.append(f'<path class="one" fill="none" stroke-width="2" d="M{path}"/>')
        x, y = map(float, place(1.2, fresh(by, 1.2)).split())
        lines.append(text(x + 6, y + 14, f"kappa {by:g}"))
    edge = '<path class="other" fill="none" stroke-width="2" d="M{}"/>'
    lines += [
        edge.format(f"{place(DEAD_ZONE, 0)}V{head}H{RIGHT}"),
        text(RIGHT, head - 6, "kappa infinite: all that moved", "end"),
        edge.format(f"{LEFT} {foot}H{RIGHT}"),
        text(RIGHT, foot - 6, "kappa 0: none", "end"),
    ]
    said = "; ".join(f"kappa {by:g}: {fresh(by, 1):.0%}" for by in KAPPAS)
    told = f"Chance of new luck where log odds moved by 1: {said}; at 0 none, at infinity all."
    return page(240, "Kappa: how easily luck is stirred", told, lines)


def bits() -> str:
    """Surprises of a chain laid end to end, over chances that halve."""
    chain, far = ((1 / 8, "first step"), (1 / 16, "second step, given the first")), 10
    lines, since = [], 0.0
    for number, (chance, said) in enumerate(chain):
        price = -log2(chance)
        y = 24 + 44 * number
        kind = ("one-mark", "other-mark")[number % 2]
        lines += [
            bar(y, since / far, (since + price) / far, kind),
            text(at(since / far), y - 6, f"{said}: 1 in {1 / chance:g}, {price:g} bits"),
        ]
        since += price
    foot = 24 + 44 * len(chain)
    lines += [
        f'<path class="grid" d="M{LEFT} {foot}H{RIGHT}M{at(since / far):.1f} 68V{foot}"/>',
        *(text(at(bit / far), foot + 15, f"{bit}", "middle") for bit in range(0, far + 1, 2)),
        *(
            text(at(bit / far), foot + 30, f"1 in {2**bit:,}" if bit else "sure", "middle")
            for bit in range(0, far + 1, 2)
        ),
        text(at(since / far) + 6, foot - 8, f"the chain: {since:g} bits, 1 in {2**since:g}"),
    ]
    told = f"Steps of 3 and 4 bits, end to end, reach {since:g} bits: 1 in {2**since:g}."
    return page(foot + 40, "Bits: surprises add along a chain", told, lines)


if __name__ == "__main__":
    main()
