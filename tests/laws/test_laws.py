"""The ten laws of the design, on the real record and the shipped parameters."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allohistory import world as w
from allohistory.answer.chance import chance
from allohistory.counterfactual.book import book_of
from allohistory.counterfactual.intervention import Change, Plan, apply, clear
from allohistory.counterfactual.surprise import price
from allohistory.counterfactual.twin import FRESH, INFINITE, Mode, window
from allohistory.engine import gate as g
from allohistory.model import terms as m
from allohistory.noise import LUCK, address, name_hash, uniform, world_seed
from allohistory.replay import against_record
from tests.laws.conftest import LAST, STARTS

KEEP = Mode("kappa 0", 0.0)
REDRAW = Mode("kappa inf", INFINITE)
MANY = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
run_number = st.integers(0, 10_000)


def truth(twins, first, last=LAST):
    base = twins.stage.base
    return window(twins.abduction.history, first - base, last - base)


def rolled(twins, changes, how, run, first, last=LAST):
    room = twins.room(first, last)
    slots = twins.alternate(changes, how, run, first, first, last, room)
    return room, slots


def same(one, other, rows=slice(None)):
    return all(
        (getattr(one, f)[rows] == getattr(other, f)[rows]).all()
        for f in ("state", "status", "link", "unit")
    )


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


def events(twins, year):
    """Addresses of the year's choices: those that came out as something, and all."""
    luck = twins.stage.luck
    row = year - twins.stage.base
    keys = luck.key[row]
    return keys[(keys != 0) & (luck.outcome[row] > 0)], keys[keys != 0]


def put(twins, where, value):
    """Force an address directly, whatever it is."""
    luck = twins.stage.luck
    clear(twins.stage)
    from allohistory.engine.tables import insert

    slot = int(insert(luck.change_key, np.uint64(where)))
    luck.change[g.FORCE, slot] = value
    luck.control[g.HAS_CHANGE] = 1
    return slot


def roll_forced(twins, run, start):
    """Roll with whatever is on the stage already."""
    room = twins.room(start, LAST)
    twins._roll(room, run, start, LAST, g.REPLAY, KEEP, 9999)
    return room


@MANY
@given(run=run_number, start=st.sampled_from(STARTS), pick=st.integers(0, 10**6), big=st.booleans())
def test_3_forcing_what_happened_changes_nothing(twins, run, start, pick, big):
    """Composition (Galles and Pearl 1998), for any choice of any process but races."""
    some, every = events(twins, start + 1)
    pool = some if big and len(some) else every
    luck, row = twins.stage.luck, start + 1 - twins.stage.base
    where = pool[pick % len(pool)]
    slot = int(np.flatnonzero(luck.key[row] == where)[0])
    put(twins, where, int(luck.outcome[row, slot]))

    room = roll_forced(twins, run, start)

    assert same(room, truth(twins, start))


@MANY
@given(run=run_number, start=st.sampled_from(STARTS), pick=st.integers(0, 10**6))
def test_2_nothing_differs_before_the_first_change(twins, run, start, pick):
    _, every = events(twins, start + 3)
    put(twins, every[pick % len(every)], 1)

    room = roll_forced(twins, run, start)

    assert same(room, truth(twins, start), slice(0, 3))


def japan_loses(question):
    return question.plan("japan-loses-1905")


def test_2_and_3_are_not_idle_a_real_change_changes_something(twins, question):
    plan = japan_loses(question)

    room, slots = rolled(twins, plan.changes, REDRAW, 5, plan.first - 1)

    assert not same(room, truth(twins, plan.first - 1))
    assert same(room, truth(twins, plan.first - 1), slice(0, 1))
    assert all(twins.stage.luck.change[g.HITS, s] for s in slots)


@pytest.fixture(scope="module")
def book(draws, question):
    return book_of(japan_loses(question), draws[3], LAST, 5, how=REDRAW, seed=11)


def test_4_every_changed_choice_has_a_path_to_the_intervention(book):
    entries = book.ledger.entries
    assert len(entries) > 20
    for entry in entries:
        last, _ = book.ledger.path(entry, book.parameters)[-1]
        assert last.forced, entry


def test_4_cutting_the_paths_restores_what_hung_on_them(book, twins, question):
    """Hold the luck of every changed choice: with nothing redrawn, only direct effects remain."""
    plan = japan_loses(question)
    room, _ = rolled(twins, plan.changes, REDRAW, 5, plan.first - 1)
    free = sum(int((a != b).sum()) for a, b in zip(room[2:4], truth(twins, plan.first - 1)[2:4],
                                                  strict=True))
    undone = tuple(
        Change(c.process, c.year, c.first, c.second, force=c.force) for c in plan.changes
    )
    held = []
    for entry in book.ledger.entries:
        found = book.ledger.alternate.get((entry.process, entry.year, entry.a, entry.b))
        if entry.forced or found is None or entry.process not in (m.DISPUTE, m.RIVAL_START,
                                                                   m.RIVAL_END, m.REGIME, m.LEADER):
            continue
        hashes = twins.stage.geography.state_hash
        second = int(hashes[entry.b]) if entry.b >= 0 else 0
        first = int(np.int64(found[0]).astype(np.uint64))
        if entry.process in (m.RIVAL_START, m.RIVAL_END):
            second = int(max(hashes[entry.a], hashes[entry.b]))
        held.append(Change(entry.process, entry.year, first, second, force=entry.was))
    cut, _ = rolled(twins, (*undone, *held), REDRAW, 5, plan.first - 1)
    left = sum(int((a != b).sum()) for a, b in zip(cut[2:4], truth(twins, plan.first - 1)[2:4],
                                                  strict=True))

    assert held
    for change in held:
        i = int(np.flatnonzero(twins.stage.geography.state_hash == np.uint64(change.first))[0]) if (
            change.process in (m.DISPUTE, m.REGIME, m.LEADER)) else -1
        if change.process == m.DISPUTE and change.force == 0:
            j = int(np.flatnonzero(twins.stage.geography.state_hash == np.uint64(change.second))[0])
            y = change.year - (plan.first - 1)
            assert cut.link[y, w.DISPUTE, i, j] == truth(twins, plan.first - 1).link[
                y, w.DISPUTE, i, j]
    assert left < free


def test_4_without_the_intervention_the_same_luck_gives_history(twins, question):
    """Cutting the root restores every cell."""
    start = japan_loses(question).first - 1

    room, _ = rolled(twins, (), REDRAW, 5, start)

    assert same(room, truth(twins, start))


def test_6_luck_hangs_on_the_address_alone():
    one, two = world_seed(1, 7), world_seed(1, 8)
    here = address(m.DISPUTE, 1914, name_hash("AUH"), name_hash("YUG"))
    there = address(m.DISPUTE, 1914, name_hash("YUG"), name_hash("AUH"))

    before = uniform(one, here, LUCK)
    for year in range(1860, 1900):
        uniform(one, address(m.LEVEL, year, name_hash("GMY"), np.uint64(0)), LUCK)

    assert uniform(one, here, LUCK) == before
    assert len({before, uniform(one, there, LUCK), uniform(two, here, LUCK)}) == 3


def test_6_more_runs_keep_the_runs_one_had(twins, question):
    plan = japan_loses(question)
    alone, _ = rolled(twins, plan.changes, FRESH, 3, plan.first - 1)
    kept = [field.copy() for field in alone]
    for run in (0, 1, 2, 9):
        rolled(twins, plan.changes, FRESH, run, plan.first - 1)

    again, _ = rolled(twins, plan.changes, FRESH, 3, plan.first - 1)

    assert all((a == b).all() for a, b in zip(kept, again, strict=True))


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
    from allohistory.engine.coupling import edge

    parts = [edge(k + 1, 3, *eta) - edge(k, 3, *eta) for k in range(4)]

    assert abs(sum(parts) - 1) < 1e-9
    assert abs((parts[1] + parts[2]) - (edge(3, 3, *eta) - edge(1, 3, *eta))) < 1e-9


def test_9_replay_sees_the_covariates_that_were_fitted(twins):
    """Fitting and simulation read the same numbers off the same World, bit for bit."""
    s, start = twins.stage, 1904
    luck = s.luck
    from allohistory.engine import ledger
    from allohistory.engine.luck import reset
    from allohistory.engine.run import roll

    clear(s)
    reset(s, twins.abduction.worlds[start])
    room = twins.room(start, LAST)
    luck.counter[1] = 0
    luck.control[g.KEEPING] = 1
    luck.posterior[start + 1 - s.base :] = 0.0
    roll(s.world, s.geography, twins.parameters, luck, s.scratch, room, start, LAST, s.base,
         g.TRACE, LAST)
    fitted = ledger.by_address(s)
    luck.counter[0] = luck.counter[1] = 0
    luck.control[g.LOGGING] = 1
    twins._roll(room, 4, start, LAST, g.REPLAY, REDRAW, 9999)
    luck.control[g.LOGGING] = luck.control[g.KEEPING] = 0
    simulated = ledger.by_address(s)

    shared = fitted.keys() & simulated.keys()
    assert len(shared) > 20_000
    assert all(
        (fitted[k][: m.WIDTH] == simulated[k][: m.WIDTH]).all() for k in list(shared)[::7]
    )


def test_10_an_interval_holds_its_number():
    rng = np.random.default_rng(1)
    for p in (0.0, 0.01, 0.5, 1.0):
        c = chance(rng.random(300) < p, np.repeat(np.arange(100), 3))
        assert 0 <= c["lo"] <= c["p"] <= c["hi"] <= 1
        assert c["lo"] < c["hi"]


def test_plans_are_needed(question):
    """The laws above speak of a real question: it has its points of divergence."""
    assert len(question.plans) >= 10
    assert all(isinstance(p, Plan) and p.changes for p in question.plans)
    assert apply is not None
