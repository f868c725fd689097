"""What a question is made of, one piece each: rolling, walking, replaying."""

import itertools
import time

import pytest

from allohistory.bench import replays
from allohistory.bench.clock import reference as kernel
from allohistory.bench.rolls import core, timed
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.twin import FRESH, Twins
from allohistory.engine.luck import stage
from allohistory.model.shipped import shipped
from allohistory.record.dates import FIRST_YEAR

pytestmark = pytest.mark.benchmark(timer=time.process_time, min_rounds=30)
SPANS = ((1900, 1910), (1900, 1950), (1950, 1999))


@pytest.fixture(scope="module")
def on():
    return core({first for first, _ in SPANS})


@pytest.fixture(scope="module")
def twins():
    s = stage(FIRST_YEAR, replays.YEARS[1])
    parameters = shipped()[0][0]
    return Twins(s, parameters, abduce(s, parameters, [replays.YEARS[0]]), 1)


def test_reference(benchmark):
    assert benchmark(kernel) > 0


@pytest.mark.parametrize("years", SPANS, ids=lambda v: f"{v[0]}-{v[1]}")
def test_free_run(benchmark, on, years):
    numbers = itertools.count()
    timed(on, *years, 1)

    took = benchmark(lambda: timed(on, *years, 1, since=next(numbers), warm=True))

    assert took.states > 30


@pytest.mark.parametrize("how", [*replays.MODES, FRESH], ids=lambda mode: mode.name)
def test_small_change(benchmark, twins, how):
    """Under history's luck, and free over the same years."""
    first, last = replays.YEARS
    room, changes = twins.room(first, last), replays.small(twins.stage)
    numbers = itertools.count()

    benchmark(lambda: replays.one(twins, changes, how, next(numbers), room))

    assert room.status[-1, 0].sum() > 30


def test_abduction(benchmark, twins):
    """All of the record's choices up to 1934, under one draw."""
    told = benchmark(lambda: abduce(twins.stage, twins.parameters, [replays.YEARS[0]]))

    assert replays.YEARS[0] in told.worlds
