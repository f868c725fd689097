"""
What simple methods say of the same pairs at the same cut-off, knowing as much.

Every contender is trained on start years s of the record as it stood at the cut-off c whose whole
window had ended by then (s + horizon <= c). Where there is no such year there is nothing to learn
from, and the base rate stands at `IGNORANCE`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.check.features import Told, came, covariates, names_of
from allohistory.check.predicates import (
    CLOSEST,
    FORCE,
    PACT,
    PACT_LONG,
    PEACE,
    RIVALRY_END,
    WAR,
    Flags,
    Predicate,
    at_risk,
)
from allohistory.check.trees import boosting, single

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
IGNORANCE, FLOOR = 0.1, 1e-4
FIRST_ROW = 3
"""Rows before it have no memory yet."""
EVERY, SPARSE = 2, 5
STRENGTHS = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
MIDDLE = 100.0
INNER = 3
ENOUGH = 5
RECENT = 20
HAZARD_STRENGTH = 30.0


class Sample(NamedTuple):
    """
    Pairs at risk in many start years.

    Attributes
    ----------
    x : (M, K) float64
    y : (M,) int64
    row : (M,) int64
        Start row.
    """

    x: Floats
    y: Ints
    row: Ints


def sample(known: Told, what: Predicate, only: Flags | None, rows: list[int]) -> Sample:
    """Gather the pairs at risk at start rows and what became of them."""
    x = [np.empty((0, len(names_of(what))))]
    y, when = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for row in rows:
        pairs = at_risk(known.history, row, what, only)
        x.append(covariates(known, row, pairs, what))
        y.append(came(known, row, what)[pairs])
        when.append(np.full(len(y[-1]), row))
    return Sample(np.concatenate(x), np.concatenate(y), np.concatenate(when))


def sigmoid(value: Floats) -> Floats:
    """Inverse of the logit."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -30.0, 30.0))), np.float64)


def logit(p: Floats) -> Floats:
    """Log odds."""
    return np.asarray(np.log(p) - np.log1p(-p), np.float64)


def mean_log(p: Floats, y: Ints) -> float:
    """Mean log probability of what happened."""
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return float(np.mean(np.where(y == 1, np.log(p), np.log1p(-p))))


def smoothed(y: Ints, weight: float = 2.0, towards: float = IGNORANCE) -> float:
    """Frequency with a little prior."""
    return float((y.sum() + weight * towards) / (len(y) + weight))


def ridge(
    x: Floats,
    y: Ints,
    strength: float,
    start: Floats | None = None,
    *,
    offset: Floats | float = 0.0,
    constant: float = 0.1,
) -> Floats:
    """Penalised logistic coefficients by Newton's method; column 0 has a strength of its own."""
    beta = np.zeros(x.shape[1]) if start is None else start.copy()
    penalty = np.full(x.shape[1], strength)
    penalty[0] = constant
    for _ in range(40):
        p = sigmoid(x @ beta + offset)
        gradient = x.T @ (y - p) - penalty * beta
        weight = np.maximum(p * (1 - p), 1e-6)
        step = np.linalg.solve((x * weight[:, None]).T @ x + np.diag(penalty), gradient)
        beta += step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-9))
        if np.abs(step).max() < 1e-5:
            break
    return beta


class Scale(NamedTuple):
    """Mean and spread of each covariate in training."""

    mean: Floats
    sd: Floats

    def __call__(self, x: Floats) -> Floats:
        """Standardised covariates, capped, behind a constant."""
        z = np.clip((x - self.mean) / self.sd, -6.0, 6.0)
        return np.concatenate([np.ones((len(x), 1)), z], axis=1)


def scale(x: Floats) -> Scale:
    """Measure the covariates of a training sample; a constant one stays out."""
    sd = x.std(axis=0)
    return Scale(x.mean(axis=0), np.where(sd > 1e-6, sd, 1e6))


def splits(train: Sample, horizon: int) -> list[tuple[Flags, Flags]]:
    """
    Inner rolling splits: the youngest start years judge what their past would have chosen.

    A split trains on start rows whose window had ended at the row that judges.
    """
    rows = np.unique(train.row)
    out = []
    for judge in rows[::-1][: 2 * INNER : 2]:
        fit = train.row + horizon <= judge
        held = train.row == judge
        if train.y[fit].sum() >= ENOUGH and (1 - train.y[fit]).sum() >= ENOUGH:
            out.append((fit, held))
    return out


class Logistic(NamedTuple):
    """A shrunken logistic: how its covariates are standardised, its coefficients, its strength."""

    scale: Scale
    beta: Floats
    strength: float

    def __call__(self, x: Floats) -> Floats:
        """Probabilities."""
        return sigmoid(self.scale(x) @ self.beta)


def shrunken(train: Sample, horizon: int) -> Logistic:
    """Strongly shrunken logistic; the strength is the one that would have served best before."""
    chosen = MIDDLE
    trials = splits(train, horizon)
    if trials:
        total = np.zeros(len(STRENGTHS))
        for fit, held in trials:
            to = scale(train.x[fit])
            inside, outside, start = to(train.x[fit]), to(train.x[held]), None
            for k, strength in list(enumerate(STRENGTHS))[::-1]:
                start = ridge(inside, train.y[fit], strength, start)
                total[k] += mean_log(sigmoid(outside @ start), train.y[held]) * held.sum()
        chosen = STRENGTHS[int(total.argmax())]
    to = scale(train.x)
    return Logistic(to, ridge(to(train.x), train.y, chosen), chosen)


def training(known: Told, what: Predicate, only: Flags | None = None) -> Sample:
    """Start years whose window had ended by the cut-off, of which contenders learn."""
    newest = known.last - what.horizon
    return sample(known, what, only, list(range(newest, FIRST_ROW - 1, -EVERY))[::-1])


def teaches(train: Sample) -> bool:
    """Whether enough came true, and failed to, to learn from."""
    return bool(train.y.sum() >= ENOUGH and (1 - train.y).sum() >= ENOUGH)


def base_rate(train: Sample, horizon: int) -> float:
    """Frequency of all history or of the last 20 start years, whichever foretold better before."""
    recent = train.row > train.row.max() - RECENT
    gain = 0.0
    for judge in np.unique(train.row):
        fit, held = train.row + horizon <= judge, train.row == judge
        if not fit.any():
            continue
        late = fit & (train.row > train.row[fit].max() - RECENT)
        y = train.y[held]
        whole = mean_log(np.full(len(y), smoothed(train.y[fit])), y)
        gain += len(y) * (mean_log(np.full(len(y), smoothed(train.y[late])), y) - whole)
    return smoothed(train.y[recent] if gain > 0 else train.y)


STATUS = {
    PEACE: ("disputes_5", 0.0),
    FORCE: ("force_15", 0.0),
    PACT: ("pact_memory", 0.05),
    PACT_LONG: ("pact_memory", 0.05),
    WAR: ("war_memory", 0.1),
    RIVALRY_END: ("disputes_5", 0.0),
    CLOSEST: ("closest_now", 0.5),
}
"""
Which covariate tells the status of the window before, and above what value: a dispute in the last
five years (peace, end of rivalry), force in the last fifteen, a strong pact or a war remembered;
being the closest major at the cut-off.
"""


def persistence(train: Sample, x: Floats, what: Predicate, fallback: float) -> Floats:
    """Smoothed frequency among those with the same status in the window before."""
    name, edge = STATUS[what.code]
    k = names_of(what).index(name)
    out = np.full(len(x), fallback)
    for side in (False, True):
        like = (train.x[:, k] > edge) == side
        out[(x[:, k] > edge) == side] = smoothed(train.y[like], 10.0, fallback)
    return out


def frozen_hazard(known: Told, what: Predicate, only: Flags | None, x: Floats) -> Floats:
    """
    Annual logit of the event below the predicate, frozen at the cut-off.

    P = 1 - (1 - h)^H, for peace (1 - h)^H. A spell of L years must begin in the first H - L + 1
    years, and what begins each year is a spell that lasts; only those that could be seen to last
    by the cut-off teach.
    """
    year = what._replace(horizon=what.spell)
    rows = list(range(FIRST_ROW, known.last - what.spell + 1))
    train = sample(known, year, only, rows)
    if len(train.y) == 0:
        return np.full(len(x), IGNORANCE)
    to = scale(train.x)
    h = sigmoid(to(x) @ ridge(to(train.x), train.y, HAZARD_STRENGTH))
    if what.code == PEACE:
        return np.asarray(h**what.horizon, np.float64)
    return np.asarray(1.0 - (1.0 - h) ** (what.horizon - what.spell + 1), np.float64)


SETTINGS = ((30, 0.06, 8), (80, 0.06, 8), (80, 0.06, 24))
"""Rounds, rate and leaves of boosting."""


def boosted(train: Sample, x: Floats, horizon: int) -> Floats:
    """Boosted trees; the setting is the one that would have served best before."""

    def fitted(fit: Flags, setting: tuple[int, float, int], to: Floats) -> Floats:
        rounds, rate, leaves = setting
        trees = boosting(
            max_iter=rounds,
            learning_rate=rate,
            max_leaf_nodes=leaves,
            min_samples_leaf=40,
            l2_regularization=10.0,
        )
        with single():
            trees.fit(train.x[fit], train.y[fit])
        return np.asarray(trees.predict_proba(to)[:, 1], np.float64)

    chosen, trials = SETTINGS[0], splits(train, horizon)[:1]
    for fit, held in trials:
        scores = [mean_log(fitted(fit, s, train.x[held]), train.y[held]) for s in SETTINGS]
        chosen = SETTINGS[int(np.argmax(scores))]
    return fitted(np.ones(len(train.y), np.bool_), chosen, x)


def contend(
    known: Told, what: Predicate, only: Flags | None = None, *, trees: bool = True
) -> dict[str, Floats]:
    """
    Probabilities of every contender for the pairs at risk at the cut-off.

    Parameters
    ----------
    known : Told
        The record up to the cut-off.
    what : Predicate
    only : (N,) bool, optional
        States whose pairs are looked at.
    trees : bool
        Whether boosting takes part.

    Returns
    -------
    dict of str to (D,) float64
        In the order of ``np.nonzero(at_risk(...))``; each between `FLOOR` and 1 - `FLOOR`.
    """
    pairs = at_risk(known.history, known.last, what, only)
    x = covariates(known, known.last, pairs, what)
    train = training(known, what, only)
    # Whom one is closest to is a standing at the end of the window: no event has a yearly hazard.
    out = {} if what.code == CLOSEST else {"frozen_hazard": frozen_hazard(known, what, only, x)}
    flat = base_rate(train, what.horizon) if len(train.y) else IGNORANCE
    out["base_rate"] = np.full(len(x), flat)
    learns = teaches(train)
    if learns:
        out["persistence"] = persistence(train, x, what, flat)
        out["logistic"] = shrunken(train, what.horizon)(x)
    if learns and trees:
        out["boosted"] = boosted(train, x, what.horizon)
    for name in ("persistence", "logistic", "boosted") if trees else ("persistence", "logistic"):
        out.setdefault(name, out["base_rate"])
    return {name: np.clip(p, FLOOR, 1 - FLOOR) for name, p in out.items()}
