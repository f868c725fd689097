"""The script that holds marks given to what-if events against the model's bits."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).resolve().parents[2] / "scripts" / "rated_events.py"
SAMPLE = """
[[event]]
title = "Japan loses the Russo-Japanese War"
rating = 4
sources = ["a historian"]
[[event.step]]
force = { war = "Russo-Japanese War", outcome = "Russia wins" }
[[event]]
title = "Britain allies with Germany in 1900 and attacks France with it"
rating = 1
sources = "another"
[[event.step]]
force = { treaty = "P", members = ["Britain", "Germany"], year = 1900, obligations = ["defense"] }
[[event.step]]
force = { new_war = "War", initiator = "Britain", target = "France", year = 1901 }
[[event]]
title = "The United States attacks Germany in 1901"
rating = 2
sources = []
[[event.step]]
force = { new_war = "Samoan War", initiator = "USA", target = "Germany", year = 1901 }
"""


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("rated_events", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["rated_events"] = module
    spec.loader.exec_module(module)
    return module


def test_it_prints_the_correlation_and_a_table(script, tmp_path, monkeypatch, capsys):
    path = tmp_path / "rated.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["rated_events.py", str(path), "--draws", "4"])

    assert script.main() == 0

    out = capsys.readouterr().out
    assert "rating and bits: -1.00 over 3 events" in out
    assert out.count("\n| ") == 5
    assert "| Japan loses the Russo-Japanese War | 4 |" in out


def test_a_bad_step_is_one_sentence_at_its_line(script, tmp_path, monkeypatch, capsys):
    path = tmp_path / "rated.toml"
    path.write_text(SAMPLE.replace('Russo-Japanese War", o', 'Russo-Japaneze War", o'))
    monkeypatch.setattr(sys, "argv", ["rated_events.py", str(path), "--draws", "2"])

    assert script.main() == 2

    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "line 7" in err


def test_ranks_share_ties(script):
    assert script.ranks([3.0, 1.0, 3.0]).tolist() == [2.5, 1.0, 2.5]
    assert abs(script.spearman([1, 2, 3, 4], [4, 3, 2, 1]) + 1) < 1e-12
    x, y = np.random.default_rng(0).normal(size=(2, 30))
    by_hand = np.corrcoef(x.argsort().argsort(), y.argsort().argsort())[0, 1]
    assert abs(script.spearman(list(x), list(y)) - by_hand) < 1e-12
