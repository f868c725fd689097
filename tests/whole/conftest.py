"""One small question, asked once, that the tests of the whole path share."""

import json
import os
from importlib import import_module

import pytest
from filelock import FileLock

from allohistory.ask import ask

BUNDLED = 4
"""Runs of the bundled question: every part of the answer is there."""
SMALL = """question = "After 1900, how could Japan and China form a lasting alliance?"
pair = ["Japan", "China"]
divergence = { from = 1900, to = 1999, grace = 20 }
horizon = 20
[goal]
independent = true
firm = { level = 2, behaviour = true }
lasting = { years = 10 }
closest = { among = "majors", mutual = true, share = 0.8 }
yardstick = { pair = ["Britain", "France"], from = 1904 }
[[exclude]]
when = "both allied to USA"
unless = "closer to each other than to USA"
[[pod]]
id = "japan-loses-1905"
title = "Japan loses the Russo-Japanese War"
claim = [24]
[[pod.step]]
force = { war = "Russo-Japanese War", outcome = "Russia wins", margin = "decisive" }
source = "user"
[[pod]]
id = "china-wins-1894"
title = "China wins the First Sino-Japanese War"
claim = [14]
[[pod.step]]
force = { war = "First Sino-Japanese War", outcome = "China wins", margin = "decisive" }
source = "user"
[[pod]]
id = "japan-inclines"
title = "Japan leans towards China"
[[pod.step]]
probability = 0.1
[pod.step.shift]
propensity = "sympathy"
state = "Japan"
toward = "China"
factor = 2.0
years = [1904, 1910]
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Path of a question file with three points of divergence and a short horizon."""
    path = tmp_path_factory.mktemp("question") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def answer(small):
    return ask(small, runs=8, jobs=1)


@pytest.fixture(scope="session")
def bundled(tmp_path_factory):
    """Answer to the bundled question, few runs; computed once, however many workers there are."""

    def made():
        return ask("sino-japanese-alliance", runs=BUNDLED, jobs=1)

    if "PYTEST_XDIST_WORKER" not in os.environ:
        return made()
    # The folder above a worker's own is this session's, and no other's.
    path = tmp_path_factory.getbasetemp().parent / "bundled.json"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            path.write_text(json.dumps(made()), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def bare(monkeypatch):
    """Answers hold numbers of effects and goals alone: no typical worlds, no bounds."""
    module = import_module("allohistory.ask")
    monkeypatch.setattr(module, "worlds", lambda *_: {})
    monkeypatch.setattr(module.Looker, "bounds", lambda *_, **__: {})
