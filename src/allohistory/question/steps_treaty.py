"""Steps about treaties and rivalries, in the terms of the model."""

import math

from allohistory.model import terms as m
from allohistory.noise import address
from allohistory.question.acts import (
    RivalryEnds,
    RivalryStarts,
    TreatyEnded,
    TreatyFormed,
    TreatyHeld,
    TreatyPrevented,
)
from allohistory.question.chain import Chain, TreatyFacts
from allohistory.question.read import quoted
from allohistory.record.names import fold
from allohistory.record.panel import Panel

RESENTED, RESENTED_YEARS = 2.0, 20
"""Odds of a rivalry under an unequal treaty, and for how long (assumed)."""


def treaty_formed(chain: Chain, act: TreatyFormed) -> None:
    """FOUND of the first two, OPEN and MEMBER for the others."""
    year = act.year
    who = [chain.state(text, "members", year) for text in act.members]
    if len(set(who)) < len(who):
        chain.fail("members", "a member is named twice")
    i, j, others = who[0], who[1], who[2:]
    first, second = chain.dyad(i, j)
    names = " and ".join(chain.name(k, year) for k in who)
    if not act.obligations:
        _unequal(chain, act, (i, j), names)
        return
    chain.act(year)
    strong = bool({"defense", "offense"} & set(act.obligations))
    process = m.FOUND_STRONG if strong else m.FOUND_WEAK
    key = int(
        address(
            process,
            year,
            *(chain.panel.geography.state_hash.dtype.type(h) for h in (first, second)),
        )
    )
    bound = _bound(chain, act, who)
    chain.force(process, year, first, second, 1 + (10 * (bound + 1) if bound is not None else 0))
    chain.force(m.OPEN, year, key, 0, int(bool(others)), hold=not others)
    for k in others:
        chain.force(m.MEMBER, year, key, chain.state_hash(k), 1)
    chain.called.append((key, act.treaty))
    chain.treaties[fold(act.treaty)] = TreatyFacts(
        act.treaty, key, process, year, None, (i, j), ours=True
    )
    kind = "strong" if strong else "weak"
    text = f'"{act.treaty}" is a {kind} treaty that {names} sign in {year}'
    if bound is not None:
        text += f", bound to whoever rules {chain.name(bound, year)} then"
    chain.say(text + ("; others may come in." if others else ", open to nobody else."))


def treaty_ended(chain: Chain, act: TreatyEnded) -> None:
    """LAPSE in the year."""
    treaty = chain.treaty(act.treaty_end, "treaty_end")
    if act.year <= treaty.year:
        chain.fail(
            "year",
            f'"{treaty.name}" is signed only in {treaty.year} and cannot end in {act.year}',
            str(treaty.year + 1),
        )
    if treaty.end is not None and act.year > treaty.end:
        chain.fail(
            "year",
            f'"{treaty.name}" has ended in {treaty.end}',
            f"a year from {treaty.year + 1} to {treaty.end}",
        )
    chain.act(act.year)
    chain.force(m.LAPSE, act.year, treaty.key, 0, 1)
    treaty.end = act.year
    chain.say(f'"{treaty.name}" ends for all its members in {act.year}.')


def treaty_prevented(chain: Chain, act: TreatyPrevented) -> None:
    """No FOUND of the founding pair in the year in which it was signed."""
    treaty = chain.treaty(act.treaty, "treaty")
    if treaty.ours:
        chain.fail("treaty", f'"{treaty.name}" is a treaty of this chain; leave its step out')
    if treaty.year <= chain.panel.first:
        chain.fail("treaty", f'"{treaty.name}" is in force when the record begins')
    chain.act(treaty.year, "treaty")
    chain.force(treaty.process, treaty.year, *chain.dyad(*treaty.pair), 0)
    chain.treaties = {k: t for k, t in chain.treaties.items() if t.key != treaty.key}
    chain.say(
        f'"{treaty.name}" is not signed in {treaty.year}; later treaties of the same two are '
        "left to the model."
    )


def treaty_held(chain: Chain, act: TreatyHeld) -> None:
    """No LAPSE up to a year; priced is the year in which history ended it."""
    treaty = chain.treaty(act.treaty, "treaty")
    if act.until <= treaty.year:
        chain.fail(
            "until",
            f'"{treaty.name}" is signed only in {treaty.year}',
            f"{treaty.year + 1} or later",
        )
    turn = treaty.end if treaty.end is not None else treaty.year + 1
    if turn > act.until:
        chain.fail("until", f'"{treaty.name}" lasted to {turn} anyway', f"{turn} or later")
    chain.act(turn, "until")
    # Before its end in history it needs no hold, unless something differs already.
    since = treaty.year + 1 if chain.step else turn
    for year in range(since, min(act.until, chain.panel.last) + 1):
        chain.force(m.LAPSE, year, treaty.key, 0, 0, hold=year != turn)
    chain.say(
        f'"{treaty.name}" does not lapse before the end of {act.until}; only {turn} is priced.'
    )


def rivalry_starts(chain: Chain, act: RivalryStarts) -> None:
    """RIVAL_START in the year."""
    i, j = chain.two(act.rivalry, "rivalry", act.year)
    if _rivals(chain, i, j, act.year):
        chain.fail(
            "year",
            f"{chain.name(i, act.year)} and {chain.name(j, act.year)} are rivals "
            f"already in {act.year}",
        )
    chain.act(act.year)
    chain.force(m.RIVAL_START, act.year, *chain.dyad(i, j), 1)
    chain.say(
        f"{chain.name(i, act.year)} and {chain.name(j, act.year)} become rivals in {act.year}."
    )


def rivalry_ends(chain: Chain, act: RivalryEnds) -> None:
    """RIVAL_END in the year."""
    i, j = chain.two(act.rivalry_end, "rivalry_end", act.year)
    if not _rivals(chain, i, j, act.year):
        chain.fail(
            "year",
            f"{chain.name(i, act.year)} and {chain.name(j, act.year)} are no rivals in {act.year}",
            _when(chain.panel, i, j),
        )
    chain.act(act.year)
    chain.force(m.RIVAL_END, act.year, *chain.dyad(i, j), 1)
    chain.say(
        f"The rivalry of {chain.name(i, act.year)} and {chain.name(j, act.year)} ends in "
        f"{act.year}."
    )


def _rivals(chain: Chain, i: int, j: int, year: int) -> bool:
    """Whether two are rivals when a year begins: by the record, or by an earlier step."""
    now = bool(chain.panel.rival[chain.panel.row(year) - 1, i, j])
    ends = {m.RIVAL_START: True, m.RIVAL_END: False}
    pair = chain.dyad(i, j)
    turns = [
        (c.year, ends[c.process])
        for c in chain.changes
        if c.process in ends and (c.first, c.second) == pair and c.year < year and c.force
    ]
    return max(turns)[1] if turns else now


def _when(panel: Panel, i: int, j: int) -> str:
    """Years in which the record has two as rivals, as advice."""
    rows = [panel.first + int(t) for t in panel.rival[:, i, j].nonzero()[0]]
    return f"a year from {rows[0] + 1} to {rows[-1] + 1}" if rows else ""


def _bound(chain: Chain, act: TreatyFormed, who: list[int]) -> int | None:
    """Member whose leader a treaty is bound to."""
    if act.bound_to is None:
        return None
    state = chain.leaders.get(fold(act.bound_to))
    if state is None:
        name = fold(act.bound_to)
        state = next((k for k in who if name == fold(chain.name(k, act.year))), None)
    if state is None:
        state = chain.leader(act.bound_to, "bound_to")[1]
    names = [chain.name(k, act.year) for k in who]
    if state not in who:
        chain.fail("bound_to", f'"{act.bound_to}" leads no member of the treaty', quoted(names))
    if not chain.panel.geography.tracked[state]:
        chain.fail("bound_to", f"leaders of {chain.name(state, act.year)} are not modelled")
    return state


def _unequal(chain: Chain, act: TreatyFormed, pair: tuple[int, int], names: str) -> None:
    """An unequal treaty pledges nothing that the model knows: what it leaves is resentment."""
    chain.needs_probability("an unequal treaty")
    chain.act(act.year)
    for year in range(act.year, min(act.year + RESENTED_YEARS, chain.panel.last + 1)):
        chain.shift(m.RIVAL_START, year, *chain.dyad(*pair), math.log(RESENTED))
    chain.say(
        f'"{act.treaty}" of {names} pledges nothing: it only multiplies the odds of a '
        f"rivalry of the two by {RESENTED:g} for {RESENTED_YEARS} years (assumed)."
    )
