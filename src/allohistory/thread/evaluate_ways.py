"""Measures of the best ways: inside the window, outside of it, listed, and found by a search."""

from typing import Any

from allohistory.answer.wording import one_in
from allohistory.thread import claims as c
from allohistory.thread.evaluate_answer import spread, title
from allohistory.thread.evaluate_number import (
    ASSUMED,
    MODEL,
    RECORD,
    Ends,
    Measured,
    joined,
    less,
    minus,
    percent,
    three,
)
from allohistory.thread.evaluate_rolls import Rolls

Part = dict[str, Any]
MOST = 6
"""Ways that a search found and a sentence has room for."""


def window(m: c.Window, rolls: Rolls) -> Measured:
    """Years outside the window."""
    part, frame = rolls.part(m.window), rolls.ledger.posed.window
    years = max(frame[0] - part["year"], part["year"] - frame[1], 0)
    penalty = part.get("penalty_bits", 0.0)
    outside = [p["title"] for p in rolls.answer["pods"] if p["outside"]]
    more = (
        (
            f"It begins in {part['year']}; the window is {frame[0]}-{frame[1]}, its edge soft: "
            f"up to {frame[2]} years outside cost up to one bit, and this one costs {penalty:.2f}."
        ),
        f"Marked as outside, and answered all the same: {joined(outside)}.",
    )
    return Measured(
        words=f"the distance of {title(rolls, m.window)} from the window of the question",
        value=float(years),
        lo=float(years),
        hi=float(years),
        unit="years",
        basis=(RECORD, ASSUMED),
        more=more,
        bare=True,
    )


def _top(pods: list[Part]) -> Part:
    return min(pods, key=lambda p: (-p["p_goal"]["p"], p["bits"], p["id"]))


def _basis(rolls: Rolls, *ways: Part) -> tuple[str, ...]:
    """Where a number about ways comes from, those of a search among them."""
    stated = any(step["provenance"] == ASSUMED for way in ways for step in way["steps"])
    model = MODEL if rolls.answer["provenance"].get("elicited", True) else MODEL[:1]
    return (*model, ASSUMED) if stated else model


def _luck(rolls: Rolls, way: Part) -> dict[str, Ends]:
    """P(goal) under every convention on luck; a search rolls with fresh luck alone."""
    listed = any(pod["id"] == way["id"] for pod in rolls.answer["pods"])
    return spread(rolls, way["id"], moved=False) if listed else {}


def best(m: c.Best, rolls: Rolls) -> Measured:
    """The best point of divergence inside the window, outside of it, or both compared."""
    pods = [*rolls.answer["pods"], *_found(rolls)]
    inside = [p for p in pods if not p["outside"]]
    outside = [p for p in pods if p["outside"]]
    pools = {"inside": inside, "outside": outside, "any": pods}
    if m.best == "inside over outside":
        if not inside or not outside:
            return Measured(
                words="the comparison", missing="All ways lie on one side of the window."
            )
        one, two = _top(inside), _top(outside)
        a, b = _luck(rolls, one), _luck(rolls, two)
        told_of = (
            f'Inside it is "{one["title"]}" ({percent(one["p_goal"]["p"])}), outside '
            f'"{two["title"]}" ({percent(two["p_goal"]["p"])}).'
        )
        return Measured(
            words="the best chance inside the window, less the best outside of it,",
            **less(one["p_goal"], two["p_goal"]),
            unit="points",
            more=(told_of,),
            basis=_basis(rolls, one, two),
            settings={key: minus(a[key], b[key]) for key in a if key in b},
        )
    if not pools[m.best]:
        return Measured(words="the best chance", missing=f"No way lies {m.best} the window.")
    top = _top(pools[m.best])
    edge, seen = [], 0.0
    for pod in sorted(pods, key=lambda p: (p["bits"], -p["p_goal"]["p"], p["id"])):
        if pod["p_goal"]["p"] > seen:
            seen = pod["p_goal"]["p"]
            edge.append(f'"{pod["title"]}" ({percent(seen)} at {one_in(pod["one_in"])})')
    where = {"any": "", "inside": " inside the window", "outside": " outside the window"}[m.best]
    more = [
        f'It is "{top["title"]}" ({top["year"]}), at {one_in(top["one_in"])} that it happens.',
    ]
    if m.best == "any" and edge:
        more.append(f"The frontier, from the cheapest up: {'; '.join(edge)}.")
    return Measured(
        words=f"the best chance of the goal{where}",
        **three(top["p_goal"]),
        more=tuple(more),
        basis=_basis(rolls, top),
        settings=_luck(rolls, top),
    )


def _found(rolls: Rolls) -> list[Part]:
    """Ways of the frontier that a search found beyond those listed; none that writes the pact."""
    first, last = rolls.ledger.posed.window[:2]
    rows = (rolls.answer.get("best") or {}).get("frontier") or []
    return [
        {**row, "outside": not first <= row["year"] <= last}
        for row in rows
        if not row.get("listed") and not row.get("direct")
    ]


def others(m: c.Others, rolls: Rolls) -> Measured:
    """Best chance inside the window among all ways but some: what "the only way" leaves out."""
    rest = [p for p in rolls.answer["pods"] if not p["outside"] and p["id"] not in m.others]
    if not rest:
        return Measured(words="any other way", missing="No other way lies inside the window.")
    top = _top(rest)
    return Measured(
        words="the best chance of the goal inside the window by any other way",
        **three(top["p_goal"]),
        more=(f'That is "{top["title"]}" ({top["year"]}), at {one_in(top["one_in"])}.',),
        basis=_basis(rolls, top),
        settings=_luck(rolls, top),
    )


def searched(m: c.Searched, rolls: Rolls) -> Measured:
    """What a search found, where one was made."""
    best = rolls.answer.get("best") or {}
    found, raced = best.get(m.searched), best.get("raced") or {}
    if m.searched not in best:
        return Measured(
            words="what a search finds",
            missing="With --search the ways that nobody listed would stand here too.",
        )
    if not found:
        return Measured(words="what a search finds", missing=f"The search found no {m.searched}.")
    if m.searched == "necessity":
        return Measured(
            words="what was needed", more=tuple(row["sentence"] for row in found[:MOST])
        )
    if m.searched == "routes":
        told = "; ".join(f"{row['name']} ({percent(row['share'])})" for row in found[:MOST])
        text = f"Worlds that reach the goal from history as it was get there by: {told}."
        return Measured(words="typical routes", more=(text,))
    rows = sorted(found, key=lambda row: (-row["p_goal"]["p"], row["id"]))[:MOST]
    told = "; ".join(
        f'"{row["title"]}" ({row["year"]}; {percent(row["p_goal"]["p"])} at {one_in(row["one_in"])}'
        f"{', writes the pact itself' if row.get('direct') else ''})"
        for row in rows
    )
    return Measured(
        words="the best chance of the goal on the frontier of a search",
        **three(rows[0]["p_goal"]),
        more=(
            (
                f"Of {raced.get('candidates', 0):,} ways tried, no cheaper one reaches the goal "
                f"as often as these: {told}."
            ),
        ),
    )
