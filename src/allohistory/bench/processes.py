"""What the user waits for: whole processes of `allohistory`, and two workers beside one."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from allohistory.bench.clock import median, resident_mb
from allohistory.bench.rolls import Ground, core, timed

SMALL = "import allohistory.bench.processes as p; p.first_roll()"
QUESTION = "sino-japanese-alliance"
YEARS = (1900, 1950)
SAMPLED = 0.2
"""Seconds between two looks at the memory of a process and its children."""
CHUNK = 50


@dataclass(frozen=True, slots=True)
class Process:
    """
    What a process and its children took.

    Attributes
    ----------
    elapsed, cpu : float
        Seconds.
    peak_mb : float or None
        Largest memory of all of them together at one time, shared pages once; None where the
        system does not tell.
    output : str
    """

    elapsed: float
    cpu: float
    peak_mb: float | None
    output: str


def _children(pid: int) -> Iterator[int]:
    """Yield a process and all below it; fails where the system does not tell them."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            yield from _children(int(child))


def memory_mb(pid: int) -> float | None:
    """
    Memory of a process and its children, each shared page counted once; None if not told.

    ``Pss`` of Linux: every process is charged its share of the pages it has in common.
    """
    total = 0
    try:
        for one in list(_children(pid)):
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8")
            total += next(int(row.split()[1]) for row in text.splitlines() if "Pss:" in row)
    except (OSError, StopIteration):
        return None
    return total * 1024 / 1e6 if total else None


def measured(command: Sequence[str], *, memory: bool = False) -> Process:
    """
    Run a command and see what it takes.

    Raises
    ------
    subprocess.CalledProcessError
        It failed.
    """
    peak: list[float] = []
    before, began = os.times(), time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(  # noqa: S603 - our own command line
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "ALLOHISTORY_HOME": home},
        ) as process,
    ):
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(SAMPLED):
                now = memory_mb(process.pid)
                if now is not None:
                    peak.append(now)

        watch = threading.Thread(target=look, daemon=True)
        if memory:
            watch.start()
        out, err = process.communicate()
        ended.set()
        if memory:
            watch.join()
    elapsed, after = time.perf_counter() - began, os.times()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), out, err)
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return Process(elapsed, used, max(peak, default=None), out)


def cli(*words: str) -> list[str]:
    """Command line of `allohistory` in this interpreter."""
    return [sys.executable, "-m", "allohistory", *words]


def help_s(repeats: int = 5) -> float:
    """Cpu seconds of ``allohistory --help``."""
    measured(cli("--help"))
    return median(measured(cli("--help")).cpu for _ in range(repeats))


def first_roll() -> None:
    """Load record, parameters and compiled kernels and roll one year of one world."""
    timed(core([YEARS[0]]), YEARS[0], YEARS[0] + 1, 1)


def start_s(repeats: int = 3) -> float:
    """Cpu seconds from nothing to the first world, kernels compiled before."""
    command = [sys.executable, "-c", SMALL]
    measured(command)
    return median(measured(command).cpu for _ in range(repeats))


def ask() -> dict[str, float | None]:
    """
    The bundled question with default runs and workers.

    The seed is the time, so that no answer kept from an earlier call is found.
    """
    seed = str(time.time_ns() % (1 << 31))
    took = measured(cli("ask", QUESTION, "--seed", seed, "--json"), memory=True)
    runs = json.loads(took.output)["provenance"]["runs"]
    return {
        "ask_s": took.elapsed,
        "ask_cpu_s": took.cpu,
        "ask_runs": float(runs),
        "peak_mb": took.peak_mb,
    }


@cache
def _ground() -> Ground:
    return core([YEARS[0]])


def chunk(first: int, runs: int) -> tuple[int, float, float]:
    """
    Roll some runs in a worker.

    Returns
    -------
    (int, float, float)
        Which process it was, its cpu seconds, and the largest memory it has had, MB.
    """
    on = _ground()
    began = time.process_time()
    timed(on, *YEARS, runs, since=first, warm=True)
    return os.getpid(), time.process_time() - began, resident_mb()


def _spread(pools: Sequence[ProcessPoolExecutor], runs: int) -> tuple[float, float]:
    """Wall time of some runs in turns over workers, and cpu time of the busiest and of ours."""
    began, ours = time.perf_counter(), time.process_time()
    jobs: list[Future[tuple[int, float, float]]] = [
        pools[k % len(pools)].submit(chunk, k * CHUNK, CHUNK) for k in range(runs // CHUNK)
    ]
    busy: dict[int, float] = {}
    for job in jobs:
        pid, seconds, _ = job.result()
        busy[pid] = busy.get(pid, 0.0) + seconds
    ours = time.process_time() - ours
    return time.perf_counter() - began, max(busy.values()) + ours


def two_jobs(runs: int = 1000, repeats: int = 3) -> dict[str, Any]:
    """
    The same runs by one worker and by two, in turns.

    Returns
    -------
    dict
        ``efficiency_2``: cpu time with one worker over twice that of the busier of two, our own
        cpu time added to both: what sharing memory and handing out work cost, whatever else the
        machine is doing. ``efficiency_2_elapsed``: the same by the clock on the wall, which other
        work on the machine lowers. ``thousand_runs_s``: the busier's cpu time with ours for
        1,000 runs, and ``thousand_runs_elapsed_s``. ``worker_mb``: largest memory of one.
    """
    with ExitStack() as stack:
        # A pool for each worker, so that each is known to be warm.
        pools = [
            stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
            for _ in range(2)
        ]
        for ready in [pool.submit(chunk, 0, 2) for pool in pools]:
            ready.result()
        turns = [(_spread(pools[:1], runs), _spread(pools, runs)) for _ in range(repeats)]
        memory = [pool.submit(chunk, 0, 1).result()[2] for pool in pools]
    return {
        "efficiency_2": median(one[1] / (2.0 * two[1]) for one, two in turns),
        "efficiency_2_elapsed": median(one[0] / (2.0 * two[0]) for one, two in turns),
        "thousand_runs_s": median(two[1] for _, two in turns) * 1000 / runs,
        "thousand_runs_elapsed_s": median(two[0] for _, two in turns) * 1000 / runs,
        "worker_mb": max(memory),
    }
