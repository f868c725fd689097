"""Laws 5 and 6: luck inferred is luck drawn, and it hangs on the address alone."""

import dataclasses

import numpy as np
import pytest
from lab import (
    LOSES,
    Simulated,
    first_of,
    fresh_rows,
    rolled,
    width,
)

from allohistory import world as w
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.twin import FRESH, Twins
from allohistory.engine import gate as g
from allohistory.engine.coupling import by_order, edge
from allohistory.engine.luck import stage
from allohistory.model import terms as m
from allohistory.model.parameters import GROWTH_SD
from allohistory.model.switches import without
from allohistory.noise import ANEW, LUCK, address, name_hash, normal, uniform, world_seed
from allohistory.record.dates import FIRST_YEAR
from allohistory.record.tables import load

# ---- 5 prior kept -----------------------------------------------------------------------------

FIRST_SIMULATED, LAST_SIMULATED, WORLDS = 1900, 1940, 12


@pytest.fixture(scope="module")
def simulated(draws):
    """Worlds the model made, abducted and replayed: rows, covariates, posteriors, growth."""
    out = []
    for d in range(0, WORLDS, 3):
        # The times are history's as long as its luck lasts, not luck that is inferred: a world
        # that drifted away from them could not be told with them.
        lab = Simulated(without(draws[d], ["the times"]), FIRST_SIMULATED, LAST_SIMULATED)
        p, luck = lab.parameters, lab.stage.luck
        for k in range(3):
            made = lab.simulate(run=d + k)
            end = lab.stage.world.copy()
            told = lab.tell()
            assert lab.stage.world.differs(end) == {}
            assert all((a == b).all() for a, b in zip(made, told, strict=True))
            again, rows, covariates = lab.replay(run=d + k)
            assert lab.stage.world.differs(end) == {}
            assert all((a == b).all() for a, b in zip(made, again, strict=True))
            live = (made.status[1:, w.ACTIVE] * made.status[:-1, w.ACTIVE]) > 0
            inside = live & (np.abs(luck.cap[1:] + 0.9) < 5.0)
            z = ((luck.cap - luck.mean)[1:][inside]) / p.elicited[GROWTH_SD]
            out.append((p, rows, covariates, luck.posterior[1:].copy(), z))
    return out


def lucks(simulated, process):
    """Luck inferred for every choice of a process, with its outcome and covariates."""
    for p, rows, covariates, *_ in simulated:
        mine = rows[:, 0] == process
        yield p, covariates[mine, g.DRAWN], rows[mine, 4], covariates[mine]


def uniform_at(values, edges):
    """Largest z of the counts below each edge."""
    n = len(values)
    counts = np.array([(values < e).sum() for e in edges])
    return np.abs((counts - n * edges) / np.sqrt(n * edges * (1 - edges))).max()


MOST = 4.0
"""Standard errors: some 250 comparisons, none of which should go so far by luck."""
DECILES = np.arange(1, 10) / 10
TAILS = np.array([0.001, 0.003, 0.01, 0.05, 0.95, 0.99, 0.997, 0.999])


@pytest.mark.parametrize(
    "process", [p for p in m.TERMS if p not in (*m.RACES, m.GROWTH, m.ENTRY_LATE)]
)
def test_5_luck_inferred_from_simulated_worlds_is_uniform(simulated, process):
    """Pooled over choices, in the middle and in the tails, where the rare events are."""
    values = np.concatenate([u for _, u, *_ in lucks(simulated, process)])

    assert len(values) > 50
    assert ((values >= 0) & (values < 1)).all()
    edges = np.concatenate([DECILES, TAILS])
    edges = edges[(edges * len(values) > 12) & ((1 - edges) * len(values) > 12)]
    assert uniform_at(values, edges) < MOST


BINARY = [
    p
    for p in m.TERMS
    if p not in (*m.RACES, *m.ALTERNATIVES, *m.SHOCKED, m.GROWTH, m.ENTRY_LATE, m.MAJOR_LOSS)
]


@pytest.mark.parametrize("process", [*BINARY, m.LEADER, m.REGIME, m.LEVEL, m.OUTCOME])
def test_5_luck_of_what_happened_fills_its_interval_evenly(simulated, process):
    """
    Among choices that came out as something, luck is spread over the interval it was in.

    Luck that is clipped to the interval heaps up at its edges instead.
    """
    alternatives, k = m.ALTERNATIVES.get(process, 1), width(process)
    inside = []
    for p, values, outcomes, covariates in lucks(simulated, process):
        eta = covariates[:, :k] @ p.beta[process, :, :k].T
        for u, o, e in zip(values, outcomes, eta, strict=True):
            if o > 0:
                kind = min(int(o), alternatives)
                low, high = (float(edge(j, alternatives, *e)) for j in (kind, kind + 1))
                inside.append((u - low) / (high - low))
    inside = np.array(inside)

    assert len(inside) > 2
    assert ((inside > -1e-6) & (inside < 1 + 1e-6)).all()
    assert uniform_at(inside, np.array([0.25, 0.5, 0.75])) < MOST
    assert ((inside > 1e-6) & (inside < 1 - 1e-6)).mean() > 0.99


def test_5_growth_is_normal_about_its_mean(simulated):
    z = np.concatenate([z for *_, z in simulated])

    cdf = np.linspace(0.1, 0.9, 9)
    below = np.array([(z < normal(float(q))).mean() for q in cdf])

    assert len(z) > 10_000
    assert np.abs((below - cdf) / np.sqrt(cdf * (1 - cdf) / len(z))).max() < MOST


def test_5_the_year_shocks_come_back_uniform_on_average(simulated):
    """Posterior of the eight slices, by world (years of one world are not independent)."""
    worlds = np.stack([posterior.mean(axis=0) for *_, posterior, _ in simulated])

    error = worlds.std(axis=0, ddof=1) / np.sqrt(len(worlds))

    assert (np.abs(worlds.mean(axis=0) - 1 / 8) / error).max() < 5.5  # t with 11 degrees
    assert np.abs(worlds.mean(axis=0) - 1 / 8).max() < 0.03
    one = np.concatenate([posterior for *_, posterior, _ in simulated])
    assert one.std(axis=0).max() > 0.02, "years tell nothing of their shocks: nothing was inferred"


# ---- 6 address, not order ---------------------------------------------------------------------


def test_6_luck_hangs_on_the_address_alone():
    one, two = world_seed(1, 7), world_seed(1, 8)
    here = np.uint64(address(m.DISPUTE, 1914, name_hash("AUH"), name_hash("YUG")))
    there = np.uint64(address(m.DISPUTE, 1914, name_hash("YUG"), name_hash("AUH")))
    one, two = np.uint64(one), np.uint64(two)

    before = uniform(one, here, LUCK)
    for year in range(1860, 1900):
        uniform(one, np.uint64(address(m.LEVEL, year, name_hash("GMY"), np.uint64(0))), LUCK)

    assert uniform(one, here, LUCK) == before
    assert len({before, uniform(one, there, LUCK), uniform(two, here, LUCK)}) == 3


def test_6_more_runs_keep_the_runs_one_had(twins, question):
    plan = question.plan(LOSES)
    alone, _ = rolled(twins, plan.changes, FRESH, 3, plan.first - 1)
    kept = [field.copy() for field in alone]
    for run in (0, 1, 2, 9):
        rolled(twins, plan.changes, FRESH, run, plan.first - 1)

    again, _ = rolled(twins, plan.changes, FRESH, 3, plan.first - 1)

    assert all((a == b).all() for a, b in zip(kept, again, strict=True))


def test_6_a_fresh_choice_is_decided_by_the_luck_at_its_address(twins):
    """The engine's outcomes, worked out again from nothing but address and covariates."""
    start, last, run = 1904, 1914, 4
    world = np.uint64(world_seed(twins.seed, run))
    hashes = twins.stage.geography.state_hash

    met = fresh_rows(twins, twins.abduction.worlds[start], start, last, run)

    happened = tried = 0
    for n, ((process, year, first, b), (result, x)) in enumerate(met.items()):
        plain = process < g.OTHER_SIDE and process not in (*m.SHOCKED, *m.TIMED)
        if not plain or process in m.RACES or process in PAIRED or not (result or n % 23 == 0):
            continue
        second = hashes[b] if b >= 0 else np.uint64(0)
        where = np.uint64(address(process, year, np.uint64(first_of(first)), second))
        beta = twins.parameters.beta[process, :, : len(x)]
        eta = [float(v) for v in beta @ x]
        k = m.ALTERNATIVES.get(process, 1)
        tried, happened = tried + 1, happened + (result > 0)
        assert by_order(float(uniform(world, where, ANEW)), k, *eta) == result, m.NAMES[process]
    assert tried > 200
    assert happened > 100


PAIRED = (m.RIVAL_START, m.RIVAL_END)


@pytest.mark.parametrize("gone", ["BOL", "ETH"])
def test_6_dropping_a_state_leaves_the_luck_of_others_alone(twins, gone):
    """Wherever the covariates of a choice are the same, so is its outcome, ten years long."""
    start, last = 1904, 1914
    whole = twins.abduction.worlds[start]
    i = twins.stage.script.panel.index(gone)
    fewer = whole.copy()
    assert fewer.status[w.ACTIVE, i] == 1
    fewer.status[w.ACTIVE, i] = 0
    fewer.status[w.MAJOR, i] = 0

    one = fresh_rows(twins, whole, start, last)
    two = fresh_rows(twins, fewer, start, last)

    shared = [
        k
        for k in one.keys() & two.keys()
        if k[0] % g.OTHER_SIDE != m.JOIN and (one[k][1] == two[k][1]).all()
    ]
    assert len(one.keys() - two.keys()) > 200, "the state had choices to make"
    assert len(shared) > 15_000
    assert sum(one[k][0] > 0 for k in shared) > 40
    assert all(one[k][0] == two[k][0] for k in shared)


def test_6_relabelling_the_states_changes_nothing_but_their_order(draws):
    """The same fresh ten years, state by state, from a record whose states stand otherwise."""
    tables = load()
    order = np.random.default_rng(3).permutation(len(tables.states))
    other = dataclasses.replace(tables, states=tuple(tables.states[k] for k in order))
    start, last, run = 1904, 1914, 6
    found = {}
    for name, record in (("as it is", None), ("relabelled", other)):
        s = stage(FIRST_YEAR, last, tables=record)
        lab = Twins(s, draws[3], abduce(s, draws[3], [start]), seed=11)
        room = lab.room(start, last)
        lab._roll(room, run, start, last, g.FRESH, FRESH, start)
        found[name] = (s.script.panel.states, room)
    ids, one = found["as it is"]
    names, two = found["relabelled"]
    assert ids != names
    back = [names.index(i) for i in ids]
    for row in (w.ALLY, w.DISPUTE, w.RIVAL, w.WAR):
        assert (one.link[:, row] == two.link[:, row][:, back][:, :, back]).all()
    for row in (w.ACTIVE, w.MAJOR, w.REGIME):
        assert (one.status[:, row] == two.status[:, row][:, back]).all()
    assert np.allclose(one.state[:, w.CAP], two.state[:, w.CAP][:, back], rtol=1e-9)
    assert (one.link[1:, w.DISPUTE] > 0).sum() > 20
