"""Steps about neutrality: proclaimed, pressed upon, refused or granted, and violated."""

import math

from allohistory.counterfactual.intervention import join_unit
from allohistory.model import terms as m
from allohistory.question.acts import NeutralityAnswered, NeutralityProclaimed
from allohistory.question.chain import Chain, Neutral, WarFacts

ROUNDS = 3
ABSTAINS, EMBARGO, DEMAND, REFUSAL, FAVOUR = 4.0, 1.5, 2.0, 3.0, 1.5
"""Factors on odds, assumed: nobody has measured them. A step may give its own `factor`."""


def proclaimed(chain: Chain, act: NeutralityProclaimed) -> None:
    """JOIN of the neutral less likely while the war lasts; DISPUTE of whom its embargo hits."""
    war = chain.war(act.neutrality, "neutrality")
    i = chain.state(act.state, "state", act.year)
    name = chain.name(i, act.year)
    _aside(chain, war, i, "state", act.year)
    _during(chain, war, act.year)
    chain.needs_probability("a proclamation of neutrality, of which the record has no table")
    if act.factor is not None and act.embargo is None:
        chain.fail("factor", "the factor is that of an embargo, and this step has none")
    chain.act(act.year)
    neutral = chain.neutrals.setdefault((war.key, i), Neutral(act.year))
    text = f"{name} proclaims its neutrality in {war.said}"
    if neutral.abstains:
        text += " once more"
    else:
        neutral.abstains, neutral.since = True, act.year
        abstain(chain, war, i, act.year, -1)
        text += f": odds of joining divided by {ABSTAINS:g}"
    if act.embargo is not None:
        k = _belligerent(chain, war, act.embargo, "embargo", act.year)
        if k in neutral.embargoes:
            chain.fail("embargo", f"{name} already sells {chain.name(k, act.year)} nothing")
        neutral.embargoes.add(k)
        factor = act.factor or EMBARGO
        press(chain, war, (k, i), act.year, math.log(factor))
        text += (
            f"; it sells {chain.name(k, act.year)} nothing, which multiplies the odds of a dispute "
            f"with it by {factor:g}"
        )
    chain.say(f"{text}, while the war lasts (assumed).")


def answered(chain: Chain, act: NeutralityAnswered) -> None:
    """DISPUTE of a belligerent with the neutral on which it makes demands, by the answer."""
    war = chain.war(act.demand, "demand")
    k = _belligerent(chain, war, act.initiator, "initiator", act.year)
    i = chain.state(act.target, "target", act.year)
    by, of = chain.name(k, act.year), chain.name(i, act.year)
    _aside(chain, war, i, "target", act.year)
    neutral = chain.neutrals.setdefault((war.key, i), Neutral(act.year))
    _during(chain, war, act.year)
    chain.needs_probability("a demand on a neutral, of which the record has no table")
    chain.act(act.year)
    if act.answer is None:
        factor = act.factor or DEMAND
        press(chain, war, (k, i), act.year, math.log(factor))
        chain.say(
            f"{by} demands of {of} what its neutrality denies: odds of a dispute multiplied by "
            f"{factor:g} (assumed)."
        )
    elif act.answer == "refused":
        factor = act.factor or REFUSAL
        press(chain, war, (k, i), act.year, math.log(factor))
        chain.say(f"{of} refuses {by}: odds of a dispute multiplied by {factor:g} (assumed).")
    else:
        relieved = neutral.pressed.get(k, 0.0)
        press(chain, war, (k, i), act.year, -relieved)
        neutral.embargoes.discard(k)
        eased = f"nothing presses {by} any more, and " if relieved else ""
        factor = act.factor or FAVOUR
        foes = [j for j in war.pair if war.sides[j] != war.sides[k]]
        for j in foes:
            press(chain, war, (j, i), act.year, math.log(factor))
        angry = " and ".join(chain.name(j, act.year) for j in foes)
        chain.say(
            f"{of} grants {by} what it demands: {eased}the odds of a dispute of {angry} with {of} "
            f"are multiplied by {factor:g} (assumed)."
        )


def abstain(chain: Chain, war: WarFacts, i: int, year: int, sign: int) -> None:
    """Move the odds of joining either side in every round to come."""
    for later in range(year, war.end + 1):
        for r in range(ROUNDS if chain.there(i, later) else 0):
            where = join_unit(war.key, r)
            chain.shift(m.JOIN, later, where, chain.state_hash(i), sign * math.log(ABSTAINS))


def press(chain: Chain, war: WarFacts, dyad: tuple[int, int], year: int, size: float) -> None:
    """Move the odds of a dispute of a belligerent with a neutral while the war lasts."""
    k, i = dyad
    pressed = chain.neutrals[war.key, i].pressed
    pressed[k] = pressed.get(k, 0.0) + size
    if size:
        for later in range(year, war.end + 1):
            chain.shift(m.DISPUTE, later, chain.state_hash(k), chain.state_hash(i), size)


def violated(chain: Chain, k: int, i: int, year: int) -> None:
    """Release a neutral from its abstention once a belligerent has used force against it."""
    for war in {facts.key: facts for facts in chain.wars.values()}.values():
        neutral = chain.neutrals.get((war.key, i))
        if neutral is None or not _fights(war, k, year) or not neutral.since <= year <= war.end:
            continue
        if neutral.abstains:
            neutral.abstains = False
            abstain(chain, war, i, year, 1)
            chain.say(
                f"That violates the neutrality of {chain.name(i, year)} in {war.said}, which is "
                "free to join it from then on."
            )


def _belligerent(chain: Chain, war: WarFacts, text: str, key: str, year: int) -> int:
    k = chain.state(text, key, year)
    if not _fights(war, k, year):
        known = " or ".join(f'"{chain.name(j, year)}"' for j in war.pair)
        chain.fail(key, f"{chain.name(k, year)} does not fight in {war.said}", known)
    return k


def _fights(war: WarFacts, i: int, year: int) -> bool:
    """Whether a state is in the war by a year: Italy is neutral in 1914, and fights in 1915."""
    return i in war.sides and (i in war.pair or war.since.get(i, war.year) <= year)


def _aside(chain: Chain, war: WarFacts, i: int, key: str, year: int) -> None:
    if _fights(war, i, year):
        chain.fail(
            key, f"{chain.name(i, year)} fights in {war.said} in {year} and cannot be neutral in it"
        )


def _during(chain: Chain, war: WarFacts, year: int) -> None:
    if not war.year <= year <= war.end:
        chain.fail(
            "year", f"{war.said} is not fought in {year}", f"a year from {war.year} to {war.end}"
        )
