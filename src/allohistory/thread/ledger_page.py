"""A ledger as a page: what counts as what, a table of verdicts, and every row with its reasons."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from allohistory.answer import bbcode
from allohistory.answer.blocks import Block, Bullets, Column, Grid, Heading, Prose
from allohistory.answer.report import asset
from allohistory.answer.report.html import blocks, details, text
from allohistory.answer.wording import listed
from allohistory.thread.evaluate_number import plain, short
from allohistory.thread.evaluate_verdict import VERDICTS

Part = dict[str, Any]


def page(ledger: Part, *, only: Sequence[int] = (), full: bool = True) -> list[Block]:
    """
    Blocks of an evaluated ledger, for terminal, Markdown and whatever writes blocks.

    Parameters
    ----------
    ledger : dict
        Of `evaluate.evaluate`.
    only : sequence of int
        Numbers of the rows to show; all of them without it.
    full : bool
        With what stands behind every row.
    """
    rows = _chosen(ledger, only)
    out: list[Block] = [*_head(ledger), _table(rows)]
    for row in rows:
        out += [Heading(_called(row), 3), *_row(row)]
        if full:
            out += list(_behind(row))
    return [*out, *_foot(ledger)]


def html(ledger: Part) -> str:
    """Write a ledger as HTML without the page around it, every row's evidence to be opened."""
    parts = [blocks([*_head(ledger), _table(ledger["rows"])])]
    for row in ledger["rows"]:
        inner = blocks(_behind(row))
        parts.append(
            f'<section id="claim-{row["n"]}"><h3>{text(_called(row))}</h3>{blocks(_row(row))}'
            f"{details('What stands behind it', inner)}</section>"
        )
    return "\n".join([*parts, blocks(_foot(ledger))])


def alone(ledger: Part) -> str:
    """Write a ledger as one HTML file that asks nothing of any network."""
    style = asset("report.css")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{text(ledger['title'])}</title>",
            f"<style>{style}</style></head><body>",
            '<a class="skip" href="#main">Skip to the ledger</a>',
            '<header class="page"><span class="mark">allo<b>history</b></span></header>',
            f'<main id="main">{html(ledger)}</main></body></html>',
            "",
        ]
    )


def forum(ledger: Part, *, only: Sequence[int] = (), full: bool = False) -> str:
    """
    Write a ledger as BBCode, to be posted in a forum.

    The verdicts stand open; the reasons are folded by poster, in the order of the discussion.

    Parameters
    ----------
    ledger, only, full
        As for `page`.
    """
    rows = _chosen(ledger, only)
    out: list[Block] = [*_head(ledger), Heading("The verdicts"), _tally(rows)]
    for who, said in groupby(rows, key=lambda row: str(row["who"])):
        out.append(Heading(who[:1].upper() + who[1:]))
        for row in said:
            out += [Heading(f"{row['n']}. {row['claim']}", 3), *_row(row)]
            if full:
                out += list(_behind(row))
    return bbcode.write([*out, Heading("How it was computed"), *_foot(ledger)])


def _chosen(ledger: Part, only: Sequence[int]) -> list[Part]:
    return [row for row in ledger["rows"] if not only or row["n"] in only]


def _tally(rows: Sequence[Part]) -> Grid:
    """Verdicts where there is no room for a table: number and claim in one cell."""
    told = (
        (
            f"{row['n']}. {row['claim']}",
            row["verdict"],
            "" if row["number"] is None else _number(row),
        )
        for row in rows
    )
    return Grid((Column("Claim"), Column("Verdict"), Column("Number")), tuple(told))


def _head(ledger: Part) -> list[Block]:
    tally = listed(f"{ledger['counts'][v]} {v}" for v in VERDICTS if ledger["counts"].get(v))
    return [
        Prose(ledger["question"], quiet=True),
        Heading(f"{ledger['title']} What the thread claims, row by row", 1),
        Prose(ledger["headline"]),
        Prose(f"{len(ledger['rows'])} rows: {tally}."),
        Prose(ledger["rules"], quiet=True),
    ]


def _foot(ledger: Part) -> list[Block]:
    how = ledger["provenance"]
    return [
        Prose(
            f"{how['runs']} runs under {how['draws']} parameter draws, seed {how['seed']}, version "
            f"{how['version']}. The interval holds doubt about parameters and sampling; it does "
            "not hold the doubt whether the model is right.",
            quiet=True,
        )
    ]


def _called(row: Part) -> str:
    return f"{row['n']}. {row['who']}: {row['claim']}"


def _number(row: Part) -> str:
    if row["number"] is None:
        return "-"
    low, high = row["interval"]
    value = short(row["number"], row["unit"])
    if low == high:
        return value
    if row["unit"] == "factor":
        value += " times the odds"
    return f"{value}\n({plain(low, row['unit'])} to {plain(high, row['unit'])})"


def _table(rows: Sequence[Part]) -> Grid:
    columns = (
        Column("#", right=True, firm=True),
        Column("Claim"),
        Column("Verdict"),
        Column("Number", right=True),
        Column("Basis"),
    )
    return Grid(
        columns,
        tuple(
            (
                str(row["n"]),
                f"{row['claim']}\n({row['who']})",
                row["verdict"],
                _number(row),
                listed(row["basis"]) or "-",
            )
            for row in rows
        ),
    )


def _row(row: Part) -> Iterator[Block]:
    yield Prose(f"\u201c{row['quote']}\u201d", quiet=True)
    yield Prose(f"{row['verdict'][:1].upper()}{row['verdict'][1:]}. {row['reason']}")


def _behind(row: Part) -> Iterator[Block]:
    lines = [row["reads"], row["luck"], f"Basis: {listed(row['basis']) or 'none'}."]
    yield Prose(" ".join(filter(None, lines)), quiet=True)
    if row["evidence"]:
        yield Bullets(tuple(row["evidence"]))
    if row["sources"]:
        yield Prose(f"Sources: {'; '.join(s.rstrip('.') for s in row['sources'])}.", quiet=True)
    if row["analogues"]:
        yield Prose(
            f"The nearest cases in the record that came to be allied: {listed(row['analogues'])}.",
            quiet=True,
        )
