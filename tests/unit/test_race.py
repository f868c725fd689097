"""Successive halving on a toy that can be counted out: four states, six years."""

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pytest

from allohistory.search.race import Runner, Tried, frontier, keep, race, rounds

STATES, YEARS, WORLDS, DRAWS = 4, 6, 512, 4
DYADS = list(combinations(range(STATES), 2))
GOAL = DYADS.index((0, 1))


@dataclass(frozen=True)
class Force:
    """A dyad of the toy is allied, or not, in a year."""

    year: int
    dyad: int
    value: int
    added: float = 0.0
    priors: tuple = ()

    @property
    def id(self):
        return f"{self.year}-{self.dyad}-{self.value}"

    @property
    def direct(self):
        return self.dyad == GOAL and self.value == 1


class Toy:
    """
    Six dyads that ally and part; what is allied stays so more often, and moves states 0 and 1.

    The goal is that these two are allied in the last two years. Luck is a table, so that brute
    force is a count over all of its rows.
    """

    def __init__(self, seed):
        rng = np.random.Generator(np.random.Philox(seed))
        self.base = rng.normal(-1.6, 0.8, (DRAWS, len(DYADS)))
        self.stay = rng.normal(2.2, 0.5, (DRAWS, 1))
        self.moves = rng.normal(0.0, 2.0, len(DYADS))
        self.moves[GOAL] = 0.0
        self.luck = rng.random((WORLDS, YEARS, len(DYADS)))
        self.runs = 0

    def chances(self, allied, draw):
        logit = self.base[draw] + self.stay[draw] * allied
        logit[:, GOAL] += allied @ self.moves
        return 1.0 / (1.0 + np.exp(-logit))

    def roll(self, force, numbers):
        numbers = np.asarray(numbers)
        draw, row = numbers % DRAWS, numbers % WORLDS
        self.runs += len(numbers)
        allied = np.zeros((len(numbers), len(DYADS)))
        held, price = np.zeros(len(numbers)), np.zeros(len(numbers))
        for year in range(YEARS):
            p = self.chances(allied, draw)
            allied = (self.luck[row, year] < p).astype(float)
            if year == force.year:
                chance = p[:, force.dyad] if force.value else 1 - p[:, force.dyad]
                price = np.log(chance)
                allied[:, force.dyad] = force.value
            held = (held + 1) * allied[:, GOAL]
        reached = held >= 2
        near = np.where(reached, 1.0, np.minimum(held, 2) * 0.4)
        logs = np.array([[np.log(np.exp(price[draw == d]).mean())] for d in np.unique(draw)])
        nothing = np.zeros(len(draw))
        lead = np.where(reached, YEARS - force.year, -1)
        return Tried(draw, reached, nothing > 0, near, nothing, lead, nothing + 1, logs)

    def __call__(self, entrants, numbers):
        return [self.roll(e, numbers) for e in entrants]

    def exact(self, entrants):
        """Everything, counted over every row of luck."""
        runners = [Runner(e) for e in entrants]
        for runner, tried in zip(runners, self(entrants, range(WORLDS)), strict=True):
            runner.take(tried)
        return runners


def share(runner):
    return runner.hits / runner.many


FORCES = [Force(y, d, v) for y in range(YEARS) for d in range(len(DYADS)) for v in (0, 1)]


@pytest.mark.parametrize("seed", range(50))
def test_forward_search_equals_brute_force(seed):
    """
    The same best way as a count of every force in every world, for under half of the runs.

    So it is in both leagues, and no point of the counted frontier is missed: at its price, give or
    take a tenth of a bit, the search has one that is as likely to reach the goal.
    """
    toy = Toy(seed)
    brute = toy.exact(FORCES)
    spent, toy.runs = toy.runs, 0
    raced = race(FORCES, toy, runs=16_000, survivors=40, one_in=2)
    assert toy.runs < spent / 2
    found = {r.entrant.id for r in raced.survivors}
    for direct in (True, False):
        league = [r for r in brute if direct or not r.entrant.direct]
        best = frontier(league, share)
        same = frontier([r for r in league if r.entrant.id in found], share)
        assert same[-1].entrant.id == best[-1].entrant.id
        for point in best:
            assert max(share(r) for r in same if r.cost <= point.cost + 0.1) >= share(point)


def test_a_race_is_the_same_whoever_else_is_told():
    """Ties fall by id, and progress changes nothing."""
    heard = []
    one = race(FORCES, Toy(3), runs=4_000, survivors=10, say=heard.append)
    two = race(FORCES[:], Toy(3), runs=4_000, survivors=10)
    assert [r.entrant.id for r in one.survivors] == [r.entrant.id for r in two.survivors]
    assert len(heard) == len(one.rounds) > 1
    assert len(one.survivors) == 10


def test_worlds_are_common_and_never_met_twice():
    """All entrants of a round meet the same worlds, the next round new ones."""
    toy, met = Toy(5), []

    def evaluate(entrants, numbers):
        met.append((len(entrants), numbers))
        return toy(entrants, numbers)

    raced = race(FORCES, evaluate, runs=3_000, survivors=8, first=40)
    assert [(r.entrants, r.worlds) for r in raced.rounds] == [(n, len(w)) for n, w in met]
    assert met[0][1].start == 40
    assert all(a.stop == b.start for (_, a), (_, b) in pairwise(met))
    assert sum(n * len(w) for n, w in met) <= 3_000


def test_a_small_budget_starts_fewer():
    sizes = [r.entrants for r in rounds(1_000, 30, 500)]
    assert sizes[0] < 250
    assert next(rounds(1_000, 30, 60_000)).entrants == 1_000
    assert next(rounds(0, 30, 100)).entrants == 1


def test_the_goal_written_down_takes_a_quarter_at_most_and_never_all():
    toy = Toy(7)
    kept = keep(toy.exact(FORCES), 16)
    direct = [r for r in kept if r.entrant.direct]
    assert 0 < len(direct) <= 4
    assert len(kept) == 16


def test_what_never_comes_up_or_is_too_dear_is_dropped():
    toy = Toy(9)
    runners = toy.exact(FORCES)
    runners[0].cost = 31.0
    runners[1].tried[0].met[:] = 0.5
    kept = {r.entrant.id for r in keep(runners, len(runners) * 4)}
    assert runners[0].entrant.id not in kept
    assert runners[1].entrant.id not in kept
    assert len(kept) == len(runners) - 2


def test_a_frontier_rises_with_its_price():
    runners = Toy(11).exact(FORCES)
    points = frontier(runners, share)
    assert [r.cost for r in points] == sorted(r.cost for r in points)
    assert all(share(a) < share(b) for a, b in pairwise(points))
    for r in runners:
        assert any(p.cost <= r.cost and share(p) >= share(r) for p in points)
