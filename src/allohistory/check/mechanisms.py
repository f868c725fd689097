"""The mechanisms that are scored: which choices, what the model gives them, which scores."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.check import forecast as f
from allohistory.check import metrics as k
from allohistory.check.formation import View
from allohistory.check.frames import Floats, Frame, Ints
from allohistory.check.rivals import Forecast, Lesson
from allohistory.check.verdicts import prevailing
from allohistory.engine import gate as g
from allohistory.model import terms as m

OUTCOMES = "dispute outcome"
Metric = Callable[[Ints, Ints, Floats, Floats], float]
Tensor = NDArray[np.float32] | Floats


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """
    The choices of a year that a mechanism is scored on.

    Attributes
    ----------
    rows : (n,) int64
        In the frame.
    x : (n, K) float64
        What rivals see.
    y : (n,) int64
        Outcome.
    key : (n,) int64
        Who chooses, for the memory of persistence; -1 where nobody can have chosen before.
    """

    rows: Ints
    x: Floats
    y: Ints
    key: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Mechanism:
    """
    Something that is scored.

    Attributes
    ----------
    name : str
    process : int
        Whose terms stand in the columns of `x`.
    asked : callable
        Choices of a frame.
    given : callable
        Model's probabilities: (n, kinds), or for directed ones of an event, (n, ...).
    metrics : dict of str to Metric
    kinds : int
        Outcomes, nothing included.
    directed : bool
        Choices are directed; scored is whether either of two begins.
    ordinary : bool
        Outcome 0 is that nothing happens.
    learn : callable, optional
        Gives a forecast where the model has no such mechanism: it is learned here, as rivals are.
    """

    name: str
    process: int
    asked: Callable[[Frame], Asked]
    given: Callable[[View, Asked], Tensor] | None
    metrics: dict[str, Metric]
    kinds: int = 2
    directed: bool = False
    ordinary: bool = True
    learn: Callable[[Lesson], Forecast] | None = None


GAIN: dict[str, Metric] = {
    "log gain": lambda _, y, p, base: k.gain(y, p, base),
    "AUC": lambda _, y, p, __: k.auc(y > 0, 1.0 - p[:, 0]),
}
DYADS: dict[str, Metric] = {
    "AUC within years": lambda group, y, p, _: k.auc_within(group, y > 0, 1.0 - p[:, 0]),
    "nats": lambda group, y, p, _: k.nats(group, y > 0, 1.0 - p[:, 0]),
    "slope": lambda _, y, p, __: k.slope(y > 0, 1.0 - p[:, 0]),
    "log gain": GAIN["log gain"],
}


def _right_side(_: Ints, y: Ints, p: Floats, __: Floats) -> float:
    """Share of joiners whose side was thought the likelier, ties half."""
    joined = y > 0
    if not joined.any():
        return float("nan")
    mine = p[joined, y[joined]]
    other = p[joined, 3 - y[joined]]
    return float(np.mean((mine > other) + 0.5 * (mine == other)))


def _pair(frame: Frame, rows: Ints) -> Ints:
    a, b = frame.rows[rows, 2], frame.rows[rows, 3]
    return np.asarray(np.minimum(a, b) * 1000 + np.maximum(a, b), np.int64)


def _term(process: int, name: str) -> int:
    return m.TERMS[process].index(name)


# ---- single choices ------------------------------------------------------------------------------


def _plain(
    process: int, key: str, kinds: int, also: tuple[int, ...] = ()
) -> Callable[[Frame], Asked]:
    """All choices of a process; `key` says whose memory persistence keeps."""

    def asked(frame: Frame) -> Asked:
        rows = frame.at(process, *also)
        if key == "pair":
            who = _pair(frame, rows)
        elif key:
            who = frame.rows[rows, 2 if key == "a" else 3]
        else:
            who = np.full(len(rows), -1)
        y = np.minimum(frame.rows[rows, 4], kinds - 1)
        return Asked(rows, frame.x(process, rows), y, who)

    return asked


def _kinds(process: int) -> Callable[[View, Asked], Tensor]:
    return lambda view, asked: f.kinds(asked.x, view.draws, process).mean(1)


def _single(name: str, process: int, key: str, also: tuple[int, ...] = ()) -> Mechanism:
    kinds = m.ALTERNATIVES.get(process, 1) + 1
    return Mechanism(name, process, _plain(process, key, kinds, also), _kinds(process), GAIN, kinds)


def _lapse(wartime: bool) -> Callable[[Frame], Asked]:
    column = _term(m.LAPSE, "wartime")

    def asked(frame: Frame) -> Asked:
        rows = frame.at(m.LAPSE)
        rows = rows[(frame.covariates[rows, column] > 0) == wartime]
        y = np.minimum(frame.rows[rows, 4], 1)
        return Asked(rows, frame.x(m.LAPSE, rows), y, np.full(len(rows), -1))

    return asked


def _verdicts(frame: Frame) -> Asked:
    """Disputes of which it is told who prevailed."""
    rows = frame.at(m.LEVEL)
    told = [frame.verdicts.get((a, b), -1) for a, b in frame.rows[rows, 2:4].tolist()]
    y = np.array(told, np.int64)
    rows, y = rows[y >= 0], y[y >= 0]
    return Asked(rows, frame.x(m.LEVEL, rows), y, _pair(frame, rows))


# ---- wars ----------------------------------------------------------------------------------------


def _joining(frame: Frame) -> Asked:
    rows, other = frame.at(m.JOIN), frame.at(m.JOIN + g.OTHER_SIDE)
    x = np.hstack([frame.x(m.JOIN, rows), frame.x(m.JOIN, other)])
    return Asked(rows, x, frame.rows[rows, 4], frame.rows[rows, 3])


def _sides(view: View, asked: Asked) -> Tensor:
    half = asked.x.shape[1] // 2
    return f.sides(asked.x[:, :half], asked.x[:, half:], view.draws)


def _disputes(frame: Frame) -> Asked:
    rows = frame.at(m.DISPUTE)
    y = np.minimum(frame.rows[rows, 4], 1)
    return Asked(rows, frame.x(m.DISPUTE, rows), y, _pair(frame, rows))


def _wars(frame: Frame) -> Asked:
    asked = _disputes(frame)
    begun = frame.rows[frame.at(m.LEVEL)]
    war = set(map(tuple, begun[begun[:, 4] == 2, 2:4].tolist()))
    pairs = map(tuple, frame.rows[asked.rows, 2:4].tolist())
    y = np.array([pair in war for pair in pairs], np.int64)
    return Asked(asked.rows, asked.x, y, asked.key)


def _war_chance(view: View, asked: Asked) -> Tensor:
    begins = f.shocked(asked.x, view.draws, m.DISPUTE)
    war = f.kinds(view.level(), view.draws, m.LEVEL)[:, :, 2]
    return begins * war[:, :, None].astype(np.float32)


# ---- treaties ------------------------------------------------------------------------------------


def _bilateral(strong: int) -> Callable[[Frame], Asked]:
    """Pairs without a tie of the level; whether a treaty of the two alone gave them one."""
    process = m.FOUND_STRONG if strong else m.FOUND_WEAK

    def asked(frame: Frame) -> Asked:
        rows = frame.at(process)
        i, j = frame.rows[rows, 2], frame.rows[rows, 3]
        rows = rows[frame.before[i, j] < 1 + strong]
        i, j = frame.rows[rows, 2], frame.rows[rows, 3]
        signed = frame.pact[w.T_YEAR] == frame.year
        signed &= (frame.pact[w.T_STRONG] == strong) & (frame.pact[w.T_OPEN] == 0)
        a, b = frame.pact[w.T_A, signed], frame.pact[w.T_B, signed]
        two = set((np.minimum(a, b) * 1000 + np.maximum(a, b)).tolist())
        key = _pair(frame, rows)
        y = np.array([pair in two for pair in key.tolist()], np.int64)
        y &= frame.rows[rows, 4] > 0
        return Asked(rows, frame.x(process, rows), y, key)

    return asked


def _alone(strong: int) -> Callable[[View, Asked], Tensor]:
    def given(view: View, asked: Asked) -> Tensor:
        alone, _ = f.founding(asked.x, view.draws, strong)
        return np.column_stack([1.0 - alone, alone])

    return given


def _allied(level: int) -> Callable[[Frame], Asked]:
    """Pairs below a level of alliance; whether they reached it, by whatever treaty."""

    def asked(frame: Frame) -> Asked:
        rows = frame.at(m.FOUND_STRONG)
        i, j = frame.rows[rows, 2], frame.rows[rows, 3]
        rows = rows[frame.before[i, j] < level]
        i, j = frame.rows[rows, 2], frame.rows[rows, 3]
        y = (frame.after[i, j] >= level).astype(np.int64)
        return Asked(rows, frame.x(m.FOUND_STRONG, rows), y, _pair(frame, rows))

    return asked


def _becomes(level: int) -> Callable[[View, Asked], Tensor]:
    def given(view: View, asked: Asked) -> Tensor:
        i, j = view.frame.rows[asked.rows, 2], view.frame.rows[asked.rows, 3]
        p = -np.expm1(-view.rates()[0 if level == 2 else 1][i, j])
        return np.column_stack([1.0 - p, p])

    return given


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("bilateral founding", m.FOUND_STRONG, _bilateral(1), _alone(1), DYADS),
    Mechanism("weak founding", m.FOUND_WEAK, _bilateral(0), _alone(0), DYADS),
    Mechanism("all strong formation", m.FOUND_STRONG, _allied(2), _becomes(2), DYADS),
    Mechanism("all formation", m.FOUND_STRONG, _allied(1), _becomes(1), DYADS),
    Mechanism(
        "dispute",
        m.DISPUTE,
        _disputes,
        lambda view, asked: f.shocked(asked.x, view.draws, m.DISPUTE),
        DYADS,
        directed=True,
    ),
    Mechanism("war onset", m.DISPUTE, _wars, _war_chance, DYADS, directed=True),
    Mechanism(
        "escalation",
        m.LEVEL,
        _plain(m.LEVEL, "pair", 3),
        _kinds(m.LEVEL),
        GAIN | {"AUC of war": lambda _, y, p, __: k.auc(y == 2, p[:, 2])},
        3,
    ),
    Mechanism("lapse", m.LAPSE, _lapse(wartime=False), _kinds(m.LAPSE), GAIN),
    Mechanism("end of wartime pacts", m.LAPSE, _lapse(wartime=True), _kinds(m.LAPSE), GAIN),
    _single("withdrawal", m.WITHDRAW, "b"),
    Mechanism("joining", m.JOIN, _joining, _sides, GAIN | {"right side": _right_side}, 3),
    _single("war exit", m.LEAVE, "b"),
    _single("war end", m.WAR_END, ""),
    Mechanism(
        "war outcome",
        m.OUTCOME,
        _plain(m.OUTCOME, "", 3),
        _kinds(m.OUTCOME),
        {"PRL": lambda _, y, p, base: k.prl(y, p, base)},
        3,
        ordinary=False,
    ),
    Mechanism(
        OUTCOMES,
        m.LEVEL,
        _verdicts,
        None,
        {"PRL": lambda _, y, p, base: k.prl(y, p, base)},
        3,
        learn=prevailing,
    ),
    _single("leader change", m.LEADER, "a"),
    _single("regime step", m.REGIME, "a"),
    _single("rivalry begins", m.RIVAL_START, "pair"),
    _single("rivalry ends", m.RIVAL_END, "pair"),
    _single("entry", m.ENTRY, "a", (m.ENTRY_LATE,)),
    _single("exit", m.EXIT, "a"),
    _single("unit changes hands", m.HANDS, "a"),
)
