"""Sections of the model card that `check` measures, from its result alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from allohistory.answer import checked, diagram
from allohistory.answer.blocks import Block, Bullets, Column, Grid, Prose
from allohistory.answer.markdown import write
from allohistory.check import bars

Result = dict[str, Any]

SECTION = re.compile(r"(<!-- begin: ([^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)
NAMES = (
    "headline",
    "one step",
    "free runs",
    "system facts",
    "sense tests",
    "reversals",
    "where it loses",
    "reproduce",
)
FULL_NAMES = (
    "full record",
    "full record, questions",
    "full record, free runs",
    "full record, bars",
)
"""Sections of a check on the record of the whole world."""
FOLDER = "figures"
NOT_YET = (
    "Not yet computed: `allohistory check --out` and `scripts/model_card.py --check` fill it in."
)
NOT_YET_FULL = (
    "Not yet computed: `allohistory check --record DIR --out FILE` and "
    "`scripts/model_card.py --full FILE` fill it in.\n"
)


def sections(result: Result | None) -> dict[str, str]:
    """
    Write every section.

    Parameters
    ----------
    result : dict or None
        See `allohistory.check`; None where none is at hand.

    Returns
    -------
    dict
        Markdown by name of section, from the line after its first marker to the one before its
        last.
    """
    return {name: f"\n{_text(name, result)}\n" for name in NAMES}


def _text(name: str, result: Result | None) -> str:
    if result is None or (name in PARTS and not result.get(PARTS[name])):
        return f"{NOT_YET}\n"
    if name == "reproduce":
        return f"{write(_reproduce(result))}\n```bash\n{result['settings']['command']}\n```\n"
    if name != "headline":
        return write(WRITERS[name](result))
    # Pictures are no block.
    shown = "\n".join(
        f"![Reliability of {row['predicate']}]({FOLDER}/{_file(row)})" for row in _drawn(result)
    )
    return write(_headline(result)) + (f"\n{shown}\n" if shown else "")


def _headline(result: Result) -> Iterator[Block]:
    rows = result["hindcast"]
    yield Prose(checked.headline(result))
    yield checked.hindcast(bars.questions(rows))
    yield Prose(
        "Log scores in millinats a question, pooled over cut-offs; a gain above 0 says that the "
        "simulation is better, with its 90% interval over clusters. The advised probability is "
        "the stack; its column is its lead over the shrunken logistic.",
        quiet=True,
    )
    yield checked.verdicts(bars.hindcast_verdicts(rows))
    left_out = checked.skipped(rows)
    if left_out:
        yield Prose(f"Cut-offs left out: {'; '.join(left_out)}.")


def _one_step(result: Result) -> Iterator[Block]:
    rows = bars.pooled(result["one_step"])
    yield checked.one_step(rows)
    missing = checked.unscored(rows)
    if missing:
        yield Prose(f"Bars without a score: {'; '.join(missing)}.")


def _free_run(result: Result) -> Iterator[Block]:
    rows = result["free_run"]
    yield Bullets(tuple(checked.free_run_lines(rows)))
    for name in dict.fromkeys(bars.window(row) for row in rows):
        yield Prose(f"Bands of {name}:")
        yield checked.free_run([row for row in rows if bars.window(row) == name])


def _facts(result: Result) -> Iterator[Block]:
    yield checked.facts(result["facts"])


def _sense(result: Result) -> Iterator[Block]:
    yield Prose(checked.sense_line(result["sense"]))
    grid = checked.sense(result["sense"])
    ids = [row["id"] for row in result["sense"]]
    yield Grid(
        (Column("id"), *grid.columns),
        tuple((id_, *row) for id_, row in zip(ids, grid.rows, strict=True)),
    )


def _reversals(result: Result) -> Iterator[Block]:
    yield Prose(checked.reversals_line(result["reversals"]))
    if result["reversals"]["list"]:
        yield checked.reversals(result["reversals"])


def full_sections(result: Result) -> dict[str, str]:
    """
    Write the sections of a check on a full record, as `sections` does.

    Parameters
    ----------
    result : dict
        See `allohistory.check`; parts it does not have are said to be missing.
    """
    parts: tuple[tuple[str, Callable[[Result], Iterator[Block]]], ...] = (
        ("one_step", _one_step),
        ("hindcast", _questions),
        ("free_run", _free_run),
        ("hindcast", _bars),
    )
    return {
        name: f"\n{write(writer(result)) if result.get(part) else NOT_YET_FULL}\n"
        for name, (part, writer) in zip(FULL_NAMES, parts, strict=True)
    }


def _questions(result: Result) -> Iterator[Block]:
    yield checked.hindcast(bars.questions(result["hindcast"]))
    record = result.get("record") or {}
    if record.get("asked"):
        yield Prose(
            f"Asked of the pairs of {record['asked']} states of the core record, in worlds of "
            f"all {record['states']}."
        )


def _bars(result: Result) -> Iterator[Block]:
    yield checked.verdicts(bars.verdicts(result))


def _losses(result: Result) -> Iterator[Block]:
    won, lost = checked.win_lines(result), checked.loss_lines(result)
    if won:
        yield Prose("Ahead, for comparison:")
        yield Bullets(tuple(won))
    yield Prose("Behind:" if lost else "Behind nothing it was compared with.")
    if lost:
        yield Bullets(tuple(lost))


def _reproduce(result: Result) -> Iterator[Block]:
    record = result["record"]
    yield Prose(
        f"version {result['version']}, seed {result['seed']}, record {record['name']} "
        f"({record['states']} states, {record['first']}-{record['last']}, hash {record['hash']}):"
    )


WRITERS = {
    "one step": _one_step,
    "free runs": _free_run,
    "system facts": _facts,
    "sense tests": _sense,
    "reversals": _reversals,
    "where it loses": _losses,
}
PARTS = {
    "headline": "hindcast",
    "one step": "one_step",
    "free runs": "free_run",
    "system facts": "facts",
    "sense tests": "sense",
    "reversals": "reversals",
}
"""Sections that stand on a single part of the result."""


def figures(result: Result | None) -> dict[str, str]:
    """
    Draw a reliability diagram for every question.

    Returns
    -------
    dict
        SVG by file name.
    """
    return {
        _file(row): diagram.reliability(
            f"{row['predicate']}, {row['horizon']} years",
            _bins(row.get("reliability")),
            _bins(row.get("reliability_stack")),
        )
        for row in _drawn(result or {})
    }


def _drawn(result: Result) -> list[dict[str, Any]]:
    return [row for row in bars.questions(result.get("hindcast")) if row.get("reliability")]


def _file(row: dict[str, Any]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", row["predicate"].lower()).strip("-")
    return f"hindcast-{slug}-{row['horizon']}.svg"


def _bins(rows: list[dict[str, Any]] | None) -> list[diagram.Bin]:
    return [
        diagram.Bin(row["p"], row["frequency"], row["n"])
        for row in rows or []
        if row["n"] and row["frequency"] is not None
    ]


def fill(card: str, written: dict[str, str]) -> str:
    r"""
    Put sections between their markers; what is outside them stays as it is.

    Examples
    --------
    >>> fill("<!-- begin: a -->\nold\n<!-- end -->\n", {"a": "new\n"})
    '<!-- begin: a -->\nnew\n<!-- end -->\n'
    """

    def replaced(found: re.Match[str]) -> str:
        return f"{found[1]}{written[found[2]]}{found[3]}" if found[2] in written else found[0]

    return SECTION.sub(replaced, card)


def marked(card: str) -> dict[str, str]:
    """Text between the markers, by name."""
    return {found[2]: found[0][len(found[1]) : -len(found[3])] for found in SECTION.finditer(card)}
