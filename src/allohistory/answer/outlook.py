"""The blocks that tell what follows: quantities, reactions of third powers, a timeline."""

from collections.abc import Iterator
from typing import Any

from allohistory.answer.best import effects_grid
from allohistory.answer.blocks import Block, Column, Grid, Heading, Prose
from allohistory.answer.narrate import mentions
from allohistory.answer.wording import (
    CHANCE,
    MISSING,
    PERCENT,
    Answer,
    best_id,
    change,
    given,
    number,
    signed,
    tag,
    year,
)
from allohistory.percent import percent

_MOST_LINES = 6
_REACTIONS = (("ally", "Alliance"), ("dispute", "Dispute"), ("war", "War"), ("rival", "Rivalry"))


def _title(answer: Answer, pod: str | None) -> str:
    return next((str(row["title"]) for row in answer["pods"] if row["id"] == pod), "the divergence")


def follows(answer: Answer) -> Iterator[Block]:
    """Blocks of what follows from the alliance or its POD."""
    found = answer.get("follows")
    if not found:
        return
    yield Heading(f"What follows: {_title(answer, found.get('pod'))}")
    # Told already where the POD is the best one and has the same quantities.
    told = [row.get("effects") for row in answer["pods"] if row["id"] == best_id(answer)]
    if found.get("quantities") and found["quantities"] not in told:
        yield effects_grid(found["quantities"])
        yield Prose(f"Source: {tag(answer, 'follows')}. Effects with 90% interval.", quiet=True)
    if found.get("reactions"):
        yield Heading("How the powers react", 3)
        columns = (Column("Power and whom"), *(Column(name) for _, name in _REACTIONS))
        yield Grid(columns, tuple(_reaction(row) for row in found["reactions"]))
        yield Prose(
            "First line: chance with the divergence and, after the bar, in history's course. "
            f"Second line: effect in points with 90% interval. Source: {tag(answer, 'reactions')}.",
            quiet=True,
        )
    if found.get("shares"):
        yield Heading("Shares of the world's capability", 3)
        columns = (
            Column("State"),
            Column("Year", firm=True),
            Column("With", right=True, firm=True),
            Column("Without", right=True, firm=True),
            Column("Effect (90%)", firm=True),
        )
        yield Grid(columns, tuple(_share(row) for row in found["shares"]))
        yield Prose(
            f"Percent of the world; effects in points. Source: {tag(answer, 'shares')}.", quiet=True
        )


def _reaction(row: dict[str, Any]) -> tuple[str, ...]:
    return (f"{row['power']} and {row['with']}", *(_odds(row.get(key)) for key, _ in _REACTIONS))


def _odds(cell: dict[str, float] | None) -> str:
    if not cell or not given(cell.get("alternate")):
        return MISSING
    first = f"{percent(cell['alternate'])} | {percent(cell.get('baseline'))}"
    if not given(cell.get("effect")):
        return first
    if not (given(cell.get("lo")) and given(cell.get("hi"))):
        return f"{first}\n{signed(cell['effect'], CHANCE)} (interval unknown)"
    effect, lo, hi = (signed(cell[key], CHANCE) for key in ("effect", "lo", "hi"))
    return f"{first}\n{effect} ({lo} to {hi})"


def _share(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["state"],
        year(row.get("year")),
        number(row.get("alternate")),
        number(row.get("baseline")),
        change(row, PERCENT),
    )


def timeline(answer: Answer) -> Iterator[Block]:
    """Blocks of one typical alternate history beside the record."""
    found = answer.get("timeline")
    if not found or not found.get("rows"):
        return
    yield Heading(f"One typical alternate history: {_title(answer, found.get('pod'))}")
    columns = (
        Column("Year", firm=True),
        Column("In history"),
        Column("In this world"),
        Column("Because"),
    )
    rows, shown = found["rows"], _about(answer, found["rows"])
    parted = frozenset(n for n, row in enumerate(shown) if not row.get("same"))
    yield Grid(columns, tuple(_year(row) for row in shown), parted)
    if len(shown) < len(rows):
        left = len(rows) - len(shown)
        yield Prose(
            f"{left} years in which neither of the two has a part are left to answer.json."
            if left > 1
            else "A year in which neither of the two has a part is left to answer.json.",
            quiet=True,
        )
    decided = found.get("decided")
    if decided is not None:
        yield Prose(
            "Because: the strongest thing that moved the odds towards what happened and comes from "
            "the divergence; empty where the years are the same or only new luck parts them. "
            f"After {decided} all luck is new, so nothing here had to happen; how "
            "much each cause weighs is in answer.json.",
            quiet=True,
        )
    yield Prose(
        f"Run {found.get('run', MISSING)}, luck: {found.get('mode', MISSING)}. One run of many, "
        "not a forecast. In history: record; in this world: "
        f"{tag(answer, 'timeline')}.",
        quiet=True,
    )


def _about(answer: Answer, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in which one of the pair has a part, in either history, and the sentences on it."""
    ids = answer.get("pair_ids")
    if not ids:
        return rows
    out = []
    for row in rows:

        def kept(text: str, row: dict[str, Any] = row) -> bool:
            weighty = text in row.get("weighty", ())
            return weighty or any(mentions(text, i, row["year"]) for i in ids)

        actual = [text for text in row["actual"] if kept(text)]
        # The first line of the first row is the divergence in the question's own words.
        opening = int(bool(row.get("opens")))
        alternate = row["alternate"][:opening]
        alternate += [text for text in row["alternate"][opening:] if kept(text)]
        because = [text for text in row["because"] if kept(text)] if "causes" in row else None
        if row.get("same") and actual:
            out.append(row | {"actual": actual})
        elif actual or alternate:
            told = {} if because is None else {"because": because}
            out.append(row | {"actual": actual, "alternate": alternate} | told)
    return out


def _year(row: dict[str, Any]) -> tuple[str, ...]:
    # A year that is the same needs no cause, and a dash in every such row would only tire.
    alternate = "As in history" if row.get("same") else _told(row.get("alternate") or [])
    return (
        year(row["year"]),
        _told(row.get("actual") or []),
        alternate,
        _told(row.get("because") or [], ""),
    )


def _told(lines: list[str], otherwise: str = MISSING) -> str:
    more = len(lines) - _MOST_LINES
    if more > 1:
        lines = [*lines[:_MOST_LINES], f"(and {more} more)"]
    return "\n".join(lines) or otherwise
