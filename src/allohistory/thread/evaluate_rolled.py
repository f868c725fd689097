"""Measures that the ledger rolls for itself, and those read off the model's own constants."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.answer.gather import BASELINE as BASE
from allohistory.answer.probe import QUANTITIES
from allohistory.answer.totals import Side
from allohistory.answer.wording import one_in
from allohistory.chance import HIGH, LOW, chance, effect
from allohistory.counterfactual.twin import FRESH, MODES
from allohistory.question import goals
from allohistory.search.no_return import Frame, no_return
from allohistory.thread import claims as c
from allohistory.thread.evaluate_answer import change_of, said, title
from allohistory.thread.evaluate_follows import called
from allohistory.thread.evaluate_number import (
    ASSUMED,
    ELICITED,
    FITTED,
    LUCK,
    SMALL,
    Ends,
    Measured,
    as_odds,
    less,
    minus,
    percent,
    three,
)
from allohistory.thread.evaluate_rolls import PLAIN, Rolls

Floats = NDArray[np.float64]
DECADE = 10


def over_draws(values: Floats, weights: Floats | None = None) -> Ends:
    """
    Mean over parameter draws, and where nine tenths of their weight lie.

    Examples
    --------
    >>> ends = over_draws(np.array([0.1, 0.9]), np.array([1.0, 3.0]))
    >>> round(ends["value"], 3), ends["hi"]
    (0.7, 0.9)
    """
    weight = np.ones(len(values)) if weights is None else weights
    low, high = np.quantile(values, [LOW, HIGH], weights=weight, method="inverted_cdf")
    mean = float(np.average(values, weights=weight))
    if np.ptp(weight) == 0:
        low, high = np.quantile(values, [LOW, HIGH])
    return Ends(
        value=round(mean, 6),
        lo=round(min(float(low), mean), 6),
        hi=round(max(float(high), mean), 6),
    )


class StepChance(NamedTuple):
    """Chance of a step by draw, how much each draw weighs, its text, its stated prior."""

    p: Floats
    weight: Floats
    text: str
    stated: float | None


def _chances(rolls: Rolls, pod: str, step: int) -> StepChance:
    """Chance of a step, given the ones before: draws under which these are likelier weigh more."""
    name = rolls.named(pod)
    plan, logs = rolls.ledger.plan(name), rolls.logs[name]
    stated = dict(plan.priors).get(step - 1)
    even, text = np.ones(len(logs)), said(rolls, name, step)
    if stated is not None:
        return StepChance(np.full(len(logs), stated), even, text, stated)
    before = logs[:, : step - 1].sum(axis=1)
    top = float(before.max())
    weight = np.exp(before - top) if np.isfinite(top) else even
    return StepChance(np.exp(logs[:, step - 1]), weight, text, None)


def _as_odds(p: Ends) -> tuple[str, ...]:
    if p["value"] >= SMALL or as_odds(p["value"], p["lo"]):
        return ()
    return (f"That is {one_in(1 / max(p['value'], 1e-12))}.",)


def step(x: c.StepOf, rolls: Rolls) -> Measured:
    """Chance of a step given the ones before; over another one where asked."""
    one = _chances(rolls, x.pod, x.step)
    words = f'the chance of the step "{one.text.rstrip(".")}"'
    if x.step > 1:
        words += ", given the steps before it,"
    assumed = any(rolls.ledger.plan(rolls.named(p)).priors for p in (x.pod, x.over or x.pod))
    basis: tuple[str, ...] = (FITTED, ELICITED, ASSUMED) if assumed else (FITTED, ELICITED)
    basis = (ASSUMED,) if one.stated is not None else basis
    number = over_draws(one.p, one.weight)
    if x.over is None:
        more = _as_odds(number)
        if one.stated is not None:
            more = ("So the file states it: the model has no price of its own.",)
        return Measured(words=words, **number, basis=basis, more=more, bare=True)
    two = _chances(rolls, x.over, x.over_step)
    other = over_draws(two.p, two.weight)
    # Draws that weigh alike are compared one by one.
    even = np.ptp(one.weight) == 0 and np.ptp(two.weight) == 0
    gap = over_draws(one.p - two.p) if even else minus(number, other)
    return Measured(
        words=_beside(rolls, x, one.text, two.text),
        **gap,
        unit="points",
        basis=basis,
        more=(f"They are {percent(number['value'])} and {percent(other['value'])}.",),
        bare=True,
    )


def _beside(rolls: Rolls, x: c.StepOf, text: str, other: str) -> str:
    """Two steps beside each other; by their points of divergence where they are the same."""
    if text != other or x.over is None:
        return f'the chance of "{text}", less that of "{other}",'
    one, two = (rolls.ledger.plan(rolls.named(pod)).title for pod in (x.pod, x.over))
    return f'the chance of "{text}" with "{one}", less that with "{two}",'


def any_of(x: c.AnyOf, rolls: Rolls) -> Measured:
    """Chance of at least one of the first steps of some points of divergence."""
    rows = [_chances(rolls, pod, 1) for pod in x.any_of]
    none = np.prod([1 - row.p for row in rows], axis=0)
    number = over_draws(1 - none)
    told = "; ".join(f"{r.text.rstrip('.')}: {percent(float(r.p.mean()))}" for r in rows)
    return Measured(
        words="the chance that at least one of these happens",
        **number,
        more=(*_as_odds(number), f"One by one: {told}."),
        bare=True,
    )


def _sides(rolls: Rolls, key: tuple[str, str], pod: str) -> Side:
    pool, name = rolls.pools[key], rolls.named(pod)
    if name == c.BASELINE:
        return pool.side(BASE, FRESH.name, "base")
    return pool.side(name, FRESH.name, "alternate")


def switch(x: c.Switch, rolls: Rolls) -> Measured:
    """What a mechanism carries: the same runs with it and without."""
    with_, off = (_sides(rolls, key, x.pod) for key in (PLAIN, (x.switch, "")))
    if x.quantity == "goal":
        at, unit, said = ("met", goals.M_TOGETHER), "chance", "the chance of the goal"
    else:
        k = [text for text, _ in QUANTITIES].index(x.quantity)
        at, unit = ("quantities", k), QUANTITIES[k][1]
        said = called(rolls, x.quantity)
    (one, sizes), (two, _) = with_.by_draw(*at), off.by_draw(*at)
    found = effect(one, two, sizes)
    points = unit == "chance"
    first, second = (
        percent(v) if points else f"{v:.2f}" for v in (found["alternate"], found["baseline"])
    )
    return Measured(
        words=f"what the mechanism {x.switch} adds to {said} (with {title(rolls, x.pod)})",
        **change_of(found, int(sizes.sum()), points=points),
        unit="points" if points else "change",
        more=(f"With it {first}, switched off {second}.",),
        bare=x.pod == c.BASELINE,
    )


CLAUSES = {
    "exclude": "the clause on what does not count",
    "closest": "the clause that each be the other's closest",
    "independent": "the clause that both be independent",
}


def clause(x: c.Clause, rolls: Rolls) -> Measured:
    """What leaving a clause of the goal out adds to its chance, in the same runs."""
    at = ("met", goals.M_TOGETHER)
    (one, sizes), (two, _) = (
        _sides(rolls, key, x.pod).by_draw(*at) for key in (("", x.clause), PLAIN)
    )
    found = effect(one, two, sizes)
    text = (
        f"Without the clause the chance of the goal is {percent(found['alternate'])}, with it "
        f"{percent(found['baseline'])}."
    )
    if not found["alternate"]:
        text = (
            "No world rolled reaches the goal, with the clause or without it: there is nothing "
            "here that it could take."
        )
    more = (text,)
    return Measured(
        words=(
            f"what {CLAUSES[x.clause]} takes from the chance of the goal with {title(rolls, x.pod)}"
        ),
        **change_of(found, int(sizes.sum()), points=True),
        unit="points",
        more=more,
        settings=_clauses(rolls, x),
    )


def _clauses(rolls: Rolls, x: c.Clause) -> dict[str, Ends]:
    """What a clause takes under every convention on luck."""
    out, name = {}, rolls.named(x.pod)
    for how in MODES:
        one, two = (
            rolls.pools[key].side(name, how.name, "alternate").by_draw("met", goals.M_TOGETHER)
            for key in (("", x.clause), PLAIN)
        )
        found = effect(one[0], two[0], one[1])
        out[LUCK[how.name]] = change_of(found, int(one[1].sum()), points=True)
    return out


def formation(x: c.Formation, rolls: Rolls) -> Measured:
    """First pact in one decade rather than in the best other."""
    side, start = _sides(rolls, PLAIN, c.BASELINE), rolls.ledger.posed.window[0]
    counts: dict[int, int] = {}
    for after, many in side.first.items():
        decade = (start + after) // DECADE * DECADE
        counts[decade] = counts.get(decade, 0) + many
    found = {decade: chance([many], [side.many]) for decade, many in sorted(counts.items())}
    ours = found.get(x.formation) or chance([0], [side.many])
    others = {d: p for d, p in found.items() if d != x.formation}
    if not others:
        return Measured(words="the decade", missing="No run has a pact in any other decade.")
    top = max(others, key=lambda d: others[d]["p"])
    told = ", ".join(f"{d}s {percent(p['p'])}" for d, p in found.items())
    return Measured(
        words=(
            f"the chance that the first strong pact comes in the {x.formation}s, less that of the "
            f"likeliest other decade (the {top}s),"
        ),
        **less(ours, others[top]),
        unit="points",
        more=(f"By decade, from history's world of {start} with new luck: {told}.",),
        bare=True,
    )


def scan(x: c.Scan, rolls: Rolls) -> Measured:
    """The chance of the goal by year of divergence."""
    if rolls.reached is None:
        return Measured(words="the scan over the years", missing="The years were not scanned.")
    posed, aim = rolls.ledger.posed, rolls.task.aim
    ends = int(rolls.reached.years[-1]) + posed.horizon
    frame = Frame(posed.window[0], posed.window[1], posed.horizon, ends)
    part = no_return(rolls.reached, frame)
    rows = {row["year"]: row for row in part["by_year"]}
    pooled = f"Each year is pooled with its neighbours ({part['pooled']} years)."
    if x.scan == "further back":
        more = part["further_back"]
        if more is None:
            return Measured(words="the scan", missing="The record does not reach further back.")
        return Measured(
            words="how much likelier the goal is from the years before the window than in it",
            value=more["effect"],
            lo=more["lo"],
            hi=more["hi"],
            unit="points",
            more=(part["sentence"],),
            bare=True,
        )
    if x.scan == "mean":
        within: dict[str, Any] = part["within"]
        return Measured(
            words=f"the mean chance of the goal from the years {within['from']}-{within['to']}",
            **three(within["mean"]),
            bare=True,
        )
    if x.scan == "spread":
        some = [rows[y] for y in x.years or () if y in rows]
        low, high = min(some, key=lambda r: r["p"]), max(some, key=lambda r: r["p"])
        told = ", ".join(f"{r['year']} {percent(r['p'])}" for r in some)
        return Measured(
            words=f"the difference between {high['year']}, the best year, and {low['year']}",
            **less(high, low),
            unit="points",
            more=(f"From the end of: {told}. {pooled}",),
            bare=True,
        )
    inside = [r for r in part["by_year"] if posed.window[0] <= r["year"] <= posed.window[1]]
    top = max(inside, key=lambda r: r["p"])
    decades = ", ".join(f"{r['year']} {percent(r['p'])}" for r in inside if r["year"] % DECADE == 0)
    assert aim.horizon == posed.horizon
    return Measured(
        words=f"the best chance of the goal from any year of the window ({top['year']})",
        **three(top),
        more=(f"By decade: {decades}. {pooled}",),
        bare=True,
    )
