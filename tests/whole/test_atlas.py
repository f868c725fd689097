"""The atlas of a whole answer, and the treaties it is told from."""

import json

import numpy as np
import pytest

from allohistory import world as w
from allohistory.answer.atlas import atlas
from allohistory.answer.pledges import levels, pledges
from allohistory.answer.report.bundle import data_block
from allohistory.answer.report.map import map_section
from allohistory.answer.report.network import network_section
from allohistory.answer.report.scene import Scene
from allohistory.counterfactual.book import book_of
from allohistory.counterfactual.twin import FRESH
from allohistory.engine.script import script_of
from allohistory.model.shipped import shipped
from allohistory.question.read import read
from allohistory.question.resolve import resolve
from allohistory.record.tables import load

MOST = 60_000


@pytest.fixture(scope="module")
def posed(small):
    return resolve(read(small))


@pytest.fixture(scope="module")
def book(posed):
    plan = posed.plan("japan-loses-1905")
    return book_of(plan, shipped()[0][0], 1945, 3, how=FRESH, seed=1, since=1900)


@pytest.fixture(scope="module")
def drawn(book, posed):
    return atlas(book, 1905, posed.pair, script_of().panel.states)


@pytest.mark.parametrize("actual", [True, False])
def test_treaties_retold_make_every_dyad_as_allied_as_it_was(book, actual):
    course = book.course(actual=actual)
    found = pledges(book, list(script_of().panel.states), actual=actual)
    many, _, states = course.status.shape

    assert np.array_equal(levels(found, many, states), course.link[:, w.ALLY])


def test_the_worlds_are_the_same_until_they_part(book, drawn):
    scene = Scene(drawn)

    assert drawn["from"] == 1900
    assert drawn["parts"] == book.first + 1 == 1905
    for unit in (u.unit for u in load().units):
        for year in (1900, 1904):
            assert scene.holder("actual", unit, year) == scene.holder("alternate", unit, year)
    assert scene.blocs("actual", 1904) == scene.blocs("alternate", 1904)


def test_the_actual_map_is_history(drawn):
    scene, ids = Scene(drawn), [s["id"] for s in drawn["states"]]

    def held(unit, year):
        owner, how = scene.holder("actual", unit, year)
        return (ids[owner] if owner >= 0 else "", how)

    assert held("IND", 1914) == ("UKG", 0)
    assert held("DZA", 1914) == ("FRN", 0)
    assert held("BIH", 1905) == ("AUH", 2)
    assert held("BIH", 1914) == ("AUH", 1)
    assert held("MAN", 1942) == held("NCN", 1942) == held("PHL", 1942) == ("JPN", 2)
    assert held("CHN", 1942) == ("CHN", 1)
    assert held("BEL", 1913) == ("BEL", 1)
    assert held("FRO", 1942) == ("GMY", 2)


def test_the_actual_blocs_are_history(drawn):
    ids = [s["id"] for s in drawn["states"]]
    scene = Scene(drawn)

    def powers(year):
        found = scene.blocs("actual", year)
        return {b["name"]: {ids[i] for i in b["powers"]} for b in found}

    assert powers(1905) == {
        "Franco-Russian Alliance": {"FRN", "RUS"},
        "Dual Alliance": {"GMY", "AUH"},
        "Anglo-Japanese Alliance": {"UKG", "JPN"},
    }
    assert powers(1914)["Entente Pact of London"] == {"UKG", "FRN", "RUS"}
    assert powers(1942)["Tripartite Pact"] == {"GMY", "ITA", "JPN"}
    colours = {
        next(b["slot"] for b in scene.blocs("actual", y) if ids.index("FRN") in b["powers"])
        for y in (1905, 1910, 1914, 1916)
    }
    assert len(colours) == 1


def test_an_answer_holds_it_and_is_drawn(answer):
    part = answer["atlas"]

    assert len(json.dumps(part, separators=(",", ":"))) < MOST
    assert json.loads(json.dumps(part)) == part
    page = map_section(answer) + network_section(answer) + data_block(answer)
    assert len(page.encode()) < 400_000


def test_the_same_world_gives_the_same_bytes(posed, book, drawn):
    again = atlas(book, 1905, posed.pair, script_of().panel.states)

    assert json.dumps(again) == json.dumps(drawn)
