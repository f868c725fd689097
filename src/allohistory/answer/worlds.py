"""Typical worlds of every point of divergence, told beside history."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from allohistory.answer.keys import key_of
from allohistory.answer.store import Store
from allohistory.answer.stream import asked, content, kept_json
from allohistory.answer.timeline import Typical, typical, typical_world
from allohistory.answer.totals import Totals
from allohistory.answer.work import Ask
from allohistory.counterfactual.intervention import Plan
from allohistory.engine.script import script_of
from allohistory.executors import Workers

MORE = 3
"""Typical worlds told of the best way; of the others one."""
MAPPED = 3
"""Ways whose typical world is also drawn on the map: each adds some twenty kilobytes to a page."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A world to be told, and drawn where it is to be `mapped`."""

    found: Typical
    ask: Ask
    plan: Plan
    mapped: bool

    def key(self) -> str:
        """Name under which it is kept."""
        plan = [content(self.plan), self.plan.id, self.plan.title, self.plan.names]
        return key_of("typical world", asked(self.ask), plan, self.found, self.mapped)


def tell(tale: Tale) -> dict[str, Any]:
    """Tell a world; a worker's job."""
    ids = script_of().panel.states
    world = typical_world(tale.found, tale.ask, tale.plan, ids)
    return world if tale.mapped else {"timeline": world["timeline"]}


def worlds(
    ask: Ask,
    totals: dict[str | int, Totals],
    ranked: Sequence[str],
    store: Store,
    pool: Workers,
) -> dict[str, Any]:
    """
    Tell typical worlds of every plan.

    Parameters
    ----------
    ask : Ask
    totals : dict of str to Totals
        What the runs came to, by plan.
    ranked : sequence of str
        Ids of the plans, the best first: of that one more worlds are told.
    store : Store
        Where told worlds are kept.
    pool : Workers

    Returns
    -------
    dict
        ``timeline`` and ``atlas`` of the best plan's most typical world; ``worlds``, timelines of
        others; ``atlases`` by plan, of the next best.
    """
    plans = {plan.id: plan for plan in ask.plans}
    tales = [
        Tale(found, ask, plans[name], mapped=rank < MAPPED and n == 0)
        for rank, name in enumerate(ranked)
        for n, found in enumerate(typical(totals[name], 1 if rank else MORE))
    ]
    keys = [tale.key() for tale in tales]
    missing = [(k, t) for k, t in zip(keys, tales, strict=True) if store.read(k) is None]
    made = dict(zip([k for k, _ in missing], pool.map(tell, [t for _, t in missing]), strict=True))
    told = [
        kept_json(store, key, partial(_made, made, key, tale))
        for key, tale in zip(keys, tales, strict=True)
    ]
    pairs = list(zip(tales, told, strict=True))
    return {
        **told[0],
        "worlds": [world["timeline"] for world in told[1:]],
        "atlases": {tale.plan.id: world["atlas"] for tale, world in pairs[1:] if tale.mapped},
    }


def _made(made: dict[str, dict[str, Any]], key: str, tale: Tale) -> dict[str, Any]:
    # What was kept a moment ago may have made room for something else.
    return made[key] if key in made else tell(tale)
