"""
How fast the engine is, and how its cost grows: a figure, its unit, and why if there is none.

``run`` measures. Its result is a plain dict that ``allohistory bench --json`` prints and
``docs/performance.md`` is written from. Time is cpu time and the median of several, unless the
unit says otherwise; kernels are compiled before anything is timed; ratios come from runs that
took turns. A figure that was not measured is ``None`` and ``reasons`` says why::

    {
      "dyad_years_per_s_core": float,      # core record, 1900-1950, all mechanisms
      "runs_per_s_core": {"1900-1950": float, "1950-1999": float},
      "decade_ms": {"41": float|null, "75": float|null, "190": float|null},
      "replay_over_free": float,           # the dearer of kappa 0 and kappa 1
      "help_s": float, "ask_s": float|null, "peak_mb": float|null,
      "efficiency_2": float,
      # and
      "version": str, "settings": {...},
      "machine": {"cpu": str, "cores": int, "load": float, "system": str, "python": str,
                  "numba": str, "numpy": str},
      "reference_ms": float,               # fixed work: compare machines by multiples of it
      "windows": [{"record", "years", "states", "dyad_years_a_run", "runs_per_s_core",
                   "dyad_years_per_s_core"}],
      "decades": [{"for": 41|75|190, ...the same, "ms"}],
      "mechanisms": [{"stage", "what", "calls", "share", "us_per_year",
                      "dyad_years_per_s_core"}],
      "lengths": [{"years", "ms", "states"}],
      "runs": [{"runs", "cpu_s", "runs_per_s_core", "peak_mb"}],
      "replay": {"change", "years", "free_ms",
                 "kappa": {name: {"over_free", "touched", "touched_most", "moved"}}},
      "full": {"record", "dyad_years_per_s_core", "runs_per_s_core"}|null,
      "start_s", "ask_cpu_s", "ask_runs", "efficiency_2_elapsed", "thousand_runs_s",
      "thousand_runs_elapsed_s",
      "run_bytes", "worker_mb": float|null,
      "reasons": {key: str}, "units": {key: str}
    }

The states of a decade are those of free worlds, mean over years and runs. ``decade_ms`` is the
core record's where it has such a decade and the larger record's where not; ``decades`` has both.
"""

from allohistory.bench.measure import run

__all__ = ["run"]
