"""The verb: scores, free runs, question hindcast, sense tests, system facts, reversals."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from difflib import get_close_matches
from hashlib import blake2b
from importlib.resources import files
from math import isfinite
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from allohistory.check.calls import CALLS, PARTS, Say, Task, mechanisms
from allohistory.check.trees import limit, single, there
from allohistory.errors import QuestionError, RecordError, UnknownNameError

LATEST_START = 1865  # free runs begin in 1870 and 1875, with some years before to fit on
KNOWN = 10
"""Years of the record that a cut-off must have behind it."""
DIGITS = 5
SHED = frozenset({"cases", "by_case", "samples"})
"""Keys of a row that hold one entry a case: too long for a result that is kept."""


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
    if horizon is not None and not 0 < horizon <= last - first - KNOWN:
        raise QuestionError(
            f"a horizon of {horizon} years does not fit into the record",
            f"a number from 1 to {last - first - KNOWN}",
        )
    ahead = horizon or 1
    for year in years or ():
        if not first + KNOWN <= year <= last - ahead:
            raise QuestionError(
                f"the cut-off {year} leaves too little of the record before or after it",
                f"a year from {first + KNOWN} to {last - ahead}",
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
            "asked": len(task.asked or task.tables.states),
            "hash": hash_of(task.folder),
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


def hash_of(folder: Path | None) -> str:
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
