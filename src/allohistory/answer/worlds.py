"""Typical worlds of every point of divergence, told beside history."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from allohistory.answer.keys import key_of
from allohistory.answer.store import Store
from allohistory.answer.stream import asked, content, kept_json
from allohistory.answer.timeline import Typical, timeline, typical
from allohistory.answer.totals import Totals
from allohistory.answer.work import Ask
from allohistory.counterfactual.intervention import Plan
from allohistory.engine.script import script_of
from allohistory.executors import Workers

MORE = 3
"""Typical worlds told of the best way; of the others one."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A world to be told."""

    found: Typical
    ask: Ask
    plan: Plan

    def key(self) -> str:
        """Name under which it is kept."""
        return key_of("timeline", asked(self.ask), content(self.plan), self.plan.id, self.found)


def tell(tale: Tale) -> dict[str, Any]:
    """Tell a world; a worker's job."""
    return timeline(tale.found, tale.ask, tale.plan, script_of().panel.states)


def worlds(
    ask: Ask, totals: dict[str | int, Totals], best: str, store: Store, pool: Workers
) -> dict[str, list[dict[str, Any]]]:
    """
    Typical worlds of every plan.

    Parameters
    ----------
    ask : Ask
    totals : dict of str to Totals
        What the runs came to, by plan.
    best : str
        Id of the plan of which more than one is told.
    store : Store
        Where told worlds are kept.
    pool : Workers

    Returns
    -------
    dict of str to list
        By plan; the most typical world first.
    """
    tales = [
        Tale(found, ask, plan)
        for plan in ask.plans
        for found in typical(totals[plan.id], MORE if plan.id == best else 1)
    ]
    keys = [tale.key() for tale in tales]
    missing = [(k, t) for k, t in zip(keys, tales, strict=True) if store.read(k) is None]
    made = dict(zip([k for k, _ in missing], pool.map(tell, [t for _, t in missing]), strict=True))
    told: dict[str, list[dict[str, Any]]] = {plan.id: [] for plan in ask.plans}
    for key, tale in zip(keys, tales, strict=True):
        told[tale.plan.id].append(kept_json(store, key, partial(_made, made, key, tale)))
    return told


def _made(made: dict[str, dict[str, Any]], key: str, tale: Tale) -> dict[str, Any]:
    # What was kept a moment ago may have made room for something else.
    return made[key] if key in made else tell(tale)
