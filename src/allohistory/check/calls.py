"""How each part of `check` is called, and how its rows come to be those of the result."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allohistory.model.parameters import Parameters
    from allohistory.record.tables import Tables

Say = Callable[..., None]
Row = dict[str, Any]
Part = list[Row] | Row

PARTS = ("one_step", "free_run", "hindcast", "sense", "facts", "reversals")
ONE_STEP_CUTOFFS = (1900, 1930, 1960, 1990)
HINDCAST_CUTOFFS = tuple(range(1870, 1990, 5))


@dataclass(frozen=True)
class Task:
    """
    What is to be checked, with every name and year found to be good.

    Attributes
    ----------
    folder : Path or None
        The record's tables; None for the core record.
    parts : tuple of str
        Out of `PARTS`, in that order.
    cutoffs : tuple of int or None
    horizon, runs : int or None
        None for each part's own.
    mechanism : str or None
    seed : int
    """

    folder: Path | None
    parts: tuple[str, ...]
    cutoffs: tuple[int, ...] | None
    horizon: int | None
    runs: int | None
    mechanism: str | None
    seed: int

    @cached_property
    def tables(self) -> "Tables":
        """The record."""
        from allohistory.record.tables import load  # noqa: PLC0415 - heavy

        return load(self.folder)

    @property
    def given(self) -> "Tables | None":
        """The record as the parts take it: None for the core record, which is theirs without."""
        return self.tables if self.folder else None

    @cached_property
    def asked(self) -> frozenset[str] | None:
        """
        States whose pairs the hindcast asks about; None for all.

        Of a larger record those of the core: the world that is rolled is the whole one, but its
        questions are the same as the core's, so that the two can be held side by side.
        """
        if self.folder is None:
            return None
        from allohistory.record.tables import load  # noqa: PLC0415 - heavy

        shared = frozenset(load().state_of) & frozenset(self.tables.state_of)
        return shared if len(shared) > 1 else None

    def cutoffs_of(self, part: str) -> tuple[int, ...]:
        """Cut-offs of a part."""
        default = ONE_STEP_CUTOFFS if part == "one_step" else HINDCAST_CUTOFFS
        return self.cutoffs or default

    @property
    def command(self) -> str:
        """Command that does this again."""
        words = ["allohistory check"]
        words += [f"--cutoff {year}" for year in self.cutoffs or ()]
        words += [f"--horizon {self.horizon}"] if self.horizon else []
        words += [f"--record {self.folder.name}"] if self.folder else []
        words += [f'--mechanism "{self.mechanism}"'] if self.mechanism else []
        words += ["--sense"] if "sense" in self.parts and self.parts != PARTS else []
        words += [f"--runs {self.runs}"] if self.runs else []
        return " ".join([*words, f"--seed {self.seed}"])


def _one_step(task: Task, executor: Executor | None, say: Say) -> list[Row]:
    from allohistory.check.onestep import one_step  # noqa: PLC0415 - heavy

    return one_step(
        task.given,
        task.cutoffs_of("one_step"),
        **_given(horizon=task.horizon),
        mechanism=task.mechanism,
        executor=executor,
        say=say,
    )


def _free_run(task: Task, executor: Executor | None, say: Say) -> list[Row]:
    from allohistory.check.realism import realism  # noqa: PLC0415 - heavy

    del say
    return realism(task.given, **_given(runs=task.runs), seed=task.seed, executor=executor)


def _hindcast(task: Task, executor: Executor | None, say: Say) -> list[Row]:
    from allohistory.check.hindcast import hindcast  # noqa: PLC0415 - heavy

    rows = hindcast(
        task.given,
        task.cutoffs_of("hindcast"),
        **_given(runs=task.runs),
        seed=task.seed,
        only=task.asked,
        executor=executor,
        say=say,
    )
    return [question(row) for row in rows]


INTERVALS = {
    "sim_minus_base": "base_rate",
    "sim_minus_logistic": "logistic",
    "stack_minus_logistic": "stack",
}


def question(row: Row) -> Row:
    """Name a hindcast's row as the result does."""
    told = {key: part for key, part in row.items() if key not in {"bins", "steps"}}
    if "without_1950" in row:
        told["without_1950"] = question(row["without_1950"]) | {"reliability": []}
    if "intervals" in row:
        found = row["intervals"].items()
        told["intervals"] = {INTERVALS.get(name, name): wide for name, wide in found}
    if "steps" in row:
        told["reliability"] = [
            {"p": step["mean_p"], "frequency": step["frequency"], "n": step["n"]}
            for step in row["steps"]
        ]
    return told


def _sense(task: Task, executor: Executor | None, say: Say) -> list[Row]:
    from allohistory.check.sense import sense  # noqa: PLC0415 - heavy

    return sense(
        _parameters(task),
        tables=task.given,
        **_given(runs=task.runs),
        seed=task.seed,
        executor=executor,
        say=say,
    )


def _facts(task: Task, executor: Executor | None, say: Say) -> list[Row]:
    from allohistory.check.facts import facts  # noqa: PLC0415 - heavy

    del executor, say
    return facts(task.given, **_given(runs=task.runs), seed=task.seed)


def _reversals(task: Task, executor: Executor | None, say: Say) -> Row:
    from allohistory.check.reversals import reversals  # noqa: PLC0415 - heavy

    del executor, say
    return reversals(task.given).row()


def _given(**options: int | None) -> dict[str, Any]:
    """Options that the user gave; each part has its own default for the others."""
    return {name: value for name, value in options.items() if value is not None}


def _parameters(task: Task) -> "list[Parameters] | None":
    """Draws of a model fitted on the whole of another record; None for the shipped ones."""
    if task.folder is None:
        return None
    from allohistory.fit.calibrate import calibrated  # noqa: PLC0415 - heavy
    from allohistory.fit.estimate import fit  # noqa: PLC0415 - heavy
    from allohistory.model.shipped import shipped  # noqa: PLC0415 - heavy

    found = fit(tables=task.tables)
    return calibrated(found, len(shipped()[0]), task.tables)[0]


def mechanisms() -> tuple[str, ...]:
    """Names of the mechanisms that have one-step scores."""
    from allohistory.check.onestep import names  # noqa: PLC0415 - heavy

    return names()


CALLS: dict[str, Callable[[Task, Executor | None, Say], Part]] = {
    "one_step": _one_step,
    "free_run": _free_run,
    "hindcast": _hindcast,
    "sense": _sense,
    "facts": _facts,
    "reversals": _reversals,
}
