"""The command line: help with examples, JSON that parses, bad input in one sentence."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from allohistory import __version__, cli
from allohistory.record.tables import load

COMMANDS = (
    ("ask",),
    ("new",),
    ("replay",),
    ("record", "show"),
    ("record", "verify"),
    ("record", "build"),
    ("fit",),
    ("mechanisms",),
    ("export",),
    ("rerun",),
    ("bench",),
    ("check",),
    ("plausible",),
    ("thread",),
    ("serve",),
    ("runs",),
    ("runs", "list"),
    ("runs", "show"),
    ("runs", "resume"),
    ("runs", "verify"),
    ("runs", "remove"),
    ("record",),
    (),
)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Call the command line in an empty folder; returns exit code, output, errors."""
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("ALLOHISTORY_HOME", str(place / "home"))

    def call(*words):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["allohistory", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsys.readouterr()
        return stopped.value.code, out, err

    call.place = place
    return call


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_has_an_example(run, words):
    code, out, err = run(*words, "--help")

    assert (code, err) == (0, "")
    assert re.search(r"Example: allohistory \w+", out)


def test_the_commands_tested_are_all_there_are():
    import typer.main

    def walk(command, path=()):
        for name, part in getattr(command, "commands", {}).items():
            yield (*path, name)
            yield from walk(part, (*path, name))

    assert set(walk(typer.main.get_command(cli.app))) == set(COMMANDS) - {()}


def test_version(run):
    assert run("--version") == (0, f"{__version__}\n", "")


BAD_TOML = 'question = "Q"\npair = ["Japan", "China"\n'
GOOD_TOML = """question = "Q"
pair = ["{one}", "China"]
divergence = {{ from = 1900, to = 1999 }}
horizon = 20
[goal]
firm = {{ level = 2 }}
lasting = {{ years = 10 }}
[[pod]]
id = "a"
title = "A"
[[pod.step]]
{step}
"""
WAR = 'force = { war = "Russo-Japanese War", outcome = "Russia wins" }'
STEPS = {
    "war": (WAR.replace("Japanese", "Japaneze"), '"Russo-Japanese War"'),
    "before the war": (WAR.replace(" }", ", year = 1903 }"), "1904"),
    "treaty": ('prevent = { treaty = "Anglo-Japanse Alliance" }', '"Anglo-Japanese Alliance"'),
    "leader": ('move = { leader_exit = "Yuan Shikay", to = 1914 }', '"Yuan Shikai"'),
    "year without that state": ('prevent = { annexed = "Korea", from = 1910 }', "1905"),
}


def refused(answer, *words):
    """Exit code 2 and one line that says what to write; nothing on standard output."""
    code, out, err = answer
    assert code == 2, err
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    for word in words:
        assert word in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ask", "sino-japanese-aliance"), "sino-japanese-alliance"),
        (("ask", "no-such-file.toml"), "no-such-file"),
        (("ask", "sino-japanese-alliance", "--without", "memry"), '"memory"'),
        (("ask", "sino-japanese-alliance", "--runs", "3"), "runs"),
        (("ask", "sino-japanese-alliance", "--executor", "ray:8786"), "dask:tcp://HOST:PORT"),
        (("replay", "1870", "2010", "--without", "standng"), '"standing"'),
        (("replay", "1800", "1900"), "1860"),
        (("replay", "1950", "2050"), "2016"),
        (("replay", "1950", "1900"), "earlier"),
        (
            ("replay", "1900", "1950", "--with", "sino-japanese-alliance", "--pod", "japan-looses"),
            "japan-loses-1905",
        ),
        (("record", "show", "Japn", "China"), '"Japan"'),
        (("record", "verify", "--data", "no-such-folder"), "--data"),
        (("record", "build", "no-such-folder", "--out", "full"), '"no-such-folder"'),
        (("record", "shwo"), "shwo"),
        (("fit", "--out", "no-such-folder/x.npz", "--last", "1900"), "no-such-folder"),
        (("new", "Q", "--out", "no-such-folder/q.toml"), "no-such-folder"),
        (("--frobnicate",), "frobnicate"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)
def test_bad_input_is_one_sentence_and_nothing_is_written(run, words, told):
    refused(run(*words), told)

    assert list(run.place.iterdir()) == []


@pytest.mark.parametrize("case", ["malformed", "state", *STEPS])
def test_a_bad_question_file_names_file_and_line(run, case):
    path = run.place / "q.toml"
    step, told = STEPS.get(case, (WAR, '"Japan"' if case == "state" else "TOML"))
    text = GOOD_TOML.format(one="Japn" if case == "state" else "Japan", step=step)
    path.write_text(BAD_TOML if case == "malformed" else text, encoding="utf-8")

    refused(run("ask", path), "q.toml", "line", told)

    assert [p.name for p in run.place.iterdir()] == ["q.toml"]


def test_new_never_overwrites(run):
    assert run("new", "Franco-German alliance", "--out", "q.toml")[0] == 0
    path = run.place / "q.toml"
    before = path.read_text(encoding="utf-8")
    assert 'pair = ["France", "Germany"]' in before

    refused(run("new", "Anglo-French alliance", "--out", "q.toml"), "q.toml", "exists")

    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("option", ["--report", "--markdown", "--bbcode", "--card"])
@pytest.mark.parametrize("place", ["gone/a", "file/a", "folder"])
def test_a_place_that_cannot_be_written_is_refused_before_any_work(run, option, place):
    (run.place / "file").write_text("x")
    (run.place / "folder").mkdir()

    refused(run("ask", "sino-japanese-alliance", option, place), place.partition("/")[0])

    assert {p.name for p in run.place.rglob("*")} == {"file", "folder"}


@pytest.mark.parametrize("words", [("ask", "sino-japanese-alliance"), ("serve", "--port", "0")])
def test_a_store_of_runs_that_is_a_file_is_refused(run, words, monkeypatch):
    (run.place / "file").write_text("x")
    monkeypatch.setenv("ALLOHISTORY_HOME", str(run.place / "file"))

    refused(run(*words), "file", "ALLOHISTORY_HOME")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_told_once_and_plainly(tmp_path):
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "allohistory", "mechanisms", "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    assert told.returncode == 2
    assert told.stderr.count("\n") == 1


def test_json_of_what_is_quick_parses(run):
    shown = json.loads(run("record", "show", "Japan", "China", "--json")[1])
    assert isinstance(shown, dict)
    assert shown
    names = json.loads(run("mechanisms", "--json")[1])
    assert "standing" in names
    assert run("mechanisms")[1].split("\n")[:-1] == names


def test_replay_as_json(run):
    code, out, err = run("replay", "1900", "1910", "--runs", "2", "--jobs", "1", "--json")

    assert (code, err) == (0, "")
    told = json.loads(out)
    assert set(told) >= {"cells_compared", "cells_changed", "by_year", "first_change", "causes"}
    assert told["cells_changed"] == 0
    assert told["first_change"] is None


def test_replay_with_a_point_of_divergence_prints_years_and_causes(run):
    words = (
        "replay",
        "1904",
        "1914",
        "--with",
        "sino-japanese-alliance",
        "--kappa",
        "inf",
        "--jobs",
        "1",
    )

    told = json.loads(run(*words, "--json")[1])
    text = run(*words)[1]

    assert told["cells_changed"] > 0
    assert told["first_change"] == 1905
    assert min(map(int, told["by_year"])) == 1905
    assert told["causes"]
    assert all(cause["path"][-1]["because"] == "intervention" for cause in told["causes"])
    assert "1905" in text


def test_record_show_is_readable(run):
    code, out, err = run("record", "show", "Prussia", "France")

    assert (code, err) == (0, "")
    assert "1870" in out
    assert any(w.name in out for w in load().wars if w.start.year == 1870)


@pytest.mark.slow
def test_ask_keeps_its_answer_and_prints_the_same(run, small):
    words = ("ask", small, "--runs", "8", "--jobs", "1", "--json", "--markdown", "a.md")
    code, out, err = run(*words)

    assert code == 0
    assert err in ("", "Compiling, once per version.\n")
    printed = json.loads(out)
    kept = list((run.place / "home").rglob("answer.json"))
    assert len(kept) == 1
    assert json.loads(kept[0].read_text(encoding="utf-8")) == printed
    assert kept[0].with_name("answer.md").read_text(encoding="utf-8") == (
        run.place / "a.md"
    ).read_text(encoding="utf-8")
    files = {"answer.json", "answer.md", "manifest.json", "sealed.json", small.name}
    assert {p.name for p in kept[0].parent.iterdir()} - {".lock"} == files

    # Asked again it is read, not computed; damaged it is computed again to the same bytes.
    again, out, err = run(*words)
    assert (again, json.loads(out)) == (0, printed)
    kept[0].write_text(kept[0].read_text(encoding="utf-8")[:1000], encoding="utf-8")
    code, out, err = run("runs", "verify")
    assert code == 1
    assert "answer.json was altered or cut short" in out
    code, out, err = run("runs", "show", kept[0].parent.name)
    assert code == 2
    assert "allohistory runs resume" in err
    assert run("runs", "resume", kept[0].parent.name)[0] == 0
    assert json.loads(kept[0].read_text(encoding="utf-8")) == printed
    assert run("runs", "verify")[0] == 0


def test_the_installed_command_refuses_without_a_traceback(tmp_path):
    """In a process of its own, as a user runs it."""
    told = subprocess.run(
        [sys.executable, "-c", "from allohistory.cli import main; main()", "ask", "nonsense"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ALLOHISTORY_HOME": str(tmp_path)},
    )

    assert told.returncode == 2
    assert told.stdout == ""
    assert told.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
