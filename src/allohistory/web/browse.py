"""The record as it was, and how the numbers are made."""

from functools import cache
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from allohistory.engine.script import script_of
from allohistory.errors import AllohistoryError
from allohistory.model import terms as m
from allohistory.model.shipped import shipped
from allohistory.record.names import find_state
from allohistory.record.prose import render_text
from allohistory.record.show import shared_history
from allohistory.record.tables import load
from allohistory.web import kinds
from allohistory.web.page import shown

LOW, HIGH = 0.05, 0.95


async def record(request: Request) -> Response:
    """What two states share, with sources; or a treaty or a war by its name."""
    asked = {
        key: request.query_params.get(key, "").strip()[:200] for key in ("one", "other", "name")
    }
    facts: dict[str, Any] = {"asked": asked, "names": kinds.names(), "lines": [], "said": "",
                             "found": [], "sources": []}  # fmt: skip
    try:
        if asked["one"] and asked["other"]:
            one, other = (find_state(asked[key]) for key in ("one", "other"))
            facts["lines"] = render_text(shared_history(one, other)).splitlines()
        if asked["name"]:
            facts["found"] = await run_in_threadpool(named, asked["name"])
    except AllohistoryError as error:
        facts["said"] = str(error)
    return shown(request, "record.html", **facts)


def named(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Wars and treaties of the record whose name holds a text, with all that is coded of them."""
    tables, key = load(), text.casefold()
    works = {source.key: source.citation for source in tables.sources}
    out = []
    for war in tables.wars:
        if key in war.name.casefold():
            sides = {"A": [], "B": []}  # type: dict[str, list[str]]
            for row in tables.participants_of[war.id]:
                sides.setdefault(row.side, []).append(row.state)
            out.append((war.name, [("War", f"{war.start} to {war.end or 'now'}"),
                        *((f"Side {side}", ", ".join(who)) for side, who in sides.items()),
                        *_rest(war, works)]))  # fmt: skip
    for treaty in tables.treaties:
        if key in treaty.name.casefold():
            who = ", ".join(f"{row.state} {row.start} to {row.end or 'now'}"
                            for row in tables.members if row.treaty == treaty.id)  # fmt: skip
            out.append((treaty.name, [("Treaty", who), *_rest(treaty, works)]))
    return out[:40]


def _rest(row: object, works: dict[str, str]) -> list[tuple[str, str]]:
    out = []
    for key in ("outcome", "initiator", "target", "deaths", "note", "source"):
        value = getattr(row, key, None)
        if value not in (None, "", ()):
            out.append((key.capitalize(), works.get(str(value), str(value))))
    return out


async def method(request: Request) -> Response:
    """Every mechanism with its coefficients and their 90% intervals over the shipped draws."""
    return shown(request, "method.html", tables=await run_in_threadpool(coefficients),
                 facts=shipped()[1], states=len(script_of().panel.states))  # fmt: skip


@cache
def coefficients() -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """Mean and interval of every coefficient, by mechanism."""
    draws = np.array([p.beta for p in shipped()[0]])
    out = []
    for process, terms in m.TERMS.items():
        rows = []
        for alternative in range(m.ALTERNATIVES.get(process, 1)):
            for k, term in enumerate(terms):
                found = draws[:, process, alternative, k]
                low, high = np.quantile(found, [LOW, HIGH])
                if found.any():
                    which = f" ({alternative + 1})" if m.ALTERNATIVES.get(process, 1) > 1 else ""
                    rows.append((f"{term.replace('_', ' ')}{which}", f"{found.mean():.2f}",
                                 f"{low:.2f}", f"{high:.2f}"))  # fmt: skip
        out.append((m.NAMES[process], rows))
    return out
