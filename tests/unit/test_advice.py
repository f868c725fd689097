"""The advised probability: what it is learnt from, the table that ships, where it is left out."""

from types import SimpleNamespace

import numpy as np
import pytest

from allohistory.answer.advised import ASKED, advised
from allohistory.check.advice import FILE, Advice, latest, read, save, shipped
from allohistory.check.contenders import Logistic, Scale
from allohistory.check.everything import hash_of
from allohistory.check.features import NAMES, names_of
from allohistory.check.predicates import PREDICATES
from allohistory.check.scoring import ENOUGH, Cases, blend, stacked, weights
from allohistory.errors import RecordError

HORIZON, EACH = 10, 40
YEARS = np.arange(1900, 1950, 5)


@pytest.fixture
def cases():
    """Ten cut-offs in which the simulation knows, and the logistic guesses."""
    rng = np.random.default_rng(3)
    cutoff = np.repeat(YEARS, EACH)
    truth = rng.uniform(0.05, 0.95, len(cutoff))
    y = (rng.uniform(size=len(cutoff)) < truth).astype(np.int64)
    p = {"sim": truth, "logistic": rng.uniform(0.05, 0.95, len(cutoff))}
    nobody = np.zeros(len(cutoff), np.int64)
    return Cases("force", cutoff, nobody, nobody, y, nobody, p)


def corrupted(cases, which):
    p = {name: np.where(which, 1 - value, value) for name, value in cases.p.items()}
    return cases._replace(y=np.where(which, 1 - cases.y, cases.y), p=p)


def test_weights_are_learnt_only_from_windows_that_have_ended(cases):
    year = 1930
    ended = cases.cutoff + HORIZON <= year
    true = weights(cases, HORIZON, year)

    assert weights(corrupted(cases, ~ended), HORIZON, year).tobytes() == true.tobytes()
    assert weights(cases.take(ended), HORIZON, year).tobytes() == true.tobytes()
    newest = cases.cutoff == year - HORIZON
    assert weights(corrupted(cases, newest), HORIZON, year).tobytes() != true.tobytes()


def test_there_are_no_weights_until_enough_windows_have_ended(cases):
    first = YEARS[ENOUGH - 1] + HORIZON

    assert weights(cases, HORIZON, first - 1) is None
    assert weights(cases, HORIZON, first) is not None


def test_weights_favour_who_knows_and_the_stack_is_the_blend(cases):
    learnt = weights(cases, HORIZON, 1949)
    assert learnt[1] > 0 > learnt[2]

    out = stacked(cases, HORIZON)
    for year in YEARS.tolist():
        here = cases.cutoff == year
        sim, logistic = cases.p["sim"][here], cases.p["logistic"][here]
        assert np.array_equal(out[here], blend(sim, logistic, weights(cases, HORIZON, year)))


def test_the_shipped_table_is_whole():
    table, facts = shipped()
    keys = [(row.predicate, row.cutoff) for row in table]

    assert len(set(keys)) == len(keys)
    assert {row.predicate for row in table} == set(PREDICATES)
    for name, what in PREDICATES.items():
        mine = [row for row in table if row.predicate == name]
        assert [row.cutoff for row in mine] == list(range(mine[0].cutoff, 2011, 5)), name
        # Three cut-offs, the first in 1870, whose windows have ended.
        assert mine[0].cutoff == 1880 + what.horizon
        for row in mine:
            assert row.learnt_to + what.horizon <= row.cutoff
            assert len(row.logistic.beta) == len(names_of(what)) + 1
            assert len(row.logistic.scale.mean) == len(row.logistic.scale.sd) == len(names_of(what))
            assert np.isfinite(row.logistic.beta).all()
            assert np.isfinite(row.weights).all()
            assert (row.logistic.scale.sd > 0).all()
    assert set(facts["tracks"]) == set(PREDICATES)
    assert facts["record"] == hash_of(None), "the record changed: run scripts/advice.py"
    assert f"--runs {facts['runs']} --seed {facts['seed']}" in facts["command"]


def test_a_table_is_read_as_it_was_written(tmp_path):
    table, facts = shipped()
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    own = {key: facts[key] for key in facts if key not in {"predicates", "covariates"}}
    save(one, table, own)
    again, found = read(one)
    save(two, again, own)

    assert found == facts
    assert one.read_bytes() == two.read_bytes()
    for row, other in zip(table, again, strict=True):
        assert row.logistic.beta.tobytes() == other.logistic.beta.tobytes()
        assert row.weights.tobytes() == other.weights.tobytes()


def test_a_table_of_other_covariates_is_refused(tmp_path, monkeypatch):
    path = tmp_path / FILE
    monkeypatch.setattr("allohistory.check.advice.NAMES", NAMES[1:])
    many = len(names_of(PREDICATES["force"]))
    flat = Logistic(Scale(np.zeros(many - 1), np.ones(many - 1)), np.zeros(many), 1.0)
    save(path, [Advice("force", 1900, 1890, np.zeros(3), flat)], {})
    monkeypatch.undo()

    with pytest.raises(RecordError, match=r"scripts/advice\.py"):
        read(path)


def test_the_latest_advice_by_a_year():
    table, _ = shipped()

    assert latest(table, "force", 1904).cutoff == 1900
    assert latest(table, "force", 1905).cutoff == 1905
    assert latest(table, "force", 1870) is None


def question(**more):
    facts = {"off": (), "start": 1904, "horizon": 20, "last": 1954, "pair": (0, 1)}
    return SimpleNamespace(**facts | more)


SIMULATED = [{"p": 0.1, "lo": 0.05, "hi": 0.2}] * len(ASKED)


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"off": ("deterrence",)}, "switched off"), ({"start": 1885}, "1885 is too early")],
)
def test_without_advice_there_is_a_reason(more, reason):
    told = advised(question(**more), SIMULATED, 80, ["Japan", "China"])

    assert told["advised"] == []
    assert reason in told["advised_left_out"][0]
