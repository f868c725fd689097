"""The list of sense tests: complete, sourced, and in terms that the model knows."""

import dataclasses

import pytest

from allohistory.answer import checked
from allohistory.check import sense as sense_tests
from allohistory.check.expect import expectations, listed
from allohistory.check.measures import MEASURES
from allohistory.check.sense import unasked
from allohistory.engine.script import script_of
from allohistory.errors import QuestionError
from allohistory.record.tables import load

GOOD = """[[test]]
id = "a"
title = "A"
measure = "standing"
states = ["Japan"]
years = [1906, 1915]
sign = "down"
reason = "So it would."
source = "Nish 1985, The Origins of the Russo-Japanese War"
[[test.step]]
force = { war = "Russo-Japanese War", outcome = "Russia wins" }
"""


@pytest.fixture(scope="module")
def tests():
    return expectations()


def test_the_list_is_long_enough_and_every_test_says_why(tests):
    assert len(tests) >= 25
    assert len({test.id for test in tests}) == len(tests)
    for test in tests:
        assert test.title
        assert test.reason.endswith(".")
        assert any(
            part.isdigit() and len(part) == 4 for part in test.source.replace(",", "").split()
        )


def test_every_step_resolves_against_the_core_record(tests):
    panel = script_of().panel
    for test in tests:
        assert test.plan.changes
        assert test.plan.assumptions
        assert test.plan.decided <= test.years[0] <= test.years[1] <= panel.last
        assert all(0 <= i < len(panel.states) for i in test.states)
        assert (test.unit >= 0) == MEASURES[test.measure].land


def test_both_signs_and_all_eras_are_expected(tests):
    assert {test.sign for test in tests} == {"up", "down"}
    assert min(test.years[0] for test in tests) < 1880
    assert max(test.years[0] for test in tests) > 1945
    assert len({test.measure for test in tests}) >= 8


def test_names_are_found_in_the_year_looked_at():
    (test,) = listed(GOOD)
    assert test.states == (script_of().panel.index("JPN"),)
    assert (test.unit, test.years, test.sign) == (-1, (1906, 1915), "down")


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('"standing"', '"standings"', "test[0]", 'no measure is called "standings"'),
        ('"standing"', '"war"', "test[0]", "concerns 2 states"),
        ('"standing"', '"holds"', "test[0]", "needs a unit of land"),
        ("[1906, 1915]", "[1915, 1906]", "test[0]", "end before they begin"),
        ("[1906, 1915]", "[1904, 1915]", "test[0].years", "decided in 1905"),
        ('["Japan"]', '["Jappan"]', "test[0].states", "Jappan"),
        ('"down"', '"sideways"', "test[0].sign", "sideways"),
        ("Russia wins", "Prussia wins", "test[0].step[0].force.outcome", "Prussia wins"),
        ('reason = "So it would."', "", "test[0]", '"reason" is missing'),
        ("sign", "sgn", "test[0].sgn", "sgn"),
    ],
)
def test_a_mistake_is_one_sentence_at_its_place(old, new, key, words):
    with pytest.raises(QuestionError) as caught:
        listed(GOOD.replace(old, new), "mine.toml")
    assert caught.value.key == key
    assert words in str(caught.value)
    assert str(caught.value).startswith("mine.toml, line ")
    assert str(caught.value).count("\n") == 0


def test_a_record_that_cannot_be_asked_a_test_says_why_and_is_asked_the_others():
    """Rivalries and names differ between records: one test less must not cost all the others."""
    told = load()
    other = dataclasses.replace(told, rivalries=())
    refused = []

    asked = expectations(tables=other, refused=refused)

    assert asked
    assert refused
    assert len(asked) + len(refused) == len(expectations())
    rows = [unasked(test, error) for test, error in refused]
    assert all(row["holds"] is None and "rivals" in row["reason"] for row in rows)
    assert f"{len(rows)} cannot be asked" in checked.sense_line(rows)
    with pytest.raises(QuestionError):
        expectations(tables=other)


def test_a_record_that_can_be_asked_nothing_says_so(monkeypatch):
    def nothing(*, refused, **_):
        refused.append((listed(GOOD)[0], QuestionError("there is no Japan")))
        return []

    monkeypatch.setattr(sense_tests, "expectations", nothing)
    monkeypatch.setattr(sense_tests, "unasked", lambda test, error: (test.id, error.what))

    assert sense_tests.sense(tables=load()) == [("a", "there is no Japan")]
