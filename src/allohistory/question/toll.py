"""
What wars cost a region in a run: wars, battle deaths, states ended, regimes, who is strong there.

The model has no equation of battle deaths. They are read off the record's wars instead: a
log-linear fit of a state's deaths on how long it was at war, its own and its enemies' capability
and whether an enemy stood at its frontier, scaled so that the fit's deaths in the record are the
record's. The expected deaths of the spells at war of a run follow from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory import world as w
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import FRESH, MODES, Mode, start_years
from allohistory.engine.luck import rewind, stage, trace
from allohistory.engine.run import History
from allohistory.model.parameters import blank
from allohistory.question.judged import Aim, Draw
from allohistory.record.dates import FIRST_YEAR, LAST_YEAR
from allohistory.record.tables import load

Floats = NDArray[np.float64]
SAMPLES = 32
"""Resamples of the record's wars, by the year in which they began."""
FEW = 10.0
"""Deaths added before the logarithm is taken: some who were at war lost nobody."""
COUNTED = ("wars", "ended", "regime", "share")
"""What is counted beside deaths, in this order."""
AFTER = 25
"""Years after the decision at which shares of capability are taken."""


class Spell(NamedTuple):
    """
    Unbroken years of a state at war.

    Attributes
    ----------
    state, first, last : int
        Number of the state, first and last row.
    x : (5,) float64
        One, log of years, of own capability, of the enemies' (percent of the world), and whether an
        enemy stands at its frontier, its own or that of a dependency.
    """

    state: int
    first: int
    last: int
    x: Floats


def spells(history: History) -> Iterator[Spell]:
    """Spells at war of all states from row 1 on."""
    war = history.link[:, w.WAR] == w.OPPOSED
    power = np.exp(history.state[:, w.CAP])
    fights = war.any(axis=2)
    near = np.isin(history.link[:, w.CONTACT], (w.BY_LAND, w.THROUGH_DEPENDENCY))
    for state in np.flatnonzero(fights[1:].any(axis=0)).tolist():
        padded = np.concatenate([[False], fights[1:, state], [False]]).astype(np.int8)
        turns = np.diff(padded)
        starts, ends = np.flatnonzero(turns == 1) + 1, np.flatnonzero(turns == -1)
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
            rows = slice(first, last + 1)
            foes = war[rows, state]
            against = max(float((foes * power[rows]).sum(axis=1).max()), 0.01)
            own = max(float(power[rows, state].max()), 0.01)
            frontier = float((foes & near[rows, state]).any())
            x = [1.0, np.log(last - first + 1), np.log(own), np.log(against), frontier]
            yield Spell(state, first, last, np.array(x))


@dataclass(frozen=True, slots=True, eq=False)
class Deaths:
    """
    The fit of battle deaths.

    Attributes
    ----------
    weights : (1 + SAMPLES, 5) float64
        Coefficients of the fit (row 0) and of those to resampled wars.
    spells : int
        Spells of the record that it was made from.
    explained : float
        Share of the variance of the log that is explained where wars of a year are left out.
    counted, given : (N,) float64
        Deaths by state in those spells: in the record, and by the fit.
    """

    weights: Floats
    spells: int
    explained: float
    counted: Floats
    given: Floats


def fitted(x: Floats, deaths: Floats) -> Floats:
    """Coefficients of a log-linear fit, scaled so that its deaths sum to those seen."""
    weight = np.asarray(np.linalg.lstsq(x, np.log(deaths + FEW), rcond=None)[0], np.float64)
    weight[0] += np.log(deaths.sum() / np.exp(x @ weight).sum())
    return weight


@cache
def battle_deaths() -> Deaths:
    """
    Fit battle deaths to the wars of the record, by the features that a run has too.

    Examples
    --------
    >>> fit = battle_deaths()
    >>> fit.spells > 150, 0.3 < fit.explained < 1
    (True, True)
    """
    s = stage(FIRST_YEAR, LAST_YEAR, rows=0, slots=0)
    rewind(s)
    history, ids = trace(s, blank()), s.script.panel.states
    part = load().participants
    rows, lost, began, whose = [], [], [], []
    for spell in spells(history):
        first, last = FIRST_YEAR + spell.first, FIRST_YEAR + spell.last
        found = [
            p.deaths
            for p in part
            if p.state == ids[spell.state]
            and p.start.year <= last
            and first <= (p.end.year if p.end else LAST_YEAR)
        ]
        known = [d for d in found if d is not None]
        if found and len(known) == len(found):
            rows.append(spell.x)
            lost.append(float(sum(known)))
            began.append(first)
            whose.append(spell.state)
    x, y, year = np.array(rows), np.array(lost), np.array(began)
    years, z = np.unique(year), np.random.Generator(np.random.Philox(13))
    weights = [fitted(x, y)]
    for _ in range(SAMPLES):
        again = z.choice(years, len(years))
        take = np.concatenate([np.flatnonzero(year == one) for one in again])
        weights.append(fitted(x[take], y[take]))
    told = np.log(y + FEW)
    left = np.empty(len(y))
    for one in years:
        out = year == one
        left[out] = told[out] - x[out] @ np.linalg.lstsq(x[~out], told[~out], rcond=None)[0]
    explained = 1 - float((left**2).sum() / ((told - told.mean()) ** 2).sum())
    counted, given = np.zeros(len(ids)), np.zeros(len(ids))
    np.add.at(counted, whose, y)
    np.add.at(given, whose, np.exp(x @ weights[0]))
    return Deaths(np.array(weights), len(y), explained, counted, given)


def toll(
    history: History, region: NDArray[np.bool_], pair: tuple[int, int], weights: Floats
) -> Floats:
    """
    What a run cost a region.

    Parameters
    ----------
    history : History
        From the year of decision (row 0) on.
    region : (N,) bool
        Its states.
    pair : (int, int)
        States whose share of the region's capability is taken.
    weights : (K, 5) float64
        Fits of battle deaths.

    Returns
    -------
    (4 + K,) float64
        In the order of `COUNTED`: wars that any of its states begins or is made to fight in, states
        that end, mean regime of those left at the end (0 autocracy, 2 democracy), percent of its
        capability that the pair holds after `AFTER` years; then battle deaths of its states in
        thousands, by fit.
    """
    link, active = history.link, history.status[:, w.ACTIVE] > 0
    begun = link[1:, w.DISPUTE] == 3
    wars = float((begun & (region[:, None] | region)).sum())
    ended = float((active[:-1] & ~active[1:])[:, region].sum())
    left = active[-1] & region
    regime = float(history.status[-1, w.REGIME, left].mean()) if left.any() else 0.0
    row = min(AFTER, len(active) - 1)
    power = np.where(active[row] & region, np.exp(history.state[row, w.CAP]), 0.0)
    ours = power[list(pair)].sum()
    share = 100.0 * float(ours / power.sum()) if power.sum() else 0.0
    hit = [spell.x for spell in spells(history) if region[spell.state]]
    lost = np.exp(np.array(hit) @ weights.T).sum(axis=0) / 1000 if hit else np.zeros(len(weights))
    return np.concatenate([[wars, ended, regime, share], lost])


@dataclass(frozen=True, slots=True)
class Costs:
    """
    A worker's job: the tolls of some plans under one parameter draw.

    Attributes
    ----------
    aim : Aim
    plans : tuple of Plan
    regions : tuple of tuple of int
        States of each region.
    draw : int
    fresh, replayed : tuple of int
        Numbers of the runs with fresh luck and with history's.
    """

    aim: Aim
    plans: tuple[Plan, ...]
    regions: tuple[tuple[int, ...], ...]
    draw: int
    fresh: tuple[int, ...]
    replayed: tuple[int, ...]


def compared() -> tuple[tuple[Mode, Mode], ...]:
    """Modes in which a plan has something to be compared with, each with that mode."""
    by = {how.name: how for how in MODES}
    # Gumbel and monotone coupling have one placebo: nothing in it is coupled.
    alike = [(by[name], by[name]) for name in ("kappa 1", "kappa inf")]
    return ((FRESH, FRESH), *alike, (by["kappa 1, Gumbel"], by["kappa 1"]))


def cost(job: Costs) -> list[list[tuple[str, str, list[list[float]]]]]:
    """
    Roll plans and what they are compared with.

    Returns
    -------
    list
        By plan: mode, side ("alternate" or "base") and the tolls by region, for every run.
    """
    draw = Draw.of(job.aim, job.draw, start_years(job.plans))
    weights = battle_deaths().weights
    masks = np.zeros((len(job.regions), len(draw.stage.script.panel.states)), np.bool_)
    for mask, region in zip(masks, job.regions, strict=True):
        mask[list(region)] = True

    def told(history: History) -> list[list[float]]:
        return [toll(history, mask, job.aim.pair, weights).tolist() for mask in masks]

    out = []
    for plan in job.plans:
        rows = []
        for how, _ in compared():
            for run in job.fresh if how.fresh else job.replayed:
                rows.append((how.name, "alternate", told(draw.changed(plan, run, how).room)))
                if how.fresh:
                    rows.append((how.name, "base", told(draw.free(plan.decided, run).room)))
                elif how.placebo:
                    rows.append((how.name, "base", told(draw.placebo(plan, run, how).room)))
        out.append(rows)
    return out
