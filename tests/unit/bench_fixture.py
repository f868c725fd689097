"""A made-up result of `bench`."""

from typing import Any

from allohistory.bench.measure import UNITS

WINDOW = {
    "record": "core",
    "states": 42.0,
    "dyad_years_a_run": 45_000.0,
    "runs_per_s_core": 100.0,
    "dyad_years_per_s_core": 4.5e6,
}
STAGE = {"stage": "disputes", "what": "Disputes, and the wars that come of them", "calls": 2}
RESULT: dict[str, Any] = {
    "version": "0.0",
    "settings": {"command": "allohistory bench", "quick": False, "record": None, "seconds": 1.0},
    "machine": {
        "cpu": "abacus",
        "cores": 2,
        "load": 0.5,
        "system": "Linux",
        "python": "3",
        "numba": "0",
        "numpy": "2",
    },
    "reference_ms": 0.9,
    "dyad_years_per_s_core": 4.5e6,
    "runs_per_s_core": {"1900-1950": 100.0, "1950-1999": 50.0},
    "windows": [WINDOW | {"years": "1900-1950"}],
    "decades": [
        WINDOW | {"for": 41, "years": "1899-1909", "states": 40.0, "ms": 2.0},
        WINDOW | {"for": 75, "years": "1950-1960", "states": 80.0, "ms": 8.0},
    ],
    "decade_ms": {"41": 2.0, "75": 8.0, "190": None},
    "mechanisms": [STAGE | {"share": 0.25, "us_per_year": 50.0, "dyad_years_per_s_core": 1.8e7}],
    "lengths": [{"years": 50, "ms": 10.0, "states": 42.0}],
    "runs": [{"runs": 100, "cpu_s": 0.2, "runs_per_s_core": 500.0, "peak_mb": 230.0}],
    "replay": {
        "change": "A happens",
        "years": [1904, 1934],
        "free_ms": 5.0,
        "kappa": {
            "kappa 0": {"over_free": 1.5, "touched": 0.002, "touched_most": 0.004, "moved": 0.001}
        },
    },
    "replay_over_free": 1.5,
    "full": None,
    "help_s": 0.2,
    "start_s": 1.0,
    "ask_s": None,
    "ask_cpu_s": None,
    "ask_runs": None,
    "peak_mb": None,
    "efficiency_2": 0.9,
    "efficiency_2_elapsed": 0.8,
    "thousand_runs_s": 6.0,
    "thousand_runs_elapsed_s": 7.0,
    "run_bytes": 8000,
    "worker_mb": 200.0,
    "reasons": {
        "ask_s": "left out by --quick",
        "full": "no --record was given",
        "decade_ms.190": "no such decade",
        "runs.100000": "left out by --quick",
    },
    "units": UNITS,
}
