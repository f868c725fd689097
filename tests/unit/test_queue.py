"""Runs wait for their turn, also for the next server's, and only the run's own process is ended."""

import json
import os
import signal
import subprocess
import sys

import pytest
from filelock import FileLock

from allohistory import pid, runs
from allohistory.errors import RunError
from allohistory.web import processes

ASLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def asleep():
    """Start processes that sleep, each the head of its group; all are ended."""
    real, made = subprocess.Popen, []

    def start(*_, **__):
        made.append(real(ASLEEP, start_new_session=True))
        return made[-1]

    yield start
    for process in made:
        process.kill()
        process.wait()


@pytest.fixture
def made(tmp_path, monkeypatch, asleep):
    """Make unfinished runs, for which a sleeping process is started; two fit at once."""
    monkeypatch.setenv("ALLOHISTORY_HOME", str(tmp_path))
    monkeypatch.setattr(processes.subprocess, "Popen", asleep)
    monkeypatch.setattr(processes, "at_once", lambda _: 2)
    monkeypatch.setattr(processes, "_STARTED", {})

    def make(name):
        folder = runs.home() / name
        folder.mkdir(parents=True)
        settings = {"runs": 8, "seed": 1, "without": [], "elicited": True, "search": False}
        manifest = {"file": "q.toml", "question": "?", "began": "2026", "settings": settings}
        (folder / "q.toml").write_text("")
        (folder / runs.MANIFEST).write_text(json.dumps(manifest))
        return runs.opened(folder)

    return make


def states(four):
    return [processes.state(run) for run in four]


@pytest.mark.parametrize(("jobs", "runs_"), [(1, 8), (3, 2), (8, 1), (20, 1)])
def test_no_more_runs_at_once_than_the_cores_bear(monkeypatch, jobs, runs_):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert processes.at_once(jobs) == runs_


def test_runs_wait_for_their_turn_and_for_the_next_server(made, monkeypatch):
    four = [made(f"q-{n}") for n in range(4)]
    for run in four:
        processes.start(run, 1)
        processes.start(run, 1)
    assert states(four) == ["running", "running", "waiting", "waiting"]
    assert [processes.before(run) for run in four] == [0, 1, 2, 3]
    nice = os.getpriority(os.PRIO_PROCESS, processes.place_of("q-0").process)
    assert nice == max(os.getpriority(os.PRIO_PROCESS, 0), processes.NICE)

    started = dict(processes._STARTED)
    monkeypatch.setattr(processes, "_STARTED", {})  # another server, which started none of them
    assert processes.turn(1) == 2
    processes.stop(four[0])
    started["q-0"].wait(10)
    assert processes.turn(1) == 1
    assert states(four) == ["unfinished", "running", "running", "waiting"]
    processes.stop(four[3])
    assert states(four)[3] == "unfinished"
    assert processes.turn(1) == 0


def test_a_stopped_run_is_gone_on_with_at_once(made):
    run = made("q-0")
    processes.start(run, 1)
    first = processes.place_of("q-0").process
    processes.stop(run)
    processes._STARTED["q-0"].wait(10)
    processes.start(run, 1)  # before the queue was looked at again
    assert processes.state(run) == "running"
    assert processes.place_of("q-0").process != first


def test_a_run_that_failed_or_is_gone_does_not_hold_the_queue_up(made):
    four = [made(f"q-{n}") for n in range(4)]
    for run in four:
        processes.start(run, 1)
    with pytest.raises(RunError, match="stop it first"):
        processes.leave(four[0])
    for name in ("q-0", "q-1"):
        os.killpg(processes.place_of(name).process, signal.SIGKILL)
        processes._STARTED[name].wait(10)
    processes.leave(four[2])
    assert runs.remove("q-2") == "q-2"
    (runs.home().parent / "queue" / "q-9.json").write_text('{"run": "q-9", "since": 1}')
    (runs.home().parent / "queue" / "bad.json").write_text("{")
    assert processes.turn(1) == 0
    assert states([four[0], four[1], four[3]]) == ["unfinished", "unfinished", "running"]
    assert [place.run for place in processes.places()] == ["q-3"]


def test_a_run_whose_folder_takes_no_file_holds_no_other_up(made):
    four = [made(f"q-{n}") for n in range(4)]
    for run in four:
        processes.start(run, 1)
    (four[2].folder / runs.SAID).mkdir()
    for run in four[:2]:
        processes.stop(run)
        processes._STARTED[run.id].wait(10)
    assert processes.turn(1) == 1
    assert states(four) == ["unfinished", "unfinished", "waiting", "running"]
    (four[2].folder / runs.SAID).rmdir()
    assert processes.turn(1) == 0
    assert processes.state(four[2]) == "running"


def test_a_process_that_cannot_be_noted_down_is_ended(made, monkeypatch):
    """Else it would be started again at every turn, for as long as the disk is full."""
    run, real, begun = made("q-0"), processes.durable, []

    def full(path, text):
        if json.loads(text)["process"]:
            begun.append(json.loads(text)["process"])
            raise OSError(28, "No space left on device")
        real(path, text)

    monkeypatch.setattr(processes, "durable", full)
    processes.start(run, 1)
    assert processes.state(run) == "waiting"
    assert pid.born(begun[0]) == ""
    monkeypatch.setattr(processes, "durable", real)
    assert processes.turn(1) == 0
    assert processes.state(run) == "running"


def test_only_the_process_that_was_meant_is_stopped(made, asleep):
    """A number on disk may be another process's by now, which is none of ours to end."""
    run, stranger = made("q-0"), asleep()
    asked = {"text": "rolling", "process": stranger.pid}
    with FileLock(run.folder / runs.LOCK):  # some process computes it
        for told in ({}, {"born": ""}, {"born": "an earlier process"}, {"born": 1}):
            runs.quick(run.folder / runs.PROGRESS, asked | told)
            with pytest.raises(RunError, match="not known to be the one"):
                processes.stop(run)
        assert stranger.poll() is None
        runs.quick(run.folder / runs.PROGRESS, asked | {"born": pid.born(stranger.pid)})
        processes.stop(run)
    assert stranger.wait(10) == -signal.SIGTERM
    assert pid.born(stranger.pid) == ""
    with pytest.raises(RunError, match="no process"):
        processes.stop(run)


def test_a_place_in_the_queue_whose_process_is_another_now_holds_nothing_up(made, asleep):
    run, stranger = made("q-0"), asleep()
    processes.start(run, 1)
    processes._STARTED.pop("q-0").kill()
    processes._keep(processes.Place("q-0", 1, stranger.pid, "an earlier process"))
    assert processes.state(run) == "unfinished"
    with pytest.raises(RunError, match="no process"):
        processes.stop(run)
    assert stranger.poll() is None
    assert processes.turn(1) == 0
    assert processes.places() == []


def test_a_process_within_another_programs_group_is_not_ended(made):
    run = made("q-0")
    child = os.posix_spawn(sys.executable, ASLEEP, os.environ)  # in the group of these tests
    try:
        told = {"process": child, "born": pid.born(child)}
        runs.quick(run.folder / runs.PROGRESS, told)
        with (
            FileLock(run.folder / runs.LOCK),
            pytest.raises(RunError, match="part of another program"),
        ):
            processes.stop(run)
        assert pid.born(child)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
