"""Steps within states: leaders, regimes, capability, civil wars."""

import math

from allohistory.counterfactual.intervention import Change, winner
from allohistory.model import terms as m
from allohistory.question.acts import (
    CapabilityPath,
    CivilWarWinner,
    ExitMoved,
    LeaderInstalled,
    LeaderPrevented,
    RegimeInstalled,
)
from allohistory.question.chain import Chain
from allohistory.question.read import nearest, quoted
from allohistory.record.names import fold
from allohistory.record.tables import CivilWar

REGULAR, IRREGULAR, FOREIGN = 1, 2, 3
LEVELS = ("autocracy", "mixed", "democracy")
LONGEST_RULE = 30
"""Years that a leader may stay beyond his exit in the record."""
PATRON_ODDS, PATRON_YEARS = 5.0, 15
"""What a civil war won with a patron does to the odds of a treaty with him (assumed)."""


def leader_installed(chain: Chain, act: LeaderInstalled) -> None:
    """LEADER, PATRON_TO where there is a patron, and no other change before `until`."""
    i = _tracked(chain, act.state, act.year)
    h, year = chain.state_hash(i), act.year
    chain.act(year)
    where = chain.name(i, year)
    text = f"{act.leader} stands for a change of leader in {where} in {year}"
    if act.patron is not None:
        k = chain.state(act.patron, "patron", year)
        if k == i:
            chain.fail("patron", f"{where} cannot be its own patron")
        if act.how is not None:
            chain.fail(
                "how",
                "a leader with a patron comes in neither regularly nor irregularly; "
                "leave this key out",
            )
        chain.force(m.LEADER, year, h, 0, FOREIGN)
        chain.force(m.PATRON_TO, year, h, 0, winner(chain.state_hash(k)))
        text += f" that {chain.name(k, year)} stands behind"
    else:
        regular = act.how == "regular"
        chain.force(m.LEADER, year, h, 0, REGULAR if regular else IRREGULAR)
        text += ", by the rules" if regular else ", against the rules"
    if act.until is not None:
        if act.until <= year:
            chain.fail("until", f"the leader comes only in {year}", f"{year + 1} or later")
        for later in range(year + 1, min(act.until, chain.panel.last + 1)):
            chain.force(m.LEADER, later, h, 0, 0, hold=True)
        if act.until <= chain.panel.last:
            chain.force(m.LEADER, act.until, h, 0, REGULAR, hold=True)
        text += f" and that lasts to {act.until} (held, not priced)"
    chain.called.append((Change(m.LEADER, year, h).where, act.leader))
    chain.leaders[fold(act.leader)] = i
    chain.say(f"{text}; the model knows the change, not the person.")


def leader_prevented(chain: Chain, act: LeaderPrevented) -> None:
    """No change of leader in the years in which he came, nor where he alone made way."""
    i = _tracked(chain, act.state, None)
    name, i = chain.leader(act.leader, "leader", i)
    p = chain.panel
    tokens = {
        n
        for n, row in enumerate(chain.tables.leaders, 1)
        if row.name == name and row.id == p.states[i]
    }
    column = p.leader[:, i]
    came = [
        t
        for t in range(1, len(column))
        if column[t] in tokens and p.change[t, i] and column[t - 1] not in tokens
    ]
    if not came:
        chain.fail("leader", f"{name} never stands at the head of a state at the end of a year")
    # A break in his rule (he came back) can only be his; his last exit brings the next man of
    # history, who comes all the same.
    breaks = [
        t
        for t in range(came[0] + 1, came[-1])
        if column[t - 1] in tokens and column[t] not in tokens and p.change[t, i]
    ]
    chain.act(p.first + came[0], "leader")
    for t in sorted(came + breaks):
        chain.force(m.LEADER, p.first + t, chain.state_hash(i), 0, 0, hold=t != came[0])
    years = ", ".join(str(p.first + t) for t in sorted(came + breaks))
    chain.say(
        f"{name} never rules: {chain.name(i, p.first + came[0])} changes no leader in "
        f"{years}; only the first year is priced."
    )


def exit_moved(chain: Chain, act: ExitMoved) -> None:
    """The recorded change of leader does not come in its year and comes in another."""
    i = None if act.state is None else _tracked(chain, act.state, act.to)
    name, i = chain.leader(act.leader_exit, "leader_exit", i)
    p = chain.panel
    spells = [row for row in chain.tables.leaders if row.id == p.states[i] and row.name == name]
    spell = next(
        (r for r in spells if r.start.year <= act.to <= (r.end.year if r.end else 9999)),
        max(
            (r for r in spells if r.start.year <= act.to), key=lambda r: r.start.year, default=None
        ),
    )
    if spell is None or spell.end is None or not p.first < spell.end.year <= p.last:
        ruled = " and ".join(f"{r.start.year}-{r.end.year if r.end else ''}" for r in spells)
        chain.fail("to", f"{name} cannot leave power in {act.to}; he rules {ruled}")
    was = spell.end.year
    if act.to - was > LONGEST_RULE:
        chain.fail(
            "to",
            f"{name} left power in {was} and cannot rule to {act.to}",
            f"{was + LONGEST_RULE} at most",
        )
    if was == act.to:
        chain.fail("to", f"{name} left power in {was} in history too")
    kind = int(p.change[p.row(was), i]) or REGULAR
    chain.act(min(was, act.to), "to")
    h = chain.state_hash(i)
    if act.to < was:
        chain.force(m.LEADER, act.to, h, 0, kind)
        chain.force(m.LEADER, was, h, 0, 0, hold=True)
    else:
        chain.force(m.LEADER, was, h, 0, 0)
        for year in range(was + 1, act.to):
            chain.force(m.LEADER, year, h, 0, 0, hold=True)
        chain.force(m.LEADER, act.to, h, 0, kind, hold=True)
    chain.say(
        f"{name} leaves power in {act.to} instead of {was}, in the same way; priced is "
        f"{min(was, act.to)}, and his successor is nobody the record knows."
    )


def regime_installed(chain: Chain, act: RegimeInstalled) -> None:
    """REGIME, one step a year from the record's regime."""
    i = chain.state(act.state, "state", act.year)
    p, h = chain.panel, chain.state_hash(i)
    now, want = int(p.regime[p.row(act.year) - 1, i]), LEVELS.index(act.regime)
    if now == want:
        chain.fail(
            "regime",
            f"{chain.name(i, act.year)} has that regime already in {act.year}",
            quoted(word for word in LEVELS if word != act.regime),
        )
    chain.act(act.year)
    for n in range(abs(want - now)):
        chain.force(m.REGIME, act.year + n, h, 0, 2 if want > now else 1)
    chain.say(
        f"{chain.name(i, act.year)} goes from {LEVELS[now]} to {LEVELS[want]} in "
        f"{act.year}, one step a year; what follows is left to the model."
    )


def capability_path(chain: Chain, act: CapabilityPath) -> None:
    """GROWTH moved by the same log share each year."""
    if act.to < act.from_:
        chain.fail(
            "to", f"it ends in {act.to}, before it begins in {act.from_}", f"{act.from_} or later"
        )
    i = chain.state(act.capability, "capability", act.from_)
    chain.needs_probability("another path of capability")
    chain.act(act.from_, "from")
    years = act.to - act.from_ + 1
    for year in range(act.from_, act.to + 1):
        chain.shift(m.GROWTH, year, chain.state_hash(i), 0, math.log(act.factor) / years)
    chain.say(
        f"{chain.name(i, act.from_)}'s share of capability is multiplied by {act.factor:g} "
        f"in equal steps from {act.from_} to {act.to}, before what momentum adds."
    )


def civil_war_winner(chain: Chain, act: CivilWarWinner) -> None:
    """The change of leader that brought the winner, and what hangs on it."""
    war = _civil_war(chain, act)
    if war.end is None:
        chain.fail("civil_war", f"the {war.name} is undecided in the record")
    chain.needs_probability("who wins a civil war")
    p, i = chain.panel, chain.panel.index(war.state)
    first, last = max(war.start.year, p.first + 1), min(war.end.year, p.last)
    changes = [y for y in range(first, last + 1) if p.change[p.row(y), i]]
    if not changes:
        chain.fail(
            "civil_war",
            f"no change of leader in the record hangs on the {war.name}, so "
            "the model cannot tell another winner",
        )
    # The change that brought the winner is the last irregular one, or the last of all.
    rough = [y for y in changes if p.change[p.row(y), i] != REGULAR]
    year = (rough or changes)[-1]
    chain.act(year, "civil_war")
    chain.force(m.LEADER, year, chain.state_hash(i), 0, 0)
    name = chain.name(i, year)
    chain.say(
        f"{act.winner} win the {war.name}: the change of leader in {name} in {year} does not "
        "happen (assumed to be what the victory comes to)."
    )
    _no_secession(chain, war, first, last)
    for patrons, size, side in ((war.winner_patron, -1, "lost"), (war.loser_patron, 1, "won")):
        for patron in patrons:
            k = p.index(patron)
            for later in range(year, min(year + PATRON_YEARS, p.last + 1)):
                for process in (m.FOUND_STRONG, m.FOUND_WEAK):
                    chain.shift(process, later, *chain.dyad(i, k), size * math.log(PATRON_ODDS))
            word = "divided" if size < 0 else "multiplied"
            chain.say(
                f"{chain.name(k, year)}, patron of the side that now {side}, finds the odds "
                f"of a treaty with {name} {word} by {PATRON_ODDS:g} for {PATRON_YEARS} years "
                "(assumed)."
            )


def _no_secession(chain: Chain, war: CivilWar, first: int, last: int) -> None:
    """States that broke away out of a civil war do not enter."""
    p = chain.panel
    for spell in chain.tables.spells:
        if spell.enter_from == war.state and first <= spell.start.year <= last:
            k, year = p.index(spell.id), spell.start.year
            for process in (m.ENTRY, m.ENTRY_LATE):
                chain.force(process, year, chain.state_hash(k), 0, 0, hold=True)
            chain.say(
                f"{chain.name(k, year)} does not break away in {year}, because that came of "
                "the civil war (held, not priced)."
            )


def _civil_war(chain: Chain, act: CivilWarWinner) -> CivilWar:
    """Civil war of that name, in which the winner named was not the winner."""
    names = {fold(row.name): row for row in chain.tables.civil_wars}
    names |= {fold(row.id): row for row in chain.tables.civil_wars}
    war = names.get(fold(act.civil_war))
    if war is None:
        near = nearest(act.civil_war, [row.name for row in chain.tables.civil_wars])
        chain.fail("civil_war", f'no civil war is called "{act.civil_war}"', quoted(near))
    if fold(act.winner) in fold(war.winner) or fold(war.winner) in fold(act.winner):
        chain.fail("winner", f'"{war.winner}" won the {war.name} in history', quoted([war.loser]))
    if fold(act.winner) not in fold(war.loser) and fold(war.loser) not in fold(act.winner):
        chain.fail("winner", f'"{act.winner}" is no side of the {war.name}', quoted([war.loser]))
    return war


def _tracked(chain: Chain, text: str, year: int | None) -> int:
    """Column of a state whose leaders are modelled."""
    i = chain.state(text, "state", year or chain.panel.first, member=year is not None)
    if not chain.panel.geography.tracked[i]:
        p = chain.panel
        known = [chain.name(int(k), year or p.first) for k in p.geography.tracked.nonzero()[0]]
        chain.fail(
            "state",
            f"leaders of {chain.name(i, year or p.first)} are not modelled",
            quoted(nearest(text, known) or known[:2]),
        )
    return i
