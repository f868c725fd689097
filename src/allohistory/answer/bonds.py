"""Allied, or one under the other: what the two are to each other, and from which year on."""

from collections.abc import Iterator, Sequence
from typing import Any

from allohistory.answer.blocks import Block, Column, Grid, Heading, Prose
from allohistory.answer.wording import chance
from allohistory.percent import percent
from allohistory.question.rungs import ALLIED, CLIENT, IN_PART, RUNGS, TAKEN, UNDER

Part = dict[str, Any]
WORTH_A_TABLE = 0.05
"""Share of worlds in which one comes under the other, from which on the years are tabled."""
STEP, AT_FIRST = 10, 5


def sentence(found: Part, pair: Sequence[str]) -> str:
    """
    Say it in words.

    Examples
    --------
    >>> p = {"p": 0.0, "lo": 0.0, "hi": 0.02}
    >>> sentence({"under": p, "year": None}, ("Japan", "China"))
    'In no world rolled does one of the two come under the other (at most 2%).'
    """
    when = found["year"]
    if when is None:
        most = percent(found["under"]["hi"])
        return f"In no world rolled does one of the two come under the other (at most {most})."
    weak = found["who"]
    strong = next(name for name in pair if name != weak)
    middle = f"half of them by {when['median']}"
    if when["lo"] < when["hi"]:
        middle += f", nine of ten between {when['lo']} and {when['hi']}"
    elif found["under"]["p"] >= WORTH_A_TABLE:
        middle = f"in {when['lo']}"
    if found["under"]["p"] < WORTH_A_TABLE:
        return (
            f"In {chance(found['under'])} of worlds one of the two comes under the other "
            f"({middle}); in {chance(found['taken'])} it is taken over whole."
        )
    how = f"{weak} comes under {strong}"
    it = "It"
    if not found["alone"]:
        how, it = f"one comes under the other, mostly {weak} under {strong}", "One"
    text = f"In {chance(found['under'])} of worlds {how}: {middle}"
    if found["assumed"]:
        text += ", because a step of this point of divergence puts it there (assumed, not found)"
    last = found["by_year"][-1]
    under = sum(last[name] for name in RUNGS[UNDER:])
    return (
        f"{text}. {it} is taken over whole in {chance(found['taken'])}, and its own master again "
        f"by {last['year']} in {chance(found['own'])}. In that year the two are allied in "
        f"{percent(last[RUNGS[ALLIED]])} of worlds, and one is under the other in {percent(under)}."
    )


def told(pod: Part) -> Iterator[Block]:
    """Blocks on the bond of the two in one way; none where an older answer has no numbers."""
    found = pod.get("bond")
    if not found:
        return
    yield Heading("Allied, or one under the other", 3)
    yield Prose(found["sentence"])
    if found["under"]["p"] < WORTH_A_TABLE:
        return
    shown = (IN_PART, CLIENT, TAKEN)
    rows = [
        (
            str(row["year"]),
            percent(row["apart"]),
            percent(row["pledged"]),
            percent(row["allied"]),
            *(percent(row[RUNGS[k]]) for k in shown),
        )
        for row in _some(found["by_year"])
    ]
    columns = (
        Column("Year", firm=True),
        Column("No pledge", right=True),
        Column("Lesser pledge", right=True),
        Column("Allied", right=True),
        Column("Held in part", right=True),
        Column("Client", right=True),
        Column("Taken over", right=True),
    )
    yield Grid(columns, tuple(rows))
    yield Prose(
        "Share of worlds. Allied: a pledge of defense or offense, neither under the other. Client: "
        "its leader was brought in by the other (for ten years, longer while pledged to it; heirs "
        "who come in by rule count). Held in part: a fiftieth or more of its people under the "
        "other. By the same rule Korea is Japan's ally in 1904 and taken over in 1905, Mongolia a "
        "client of Moscow from 1936, and Portugal never one of Britain.",
        quiet=True,
    )


def _some(rows: Sequence[Part]) -> list[Part]:
    """Both ends, the fifth year, and every tenth from then on."""
    last = len(rows) - 1
    return [r for n, r in enumerate(rows) if n in (0, AT_FIRST, last) or n % STEP == 0]
