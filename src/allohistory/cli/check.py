"""`allohistory check`: how far a number may be believed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from allohistory.cli.options import (
    AsJson,
    Jobs,
    Seed,
    print_json,
    progress,
    room_for,
    whole,
    workers_of,
)


def check(
    *,
    cutoff: Annotated[
        list[int] | None,
        typer.Option(help="Last year the model knows (repeatable; default: several)."),
    ] = None,
    horizon: Annotated[
        int | None, typer.Option(help="Years that one-step scores look at beyond a cut-off.", min=1)
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            help="Folder of another record (default: the core record; its states are asked about)."
        ),
    ] = None,
    mechanism: Annotated[
        str | None,
        typer.Option(help="Only the one-step scores of this mechanism; a miss lists the nearest."),
    ] = None,
    sense: Annotated[
        bool, typer.Option("--sense", help="Only the directions every historian expects.")
    ] = False,
    runs: Annotated[
        int | None,
        typer.Option(help="Runs of each window, cut-off, and draw of a sense test.", min=1),
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = 0,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="Also save the JSON in this file.")] = None,
) -> None:
    """Score the model on years it has not seen: choices, free runs, questions, sense tests."""
    from rich.console import Console

    from allohistory.answer import checked, terminal
    from allohistory.check.everything import run

    if out is not None:
        room_for(out)
    with progress() as say:
        result = run(
            cutoffs=cutoff,
            horizon=horizon,
            record=record,
            mechanism=mechanism,
            sense=sense,
            runs=runs,
            seed=seed,
            jobs=workers_of(jobs),
            say=say,
        )
    if out is not None:
        text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False)
        whole(out, text + "\n")
    if as_json:
        print_json(result)
    else:
        terminal.show(checked.page(result), Console())


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: allohistory check --cutoff 1930 --horizon 20 --out check.json")(
        check
    )
