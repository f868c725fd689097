"""Laws 1 to 3: history comes back, nothing differs too early, facts change nothing."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lab import (
    EARLY,
    KEEP,
    LAST,
    REDRAW,
    STARTS,
    put,
    roll_forced,
    rolled,
    same,
    traced,
    truth,
)

from allohistory import world as w
from allohistory.counterfactual.twin import FRESH, INFINITE, Mode
from allohistory.engine import gate as g
from allohistory.question.read import read_text
from allohistory.question.resolve import resolve
from allohistory.replay import against_record, replay

MANY = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A run's number and a year are as small as they get: nothing to shrink.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
run_number = st.integers(0, 10_000)
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


@pytest.mark.parametrize(
    "off", [(), ("memory", "standing"), ("year shocks", "settlement", "growth")]
)
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
