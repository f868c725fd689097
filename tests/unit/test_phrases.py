"""Every term that can be a reason has a clause both ways, and every clause is of a real term."""

import pytest

from allohistory.answer import phrases
from allohistory.answer.lands import land
from allohistory.answer.narrate import the, war_name
from allohistory.answer.why import _phrases
from allohistory.model import terms as m
from allohistory.record.tables import load

TABLES = (phrases.OF_PAIR, phrases.OF_ONE, phrases.OF_WAR, phrases.OF_TREATY, phrases.OF_LAND)
EVERY = {term for names in m.TERMS.values() for term in names}


@pytest.mark.parametrize("table", TABLES)
def test_clauses_are_of_terms_and_can_follow_because(table):
    for term, two in table.items():
        assert term in EVERY, term
        assert len(two) == 2
        assert two[0] != two[1]
        for clause in two:
            assert clause
            assert clause[0].islower()
            assert not clause.endswith(".")
            assert "  " not in clause
            assert "|" not in clause


@pytest.mark.parametrize("process", [m.FOUND_STRONG, m.FOUND_WEAK, m.DISPUTE, m.RIVAL_END])
def test_what_ties_or_parts_a_pair_can_be_said(process):
    silent = {"const", "distance", "reach", "land", "water", "dependency", "client"}
    assert set(m.TERMS[process]) - silent <= _phrases(process).keys() | silent


def test_land_bears_the_name_of_its_time():
    assert land("Burkina Faso", 1896) == "Upper Volta"
    assert land("Burkina Faso", 1990) == "Burkina Faso"
    for unit in load().units:
        for year in (1870, 1930, 2000):
            assert land(unit.name, year)
            assert "occupied" not in land(unit.name, year)


def test_names_given_by_a_user_get_one_article():
    assert the("the Pact") == "the Pact"
    assert the("The Pact") == "the Pact"
    assert the("The") == "the The"


def test_britain_and_china_fight_anglo_chinese_wars():
    assert (
        war_name("UKG", "CHN", 1906) == war_name("CHN", "UKG", 1906) == "Anglo-Chinese War of 1906"
    )
