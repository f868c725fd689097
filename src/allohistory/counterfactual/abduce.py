"""
Abduction: the luck that made history come out as it did, per parameter draw.

For every choice the record gives an outcome and the model an interval of luck that yields it;
the luck of a run is a point of that interval that depends on the run's seed and the choice's
address alone. What is stored is the factual predictor of every choice; the interval and the
point are worked out when the choice is met (engine/gate.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allohistory import world as w
from allohistory.engine.luck import Stage, history_for, rewind, walk
from allohistory.engine.run import History
from allohistory.model.parameters import Parameters


@dataclass(frozen=True, slots=True, eq=False)
class Abduction:
    """
    History told under one parameter draw.

    Attributes
    ----------
    history : History
        The record's own path, row 0 the stage's base year.
    worlds : dict of int to World
        Worlds at the end of the years asked for.
    """

    history: History
    worlds: dict[int, w.World]


def window(history: History, first: int, last: int) -> History:
    """Rows first..last of a History that has memories of one year only or of all."""
    tie = history.tie[first : last + 1] if len(history.tie) > 1 else history.tie
    return History(
        history.state[first : last + 1],
        history.status[first : last + 1],
        history.link[first : last + 1],
        history.unit[first : last + 1],
        tie,
    )


def abduce(
    stage: Stage, parameters: Parameters, years: Iterable[int] = (), *, memories: bool = False
) -> Abduction:
    """
    Walk the record under a parameter draw and keep every factual predictor on the stage.

    Parameters
    ----------
    stage : Stage
        Based on the first year of the record.
    parameters : Parameters
    years : iterable of int
        Years at whose end a World is wanted.
    memories : bool
        Keep the memories (tie) of every year too.
    """
    rewind(stage)
    whole = history_for(stage, whole=memories)
    stops = sorted({y for y in years if stage.base <= y <= stage.last} | {stage.last})
    worlds: dict[int, w.World] = {}
    now = stage.base
    if stops[0] == now:
        worlds[now] = stage.world.copy()
    for stop in stops:
        part = window(whole, now - stage.base, stop - stage.base)
        walk(stage, parameters, part, now, stop)
        worlds[stop] = stage.world.copy()
        now = stop
    return Abduction(whole, worlds)
