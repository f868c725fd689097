"""
What each mechanism costs: the year's stages under a cycle counter.

`engine.run.roll` calls the stages of a year one after the other, each for a few microseconds: too
short for a timer that Python could call, and a kernel cannot call Python. So the source of `roll`
is read as a syntax tree and a reading of the processor's cycle counter is put before and after
every statement of the year that calls a kernel; the result is compiled like `roll` itself, but
never cached. Nothing else of it is changed, so that it must leave the same bytes (a test holds it
to that), and stages added to `roll` are timed without a word here.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.dispatcher import Dispatcher
from numba.extending import intrinsic
from numpy.typing import NDArray

from allohistory.bench.clock import cpu, median
from allohistory.bench.rolls import Ground
from allohistory.engine import gate as g
from allohistory.engine import run as engine
from allohistory.engine.luck import forget, reset, seat
from allohistory.engine.run import History
from allohistory.kernels import OPTIONS
from allohistory.world import ACTIVE

SPENT, COUNT, BEFORE = "cycles_spent", "cycle_counter", "cycles_before"
"""Names put into the source of `roll`; none of its own may be among them."""


@intrinsic
def cycle_counter(_typingctx):  # noqa: ANN001, ANN201 - numba's extension points have no types
    """Reading of the processor's cycle counter."""

    def put(_context, builder, _signature, _args):  # noqa: ANN001, ANN202 - as above
        kind = ir.FunctionType(ir.IntType(64), [])
        return builder.call(builder.module.declare_intrinsic("llvm.readcyclecounter", (), kind), [])

    return types.int64(), put


@dataclass(frozen=True, slots=True)
class Timed:
    """
    A `roll` that counts.

    Attributes
    ----------
    roll : callable
        Takes what `engine.run.roll` takes and an int64 array, one place for each stage, to which
        it adds the cycles spent.
    stages : tuple of str
        Name of each stage in the order of the year; a stage called twice stands twice.
    """

    roll: Callable[..., None]
    stages: tuple[str, ...]


class _Counting(ast.NodeTransformer):
    """Puts counters around the statements of a loop's body that call a kernel."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known, self.stages = known, list[str]()

    def called(self, statement: ast.stmt) -> str | None:
        """Name of the first kernel that a simple statement calls."""
        if not isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign):
            return None
        calls = (node for node in ast.walk(statement) if isinstance(node, ast.Call))
        names = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
        return next((n for n in names if isinstance(self.known.get(n), Dispatcher)), None)

    def body(self, statements: list[ast.stmt]) -> Iterator[ast.stmt]:
        """Statements with counters, those of conditions and inner loops included."""
        for statement in statements:
            name = self.called(statement)
            if name is None:
                for part in ("body", "orelse"):
                    inner = getattr(statement, part, None)
                    if inner:
                        setattr(statement, part, list(self.body(inner)))
                yield statement
                continue
            place = len(self.stages)
            self.stages.append(name)
            yield from ast.parse(f"{BEFORE} = {COUNT}()").body
            yield statement
            yield from ast.parse(f"{SPENT}[{place}] += {COUNT}() - {BEFORE}").body

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Count in the loop over the years, the first of the function."""
        years = next(part for part in node.body if isinstance(part, ast.For))
        years.body = list(self.body(years.body))
        node.args.args.append(ast.arg(SPENT))
        node.decorator_list = []
        return node


@cache
def timed_roll() -> Timed:
    """Compile `engine.run.roll` with counters; some ten seconds the first time it is called."""
    plain = engine.roll.py_func
    tree = ast.parse(textwrap.dedent(inspect.getsource(plain)))
    counting = _Counting(plain.__globals__)
    tree = ast.fix_missing_locations(counting.visit(tree))
    assert counting.stages, "the loop over the years calls the stages"
    names = {**plain.__globals__, COUNT: cycle_counter}
    # The source is our own, read from this package a moment ago.
    exec(compile(tree, "<counted roll>", "exec"), names)  # noqa: S102
    made = numba.njit(**{**OPTIONS, "cache": False})(names[plain.__name__])
    return Timed(made, tuple(counting.stages))


def rolled(
    on: Ground,
    roll: Callable[..., None],
    room: History,
    run: int,
    years: tuple[int, int],
    *more: NDArray[np.int64],
) -> float:
    """Roll one fresh world with `roll` or a counting one; returns its cpu seconds."""
    s, (first, last) = on.stage, years
    forget(s)
    reset(s, on.starts[first])
    seat(s, 1, run)
    drawn = on.draws[run % len(on.draws)]
    ways = (first, last, s.base, g.FRESH, first)
    return cpu(lambda: roll(s.world, s.geography, drawn, s.luck, s.scratch, room, *ways, *more))


def _what(stage: str) -> str:
    """First sentence of a stage's docstring."""
    said = inspect.getdoc(vars(engine)[stage].py_func) or ""
    return " ".join(said.split("\n\n")[0].split()).rstrip(".")


def mechanisms(on: Ground, years: tuple[int, int], runs: int) -> list[dict[str, Any]]:
    """
    Cost of each stage of a year, dearest first.

    Counted and plain rolls of the same runs take turns. Shares of cycles come from the counted
    ones (median over runs for each stage, so that an interrupted run does not count), time from
    the plain ones.

    Returns
    -------
    list of dict
        ``stage``, ``what``, ``calls`` a year, ``share`` of the stages' cycles, ``us_per_year``,
        and ``dyad_years_per_s_core``: how many this stage alone would do.
    """
    made = timed_roll()
    first, last = years
    room, span = on.room(last - first), last - first
    spent = np.zeros((runs, len(made.stages)), np.int64)
    rolled(on, made.roll, room, 0, years, np.zeros_like(spent[0]))
    rolled(on, engine.roll, room, 0, years)
    seconds, pairs = [], []
    for run in range(runs):
        rolled(on, made.roll, room, run, years, spent[run])
        seconds.append(rolled(on, engine.roll, room, run, years))
        many = room.status[1:, ACTIVE].sum(axis=1)
        pairs.append(float((many * (many - 1) // 2).sum()))
    cycles = np.median(spent, axis=0)
    year, load = median(seconds) / span, median(pairs) / span
    out = []
    for stage in dict.fromkeys(made.stages):
        mine = [k for k, name in enumerate(made.stages) if name == stage]
        share = float(cycles[mine].sum() / cycles.sum())
        if not share:
            # Only walking the record calls it.
            continue
        out.append(
            {
                "stage": stage,
                "what": _what(stage),
                "calls": len(mine),
                "share": share,
                "us_per_year": 1e6 * share * year,
                "dyad_years_per_s_core": load / (share * year),
            }
        )
    return sorted(out, key=lambda row: -row["share"])
