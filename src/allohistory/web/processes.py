"""
Runs computed by processes of their own, as many at once as the cores bear.

A run that is asked for has a file in the queue's folder, which names its process once it has one.
Processes outlive the server that started them; what waits is begun by the next server. Whoever
starts one holds the queue's lock, so that two servers on one store do not start too many.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from allohistory.errors import AllohistoryError, RunError
from allohistory.pid import born, same
from allohistory.runs import LOCK, PROGRESS, SAID, Run, durable, find, home

NICE = 10
"""How far runs stand back for whoever wants a page."""
_STARTED: dict[str, subprocess.Popen[bytes]] = {}
"""Processes that this server started, so that their end is noticed and they leave no zombies."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    A run's place in the queue.

    Attributes
    ----------
    run : str
    since : int
        When it was asked for (nanoseconds).
    process : int
        That computes it; 0 while it waits.
    born : str
        When that process began (see `allohistory.pid`).
    """

    run: str
    since: int
    process: int = 0
    born: str = ""

    @property
    def waits(self) -> bool:
        """Whether no process was started for it yet."""
        return self.process == 0

    @property
    def lives(self) -> bool:
        """Whether the process that was started for it is still there."""
        started = _STARTED.get(self.run)
        if started is not None and started.pid == self.process:
            return started.poll() is None
        return same(self.process, self.born)


def _queue() -> Path:
    return home().parent / "queue"


@contextmanager
def _alone() -> Iterator[Path]:
    folder = _queue()
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK):
        yield folder


def _keep(place: Place) -> None:
    durable(_queue() / f"{place.run}.json", json.dumps(asdict(place)))


def _forget(name: str) -> None:
    _STARTED.pop(name, None)
    (_queue() / f"{name}.json").unlink(missing_ok=True)


def place_of(name: str) -> Place | None:
    """A run's place in the queue, if it has one."""
    try:
        found = Place(**json.loads((_queue() / f"{name}.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    typed = all(isinstance(n, int) for n in (found.since, found.process))
    return found if typed and found.run == name and isinstance(found.born, str) else None


def places() -> list[Place]:
    """All places of the queue, the longest there first."""
    try:
        names = [p.stem for p in _queue().iterdir() if p.suffix == ".json" and p.name[0] != "."]
    except OSError:
        return []
    found = [place for place in map(place_of, names) if place is not None]
    return sorted(found, key=lambda place: (place.since, place.run))


def at_once(jobs: int) -> int:
    """How many runs of so many workers each the cores bear."""
    return max(1, (os.cpu_count() or 1) // jobs)


def start(run: Run, jobs: int) -> None:
    """Compute a run when its turn comes; does nothing where that is so already."""
    with _alone():
        # Asked for twice at once, the second must not take away what the first one's process says.
        if not (run.done or at_work(run) or waits(run)):
            for name in (PROGRESS, SAID):
                (run.folder / name).unlink(missing_ok=True)
            _keep(Place(run.id, time.time_ns()))
    turn(jobs)


def turn(jobs: int) -> int:
    """Begin the runs whose turn it is; returns how many wait still."""
    if not places():
        return 0
    with _alone() as folder:
        for part in folder.glob(".*.json.*"):  # left by a kill: only who holds the lock writes
            part.unlink(missing_ok=True)
        found = places()
        for place in found:
            if not place.waits and not place.lives:
                _forget(place.run)
        found = [place for place in found if place.waits or place.lives]
        free = at_once(jobs) - sum(not place.waits for place in found)
        waiting = [place for place in found if place.waits]
        stuck = []
        while waiting and free > 0:
            place = waiting.pop(0)
            try:
                free -= _begun(place, jobs)
            except OSError:  # its folder takes no file: it keeps its place and holds up no other
                stuck.append(place)
    return len(waiting) + len(stuck)


def _begun(place: Place, jobs: int) -> bool:
    try:
        run = find(place.run)
    except AllohistoryError:
        run = None
    if run is None or run.id != place.run or run.done:
        _forget(place.run)
        return False
    words = ["-m", "allohistory", "runs", "resume", run.id, "--jobs", str(jobs)]
    with (run.folder / SAID).open("wb") as said:
        started = subprocess.Popen(  # noqa: S603 - no shell, and the id is a folder of ours
            [sys.executable, "-P", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
            # What Python says of workers that were stopped is no trouble of the run's.
            env={**os.environ, "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning"},
        )
    try:
        _keep(Place(run.id, place.since, started.pid, born(started.pid)))
    except OSError:
        # Begun and not noted down, it would be begun again at every turn.
        os.killpg(started.pid, signal.SIGTERM)
        started.wait()
        raise
    _STARTED[run.id] = started
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # its workers inherit it
            os.setpriority(os.PRIO_PROCESS, started.pid, NICE)
    return True


def at_work(run: Run) -> bool:
    """Whether a process computes a run, or was started to and has not yet got to it."""
    place = place_of(run.id)
    return (place is not None and not place.waits and place.lives) or run.state == "running"


def waits(run: Run) -> bool:
    """Whether a run waits for its turn."""
    place = place_of(run.id)
    return place is not None and place.waits


def state(run: Run) -> str:
    """As `Run.state`; ``waiting`` where its turn has not come."""
    if run.done:
        return "done"
    if waits(run):
        return "waiting"
    return "running" if at_work(run) else run.state


def leave(run: Run) -> None:
    """
    Take a run that is to be removed off the queue.

    Raises
    ------
    RunError
        A process computes it.
    """
    with _alone():
        place = place_of(run.id)
        if place is not None and not place.waits and place.lives:
            raise RunError(f"the run {run.id} is being computed; stop it first")
        _forget(run.id)


def before(run: Run) -> int:
    """How many runs are computed or wait before this one."""
    names = [place.run for place in places()]
    return names.index(run.id) if run.id in names else 0


def stop(run: Run) -> None:
    """
    Stop the process that computes a run, and its workers; or take it off the queue.

    A number is only taken for the process that it meant when it was written down.

    Raises
    ------
    RunError
        No process is at it, or it is not ours to stop.
    """
    with _alone():
        place = place_of(run.id)
        if place is not None and place.waits:
            _forget(run.id)
            return
        if place is not None and place.lives:
            _end(run, place.process)
            return
    told = run.progress()
    process = told.get("process")
    if run.state != "running" or not isinstance(process, int):
        raise RunError(f"no process is computing the run {run.id}")
    if not same(process, told.get("born")):
        raise RunError(
            f"the process {process} is not known to be the one that computes the run {run.id}",
            "stopping it where it was started",
        )
    _end(run, process)


def _end(run: Run, process: int) -> None:
    """Stop a process that is known to be the run's, with its workers."""
    with suppress(ProcessLookupError):
        if os.getpgid(process) != process:
            raise RunError(
                f"the run {run.id} is computed by a part of another program",
                "stopping it where it was started",
            )
        try:
            os.killpg(process, signal.SIGTERM)
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
