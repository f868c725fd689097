"""From the totals of the runs to the parts of an answer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.answer.advised import ASKED, advised
from allohistory.answer.probe import RELATIONS, SHARE_YEARS
from allohistory.answer.totals import Side, Totals, median
from allohistory.answer.work import POWERS, Ask, Found, Unit, code, quantity_names, units
from allohistory.chance import chance, effect, survival
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.surprise import price
from allohistory.counterfactual.twin import FRESH
from allohistory.question import goals
from allohistory.question.yardstick import RULES

Part = dict[str, Any]
PREDICATES = {
    "independent": goals.M_INDEPENDENT,
    "firm": goals.M_FIRM,
    "lasting": goals.M_LASTING,
    "closest": goals.M_CLOSEST,
    "not excluded": goals.M_ALLOWED,
}
SURVIVAL_YEARS = (1, 5, 10, 15, 20, 30, 40)
BASELINE = ""
"""Stands for the plain baseline where an id of a plan is asked for; no plan has it."""


class Pool:
    """
    What the units of an ask came to.

    Parameters
    ----------
    ask : Ask
    totals : mapping of int or str to Totals
        By year of a baseline, or id of a plan.
    """

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.totals = {key_of(u): Totals(ask.draws) for u in units(ask)}
        self.decided = {BASELINE: ask.start} | {p.id: p.decided for p in ask.plans}

    def add(self, unit: Unit, found: Found) -> None:
        """Take in what a piece of work found of a unit."""
        self.totals[key_of(unit)].add(found)

    def side(self, plan: str, mode: str, side: str) -> Side:
        """One side of one mode; fresh runs without a plan are shared by all of its year."""
        calm = mode == FRESH.name and side == "base"
        return self.totals[self.decided[plan] if calm else plan].sides[code(mode, side)]

    def chain(self, plan: str) -> NDArray[np.float64]:
        """Share of steps applied and log chances (columns) by parameter draw (rows)."""
        found = self.totals[plan].chain
        return np.array([found[d] for d in sorted(found)])

    def goal(self, plan: str, mode: str, side: str) -> dict[str, float]:
        """P(goal) of one side."""
        return chance(*self.side(plan, mode, side).by_draw("met", goals.M_TOGETHER))


def key_of(unit: Unit) -> str | int:
    """Key of a unit in a pool."""
    return unit if isinstance(unit, int) else unit.id


def _predicates(side: Side) -> Part:
    return {name: chance(*side.by_draw("met", k)) for name, k in PREDICATES.items()}


def _closest(side: Side, pair: tuple[str, str], names: Sequence[str]) -> Part:
    out = {}
    for state, counted in zip(pair, side.closest, strict=True):
        rows = sorted(counted.items(), key=lambda r: (-r[1], r[0]))[:4]
        out[state] = [[names[w] if w >= 0 else "nobody", round(n / side.many, 4)] for w, n in rows]
    return out


def _spells(side: Side) -> tuple[Part, list[dict[str, float]]]:
    had = sum(side.first.values())
    out: Part = {
        "year_median": None,
        "life_median": None,
        "chance_of_pact": round(had / side.many, 4),
    }
    if not had:
        return out, []
    out["year_median"] = int(median(side.first))
    lengths: Counter[int] = Counter()
    for (length, _), many in side.spells.items():
        lengths[length] += many
    out["life_median"] = median(lengths)
    return out, survival(side.spells, SURVIVAL_YEARS)


def _place(side: Side, road: Sequence[int | None], start: int) -> Part:
    rows = []
    for name, mile, years in zip(RULES, road, side.miles, strict=True):
        rows.append(
            {
                "name": name,
                "yardstick_years": None if mile is None else int(mile) - start,
                "years": median(years) if years else None,
                "reached": round(sum(years.values()) / side.many, 4),
            }
        )
    return {"percentile": round(side.mean("place"), 2), "milestones": rows}


def baseline(pool: Pool, ask: Ask, pair: tuple[str, str], names: Sequence[str], road: Part) -> Part:
    """The plain baseline: the record's World of the first year of the window on fresh luck."""
    side = pool.side(BASELINE, FRESH.name, "base")
    spells, alive = _spells(side)
    if spells["year_median"] is not None:
        spells["year_median"] += ask.start
    curve = side.sums["firm"].sum(axis=0) / side.many
    asked = [chance(*side.by_draw("outcomes", k)) for k in range(len(ASKED))]
    return {
        "from": ask.start,
        "p_goal": pool.goal(BASELINE, "fresh", "base"),
        "predicates": _predicates(side),
        **spells,
        "survival": alive,
        "curve": [{"year": ask.start + k, "p": round(float(v), 4)} for k, v in enumerate(curve)],
        "closest": _closest(side, pair, names),
        "yardstick": _place(side, road["years"], road["from"]),
        **advised(ask, asked, side.many, names),
    }


def _spread(pool: Pool, plan: str) -> Part:
    p = {
        name: pool.goal(plan, mode, side)["p"]
        for name, mode, side in (
            ("0", "kappa 0", "alternate"),
            ("1", "kappa 1", "alternate"),
            ("inf", "kappa inf", "alternate"),
            ("fresh", "fresh", "alternate"),
            ("placebo 1", "kappa 1", "base"),
            ("placebo inf", "kappa inf", "base"),
            ("fresh baseline", "fresh", "base"),
        )
    }
    return {
        "kappa": p,
        "coupling": {
            "monotone": p["1"],
            "gumbel": pool.goal(plan, "kappa 1, Gumbel", "alternate")["p"],
        },
    }


def _twins(pool: Pool, plan: str, mode: str, name: str, *at: int) -> dict[str, float]:
    """Effect of a plan on one number in one mode."""
    alternate, sizes = pool.side(plan, mode, "alternate").by_draw(name, *at)
    base, _ = pool.side(plan, mode, "base").by_draw(name, *at)
    return effect(alternate, base, sizes)


def effects(pool: Pool, plan: str, pair: tuple[str, str]) -> list[Part]:
    """Named quantities: fresh twins, and the excess over the placebo at kappa 1."""
    out = []
    for k, (name, unit) in enumerate(quantity_names(*pair)):
        beyond = _twins(pool, plan, "kappa 1", "quantities", k)
        out.append(
            {
                "name": name,
                "unit": unit,
                **_twins(pool, plan, "fresh", "quantities", k),
                "placebo": beyond["baseline"],
                "beyond_placebo": {key: beyond[key] for key in ("effect", "lo", "hi")},
                "provenance": "fitted and elicited",
            }
        )
    return out


def pod(
    pool: Pool,
    plan: Plan,
    pair: tuple[str, str],
    names: Sequence[str],
    road: Part,
    *,
    outside: bool,
    texts: Sequence[str],
) -> Part:
    """One point of divergence."""
    chain = pool.chain(plan.id)
    cost = price(chain[:, 1:], plan.priors)
    stated = {k for k, _ in plan.priors}
    side, base = (pool.side(plan.id, FRESH.name, s) for s in ("alternate", "base"))
    curve = []
    for k in range(side.sums["firm"].shape[1]):
        c = chance(*side.by_draw("firm", k))
        curve.append({"year": plan.decided + k, **c, "base": round(base.mean("firm", k), 4)})
    spells, alive = _spells(side)
    if spells["year_median"] is not None:
        spells["year_median"] += plan.decided
    return {
        "id": plan.id,
        "title": plan.title,
        "claims": list(plan.claims),
        "year": plan.first,
        "decided": plan.decided,
        "outside": outside,
        "bits": round(cost.bits, 3),
        "stated_bits": round(cost.stated_bits, 3),
        "one_in": round(1 / max(cost.chance, 1e-12), 1),
        "chain": {"p": round(cost.chance, 7), "lo": round(cost.low, 7), "hi": round(cost.high, 7)},
        "steps": [
            {
                "text": texts[k],
                "bits": round(b, 3),
                "provenance": "assumed" if k in stated else "fitted",
            }
            for k, b in enumerate(cost.step_bits)
        ],
        "p_goal": pool.goal(plan.id, "fresh", "alternate"),
        "p_base": pool.goal(plan.id, "fresh", "base"),
        "p_placebo": pool.goal(plan.id, "kappa 1", "base"),
        "predicates": _predicates(side),
        "spread": _spread(pool, plan.id),
        **spells,
        "survival": alive,
        "curve": curve,
        "closest": _closest(side, pair, names),
        "yardstick": _place(side, road["years"], road["from"]),
        "effects": effects(pool, plan.id, pair),
        "met": round(float(chain[:, 0].mean()), 4),
        "assumptions": list(plan.assumptions),
    }


def around(
    pool: Pool,
    ask: Ask,
    plan: Plan,
    pair: tuple[str, str],
    *,
    ids: Sequence[str],
    names: Sequence[str],
) -> Part:
    """What follows of a plan for others: reactions of the powers, capability shares."""
    reactions = []
    for power in POWERS:
        k = ids.index(power) if power in ids else -1
        if k < 0 or k in ask.pair:
            continue
        for s, state in enumerate(pair):
            row: Part = {"power": names[k], "with": state}
            for r, name in enumerate(RELATIONS):
                at = ask.watched.index(k)
                row[name] = _twins(pool, plan.id, FRESH.name, "relations", s, at, r)
            reactions.append(row)
    table = []
    for n, after in enumerate(SHARE_YEARS):
        if plan.decided + after > ask.last:
            continue
        for at, k in enumerate(ask.watched):
            row = _twins(pool, plan.id, FRESH.name, "shares", n, at)
            table.append({"state": names[k], "year": plan.decided + after, **row})
    return {"reactions": reactions, "shares": table}
