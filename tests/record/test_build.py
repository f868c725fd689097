"""The record built from the published tables: facts a historian can check, and its replay."""

import csv
import json
import shutil

import numpy as np
import pytest

from allohistory import world as w
from allohistory.engine.luck import reset, stage, trace
from allohistory.errors import RecordError
from allohistory.model.parameters import blank
from allohistory.record.build.pacts import Search
from allohistory.record.build.world import build, text
from allohistory.record.dates import stands, touches
from allohistory.record.panel import panel
from allohistory.record.tables import load
from allohistory.vocab import Outcome

FOUNDERS = {"USA", "CAN", "UKG", "NTH", "BEL", "LUX", "FRN", "POR", "ITA", "NOR", "DEN", "ICE"}


@pytest.fixture(scope="module")
def built(data_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("records") / "full"
    return folder, build(data_dir, folder)


@pytest.fixture(scope="module")
def tables(built):
    return load(built[0])


def members(tables, treaty, year):
    return {row.state for row in tables.members_of[treaty] if touches(row, year)}


def sides(tables, war):
    rows = tables.participants_of[war]
    return tuple({row.state for row in rows if row.side == side} for side in "AB")


# ---- who is there -----------------------------------------------------------------------------


def test_it_holds_every_state_of_the_published_list_since_1816(tables):
    assert (tables.first, tables.last) == (1816, 2016)
    assert len(tables.states) == 215  # 217 codes; two Germanies and two Czech ones are one state
    assert sum(stands(row, 2016) for row in tables.spells) == 195
    assert sum(stands(row, 1816) for row in tables.spells) == 23


def test_states_of_the_core_record_keep_their_ids_names_and_homes(tables):
    core = load()

    assert {row.id for row in core.states} <= set(tables.state_of)
    for row in core.states:
        assert (tables.state_of[row.id].name, tables.state_of[row.id].home) == (row.name, row.home)
    assert tables.state_of["GMY"].cow == (255, 260)


def test_japan_is_out_from_1945_to_1952_and_held_by_the_united_states(tables):
    first, second = tables.spells_of["JPN"]

    assert (str(first.end), first.exit_cause) == ("1945-08-14", "occupation:second-world-war")
    assert first.exit_to == "USA"
    assert str(second.start) == "1952-04-28"


@pytest.mark.parametrize(
    ("unit", "year", "owner"),
    [
        ("POL", 1900, "RUS"),
        ("HUN", 1900, "AUH"),
        ("UKR", 1950, "RUS"),
        ("BGR", 1890, "TUR"),
        ("HRV", 1900, "AUH"),
        ("HRV", 1930, "YUG"),
        ("IND", 1900, "UKG"),
        ("KOR", 1920, "JPN"),
        ("BAV", 1900, "GMY"),
        ("TWN", 1920, "JPN"),
    ],
)
def test_a_homeland_before_or_between_its_states_is_held_by_whom_it_was(tables, unit, year, owner):
    row = next(row for row in tables.holdings if row.unit == unit and stands(row, year))

    assert row.owner == owner


# ---- treaties ---------------------------------------------------------------------------------


def test_levels_of_allied_dyad_years_come_back(built):
    figures = built[1]["figures"]

    assert figures["level 2 reproduced"] == 1.0
    assert figures["level 1 or 2 reproduced"] == 1.0
    assert figures["told dyad-years without a published row"] == 0
    assert figures["told level 2 where 1 is published"] == 0
    assert figures["dyad-years at level 2"] > 60_000


def test_the_north_atlantic_treaty_is_one_treaty_that_others_join(tables):
    nato = tables.treaty_of["nato-1949"]

    assert nato.start.year == 1949
    assert {nato.founder_a, nato.founder_b} == {"UKG", "USA"}
    assert members(tables, "nato-1949", 1949) == FOUNDERS
    # The table counts accessions from the signature of their protocol in October 1951.
    assert members(tables, "nato-1949", 1952) - FOUNDERS == {"GRC", "TUR"}
    assert "POL" in members(tables, "nato-1949", 2000)


def test_helsinki_is_one_treaty(tables):
    signed = members(tables, "helsinki-1975", 1975)

    assert len(signed) >= 30
    assert {"USA", "RUS", "FRN", "SWZ", "GDR"} <= signed
    others = [r for r in tables.treaties if r.start.year == 1975 and r.id != "helsinki-1975"]
    assert not [r for r in others if len(members(tables, r.id, 1975)) > 5]


def test_britain_and_japan_are_allied_in_1902(tables):
    found = [
        row
        for row in tables.treaties
        if row.start.year == 1902 and {row.founder_a, row.founder_b} == {"JPN", "UKG"}
    ]

    assert len(found) == 1
    assert found[0].end.year in {1921, 1922, 1923}


def test_the_wartime_coalition_ends_with_the_war(tables):
    wide = [row for row in tables.treaties if len(members(tables, row.id, 1943)) > 20]

    assert [(row.start.year, row.end.year) for row in wide] == [(1942, 1945)]


def pledged(states, *treaties, years=30):
    """Pledges of made-up treaties (first year, year after the last, bits, members)."""
    grid = np.zeros((years, states, states), np.uint8)
    for start, end, bits, group in treaties:
        for i in group:
            for j in group:
                if i != j:
                    grid[start:end, i, j] |= bits
    return grid, np.ones((years, states), bool)


def found(*treaties, states=12):
    pacts = Search(*pledged(states, *treaties)).run()
    return [(p.year, p.signed, sorted(p.joined)) for p in pacts]


def test_a_group_is_one_treaty_and_a_pair_another():
    assert found((3, 20, 1, range(6)), (3, 10, 8, (7, 8))) == [
        (3, 1, [0, 1, 2, 3, 4, 5]),
        (3, 8, [7, 8]),
    ]


def test_who_pledges_the_same_to_all_members_later_has_acceded():
    assert found((3, 30, 17, range(5)), (9, 30, 17, range(6))) == [(3, 17, [0, 1, 2, 3, 4, 5])]


def test_a_wider_treaty_over_an_older_one_is_new():
    assert found((3, 30, 1, range(4)), (5, 30, 1, range(11))) == [
        (3, 1, [0, 1, 2, 3]),
        (5, 1, list(range(11))),
    ]


def test_nobody_accedes_to_a_pair():
    """Who comes to be pledged to two allies has signed with each of them."""
    assert [group for *_, group in found((3, 30, 1, (0, 1)), (9, 30, 1, (0, 1, 2)))] == [
        [0, 1],
        [0, 2],
        [1, 2],
    ]


def test_the_same_pledges_to_two_allies_that_end_together_are_one_treaty():
    """The Triple Alliance: Germany and Austria-Hungary were allied before."""
    assert [group for *_, group in found((3, 25, 1, (0, 1)), (9, 20, 1, (0, 1, 2)))] == [
        [0, 1],
        [0, 1, 2],
    ]


# ---- wars -------------------------------------------------------------------------------------


def test_the_first_world_war_is_one_war_with_its_sides(tables):
    war = tables.war_of["first-world-war"]
    ours, theirs = sides(tables, "first-world-war")

    assert (war.initiator, war.target, war.outcome.word) == ("AUH", "YUG", "target")
    assert {"AUH", "GMY", "TUR", "BUL"} <= ours
    assert {"YUG", "RUS", "FRN", "UKG", "ITA", "USA", "JPN"} <= theirs
    assert not ours & theirs


@pytest.mark.parametrize(
    ("number", "initiator", "target", "outcome"),
    [
        (85, "JPN", "RUS", "initiator"),
        (58, "FRN", "GMY", "target"),
        (139, "GMY", "POL", "target"),
        (151, "PRK", "ROK", "draw"),
        (211, "IRQ", "KUW", "target"),
    ],
)
def test_side_a_is_the_initiators_not_the_winners(tables, number, initiator, target, outcome):
    war = next(row for row in tables.wars if row.cow == (number,))

    assert (war.initiator, war.target, war.outcome.word) == (initiator, target, outcome)


def test_who_changed_sides_stands_on_both(tables):
    ours, theirs = sides(tables, "second-world-war")

    assert {"ITA", "ROM", "BUL"} <= ours & theirs


# ---- the folder -------------------------------------------------------------------------------


def test_who_prevailed_is_told_of_disputes_between_two(tables):
    told = {(d.initiator, d.target, d.year): d.outcome for d in tables.disputes}
    coded = [outcome for outcome in told.values() if outcome is not None]
    assert 1300 < len(coded) < 1500
    assert 0.75 < coded.count(Outcome.DRAW) / len(coded) < 0.9
    assert coded.count(Outcome.INITIATOR) > 2 * coded.count(Outcome.TARGET) > 100
    assert told["JPN", "RUS", 1918] is None  # many on one side: no verdict on two of them


def test_it_tells_what_it_read_and_how_well_it_agrees(built):
    folder, report = built
    kept = json.loads((folder / "build.json").read_text(encoding="utf-8"))

    assert kept == report
    assert len(kept["inputs"]["atop_alliance.parquet"]) == 64
    assert kept["figures"]["contacts at home reproduced"] > 0.98
    assert kept["figures"]["contacts through dependencies reproduced"] > 0.98
    assert "215 states, 1816-2016" in text(report, folder)


def test_a_missing_table_is_one_sentence_and_nothing_is_written(data_dir, tmp_path):
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    for file in data_dir.glob("*.parquet"):
        name = "cow_mayors.parquet" if file.stem == "cow_majors" else file.name
        (data / name).symlink_to(file)

    with pytest.raises(RecordError, match=r'called "cow_majors" .* nearest is "cow_mayors"'):
        build(data, out)

    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_file_that_is_no_table_is_named(data_dir, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for file in data_dir.glob("*.parquet"):
        (data / file.name).symlink_to(file)
    (data / "cow_states.parquet").unlink()
    (data / "cow_states.parquet").write_text("no table")

    with pytest.raises(RecordError, match=r"^cow_states\.parquet: the file cannot be read"):
        build(data, tmp_path / "out")


def test_a_folder_that_holds_something_else_is_refused(data_dir, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(RecordError, match="holds something else"):
        build(data_dir, tmp_path)


def test_csv_tables_will_do_and_an_earlier_build_is_replaced(data_dir, built, tmp_path):
    polars = pytest.importorskip("polars")
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    for file in data_dir.glob("*.parquet"):
        if f"{file.stem}.parquet" in built[1]["inputs"]:
            polars.read_parquet(file).write_csv(data / f"{file.stem}.csv")
    shutil.copytree(built[0], out)
    (out / "states.csv").write_text("old")

    build(data, out)

    for file in sorted(built[0].glob("*.csv")):
        assert (out / file.name).read_bytes() == file.read_bytes(), file.name
    with (out / "states.csv").open(encoding="utf-8") as lines:
        assert len(list(csv.reader(lines))) == 216


# ---- the engine takes it ----------------------------------------------------------------------


@pytest.mark.slow
def test_its_replay_is_the_record_itself(tables):
    last = 1920
    s = stage(tables.first, last, tables=tables)
    reset(s, s.script.start)
    h = trace(s, blank())
    p, n = panel(tables), last - tables.first + 1

    for mine, record in (
        (h.status[:, w.ACTIVE], p.active),
        (h.status[:, w.MAJOR], p.major),
        (h.status[:, w.REGIME], p.regime),
        (h.status[:, w.LEADER], p.leader),
        (h.status[:, w.PATRON], p.patron),
        (h.state[:, w.CAP], p.cap),
        (h.unit[:, w.OWNER], p.owner),
        (h.unit[:, w.HELD], p.held),
        (h.link[:, w.RIVAL], p.rival),
    ):
        assert (mine == record[:n]).all()
    entente = [p.index(state) for state in ("FRN", "RUS")]
    assert h.link[1900 - tables.first, w.ALLY][tuple(entente)] == 2
