"""The parts of a fit on made-up data whose truth is known, and the record cut off at a year."""

import dataclasses

import numpy as np
import pytest

from allohistory.fit import estimate
from allohistory.fit.calibrate import MOMENTS, MOST, calibrate
from allohistory.fit.likelihood import binary
from allohistory.fit.priors import prior
from allohistory.fit.times import decompose, with_groups
from allohistory.model import terms as m
from allohistory.model.shipped import shipped
from allohistory.model.shocks import NODE
from allohistory.record.tables import load
from allohistory.record.until import until


def test_a_level_that_lasts_is_told_from_bad_years():
    rng = np.random.default_rng(1)
    level = np.where(np.arange(100) < 50, -0.7, 0.7)
    shock = rng.normal(0, 0.5, 100)
    expected = np.full(100, 30.0)

    told = decompose(rng.poisson(expected * np.exp(level + shock)).astype(float), expected, 1900)

    assert told.level[10:40].mean() < -0.4
    assert told.level[60:90].mean() > 0.4
    assert 0.25 <= told.sigma <= 0.75
    assert np.corrcoef(told.shock, shock)[0, 1] > 0.8
    assert 0 < told.hold < 1


def test_years_that_are_all_alike_have_neither_level_nor_shock():
    rng = np.random.default_rng(2)
    expected = np.full(100, 30.0)

    told = decompose(rng.poisson(expected).astype(float), expected, 1900)

    assert told.sigma <= 0.25
    assert np.abs(told.level).max() < 0.2


def test_differences_between_groups_do_not_pose_as_an_effect_of_size():
    """Half of the groups are ones in which most join; `size` is high there and does nothing."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(80), 40)
    effect = 0.9 * NODE[rng.integers(0, 8, 80)]
    size = effect[group] + rng.normal(0, 0.8, len(group))
    x = np.column_stack([np.ones(len(group)), size, rng.normal(size=len(group))])
    eta = -3.0 + 1.0 * x[:, 2] + effect[group]
    odds = np.exp(eta)
    y = (rng.random(len(group)) < 2 * odds / (1 + 2 * odds)) * (1 + rng.integers(0, 2, len(group)))
    mean, sd = np.zeros((1, 3)), np.array([[5.0, 1.0, 1.0]])

    found, spread = with_groups(x, x, y, group, mean, sd)
    naive = binary(x, (y > 0).astype(float), mean[0], sd[0])

    assert 0.6 < spread < 1.1
    assert abs(found.mode[0, 2] - 1.0) < 0.2
    assert abs(found.mode[0, 1]) < 0.7 * naive.mode[0, 1]


def test_evidence_asks_for_narrow_priors_where_nothing_matters():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(400), rng.normal(size=(400, 12))])
    mean = np.zeros(13)
    for truth, narrow_wins in ((0.0, True), (1.5, False)):
        p = 1 / (1 + np.exp(-(x[:, 1:].sum(1) * truth / 2)))
        y = (rng.random(400) < p).astype(float)
        told = [binary(x, y, mean, np.r_[5.0, np.full(12, s)]).evidence for s in (0.1, 1.0)]
        assert (told[0] > told[1]) is narrow_wins


@pytest.mark.parametrize("year", [1904, 1942, 1989])
def test_a_record_cut_off_holds_nothing_later(year):
    whole = load()
    cut = until(whole, year)

    for table in dataclasses.fields(cut):
        for row in getattr(cut, table.name):
            start = getattr(row, "start", None)
            if table.name not in {"names", "capitals"} and start is not None:
                assert start.year <= year, (table.name, row)
            end = getattr(row, "end", None)
            if table.name not in {"names", "capitals"} and end is not None:
                assert end.year <= year, (table.name, row)
            if table.name in {"disputes", "capabilities", "regimes"}:
                assert row.year <= year
    fought = {row.id: row for row in cut.wars}
    assert all(fought[row.war].end is not None for row in cut.settlements)


def test_a_record_cut_off_is_the_same_whatever_came_later():
    whole, year = load(), 1930
    later = dataclasses.replace(
        whole,
        disputes=tuple(d for d in whole.disputes if d.year <= year),
        wars=tuple(
            dataclasses.replace(row, end=dataclasses.replace(row.end, year=row.end.year + 3))
            if row.end and row.end.year > year
            else row
            for row in whole.wars
        ),
        treaties=tuple(t for t in whole.treaties if t.start.year <= year),
        members=tuple(r for r in whole.members if whole.treaty_of[r.treaty].start.year <= year),
        leaders=tuple(r for r in whole.leaders if r.start.year <= year),
    )

    one, other = until(whole, year), until(later, year)

    for table in dataclasses.fields(one):
        assert getattr(one, table.name) == getattr(other, table.name), table.name


@pytest.mark.slow
def test_calibration_finds_and_mends_an_intercept_that_is_off():
    """Joining made likelier by e in every draw: the move takes most of it back."""
    place = next(k for k, (_, where) in enumerate(MOMENTS) if where[0][0] == m.JOIN)
    honest = shipped()[0][:12]
    off = []
    for one in honest:
        beta = one.beta.copy()
        beta[m.JOIN, 0, 0] += 1.0
        off.append(one._replace(beta=beta))

    told = calibrate(off, 1870, 1950)

    assert told is not None
    assert told.before[place] > 1.6 * told.record[place]
    assert -MOST <= told.shift[place] < -0.4
    assert abs(np.log(told.after[place] / told.record[place])) < 0.4


def test_a_fit_ends_with_the_last_year_that_all_tables_cover(monkeypatch):
    """Disputes are coded to 2014: in the two years after it the record is silent, not calm."""
    asked = []

    def collect(last, _tables):
        asked.append(last)
        raise LookupError

    monkeypatch.setattr(estimate, "collect", collect)
    for years in ({}, {"last": 1950}):
        with pytest.raises(LookupError):
            estimate.fit(**years)
    assert asked == [2014, 1950]
    assert max(row.year for row in load().disputes) == load().covered == 2014
    quiet = dataclasses.replace(load(), disputes=())
    assert quiet.covered == quiet.last


def test_priors_may_differ_between_alternatives():
    """The side with more is likelier to win; draws become likelier under self-rule, winners not."""
    mean, sd = prior(m.OUTCOME)
    share, norm = (m.TERMS[m.OUTCOME].index(n) for n in ("capability_share", "self_rule_norm"))
    draw, target = 0, 1

    assert mean[target, share] < mean[draw, share] < 0
    assert sd[draw, norm] > 10 * sd[target, norm]
    assert (sd[:, 0] < 1).all()
