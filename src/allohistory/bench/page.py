"""What `bench` measured, as a page: for a terminal, and as sections of docs/performance.md."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from typing import Any, Final

from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.markdown import write
from allohistory.answer.wording import MISSING
from allohistory.bench.bars import BARS, found, why
from allohistory.bench.paper import (
    BYTES_A_S,
    CORES_A_NODE,
    PLACES,
    RUNS,
    SCHEDULER_S,
    TASK_S,
    estimate,
)

Result = dict[str, Any]


def figure(value: float | None, digits: int = 3) -> str:
    """
    Write a figure with the digits that count, thousands apart.

    Examples
    --------
    >>> figure(4913204.0), figure(0.01234), figure(109.63), figure(None)
    ('4,910,000', '0.0123', '110', '-')
    """
    if value is None:
        return MISSING
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10 ** (digits - 1) else f"{rounded:g}"


def page(result: Result) -> Iterator[Block]:
    """
    Lay out what was measured.

    Parameters
    ----------
    result : dict
        See `allohistory.bench`.

    Yields
    ------
    Block
    """
    yield Heading(headline(result), 1)
    yield Prose(made(result), quiet=True)
    yield Heading("Beside what was asked")
    yield bars(result)
    yield Heading("Mechanisms")
    yield mechanisms(result, brief=True)
    yield Heading("How cost grows")
    yield decades(result)
    yield from growth(result)
    yield lengths(result)
    yield runs(result)
    yield from waits(result)
    yield Heading("Replay")
    yield from replay(result)


def headline(result: Result) -> str:
    """Say the pace in one sentence."""
    pace = result["dyad_years_per_s_core"] / 1e6
    rate = result["runs_per_s_core"]["1900-1950"]
    return (
        f"{pace:.1f} million dyad-years a second and core: {rate:.0f} runs of the core record, "
        "1900-1950."
    )


def made(result: Result) -> str:
    """Say where and how it was measured."""
    m = result["machine"]
    return (
        f"{result['settings']['command']}, version {result['version']}, on {m['cpu']} "
        f"({m['cores']} cores, {m['system']}, load {m['load']:g} at the end), Python "
        f"{m['python']}, numba {m['numba']}, numpy {m['numpy']}; the reference kernel took "
        f"{figure(result['reference_ms'])} ms."
    )


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Grid:
    columns = tuple(Column(name, right=n >= left) for n, name in enumerate(head))
    return Grid(columns, tuple(tuple(row) for row in rows))


def bars(result: Result) -> Grid:
    """Lay out figures beside what was asked of them."""
    rows = []
    for bar in BARS:
        value = found(result, bar.key)
        if value is None:
            verdict = why(result, bar.key)
        else:
            verdict = "reached" if bar.reached(value) else "missed"
        sign = "at least" if bar.least else "at most"
        rows.append((bar.what, figure(value), f"{sign} {figure(bar.bar)}", verdict))
    return _grid(("figure", "measured", "asked", "verdict"), rows)


def windows(result: Result) -> Grid:
    """Lay out free runs of whole windows."""
    return _grid(
        ("record", "years", "states", "dyad-years a run", "runs/s/core", "dyad-years/s/core"),
        [
            (
                row["record"],
                row["years"],
                f"{row['states']:.0f}",
                figure(row["dyad_years_a_run"]),
                figure(row["runs_per_s_core"]),
                figure(row["dyad_years_per_s_core"]),
            )
            for row in result["windows"]
        ],
        left=2,
    )


def mechanisms(result: Result, *, brief: bool = False) -> Grid:
    """Lay out the stages of a year, dearest first; `brief` fits a terminal."""
    what = () if brief else ("what it does",)
    return _grid(
        ("stage", *what, "share", "us a year", "million dyad-years/s/core, alone"),
        [
            (
                row["stage"] + (f" (x{row['calls']})" if row["calls"] > 1 else ""),
                *(() if brief else (row["what"],)),
                f"{100 * row['share']:.1f}%",
                figure(row["us_per_year"]),
                figure(row["dyad_years_per_s_core"] / 1e6),
            )
            for row in result["mechanisms"]
        ],
        left=1 + len(what),
    )


def decades(result: Result) -> Grid:
    """Lay out a decade at several numbers of states."""
    return _grid(
        ("about", "record", "years", "states in the runs", "ms a decade", "dyad-years/s/core"),
        [
            (
                str(row["for"]),
                row["record"],
                row["years"],
                f"{row['states']:.0f}",
                figure(row["ms"]),
                figure(row["dyad_years_per_s_core"]),
            )
            for row in sorted(result["decades"], key=lambda row: (row["record"], row["for"]))
        ],
        left=3,
    )


def growth(result: Result) -> Iterator[Block]:
    """Say how the cost of a decade grows with the number of states."""
    lines = []
    by_record: dict[str, list[dict[str, Any]]] = {}
    for row in result["decades"]:
        by_record.setdefault(row["record"], []).append(row)
    for record, rows in by_record.items():
        for one, two in pairwise(sorted(rows, key=lambda row: row["states"])):
            power = log(two["ms"] / one["ms"]) / log(two["states"] / one["states"])
            lines.append(
                f"{record}, from {one['states']:.0f} to {two['states']:.0f} states: as the number "
                f"of states to the power {power:.2f}"
            )
    if lines:
        yield Bullets(tuple(lines))


def lengths(result: Result) -> Grid:
    """Lay out runs of several lengths."""
    return _grid(
        ("years from 1900", "states", "ms a run", "ms a year"),
        [
            (
                str(row["years"]),
                f"{row['states']:.0f}",
                figure(row["ms"]),
                figure(row["ms"] / row["years"]),
            )
            for row in result["lengths"]
        ],
    )


def runs(result: Result) -> Grid:
    """Lay out many runs one after the other."""
    rows = [
        (
            f"{row['runs']:,}",
            figure(row["cpu_s"]),
            figure(row["runs_per_s_core"]),
            figure(row["peak_mb"]),
        )
        for row in result["runs"]
    ]
    rows += [
        (f"{int(key.removeprefix('runs.')):,}", MISSING, MISSING, reason)
        for key, reason in result["reasons"].items()
        if key.startswith("runs.")
    ]
    return _grid(("runs of a decade", "cpu s", "runs/s/core", "peak MB of the process"), rows)


def waits(result: Result) -> Iterator[Block]:
    """Say what hangs on how busy the machine was."""
    yield Prose(
        f"Two workers: efficiency {figure(result['efficiency_2'])} in cpu time (one worker's over "
        f"twice that of the busier of two), {figure(result['efficiency_2_elapsed'])} elapsed; "
        f"1,000 core runs of 1900-1950 took {figure(result['thousand_runs_elapsed_s'])} s elapsed."
    )
    if result["ask_s"] is not None:
        yield Prose(
            f"The bundled question with its {result['ask_runs']:.0f} runs took "
            f"{figure(result['ask_cpu_s'])} s of cpu time over all its processes, "
            f"{figure(result['ask_s'])} s elapsed."
        )
    yield Prose(
        f"The load of the machine was {result['machine']['load']:g} at the end, on "
        f"{result['machine']['cores']} cores: elapsed times include waiting for other work.",
        quiet=True,
    )


def replay(result: Result) -> Iterator[Block]:
    """Lay out replay beside free."""
    told = result["replay"]
    first, last = told["years"]
    yield Prose(
        f"{told['change']}; replayed under history's luck from {first} to {last}, beside free "
        f"runs of the same years ({figure(told['free_ms'])} ms)."
    )
    yield _grid(
        ("luck", "over a free run", "choices touched", "most in any draw", "moved by more"),
        [
            (
                name,
                figure(row["over_free"]),
                *(f"{100 * row[key]:.2f}%" for key in ("touched", "touched_most", "moved")),
            )
            for name, row in told["kappa"].items()
        ],
    )


def _seconds(value: float) -> str:
    """
    Write a time in the unit people would use.

    Examples
    --------
    >>> _seconds(12.3), _seconds(600), _seconds(7200), _seconds(200_000)
    ('12 s', '10 min', '2 h', '2.3 d')
    """
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if value >= 2 * size:
            return f"{figure(value / size, 2)} {unit}"
    return f"{figure(value, 2)} s"


def cluster(result: Result) -> Iterator[Block]:
    """Work out on paper what more runs would take elsewhere."""
    place, most = list(PLACES)[-1], RUNS[-1]
    rates = {"core": result["runs_per_s_core"]["1900-1950"]}
    if result["full"]:
        rates[result["full"]["record"]] = result["full"]["runs_per_s_core"]["1900-1950"]
    yield _grid(
        ("record", "runs 1900-1950", *PLACES, f"{place}, sums only"),
        [
            (
                record,
                f"{many:,}",
                *(_seconds(estimate(result, rate, many, there).wall_s) for there in PLACES),
                _seconds(estimate(result, rate, many, place, sums=True).wall_s),
            )
            for record, rate in rates.items()
            for many in RUNS
        ],
        left=2,
    )
    e = estimate(result, rates["core"], most, place)
    handed = (
        f"Tasks of {TASK_S:g} s of work at most: {e.tasks:,} for {most:,} core runs on {place}. A "
        f"central scheduler that spends {1e3 * SCHEDULER_S:g} ms on each is busy "
        f"{_seconds(e.scheduler_s)}."
    )
    sent = (
        f"What a question keeps of a run is {figure(result['run_bytes'])} bytes on the wire: "
        f"{figure(e.sent_mb / 1e3)} GB if every run sends it, which takes "
        f"{_seconds(e.collect_s)} at {figure(8 * BYTES_A_S / 1e9)} gigabit a second; "
        f"{figure(e.summed_mb)} MB if a task sends its sums."
    )
    held = (
        f"A worker that rolls core worlds takes {figure(result['worker_mb'])} MB, those of a "
        f"node of {CORES_A_NODE} cores {figure(e.node_mb / 1e3)} GB, whatever the number of runs."
    )
    yield Bullets((handed, sent, held))


def _reproduce(result: Result) -> Iterator[Block]:
    yield Prose(made(result))
    if result["reasons"]:
        yield Prose("Not measured:")
        yield Bullets(tuple(f"{key}: {text}" for key, text in result["reasons"].items()))


def _growth(result: Result) -> Iterator[Block]:
    yield decades(result)
    yield from growth(result)


SECTIONS: Final = {
    "bars": lambda result: iter((Prose(headline(result)), bars(result))),
    "windows": lambda result: iter((windows(result),)),
    "mechanisms": lambda result: iter((mechanisms(result),)),
    "states": _growth,
    "years": lambda result: iter((lengths(result),)),
    "runs": lambda result: iter((runs(result),)),
    "waits": waits,
    "replay": replay,
    "cluster": cluster,
    "machine": _reproduce,
}


def sections(result: Result) -> dict[str, str]:
    """
    Write the sections of docs/performance.md.

    Returns
    -------
    dict
        Markdown by name of section, for `answer.card.fill`.
    """
    return {name: f"\n{write(blocks(result))}\n" for name, blocks in SECTIONS.items()}
