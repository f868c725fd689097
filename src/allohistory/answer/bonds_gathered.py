"""What the two are to each other in the worlds of a plan: shares, fates and years."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from allohistory.answer.bonds import sentence
from allohistory.answer.gather import Pool
from allohistory.chance import HIGH, LOW
from allohistory.chance import chance as interval
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH
from allohistory.model import terms as m
from allohistory.question.rungs import CODES, RUNGS, SECOND

Part = dict[str, Any]
HARDLY = 0.1
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
