"""Worlds told in plain sentences: the user's own names, history's great events, honest causes."""

import re

import pytest

from allohistory.answer.outlook import timeline as shown
from allohistory.answer.timeline import Typical, typical_world
from allohistory.answer.why import _LASTING, _WAR_NOW, RECENT
from allohistory.ask import _task
from allohistory.engine.script import script_of
from allohistory.model import terms as m
from allohistory.question.resolve import pose

NUMBERS = re.compile(r"\b[A-Z]{3}\b|log odds|_|[+-]\d+\.\d+")


@pytest.fixture(scope="module")
def world():
    """A world in which Wang Jingwei rules China and its pact with Japan bears the file's name."""
    posed = pose("sino-japanese-alliance")
    task = _task(posed, 16, 1, (), elicited=True)
    plan = posed.plan("wang-jingwei")
    ids = script_of().panel.states
    return typical_world(Typical(2, 2, False, 1.0), task, plan, ids)["timeline"], plan


def test_the_first_row_states_the_divergence_in_the_plans_own_words(world):
    told, plan = world
    first = told["rows"][0]

    assert first["year"] == plan.first
    assert first["opens"]
    assert first["alternate"][0] == f"The point of divergence: {plan.title}."
    assert not any("opens" in row for row in told["rows"][1:])


def test_what_a_step_names_keeps_its_name(world):
    told, _ = world
    texts = [text for row in told["rows"] if row["year"] == 1927 for text in row["alternate"]]

    assert "China and Japan sign the Pact of Wang Jingwei." in texts
    assert "Wang Jingwei comes to lead China, installed from outside." in texts


def test_what_comes_as_in_history_is_said_and_so_is_what_does_not_come(world):
    told, _ = world
    by_year = {row["year"]: row for row in told["rows"]}
    for year, row in by_year.items():
        for text in row["alternate"]:
            plain = text.replace(" as in history:", ":").replace(", as in history.", ".")
            assert (plain in row["actual"]) == (plain != text), (year, text)
    mukden = by_year[1931]
    assert "No Mukden War." in mukden["alternate"]


def test_sentences_hold_neither_codes_nor_numbers_of_the_model(world):
    told, _ = world
    known = {text for row in told["rows"] for text in row["actual"]}
    for row in told["rows"]:
        for text in (*row["alternate"], *row["because"]):
            assert text.endswith((".", "?", "!"))
            if text not in known and "USSR" not in text:
                assert not NUMBERS.search(text), text


def test_every_because_has_its_number_apart_and_only_what_pushed_is_a_cause(world):
    told, _ = world
    kinds = set()
    for row in told["rows"]:
        assert len(row["because"]) == len(row["causes"]) <= 3
        for cause in row["causes"]:
            kinds.add(cause["kind"])
            assert cause["what"] in m.NAMES.values()
            if cause["kind"] == "odds":
                assert cause["log_odds"] >= 0.1
                assert cause["term"]
            else:
                assert cause["term"] is None
    assert {"divergence", "odds"} <= kinds


def test_what_is_behind_somebodys_being_at_war_is_no_war_of_long_ago(world):
    """A war that had ended in 1887 once explained why Manchuria stayed Chinese in 1931."""
    told, _ = world
    for row in told["rows"]:
        for cause in row["causes"]:
            if "since" in cause:
                assert cause["since"]["year"] <= row["year"]
                if cause["term"] in _WAR_NOW - _LASTING:
                    assert cause["since"]["year"] >= row["year"] - RECENT


def test_the_page_shows_the_divergence_though_it_names_neither_state(world):
    told, plan = world
    answer = {
        "pods": [{"id": plan.id, "title": plan.title}], "pair_ids": ["JPN", "CHN"],
        "timeline": told, "provenance": {},
    }  # fmt: skip
    grid = next(block for block in shown(answer) if hasattr(block, "rows"))

    assert grid.rows[0][2].startswith(f"The point of divergence: {plan.title}")
    assert any("No Second World War" in row[2] for row in grid.rows)
