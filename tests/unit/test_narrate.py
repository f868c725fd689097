"""Names by rule as historians would give them, and sentences for what happens and what does not."""

import pytest

from allohistory.answer.actual import actual_events
from allohistory.answer.adjectives import ADJECTIVES, adjective, joined
from allohistory.answer.narrate import KINDS, sentence, treaty_name, war_name
from allohistory.record.tables import load

FACTS = {
    "a": "JPN", "b": "RUS", "name": "Some Pact", "strong": True, "level": 2, "regime": 2,
    "outcome": "initiator", "margin": "decisive", "holder": "CHN",
}  # fmt: skip


def test_every_state_has_an_adjective():
    assert {row.id for row in load().states} == set(ADJECTIVES)


@pytest.mark.parametrize("state", sorted(ADJECTIVES))
def test_eras_of_an_adjective_follow_each_other_to_the_end(state):
    lasts = [row.last for row in ADJECTIVES[state]]

    assert lasts == sorted(set(lasts))
    assert all(adjective(state, year) in ADJECTIVES[state] for year in range(1860, 2017))


@pytest.mark.parametrize(
    ("a", "b", "year", "name"),
    [
        ("JPN", "CHN", 1894, "Sino-Japanese"),
        ("JPN", "RUS", 1904, "Russo-Japanese"),
        ("FRN", "GMY", 1870, "Franco-Prussian"),
        ("FRN", "GMY", 1963, "Franco-West German"),
        ("FRN", "CHN", 1884, "Sino-French"),
        ("TUR", "RUS", 1877, "Russo-Turkish"),
        ("ITA", "TUR", 1911, "Italo-Turkish"),
        ("ITA", "GRC", 1940, "Greco-Italian"),
        ("JPN", "UKG", 1902, "Anglo-Japanese"),
        ("USA", "SPN", 1898, "Spanish-American"),
        ("USA", "MEX", 1914, "Mexican-American"),
        ("USA", "JPN", 1941, "Japanese-American"),
        ("GMY", "AUH", 1866, "Austro-Prussian"),
        ("RUS", "CHN", 1929, "Sino-Soviet"),
        ("IND", "CHN", 1962, "Sino-Indian"),
        ("PAK", "IND", 1965, "Indo-Pakistani"),
        ("BUL", "YUG", 1885, "Serbo-Bulgarian"),
        ("RUS", "JPN", 1941, "Soviet-Japanese"),
        ("LIT", "POL", 1920, "Lithuanian-Polish"),
        ("AUS", "HUN", 1930, "Austrian-Hungarian"),
        ("UKR", "RUS", 2014, "Russo-Ukrainian"),
    ],
)
def test_pairs_stand_in_the_order_historians_use(a, b, year, name):
    assert joined(a, b, year) == joined(b, a, year) == name


def test_wars_keep_the_initiator_first_where_usage_is_silent():
    assert war_name("IRQ", "IRN", 1980) == "Iraqi-Iranian War of 1980"
    assert war_name("IRN", "IRQ", 1980) == "Iranian-Iraqi War of 1980"
    assert war_name("JPN", "CHN", 1931) == war_name("CHN", "JPN", 1931)


def test_treaty_names_tell_how_far_they_go():
    assert treaty_name("JPN", "CHN", 1911, strong=True) == "Sino-Japanese Defense Treaty of 1911"
    assert treaty_name("JPN", "CHN", 1911, strong=False) == "Sino-Japanese Pact of 1911"


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence_both_ways(kind, happened):
    text = sentence(kind, 1925, happened=happened, **FACTS)

    assert text[0].isupper()
    assert text.endswith(".")
    assert not {"None", "nan", "  "} & {
        text[i : i + n] for n in (2, 3, 4) for i in range(len(text))
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_happen_reads_otherwise(kind):
    there, not_there = (sentence(kind, 1925, happened=way, **FACTS) for way in (True, False))

    assert there != not_there


def test_negatives_as_the_thread_puts_them():
    assert sentence("war begins", 1931, happened=False, name="Mukden War") == "No Mukden War."
    told = sentence("treaty signed", 1902, happened=False, name="Anglo-Japanese Alliance")
    assert told == "The Anglo-Japanese Alliance is not signed."


def test_war_ended_names_who_won_by_how_much():
    facts = {"a": "JPN", "b": "RUS", "began": 1904}
    text = sentence("war ended", 1905, outcome="target", margin="decisive", **facts)
    assert text == "The Russo-Japanese War of 1904 ends: Russia decisively defeats Japan."
    text = sentence("war ended", 1905, outcome="draw", **facts)
    assert text == "The Russo-Japanese War of 1904 ends without a victor."


def test_states_bear_the_name_of_the_year():
    assert "the Soviet Union" in sentence("rivalry begins", 1950, a="USA", b="RUS")
    assert sentence("major gained", 1905, a="USA") == "The United States becomes a major power."


def test_persons_are_never_invented():
    assert sentence("leader", 1925, a="CHN") == "China gets a new leader."
    text = sentence("leader", 1925, a="CHN", leader="Wang Jingwei")
    assert text == "Wang Jingwei comes to lead China."


def test_land_goes_to_someone_or_free():
    text = sentence("unit", 1905, name="Taiwan", a="JPN", holder="CHN")
    assert text == "Taiwan passes from Japan to China."
    assert sentence("unit", 1905, name="Taiwan", a="JPN") == "Taiwan becomes free of Japan."
    assert sentence("unit", 1905, name="Taiwan", a="-", holder="-") == "Taiwan becomes free."


def test_land_named_as_several_takes_the_plural():
    text = sentence("unit", 1866, name="Hanover, Hesse and the North Sea cities", holder="GMY")
    assert text == "Hanover, Hesse and the North Sea cities pass to Prussia."


def test_a_state_that_comes_back_regains_its_independence():
    assert "Poland regains independence." in actual_events(1945, ["POL", "GMY"])


def test_dated_sentences_begin_with_the_year():
    text = sentence("state ends", 1905, a="KOR", holder="JPN", dated=True)
    assert text == "1905: Korea ceases to be an independent state; Japan holds its core."


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="treaty signed"):
        sentence("coronation", 1902, a="UKG")


def test_actual_events_of_1905():
    events = actual_events(1905, ["JPN", "CHN"])

    assert "The Russo-Japanese War ends: Japan decisively defeats Russia." in events
    assert any(text.startswith("Korea ceases to be an independent state") for text in events)
    assert "Manchuria passes from Russia to China." in events
    assert not any("northern half" in text for text in events)


def test_a_war_that_merges_into_a_wider_one_has_no_end_of_its_own():
    events = actual_events(1941, ["JPN", "CHN"])

    assert "The Sino-Japanese War of 1937-45 becomes part of the Second World War." in events
    assert "Japan and China join the Second World War." in events


def test_use_of_force_is_told_only_inside_the_pair():
    assert "Japan uses force against China." in actual_events(1914, ["JPN", "CHN", "RUS"])
    assert not any("uses force" in text for text in actual_events(1914, ["RUS", "JPN", "CHN"]))


@pytest.mark.parametrize("year", range(1860, 2017, 4))
def test_every_year_has_clean_sentences(year):
    states = [row.id for row in load().states]
    for text in actual_events(year, states):
        assert text[0].isupper() or text.startswith("al-"), text
        assert text.endswith("."), text
        assert "None" not in text
        assert "  " not in text
        assert " - " not in text
