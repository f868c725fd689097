"""Steps that the record cannot see: odds multiplied for some years, ambitions redirected."""

import math

from allohistory.errors import UnknownNameError
from allohistory.model import terms as m
from allohistory.question.acts import Ambition, Propensity
from allohistory.question.chain import Chain
from allohistory.question.read import nearest, quoted
from allohistory.record.names import find_state, fold
from allohistory.world import NOBODY

DIRECTED = (m.DISPUTE, m.LEVEL)
UNDIRECTED = (m.RIVAL_START, m.RIVAL_END, m.FOUND_STRONG, m.FOUND_WEAK)
OF_ONE = (m.LEADER, m.REGIME, m.EXIT, m.MAJOR_GAIN, m.MAJOR_LOSS)
PLAIN: dict[str, tuple[int, ...]] = {
    "arrogance": (m.DISPUTE,),
    "provocation": (m.DISPUTE,),
    "grievance": (m.DISPUTE,),
    "resentment": (m.DISPUTE,),
    "hostility": (m.DISPUTE,),
    "restraint": (m.DISPUTE,),
    "pressure": (m.DISPUTE,),
    "militarism": (m.DISPUTE, m.LEVEL),
    "war": (m.LEVEL,),
    "distrust": (m.RIVAL_START,),
    "reconciliation": (m.RIVAL_END,),
    "sympathy": (m.FOUND_STRONG, m.FOUND_WEAK),
    "friendship": (m.FOUND_STRONG, m.FOUND_WEAK),
    "shared grievance": (m.FOUND_STRONG, m.FOUND_WEAK),
    "alliance": (m.FOUND_STRONG,),
    "treaty": (m.FOUND_STRONG, m.FOUND_WEAK),
    "instability": (m.LEADER,),
    "collapse": (m.EXIT,),
    "reform": (m.REGIME,),
}
"""Plain words for a propensity, and the processes they move."""
KNOWN = PLAIN | {m.NAMES[p]: (p,) for p in (*DIRECTED, *UNDIRECTED, *OF_ONE)}


def propensity(chain: Chain, act: Propensity) -> None:
    """Log odds of one or two processes moved for some years."""
    processes = KNOWN.get(fold(act.propensity))
    if processes is None:
        chain.fail(
            "propensity",
            f'no propensity is called "{act.propensity}"',
            quoted(nearest(act.propensity, KNOWN) or list(KNOWN)[:3]),
        )
    first, last = _span(chain, act.years)
    i = chain.state(act.state, "state", first)
    alone = processes[0] in OF_ONE
    if alone and act.toward is not None:
        chain.fail("toward", f'"{act.propensity}" concerns one state only; leave this key out')
    chain.needs_probability("a propensity that the record does not hold")
    others = range(len(chain.panel.states))
    if act.toward is not None:
        j = chain.state(act.toward, "toward", first)
        if i == j:
            chain.fail("toward", f"{chain.name(i, first)} is named twice")
        others = range(j, j + 1)
    chain.act(first, "years")
    size = math.log(act.factor)
    for year in range(first, last + 1):
        for process in processes:
            if alone:
                chain.shift(process, year, chain.state_hash(i), 0, size)
                continue
            for j in others:
                if j == i or not chain.there(j, year):
                    continue
                pair = (
                    (chain.state_hash(i), chain.state_hash(j))
                    if process in DIRECTED
                    else chain.dyad(i, j)
                )
                chain.shift(process, year, *pair, size)
    what = " and ".join(m.NAMES[p] for p in processes)
    whom = (
        ""
        if alone
        else (f" toward {chain.name(others[0], first)}" if act.toward else " toward everybody")
    )
    chain.say(
        f'"{act.propensity}" of {chain.name(i, first)}{whom} multiplies its odds of {what} '
        f"by {act.factor:g} in each year from {first} to {last} (assumed)."
    )


def ambition(chain: Chain, act: Ambition) -> None:
    """Odds of a dispute moved from those who hold the old targets to who holds the new one."""
    first, last = _span(chain, act.years)
    i = chain.state(act.ambition, "ambition", first)
    chain.needs_probability("where a state's ambition turns")
    chain.act(first, "years")
    size = math.log(act.factor)
    for text, key, way in (*((t, "from", -1) for t in act.from_), (act.to, "to", 1)):
        spans: list[tuple[int, int]] = []
        for year in range(first, last + 1):
            j = _holder(chain, text, key, year)
            if j in {NOBODY, i} or not chain.there(j, year):
                continue
            chain.shift(m.DISPUTE, year, chain.state_hash(i), chain.state_hash(j), way * size)
            if not spans or spans[-1][0] != j:
                spans.append((j, year))
        if not spans:
            chain.fail(
                key,
                f"nobody but {chain.name(i, first)} or strangers to the record hold "
                f"{text} from {first} to {last}",
            )
        held = ", then ".join(f"{chain.name(j, year)} (from {year})" for j, year in spans)
        verb = "multiplied" if way > 0 else "divided"
        chain.say(
            f"{chain.name(i, first)}'s odds of a dispute over {text} are {verb} by "
            f"{act.factor:g} in each year from {first} to {last} (assumed), against whoever "
            f"holds it in history when the year begins: {held}."
        )


def _holder(chain: Chain, text: str, key: str, year: int) -> int:
    """Who stands between an ambition and its target in a year."""
    p = chain.panel
    try:
        i = p.index(find_state(text, year, chain.tables))
    except UnknownNameError:
        i = NOBODY
    if i != NOBODY and chain.there(i, year):
        return i
    u = int(p.geography.home[i]) if i != NOBODY else chain.unit(text, key)
    return int(p.owner[p.row(year) - 1, u])


def _span(chain: Chain, years: list[int]) -> tuple[int, int]:
    first, last = years
    if last < first:
        chain.fail(
            "years", f"they end in {last}, before they begin in {first}", f"[{last}, {first}]"
        )
    return first, last
