"""Each goal predicate on hand-made histories of five states: the pair 0 and 1, and majors."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.engine.run import History
from allohistory.question import goals
from allohistory.question.behaviour import unanswered
from allohistory.question.goals import GoalSpec, verdict
from allohistory.question.yardstick import RULES, Yardstick, milestones

STATES, YEARS = 5, 30
GIANT, ENEMY = 2, 3
PAIR = (0, 1)
SPEC = GoalSpec(years=20, share=0.8)
GEOGRAPHY = w.Geography(
    state_hash=np.arange(STATES, dtype=np.uint64),
    unit_hash=np.arange(STATES + 1, dtype=np.uint64),
    home=np.arange(STATES),
    distance=np.zeros((STATES, STATES)),
    start=np.zeros(STATES + 2, np.int64),
    near=np.zeros(0, np.int64),
    kind=np.zeros(0, np.int64),
    people=np.array([10.0, 10.0, 10.0, 10.0, 10.0, 6.0]),
    tracked=np.zeros(STATES, np.int64),
)


FROZEN = (0.0, 0.315267, 0.491317, 0.166551)
"""Changing this is a new version of the score."""


def both(h, row, dyad, years, value):
    a, b = dyad
    h.link[years, row, a, b] = value
    h.link[years, row, b, a] = value


@pytest.fixture
def h():
    """Thirty quiet years; state 1 has a province (unit 5); 0, 2 and 3 are majors."""
    history = History.empty(YEARS, STATES, STATES + 1)
    history.unit[:, w.OWNER] = [*range(STATES), 1]
    history.unit[:, w.HELD] = w.AS_HOME
    history.status[:, w.ACTIVE] = 1
    history.status[:, w.PATRON] = w.NOBODY
    history.status[:, w.MAJOR, [0, GIANT, ENEMY]] = 1
    history.state[:, w.CAP] = np.log([5.0, 5.0, 30.0, 10.0, 1.0])
    return history


@pytest.fixture
def allied(h):
    """The same with a strong pact in rows 2..24: 23 years."""
    both(h, w.ALLY, (0, 1), slice(2, 25), 2)
    return h


def judged(h, spec=SPEC):
    return verdict(h, GEOGRAPHY, PAIR, spec)


def met(h, spec=SPEC):
    return dict(zip(goals.PREDICATES, judged(h, spec).met.tolist(), strict=True))


def test_strangers_meet_nothing_but_independence(h):
    assert met(h) == {
        "independent": True,
        "firm": False,
        "lasting": False,
        "closest": False,
        "not excluded": False,
        "together": False,
    }
    v = judged(h)
    assert v.when.tolist() == [-1, -1, 0, -1, 0, 0, 0]
    assert v.closest.tolist() == [-1, -1]


def test_a_long_quiet_pact_meets_everything(allied):
    v = judged(allied)
    assert all(met(allied).values())
    assert v.when.tolist() == [2, 2, 23, 2, 23, 23, 0]
    assert v.share[0] == 1.0
    assert v.closest.tolist() == [1, 0]


def test_the_score_is_frozen(allied):
    curve = judged(allied).curve
    assert curve[[1, 2, 24, 25], 0] == pytest.approx(FROZEN, abs=1e-6)


def test_a_short_pact_is_firm_but_not_lasting(h):
    both(h, w.ALLY, (0, 1), slice(2, 21), 2)
    got = met(h)
    assert got["firm"]
    assert not got["lasting"]
    assert not got["together"]
    assert got["closest"]


def test_a_pact_running_at_the_end_is_censored(allied):
    assert not judged(allied).when[goals.CENSORED]
    both(allied, w.ALLY, (0, 1), slice(2, YEARS), 2)
    assert judged(allied).when[goals.CENSORED]


def test_weak_pacts_count_only_where_asked_for(h):
    both(h, w.ALLY, (0, 1), slice(2, 25), 1)
    assert not met(h)["firm"]
    assert judged(h).when[goals.FIRST_PACT] == 2
    assert judged(h).when[goals.FIRST_STRONG] == -1
    assert met(h, GoalSpec(level=1))["lasting"]


@pytest.mark.parametrize(("level", "lasting"), [(1, True), (2, False), (3, False)])
def test_force_between_the_two_breaks_firmness(allied, level, lasting):
    allied.link[12, w.DISPUTE, 1, 0] = level
    assert met(allied)["lasting"] is lasting
    assert met(allied, GoalSpec(behaviour=False))["lasting"]


def war_on_partner(h, *, helped, contact=w.BY_LAND):
    """State 3 attacks state 1 in row 12; the war lasts two years."""
    h.status[:, w.MAJOR, ENEMY] = 0
    both(h, w.CONTACT, (ENEMY, 1), slice(None), contact)
    h.link[12, w.DISPUTE, ENEMY, 1] = 3
    both(h, w.WAR, (ENEMY, 1), slice(12, 14), w.OPPOSED)
    if helped is not None:
        both(h, w.WAR, (ENEMY, 0), slice(helped, 14), w.OPPOSED)
        both(h, w.WAR, (0, 1), slice(helped, 14), w.SAME_SIDE)


@pytest.mark.parametrize(("helped", "firm"), [(12, True), (13, True), (None, False)])
def test_a_call_must_be_answered_by_the_next_year(allied, helped, firm):
    war_on_partner(allied, helped=helped)
    assert met(allied)["lasting"] is firm
    assert unanswered(allied, 12, 0, 1) is not firm


def test_whoever_comes_when_called_is_closer_than_who_stays_out(allied):
    out = History(*(field.copy() for field in allied))
    war_on_partner(allied, helped=12)
    war_on_partner(out, helped=None)
    # It is the partner left alone that turns away: row 14, column "1 to 0".
    assert judged(allied).curve[14, 1] > judged(out).curve[14, 1] + 0.1


def test_a_colonial_quarrel_far_off_is_no_call(allied):
    war_on_partner(allied, helped=None, contact=w.THROUGH_DEPENDENCY)
    assert met(allied)["lasting"]


def test_no_call_against_a_common_ally(allied):
    both(allied, w.ALLY, (0, ENEMY), slice(None), 2)
    war_on_partner(allied, helped=None)
    assert not unanswered(allied, 12, 0, 1)


def test_an_open_call_at_the_end_counts_for_nothing(h):
    both(h, w.ALLY, (0, 1), slice(2, YEARS), 2)
    both(h, w.CONTACT, (ENEMY, 1), slice(None), w.BY_LAND)
    h.link[YEARS - 1, w.DISPUTE, ENEMY, 1] = 3
    both(h, w.WAR, (ENEMY, 1), YEARS - 1, w.OPPOSED)
    assert judged(h).when[goals.SPELL_YEARS] == YEARS - 2


def test_a_client_is_no_ally(allied):
    allied.status[:, w.PATRON, 1] = 0
    got = met(allied)
    assert not got["independent"]
    assert not got["together"]
    assert got["lasting"]
    assert met(allied, GoalSpec(independent=False))["together"]


@pytest.mark.parametrize(("held", "independent"), [(w.AS_OCCUPIED, False), (w.AS_DEPENDENCY, True)])
def test_occupied_land_is_absorption_and_a_ceded_province_a_grievance(allied, held, independent):
    allied.unit[10:, w.OWNER, 5] = 0
    allied.unit[10:, w.HELD, 5] = held
    assert met(allied, GoalSpec(behaviour=False))["independent"] is independent


def test_a_state_that_made_peace_with_its_occupier_is_not_free(allied):
    allied.unit[10:15, w.OWNER, 5] = ENEMY
    allied.unit[10:15, w.HELD, 5] = w.AS_OCCUPIED
    v = judged(allied)
    assert not v.flags[12] & goals.FREE
    assert v.curve[12].max() <= 0
    both(allied, w.WAR, (1, ENEMY), slice(10, 15), w.OPPOSED)
    assert judged(allied).flags[12] & goals.FREE


def test_closest_must_be_mutual(allied):
    both(allied, w.ALLY, (0, GIANT), slice(2, 25), 2)
    v = judged(allied)
    assert v.share[0] == 0.0
    assert not v.met[goals.M_CLOSEST]
    assert v.met[goals.M_LASTING]
    assert v.closest.tolist() == [GIANT, 0]


def test_a_share_of_the_years_is_enough(h):
    both(h, w.ALLY, (0, 1), slice(0, 20), 2)
    both(h, w.ALLY, (0, GIANT), slice(16, 20), 2)
    assert judged(h).share[0] == pytest.approx(0.8)
    assert met(h)["together"]
    assert not met(h, GoalSpec(share=0.85))["together"]


def test_the_exclusion_clause_and_its_exception(allied):
    spec = GoalSpec(share=0.0, exclude=(GIANT,))
    assert met(allied, spec)["together"]
    both(allied, w.ALLY, (0, GIANT), slice(2, 25), 2)
    assert met(allied, spec)["not excluded"]  # only one of them is allied to the giant
    both(allied, w.ALLY, (1, GIANT), slice(2, 25), 2)
    got = met(allied, spec)
    assert not got["not excluded"]
    assert not got["together"]
    assert got["lasting"]
    # Unless they matter more to each other: the giant shrinks to a dwarf.
    allied.state[:, w.CAP, GIANT] = np.log(0.01)
    assert met(allied, spec)["together"]


def test_the_best_spell_is_one_that_meets_everything(h):
    both(h, w.ALLY, (0, 1), slice(0, YEARS), 2)
    h.status[:6, w.PATRON, 1] = 0
    h.status[6, w.UPSET, 1] = 1
    v = judged(h)
    assert v.met.all()
    assert v.when[[goals.SPELL_FROM, goals.SPELL_YEARS, goals.CENSORED]].tolist() == [6, 24, 1]
    assert v.when[goals.LONGEST] == YEARS


def test_place_on_a_yardstick(h):
    stick = Yardstick(1904, np.linspace(-0.2, 0.6, 100), (None,) * len(RULES), ())
    nowhere = stick.place(judged(h))
    both(h, w.ALLY, (0, 1), slice(2, 25), 2)
    v = judged(h)
    far = stick.place(v)
    assert nowhere.percentile < far.percentile
    assert set(nowhere.years) == {None}
    years = dict(zip(RULES, far.years, strict=True))
    assert years["a first tie"] == years["a strong pact"] == 2
    assert years["fighting on the same side"] is None
    assert years["ten years of firm pact"] == 11
    assert years["twenty years of firm pact"] == 21
    assert milestones(v.curve.mean(axis=1), v.flags) == far.years
