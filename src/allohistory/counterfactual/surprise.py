"""
Surprise of a chain, in bits, over parameter draws.

P(chain) = mean over draws of the product of step probabilities; the surprise of step k given
the ones before is the log ratio of successive partial products, so that bits add along the
chain whatever the draws (the unpacking trap does not bite).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Price:
    """
    What a plan costs.

    Attributes
    ----------
    bits : float
        -log2 of the chain's probability under the model (steps it can price).
    step_bits : tuple of float
        Bits of each step given the ones before; they sum to `bits` plus `stated_bits`.
    stated_bits : float
        Bits of the steps priced by a stated prior.
    chance : float
        P(chain): model and stated priors together.
    low, high : float
        90% interval of P(chain) over parameter draws.
    """

    bits: float
    step_bits: tuple[float, ...]
    stated_bits: float
    chance: float
    low: float
    high: float


def price(logs: Floats, priors: Sequence[tuple[int, float]]) -> Price:
    """
    Price a chain.

    Parameters
    ----------
    logs : (D, K) float64
        Log probability of each step given the ones before, by draw.
    priors : sequence of (int, float)
        Steps with a stated probability.
    """
    partial = np.exp(np.cumsum(logs, axis=1)).mean(axis=0)
    before = np.concatenate([[1.0], partial[:-1]])
    model = -np.log2(partial / before)
    stated = np.zeros(logs.shape[1])
    for step, chance in priors:
        stated[step] += -np.log2(chance)
    total = np.exp(logs.sum(axis=1)) * 2.0 ** -stated.sum()
    low, high = np.quantile(total, [0.05, 0.95])
    return Price(
        bits=float(model.sum()),
        step_bits=tuple(float(b) for b in model + stated),
        stated_bits=float(stated.sum()),
        chance=float(total.mean()),
        low=float(low),
        high=float(high),
    )
