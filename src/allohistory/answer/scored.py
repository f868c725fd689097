"""A scored timeline as a page, for terminal and Markdown alike."""

from typing import Any

from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.search.scale import CUTS

Result = dict[str, Any]


def odds(bits: float, *, at_least: bool = False) -> str:
    """
    "1 in N" as a reader says it.

    Examples
    --------
    >>> odds(1.0), odds(10.0), odds(23.0), odds(64.7)
    ('1 in 2', '1 in 1,020', '1 in 8.4 million', '1 in 10^19')
    """
    n = 2.0**bits
    more = "over " if at_least else ""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if n >= 1000 * size:
            return f"1 in {more}10^{round(bits * 0.30103)}"
        if n >= size:
            return f"1 in {more}{n / size:.2g} {word}"
    return f"1 in {more}{float(f'{n:.3g}'):,.0f}" if n >= 10 else f"1 in {more}{n:.2g}"


def cost(step: Result) -> str:
    """Bits with their interval."""
    text = f"{'at least ' if step['at_least'] else ''}{step['bits']:.1f}"
    if step.get("tag") == "assumed":
        return f"{text} assumed"
    high = f"{step['hi']:.1f}" if step["hi"] is not None else "never"
    return f"{text} ({step['lo']:.1f} to {high})"


def page(result: Result) -> list[Block]:
    """
    All that a scored timeline has to say.

    Parameters
    ----------
    result : dict
        Of `search.plausible.plausible`.
    """
    return [
        Heading(result["title"], 1),
        Prose(_headline(result)),
        *_events(result),
        *_typical(result),
        *_limits(result),
    ]


def _headline(result: Result) -> str:
    events, total = result["events"], result["total"]
    if not events:
        return (
            f"{result['first']}-{result['last']}: the timeline lists no event; what it says, it "
            "says by its silence."
        )
    if all(e["tag"] == "assumed" for e in events):
        told = "The file states the chance of every event itself, so the model prices none."
    else:
        told = (
            f"Told step by step from {result['first']} on, its events together cost "
            f"{'at least ' if total['at_least'] else ''}{total['bits']:.1f} bits: "
            f"{odds(total['bits'], at_least=total['at_least'])} that just these come, each given "
            "the ones before."
        )
    if result["stated_bits"]:
        told += f" A further {result['stated_bits']:.1f} bits are assumed by the file."
    weak = events[result["weakest"]]
    mark, words = weak["plausibility"], result["scale"]
    return (
        f'{told} The weakest link is "{weak["title"]}" ({weak["year"]}): '
        f"{odds(weak['bits'], at_least=weak['at_least'])}, {mark} of 5, {words[mark]}."
    )


def _events(result: Result) -> list[Block]:
    if not result["events"]:
        return []
    rows = tuple(
        (
            str(e["year"]),
            ("* " if n == result["weakest"] else "") + e["title"],
            cost(e),
            odds(e["bits"], at_least=e["at_least"]),
            str(e["plausibility"]),
        )
        for n, e in enumerate(result["events"])
    )
    columns = (
        Column("Year", firm=True),
        Column("Event"),
        Column("Bits (90%)", right=True),
        Column("Chance", right=True),
        Column("0-5", right=True, firm=True),
    )
    marks = ", ".join(f"{5 - n} up to {cut:g} bits ({odds(cut)})" for n, cut in enumerate(CUTS))
    said = [sentence for e in result["events"] for sentence in e["says"]]
    return [
        Heading("Its events"),
        Grid(columns, rows),
        Prose(
            f"* the weakest link. 1 bit is a coin's toss, 10 bits are 1 in 1,024. Marks: {marks}, "
            '0 beyond. "never" as upper end: more than one draw in twenty cannot bring it about.',
            quiet=True,
        ),
        Heading("How the model reads them", 3),
        Bullets(tuple(said)),
    ]


def verdict(result: Result) -> str:
    """Whether the whole is typical, in one sentence."""
    t = result["typical"]
    if t["impossible"]:
        n = t["impossible"]
        return (
            f"The model cannot tell this timeline at all: {n} of its events cannot come about "
            "after what comes before (a state that is gone, a war that goes on already)."
        )
    if t["inside"]:
        return (
            "As a whole it is typical: it surprises about as much as timelines do that the model "
            "tells itself."
        )
    if t["z"] > 0:
        return (
            "As a whole it stands out: more happens in it, or stranger things, than in all but "
            "one in forty of the timelines that the model tells itself."
        )
    return (
        "As a whole it is suspiciously smooth: less happens in it than in all but one in forty of "
        "the timelines that the model tells itself."
    )


def _typical(result: Result) -> list[Block]:
    t = result["typical"]
    if t is None:
        return [
            Heading("Is it a typical timeline?"),
            Prose(
                "This cannot be said: none of its events is of a kind that the model foretells. "
                'A line such as complete = ["wars", "treaties"] says what it lists in full.'
            ),
        ]
    kinds = " and ".join((", ".join(result["kinds"][:-1]), result["kinds"][-1])).removeprefix(
        " and "
    )
    claim = (
        f"It claims to list all {kinds}"
        if result["claimed"]
        else "It makes no claim to be complete, so it is taken to list in full the kinds it has, "
        f"{kinds},"
    )
    columns = (
        Column("Kind"),
        Column("Choices", right=True),
        Column("Came", right=True),
        Column("Expected", right=True),
        Column("Bits", right=True),
        Column("Expected bits", right=True),
        Column("z", right=True),
    )
    rows = [
        (
            name,
            f"{part['choices']:,}",
            str(part["happened"]),
            f"{part['expected_happened']:.1f}",
            f"{part['bits']:.0f}",
            f"{part['expected']:.0f}",
            f"{part['z']:+.1f}",
        )
        for name, part in [*t["parts"].items(), ("all", t)]
    ]
    return [
        Heading("Is it a typical timeline?"),
        Prose(verdict(result)),
        Prose(
            f"{claim} among {', '.join(result['states'])} in {result['first']}-{result['last']}: "
            f"{t['choices']:,} choices, of which {t['happened']} came out as something where "
            f"{t['expected_happened']:.1f} were expected. Their surprise is {t['bits']:.0f} bits "
            f"against {t['expected']:.0f} expected, {t['raw']:+.1f} standard deviations "
            f"(z = {t['z']:+.2f} once the lean of such sums is taken out; 95% of the model's own "
            "timelines lie between -1.96 and +1.96)."
        ),
        Grid(columns, tuple(rows)),
    ]


def _limits(result: Result) -> list[Block]:
    return [
        Prose(
            f"Chances are averaged over {result['draws']} parameter draws of the fitted model; "
            "beyond its events the world keeps history's luck. Likely things in great number are "
            "unlikely together: no long timeline is likely, which is why the last test holds it "
            "against what any timeline of its scope would cost.",
            quiet=True,
        )
    ]
