"""Goals that no world can reach, told before any is rolled."""

from allohistory.engine.script import script_of
from allohistory.question.judged import Aim
from allohistory.record.names import called


def impossible(aim: Aim, start: int) -> str:
    """
    Why a goal is out of reach of every world that begins at the end of a year; empty if it is not.

    Only membership and the calendar are looked at. A state that is not in the system can still
    enter it, in any year, unless another lives in its homeland.

    Parameters
    ----------
    aim : Aim
    start : int
    """
    panel = script_of().panel
    a, b = aim.pair
    names = [called(panel.states[i], start) for i in aim.pair]
    if a == b:
        return f"{names[0]} cannot be its own ally."
    last = aim.end(start)
    if not panel.first <= start < panel.last:
        return f"The record, {panel.first} to {panel.last}, has no years after {start} to look at."
    home = panel.geography.home
    if home[a] == home[b]:
        return (
            f"{_upper(names[0])} and {names[1]} have the same homeland, so that they are never in "
            "the system side by side."
        )
    active = panel.active[panel.row(start)]
    away = [name for name, i in zip(names, aim.pair, strict=True) if not active[i]]
    # Where both are there already the year of the start counts; who must enter first loses it.
    years = last - start + (not away)
    if aim.spec.years > years:
        late = f", as {' and '.join(away)} would have to enter the system first" if away else ""
        return (
            f"Only {years} years up to {last} can count{late}: too few for a spell of "
            f"{aim.spec.years} years."
        )
    return ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
