"""What commands share: options, progress, output that is whole or not there."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from allohistory.answer.report.features import Feature
    from allohistory.answer.report.shapes import World

Borders = Annotated[
    Path | None,
    typer.Option(help="Draw the map in borders of the time: your file of CShapes 2.0 (GeoJSON)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON to standard output.")]
Seed = Annotated[
    int,
    typer.Option(
        help="Seed of all luck; the same seed gives the same numbers.", min=0, max=(1 << 63) - 1
    ),
]
Jobs = Annotated[int, typer.Option(help="Worker processes (0: one per core).", min=0)]

Executor = Annotated[
    str,
    typer.Option(
        help="Roll on a Dask cluster instead: dask:tcp://HOST:PORT. Its workers run our code.",
        show_default=False,
    ),
]


PROBE = 1 << 16
"""Bytes written to see whether a folder takes any."""


def workers_of(jobs: int) -> int:
    """Worker processes for what the user asked."""
    return jobs or os.cpu_count() or 1


def room_for(path: Path) -> None:
    """Refuse a file that cannot be written before any work is done for it."""
    from allohistory.errors import QuestionError

    folder = path.parent
    if not folder.is_dir():
        raise QuestionError(f'there is no folder "{folder}"', "a folder that exists", path)
    if path.is_dir():
        raise QuestionError("this is a folder", "the name of a file in it", path)
    if path.exists() and not os.access(path, os.W_OK):
        raise QuestionError("the file cannot be written", "another place", path)
    usable(folder, path)


def usable(folder: Path, said: Path | None = None) -> None:
    """
    Refuse a folder in which no file can be made: read-only, a file, or on a full disk.

    Rights say nothing of a full or read-only disk, and the superuser has all of them: so a file is
    written there and taken away again.
    """
    from allohistory.errors import QuestionError

    part = folder / f".allohistory-{os.getpid()}"
    try:
        try:
            part.write_bytes(bytes(PROBE))
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        what = f"nothing can be written there ({error.strerror or error})"
        raise QuestionError(what, "another place", said or folder) from None


def store_usable() -> None:
    """Refuse a folder of runs that cannot be used, before a run is begun in it."""
    from allohistory.errors import QuestionError
    from allohistory.runs import home

    folder = home()
    # Nothing is made before the question is known to be sound.
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise QuestionError("this is no folder", "another one in $ALLOHISTORY_HOME", folder)
    usable(folder)


def whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def written(
    answer: dict[str, Any],
    markdown: Path | None,
    report: Path | None,
    bbcode: Path | None = None,
    features: "Sequence[Feature]" = (),
) -> None:
    """Write an answer to the files that were asked for; features are borders of the time."""
    from allohistory.answer.bbcode import render as forum
    from allohistory.answer.markdown import render
    from allohistory.answer.report import report as page

    for path, write in ((markdown, render), (bbcode, forum)):
        if path is not None:
            whole(path, write(answer))
    if report is not None:
        whole(report, page(answer, world_of(features, answer)))


def borders_of(file: Path | None, report: Path | None) -> "Sequence[Feature]":
    """Read borders of the time before any work is done for them; none without a file."""
    if file is None:
        return ()
    from allohistory.answer.report.features import features_of
    from allohistory.errors import QuestionError

    if report is None:
        raise QuestionError("--borders are drawn in a report", "--report FILE --borders FILE")
    return features_of(file)


def world_of(
    features: "Sequence[Feature]", answer: dict[str, Any], *, fine: bool = False
) -> "World | None":
    """Draw the map of an answer from borders of the time; None for that of the package."""
    if not features:
        return None
    from allohistory.answer.report.borders import FINE, MOST, borders

    return borders(features, answer, FINE if fine else MOST)


@contextmanager
def resumable(run: str) -> Iterator[None]:
    """Say how a run goes on that was stopped at the keyboard."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"Stopped; allohistory runs resume {run} goes on from here.\n")
        raise


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print JSON to standard output."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    # A full disk is told here, where it can be, and not by Python as it ends.
    sys.stdout.flush()


def warn(text: str) -> None:
    """Say on standard error what does not stop the work."""
    sys.stderr.write(f"Warning: {text}.\n")


def _piped(text: str, *_: object) -> None:
    """Say the one thing that takes minutes before anything is written."""
    if str(text).startswith("compiling"):
        sys.stderr.write(f"{text}.\n".capitalize())
        sys.stderr.flush()


class progress:  # noqa: N801 - used as a function
    """Progress on standard error where it is a terminal; elsewhere only that kernels compile."""

    def __enter__(self) -> Any:  # noqa: ANN401 - a callable
        """Start it; returns what is to be told."""
        if not sys.stderr.isatty():
            return _piped
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.bar.start()
        self.task = self.bar.add_task("starting", total=None)

        def say(text: str, done: int | None = None, total: int | None = None) -> None:
            self.bar.update(self.task, description=text, completed=done, total=total)

        return say

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        if hasattr(self, "bar"):
            self.bar.stop()
