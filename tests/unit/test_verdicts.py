"""Who prevails in a dispute: what is told, what is learned, and nothing from after the cut-off."""

import dataclasses

import numpy as np

from allohistory.check.frames import INITIATOR, STALEMATE, TARGET, verdicts
from allohistory.check.rivals import Lesson
from allohistory.check.verdicts import TERMS, prevailing
from allohistory.fit.likelihood import multinomial
from allohistory.model import terms as m
from allohistory.record.tables import load
from allohistory.record.until import until
from allohistory.vocab import Outcome

POWER = m.TERMS[m.LEVEL].index(TERMS[1])


def quarrels(rng, many=3000, last=1900):
    """Disputes the stronger wins, of which ever more end with nobody giving way."""
    x = np.zeros((many, len(m.TERMS[m.LEVEL])), np.float32)
    x[:, 0] = 1.0
    x[:, POWER] = rng.normal(size=many)
    year = np.sort(rng.integers(last - 79, last + 1, many))
    settled = rng.random(many) < np.where(year <= last - 40, 0.8, 0.2)
    wins = rng.random(many) < 1.0 / (1.0 + np.exp(-1.5 * x[:, POWER]))
    y = np.where(settled, np.where(wins, INITIATOR, TARGET), STALEMATE)
    zero = np.zeros(many, np.int64)
    return Lesson(m.LEVEL, 3, x, y, year, zero, np.ones(many))


def test_the_stronger_prevails_and_late_years_set_the_level():
    forecast = prevailing(quarrels(np.random.default_rng(1)))
    x = np.zeros((2, len(m.TERMS[m.LEVEL])))
    x[:, 0], x[:, POWER] = 1.0, (-1.0, 1.0)

    weak, strong = forecast(x, np.zeros(2, np.int64))

    assert np.allclose([weak.sum(), strong.sum()], 1.0)
    assert strong[INITIATOR] > 2 * strong[TARGET]
    assert weak[TARGET] > 2 * weak[INITIATOR]
    assert weak[STALEMATE] > 0.65  # as of late, not 0.5 as over all the years
    assert strong[STALEMATE] > 0.65


def test_a_row_that_counts_twice_is_two_rows():
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(60), rng.normal(size=60)])
    y, weight = rng.integers(0, 3, 60), rng.integers(1, 3, 60)
    mean, sd = np.zeros((2, 2)), np.ones((2, 2))

    weighted = multinomial(x, y, mean, sd, weight=weight.astype(float))
    twice = multinomial(np.repeat(x, weight, axis=0), np.repeat(y, weight), mean, sd)

    assert np.allclose(weighted.mode, twice.mode)
    assert np.allclose(weighted.covariance, twice.covariance)
    assert np.isclose(weighted.evidence, twice.evidence)


def test_what_is_told_stands_by_year_and_pair_and_the_last_year_is_open():
    whole = load()
    first, second = whole.disputes[:2]
    told = dataclasses.replace(
        whole,
        disputes=(
            dataclasses.replace(first, outcome=Outcome.TARGET),
            dataclasses.replace(second, outcome=None),
        ),
    )
    states = tuple(row.id for row in whole.states)
    pair = states.index(first.initiator), states.index(first.target)

    assert verdicts(whole, states) == {}
    assert verdicts(told, states) == {first.year: {pair: TARGET}}
    assert verdicts(until(told, first.year + 1), states) == {first.year: {pair: TARGET}}
    assert verdicts(until(told, first.year), states) == {}
