"""
Compile what an ask needs before it is needed, the two halves side by side.

Kernels are compiled at their first call and kept (see `kernels`). Without this, every worker of
a first run would compile all of them at once, each for itself.
"""

from contextlib import suppress

import numpy as np

from allohistory.answer.advised import YEARS, outcomes
from allohistory.answer.probe import measure
from allohistory.counterfactual.abduce import abduce
from allohistory.engine.luck import stage
from allohistory.engine.run import History
from allohistory.kernels import folder
from allohistory.model.parameters import blank
from allohistory.question.behaviour import past_at
from allohistory.question.goals import GoalSpec, verdict
from allohistory.record.dates import FIRST_YEAR

HALVES = ("engine", "judging")
COMPILING = "compiling, once per version"
"""What is said of it; also where standard error is no terminal, as it may take minutes."""


def compiled() -> bool:
    """Whether all halves were compiled on this machine for these sources."""
    return all((folder() / f"{half}.warm").exists() for half in HALVES)


def warm(half: str) -> str:
    """Call every kernel of one half once, on as little as it takes, and leave a mark of it."""
    _call(half)
    with suppress(OSError):  # without the mark it is only said once more
        (folder() / f"{half}.warm").touch()
    return half


def _call(half: str) -> None:
    s = stage(FIRST_YEAR, FIRST_YEAR + 1)
    if half == "engine":
        abduce(s, blank())
        return
    p = s.script.panel
    room = History.empty(YEARS + 1, len(p.states), len(p.units))
    past = past_at(room, s.geography, np.array([0, 1], np.int64), 1)
    verdict(room, s.geography, (0, 1), GoalSpec(), past)
    measure(room, 0, 1, 0)
    outcomes(room, s.geography, (0, 1), past)
