"""The record agrees with the published tables, or says why not."""

import json
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from allohistory.errors import RecordError
from allohistory.record.comparing import compare, runs
from allohistory.record.departing import exemptions, names_of_pair
from allohistory.record.published import data_folder
from allohistory.record.tables import FILES, Departure, load
from allohistory.record.verify import render_text, verify

CORE = Path(str(files("allohistory.record").joinpath("core")))


@pytest.fixture(scope="module")
def verification(data_dir):
    return verify(load(), data_dir)


def test_membership_agrees(verification):
    assert verification.family("membership").share >= 0.98
    assert verification.family("membership").share_reasoned == 1.0


def test_defense_pledges_agree_or_have_a_reason(verification):
    defense = verification.family("defense")
    assert defense.total > 15_000
    assert defense.share >= 0.95
    assert defense.share_reasoned >= 0.98


def test_pledges_of_any_kind_agree_or_have_a_reason(verification):
    pledges = verification.family("any pledge")
    assert pledges.share >= 0.95
    assert pledges.share_reasoned >= 0.98


def test_all_wars_and_sides_agree_or_have_a_reason(verification):
    wars = verification.family("wars")
    assert wars.agree >= 60
    assert wars.share_reasoned == 1.0
    assert not wars.unexplained
    sides = verification.family("participants")
    assert sides.share >= 0.9
    assert sides.share_reasoned == 1.0
    assert not sides.unexplained


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("rivalry", 0.95),
        ("neighbours by land", 0.97),
        ("neighbours at home", 0.98),
        ("disputes", 0.85),
        ("capability", 0.9),
        ("regime", 0.98),
        ("leaders", 0.95),
    ],
)
def test_the_other_families_stay_near(verification, name, share):
    assert verification.family(name).share_reasoned >= share


def test_capability_orders_states_like_cinc(verification):
    measures = verification.family("capability").measures
    assert measures["mean rank correlation"] > 0.9
    assert measures["lowest rank correlation"] > 0.8


def test_verification_can_be_written_and_read(verification):
    plain = verification.to_dict()
    assert json.loads(json.dumps(plain))["defense"]["agree"] == plain["defense"]["agree"]
    text = render_text(verification, most=2)
    assert text.startswith("membership: ")
    assert "and" in text


def test_unknown_family_is_refused(verification):
    with pytest.raises(KeyError):
        verification.family("astrology")


def test_a_wrong_row_of_ours_is_caught(data_dir, tmp_path):
    for file, _ in FILES.values():
        shutil.copy(CORE / file, tmp_path / file)
    with (tmp_path / "participants.csv").open("a", encoding="utf-8") as file:
        file.write("chaco-war,FRN,A,1932-06-15,1935-06-12,end,,\n")
    sides = verify(load(tmp_path), data_dir).family("participants")
    assert sides.unexplained == ("ours only: chaco-war FRN on side A",)
    assert sides.share_reasoned < 1.0


def test_missing_table_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"cow_states\.parquet: the published table is missing"):
        verify(load(), tmp_path)


def test_folder_that_is_none_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("ALLOHISTORY_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(RecordError, match="which is no folder"):
        data_folder()
    monkeypatch.setenv("ALLOHISTORY_DATA", str(tmp_path))
    assert data_folder() == tmp_path


def test_every_departure_of_the_record_can_be_read():
    tables = load()
    families = {row.family for row in tables.departures}
    for family in families:
        for key in exemptions(tables, family):
            assert key.reason
            assert key.first <= key.last


def test_key_of_a_departure_that_cannot_be_read_is_refused():
    tables = replace(load(), departures=(Departure("treaty", "CHN-JPN soon", "because"),))
    with pytest.raises(RecordError, match='"CHN-JPN soon" is no key of a departure'):
        exemptions(tables, "treaty")


def test_departure_covers_its_pair_in_its_years():
    row = Departure("treaty", "JPN-CHN 1931-1945; GRC-*", "because")
    pair, any_greek = exemptions(replace(load(), departures=(row,)), "treaty")
    assert pair.covers(names_of_pair("JPN", "CHN"), 1940)
    assert not pair.covers(names_of_pair("JPN", "CHN"), 1946)
    assert any_greek.covers(names_of_pair("GRC", "TUR"), 1900)
    assert not any_greek.covers(names_of_pair("BUL", "TUR"), 1900)


def test_comparison_counts_and_draws_years_together():
    ours = {("A", "B", 1900), ("A", "B", 1901), ("A", "C", 1900)}
    theirs = {("A", "B", 1900), ("B", "C", 1905)}
    family = compare(
        "x",
        "y",
        ours,
        theirs,
        reason_ours=lambda *key: key[1] == "C",
        reason_theirs=lambda *_key: False,
    )
    assert (family.agree, family.ours_only, family.theirs_only) == (1, 2, 1)
    assert family.share == 0.25
    assert family.share_reasoned == 0.5
    assert family.unexplained == ("ours only: A-B 1901", "theirs only: B-C 1905")
    assert runs(set(), "ours only") == []
