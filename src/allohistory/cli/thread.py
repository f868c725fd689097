"""`allohistory thread`: the claims ledger of a discussion."""

from pathlib import Path
from typing import Annotated

import typer

from allohistory.cli.options import (
    AsJson,
    Executor,
    Jobs,
    Seed,
    print_json,
    progress,
    resumable,
    room_for,
    warn,
    whole,
    workers_of,
)

PASTED = (".txt", ".html", ".htm")


def drafted(thread: Path, out: Path | None) -> None:
    """Write or print the draft ledger of a pasted or saved thread."""
    from allohistory.thread.draft import draft_file

    if out is not None:
        room_for(out)
    text = draft_file(thread)
    if out is None:
        typer.echo(text, nl=False)
    else:
        whole(out, text)


def thread(
    ledger: Annotated[
        str,
        typer.Argument(
            help="A bundled ledger, a .ledger.toml file, or a thread (.txt, .html) to draft one."
        ),
    ],
    *,
    row: Annotated[
        list[int] | None, typer.Option(help="Only this row (repeatable), with all behind it.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Print what stands behind each row.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where the draft of a thread is written.")
    ] = None,
    search: Annotated[
        bool,
        typer.Option(
            "--search", help="Search too: rows on the best way read what was found (minutes)."
        ),
    ] = False,
    runs: Annotated[
        int | None, typer.Option(help="Fresh runs per point of divergence.", min=8)
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = 0,
    executor: Executor = "",
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither read nor keep results of earlier runs.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(help="Also write the ledger as Markdown.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write the ledger as one HTML page.")
    ] = None,
    bbcode: Annotated[
        Path | None,
        typer.Option(help="Also write the ledger (or the rows of --row) as BBCode, for a forum."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge what a discussion claims: verdict, number, interval and reason, row by row."""
    if Path(ledger).suffix.lower() in PASTED:
        if search or row or markdown or report or bbcode:
            from allohistory.errors import QuestionError

            what = "of a thread only a draft is written, which has no verdicts yet"
            raise QuestionError(what, "`--out mine.ledger.toml`, fill it in, and run that", ledger)
        drafted(Path(ledger), out)
        return
    from rich.console import Console

    from allohistory.answer.markdown import write
    from allohistory.answer.terminal import show
    from allohistory.running import begin, execute
    from allohistory.runs import Settings
    from allohistory.thread.evaluate import evaluate
    from allohistory.thread.ledger import chosen, read_ledger
    from allohistory.thread.ledger_page import alone, forum, page

    for file in (markdown, report, bbcode):
        if file is not None:
            room_for(file)
    read = read_ledger(ledger)
    only = chosen(read, row or [])
    run = begin(read.source, Settings(runs, seed, (), elicited=True, search=search))
    many, cached = workers_of(jobs), not no_cache
    with progress() as say, resumable(run.id):
        answer = execute(run, jobs=many, executor=executor, cached=cached, say=say, warn=warn)
        found = evaluate(
            read, answer, jobs=many, executor=executor, cached=cached, say=say, warn=warn
        )
    if markdown is not None:
        whole(markdown, write(page(found)))
    if report is not None:
        whole(report, alone(found))
    if bbcode is not None:
        whole(bbcode, forum(found, only=only, full=full or bool(only)))
    if as_json:
        print_json(found)
        return
    show(page(found, only=only, full=full or bool(only)), Console())
