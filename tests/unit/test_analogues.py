"""Reference classes: who qualifies when, what became of them, and who is nearest."""

import dataclasses

import pytest

from allohistory.record.tables import load
from allohistory.search import analogues as an
from allohistory.search.former import Former, Span, former, majors, near, third

JPN, CHN, END = "JPN", "CHN", 2016


@pytest.fixture(scope="module")
def tables():
    return load()


@pytest.fixture(scope="module")
def part():
    return an.analogues((JPN, CHN), 1900, years=20, horizon=50)


def made(a, b, *, wars=(), rivalries=(), pacts=()):
    spans = [[Span(*row) for row in rows] for rows in (wars, rivalries, pacts)]
    return Former(a, b, *spans)


@pytest.fixture
def invented(monkeypatch):
    """Four dyads of former enemies: allied for long, for short, still, and never."""
    rows = [
        made("ARG", "BRA", wars=[(1870, 1872, "A")], pacts=[(1880, 1905, "P")]),
        made("ARG", "CHL", wars=[(1880, 1881, "B")], pacts=[(1890, 1894, "Q")]),
        made("BOL", "PER", wars=[(1950, 1950, "C")], pacts=[(2000, END, "R", 9)]),
        made("BOL", "CHL", wars=[(1900, 1902, "D")]),
    ]
    monkeypatch.setattr(an, "former", lambda _: {(r.a, r.b): r for r in rows})
    return an.analogues((JPN, CHN), 1900, years=20, horizon=50)


def test_the_pasts_of_known_pairs(tables):
    """Facts of the record as a reader knows them."""
    france = former(tables)["FRN", "GMY"]
    assert [war.first for war in france.wars] == [1870, 1914, 1939]
    assert (1955, END) in france.allied
    allies = former(tables)["CHN", "JPN"]
    assert allies.wars[0].name == "First Sino-Japanese War"
    assert allies.rivals(1900) == 28
    assert len(allies.fought(1899)) == 1
    assert former(tables)["AUH", "GMY"].hostile(1879) == 1870
    assert all(pair[0] < pair[1] for pair in former(tables))


def test_nobody_is_allied_while_out_of_the_system(tables):
    """Poland was no state under occupation, whatever treaty was in force."""
    years = {y for f, t in former(tables)["FRN", "POL"].allied for y in range(f, t + 1)}

    assert 1938 in years
    assert not years & set(range(1940, 1945))


def test_a_third_power_must_be_stronger_than_both(tables):
    assert third(tables, ("CZE", "HUN"), (1949, 1990)) == "RUS"
    assert third(tables, ("FRN", "TUR"), (1952, 2016)) == "USA"
    assert third(tables, ("AUH", "GMY"), (1879, 1917)) is None
    assert third(tables, ("JPN", "USA"), (1952, 2016)) is None


def test_how_near_and_how_strong_two_are(tables):
    assert near(tables, ("FRN", "GMY"), 1900) == 3
    assert near(tables, ("BOL", "JPN"), 1900) == 0
    assert near(tables, ("CHN", "JPN"), 1900) >= 1
    assert majors(tables, ("FRN", "UKG"), 1900, 0) == 2
    assert majors(tables, ("BOL", "JPN"), 1880, 0) < majors(tables, ("BOL", "JPN"), 1880, 30)


@pytest.mark.parametrize(
    ("past", "fought", "rivals", "both"),
    [
        (made("A", "B", wars=[(1870, 1872, "x")]), 1872, None, None),
        (made("A", "B", rivalries=[(1870, 1888, "x")]), None, None, None),
        (made("A", "B", rivalries=[(1870, 1889, "x")]), None, 1889, None),
        (
            made("A", "B", wars=[(1914, 1918, "x")], rivalries=[(1870, 1900, "x")]),
            1918, 1889, 1918,
        ),
    ],
)  # fmt: skip
def test_a_dyad_qualifies_in_the_year_in_which_it_is_known(past, fought, rivals, both):
    found = [an.qualified(past, kind) for kind in ("fought", "rivals", "both")]

    assert found == [fought, rivals, both]


def test_base_rate_waits_and_durations_by_hand(invented):
    """Four dyads, of whom one was allied for twenty years within fifty."""
    fought = invented["classes"][0]

    assert (fought["n"], fought["allied"], fought["cases"], fought["met"]) == (4, 3, 4, 1)
    assert fought["base"]["p"] == 0.25
    assert fought["lasted"] == {"10": 2, "20": 1, "30": 0}
    assert fought["wait_median"] == 9.0  # 8, 9 and 50 years after their wars
    # Waits of 8, 9 and 50 years, one censored after 114.
    assert [row["p"] for row in fought["waits"]] == [0.5, 0.5, 0.5, 0.75]
    # Spells of 5 and 26 years, and of 17 still running: all three at risk at 5, two beyond.
    assert fought["durations"] == [
        {"years": 10, "p": 0.6667}, {"years": 20, "p": 0.6667},
    ]  # fmt: skip
    assert fought["running"] == 1
    assert fought["under_two"] == 2
    assert fought["few"]


def test_what_the_record_cannot_know_yet_is_no_case(invented, monkeypatch):
    late = made("ARG", "BRA", wars=[(1982, 1982, "A")])
    monkeypatch.setattr(an, "former", lambda _: {("ARG", "BRA"): late})

    fought = an.analogues((JPN, CHN), 1900, years=20, horizon=50)["classes"][0]

    assert (fought["n"], fought["cases"], fought["base"]) == (1, 0, None)
    assert invented["classes"][0]["base"] is not None


def test_a_record_without_such_dyads_says_so(monkeypatch):
    monkeypatch.setattr(an, "former", lambda _: {})

    part = an.analogues((JPN, CHN), 1900, years=20, horizon=50)

    assert part["nearest"] == []
    assert "no base rate" in part["sentence"]


def test_the_pair_belongs_to_its_classes_and_is_no_case_of_them(part, tables):
    assert all(row["belongs"] for row in part["classes"])
    for kind in an.CLASSES:
        assert all({c.past.a, c.past.b} != {JPN, CHN} for c in an.members(kind, (CHN, JPN), tables))
    assert [CHN, JPN] not in [row["ids"] for row in part["nearest"]]


def test_the_ledgers_count_of_former_belligerents(part):
    """Row 52: of 286 dyads in the published tables 126 had a pact later, 43 for thirty years."""
    n, allied, thirty = part["classes"][0]["since_last_war"]

    assert 200 < n < 286
    assert 0.3 < allied / n < 0.55
    assert 0.1 < thirty / n < 0.25


def test_the_nearest_are_near_and_dated(part):
    far = [row["distance"] for row in part["nearest"]]

    assert far == sorted(far)
    assert len(far) == an.LISTED
    for row in part["nearest_allied"]:
        assert row["wars"] or row["rivalries"]
        for alliance in row["alliances"]:
            assert alliance["treaties"]
            assert alliance["from"] > row["year"]
            assert alliance["after"] >= 0


def test_a_dyad_like_the_pair_is_at_no_distance(tables):
    asked = former(tables)[CHN, JPN]

    assert an.distance(asked, 1900, an.Later(asked, 1900, ()), tables) == 0.0
    later = dataclasses.replace(an.Later(asked, 1900, ()), year=1950)
    assert an.distance(asked, 1900, later, tables) > 1.0


def test_of_the_nearest_a_rate_is_given(part, invented):
    assert part["alike"]["cases"] == an.ALIKE
    assert part["alike"]["base"]["p"] == part["alike"]["met"] / an.ALIKE
    assert (invented["alike"]["cases"], invented["alike"]["met"]) == (4, 1)
    assert f"Of the {an.ALIKE} dyads most like these two" in part["sentence"]


def test_the_sentence_tells_cases_rate_and_what_they_hang_on(part):
    row = next(row for row in part["classes"] if row["kind"] == "both")
    text = part["sentence"]

    assert f"Of {row['cases']} other dyads" in text
    assert f"{row['met']} were allied for 20 years" in text
    assert "North Atlantic Treaty" in text
    assert f"In {row['own']} of the {row['met']} the two were not both allied to a stronger" in text


def test_order_of_the_pair_and_the_models_chances(part):
    beside = {"the goal from 1900 on": {"p": 0.003, "lo": 0.001, "hi": 0.02}}

    other = an.analogues((CHN, JPN), 1900, years=20, horizon=50, chances=beside)

    assert other["classes"] == part["classes"]
    assert other["beside"] == beside
    assert "The model gives the goal from 1900 on <1% (<1% to 2%)" in other["sentence"]


def test_any_pair_is_answered():
    """Neighbours that never fought, and an old pair of rivals."""
    friends = an.analogues(("SWD", "NOR"), 1910, years=10, horizon=30)
    rivals = an.analogues(("FRN", "GMY"), 1945, years=20, horizon=50)

    assert not any(row["belongs"] for row in friends["classes"])
    assert "as these two had not yet" in friends["sentence"]
    assert all(row["belongs"] for row in rivals["classes"])
