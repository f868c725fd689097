"""The verb `check`: who is called with what, and what is refused before anything is called."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest

import allohistory as ah
from allohistory.check import calls, everything
from allohistory.errors import QuestionError, RecordError, UnknownNameError
from allohistory.record.tables import load

sys.path.insert(0, str(Path(__file__).parent))
from check_fixture import RESULT, parts

KEYS = [
    "version",
    "seed",
    "record",
    "settings",
    "one_step",
    "free_run",
    "hindcast",
    "sense",
    "facts",
    "reversals",
    "seconds",
]


@pytest.fixture
def called(monkeypatch):
    calls = []
    parts(monkeypatch, calls)
    return calls


def verbs(calls):
    return [verb for verb, *_ in calls]


def test_everything_by_default(called):
    result = ah.check.run(seed=5)

    assert list(result) == KEYS
    assert verbs(called) == ["one_step", "realism", "hindcast", "sense", "facts", "reversals"]
    assert result["sense"] == RESULT["sense"]
    assert result["reversals"] == RESULT["reversals"]
    assert set(result["seconds"]) == set(everything.PARTS)
    assert result["settings"]["command"] == "allohistory check --seed 5"
    assert result["settings"]["cutoffs"]["one_step"] == [1900, 1930, 1960, 1990]
    assert result["settings"]["cutoffs"]["hindcast"][:2] == [1870, 1875]
    assert result["settings"]["cutoffs"]["hindcast"][-1] == 1985
    assert result["record"]["states"] == 70


def test_cut_offs_reach_both_parts_that_have_them(called):
    ah.check.run(cutoffs=[1930, 1900, 1930], horizon=20)

    (_, words, one), _, (_, later, options), *_ = called
    assert words[1] == (1900, 1930)
    assert one["horizon"] == 20
    assert later[1] == (1900, 1930)
    assert "horizon" not in options


def test_flags_narrow(called):
    told = ah.check.run(sense=True)

    assert verbs(called) == ["sense"]
    assert told["hindcast"] is None
    ah.check.run(mechanism="dispute")
    assert verbs(called) == ["sense", "one_step"]
    assert called[-1][2]["mechanism"] == "dispute"
    both = ah.check.run(mechanism="war onset", sense=True)
    assert verbs(called)[2:] == ["one_step", "sense"]
    assert (
        both["settings"]["command"] == 'allohistory check --mechanism "war onset" --sense --seed 1'
    )


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"cutoffs": [1850]}, QuestionError, "1870 to 2015"),
        ({"cutoffs": [1930, 2010], "horizon": 10}, QuestionError, "1870 to 2006"),
        ({"horizon": 200}, QuestionError, "1 to 146"),
        ({"mechanism": "dispte"}, UnknownNameError, '"dispute"'),
        ({"record": Path("nowhere")}, RecordError, "nowhere"),
    ],
)
def test_what_cannot_be_checked_is_refused_at_once(called, options, error, told):
    with pytest.raises(error, match=told):
        ah.check.run(**options)

    assert called == []


def test_rows_of_the_hindcast_are_named_as_the_result_names_them():
    row = {
        "predicate": "peace",
        "intervals": {"sim_minus_base": [0, 1], "stack_minus_logistic": [1, 2], "slope": [0, 2]},
        "steps": [{"mean_p": 0.1, "frequency": 0.2, "n": 3}],
        "bins": [],
    }

    assert calls.question(row) == {
        "predicate": "peace",
        "intervals": {"base_rate": [0, 1], "stack": [1, 2], "slope": [0, 2]},
        "reliability": [{"p": 0.1, "frequency": 0.2, "n": 3}],
    }
    assert calls.question({"predicate": "skipped"}) == {"predicate": "skipped"}


def test_of_a_larger_record_the_pairs_of_the_core_are_asked(called, tmp_path, monkeypatch):
    core = load()
    some = dataclasses.replace(core, states=core.states[:5])
    monkeypatch.setattr(calls, "_parameters", lambda _: None)
    monkeypatch.setattr("allohistory.record.tables.load", lambda path=None: some if path else core)

    larger = ah.check.run(record=tmp_path)
    (whole,) = [options for verb, _, options in called if verb == "hindcast"]
    called.clear()
    alone = ah.check.run()
    (own,) = [options for verb, _, options in called if verb == "hindcast"]

    assert whole["only"] == {row.id for row in some.states}
    assert own["only"] is None
    assert (larger["record"]["asked"], alone["record"]["asked"]) == (5, 70)


def test_results_are_plain_and_short():
    told = everything.compact(
        {"a": np.float64(0.123456789), "b": np.array([1, 2]), "cases": [0] * 9, "c": np.bool_(True)}
    )

    assert told == {"a": 0.12346, "b": [1, 2], "c": True}
    assert everything.compact(told) == told
    with pytest.raises(TypeError, match="set"):
        everything.compact({1})
