"""
Scores of probabilities against what happened; every one is a plain function of arrays.

"Who given how many" is scored within a group (a year): a model that knows only that a year was
busy gains nothing there. "How many" is scored on counts.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TINY = 1e-12


def auc(y: NDArray[np.bool_], p: Floats) -> float:
    """
    Chance that an event was given more than a non-event, ties counted half.

    Returns
    -------
    float
        NaN without both events and non-events.
    """
    events = int(y.sum())
    others = len(y) - events
    if not events or not others:
        return float("nan")
    _, index, counts = np.unique(p, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2.0
    return float((rank[index][y].sum() - events * (events + 1) / 2.0) / (events * others))


def _over_groups(
    group: Ints,
    y: NDArray[np.bool_],
    p: Floats,
    score: Callable[[NDArray[np.bool_], Floats], float],
) -> float:
    """Mean of a score over groups, weighted by their events."""
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    total, weight = 0.0, 0
    for rows in np.split(order, edges):
        events = int(y[rows].sum())
        if events:
            value = score(y[rows], p[rows])
            if np.isfinite(value):
                total += events * value
                weight += events
    return total / weight if weight else float("nan")


def auc_within(group: Ints, y: NDArray[np.bool_], p: Floats) -> float:
    """AUC within each group, averaged with the groups' events as weights."""
    return _over_groups(group, y, p, auc)


def nats(group: Ints, y: NDArray[np.bool_], p: Floats) -> float:
    """
    Who given how many, in nats per event: log of p over its group's sum, less log of 1 / n.

    Returns
    -------
    float
        0 for a model that tells nobody apart; NaN without events.
    """

    def one(yes: NDArray[np.bool_], chance: Floats) -> float:
        chance = np.maximum(chance, TINY)
        share = chance / chance.sum()
        return float(np.mean(np.log(share[yes]) + np.log(len(yes))))

    return _over_groups(group, y, p, one)


def log_loss(y: Ints, p: Floats) -> float:
    """Mean negative log probability of what happened; `p` is (n, kinds)."""
    if not len(y):
        return float("nan")
    return float(-np.mean(np.log(np.clip(p[np.arange(len(y)), y], TINY, 1.0))))


def gain(y: Ints, p: Floats, base: Floats) -> float:
    """Log score gained over a base, per event (an outcome other than 0); NaN without events."""
    events = int((y > 0).sum())
    if not events:
        return float("nan")
    return (log_loss(y, base) - log_loss(y, p)) * len(y) / events


def prl(y: Ints, p: Floats, base: Floats) -> float:
    """Proportional reduction of the log loss of a base."""
    if not len(y):
        return float("nan")
    return 1.0 - log_loss(y, p) / log_loss(y, base)


def slope(y: NDArray[np.bool_], p: Floats) -> float:
    """
    Slope of a logistic recalibration, ``logit P(y) = a + b logit p``.

    Returns
    -------
    float
        1 where the probabilities are as spread as they should be, less where they are too sure;
        NaN without both events and non-events or without any spread.
    """
    chance = np.clip(p, 1e-9, 1 - 1e-9)
    return recalibration(np.log(chance / (1 - chance)), y.astype(np.float64), np.ones(len(y)))


def recalibration(x: Floats, y: Floats, weight: Floats) -> float:
    """
    Slope of the weighted logistic regression of `y` on log odds `x`.

    Returns
    -------
    float
        NaN where nothing that weighs has both events and non-events, or any spread.
    """
    seen = weight > 0
    x, y, weight = x[seen], y[seen], weight[seen]
    if not y.any() or y.all() or np.ptp(x) < TINY:
        return float("nan")
    middle, spread = x.mean(), x.std()
    design = np.column_stack([np.ones(len(x)), (x - middle) / spread])

    def likelihood(beta: Floats) -> float:
        eta = design @ beta
        return float(weight @ (eta * y - np.logaddexp(0.0, eta)))

    # Newton from "as told"; halved where it overshoots, as it does on a few very sure forecasts.
    beta = np.array([middle, spread])
    now = likelihood(beta)
    for _ in range(60):
        q = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -35, 35)))
        hessian = (design * (weight * q * (1 - q))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, design.T @ (weight * (y - q)))
        after = likelihood(beta + step)
        while after < now - 1e-9 and np.abs(step).max() > 1e-10:
            step = step / 2.0
            after = likelihood(beta + step)
        beta, now = beta + step, after
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[1] / spread)


def crps(sample: Floats | Ints, value: float) -> float:
    """Continuous ranked probability score of a sample against a value: E|X - y| - E|X - X'| / 2."""
    x = np.sort(np.asarray(sample, np.float64))
    n = len(x)
    spread = 2.0 * float(np.sum((2 * np.arange(1, n + 1) - n - 1) * x)) / n**2
    return float(np.abs(x - value).mean()) - spread / 2.0


def covered(sample: Floats | Ints, value: float, share: float = 0.9) -> bool:
    """Whether a value lies in the central band of a sample."""
    low, high = np.quantile(
        sample, [(1 - share) / 2, (1 + share) / 2], method="closest_observation"
    )
    return bool(low <= value <= high)
