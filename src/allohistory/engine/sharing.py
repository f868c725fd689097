"""What choices of one kind have in common: the shock of a year or a war, the level of the times."""

import numpy as np

from allohistory.kernels import inlined
from allohistory.model import terms as m

SHOCKS, TIMES = (
    np.array([places.index(p) if p in places else -1 for p in range(m.PROCESSES + 1)])
    for places in (m.SHOCKED, m.TIMED)
)


@inlined
def shock_of(process):
    """Which shock a process shares, or -1."""
    return SHOCKS[process]


@inlined
def times_of(process):
    """Which level of the times a process shares, or -1."""
    return TIMES[process]
