"""Laws 7 to 10: bits add, draws do not leak, features agree, intervals hold."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from lab import (
    EARLY,
    KEEP,
    LAST,
    LOSES,
    REDRAW,
    factual_covariates,
    fresh_rows,
    logged,
    rolled,
    same,
    width,
)

from allohistory.chance import chance
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.intervention import Change, Plan
from allohistory.counterfactual.surprise import price
from allohistory.counterfactual.twin import INFINITE, Mode, Twins
from allohistory.engine import ledger
from allohistory.engine.coupling import edge
from allohistory.engine.luck import stage
from allohistory.model import terms as m
from allohistory.record.dates import FIRST_YEAR

# ---- 7 bits add -------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    logs=st.lists(st.lists(st.floats(-8, 0), min_size=4, max_size=4), min_size=1, max_size=9),
    stated=st.floats(0.01, 1),
)
def test_7_bits_add(logs, stated):
    """Chain rule: the steps' bits sum to the chain's, and P(chain) is 2 to the minus that."""
    cost = price(np.array(logs), [(2, stated)])

    assert abs(sum(cost.step_bits) - cost.bits - cost.stated_bits) < 1e-9
    assert abs(cost.chance - 2 ** -(cost.bits + cost.stated_bits)) < 1e-9


@settings(deadline=None)
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
        (m.DISPUTE, i, j),
        (m.FOUND_STRONG, min(i, j), max(i, j)),
        (m.REGIME, i, 0),
    ):
        parts = [
            priced(twins, [Change(process, 1905, int(first), int(second), force=k)], 1904)[0]
            for k in range(1 + m.ALTERNATIVES.get(process, 1))
        ]
        assert abs(np.exp(parts).sum() - 1) < 1e-9


# ---- 8 same bytes (whole answers: tests/whole) -------------------------------------------------


def test_8_a_draw_leaves_nothing_behind_for_the_next_one(draws, question):
    """One worker tells many draws on one stage, two workers share them: no run may know which."""
    plan = question.plan(LOSES)
    start, last = plan.first - 1, plan.first + 12
    dial = Mode("kappa inf", INFINITE, placebo=True)
    found = {}
    for name, order in (("alone", [7]), ("after another", [3, 7])):
        s = stage(FIRST_YEAR, last)
        for d in order:
            lab = Twins(s, draws[d], abduce(s, draws[d], [start]), seed=11)
            one, two = lab.room(start, last), lab.room(start, last)
            found[name] = []
            for changes in ((), plan.changes):
                lab.alternate(changes, dial, d, start, plan.decided, last, one)
                lab.baseline(dial, d, start, plan.decided, last, two)
                found[name] += [f.copy() for f in (*one, *two)]
                assert changes or same(one, two), "an idle plan and its placebo are history"

    assert all((a == b).all() for a, b in zip(*found.values(), strict=True))


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
    p=st.sampled_from([0.0, 0.01, 0.5, 0.99, 1.0]),
    draws=st.integers(2, 60),
    runs=st.integers(1, 4),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_10_an_interval_holds_its_number(p, draws, runs, seed):
    rng = np.random.default_rng(seed)

    c = chance(rng.binomial(runs, p, draws), np.full(draws, runs))

    assert 0 <= c["lo"] <= c["p"] <= c["hi"] <= 1
    assert c["lo"] < c["hi"]


def test_the_laws_speak_of_a_real_question(question):
    """It has its points of divergence, and those named above are decided in time."""
    assert len(question.plans) >= 10
    assert all(isinstance(p, Plan) and p.changes for p in question.plans)
    assert all(question.plan(name).decided < LAST for name in EARLY)
