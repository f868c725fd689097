"""No number of an answer to a bundled question moves unseen."""

import importlib.util
import json
from pathlib import Path

import pytest

from allohistory.question.shelf import bundled

_spec = importlib.util.spec_from_file_location(
    "golden", Path(__file__).parents[2] / "scripts" / "golden.py"
)
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)
KEPT = json.loads(golden.FILE.read_text(encoding="utf-8"))


def test_every_bundled_question_has_a_kept_answer():
    assert sorted(KEPT["answers"]) == sorted(bundled())
    assert KEPT["runs"] == golden.RUNS


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(golden.RUNS))
def test_no_number_moved(name):
    """On another processor or library the main numbers must agree; here every number."""
    same = KEPT["arithmetic"] == golden.arithmetic()
    now = golden.kept_of(golden.answer_to(name))
    lines = golden.moved(KEPT["answers"][name], now, same_bits=same)
    assert not lines, f"{name}:\n{golden.told(lines)}\n{golden.HOW}"


def test_what_moved_is_said():
    was = next(iter(KEPT["answers"].values()))
    now = json.loads(json.dumps(was))
    assert golden.moved(was, now, same_bits=True) == []
    now["hash"] = "0"
    assert golden.moved(was, now, same_bits=False) == []
    assert "some other number" in golden.moved(was, now, same_bits=True)[0]
    first = was["main"]["baseline"]["goal"][0]
    now["main"]["baseline"]["goal"][0] = first + 0.25
    said = f"baseline.goal.0: {first} was kept, {first + 0.25} is computed"
    assert golden.moved(was, now, same_bits=False) == [said]
    now["main"]["baseline"]["goal"][0] = first + 1e-5
    now["numbers"] += 1
    assert "numbers" in golden.moved(was, now, same_bits=False)[0]
