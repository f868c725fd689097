"""Steps become changes at the addresses that the engine asks."""

import numpy as np
import pytest

from allohistory.counterfactual.intervention import apply, join_unit
from allohistory.engine import gate as g
from allohistory.engine.luck import history_for, reset, seat, stage, trace
from allohistory.engine.run import roll
from allohistory.engine.script import script_of
from allohistory.errors import QuestionError
from allohistory.model import terms as m
from allohistory.model.parameters import blank
from allohistory.question.read import read_text
from allohistory.question.resolve import pose, resolve

NAME = "sino-japanese-alliance"
HEAD = """question = "Could they?"
pair = ["Japan", "China"]
divergence = { from = 1900, to = 1999, grace = 20 }
[goal]
[[pod]]
id = "a"
title = "A"
"""
PRICED_CLAIMS = {11, 14, 17, 18, 21, 24, *range(30, 40), 47, 48, *range(56, 62), 68}


def plan_of(*steps):
    body = "".join(f"[[pod.step]]\n{step}\n" for step in steps)
    return resolve(read_text(HEAD + body)).plans[0]


def found(plan, process):
    return [c for c in plan.changes if c.process == process]


@pytest.fixture(scope="module")
def rare():
    """Parameters under which every event is rare and nothing matters: luck stays history's."""
    parameters = blank()
    for process, names in m.TERMS.items():
        if names[0] == "const":
            parameters.beta[process, :, 0] = -5.0
    return parameters


@pytest.mark.parametrize("name", [plan.id for plan in pose(NAME).plans])
def test_every_forced_choice_of_the_bundled_question_is_asked(name, rare):
    """A force whose address no run ever asks would be a silent nothing."""
    plan = pose(NAME).plan(name)
    first, last = plan.first - 1, max(c.year for c in plan.changes)
    before = stage(1860, first)
    reset(before, before.script.start)
    trace(before, rare)
    there = stage(first, last)
    reset(there, before.world)
    trace(there, rare)
    reset(there, before.world)
    seat(there, 1, 0)
    slots = apply(there, plan.changes)
    roll(
        there.world,
        there.geography,
        rare,
        there.luck,
        there.scratch,
        history_for(there),
        first,
        last,
        first,
        g.REPLAY,
        last,
    )
    for change, slot in zip(plan.changes, slots, strict=True):
        # That nothing happens where nothing is asked needs no hit.
        if change.force is not None and (change.force or change.priced):
            assert there.luck.hits[slot], (m.NAMES[change.process], change.year, change.force)


def test_the_bundled_question_has_a_plan_for_every_claimed_point_of_divergence():
    claims = {row for plan in pose(NAME).plans for row in plan.claims}
    assert claims >= PRICED_CLAIMS


def test_every_mapping_is_said_and_every_address_is_asked_once():
    for plan in pose(NAME).plans:
        assert plan.assumptions
        assert all(text.endswith(".") and text[0] in text[0].upper() for text in plan.assumptions)
        forced = [c.where for c in plan.changes if c.force is not None]
        assert len(forced) == len(set(forced))
        assert plan.steps == 1 + max(c.step for c in plan.changes)
        assert all(0.0 < p <= 1.0 for _, p in plan.priors)
        assert not [c for c in plan.changes if c.priced and c.step in dict(plan.priors)]


def test_question_as_plain_values():
    question = pose(NAME)
    panel = script_of().panel
    assert question.names == ("JPN", "CHN")
    assert (question.goal.level, question.goal.years, question.goal.among) == (2, 20, "majors")
    assert question.yardstick == (panel.index("UKG"), panel.index("FRN"), 1904)
    assert question.exclude[0].ally == question.exclude[0].unless_closer_than == panel.index("USA")
    assert question.window == (1900, 1999, 20)
    assert question.plan("no-war-1894").title
    late = [plan.id for plan, out in zip(question.plans, question.outside, strict=True) if not out]
    assert late[0] == "japan-loses-1905"


def test_an_outcome_is_set_in_the_year_the_war_ended_and_only_the_outcome_is_priced():
    plan = plan_of('force = { war = "Russo-Japanese War", outcome = "Russia wins" }')
    key = script_of().war_key["russo-japanese-war"]
    (end,) = found(plan, m.WAR_END)
    (outcome,) = found(plan, m.OUTCOME)
    assert (end.year, end.first, end.force, end.priced) == (1905, key, 1, False)
    assert (outcome.year, outcome.first, outcome.force, outcome.priced) == (1905, key, 2, True)
    assert not found(plan, m.MARGIN)


def test_a_war_cut_short_prices_its_end():
    plan = plan_of('force = { war = "First World War", outcome = "Germany wins", year = 1916 }')
    (end,) = [c for c in found(plan, m.WAR_END) if c.force]
    assert (end.year, end.priced) == (1916, True)
    assert found(plan, m.OUTCOME)[0].force == 0


def test_staying_out_covers_every_round_from_the_year_of_joining():
    plan = plan_of('prevent = { join = "First World War", state = "USA" }')
    joins = found(plan, m.JOIN)
    key = script_of().war_key["first-world-war"]
    assert plan.first == 1917
    assert {c.year for c in joins} == {1917, 1918}
    assert {c.first for c in joins} == {join_unit(key, r) for r in range(3)}
    assert {c.force for c in joins} == {0}
    assert {c.year for c in joins if c.priced} == {1917}


def test_undirected_dyads_have_the_smaller_hash_first():
    plan = plan_of(
        'force = { treaty = "T", members = ["Japan", "China", "Siam"], year = 1910, '
        'obligations = ["neutrality"], bound_to = "China" }'
    )
    (founding,) = found(plan, m.FOUND_WEAK)
    assert founding.first < founding.second
    assert founding.force == 1 + 10 * (script_of().panel.index("CHN") + 1)
    assert found(plan, m.OPEN)[0].force == 1
    (member,) = found(plan, m.MEMBER)
    assert member.second == int(
        script_of().panel.geography.state_hash[script_of().panel.index("THI")]
    )


def test_a_capability_path_multiplies_in_equal_steps():
    plan = plan_of(
        'probability = 0.1\nforce = { capability = "China", factor = 2.0, from = 1901, to = 1910 }'
    )
    shifts = [c.shift for c in plan.changes]
    assert len(shifts) == 10
    assert sum(shifts) == pytest.approx(np.log(2.0))
    assert plan.priors == ((0, 0.1),)


def test_the_opponent_of_an_ambition_changes_with_its_owner():
    plan = plan_of(
        'probability = 0.1\nmove = { ambition = "Japan", from = ["Korea"], to = "Philippines", '
        "years = [1897, 1900], factor = 3.0 }"
    )
    panel = script_of().panel
    up = {c.year: c.second for c in plan.changes if c.shift > 0}
    spain, america = (int(panel.geography.state_hash[panel.index(s)]) for s in ("SPN", "USA"))
    assert up == {1897: spain, 1898: spain, 1899: america, 1900: america}


def test_a_stated_probability_replaces_the_price():
    step = 'force = { war = "Russo-Japanese War", outcome = "draw" }'
    assert any(c.priced for c in plan_of(step).changes)
    stated = plan_of("probability = 0.2\n" + step)
    assert not any(c.priced for c in stated.changes)
    assert stated.priors == ((0, 0.2),)


def test_later_steps_may_use_what_earlier_ones_made():
    plan = plan_of(
        'force = { new_war = "Our war", initiator = "France", target = "Japan", year = 1901 }',
        'force = { join = "Our war", state = "China", side = "Japan", year = 1902 }',
        'force = { war = "Our war", outcome = "Japan wins", year = 1903 }',
        'force = { treaty = "Our pact", members = ["Japan", "China"], year = 1903, '
        'obligations = ["defense"] }',
        'force = { treaty_end = "Our pact", year = 1920 }',
    )
    key = found(plan, m.OUTCOME)[0].first
    assert [c.force for c in found(plan, m.OUTCOME)] == [2]
    assert {c.first for c in found(plan, m.WAR_END)} == {key}
    assert [(c.year, c.force) for c in found(plan, m.WAR_END)] == [(1901, 0), (1902, 0), (1903, 1)]
    assert found(plan, m.LAPSE)[0].year == plan.decided == 1920


def test_a_state_that_is_never_annexed_leaves_no_room_for_its_heirs():
    plan = plan_of('prevent = { annexed = "Korea", from = 1905 }')
    panel = script_of().panel
    heirs = {int(panel.geography.state_hash[panel.index(s)]) for s in ("ROK", "PRK")}
    assert {c.first for c in found(plan, m.ENTRY_LATE)} == heirs
    exits = found(plan, m.EXIT)
    assert (exits[0].year, exits[-1].year) == (1905, 1955)
    assert [c.year for c in plan.changes if c.priced] == [1905]


def test_a_pact_bound_to_a_leader_hangs_on_the_state_he_was_given():
    plan = pose(NAME).plan("wang-jingwei")
    (pact,) = [c for c in found(plan, m.FOUND_STRONG) if c.force is not None]
    assert pact.force == 1 + 10 * (script_of().panel.index("CHN") + 1)
    kinds = {c.year: c.force for c in found(plan, m.LEADER)}
    assert kinds[1927] == 3
    assert kinds[1944] == 1
    assert {kinds[year] for year in range(1928, 1944)} == {0}


WAR, OF = "Sino-French War", 'state = "Japan"'
PROCLAIMED = f"""force = {{ neutrality = "{WAR}", {OF}, embargo = "France", year = 1884 }}
probability = 0.3"""
DEMANDED = f"""force = {{ demand = "{WAR}", initiator = "France", target = "Japan", year = 1884 }}
probability = 0.5"""
SHELLED = 'force = { dispute = "force", initiator = "France", target = "Japan", year = 1885 }'


AT_WAR = """force = { neutrality = "First World War", state = "Italy", year = 1914 }
probability = 0.5"""


def pressed(*steps):
    """Log odds moved in all: of Japan joining, and of a French dispute with it, by year."""
    plan, moved = plan_of(*steps), {}
    for process in (m.JOIN, m.DISPUTE):
        for c in found(plan, process):
            key = (process, c.year)
            moved[key] = moved.get(key, 0.0) + c.shift
    return moved


def test_a_neutral_abstains_until_a_belligerent_violates_it():
    quiet, hit = pressed(PROCLAIMED), pressed(PROCLAIMED, SHELLED)
    assert quiet[m.JOIN, 1884] == pytest.approx(-3 * np.log(4.0))
    assert quiet[m.JOIN, 1885] == pytest.approx(-3 * np.log(4.0))
    assert hit[m.JOIN, 1884] == quiet[m.JOIN, 1884]
    assert hit[m.JOIN, 1885] == pytest.approx(0.0)


def test_a_second_proclamation_adds_an_embargo_and_no_second_abstention():
    both = pressed(PROCLAIMED, PROCLAIMED.replace('"France"', '"China"'))
    assert both[m.JOIN, 1885] == pytest.approx(-3 * np.log(4.0))
    assert both[m.DISPUTE, 1885] == pytest.approx(2 * np.log(1.5))
    with pytest.raises(QuestionError, match="already sells France nothing"):
        plan_of(PROCLAIMED, PROCLAIMED)


def test_who_joined_late_could_be_neutral_before():
    assert pressed(AT_WAR)[m.JOIN, 1914] == pytest.approx(-3 * np.log(4.0))


@pytest.mark.parametrize(("answer", "factor"), [("refused", 1.5 * 2 * 3), ("granted", 1.0)])
def test_what_is_demanded_of_a_neutral_is_refused_or_granted(answer, factor):
    told = DEMANDED.replace(" }", f', answer = "{answer}" }}')
    plan = plan_of(PROCLAIMED, DEMANDED, told)
    france = {c.first for c in found(plan_of(PROCLAIMED), m.DISPUTE)}
    by = [c for c in found(plan, m.DISPUTE) if c.year == 1885]
    assert sum(c.shift for c in by if c.first in france) == pytest.approx(np.log(factor))
    assert (answer == "granted") == any(c.shift > 0 for c in by if c.first not in france)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (DEMANDED.replace('"Japan"', '"China"'), "China fights in the Sino-French War"),
        (PROCLAIMED.replace('"Japan"', '"China"'), "China fights in the Sino-French War"),
        (PROCLAIMED.replace('embargo = "France"', 'embargo = "Russia"'), "Russia does not fight"),
        (PROCLAIMED.replace("1884", "1890"), "is not fought in 1890"),
        (PROCLAIMED.replace("probability = 0.3", ""), "must state a probability"),
        (PROCLAIMED.replace('embargo = "France"', "factor = 2.0"), "factor is that of an embargo"),
        (AT_WAR.replace("1914", "1915"), "Italy fights in the First World War in 1915"),
    ],
)
def test_neutrality_that_cannot_be_is_refused_in_a_sentence(step, said):
    with pytest.raises(QuestionError, match=said):
        plan_of(step)
