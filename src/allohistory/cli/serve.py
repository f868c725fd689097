"""The local web workbench."""

from typing import Annotated

import typer

from allohistory.cli.options import Jobs, store_usable, workers_of


def serve(
    *,
    port: Annotated[
        int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)
    ] = 8765,
    jobs: Jobs = 0,
) -> None:
    """Serve the workbench on this machine: ask, watch, read and compare in a browser."""
    from allohistory.errors import QuestionError

    try:
        from allohistory.web.server import serve as start
    except ImportError as error:
        what = f"the workbench needs the library {error.name}"
        raise QuestionError(what, "pip install 'allohistory[web]'") from None

    store_usable()

    def ready(address: str) -> None:
        typer.echo(f"The workbench is at {address} (this machine only). Ctrl-C stops it.")

    start(port, workers_of(jobs), ready)
