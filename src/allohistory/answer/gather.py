"""From the draws' samples to the parts of an answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.answer.chance import chance, effect, survival
from allohistory.answer.probe import RELATIONS, SHARE_YEARS
from allohistory.answer.work import BASELINE, Ask, Drawn, Sample, quantity_names
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.surprise import price
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
POWERS = ("UKG", "USA", "RUS", "FRN", "GMY")


class Pool:
    """Samples of all draws, joined in the order of draws and runs."""

    def __init__(self, drawn: Sequence[Drawn]) -> None:
        self.drawn = drawn

    def samples(self, plan: str, mode: str, side: str) -> list[tuple[int, Sample]]:
        """Draw and sample of one side of one mode."""
        key = (plan, mode, side)
        return [(d.draw, d.samples[key]) for d in self.drawn if key in d.samples]

    def stack(self, plan: str, mode: str, side: str, name: str) -> NDArray[Any]:
        """One field of all runs, runs along axis 0."""
        return np.array(
            [row for _, s in self.samples(plan, mode, side) for row in getattr(s, name)]
        )

    def draws(self, plan: str, mode: str, side: str) -> NDArray[np.int64]:
        """Parameter draw of each run."""
        return np.array([d for d, s in self.samples(plan, mode, side) for _ in s.met], np.int64)

    def goal(self, plan: str, mode: str, side: str) -> dict[str, float]:
        """P(goal) of one side."""
        met = self.stack(plan, mode, side, "met")
        return chance(met[:, goals.M_TOGETHER], self.draws(plan, mode, side))


def _predicates(pool: Pool, plan: str, side: str) -> Part:
    met, draws = pool.stack(plan, "fresh", side, "met"), pool.draws(plan, "fresh", side)
    return {name: chance(met[:, k], draws) for name, k in PREDICATES.items()}


def _closest(pool: Pool, plan: str, side: str, pair: tuple[str, str], names: Sequence[str]) -> Part:
    closest = pool.stack(plan, "fresh", side, "closest")
    out = {}
    for k, state in enumerate(pair):
        who, many = np.unique(closest[:, k], return_counts=True)
        rows = sorted(zip(many, who, strict=True), key=lambda r: (-r[0], r[1]))[:4]
        out[state] = [
            [names[w] if w >= 0 else "nobody", round(float(n) / len(closest), 4)] for n, w in rows
        ]
    return out


def _firm_curve(pool: Pool, plan: str, side: str) -> NDArray[np.float64]:
    flags = pool.stack(plan, "fresh", side, "flags")
    return np.asarray((flags & goals.FIRM) != 0, np.float64)


def _spells(pool: Pool, plan: str, side: str) -> tuple[Part, list[dict[str, float]]]:
    when = pool.stack(plan, "fresh", side, "when")
    had = when[:, goals.FIRST_STRONG] >= 0
    out: Part = {
        "year_median": None,
        "life_median": None,
        "chance_of_pact": round(float(had.mean()), 4),
    }
    if not had.any():
        return out, []
    out["year_median"] = int(np.median(when[had, goals.FIRST_STRONG]))
    lengths, running = when[had, goals.LONGEST], when[had, goals.CENSORED] > 0
    out["life_median"] = float(np.median(lengths))
    return out, survival(lengths, running, SURVIVAL_YEARS)


def _place(pool: Pool, plan: str, side: str, road: Sequence[int | None], start: int) -> Part:
    miles = pool.stack(plan, "fresh", side, "miles")
    rows = []
    for k, (name, mile) in enumerate(zip(RULES, road, strict=True)):
        reached = np.isfinite(miles[:, k])
        rows.append(
            {
                "name": name,
                "yardstick_years": None if mile is None else int(mile) - start,
                "years": float(np.median(miles[reached, k])) if reached.any() else None,
                "reached": round(float(reached.mean()), 4),
            }
        )
    place = pool.stack(plan, "fresh", side, "place")
    return {"percentile": round(float(np.mean(place)), 2), "milestones": rows}


def baseline(pool: Pool, ask: Ask, pair: tuple[str, str], names: Sequence[str], road: Part) -> Part:
    """The plain baseline: the record's World of the first year of the window on fresh luck."""
    spells, alive = _spells(pool, BASELINE, "base")
    curve = _firm_curve(pool, BASELINE, "base").mean(axis=0)
    if spells["year_median"] is not None:
        spells["year_median"] += ask.start
    return {
        "from": ask.start,
        "p_goal": pool.goal(BASELINE, "fresh", "base"),
        "predicates": _predicates(pool, BASELINE, "base"),
        **spells,
        "survival": alive,
        "curve": [{"year": ask.start + k, "p": round(float(v), 4)} for k, v in enumerate(curve)],
        "closest": _closest(pool, BASELINE, "base", pair, names),
        "yardstick": _place(pool, BASELINE, "base", road["years"], road["from"]),
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


def effects(pool: Pool, plan: str, pair: tuple[str, str]) -> list[Part]:
    """Named quantities: fresh twins, and the excess over the placebo at kappa 1."""
    alt, base = (pool.stack(plan, "fresh", side, "quantities") for side in ("alternate", "base"))
    draws = pool.draws(plan, "fresh", "alternate")
    one, placebo = (
        pool.stack(plan, "kappa 1", side, "quantities") for side in ("alternate", "base")
    )
    some = pool.draws(plan, "kappa 1", "alternate")
    out = []
    for k, (name, unit) in enumerate(quantity_names(*pair)):
        row = effect(alt[:, k], base[:, k], draws)
        beyond = effect(one[:, k], placebo[:, k], some)
        out.append(
            {
                "name": name,
                "unit": unit,
                **row,
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
    logs = np.array([d.logs[plan.id] for d in pool.drawn])
    cost = price(logs, plan.priors)
    stated = {k for k, _ in plan.priors}
    alt, base = _firm_curve(pool, plan.id, "alternate"), _firm_curve(pool, plan.id, "base")
    draws = pool.draws(plan.id, "fresh", "alternate")
    curve = []
    for k in range(alt.shape[1]):
        c = chance(alt[:, k], draws)
        curve.append({"year": plan.decided + k, **c, "base": round(float(base[:, k].mean()), 4)})
    spells, alive = _spells(pool, plan.id, "alternate")
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
        "predicates": _predicates(pool, plan.id, "alternate"),
        "spread": _spread(pool, plan.id),
        **spells,
        "survival": alive,
        "curve": curve,
        "closest": _closest(pool, plan.id, "alternate", pair, names),
        "yardstick": _place(pool, plan.id, "alternate", road["years"], road["from"]),
        "effects": effects(pool, plan.id, pair),
        "met": round(float(np.mean([d.met[plan.id] for d in pool.drawn])), 4),
        "assumptions": list(plan.assumptions),
    }


def follows(
    pool: Pool,
    ask: Ask,
    plan: Plan,
    pair: tuple[str, str],
    *,
    ids: Sequence[str],
    names: Sequence[str],
    quantities: Sequence[Part],
) -> Part:
    """What follows of a plan: its `effects`, reactions of the powers, capability shares."""
    sides = ("alternate", "base")
    draws = pool.draws(plan.id, "fresh", "alternate")
    relations = [pool.stack(plan.id, "fresh", side, "relations") for side in sides]
    shares = [pool.stack(plan.id, "fresh", side, "shares") for side in sides]
    reactions = []
    for power in POWERS:
        k = ids.index(power) if power in ids else -1
        if k < 0 or k in ask.pair:
            continue
        for s, state in enumerate(pair):
            row: Part = {"power": names[k], "with": state}
            for r, name in enumerate(RELATIONS):
                row[name] = effect(relations[0][:, s, k, r], relations[1][:, s, k, r], draws)
            reactions.append(row)
    watched = [*ask.pair, *(ids.index(p) for p in POWERS if p in ids)]
    table = []
    for n, after in enumerate(SHARE_YEARS):
        if plan.decided + after > ask.last:
            continue
        for k in dict.fromkeys(watched):
            row = effect(shares[0][:, n, k], shares[1][:, n, k], draws)
            table.append({"state": names[k], "year": plan.decided + after, **row})
    return {
        "pod": plan.id,
        "quantities": quantities,
        "reactions": reactions,
        "shares": table,
    }
