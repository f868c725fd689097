"""Fresh worlds beside the record: the table is whole, reproducible, and would see a mutant."""

import numpy as np
import pytest

from allohistory.check.facts import FACTS, facts
from allohistory.check.past import cut
from allohistory.check.realism import Told, bootstrap, ensemble, realism, summary, told
from allohistory.check.statistics import NAMES, measure
from allohistory.engine.luck import stage
from allohistory.model import terms as m

pytestmark = pytest.mark.slow
WINDOW = (1925, 1938)
RUNS = 48
KEYS = {
    "window",
    "statistic",
    "record",
    "lo",
    "median",
    "hi",
    "inside",
    "defined",
    "crps",
    "crps_bootstrap",
    "lo_bootstrap",
    "median_bootstrap",
    "hi_bootstrap",
    "inside_bootstrap",
}


@pytest.fixture(scope="module")
def rows():
    return realism(windows=(WINDOW,), runs=RUNS)


def twice_the_disputes(parameters):
    beta = parameters.beta.copy()
    beta[m.DISPUTE, 0, 0] += np.log(2.0)
    return parameters._replace(beta=beta)


def test_every_statistic_has_a_row(rows):
    assert [row["statistic"] for row in rows] == list(NAMES)
    assert all(set(row) == KEYS for row in rows)
    assert all(row["lo"] <= row["median"] <= row["hi"] for row in rows)
    assert [s["window"] for s in summary(rows)] == ["1925-1938", "all"]


def test_the_record_is_measured_as_it_stands(rows):
    found = {row["statistic"]: row["record"] for row in rows}

    assert found["wars begun"] == 6
    assert found["major powers, end"] == 7
    assert found["states, end"] == 49


def test_same_seed_same_bytes_and_a_run_hangs_on_its_number_alone(rows):
    c = cut(None, WINDOW[0], horizon=WINDOW[1] - WINDOW[0])
    together = ensemble(c, 13, 12)
    parts = [ensemble(c, 13, 5, first=7), ensemble(c, 13, 7)]

    np.testing.assert_array_equal(np.concatenate(parts[::-1]), together)
    assert not np.array_equal(ensemble(c, 13, 12, seed=1), together, equal_nan=True)
    assert repr(realism(windows=(WINDOW,), runs=RUNS)) == repr(rows)


def test_a_mutant_that_doubles_the_odds_of_a_dispute_is_seen(rows):
    mutant = realism(windows=(WINDOW,), runs=RUNS, change=twice_the_disputes)
    k = NAMES.index("disputes begun")

    moved = mutant[k]["median"] / rows[k]["median"]
    assert moved > 1.4 or mutant[k]["inside"] is False
    # The draws of the cut are left as they were.
    assert repr(realism(windows=(WINDOW,), runs=RUNS)) == repr(rows)


def test_the_past_repeated_knows_no_later_year():
    record = told()
    row = WINDOW[0] - record.first + 1
    h = type(record.history)(*(field[:row] for field in record.history))
    tracked = stage(1999, 2000, slots=0).geography.tracked

    np.testing.assert_array_equal(
        bootstrap(Told(record.first, h, record.worlds[:row]), tracked, *WINDOW),
        bootstrap(record, tracked, *WINDOW),
    )


def test_windows_of_the_record_add_up():
    record, tracked = told(), stage(1999, 2000, slots=0).geography.tracked
    k = [NAMES.index(n) for n in ("wars begun", "disputes begun", "changes of leader")]
    parts = [measure(*record.window(a, b), a, tracked)[k] for a, b in ((1900, 1920), (1920, 1950))]

    np.testing.assert_array_equal(sum(parts), measure(*record.window(1900, 1950), 1900, tracked)[k])


def test_the_facts_of_the_system():
    rows = facts(runs=6)

    assert [row["fact"] for row in rows] == list(FACTS) * 2
    assert [row["sample"] for row in rows] == ["in"] * 4 + ["out"] * 4
    known = {row["fact"]: row["record"] for row in rows[:4]}
    # As on the published tables: war became rare, ties lasting, enemies seldom allies.
    assert known[FACTS[0]] < 0.3
    assert known[FACTS[1]] < 0.5
    assert known[FACTS[2]] > 0.9
    assert 0.1 < known[FACTS[3]] < 0.35
