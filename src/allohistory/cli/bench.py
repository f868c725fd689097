"""`allohistory bench`: how fast it is, and how its cost grows."""

import json
from pathlib import Path
from typing import Annotated

import typer

from allohistory.cli.options import AsJson, print_json, progress, room_for, whole


def bench(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what takes minutes, and roll fewer runs.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a larger record, for what the core record is too small for; the model "
            "is fitted on it first."
        ),
    ] = None,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="Also save the JSON in this file.")] = None,
) -> None:
    """Measure speed, memory and how both grow; cpu time, medians, kernels compiled before."""
    from rich.console import Console

    from allohistory.answer import terminal
    from allohistory.bench.measure import run
    from allohistory.bench.page import page

    if out is not None:
        room_for(out)
    with progress() as say:
        result = run(quick=quick, record=record, say=say)
    if out is not None:
        text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False)
        whole(out, text + "\n")
    if as_json:
        print_json(result)
    else:
        terminal.show(page(result), Console())


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: allohistory bench --quick --out bench.json")(bench)
