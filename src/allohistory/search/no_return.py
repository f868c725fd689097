"""
Point of no return: how likely a goal was from each year of history on, and what it would cost.

If an event E makes the goal at least as likely as not, P(E) <= P(goal) / P(goal | E) <= 2 P(goal),
so that no event can do it for fewer than -log2(2 P(goal)) bits. That is a lower bound; what a
search found from the same year is an upper one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allohistory.chance import chance, effect
from allohistory.percent import percent
from allohistory.search.years import Reached

Part = dict[str, Any]
CHEAP = 3.0
"""Bits within which an even chance is called cheap: P(goal) of one in sixteen."""
HALF_WIDTHS, ENOUGH = (0, 2, 5), 10
"""Years pooled on either side of a year: as few as bring ten worlds together on average."""
EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """
    One way a search found.

    Attributes
    ----------
    year : int
        Of its first change.
    bits : float
    p_goal : float
    """

    year: int
    bits: float
    p_goal: float


@dataclass(frozen=True, slots=True)
class Frame:
    """
    The years a question asks about.

    Attributes
    ----------
    first, last : int
        Window of divergence; years before `first` are further back than it asks.
    gap : int
        Years by which "further back" stays clear of the window.
    horizon : int
    ends : int
        Last year any world is rolled to.
    """

    first: int
    last: int
    horizon: int
    ends: int
    gap: int = 5


def bits_least(p: float) -> float | None:
    """
    Fewest bits for which any event can bring about an even chance; None where p is 0.

    Examples
    --------
    >>> bits_least(0.5), bits_least(0.125), bits_least(0.9), bits_least(0.0)
    (0.0, 2.0, 0.0, None)
    """
    return max(0.0, -math.log2(2 * p)) if p > 0 else None


def no_return(reached: Reached, frame: Frame, found: Sequence[Found] = ()) -> Part:
    """
    P(goal | history to t) year by year, and the last year in which the goal was cheap.

    Parameters
    ----------
    reached : Reached
        Consecutive years.
    frame : Frame
    found : sequence of Found
        Ways a search found; each bounds the price from the year before its first change.

    Returns
    -------
    dict
        ``by_year``: year (history to its end), p, lo, hi and p_not (pooled over `pooled` years;
        p and p_not sum to 1), reached, missed and runs of the year alone, bits_least with its
        ends bits_lo and bits_hi, bits_found, years_left before the record ends; ``last_cheap``;
        ``best`` year; ``earlier`` and ``within``, the years before the window and in it, each with
        its mean chance and its best year, and ``further_back``, the difference of the means by
        draw; ``even``, the best of what was found; ``pooled``,
        ``rule``, ``sentence``.
    """
    half = _half_width(reached)
    rows = [_row(reached, k, half, frame, found) for k in range(len(reached.years))]
    whole = [row for row in rows if row["years_left"] >= frame.horizon] or rows
    best = max(whole, key=lambda row: row["p"])
    cheap = [row["year"] for row in rows if row["bits_least"] is not None
             and row["bits_least"] <= CHEAP]  # fmt: skip
    out: Part = {
        "by_year": rows,
        "last_cheap": max(cheap, default=None),
        "best": {key: best[key] for key in ("year", "p", "lo", "hi", "bits_least")},
        **_eras(reached, rows, frame),
        "even": _even(found),
        "pooled": 2 * half + 1,
        "rule": _rule(half, frame),
    }
    out["sentence"] = _sentence(out, rows, frame)
    return out


def _half_width(reached: Reached) -> int:
    """Years pooled on either side, no more than the goal's rarity asks for."""
    mean = reached.hits.sum() / len(reached.years)
    for half in HALF_WIDTHS:
        if mean * (2 * half + 1) >= ENOUGH:
            return half
    return HALF_WIDTHS[-1]


def _chance(reached: Reached, some: slice) -> dict[str, float]:
    """Chance over some years together, clustered by draw."""
    part = reached.hits[:, some]
    return chance(part.sum(axis=1), np.full(len(part), part.shape[1] * reached.runs))


def _row(reached: Reached, k: int, half: int, frame: Frame, found: Sequence[Found]) -> Part:
    year, runs = int(reached.years[k]), len(reached.hits) * reached.runs
    hits = int(reached.hits[:, k].sum())
    p = _chance(reached, slice(max(k - half, 0), k + half + 1))
    ways = [way.bits for way in found if way.year == year + 1 and way.p_goal >= EVEN]
    return {
        "year": year,
        **p,
        "p_not": 1.0 - p["p"],
        "reached": hits,
        "missed": runs - hits,
        "runs": runs,
        "bits_least": _rounded(bits_least(p["p"])),
        "bits_lo": _rounded(bits_least(p["hi"])),
        "bits_hi": _rounded(bits_least(p["lo"])),
        "bits_found": min(ways, default=None),
        "years_left": min(year + frame.horizon, frame.ends) - year,
    }


def _rounded(x: float | None) -> float | None:
    return None if x is None else round(x, 3)


def _era(reached: Reached, rows: list[Part], some: list[int]) -> Part | None:
    """Some consecutive years: their mean chance and the best of them."""
    if not some:
        return None
    best = max((rows[k] for k in some), key=lambda row: row["p"])
    return {
        "from": rows[some[0]]["year"],
        "to": rows[some[-1]]["year"],
        "mean": _chance(reached, slice(some[0], some[-1] + 1)),
        "best": {key: best[key] for key in ("year", "p", "lo", "hi", "bits_least")},
    }


def _eras(reached: Reached, rows: list[Part], frame: Frame) -> Part:
    """The years before the window beside those in it, compared draw by draw."""
    whole = [k for k, row in enumerate(rows) if row["years_left"] >= frame.horizon]
    early = [k for k in whole if rows[k]["year"] <= frame.first - frame.gap]
    late = [k for k in whole if frame.first <= rows[k]["year"] <= frame.last]
    out: Part = {
        "earlier": _era(reached, rows, early),
        "within": _era(reached, rows, late),
        "further_back": None,
    }
    if early and late:
        one, two = (reached.hits[:, some].mean(axis=1) / reached.runs for some in (early, late))
        found = effect(one, two, np.ones(len(one), np.int64))
        out["further_back"] = {key: found[key] for key in ("effect", "lo", "hi")}
    return out


def _even(found: Sequence[Found]) -> Part | None:
    """The cheapest way a search found to an even chance, or else the likeliest to the goal."""
    if not found:
        return None
    reach = [way for way in found if way.p_goal >= EVEN]
    way = (
        min(reach, key=lambda w: (w.bits, w.year))
        if reach
        else max(found, key=lambda w: (w.p_goal, -w.bits))
    )
    return {"year": way.year, "bits": way.bits, "p_goal": way.p_goal, "reached": bool(reach)}


def _rule(half: int, frame: Frame) -> str:
    text = (
        f"Cheap: an even chance may be had for {CHEAP:.0f} bits or fewer, so that the chance from "
        f"there is {2**-CHEAP / 2:.1%} or more. "
    )
    if half:
        text += (
            f"The chance of a year is pooled over {2 * half + 1} years around it, as few worlds "
            "reach the goal; a turn within these years is blurred. "
        )
    return text + (
        f"From {frame.ends - frame.horizon + 1} on the record leaves fewer than {frame.horizon} "
        "years, which lowers the chance by itself; these years count neither as best nor in the "
        "means."
    )


def _sentence(part: Part, rows: list[Part], frame: Frame) -> str:
    return " ".join([_cheap(part, rows), *_back(part), *_price(part), *_cut(part, frame)])


def _with(p: Part) -> str:
    return f"{percent(p['p'])} ({percent(p['lo'])} to {percent(p['hi'])})"


def _cheap(part: Part, rows: list[Part]) -> str:
    best, span = part["best"], f"{rows[0]['year']} to {rows[-1]['year']}"
    if part["last_cheap"] is not None:
        return (
            f"The last year from which the goal was cheap is {part['last_cheap']}; the chance was "
            f"best from {best['year']} on, at {_with(best)}."
        )
    if not best["p"]:
        return (
            f"In no year from {span} was the goal cheap: no world reached it, and its chance is "
            f"below {percent(max(row['hi'] for row in rows))} throughout."
        )
    return (
        f"In no year from {span} was the goal cheap: at best, from {best['year']} on, its chance "
        f"is {_with(best)}."
    )


def _back(part: Part) -> list[str]:
    """Whether one would have to go back further."""
    early, late, more = part["earlier"], part["within"], part["further_back"]
    if more is None:
        return []
    one, two = early["mean"], late["mean"]
    span = f"{early['from']}-{early['to']}", f"{late['from']}-{late['to']}"
    if more["lo"] > 0:
        verdict = "Going back further helps"
    elif more["hi"] < 0:
        verdict = "Going back further does not help, it makes the goal less likely"
    else:
        verdict = "Going back further makes no difference that these runs can show"
    text = (
        f"{verdict}: from the years {span[0]} the chance is {_with(one)} on average and "
        f"{percent(early['best']['p'])} at best ({early['best']['year']}), from {span[1]} "
        f"{_with(two)} and {percent(late['best']['p'])} at best ({late['best']['year']})."
    )
    return [text]


def _price(part: Part) -> list[str]:
    best, even = part["best"], part["even"]
    out = []
    if best["bits_least"]:
        out.append(
            f"Even from {best['year']} no event of fewer than {best['bits_least']:.1f} bits (1 in "
            f"{2 ** best['bits_least']:,.0f}) makes the goal as likely as not."
        )
    if even is not None and even["reached"]:
        out.append(
            f"The cheapest way found to an even chance begins in {even['year']} and costs "
            f"{even['bits']:.1f} bits."
        )
    elif even is not None:
        out.append(
            f"No way found makes it as likely as not; the likeliest begins in {even['year']}, "
            f"costs {even['bits']:.1f} bits and reaches {percent(even['p_goal'])}."
        )
    return out


def _cut(part: Part, frame: Frame) -> list[str]:
    if part["last_cheap"] is None or part["last_cheap"] + frame.horizon <= frame.ends:
        return []
    return [f"The record ends in {frame.ends}: what comes later cannot be told from too few years."]
