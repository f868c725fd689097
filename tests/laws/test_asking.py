"""Asking only the dyads whose luck could matter changes not a byte."""

import numpy as np
import pytest
from lab import LOSES, rolled

from allohistory.counterfactual.twin import INFINITE, Mode
from allohistory.engine import gate as g
from allohistory.engine.luck import forget, history_for, reset, rewind, seat, stage, walk
from allohistory.model import bounds as b
from allohistory.model import terms as m
from allohistory.model.shipped import shipped
from allohistory.record.dates import FIRST_YEAR

EARLY, YEARS = 1904, 25


@pytest.fixture(scope="module")
def ready():
    s = stage(FIRST_YEAR, EARLY + YEARS, slots=0)
    rewind(s)
    walk(s, shipped()[0][0], history_for(s), FIRST_YEAR, EARLY)
    return s, s.world.copy()


def grown(ready, parameters, run, *, all_asked):
    """Every array of a fresh world after some decades, and what it went through."""
    s, start = ready
    room = history_for(s, whole=True)
    forget(s)
    reset(s, start)
    seat(s, 3, run)
    s.luck.control[g.KEEPING] = int(all_asked)
    walk(s, parameters, room, EARLY, EARLY + YEARS, mode=g.FRESH, fresh_after=EARLY)
    s.luck.control[g.KEEPING] = 0
    asked = int(s.scratch.kind.any())
    return [field.copy() for field in (*s.world, *room)], asked


@pytest.mark.parametrize("run", range(12))
def test_fresh_worlds_are_the_same_whether_all_are_asked(ready, run):
    """With shipped draws, and with coefficients blown up and turned about."""
    draw = shipped()[0][run]
    if run >= 6:
        scale = np.random.default_rng(run).uniform(-1.5, 2.5, draw.beta.shape)
        scale[:, :, 0] = 0.8
        draw = draw._replace(beta=draw.beta * scale)

    ready[0].scratch.kind[:] = 0
    some, surveyed = grown(ready, draw, run, all_asked=False)
    ready[0].scratch.kind[:] = 0
    every, not_surveyed = grown(ready, draw, run, all_asked=True)

    assert (surveyed, not_surveyed) == (1, 0), "the two runs must differ in how they ask"
    assert all(np.array_equal(x, y) for x, y in zip(some, every, strict=True))


@pytest.mark.parametrize("kappa", [0.0, 1.0, INFINITE])
def test_replayed_worlds_are_the_same_whether_all_are_asked(twins, question, kappa):
    """Japan loses in 1905, under history's luck, drawn anew more or less readily."""
    plan = question.plan(LOSES)
    luck, told = twins.stage.luck, []
    for all_asked in (0, 1):
        luck.control[g.KEEPING] = all_asked
        room, _ = rolled(twins, plan.changes, Mode("kept", kappa), 2, plan.first - 1)
        luck.control[g.KEEPING] = 0
        told.append([field.copy() for field in (*twins.stage.world, *room)])

    assert all(np.array_equal(x, y) for x, y in zip(*told, strict=True))


def test_a_term_without_a_range_is_refused(monkeypatch):
    terms = {**m.TERMS, m.DISPUTE: (*m.TERMS[m.DISPUTE], "unheard_of")}
    monkeypatch.setattr(m, "TERMS", terms)

    with pytest.raises(KeyError, match="unheard_of"):
        b.lay_out()
