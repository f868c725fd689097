#!/usr/bin/env python
"""
Rewrite the marked sections of docs/model-card.md from what the package ships.

    python scripts/model_card.py                  # coefficients, elicited effects, shocks
    python scripts/model_card.py --case           # the case of Japan and China as well (a minute)
    python scripts/model_card.py --check          # what `check` measured, from docs/check.json
    python scripts/model_card.py --check FILE     # the same from a newer result, kept there

A section stands between `<!-- begin: NAME -->` and `<!-- end -->`; what is outside stays as it is.
"""

import argparse
import csv
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from allohistory.answer import card as measured
from allohistory.check.everything import compact
from allohistory.counterfactual.intervention import clear
from allohistory.engine import gate as g
from allohistory.engine.luck import rewind, stage, walk
from allohistory.engine.run import History
from allohistory.fit.priors import prior
from allohistory.model import terms as m
from allohistory.model.elicited import catalogue
from allohistory.model.shipped import shipped
from allohistory.record.dates import FIRST_YEAR

ROOT = Path(__file__).resolve().parents[1]
CARD = ROOT / "docs" / "model-card.md"
COEFFICIENTS = ROOT / "src" / "allohistory" / "model" / "coefficients.csv"
RESULT = CARD.with_name("check.json")
FULL = ROOT / "docs" / "check-full.json"
COLUMNS: dict[int, tuple[str, ...]] = {
    m.LEADER: ("regular", "irregular", "foreign"),
    m.REGIME: ("a step down", "a step up"),
    m.LEVEL: ("use of force", "war"),
    m.OUTCOME: ("draw", "target wins"),
}
Z90 = 1.6449
LEARNED = 0.97
"""Where the posterior is at least so wide as a share of the prior, the record said nothing."""
PAIR = ("JPN", "CHN")
YEARS = (1900, 1950)
CASE_DRAWS = 32
ROWS = 60_000


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Lay out a Markdown table; the first column is text, the others are figures."""
    lines = [head, (":---", *("---:",) * (len(head) - 1)), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def wrapped(text: str) -> str:
    """Break a paragraph into lines."""
    return textwrap.fill(text, 110, break_on_hyphens=False)


def coefficients(process: int) -> str:
    """Estimates of one process, alternatives side by side."""
    with COEFFICIENTS.open(encoding="utf-8", newline="") as file:
        mine = [row for row in csv.DictReader(file) if row["process"] == m.NAMES[process]]
    _, sd = prior(process)
    cells: dict[str, list[str]] = {}
    for row in mine:
        if row["low"] == "":
            continue
        a, k = int(row["alternative"]) - 1, m.TERMS[process].index(row["term"])
        low, high = float(row["low"]), float(row["high"])
        mark = "*" if low > 0 or high < 0 else ""
        if row["provenance"] == "elicited":
            mark = " elicited"
        elif high - low >= LEARNED * 2 * Z90 * sd[a, k]:
            mark = " prior"
        digits = 3 if process == m.GROWTH else 2
        one, two, three = (f"{v:.{digits}f}" for v in (float(row["estimate"]), low, high))
        text = f"{one} ({two} to {three}){mark}"
        cells.setdefault(row["term"], []).append(re.sub(r"-(0\.0+)(?!\d)", r"\1", text))
    head = ("term", *COLUMNS.get(process, ("log odds",)))
    if process == m.GROWTH:
        head = ("term", "log points a year")
    body = [(f"`{term}`", *values) for term, values in cells.items()]
    counted = f"{int(mine[0]['choices']):,} choices, {int(mine[0]['events']):,} events"
    return f"\n{counted}.\n\n{table(head, body)}\n"


def elicited() -> str:
    """Catalogue of elicited effects."""
    head = ("effect", "range", "neutral", "enters", "meaning", "literature")
    lines = [head, (":---",) * len(head)]
    lines += [
        (
            f"`{e.name}`",
            f"{e.low:g} to {e.high:g}",
            f"{e.off:g}",
            f"{m.NAMES[e.process]}: `{e.term}`" if e.process is not None else "engine",
            e.meaning,
            e.literature,
        )
        for e in catalogue()
    ]
    return "\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n\n"


def shocks() -> str:
    """Spread of the year shocks."""
    sigma = shipped()[0][0].sigma
    rows = [
        (m.NAMES[p], f"{s:.3f}", f"{np.exp(g.NODE[0] * s):.2f} to {np.exp(g.NODE[-1] * s):.2f}")
        for p, s in zip(m.SHOCKED, sigma, strict=True)
    ]
    head = ("process", "standard deviation", "odds multiplied by, lowest to highest slice")
    return f"\n{table(head, rows)}\n"


def times() -> str:
    """Level of the times and how it drifts."""
    draws = shipped()[0]
    years = (1880, 1910, 1930, 1950, 1970, 1990, 2010)
    rows = []
    for k, process in enumerate(m.TIMED):
        one = draws[0]
        levels = [
            f"{np.mean([d.level[k, year - int(d.since[0])] for d in draws]):+.2f}" for year in years
        ]
        half = np.log(0.5) / np.log(one.hold[k])
        rows.append((m.NAMES[process], f"{one.drift[k]:.3f}", f"{half:.0f}", *levels))
    head = ("process", "step a year", "half-life, years", *(str(year) for year in years))
    return f"\n{table(head, rows)}\n"


def calibration() -> str:
    """What free runs held before and after their calibration, and by how much it moved them."""
    rows = [
        (name, f"{record:,.0f}", f"{before:,.0f}", f"{after:,.0f}", f"{shift:+.2f}")
        for name, (record, before, after, shift) in shipped()[1]["calibration"].items()
    ]
    head = ("count over all windows", "record", "free runs before", "after", "log odds moved")
    return f"\n{table(head, rows)}\n"


def case() -> str:
    """Which terms of a strong treaty keep the pair apart, beside the pairs that signed one."""
    s = stage(FIRST_YEAR, YEARS[1], rows=ROWS)
    p = s.script.panel
    pair = [p.index(i) for i in PAIR]
    names = m.TERMS[m.FOUND_STRONG]
    moved, chances, ours, theirs = [], [], [], []
    room = History.empty(YEARS[1] - YEARS[0] + 42, len(p.states), len(p.units))
    for parameters in shipped()[0][:CASE_DRAWS]:
        clear(s)
        rewind(s)
        mine, signed = [], []
        for year in range(YEARS[0] - 1, YEARS[1] + 1):
            since = s.base if year < YEARS[0] else year - 1
            s.luck.control[g.KEEPING] = int(year >= YEARS[0])
            s.luck.counter[1] = 0
            walk(s, parameters, room, since, year)
            used = int(s.luck.counter[1])
            assert used < ROWS
            rows, x = s.luck.rows[:used], s.luck.covariates[:used, : len(names)]
            found = rows[:, 0] == m.FOUND_STRONG
            both = found & np.isin(rows[:, 2], pair) & np.isin(rows[:, 3], pair)
            mine += list(x[both].copy())
            signed += list(x[found & (rows[:, 4] > 0)].copy())
        beta = parameters.beta[m.FOUND_STRONG, 0, : len(names)]
        ours.append(np.mean(mine, axis=0))
        theirs.append(np.mean(signed, axis=0))
        moved.append(beta * (ours[-1] - theirs[-1]))
        chances.append(np.mean(1 / (1 + np.exp(-(np.array(mine) @ beta)))))
        usual = np.mean(1 / (1 + np.exp(-(np.array(signed) @ beta))))
        chances[-1] = (chances[-1], usual)
    low, middle, high = np.quantile(np.array(moved), [0.05, 0.5, 0.95], axis=0)
    order = [k for k in np.argsort(-np.abs(middle)) if abs(middle[k]) >= 0.1]
    here, there = np.mean(ours, axis=0), np.mean(theirs, axis=0)
    body = [
        (
            f"`{names[k]}`",
            f"{here[k]:.2f}",
            f"{there[k]:.2f}",
            f"{np.exp(middle[k]):.2f}",
            f"{np.exp(low[k]):.2f} to {np.exp(high[k]):.2f}",
        )
        for k in order
    ]
    head = ("term", "Japan and China", "pairs that signed", "odds multiplied by", "90%")
    us, them = np.median(np.array(chances), axis=0)
    said = (
        f"Mean yearly chance of a strong treaty, shocks apart: {100 * us:.2f}% for Japan and "
        f"China in {len(mine)} years of {YEARS[0]}-{YEARS[1]}; {100 * them:.1f}% for the "
        f"{len(signed)} pairs that signed one, in the year they did ({CASE_DRAWS} draws)."
    )
    return f"\n{wrapped(said)}\n\n{table(head, body)}\n"


def sections(*, whole: bool) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield the sections that the parameters give, and what writes each."""
    for process, name in m.NAMES.items():
        if process not in {m.SHOCK, m.ENTRY_LATE}:
            yield name, lambda process=process: coefficients(process)
    yield "elicited", elicited
    yield "shocks", shocks
    yield "times", times
    yield "calibration", calibration
    if whole:
        yield "Japan and China", case


def checked(file: Path) -> dict[str, str]:
    """Sections that `check` measured; its result and the figures are kept beside the card."""
    result = compact(json.loads(file.read_text(encoding="utf-8")))
    RESULT.write_text(
        json.dumps(result, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n",
        encoding="utf-8",
    )
    folder = CARD.parent / measured.FOLDER
    folder.mkdir(exist_ok=True)
    for old in folder.glob("hindcast-*.svg"):
        old.unlink()
    for name, text in measured.figures(result).items():
        (folder / name).write_text(text, encoding="utf-8")
    return measured.sections(result)


def full(file: Path) -> dict[str, str]:
    """Sections of the full record; of rows by cut-off only those of all together are kept."""
    result = compact(json.loads(file.read_text(encoding="utf-8")))
    if isinstance(result, list):
        # One-step scores alone, as earlier versions kept them.
        result = {"one_step": result}
    for part in ("one_step", "hindcast"):
        if result.get(part):
            # Counts of the system are judged cut-off by cut-off.
            result[part] = [row for row in result[part] if row["cutoff"] is None or "median" in row]
    text = json.dumps(result, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    FULL.write_text(text + "\n", encoding="utf-8")
    return measured.full_sections(result)


def main() -> int:
    """Rewrite the card."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("--case", action="store_true", help="Japan and China too (a minute)")
    options.add_argument(
        "--check",
        type=Path,
        nargs="?",
        const=RESULT,
        metavar="FILE",
        help="only what `allohistory check --out FILE` measured (default: docs/check.json)",
    )
    options.add_argument(
        "--full",
        type=Path,
        nargs="?",
        const=FULL,
        metavar="FILE",
        help="only what `check --record DIR --out FILE` measured (default: docs/check-full.json)",
    )
    given = options.parse_args()
    if given.full:
        written = full(given.full)
    elif given.check:
        written = checked(given.check)
    else:
        written = {name: write() for name, write in sections(whole=given.case)}
    text = CARD.read_text(encoding="utf-8")
    CARD.write_text(measured.fill(text, written), encoding="utf-8")
    missing = sorted(set(written) - set(measured.marked(text)))
    if missing:
        sys.stderr.write(f"{CARD.name} has no section for: {', '.join(missing)}\n")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
