"""
Sense tests: whether effects of what-ifs have the signs that every historian expects.

A test holds where the effect has the right sign beyond Monte Carlo error both on fresh luck and
on history's own (kappa 1, less its placebo): the 90% interval of the mean of paired differences
over parameter draws and runs lies on the expected side of zero.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.check.expect import Expectation, Listed, expectations
from allohistory.check.measures import MEASURES
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import MODES, Mode, Twins, start_years
from allohistory.engine.luck import Stage, stage_for
from allohistory.engine.run import History
from allohistory.errors import QuestionError
from allohistory.model.parameters import Parameters
from allohistory.model.shipped import shipped
from allohistory.record.tables import Tables

Floats = NDArray[np.float64]
LOOKED_AT = tuple(mode for mode in MODES if mode.name in {"fresh", "kappa 1"})
"""Ways in which luck is treated; a test holds only if it holds in all of them."""
DRAWS, RUNS, CHUNK = 96, 2, 8
Z90 = 1.645
WITH, WITHOUT, MET = range(3)


@dataclass(frozen=True, slots=True)
class Task:
    """
    What a worker must know.

    Attributes
    ----------
    tests : tuple of Expectation
    seed, runs : int
        Seed, and runs per parameter draw and mode.
    tables : Tables or None
        The record; the core record without it.
    """

    tests: tuple[Expectation, ...]
    seed: int
    runs: int
    tables: Tables | None = None

    @property
    def last(self) -> int:
        """Last year any world is rolled to."""
        return max(test.years[1] for test in self.tests)

    def plans(self) -> list[tuple[Plan, list[int]]]:
        """Different plans, and the tests that look at each: their worlds are rolled once."""
        found: dict[tuple[object, ...], tuple[Plan, list[int]]] = {}
        for n, test in enumerate(self.tests):
            found.setdefault(test.plan.changes, (test.plan, []))[1].append(n)
        return list(found.values())


def sense(
    parameters: Sequence[Parameters] | None = None,
    *,
    tests: Sequence[Expectation] | None = None,
    tables: Tables | None = None,
    draws: int = DRAWS,
    runs: int = RUNS,
    seed: int = 1,
    executor: Executor | None = None,
    say: Callable[..., None] = lambda *_: None,
) -> list[dict[str, Any]]:
    """
    Run the sense tests.

    Parameters
    ----------
    parameters : sequence of Parameters, optional
        Joint draws of the model; the shipped ones without them.
    tests : sequence of Expectation, optional
        The tests; those that come with the package without them.
    tables : Tables, optional
        The record; the core record without it.
    draws, runs : int
        Parameter draws used (evenly out of those given), and runs of each.
    seed : int
    executor : Executor, optional
        Where the work is done; in place without one. The rows do not hang on it.
    say : callable
        Told how many draws are done, of how many.

    Returns
    -------
    list of dict
        One row a test, see `row`.
    """
    given = shipped()[0] if parameters is None else parameters
    refused: list[tuple[Listed, QuestionError]] | None = None if tables is None else []
    expected = tuple(expectations(tables=tables, refused=refused) if tests is None else tests)
    unheard = [unasked(test, error) for test, error in refused or ()]
    if not expected:
        return unheard
    many = min(draws, len(given))
    chosen = [(d, given[d * len(given) // many]) for d in range(many)]
    task = Task(expected, seed, runs, tables)
    parts = [chosen[n : n + CHUNK] for n in range(0, many, CHUNK)]
    over: Iterable[Floats] = (executor.map if executor else map)(chunk, [task] * len(parts), parts)
    found: list[Floats] = []
    for part in over:
        found.append(part)
        say("sense", sum(map(len, found)), many)
    whole = np.concatenate(found)
    rows = [row(test, whole[:, n]) for n, test in enumerate(expected)]
    return rows + unheard


def unasked(test: Listed, error: QuestionError) -> dict[str, Any]:
    """Report a test that a record cannot be asked: its `holds` is None, its reason says why."""
    return {
        "id": test.id,
        "title": test.title,
        "measure": test.measure,
        "scale": MEASURES[test.measure].scale,
        "expected": test.sign,
        "holds": None,
        "effect": None,
        "lo": None,
        "hi": None,
        "modes": {},
        "reason": f"cannot be asked of this record: {error.what}",
        "source": test.source,
        "added": test.added,
    }


def chunk(task: Task, draws: Sequence[tuple[int, Parameters]]) -> Floats:
    """
    Run all tests under some numbered draws.

    Returns
    -------
    (D, T, M, R, 3) float64
        With the steps, without them, and the share of forced choices that were come to; by draw,
        test, mode and run.
    """
    s = stage_for(task.last, tables=task.tables)
    return np.stack([_drawn(task, s, number, draw) for number, draw in draws])


def _drawn(task: Task, s: Stage, number: int, parameters: Parameters) -> Floats:
    """Abduct under one draw, once for all tests, and roll their twins."""
    plans = task.plans()
    told = abduce(s, parameters, start_years([plan for plan, _ in plans]))
    twins = Twins(s, parameters, told, task.seed)
    out = np.zeros((len(task.tests), len(LOOKED_AT), task.runs, 3))
    for plan, looks in plans:
        for k, how in enumerate(LOOKED_AT):
            for r in range(task.runs):
                for n, found in zip(
                    looks,
                    _twins(twins, plan, how, number * task.runs + r, _at(task, looks)),
                    strict=True,
                ):
                    out[n, k, r] = found
    return out


def _at(task: Task, looks: Sequence[int]) -> list[Expectation]:
    return [task.tests[n] for n in looks]


def _twins(
    twins: Twins, plan: Plan, how: Mode, run: int, tests: Sequence[Expectation]
) -> list[tuple[float, float, float]]:
    """One pair of twins, as every test of the plan sees them."""
    first, decided = plan.first - 1, plan.decided
    last = max(test.years[1] for test in tests)
    room = twins.room(first, last)
    slots = twins.alternate(plan.changes, how, run, first, decided, last, room)
    forced = [n for n, c in zip(slots, plan.changes, strict=True) if c.force and c.priced]
    met = twins.met(forced)
    seen = [_look(test, room, first) for test in tests]
    start = twins.baseline(how, run, first, decided, last, room)
    return [(there, _look(test, room, start), met) for test, there in zip(tests, seen, strict=True)]


def _look(test: Expectation, room: History, start: int) -> float:
    """Take a test's measure of a run whose row 0 is the year `start`."""
    rows = slice(test.years[0] - start, test.years[1] - start + 1)
    return MEASURES[test.measure].take(room, rows, test.states, test.unit)


def row(test: Expectation, found: Floats) -> dict[str, Any]:
    """
    One row of the report.

    Parameters
    ----------
    test : Expectation
    found : (D, M, R, 3) float64
        As `chunk` gives it.

    Returns
    -------
    dict
        Test (id, title, measure, scale, expected, reason, source, added), whether it holds, the
        effect on fresh luck with its interval, and every mode: effect, lo, hi, what was measured
        with and without the steps, and the share of forced choices that were come to.
    """
    modes = {how.name: _summary(found[:, k]) for k, how in enumerate(LOOKED_AT)}
    fresh = modes[LOOKED_AT[0].name]
    return {
        "id": test.id,
        "title": test.title,
        "measure": test.measure,
        "scale": MEASURES[test.measure].scale,
        "expected": test.sign,
        "holds": all(_right(test.sign, found) for found in modes.values()),
        "effect": fresh["effect"],
        "lo": fresh["lo"],
        "hi": fresh["hi"],
        "modes": modes,
        "reason": test.reason,
        "source": test.source,
        "added": test.added,
    }


def _summary(found: Floats) -> dict[str, float]:
    """Mean of the paired differences, with the 90% interval of that mean over draws."""
    by_draw = (found[..., WITH] - found[..., WITHOUT]).mean(axis=1)
    effect = float(by_draw.mean())
    error = float(by_draw.std(ddof=1) / np.sqrt(len(by_draw))) if len(by_draw) > 1 else np.inf
    return {
        "effect": effect,
        "lo": effect - Z90 * error,
        "hi": effect + Z90 * error,
        "with": float(found[..., WITH].mean()),
        "without": float(found[..., WITHOUT].mean()),
        "met": float(found[..., MET].mean()),
    }


def _right(sign: str, mode: dict[str, float]) -> bool:
    return mode["lo"] > 0.0 if sign == "up" else mode["hi"] < 0.0
