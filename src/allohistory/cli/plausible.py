"""`allohistory plausible`: how far-fetched a timeline is that somebody wrote."""

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
    room_for,
    whole,
    workers_of,
)


def plausible(
    timeline: Annotated[str, typer.Argument(help="A bundled timeline or a path to a .toml file.")],
    *,
    draws: Annotated[
        int, typer.Option(help="Parameter draws the chances are averaged over.", min=2, max=128)
    ] = 40,
    seed: Seed = 1,
    jobs: Jobs = 0,
    executor: Executor = "",
    markdown: Annotated[
        Path | None, typer.Option(help="Also write the result as Markdown.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a timeline: bits of each event, the weakest link, and whether the whole is typical."""
    from rich.console import Console

    from allohistory.answer import scored, terminal
    from allohistory.answer.markdown import write
    from allohistory.search.plausible import plausible as score

    if markdown is not None:
        room_for(markdown)
    with progress() as say:
        result = score(
            timeline,
            draws=draws,
            seed=seed,
            jobs=workers_of(jobs),
            executor=executor,
            say=say,
        )
    if markdown is not None:
        whole(markdown, write(scored.page(result)))
    if as_json:
        print_json(result)
    else:
        terminal.show(scored.page(result), Console())


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: allohistory plausible britain-turns-to-germany --markdown out.md")(
        plausible
    )
