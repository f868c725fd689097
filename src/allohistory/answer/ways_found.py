"""Blocks of what the search found: ways nobody listed, typical routes, what was needed."""

from collections.abc import Iterator
from typing import Any

from allohistory.answer import searched
from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.wording import Answer, chance, given, number, one_in, year
from allohistory.percent import percent

Part = dict[str, Any]
NEAR = 12


def found(answer: Answer) -> Iterator[Block]:
    """All that a search adds to an answer; nothing where none was made."""
    best = answer.get("best") or {}
    if not best.get("frontier") and not best.get("near"):
        return
    yield from ways(best)
    if best.get("no_return"):
        yield from searched.no_return(best["no_return"])
    yield from backward(best)
    if best.get("analogues"):
        yield from searched.analogues(best["analogues"])


def ways(best: Part) -> Iterator[Block]:
    """The frontier, what came near it, and the panel of years."""
    raced = best.get("raced") or {}
    yield Heading("Ways found by searching")
    yield Prose(
        f"{raced.get('candidates', 0):,} points of divergence and chains of them were tried, "
        f"{raced.get('runs', 0):,} worlds rolled. A way stands on the frontier when no cheaper one "
        "reaches the goal as often. Its chance is from worlds rolled anew after the race, so that "
        "a lucky race does not count."
    )
    rows = [(r, "frontier") for r in best.get("frontier") or []]
    rows += [(r, "near") for r in (best.get("near") or [])[:NEAR]]
    yield Grid(
        (
            Column("Way"),
            Column("Year", firm=True),
            Column("Price", firm=True),
            Column("Chance (90%)", firm=True),
            Column("Without (90%)", firm=True),
            Column("Where"),
        ),
        tuple(_way(row, where) for row, where in rows),
    )
    yield Prose(
        "Direct: it writes a treaty of the two itself. Listed: in the question already. Price in "
        "bits with what is assumed and the penalty of the window. "
        + " ".join(str(best[key]) for key in ("penalty", "note") if best.get(key)),
        quiet=True,
    )
    panel = [row for row in best.get("panel") or [] if row.get("since")]
    if panel:
        yield Heading("The best way that begins in a year or later", 3)
        yield Grid(
            (
                Column("From", firm=True),
                Column("Not direct"),
                Column("Chance (90%)", firm=True),
                Column("Direct"),
                Column("Chance (90%)", firm=True),
            ),
            tuple(_since(row) for row in panel),
        )


def _way(row: Part, where: str) -> tuple[str, ...]:
    marks = [where, *(word for word in ("direct", "listed") if row.get(word))]
    return (
        row["title"],
        year(row["year"]),
        f"{number(row.get('cost', row['bits']))} bits\n{one_in(row.get('one_in'))}",
        chance(row["p_goal"]),
        chance(row.get("p_base")),
        ", ".join(marks),
    )


def _since(row: Part) -> tuple[str, ...]:
    cells = [str(row["year"])]
    for key in ("since", "since_direct"):
        way = row.get(key)
        cells += [f"{way['title']} ({way['year']})", chance(way["p_goal"])] if way else ["-", "-"]
    return tuple(cells)


def backward(best: Part) -> Iterator[Block]:
    """Typical routes of the worlds that reach the goal, and what they had in common."""
    back, routes = best.get("backward") or {}, best.get("routes") or []
    if not back:
        return
    yield Heading("Worlds that get there from history as it was")
    feasible = back.get("feasible") or {}
    if feasible.get("says"):
        yield Prose(feasible["says"])
    if given((back.get("p_goal") or {}).get("p")):
        yield Prose(
            f"P(goal) by splitting: {_small(back['p_goal'])}; by plain runs: "
            f"{_small(back.get('plain') or {})}. Effective families of goal worlds: "
            f"{number(back.get('ess'))}."
        )
    if routes:
        yield Grid(
            (Column("Typical route"), Column("Share of goal worlds (90%)", firm=True)),
            tuple((row["name"], _share(row["share"], row)) for row in routes),
        )
    needed = best.get("necessity") or []
    if needed:
        yield Heading("What was needed", 3)
        yield Bullets(tuple(row["sentence"] for row in needed))
    lifts = best.get("lifts") or []
    if lifts:
        yield Heading("More or less common on the way than in all worlds", 3)
        yield Grid(
            (
                Column("Event"),
                Column("In goal worlds", right=True, firm=True),
                Column("In all", right=True, firm=True),
                Column("Times as common (90%)", firm=True),
            ),
            tuple(_lift(row) for row in lifts),
        )
        yield Prose("With few effective worlds a lift is a lead, not a finding.", quiet=True)


def _small(p: Part) -> str:
    if not given(p.get("p")):
        return "-"
    return f"{100 * p['p']:.2g}% ({100 * p['lo']:.2g} to {100 * p['hi']:.2g}%)"


def _share(p: float, row: Part) -> str:
    return f"{percent(p)} ({percent(row.get('lo'))} to {percent(row.get('hi'))})"


def _lift(row: Part) -> tuple[str, ...]:
    return (
        row["event"],
        percent(row.get("share")),
        percent(row.get("all")),
        f"{number(row['lift'])} ({number(row['lo'])} to {number(row['hi'])})",
    )
