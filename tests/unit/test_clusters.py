"""Intervals over clusters, and what holds the parts of `check` to the same result everywhere."""

import numpy as np
import pytest

from allohistory.check import trees
from allohistory.check.clusters import BLOCK, interval, repeats, slopes
from allohistory.check.everything import run
from allohistory.check.forecast import drifted
from allohistory.errors import AllohistoryError
from allohistory.model import terms as m
from allohistory.model.parameters import blank


def rng():
    return np.random.Generator(np.random.Philox(0))


def test_neighbours_are_drawn_together():
    drawn = repeats(rng(), 12, BLOCK, 50)
    assert (drawn.sum(axis=1) == 12).all()
    assert (repeats(rng(), 1, BLOCK, 5) == 1).all()
    near, far = (np.mean((drawn[:, 4] - 1) * (drawn[:, k] - 1)) for k in (5, 10))
    assert near > far
    assert (repeats(rng(), 4, BLOCK, 50).sum(axis=1) == 4).all(), "few clusters, shorter blocks"


def test_blocks_widen_intervals_where_neighbours_are_alike():
    cluster = np.repeat(np.arange(24), 5)
    values = np.sin(cluster / 4.0)
    alike = np.diff(interval(values, cluster))
    apart = np.diff(interval(values, cluster, np.ones(len(cluster), np.int64)))
    assert alike > 1.2 * apart


def test_slopes_survive_blocks_without_events_and_very_sure_forecasts():
    cluster = np.repeat(np.arange(8), 400)
    x = np.where(np.arange(3200) % 400 < 4, 9.0, -9.0)
    came = ((cluster == 3) & (np.arange(3200) % 400 < 6)).astype(np.int64)
    found, low, high = slopes(x, came, cluster)
    assert np.isfinite([found, low, high]).all()
    assert 0 < low <= high < 5, "blocks without the eventful cut-off have no slope to tell"
    assert np.isnan(slopes(x, np.zeros(3200, np.int64), cluster)).all()


def test_the_times_drift_from_the_cut_off_on():
    since, last = 1900, 1910
    level = np.tile(np.arange(last - since + 1.0), (len(m.TIMED), 1))
    model = blank()._replace(
        level=level,
        since=np.array([since]),
        drift=np.full(len(m.TIMED), 0.0),
        hold=np.full(len(m.TIMED), 0.5),
    )
    assert drifted([model], 1905)[0].beta[m.DISPUTE, 0, 0] == 5.0
    later = drifted([model], 1912)[0].beta
    assert later[m.DISPUTE, 0, 0] == 2.5
    assert (later[m.LEVEL, 0, 0], later[m.LEVEL, 1, 0]) == (0.0, 2.5), "of levels, only war"
    assert model.beta.any() == 0
    moving = [model._replace(drift=np.full(len(m.TIMED), 0.3))] * 2
    one, two = (draw.beta[m.DISPUTE, 0, 0] for draw in drifted(moving, 1930))
    assert one != two
    assert one == drifted(moving[:1], 1930)[0].beta[m.DISPUTE, 0, 0]


def test_without_the_library_of_trees_nothing_is_begun(monkeypatch):
    monkeypatch.setattr(trees, "find_spec", lambda _: None)
    with pytest.raises(AllohistoryError, match="scikit-learn") as refused:
        run(cutoffs=[1900])
    assert str(refused.value).count("\n") == 0
