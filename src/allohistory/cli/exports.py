"""`allohistory export` and `allohistory rerun`: an answer as files, and a card computed again."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from allohistory.cli.options import (
    AsJson,
    Borders,
    Executor,
    Jobs,
    borders_of,
    print_json,
    progress,
    room_for,
    warn,
    whole,
    workers_of,
    world_of,
)

DIFFERS = 1
"""Exit code of a card whose answer is another now."""
LARGEST = 100_000_000
"""Bytes of an answer's file; the largest seen have six million."""


def export(
    answer: Annotated[Path, typer.Argument(help="The answer.json that `ask` keeps.")],
    out: Annotated[Path, typer.Option(help="Folder to write; made where it is missing.")],
    *,
    borders: Borders = None,
    as_json: AsJson = False,
) -> None:
    """Write every figure (SVG, PNG), every table (CSV, Parquet) and the citations (BibTeX)."""
    from allohistory.answer.export import checked, files_of
    from allohistory.errors import QuestionError
    from allohistory.question.text import text_of

    try:
        value = json.loads(text_of(answer, LARGEST))
    except OSError as error:
        raise QuestionError(
            f"the answer cannot be read ({error.strerror})",
            "the answer.json that `ask` keeps",
            answer,
        ) from None
    except (ValueError, RecursionError):
        raise QuestionError("this is no JSON", "the answer.json that `ask` keeps", answer) from None
    left: list[str] = []
    found = checked(value, str(answer))
    features = borders_of(borders, out)
    files = files_of(found, left.append, world_of(features, found, fine=True))
    if not out.exists():
        room_for(out)
        out.mkdir()
    room_for(out / "sources.bib")
    for name, raw in sorted(files.items()):
        whole(out / name, raw)
    for text in left:
        warn(text)
    if as_json:
        print_json({"folder": str(out), "files": sorted(files), "left_out": left})
    else:
        typer.echo(f"{out}: {len(files)} files")


def rerun(
    card: Annotated[Path, typer.Argument(help="A card that `ask --card` wrote.")],
    *,
    jobs: Jobs = 0,
    executor: Executor = "",
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither read nor keep results of earlier runs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compute the answer of a scenario card again; exit code 1 if it is another now."""
    from allohistory.rerun import rerun as run

    with progress() as say:
        found = run(
            card,
            jobs=workers_of(jobs),
            executor=executor,
            cached=not no_cache,
            say=say,
            warn=warn,
        )
    if as_json:
        print_json({key: value for key, value in found.items() if key != "answer"})
    else:
        typer.echo(found["answer"]["headline"])
        if found["same"]:
            typer.echo(f"The same answer, to the byte: {found['now']}.")
        else:
            typer.echo(f"Another answer: {found['now']}, on the card {found['was']}.")
        for name, two in found["differs"].items():
            typer.echo(f"The {name} is another: {two['now']}, on the card {two['was']}.")
        if not found["same"]:
            typer.echo(_why(found))
    if not found["same"]:
        raise typer.Exit(DIFFERS)


def _why(found: dict[str, Any]) -> str:
    """Say how far an answer is another."""
    if found["same_content"]:
        return "Its numbers and words are those of the card all the same."
    if found["differs"] and found["same_content"] is None:
        return "The card does not say whether its numbers and words were these all the same."
    if found["differs"]:
        return "Its numbers or words are others too."
    return (
        "Version, record and model are the card's: what tells of the runs is another, or the card "
        "was altered."
    )


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command(epilog="Example: allohistory export answer.json --out figures")(export)
    app.command(epilog="Example: allohistory rerun scenario.toml")(rerun)
