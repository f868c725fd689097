"""What wars cost a region: counted in a small world, and against the record's own wars."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.engine.run import History
from allohistory.question.toll import COUNTED, battle_deaths, spells, toll


@pytest.fixture
def history():
    """Five years of four states: 0 fights 1 in the years 1-3, and 2 in the year 3 alone."""
    h = History.empty(5, 4, 1)
    h.status[:, w.ACTIVE] = 1
    h.status[:, w.REGIME] = [0, 2, 1, 2]
    h.state[:, w.CAP] = np.log([4.0, 2.0, 1.0, 3.0])
    for year, i, j in ((1, 0, 1), (2, 0, 1), (3, 0, 1), (3, 0, 2)):
        h.link[year, w.WAR, i, j] = h.link[year, w.WAR, j, i] = w.OPPOSED
    h.link[1, w.DISPUTE, 0, 1] = 3
    h.link[3, w.DISPUTE, 2, 0] = 3
    h.link[:, w.CONTACT, 0, 1] = h.link[:, w.CONTACT, 1, 0] = w.BY_LAND
    h.status[4, w.ACTIVE, 1] = 0
    return h


def test_spells_have_their_years_and_what_they_are_priced_by(history):
    found = {spell.state: spell for spell in spells(history)}

    assert {k: (s.first, s.last) for k, s in found.items()} == {0: (1, 3), 1: (1, 3), 2: (3, 3)}
    assert found[0].x == pytest.approx([1, np.log(3), np.log(4), np.log(3), 1])
    assert found[2].x == pytest.approx([1, 0, 0, np.log(4), 0])


def test_a_region_counts_its_own(history):
    weights = np.array([[np.log(1000), 1.0, 0.0, 0.0, 0.0]])
    found = [
        dict(
            zip(
                (*COUNTED, "deaths"),
                toll(history, np.array(mask, bool), (0, 3), weights),
                strict=True,
            )
        )
        for mask in ([1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1])
    ]
    # Three years each for two states, one for the third, a thousand a year.
    assert [part["deaths"] for part in found] == pytest.approx([7.0, 3.0, 0.0])
    assert [part["wars"] for part in found] == [2, 1, 0]
    assert [part["ended"] for part in found] == [1, 1, 0]
    assert [part["regime"] for part in found] == pytest.approx([1.0, 2.0, 2.0])
    assert [part["share"] for part in found] == pytest.approx([87.5, 100.0, 100.0])


def test_the_fit_gives_the_record_its_deaths_and_longer_wars_more():
    fit = battle_deaths()

    assert fit.given.sum() == pytest.approx(fit.counted.sum())
    length, strength, frontier = fit.weights[:, 1], fit.weights[:, 3], fit.weights[:, 4]
    # In nine of ten resamples of the record's wars.
    assert all(np.quantile(x, 0.1) > 0 for x in (length, strength, frontier))
