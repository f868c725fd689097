"""Measures that are read off an answer and the parts rolled in its shape."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from allohistory.chance import HIGH, LOW, chance, effect
from allohistory.counterfactual.twin import MODES
from allohistory.engine import gate
from allohistory.question import goals
from allohistory.question.told import clause
from allohistory.thread import claims as c
from allohistory.thread.evaluate_number import (
    ASSUMED,
    LUCK,
    MODEL,
    Ends,
    Measured,
    flat,
    joined,
    less,
    minus,
    paired,
    percent,
    three,
)
from allohistory.thread.evaluate_rolls import PLAIN, Rolls

Part = dict[str, Any]
ADJECTIVE = {
    "independent": ("both being independent", "one being the other's dependency or client"),
    "firm": ("a firm pact", "no firm pact"),
    "lasting": ("a lasting pact", "no lasting pact"),
    "closest": ("a firm pact of closest partners", "no firm pact of closest partners"),
    "not excluded": (
        "a firm pact with nothing in it that the question excludes",
        "no firm pact, or one that the question excludes",
    ),
}
SURE = 0.5
SEEN = 1e-6
"""Chances that an answer gives with enough digits."""


def title(rolls: Rolls, pod: str) -> str:
    """A point of divergence in a sentence."""
    if pod == c.BASELINE:
        return "history's world and new luck"
    part = rolls.part(pod)
    return f'"{part["title"]}"'


def basis(rolls: Rolls, *pods: str) -> tuple[str, ...]:
    """Where a number about points of divergence comes from."""
    steps = [s for pod in pods if pod != c.BASELINE for s in rolls.part(pod)["steps"]]
    stated = any(step["provenance"] == ASSUMED for step in steps)
    model = MODEL if rolls.answer["provenance"].get("elicited", True) else MODEL[:1]
    return (*model, ASSUMED) if stated else model


def said(rolls: Rolls, pod: str, number: int) -> str:
    """A step in words, counted from 1."""
    name, ledger = rolls.named(pod), rolls.ledger
    for part in (*ledger.source.spec.pod, *ledger.file.pod):
        if part.id == name:
            return clause(part.step[number - 1])
    return str(rolls.part(name)["steps"][number - 1]["text"])


def places(pod: str, rolls: Rolls) -> tuple[str, bool]:
    """Id of a point of divergence, and whether its runs are at hand."""
    name = rolls.named(pod)
    pool = rolls.pools.get(PLAIN)
    return name, pool is not None and name in pool.totals


def under(
    rolls: Rolls, pod: str, name: str, *at: int, moved: bool, points: bool = False
) -> dict[str, Ends]:
    """
    A number under every convention on luck.

    Parameters
    ----------
    rolls, pod : Rolls, str
    name, at : str, int
        Field of a side and place in it.
    moved : bool
        Less the same without the plan; else the field is of things that happened or did not.
    points : bool
        Whether what is moved is a chance.
    """
    plan, there = places(pod, rolls)
    if not there:
        return {}
    pool, out = rolls.pools[PLAIN], {}
    for how in MODES:
        one, sizes = pool.side(plan, how.name, "alternate").by_draw(name, *at)
        if not moved:
            out[LUCK[how.name]] = three(chance(one, sizes))
        elif how.fresh or how.placebo or how.coupling == gate.GUMBEL:
            # Gumbel and monotone coupling have one placebo: nothing in it is coupled.
            beside = how.name if how.fresh or how.placebo else "kappa 1"
            two, _ = pool.side(plan, beside, "base").by_draw(name, *at)
            found = effect(one, two, sizes)
            out[LUCK[how.name]] = change_of(found, int(sizes.sum()), points=points)
    return out


def change_of(found: Mapping[str, Any], runs: int, *, points: bool) -> Ends:
    """An effect with its interval; of a chance, honest where few twins differ."""
    if points:
        return paired(found, runs)
    return Ends(value=float(found["effect"]), lo=float(found["lo"]), hi=float(found["hi"]))


def spread(rolls: Rolls, pod: str, *, moved: bool) -> dict[str, Ends]:
    """P(goal) of a point of divergence, or its gain, under every convention on luck."""
    how = rolls.answer["provenance"]
    found = rolls.part(pod).get("spread") or {}
    kappa, coupling = found.get("kappa") or {}, found.get("coupling") or {}
    runs, replayed = int(how["runs"]), int(how["replayed_runs"])
    rows = (
        ("fresh", kappa.get("fresh"), kappa.get("fresh baseline"), runs),
        ("kappa inf", kappa.get("inf"), kappa.get("placebo inf"), replayed),
        ("kappa 1", kappa.get("1"), kappa.get("placebo 1"), replayed),
        ("kappa 1, Gumbel", coupling.get("gumbel"), kappa.get("placebo 1"), replayed),
        ("kappa 0", kappa.get("0"), None, replayed),
    )
    # With all of history's luck the twin without a divergence is history itself.
    history = flat(float(rolls.answer["baseline"]["in_history"]))
    out = {}
    for name, p, base, many in rows:
        if p is None:
            continue
        one = share_of(p, many)
        two = history if base is None else share_of(base, many)
        out[LUCK[name]] = minus(one, two) if moved else one
    return out


def share_of(p: float, runs: int) -> Ends:
    """A share of runs as a chance with its interval."""
    return three(chance([round(p * runs)], [max(runs, 1)]))


def goal(m: c.Goal, rolls: Rolls) -> Measured:
    """Chance of the goal."""
    if m.goal == c.BASELINE:
        base = rolls.answer["baseline"]
        words = f"the chance of the goal from {base['from']} on, with history's world and new luck,"
        return Measured(words=words, **three(base["p_goal"]), bare=True, basis=basis(rolls, m.goal))
    part = rolls.part(m.goal)
    words = f"the chance of the goal with {title(rolls, m.goal)}"
    more = (f"Without it, from the same date, it is {percent(part['p_base']['p'])}.",)
    spans = spread(rolls, m.goal, moved=False)
    came = basis(rolls, m.goal)
    return Measured(words=words, **three(part["p_goal"]), more=more, settings=spans, basis=came)


def without(m: c.Without, rolls: Rolls) -> Measured:
    """Chance of the goal from the same date without a point of divergence."""
    part = rolls.part(m.without)
    words = f"the chance of the goal from {part['decided']} on without {title(rolls, m.without)}"
    more = (f"With it, it is {percent(part['p_goal']['p'])}.",)
    kappa = (part.get("spread") or {}).get("kappa") or {}
    names = {"fresh baseline": "fresh", "placebo 1": "kappa 1", "placebo inf": "kappa inf"}
    how = rolls.answer["provenance"]
    many = {"fresh": int(how["runs"])}
    settings = {
        LUCK[way]: share_of(kappa[key], many.get(way, int(how["replayed_runs"])))
        for key, way in names.items()
        if key in kappa
    }
    return Measured(words=words, **three(part["p_base"]), more=more, settings=settings)


def gain(m: c.Gain, rolls: Rolls) -> Measured:
    """What a point of divergence adds to the chance of the goal."""
    part = rolls.part(m.gain)
    spans = spread(rolls, m.gain, moved=True)
    if m.over is None:
        words = f"what {title(rolls, m.gain)} adds to the chance of the goal"
        number = less(part["p_goal"], part["p_base"])
        more = (
            (
                f"The chance goes from {percent(part['p_base']['p'])} to "
                f"{percent(part['p_goal']['p'])}."
            ),
        )
    else:
        other = rolls.part(m.over)
        words = (
            f"the chance of the goal with {title(rolls, m.gain)}, less that with "
            f"{title(rolls, m.over)},"
        )
        number = less(part["p_goal"], other["p_goal"])
        beside = spread(rolls, m.over, moved=False)
        spans = spread(rolls, m.gain, moved=False)
        spans = {key: minus(x, beside[key]) for key, x in spans.items() if key in beside}
        more = (f"They are {percent(part['p_goal']['p'])} and {percent(other['p_goal']['p'])}.",)
    came = basis(rolls, m.gain, *([m.over] if m.over else []))
    return Measured(words=words, **number, unit="points", more=more, settings=spans, basis=came)


def _flip(p: Mapping[str, Any]) -> dict[str, float]:
    return {"p": 1 - p["p"], "lo": 1 - p["hi"], "hi": 1 - p["lo"]}


def predicate(m: c.Predicate, rolls: Rolls) -> Measured:
    """Chance of one part of the goal."""
    place = list(rolls.part(m.pod)["predicates"]) if m.pod != c.BASELINE else []
    part = rolls.answer["baseline"] if m.pod == c.BASELINE else rolls.part(m.pod)
    p = part["predicates"][m.predicate]
    words = (
        f"the chance of {ADJECTIVE[m.predicate][m.fails]}, over the best spell of the two, with "
        f"{title(rolls, m.pod)},"
    )
    settings: dict[str, Ends] = {}
    if place:
        at = goals.PREDICATES.index(m.predicate)
        settings = under(rolls, m.pod, "met", at, moved=False)
        if m.fails:
            settings = {key: minus(flat(1.0), x) for key, x in settings.items()}
    found = _flip(p) if m.fails else p
    came = basis(rolls, m.pod)
    bare = m.pod == c.BASELINE
    return Measured(words=words, **three(found), settings=settings, bare=bare, basis=came)


def verdicts(m: c.Verdicts, rolls: Rolls) -> Measured:
    """The parts of the goal one by one."""
    part = rolls.part(m.verdicts)
    rows = sorted(part["predicates"].items(), key=lambda row: row[1]["p"])
    told = joined(f"{name} {percent(p['p'])}" for name, p in rows)
    short = [name for name, p in rows if p["p"] < SURE]
    more = [f"By its parts: {told}."]
    if short:
        more.append(f"What mostly fails is {joined(short)}; the weakest part is {rows[0][0]}.")
    found = goal(c.Goal(goal=m.verdicts), rolls)
    return Measured(
        words=found.words,
        value=found.value,
        lo=found.lo,
        hi=found.hi,
        more=tuple(more),
        settings=found.settings,
        basis=found.basis,
    )


def _whole(rolls: Rolls, pod: str) -> Ends:
    """Chance of a chain; what the answer rounds to nothing is worked out of its steps."""
    told = three(rolls.part(pod)["chain"])
    name = rolls.named(pod)
    if told["value"] >= SEEN or name not in rolls.logs:
        return told
    stated = np.prod([chance for _, chance in rolls.ledger.plan(name).priors] or [1.0])
    draws = np.exp(rolls.logs[name].sum(axis=1)) * stated
    low, high = np.quantile(draws, [LOW, HIGH])
    mean = float(draws.mean())
    return Ends(value=mean, lo=min(float(low), mean), hi=max(float(high), mean))


def chain(m: c.Chain, rolls: Rolls) -> Measured:
    """A chain of steps: its chance, its bits, its weakest link."""
    part = rolls.part(m.chain)
    weakest = max(part["steps"], key=lambda s: s["bits"])
    link = said(rolls, m.chain, part["steps"].index(weakest) + 1)
    told = joined(f"{s['bits']:.1f} ({s['provenance']})" for s in part["steps"])
    more = (
        (
            f"In bits, each of which halves the chance, that is "
            f"{part['bits'] + part['stated_bits']:.1f}; step by step {told}. The weakest link is: "
            f"{link}."
        ),
        (
            f"If all of it happens, the chance of the goal is {percent(part['p_goal']['p'])}, "
            "against "
            f"{percent(part['p_base']['p'])} without it."
        ),
    )
    return Measured(
        words=f"the chance of the whole chain of {title(rolls, m.chain)}",
        **_whole(rolls, m.chain),
        more=more,
        basis=basis(rolls, m.chain),
        bare=True,
    )
