"""How many a year: the model's distribution of yearly counts, shocks and bursts included."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from allohistory.check import forecast as f
from allohistory.check.formation import WORLDS, View, spread
from allohistory.check.frames import Floats, Frame, Ints
from allohistory.check.metrics import covered, crps
from allohistory.model import terms as m

RECENT, LATE = 10, 20
Year = tuple[Floats, Ints, int]
"""The model's sample of a year's count, the counts of the years before, and the count."""


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """A yearly count: what it was, and a sample of what the model thought it would be."""

    name: str
    happened: Callable[[Frame], int]
    sample: Callable[[View], Floats]


def _events(process: int) -> Callable[[Frame], int]:
    return lambda frame: int((frame.rows[frame.at(process), 4] > 0).sum())


def _sample(process: int) -> Callable[[View], Floats]:
    def sample(view: View) -> Floats:
        rng = np.random.default_rng(view.frame.year)
        p = f.shocked(view.frame.x(process), view.draws, process)
        return spread(p, WORLDS, rng).astype(np.float64)

    return sample


def _new_ties(frame: Frame) -> int:
    i, j = frame.rows[frame.at(m.FOUND_STRONG)][:, 2:4].T
    return int(((frame.before[i, j] < 2) & (frame.after[i, j] == 2)).sum())


COUNTS: tuple[Count, ...] = (
    Count("disputes a year", _events(m.DISPUTE), _sample(m.DISPUTE)),
    Count("strong treaties a year", _events(m.FOUND_STRONG), _sample(m.FOUND_STRONG)),
    Count("weak treaties a year", _events(m.FOUND_WEAK), _sample(m.FOUND_WEAK)),
    Count("new strong dyads a year", _new_ties, lambda view: view.new_ties().astype(np.float64)),
)


def scores(years: list[Year]) -> dict[str, dict[str, float]]:
    """
    Share of years inside the 90% band, and mean CRPS.

    Rivals are the years before the cut-off and since (all or the last twenty, whichever does
    better) and the last ten.
    """
    samples: dict[str, list[Floats | Ints]] = {
        "model": [sample for sample, _, __ in years],
        "all": [past for _, past, __ in years],
        "late": [past[-LATE:] for _, past, __ in years],
        "persistence": [past[-RECENT:] for _, past, __ in years],
    }
    value = [happened for _, __, happened in years]
    band = {
        who: float(np.mean([covered(s, v) for s, v in zip(given, value, strict=True)]))
        for who, given in samples.items()
    }
    score = {
        who: float(np.mean([crps(s, v) for s, v in zip(given, value, strict=True)]))
        for who, given in samples.items()
    }
    base = min("all", "late", key=lambda who: score[who])
    out = {}
    for metric, values in {"90% band covers": band, "CRPS": score}.items():
        out[metric] = {
            "model": values["model"],
            "base_rate": values[base],
            "persistence": values["persistence"],
        }
    return out
