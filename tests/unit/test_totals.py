"""What is summed as runs arrive is what all runs together would have given."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allohistory.answer.totals import ALIVE, KEPT, Sample, Side, Totals, median
from allohistory.answer.work import Ask, Found, _fields, pieces
from allohistory.chance import chance, effect
from allohistory.question import goals
from allohistory.question.goals import GoalSpec
from allohistory.question.rungs import CODES, SECOND, UNDER

YEARS = 12


def task(**kw):
    base = {"plans": (), "pair": (0, 1), "yard": (2, 3), "yard_from": 1904, "start": 1900}
    return Ask(**base, horizon=YEARS - 1, spec=GoalSpec(), seed=1, watched=(0, 1, 4), **kw)


def runs(many, draws, seed=0):
    rng = np.random.default_rng(seed)
    rows = np.zeros(many, _fields(task(), YEARS, YEARS + 3))
    rows["run"] = np.arange(many)
    rows["draw"] = np.arange(many) * draws // many
    for name in ("met", "firm", "censored", "outcomes"):
        rows[name] = rng.random(rows[name].shape) < 0.3
    for name in ("place", "quantities", "shares"):
        rows[name] = rng.normal(size=rows[name].shape)
    for name in ("first", "longest", "miles", "closest", "relations"):
        rows[name] = rng.integers(0, 9, rows[name].shape)
    rows["bond"] = rng.choice(CODES, rows["bond"].shape)
    rows["first"] -= 3
    rows["miles"] -= 3
    return rows


@given(st.lists(st.integers(-5, 40), min_size=1, max_size=60))
def test_the_median_of_counts_is_the_median(values):
    assert median(Counter(values)) == np.median(values)


@pytest.mark.parametrize("some", [1, 7, 300])
def test_sums_of_parts_are_sums_of_all(some):
    rows = runs(300, 10)
    side = Side(10)
    for k in range(0, 300, some):
        side.add(rows[k : k + some])

    assert side.many == 300
    assert (side.sizes == 30).all()
    for name in ("met", "firm", "quantities", "relations", "shares", "place"):
        by_hand = np.array([rows[name][rows["draw"] == d].sum(axis=0) for d in range(10)])
        np.testing.assert_allclose(side.sums[name], by_hand, rtol=1e-12, atol=1e-12)
    for n, code in enumerate(CODES):
        assert side.sums["bond"][:, :, n].sum() == (rows["bond"] == code).sum()
    under = [[code % SECOND >= UNDER for code in row] for row in rows["bond"].tolist()]
    assert side.under == Counter(row.index(True) for row in under if any(row))
    assert side.sums["fate"][:, :2].sum() == sum(map(any, under))
    # Its own master again is who is no longer under the other, and still a state.
    first = [next((c for c in r if c % SECOND >= UNDER), 0) for r in rows["bond"].tolist()]
    alive = [q[ALIVE[int(c >= SECOND)]] > 0 for c, q in zip(first, rows["quantities"], strict=True)]
    own = sum(any(r) and not r[-1] and there for r, there in zip(under, alive, strict=True))
    assert side.sums["fate"][:, 3].sum() == own
    had = rows["first"] >= 0
    assert side.first == Counter(rows["first"][had].tolist())
    assert sum(side.spells.values()) == had.sum()
    assert side.miles[2] == Counter(rows["miles"][:, 2][rows["miles"][:, 2] >= 0].tolist())
    assert side.closest[1] == Counter(rows["closest"][:, 1].tolist())


def test_a_draw_without_runs_is_no_draw_of_a_chance():
    """History's luck is replayed in some draws only."""
    side = Side(10)
    rows = runs(40, 4)
    rows["draw"] *= 3
    side.add(rows)

    hits, sizes = side.by_draw("met", goals.M_TOGETHER)

    assert len(hits) == len(sizes) == 4
    assert chance(hits, sizes)["p"] == round(float(rows["met"][:, goals.M_TOGETHER].mean()), 5)


def test_an_effect_is_the_mean_difference_of_the_twins():
    rng = np.random.default_rng(1)
    x, y = rng.normal(1.0, 1, (40, 5)), rng.normal(0.0, 1, (40, 5))

    e = effect(x.sum(axis=1), y.sum(axis=1), np.full(40, 5))

    assert abs(e["effect"] - (x - y).mean()) < 1e-4
    assert e["lo"] < e["effect"] < e["hi"]
    means = (x - y).mean(axis=1)
    assert abs(e["hi"] - e["effect"] - 1.645 * means.std(ddof=1) / np.sqrt(40)) < 2e-4


def test_a_sample_is_all_of_few_and_some_of_many():
    few, many = runs(100, 10), runs(20 * KEPT, 10)
    small, one, other = Sample(), Sample(), Sample()
    small.add(few)
    for k in range(0, len(many), 32):
        one.add(many[k : k + 32])
        assert one.held <= 2 * KEPT + 32
    other.add(many)

    assert small.rows()["run"].tolist() == few["run"].tolist()
    assert (small.rows()["quantities"] == few["quantities"]).all()
    kept = one.rows()["run"]
    assert len(kept) == KEPT
    assert kept.tolist() == other.rows()["run"].tolist()
    assert abs(kept.mean() / len(many) - 0.5) < 0.05, "chosen evenly"


def held(totals):
    """Bytes of the arrays and counters of totals."""
    sides = totals.sides.values()
    sums = sum(a.nbytes for s in sides for a in s.sums.values())
    counts = sum(len(c) for s in sides for c in (s.first, s.spells, *s.miles, *s.closest))
    kept = sum(len(s.rows()) for s in (totals.every, totals.reaching))
    return sums, counts, kept


def test_totals_do_not_grow_with_the_runs():
    sizes = []
    totals = Totals(10)
    chain = np.array([[0.0, 1.0, -0.3]])
    for k in range(200):
        totals.add(Found(runs(200, 10, seed=k), chain))
        if k in (99, 199):
            sizes.append(held(totals))

    assert sizes[0] == sizes[1]
    assert totals.sides[0].many == 200 * 200
    assert totals.chain[0].tolist() == [1.0, -0.3]


@pytest.mark.parametrize(("draws", "fresh"), [(80, 1), (128, 2), (128, 33), (8, 100)])
def test_pieces_cover_every_run_once(draws, fresh):
    ask = task(draws=draws, fresh=fresh, every=8)
    found, replayed = [], []
    for piece in pieces(ask):
        here = [r for d in piece.draws for r in piece.runs(ask, d, fresh=True)]
        assert 0 < len(here) <= 32
        found += here
        replayed += [r for d in piece.draws for r in piece.runs(ask, d, fresh=False)]

    assert found == list(range(draws * fresh))
    assert replayed == list(range(0, draws, 8))
