"""Law 7 on a world that can be enumerated: bits and chances equal brute force."""

from itertools import pairwise

import numpy as np
import pytest
from toy import FIRST, choices, draws, record, years_of

from allohistory.engine.script import script_of
from allohistory.model import terms as m
from allohistory.search.surprise import Choice, chain

TOYS = {
    "two states, four years": (("ARG", "CHL"), 4),
    "three states, two years": (("ARG", "BRA", "CHL"), 2),
}


@pytest.fixture(scope="module", params=TOYS, ids=str)
def toy(request):
    """A record, its pairs, and every way its years can go."""
    states, years = TOYS[request.param]
    tables = record(*states)
    pairs = [(a, b) for n, a in enumerate(states) for b in states[n + 1 :]]
    ways = list(years_of(pairs, [], set(), FIRST, years, np.ones(2)))
    return tables, script_of(tables), ways


def test_every_way_costs_what_brute_force_says_and_so_does_the_goal(toy):
    """Goal: the first two states allied at the end of two years running."""
    tables, script, ways = toy
    goal = by_hand = everything = 0.0
    for told, by_draw, path in ways:
        # All choices of a way that matter, the silent ones too, as one event.
        found = chain([choices(script, told)], draws=draws(), tables=tables, drifting=True)
        chance = 2.0**-found.total.bits
        assert abs(chance - by_draw.mean()) < 1e-9
        assert abs(found.total.bits + np.log2(by_draw.mean())) < 1e-9
        everything += chance
        first = ("ARG", "CHL") if len(script.panel.states) == 2 else ("ARG", "BRA")
        held = [first in allied for allied in path]
        if any(a and b for a, b in pairwise(held)):
            goal, by_hand = goal + chance, by_hand + by_draw.mean()

    assert len(ways) > 50
    assert abs(everything - 1) < 1e-9
    assert 0.05 < goal < 0.95
    assert abs(goal - by_hand) < 1e-9


def test_the_chain_rule_holds_in_the_engine(toy):
    """Step by step or at once, a way costs the same; the weakest link is the dearest step."""
    tables, script, ways = toy
    told = max(ways, key=lambda way: sum(one[3] for one in way[0]))[0]
    mine = choices(script, told)

    apart = chain([[one] for one in mine], draws=draws(), tables=tables)
    whole = chain([mine], draws=draws(), tables=tables)

    assert abs(sum(s.bits for s in apart.steps) - whole.total.bits) < 1e-9
    assert apart.steps[apart.weakest].bits == max(s.bits for s in apart.steps)


def test_unpacking_an_event_changes_nothing(toy):
    """ "A treaty or not, then another" as one event of two outcomes, or as its two parts."""
    tables, script, ways = toy
    first, *_, last = [c for c in choices(script, ways[-1][0]) if c.process == m.FOUND_STRONG]
    either = Choice(first.process, first.year, first.first, first.second, (0, 1))
    parts = [
        chain(
            [[Choice(first.process, first.year, first.first, first.second, (k,)), last]],
            draws=draws(),
            tables=tables,
        )
        for k in (0, 1)
    ]

    whole = chain([[either, last]], draws=draws(), tables=tables)

    assert abs(sum(2.0**-p.total.bits for p in parts) - 2.0**-whole.total.bits) < 1e-9


def test_what_cannot_be_reads_at_least(toy):
    """A treaty lapses that nobody signed."""
    tables, _, _ = toy
    found = chain([[Choice(m.LAPSE, 1902, 12345)]], draws=draws(), tables=tables)

    assert found.total.at_least
    assert found.steps[0].mark == 0
