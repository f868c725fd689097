"""The verb: measure everything, and say of what was not measured why."""

import pickle
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from allohistory.answer.probe import measure
from allohistory.bench import processes, replays, stages
from allohistory.bench.clock import machine, reference_s, resident_mb
from allohistory.bench.rolls import (
    DECADE,
    WINDOWS,
    Ground,
    Timing,
    core,
    in_turns,
    larger,
    start_for,
    timed,
)
from allohistory.check.everything import compact
from allohistory.engine.script import script_of
from allohistory.errors import RecordError
from allohistory.record.tables import Tables, load

Say = Callable[..., None]
STATES: Final = (41, 75, 190)
RUNS: Final = (100, 1_000, 10_000, 100_000)
LENGTHS: Final = (5, 10, 25, 50)
QUICK_RUNS = 10_000
"""Most runs in a row that are rolled with `quick`."""
PAIR = ("JPN", "CHN")
QUICK = "left out by --quick"
UNITS: Final = {
    "reference_ms": "ms of cpu time, reference kernel",
    "dyad_years_per_s_core": "pairs of states both in the system x years, per cpu second and core",
    "runs_per_s_core": "runs per cpu second and core, by years rolled",
    "decade_ms": "ms of cpu time of a run's decade, by states in the system",
    "replay_over_free": "cpu time of a replay over that of a free run",
    "help_s": "s of cpu time, allohistory --help",
    "start_s": "s of cpu time, from nothing to the first rolled year",
    "ask_s": "s elapsed, bundled question, default runs and workers",
    "ask_cpu_s": "s of cpu time, the same",
    "ask_runs": "runs for each point of divergence, the same",
    "peak_mb": "MB, largest memory of ask and its workers together",
    "efficiency_2": "cpu time of one worker over twice that of the busier of two",
    "efficiency_2_elapsed": "the same in elapsed time",
    "thousand_runs_s": "s of cpu time of the busier of two workers, 1,000 runs 1900-1950",
    "thousand_runs_elapsed_s": "s elapsed, the same",
    "run_bytes": "bytes that what a question keeps of a run takes on its way home",
    "worker_mb": "MB, largest memory of a process that rolls worlds of the core record",
}
"""Unit of every figure."""


@dataclass(slots=True, eq=False)
class _Bench:
    """A benchmark under way."""

    tables: Tables | None
    quick: bool
    say: Say
    found: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def miss(self, why: str, *keys: str) -> None:
        """Leave keys without a figure, and say why."""
        for key in keys:
            self.found.setdefault(key, None)
            self.reasons[key] = why

    def free(self) -> None:
        """Free worlds of the core record: windows, mechanisms, growth with years and runs."""
        runs = 60 if self.quick else 200
        years = {first for first, _ in WINDOWS}
        starts = {n: start_for(None, n) for n in STATES}
        on = core(years | {y for y in starts.values() if y is not None})
        self.say("rolling free worlds")
        whole = self.windows(on, runs)
        self.found["dyad_years_per_s_core"] = whole["1900-1950"].dyad_years_per_s
        self.found["runs_per_s_core"] = {name: one.runs_per_s for name, one in whole.items()}
        self.decades(on, starts, runs)
        self.say("longer and more runs")
        start = WINDOWS[0][0]
        took = in_turns([(on, start, start + years) for years in LENGTHS], runs)
        self.found["lengths"] = [
            {"years": years, "ms": 1e3 / one.runs_per_s, "states": one.states}
            for years, one in zip(LENGTHS, took, strict=True)
        ]
        self.found["runs"] = [
            self.many(on, start, many) for many in RUNS if not self.quick or many <= QUICK_RUNS
        ]
        if self.quick:
            self.reasons[f"runs.{RUNS[-1]}"] = QUICK
        room = on.room(1)
        p = on.stage.script.panel
        probe = measure(room, p.index(PAIR[0]), p.index(PAIR[1]), 0)
        self.found["run_bytes"] = len(pickle.dumps(probe))
        # Compiling takes memory: not before that of the runs was read.
        self.say("counting cycles")
        self.found["mechanisms"] = stages.mechanisms(on, WINDOWS[0], runs // 2)

    def windows(self, on: Ground, runs: int) -> dict[str, Timing]:
        """Half a century of free runs, twice."""
        took = in_turns([(on, *span) for span in WINDOWS], runs)
        whole = {f"{a}-{b}": one for (a, b), one in zip(WINDOWS, took, strict=True)}
        rows = [_row(on.name, name, one) for name, one in whole.items()]
        self.found.setdefault("windows", []).extend(rows)
        return whole

    def many(self, on: Ground, start: int, many: int) -> dict[str, Any]:
        """So many runs of a decade one after the other."""
        self.say(f"{many:,} runs")
        took = timed(on, start, start + DECADE, many, warm=True)
        total = float(took.seconds.sum())
        return {
            "runs": many,
            "cpu_s": total,
            "runs_per_s_core": many / total,
            "peak_mb": resident_mb(),
        }

    def decades(self, on: Ground, starts: dict[int, int | None], runs: int) -> None:
        """Decades at several numbers of states; a larger record's where the core has none."""
        rows = self.found.setdefault("decades", [])
        figures = self.found.setdefault("decade_ms", {})
        there = {states: first for states, first in starts.items() if first is not None}
        took = in_turns([(on, first, first + DECADE) for first in there.values()], runs)
        for (states, first), one in zip(there.items(), took, strict=True):
            if figures.get(str(states)) is None:
                figures[str(states)] = one.decade_ms
            self.reasons.pop(f"decade_ms.{states}", None)
            years = f"{first}-{first + DECADE}"
            rows.append({"for": states} | _row(on.name, years, one) | {"ms": one.decade_ms})
        for states in STATES:
            if figures.setdefault(str(states), None) is None:
                why = f"no decade of the {on.name} record begins with about {states} states"
                more = "" if self.tables else "; name a larger one with --record"
                self.reasons[f"decade_ms.{states}"] = why + more

    def full(self) -> None:
        """Roll the same on a larger record."""
        if self.tables is None:
            self.miss("no --record was given", "full")
            return
        self.say("fitting the model on the record")
        starts = {n: start_for(self.tables, n) for n in STATES}
        years = {first for first, _ in WINDOWS}
        on = larger(self.tables, years | {y for y in starts.values() if y is not None})
        self.say(f"rolling worlds of {on.name}")
        runs = 20 if self.quick else 60
        whole = self.windows(on, runs)
        self.found["full"] = {
            "record": on.name,
            "dyad_years_per_s_core": whole["1900-1950"].dyad_years_per_s,
            "runs_per_s_core": {name: one.runs_per_s for name, one in whole.items()},
        }
        self.decades(on, starts, runs)

    def replay(self) -> None:
        """Replay beside free."""
        self.say("replaying")
        self.found |= replays.replayed(5 if self.quick else 15)

    def waits(self) -> None:
        """Time whole processes."""
        self.say("starting processes")
        self.found["help_s"] = processes.help_s()
        self.found["start_s"] = processes.start_s()
        self.found |= processes.two_jobs(500 if self.quick else 1000)
        asked = ("ask_s", "ask_cpu_s", "ask_runs", "peak_mb")
        if self.quick:
            self.miss(QUICK, *asked)
            return
        self.say("asking")
        try:
            self.found |= processes.ask()
        except subprocess.CalledProcessError as error:
            said = (error.stderr or "").strip().splitlines()
            self.miss(f"ask failed: {said[-1] if said else error.returncode}", *asked)
        if self.found["peak_mb"] is None and "peak_mb" not in self.reasons:
            self.miss("this system does not tell the memory of a process's children", "peak_mb")


def _row(record: str, years: str, took: Timing) -> dict[str, Any]:
    return {
        "record": record,
        "years": years,
        "states": took.states,
        "dyad_years_a_run": float(took.dyad_years.mean()),
        "runs_per_s_core": took.runs_per_s,
        "dyad_years_per_s_core": took.dyad_years_per_s,
    }


def tables_of(record: Path | None) -> Tables | None:
    """
    Read another record, if one is named, and see that it covers the years.

    Raises
    ------
    RecordError
    """
    if record is None:
        return None
    if not record.is_dir():
        raise RecordError("there is no folder of that name", str(record))
    tables = load(record)
    p = script_of(tables).panel
    first, last = WINDOWS[0][0], WINDOWS[-1][1]
    if p.first > first or p.last < last + DECADE:
        raise RecordError(
            f"the record covers {p.first}-{p.last}; to be rolled it must cover "
            f"{first}-{last + DECADE}",
            str(record),
        )
    return tables


def run(
    *, quick: bool = False, record: Path | None = None, say: Say = lambda *_: None
) -> dict[str, Any]:
    """
    Measure how fast the engine is and how its cost grows.

    Parameters
    ----------
    quick : bool
        Leave out what takes minutes, and roll fewer runs.
    record : Path, optional
        Folder of a larger record, for what the core record is too small for; the model is fitted
        on it first (a minute or two).
    say : callable
        Told what is being measured.

    Returns
    -------
    dict
        See `allohistory.bench`.

    Raises
    ------
    RecordError
        The record cannot be rolled; nothing was measured.
    """
    from allohistory import __version__  # noqa: PLC0415 - the front door opens after this room

    tables, began = tables_of(record), time.perf_counter()
    bench = _Bench(tables, quick, say)
    before = reference_s()
    # What the user waits for comes last: by then every kernel is compiled.
    for part in (bench.free, bench.full, bench.replay, bench.waits):
        part()
    after = reference_s()
    words = ("bench", *(("--quick",) if quick else ()))
    named = f" --record {record.name}" if record else ""
    told: dict[str, Any] = {
        "version": __version__,
        "settings": {
            "command": f"allohistory {' '.join(words)}{named}",
            "quick": quick,
            "record": record.name if record else None,
            "seconds": time.perf_counter() - began,
        },
        "machine": machine(),
        "reference_ms": 1e3 * (before + after) / 2.0,
        **bench.found,
        "reasons": bench.reasons,
        "units": UNITS,
    }
    plain: dict[str, Any] = compact(told)
    return plain
