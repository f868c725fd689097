"""
On paper: what many runs would take on a laptop and on a cluster, from what was measured here.

Nothing in this file was run on a cluster. Per core the rate is the one measured, times the
efficiency of two jobs; a run neither reads nor writes anything another run does, so that only
start-up, handing out tasks and collecting results are added. What is assumed of the cluster
stands in the constants.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final

CORES_A_NODE: Final = 32
TASK_S: Final = 20.0
"""Length of a task: long beside what handing it out costs, short beside the whole."""
SCHEDULER_S: Final = 1e-3
"""What a central scheduler spends on a task; Dask's documentation says about a millisecond."""
BYTES_A_S: Final = 125e6
"""Into the process that collects: a gigabit a second, the slowest network a cluster has."""
PLACES: Final = {
    "2 cores": (1, 2),
    f"1 node of {CORES_A_NODE} cores": (1, CORES_A_NODE),
    f"100 nodes of {CORES_A_NODE} cores": (100, CORES_A_NODE),
}
RUNS: Final = (10_000, 100_000, 1_000_000, 10_000_000)


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    What some runs would take.

    Attributes
    ----------
    wall_s : float
        Elapsed: start-up, then the longest of rolling, handing out and collecting.
    tasks : int
    scheduler_s, collect_s : float
        Work of the scheduler, and time for what is sent to arrive.
    sent_mb : float
        All that comes home if every run's measurements are sent.
    summed_mb : float
        If each task sends the sums over its runs, which are as large as one run's.
    node_mb : float
        Memory of a node's workers.
    """

    wall_s: float
    tasks: int
    scheduler_s: float
    collect_s: float
    sent_mb: float
    summed_mb: float
    node_mb: float


def estimate(
    result: dict[str, Any], rate: float, runs: int, place: str, *, sums: bool = False
) -> Estimate:
    """
    Work one case out.

    Parameters
    ----------
    result : dict
        See `allohistory.bench`.
    rate : float
        Runs a second and core.
    runs : int
    place : str
        Of `PLACES`.
    sums : bool
        Whether a task sends the sums over its runs; otherwise what is kept of every run.
    """
    nodes, cores = PLACES[place]
    workers = nodes * cores
    pace = rate * min(result["efficiency_2"], 1.0)
    # No task is shorter than one run or leaves a worker idle that could have had one.
    size = max(1, min(round(TASK_S * pace), ceil(runs / workers)))
    tasks = ceil(runs / size)
    rolling = ceil(tasks / workers) * size / pace
    scheduler = tasks * SCHEDULER_S
    collect = (tasks if sums else runs) * result["run_bytes"] / BYTES_A_S
    return Estimate(
        wall_s=result["start_s"] + max(rolling, scheduler, collect),
        tasks=tasks,
        scheduler_s=scheduler,
        collect_s=collect,
        sent_mb=runs * result["run_bytes"] / 1e6,
        summed_mb=tasks * result["run_bytes"] / 1e6,
        node_mb=cores * result["worker_mb"],
    )
