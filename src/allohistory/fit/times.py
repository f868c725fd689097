"""
The level of the times: what all choices of one kind share in a year, and how fast it drifts.

log odds = terms + level(t) + shock(t); level(t) = hold level(t - 1) + N(0, tau^2), shock(t) ~
N(0, sigma^2). To a historian: some decades sign treaties more readily than their circumstances
explain, and the next year is likelier to be like this one than like the century's average.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from allohistory.fit.likelihood import Estimate, Floats, binary, evidence, multinomial
from allohistory.model.shocks import NODE, NODES

SIGMAS = (0.05, 0.25, 0.5, 0.75, 1.0)
SPREADS = (0.05, 0.2, 0.4, 0.6, 0.9)
HALF_LIVES = (5.0, 12.0, 30.0)
"""Spread of the level over the long run, and years in which it is half way back to the usual."""
SIGMA_SCALE, SPREAD_SCALE = 0.7, 0.5
"""Half-normal priors of the two spreads."""
ROUNDS = 3
GROUP_ROUNDS, GROUP_TOLERANCE, GROUP_CENTRE, GROUP_SCALE = 60, 1e-3, 0.8, 0.1
"""
The spread of wars' effects is pulled by hand, after free runs were seen: left free it grows to 5,
because in the record's own path what the great wars had in common can hardly be told from how
they grew.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """
    Level and shocks of one process.

    Attributes
    ----------
    sigma, tau : float
        Standard deviation of a year's shock, and of a year's step of the level.
    hold : float
        Part of the level that is still there a year later.
    level, shock : (T,) float64
        Posterior means, one for each year from `first`.
    root : (T, T) float64
        Lower triangle whose square is the posterior covariance of the level.
    first : int
    """

    sigma: float
    tau: float
    hold: float
    level: Floats
    shock: Floats
    root: Floats
    first: int


def _mode(covariance: Floats, events: Floats, expected: Floats) -> tuple[Floats, float]:
    """
    Mode of a Gaussian process seen through Poisson counts, and its log evidence.

    Laplace approximation (Rasmussen and Williams 2006, algorithms 3.1 and 3.2).
    """
    many = len(events)
    u: Floats = np.zeros(many)
    a: Floats = np.zeros(many)
    lower: Floats = np.eye(many)
    for _ in range(30):
        rate = expected * np.exp(np.clip(u, -8, 8))
        root = np.sqrt(rate)
        lower = np.asarray(
            np.linalg.cholesky(np.eye(many) + root[:, None] * covariance * root[None, :])
        )
        b = rate * u + events - rate
        inner = np.linalg.solve(lower, root * (covariance @ b))
        a = b - root * np.linalg.solve(lower.T, inner)
        step = covariance @ a - u
        u = u + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    rate = expected * np.exp(np.clip(u, -8, 8))
    evidence = float(-0.5 * a @ u + (events * u - rate).sum() - np.log(np.diag(lower)).sum())
    return u, evidence


def _drift(spread: float, half_life: float, many: int) -> Floats:
    """Prior covariance of a level that wanders about 0."""
    t = np.arange(many, dtype=np.float64)
    return np.asarray(spread**2 * 0.5 ** (np.abs(t[:, None] - t[None, :]) / half_life))


def decompose(events: Floats, expected: Floats, first: int) -> Times:
    """
    Tell drift from shocks in yearly counts.

    Parameters
    ----------
    events, expected : (T,) float64
        Events of each year, and how many the terms alone lead one to expect.
    first : int
        Year of row 0.

    Returns
    -------
    Times
        At the spreads with the highest evidence times prior on a grid.
    """
    many = len(events)
    best, top = (SIGMAS[0], SPREADS[0], HALF_LIVES[0]), -np.inf
    for sigma, spread, half_life in product(SIGMAS, SPREADS, HALF_LIVES):
        covariance = _drift(spread, half_life, many) + sigma**2 * np.eye(many)
        _, evidence = _mode(covariance, events, expected)
        score = evidence - 0.5 * (sigma / SIGMA_SCALE) ** 2 - 0.5 * (spread / SPREAD_SCALE) ** 2
        if score > top:
            best, top = (sigma, spread, half_life), score
    sigma, spread, half_life = best
    drift = _drift(spread, half_life, many)
    whole = drift + sigma**2 * np.eye(many)
    u, _ = _mode(whole, events, expected)
    rate = expected * np.exp(np.clip(u, -8, 8))
    gain = np.linalg.solve(whole, drift).T
    left = np.linalg.inv(np.linalg.inv(whole) + np.diag(rate))
    level = gain @ u
    covariance = drift - gain @ drift + gain @ left @ gain.T
    root = np.linalg.cholesky(0.5 * (covariance + covariance.T) + 1e-9 * np.eye(many))
    hold = 0.5 ** (1.0 / half_life)
    tau = spread * float(np.sqrt(1.0 - hold**2))
    return Times(sigma, tau, hold, level, u - level, np.asarray(root), first)


def with_groups(
    x: Floats,
    other: Floats,
    y: NDArray[np.int64],
    group: NDArray[np.int64],
    mean: Floats,
    sd: Floats,
) -> tuple[Estimate, float]:
    """
    Choice between nothing and two sides whose groups (wars) share an effect.

    The effect takes one of the eight slices of a normal, as in the engine; EM over the slice of
    each group (Dempster, Laird and Rubin 1977). Without it the differences between wars pose as
    contagion within them, and free worlds have a world war every decade.

    Parameters
    ----------
    x, other : (n, K) float64
        Covariates of either side.
    y : (n,) int64
        0, 1 or 2.
    group : (n,) int64
    mean, sd : (1, K) float64
        Prior of the coefficients.

    Returns
    -------
    Estimate, float
        Coefficients, and the standard deviation of the effect.
    """
    _, index = np.unique(group, return_inverse=True)
    many = int(index.max()) + 1
    beta = np.append(mean[0], GROUP_CENTRE)
    precision = np.append(1.0 / sd[0] ** 2, 1.0 / GROUP_SCALE**2)
    centre = np.append(mean[0], GROUP_CENTRE)
    hessian = np.diag(precision)
    for _ in range(GROUP_ROUNDS):
        first, second = x @ beta[:-1], other @ beta[:-1]
        own = np.where(y == 1, first, np.where(y == 2, second, 0.0))
        fit = np.empty((many, NODES))
        shares = []
        for q, node in enumerate(NODE):
            add = beta[-1] * node
            a, b = (np.exp(np.clip(side + add, -35, 35)) for side in (first, second))
            total = 1.0 + a + b
            shares.append((a / total, b / total))
            fit[:, q] = np.bincount(index, own + add * (y > 0) - np.log(total), minlength=many)
        weight = np.exp(fit - fit.max(1, keepdims=True))
        weight /= weight.sum(1, keepdims=True)
        gradient = -precision * (beta - centre)
        hessian = np.diag(precision)
        for q, node in enumerate(NODE):
            (a, b), v = shares[q], weight[index, q]
            one, two = (np.column_stack([side, np.full(len(y), node)]) for side in (x, other))
            gradient += one.T @ (v * ((y == 1) - a)) + two.T @ (v * ((y == 2) - b))
            middle = one * a[:, None] + two * b[:, None]
            hessian += (one * (v * a)[:, None]).T @ one + (two * (v * b)[:, None]).T @ two
            hessian -= (middle * v[:, None]).T @ middle
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step * min(1.0, 1.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < GROUP_TOLERANCE:
            break
    inverse = np.asarray(np.linalg.inv(hessian), np.float64)[:-1, :-1]
    joiners = int((y > 0).sum())
    best = fit.max(1)
    whole = float((best + np.log(np.exp(fit - best[:, None]).mean(1))).sum())
    told = evidence(whole, (beta - centre)[:-1], sd[0], hessian[:-1, :-1])
    return Estimate(beta[None, :-1], inverse, len(y), joiners, told), float(abs(beta[-1]))


def with_times(
    x: Floats,
    y: NDArray[np.int64],
    year: NDArray[np.int64],
    mean: Floats,
    sd: Floats,
    span: tuple[int, int],
    estimate: Estimate,
) -> tuple[Estimate, Times]:
    """
    Logit whose last alternative shares a drifting level and a shock within each year.

    Alternates between coefficients given the year's sum of both and the sum given the
    coefficients (penalised quasi-likelihood, Breslow and Clayton 1993).

    Parameters
    ----------
    x : (n, K) float64
    y : (n,) int64
        0, or the alternative chosen.
    year : (n,) int64
    mean, sd : (A, K) float64
        Prior of the coefficients.
    span : (int, int)
        First and last year the level is wanted for.
    estimate : Estimate
        Without level or shocks, under the same prior: where to begin.

    Returns
    -------
    Estimate, Times
    """
    first, last = span
    top = len(mean)
    index = year - first
    many = last - first + 1
    hit = y == top
    events = np.bincount(index, hit, minlength=many).astype(np.float64)
    offset: Floats = np.zeros(len(y))
    told = Times(0.3, 0.05, 1.0, np.zeros(many), np.zeros(many), np.eye(many), first)
    for _ in range(ROUNDS):
        odds = np.exp(np.clip(x @ estimate.mode.T, -35, 35))
        odds[:, -1] *= np.exp(offset)
        p = odds[:, -1] / (1.0 + odds.sum(1))
        expected = np.bincount(index, p, minlength=many) / np.exp(told.level + told.shock)
        told = decompose(events, expected, first)
        offset = (told.level + told.shock)[index]
        estimate = _estimate(x, y, mean, sd, offset)
    return estimate, told


def _estimate(
    x: Floats, y: NDArray[np.int64], mean: Floats, sd: Floats, offset: Floats
) -> Estimate:
    """Coefficients given what the years add to the last alternative."""
    if len(mean) == 1:
        return binary(x, y.astype(np.float64), mean[0], sd[0], offset)
    return multinomial(x, y, mean, sd, offset)
