"""
What the model must beat: base rate, persistence, a dyadic logit, boosted trees.

All of them learn from the same choices, those up to the cut-off, and see the same covariates
(the logit fewer: nothing that third states do).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.check.frames import Floats, Ints
from allohistory.check.metrics import log_loss
from allohistory.check.trees import boosting, single
from allohistory.fit import likelihood
from allohistory.fit.estimate import SCALES
from allohistory.fit.priors import prior
from allohistory.model import terms as m

NETWORK = frozenset(
    {
        "allied_share",
        "allies_elsewhere",
        "common_rival",
        "common_threat",
        "cobelligerents",
        "democrats_share",
        "deterrence",
        "loser_and_common_threat",
        "majors_at_war",
        "majors_fighting",
        "neighbours_freer",
        "one_at_war",
        "opposed_by_stronger",
        "own_quarrels",
        "other_predators",
        "outlying",
        "patron_freer",
        "self_engaged",
        "self_rule_norm",
        "shared_allies",
        "standing",
        "standing_gap",
        "target_beaten",
        "target_engaged",
        "third_party_threat",
        "threat",
        "threat_from_enemy",
        "victor_nearby",
    }
)
"""Terms in which states outside the dyad (or outside the state) have a say."""
RECENT, FEW = 20, 8
TREES = ((0.06, 4), (0.06, 10), (0.12, 3))
ROUNDS, EVERY = 120, 20
OTHERS = 12_000
"""Non-events that trees learn from; the odds are put right afterwards."""

Forecast = Callable[[Floats, Ints], Floats]
Chance = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """
    Choices up to a cut-off.

    Attributes
    ----------
    process : int
        Whose terms the columns of `x` are.
    kinds : int
        Outcomes, nothing included.
    x : (n, K) float32
    y, year, seen : (n,) int64
        Outcome, year, and how often the same two (or the same one) had the event in the ten
        years before.
    weight : (n,) float64
        How many choices a row stands for: of many non-events only some are kept.
    """

    process: int
    kinds: int
    x: NDArray[np.float32]
    y: Ints
    year: Ints
    seen: Ints
    weight: Floats

    @property
    def events(self) -> int:
        """Choices that came out otherwise than nothing."""
        return int((self.y > 0).sum())


def _rates(lesson: Lesson, rows: NDArray[np.bool_]) -> Floats:
    """Share of each outcome, half an event added to each."""
    count = np.bincount(lesson.y[rows], lesson.weight[rows], minlength=lesson.kinds) + 0.5
    return np.asarray(count / count.sum(), np.float64)


def _constant(rate: Floats) -> Forecast:
    return lambda x, _: np.tile(rate, (len(x), 1))


def base_rates(lesson: Lesson) -> list[Forecast]:
    """Rates of all years known, and of the last twenty."""
    every = np.ones(len(lesson.y), bool)
    late = lesson.year > lesson.year.max(initial=0) - RECENT
    return [_constant(_rates(lesson, every)), _constant(_rates(lesson, late))]


def persistence(lesson: Lesson) -> Forecast:
    """Rate by how often the same had the event in ten years, shrunk to the base rate."""
    base = _rates(lesson, np.ones(len(lesson.y), bool))
    table = []
    for level in range(4):
        rows = np.minimum(lesson.seen, 3) == level
        count = np.bincount(lesson.y[rows], lesson.weight[rows], minlength=lesson.kinds)
        table.append((count + 5.0 * base) / (count.sum() + 5.0))
    rates = np.array(table)
    return lambda _, seen: np.asarray(rates[np.minimum(seen, 3)], np.float64)


def _softmax(x: Floats, beta: Floats) -> Floats:
    odds = np.exp(np.clip(x @ beta.T, -35, 35))
    both = np.column_stack([np.ones(len(x)), odds])
    return np.asarray(both / both.sum(1, keepdims=True), np.float64)


def two_sided(x: Floats, z: Floats, y: Ints, mean: Floats, sd: Floats) -> tuple[Floats, float]:
    """
    Choice between nothing (0), side one (1, covariates `x`) and side two (2, `z`).

    Returns
    -------
    (K,) float64, float
        Mode, and the log evidence of the prior (`likelihood.evidence`).
    """
    precision, beta = 1.0 / sd**2, mean.copy()
    hessian = np.diag(precision)
    for _ in range(likelihood.STEPS):
        a, b = np.exp(np.clip(x @ beta, -35, 35)), np.exp(np.clip(z @ beta, -35, 35))
        p, q = a / (1 + a + b), b / (1 + a + b)
        gradient = x.T @ ((y == 1) - p) + z.T @ ((y == 2) - q) - precision * (beta - mean)
        middle = x * p[:, None] + z * q[:, None]
        hessian = (x * p[:, None]).T @ x + (z * q[:, None]).T @ z - middle.T @ middle
        hessian += np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < likelihood.TOLERANCE:
            break
    a, b = (np.clip(side @ beta, -35, 35) for side in (x, z))
    chosen = np.where(y == 1, a, np.where(y == 2, b, 0.0))
    fit = float((chosen - np.log1p(np.exp(a) + np.exp(b))).sum())
    return beta, likelihood.evidence(fit, beta - mean, sd, hessian)


def dyadic(lesson: Lesson) -> Forecast | None:
    """
    The model's own logit without what third states do, and without year shocks.

    Its priors are the model's, and so is the way to their width: of `fit.estimate.SCALES` the one
    with the highest evidence (MacKay 1992) in what is known.
    """
    names = m.TERMS[lesson.process]
    columns = np.array([k for k, name in enumerate(names) if name not in NETWORK])
    tried = [_dyadic(lesson, columns, scale) for scale in SCALES]
    mode, _ = max(tried, key=lambda one: one[1])
    if lesson.process != m.JOIN:
        return lambda x, _: _softmax(x[:, columns], mode)
    other = columns + len(names)
    return lambda x, _: _softmax(np.stack([x[:, columns] @ mode, x[:, other] @ mode], 1), np.eye(2))


def _dyadic(lesson: Lesson, columns: Ints, scale: float) -> tuple[Floats, float]:
    """Mode of the dyadic logit under a prior so wide, and the evidence of that width."""
    mean, sd = (part[:, columns] for part in prior(lesson.process, elicited=False, scale=scale))
    x = lesson.x[:, columns].astype(np.float64)
    if lesson.process == m.JOIN:
        z = lesson.x[:, columns + len(m.TERMS[m.JOIN])].astype(np.float64)
        return two_sided(x, z, lesson.y, mean[0], sd[0])
    if lesson.kinds > 2:
        rows = min(lesson.kinds - 1, len(mean))
        found = likelihood.multinomial(x, lesson.y, mean[:rows], sd[:rows])
    else:
        # Of the non-events only one in `weight` is here: that moves the intercept by its log.
        came = (lesson.y > 0).astype(np.float64)
        found = likelihood.binary(x, came, mean[0], sd[0], _offset(lesson))
    return found.mode, found.evidence


def _offset(lesson: Lesson) -> Floats:
    """What thinning the non-events of a year adds to the log odds of its rows."""
    years, index = np.unique(lesson.year, return_inverse=True)
    scale = np.ones(len(years))
    np.maximum.at(scale, index, lesson.weight)
    return np.asarray(np.log(scale)[index], np.float64)


def _thinned(y: Ints, weight: Floats) -> tuple[Ints, float]:
    """Rows for trees, all events and some non-events, and how many non-events one stands for."""
    no = np.flatnonzero(y == 0)
    total = float(weight[no].sum())
    if len(no) > OTHERS or total > len(no):
        many = min(OTHERS, len(no))
        rng = np.random.default_rng(0)
        no = rng.choice(no, many, replace=False, p=weight[no] / total)
    rows = np.sort(np.concatenate([np.flatnonzero(y > 0), no]))
    return rows, total / max(len(no), 1)


def _halves(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """The two sides of a war as seen by one who may join: first its own, then the other."""
    half = x.shape[1] // 2
    return np.vstack([x, np.hstack([x[:, half:], x[:, :half]])])


def _grow(x: NDArray[np.float32], y: Ints, year: Ints, weight: Floats) -> Chance | None:
    """Trees for an event, tuned on the last third of the events."""
    rows, ratio = _thinned(y, weight)
    x, y, year = x[rows], y[rows], year[rows]
    if y.sum() < FEW or y.all():
        return None

    def trees(rate: float, leaves: int, rounds: int) -> Any:  # noqa: ANN401 - it has no types
        return boosting(
            learning_rate=rate,
            max_leaf_nodes=leaves,
            max_iter=rounds,
            min_samples_leaf=20,
            l2_regularization=5.0,
            max_bins=63,
        )

    split = np.quantile(year[y > 0], 0.67, method="lower")
    early, late = year <= split, year > split
    best = (np.inf, *TREES[0], EVERY)
    if y[early].sum() >= FEW / 2 and y[late].any() and not y[early].all():
        for rate, leaves in TREES:
            grown = trees(rate, leaves, ROUNDS)
            with single():
                grown.fit(x[early], y[early])
            for n, p in enumerate(grown.staged_predict_proba(x[late]), 1):
                if n % EVERY == 0:
                    best = min(best, (log_loss(y[late], p), rate, leaves, n))
    grown = trees(*best[1:])
    with single():
        grown.fit(x, y)

    def chance(x: Floats) -> Floats:
        with single():
            p = grown.predict_proba(x.astype(np.float32))[:, 1]
        return np.asarray(p / (p + (1.0 - p) * ratio), np.float64)

    return chance


def boosted(lesson: Lesson) -> Forecast | None:
    """
    Boosted trees for an event of any kind, kinds by their share.

    Learning rate, leaves and rounds are those that did best on the last third of the events when
    trained on the years before them. For joining, one forest speaks of either side.
    """
    if lesson.process == m.JOIN:
        y = np.concatenate([lesson.y == 1, lesson.y == 2]).astype(np.int64)
        year, weight = np.tile(lesson.year, 2), np.tile(lesson.weight, 2)
        joins = _grow(_halves(lesson.x), y, year, weight)
        if joins is None:
            return None

        def by_side(x: Floats, _: Ints) -> Floats:
            p = np.clip(joins(_halves(x.astype(np.float32)).astype(np.float64)), 1e-9, 1 - 1e-9)
            odds = (p / (1 - p)).reshape(2, len(x)).T
            both = np.column_stack([np.ones(len(x)), odds])
            return np.asarray(both / both.sum(1, keepdims=True), np.float64)

        return by_side
    chance = _grow(lesson.x, (lesson.y > 0).astype(np.int64), lesson.year, lesson.weight)
    if chance is None:
        return None
    count = np.bincount(lesson.y[lesson.y > 0], minlength=lesson.kinds)[1:] + 0.5
    share = count / count.sum()

    def forecast(x: Floats, _: Ints) -> Floats:
        p = chance(x)
        return np.column_stack([1.0 - p, p[:, None] * share[None]])

    return forecast


def better(y: Ints, first: Floats, second: Floats) -> Floats:
    """Whichever of two forecasts has the better log score: doubts are settled for the rival."""
    return first if log_loss(y, first) <= log_loss(y, second) else second
