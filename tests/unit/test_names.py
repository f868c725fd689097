"""Names of any era lead to one id, and a miss names the nearest."""

import pytest

from allohistory.errors import RecordError, UnknownNameError
from allohistory.record.names import (
    display,
    find_leader,
    find_state,
    find_treaty,
    find_unit,
    find_war,
    fold,
    require_member,
)
from allohistory.record.tables import LAST_YEAR, load


@pytest.mark.parametrize(
    ("text", "year", "state"),
    [
        ("Prussia", None, "GMY"),
        ("germany", 1950, "GMY"),
        ("USSR", None, "RUS"),
        ("U.S.S.R.", None, "RUS"),
        ("the Soviet Union", None, "RUS"),
        ("Manchu China", None, "CHN"),
        ("great britain", None, "UKG"),
        ("GBR", None, "UKG"),
        ("200", None, "UKG"),
        ("JPN", None, "JPN"),
        ("jpn", None, "JPN"),
        ("260", None, "GMY"),
        ("316", None, "CZE"),
        ("DEU", None, "GMY"),
        ("Türkiye", None, "TUR"),
        ("Ottoman Empire", None, "TUR"),
        ("Austria", 1900, "AUH"),
        ("Austria", 1930, "AUS"),
        ("Austria", None, "AUS"),
        ("AUS", None, "AUS"),
        ("Republic of China", 1930, "CHN"),
        ("Republic of China", 1960, "TAW"),
        ("Serbia", 1900, "YUG"),
        ("North Vietnam", 1970, "DRV"),
        ("Korea", 1900, "KOR"),
    ],
)
def test_states_by_names_of_any_era(text, year, state):
    assert find_state(text, year) == state


def test_every_name_of_the_record_leads_somewhere():
    tables = load()
    for row in tables.names:
        year = max(row.start.year, 1860)
        found = find_state(row.name, year)
        assert found in tables.state_of
    for state in tables.states:
        assert find_state(state.id) == state.id
        for code in state.cow:
            assert find_state(str(code)) == state.id


def test_unknown_state_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        find_state("Grat Britain")
    assert caught.value.nearest[0] == "Great Britain"
    assert str(caught.value).startswith('no state is called "Grat Britain"; the nearest names are')


@pytest.mark.parametrize(
    ("text", "war"),
    [
        ("Russo-Japanese War", "russo-japanese-war"),
        ("russo japanese war", "russo-japanese-war"),
        ("WWI", "first-world-war"),
        ("the Great War", "first-world-war"),
        ("139", "second-world-war"),
    ],
)
def test_wars_by_name_alias_and_number(text, war):
    assert find_war(text) == war


@pytest.mark.parametrize(
    ("text", "treaty"),
    [
        ("Anglo-Japanese Alliance", "anglo-japanese-1902"),
        ("NATO", "nato-1949"),
        ("Warsaw Pact", "warsaw-pact-1955"),
        ("Entente Cordiale", "entente-cordiale"),
    ],
)
def test_treaties_by_name_and_alias(text, treaty):
    assert find_treaty(text) == treaty


def test_leaders_by_part_of_the_name():
    assert find_leader("hitler") == "GMY:Adolf Hitler"
    assert find_leader("Churchill") == "UKG:Winston Churchill"
    assert find_leader("UKG:Winston Churchill") == "UKG:Winston Churchill"
    assert find_leader("tojo", state="JPN") == "JPN:Tojo Hideki"


def test_leader_of_another_state_is_not_found():
    with pytest.raises(UnknownNameError, match='no leader is called "tojo"'):
        find_leader("tojo", state="USA")


def test_name_that_several_bear_is_refused_with_who_they_are():
    with pytest.raises(UnknownNameError, match="no single leader") as caught:
        find_leader("roosevelt")
    assert set(caught.value.nearest) == {"USA:Theodore Roosevelt", "USA:Franklin D. Roosevelt"}


def test_units_by_id_and_name():
    assert find_unit("MAN") == find_unit("manchuria") == "MAN"


@pytest.mark.parametrize("find", [find_war, find_treaty, find_leader, find_unit])
def test_nothing_of_that_name(find):
    with pytest.raises(UnknownNameError, match=r"^no \w+ is called"):
        find("xyzzy")


def test_membership_is_asked_for_a_year():
    require_member("JPN", 1945)
    with pytest.raises(RecordError) as caught:
        require_member("JPN", 1948)
    assert str(caught.value) == (
        "Japan (JPN) is not in the state system in 1948, only from 1603 to 1945 and from 1952."
    )


def test_membership_of_no_state_is_refused():
    with pytest.raises(UnknownNameError):
        require_member("XXX", 1900)
    with pytest.raises(UnknownNameError):
        display("XXX", 1900)


@pytest.mark.parametrize(
    ("state", "year", "name"),
    [
        ("RUS", 1914, "Russia"),
        ("RUS", 1950, "Soviet Union"),
        ("RUS", 2000, "Russia"),
        ("TUR", 1914, "Ottoman Empire"),
        ("TUR", 1950, "Turkey"),
        ("GMY", 1866, "Prussia"),
        ("GMY", 1914, "Germany"),
        ("UKG", 1900, "Britain"),
        ("AUH", 1900, "Austria-Hungary"),
        ("YUG", 1914, "Serbia"),
        ("YUG", 1950, "Yugoslavia"),
        ("FRN", 1900, "France"),
    ],
)
def test_display_is_what_a_reader_expects(state, year, name):
    assert display(state, year) == name


def test_display_names_have_no_commas_and_lead_back():
    tables = load()
    for state in tables.states:
        for year in range(1860, LAST_YEAR + 1, 4):
            name = display(state.id, year)
            assert "," not in name
            assert "(" not in name


def test_fold_takes_away_what_readers_spell_differently():
    assert fold("  The Sino\u2013Japanese_War ") == "sino japanese war"
    assert fold("Bülow") == "bulow"
