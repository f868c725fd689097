"""
Bounds: P(goal) of one point of divergence under every convention that no record can decide.

How much of history's luck a changed world keeps, how one luck chooses under two predictors, and
whether elicited effects are believed. Under kappa 0 the coupling of the choices nearest the goal
is also carried to both its ends: given history's outcome y0 and the chances p0 and p1 of an event
then and now, P(y1 | y0) lies within the Fréchet-Hoeffding bounds, max(0, (p0 + p1 - 1) / p0) to
min(1, p1 / p0) where it happened and max(0, (p1 - p0) / (1 - p0)) to min(1, p1 / (1 - p0)) where
it did not (Tian and Pearl 2000). Monotone and Gumbel coupling are one of the two ends wherever a
choice has two outcomes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from allohistory.chance import chance
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH, MODES, Mode, start_years
from allohistory.executors import Workers
from allohistory.percent import percent
from allohistory.question.judged import Aim, Draw
from allohistory.search.near import HARMS, HELPS, against, nearest

Part = dict[str, Any]
KEPT, ONE, ANEW, GUMBEL = "kappa 0", "kappa 1", "kappa inf", "kappa 1, Gumbel"
LEAST, MOST = "kappa 0, least", "kappa 0, most"
PLAIN, BASE, PLAIN_BASE = "fresh, not elicited", "baseline", "baseline, not elicited"
WORDS: Final = {
    FRESH.name: "all luck fresh after the divergence",
    ANEW: "luck redrawn wherever touched (kappa infinite)",
    ONE: "luck redrawn by distance (kappa 1)",
    GUMBEL: "luck redrawn by distance, Gumbel coupling",
    KEPT: "history's luck kept (kappa 0)",
    LEAST: "history's luck kept, the pair's coupled against the goal",
    MOST: "history's luck kept, the pair's coupled for the goal",
    PLAIN: "all luck fresh, elicited effects out",
}
"""Settings of a table in its order, as a reader would put them."""
EVERY: Final = frozenset({*WORDS, BASE, PLAIN_BASE})
BEYOND: Final = EVERY - {how.name for how in MODES}
"""What an answer does not roll for itself."""
KEEP: Final = Mode(KEPT, 0.0)
DEPENDS: Final = {
    "how much of history's luck is kept": ((FRESH.name, ANEW, ONE, KEPT),),
    "how the same luck chooses again (the coupling)": ((ONE, GUMBEL), (LEAST, KEPT, MOST)),
    "whether elicited effects are believed": ((FRESH.name, PLAIN),),
}
"""What differs within each group of settings, all else being the same."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a worker rolls: plans under some settings, by one draw."""

    aim: Aim
    plans: tuple[Plan, ...]
    draw: int
    want: frozenset[str]


Hits = dict[tuple[str, str], bool]
"""Whether the goal was reached, by plan and setting."""


def rolled(
    aim: Aim,
    plans: Sequence[Plan],
    draws: Sequence[int],
    pool: Workers,
    *,
    want: Iterable[str] = EVERY,
    say: Callable[[int, int], object] = lambda *_: None,
) -> dict[str, dict[str, dict[str, float]]]:
    """
    P(goal) of plans under some settings, and of the same years without them.

    Runs bear the numbers they have in an answer, so that what an answer has rolled itself need
    not be wanted here. A draw costs an abduction (0.15 s of one core; another where elicited
    effects are left out), and each setting of a plan 10 to 50 ms.

    Parameters
    ----------
    aim : Aim
        With elicited effects in.
    plans : sequence of Plan
    draws : sequence of int
        Numbers of the parameter draws, one run each.
    pool : Workers
        The result hangs on it in nothing.
    want : iterable of str
        Settings to roll; all of `EVERY` unless told.
    say : callable
        Told how many draws are done of how many.

    Returns
    -------
    dict of str to dict of str to chance
        By plan and setting: the names of `WORDS`, `BASE` and `PLAIN_BASE`.
    """
    hits: dict[tuple[str, str], list[int]] = {}
    wanted = frozenset(want)
    work = (Bundle(aim, tuple(plans), draw, wanted) for draw in draws)
    for done, found in enumerate(pool.map(roll, work), 1):
        for key, hit in found.items():
            hits.setdefault(key, []).append(int(hit))
        say(done, len(draws))
    out: dict[str, dict[str, dict[str, float]]] = {plan.id: {} for plan in plans}
    for (plan, setting), some in hits.items():
        out[plan][setting] = chance(some, np.ones(len(some), np.int64))
    return out


def roll(job: Bundle) -> Hits:
    """Whether each plan reaches the goal under each setting, in the run of the draw's number."""
    out, years = Hits(), start_years(job.plans)
    if job.want - {PLAIN, PLAIN_BASE}:
        draw = Draw.of(job.aim, job.draw, years)
        for plan in job.plans:
            out |= {(plan.id, name): hit for name, hit in _settings(draw, plan, job.want)}
    if job.want & {PLAIN, PLAIN_BASE}:
        # The stage is one: this abduction takes the place of the one before.
        draw = Draw.of(replace(job.aim, elicited=False), job.draw, years)
        for plan in job.plans:
            out[plan.id, PLAIN] = draw.changed(plan, job.draw).reached
            out[plan.id, PLAIN_BASE] = draw.free(plan.decided, job.draw).reached
    return {key: hit for key, hit in out.items() if key[1] in job.want}


def _settings(draw: Draw, plan: Plan, want: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Settings with elicited effects in, and whether the goal is reached under each."""
    for how in MODES:
        if how.name in want:
            yield how.name, draw.changed(plan, draw.number, how).reached
    if BASE in want:
        yield BASE, draw.free(plan.decided, draw.number).reached
    for name, wish in ((LEAST, HARMS), (MOST, HELPS)):
        if name in want:
            yield name, coupled(draw, plan, draw.number, wish)


def coupled(draw: Draw, plan: Plan, run: int, wish: int) -> bool:
    """
    Whether a replay with all of history's luck, coupled at one end, reaches the goal.

    Parameters
    ----------
    draw : Draw
    plan : Plan
    run : int
    wish : int
        `near.HELPS` or `near.HARMS`: the end for or against the goal.
    """
    twins, last = draw.twins, draw.aim.end(plan.decided)
    first = plan.first - 1
    room = twins.room(first, last)
    choices = nearest(draw.aim, draw.stage.script, plan.first, last)
    if wish == HARMS:
        choices = against(choices)
    twins.alternate((*plan.changes, *choices), KEEP, run, first, plan.decided, last, room)
    return draw.after(room, plan).reached


def bounds(chances: Mapping[str, Mapping[str, float]]) -> Part:
    """
    One table of a point of divergence under all settings, and what it depends on most.

    Parameters
    ----------
    chances : mapping of str to chance
        By the names of `WORDS`; what was not rolled may be missing.

    Returns
    -------
    dict
        ``rows`` [{setting, words, p, lo, hi}]; ``middle``, ``low``, ``high``: the rows in the
        middle and at the ends of the chances; ``depends`` [{on, from, to, told}], the widest
        first; ``sentence``.

    Examples
    --------
    >>> c = {"p": 0.2, "lo": 0.1, "hi": 0.3}
    >>> bounds({"fresh": c, "kappa 0": {"p": 0.0, "lo": 0.0, "hi": 0.05}})["low"]["setting"]
    'kappa 0'
    """
    rows: list[Part] = [
        {"setting": name, "words": words, **{key: chances[name][key] for key in ("p", "lo", "hi")}}
        for name, words in WORDS.items()
        if name in chances
    ]
    order = sorted(rows, key=lambda row: row["p"])
    depends = sorted(_depends(chances), key=lambda part: part["from"] - part["to"])
    out: Part = {
        "rows": rows,
        "middle": order[(len(order) - 1) // 2],
        "low": order[0],
        "high": order[-1],
        "depends": depends,
    }
    out["sentence"] = _sentence(out)
    return out


def _depends(chances: Mapping[str, Mapping[str, float]]) -> list[Part]:
    """How far P(goal) moves with each convention, and whether the runs can tell."""
    out: list[Part] = []
    for on, groups in DEPENDS.items():
        spans = []
        for group in groups:
            some = sorted((chances[k] for k in group if k in chances), key=lambda c: c["p"])
            if len(some) > 1:
                spans.append((some[0], some[-1]))
        if spans:
            low, high = max(spans, key=lambda ends: ends[1]["p"] - ends[0]["p"])
            told = any(a["hi"] < b["lo"] for a, b in spans)
            out.append({"on": on, "from": low["p"], "to": high["p"], "told": told})
    return out


def _sentence(part: Part) -> str:
    low, middle, high = part["low"], part["middle"], part["high"]
    text = (
        f"The chance runs from {percent(low['p'])} to {percent(high['p'])} over "
        f"{len(part['rows'])} conventions that no record can decide, with {percent(middle['p'])} "
        "in the middle"
    )
    first = part["rows"][0]
    if first["setting"] == FRESH.name:
        text += f"; the headline is {percent(first['p'])}"
    if not part["depends"]:
        return f"{text}."
    told = [row for row in part["depends"] if row["told"]]
    most = (told or part["depends"])[0]
    gap = f"{most['on']} ({percent(most['from'])} to {percent(most['to'])})"
    if told:
        return f"{text}. It depends most on {gap}."
    if most["from"] == most["to"]:
        return f"{text}. So few runs reach the goal that none of them can be told from another."
    return f"{text}. The widest gap is over {gap}, but so few runs cannot tell it from luck."


def ends(p0: float, p1: float, *, happened: bool) -> tuple[float, float]:
    """
    Sharp bounds of P(event now | what came of it in history) over all couplings.

    Parameters
    ----------
    p0, p1 : float
        Chance of the event under history's predictor and under the present one.
    happened : bool
        Whether it happened in history.

    Examples
    --------
    >>> low, high = ends(0.5, 0.75, happened=True)
    >>> round(low, 6), round(high, 6)
    (0.5, 1.0)
    """
    base, rest = (p0, p0 + p1 - 1.0) if happened else (1.0 - p0, p1 - p0)
    return max(0.0, rest / base), min(1.0, p1 / base)
