"""Steps about wars and disputes, in the terms of the model."""

from allohistory.counterfactual.intervention import join_unit
from allohistory.engine.script import WAR
from allohistory.errors import UnknownNameError
from allohistory.model import terms as m
from allohistory.noise import address
from allohistory.question.acts import (
    DisputeHappens,
    DisputePrevented,
    Joins,
    NewWar,
    Peace,
    StaysOut,
    WarOutcome,
    WarPrevented,
)
from allohistory.question.chain import Chain, WarFacts
from allohistory.question.read import nearest, quoted
from allohistory.question.steps_neutral import violated
from allohistory.record.names import find_state, fold

ROUNDS = 3


def war_outcome(chain: Chain, act: WarOutcome) -> None:
    """WAR_END in its year, OUTCOME and MARGIN there."""
    war = chain.war(act.war, "war")
    year = act.year if act.year is not None else war.end
    if year < war.year:
        chain.fail("year", f"{war.said} has not begun in {year}", f"{war.year} or later")
    if war.ours and act.year is None:
        chain.fail("war", f"{war.said} is not in the record, so its end needs a year")
    result = _result(chain, war, act.outcome)
    chain.act(year, "year" if act.year is not None else "war")
    _begins(chain, war)
    _goes_on(chain, war, war.year, year)
    moved = year != war.end or war.ours
    if moved and year > war.end and not war.ours:
        chain.force(m.WAR_END, war.end, war.key, 0, 0)
    chain.force(m.WAR_END, year, war.key, 0, 1, hold=not moved or year > war.end)
    chain.force(m.OUTCOME, year, war.key, 0, result)
    victor = war.pair[0] if result == 0 else war.pair[1]
    text = f"{war.said} ends in {year} in a draw"
    if result != 1:
        text = f"{chain.name(victor, year)}'s side wins {war.said} in {year}"
    if act.margin is not None:
        chain.force(m.MARGIN, year, war.key, 0, int(act.margin == "decisive"))
        text += f", {act.margin}"
    priced = "its year is priced too" if moved else "that it ends in its year of history is held"
    chain.say(f"{text}; {priced}.")
    war.end = year


def new_war(chain: Chain, act: NewWar) -> None:
    """DISPUTE that comes to LEVEL war."""
    i, j = _directed(chain, act.initiator, act.target, act.year)
    chain.act(act.year)
    h = chain.state_hash
    chain.force(m.DISPUTE, act.year, h(i), h(j), 1)
    chain.force(m.LEVEL, act.year, h(i), h(j), WAR)
    key = int(
        address(
            m.JOIN,
            act.year,
            chain.panel.geography.state_hash[i],
            chain.panel.geography.state_hash[j],
        )
    )
    chain.called.append((key, act.new_war))
    chain.wars[fold(act.new_war)] = WarFacts(
        act.new_war, key, act.year, chain.until(act.year), (i, j), {i: 1, j: 2}, ours=True
    )
    chain.say(
        f'"{act.new_war}" is a dispute of {chain.name(i, act.year)} with '
        f"{chain.name(j, act.year)} in {act.year} that comes to war; the model ends it."
    )


def joins(chain: Chain, act: Joins) -> None:
    """JOIN of the side in one round, staying out in the rounds before it."""
    war = chain.war(act.join, "join")
    i = chain.state(act.state, "state", act.year)
    if not war.year <= act.year <= war.end:
        chain.fail(
            "year",
            f"{war.said} is not fought in {act.year}",
            f"a year from {war.year} to {war.end}",
        )
    friend = chain.state(act.side, "side", act.year, member=False)
    side = war.sides.get(friend, 0)
    if not side or friend == i:
        fighting = [chain.name(k, war.year) for k in war.sides if k != i]
        chain.fail("side", f'"{act.side}" does not fight in {war.said}', quoted(fighting[:2]))
    if i in war.pair:
        chain.fail("state", f"{chain.name(i, act.year)} is in {war.said} from the start")
    chain.act(act.year)
    _begins(chain, war)
    _goes_on(chain, war, war.year, act.year)
    turn = act.round - 1 if act.round else 0 if act.year > war.year else 1
    h = chain.state_hash(i)
    joined = _joined(chain, war, i)
    since = war.year if chain.step else min(joined or act.year, act.year)
    for year in range(since, act.year + 1):
        for r in range(ROUNDS if year < act.year else turn):
            chain.force(m.JOIN, year, join_unit(war.key, r), h, 0, hold=True)
    chain.force(m.JOIN, act.year, join_unit(war.key, turn), h, side)
    war.sides[i], war.since[i] = side, act.year
    chain.say(
        f"{chain.name(i, act.year)} joins {war.said} in round {turn + 1} of {act.year} "
        f"on the side of {chain.name(friend, act.year)}, and not before."
    )


def stays_out(chain: Chain, act: StaysOut) -> None:
    """No JOIN in any round of any year of the war."""
    war = chain.war(act.join, "join")
    i = chain.state(act.state, "state", war.year, member=False)
    if i in war.pair:
        chain.fail(
            "state",
            f"{chain.name(i, war.year)} is in {war.said} from the start; prevent the war itself",
        )
    first = next((y for y in range(war.year, war.end + 1) if chain.there(i, y)), None)
    if first is None:
        chain.state(act.state, "state", war.year)
    joined = _joined(chain, war, i)
    # History's own years of staying out need no hold unless something differs already.
    turn = max(joined or 0, first or war.year)
    chain.act(turn, "join")
    _begins(chain, war)
    for year in range(war.year if chain.step else turn, war.end + 1):
        for r in range(ROUNDS if chain.there(i, year) else 0):
            where = join_unit(war.key, r)
            chain.force(m.JOIN, year, where, chain.state_hash(i), 0, hold=year != turn)
    war.sides.pop(i, None)
    chain.say(
        f"{chain.name(i, war.year)} stays out of {war.said} in every round of every "
        "year; priced is the year in which it joined, or the first."
    )


def dispute_happens(chain: Chain, act: DisputeHappens) -> None:
    """DISPUTE and its LEVEL."""
    i, j = _directed(chain, act.initiator, act.target, act.year)
    chain.act(act.year)
    h = chain.state_hash
    chain.force(m.DISPUTE, act.year, h(i), h(j), 1)
    chain.force(m.LEVEL, act.year, h(i), h(j), int(act.dispute == "force"))
    how = "uses force against" if act.dispute == "force" else "threatens"
    chain.say(
        f"{chain.name(i, act.year)} {how} {chain.name(j, act.year)} in {act.year}, short of war."
    )
    if act.dispute == "force":
        violated(chain, i, j, act.year)


def war_prevented(chain: Chain, act: WarPrevented) -> None:
    """No DISPUTE of the two in its first year; no war of theirs afterwards, if asked."""
    war = chain.war(act.war, "war")
    if war.ours:
        chain.fail("war", f"{war.said} is a war of this chain; leave its step out")
    i, j = war.pair
    chain.act(war.year, "war")
    if act.until is not None and act.until < war.year:
        chain.fail("until", f"{war.said} begins only in {war.year}", f"{war.year} or later")
    _quiet(chain, i, j, war.year, act.until or war.year)
    chain.wars = {name: facts for name, facts in chain.wars.items() if facts.key != war.key}
    chain.prevented[chain.war_id(war)] = chain.step
    until = f", nor a war of theirs up to {act.until}" if act.until else ""
    chain.say(
        f"{war.said} is prevented: no dispute of {chain.name(i, war.year)} and "
        f"{chain.name(j, war.year)} in {war.year} in either direction{until}; only "
        f"{war.year} is priced."
    )


def dispute_prevented(chain: Chain, act: DisputePrevented) -> None:
    """No DISPUTE of one state with another for some years; each is priced."""
    _ordered(chain, act.from_, act.to)
    i, j = chain.two(act.dispute, "dispute", act.from_)
    chain.act(act.from_, "from")
    for year in range(act.from_, act.to + 1):
        if chain.there(i, year) and chain.there(j, year):
            chain.force(m.DISPUTE, year, chain.state_hash(i), chain.state_hash(j), 0)
    chain.say(
        f"{chain.name(i, act.from_)} begins no dispute with {chain.name(j, act.from_)} "
        f"from {act.from_} to {act.to}; every year is priced."
    )


def peace(chain: Chain, act: Peace) -> None:
    """Two states do not fight each other for some years."""
    _ordered(chain, act.from_, act.to)
    i, j = chain.two(act.peace, "peace", act.from_)
    chain.act(act.from_, "from")
    _quiet(chain, i, j, act.from_, act.to)
    chain.say(
        f"{chain.name(i, act.from_)} and {chain.name(j, act.from_)} have no dispute in "
        f"{act.from_} and do not come to blows up to {act.to}; only {act.from_} is priced."
    )


def _quiet(chain: Chain, i: int, j: int, year: int, until: int) -> None:
    """No DISPUTE in the first year (priced), none that passes a threat up to the last (held)."""
    h = chain.state_hash
    for a, b in ((i, j), (j, i)):
        chain.force(m.DISPUTE, year, h(a), h(b), 0)
        for later in range(year + 1, min(until, chain.panel.last) + 1):
            chain.force(m.LEVEL, later, h(a), h(b), 0, hold=True)


def _joined(chain: Chain, war: WarFacts, i: int) -> int | None:
    """Year in which history had a state join a war."""
    rows = chain.tables.participants_of.get(chain.war_id(war), ())
    return next((r.start.year for r in rows if chain.panel.index(r.state) == i), None)


def _begins(chain: Chain, war: WarFacts) -> None:
    """Hold the outbreak of a war of history, which earlier steps might otherwise undo."""
    if war.ours or not chain.step or war.year < min(c.year for c in chain.changes):
        return
    first, second = (chain.state_hash(k) for k in war.pair)
    chain.force(m.DISPUTE, war.year, first, second, 1, hold=True)
    chain.force(m.LEVEL, war.year, first, second, WAR, hold=True)
    chain.say(
        f"{war.said} is held to break out in {war.year} as in history; whether it would "
        "in that world is for the other runs to say."
    )


def _goes_on(chain: Chain, war: WarFacts, first: int, end: int) -> None:
    """Hold that a war goes on up to a year, where that could be otherwise."""
    if chain.step or end != war.end:
        for year in range(first, end):
            chain.force(m.WAR_END, year, war.key, 0, 0, hold=True)


def _result(chain: Chain, war: WarFacts, text: str) -> int:
    """Outcome of "Russia wins" or "draw": 0 initiator's side, 1 draw, 2 target's side."""
    word = fold(text)
    if word in {"draw", "a draw", "stalemate"}:
        return 1
    names = [chain.name(i, war.year) for i in war.sides]
    advice = [f"{name} wins" for name in names[:2]] + ["draw"]
    near = [f"{name} wins" for name in nearest(word.removesuffix(" wins"), names)] or advice
    try:
        state = find_state(word.removesuffix(" wins").removesuffix(" win"), war.year, chain.tables)
    except UnknownNameError:
        chain.fail("outcome", f'"{text}" is no outcome of {war.said}', quoted(near))
    side = war.sides.get(chain.panel.index(state), 0)
    if not side:
        chain.fail(
            "outcome",
            f'"{text}" is no outcome: that state does not fight in {war.said}',
            quoted(advice),
        )
    return 0 if side == 1 else 2


def _directed(chain: Chain, initiator: str, target: str, year: int) -> tuple[int, int]:
    i, j = chain.state(initiator, "initiator", year), chain.state(target, "target", year)
    if i == j:
        chain.fail("target", f"{chain.name(i, year)} cannot be its own target")
    return i, j


def _ordered(chain: Chain, first: int, last: int) -> None:
    if last < first:
        chain.fail("to", f"it ends in {last}, before it begins in {first}", f"{first} or later")
