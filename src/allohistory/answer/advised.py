"""
The advised probability beside the plain baseline: standard questions about the pair, asked thrice.

Once of the simulated worlds, once of simple regularities (a strongly shrunken logistic on the
record as it stood at the end of the start year), once of both, weighted by what earlier cut-offs
taught (`check.advice`). Never beside an intervention: what the record's regularities say of a
world that the record does not hold, nobody has tested.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.check.advice import Advice, latest, shipped
from allohistory.check.features import Told, told
from allohistory.check.predicates import CLOSEST, PREDICATES, Flags, Predicate, at_risk, tally
from allohistory.engine.run import History
from allohistory.question.behaviour import Past
from allohistory.question.closeness import nearest
from allohistory.record.tables import load
from allohistory.record.until import until
from allohistory.world import ACTIVE, Geography

if TYPE_CHECKING:
    from allohistory.answer.work import Ask

Part = dict[str, Any]


class Asked(NamedTuple):
    """A standard question about a pair; `way` says which of the two it is asked of first."""

    predicate: str
    way: int = 0

    @property
    def what(self) -> Predicate:
        """Its predicate."""
        return PREDICATES[self.predicate]


ASKED = (
    *(Asked(name) for name, what in PREDICATES.items() if what.code != CLOSEST),
    *(
        Asked(name, way)
        for name, what in PREDICATES.items()
        if what.code == CLOSEST
        for way in (0, 1)
    ),
)
"""What is asked of every pair: whom each is closest to is asked both ways round."""
YEARS = max(what.horizon for what in PREDICATES.values())
"""After the start year, that the longest of them looks at."""


def outcomes(room: History, geography: Geography, pair: tuple[int, int], past: Past) -> Flags:
    """
    What a run made of each standard question.

    Parameters
    ----------
    room : History
        Row 0 is the end of the start year.
    geography : Geography
    pair : (int, int)
    past : Past
        What the pair remembers at the end of row 0.

    Returns
    -------
    (Q,) bool
        In the order of `ASKED`; False too where the run ends before the window.
    """
    two = np.array(sorted(pair))
    rows = len(room.link)
    link = np.ascontiguousarray(room.link[:, :, two[:, None], two])
    status = np.ascontiguousarray(room.status[:, :, two])
    out = np.zeros(len(ASKED), np.bool_)
    for k, question in enumerate(ASKED):
        what = question.what
        if what.horizon >= rows:
            continue
        if what.code == CLOSEST:
            end, who = what.horizon, np.array(pair)
            top, _ = nearest(room, geography, who, (end, end), past)
            out[k] = top[0, question.way] == pair[1 - question.way]
        else:
            met = np.zeros((2, 2), np.int32)
            tally(link, status, 0, what.code, what.horizon, what.spell, met)
            out[k] = met[0, 1] > 0
    return out


def words(question: Asked, names: Sequence[str]) -> str:
    """
    What a standard question asks.

    Examples
    --------
    >>> words(Asked("pact"), ("Japan", "China"))
    'a defense pact of 5 unbroken years'
    >>> words(Asked("closest major", 1), ("Japan", "China"))
    "Japan is China's closest major power"
    """
    if question.what.code == CLOSEST:
        one, other = names[question.way], names[1 - question.way]
        return f"{other} is {one}'s closest major power"
    return {
        "peace": "no dispute between them",
        "force": "force used between them",
        "war": "war between them",
        "end of rivalry": "an end of their rivalry",
    }.get(question.predicate, f"a defense pact of {question.what.spell} unbroken years")


def advised(
    ask: "Ask", chances: Sequence[dict[str, float]], runs: int, names: Sequence[str]
) -> Part:
    """
    Advised probabilities of the plain baseline, and why there are none where there are none.

    Parameters
    ----------
    ask : Ask
    chances : sequence of dict
        Chances of the `ASKED` in the plain baseline.
    runs : int
        Runs that they come from.
    names : sequence of str
        Of all states.

    Returns
    -------
    dict
        ``advised`` and ``advised_left_out`` of a baseline (see `allohistory.answer`).
    """
    table, facts = shipped()
    first = min(row.cutoff for row in table)
    if ask.off:
        return _none("mechanisms are switched off, and weights were learnt with all of them")
    if ask.start < first:
        return _none(
            f"{ask.start} is too early: weights need three cut-offs whose windows have ended, "
            f"and the first year that has them is {first}"
        )
    covered = load().covered
    if ask.start > covered:
        return _none(f"disputes are coded to {covered}: what later years were like is not known")
    known = told(until(load(), ask.start), ask.start)
    pair = [names[k] for k in ask.pair]
    if not known.history.status[known.last, ACTIVE, list(ask.pair)].all():
        return _none(f"not both of {pair[0]} and {pair[1]} are states at the end of {ask.start}")
    rows, left = [], []
    span = min(ask.horizon, ask.last - ask.start)
    for question, simulated in zip(ASKED, chances, strict=True):
        what, text = question.what, words(question, pair)
        mask = _pair(known, ask.pair, question)
        if not mask.any():
            continue
        if what.horizon > span:
            left.append(f"{text}: asked for {what.horizon} years, and worlds are rolled for {span}")
            continue
        advice = latest(table, question.predicate, ask.start)
        if advice is None:
            least = min(row.cutoff for row in table if row.predicate == question.predicate)
            left.append(f"{text}: the first year with weights for {what.horizon} years is {least}")
            continue
        rows.append(
            {"predicate": question.predicate, "text": text, "years": what.horizon, **simulated}
            | _row(advice, known, mask, simulated["p"], runs)
            | {"track": facts["tracks"][question.predicate]}
        )
    if not rows and not left:
        left.append("no standard question can be asked of the two in that year")
    return {"advised": rows, "advised_left_out": left}


def _none(reason: str) -> Part:
    return {"advised": [], "advised_left_out": [reason]}


def _pair(known: Told, pair: tuple[int, int], question: Asked) -> Flags:
    """The pair in a mask of all pairs; empty if it is not at risk."""
    n = known.history.status.shape[2]
    i, j = (pair[question.way], pair[1 - question.way])
    if question.what.code != CLOSEST:
        i, j = sorted(pair)
    mask = np.zeros((n, n), np.bool_)
    mask[i, j] = at_risk(known.history, known.last, question.what)[i, j]
    return mask


def _row(advice: Advice, known: Told, mask: Flags, share: float, runs: int) -> Part:
    simple = advice.simple(known, mask)
    # As in the hindcast, half a run either way: never in few runs is not never.
    sim: NDArray[np.float64] = np.array([(share * runs + 0.5) / (runs + 1.0)])
    both = advice.advised(sim, simple)
    constant, one, other = advice.weights
    return {
        "p_logistic": round(float(simple[0]), 5),
        "p_advised": round(float(both[0]), 5),
        "cutoff": advice.cutoff,
        "learnt_to": advice.learnt_to,
        "weights": [round(float(w), 3) for w in (constant, 0.5 + one, 0.5 + other)],
    }
