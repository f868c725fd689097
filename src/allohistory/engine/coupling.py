"""
Couplings: how one uniform, or one Gumbel for each alternative, becomes an outcome.

Under either coupling the luck behind a recorded outcome can be drawn from its posterior, and the
same luck then chooses again under other predictors.
"""

import numpy as np

from allohistory.kernels import ZERO, inlined, kernel
from allohistory.noise import RACE, mix, uniform

# Where every predictor is below RARE, P(nothing) is above SURELY: 1 / (1 + 3 exp(-5)) = .980.
RARE, SURELY = -5.0, 0.98
LEAST_CHANCE = 1e-12
"""A forced outcome is never priced below this: such a price reads "at least" (39.9 bits)."""


@inlined
def edge(k, n, e1, e2, e3):
    """P(outcome < k) of a logit whose base alternative 0 has predictor 0."""
    if k <= 0:
        return 0.0
    if k > n:
        return 1.0
    if n == 1:
        return 1.0 / (1.0 + np.exp(min(e1, 700.0)))
    top = max(0.0, e1)
    if n > 1:
        top = max(top, e2)
    if n > 2:
        top = max(top, e3)
    below = np.exp(-top)
    total = below + np.exp(e1 - top)
    if k > 1:
        below += np.exp(e1 - top)
    if n > 1:
        total += np.exp(e2 - top)
        if k > 2:
            below += np.exp(e2 - top)
    if n > 2:
        total += np.exp(e3 - top)
    return below / total


@inlined
def by_order(u, n, e1, e2, e3):
    """
    Outcome of a uniform by inverse distribution (monotone coupling).

    Most choices are rare events and most uniforms far from their threshold: those are settled
    without an exponential, and no other way than with it.
    """
    if e1 < RARE and u < SURELY and (n < 2 or (e2 < RARE and (n < 3 or e3 < RARE))):
        return ZERO
    for k in range(n):
        if u < edge(k + 1, n, e1, e2, e3):
            return k
    return n


@kernel
def gumbel(u):
    """Quantile of the standard Gumbel distribution."""
    return -np.log(-np.log(min(max(u, 1e-300), 1.0 - 1.2e-16)))


@kernel
def abduced(u, o, n, e1, e2, e3):
    """Uniform inside the interval of an outcome, scaled (never clipped but at the last ulp)."""
    low, high = edge(o, n, e1, e2, e3), edge(o + 1, n, e1, e2, e3)
    value = low + u * (high - low)
    if value >= high:
        value = np.nextafter(high, low)
    return value


@kernel
def by_contrary(u, o, f, e):
    """
    Outcome of a binary choice under the coupling that agrees least with history's.

    The luck behind outcome `o` under the factual predictor `f`, drawn by `u`, is read backwards
    under the predictor `e`. Both margins are kept; with the monotone coupling it makes up the
    Fréchet-Hoeffding bounds of P(outcome | history's outcome), which no coupling oversteps. `u`
    is turned so that for every `u` what the two couplings come to lies on one side of each other.
    """
    return by_order(1.0 - abduced(1.0 - u, o, 1, f, 0.0, 0.0), 1, e, 0.0, 0.0)


@kernel
def by_gumbel(world, where, o, n, f, e):
    """
    Outcome under the Gumbel-max coupling (Oberst and Sontag 2019).

    Posterior Gumbels given that alternative `o` won under the factual predictors `f` (top-down
    sampling, Maddison et al. 2014), then the best of them under the predictors `e`.
    """
    total = 0.0
    for k in range(n + 1):
        total += np.exp(f[k])
    best = np.log(total) + gumbel(uniform(world, mix(where, np.uint64(o)), RACE))
    chosen, top = 0, -1e300
    for k in range(n + 1):
        if k == o:
            value = best
        else:
            u = max(uniform(world, mix(where, np.uint64(k)), RACE), 1e-300)
            value = f[k] - np.log(-np.log(u) + np.exp(f[k] - best))
        value += e[k] - f[k]
        if value > top:
            chosen, top = k, value
    return chosen


@inlined
def contrary(towards, kind):
    """Whether the outcome wished for is likelier by the coupling that agrees least."""
    return (towards > 0 and kind == 0) or (towards < 0 and kind == 1)


@kernel
def likelihood_ratio(k, n, e1, e2, e3, shift):
    """Log of P(outcome k) without a shift of all predictors over that with it."""
    now = edge(k + 1, n, e1, e2, e3) - edge(k, n, e1, e2, e3)
    f1, f2, f3 = e1 - shift, e2 - shift, e3 - shift
    return np.log((edge(k + 1, n, f1, f2, f3) - edge(k, n, f1, f2, f3)) / now)
