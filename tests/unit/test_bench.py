"""What is made of measurements: the page, the paper estimate, the source under the counter."""

import ast
import itertools
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from allohistory.answer.card import fill, marked
from allohistory.bench import clock, measure, page, paper, processes, rolls, stages
from allohistory.bench.rolls import active, start_for
from allohistory.errors import RecordError

sys.path.insert(0, str(Path(__file__).parent))
from bench_fixture import RESULT

DOCS = Path(__file__).resolve().parents[2] / "docs"


def text():
    return (DOCS / "performance.md").read_text(encoding="utf-8")


def test_the_page_says_what_was_measured():
    kept = json.loads((DOCS / "bench.json").read_text(encoding="utf-8"))

    assert marked(text()) == page.sections(kept)


def test_any_result_fills_every_section_and_touches_nothing_else():
    before = text()

    filled = fill(before, page.sections(RESULT))

    assert marked(filled) == page.sections(RESULT)
    assert fill(filled, marked(before)) == before


def test_a_bar_is_reached_missed_or_not_measured_and_says_why():
    rows = {row[0]: row[1:] for row in page.bars(RESULT).rows}

    assert rows["--help, s"] == ("0.2", "at most 0.5", "reached")
    assert rows["replay of a small change over a free run"][2] == "missed"
    assert rows["runs/s/core, core record, 1900-1950"][2] == "missed"
    assert rows["ask, default runs and workers, s elapsed"] == (
        "-",
        "at most 60",
        "left out by --quick",
    )
    assert rows["runs/s/core, larger record, 1900-1950"][2] == "no --record was given"


def test_growth_is_the_power_between_two_sizes():
    (lines,) = page.growth(RESULT)

    assert lines.items == ("core, from 40 to 80 states: as the number of states to the power 2.00",)


def test_on_paper_more_cores_take_less_and_nothing_is_faster_than_its_start():
    walls = [
        [paper.estimate(RESULT, 100.0, many, place).wall_s for many in paper.RUNS]
        for place in paper.PLACES
    ]

    for few, more in itertools.pairwise(walls):
        assert all(a >= b for a, b in zip(few, more, strict=True))
    for row in walls:
        assert row == sorted(row)
        assert min(row) > RESULT["start_s"]
    # Ten million runs at a hundred a second and core, less a tenth for sharing, on two cores.
    assert walls[0][-1] == pytest.approx(10_000_000 / (2 * 100.0 * 0.9), rel=0.01)


def test_on_paper_what_comes_home_is_counted():
    e = paper.estimate(RESULT, 100.0, 10_000_000, "100 nodes of 32 cores")

    assert e.sent_mb == pytest.approx(80_000)
    assert e.wall_s >= e.collect_s == pytest.approx(640)
    assert e.summed_mb == pytest.approx(e.tasks * 0.008)
    less = paper.estimate(RESULT, 100.0, 10_000_000, "100 nodes of 32 cores", sums=True)
    assert less.wall_s < e.wall_s


@pytest.mark.parametrize("states", [41, 60])
def test_a_decade_of_so_many_states_is_found(states):
    first, count = start_for(None, states), active(None)

    assert abs(count[first] - states) <= 0.1 * states


def test_no_decade_of_so_many_states():
    assert start_for(None, 190) is None


def test_counters_stand_around_every_kernel_of_the_loop_and_nowhere_else():
    source = """
def roll(a):
    begin(a)
    for year in range(3):
        plain(a)
        begin(a)
        if a:
            n = begin(a)
        else:
            other = 1
"""
    counting = stages._Counting({"begin": stages.engine.begin, "plain": len})

    told = ast.unparse(counting.visit(ast.parse(source)))

    assert counting.stages == ["begin", "begin"]
    assert told.count("cycle_counter()") == 4
    assert "def roll(a, cycles_spent):\n    begin(a)\n    for" in told
    assert "            cycles_spent[1] += cycle_counter() - cycles_before\n        else:" in told


def test_the_reference_kernel_takes_cpu_time_and_always_does_the_same():
    assert clock.reference() == clock.reference() > 0
    assert 0 < clock.reference_s() < 1


def test_cpu_time_does_not_run_while_asleep():
    assert clock.cpu(lambda: time.sleep(0.2)) < 0.1


def test_memory_of_children_counts():
    code = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "'import time; x = bytearray(200_000_000); time.sleep(1)'], check=True)"
    )

    took = processes.measured([sys.executable, "-c", code], memory=True)

    if took.peak_mb is None:
        pytest.skip("this system does not tell")
    assert 200 < took.peak_mb < 300
    assert took.elapsed > 1 > took.cpu


def test_a_record_that_does_not_cover_the_years_is_refused(monkeypatch, tmp_path):
    from allohistory.record.tables import load

    short = load()
    monkeypatch.setattr(measure, "load", lambda _: short)
    monkeypatch.setattr(measure, "WINDOWS", ((1850, 1900), (1950, 1999)))

    with pytest.raises(RecordError, match="covers 1860-2016"):
        measure.tables_of(tmp_path)


def test_a_larger_record_fills_only_what_the_core_lacks(monkeypatch):
    def rolled(cells, _):
        return [
            rolls.Timing(np.array([on.pace]), np.ones(1), 40.0, last - first)
            for on, first, last in cells
        ]

    monkeypatch.setattr(measure, "in_turns", rolled)
    bench = measure._Bench(None, quick=True, say=print)

    bench.decades(SimpleNamespace(name="core", pace=0.002), {41: 1900, 75: None, 190: None}, 1)
    assert bench.found["decade_ms"] == {"41": pytest.approx(2.0), "75": None, "190": None}
    assert set(bench.reasons) == {"decade_ms.75", "decade_ms.190"}

    bench.decades(SimpleNamespace(name="more", pace=0.009), {41: 1899, 75: 1950, 190: None}, 1)
    assert bench.found["decade_ms"] == pytest.approx({"41": 2.0, "75": 9.0, "190": None})
    assert set(bench.reasons) == {"decade_ms.190"}
    assert [row["ms"] for row in bench.found["decades"]] == pytest.approx([2.0, 9.0, 9.0])
