"""
One question, one answer: read -> resolve -> abduce -> twin -> goals, effects, surprise -> answer.

Every number in the answer comes from the draws' samples; nothing here knows which question it is.
"""

import json
import warnings
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from allohistory import __version__
from allohistory.answer import gather
from allohistory.answer.bonds_gathered import bond
from allohistory.answer.keys import key_of
from allohistory.answer.limits import limits
from allohistory.answer.looked import Looker
from allohistory.answer.reasons import reasons
from allohistory.answer.store import Store, folder, nothing, size_allowed
from allohistory.answer.stream import Stream, asked, kept_json
from allohistory.answer.wording import one_in
from allohistory.answer.work import Ask, task_of
from allohistory.answer.worlds import worlds
from allohistory.counterfactual.abduce import Abduction, abduce, window
from allohistory.counterfactual.twin import FRESH
from allohistory.engine.luck import stage_for
from allohistory.engine.script import script_of
from allohistory.executors import address_of, workers
from allohistory.kernels import fingerprint
from allohistory.model.shipped import FILE, shipped
from allohistory.model.switches import check, without
from allohistory.percent import percent
from allohistory.question.behaviour import past_at
from allohistory.question.goals import M_TOGETHER, verdict
from allohistory.question.read import read
from allohistory.question.resolve import Question, resolve
from allohistory.question.told import told as sentence
from allohistory.question.yardstick import RULES, yardstick
from allohistory.record.names import display
from allohistory.record.tables import load
from allohistory.world import Geography

Say = Callable[..., object]
FEW = 2
"""Draws after which progress tells a first chance."""
RUNS = 80
"""Fresh runs per point of divergence by default, each under a parameter draw of its own."""


def _hash(*parts: object) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part if isinstance(part, bytes) else json.dumps(part).encode())
    return digest.hexdigest()


def _fingerprints() -> dict[str, str]:
    """Hashes of the record, the parameters and the sources that hold the model."""
    here = Path(__file__).parent
    tables = sorted((here / "record" / "core").glob("*.csv"))
    return {
        "record": _hash(*(t.read_bytes() for t in tables)),
        "model": _hash((here / "model" / FILE).read_bytes(), fingerprint()),
    }


def _warn(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=4)


def ask(
    question: str | Path,
    *,
    runs: int | None = None,
    seed: int = 1,
    jobs: int = 1,
    without: tuple[str, ...] = (),
    elicited: bool = True,
    executor: str = "",
    cached: bool = True,
    search: bool = False,
    say: Say = lambda *_: None,
    warn: Say = _warn,
) -> dict[str, Any]:
    """
    Answer a question.

    Parameters
    ----------
    question : str or Path
        Name of a bundled question or path of a question file.
    runs : int, optional
        Fresh runs per point of divergence (default 80, each under a parameter draw of its own).
    seed : int
    jobs : int
        Worker processes; the answer hangs neither on it nor on `executor` and `cached`.
    without : tuple of str
        Mechanisms to switch off.
    elicited : bool
        False sets every elicited effect to its neutral value.
    executor : str
        ``dask:tcp://host:port`` for the workers of a Dask cluster, which then run our code.
    cached : bool
        Read and keep runs in the user's cache directory (see `answer.store`).
    search : bool
        Look beyond the listed points of divergence: forward and backward search, point of no
        return, reference classes.
    say : callable
        Told the stage, and how many draws are done of how many.
    warn : callable
        Told in a sentence what does not stop the work.

    Returns
    -------
    dict
        The answer; its keys are described in `allohistory.answer`.

    Raises
    ------
    QuestionError, UnknownNameError
        The question cannot be asked; nothing was computed.
    """
    off = check(without)
    say("reading the question")
    source = read(question)
    posed = resolve(source)
    task = _task(posed, runs or RUNS, seed, off, elicited=elicited)
    store = Store(folder(), size_allowed(), warn) if cached else nothing()
    pool = gather.Pool(task)
    with workers(jobs, executor) as many:
        if executor:
            warn(f"the cluster at {address_of(executor)} runs code of this package")
        for piece, found in Stream(task, many, store, say):
            for unit, part in found:
                pool.add(unit, part)
            done = piece.draws[-1] + 1
            say(_so_far(pool, done), done, task.draws)
        say("telling typical worlds")
        looker = Looker(source, posed, pool, store, many, say)
        answer = _answer(looker, search=search)
    store.tidy()
    return answer


def _task(posed: Question, runs: int, seed: int, off: tuple[str, ...], *, elicited: bool) -> Ask:
    """What the workers must know."""
    draws = min(runs, len(shipped()[0]))
    fresh = max(round(runs / draws), 1)
    return task_of(
        posed, posed.plans, draws=draws, fresh=fresh, seed=seed, off=off, elicited=elicited
    )


def _so_far(pool: gather.Pool, done: int) -> str:
    """What is known of the baseline when so many draws are in."""
    if done < FEW:
        return "rolling worlds"
    return f"after {done} of {pool.ask.draws} draws, if nothing changes: " + _percent(
        pool.goal(gather.BASELINE, FRESH.name, "base")
    )


def _told(task: Ask) -> dict[str, Any]:
    """What history itself says: the yardstick's milestones, whether the goal was reached, why."""
    s = stage_for(task.last)
    parameters = without(shipped()[0][0], task.off, elicited=task.elicited)
    told = abduce(s, parameters)
    road = yardstick(told.history, s.geography, s.base, task.yard, task.yard_from)
    return {
        "years": road.years,
        "in_history": _in_history(task, told, s.geography, s.base),
        "reasons": reasons(task),
    }


def _answer(looker: Looker, *, search: bool) -> dict[str, Any]:
    source, posed, pool = looker.source, looker.posed, looker.pool
    store, many, task = looker.store, looker.many, looker.ask
    draws, ids = task.draws, script_of().panel.states
    names = [display(i, max(posed.window[0], 1900)) for i in ids]
    pair = (names[posed.pair[0]], names[posed.pair[1]])
    facts = kept_json(store, key_of("told", asked(task), task.start), partial(_told, task))
    scale = {"from": task.yard_from, "years": facts["years"]}
    base = gather.baseline(pool, task, pair, names, scale)
    base["in_history"] = facts["in_history"]
    base["reasons"] = facts["reasons"]
    pods = [
        gather.pod(
            pool,
            plan,
            pair,
            names,
            scale,
            outside=outside,
            texts=[sentence(step) for step in source.spec.pod[n].step],
        )
        for n, (plan, outside) in enumerate(zip(posed.plans, posed.outside, strict=True))
    ]
    for part, place in zip(pods, posed.places, strict=True):
        part["penalty_bits"] = round(place.penalty, 3)
        if place.note:
            part["assumptions"].append(place.note)
    ranked = sorted(pods, key=lambda p: (-p["p_goal"]["p"], p["bits"], p["id"]))
    prints = _fingerprints()
    answer: dict[str, Any] = {
        "id": Path(posed.file).stem or "question",
        "question": posed.text,
        "pair": list(pair),
        "pair_ids": [ids[k] for k in task.pair],
        "horizon": posed.horizon,
        "goal": source.spec.goal.model_dump(by_alias=True, exclude_none=True)
        | {"exclude": [e.text for e in posed.exclude]},
        "baseline": base,
        "pods": pods,
        "best": {"id": ranked[0]["id"] if ranked else None},
        "yardstick": {
            "pair": [names[task.yard[0]], names[task.yard[1]]],
            "from": task.yard_from,
            "milestones": [
                {"name": name, "year": year}
                for name, year in zip(RULES, facts["years"], strict=True)
            ],
        },
    }
    if ranked:
        best = posed.plan(ranked[0]["id"])
        hashes = [int(script_of().panel.geography.state_hash[k]) for k in task.pair]
        for part, plan in zip(pods, posed.plans, strict=True):
            part.update(gather.around(pool, task, plan, pair, ids=ids, names=names))
            part["bond"] = bond(pool, plan, pair, hashes)
        answer["follows"] = {
            "pod": best.id,
            "quantities": ranked[0]["effects"],
            "reactions": ranked[0]["reactions"],
            "shares": ranked[0]["shares"],
        }
        looker.say("bounding what nobody can know")
        for part, plan in zip(pods, posed.plans, strict=True):
            part["bounds"] = looker.bounds(plan, best=plan.id == best.id)
        answer["best"]["bounds"] = ranked[0]["bounds"]
        told = worlds(task, pool.totals, [p["id"] for p in ranked], store, many)
        answer |= told
    if search:
        answer["best"] |= looker.everything((ids[task.pair[0]], ids[task.pair[1]]))
    answer["headline"] = _headline(answer, ranked)
    answer["sources"] = sorted({s.citation for s in load().sources})
    answer["provenance"] = {
        **prints,
        "version": __version__,
        "seed": task.seed,
        "runs": task.fresh * draws,
        "replayed_runs": -(-draws // task.every),
        "draws": draws,
        "without": list(task.off),
        "elicited": task.elicited,
        "search": search,
        "years_fitted": [shipped()[1]["first"], shipped()[1]["last"]],
        "tags": {
            "p_goal": "fitted and elicited",
            "bits": "fitted",
            "stated_bits": "assumed",
            "yardstick.milestones": "record",
            "chain": "fitted and assumed",
        },
    }
    answer["limits"] = limits(answer)
    answer["provenance"]["hash"] = _hash(
        {k: v for k, v in answer.items() if k != "provenance"}, answer["provenance"]
    )
    order = (
        "id",
        "headline",
        "question",
        "pair",
        "pair_ids",
        "horizon",
        "goal",
        "baseline",
        "pods",
        "best",
        "follows",
        "timeline",
        "atlas",
        "worlds",
        "atlases",
        "yardstick",
        "limits",
        "sources",
        "provenance",
    )
    whole = json.dumps({key: answer[key] for key in order if key in answer}, default=_number)
    plain: dict[str, Any] = json.loads(whole)
    return plain


def _in_history(task: Ask, told: Abduction, geography: Geography, first: int) -> bool:
    """Whether the record's own course from the start of the window reaches the goal."""
    row = task.start - first
    past = past_at(told.history, geography, np.array(task.pair, np.int64), row)
    course = window(told.history, row, min(task.start + task.horizon, task.last) - first)
    return bool(verdict(course, geography, task.pair, task.spec, past).met[M_TOGETHER])


def _number(value: Any) -> Any:  # noqa: ANN401 - numpy scalars to plain numbers
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def _percent(chance: dict[str, float]) -> str:
    return f"{percent(chance['p'])} ({percent(chance['lo'])} to {percent(chance['hi'])})"


def _headline(answer: dict[str, Any], ranked: list[dict[str, Any]]) -> str:
    pair = " and ".join(answer["pair"])
    base = answer["baseline"]
    first = (
        f"From {base['from']} on, with history's world and new luck, the chance that {pair} reach "
        f"the goal within {answer['horizon']} years is {_percent(base['p_goal'])}; in history they "
        f"{'did' if base['in_history'] else 'did not'}."
    )
    if not ranked:
        return first
    top = ranked[0]
    of = f"best of the {len(ranked)} points" if len(ranked) > 1 else "only point"
    return (
        f'{first} The {of} of divergence is "{top["title"]}" '
        f"({top['year']}): {_percent(top['p_goal'])} against {_percent(top['p_base'])} from the "
        f"same date without it, at {one_in(top['one_in'])} that it happens at all."
    )
