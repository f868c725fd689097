"""A claim on what the two are to each other: whether one comes under the other."""

from allohistory.chance import chance
from allohistory.counterfactual.twin import FRESH, MODES
from allohistory.thread import claims as c
from allohistory.thread.evaluate_answer import basis, places, title
from allohistory.thread.evaluate_number import LUCK, Ends, Measured, three
from allohistory.thread.evaluate_rolls import PLAIN, Rolls

_AT = {"under": (0, 1), "taken over": (2,), "own again": (3,)}
"""Places in the field ``fate`` of `answer.totals.Side`."""
_WORDS = {
    "under": "the chance that one of the two comes under the other",
    "taken over": "the chance that one of the two is taken over whole by the other",
    "own again": "the chance that one comes under the other and is its own master at the end",
}


def bond(m: c.Bond, rolls: Rolls) -> Measured:
    """Share of worlds in which one of the pair comes under the other, is taken over, or free."""
    plan, there = places(m.pod, rolls)
    words = f"{_WORDS[m.bond]}, with {title(rolls, m.pod)},"
    if not there:
        return Measured(words=words, missing="This is asked of a point of divergence only.")
    found: dict[str, Ends] = {}
    for how in MODES:
        side = rolls.pools[PLAIN].side(plan, how.name, "alternate")
        rows = [side.by_draw("fate", at) for at in _AT[m.bond]]
        hits = sum((row[0] for row in rows[1:]), rows[0][0])
        found[how.name] = three(chance(hits, rows[0][1]))
    number = found.pop(FRESH.name)
    settings = {LUCK[name]: ends for name, ends in found.items()}
    told = rolls.part(m.pod).get("bond")
    more = (told["sentence"],) if told else ()
    return Measured(words=words, **number, more=more, settings=settings, basis=basis(rolls, m.pod))
