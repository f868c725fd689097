"""Treaties of one world, year by year: who belonged to which from when to when, and its name."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.answer.narrate import treaty_name
from allohistory.counterfactual.book import Book, Happening
from allohistory.model import terms as m

Happened = Callable[[int, int], list[Happening]]


@dataclass(frozen=True, slots=True, eq=False)
class Pledge:
    """
    One treaty.

    Attributes
    ----------
    name : str
    strong : bool
        Whether it pledges defense or offense.
    began : int
    members : (Y, N) int8
        Who is bound at the end of each year: 1 as the treaty pledges, 2 by its weak pledges only.
    """

    name: str
    strong: bool
    began: int
    members: NDArray[np.int8]


def pledges(book: Book, ids: list[str], *, actual: bool) -> list[Pledge]:
    """
    Find the treaties that were in force in some year since `book.since`, oldest first.

    Parameters
    ----------
    book : Book
    ids : list of str
        Ids of the states, in the order of the model.
    actual : bool
        Of the record rather than of the alternate world.
    """
    end = book.past if actual else book.world
    active = book.course(actual=actual).status[:, w.ACTIVE] > 0

    def happened(year: int, process: int) -> list[Happening]:
        old = actual or year <= book.first
        return (book.happened_actually if old else book.happened)(year, process)

    many = int(end.count[w.N_PACTS])
    alive, member = _course(book, end, happened, (len(active), many))
    found = []
    for t in range(many):
        bound = np.where(alive[:, t, None] & active, member[:, t], 0).astype(np.int8)
        # A treaty binds two at least.
        bound[(bound > 0).sum(axis=1) < 2] = 0
        if not bound.any():
            continue
        a, b = (int(end.pact[row, t]) for row in (w.T_A, w.T_B))
        began, strong = int(end.pact[w.T_YEAR, t]), bool(end.pact[w.T_STRONG, t])
        key = int(np.array(end.pact[w.T_KEY, t]).astype(np.uint64))
        name = book.labels.get(key) or treaty_name(ids[a], ids[b], began, strong)
        found.append(Pledge(name, strong, began, bound))
    found.sort(key=lambda p: (p.began, p.name))
    return found


def _course(
    book: Book, end: w.World, happened: Happened, size: tuple[int, int]
) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
    """Which treaty was in force and who belonged to it, by year; in the order of `engine.pacts`."""
    (years, many), states = size, end.member.shape[1]
    old = int(book.start.count[w.N_PACTS])
    alive = np.zeros((years, many), np.bool_)
    member = np.zeros((years, many, states), np.int8)
    alive[0, :old] = book.start.pact[w.T_ALIVE, :old] > 0
    member[0, :old] = book.start.member[:old]
    for y in range(1, years):
        year = book.since + y
        alive[y], member[y] = alive[y - 1], member[y - 1]
        for _, t, _, _ in happened(year, m.LAPSE):
            alive[y, t] = False
        for _, t, i, _ in happened(year, m.WITHDRAW):
            member[y, t, i] = 0
        for _, t, i, how in happened(year, m.ACCEDE):
            member[y, t, i] = how
        for t in range(old, many):
            if end.pact[w.T_YEAR, t] == year:
                alive[y, t] = True
                member[y, t, end.pact[[w.T_A, w.T_B], t]] = 1
        for _, t, i, how in happened(year, m.MEMBER):
            member[y, t, i] = how
    return alive, member


def levels(found: list[Pledge], years: int, states: int) -> NDArray[np.int8]:
    """
    Alliance level of every dyad by year, as the treaties have it.

    Returns
    -------
    (Y, N, N) int8
    """
    out = np.zeros((years, states, states), np.int8)
    for p in found:
        there, full = p.members > 0, p.members == 1
        both = there[:, :, None] & there[:, None, :]
        strong = both & (full[:, :, None] | full[:, None, :]) & p.strong
        np.maximum(out, both.astype(np.int8) + strong, out=out)
    out[:, np.arange(states), np.arange(states)] = 0
    return out
