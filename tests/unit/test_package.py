"""The front door: quick to open, and its verbs are verbs."""

import subprocess
import sys
from types import ModuleType

import pytest

import allohistory


def test_import_is_light():
    """Nobody pays for numba to learn the version."""
    heavy = "{'numba', 'numpy', 'polars', 'pydantic', 'rich', 'typer'}"
    code = f"import sys, allohistory; print({heavy} & set(sys.modules))"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "set()"


def test_names_that_do_not_exist_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'answers'"):
        _ = allohistory.answers


def test_verbs_are_listed():
    assert {"ask", "bench", "check", "replay", "__version__"} <= set(dir(allohistory))


@pytest.mark.parametrize("verb", ["ask", "replay", "rerun"])
def test_verbs_come_from_their_module(verb, monkeypatch):
    home = f"allohistory.{verb}"
    room = ModuleType(home)
    setattr(room, verb, len)
    monkeypatch.setitem(sys.modules, home, room)

    assert getattr(allohistory, verb) is len


@pytest.mark.parametrize("room", ["bench", "check"])
def test_the_rooms_are_there_unasked(room):
    """``allohistory.check`` is a package; its verb is ``run``."""
    code = f"import allohistory; print(allohistory.{room}.run.__name__)"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "run"


def test_importing_the_module_does_not_hide_the_verb(monkeypatch):
    """The import system once bound the module ``ask`` over the function ``ask``."""
    room = ModuleType("allohistory.ask")
    room.ask = len
    monkeypatch.setitem(sys.modules, "allohistory.ask", room)

    allohistory.ask = room  # what the import system does after loading it

    assert allohistory.ask is len


def test_other_names_may_be_set(monkeypatch):
    monkeypatch.setattr(allohistory, "anything", 1, raising=False)

    assert allohistory.anything == 1
