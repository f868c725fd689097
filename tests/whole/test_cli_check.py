"""`allohistory check` at the keyboard; the parts behind it are stand-ins."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from allohistory import cli

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))
from check_fixture import RESULT, parts


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    parts(monkeypatch, [])

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["allohistory", "check", "--jobs", "1", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return (stopped.value.code, *capsys.readouterr())

    return call


def test_a_page_for_people(run):
    code, out, err = run()

    assert (code, err) == (0, "")
    assert "Out of sample the model beats" in out
    assert out.index("Out of sample") < out.index("Where it wins") < out.index("Where it loses")


def test_json_is_printed_and_saved_alike(run):
    code, out, err = run("--json", "--out", "r.json", "--seed", "4")

    assert (code, err) == (0, "")
    assert Path("r.json").read_text(encoding="utf-8") == out
    told = json.loads(out)
    assert told["seed"] == 4
    assert told["hindcast"] == RESULT["hindcast"]
    assert [path.name for path in Path().iterdir()] == ["r.json"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--cutoff", "1850"), "1870"),
        (("--cutoff", "1930", "--cutoff", "2016"), "2015"),
        (("--cutoff", "soon"), "integer"),
        (("--horizon", "0"), "horizon"),
        (("--cutoff", "1990", "--horizon", "500"), "from 1 to 146"),
        (("--mechanism", "war onst"), '"war onset"'),
        (("--mechanism", "zzz"), '"joining"'),
        (("--record", "nowhere"), "nowhere"),
        (("--out", "nowhere/r.json"), "nowhere"),
        (("--out", "."), "this is a folder"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)
def test_bad_input_is_one_sentence_and_nothing_is_written(run, words, told):
    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err
    assert list(Path().iterdir()) == []


def test_stopped_at_the_keyboard_an_older_result_stays(run, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    room = ModuleType("allohistory.check.sense")
    room.sense = stopped
    monkeypatch.setitem(sys.modules, room.__name__, room)
    Path("r.json").write_text("older", encoding="utf-8")

    code, out, err = run("--out", "r.json")

    assert (code, out) == (130, "")
    assert "Stopped" in err
    assert [path.name for path in Path().iterdir()] == ["r.json"]
    assert Path("r.json").read_text(encoding="utf-8") == "older"
