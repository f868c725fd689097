"""The ten laws of the design, on the real record and the shipped parameters."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lab import (
    KEEP,
    LAST,
    REDRAW,
    STARTS,
    Simulated,
    differing,
    factual_covariates,
    first_of,
    logged,
    put,
    roll_forced,
    rolled,
    same,
    traced,
    truth,
    units_of,
    width,
)

from allohistory import world as w
from allohistory.answer.chance import chance
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.book import book_of
from allohistory.counterfactual.intervention import Change, Plan
from allohistory.counterfactual.surprise import price
from allohistory.counterfactual.twin import FOREVER, FRESH, INFINITE, Mode, Twins
from allohistory.engine import gate as g
from allohistory.engine import ledger
from allohistory.engine.coupling import by_order, edge
from allohistory.engine.luck import DEAD_ZONE, seat, stage
from allohistory.model import terms as m
from allohistory.model.parameters import GROWTH_SD
from allohistory.noise import ANEW, LUCK, address, name_hash, normal, uniform, world_seed
from allohistory.question.read import read_text
from allohistory.question.resolve import resolve
from allohistory.record.dates import FIRST_YEAR
from allohistory.record.tables import load
from allohistory.replay import against_record, replay

MANY = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
run_number = st.integers(0, 10_000)
LOSES = "japan-loses-1905"
EARLY = (
    LOSES, "japan-loses-1905-narrowly", "no-annexation-of-korea", "revenge", "yuan-dies-early",
    "no-war-1894", "draw-1894", "china-wins-1894", "china-does-well-1885",
)
"""Points of divergence decided before the stage of these tests ends."""


# ---- 1 null replay ----------------------------------------------------------------------------


@MANY
@given(run=run_number, start=st.sampled_from(STARTS), gumbel=st.booleans())
def test_1_null_replay_is_history_bit_for_bit(twins, run, start, gumbel):
    """Every cell, memories too: the last World is compared whole."""
    how = Mode("null", INFINITE, g.GUMBEL if gumbel else g.MONOTONE)

    room, _ = rolled(twins, (), how, run, start)

    assert same(room, truth(twins, start))
    assert twins.stage.world.differs(twins.abduction.worlds[LAST]) == {}


def test_1_the_replayed_history_is_the_record_itself(twins):
    assert against_record(truth(twins, 1860), 1860).sum() == 0


def test_1_history_has_events_to_replay(twins):
    h = truth(twins, 1860)
    assert (h.link[:, w.DISPUTE] > 0).sum() > 300
    assert (h.link[-1, w.ALLY] == 2).sum() > 10


@pytest.mark.parametrize("off", [(), ("memory", "standing"), ("year shocks", "settlement", "growth")])
def test_1_null_replay_is_exact_with_mechanisms_off(off):
    result = replay(1890, 1925, runs=4, seed=3, off=off)

    assert result["cells_changed"] == 0
    assert result["cells_compared"] > 1_000_000
    assert result["by_year"] == {}
    assert result["first_change"] is None


@pytest.mark.slow
def test_1_null_replay_of_140_years_for_every_draw_and_twenty_seeds(draws):
    result = replay(1870, 2010, runs=len(draws), jobs=2)

    assert (result["seeds"], result["draws"]) == (20, len(draws))
    assert result["cells_changed"] == 0


# ---- 2 no effect before the cause, 3 idle intervention ----------------------------------------


@MANY
@given(run=run_number, start=st.sampled_from(STARTS), pick=st.integers(0, 10**6))
def test_2_nothing_differs_before_the_first_change(twins, run, start, pick):
    keys, _ = traced(twins, start + 3)
    put(twins, keys[pick % len(keys)], 1)

    room = roll_forced(twins, run, start)

    assert same(room, truth(twins, start), slice(0, 3))


@pytest.mark.parametrize("how", [KEEP, REDRAW, FRESH], ids=lambda how: how.name)
@pytest.mark.parametrize("plan", EARLY)
def test_2_no_point_of_divergence_shows_before_its_year(twins, question, plan, how):
    plan = question.plan(plan)
    start = max(y for y in STARTS if y < plan.first)

    room, _ = rolled(twins, plan.changes, how, 5, start, decided=plan.decided)

    assert same(room, truth(twins, start), slice(0, plan.first - start))
    assert not same(room, truth(twins, start)), "the plan is idle: the law was not tried"


@MANY
@given(run=run_number, start=st.sampled_from(STARTS), pick=st.integers(0, 10**6), big=st.booleans())
def test_3_forcing_what_happened_changes_nothing(twins, run, start, pick, big):
    """Composition (Galles and Pearl 1998), for any choice of any process, races too."""
    keys, outcomes = traced(twins, start + 1)
    pool = np.flatnonzero(outcomes > 0) if big and (outcomes > 0).any() else np.arange(len(keys))
    k = pool[pick % len(pool)]
    put(twins, keys[k], int(outcomes[k]))

    room = roll_forced(twins, run, start, REDRAW)

    assert same(room, truth(twins, start))


FACTS = """question = "What happened"
pair = ["Japan", "China"]
divergence = {{ from = 1890, to = 1925 }}
horizon = 20
[goal]
firm = {{ level = 2 }}
[[pod]]
id = "fact"
title = "What happened"
[[pod.step]]
{step}
"""


@pytest.mark.parametrize(
    "step",
    [
        'force = { war = "Russo-Japanese War", outcome = "Japan wins" }',
        'force = { war = "First Sino-Japanese War", outcome = "Japan wins" }',
        'force = { join = "First World War", state = "Japan", side = "Britain", year = 1914 }',
    ],
)
def test_3_a_question_that_asks_for_what_happened_changes_nothing(twins, step):
    plan = resolve(read_text(FACTS.format(step=step), "q.toml")).plans[0]
    start = max(y for y in STARTS if y < plan.first)

    room, slots = rolled(twins, plan.changes, REDRAW, 7, start)

    assert all(twins.stage.luck.hits[s] for s in slots), "no such choice: the law was not tried"
    assert same(room, truth(twins, start))


# ---- 4 only what is touched diverges ----------------------------------------------------------


@pytest.fixture(scope="module")
def book(draws, question):
    return book_of(question.plan(LOSES), draws[3], LAST, 5, how=REDRAW, seed=11)


def test_4_every_changed_choice_has_a_path_to_the_intervention(book):
    entries = book.ledger.entries
    assert len(entries) > 20
    for entry in entries:
        last, _ = book.ledger.path(entry, book.parameters)[-1]
        assert last.forced, entry


def test_4_without_the_intervention_the_same_luck_gives_history(twins, question):
    """Cutting the root restores every cell."""
    start = question.plan(LOSES).first - 1

    room, _ = rolled(twins, (), REDRAW, 5, start)

    assert same(room, truth(twins, start))


def test_4_a_choice_whose_reasons_did_not_move_comes_out_as_in_history(twins, question):
    """Even where all that moved is drawn anew: equal covariates, equal outcome."""
    plan = question.plan(LOSES)
    start, last = plan.first - 1, LAST
    actual = factual_covariates(twins, start)
    logged(twins, plan.changes, REDRAW, 5, start)
    luck = twins.stage.luck
    changed = {tuple(row[:4]) for row in luck.log[: int(luck.counter[0])].tolist()}
    rows = luck.rows[: int(luck.counter[1])].tolist()
    joins = {
        (r[2], r[3], r[1]): luck.covariates[n, : width(m.JOIN)].copy()
        for n, r in enumerate(rows) if r[0] == m.JOIN + g.OTHER_SIDE
    }
    calm = moved = 0
    for n, (process, year, a, b, _, first) in enumerate(rows):
        then = actual.get((process, year, first, b))
        if process >= g.OTHER_SIDE or process == m.JOIN or then is None:
            continue
        k = width(process)
        if (luck.covariates[n, :k] == then[:k]).all():
            calm += 1
            assert (process, year, a, b) not in changed
        else:
            moved += 1
    assert calm > 10_000
    assert moved > 500
    assert joins or last == LAST


def hold_everything(twins, plan, how, run, start, last):
    """
    Force every choice that came out otherwise than in history back to what it was.

    A choice held lets others come up, so the run is repeated until none is left; races, which
    the log does not list, are held at the record's winner from the start.
    """
    s = twins.stage
    hashes, unit_hashes = s.geography.state_hash, s.geography.unit_hash
    events = s.script.events
    held = {}
    for year in range(start + 1, last + 1):
        for process, names in ((m.EXIT_TO, hashes), (m.PATRON_TO, hashes), (m.HANDS_TO, unit_hashes)):
            for name in names:
                c = Change(process, year, int(name))
                if c.where in events.get(year, {}):
                    held[c.where] = dataclasses.replace(c, force=events[year][c.where])
    mine = {c.where for c in plan.changes}
    for _ in range(40):
        room = logged(twins, (*plan.changes, *held.values()), how, run, start, last)
        place = ledger.by_place(s)
        luck, new = s.luck, {}
        for process, year, a, b, _, was in luck.log[: int(luck.counter[0])].tolist():
            if (process, year, a, b) not in place:
                continue  # forced
            first = first_of(place[process, year, a, b][0])
            c = Change(process, year, first, units_of(hashes, process, b, a), force=was)
            assert c.where not in mine
            assert c.where not in held, "a held choice was met and not held"
            new[c.where] = c
        if not new:
            return room, held
        held |= new
    pytest.fail("choices keep coming up")


@pytest.mark.parametrize("name", [LOSES, "china-wins-1894"])
def test_4_cutting_every_path_restores_every_cell(twins, question, name):
    """
    The ledger is complete: hold what it lists, and nothing but the intervention's own mark stays.

    The marks are the loser's and the winner's standing and memories, which no choice carries.
    """
    plan = question.plan(name)
    start, last = plan.first - 1, plan.first + 14
    free, _ = rolled(twins, plan.changes, REDRAW, 5, start, last)
    fact = truth(twins, start, last)

    cut, held = hold_everything(twins, plan, REDRAW, 5, start, last)

    assert differing(free, fact) > 100
    assert len(held) > 20
    assert differing(cut, fact) == 0
    discrete = [w.ACTIVE, w.MAJOR, w.REGIME, w.LEADER, w.PATRON]
    assert (cut.status[:, discrete] == fact.status[:, discrete]).all()
    assert (cut.state[:, w.STANDING] != fact.state[:, w.STANDING]).any()


# ---- the dial: kappa --------------------------------------------------------------------------


def test_kappa_is_the_rate_at_which_moved_choices_are_drawn_anew(twins, question):
    """At 0 none, at infinity all that moved, between them 1 - exp(-kappa (|D| - dead zone))."""
    plan = question.plan(LOSES)
    start, last = plan.first - 1, plan.first + 4
    actual = factual_covariates(twins, start, last)
    luck, beta = twins.stage.luck, twins.parameters.beta[m.DISPUTE, 0, : width(m.DISPUTE)]
    hashes = twins.stage.geography.state_hash
    seen, expected, spread = 0, 0.0, 0.0
    for run in range(12):
        for kappa in (0.0, 1.0, INFINITE):
            logged(twins, plan.changes, Mode("dial", kappa), run, start, last)
            n = int(luck.counter[1])
            rows, covariates = luck.rows[:n], luck.covariates[:n]
            for r in np.flatnonzero(rows[:, 0] == m.DISPUTE):
                _, year, a, b, _, first = rows[r].tolist()
                then = actual.get((m.DISPUTE, year, first, b))
                if then is None:
                    continue
                d = abs(float(beta @ (covariates[r, : len(beta)] - then[: len(beta)])))
                if abs(d - DEAD_ZONE) < 1e-9:
                    continue
                where = address(m.DISPUTE, year, hashes[a], hashes[b])
                touched = int(g.find(luck.touched, np.uint64(where))) >= 0
                if kappa == 1.0:
                    p = -np.expm1(-max(d - DEAD_ZONE, 0.0))
                    seen, expected, spread = seen + touched, expected + p, spread + p * (1 - p)
                else:
                    assert touched == (kappa > 0 and d > DEAD_ZONE)
    assert expected > 100
    assert abs(seen - expected) < 4 * spread**0.5


# ---- 5 prior kept -----------------------------------------------------------------------------

FIRST_SIMULATED, LAST_SIMULATED, WORLDS = 1900, 1940, 12


@pytest.fixture(scope="module")
def simulated(draws):
    """Worlds the model made, abducted and replayed: rows, covariates, posteriors, growth."""
    out = []
    for d in range(0, WORLDS, 3):
        lab = Simulated(draws[d], FIRST_SIMULATED, LAST_SIMULATED)
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


@pytest.mark.parametrize("process", [p for p in m.TERMS if p not in (*m.RACES, m.GROWTH, m.ENTRY_LATE)])
def test_5_luck_inferred_from_simulated_worlds_is_uniform(simulated, process):
    """Pooled over choices, in the middle and in the tails, where the rare events are."""
    values = np.concatenate([u for _, u, *_ in lucks(simulated, process)])

    assert len(values) > 50
    assert ((values >= 0) & (values < 1)).all()
    edges = np.concatenate([DECILES, TAILS])
    edges = edges[(edges * len(values) > 12) & ((1 - edges) * len(values) > 12)]
    assert uniform_at(values, edges) < MOST


BINARY = [
    p for p in m.TERMS
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


def fresh_rows(twins, world, start, last, run=4):
    """Choices of fresh years from a World: address -> (outcome, covariates)."""
    luck = twins.stage.luck
    source = dataclasses.replace(twins.abduction, worlds={start: world})
    lab = Twins(twins.stage, twins.parameters, source, twins.seed)
    luck.counter[0] = luck.counter[1] = 0
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 1
    lab._roll(lab.room(start, last), run, start, last, g.FRESH, FRESH, start)
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 0
    rows = luck.rows[: int(luck.counter[1])].tolist()
    return {
        (p, year, first, b): (result, luck.covariates[n, : width(p % g.OTHER_SIDE)].copy())
        for n, (p, year, a, b, result, first) in enumerate(rows)
    }


def test_6_a_fresh_choice_is_decided_by_the_luck_at_its_address(twins):
    """The engine's outcomes, worked out again from nothing but address and covariates."""
    start, last, run = 1904, 1914, 4
    world = np.uint64(world_seed(twins.seed, run))
    hashes = twins.stage.geography.state_hash

    met = fresh_rows(twins, twins.abduction.worlds[start], start, last, run)

    happened = tried = 0
    for n, ((process, year, first, b), (result, x)) in enumerate(met.items()):
        plain = process < g.OTHER_SIDE and process != m.JOIN and process not in m.SHOCKED
        if not plain or process in m.RACES or process in PAIRED or not (result or n % 37 == 0):
            continue
        second = hashes[b] if b >= 0 else np.uint64(0)
        where = np.uint64(address(process, year, np.uint64(first_of(first)), second))
        beta = twins.parameters.beta[process, :, : len(x)]
        eta = [float(v) for v in beta @ x]
        k = m.ALTERNATIVES.get(process, 1)
        tried, happened = tried + 1, happened + (result > 0)
        assert by_order(float(uniform(world, where, ANEW)), k, *eta) == result, m.NAMES[process]
    assert tried > 250
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
        k for k in one.keys() & two.keys()
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


# ---- 7 bits add -------------------------------------------------------------------------------


@given(
    logs=st.lists(st.lists(st.floats(-8, 0), min_size=4, max_size=4), min_size=1, max_size=9),
    stated=st.floats(0.01, 1),
)
def test_7_bits_add(logs, stated):
    """Chain rule: the steps' bits sum to the chain's, and P(chain) is 2 to the minus that."""
    cost = price(np.array(logs), [(2, stated)])

    assert abs(sum(cost.step_bits) - cost.bits - cost.stated_bits) < 1e-9
    assert abs(cost.chance - 2 ** -(cost.bits + cost.stated_bits)) < 1e-9


@given(eta=st.lists(st.floats(-20, 20), min_size=3, max_size=3))
def test_7_disjoint_parts_sum_to_the_event(eta):
    parts = [edge(k + 1, 3, *eta) - edge(k, 3, *eta) for k in range(4)]

    assert abs(sum(parts) - 1) < 1e-9
    assert abs((parts[1] + parts[2]) - (edge(3, 3, *eta) - edge(1, 3, *eta))) < 1e-9


def priced(twins, changes, start):
    """Log probability of each forced change, in the run just rolled."""
    changes = tuple(changes)
    _, slots = rolled(twins, changes, KEEP, 5, start)
    return [float(twins.stage.luck.logp[s]) for s in slots]


def test_7_the_outcomes_of_a_war_exhaust_what_can_happen(twins, question):
    """Initiator, draw, target: the engine's own prices of the three parts sum to one."""
    plan = question.plan(LOSES)
    outcome = next(c for c in plan.changes if c.process == m.OUTCOME)

    parts = [
        priced(twins, [dataclasses.replace(outcome, force=k)], plan.first - 1)[0] for k in range(3)
    ]

    assert abs(np.exp(parts).sum() - 1) < 1e-9
    assert all(p < 0 for p in parts)


def test_7_a_choice_and_its_opposite_sum_to_one_whatever_the_year_shock(twins):
    h = twins.stage.geography.state_hash
    p = twins.stage.script.panel
    i, j = h[p.index("JPN")], h[p.index("CHN")]
    for process, first, second in (
        (m.DISPUTE, i, j), (m.FOUND_STRONG, min(i, j), max(i, j)), (m.REGIME, i, 0),
    ):
        parts = [
            priced(twins, [Change(process, 1905, int(first), int(second), force=k)], 1904)[0]
            for k in range(1 + m.ALTERNATIVES.get(process, 1))
        ]
        assert abs(np.exp(parts).sum() - 1) < 1e-9


# ---- 9 one code for features ------------------------------------------------------------------


def test_9_replay_sees_the_covariates_that_were_fitted(twins):
    """Fitting and simulation read the same numbers off the same World, bit for bit."""
    start = 1904
    fitted = factual_covariates(twins, start)
    logged(twins, (), REDRAW, 4, start)
    replayed = ledger.by_address(twins.stage)

    shared = [k for k in fitted.keys() & replayed.keys() if k[0] not in (m.GROWTH, *m.RACES)]
    assert len(shared) > 20_000
    assert {k[0] for k in shared} >= set(m.TERMS) - {m.GROWTH, *m.RACES}
    assert all((fitted[k][: width(k[0])] == replayed[k][: width(k[0])]).all() for k in shared)


def test_9_fresh_worlds_see_the_covariates_that_were_fitted(twins):
    """The first stages of a fresh year stand before the very World that the fit walked through."""
    start = 1904
    fitted = factual_covariates(twins, start, start + 1)

    fresh = fresh_rows(twins, twins.abduction.worlds[start], start, start + 1)

    first = [k for k in fitted.keys() & fresh.keys() if k[0] == m.LEADER]
    assert len(first) > 10
    assert all((fitted[k][: width(m.LEADER)] == fresh[k][1]).all() for k in first)


# ---- 10 provenance (whole answers: tests/whole) -----------------------------------------------


@given(
    p=st.sampled_from([0.0, 0.01, 0.5, 0.99, 1.0]), draws=st.integers(2, 60), runs=st.integers(1, 4),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_10_an_interval_holds_its_number(p, draws, runs, seed):
    rng = np.random.default_rng(seed)

    c = chance(rng.random(draws * runs) < p, np.repeat(np.arange(draws), runs))

    assert 0 <= c["lo"] <= c["p"] <= c["hi"] <= 1
    assert c["lo"] < c["hi"]


def test_the_laws_speak_of_a_real_question(question):
    """It has its points of divergence, and those named above are decided in time."""
    assert len(question.plans) >= 10
    assert all(isinstance(p, Plan) and p.changes for p in question.plans)
    assert all(question.plan(name).decided < LAST for name in EARLY)
    assert FOREVER > LAST
    assert seat is not None
