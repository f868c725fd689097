"""Allied, or one under the other: what the two are to each other, and from which year on."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from allohistory.answer.blocks import Block, Column, Grid, Heading, Prose
from allohistory.answer.gather import Pool
from allohistory.answer.wording import chance, percent
from allohistory.chance import HIGH, LOW
from allohistory.chance import chance as interval
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH
from allohistory.model import terms as m
from allohistory.question.bond import ALLIED, CLIENT, CODES, IN_PART, RUNGS, SECOND, TAKEN, UNDER

Part = dict[str, Any]
WORTH_A_TABLE = 0.05
"""Share of worlds in which one comes under the other, from which on the years are tabled."""
HARDLY = 0.1
STEP, AT_FIRST = 10, 5
_FATES = ("first", "second", "taken", "own")
_DECIDES = frozenset({m.PATRON_TO, m.EXIT, m.EXIT_TO})
"""Choices of a state that put it under another when a question sets them."""


def bond(pool: Pool, plan: Plan, pair: Sequence[str], hashes: Collection[int]) -> Part:
    """
    What the two are to each other under a plan.

    Parameters
    ----------
    pool : Pool
    plan : Plan
    pair : sequence of str
        Names of the two.
    hashes : collection of int
        Theirs in addresses (`Geography.state_hash`).

    Returns
    -------
    dict
        ``by_year`` (share of worlds on each rung of `bond.RUNGS`), ``under`` (that one of them
        ever comes under the other), ``taken`` (is ever taken over), ``own`` (came under and is
        its own master at the end), all with intervals; ``who`` mostly comes under
        (``alone``: in hardly any world the other), in which ``year`` (median, with 90% of worlds
        between ``lo`` and ``hi``), and whether the plan itself puts it there (``assumed``).
    """
    side = pool.side(plan.id, FRESH.name, "alternate")
    shares = side.sums["bond"].sum(axis=0) / side.many
    codes = np.array(CODES)
    rungs = [shares[:, codes % SECOND == k].sum(axis=1) for k in range(len(RUNGS))]
    fates = {name: side.by_draw("fate", k) for k, name in enumerate(_FATES)}
    first, second = (fates[name][0].sum() for name in ("first", "second"))
    found: Part = {
        "from": plan.first,
        "by_year": [
            {"year": plan.first + y}
            | {name: round(float(share[y]), 4) for name, share in zip(RUNGS, rungs, strict=True)}
            for y in range(len(shares))
        ],
        "under": interval(fates["first"][0] + fates["second"][0], fates["first"][1]),
        "taken": interval(*fates["taken"]),
        "own": interval(*fates["own"]),
        "who": pair[int(second > first)],
        "alone": bool(min(first, second) <= HARDLY * (first + second)),
        "year": _year(side.under, plan.first),
        "assumed": any(
            c.process in _DECIDES and c.force and c.first in hashes for c in plan.changes
        ),
    }
    return found | {"sentence": sentence(found, pair)}


def _year(counts: Counter[int], first: int) -> dict[str, int] | None:
    if not counts:
        return None
    years = np.repeat(sorted(counts), [counts[y] for y in sorted(counts)]) + first
    low, middle, high = np.quantile(years, [LOW, 0.5, HIGH], method="inverted_cdf")
    return {"median": int(middle), "lo": int(low), "hi": int(high)}


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
    if not found["alone"]:
        how = f"one comes under the other, mostly {weak} under {strong}"
    text = f"In {chance(found['under'])} of worlds {how}: {middle}"
    if found["assumed"]:
        text += ", because a step of this way puts it there (assumed, not found)"
    last = found["by_year"][-1]
    under = sum(last[name] for name in RUNGS[UNDER:])
    return (
        f"{text}. It is taken over whole in {chance(found['taken'])}, and its own master again by "
        f"{last['year']} in {chance(found['own'])}. In that year the two are allied in "
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
            percent(row["pledged"] + row["allied"]),
            *(percent(row[RUNGS[k]]) for k in shown),
        )
        for row in _some(found["by_year"])
    ]
    columns = (
        Column("Year", firm=True),
        Column("No pledge", right=True),
        Column("Allied or pledged", right=True),
        Column("Held in part", right=True),
        Column("Client", right=True),
        Column("Taken over", right=True),
    )
    yield Grid(columns, tuple(rows))
    yield Prose(
        "Share of worlds. Client: its leader was brought in by the other (for ten years, longer "
        "while pledged to it; heirs who come in by rule count). Held in part: a fiftieth or more "
        "of its people under the other. By the same rule Korea is Japan's ally in 1904 and taken "
        "over in 1905, Mongolia a client of Moscow from 1936, and Portugal never one of Britain.",
        quiet=True,
    )


def _some(rows: Sequence[Part]) -> list[Part]:
    """Both ends, the fifth year, and every tenth from then on."""
    last = len(rows) - 1
    return [r for n, r in enumerate(rows) if n in (0, AT_FIRST, last) or n % STEP == 0]
