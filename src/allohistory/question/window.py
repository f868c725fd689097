"""The window of divergence: an edge that is soft, not a cut."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a plan lies in the window of divergence.

    Attributes
    ----------
    outside : int
        Years outside the window; 0 inside.
    beyond : bool
        Further outside than the grace.
    penalty : float
        Bits added to its price: one for the whole grace, in proportion.
    note : str
        The same as a sentence; empty inside.
    """

    outside: int
    beyond: bool
    penalty: float
    note: str


def place_of(year: int, window: tuple[int, int, int]) -> Place:
    """Where a first change lies, and what that costs: an edge that is soft, not a cut."""
    first, last, grace = window
    outside = max(first - year, year - last, 0)
    if not outside:
        return Place(0, False, 0.0, "")
    penalty = outside / max(grace, 1)
    where = "before" if year < first else "after"
    beyond = outside > grace
    reach = "beyond the grace" if beyond else "within the grace"
    note = (
        f"It begins in {year}, {outside} years {where} the window {first}-{last} and {reach} "
        f"of {grace} years: a penalty of {penalty:.2f} bits."
    )
    return Place(outside, beyond, penalty, note)
