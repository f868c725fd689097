"""What a comparison yields: agreement as counts, the disagreements without a reason, measures."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Family:
    """
    Agreement of one family of facts.

    Parameters
    ----------
    name : str
        What was compared.
    unit : str
        What was counted.
    agree, ours_only, theirs_only : int
        In both, in the record alone, in the published table alone.
    ours_reasoned, theirs_reasoned : int
        How many of the disagreements have a reason in the record.
    unexplained : tuple of str
        The others, years in a row drawn together.
    measures : dict of str to float
        Figures that are no counts.
    """

    name: str
    unit: str
    agree: int
    ours_only: int
    theirs_only: int
    ours_reasoned: int = 0
    theirs_reasoned: int = 0
    unexplained: tuple[str, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Everything that is in either."""
        return self.agree + self.ours_only + self.theirs_only

    @property
    def share(self) -> float:
        """Share of the total on which both agree; 1 where there is nothing."""
        return self.agree / self.total if self.total else 1.0

    @property
    def share_reasoned(self) -> float:
        """Share on which both agree or for which the record gives a reason."""
        reasoned = self.ours_reasoned + self.theirs_reasoned
        return (self.agree + reasoned) / self.total if self.total else 1.0

    def to_dict(self) -> dict[str, Any]:
        """The family as plain values, shares included."""
        return asdict(self) | {"share": self.share, "share_reasoned": self.share_reasoned}


def compare(
    name: str,
    unit: str,
    ours: set[tuple[Any, ...]],
    theirs: set[tuple[Any, ...]],
    *,
    reason_ours: Callable[..., bool],
    reason_theirs: Callable[..., bool],
) -> Family:
    """
    Compare two sets of tuples whose last element is a year.

    Parameters
    ----------
    name, unit : str
        What is compared and counted.
    ours, theirs : set of tuple
        In the record and in the published table.
    reason_ours, reason_theirs : callable
        Whether the record has a reason for a tuple that is in one alone.

    Returns
    -------
    Family
        With the unexplained tuples drawn together over years.
    """
    only_ours, only_theirs = ours - theirs, theirs - ours
    open_ours = {key for key in only_ours if not reason_ours(*key)}
    open_theirs = {key for key in only_theirs if not reason_theirs(*key)}
    return Family(
        name=name,
        unit=unit,
        agree=len(ours & theirs),
        ours_only=len(only_ours),
        theirs_only=len(only_theirs),
        ours_reasoned=len(only_ours) - len(open_ours),
        theirs_reasoned=len(only_theirs) - len(open_theirs),
        unexplained=(*runs(open_ours, "ours only"), *runs(open_theirs, "theirs only")),
    )


def runs(keys: Iterable[tuple[Any, ...]], label: str) -> list[str]:
    """
    Tuples that end in a year as text, years in a row as one.

    Examples
    --------
    >>> runs({("CHN", "JPN", 1931), ("CHN", "JPN", 1932)}, "ours only")
    ['ours only: CHN-JPN 1931-1932']
    """
    ordered = sorted(keys)
    lines = []
    for (what, _), group in groupby(
        enumerate(ordered), key=lambda item: (item[1][:-1], item[1][-1] - item[0])
    ):
        years = [key[-1] for _, key in group]
        span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
        lines.append(f"{label}: {'-'.join(what)} {span}")
    return lines
