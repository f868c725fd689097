"""What the table of threats in docs/trust.md says of the code, looked up in the code."""

import ast
import re
import socket
from pathlib import Path

import pytest

import allohistory

HERE = Path(allohistory.__file__).parent
MODULES = {"cloudpickle", "dill", "jsonpickle", "marshal", "pickle", "shelve", "tarfile", "yaml"}
CALLS = {"eval", "exec", "extract", "extractall", "unpack_archive", "os.system", "os.popen"}
ALLOWED = {
    ("bench/stages.py", "exec"),  # on our own source, to count what it does
    ("bench/measure.py", "pickle"),  # how many bytes would travel: written, never read
}


def found_in(text):
    """Names of what executes, unpickles or unpacks, with the arguments that make others do so."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.partition(".")[0] in MODULES:
                yield node.module
        elif isinstance(node, ast.Call):
            whole = ast.unparse(node.func)
            yield from CALLS & {whole, whole.rpartition(".")[2]}
            for word in node.keywords:
                never = isinstance(word.value, ast.Constant) and not word.value.value
                if word.arg in ("shell", "allow_pickle") and not never:
                    yield word.arg


def test_no_source_executes_unpickles_or_unpacks():
    found = {
        (path.relative_to(HERE).as_posix(), name)
        for path in HERE.rglob("*.py")
        for name in found_in(path.read_text(encoding="utf-8"))
    }
    assert found == ALLOWED


def test_pickle_is_only_measured():
    text = (HERE / "bench" / "measure.py").read_text(encoding="utf-8")
    assert set(re.findall(r"pickle\.(\w+)", text)) == {"dumps"}


@pytest.mark.parametrize(
    "text",
    ["eval('1')", "import pickle", "from yaml import load", "tar.extractall('x')",
     "subprocess.run('ls', shell=True)", "run('ls', shell=yes)", "np.load(f, allow_pickle=True)",
     "os.system('ls')", "builtins.exec('1')", "import os, marshal"],
)  # fmt: skip
def test_the_look_sees_what_it_looks_for(text):
    assert list(found_in(text))


@pytest.mark.parametrize("text", ["np.load(f, allow_pickle=False)", "run(['ls'], shell=False)"])
def test_the_look_passes_what_is_harmless(text):
    assert not list(found_in(text))


def test_an_archive_that_holds_objects_is_not_read(tmp_path):
    """Objects are pickled; a file with a seal of its own that holds some is rolled again."""
    import numpy as np

    from allohistory.answer.store import Store

    class Bomb:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "exploded",))

    said = []
    store = Store(tmp_path, 1 << 20, said.append)
    store.write("key", {"rows": np.array([Bomb()], object)})
    assert (tmp_path / "key.npz").exists()
    assert store.read("key") is None
    assert not (tmp_path / "exploded").exists()


def test_the_workbench_takes_a_port_of_this_machine_only(monkeypatch):
    pytest.importorskip("starlette")
    import uvicorn

    from allohistory.web import server

    taken = []

    def run(_, sockets):
        taken.extend((s.family, s.getsockname()) for s in sockets)
        for bound in sockets:
            bound.close()

    monkeypatch.setattr(uvicorn.Server, "run", run)
    told = []
    server.serve(0, 1, told.append)
    ((family, (host, port)),) = taken
    assert (family, host) == (socket.AF_INET, "127.0.0.1")
    assert told == [f"http://127.0.0.1:{port}/"]


def test_no_option_names_another_address():
    from typer.testing import CliRunner

    from allohistory.cli import app

    said = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200"}).output
    assert set(re.findall(r"--(\w+)", said)) == {"port", "jobs", "help"}


def test_only_our_own_pages_are_set_into_templates_as_they_are():
    """Everything else is escaped; `body` and `data` are escaped by `answer.report`."""
    found = {
        (path.name, name)
        for path in (HERE / "web" / "templates").glob("*.html")
        for name in re.findall(r"{{\s*(\S+)\s*\|\s*safe", path.read_text(encoding="utf-8"))
    }
    assert found == {("answer.html", "body"), ("answer.html", "data"), ("evidence.html", "body")}
