"""What `check` found, as a page: the headline first, then where the model wins and loses."""

from collections.abc import Iterator, Sequence
from typing import Any

from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.wording import MISSING, listed
from allohistory.check import bars

Result = dict[str, Any]
Row = dict[str, Any]

SHOWN = 12
"""Losses named on a terminal; the card names all."""


def page(result: Result) -> Iterator[Block]:
    """
    Lay out what was found.

    Parameters
    ----------
    result : dict
        See `allohistory.check`; parts that were not asked for are left out.

    Yields
    ------
    Block
    """
    yield Heading(headline(result), 1)
    yield Prose(_made(result), quiet=True)
    if result.get("hindcast"):
        yield Heading("Questions asked of the past")
        yield hindcast(bars.questions(result["hindcast"]), brief=True)
        yield Prose(
            "Millinats a question by which the simulation's log score is better, with 90% "
            "intervals; the last but one is the advised probability's lead over the logistic.",
            quiet=True,
        )
        yield verdicts(bars.hindcast_verdicts(result["hindcast"]))
    if result.get("one_step"):
        yield Heading("One step ahead")
        yield one_step(bars.pooled(result["one_step"]), brief=True)
    if result.get("free_run"):
        yield Heading("Free runs")
        yield Bullets(tuple(free_run_lines(result["free_run"])))
    if result.get("facts"):
        yield Heading("System facts")
        yield facts(result["facts"])
    if result.get("sense"):
        yield Heading("Sense tests")
        failed = [row for row in result["sense"] if not row["holds"]]
        yield Prose(sense_line(result["sense"]))
        if failed:
            yield sense(failed)
    if result.get("reversals"):
        yield Heading("Reversals of history")
        yield Prose(reversals_line(result["reversals"]))
    yield from _compared(result)


def _made(result: Result) -> str:
    record, seconds = result["record"], sum(result["seconds"].values())
    return (
        f"{result['settings']['command']} (version {result['version']}, record "
        f'"{record["name"]}", {record["states"]} states, {record["first"]}-{record["last"]}; '
        f"{seconds:,.0f} s)"
    )


def headline(result: Result) -> str:
    """Say in one sentence how far the model may be believed."""
    clauses = []
    ahead = bars.tallies(result)
    if ahead["hindcast"]:
        clauses.append(_beaten(ahead["hindcast"], " questions asked of the past"))
    if ahead["one step"]:
        clauses.append(_beaten(ahead["one step"], " one-step scores"))
    unseen = [row for row in result.get("facts") or [] if row.get("sample") != "in"]
    inside, of = bars.covered([*(result.get("free_run") or []), *unseen])
    if of:
        clauses.append(f"covers {inside} of {of} of the record's figures with its 90% bands")
    said = [f"Out of sample the model {'; it '.join(clauses)}"] if clauses else []
    if result.get("sense"):
        said.append(sense_line(result["sense"]).rstrip("."))
    return f"{'; '.join(said) or 'Nothing was checked'}."


def _beaten(tally: dict[str, tuple[int, int]], what: str) -> str:
    """Name each comparator and how often it is beaten; the total stands where it changes."""
    parts: list[str] = []
    last = 0
    for name, (won, of) in tally.items():
        total = "" if of == last else f" of {of}{what if not parts else ''}"
        parts.append(f"{_the(name)} in {won}{total}")
        last = of
    return f"beats {listed(parts)}"


def _the(name: str) -> str:
    if name in {"persistence", "boosting", "boosted"}:
        return "boosting" if name == "boosted" else name
    return (
        f"a {name}"
        if name in {"shrunken logistic", "frozen hazard", "dyadic logit"}
        else f"the {name}"
    )


def hindcast(rows: Sequence[Row], *, brief: bool = False) -> Grid:
    """Lay out the question hindcast; `brief` fits a terminal."""
    head = [Column("question", firm=True), Column("years", right=True), Column("n", right=True)]
    head += [Column(name, right=True) for name in (("events",) if brief else ("events", "groups"))]
    keys = ("base_rate", "logistic", "boosted") if brief else tuple(bars.COMPARATORS)
    head += [] if brief else [Column("log score", right=True)]
    head += [Column(f"over {bars.COMPARATORS[key]}", right=True) for key in keys]
    head += [Column("advised over logistic", right=True), Column("slope", right=True)]
    body = []
    for row in rows:
        cells = [row["predicate"], str(row["horizon"]), f"{row['n']:,}", f"{row['events']:,}"]
        if not brief:
            cells += [f"{row['clusters']:,}", f"{1000 * row['log_score']:.1f}"]
        cells += [_gain(bars.lead(row, key), bars.interval(row, key)) for key in keys]
        cells.append(_gain(bars.lead(row, "logistic", "stack"), bars.interval(row, "stack")))
        body.append((*cells, figure(row.get("slope"))))
    return Grid(tuple(head), tuple(body))


def _gain(gain: float | None, wide: tuple[float, float] | None) -> str:
    """Millinats with their interval."""
    if gain is None:
        return MISSING
    text = f"{1000 * gain:+.1f}"
    return text if wide is None else f"{text} ({1000 * wide[0]:+.1f} to {1000 * wide[1]:+.1f})"


def figure(value: float | None) -> str:
    """
    Write a number with three digits that count.

    Examples
    --------
    >>> figure(0.93124), figure(12.345), figure(1234.5), figure(None), figure(-0.0)
    ('0.931', '12.3', '1,234', '-', '0')
    """
    if value is None:
        return MISSING
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value + 0.0:.3g}"


def verdicts(found: Sequence[bars.Verdict]) -> Grid:
    """Lay out the hindcast's bars."""
    rows = [(v.what, v.found, v.bar, v.word) for v in found]
    head = (Column("bar"), Column("found", right=True), Column("asked", right=True))
    return Grid((*head, Column("verdict")), tuple(rows))


def one_step(rows: Sequence[Row], *, brief: bool = False) -> Grid:
    """Lay out one-step scores with their comparators and bars; `brief` fits a terminal."""
    names = dict.fromkeys(name for row in rows for name in row.get("comparators") or {})
    head = [Column("mechanism", firm=brief)] + ([] if brief else [Column("n", right=True)])
    head += [Column("events", right=True), Column("metric"), Column("model", right=True)]
    head += [Column(name.replace("_", " "), right=True) for name in names]
    head += [] if brief else [Column("bar", right=True)]
    body = []
    for row in rows:
        bar, value = bars.bar_of(row), row["value"]
        verdict, asked = MISSING, bar.words if bar else MISSING
        if bar:
            verdict = bars.word(reached=None if value is None else bar.reached(value))
            verdict += f" ({asked})" if brief else ""
        cells = [row["mechanism"], *([] if brief else [f"{row['n']:,}"]), f"{row['events']:,}"]
        cells += [row["metric"], figure(value)]
        cells += [figure((row.get("comparators") or {}).get(name)) for name in names]
        body.append((*cells, *([] if brief else [asked]), verdict))
    return Grid((*head, Column("verdict (bar)" if brief else "verdict")), tuple(body))


def skipped(rows: Sequence[Row]) -> list[str]:
    """Cut-offs from which nothing could be asked, and why."""
    return [f"{row['cutoff']} ({row['reason']})" for row in rows if row["predicate"] == "skipped"]


def unscored(rows: Sequence[Row]) -> list[str]:
    """Bars to which no score belongs."""
    given = {bar for row in rows if (bar := bars.bar_of(row))}
    return [f"{bar.mechanism}, {bar.metric}" for bar in bars.BARS if bar not in given]


def free_run_lines(rows: Sequence[Row]) -> list[str]:
    """Say for each window how much lies inside, and what does not."""
    out = []
    for name in dict.fromkeys(bars.window(row) for row in rows):
        mine = [row for row in rows if bars.window(row) == name]
        inside, of = bars.covered(mine)
        missed = [f"{row['statistic']} ({place(row)})" for row in mine if row["inside"] is False]
        reached = bars.word(reached=inside >= bars.COVERED * of if of else None)
        text = (
            f"{name}: {inside} of {of} of the record's figures inside the 90% bands "
            f"(bar {bars.COVERED:.0%}: {reached})"
        )
        out.append(f"{text}; outside: {'; '.join(missed)}." if missed else f"{text}.")
    return out


def place(row: Row) -> str:
    """Say where the record lies: inside the band, below or above it."""
    if row.get("inside") is None or row.get("record") is None:
        return MISSING
    if row["inside"]:
        return "inside"
    low = row.get("lo")
    return "below" if low is not None and row["record"] < low else "above"


def free_run(rows: Sequence[Row]) -> Grid:
    """Lay out a window's bands."""
    names = ("record", "median", "90% of runs", "CRPS", "bootstrap's CRPS")
    head = (Column("statistic"), *(Column(name, right=True) for name in names))
    body = [
        (
            row["statistic"],
            figure(row["record"]),
            figure(row["median"]),
            f"{figure(row['lo'])} to {figure(row['hi'])}",
            figure(row.get("crps")),
            figure(row.get("crps_bootstrap")),
            place(row),
        )
        for row in rows
    ]
    return Grid((*head, Column("the record lies")), tuple(body))


def facts(rows: Sequence[Row]) -> Grid:
    """Lay out the system facts."""
    names = ("record", "median", "90% of runs")
    head = (Column("fact"), Column("years fitted"), *(Column(name, right=True) for name in names))
    body = [
        (
            row["fact"],
            "all of them" if row.get("sample") == "in" else "earlier ones",
            figure(row["record"]),
            figure(row["median"]),
            f"{figure(row['lo'])} to {figure(row['hi'])}",
            place(row),
        )
        for row in rows
    ]
    return Grid((*head, Column("the record lies")), tuple(body))


def reversals_line(found: Row) -> str:
    """Say how often enemies of a war were allied within twenty years of its end."""
    if not found["of"]:
        return "No war of the record ended early enough to be followed for twenty years."
    low, high = (MISSING if found[end] is None else f"{found[end]:.0%}" for end in ("lo", "hi"))
    return (
        f"{found['n']} of {found['of']} pairs of enemies ({found['share']:.0%}, 90% interval over "
        f"wars {low} to {high}) shared a defense pact within twenty years of their war."
    )


def reversals(found: Row) -> Grid:
    """Lay out the pairs that reversed, war by war."""
    wars: dict[str, list[str]] = {}
    for one in found["list"]:
        pair = f"{one['names'][0]} and {one['names'][1]} ({one['years']})"
        wars.setdefault(one["title"], []).append(pair)
    head = (Column("war"), Column("allied after so many years"))
    return Grid(head, tuple((war, ", ".join(pairs)) for war, pairs in wars.items()))


def sense_line(rows: Sequence[Row]) -> str:
    """Say how many sense tests hold, those added after the first run apart."""
    asked = [row for row in rows if row["holds"] is not None]
    first = [row["holds"] for row in asked if not row.get("added")]
    later = [row["holds"] for row in asked if row.get("added")]
    said = f"{sum(first)} of {len(first)} sense tests hold"
    if later:
        said += f", and {sum(later)} of {len(later)} that were added after the first run"
    if len(asked) < len(rows):
        said += f"; {len(rows) - len(asked)} cannot be asked of this record"
    return f"{said}."


def sense(rows: Sequence[Row]) -> Grid:
    """Lay out sense tests."""
    head = (
        Column("test"),
        Column("expected"),
        Column("effect", right=True),
        Column("90%", right=True),
        Column("holds"),
    )
    body = [
        (
            row["title"] + (" (added later)" if row.get("added") else ""),
            row["expected"],
            figure(row["effect"]),
            "-" if row["holds"] is None else f"{figure(row['lo'])} to {figure(row['hi'])}",
            _held(row),
        )
        for row in rows
    ]
    return Grid(head, tuple(body))


def _held(row: Row) -> str:
    """Whether a sense test holds, and in which mode it does not."""
    if row["holds"] is None:
        return str(row["reason"])
    if row["holds"]:
        return "yes"
    up = row["expected"] == "up"
    modes = row.get("modes") or {}
    failed = [name for name, m in modes.items() if not (m["lo"] > 0 if up else m["hi"] < 0)]
    return f"no ({', '.join(failed)})" if failed else "no"


def _compared(result: Result) -> Iterator[Block]:
    won = win_lines(result)
    if not won:
        return
    yield Heading("Where it wins")
    yield Bullets(tuple(won))
    yield Heading("Where it loses")
    lost = loss_lines(result)
    more = [f"and {len(lost) - SHOWN} more (--json names them)"] if len(lost) > SHOWN else []
    yield Bullets((*lost[:SHOWN], *more) or ("nowhere",))


def win_lines(result: Result) -> list[str]:
    """Say of how many scores the model's is the better one, comparator by comparator."""
    return [
        f"{part}: ahead of "
        + listed([f"{_the(name)} in {won} of {of}" for name, (won, of) in tally.items()])
        for part, tally in bars.tallies(result).items()
        if tally
    ]


def loss_lines(result: Result) -> list[str]:
    """Name everything that does better than the model."""
    out = []
    for loss in bars.losses(result):
        if loss.part == "hindcast":
            by = f"{1000 * (loss.theirs - loss.mine):.1f} millinats behind {_the(loss.other)}"
        else:
            by = f"{figure(loss.mine)} against {figure(loss.theirs)} of {_the(loss.other)}"
        sure = {True: ", surely", False: ", perhaps by luck", None: ""}[loss.sure]
        out.append(f"{loss.part}: {loss.what}: {by}{sure}")
    return out
