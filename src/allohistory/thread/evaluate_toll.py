"""What a point of divergence costs a region: wars, battle deaths, states, regimes, power."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.chance import HIGH, LOW, effect
from allohistory.question.toll import AFTER, COUNTED, battle_deaths, compared
from allohistory.thread import claims as c
from allohistory.thread.evaluate_answer import basis, title
from allohistory.thread.evaluate_number import LUCK, RECORD, Ends, Measured, joined
from allohistory.thread.evaluate_rolls import Rolls, regions

Floats = NDArray[np.float64]
WORDS = {
    "deaths": "battle deaths of {states} (in thousands)",
    "wars": "the number of wars that begin with {states} on either side",
    "ended": "how many of {states} come to an end",
    "regime": "the mean regime of {states} at the end (0 autocracy, 2 democracy)",
    "share": "the part of the capability of {states} that {pair} hold after {after} years",
}
OVER = ("deaths", "wars", "ended")
"""Tolls that add up over the years."""


def _side(rolls: Rolls, pod: str, mode: str, side: str, at: int) -> tuple[Floats, Floats]:
    """Sums of the tolls of a region by parameter draw, and how many runs each draw has."""
    sums, sizes = [], []
    for rows in rolls.tolls[pod]:
        found = [values[at] for how, which, values in rows if (how, which) == (mode, side)]
        if found:
            sums.append(np.sum(found, axis=0))
            sizes.append(len(found))
    return np.array(sums), np.array(sizes, np.float64)


def _twins(rolls: Rolls, pod: str, modes: tuple[str, str], at: int, what: str) -> dict[str, Any]:
    """Effect on a toll; of deaths, with the doubt about the record's fit in its interval."""
    one, sizes = _side(rolls, pod, modes[0], "alternate", at)
    two, _ = _side(rolls, pod, modes[1], "base", at)
    place = len(COUNTED) if what == "deaths" else COUNTED.index(what)
    found = effect(one[:, place], two[:, place], sizes)
    if what == "deaths":
        # Means over the runs by fit: the record's wars drawn again and again.
        by_fit = (one - two)[:, place + 1 :].sum(axis=0) / sizes.sum()
        low, high = np.quantile(by_fit, [LOW, HIGH])
        fit, runs = (high - low) / 2, (found["hi"] - found["lo"]) / 2
        wide = float(np.hypot(fit, runs))
        found |= {"lo": found["effect"] - wide, "hi": found["effect"] + wide}
    return found


def toll(m: c.Toll, rolls: Rolls) -> Measured:
    """What a point of divergence costs a region, or the world."""
    where = regions(rolls.ledger)
    pod, at = rolls.named(m.pod), list(where).index(m.region)
    found = _twins(rolls, pod, ("fresh", "fresh"), at, m.toll)
    settings: dict[str, Ends] = {}
    for how, beside in compared():
        part = _twins(rolls, pod, (how.name, beside.name), at, m.toll)
        settings[LUCK[how.name]] = Ends(value=part["effect"], lo=part["lo"], hi=part["hi"])
    states = f"the states of {m.region}" if m.region else "all states of the record"
    words = "the number of wars in the whole world"
    if m.region or m.toll != "wars":
        words = WORDS[m.toll].format(states=states, pair=joined(rolls.answer["pair"]), after=AFTER)
    years = rolls.ledger.posed.horizon
    digits = 0 if m.toll == "deaths" else 2
    first, second = (f"{found[key]:,.{digits}f}" for key in ("baseline", "alternate"))
    span = f"Over {years} years it" if m.toll in OVER else "It"
    percent = "%" if m.toll == "share" else ""
    more = [f"{span} goes from {first}{percent} to {second}{percent}."]
    if m.toll == "deaths":
        more.append(_fit_told(list(where[m.region])))
    return Measured(
        words=f"the effect of {title(rolls, m.pod)} on {words}",
        value=found["effect"],
        lo=found["lo"],
        hi=found["hi"],
        unit="percent points" if m.toll == "share" else "change",
        basis=(RECORD, *basis(rolls, m.pod)) if m.toll == "deaths" else basis(rolls, m.pod),
        more=tuple(more),
        settings=settings,
    )


def _fit_told(region: list[int]) -> str:
    fit = battle_deaths()
    given, counted = (float(x[region].sum()) / 1000 for x in (fit.given, fit.counted))
    return (
        "Deaths are not in the model: a spell of a state at war costs here what such spells cost "
        f"in the record ({fit.spells} of them, by length, strength of both sides and whether the "
        f"enemy is at the frontier; {100 * fit.explained:.0f}% of what makes them differ is "
        f"explained, on a log scale). For these states the record counts {counted:,.0f} thousand "
        f"in its wars and this reckoning {given:,.0f}. Civilians, civil wars and peoples without a "
        "state are not counted."
    )
