"""
One step ahead, out of sample: how well each mechanism tells what the next year brings.

The model and its rivals know the record up to a cut-off; scored are the choices of the years
after it, each with the covariates that the record had by then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from allohistory.check import rivals
from allohistory.check.counts import COUNTS, Count, Year, scores
from allohistory.check.forecast import drifted, either, transposed
from allohistory.check.formation import View
from allohistory.check.frames import Floats, Frame, Ints, Walker
from allohistory.check.mechanisms import MECHANISMS, OUTCOMES, Asked, Mechanism, Tensor
from allohistory.check.past import cut, drop
from allohistory.check.predicates import LAST_DISPUTES
from allohistory.fit.estimate import BURN_IN
from allohistory.model.parameters import Parameters
from allohistory.record.tables import Tables, load
from allohistory.record.until import until

Model = Callable[[Tables | None, int], Sequence[Parameters]]
Row = dict[str, Any]
MEMORY = 10
"""Years that persistence looks back."""
QUIET = 2000
"""Non-events of a year that rivals learn from."""
NO_OUTCOMES = "this record does not say who prevailed in a dispute"
LEARNED = "not the model's: nothing hangs on it in a world; a logit learned here"


def fitted(tables: Tables | None, year: int) -> Sequence[Parameters]:
    """Draws of the model fitted on what was known at the end of a year."""
    return cut(tables, year).draws


@dataclass(slots=True)
class Memory:
    """Who had the event when."""

    events: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def seen(self, asked: Asked, year: int) -> Ints:
        """How often each chooser had the event in the ten years before."""
        recent = {
            key: sum(year - MEMORY <= one < year for one in years[-2 * MEMORY :])
            for key, years in self.events.items()
        }
        return np.array([recent.get(key, 0) for key in asked.key.tolist()], np.int64)

    def note(self, asked: Asked, year: int) -> None:
        """Take in what happened."""
        for key in asked.key[asked.y > 0].tolist():
            if key >= 0:
                self.events[key].append(year)


@dataclass(slots=True)
class Scored:
    """Outcomes and the probabilities that each forecaster gave them."""

    group: list[Ints] = field(default_factory=list)
    y: list[Ints] = field(default_factory=list)
    p: dict[str, list[Floats]] = field(default_factory=lambda: defaultdict(list))

    def extend(self, other: "Scored") -> None:
        """Pool with another."""
        self.group += other.group
        self.y += other.y
        for name in {*self.p, *other.p}:
            self.p[name] += other.p[name]

    def rows(self, mechanism: Mechanism, name: str, cutoff: int | None, horizon: int) -> list[Row]:
        """All metrics of the mechanism."""
        if not self.y:
            return [
                _row(name, cutoff, horizon, n=0, events=0, metric=metric, values={})
                for metric in mechanism.metrics
            ]
        y, group = np.concatenate(self.y), np.concatenate(self.group)
        given = {who: np.concatenate(p) for who, p in self.p.items()}
        events = int((y > 0).sum()) if mechanism.ordinary else len(y)
        out = []
        for metric, score in mechanism.metrics.items():
            values = {
                who: _plain(score(group, y, p, given["base_rate"])) for who, p in given.items()
            }
            out.append(
                _row(name, cutoff, horizon, n=len(y), events=events, metric=metric, values=values)
            )
        return out


def _plain(value: float) -> float | None:
    """A number that JSON knows."""
    return round(float(value), 6) if np.isfinite(value) else None


def _row(
    mechanism: str,
    cutoff: int | None,
    horizon: int,
    *,
    n: int,
    events: int,
    metric: str,
    values: dict[str, float | None],
) -> Row:
    """Lay out the scores of the model and of its comparators; what is not there is None."""
    return {
        "mechanism": mechanism,
        "cutoff": cutoff,
        "horizon": horizon,
        "n": n,
        "events": events,
        "metric": metric,
        "value": values.get("model"),
        "comparators": {
            name: values.get(name)
            for name in ("base_rate", "persistence", "dyadic_logit", "boosted")
        },
    }


class School:
    """What rivals learn of one mechanism, year after year."""

    def __init__(self, mechanism: Mechanism) -> None:
        self.mechanism = mechanism
        self.memory = Memory()
        self.parts: list[tuple[Floats, Ints, Ints, Ints, Floats]] = []
        self.forecasts: dict[str, rivals.Forecast] = {}
        self.own: rivals.Forecast | None = None

    def attend(self, frame: Frame) -> None:
        """Take in a year."""
        asked = self.mechanism.asked(frame)
        seen = self.memory.seen(asked, frame.year)
        self.memory.note(asked, frame.year)
        weight = np.ones(len(asked.y))
        rows = np.arange(len(asked.y))
        quiet = np.flatnonzero(asked.y == 0)
        if len(quiet) > QUIET and self.mechanism.kinds == 2:
            rng = np.random.default_rng(frame.year)
            kept = rng.choice(quiet, QUIET, replace=False)
            weight[quiet] = len(quiet) / QUIET
            rows = np.sort(np.concatenate([np.flatnonzero(asked.y > 0), kept]))
        year = np.full(len(rows), frame.year)
        self.parts.append((asked.x[rows], asked.y[rows], year, seen[rows], weight[rows]))

    def graduate(self) -> None:
        """Fit the rivals."""
        x, y, year, seen, weight = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        self.parts.clear()
        one = rivals.Lesson(
            self.mechanism.process,
            self.mechanism.kinds,
            x.astype(np.float32),
            y,
            year,
            seen,
            weight,
        )
        del x
        every, late = rivals.base_rates(one)
        self.forecasts = {"base all": every, "base late": late}
        self.forecasts["persistence"] = rivals.persistence(one)
        for name, learn in (("dyadic_logit", rivals.dyadic), ("boosted", rivals.boosted)):
            forecast = learn(one) if one.events else None
            # With too few events to learn from, all that can be known is the base rate.
            self.forecasts[name] = forecast or every
        if self.mechanism.learn is not None:
            self.own = self.mechanism.learn(one) if one.events else every

    def answer(self, view: View) -> tuple[Asked, Tensor, dict[str, Floats]]:
        """Choices of a year, the model's raw probabilities, and the rivals' by name."""
        asked = self.mechanism.asked(view.frame)
        seen = self.memory.seen(asked, view.frame.year)
        self.memory.note(asked, view.frame.year)
        if not len(asked.y):
            return asked, np.zeros((0, self.mechanism.kinds)), {}
        told = self.mechanism.given
        if told is not None:
            given = told(view, asked)
        else:
            assert self.own is not None, "what the model does not tell is learned"
            given = self.own(asked.x, seen)
        return asked, given, {n: f(asked.x, seen) for n, f in self.forecasts.items()}


def _both_ways(p: Floats) -> Floats:
    """Probabilities of nothing and of an event."""
    return np.column_stack([1.0 - p, p])


def _score(school: School, view: View, into: dict[str, Scored]) -> None:
    """Score a year."""
    mechanism, frame = school.mechanism, view.frame
    asked, given, others = school.answer(view)
    if not len(asked.y):
        return
    y, name = asked.y, mechanism.name
    if mechanism.directed:
        a, b = frame.rows[asked.rows, 2], frame.rows[asked.rows, 3]
        states = len(frame.before)
        average = given.reshape(len(given), -1).mean(1, dtype=np.float64)
        _add(into[f"{name} (directed)"], frame.year, y, {"model": _both_ways(average)} | others)
        rows, chance = either(a, b, given, states)
        others = {who: _both_ways(either(a, b, p[:, 1], states)[1]) for who, p in others.items()}
        y = np.maximum(y, y[transposed(a, b, states)])[rows]
        given = _both_ways(chance)
    _add(into[name], frame.year, y, {"model": given.astype(np.float64, copy=False)} | others)


def _add(scored: Scored, year: int, y: Ints, p: dict[str, Floats]) -> None:
    scored.group.append(np.full(len(y), year))
    scored.y.append(y)
    for who, chance in p.items():
        scored.p[who].append(chance)


def _settle_base(scored: Scored) -> None:
    """Keep the better of the two base rates."""
    every, late = scored.p.pop("base all", []), scored.p.pop("base late", [])
    if every:
        y = np.concatenate(scored.y)
        kept = rivals.better(y, np.concatenate(every), np.concatenate(late))
        edges = np.cumsum([len(part) for part in scored.y])[:-1]
        scored.p["base_rate"] = list(np.split(kept, edges))


def _chosen(mechanism: str | None) -> tuple[list[Mechanism], list[Count]]:
    """Mechanisms and counts to be scored."""
    return (
        [one for one in MECHANISMS if mechanism in {None, one.name}],
        [one for one in COUNTS if mechanism in {None, one.name}],
    )


def _one_cutoff(
    cutoff: int,
    *,
    tables: Tables | None,
    horizon: int,
    mechanism: str | None,
    model: Model,
) -> tuple[dict[str, Scored], dict[str, list[Year]]]:
    """Score the years after one cut-off."""
    chosen, counts = _chosen(mechanism)
    draws = model(tables, cutoff)
    schools = [School(mechanism) for mechanism in chosen]
    known = Walker(until(tables or load(), cutoff), cutoff)
    past: dict[str, list[int]] = defaultdict(list)
    for frame in known.frames(known.first + min(BURN_IN, (cutoff - known.first) // 2), cutoff):
        for school in schools:
            school.attend(frame)
        for count in counts:
            past[count.name].append(count.happened(frame))
    for school in schools:
        school.graduate()
    scored: dict[str, Scored] = defaultdict(Scored)
    told: dict[str, list[Year]] = defaultdict(list)
    end = min(cutoff + horizon, LAST_DISPUTES)
    walker = Walker(tables, end)
    for frame in walker.frames(cutoff + 1, end):
        view = View(frame, drifted(draws, frame.year), walker)
        for school in schools:
            _score(school, view, scored)
        for count in counts:
            value = count.happened(frame)
            told[count.name].append((count.sample(view), np.array(past[count.name]), value))
            past[count.name].append(value)
    for one in scored.values():
        _settle_base(one)
    drop()
    return scored, told


def one_step(
    tables: Tables | None,
    cutoffs: Sequence[int],
    horizon: int = 20,
    *,
    mechanism: str | None = None,
    model: Model = fitted,
    executor: Executor | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """
    Score every mechanism one step ahead on the years after each cut-off.

    Parameters
    ----------
    tables : Tables or None
        The whole record; the core record for None.
    cutoffs : sequence of int
        Last years that model and rivals know.
    horizon : int
        Years scored after each, as far as the record goes.
    mechanism : str, optional
        Only this one (`names`).
    model : callable
        Gives the parameter draws for a record and a cut-off. It must itself see to it that they
        know nothing later, as `fitted` does.
    executor : Executor, optional
        One task for each cut-off; in place without one.
    say : callable
        Told of each cut-off as it is done.

    Returns
    -------
    list of dict
        ``mechanism, cutoff, horizon, n, events, metric, value, comparators``; cutoff None for all
        of them pooled. A value is None where it cannot be had (no events); a row that never has
        one says why in ``note``.
    """
    if mechanism is not None and mechanism not in names():
        raise ValueError(f"no mechanism {mechanism!r}; there are: {', '.join(names())}")
    chosen, _ = _chosen(mechanism)
    kind = {one.name: one for one in chosen}
    kind |= {f"{one.name} (directed)": one for one in chosen if one.directed}
    pooled: dict[str, Scored] = defaultdict(Scored)
    pooled_counts: dict[str, list[Year]] = defaultdict(list)
    out: list[Row] = []
    one_cutoff = partial(
        _one_cutoff, tables=tables, horizon=horizon, mechanism=mechanism, model=model
    )
    over: Iterable[tuple[dict[str, Scored], dict[str, list[Year]]]]
    over = executor.map(one_cutoff, cutoffs) if executor else map(one_cutoff, cutoffs)
    for cutoff, (scored, told) in zip(cutoffs, over, strict=True):
        for name, one in kind.items():
            out += scored[name].rows(one, name, cutoff, horizon)
            pooled[name].extend(scored[name])
        for name, years in told.items():
            out += _count_rows(name, cutoff, horizon, years)
            pooled_counts[name] += years
        say(f"{cutoff}: {sum(len(y) for one in scored.values() for y in one.y)} choices scored")
    for name, one in kind.items():
        out += pooled[name].rows(one, name, None, horizon)
    for name, years in pooled_counts.items():
        out += _count_rows(name, None, horizon, years)
    for row in out:
        if row["mechanism"] == OUTCOMES:
            row["note"] = LEARNED if row["n"] else NO_OUTCOMES
    return out


def names() -> tuple[str, ...]:
    """Names of all that can be scored."""
    return (*(one.name for one in MECHANISMS), *(one.name for one in COUNTS))


def _count_rows(name: str, cutoff: int | None, horizon: int, years: list[Year]) -> list[Row]:
    """Coverage and CRPS of yearly counts."""
    events = sum(value for _, __, value in years)
    rows = []
    for metric, values in scores(years).items():
        plain = {who: _plain(value) for who, value in values.items()}
        rows.append(
            _row(name, cutoff, horizon, n=len(years), events=events, metric=metric, values=plain)
        )
    return rows
