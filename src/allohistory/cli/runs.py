"""Kept runs: what there is, whether it is whole, and going on with what was stopped."""

from pathlib import Path
from typing import Annotated

import typer

from allohistory.cli.options import (
    AsJson,
    Borders,
    Executor,
    Jobs,
    borders_of,
    print_json,
    progress,
    resumable,
    room_for,
    warn,
    workers_of,
    written,
)

app = typer.Typer(
    no_args_is_help=True,
    help="Kept runs: list, show, resume, verify, remove.",
    epilog="Example: allohistory runs list",
)
WIDEST = 120
"""Characters of a question in the list."""
Id = Annotated[str, typer.Argument(help="A run's id, or its first letters.", metavar="RUN")]


@app.command("list", epilog="Example: allohistory runs list --json")
def list_(*, as_json: AsJson = False) -> None:
    """List the kept runs, the latest first."""
    from allohistory.runs import every

    rows = [
        {
            "id": run.id,
            "state": run.state,
            "began": run.manifest["began"],
            "question": run.manifest["question"],
        }
        for run in every()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(
            f"{row['state']:<10} {row['began'][:16]}  {row['id']}  {_short(row['question'])}"
        )
    if not rows:
        typer.echo("No run is kept yet; allohistory ask makes one.")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}\N{HORIZONTAL ELLIPSIS}"


@app.command(epilog="Example: allohistory runs show sino")
def show(
    run: Id,
    *,
    markdown: Annotated[Path | None, typer.Option(help="Write it as Markdown.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write it as one HTML page.")] = None,
    borders: Borders = None,
    as_json: AsJson = False,
) -> None:
    """Show the answer of a finished run."""
    from rich.console import Console

    from allohistory.answer import terminal
    from allohistory.runs import find

    for file in (markdown, report):
        if file is not None:
            room_for(file)
    features = borders_of(borders, report)
    answer = find(run).answer()
    written(answer, markdown, report, features=features)
    if as_json:
        print_json(answer)
    else:
        terminal.render(answer, Console())


@app.command(epilog="Example: allohistory runs resume sino --jobs 2")
def resume(run: Id, *, jobs: Jobs = 0, executor: Executor = "", as_json: AsJson = False) -> None:
    """Go on with a run that was stopped, or do again what is damaged; same bytes as in one go."""
    from allohistory.running import execute
    from allohistory.runs import find

    found = find(run)
    with progress() as say, resumable(found.id):
        answer = execute(found, jobs=workers_of(jobs), executor=executor, say=say, warn=warn)
    if as_json:
        print_json(answer)
    else:
        typer.echo(answer["headline"])


@app.command(epilog="Example: allohistory runs verify")
def verify(
    run: Annotated[str, typer.Argument(help="A run; without it all are verified.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Compare files with their seals; exit code 1 names what was altered or cut short."""
    from allohistory.runs import damage, every, find, home, tidied, unreadable

    found = [find(run)] if run else list(every())
    broken = [] if run else list(unreadable())
    for name in [r.id for r in found] + [name for name, _ in broken]:
        tidied(home() / name)
    rows = [{"id": r.id, "state": r.state, "damage": damage(r)} for r in found]
    for name, wrong in broken:
        rows.append({"id": name, "state": "unfinished", "damage": wrong})
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            typer.echo(f"{row['id']}: {'; '.join(row['damage']) or row['state']}")
    if any(row["damage"] for row in rows):
        raise typer.Exit(1)


@app.command(epilog="Example: allohistory runs remove sino-japanese-alliance-0123456789ab")
def remove(run: Id) -> None:
    """Remove a run's folder."""
    from allohistory.runs import remove as gone

    typer.echo(f"Removed {gone(run)}.")
