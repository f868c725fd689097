"""Bounds and point of no return, rolled: the same on any number of workers, and in order."""

import dataclasses

import numpy as np
import pytest

from allohistory.counterfactual.twin import FRESH, MODES
from allohistory.engine.script import script_of
from allohistory.executors import workers
from allohistory.question.goals import GoalSpec
from allohistory.question.judged import Aim, Draw, spec_of
from allohistory.question.resolve import pose
from allohistory.search import alike
from allohistory.search.analogues import analogues, beside
from allohistory.search.bounds import (
    BASE,
    BEYOND,
    EVERY,
    KEPT,
    LEAST,
    MOST,
    PLAIN,
    PLAIN_BASE,
    bounds,
    rolled,
)
from allohistory.search.years import APART, STRIDE, reached, reaches

EASY = GoalSpec(years=4, share=0.0, level=1, behaviour=False)
LAST = 1945
YEARS = tuple(range(1896, 1908))
MANY = 12


@pytest.fixture(scope="module")
def question():
    return pose("sino-japanese-alliance")


@pytest.fixture(scope="module")
def aim(question):
    """A goal that is reached often enough to tell anything from few runs."""
    return Aim(question.pair, EASY, 30, LAST)


@pytest.fixture(scope="module")
def plan(question):
    return question.plan("japan-loses-1905")


@pytest.fixture(scope="module")
def here(aim, plan):
    with workers(1) as pool:
        return rolled(aim, [plan], range(MANY), pool)[plan.id]


@pytest.fixture(scope="module")
def by_year(aim):
    with workers(1) as pool:
        return reached(aim, YEARS, pool, draws=4, runs=2, anchor=1900)


def test_every_setting_is_rolled_and_the_ends_hold_the_couplings_between_them(here):
    """The bounds contain the monotone coupling and, of binary choices, the Gumbel coupling."""
    assert set(here) == EVERY
    assert here[LEAST]["p"] <= here[KEPT]["p"] <= here[MOST]["p"]
    assert here[LEAST]["p"] < here[MOST]["p"]
    assert bounds(here)["low"]["p"] <= bounds(here)["middle"]["p"] <= bounds(here)["high"]["p"]


def test_what_is_rolled_here_is_what_an_answer_rolls(here, aim, plan):
    hits = {how.name: 0 for how in MODES} | {BASE: 0, PLAIN: 0, PLAIN_BASE: 0}
    for n in range(MANY):
        draw = Draw.of(aim, n, {plan.first - 1, plan.decided})
        for how in MODES:
            hits[how.name] += draw.changed(plan, n, how).reached
        hits[BASE] += draw.free(plan.decided, n).reached
        draw = Draw.of(dataclasses.replace(aim, elicited=False), n, {plan.first - 1, plan.decided})
        hits[PLAIN] += draw.changed(plan, n).reached
        hits[PLAIN_BASE] += draw.free(plan.decided, n).reached

    assert {k: here[k]["p"] for k in hits} == {k: round(v / MANY, 5) for k, v in hits.items()}
    assert sum(hits.values()) > 5
    assert FRESH.name in hits


def test_no_setting_hangs_on_what_else_is_wanted_nor_on_workers(here, aim, plan, question):
    other = question.plan("no-annexation-of-korea")
    with workers(2) as pool:
        found = rolled(aim, [other, plan], range(MANY), pool, want=BEYOND)

    assert found[plan.id] == {name: here[name] for name in BEYOND}
    assert set(found[other.id]) == BEYOND


def test_a_run_cut_short_is_judged_as_if_it_were_not(aim, by_year, question):
    strict = Aim(question.pair, spec_of(question), 50, LAST)
    for some in (aim, strict):
        found = np.zeros((4, len(YEARS)), np.int64)
        for d in range(4):
            draw = Draw.of(some, d, set(YEARS))
            room = draw.twins.room(0, some.horizon)
            for k, year in enumerate(YEARS):
                for n in range(2):
                    run = (year - 1900) % APART * STRIDE + 2 * d + n
                    whole = draw.free(year, run).reached
                    assert reaches(draw, room, year, run) == whole
                    found[d, k] += whole
        if some is aim:
            assert (found == by_year.hits).all()
            assert 5 < found.sum() < found.size * 2


def test_years_come_out_the_same_on_two_workers_and_alone(aim, by_year):
    with workers(2) as pool:
        again = reached(aim, YEARS[:7], pool, draws=4, runs=2, anchor=1900)

    assert (again.hits == by_year.hits[:, :7]).all()


def test_a_year_that_leaves_too_few_reaches_nothing(question):
    aim = Aim(question.pair, dataclasses.replace(EASY, years=10), 30, LAST)
    with workers(1) as pool:
        late = reached(aim, (1937,), pool, draws=2, runs=3)

    assert late.hits.sum() == 0


def test_the_model_is_asked_what_the_base_rate_counts(question):
    """Dyads of the class, from the years in which they qualified, on one worker or two."""
    aim = Aim(question.pair, spec_of(question), 50, 2016)
    part = analogues(question.names, 1900, years=20, horizon=50)
    states = script_of().panel.states
    found = []
    for jobs in (1, 2):
        with workers(jobs) as pool:
            found.append(alike.rolled(aim, 1900, part, states, pool, draws=4))

    some, pair = found[0]
    assert found[0] == found[1]
    assert 0.0 < some["p"] < 0.5
    told = beside(part, some, pair)["sentence"]
    assert "from the same years the model gives them" in told
    assert len(told) > len(part["sentence"])
