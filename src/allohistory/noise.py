"""
Random numbers with addresses: the ground floor, which imports nothing of ours.

A draw is named by what it decides, ``(seed, run, process, year, unit)``, never by when it is
drawn. Adding a process, a run or an intervention leaves every other draw as it was.
"""

from hashlib import blake2b
from typing import Final

import numpy as np

from allohistory.kernels import inlined, kernel

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
SECOND: Final = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)

# Independent streams at one address: the luck itself, the luck drawn anew after a divergence,
# the coin that says whether it is drawn anew, and one stream per alternative of a race.
LUCK: Final = np.uint64(1)
ANEW: Final = np.uint64(2)
COIN: Final = np.uint64(3)
RACE: Final = np.uint64(4)


def name_hash(name: str) -> np.uint64:
    """
    64-bit address of a state, unit or any other named thing.

    Examples
    --------
    >>> len({int(name_hash(name)) for name in ("JPN", "CHN", "JPN")})
    2
    """
    return np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big"))


@inlined
def mix(state, word):
    """Absorb one 64-bit word into a hash state (splitmix64 finalizer, Steele et al. 2014)."""
    h = np.uint64(state) ^ (np.uint64(word) * GOLDEN + GOLDEN)
    h = (h ^ (h >> S30)) * FIRST
    h = (h ^ (h >> S27)) * SECOND
    return h ^ (h >> S31)


@inlined
def address(process, year, first, second):
    """Name one choice: a process, a year and up to two units given by their own hashes."""
    h = mix(np.uint64(process), np.uint64(year))
    h = mix(h, np.uint64(first))
    return mix(h, np.uint64(second))


@kernel
def world_seed(seed, run):
    """Hash state of one run of one seed."""
    return mix(mix(np.uint64(0), np.uint64(seed)), np.uint64(run))


@inlined
def uniform(world, where, stream):
    """Draw the uniform in [0, 1) that lives at an address of one run (53 random bits)."""
    h = mix(mix(world, where), stream)
    return np.float64(h >> S11) * (1.0 / 9007199254740992.0)


@kernel
def normal(u):
    """
    Standard normal quantile of a uniform.

    Acklam's rational approximation; relative error below 1.2e-9.
    """
    p = min(max(u, 1e-16), 1.0 - 1e-16)
    if p < 0.02425 or p > 0.97575:
        q = np.sqrt(-2.0 * np.log(p if p < 0.5 else 1.0 - p))
        top = (
            (
                ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00)
                * q
                - 2.549732539343734e00
            )
            * q
            + 4.374664141464968e00
        ) * q + 2.938163982698783e00
        bottom = (
            ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00) * q
            + 3.754408661907416e00
        ) * q + 1.0
        return top / bottom if p < 0.5 else -top / bottom
    q = p - 0.5
    r = q * q
    top = (
        (
            ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
            + 1.383577518672690e02
        )
        * r
        - 3.066479806614716e01
    ) * r + 2.506628277459239e00
    bottom = (
        (
            ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01
        )
        * r
        - 1.328068155288572e01
    ) * r + 1.0
    return top * q / bottom
