"""Reversals of history: states that fought, and were allied within twenty years of the end."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from allohistory import world as w
from allohistory.check.past import past
from allohistory.record.names import display
from allohistory.record.rows import Participant
from allohistory.record.tables import Tables, load

WITHIN, RESAMPLED = 20, 2000


@dataclass(frozen=True, slots=True)
class Reversal:
    """
    Two enemies of a war, and how many years after its end they shared a defense pact.

    Attributes
    ----------
    war : str
    title : str
        Name of the war.
    pair, names : (str, str)
        Ids of the two, and what they were called when it ended.
    years : int
    """

    war: str
    title: str
    pair: tuple[str, str]
    names: tuple[str, str]
    years: int


@dataclass(frozen=True, slots=True)
class Reversals:
    """
    Reversals, and how common they are.

    Attributes
    ----------
    found : tuple of Reversal
    at_risk : int
        Pairs of enemies whose twenty years lie inside the record.
    share, low, high : float
        Share of those that reversed, and its 90% interval over resampled wars.
    """

    found: tuple[Reversal, ...]
    at_risk: int
    share: float
    low: float
    high: float

    def row(self) -> dict[str, Any]:
        """Lay out what was found as a part of the result of `check`."""
        return {
            "n": len(self.found),
            "of": self.at_risk,
            "share": self.share,
            "lo": self.low,
            "hi": self.high,
            "list": [
                {
                    "war": one.war,
                    "title": one.title,
                    "pair": list(one.pair),
                    "names": list(one.names),
                    "years": one.years,
                }
                for one in self.found
            ],
        }


def _last_year(row: Participant, end: int) -> int:
    return min(row.end.year, end) if row.end else end


def _enemies(rows: tuple[Participant, ...], end: int) -> dict[tuple[str, str], int]:
    """Pairs on opposite sides at once, and the last year of it."""
    out: dict[tuple[str, str], int] = {}
    for one in rows:
        for two in rows:
            if one.side != "A" or two.side == "A" or one.state == two.state:
                continue
            began = max(one.start.year, two.start.year)
            until = min(_last_year(one, end), _last_year(two, end))
            if began <= until:
                first, second = sorted((one.state, two.state))
                out[first, second] = max(until, out.get((first, second), until))
    return out


def reversals(tables: Tables | None = None, within: int = WITHIN) -> Reversals:
    """
    Find who fought and then made a defense pact.

    A pair counts once for each war. The clock starts in the last year that the two fought.

    Parameters
    ----------
    tables : Tables, optional
    within : int
        Years within which the pact must come.
    """
    record = tables or load()
    told = past(tables)
    place = {state: i for i, state in enumerate(told.states)}
    found: list[Reversal] = []
    at_risk: dict[str, list[int]] = {}
    for war in record.wars:
        if war.end is None:
            continue
        pairs = _enemies(record.participants_of[war.id], war.end.year)
        for (one, two), end in sorted(pairs.items()):
            if one not in place or two not in place:
                continue
            if end < told.first or end + within > told.last:
                continue
            rows = slice(told.row(end), told.row(end + within) + 1)
            allied = told.history.link[rows, w.ALLY, place[one], place[two]] == 2
            at_risk.setdefault(war.id, []).append(int(allied.any()))
            if allied.any():
                names = display(one, end, record), display(two, end, record)
                years = int(allied.argmax())
                found.append(Reversal(war.id, war.name, (one, two), names, years))
    return _summary(tuple(found), [np.array(rows) for rows in at_risk.values()])


def _summary(found: tuple[Reversal, ...], wars: list[np.ndarray]) -> Reversals:
    """Share with an interval clustered by war."""
    many = np.array([len(rows) for rows in wars])
    came = np.array([rows.sum() for rows in wars])
    if not len(wars):
        return Reversals(found, 0, float("nan"), float("nan"), float("nan"))
    drawn = np.random.default_rng(0).integers(len(wars), size=(RESAMPLED, len(wars)))
    shares = came[drawn].sum(1) / many[drawn].sum(1)
    low, high = np.quantile(shares, [0.05, 0.95])
    return Reversals(
        found, int(many.sum()), float(came.sum() / many.sum()), float(low), float(high)
    )
