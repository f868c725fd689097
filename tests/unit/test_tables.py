"""The tables are read with types, and what is wrong in them is told by file and line."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from allohistory.errors import RecordError
from allohistory.record.dates import Day, stands, touches
from allohistory.record.neighbours import Contact, contacts, owners
from allohistory.record.tables import FILES, FIRST_YEAR, LAST_YEAR, Spell, load
from allohistory.vocab import DisputeLevel, Obligation, Outcome, Status

CORE = Path(str(files("allohistory.record").joinpath("core")))


@pytest.fixture(scope="module")
def tables():
    return load()


@pytest.fixture
def copy(tmp_path):
    """A copy of the core record that a test may spoil."""
    for file, _ in FILES.values():
        shutil.copy(CORE / file, tmp_path / file)
    return tmp_path


def spoil(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old), f"{file} has no {old}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def fault(folder):
    with pytest.raises(RecordError) as caught:
        load(folder)
    return str(caught.value)


def test_core_record_has_its_seventy_states_and_no_empty_table(tables):
    assert len(tables.states) == 70
    for table in FILES:
        assert getattr(tables, table), table


def test_loading_twice_gives_the_same_object(tables):
    assert load() is tables


def test_a_copy_in_a_folder_reads_like_the_package(tables, copy):
    assert load(copy).wars == tables.wars
    assert load(copy).treaties == tables.treaties


def test_cells_become_typed_values(tables):
    alliance = tables.treaty_of["anglo-japanese-1902"]
    assert alliance.start == Day(1902, 1, 30)
    assert Obligation.CONSULTATION in alliance.obligations
    war = tables.war_of["russo-japanese-war"]
    assert (war.initiator, war.target, war.outcome) == ("JPN", "RUS", Outcome.INITIATOR)
    assert war.cow == (85,)
    assert tables.state_of["GMY"].cow == (255, 260)
    assert {row.level for row in tables.disputes} == {
        DisputeLevel.THREAT_OR_DISPLAY,
        DisputeLevel.FORCE,
        DisputeLevel.WAR,
    }
    assert {row.status for row in tables.holdings} == set(Status)
    assert tables.spells_of["JPN"][-1].end is None


def test_every_treaty_has_a_name_and_at_least_two_members(tables):
    for treaty in tables.treaties:
        assert treaty.name
        assert len({row.state for row in tables.members_of[treaty.id]}) >= 2, treaty.id


def test_every_unit_has_one_owner_in_every_year(tables):
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        assert owners(tables, year).keys() == tables.unit_of.keys(), year


def test_days_are_ordered_and_know_how_much_they_know():
    assert Day.read("1902") < Day.read("1902-01-30") < Day.read("1902-02")
    assert Day(1902).earliest == (1902, 1, 1)
    assert Day(1902).latest == (1902, 12, 31)
    assert [str(Day.read(text)) for text in ("0987-07-03", "1902-01", "1902")] == [
        "0987-07-03",
        "1902-01",
        "1902",
    ]


@pytest.mark.parametrize("text", ["", "190", "1902-13", "1902-02-30", "30.1.1902", "1902-1-3"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"has no|is no date"):
        Day.read(text)


def test_stocks_are_as_of_the_last_day_and_flows_of_any_day():
    spell = Spell("JPN", Day(1603), "initial", "-", Day(1945, 9, 2), "war:x", "USA", "", "")
    assert stands(spell, 1944)
    assert not stands(spell, 1945)
    assert touches(spell, 1945)
    assert not touches(spell, 1946)


def test_neighbours_follow_the_land_that_is_held(tables):
    assert contacts(tables, 1900)["GMY", "RUS"] == Contact(home="land")
    assert ("GMY", "RUS") not in contacts(tables, 1930)
    assert contacts(tables, 1890)["FRN", "UKG"].home == "strait"
    assert contacts(tables, 1935)["JPN", "RUS"].dependency == "land"
    assert not contacts(tables, 1960)["JPN", "RUS"].dependency


def test_missing_table_is_named(copy):
    (copy / "wars.csv").unlink()
    assert fault(copy) == "wars.csv: the table is missing."


def test_wrong_column_is_named_with_the_nearest(copy):
    spoil(copy, "wars.csv", "initiator,", "inititator,")
    assert fault(copy) == (
        'wars.csv, line 1: no column is called "inititator"; the nearest is "initiator".'
    )


def test_unknown_state_is_named_with_file_line_and_column(copy):
    spoil(copy, "rivalries.csv", "\nAFG,IRN,", "\nAFG,IRAN,")
    assert fault(copy) == (
        'rivalries.csv, line 2: b: "IRAN" is not in states.csv; the nearest is "IRN".'
    )


def test_duplicate_key_names_the_first_line(copy):
    lines = (copy / "states.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (copy / "states.csv").write_text("".join([*lines, lines[1]]), encoding="utf-8")
    assert fault(copy) == "states.csv, line 72: USA stands already in line 2."


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("wars.csv", "1904-02-08,1905", "1906-02-08,1905", "before it begins on 1906-02-08"),
        ("wars.csv", "1904-02-08", "1904-02-31", 'from: "1904-02-31" has no day 31'),
        ("wars.csv", ",JPN,RUS,initiator", ",JPN,RUS,japan", "is no Outcome"),
        ("wars.csv", ",JPN,RUS,", ",JPN,TUR,", "needs TUR on side B"),
        ("capability.csv", "USA,1860,9.72", "USA,1860,much", 'share: "much" is no number'),
        ("disputes.csv", "USA,MEX,1860,2,0", "USA,MEX,1860,4,0", 'level: "4" is no level'),
        ("borders.csv", "ADN,DJI,strait", "DJI,ADN,strait", "before b ADN in the alphabet"),
        ("borders.csv", "ADN,DJI,strait", "ADN,DJI,canal", 'kind: "canal" is none of land'),
        ("treaties.csv", ",pribram", ",pribrm", 'the nearest is "pribram"'),
        ("majors.csv", "FRN,1945-08-15", "FRN,1939-08-15", "FRN begins again on 1939-08-15"),
        ("spells.csv", "occupation:second-world-war", "occupation:ww2", "names nothing"),
        ("leaders.csv", ",regular,regular,", ",elected,regular,", 'how_in: "elected" is no cause'),
        ("leaders.csv", "foreign:RUS", "foreign:RSU", "names nothing in the record; the nearest"),
        ("holdings.csv", "IRL,-,home,1922-12-06", "IRL,-,home,1922-12-07", "must be the same"),
        ("members.csv", "NTH,1949-", "NTH,1948-", "but nato-1949 lasts from 1949-04-04"),
        ("regime.csv", "USA,1860,0.36,", "USA,1860,0.36", "3 fields stand where 4 should"),
    ],
)
def test_spoilt_row_is_refused(copy, file, old, new, told):
    spoil(copy, file, old, new)
    message = fault(copy)
    assert message.startswith(f"{file}, line ")
    assert told in message
    assert message.count("\n") == 0
