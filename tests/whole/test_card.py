"""An answer asked with a card is computed again from it, to the byte; what differs is said."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allohistory.answer.scenario import read_card
from allohistory.cli import app, exports

ASKED = """
question = "Could Britain and Germany have become allies?"
pair = ["Britain", "Germany"]
divergence = { from = 1898, to = 1914 }
horizon = 10

[goal]
firm = { level = 2, behaviour = false }

[[pod]]
id = "alliance"
title = "The [b]alliance[/b] that Chamberlain offered"
[[pod.step]]
force = { treaty = "Chamberlain-Bülow Alliance", members = ["Britain", "Germany"], year = 1901, obligations = ["defense"] }
"""  # noqa: E501


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def test_a_card_gives_the_same_answer_and_says_when_it_is_another(tmp_path, monkeypatch):
    monkeypatch.setenv("ALLOHISTORY_HOME", str(tmp_path / "home"))
    question, card, post = (tmp_path / n for n in ("my question (1).toml", "card.toml", "post.txt"))
    question.write_text(ASKED, encoding="utf-8")
    asked = run(
        "ask", question, "--runs", 8, "--seed", 3, "--jobs", 1, "--without", "deterrence",
        "--card", card, "--bbcode", post, "--json", "--no-cache",
    )  # fmt: skip
    assert asked.exit_code == 0, asked.output
    answer = json.loads(asked.stdout)
    assert "[B]" in post.read_text(encoding="utf-8")
    question.unlink()

    again = run("rerun", card, "--jobs", 1, "--json", "--no-cache")
    assert again.exit_code == 0, again.output
    found = json.loads(again.stdout)
    assert found["same"]
    assert found["now"] == answer["provenance"]["hash"]
    assert found["differs"] == {}

    text = card.read_text(encoding="utf-8")
    assert "seed = 3" in text
    spoilt = text.replace("seed = 3", "seed = 4").replace(answer["provenance"]["record"], "0" * 32)
    card.write_text(spoilt, encoding="utf-8")
    other = run("rerun", card, "--jobs", 1, "--no-cache")
    assert other.exit_code == 1
    assert "Another answer" in other.output
    assert "The record is another" in other.output
    assert "The model is another" not in other.output
    assert "Its numbers or words are others too" in other.output


@pytest.mark.parametrize(
    ("differs", "content", "said"),
    [({"model": {}}, True, "those of the card all the same"), ({}, False, "the card was altered"),
     ({"model": {}}, False, "others too"), ({"model": {}}, None, "does not say")],
)  # fmt: skip
def test_how_far_an_answer_is_another_is_said(differs, content, said):
    assert said in exports._why({"differs": differs, "same_content": content})


def test_a_card_of_an_earlier_version_runs_and_says_what_is_another():
    """
    The answer is of the commit bbacdb0, before the refit on 1870-2014; the card was written of it
    by the first commit that had cards, 276cbe7, which named no content.
    """
    card = Path(__file__).parents[1] / "data" / "cards" / "britain-and-germany.toml"
    was = read_card(card.read_text(encoding="utf-8"))
    found = run("rerun", card, "--jobs", 1, "--no-cache")
    assert found.exit_code == 1
    said = found.output
    assert f", on the card {was.answer}." in said
    assert re.search(rf"The model is another: [0-9a-f]{{32}}, on the card {was.model}\.", said)
    assert re.search(rf"The record is another: [0-9a-f]{{32}}, on the card {was.record}\.", said)
    assert "The card does not say" in said
