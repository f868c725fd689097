"""
What a ledger rolls beyond the answer: its own points of divergence, mechanisms off, clauses out.

Everything goes through the units of an ask, so that runs bear the numbers they have in an answer,
are kept where an answer's are, and come out the same on any number of workers. Which rolls are
needed is read off the rows first: each is made once, whatever number of rows reads it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allohistory.answer import gather, work
from allohistory.answer.keys import key_of
from allohistory.answer.store import Store
from allohistory.answer.stream import Stream, asked, content, kept_json
from allohistory.answer.work import BLOCK, Ask, Piece
from allohistory.counterfactual.intervention import Plan
from allohistory.counterfactual.twin import start_years
from allohistory.engine.script import script_of
from allohistory.executors import Workers
from allohistory.model.shipped import shipped
from allohistory.question import toll
from allohistory.question.judged import Aim, Draw
from allohistory.record.names import display, find_state
from allohistory.search import years
from allohistory.search.years import Reached
from allohistory.thread.claims import (
    BASELINE,
    BEST,
    AnyOf,
    Chain,
    Clause,
    Formation,
    Scan,
    StepOf,
    Switch,
    Toll,
    Window,
)
from allohistory.thread.ledger import Ledger, measures, rows

Say = Callable[..., object]
Part = dict[str, Any]
Key = tuple[str, str]
"""Mechanism switched off and clause left out, both empty for the plain model."""
PLAIN: Key = ("", "")
BACK = 40
"""Years before the window that a scan looks at."""
SCAN_DRAWS = 48


@dataclass(frozen=True, slots=True)
class Priced:
    """What a worker rolls: one run of some plans, for the chances of their steps."""

    aim: Aim
    plans: tuple[Plan, ...]
    draw: int


def price_steps(job: Priced) -> list[list[float]]:
    """Log chance of every step of every plan under one draw."""
    draw = Draw.of(job.aim, job.draw, start_years(job.plans))
    return [draw.changed(plan, job.draw).logs.tolist() for plan in job.plans]


@dataclass(slots=True, eq=False)
class Rolls:
    """
    The rolls of a ledger.

    Attributes
    ----------
    ledger : Ledger
    answer : dict
        Of the question, as `ask` gives it.
    task : Ask
        The ledger's own points of divergence, under the settings of the answer.
    pools : dict of Key to Pool
    logs : dict of str to (D, K) float64
        Log chances of steps by draw, of the plans whose steps are read.
    stated : dict of str to dict of int to float
        Steps whose probability was stated.
    reached : Reached or None
        The scan over years.
    tolls : dict of str to list of list
        What plans cost the regions, by draw, as `toll.cost` gives it.
    """

    ledger: Ledger
    answer: Part
    task: Ask
    pools: dict[Key, gather.Pool] = field(default_factory=dict)
    logs: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    reached: Reached | None = None
    own: dict[str, Part] = field(default_factory=dict)
    tolls: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def best(self) -> str:
        """Id of the best point of divergence of the answer."""
        return str((self.answer.get("best") or {}).get("id") or self.answer["pods"][0]["id"])

    def named(self, pod: str) -> str:
        """Id of a point of divergence, the best one looked up."""
        return self.best if pod == BEST else pod

    def part(self, pod: str) -> Part:
        """Part of a point of divergence: from the answer, or rolled here."""
        parts: dict[str, Part] = {p["id"]: p for p in self.answer["pods"]} | self.own
        return parts[self.named(pod)]


def task_of(ledger: Ledger, answer: Part, plans: Sequence[Plan]) -> Ask:
    """An ask of some plans under the settings that an answer was computed with."""
    how = answer["provenance"]
    draws = min(int(how["draws"]), len(shipped()[0]))
    return work.task_of(
        ledger.posed,
        plans,
        draws=draws,
        fresh=max(int(how["runs"]) // draws, 1),
        seed=int(how["seed"]),
        off=tuple(how["without"]),
        elicited=bool(how["elicited"]),
    )


def _wanted(rolls: Rolls) -> dict[Key, set[str]]:
    """Plans that each pool must roll, by what is off and what is left out."""
    want: dict[Key, set[str]] = {}
    for measure in measures(rolls.ledger):
        if isinstance(measure, StepOf | Chain | Window | Toll):
            continue
        fields = dict(measure)
        # Those of the question too: what luck does to more than the goal is not in the answer.
        named = [fields.get(key) for key in ("pod", "gain", "goal", "over", "verdicts")]
        for name in named:
            if isinstance(name, str) and name != BASELINE:
                want.setdefault(PLAIN, set()).add(rolls.named(name))
        if isinstance(measure, Switch):
            for pool in (PLAIN, (measure.switch, "")):
                want.setdefault(pool, set()).add(rolls.named(measure.pod))
        elif isinstance(measure, Clause):
            for pool in (PLAIN, ("", measure.clause)):
                want.setdefault(pool, set()).add(rolls.named(measure.pod))
        elif isinstance(measure, Formation):
            want.setdefault(PLAIN, set()).add(BASELINE)
    return _resting(rolls, want)


def _resting(rolls: Rolls, want: dict[Key, set[str]]) -> dict[Key, set[str]]:
    """Add what rows need of the model without the mechanism that they rest on."""
    for row in rows(rolls.ledger):
        if row.rests:
            pods = (dict(row.by).get(key) for key in ("pod", "over"))
            want.setdefault((row.rests, ""), set()).update(rolls.named(str(p)) for p in pods if p)
    return want


def roll(rolls: Rolls, many: Workers, store: Store, say: Say = lambda *_: None) -> Rolls:
    """
    Roll what the rows of a ledger need.

    Parameters
    ----------
    rolls : Rolls
        Filled in place.
    many : Workers
        The result hangs on it in nothing.
    store : Store
        Where runs are kept.
    say : callable
        Told what is rolled.
    """
    ledger = rolls.ledger
    for (off, clause), some in sorted(_wanted(rolls).items()):
        plans = [ledger.plan(name) for name in sorted(some - {BASELINE})]
        task = _altered(replace(rolls.task, plans=tuple(plans)), off, clause)
        pool = gather.Pool(task)
        text = f"without {off}" if off else f"without the clause {clause}" if clause else "claims"
        for piece, found in Stream(task, many, store, say):
            for unit, part in found:
                pool.add(unit, part)
            say(f"rolling {text}", piece.draws[-1] + 1, task.draws)
        rolls.pools[off, clause] = pool
    _describe(rolls)
    _steps(rolls, many, store, say)
    _tolls(rolls, many, store, say)
    _scan(rolls, many, store, say)
    return rolls


def _altered(task: Ask, off: str, clause: str) -> Ask:
    if off:
        task = replace(task, off=(*task.off, off))
    spec = task.spec
    if clause == "exclude":
        spec = replace(spec, exclude=())
    elif clause == "closest":
        spec = replace(spec, share=0.0)
    elif clause == "independent":
        spec = replace(spec, independent=False)
    return replace(task, spec=spec)


def without(rolls: Rolls, off: str) -> Rolls:
    """The same rolls in a model without a mechanism, as far as rows asked for them."""
    bare = replace(rolls, pools={PLAIN: rolls.pools[off, ""]}, own={})
    _describe(bare, every=True)
    return bare


def _describe(rolls: Rolls, *, every: bool = False) -> None:
    """Parts of the ledger's own points of divergence, in the shape of an answer's."""
    pool = rolls.pools.get(PLAIN)
    if pool is None:
        return
    ids, posed = script_of().panel.states, rolls.ledger.posed
    names = [display(i, max(posed.window[0], 1900)) for i in ids]
    pair = (names[posed.pair[0]], names[posed.pair[1]])
    road = {
        "from": rolls.answer["yardstick"]["from"],
        "years": [mile["year"] for mile in rolls.answer["yardstick"]["milestones"]],
    }
    for plan in pool.ask.plans:
        if every or rolls.ledger.owns(plan.id):
            texts = rolls.ledger.texts.get(plan.id) or [
                s["text"] for s in rolls.part(plan.id)["steps"]
            ]
            part = gather.pod(pool, plan, pair, names, road, outside=False, texts=texts)
            part |= gather.around(pool, pool.ask, plan, pair, ids=ids, names=names)
            rolls.own[plan.id] = part


def _steps(rolls: Rolls, many: Workers, store: Store, say: Say) -> None:
    """Log chances of the steps that rows read, one run a draw."""
    want: set[str] = set()
    for measure in measures(rolls.ledger):
        if isinstance(measure, StepOf):
            want |= {rolls.named(measure.pod)} | ({measure.over} if measure.over else set())
        elif isinstance(measure, AnyOf):
            want |= set(measure.any_of)
        elif isinstance(measure, Chain):
            want.add(rolls.named(measure.chain))
    if not want:
        return
    say("pricing steps")
    plans = tuple(rolls.ledger.plan(name) for name in sorted(want))
    task = replace(rolls.task, plans=plans)
    jobs = [Priced(task.aim, plans, draw) for draw in range(task.draws)]
    key = key_of("priced", asked(task), [content(p) for p in plans], task.draws)
    found = kept_json(store, key, lambda: list(many.map(price_steps, jobs)))
    for n, plan in enumerate(plans):
        rolls.logs[plan.id] = np.array([row[n] for row in found])


def regions(ledger: Ledger) -> dict[str, tuple[int, ...]]:
    """States of the regions of a ledger; of the whole world under the empty name."""
    ids = [str(i) for i in script_of().panel.states]
    some = {r.name: tuple(ids.index(find_state(s)) for s in r.states) for r in ledger.file.region}
    return {"": tuple(range(len(ids))), **some}


def _tolls(rolls: Rolls, many: Workers, store: Store, say: Say) -> None:
    """What plans cost regions, where a row asks for it."""
    want = {rolls.named(m.pod) for m in measures(rolls.ledger) if isinstance(m, Toll)}
    if not want:
        return
    plans = tuple(rolls.ledger.plan(name) for name in sorted(want))
    task, where = replace(rolls.task, plans=plans), tuple(regions(rolls.ledger).values())
    jobs = []
    for draw in range(task.draws):
        blocks = [Piece((draw,), k) for k in range(-(-task.fresh // BLOCK))]
        fresh, kept = (
            tuple(n for block in blocks for n in block.runs(task, draw, fresh=way))
            for way in (True, False)
        )
        jobs.append(toll.Costs(task.aim, plans, where, draw, fresh, kept))

    def make() -> list[Any]:
        found = []
        for done, part in enumerate(many.map(toll.cost, jobs), 1):
            found.append(part)
            say("counting what wars cost", done, task.draws)
        return found

    key = key_of("tolls", asked(task), [content(p) for p in plans], where, task.draws, task.fresh)
    rows = kept_json(store, key, make)
    for n, plan in enumerate(plans):
        rolls.tolls[plan.id] = [row[n] for row in rows]


def _scan(rolls: Rolls, many: Workers, store: Store, say: Say) -> None:
    """The chance of the goal from every year before the window and in it."""
    if not any(isinstance(measure, Scan) for measure in measures(rolls.ledger)):
        return
    posed, panel = rolls.ledger.posed, script_of().panel
    first = max(posed.window[0] - BACK, panel.first + 1)
    span = tuple(range(first, min(posed.window[1], panel.last - posed.horizon) + 1))
    last = min(span[-1] + posed.horizon, panel.last)
    aim = replace(rolls.task.aim, last=last)
    draws = min(SCAN_DRAWS, rolls.task.draws)

    def make() -> list[list[int]]:
        found = years.reached(
            aim,
            span,
            many,
            draws=draws,
            anchor=posed.window[0],
            say=lambda done, of: say("scanning the years", done, of),
        )
        return [[int(hit) for hit in row] for row in found.hits]

    key = key_of("scan", asked(rolls.task), last, list(span), draws)
    hits = np.array(kept_json(store, key, make), np.int64)
    rolls.reached = Reached(np.array(span, np.int64), hits, 1)
