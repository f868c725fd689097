"""The machinery of the sense tests: right signs are seen, and wrong expectations too."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from allohistory.check.expect import expectations
from allohistory.check.sense import chunk, row, sense
from allohistory.model.shipped import shipped

pytestmark = pytest.mark.slow
NEAR_CERTAIN = ("japan-loses-1905-standing", "austria-wins-1866-venetia")


@pytest.fixture(scope="module")
def tests():
    return [test for test in expectations() if test.id in NEAR_CERTAIN]


@pytest.fixture(scope="module")
def rows(tests):
    return sense(tests=tests, draws=40, runs=1)


def test_what_is_nearly_certain_holds(rows):
    assert [found["id"] for found in rows] == list(NEAR_CERTAIN)
    for found in rows:
        assert found["holds"], found
        assert found["lo"] <= found["effect"] <= found["hi"] < 0.0
        assert set(found["modes"]) == {"fresh", "kappa 1"}
        assert all(mode["met"] == 1.0 for mode in found["modes"].values())


def test_a_wrong_expectation_does_not_hold(tests, rows):
    wrong = sense(tests=[replace(test, sign="up") for test in tests], draws=40, runs=1)
    assert not any(found["holds"] for found in wrong)
    assert [found["effect"] for found in wrong] == [found["effect"] for found in rows]


def test_a_test_must_hold_on_either_luck(tests):
    found = np.zeros((9, 2, 1, 3))
    found[:, 0, :, 0] = -1.0
    assert not row(tests[0], found)["holds"]
    found[:, 1, :, 0] = -1.0
    assert row(tests[0], found)["holds"]


def test_rows_do_not_hang_on_where_the_work_is_done(tests, rows):
    with ThreadPoolExecutor(1) as pool:
        assert sense(tests=tests, draws=40, runs=1, executor=pool) == rows


def test_draws_do_not_hang_on_each_other(tests):
    from allohistory.check.sense import Task

    task, many = Task(tuple(tests), 1, 1), shipped()[0]
    both = chunk(task, [(0, many[0]), (1, many[1])])
    alone = chunk(task, [(1, many[1])])
    assert np.array_equal(both[1], alone[0])
