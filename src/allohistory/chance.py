"""Chances and effects with intervals, from runs that share parameter draws."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LOW, HIGH = 0.05, 0.95
DRAWS = 20_000


@lru_cache(1 << 16)
def _beta(a: float, b: float) -> tuple[float, float]:
    """5% and 95% points of a Beta distribution, by a fixed sample of Gamma draws."""
    z = np.random.Generator(np.random.Philox(7))
    x, y = z.standard_gamma(a, DRAWS), z.standard_gamma(b, DRAWS)
    low, high = np.quantile(x / (x + y), [LOW, HIGH])
    return float(low), float(high)


def chance(hits: ArrayLike, sizes: ArrayLike, digits: int = 5) -> dict[str, float]:
    """
    Chance of an event with its 90% interval.

    The spread between parameter draws (beyond what so few runs a draw would show by luck) and
    the sampling error of the mean are put into one Beta distribution of the same mean; with no
    spread it is the Jeffreys interval.

    Parameters
    ----------
    hits, sizes : (D,) float64, (D,) int
        In how many runs the event happened, of how many, by parameter draw.
    digits : int
        Decimals kept.

    Examples
    --------
    >>> c = chance([1], [100])
    >>> 0 < c["lo"] < c["p"] < c["hi"] < 0.05
    True
    """
    y, size = np.asarray(hits, np.float64), np.asarray(sizes)
    n = float(size.sum())
    p = float(y.sum() / n)
    means = y / size
    within = p * (1 - p) * float(np.mean(1 / size))
    between = max(float(np.var(means, ddof=1)) - within, 0.0) if len(size) > 1 else 0.0
    a, b = p * n + 0.5, (1 - p) * n + 0.5
    centre = a / (a + b)
    spread = centre * (1 - centre) / (a + b + 1) + between
    strength = max(centre * (1 - centre) / spread - 1, 0.5)
    low, high = _beta(centre * strength, (1 - centre) * strength)
    told = {"p": p, "lo": min(low, p), "hi": max(high, p)}
    return {key: round(value, digits) for key, value in told.items()}


def effect(alternate: ArrayLike, base: ArrayLike, sizes: ArrayLike) -> dict[str, float]:
    """
    Paired difference with a 90% interval, clustered by parameter draw.

    Parameters
    ----------
    alternate, base : (D,) float64
        Sums of the two sides of the twins, by parameter draw.
    sizes : (D,) int
        Twins by parameter draw.
    """
    x, y, size = np.asarray(alternate, float), np.asarray(base, float), np.asarray(sizes)
    n = int(size.sum())
    means = (x - y) / size
    mean = float((x - y).sum() / n)
    error = float(np.std(means, ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.0
    return {
        "alternate": round(float(x.sum() / n), 4),
        "baseline": round(float(y.sum() / n), 4),
        "effect": round(mean, 4),
        "lo": round(mean - 1.645 * error, 4),
        "hi": round(mean + 1.645 * error, 4),
    }


def survival(
    spells: Mapping[tuple[int, bool], int], years: tuple[int, ...]
) -> list[dict[str, float]]:
    """
    Kaplan-Meier survival of a pact at given ages.

    Parameters
    ----------
    spells : mapping of (int, bool) to int
        How many pacts lasted (or had lasted when the run ended) so many years, and were still
        running then (right-censored) or not.
    """
    alive = 1.0
    at = dict.fromkeys(years, 1.0)
    for age in range(1, max(years) + 1):
        risk = sum(many for (length, _), many in spells.items() if length >= age)
        if risk:
            alive *= 1.0 - spells.get((age, False), 0) / risk
        if age in at:
            at[age] = alive if risk else float("nan")
    return [{"years": age, "p": round(at[age], 4)} for age in years if np.isfinite(at[age])]
