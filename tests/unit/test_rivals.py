"""The dyadic logit that the model is compared with chooses the width of its priors as it does."""

import numpy as np
import pytest

from allohistory.check import rivals
from allohistory.check.metrics import log_loss
from allohistory.fit.likelihood import evidence
from allohistory.model import terms as m


def lesson(process, effect, many=400, seed=0):
    """Choices that hang on the columns with an effect, and on nothing else."""
    rng = np.random.default_rng(seed)
    names = m.TERMS[process]
    x = rng.normal(size=(many, len(names)))
    x[:, names.index("const")] = 1.0
    dyad = [k for k, name in enumerate(names) if name not in rivals.NETWORK | {"const"}]
    beta = np.zeros(len(names))
    beta[dyad[: len(dyad) // 2]] = effect
    beta[names.index("const")] = -1.5
    y = (rng.random(many) < 1 / (1 + np.exp(-x @ beta))).astype(np.int64)
    kept = np.arange(many), np.zeros(many, np.int64), np.ones(many)
    return rivals.Lesson(process, 2, x.astype(np.float32), y, *kept), beta


@pytest.mark.parametrize(("effect", "width"), [(0.0, 0.1), (1.5, 1.0)])
def test_the_width_is_the_one_with_the_highest_evidence(effect, width):
    told, _ = lesson(m.RIVAL_START, effect)
    names = m.TERMS[told.process]
    columns = np.array([k for k, name in enumerate(names) if name not in rivals.NETWORK])
    tried = {scale: rivals._dyadic(told, columns, scale)[1] for scale in rivals.SCALES}
    assert max(tried, key=tried.get) == width
    best, _ = rivals._dyadic(told, columns, width)
    later, _ = lesson(m.RIVAL_START, effect, seed=1)
    x = later.x.astype(np.float64)
    assert np.array_equal(rivals.dyadic(told)(x, later.seen), rivals._softmax(x[:, columns], best))


def test_where_there_is_nothing_to_learn_the_narrow_width_foretells_better():
    told, _ = lesson(m.RIVAL_START, 0.0)
    later, _ = lesson(m.RIVAL_START, 0.0, many=4000, seed=1)
    x = later.x.astype(np.float64)
    names = m.TERMS[told.process]
    columns = np.array([k for k, name in enumerate(names) if name not in rivals.NETWORK])
    wide = rivals._softmax(x[:, columns], rivals._dyadic(told, columns, 1.0)[0])
    assert log_loss(later.y, rivals.dyadic(told)(x, later.seen)) < log_loss(later.y, wide) - 0.005


def test_the_evidence_of_joining_is_the_integral_it_stands_for():
    """One coefficient: Laplace against a sum over a fine grid; priors compared, not constants."""
    rng = np.random.default_rng(2)
    x, z = rng.normal(size=(300, 1)), rng.normal(size=(300, 1))
    odds = np.stack([np.ones(300), np.exp(0.4 * x[:, 0]), np.exp(0.4 * z[:, 0])], axis=1)
    y = (rng.random(300)[:, None] > np.cumsum(odds / odds.sum(1, keepdims=True), 1)).sum(1)
    grid = np.linspace(-3, 3, 4001)
    a, b = x * grid, z * grid
    chosen = np.where(y[:, None] == 1, a, np.where(y[:, None] == 2, b, 0.0))
    log = (chosen - np.log1p(np.exp(a) + np.exp(b))).sum(0)

    def exact(sd):
        inside = log - 0.5 * (grid / sd) ** 2 - np.log(sd)
        return np.log(np.exp(inside - inside.max()).sum()) + inside.max()

    def laplace(sd):
        return rivals.two_sided(x, z, y, np.zeros(1), np.full(1, sd))[1]

    assert laplace(1.0) - laplace(0.1) == pytest.approx(exact(1.0) - exact(0.1), abs=0.02)
    assert evidence(0.0, np.zeros(1), np.ones(1), np.eye(1)) == 0.0
