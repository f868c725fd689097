"""`allohistory bench`: keys, units, reasons; a counted year leaves the bytes of a plain one."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from allohistory import cli
from allohistory.bench import measure, processes, replays, rolls, stages
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import Change
from allohistory.counterfactual.twin import Mode
from allohistory.engine.luck import stage
from allohistory.engine.run import roll
from allohistory.model.shipped import shipped
from allohistory.record.dates import FIRST_YEAR

YEARS = (1900, 1915)
KEYS = {
    "dyad_years_per_s_core": float,
    "runs_per_s_core": dict,
    "decade_ms": dict,
    "replay_over_free": float,
    "help_s": float,
    "ask_s": type(None),
    "peak_mb": type(None),
    "efficiency_2": float,
}
"""Keys that never change, and what `--quick` gives for each."""


@pytest.fixture(scope="module")
def on():
    return rolls.core([YEARS[0]])


@pytest.mark.parametrize("run", [0, 1, 7])
def test_a_counted_year_leaves_the_same_bytes(on, run):
    counted = stages.timed_roll()
    spent = np.zeros(len(counted.stages), np.int64)
    plain, timed = on.room(YEARS[1] - YEARS[0]), on.room(YEARS[1] - YEARS[0])

    stages.rolled(on, roll, plain, run, YEARS)
    world = on.stage.world.copy()
    stages.rolled(on, counted.roll, timed, run, YEARS, spent)

    for name in plain._fields:
        assert getattr(plain, name).tobytes() == getattr(timed, name).tobytes(), name
    for name in world._fields:
        assert getattr(world, name).tobytes() == getattr(on.stage.world, name).tobytes(), name


def test_every_stage_of_a_year_is_counted(on):
    rows = stages.mechanisms(on, YEARS, 3)

    assert {"disputes", "joins", "found", "exits", "remember"} <= {row["stage"] for row in rows}
    assert sum(row["share"] for row in rows) == pytest.approx(1.0)
    assert all(row["what"] and row["us_per_year"] > 0 for row in rows)
    assert rows == sorted(rows, key=lambda row: -row["share"])


def test_a_run_does_not_hang_on_those_timed_before(on):
    first = rolls.timed(on, *YEARS, 4)

    assert rolls.timed(on, *YEARS, 1, since=3, warm=True).dyad_years[0] == first.dyad_years[3]
    assert (first.seconds > 0).all()


def test_an_empty_change_touches_nothing_and_a_forced_one_a_little():
    s = stage(FIRST_YEAR, replays.YEARS[1], rows=replays.ROWS)
    parameters = shipped()[0][0]
    start = abduce(s, parameters, [replays.YEARS[0]]).worlds[replays.YEARS[0]]
    eager = Mode("kappa inf", 1e9)

    assert replays.touched(s, parameters, start, (), eager) == (0.0, 0.0)
    touched, moved = replays.touched(s, parameters, start, replays.small(s), replays.MODES[0])
    assert 0 < moved <= touched < 0.01
    a, b = (int(s.geography.state_hash[s.script.panel.index(i)]) for i in ("GMY", "FRN"))
    war = (Change(measure.replays.m.DISPUTE, 1906, a, b, force=1),)
    assert replays.touched(s, parameters, start, war, replays.MODES[0])[0] > touched


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["allohistory", "bench", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return (stopped.value.code, *capsys.readouterr())

    return call


@pytest.fixture
def little(monkeypatch):
    """Few runs, and no processes."""
    plain = rolls.timed
    for room in (measure, rolls):
        monkeypatch.setattr(room, "timed", lambda on, a, b, _, **how: plain(on, a, b, 2, **how))
    monkeypatch.setattr(replays, "DRAWN", 1)
    for name in ("help_s", "start_s"):
        monkeypatch.setattr(processes, name, lambda: 0.25)
    told = ("efficiency_2", "efficiency_2_elapsed", "thousand_runs_s", "thousand_runs_elapsed_s")
    two = dict.fromkeys(told, 0.5) | {"worker_mb": 100.0}
    monkeypatch.setattr(processes, "two_jobs", lambda _: two)


@pytest.mark.usefixtures("little")
def test_keys_units_and_reasons(run):
    code, out, err = run("--quick", "--json", "--out", "b.json")

    assert (code, err) == (0, "")
    assert Path("b.json").read_text(encoding="utf-8") == out
    told = json.loads(out)
    assert {key: type(told[key]) for key in KEYS} == KEYS
    assert set(told["runs_per_s_core"]) == {"1900-1950", "1950-1999"}
    assert set(told["decade_ms"]) == {"41", "75", "190"}
    assert set(told["units"]) == set(measure.UNITS)
    missing = {key for key in told["units"] if told[key] is None} | {
        f"decade_ms.{key}" for key, value in told["decade_ms"].items() if value is None
    }
    assert {"ask_s", "peak_mb", "decade_ms.190"} <= missing <= set(told["reasons"])
    assert "--quick" in told["reasons"]["ask_s"]
    assert "--record" in told["reasons"]["decade_ms.190"]
    figures = {key for key, value in told.items() if isinstance(value, float)}
    assert figures <= set(told["units"]), "a figure without a unit"


@pytest.mark.usefixtures("little")
def test_a_failed_ask_is_a_reason(run, monkeypatch):
    monkeypatch.setattr(processes, "QUESTION", "no-such-question")

    code, out, _ = run("--json")

    told = json.loads(out)
    assert code == 0
    assert told["ask_s"] is None
    assert "no-such-question" in told["reasons"]["ask_s"]


@pytest.mark.parametrize(
    "words",
    [("--record", "nowhere"), ("--out", "nowhere/b.json"), ("--record", ".")],
    ids=" ".join,
)
def test_a_bad_folder_is_one_sentence_and_nothing_is_measured(run, words, monkeypatch):
    monkeypatch.setattr(measure, "reference_s", lambda: pytest.fail("it began to measure"))

    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.endswith(".\n")


@pytest.mark.usefixtures("little")
def test_a_page_for_people(run):
    code, out, err = run("--quick")

    assert (code, err) == (0, "")
    assert out.index("dyad-years a second and core") < out.index("disputes") < out.index("kappa 1")
    assert "left out by --quick" in out
