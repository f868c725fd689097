"""Couplings of a binary choice: both margins are kept, and no coupling oversteps the bounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lab import KEEP, LAST, LOSES, differing, logged, rolled, same, truth

from allohistory import world as w
from allohistory.counterfactual.intervention import Change
from allohistory.engine.coupling import abduced, by_contrary, by_gumbel, by_order
from allohistory.kernels import kernel
from allohistory.model import terms as m
from allohistory.noise import world_seed
from allohistory.question.judged import Aim, spec_of
from allohistory.search.bounds import ends
from allohistory.search.near import HARMS, HELPS, against, nearest

STEPS = 20_000
etas = st.floats(-7, 7)


@kernel
def across(f, e, o, contrary, out):
    """Outcomes under predictor e, for luck spread evenly over what made o under predictor f."""
    for k in range(out.shape[0]):
        u = (k + 0.5) / out.shape[0]
        if contrary:
            out[k] = by_contrary(u, o, f, e)
        else:
            out[k] = by_order(abduced(u, o, 1, f, 0.0, 0.0), 1, e, 0.0, 0.0)


def chances(f, e, contrary):
    """P(event | nothing in history), P(event | event in history), and the outcomes."""
    out = np.zeros((2, STEPS), np.int64)
    for o in (0, 1):
        across(float(f), float(e), o, contrary, out[o])
    return out.mean(axis=1), out


def odds(eta):
    return 1 / (1 + np.exp(-eta))


@settings(deadline=None, max_examples=60)
@given(f=etas, e=etas, contrary=st.booleans())
def test_each_coupling_keeps_both_margins(f, e, contrary):
    (nothing, event), _ = chances(f, e, contrary)

    assert (1 - odds(f)) * nothing + odds(f) * event == pytest.approx(odds(e), abs=2 / STEPS)


@settings(deadline=None, max_examples=60)
@given(f=etas, e=etas)
def test_the_two_couplings_are_the_two_ends(f, e):
    """Monotone agrees most with history, contrary least: sharp, for some coupling attains each."""
    plain, one = chances(f, e, contrary=False)
    other, two = chances(f, e, contrary=True)
    quiet, loud = (ends(odds(f), odds(e), happened=h) for h in (False, True))

    assert (plain[0], other[0]) == pytest.approx(quiet, abs=2 / STEPS)
    assert (other[1], plain[1]) == pytest.approx(loud, abs=2 / STEPS)
    assert (two[0] >= one[0]).all(), "for the same luck, what did not happen is likelier"
    assert (two[1] <= one[1]).all(), "for the same luck, what happened is less likely"


@kernel
def by_race(seed, f, e, o, out):
    """Outcomes under the Gumbel coupling, in as many worlds."""
    for k in range(out.shape[0]):
        world = world_seed(seed, k)
        out[k] = by_gumbel(world, np.uint64(77), o, 1, (0.0, f, 0.0, 0.0), (0.0, e, 0.0, 0.0))


@pytest.mark.parametrize(
    ("f", "e"), [(-3.0, -1.0), (-1.0, -3.0), (0.2, 1.5), (2.0, -2.0), (0.5, 0.5)]
)
def test_gumbel_lies_within_the_ends(f, e):
    """With two outcomes it is the monotone coupling."""
    out = np.zeros(STEPS, np.int64)
    error = 4 * 0.5 / np.sqrt(STEPS)
    plain, _ = chances(f, e, contrary=False)
    for o in (0, 1):
        by_race(5, f, e, o, out)
        low, high = ends(odds(f), odds(e), happened=bool(o))
        assert low - error <= out.mean() <= high + error
        assert out.mean() == pytest.approx(plain[o], abs=error)


def pairs_choices(twins, question, first):
    aim = Aim(question.pair, spec_of(question), LAST - first, LAST)
    return nearest(aim, twins.stage.script, first, LAST)


def test_1_luck_coupled_at_an_end_changes_nothing_where_nothing_moved(twins, question):
    """The empty plan replays the record bit for bit, however its luck is coupled."""
    choices = pairs_choices(twins, question, 1905)
    for changes in (choices, against(choices)):
        room, _ = rolled(twins, changes, KEEP, 3, 1904)
        assert same(room, truth(twins, 1904))


def test_what_is_coupled_is_asked(twins, question):
    """Dyads passed over for their luck are not those whose luck is read backwards."""
    plan, first = question.plan(LOSES), question.plan(LOSES).first - 1
    choices = pairs_choices(twins, question, plan.first)
    for more in (choices, against(choices)):
        changes = (*plan.changes, *more)
        room, _ = rolled(twins, changes, KEEP, 3, first)
        assert differing(room, logged(twins, changes, KEEP, 3, first)) == 0


def test_disputes_of_the_pair_follow_the_end(twins, question):
    plan = question.plan(LOSES)
    first, (a, b) = plan.first - 1, question.pair
    choices = pairs_choices(twins, question, plan.first)
    many = {}
    for name, more in ((HELPS, choices), (0, ()), (HARMS, against(choices))):
        many[name] = 0
        for run in range(6):
            room, _ = rolled(twins, (*plan.changes, *more), KEEP, run, first)
            both = room.link[:, w.DISPUTE, a, b], room.link[:, w.DISPUTE, b, a]
            many[name] += sum(int((part > 0).sum()) for part in both)

    assert many[HELPS] < many[0] < many[HARMS]


def test_a_choice_near_the_goal_is_only_coupled(twins, question):
    choices = pairs_choices(twins, question, 1905)

    assert {c.process for c in choices} >= {m.FOUND_STRONG, m.DISPUTE, m.LAPSE, m.WITHDRAW}
    assert all(c.force is None and c.shift == 0.0 for c in choices)
    assert all(c.towards == (HELPS if c.process in (m.FOUND_STRONG, m.RIVAL_END) else HARMS)
               for c in choices)  # fmt: skip
    assert against(against(choices)) == choices
    assert Change(m.DISPUTE, 1905, 1, 2).towards == 0
