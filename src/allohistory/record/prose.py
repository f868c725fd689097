"""A shared history as plain text, one dated line for each thing that happened."""

from collections.abc import Callable
from typing import Any

from allohistory.record.names import display
from allohistory.record.shared import (
    Neighbourhood,
    PairHistory,
    Shared,
    SharedDispute,
    SharedRivalry,
    SharedSettlement,
    SharedTreaty,
    SharedWar,
    Transfer,
)
from allohistory.record.tables import FIRST_YEAR, LAST_YEAR, Day
from allohistory.vocab import Obligation

_WIDTH = 11
_DEED = {1: "threat or show of force", 2: "use of force", 3: "war"}
_STATUS = {
    "home": "as part of the homeland",
    "colony": "as a colony",
    "protectorate": "as a protectorate",
    "mandate": "as a mandate",
    "lease": "on lease",
    "occupied": "by occupation",
    "client": "as a client",
}


def render_text(history: PairHistory) -> str:
    """
    The history as lines of text in the order of dates.

    Parameters
    ----------
    history : PairHistory
        What two states share.

    Returns
    -------
    str
        A heading, a line of counts, and one line for each thing, each beginning with its date.
    """
    one, two = history.names
    lines = [f"{one} and {two}, {FIRST_YEAR}-{LAST_YEAR}", _counts(history), ""]
    told = _told(history)
    for row in history.in_order():
        if _key(row) in told:
            continue
        lines.append(f"{row.start!s:<{_WIDTH}} {_line(row, history)}")
    return "\n".join(lines) + "\n"


def obligations_in_words(pledges: Obligation) -> str:
    """
    Pledges as words, strongest first.

    Examples
    --------
    >>> obligations_in_words(Obligation.read("DAC"))
    'defense, nonaggression and consultation'
    """
    words = [str(Obligation[letter].name).lower() for letter in pledges.letters]
    if not words:
        return "nothing"
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _told(history: PairHistory) -> set[tuple[str, str]]:
    """Transfers that a settlement tells already, and disputes that are the war of their year."""
    land = {(row.war, row.unit) for row in history.settlements}
    wars = {("war", str(row.start.year)) for row in history.wars if not row.same_side}
    return land | wars


def _key(row: Shared) -> tuple[str, str] | None:
    if isinstance(row, Transfer):
        return row.cause, row.name
    if isinstance(row, SharedDispute) and row.level == max(_DEED):
        return "war", str(row.start.year)
    return None


def _counts(history: PairHistory) -> str:
    opposed = sum(not war.same_side for war in history.wars)
    together = len(history.wars) - opposed
    counts = [
        (len(history.treaties), "treaty", "treaties"),
        (together, "war on the same side", "wars on the same side"),
        (opposed, "war against each other", "wars against each other"),
        (len(history.disputes), "dispute", "disputes"),
        (len(history.rivalries), "rivalry", "rivalries"),
        (len(history.transfers), "unit of land changed hands", "units of land changed hands"),
    ]
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    return ", ".join(parts) or "nothing shared"


def _line(row: Shared, history: PairHistory) -> str:
    for kind, write in _WRITERS:
        if isinstance(row, kind):
            return write(row, history)
    raise AssertionError(row)


def _treaty(row: SharedTreaty, history: PairHistory) -> str:
    one, two = _names(row.start, history)
    if row.pledges_a == row.pledges_b:
        pledge = f"both pledge {obligations_in_words(row.pledges_a)}"
    else:
        pledge = (
            f"{one} pledges {obligations_in_words(row.pledges_a)}, "
            f"{two} {obligations_in_words(row.pledges_b)}"
        )
    verb = "signed" if row.founded else "has both as members"
    size = f" ({row.members} members)" if row.members > 2 else ""
    how = "one of the two left" if row.ended == "left" else row.ended
    end = f"until {row.end} ({how})" if row.end else "in force at the end of 2016"
    return _noted(f"{row.name}{size} {verb}: {pledge}; {end}", row.note)


def _war(row: SharedWar, history: PairHistory) -> str:
    one, two = _names(row.start, history)
    results = {row.result_a: one, row.result_b: two}
    if row.same_side:
        fate = {"won": "and win", "lost": "and lose", "drew": "without a victor"}
        end = f"until {results['left']} leaves it" if "left" in results else fate[row.result_a]
        text = f"{row.name}: {one} and {two} fight side by side{_to(row.end)}, {end}"
    else:
        end = f"{results['won']} wins ({row.margin})" if "won" in results else "neither side wins"
        if "left" in results:
            end = f"{results['left']} leaves the war"
        text = f"{row.name}: {one} against {two}{_to(row.end)}; {end}"
    toll = [
        f"{name} {deaths:,}"
        for name, deaths in ((one, row.deaths_a), (two, row.deaths_b))
        if deaths is not None
    ]
    if toll:
        text += f"; battle deaths {' and '.join(toll)}"
    return _noted(text, row.note)


def _settlement(row: SharedSettlement, history: PairHistory) -> str:
    names = dict(zip((history.a, history.b), _names(row.start, history), strict=True))
    loser, winner = names[row.loser], names[row.winner]
    deed = {
        "territory": f"{loser} cedes {row.unit or 'land'} to {winner}",
        "indemnity": f"{loser} owes {winner} an indemnity",
        "occupation": f"{winner} occupies {row.unit or f'land of {loser}'}",
        "regime": f"{winner} changes the regime of {loser}",
        "leader": f"{winner} removes the leader of {loser}",
        "death": f"{loser} ceases to exist at the hands of {winner}",
        "dependency": f"{row.unit or loser} becomes a dependency of {winner}",
    }[row.kind]
    return _noted(f"Settlement of the {row.war}: {deed}{_to(row.end)}", row.note)


def _dispute(row: SharedDispute, history: PairHistory) -> str:
    names = dict(zip((history.a, history.b), _names(row.start, history), strict=True))
    joined = ", in a dispute that others began" if row.joined else ""
    text = f"Dispute: {names[row.initiator]} against {names[row.target]}, {_DEED[row.level]}"
    return _noted(text + joined, row.note)


def _rivalry(row: SharedRivalry, history: PairHistory) -> str:
    one, two = _names(row.start, history)
    return _noted(f"Rivalry of {one} and {two} ({row.kind}){_to(row.end)}", row.note)


def _transfer(row: Transfer, history: PairHistory) -> str:
    names = dict(zip((history.a, history.b), _names(row.start, history), strict=True))
    text = f"{row.name} passes from {names[row.giver]} to {names[row.taker]} {_STATUS[row.status]}"
    return _noted(f"{text} ({row.cause}){_to(row.end)}", row.note)


def _neighbourhood(row: Neighbourhood, history: PairHistory) -> str:
    one, two = _names(row.start, history)
    return f"{one} and {two} are neighbours {row.words}{_to(row.end)}"


_WRITERS: tuple[tuple[type, Callable[[Any, PairHistory], str]], ...] = (
    (SharedTreaty, _treaty),
    (SharedWar, _war),
    (SharedSettlement, _settlement),
    (SharedDispute, _dispute),
    (SharedRivalry, _rivalry),
    (Transfer, _transfer),
    (Neighbourhood, _neighbourhood),
)


def _names(day: Day, history: PairHistory) -> tuple[str, str]:
    year = max(day.year, FIRST_YEAR)
    return display(history.a, year), display(history.b, year)


def _to(end: Day | None) -> str:
    return f", to {end}" if end else ""


def _noted(text: str, note: str) -> str:
    return f"{text}. {note}" if note else text
