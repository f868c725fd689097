"""What two states share is told in order, in words and as plain values."""

import json
from itertools import combinations

import pytest

from allohistory.errors import RecordError, UnknownNameError
from allohistory.record.prose import obligations_in_words
from allohistory.record.show import render_text, shared_history
from allohistory.record.tables import Day
from allohistory.vocab import Obligation


@pytest.fixture(scope="module")
def japan_china():
    return shared_history("JPN", "CHN")


def test_wars_against_each_other_with_who_won(japan_china):
    first = next(war for war in japan_china.wars if war.id == "sino-japanese-war-1894")
    assert not first.same_side
    assert (first.result_a, first.result_b) == ("won", "lost")


def test_wars_side_by_side(japan_china):
    boxer = shared_history("UKG", "JPN").wars[0]
    assert boxer.id == "boxer-war"
    assert boxer.same_side
    assert boxer.result_a == boxer.result_b == "won"
    assert any(war.same_side for war in japan_china.wars)


def test_a_state_that_made_a_separate_peace_left_the_war_of_the_victors():
    war = next(war for war in shared_history("RUS", "GMY").wars if war.id == "first-world-war")
    assert (war.result_a, war.result_b) == ("left", "lost")
    assert not war.same_side


def test_treaty_tells_what_each_pledged():
    history = shared_history("UKG", "JPN")
    alliance = next(row for row in history.treaties if row.id == "anglo-japanese-1902")
    assert alliance.start == Day(1902, 1, 30)
    assert alliance.founded
    assert alliance.members == 2
    text = render_text(history)
    line = next(line for line in text.splitlines() if line.startswith("1902-01-30"))
    assert "Anglo-Japanese Alliance signed" in line
    assert "until 1923-08-17" in line


def test_a_later_member_of_a_treaty_did_not_sign_it():
    history = shared_history("USA", "TUR")
    nato = next(row for row in history.treaties if row.id == "nato-1949")
    assert nato.start.year == 1952
    assert not nato.founded
    assert "has both as members" in render_text(history)


def test_land_that_changed_hands(japan_china):
    taiwan = next(row for row in japan_china.transfers if row.name == "Taiwan")
    assert (taiwan.giver, taiwan.taker, taiwan.status) == ("CHN", "JPN", "colony")
    assert taiwan.cause == "First Sino-Japanese War"


def test_order_of_the_pair_only_swaps_the_columns(japan_china):
    other = shared_history("CHN", "JPN")
    assert other.disputes == japan_china.disputes
    assert [row.pledges_a for row in other.treaties] == [
        row.pledges_b for row in japan_china.treaties
    ]


def test_lines_stand_in_the_order_of_dates(japan_china):
    lines = render_text(japan_china).splitlines()
    assert lines[0] == "Japan and China, 1860-2016"
    dates = [Day.read(line.split()[0]) for line in lines[3:]]
    assert dates == sorted(dates)
    assert len(dates) > 50


def test_names_are_those_of_the_time():
    text = render_text(shared_history("GMY", "RUS"))
    assert "Prussia and Russia are neighbours" in text
    assert "Soviet Union" in text


def test_plain_values_survive_json(japan_china):
    plain = japan_china.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["treaties"][0]["pledges_a"].isalpha()
    assert plain["wars"][0]["start"] == "1894-07-25"


def test_states_that_share_nothing_say_so():
    history = shared_history("PAR", "EST")
    assert not history.wars
    assert "nothing shared" in render_text(history)


def test_pledges_in_words():
    assert obligations_in_words(Obligation.read("")) == "nothing"
    assert obligations_in_words(Obligation.read("D")) == "defense"
    assert obligations_in_words(Obligation.read("CD")) == "defense and consultation"


def test_every_pair_of_powers_can_be_told():
    states = ["USA", "UKG", "FRN", "GMY", "AUH", "ITA", "RUS", "TUR", "CHN", "JPN", "POL", "YUG"]
    for a, b in combinations(states, 2):
        assert "None" not in render_text(shared_history(a, b))


def test_a_state_with_itself_is_refused():
    with pytest.raises(RecordError, match="shares its history with itself"):
        shared_history("JPN", "JPN")


def test_an_unknown_state_is_refused():
    with pytest.raises(UnknownNameError, match='no state is called "XXX"'):
        shared_history("JPN", "XXX")
