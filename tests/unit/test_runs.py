"""A kept run is whole or says what of it is not."""

import json

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from allohistory import runs
from allohistory.cli import app
from allohistory.errors import RunError, UnknownNameError

FILES = {"q.toml": "question = 1\n", runs.ANSWER: '{"p": 1}\n', runs.TOLD: "# told\n"}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make runs in a store of their own."""
    monkeypatch.setenv("ALLOHISTORY_HOME", str(tmp_path))

    def make(name="q-0123", began="2026-01-01", *, sealed=True):
        folder = runs.home() / name
        folder.mkdir(parents=True)
        settings = {"runs": 8, "seed": 1, "without": ["war"], "elicited": True, "search": False}
        manifest = {"file": "q.toml", "question": "?", "began": began, "settings": settings}
        for file, text in {**FILES, runs.MANIFEST: json.dumps(manifest)}.items():
            runs.durable(folder / file, text)
        run = runs.opened(folder)
        if sealed:
            runs.seal(run)
        return run

    return make


def test_a_sealed_run_gives_its_answer(made):
    run = made()
    assert run.state == "done"
    assert run.answer() == {"p": 1}
    assert run.settings == runs.Settings(8, 1, ("war",))
    assert runs.damage(run) == []
    assert not [p for p in run.folder.iterdir() if p.name.startswith(".q")]


@pytest.mark.parametrize("name", ["q.toml", runs.ANSWER, runs.TOLD])
@pytest.mark.parametrize("harm", ["cut", "altered", "gone"])
def test_what_is_damaged_is_named(made, name, harm):
    run = made()
    path = run.folder / name
    if harm == "gone":
        path.unlink()
    else:
        path.write_text(path.read_text()[:-2] + ("" if harm == "cut" else "x\n"))

    assert [name in clause for clause in runs.damage(run)] == [True]
    with pytest.raises(RunError, match=f"{name}.*allohistory runs resume {run.id}"):
        run.answer()


def test_a_seal_that_cannot_be_read_seals_nothing(made):
    run = made()
    (run.folder / runs.SEAL).write_text("[1, 2")
    assert runs.damage(run) == [f"the seal {runs.SEAL} cannot be read"]


def test_an_unfinished_run_has_no_answer_and_no_damage(made):
    run = made(sealed=False)
    assert (run.state, runs.damage(run)) == ("unfinished", [])
    with pytest.raises(RunError, match="not finished"):
        run.answer()
    with FileLock(run.folder / runs.LOCK):
        assert run.state == "running"


def test_runs_are_listed_latest_first_and_damaged_folders_left_out(made):
    made("a-1", "2026-01-01")
    made("b-2", "2026-02-01")
    broken = made("c-3", "2026-03-01")
    (broken.folder / runs.MANIFEST).write_text("{")
    assert [run.id for run in runs.every()] == ["b-2", "a-1"]
    with pytest.raises(RunError, match="allohistory runs remove c-3"):
        runs.find("c-3")


def test_a_run_goes_by_its_first_letters_where_only_one_has_them(made):
    made("alpha-1")
    made("alpine-2")
    assert runs.find("alpi").id == "alpine-2"
    with pytest.raises(RunError, match="alpha-1, alpine-2"):
        runs.find("alp")
    with pytest.raises(UnknownNameError, match="nearest"):
        runs.find("beta")


@pytest.mark.parametrize("where", ["../../etc/passwd", "..", "sub/q.toml"])
def test_a_manifest_cannot_name_a_file_elsewhere(made, where):
    run = made()
    manifest = json.loads((run.folder / runs.MANIFEST).read_text())
    (run.folder / runs.MANIFEST).write_text(json.dumps(manifest | {"file": where}))
    with pytest.raises(RunError):
        runs.opened(run.folder)


def test_removing_takes_the_folder_and_nothing_else(made):
    run, other = made("a-1"), made("b-2")
    with FileLock(run.folder / runs.LOCK), pytest.raises(RunError, match="being computed"):
        runs.remove("a-1")
    assert runs.remove("a-1") == "a-1"
    assert not run.folder.exists()
    assert other.folder.exists()
    for name in ("..", "", "a-1"):
        with pytest.raises((UnknownNameError, RunError)):
            runs.remove(name)
    assert other.folder.exists()


@pytest.mark.parametrize("name", ["q.toml", runs.MANIFEST])
def test_a_finished_run_that_cannot_be_opened_is_damaged_and_not_passed_over(made, name):
    run = made()
    assert list(runs.unreadable()) == []
    (run.folder / name).write_text("{") if name == runs.MANIFEST else (run.folder / name).unlink()

    assert list(runs.every()) == []
    ((found, wrong),) = runs.unreadable()
    assert found == run.id
    assert [name in clause for clause in wrong] == [True]
    got = CliRunner().invoke(app, ["runs", "verify"])
    assert (got.exit_code, name in got.output) == (1, True)


def test_a_folder_that_a_kill_left_before_its_manifest_is_no_damage(made):
    made()
    (runs.home() / "q-2").mkdir()
    assert list(runs.unreadable()) == [("q-2", [])]
    assert CliRunner().invoke(app, ["runs", "verify"]).exit_code == 0


PARTS = [f".{name}.4711" for name in ("q.toml", runs.MANIFEST, runs.ANSWER, runs.SEAL)]


def test_what_a_kill_left_half_written_is_no_damage_and_is_swept(made):
    run = made()
    (runs.home() / "q-2").mkdir()  # killed before its manifest
    places = (run.folder, runs.home() / "q-2")
    for folder in places:
        for name in PARTS:
            (folder / name).write_text("ha")
    (run.folder / ".notes").write_text("mine")
    with FileLock(run.folder / runs.LOCK):  # who computes it may just be writing
        assert CliRunner().invoke(app, ["runs", "verify"]).exit_code == 0
        assert all((run.folder / name).exists() for name in PARTS)
    assert CliRunner().invoke(app, ["runs", "verify"]).exit_code == 0
    assert not [path for folder in places for path in folder.iterdir() if path.name in PARTS]
    assert (run.folder / ".notes").exists()
    assert run.answer() == {"p": 1}


@pytest.mark.usefixtures("made")
def test_begin_and_resume_sweep_too():
    from allohistory.running import begin, execute

    run = begin("sino-japanese-alliance", runs.Settings(8))
    runs.durable(run.folder / runs.ANSWER, '{"p": 1}')
    runs.durable(run.folder / runs.TOLD, "")
    runs.seal(run)
    part = run.folder / PARTS[2]
    part.write_text("ha")
    assert begin("sino-japanese-alliance", runs.Settings(8)) == run
    assert not part.exists()
    part.write_text("ha")
    assert execute(run) == {"p": 1}
    assert not part.exists()
