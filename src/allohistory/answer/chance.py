"""Chances and effects with intervals, from runs that share parameter draws."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LOW, HIGH = 0.05, 0.95
DRAWS = 20_000


def _beta(a: float, b: float) -> tuple[float, float]:
    """5% and 95% points of a Beta distribution, by a fixed sample of Gamma draws."""
    z = np.random.Generator(np.random.Philox(7))
    x, y = z.standard_gamma(a, DRAWS), z.standard_gamma(b, DRAWS)
    low, high = np.quantile(x / (x + y), [LOW, HIGH])
    return float(low), float(high)


def chance(hits: ArrayLike, draws: ArrayLike) -> dict[str, float]:
    """
    Chance of an event with its 90% interval.

    The spread between parameter draws (beyond what so few runs a draw would show by luck) and
    the sampling error of the mean are put into one Beta distribution of the same mean; with no
    spread it is the Jeffreys interval.

    Parameters
    ----------
    hits : (n,) bool
        Whether the event happened, by run.
    draws : (n,) int
        Parameter draw of each run.

    Examples
    --------
    >>> c = chance([0] * 99 + [1], [0] * 100)
    >>> 0 < c["lo"] < c["p"] < c["hi"] < 0.05
    True
    """
    y, d = np.asarray(hits, np.float64), np.asarray(draws)
    n, p = len(y), float(np.mean(y))
    _, index = np.unique(d, return_inverse=True)
    size = np.bincount(index)
    means = np.bincount(index, y) / size
    within = p * (1 - p) * float(np.mean(1 / size))
    between = max(float(np.var(means, ddof=1)) - within, 0.0) if len(size) > 1 else 0.0
    a, b = p * n + 0.5, (1 - p) * n + 0.5
    centre = a / (a + b)
    spread = centre * (1 - centre) / (a + b + 1) + between
    strength = max(centre * (1 - centre) / spread - 1, 0.5)
    low, high = _beta(centre * strength, (1 - centre) * strength)
    return {"p": round(p, 5), "lo": round(min(low, p), 5), "hi": round(max(high, p), 5)}


def effect(alternate: ArrayLike, base: ArrayLike, draws: ArrayLike) -> dict[str, float]:
    """
    Paired difference with a 90% interval, clustered by parameter draw.

    Parameters
    ----------
    alternate, base : (n,) float64
        The two sides of each twin.
    draws : (n,) int
    """
    x, y, d = np.asarray(alternate, float), np.asarray(base, float), np.asarray(draws)
    _, index = np.unique(d, return_inverse=True)
    size = np.bincount(index)
    means = np.bincount(index, x - y) / size
    mean = float(np.mean(x - y))
    error = float(np.std(means, ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.0
    return {
        "alternate": round(float(x.mean()), 4),
        "baseline": round(float(y.mean()), 4),
        "effect": round(mean, 4),
        "lo": round(mean - 1.645 * error, 4),
        "hi": round(mean + 1.645 * error, 4),
    }


def survival(
    lengths: ArrayLike, running: ArrayLike, years: tuple[int, ...]
) -> list[dict[str, float]]:
    """
    Kaplan-Meier survival of a pact at given ages.

    Parameters
    ----------
    lengths : (n,) int
        Years each pact lasted or had lasted when the run ended.
    running : (n,) bool
        Whether it was still running then (right-censored).
    """
    t, c = np.asarray(lengths), np.asarray(running, bool)
    alive = 1.0
    at = dict.fromkeys(years, 1.0)
    for age in range(1, max(years) + 1):
        risk = int((t >= age).sum())
        if risk:
            alive *= 1.0 - int(((t == age) & ~c).sum()) / risk
        if age in at:
            at[age] = alive if risk else float("nan")
    return [{"years": age, "p": round(at[age], 4)} for age in years if np.isfinite(at[age])]
