"""The blocks that look into the best POD."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from allohistory.answer import bonds, searched
from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.wording import (
    MISSING,
    Answer,
    amount,
    best_id,
    chance,
    change,
    given,
    listed,
    number,
    one_in,
    plot,
    points,
    sparkline,
    tag,
    top,
    year,
)
from allohistory.percent import percent

_MOST_CLOSE = 4
SOME = 0.01
"""Chance from which on a percentage says more than one in so many."""
ALLOWED = "not excluded"
_PREDICATES = {
    "independent": "both stay independent",
    "firm": "firm: pledged and kept",
    "lasting": "lasting",
    "closest": "closest among majors",
    ALLOWED: "in no year that the question rules out",
    "goal": "all together",
    "together": "all together",
    "all": "all together",
}
# Each setting of the dial beside the run that has everything but the intervention.
_DIAL = (
    ("0", "", "history's luck kept (kappa 0)"),
    ("1", "placebo 1", "luck redrawn by distance (kappa 1)"),
    ("inf", "placebo inf", "luck redrawn wherever touched (kappa infinite)"),
    ("fresh", "fresh baseline", "all luck fresh after the divergence"),
)


def best_pod(answer: Answer) -> Iterator[Block]:
    """Blocks of the best POD; none where no POD is named best."""
    pod = next((row for row in answer["pods"] if row["id"] == best_id(answer)), None)
    if pod is None:
        return
    yield Heading(f"The best way: {pod['title']} ({year(pod.get('year'))})")
    yield Prose(price(pod))
    yield from steps(answer, pod)
    yield from predicates(answer, pod)
    yield from bonds.told(pod)
    yield from curve(answer, pod)
    yield from yardstick(answer, pod)
    yield from closest(answer, pod)
    yield from spread(answer, pod)
    if pod.get("bounds"):
        yield from searched.bounds(pod["bounds"], pod["title"])
    yield from effects(answer, pod)
    yield from assumptions(pod)


def assumptions(pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of how steps were mapped to modelled choices."""
    if pod.get("assumptions"):
        yield Heading("What it assumes", 3)
        yield Bullets(tuple(f"{text} [assumed]" for text in pod["assumptions"]))


def price(pod: dict[str, Any]) -> str:
    """What a way costs and what it comes to, in a sentence or two."""
    text = (
        f"Given the divergence, the goal is reached in {chance(pod['p_goal'])} of worlds; "
        f"without it in {chance(pod.get('p_base'))}"
    )
    if pod.get("p_placebo"):
        text += f", and with the same luck redrawn but no divergence in {chance(pod['p_placebo'])}"
    text += f". The divergence itself: {number(pod.get('bits'))} bits, {one_in(pod.get('one_in'))}"
    if pod.get("chain") and pod["chain"]["p"] >= SOME:
        text += f", a chance of {chance(pod['chain'])}"
    text += "."
    if given(pod.get("met")):
        text += f" In {percent(pod['met'])} of runs every step could be applied."
    if pod.get("claims"):
        text += f" Claims of the thread it answers: {listed(_spans(pod['claims']))}."
    return text


def _spans(numbers: Iterable[int]) -> Iterator[str]:
    """
    Whole numbers in order, three or more in a row as first and last.

    Examples
    --------
    >>> list(_spans([28, 29, 30, 33, 34]))
    ['28-30', '33', '34']
    """
    row = sorted(numbers)
    for _, group in groupby(enumerate(row), key=lambda one: one[1] - one[0]):
        run = [n for _, n in group]
        yield from [f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run)


def steps(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of the steps and their bits."""
    if not pod.get("steps"):
        return
    yield Heading("Steps and their price", 3)
    usual = tag(answer, "bits", "fitted")
    rows = [
        (str(n), row["text"], number(row.get("bits")), row.get("provenance") or usual)
        for n, row in enumerate(pod["steps"], 1)
    ]
    columns = (
        Column("#", right=True, firm=True),
        Column("Step"),
        Column("Bits", right=True, firm=True),
        Column("Source", firm=True),
    )
    yield Grid(columns, tuple(rows))
    yield Prose("Each price is given the steps before it; bits add up.", quiet=True)


def predicates(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of each part of the goal, alone."""
    found = pod.get("predicates") or {}
    if not found:
        return
    base = answer.get("baseline", {})
    history = base.get("predicates") or {}
    ruled_out = (answer.get("goal") or {}).get("exclude") or []
    rows = [
        (_PREDICATES.get(name, name), chance(p), chance(history.get(name)))
        for name, p in found.items()
        # A question that rules nothing out has nothing to say of it.
        if name != ALLOWED or ruled_out
    ]
    if not {"goal", "together", "all"} & found.keys():
        rows.append(("all together", chance(pod["p_goal"]), chance(base.get("p_goal"))))
    yield Heading("What the alliance is to be, each alone and together", 3)
    columns = (
        Column("Asked"),
        Column("With (90%)", firm=True),
        Column(f"History from {base.get('from', 'the start')} (90%)"),
    )
    yield Grid(columns, tuple(rows))
    if ruled_out and ALLOWED in found:
        yield Prose(f"Ruled out by the question are years with {listed(ruled_out)}.", quiet=True)
    yield Prose(f"Source: {tag(answer, 'predicates')}.", quiet=True)


def curve(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of the chance by year."""
    curve = pod.get("curve") or []
    if not curve:
        return
    scale = top([row.get("hi") for row in curve] + [row.get("base") for row in curve])
    line = sparkline([row.get("p") for row in curve], scale)
    yield Heading("Chance that a firm pact is in force, year by year", 3)
    decades = [
        row for n, row in enumerate(curve)
        if n in {0, len(curve) - 1} or row["year"] % 10 == 0
    ]  # fmt: skip
    columns = (
        Column("Year", firm=True),
        Column("With (90%)", firm=True),
        Column("Without", right=True, firm=True),
        Column(f"0 to {percent(scale) if scale < 1 else '100%'}", firm=True, plot=True),
    )
    yield Grid(
        columns,
        tuple(
            (year(row["year"]), chance(row), percent(row.get("base")),
             plot(row, scale, row.get("base"), width=24))
            for row in decades
        ),
    )  # fmt: skip
    yield Prose(f"{curve[0]['year']} {line} {curve[-1]['year']}")
    when = year(pod.get("year_median"))
    if when != MISSING:
        text = f"Where it forms, it does so in {when} (median)"
        if given(pod.get("life_median")):
            text += f" and lasts {number(pod['life_median'])} years (median, right-censored)"
        yield Prose(f"{text}.")
    if pod.get("survival"):
        after = {row["years"]: f"{row['years']} years" for row in pod["survival"]} | {1: "a year"}
        still = [f"{percent(row['p'])} after {after[row['years']]}" for row in pod["survival"]]
        yield Prose(f"Of the pacts that form, still in force: {listed(still)} (Kaplan-Meier).")
    yield Prose(f"Source: {tag(answer, 'curve')}.", quiet=True)


def yardstick(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of how it stands beside the yardstick."""
    found = pod.get("yardstick")
    if not found:
        return
    yard = answer.get("yardstick", {})
    pair = "-".join(yard.get("pair", ["yardstick"]))
    when = {row["name"]: row.get("year") for row in yard.get("milestones", [])}
    yield Heading(f"Beside {listed(yard.get('pair', ['the yardstick']))}", 3)
    if given(found.get("percentile")):
        place = f"{found['percentile']:.0f} of 100"
        yield Prose(
            f"Median closeness stands at place {place} on the scale on which {pair} from "
            f"{yard.get('from', MISSING)} is measured."
        )
    rows = []
    for row in found.get("milestones", []):
        dated = year(when.get(row["name"]))
        taken = number(row.get("yardstick_years")).removesuffix(".0")
        own = _years(taken) if taken != MISSING else "never"
        rows.append(
            (
                row["name"],
                f"{own} ({dated})" if dated != MISSING else own,
                _years(number(row.get("years")).removesuffix(".0"))
                if given(row.get("years"))
                else "not reached",
                percent(row.get("reached")),
            )
        )
    if rows:
        columns = (
            Column("Milestone"),
            Column(pair),
            Column("Here, median"),
            Column("Reached in", right=True, firm=True),
        )
        yield Grid(columns, tuple(rows))
        yield Prose(f"{pair}: record. Here: {tag(answer, 'yardstick')}, share of runs.", quiet=True)


def _years(many: str) -> str:
    return f"{many} year{'' if many == '1' else 's'}"


def closest(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of whose closest partner each is."""
    found = pod.get("closest") or {}
    if not found:
        return
    base = answer.get("baseline", {}).get("closest") or {}

    def ranking(rows: list[tuple[str, float]]) -> str:
        return ", ".join(f"{name} {percent(p)}" for name, p in rows[:_MOST_CLOSE]) or MISSING

    yield Heading("Whose closest partner among the majors", 3)
    rows = tuple((who, ranking(row), ranking(base.get(who, []))) for who, row in found.items())
    yield Grid((Column("Of", firm=True), Column("With"), Column("History's course")), rows)
    yield Prose(f"Share of runs at the horizon. Source: {tag(answer, 'closest')}.", quiet=True)


def spread(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of what depends on kappa and coupling."""
    spread = pod.get("spread") or {}
    kappa, coupling = spread.get("kappa") or {}, spread.get("coupling") or {}
    rows: list[tuple[str, ...]] = []
    for key, placebo, words in _DIAL:
        if key not in kappa:
            continue
        p, without = kappa[key], kappa.get(placebo)
        known = given(p) and given(without)
        excess = points(p - without) if known else MISSING
        rows.append((words, percent(p), percent(without), excess))
    rows += [(f"{name} coupling", percent(p), MISSING, MISSING) for name, p in coupling.items()]
    if not rows:
        return
    yield Heading("How much depends on what nobody can know", 3)
    columns = (
        Column("Luck"),
        Column("With", right=True, firm=True),
        Column("Without", right=True, firm=True),
        Column("Excess", right=True, firm=True),
    )
    yield Grid(columns, tuple(rows))
    chances = [p for key, p in kappa.items() if key in {row[0] for row in _DIAL} and given(p)]
    chances += [p for p in coupling.values() if given(p)]
    if chances:
        yield Prose(
            f"The spread over these choices is {percent(min(chances))} to {percent(max(chances))}; "
            "it is a range of assumptions and comes on top of the 90% interval. An effect is what "
            "exceeds the run without the divergence." + _few(answer),
            quiet=True,
        )


def _few(answer: Answer) -> str:
    """How many runs stand behind the rows that keep history's luck."""
    many = (answer.get("provenance") or {}).get("replayed_runs")
    return f" The rows that keep history's luck rest on only {many} runs each." if many else ""


def effects(answer: Answer, pod: dict[str, Any]) -> Iterator[Block]:
    """Blocks of what the divergence does at once."""
    if not pod.get("effects"):
        return
    yield Heading("What the divergence does at once", 3)
    yield effects_grid(pod["effects"], placebo=True)
    yield Prose(
        "With and without: fresh twins; the effect is with less without. Placebo: history's luck "
        "redrawn at kappa 1 without the divergence; beyond placebo is what the divergence adds to "
        "that under the same luck, not a difference of columns shown here. Intervals 90%. "
        f"Source: {tag(answer, 'effects')}.",
        quiet=True,
    )


def effects_grid(rows: list[dict[str, Any]], placebo: bool = False) -> Grid:
    """Build the table of quantities in the alternate world and in history's course."""
    columns = [
        Column("What"),
        Column("With", right=True),
        Column("Without", right=True),
        Column("Effect (90%)"),
    ]
    beyond = placebo and any(row.get("beyond_placebo") for row in rows)
    cells = []
    for row in rows:
        unit = row.get("unit") or ""
        line = [row["name"], amount(row.get("alternate"), unit), amount(row.get("baseline"), unit)]
        line.append(change(row, unit))
        if placebo:
            line.append(amount(row.get("placebo"), unit))
        if beyond:
            line.append(change(row.get("beyond_placebo") or {}, unit))
        cells.append(tuple(line))
    if placebo:
        columns.append(Column("Placebo", right=True))
    if beyond:
        columns.append(Column("Beyond placebo"))
    return Grid(tuple(columns), tuple(cells))
