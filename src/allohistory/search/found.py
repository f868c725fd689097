"""The result of a search as a plain dict; its keys are described in `allohistory.search`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.chance import chance, effect
from allohistory.question.told import told
from allohistory.question.window import place_of
from allohistory.search.candidates import Field
from allohistory.search.race import Runner, frontier, gaps, weigh
from allohistory.search.rolling import Entry

Part = dict[str, Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAR = 16
"""Candidates shown that are not on the frontier."""
SMOOTH = 4.0
"""Years over which the chance by year is smoothed, as a standard deviation."""
FORMULA = (
    "A divergence that begins n years outside the window costs n / grace bits on top of its price: "
    "one bit for the whole grace ({grace} years), in proportion."
)


def by_draw(runner: Runner[Entry], *, twin: bool = False) -> tuple[Floats, Ints]:
    """In how many worlds the goal was reached, of how many, by parameter draw."""
    draw = np.concatenate([t.draw for t in runner.tried])
    hits = np.concatenate([t.twin_reached if twin else t.reached for t in runner.tried])
    _, place = np.unique(draw, return_inverse=True)
    many = np.bincount(place).astype(np.int64)
    return np.bincount(place, hits.astype(np.float64)).astype(np.float64), many


def rate(runner: Runner[Entry], *, twin: bool = False) -> Part:
    """Chance of the goal with its 90% interval, clustered by parameter draw."""
    return chance(*by_draw(runner, twin=twin))


def gain(runner: Runner[Entry]) -> Part:
    """What a candidate adds to the chance without it, from the same date under the same luck."""
    (hits, sizes), (base, _) = by_draw(runner), by_draw(runner, twin=True)
    found = effect(hits, base, sizes)
    return {"p": found["effect"], "lo": found["lo"], "hi": found["hi"]}


def share(runner: Runner[Entry]) -> float:
    """Share of worlds in which the goal was reached."""
    return runner.hits / runner.many


def lead(runner: Runner[Entry]) -> Part | None:
    """Years from the first change to the beginning of the alliance that reached the goal."""
    years = np.concatenate([t.lead for t in runner.tried])
    years = years[years >= 0]
    if not len(years):
        return None
    low, middle, high = np.quantile(years, [0.05, 0.5, 0.95])
    return {"median": float(middle), "lo": float(low), "hi": float(high), "worlds": len(years)}


def row(runner: Runner[Entry]) -> Part:
    """One candidate with its price and its chance."""
    candidate = runner.entrant.candidate
    assert candidate is not None, "only candidates have a price"
    cost = runner.price
    stated = {k for k, _ in candidate.plan.priors}
    return {
        "id": candidate.id,
        "title": candidate.title,
        "kind": candidate.kind,
        "claims": list(candidate.claims),
        "listed": candidate.listed,
        "direct": candidate.direct,
        "bits": round(cost.bits, 3),
        "stated_bits": round(cost.stated_bits, 3),
        "penalty_bits": round(candidate.place.penalty, 3),
        "cost": round(runner.cost, 3),
        "one_in": round(1 / max(cost.chance, 1e-12), 1),
        "p_goal": rate(runner),
        "p_base": rate(runner, twin=True),
        "effect": gain(runner),
        "worlds": runner.many,
        "met": round(runner.met, 4),
        "year": candidate.year,
        "decided": candidate.plan.decided,
        "lead_time": lead(runner),
        "steps": [
            {
                "text": told(step),
                "bits": round(bits, 3),
                "provenance": "assumed" if k in stated else "fitted",
            }
            for k, (step, bits) in enumerate(zip(candidate.steps, cost.step_bits, strict=True))
        ],
        "assumptions": list(candidate.plan.assumptions),
    }


def result(
    places: Field,
    finals: Sequence[Runner[Entry]],
    yearly: Sequence[Runner[Entry]],
    work: Part,
) -> Part:
    """Put a finished search into words and numbers."""
    without = {r.entrant.start: r for r in yearly if r.entrant.candidate is None}
    weigh(finals)
    ways = [r for r in finals if not r.entrant.direct]
    on_all = {r.entrant.id for r in frontier(_gaining(finals), share)}
    on_ways = {r.entrant.id for r in frontier(_gaining(ways), share)}
    gap = gaps(finals)
    rows = {r.entrant.id: row(r) for r in finals}
    on = [r for r in sorted(finals, key=_cheap) if r.entrant.id in on_all | on_ways]
    off = [r for r in finals if r not in on]
    off.sort(key=lambda r: (-gap[r.entrant.id], r.cost, r.entrant.id))
    kinds = work.pop("kinds")
    return {
        "frontier": [rows[r.entrant.id] | {"overall": r.entrant.id in on_all} for r in on],
        "near": [rows[r.entrant.id] for r in off][:NEAR],
        "own": [
            rows[r.entrant.id] for r in finals if r.entrant.candidate and r.entrant.candidate.listed
        ],
        "by_year": by_year(places, [*finals, *yearly]),
        "panel": panel(places, finals, without, rows, work.pop("panel_years")),
        "penalty": FORMULA.format(grace=places.question.window[2]),
        "raced": work,
        "stopped": kinds,
        "note": (
            "A way is what reaches the goal more often than its twin, in which nothing is changed "
            "and luck is the same. Chances are from worlds that were rolled after the candidates "
            "had been chosen, under luck of their own: what wins a race has had luck in it. The "
            "frontier itself is read off these worlds, so its highest points are still a little "
            "too high."
        ),
    }


def _gaining(runners: Sequence[Runner[Entry]]) -> list[Runner[Entry]]:
    """
    Those that reach the goal more often than their twins.

    Where none does, the one that does best by nearness too stands for all.
    """
    found = [r for r in runners if r.gains()[0].sum() > 0]
    best = max(runners, key=lambda r: (r.mean, r.entrant.id), default=None)
    return found or ([best] if best else [])


def _cheap(runner: Runner[Entry]) -> tuple[float, str]:
    return runner.cost, runner.entrant.id


def by_year(places: Field, runners: Sequence[Runner[Entry]]) -> list[Part]:
    """
    Best chance by the year of divergence.

    `p_goal` is of the way most promising in the race among those that begin in the year and do
    not write the pact themselves; `smooth` is the mean of that over the years about it.
    """
    best: dict[tuple[int, bool], Runner[Entry]] = {}
    for r in runners:
        candidate = r.entrant.candidate
        if candidate is None:
            continue
        key = (candidate.year, candidate.direct)
        # Of those rolled anew, finalists have more worlds behind them and were the better.
        if key not in best or (r.many, share(r)) > (best[key].many, share(best[key])):
            best[key] = r
    years = sorted({y for y, direct in best if not direct and places.span[0] <= y})
    hits = np.array([float(best[y, False].hits) for y in years])
    many = np.array([float(best[y, False].many) for y in years])
    rows = []
    for year in years:
        r = best[year, False]
        assert r.entrant.candidate is not None, "the best of a year is a candidate"
        weight = np.exp(-0.5 * ((np.array(years) - year) / SMOOTH) ** 2)
        pact = best.get((year, True))
        rows.append(
            {
                "year": year,
                "id": r.entrant.id,
                "title": r.entrant.candidate.title,
                "cost": round(r.cost, 3),
                "p_goal": rate(r),
                "worlds": r.many,
                "smooth": chance([weight @ hits], [max(round(float(weight @ many)), 1)]),
                "penalty_bits": round(place_of(year, places.question.window).penalty, 3),
                "p_base": rate(r, twin=True),
                "direct": {"id": pact.entrant.id, "p_goal": rate(pact)} if pact else None,
            }
        )
    return rows


def panel(
    places: Field,
    final: Sequence[Runner[Entry]],
    without: dict[int, Runner[Entry]],
    rows: dict[str, Part],
    years: Sequence[int],
) -> list[Part]:
    """What the answer would be with the line drawn at other years."""
    found = []
    for year in years:
        base = without.get(year)
        since = [r for r in final if r.entrant.candidate and r.entrant.candidate.year >= year]
        before = [r for r in final if r.entrant.candidate and r.entrant.candidate.year < year]
        found.append(
            {
                "year": year,
                "penalty_bits": round(place_of(year, places.question.window).penalty, 3),
                "p_base": rate(base) if base else None,
                "since": _best([r for r in since if not r.entrant.direct], rows),
                "since_direct": _best([r for r in since if r.entrant.direct], rows),
                "before": _best([r for r in before if not r.entrant.direct], rows),
                "before_direct": _best([r for r in before if r.entrant.direct], rows),
            }
        )
    return found


def _best(runners: Sequence[Runner[Entry]], rows: dict[str, Part]) -> Part | None:
    """The likeliest of some to reach the goal; cheaper first where two are as likely."""
    if not runners:
        return None
    top = rows[min(runners, key=lambda r: (-share(r), r.cost, r.entrant.id)).entrant.id]
    return {key: top[key] for key in ("id", "title", "year", "cost", "one_in", "p_goal")}
