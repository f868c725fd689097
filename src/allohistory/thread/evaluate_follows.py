"""Measures of what follows from a point of divergence, read off the answer's parts."""

from typing import Any

from allohistory.answer.probe import QUANTITIES, RELATIONS, SHARE_YEARS
from allohistory.answer.wording import listed
from allohistory.chance import chance
from allohistory.chance import effect as moved
from allohistory.counterfactual.twin import FRESH, MODES
from allohistory.engine.script import script_of
from allohistory.question.yardstick import RULES
from allohistory.record.names import display, find_state
from allohistory.thread import claims as c
from allohistory.thread.evaluate_answer import basis, change_of, places, share_of, title, under
from allohistory.thread.evaluate_number import (
    LUCK,
    RECORD,
    Ends,
    Measured,
    flat,
    joined,
    less,
    minus,
    percent,
    points,
    three,
)
from allohistory.thread.evaluate_rolls import PLAIN, Rolls

Part = dict[str, Any]
ALLIED = {"ally": "an alliance", "dispute": "a dispute", "war": "a war", "rival": "a rivalry"}
QUANTITY_WORDS = {
    "standing of {a} after 5 years": "the military standing of {a} after 5 years",
    "standing of {b} after 5 years": "the military standing of {b} after 5 years",
    "rivalry of {a} and {b}, years 6-10": "the chance that {a} and {b} are rivals 6 to 10 years on",
    "disputes {a} begins with {b} in 10 years": (
        "the number of disputes that {a} begins with {b} in 10 years"
    ),
    "disputes {b} begins with {a} in 10 years": (
        "the number of disputes that {b} begins with {a} in 10 years"
    ),
    "war between {a} and {b} within 20 years": (
        "the chance of a war between {a} and {b} within 20 years"
    ),
    "strong pact of {a} and {b} in force within 20 years": (
        "the chance of a pact of alliance between {a} and {b} within 20 years"
    ),
    "{a} and {b} fight on the same side within 20 years": (
        "the chance that {a} and {b} fight on the same side within 20 years"
    ),
    "{a} still a state at the end": "the chance that {a} is still a state at the end",
    "{b} still a state at the end": "the chance that {b} is still a state at the end",
    "wars in the system over the horizon": "the number of wars in the whole world until the end",
    "disputes in the system over the horizon": (
        "the number of disputes in the whole world until the end"
    ),
    "strongly allied pairs in the system at the end": "the number of allied pairs at the end",
    "states that ended over the horizon": "the number of states that end",
    "regime of {b} after 20 years (0 autocracy, 2 democracy)": (
        "the regime of {b} after 20 years (0 autocracy, 2 democracy)"
    ),
    "capability of {a} after 10 years, percent of the world": (
        "{a}'s percent of the world's capability after 10 years"
    ),
    "capability of {b} after 10 years, percent of the world": (
        "{b}'s percent of the world's capability after 10 years"
    ),
}
"""Quantities of an answer as they are told to a poster; others go by their names."""


def called(rolls: Rolls, text: str) -> str:
    """A quantity in a sentence."""
    a, b = rolls.answer["pair"]
    return QUANTITY_WORDS.get(text, text).format(a=a, b=b)


def _quantity(rolls: Rolls, text: str, pod: str) -> tuple[Part, int]:
    names = [name for name, _ in QUANTITIES]
    at = names.index(text)
    a, b = rolls.answer["pair"]
    name = text.format(a=a, b=b)
    row: Part = next(r for r in rolls.part(pod)["effects"] if r["name"] == name)
    return row, at


def _runs(rolls: Rolls) -> int:
    return int(rolls.answer["provenance"]["runs"])


def effect(m: c.Effect, rolls: Rolls) -> Measured:
    """What a point of divergence does to a quantity; over another one where asked."""
    row, at = _quantity(rolls, m.effect, m.pod)
    chances = row["unit"] == "chance"
    unit = "points" if chances else "percent points" if row["unit"] == "percent" else "change"
    if m.over is not None:
        return _over(m, rolls, at, unit)
    first, second = (
        percent(x) if chances else f"{x:.2f}" for x in (row["baseline"], row["alternate"])
    )
    return Measured(
        words=f"the effect of {title(rolls, m.pod)} on {called(rolls, m.effect)}",
        **change_of(row, _runs(rolls), points=chances),
        unit=unit,
        basis=basis(rolls, m.pod),
        more=(f"It goes from {first} to {second}.",),
        settings=under(rolls, m.pod, "quantities", at, moved=True, points=chances),
    )


def _over(m: c.Effect, rolls: Rolls, at: int, unit: str) -> Measured:
    """A quantity with one point of divergence, less the same with another."""
    plan, other = rolls.named(m.pod), rolls.named(str(m.over))
    pool, chances = rolls.pools[PLAIN], unit == "points"
    settings, both = {}, (0.0, 0.0)
    # Worlds that part in different years share no history that could be kept.
    alike = pool.decided[plan] == pool.decided[other]
    for how in MODES if alike else (FRESH,):
        (one, sizes), (two, _) = (
            pool.side(name, how.name, "alternate").by_draw("quantities", at)
            for name in (plan, other)
        )
        found = moved(one, two, sizes)
        settings[LUCK[how.name]] = change_of(found, int(sizes.sum()), points=chances)
        if how.fresh:
            both = (found["alternate"], found["baseline"])
    first, second = (percent(x) if chances else f"{x:.2f}" for x in both)
    return Measured(
        words=(
            f"{called(rolls, m.effect)} with {title(rolls, m.pod)}, less that with "
            f"{title(rolls, str(m.over))},"
        ),
        **settings[LUCK["fresh"]],
        unit=unit,
        basis=basis(rolls, m.pod, str(m.over)),
        more=(f"They are {first} and {second}.",),
        settings=settings if alike else {},
    )


def follows(m: c.Follows, rolls: Rolls) -> Measured:
    """Everything that a point of divergence moves, and one quantity of it."""
    found, (a, b) = effect(c.Effect(effect=m.follows, pod=m.pod), rolls), rolls.answer["pair"]
    rows = [r for r in rolls.part(m.pod)["effects"] if r["lo"] > 0 or r["hi"] < 0]
    known = {text.format(a=a, b=b): text for text, _ in QUANTITIES}
    told = []
    for way, side in (("up", 1), ("down", -1)):
        some = [called(rolls, known[r["name"]]) for r in rows if r["effect"] * side > 0]
        if some:
            told.append(f"Clearly {way}, with fresh luck: {joined(some)}.")
    text = " ".join(told) or "Nothing that was looked at clearly moves: every interval holds 0."
    best = rolls.answer.get("best") or {}
    if not best.get("routes"):
        text += (
            " This follows from the divergence, whether or not the goal is reached; worlds that "
            "reach it are told apart with --search."
        )
    return Measured(
        words=found.words,
        value=found.value,
        lo=found.lo,
        hi=found.hi,
        unit=found.unit,
        more=(*found.more, text),
        settings=found.settings,
        basis=found.basis,
    )


def reaction(m: c.Reaction, rolls: Rolls) -> Measured:
    """How relations of powers with one of the pair change; the number is the largest change."""
    rows, pair = rolls.part(m.pod)["reactions"], rolls.answer["pair"]
    wanted = {find_state(p) for p in m.powers}
    names = {display(find_state(p), 1900): p for p in m.powers}
    of = next(s for s in pair if find_state(s) == find_state(m.of))
    found = [r for r in rows if r["with"] == of and find_state(r["power"]) in wanted]
    if not found:
        return Measured(words="the reaction", missing="None of these powers is watched here.")
    told = []
    for row in found:
        cell = row[m.reaction]
        told.append(
            f"{names.get(row['power'], row['power'])} {percent(cell['baseline'])} to "
            f"{percent(cell['alternate'])} (90% interval of the change "
            f"{points(cell['lo'], 0)} to {points(cell['hi'], 0)} points)"
        )
    top = max(found, key=lambda r: abs(r[m.reaction]["effect"]))
    most = " (the largest of these)" if len(found) > 1 else ""
    name = names.get(top["power"], top["power"])
    cell = top[m.reaction]
    at = watched(rolls).index(find_state(top["power"]))
    return Measured(
        words=(
            f"the change in the chance of {ALLIED[m.reaction]} between {name} and {m.of} with "
            f"{title(rolls, m.pod)}{most}"
        ),
        **change_of(cell, _runs(rolls), points=True),
        unit="points",
        basis=basis(rolls, m.pod),
        more=(f"One by one, {ALLIED[m.reaction]} with {m.of}: {'; '.join(told)}.",),
        settings=under(
            rolls,
            m.pod,
            "relations",
            pair.index(of),
            at,
            RELATIONS.index(m.reaction),
            moved=True,
            points=True,
        ),
    )


def watched(rolls: Rolls) -> list[str]:
    """Ids of the states whose relations and capability are kept, in their order."""
    ids = script_of().panel.states
    return [str(ids[k]) for k in rolls.task.watched]


def share(m: c.Share, rolls: Rolls) -> Measured:
    """Capability of some states together."""
    part, wanted = rolls.part(m.pod), {find_state(s) for s in m.share}
    year = part["decided"] + m.after
    rows = [r for r in part["shares"] if r["year"] == year and find_state(r["state"]) in wanted]
    if len(rows) < len(wanted):
        text = f"Shares of {year} are not kept for all of them."
        return Measured(words="the share", missing=text)
    total = {key: sum(r[key] for r in rows) for key in ("alternate", "baseline", "effect")}
    width = sum((r["hi"] - r["lo"]) ** 2 for r in rows) ** 0.5 / 2
    told = f"It goes from {total['baseline']:.1f}% to {total['alternate']:.1f}% of the world."
    at = SHARE_YEARS.index(m.after)
    settings: dict[str, Ends] = {}
    for state in sorted(wanted):
        k = watched(rolls).index(state)
        for key, x in under(rolls, m.pod, "shares", at, k, moved=True).items():
            # Both sums: the interval of a sum is no wider than the sum of the intervals.
            had = settings.get(key, flat(0.0))
            settings[key] = Ends(
                value=had["value"] + x["value"], lo=had["lo"] + x["lo"], hi=had["hi"] + x["hi"]
            )
    return Measured(
        words=(
            f"the effect of {title(rolls, m.pod)} on the capability of {listed(m.share)} together "
            f"in {year}"
        ),
        value=total["effect"],
        lo=total["effect"] - width,
        hi=total["effect"] + width,
        unit="percent points",
        more=(told,),
        settings=settings,
        basis=basis(rolls, m.pod),
    )


def lasts(m: c.Lasts, rolls: Rolls) -> Measured:
    """Survival of a pact, right-censored where runs end."""
    part = rolls.part(m.pod)
    found = next((r["p"] for r in part["survival"] if r["years"] == m.lasts), None)
    words = f"the chance that a pact, once there, lasts {m.lasts} years with {title(rolls, m.pod)}"
    had = part.get("chance_of_pact", 0.0)
    if found is None:
        return Measured(words=words, missing="No run of this point of divergence had a pact.")
    runs = int(rolls.answer["provenance"]["runs"])
    life = part["life_median"]
    more = (
        f"A pact comes in {percent(had)} of the worlds; half of them are over after {life:.0f} "
        "years."
    )
    number = share_of(found, round(had * runs))
    came = basis(rolls, m.pod)
    return Measured(words=words, **number, more=(more,), settings=_lives(rolls, m), basis=came)


def _lives(rolls: Rolls, m: c.Lasts) -> dict[str, Ends]:
    """Survival under every convention on luck: runs that had so long a pact, of those with one."""
    plan, there = places(m.pod, rolls)
    if not there:
        return {}
    out = {}
    for how in MODES:
        side = rolls.pools[PLAIN].side(plan, how.name, "alternate")
        # Pacts that were still running when the run ended count where they got so far.
        known = {k: n for k, n in side.spells.items() if not k[1] or k[0] >= m.lasts}
        if known:
            long = sum(n for (years, _), n in known.items() if years >= m.lasts)
            out[LUCK[how.name]] = three(chance([long], [sum(known.values())]))
    return out


def falls(m: c.Falls, rolls: Rolls) -> Measured:
    """How much the chance of a firm pact falls between two years."""
    part = rolls.part(m.pod)
    first, last = m.falls
    rows = {row["year"]: row for row in part["curve"]}
    if first not in rows or last not in rows:
        return Measured(words="the fall", missing=f"The runs do not hold {first} and {last}.")
    plan, there = places(m.pod, rolls)
    settings = {}
    if there:
        a, b = (year - part["decided"] for year in (first, last))
        one, two = (under(rolls, m.pod, "firm", k, moved=False) for k in (a, b))
        settings = {key: minus(one[key], two[key]) for key in one}
    told = (
        f"A firm pact is in force in {percent(rows[first]['p'])} of the worlds in {first} and in "
        f"{percent(rows[last]['p'])} in {last}."
    )
    return Measured(
        words=(
            f"the fall of the chance of a firm pact from {first} to {last} with "
            f"{title(rolls, plan)}"
        ),
        **less(rows[first], rows[last]),
        unit="points",
        more=(told,),
        settings=settings,
        basis=basis(rolls, m.pod),
    )


def milestone(m: c.Milestone, rolls: Rolls) -> Measured:
    """Chance to come to a milestone of the yardstick."""
    part = rolls.answer["baseline"] if m.pod == c.BASELINE else rolls.part(m.pod)
    rows = part["yardstick"]["milestones"]
    row = next(r for r in rows if r["name"] == m.milestone)
    pair = listed(rolls.answer["yardstick"]["pair"])
    reached = joined(f"{r['name']} {percent(r['reached'])}" for r in rows)
    theirs = row["yardstick_years"]
    took = f"{pair} took {theirs} years to it" if theirs is not None else f"{pair} never came to it"
    ours = f", the worlds that come to it {row['years']:.0f}" if row["years"] is not None else ""
    more = (
        f"{took}{ours}.",
        (
            f"On the scale of {pair} the two end at the {part['yardstick']['percentile']:.0f}th "
            f"percentile; milestones reached: {reached}."
        ),
    )
    runs = int(rolls.answer["provenance"]["runs"])
    return Measured(
        words=f'the chance to come to "{m.milestone}" with {title(rolls, m.pod)}',
        **share_of(row["reached"], runs),
        more=more,
        basis=(RECORD, *basis(rolls, m.pod)),
        settings=_miles(rolls, m),
        bare=m.pod == c.BASELINE,
    )


def _miles(rolls: Rolls, m: c.Milestone) -> dict[str, Ends]:
    """Chance to come to a milestone under every convention on luck."""
    plan, there = places(m.pod, rolls)
    if not there:
        return {}
    at, out = list(RULES).index(m.milestone), {}
    for how in MODES:
        side = rolls.pools[PLAIN].side(plan, how.name, "alternate")
        out[LUCK[how.name]] = three(chance([sum(side.miles[at].values())], [side.many]))
    return out
