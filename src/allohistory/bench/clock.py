"""What every measurement leans on: cpu time, a reference kernel, and what the machine is."""

import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

REPEATS: Final = 15
TABLE, ROUNDS = 1 << 15, 200_000
"""Entries of the reference kernel's table (256 kB, as a year's work fits the second-level cache)
and its rounds."""


@cache
def _compiled() -> Callable[[NDArray[np.float64], int], float]:
    def work(table: NDArray[np.float64], rounds: int) -> float:
        # A hash, a gather, an exponential and a branch: what a choice of the model is made of.
        state, total = np.uint64(88172645463325252), 0.0
        for _ in range(rounds):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            value = table[np.int64(state & np.uint64(TABLE - 1))]
            chance = 1.0 / (1.0 + np.exp(-value))
            if chance > 0.5:
                total += chance
        return total

    compiled: Callable[[NDArray[np.float64], int], float] = numba.njit()(work)
    return compiled


@cache
def _table() -> NDArray[np.float64]:
    return np.asarray(np.linspace(-4.0, 4.0, TABLE))


def reference() -> float:
    """Do the fixed work by which figures of machines are compared; its value never changes."""
    return _compiled()(_table(), ROUNDS)


def cpu(work: Callable[[], object]) -> float:
    """Cpu seconds of this process that a call takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def median(values: Iterable[float]) -> float:
    """Middle of some figures."""
    return float(statistics.median(values))


def reference_s() -> float:
    """Cpu seconds of the reference kernel, warm, median of `REPEATS`."""
    reference()
    return median(cpu(reference) for _ in range(REPEATS))


def resident_mb() -> float:
    """Largest resident memory this process has had, in MB."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(row.split()[1]) for row in lines if row.startswith("VmHWM")) * 1024 / 1e6
    except (OSError, StopIteration):
        pass
    # Only where there is nothing better: on Linux it begins with what the parent had.
    # Linux counts in kB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _model() -> str:
    """Name of the processor as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def machine() -> dict[str, Any]:
    """Processor, system and versions, and how busy the machine was with other work."""
    return {
        "cpu": _model(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
    }
