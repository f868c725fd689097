"""
A ledger evaluated: every row with its verdict, number, interval, basis, cases and a sentence.

The answer of the question comes from above (this room never asks); what the rows need beyond it is
rolled here once. The rules of the verdicts are those of `evaluate_verdict`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allohistory import __version__
from allohistory.answer.store import Store, folder, nothing, size_allowed
from allohistory.executors import workers
from allohistory.question.acts import Sheet
from allohistory.thread import claims as c
from allohistory.thread import evaluate_answer as read
from allohistory.thread import evaluate_follows as after
from allohistory.thread import evaluate_model as model
from allohistory.thread import evaluate_record as recorded
from allohistory.thread import evaluate_rolled as rolled
from allohistory.thread import evaluate_toll as cost
from allohistory.thread import evaluate_ways as ways
from allohistory.thread.citations import cited
from allohistory.thread.claims_file import Row
from allohistory.thread.evaluate_bond import bond
from allohistory.thread.evaluate_number import RECORD, Measured
from allohistory.thread.evaluate_rolls import Rolls, roll, task_of, without
from allohistory.thread.evaluate_verdict import (
    AGAINST,
    LEANING,
    RULES,
    SUPPORTED,
    UNDECIDED,
    UNTESTED,
    luck,
    put_in,
    survives,
    verdict,
)
from allohistory.thread.ledger import Ledger, rows

Say = Callable[..., object]
Part = dict[str, Any]
BY: dict[type[Sheet], Callable[[Any, Rolls], Measured]] = {
    c.Goal: read.goal,
    c.Without: read.without,
    c.Gain: read.gain,
    c.Predicate: read.predicate,
    c.Bond: bond,
    c.Verdicts: read.verdicts,
    c.Effect: after.effect,
    c.Follows: after.follows,
    c.Reaction: after.reaction,
    c.Share: after.share,
    c.Lasts: after.lasts,
    c.Falls: after.falls,
    c.Milestone: after.milestone,
    c.Chain: read.chain,
    c.Window: ways.window,
    c.Best: ways.best,
    c.Others: ways.others,
    c.Searched: ways.searched,
    c.StepOf: rolled.step,
    c.AnyOf: rolled.any_of,
    c.Switch: rolled.switch,
    c.Clause: rolled.clause,
    c.Toll: cost.toll,
    c.Formation: rolled.formation,
    c.Scan: rolled.scan,
    c.Term: model.term,
    c.Threat: model.threat,
    c.HalfLife: model.half_life,
    c.Capability: recorded.capability,
    c.Disputes: recorded.disputes,
    c.Rate: recorded.rate,
    c.Coding: recorded.coding,
    c.Reference: recorded.reference,
    c.Fact: recorded.fact,
    c.Missing: recorded.missing,
}
"""What computes each kind of measure."""
ENDINGS = {
    SUPPORTED: "That bears the claim out.",
    LEANING: "That leans the claim's way without settling it.",
    UNDECIDED: "These runs cannot tell which way it goes.",
    AGAINST: "That speaks against the claim as it is read here.",
}
PREMISE = {
    SUPPORTED: "The premise holds.",
    LEANING: "The premise holds in the main, with a correction.",
    UNDECIDED: "The premise is doubtful.",
    AGAINST: "The premise does not hold.",
}
ANALOGOUS = (c.Goal, c.Without, c.Chain, c.Best, c.Verdicts, c.Milestone)
"""Measures beside which the nearest historical cases are set."""


def evaluate(
    ledger: Ledger,
    answer: Part,
    *,
    jobs: int = 1,
    executor: str = "",
    cached: bool = True,
    say: Say = lambda *_: None,
    warn: Say = lambda *_: None,
) -> Part:
    """
    Evaluate every row of a ledger.

    Parameters
    ----------
    ledger : Ledger
    answer : dict
        Of the ledger's question, as `ask` gives it; its draws, runs, seed and switches hold here.
    jobs, executor, cached, say, warn
        As for `ask`; the result hangs on none of them.

    Returns
    -------
    dict
        ``title``, ``question``, ``rules``, ``counts`` of the verdicts, ``rows`` [{n, who, claim,
        quote, kind, verdict, number, unit, interval, basis, reads, reason, luck, conventions,
        evidence, analogues, sources}], ``provenance`` of the answer.
    """
    store = Store(folder(), size_allowed(), warn) if cached else nothing()
    rolls = Rolls(ledger, answer, task_of(ledger, answer, ledger.plans))
    with workers(jobs, executor) as many:
        roll(rolls, many, store, say)
    store.tidy()
    say("reading the rows")
    return told(rolls)


def told(rolls: Rolls) -> Part:
    """
    Every row of a ledger whose rolls have been made.

    Returns
    -------
    dict
        As `evaluate` gives it.
    """
    answer, ledger = rolls.answer, rolls.ledger
    near = recorded.nearest(rolls)
    found = [_row(row, rolls, near) for row in rows(ledger)]
    counts: dict[str, int] = {}
    for row in found:
        counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    return {
        "title": ledger.file.title,
        "question": answer["question"],
        "headline": answer["headline"],
        "rules": RULES,
        "counts": counts,
        "rows": found,
        "provenance": {**answer["provenance"], "version": __version__},
    }


def _row(row: Row, rolls: Rolls, near: tuple[str, ...]) -> Part:
    number = BY[type(row.by)](row.by, rolls)
    found, given = verdict(number, row.test), put_in(number, row.kind)
    beside = [BY[type(m)](m, rolls) for m in row.beside]
    if row.rests:
        bare = BY[type(row.by)](row.by, without(rolls, row.rests))
        given = given or verdict(bare, row.test) != SUPPORTED
        beside.insert(0, replace(bare, words=f"without the mechanism {row.rests}, {bare.words}"))
    if found == SUPPORTED and given:
        found = LEANING
    cases = number.cases or next((m.cases for m in beside if m.cases), ())
    if not cases and isinstance(row.by, ANALOGOUS):
        cases = near
    return {
        "n": row.n,
        "who": row.who,
        "claim": row.claim,
        "quote": row.quote,
        "kind": row.kind,
        "verdict": found,
        "number": number.value,
        "unit": number.unit if number.value is not None else None,
        "interval": None if number.value is None else [number.lo, number.hi],
        "basis": list(number.basis),
        "reads": _reads(row, number),
        "reason": _reason(row, number, found, given=given),
        "luck": luck(number, row.test),
        "conventions": {words: at["value"] for words, at in number.settings.items()},
        "evidence": _evidence(number, beside),
        "analogues": list(cases),
        "sources": [cited(text) for text in row.source],
    }


def _evidence(number: Measured, beside: list[Measured]) -> list[str]:
    """Sentences beside a number; what the row has said already is not said again."""
    said, out = set(number.more), []
    for m in beside:
        fresh = tuple(text for text in m.more if text not in said)
        said.update(fresh)
        text = replace(m, more=fresh).sentence
        if text:
            out.append(text)
    return out


def _reads(row: Row, number: Measured) -> str:
    """How the claim's words were read, so that a reader may argue with that."""
    if row.test is None or number.missing:
        return ""
    bar = row.test.reads
    return f"Read as: {bar.rstrip('.')}." if bar else ""


def _cannot_tell(number: Measured) -> str:
    """Why it stays undecided, by where the number comes from."""
    if number.unit == "factor":
        return "The estimate is too wide to tell which way it goes."
    if number.basis == (RECORD,):
        return "So few cases cannot tell which way it goes."
    return ENDINGS[UNDECIDED]


def _reason(row: Row, number: Measured, found: str, *, given: bool) -> str:
    """What is told to the poster: the number, the verdict in words, and why."""
    if found == UNTESTED:
        said = row.says.answered or row.note
        return " ".join(filter(None, [number.sentence, said]))
    endings = PREMISE if number.holds else ENDINGS
    if found == UNDECIDED and not number.holds:
        endings = {UNDECIDED: _cannot_tell(number)}
    elif found == LEANING and row.test and given:
        why = (
            "as it rests on a size put in by judgment; what is left without it stands beside this"
            if row.rests
            else "as it was put in rather than found"
        )
        endings = {LEANING: f"That leans the claim's way, {why}."}
    own = getattr(row.says, found)
    turned = survives(number, row.test)
    parts = [number.sentence, endings.get(found, ""), turned, own, row.note]
    return " ".join(filter(None, parts))
