"""The question hindcast at two cut-offs: what its rows hold, and that it knows nothing later."""

import dataclasses

import numpy as np
import pytest

from allohistory.check.advice import latest, shipped
from allohistory.check.advising import advise, fitted
from allohistory.check.contenders import contend, sample
from allohistory.check.features import names_of, told
from allohistory.check.hindcast import Plan, at, hindcast
from allohistory.check.past import cut
from allohistory.check.predicates import PREDICATES, at_risk, count, merged
from allohistory.record.tables import War, load
from allohistory.record.until import until
from allohistory.vocab import Outcome

pytestmark = pytest.mark.slow
YEARS, RUNS = (1905, 1920), 12
ASKED = ("peace", "force", "pact")
BOTH = (*ASKED, "closest major")
GEOGRAPHY = {"states", "units", "borders", "capitals", "names", "sources", "departures"}
"""What a cut-off leaves in: where things lie and what they are called."""


@pytest.fixture(scope="module")
def rows():
    return hindcast(None, (1865, *YEARS), RUNS, predicates=ASKED, trees=False)


def test_rows_hold_what_is_asked(rows):
    by = {(r["predicate"], r["cutoff"]): r for r in rows}
    assert "too few" in by["skipped", 1865]["reason"]
    for name in ASKED:
        whole = by[name, None]
        assert whole["n"] == sum(by[name, year]["n"] for year in YEARS)
        assert whole["events"] == sum(by[name, year]["events"] for year in YEARS)
        for key in ("log_score", "base_rate", "persistence", "logistic", "frozen_hazard", "stack"):
            assert -5 < whole[key] < 0, key
        assert whole["boosted"] is None
        assert {"sim_minus_logistic", "stack_minus_logistic", "sim_minus_base"} <= set(
            whole["intervals"]
        )
        low, high = whole["intervals"]["sim_minus_base"]
        assert low <= whole["log_score"] - whole["base_rate"] <= high
        assert sum(b["n"] for b in whole["bins"]) == whole["n"]
    assert "without_1950" in by["pact", None]
    counted = by["count: disputes", 1905]
    assert counted["lo"] <= counted["hi"]
    assert counted["inside"] == (counted["lo"] <= counted["record"] <= counted["hi"])


def false(row, year):
    """A benchmark, a dispute or a war of later years, made false."""
    if (row.start.year if hasattr(row, "start") else getattr(row, "year", year)) <= year:
        return row
    changed = {}
    if hasattr(row, "share"):
        changed["share"] = min(row.share * 3.0, 40.0)
    if hasattr(row, "democracy"):
        changed["democracy"] = 1.0 - row.democracy
    if hasattr(row, "level"):
        changed.update(initiator=row.target, target=row.initiator)
    if isinstance(row, War):
        changed["outcome"] = {Outcome.INITIATOR: Outcome.TARGET}.get(row.outcome, Outcome.INITIATOR)
    return dataclasses.replace(row, **changed) if changed else row


def late(row, year):
    """A row of which everything after the year happens seven years later."""
    moved = {}
    for name in ("start", "end"):
        day = getattr(row, name, None)
        if day is not None and day.year > year:
            moved[name] = dataclasses.replace(day, year=day.year + 7, day=min(day.day, 28))
    return dataclasses.replace(row, **moved) if moved else row


def told_otherwise(tables, year):
    """The record in which everything after a year came later and otherwise."""
    changed = {
        field.name: tuple(late(false(r, year), year) for r in getattr(tables, field.name))
        for field in dataclasses.fields(tables)
        if field.name not in GEOGRAPHY
    }
    return until(dataclasses.replace(tables, **changed), 2016)


def silenced(tables, year):
    """The record in which nothing happens after a year; benchmarks of power go on, false."""
    rest = until(tables, year)
    kept = {
        name: tuple(false(row, year) for row in getattr(tables, name))
        for name in ("capabilities", "regimes")
    }
    return dataclasses.replace(rest, **kept)


@pytest.mark.parametrize("corrupt", [told_otherwise, silenced])
def test_nothing_later_than_the_cutoff_is_known(corrupt):
    year = YEARS[0]
    other = corrupt(load(), year)
    for name in ("treaties", "wars", "spells", "leaders", "holdings", "disputes", "capabilities"):
        assert getattr(other, name) != getattr(load(), name), name
        assert getattr(until(other, year), name) == getattr(until(load(), year), name), name
    for one, two in zip(cut(load(), year).draws, cut(other, year).draws, strict=True):
        for name, value in one._asdict().items():
            assert value.tobytes() == getattr(two, name).tobytes(), name
    true, wrong = (
        at(Plan(tables, RUNS, 0, BOTH, None, cut, trees=False), year) for tables in (load(), other)
    )
    for name in BOTH:
        for who, p in true.cases[name].p.items():
            assert p.tobytes() == wrong.cases[name].p[who].tobytes(), (name, who)
    assert true.system.tobytes() == wrong.system.tobytes()
    counted = [count(cut(t, year, horizon=15), RUNS, 15) for t in (load(), other)]
    for name, met in counted[0].met.items():
        assert met.tobytes() == counted[1].met[name].tobytes(), name
    assert not np.array_equal(true.cases["force"].y, wrong.cases["force"].y), "nothing changed"


def test_runs_in_two_chunks_count_the_same():
    model = cut(None, YEARS[0], horizon=15)
    whole = count(model, RUNS, 15, seed=3)
    parts = merged([count(model, 5, 15, seed=3), count(model, RUNS - 5, 15, seed=3, first=5)])
    assert whole.runs == parts.runs == RUNS
    assert set(whole.met) == set(parts.met) == {"peace", "force", "pact", "war"}
    for name, k in whole.met.items():
        assert np.array_equal(k, parts.met[name])
    assert np.array_equal(whole.system, parts.system)


def test_only_some_states_are_scored():
    ids = frozenset({"FRN", "GMY", "UKG", "RUS"})
    found = at(Plan(None, 4, 0, ("force",), ids, cut, trees=False), YEARS[0])
    assert len(found.cases["force"].y) == 6


def test_the_closest_major_is_scored_without_a_hazard():
    ids = frozenset({"FRN", "GMY", "UKG", "RUS", "AUH", "BEL"})
    plan = Plan(None, 40, 0, ("closest major",), ids, cut, trees=False)
    cases = at(plan, YEARS[0]).cases["closest major"]
    # Five majors of the six: each is asked about the four others, Belgium about all five.
    assert len(cases.y) == 25
    assert set(cases.p) == {"sim", "base_rate", "persistence", "logistic"}
    assert cases.y.sum() == len(set(cases.i[cases.y == 1])), "nobody has two"
    # In 1935 France's closest was Britain or nobody worse; runs name at most one a state.
    for i in np.unique(cases.i):
        assert cases.p["sim"][cases.i == i].sum() <= 1.0 + 5 * 0.5 / 41
    rows = hindcast(None, YEARS, 8, predicates=("closest major",), only=ids, trees=False)
    whole = next(row for row in rows if row["cutoff"] is None)
    assert whole["frozen_hazard"] is None
    assert whole["clusters"] == 2
    assert set(whole["intervals"]) >= {"sim_minus_base", "sim_minus_logistic"}


def test_who_was_closest_before_says_more_than_chance():
    """The base rate of a state's closest major is a fifth or less; of the one it had, far more."""
    tables = until(load(), 1930)
    known, what = told(tables, 1930), PREDICATES["closest major"]
    rows = list(range(5, known.last - what.horizon + 1, 5))
    train = sample(known, what, None, rows)
    now = train.x[:, names_of(what).index("closest_now")] == 1.0
    assert train.x.shape[1] == len(names_of(what))
    assert train.y[now].mean() > 2.0 * train.y[~now].mean()


def test_the_shipped_logistic_is_fitted_on_what_was_known_at_its_cutoff():
    year, what = YEARS[0], PREDICATES["force"]
    known = told(until(load(), year), year)
    row, again = latest(shipped()[0], "force", year), fitted(known, what)

    assert row.cutoff == year
    assert row.logistic.strength == again.strength
    assert np.allclose(row.logistic.beta, again.beta, rtol=1e-4, atol=1e-5)
    pairs = at_risk(known.history, known.last, what)
    told_then = contend(known, what, trees=False)["logistic"]
    assert np.allclose(row.simple(known, pairs), told_then, rtol=1e-3)


def test_advice_is_learnt_from_a_hindcast_and_from_nothing_later():
    cutoffs = (1870, 1875, 1880, 1890)
    table, tracks = advise(None, cutoffs, 4, predicates=("war",))
    other, _ = advise(told_otherwise(load(), 1890), cutoffs, 4, predicates=("war",))

    assert [(row.cutoff, row.learnt_to) for row in table] == [(1890, 1880)]
    assert table[0].weights.tobytes() == other[0].weights.tobytes()
    assert table[0].logistic.beta.tobytes() == other[0].logistic.beta.tobytes()
    fared = tracks["war"]
    assert fared["cutoffs"] == 1
    assert all(-2 < fared[name] < 0 for name in ("sim", "logistic", "advised"))
