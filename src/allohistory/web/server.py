"""The workbench on a port of this machine."""

import socket
import threading
from collections.abc import Callable

import uvicorn

from allohistory.errors import QuestionError
from allohistory.web.app import application
from allohistory.web.first import warm

HOST = "127.0.0.1"
SOON = 1.5
"""Seconds in which a browser has the first page."""


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
    # Pages after the first open at once, and the first is not kept waiting for them.
    timer = threading.Timer(SOON, warm)
    timer.daemon = True
    timer.start()
    config = uvicorn.Config(
        application(jobs),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[bound])
