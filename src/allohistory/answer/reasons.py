"""Why the plain baseline is what it is: the terms that keep the pair apart, with their numbers."""

import numpy as np

from allohistory.answer.work import Ask
from allohistory.counterfactual.intervention import clear
from allohistory.engine import gate as g
from allohistory.engine.luck import history_for, rewind, stage, walk
from allohistory.model import terms as m
from allohistory.model.shipped import shipped
from allohistory.model.switches import without
from allohistory.record.dates import FIRST_YEAR
from allohistory.record.names import display

ROWS = 40_000
WORDS = {
    "rival": "they are rivals",
    "war_memory": "the memory of war between them",
    "hurt_short": "disputes of the last years",
    "hurt_mid": "disputes of the last decade",
    "hurt_long": "disputes of the last generation",
    "reach": "how easily they reach each other",
    "distance": "the distance of their capitals",
    "land": "a land border",
    "water": "only water between them",
    "dependency": "they touch through dependencies",
    "same_regime": "the same kind of regime",
    "common_threat": "a threat they share",
    "both_major": "both are major powers",
    "one_major": "one of them is a major power",
    "grudge": "the loser's grudge",
    "comrades": "having fought side by side",
    "pact_memory": "having been allied",
    "weaker_capability": "the weight of the weaker of the two",
    "capability_gap": "the gap between their weights",
    "shared_allies": "allies in common",
    "newborn": "one of them is new",
    "joint_democracy": "both are democracies",
    "standing": "their military standing",
    "one_at_war": "one of them is at war",
    "weak_now": "the weaker treaties between them",
    "strong_now": "the pact they have",
    "cobelligerents": "fighting on the same side now",
    "opposed": "fighting each other now",
}
ABSENT = frozenset(
    ("comrades", "pact_memory", "shared_allies", "strong_now", "weak_now", "cobelligerents")
)
"""Terms of which the lack can be what tells: it is said, lest it read as if they were there."""


def reasons(ask: Ask, draws: int = 24) -> list[str]:
    """
    Terms of a strong treaty between the pair in the first year, against the average founding pair.

    Returns
    -------
    list of str
        One sentence each, the strongest first: how many times likelier or less likely the term
        makes a pact than it was, on average, for the pairs that signed one.
    """
    s = stage(FIRST_YEAR, ask.start, rows=ROWS)
    names = m.TERMS[m.FOUND_STRONG]
    effects, own = [], []
    for d in range(draws):
        p = without(shipped()[0][d % len(shipped()[0])], ask.off, elicited=ask.elicited)
        luck = s.luck
        clear(s)
        rewind(s)
        room = history_for(s)
        before = ask.start - 1
        walk(s, p, room, s.base, before)
        luck.control[g.KEEPING] = 1
        luck.counter[1] = 0
        walk(s, p, room, before, ask.start)
        used = int(luck.counter[1])
        rows = luck.rows[:used]
        found = rows[:, 0] == m.FOUND_STRONG
        pair = found & np.isin(rows[:, 2], ask.pair) & np.isin(rows[:, 3], ask.pair)
        x = luck.covariates[:used, : len(names)]
        beta = p.beta[m.FOUND_STRONG, 0, : len(names)]
        # The yardstick: a pair of the same year weighted by its odds of signing.
        weight = np.exp(np.clip(x[found] @ beta, -30, 30))
        average = (x[found] * weight[:, None]).sum(0) / weight.sum()
        effects.append(beta * (x[pair][0] - average))
        own.append(x[pair][0])
    moved = np.array(effects)
    middle = np.median(moved, axis=0)
    out = []
    a, b = (display(s.script.panel.states[k], ask.start) for k in ask.pair)
    for k in np.argsort(-np.abs(middle))[:6]:
        if abs(middle[k]) < 0.05 or names[k] == "const":
            continue
        low, high = np.quantile(moved[:, k], [0.05, 0.95])
        ratio = np.exp(abs(middle[k]))
        way = "less likely" if middle[k] < 0 else "likelier"
        span = sorted((np.exp(abs(low)), np.exp(abs(high)))) if low * high > 0 else None
        interval = f" (90%: {span[0]:.1f} to {span[1]:.1f} times)" if span else " (sign uncertain)"
        what = WORDS.get(names[k], names[k].replace("_", " "))
        if names[k] in ABSENT and not any(row[k] for row in own):
            what += " (not so here)"
        out.append(
            f"{ask.start}, {a} and {b}, {what}: a pact is {ratio:.1f} times {way}{interval} "
            "than for the pairs likeliest to sign one that year."
        )
    return out
