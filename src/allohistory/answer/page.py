"""An answer as a page of blocks: headline, ways there, the best of them, what follows, limits."""

from collections.abc import Iterator
from typing import Any

from allohistory.answer.best import best_pod
from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.limits import limits
from allohistory.answer.outlook import follows, timeline
from allohistory.answer.ways_found import found
from allohistory.answer.wording import (
    MISSING,
    Answer,
    chance,
    given,
    listed,
    number,
    odds,
    one_in,
    plot,
    tag,
    top,
    year,
)
from allohistory.percent import percent

_MOST_SOURCES = 12
_OUTSIDE = "outside the window"


def page(answer: Answer) -> list[Block]:
    """
    Everything an answer says, in the order in which a reader wants it.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.

    Returns
    -------
    list of block
        Headings, paragraphs, lists and tables.
    """
    return [
        Prose(answer["question"], quiet=True),
        Heading(answer["headline"], 1),
        *lead(answer),
        *_ways(answer),
        *history(answer),
        *advised(answer),
        *best_pod(answer),
        *found(answer),
        *follows(answer),
        *timeline(answer),
        *last_words(answer),
    ]


def ranked(answer: Answer) -> list[dict[str, Any]]:
    """PODs of an answer, the likeliest to reach the goal first, of equals the cheapest."""
    return sorted(
        answer["pods"],
        key=lambda pod: (-(pod["p_goal"].get("p") or 0.0), pod.get("bits") or 0.0, pod["id"]),
    )


def lead(answer: Answer) -> Iterator[Block]:
    """What counts as success, and history's own chance."""
    goal, baseline = answer.get("goal", {}), answer.get("baseline", {})
    terms = []
    if goal.get("firm"):
        terms.append(f"firm ({_firm(goal['firm'])})")
    if goal.get("lasting"):
        terms.append(f"lasting ({goal['lasting'].get('years', MISSING)} years)")
    if goal.get("independent"):
        terms.append("between independent states")
    if goal.get("closest"):
        terms.append("closest to each other among the major powers")
    if terms:
        pair = listed(answer.get("pair", []))
        within = f" within {answer['horizon']} years" if answer.get("horizon") else ""
        yield Prose(f"Counted as success: an alliance of {pair} that is {listed(terms)}{within}.")
    if goal.get("exclude"):
        yield Prose(f"Not counted: {listed(goal['exclude'])}.")
    if given(baseline.get("p_goal", {}).get("p")):
        p = baseline["p_goal"]
        small = f", {odds(p['p'])}" if p["p"] < 0.095 else ""
        yield Prose(
            f"With nothing changed in {baseline.get('from', 'the first year')}, the model's own "
            f"chance is {chance(p)}{small}."
        )


def _firm(asked: Any) -> str:  # noqa: ANN401 - a table, or true in an older answer
    asked = asked if isinstance(asked, dict) else {}
    pledge = "any pledge" if asked.get("level") == 1 else "a pledge of defense"
    return pledge + (", kept in deeds" if asked.get("behaviour", True) else "")


def _ways(answer: Answer) -> Iterator[Block]:
    pods, base = ranked(answer), answer.get("baseline", {}).get("p_goal")
    scale = top([pod["p_goal"].get("hi") for pod in pods] + ([base.get("hi")] if base else []))
    rows = [_way(rank, pod, scale) for rank, pod in enumerate(pods, 1)]
    if base:
        cell = f"{chance(base)}\n{plot(base, scale)}"
        rows.append((MISSING, "Nothing changes (history)", MISSING, cell, MISSING, "0 bits"))
    yield Heading("Ways there, best first")
    yield Grid(
        (
            Column("#", right=True, firm=True),
            Column("Point of divergence"),
            Column("Year", firm=True),
            Column("Chance (90%)", firm=True, plot=True),
            Column("Without (90%)", firm=True),
            Column("Price", firm=True),
        ),
        tuple(rows),
    )
    yield Prose(
        f"Line: 0 to {percent(scale) if scale < 1 else '100%'}; ● chance, ━ its 90% interval, "
        "○ the same years rolled afresh without the divergence.",
        quiet=True,
    )
    yield Prose(
        f"Chances: {tag(answer, 'p_goal')}. Bits: {tag(answer, 'bits', 'fitted')}; what your "
        "question file states itself is assumed. The chance is given the divergence and does not "
        "contain its price.",
        quiet=True,
    )
    if any(pod.get("outside") for pod in pods):
        yield Prose(
            f"{_OUTSIDE.capitalize()}: earlier or later than the question asks; priced and shown.",
            quiet=True,
        )


def _way(rank: int, pod: dict[str, Any], scale: float) -> tuple[str, ...]:
    base = pod.get("p_base") or {}
    title = pod["title"]
    decided = pod.get("decided")
    if decided is not None and decided != pod.get("year"):
        title += f"\n(decided in {year(decided)})"
    if pod.get("outside"):
        title += f"\n({_OUTSIDE})"
    price = f"{number(pod.get('bits'))} bits\n{one_in(pod.get('one_in'))}"
    if pod.get("stated_bits"):
        price += f"\n({number(pod['stated_bits'])} assumed)"
    if pod.get("penalty_bits"):
        price += f"\n(+{number(pod['penalty_bits'])} outside)"
    return (
        str(rank),
        title,
        year(pod.get("year")),
        f"{chance(pod['p_goal'])}\n{plot(pod['p_goal'], scale, base.get('p'))}",
        chance(base),
        price,
    )


def history(answer: Answer) -> Iterator[Block]:
    """Why history's own chance is what it is."""
    reasons = answer.get("baseline", {}).get("reasons")
    if reasons:
        yield Heading("Why history's own chance is what it is")
        yield Bullets(tuple(reasons))


def advised(answer: Answer) -> Iterator[Block]:
    """What to expect of history if nothing changes."""
    baseline = answer.get("baseline", {})
    rows, left = baseline.get("advised") or [], baseline.get("advised_left_out") or []
    if not rows and not left:
        return
    start = baseline.get("from", "the first year")
    yield Heading(f"What to expect from {start} on if nothing changes: the advised probability")
    if rows:
        yield Grid(
            (
                Column("Asked of the pair"),
                Column("Years", right=True, firm=True),
                Column("Simulated (90%)", firm=True),
                Column("Regularities", right=True, firm=True),
                Column("Advised", right=True, firm=True),
            ),
            tuple(
                (
                    row["text"],
                    str(row["years"]),
                    chance(row),
                    percent(row["p_logistic"]),
                    percent(row["p_advised"]),
                )
                for row in rows
            ),
        )
        until = max(row["learnt_to"] for row in rows)
        yield Prose(
            "Advised: what a forecaster would say who also looks at simple regularities (a "
            "shrunken logistic regression on the record up to then); how much each counts was "
            f"learnt from start years up to {until}. Only for history as it was, never for a "
            "what-if; the goal itself was asked of no earlier year and has none.",
            quiet=True,
        )
        yield Prose(
            "The weights were learnt with models fitted to the past alone; the simulation here has "
            "parameters fitted on the whole record, so it may know more than a forecaster of that "
            f"year did. {_track(rows)}",
            quiet=True,
        )
    if left:
        yield Prose(f"Without advice: {'; '.join(left)}.", quiet=True)


def _track(rows: list[dict[str, Any]]) -> str:
    """On which of the questions advice told more than the simulation alone, in the past."""
    better = [row["track"]["advised"] > row["track"]["sim"] for row in rows]
    verdicts = [
        f"{word} on {listed(dict.fromkeys(row['predicate'] for row in some))}"
        for word, some in (
            ("ahead", [row for row, won in zip(rows, better, strict=True) if won]),
            ("behind", [row for row, won in zip(rows, better, strict=True) if not won]),
        )
        if some
    ]
    return (
        "Beside the simulation alone, on years that neither had seen, advice came out "
        f"{' and '.join(verdicts)}."
    )


def last_words(answer: Answer) -> Iterator[Block]:
    """Limits, sources, provenance."""
    yield Heading("What this cannot tell")
    yield Bullets(tuple(answer.get("limits") or limits(answer)))
    sources = answer.get("sources") or []
    drawn = answer.get("drawn") or ()
    if sources or drawn:
        yield Heading("Sources")
    if len(sources) > _MOST_SOURCES:
        yield Prose(f"The record rests on {len(sources)} works; the answer's data names them all.")
    elif sources:
        yield Bullets(tuple(sources))
    if drawn:
        yield Bullets(tuple(f"The map's borders: {citation}" for citation in drawn))
    yield Heading("Where the numbers come from")
    yield Prose(
        "record: what happened, in our own coding; fitted: estimated from the record; elicited: "
        "ranges from the literature, drawn anew in each run; assumed: stated in the question file.",
        quiet=True,
    )
    yield Prose(provenance_line(answer), quiet=True)


def provenance_line(answer: Answer) -> str:
    """
    What is needed to get the same numbers again, on one line.

    Examples
    --------
    >>> provenance_line({"provenance": {"version": "0.1.0", "seed": 1, "runs": 2000}})
    'allohistory 0.1.0, seed 1, 2,000 runs, elicited effects in.'
    """
    facts = answer.get("provenance", {})
    parts = [f"allohistory {facts.get('version', MISSING)}"]
    parts += [f"{name} {str(facts[name])[:12]}" for name in ("record", "model") if facts.get(name)]
    if facts.get("years_fitted"):
        parts.append(f"fitted on {facts['years_fitted'][0]}-{facts['years_fitted'][1]}")
    if facts.get("seed") is not None:
        parts.append(f"seed {facts['seed']}")
    parts += [f"{facts[key]:,} {word}" for key, word in (("runs", "runs"),
              ("draws", "parameter draws")) if facts.get(key)]  # fmt: skip
    parts.append(f"elicited effects {'in' if facts.get('elicited', True) else 'left out'}")
    if facts.get("without"):
        parts.append(f"without {listed(facts['without'])}")
    return ", ".join(parts) + "."
