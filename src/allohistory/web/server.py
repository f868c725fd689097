"""The workbench on a port of this machine."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

import uvicorn

from allohistory.errors import QuestionError
from allohistory.web.app import application
from allohistory.web.first import warm
from allohistory.web.processes import turn

HOST = "127.0.0.1"
SOON = 1.5
"""Seconds in which a browser has the first page."""
TURN = 0.3
"""Seconds after which the queue is looked at again."""


def serve(port: int, jobs: int, ready: Callable[[str], object]) -> None:
    """
    Serve until stopped.

    Parameters
    ----------
    port : int
        0 for any that is free.
    jobs : int
        Worker processes of each run.
    ready : callable
        Told the address once it is taken.

    Raises
    ------
    QuestionError
        The port is taken or may not be used.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except (OSError, OverflowError) as error:
        bound.close()
        why = getattr(error, "strerror", None) or str(error)
        raise QuestionError(
            f"port {port} cannot be used ({why})", "--port 0 for any free one"
        ) from None
    bound.listen(128)
    ready(f"http://{HOST}:{bound.getsockname()[1]}/")
    config = uvicorn.Config(
        application(jobs),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
    )
    over = Event()
    Thread(target=_behind, args=(jobs, over), daemon=True).start()
    try:
        uvicorn.Server(config).run(sockets=[bound])
    finally:
        over.set()


def _behind(jobs: int, over: Event) -> None:
    """Keep the queue going; once the first page is there, make ready what the next ones need."""
    waited = 0.0
    while not over.wait(TURN):
        with suppress(OSError):  # a full disk: the page of the run says so, the next turn may do
            turn(jobs)
        before, waited = waited, waited + TURN
        if before < SOON <= waited:
            with suppress(
                Exception
            ):  # the page that needs it says what is wrong; the queue goes on
                warm()
