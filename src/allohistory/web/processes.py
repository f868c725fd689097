"""Runs computed by processes of their own, which outlive the server that started them."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

from allohistory.errors import RunError
from allohistory.runs import PROGRESS, SAID, Run

_STARTED: dict[str, subprocess.Popen[bytes]] = {}
"""Processes that this server started, so that their end is noticed and they leave no zombies."""


def start(run: Run, jobs: int) -> None:
    """Compute a run in a process of its own; does nothing where one is at it already."""
    if at_work(run) or run.state == "done":
        return
    (run.folder / PROGRESS).unlink(missing_ok=True)
    (run.folder / SAID).unlink(missing_ok=True)
    with (run.folder / SAID).open("wb") as said:
        words = ["-m", "allohistory", "runs", "resume", run.id, "--jobs", str(jobs)]
        _STARTED[run.id] = subprocess.Popen(  # noqa: S603 - no shell, and the id is a folder of ours
            [sys.executable, "-P", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
            # What Python says of workers that were stopped is no trouble of the run's.
            env={**os.environ, "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning"},
        )


def at_work(run: Run) -> bool:
    """Whether a process computes a run, or was started to and has not yet got to it."""
    started = _STARTED.get(run.id)
    if started is not None and started.poll() is not None:
        del _STARTED[run.id]
        started = None
    return started is not None or run.state == "running"


def stop(run: Run) -> None:
    """
    Stop the process that computes a run, and its workers.

    Raises
    ------
    RunError
        No process is at it, or it is not ours to stop.
    """
    started = _STARTED.get(run.id)
    worker = started.pid if started is not None else run.progress().get("process")
    if not at_work(run) or not isinstance(worker, int):
        raise RunError(f"no process is computing the run {run.id}")
    with suppress(ProcessLookupError):
        try:
            os.killpg(worker, signal.SIGTERM)
        except PermissionError:
            raise RunError(f"the run {run.id} is computed by somebody else") from None


def trouble(run: Run) -> str:
    """What a run's process last said of why it stopped; empty where nothing."""
    try:
        said = (run.folder / SAID).read_text(encoding="utf-8", errors="replace")
        lines = [line for line in said.splitlines() if not line.startswith("Compiling")]
        return "\n".join(lines).strip()[-600:]
    except OSError:
        return ""
