"""The verb: one-step scores, free runs, question hindcast, sense tests and system facts."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from math import isfinite
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allohistory.check.trees import limit, single, there
from allohistory.errors import QuestionError, RecordError, UnknownNameError

if TYPE_CHECKING:
    from allohistory.model.parameters import Parameters
    from allohistory.record.tables import Tables

Say = Callable[..., None]
Row = dict[str, Any]

PARTS = ("one_step", "free_run", "hindcast", "sense", "facts")
ONE_STEP_CUTOFFS = (1900, 1930, 1960, 1990)
HINDCAST_CUTOFFS = tuple(range(1870, 1990, 5))
LATEST_START = 1865  # free runs begin in 1870 and 1875, with some years before to fit on
KNOWN = 10
"""Years of the record that a cut-off must have behind it."""
DIGITS = 5
SHED = frozenset({"cases", "by_case", "samples"})
"""Keys of a row that hold one entry a case: too long for a result that is kept."""


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


# How each part is called, and how its rows come to be those of the result, stands here.


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
        executor=executor,
        say=say,
    )
    return [_question(row) for row in rows]


INTERVALS = {
    "sim_minus_base": "base_rate",
    "sim_minus_logistic": "logistic",
    "stack_minus_logistic": "stack",
}


def _question(row: Row) -> Row:
    """Name a hindcast's row as the result does."""
    told = {key: part for key, part in row.items() if key not in {"bins", "steps"}}
    if "without_1950" in row:
        told["without_1950"] = _question(row["without_1950"]) | {"reliability": []}
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

    found = fit(_span(task)[1], task.tables)
    return calibrated(found, len(shipped()[0]), task.tables)[0]


def mechanisms() -> tuple[str, ...]:
    """Names of the mechanisms that have one-step scores."""
    from allohistory.check.onestep import names  # noqa: PLC0415 - heavy

    return names()


CALLS: dict[str, Callable[[Task, Executor | None, Say], list[Row]]] = {
    "one_step": _one_step,
    "free_run": _free_run,
    "hindcast": _hindcast,
    "sense": _sense,
    "facts": _facts,
}


def task_of(
    *,
    cutoffs: Sequence[int] | None = None,
    horizon: int | None = None,
    record: Path | None = None,
    mechanism: str | None = None,
    sense: bool = False,
    runs: int | None = None,
    seed: int = 1,
) -> Task:
    """
    Look every name and year up before any work is done; see `run`.

    Raises
    ------
    QuestionError, UnknownNameError, RecordError
    """
    if mechanism is not None and mechanism not in mechanisms():
        nearest = get_close_matches(mechanism, mechanisms(), 3, 0.4) or mechanisms()
        raise UnknownNameError(mechanism, nearest, "scored mechanism")
    if record is not None and not record.is_dir():
        raise RecordError("there is no folder of that name", str(record))
    parts: tuple[str, ...] = PARTS
    if mechanism is not None or sense:
        parts = (("one_step",) if mechanism is not None else ()) + (("sense",) if sense else ())
    years = tuple(sorted(set(cutoffs or ()))) or None
    task = Task(record, parts, years, horizon, runs, mechanism, seed)
    first, last = _span(task)
    if first > LATEST_START:
        what = f"the record begins in {first}; to be checked it must begin by {LATEST_START}"
        raise RecordError(what, str(record))
    ahead = horizon or 1
    for year in years or ():
        if not first + KNOWN <= year <= last - ahead:
            raise QuestionError(
                f"the cut-off {year} leaves too little of the record before or after it",
                f"a year from {first + KNOWN} to {last - ahead}",
            )
    if horizon is not None and not 0 < horizon <= last - first - KNOWN:
        raise QuestionError(
            f"a horizon of {horizon} years does not fit into the record",
            f"a number from 1 to {last - first - KNOWN}",
        )
    return task


def _span(task: Task) -> tuple[int, int]:
    """First and last year of the record."""
    return task.tables.first, task.tables.last


def run(
    *,
    cutoffs: Sequence[int] | None = None,
    horizon: int | None = None,
    record: Path | None = None,
    mechanism: str | None = None,
    sense: bool = False,
    runs: int | None = None,
    seed: int = 1,
    jobs: int = 1,
    say: Say = lambda *_: None,
) -> dict[str, Any]:
    """
    Check the model against the past it did not see, and against what every historian expects.

    Parameters
    ----------
    cutoffs : sequence of int, optional
        Last years known to the model, for one-step scores and for the hindcast (default: 1900,
        1930, 1960, 1990, and every five years 1870-1985).
    horizon : int, optional
        Years that one-step scores look at beyond a cut-off; questions have their own.
    record : Path, optional
        Folder of another record.
    mechanism : str, optional
        Only the one-step scores of this mechanism.
    sense : bool
        Only the sense tests (with `mechanism`: both).
    runs : int, optional
        Runs of each window and cut-off, and of each parameter draw of a sense test.
    seed : int
    jobs : int
        Worker processes; the result does not hang on it.
    say : callable
        Told the stage, and how much is done of how much.

    Returns
    -------
    dict
        See `allohistory.check`.

    Raises
    ------
    AllohistoryError
        It cannot be checked; nothing was computed.
    """
    task = task_of(
        cutoffs=cutoffs,
        horizon=horizon,
        record=record,
        mechanism=mechanism,
        sense=sense,
        runs=runs,
        seed=seed,
    )
    found: dict[str, Any] = dict.fromkeys(PARTS)
    seconds: dict[str, float] = {}
    if {"one_step", "hindcast"} & set(task.parts):
        there()
    with single(), _executor(jobs) as executor:
        for part in task.parts:
            say(part.replace("_", " "))
            started = time.perf_counter()
            found[part] = compact(CALLS[part](task, executor, say))
            seconds[part] = round(time.perf_counter() - started, 1)
    return _result(task, found, seconds)


def _result(task: Task, found: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    from allohistory import __version__  # noqa: PLC0415 - the front door opens after this room

    first, last = _span(task)
    return {
        "version": __version__,
        "seed": task.seed,
        "record": {
            "name": task.folder.name if task.folder else "core",
            "first": first,
            "last": last,
            "states": len(task.tables.states),
            "hash": _hash(task.folder),
        },
        "settings": {
            "cutoffs": {
                part: list(task.cutoffs_of(part))
                for part in ("one_step", "hindcast")
                if part in task.parts
            },
            "horizon": task.horizon,
            "runs": task.runs,
            "mechanism": task.mechanism,
            "command": task.command,
        },
        **found,
        "seconds": seconds,
    }


def _hash(folder: Path | None) -> str:
    """Hash of the record's tables, as answers give it."""
    place = files("allohistory.record").joinpath("core") if folder is None else folder
    digest = blake2b(digest_size=16)
    for file in sorted(place.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".csv"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def compact(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """
    Plain numbers of few digits, and no per-case tables.

    Examples
    --------
    >>> compact({"value": 0.123456789, "cases": [1, 2], "interval": (1, float("nan"))})
    {'value': 0.12346, 'interval': [1, None]}
    """
    if isinstance(value, dict):
        return {str(key): compact(part) for key, part in value.items() if key not in SHED}
    if isinstance(value, list | tuple):
        return [compact(part) for part in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    # numpy's scalars and arrays know how to become plain; this room need not load numpy.
    if hasattr(value, "tolist"):
        return compact(value.tolist())
    if not isinstance(value, float):
        raise TypeError(f"{type(value).__name__} has no place in a result")
    return float(f"{value:.{DIGITS}g}") if isfinite(value) else None


@contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
    """Worker processes (spawned, never forked), or none for one job."""
    if jobs <= 1:
        yield None
        return
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=limit)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
