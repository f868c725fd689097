"""
Priors of the coefficients, on raw O(1) scales.

Default: mean 0, standard deviation 1 (intercepts: 5). The exceptions say what follows from the
meaning of a term (enemies at war sign no pact) or keep rare terms from running away. None is an
estimate from the record: what a fit up to some year starts from must not know the years after.
"""

import numpy as np
from numpy.typing import NDArray

from allohistory.model import terms as m
from allohistory.model.elicited import catalogue

Floats = NDArray[np.float64]
INTERCEPT_SD, DEFAULT_SD, FIXED_SD = 5.0, 1.0, 1e-4

Normal = tuple[float, float]

SPECIAL: dict[tuple[int, str], Normal | tuple[Normal, ...]] = {
    (m.DISPUTE, "newborn"): (0.0, 0.5),
    (m.FOUND_STRONG, "opposed"): (-3.0, 1.0),
    (m.FOUND_WEAK, "opposed"): (-3.0, 1.0),
    (m.FOUND_STRONG, "rival"): (-0.7, 0.5),
    (m.FOUND_STRONG, "grudge"): (0.0, 0.3),
    (m.FOUND_WEAK, "grudge"): (0.0, 0.3),
    (m.MEMBER, "opposed_now"): (-3.0, 1.0),
    (m.ACCEDE, "opposed_now"): (-3.0, 1.0),
    (m.MEMBER, "rival"): (-0.7, 0.5),
    (m.ACCEDE, "rival"): (-0.7, 0.5),
    # Ties beget ties, but not without end: what the record shows of it is partly the taste of
    # some states for leagues, which a free world would take for a snowball.
    (m.MEMBER, "allied_share"): (0.0, 0.5),
    (m.ACCEDE, "allied_share"): (0.0, 0.5),
    (m.JOIN, "war_size"): (0.0, 0.1),
    (m.FOUND_STRONG, "common_threat"): (0.5, 0.5),
    (m.FOUND_WEAK, "common_threat"): (0.5, 0.5),
    (m.WAR_END, "side_empty"): (6.0, 1.0),
    # Three outcomes about equally likely; the stronger side wins, in proportion to the square
    # root of its strength (a contest success function, Hirshleifer 1989; near even the log of a
    # ratio is twice the difference of shares), and a draw lies half way. A gap in standing is
    # what a rating means by it (Elo 1978).
    (m.OUTCOME, "const"): (0.0, 0.5),
    (m.OUTCOME, "capability_share"): ((-0.5, 0.5), (-1.0, 0.5)),
    (m.OUTCOME, "standing_gap"): ((-0.3, 0.3), (-0.6, 0.3)),
    (m.OUTCOME, "majors_gap"): ((-0.25, 0.3), (-0.5, 0.3)),
    (m.OUTCOME, "democracy_gap"): (0.0, 0.3),
    # Where conquest is outlawed, wars end undecided; who would have won does not hang on it.
    (m.OUTCOME, "self_rule_norm"): ((0.0, 1.0), (0.0, 0.05)),
    (m.LEAVE, "balance"): (-0.5, 0.5),
    (m.EXIT, "lost_now"): (2.0, 1.0),
    (m.EXIT, "opposed_by_stronger"): (1.0, 0.5),
    (m.HANDS, "holder_gone"): (3.0, 1.0),
    (m.ENTRY, "holder_gone"): (2.0, 1.0),
}


def prior(process: int, *, elicited: bool = True, scale: float = 1.0) -> tuple[Floats, Floats]:
    """
    Prior mean and standard deviation of a process.

    Parameters
    ----------
    process : int
    elicited : bool
        Hold elicited effects at the middle of their range, else at their neutral value.
    scale : float
        Multiplies the default standard deviation of slopes.

    Returns
    -------
    tuple of (A, K) float64
        By alternative and term.
    """
    names = m.TERMS[process]
    rows = m.ALTERNATIVES.get(process, 1)
    mean = np.zeros((rows, len(names)))
    sd = np.full((rows, len(names)), scale * DEFAULT_SD)
    for k, name in enumerate(names):
        if name == "const":
            sd[:, k] = INTERCEPT_SD
        if (process, name) in SPECIAL:
            # One pair for all alternatives, or a pair for each.
            mean[:, k], sd[:, k] = np.array(SPECIAL[process, name], np.float64).T
    for effect in catalogue():
        if effect.process == process:
            k = names.index(effect.term)
            mean[:, k] = (effect.low + effect.high) / 2 if elicited else effect.off
            sd[:, k] = FIXED_SD
    if process == m.REGIME:
        # No step below autocracy or above democracy: those rows never choose it, and a wide
        # prior lets the mixed and democratic terms say so.
        sd[:, 1:3] = 4.0
    return mean, sd
