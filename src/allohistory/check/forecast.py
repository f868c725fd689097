"""
What the model gives to each choice of a year: probabilities averaged over parameter draws.

Shocks of a year or a war are integrated over their eight slices; the level of the times drifts
from where it stood at the cut-off, along a path for each draw.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allohistory.check.frames import Floats, Ints
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters

THINNED = 16
"""Draws that stand for all where the work grows with the square of the states."""
ALIASES = {"wartime": "cobelligerents"}


def thin(draws: Sequence[Parameters]) -> list[Parameters]:
    """Evenly spaced draws, at most `THINNED`."""
    step = max(1, len(draws) // THINNED)
    return list(draws[::step][:THINNED])


def drifted(draws: Sequence[Parameters], year: int) -> list[Parameters]:
    """Draws as they stand in a year: the level of the times is in the constants."""
    out = []
    for d, draw in enumerate(draws):
        last = int(draw.since[0]) + draw.level.shape[1] - 1
        beta = draw.beta.copy()
        for t, process in enumerate(m.TIMED):
            level = draw.level[t, min(max(year - int(draw.since[0]), 0), last - int(draw.since[0]))]
            path = np.random.Generator(np.random.Philox(np.random.SeedSequence([d, t])))
            for z in path.standard_normal(max(year - last, 0)):
                level = draw.hold[t] * level + draw.drift[t] * z
            beta[process, m.ALTERNATIVES.get(process, 1) - 1, 0] += level
        out.append(draw._replace(beta=beta))
    return out


def _logistic(eta: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(eta, -35, 35))), np.float64)


def binary(x: Floats, draws: Sequence[Parameters], process: int) -> Floats:
    """Probability by choice and draw, (n, D), shocks left out."""
    beta = np.array([d.beta[process, 0, : x.shape[1]] for d in draws])
    return _logistic(x @ beta.T)


def shocked(x: Floats, draws: Sequence[Parameters], process: int) -> NDArray[np.float32]:
    """Probability by choice, draw and slice of the year's shock, (n, D, 8)."""
    s = m.SHOCKED.index(process)
    beta = np.array([d.beta[process, 0, : x.shape[1]] for d in draws])
    odds = np.exp(np.clip(x @ beta.T, -35, 30)).astype(np.float32)
    tilt = np.array([d.tilt[s] for d in draws], np.float32)
    product = odds[:, :, None] * tilt[None]
    return np.asarray(product / (1.0 + product), np.float32)


def kinds(x: Floats, draws: Sequence[Parameters], process: int) -> Floats:
    """Probability by choice, draw and outcome (0 is nothing), (n, D, A + 1)."""
    alternatives = m.ALTERNATIVES.get(process, 1)
    odds = np.ones((len(x), len(draws), alternatives + 1))
    for d, draw in enumerate(draws):
        eta = x @ draw.beta[process, :alternatives, : x.shape[1]].T
        odds[:, d, 1:] = np.exp(np.clip(eta, -35, 35))
    return np.asarray(odds / odds.sum(2, keepdims=True), np.float64)


def sides(x: Floats, z: Floats, draws: Sequence[Parameters]) -> Floats:
    """Probability of staying out and of joining either side, (n, 3)."""
    beta = np.array([d.beta[m.JOIN, 0, : x.shape[1]] for d in draws])
    tilt = np.array([d.tilt[m.SHOCKED.index(m.JOIN)] for d in draws])
    one, two = (np.exp(np.clip(side @ beta.T, -35, 35)) for side in (x, z))
    a, b = one[:, :, None] * tilt, two[:, :, None] * tilt
    odds = np.stack([np.ones_like(a), a, b], axis=1)
    return np.asarray((odds / odds.sum(axis=1, keepdims=True)).mean(axis=(2, 3)), np.float64)


def opening(x: Floats, strong: int) -> Floats:
    """Terms of a treaty being open to others, from those of its founding, by name."""
    names = m.TERMS[m.FOUND_STRONG]
    columns = []
    for name in m.TERMS[m.OPEN]:
        if name == "strong":
            columns.append(np.full(len(x), float(strong)))
        else:
            columns.append(x[:, names.index(ALIASES.get(name, name))])
    return np.column_stack(columns)


def founding(x: Floats, draws: Sequence[Parameters], strong: int) -> tuple[Floats, Floats]:
    """
    Chance of each pair to found a treaty.

    Parameters
    ----------
    x : (n, K) float64
        Covariates of founding.
    strong : int

    Returns
    -------
    alone, at_all : (n,) float64
        Of one that stays between the two, and of any.
    """
    process = m.FOUND_STRONG if strong else m.FOUND_WEAK
    p = shocked(x, draws, process).mean(2)
    closed = 1.0 - binary(opening(x, strong), draws, m.OPEN)
    return (p * closed).mean(1), p.mean(1, dtype=np.float64)


def transposed(a: Ints, b: Ints, states: int) -> Ints:
    """For each directed pair the row of the same pair the other way round."""
    place = np.full((states, states), -1)
    place[a, b] = np.arange(len(a))
    return place[b, a]


def either(a: Ints, b: Ints, p: NDArray[np.float32] | Floats, states: int) -> tuple[Ints, Floats]:
    """
    Undirected from directed: chance that at least one of two begins, given shocks and draw.

    Parameters
    ----------
    p : (n, ...) float
        The trailing axes are averaged over after the two directions are joined.

    Returns
    -------
    rows, chance
        One row a pair (that with a < b) and its probability.
    """
    rows = np.flatnonzero(a < b)
    back = transposed(a, b, states)[rows]
    p = p.reshape(len(p), -1)
    out = np.empty(len(rows))
    for start in range(0, len(rows), 2048):
        part = slice(start, start + 2048)
        none = (1.0 - p[rows[part]]) * (1.0 - p[back[part]])
        out[part] = 1.0 - none.mean(1, dtype=np.float64)
    return rows, out
