"""Fit every process on a record and draw joint parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allohistory.engine import gate as g
from allohistory.engine.luck import CHOICES_PER_DYAD, Stage, rewind, stage, trace
from allohistory.engine.script import script_of
from allohistory.errors import RecordError
from allohistory.fit.likelihood import (
    Estimate,
    binary,
    conditional,
    linear,
    multinomial,
)
from allohistory.fit.priors import prior
from allohistory.fit.times import Times, with_groups, with_times
from allohistory.model import terms as m
from allohistory.model.elicited import catalogue
from allohistory.model.parameters import GROWTH_SD, Parameters, blank
from allohistory.noise import name_hash
from allohistory.record.panel import Panel
from allohistory.record.tables import Tables, load

Floats = NDArray[np.float64]
Progress = Callable[[str], None]
BURN_IN = 10
"""Years at the start of the record in which memory fills and nothing is fitted."""
ROWS = 2_600_000
BENCHMARK_YEARS = 5
SCALES = (0.1, 0.25, 0.5, 1.0)
"""Widths of the priors of slopes; the one with the highest evidence is taken (MacKay 1992)."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """
    All estimates of one fit.

    Attributes
    ----------
    estimates : dict of int to Estimate
        By process.
    times : dict of int to Times
        Level and shocks of the years, by process.
    spread : float
        Standard deviation of the effect that those who may join one war share.
    growth_sd : float
        Standard deviation of a year's growth in log capability.
    first, last : int
        Years fitted on.
    elicited : bool
        Whether elicited effects were in.
    """

    estimates: dict[int, Estimate]
    times: dict[int, Times]
    spread: float
    growth_sd: float
    first: int
    last: int
    elicited: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """
    The choices of one process that a fit looks at.

    Attributes
    ----------
    process : int
    x, other : (n, K) float64
        Covariates; of the second side where there is one.
    y : (n,) int64
        What was chosen.
    rows : (n, 6) int64
        Year and indices, as `engine.tables.keep` writes them.
    """

    process: int
    x: Floats
    other: Floats
    y: NDArray[np.int64]
    rows: NDArray[np.int64]

    def estimate(self, scale: float, elicited: bool) -> tuple[Estimate, float]:
        """Estimate under a prior so wide, and the spread between groups where there is one."""
        process, x, y, r = self.process, self.x, self.y, self.rows
        mean, sd = prior(process, elicited=elicited, scale=scale)
        if process in m.RACES:
            return conditional(x, r[:, 1] * 1000 + r[:, 2], y == 1, mean[0], sd[0]), 0.0
        if process == m.JOIN:
            return with_groups(x, self.other, y, r[:, 2] // 4, mean, sd)
        if process in m.ALTERNATIVES:
            return multinomial(x, y, mean, sd), 0.0
        return binary(x, y.astype(float), mean[0], sd[0]), 0.0


def rows_for(p: Panel, last: int) -> int:
    """Room for the covariates of every choice of a record."""
    live = (p.active | p.early)[: last - p.first + 1].sum(axis=1)
    return max(ROWS, int((CHOICES_PER_DYAD * live * (live - 1) // 2).sum()))


def collect(last: int, tables: Tables | None = None) -> Stage:
    """Walk the record to `last`, keeping the covariates of every choice."""
    p = script_of(tables).panel
    s = stage(p.first, last, tables=tables, rows=rows_for(p, last), slots=0)
    rewind(s)
    trace(s, blank(), keep=True)
    if s.luck.counter[1] > len(s.luck.rows):
        raise RecordError("it has more choices than there was room for")
    return s


def fit(
    last: int | None = None,
    tables: Tables | None = None,
    say: Progress = lambda _: None,
    *,
    elicited: bool = True,
) -> Fit:
    """
    Estimate every process on the years up to a last one; ten seconds of work for the core record.

    Parameters
    ----------
    last : int, optional
        Last year of the choices looked at (default: the last that all tables cover). Stocks
        between benchmarks lean on the next one; for a fit that knows nothing later give the
        tables as they stood (`record.until`).
    tables : Tables, optional
        The record; the core record without it.
    say : callable
        Told of each process as it is done.
    elicited : bool
        False holds the effects of settlement.toml at their neutral values.
    """
    last = (tables or load()).covered if last is None else last
    s = collect(last, tables)
    used = int(s.luck.counter[1])
    rows, covariates = s.luck.rows[:used], s.luck.covariates[:used]
    first = s.base + min(BURN_IN, (last - s.base) // 2)
    fresh = rows[:, 1] >= first
    estimates: dict[int, Estimate] = {}
    times: dict[int, Times] = {}
    growth_sd, spread = 0.0, 0.0
    for process, names in m.TERMS.items():
        k = len(names)
        mine = fresh & (rows[:, 0] == process)
        if process == m.ENTRY:
            mine |= fresh & (rows[:, 0] == m.ENTRY_LATE)
        x, r = covariates[mine, :k], rows[mine]
        y = np.minimum(r[:, 4], m.ALTERNATIVES.get(process, 1)) if process != m.JOIN else r[:, 4]
        other = x[:0]
        if process == m.JOIN:
            other = covariates[fresh & (rows[:, 0] == process + g.OTHER_SIDE), :k]
        sample = Sample(process, x, other, y, r)
        if process == m.GROWTH:
            mean, sd = prior(process, elicited=elicited)
            estimates[process], growth_sd = _growth(x, covariates[mine, k], s, mean[0], sd[0])
        elif not len(y):
            # Nothing of the kind was ever decided yet (a patron before the first installed ruler).
            mean, sd = prior(process, elicited=elicited)
            estimates[process] = Estimate(mean, np.diag(sd.ravel() ** 2), 0, 0)
        else:
            tried = [(sample.estimate(scale, elicited), scale) for scale in SCALES]
            (estimates[process], sigma), scale = max(tried, key=lambda one: one[0][0].evidence)
            spread = sigma if process == m.JOIN else spread
            if process in m.TIMED:
                mean, sd = prior(process, elicited=elicited, scale=scale)
                estimates[process], times[process] = with_times(
                    x, y, r[:, 1], mean, sd, (first, last), estimates[process]
                )
        say(f"{m.NAMES[process]}: {estimates[process].events} events in {len(y)} choices")
    return Fit(estimates, times, spread, growth_sd, first, last, elicited)


def _growth(
    x: Floats, change: Floats, s: Stage, mean: Floats, sd: Floats
) -> tuple[Estimate, float]:
    """
    Growth: coefficients from yearly changes, spread from changes between benchmarks.

    Between benchmarks the record is interpolated, so yearly residuals understate luck; the
    spread of five-year changes divided by the root of five does not.
    """
    estimate, _ = linear(x, change, mean, np.minimum(sd, 0.3))
    panel = s.script.panel
    rows = slice(0, s.last - panel.first + 1, BENCHMARK_YEARS)
    cap, active = panel.cap[rows], panel.active[rows]
    both = (active[1:] * active[:-1]) > 0
    jumps = np.diff(cap, axis=0)[both]
    spread = float(np.median(np.abs(jumps - np.median(jumps))) * 1.4826)
    return estimate, spread / np.sqrt(BENCHMARK_YEARS)


def _level(times: Times, name: str, seed: int, d: int) -> Floats:
    """One path of the level of the times from its posterior."""
    key = [seed, d, int(name_hash(f"times of {name}")) % (1 << 32)]
    z = np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
    return times.level + times.root @ z.standard_normal(len(times.level))


def draws(found: Fit, many: int, seed: int = 0) -> list[Parameters]:
    """
    Draw joint parameters: Laplace for what is fitted, evenly in its range for what is elicited.

    Parameters
    ----------
    many : int
        How many; draw d does not depend on it.
    """
    base = blank()
    roots = {
        p: np.linalg.cholesky(e.covariance + 1e-12 * np.eye(len(e.covariance)))
        for p, e in found.estimates.items()
    }
    out = []
    for d in range(many):
        beta = np.zeros_like(base.beta)
        for process, e in found.estimates.items():
            key = [seed, d, int(name_hash(m.NAMES[process])) % (1 << 32)]
            z = np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
            value = e.mode.ravel() + roots[process] @ z.standard_normal(e.mode.size)
            rows, k = e.mode.shape
            beta[process, :rows, :k] = value.reshape(rows, k)
        constants = base.elicited.copy()
        constants[GROWTH_SD] = found.growth_sd
        place = 0
        for effect in catalogue():
            key = [seed, d, int(name_hash(effect.name)) % (1 << 32)]
            u = np.random.Generator(np.random.Philox(np.random.SeedSequence(key))).random()
            drawn = effect.low + u * (effect.high - effect.low) if found.elicited else effect.off
            if effect.process is None:
                place += 1
                constants[place] = drawn
            else:
                k = m.TERMS[effect.process].index(effect.term)
                rows = m.ALTERNATIVES.get(effect.process, 1)
                beta[effect.process, :rows, k] = drawn
        beta[m.ENTRY_LATE] = beta[m.ENTRY]
        sigma = np.array([*(found.times[p].sigma for p in m.YEARLY), found.spread])
        tilt = np.exp(sigma[:, None] * g.NODE[None, :])
        drift = np.array([found.times[p].tau for p in m.TIMED])
        hold = np.array([found.times[p].hold for p in m.TIMED])
        level = np.stack([_level(found.times[p], m.NAMES[p], seed, d) for p in m.TIMED])
        since = np.array([found.first])
        out.append(Parameters(beta, sigma, tilt, constants, drift, hold, level, since))
    return out
