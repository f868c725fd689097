"""Blocks of bounds, point of no return and analogues; the parts are made in `search`."""

from collections.abc import Iterator
from typing import Any

from allohistory.answer.blocks import Block, Column, Grid, Heading, Prose
from allohistory.answer.wording import MISSING, chance, listed, number, plot, top
from allohistory.percent import percent

Part = dict[str, Any]
_EVERY = 10


def bounds(part: Part, title: str) -> Iterator[Block]:
    """
    Blocks of one point of divergence under all conventions.

    Parameters
    ----------
    part : dict
        See `search.bounds.bounds`.
    title : str
        Of the point of divergence.
    """
    rows = part.get("rows") or []
    if not rows:
        return
    scale = top([row["hi"] for row in rows])
    yield Heading(f"How much of it is convention: {title}")
    yield Prose(part["sentence"])
    yield Grid(
        (Column("Setting"), Column("Chance (90%)", firm=True, plot=True)),
        tuple((row["words"], f"{chance(row)}\n{plot(row, scale)}") for row in rows),
    )
    yield Prose(
        "No record can say how much of history's luck a changed world keeps, nor how the same luck "
        "would have chosen under other odds. The two rows coupled against and for the goal carry "
        "the pair's own choices (treaties founded, left or lapsed, disputes, rivalry) to the ends "
        "of what any coupling allows, one by one; each is taken to help or to harm the goal.",
        quiet=True,
    )


def no_return(part: Part) -> Iterator[Block]:
    """
    Blocks of the chance from each year of history on.

    Parameters
    ----------
    part : dict
        See `search.no_return.no_return`.
    """
    rows = part.get("by_year") or []
    if not rows:
        return
    named = {part["best"]["year"], part["last_cheap"], rows[-1]["year"]}
    named |= {row["year"] for row in rows if row["bits_found"] is not None}
    some = [row for row in rows if row["year"] % _EVERY == 0 or row["year"] in named]
    scale = top([row["hi"] for row in some])
    yield Heading("Point of no return: the chance from each year of history on")
    yield Prose(part["sentence"])
    yield Grid(
        (
            Column("History to", right=True, firm=True),
            Column("Chance (90%)", firm=True, plot=True),
            Column("Even chance: at least", firm=True),
            Column("found", right=True, firm=True),
        ),
        tuple(_year(row, scale) for row in some),
    )
    yield Prose(part["rule"], quiet=True)
    yield Prose(
        "An even chance: no event that makes the goal as likely as not has fewer bits, whatever it "
        "is; found: the cheapest that the search found to begin in the next year.",
        quiet=True,
    )


def _year(row: Part, scale: float) -> tuple[str, ...]:
    least = row["bits_least"]
    if least is None:
        price = f"more than {number(row['bits_lo'])} bits"
    else:
        high = "" if row["bits_hi"] is None else f"-{number(row['bits_hi'])}"
        ends = f"{number(row['bits_lo'])}{high}" if high else f"{number(row['bits_lo'])} or more"
        price = f"{number(least)} bits ({ends})"
    found = MISSING if row["bits_found"] is None else f"{number(row['bits_found'])} bits"
    return str(row["year"]), f"{chance(row)}\n{plot(row, scale)}", price, found


def analogues(part: Part) -> Iterator[Block]:
    """
    Blocks of reference classes and of the nearest cases.

    Parameters
    ----------
    part : dict
        See `search.analogues.analogues`.
    """
    classes = [row for row in part.get("classes") or [] if row["base"] is not None]
    if not classes:
        return
    yield Heading("What became of others: former enemies in the record")
    yield Prose(part["sentence"])
    years, horizon = part["years"], part["horizon"]
    yield Grid(
        (
            Column("Other dyads that"),
            Column("Dyads", right=True, firm=True),
            Column("Allied later", firm=True),
            Column(f"{years} years within {horizon} (90%)", firm=True),
            Column("under no stronger third power (90%)", firm=True),
            Column("10 / 20 / 30 years", firm=True),
        ),
        tuple(_class(row) for row in classes),
    )
    yield Prose(
        "Allied: a pledge of defense or offense, begun after the dyad qualified. The base rate "
        "counts dyads whose whole horizon the record holds; the last column is how long the first "
        "alliance lasted (right-censored). Dyads in one camp are no independent cases, so that "
        "the intervals are too narrow; the goal asks for more than an alliance.",
        quiet=True,
    )
    yield Grid(
        (
            Column("Nearest"),
            Column("Distance", right=True, firm=True),
            Column("Wars and rivalry"),
            Column("Alliance"),
        ),
        tuple(_case(row) for row in part["nearest"]),
    )
    yield Prose(part["rule"], quiet=True)


def _class(row: Part) -> tuple[str, ...]:
    lasted = " / ".join(percent(r["p"]) for r in row["durations"]) or MISSING
    return (
        row["words"],
        str(row["n"]),
        f"{row['allied']} ({percent(row['share']['p'])})",
        f"{row['met']} of {row['cases']}\n{chance(row['base'])}",
        f"{row['own']}\n{chance(row['own_base'])}",
        lasted,
    )


def _span(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}-"
    return str(first) if first == last else f"{first}-{last}"


def _after(years: int) -> str:
    if years == 0:
        return "while at odds"
    return "a year after" if years == 1 else f"{years} years after"


def _case(row: Part) -> tuple[str, ...]:
    wars = [f"{w['name']} ({_span(w['from'], w['to'])})" for w in row["wars"]]
    rivals = [f"rivals {_span(r['from'], r['to'])}" for r in row["rivalries"]]
    alliances = [
        f"{_span(a['from'], a['to'])}: {a['treaties'][0]} ({_after(a['after'])})"
        for a in row["alliances"]
    ]
    return (
        listed(row["pair"]),
        number(row["distance"]),
        "\n".join([*wars, *rivals]) or MISSING,
        "\n".join(alliances) or "none",
    )
