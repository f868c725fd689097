"""Steps about land: states and units annexed, granted, freed or left alone."""

from allohistory.counterfactual.intervention import winner
from allohistory.engine.race import NOBODY_NAME
from allohistory.errors import UnknownNameError
from allohistory.model import terms as m
from allohistory.question.acts import Annexed, DependencyGranted, Freed, NotAnnexed
from allohistory.question.chain import Chain
from allohistory.record.names import find_state
from allohistory.world import AS_DEPENDENCY, AS_HOME, NOBODY


def annexed(chain: Chain, act: Annexed) -> None:
    """EXIT of a state, or HANDS of a unit, to an owner, as his own soil."""
    _taken(chain, act, AS_HOME)


def dependency_granted(chain: Chain, act: DependencyGranted) -> None:
    """EXIT of a state, or HANDS of a unit, to an owner, as a dependency."""
    _taken(chain, act, AS_DEPENDENCY)


def freed(chain: Chain, act: Freed) -> None:
    """ENTRY of a state, or HANDS of a unit to nobody."""
    i = _state(chain, act.freed, act.year)
    p, row = chain.panel, chain.panel.row(act.year)
    if i is not None:
        if p.active[row - 1, i] or i in chain.entered:
            chain.fail("freed", f"{chain.name(i, act.year)} is a state already in {act.year}")
        chain.act(act.year)
        chain.force(m.ENTRY, act.year, chain.state_hash(i), 0, 1)
        chain.entered[i] = act.year
        chain.say(f"{chain.name(i, act.year)} enters the system in {act.year} by consent.")
        return
    u = chain.unit(act.freed, "freed")
    if p.owner[row - 1, u] == NOBODY:
        chain.fail("freed", f"nobody of the record holds {act.freed} in {act.year}")
    chain.act(act.year)
    _hand(chain, u, act.year, None, AS_DEPENDENCY)
    chain.say(f"{act.freed} passes to nobody of the record in {act.year}.")


def not_annexed(chain: Chain, act: NotAnnexed) -> None:
    """EXIT and HANDS do not happen, from a year to a year; only the first is priced."""
    i = _state(chain, act.annexed, act.from_)
    until = act.until
    if until is not None and until < act.from_:
        chain.fail(
            "until", f"it ends in {until}, before it begins in {act.from_}", f"{act.from_} or later"
        )
    p = chain.panel
    row = p.row(act.from_)
    if i is None:
        u = chain.unit(act.annexed, "annexed")
        units, what = [u], act.annexed
    else:
        i = chain.state(act.annexed, "annexed", act.from_)
        what = chain.name(i, act.from_)
        units = [int(u) for u in (p.owner[row - 1] == i).nonzero()[0] if u != p.geography.home[i]]
    chain.act(act.from_, "from")
    last = min(until, p.last) if until is not None else chain.until(act.from_)
    for year in range(act.from_, last + 1):
        if i is not None:
            chain.force(m.EXIT, year, chain.state_hash(i), 0, 0, hold=year != act.from_)
        for u in units:
            # The land of a state goes with the state: its price is that of the state.
            chain.force(
                m.HANDS, year, chain.unit_hash(u), 0, 0, hold=i is not None or year != act.from_
            )
    chain.say(f"{what} keeps its place from {act.from_} to {last}; only {act.from_} is priced.")
    if i is not None:
        chain.entered[i] = act.from_
        _no_heirs(chain, i, units, act.from_, last)


def _no_heirs(chain: Chain, i: int, units: list[int], first: int, last: int) -> None:
    """States that history founded later on the land of a state that now lives on."""
    p = chain.panel
    for k in range(len(p.states)):
        if k == i or int(p.geography.home[k]) not in {*units, int(p.geography.home[i])}:
            continue
        for year in range(first, last + 1):
            if p.active[p.row(year), k] > p.active[p.row(year) - 1, k]:
                for process in (m.ENTRY, m.ENTRY_LATE):
                    chain.force(process, year, chain.state_hash(k), 0, 0, hold=True)
                chain.say(
                    f"{chain.name(k, year)} is not founded in {year}, because its land is "
                    f"{chain.name(i, first)}'s (held, not priced)."
                )


def _taken(chain: Chain, act: Annexed | DependencyGranted, held: int) -> None:
    """Land that comes under an owner."""
    key = "annexed" if isinstance(act, Annexed) else "dependency"
    text, year = getattr(act, key), act.year
    k = chain.state(act.owner, "owner", year)
    i = _state(chain, text, year)
    p = chain.panel
    if i is not None and chain.there(i, year):
        if i == k:
            chain.fail("owner", f"{chain.name(k, year)} cannot own itself")
        chain.act(year)
        chain.force(m.EXIT, year, chain.state_hash(i), 0, 1)
        chain.force(m.EXIT_TO, year, chain.state_hash(i), 0, winner(chain.state_hash(k)))
        home = p.geography.home[i]
        units = (p.owner[p.row(year) - 1] == i).nonzero()[0]
        for u in units:
            if u != home:
                _hand(chain, int(u), year, k, held, hold=True)
        chain.say(
            f"{chain.name(i, year)} ends in {year} and its land passes to "
            f"{chain.name(k, year)}; its homeland counts as occupied."
        )
        return
    u = chain.unit(text, key) if i is None else int(p.geography.home[i])
    if p.owner[p.row(year) - 1, u] == k:
        chain.fail("owner", f"{chain.name(k, year)} holds {text} already in {year}")
    home_of = [n for n in range(len(p.states)) if p.geography.home[n] == u and chain.there(n, year)]
    if home_of:
        chain.fail(
            key,
            f"{text} is the homeland of {chain.name(home_of[0], year)} in {year}; name the state",
        )
    chain.act(year)
    _hand(chain, u, year, k, held)
    kind = "its own soil" if held == AS_HOME else "a dependency"
    chain.say(f"{text} passes to {chain.name(k, year)} in {year} as {kind}.")


def _hand(chain: Chain, u: int, year: int, k: int | None, held: int, *, hold: bool = False) -> None:
    """HANDS of a unit and to whom."""
    name = int(NOBODY_NAME) if k is None else chain.state_hash(k)
    chain.force(m.HANDS, year, chain.unit_hash(u), 0, 2 + held, hold=hold)
    chain.force(m.HANDS_TO, year, chain.unit_hash(u), 0, winner(name), hold=hold)


def _state(chain: Chain, text: str, year: int) -> int | None:
    """Column of a state of that name, or None where it names only a unit of land."""
    try:
        return chain.panel.index(find_state(text, year, chain.tables))
    except UnknownNameError:
        return None
