"""
What happens in a world, as plain sentences in the present tense.

Treaties and wars that only an alternate world has get names by rule; persons are never invented.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypedDict, Unpack

from allohistory.answer.adjectives import adjective, joined
from allohistory.answer.lands import land, several
from allohistory.answer.wording import listed
from allohistory.record.names import called, display
from allohistory.record.tables import NOBODY, Tables

_MOST_NAMED = 3
_REGIMES = {0: "autocracy", 1: "a mixed regime", 2: "democracy"}
_DEEDS = {1: "threatens {b} or shows force", 2: "uses force against {b}", 3: "goes to war with {b}"}
_NO_DEEDS = {1: "does not threaten {b}", 2: "uses no force against {b}",
             3: "does not go to war with {b}"}  # fmt: skip
_ENDS = {
    "lapsed": "lapses",
    "denounced": "is denounced",
    "superseded": "is superseded",
    "dissolved": "is dissolved",
    "expired": "expires",
    "war": "is ended by war",
}
_PLURAL_ENDS = {
    "lapsed": "lapse",
    "denounced": "are denounced",
    "superseded": "are superseded",
    "dissolved": "are dissolved",
    "expired": "expire",
    "war": "are ended by war",
}


class Facts(TypedDict, total=False):
    """
    What a sentence may need; which of it depends on the kind.

    Attributes
    ----------
    a, b : str
        Ids of states: founders, initiator and target, rivals; `a` alone for one state.
    name : str
        Name of the treaty, war or unit of land; by rule where there is none.
    began : int
        Year in which the war or treaty began, for its name.
    strong : bool
        Whether a treaty pledges defense or offense.
    level : int
        Hostility of a dispute, 1 to 3.
    outcome : str
        ``initiator``, ``target`` or ``draw``.
    margin : str
        ``decisive`` or ``narrow``.
    winners, losers : sequence of str
        Ids, weightiest first, where more than the first pair fought.
    holder : str
        Id of the state that holds a state or unit from now on (giver is `a` of a unit).
    leader, how : str
        Name of a leader in the record; ``regular``, ``irregular`` or ``foreign``.
    regime, before : int
        0 autocracy, 1 mixed, 2 democracy.
    restored : bool
        Whether a state that enters had been in the system before.
    ended : str
        How a treaty ended, as in the record.
    """

    a: str
    b: str
    name: str
    began: int
    strong: bool
    level: int
    outcome: str
    margin: str
    winners: Sequence[str]
    losers: Sequence[str]
    holder: str
    leader: str
    how: str
    regime: int
    before: int
    restored: bool
    ended: str


def mentions(text: str, state: str, year: int, tables: Tables | None = None) -> bool:
    """
    Whether a sentence names a state, by itself or in the name of a treaty or war.

    Examples
    --------
    >>> mentions("The Sino-French War ends.", "CHN", 1885), mentions("Japan signs.", "CHN", 1885)
    (True, False)
    """
    row = adjective(state, year)
    words = (display(state, year, tables), row.word, f"{row.prefix}-" if row.prefix else "")
    return any(word and word in text for word in words)


def crowd(states: Sequence[str], year: int, tables: Tables | None = None) -> str:
    """
    Names of several states; from the fourth on they are "others".

    Examples
    --------
    >>> crowd(["UKG", "FRN", "USA", "JPN", "ITA"], 1918)
    'Britain, France, the United States and others'
    """
    names = [called(state, year, tables) for state in states]
    if len(names) > _MOST_NAMED + 1:
        names = [*names[:_MOST_NAMED], "others"]
    return listed(names)


def the(name: str) -> str:
    """
    Name of a treaty or war with its article.

    Examples
    --------
    >>> the("Entente Cordiale"), the("The Pact of Steel")
    ('the Entente Cordiale', 'the Pact of Steel')
    """
    first, _, rest = name.partition(" ")
    return f"the {rest if first.lower() == 'the' and rest else name}"


def war_name(initiator: str, target: str, year: int) -> str:
    """
    Name of a war that history does not have.

    Examples
    --------
    >>> war_name("JPN", "RUS", 1911), war_name("JPN", "RUS", 1931), war_name("USA", "JPN", 1925)
    ('Russo-Japanese War of 1911', 'Soviet-Japanese War of 1931', 'Japanese-American War of 1925')
    """
    return f"{joined(initiator, target, year, keep=True)} War of {year}"


def treaty_name(a: str, b: str, year: int, strong: bool) -> str:
    """
    Name of a treaty that history does not have.

    Examples
    --------
    >>> treaty_name("JPN", "CHN", 1911, strong=True), treaty_name("FRN", "RUS", 1925, strong=False)
    ('Sino-Japanese Defense Treaty of 1911', 'Franco-Soviet Pact of 1925')
    """
    return f"{joined(a, b, year)} {'Defense Treaty' if strong else 'Pact'} of {year}"


def sentence(
    entry_kind: str,
    year: int,
    *,
    happened: bool = True,
    dated: bool = False,
    tables: Tables | None = None,
    **facts: Unpack[Facts],
) -> str:
    """
    One sentence for one thing that happens, or that history had and this world has not.

    Parameters
    ----------
    entry_kind : str
        One of `KINDS`: "treaty signed", "war begins"...
    year : int
        When; decides names of states.
    happened : bool
        False for what does not happen.
    dated : bool
        Begin with the year.
    tables : Tables, optional
        The record; the core record without it.
    **facts
        See `Facts`.

    Returns
    -------
    str
        A sentence with capital and full stop.

    Examples
    --------
    >>> sentence("treaty signed", 1911, a="JPN", b="CHN", strong=True)
    'Japan and China sign the Sino-Japanese Defense Treaty of 1911.'
    >>> sentence("treaty signed", 1902, name="Anglo-Japanese Alliance", happened=False)
    'The Anglo-Japanese Alliance is not signed.'
    >>> sentence("war begins", 1931, name="Mukden War", happened=False, dated=True)
    '1931: No Mukden War.'
    """
    writer = _WRITERS.get(entry_kind)
    if writer is None:
        msg = f'"{entry_kind}" is no kind of entry; known are {", ".join(KINDS)}'
        raise ValueError(msg)
    names = {
        key: called(state, year, tables)
        for key in ("a", "b", "holder")
        if (state := str(facts.get(key, ""))) and state != NOBODY
    }
    text = writer(facts, names, _Scene(year, happened, tables))
    text = f"{text[0].upper()}{text[1:]}."
    return f"{year}: {text}" if dated else text


class _Scene:
    """When a sentence plays, and whether it is one of what did not happen."""

    def __init__(self, year: int, happened: bool, tables: Tables | None) -> None:
        self.year = year
        self.happened = happened
        self.tables = tables

    def verb(self, positive: str, infinitive: str) -> str:
        return positive if self.happened else f"does not {infinitive}"


Names = dict[str, str]


def _treaty(facts: Facts, scene: _Scene) -> str:
    name = facts.get("name") or treaty_name(
        facts["a"], facts["b"], facts.get("began", scene.year), facts.get("strong", True)
    )
    return the(name)


def _war(facts: Facts, scene: _Scene) -> str:
    return facts.get("name") or war_name(facts["a"], facts["b"], facts.get("began", scene.year))


def _plural(name: str) -> bool:
    """Whether a name is of several things: "Cartagena Declarations"."""
    head = re.split(r" (?:of|by|between|with|for|on) | \(", name)[0]
    return head.endswith("s") and not head.endswith(("ss", "is", "us"))


def _signed(facts: Facts, names: Names, scene: _Scene) -> str:
    name = _treaty(facts, scene)
    be = "are" if _plural(name) else "is"
    if not scene.happened:
        return f"{name} {be} not signed"
    if "a" in names and "b" in names:
        return f"{names['a']} and {names['b']} sign {name}"
    return f"{name} {be} signed"


def _lapsed(facts: Facts, _names: Names, scene: _Scene) -> str:
    name = _treaty(facts, scene)
    if not scene.happened:
        return f"{name} {'stay' if _plural(name) else 'stays'} in force"
    return f"{name} {(_PLURAL_ENDS if _plural(name) else _ENDS)[facts.get('ended', 'lapsed')]}"


def _member(verb: str, infinitive: str) -> "Writer":
    def write(facts: Facts, names: Names, scene: _Scene) -> str:
        return f"{names['a']} {scene.verb(verb, infinitive)} {the(facts['name'])}"

    return write


def _dispute(facts: Facts, names: Names, scene: _Scene) -> str:
    deed = (_DEEDS if scene.happened else _NO_DEEDS)[facts.get("level", 2)]
    return f"{names['a']} {deed.format(b=names['b'])}"


def _war_begins(facts: Facts, names: Names, scene: _Scene) -> str:
    name = _war(facts, scene)
    if not scene.happened:
        return f"no {name}"
    if "winners" in facts or "a" not in names or "b" not in names:
        return f"{the(name)} begins"
    return f"{the(name)} begins: {names['a']} attacks {names['b']}"


def _war_ended(facts: Facts, names: Names, scene: _Scene) -> str:
    name = the(_war(facts, scene))
    if not scene.happened:
        return f"{name} does not end"
    outcome = facts.get("outcome", "draw")
    if outcome == "draw":
        return f"{name} ends without a victor"
    how = {"decisive": "decisively", "narrow": "narrowly"}.get(facts.get("margin", ""), "")
    if facts.get("winners") and facts.get("losers"):
        winners = crowd(facts["winners"], scene.year, scene.tables)
        losers = crowd(facts["losers"], scene.year, scene.tables)
        verb = "defeats" if len(facts["winners"]) == 1 else "defeat"
        return f"{name} ends: {winners} {how} {verb} {losers}".replace("  ", " ")
    winner, loser = ("a", "b") if outcome == "initiator" else ("b", "a")
    return f"{name} ends: {names[winner]} {how} defeats {names[loser]}".replace("  ", " ")


def _rivalry(verb: str, infinitive: str) -> "Writer":
    def write(_facts: Facts, names: Names, scene: _Scene) -> str:
        return f"the rivalry of {names['a']} and {names['b']} {scene.verb(verb, infinitive)}"

    return write


def _enters(facts: Facts, names: Names, scene: _Scene) -> str:
    if facts.get("restored"):
        return f"{names['a']} {scene.verb('regains', 'regain')} independence"
    return f"{names['a']} {scene.verb('becomes', 'become')} an independent state"


def _state_ends(_facts: Facts, names: Names, scene: _Scene) -> str:
    if not scene.happened:
        return f"{names['a']} stays an independent state"
    text = f"{names['a']} ceases to be an independent state"
    return f"{text}; {names['holder']} holds its core" if "holder" in names else text


def _unit(facts: Facts, names: Names, scene: _Scene) -> str:
    giver = f" from {names['a']}" if "a" in names else ""
    name = land(facts["name"], scene.year)
    many = several(name)
    if "holder" in names:
        deed = ("pass" if many else "passes") if scene.happened else f"{_do(many)} not pass"
        return f"{name} {deed}{giver} to {names['holder']}"
    deed = ("become" if many else "becomes") if scene.happened else f"{_do(many)} not become"
    return f"{name} {deed} free{giver and ' of ' + names['a']}"


def _do(many: bool) -> str:
    return "do" if many else "does"


def _leader(facts: Facts, names: Names, scene: _Scene) -> str:
    how = facts.get("how", "regular")
    who = facts.get("leader", "")
    if not scene.happened:
        return f"{who or 'the next leader'} does not come to lead {names['a']}"
    if not who:
        way = {"irregular": " by force", "foreign": " by the hand of others"}.get(how, "")
        return f"{names['a']} gets a new leader{way}"
    way = {"irregular": " by irregular means", "foreign": ", installed from outside"}.get(how, "")
    return f"{who} comes to lead {names['a']}{way}"


def _regime(facts: Facts, names: Names, scene: _Scene) -> str:
    start = f" from {_REGIMES[facts['before']]}" if "before" in facts else ""
    return f"{names['a']} {scene.verb('turns', 'turn')}{start} to {_REGIMES[facts['regime']]}"


def _major(verb: str, infinitive: str) -> "Writer":
    def write(_facts: Facts, names: Names, scene: _Scene) -> str:
        return f"{names['a']} {scene.verb(verb, infinitive)} a major power"

    return write


Writer = Callable[[Facts, Names, _Scene], str]
_WRITERS: dict[str, Writer] = {
    "treaty signed": _signed,
    "treaty lapsed": _lapsed,
    "treaty joined": _member("joins", "join"),
    "treaty left": _member("leaves", "leave"),
    "dispute": _dispute,
    "war begins": _war_begins,
    "war joined": _member("joins", "join"),
    "war left": _member("leaves", "leave"),
    "war ended": _war_ended,
    "rivalry begins": _rivalry("begins", "begin"),
    "rivalry ends": _rivalry("ends", "end"),
    "state enters": _enters,
    "state ends": _state_ends,
    "unit": _unit,
    "leader": _leader,
    "regime": _regime,
    "major gained": _major("becomes", "become"),
    "major lost": _major("is no longer", "cease to be"),
}
KINDS = tuple(_WRITERS)
"""Kinds of things that have a sentence."""
