"""The workbench's first page is soon there, because it does without the engine."""

import subprocess
import sys

import pytest

pytest.importorskip("starlette")
from allohistory.web import compose, kinds

ROUTES = """
import sys
from allohistory.web import first, kinds
from allohistory.web.app import application
app = application(1)
text = app.state.environment.get_template("ask.html").render(
    here="/", **first.asking("", dict(first.FIRST), None)
)
assert "Japan" in text
for name in sys.argv[1:]:
    assert name not in sys.modules, name
"""


def test_the_first_page_imports_neither_engine_nor_question_files():
    heavy = ["numba", "numpy", "pydantic", "allohistory.question.acts", "allohistory.web.views"]
    done = subprocess.run(
        [sys.executable, "-c", ROUTES, *heavy], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_kind_of_step_has_its_class():
    assert all(compose.fields(kind) for kind in kinds.KINDS)
