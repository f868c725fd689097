"""
Intervals that know how few independent things were seen: cut-offs, and bursts of treaties.

Windows of neighbouring cut-offs overlap, so that cut-offs are drawn anew in blocks.
"""

import numpy as np
from numpy.typing import NDArray

from allohistory.check.metrics import recalibration

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TIMES, SHARE = 2000, 0.90
BLOCK = 3
"""Neighbouring cut-offs drawn together."""


def repeats(rng: np.random.Generator, many: int, block: int, times: int) -> Ints:
    """
    How often each of some clusters is drawn, block by block; the last stands beside the first.

    Returns
    -------
    (times, many) int64
        With fewer than two blocks to choose from, blocks are shorter.
    """
    block = min(block, max(many // 2, 1))
    starts = rng.multinomial(many // block, np.full(many, 1 / many), times)
    return np.asarray(sum(np.roll(starts, k, axis=1) for k in range(block)), np.int64)


def drawn(totals: Floats, sizes: Floats, stratum: Ints, seed: int = 0) -> Floats:
    """
    Means of resampled clusters, strata apart.

    Parameters
    ----------
    totals, sizes : (C,) float64
        Sum and number of the values in each cluster.
    stratum : (C,) int64
        Clusters are drawn anew within it: in stratum 0 in blocks of neighbours, else one by one.

    Returns
    -------
    (TIMES,) float64
    """
    rng = np.random.Generator(np.random.Philox(seed))
    total, size = np.zeros(TIMES), np.zeros(TIMES)
    for s in np.unique(stratum):
        mine = np.flatnonzero(stratum == s)
        times = repeats(rng, len(mine), 1 if s else BLOCK, TIMES)
        # Elementwise: a BLAS product may differ between machines in the last digit.
        total += (times * totals[mine]).sum(axis=1)
        size += (times * sizes[mine]).sum(axis=1)
    return np.asarray(total / np.maximum(size, 1e-12), np.float64)


def interval(values: Floats, cluster: Ints, stratum: Ints | None = None) -> list[float]:
    """
    Bootstrap interval of a mean whose values come in clusters.

    Parameters
    ----------
    values : (M,) float64
    cluster : (M,) int64
        Number of the cluster of each value, neighbours having the nearest numbers; the same
        number in two strata is two clusters.
    stratum : (M,) int64, optional
        Such as cases that came true (clusters are bursts) and cases that did not (cut-offs).
    """
    if len(values) == 0:
        return [float("nan")] * 2
    layer = np.zeros(len(values), np.int64) if stratum is None else stratum
    keys, which = np.unique(np.stack([layer, cluster]), axis=1, return_inverse=True)
    which = which.ravel()
    totals = np.asarray(np.bincount(which, values), np.float64)
    sizes = np.asarray(np.bincount(which), np.float64)
    found = drawn(totals, sizes, np.asarray(keys[0], np.int64))
    return [float(v) for v in np.quantile(found, [(1 - SHARE) / 2, (1 + SHARE) / 2])]


def slopes(x: Floats, y: Ints, cluster: Ints, times: int = 200, seed: int = 0) -> list[float]:
    """Logistic recalibration slope of log odds `x`, and its interval over blocks of cut-offs."""
    keys, which = np.unique(cluster, return_inverse=True)
    rng = np.random.Generator(np.random.Philox(seed))
    came = y.astype(np.float64)
    drawn = [
        recalibration(x, came, weight[which].astype(np.float64))
        for weight in repeats(rng, len(keys), BLOCK, times)
    ]
    # Blocks in which nothing ever came true (or everything did) have no slope to tell.
    told = [value for value in drawn if np.isfinite(value)] or [float("nan")]
    low, high = np.quantile(told, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return [recalibration(x, came, np.ones(len(x))), float(low), float(high)]
