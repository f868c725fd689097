"""
The first page: the question as a sentence to fill in, and as a file.

It imports little, and other pages are imported when first opened (`later`): the engine alone takes
most of a second.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from allohistory.question.shelf import bundled
from allohistory.web import kinds
from allohistory.web.page import shown

FIRST = {
    "one": "Japan", "other": "China", "from": "1900", "to": "1999", "years": "20", "horizon": "50",
    "mutual": "on",
}  # fmt: skip
OTHERS = ("views", "browse")
"""Modules of the other pages."""


def later(room: str, name: str) -> Callable[[Request], Awaitable[Response]]:
    """Make a page of a module that is imported when the page is first opened."""

    async def opened(request: Request) -> Response:
        module = await run_in_threadpool(import_module, f"allohistory.web.{room}")
        page: Response = await getattr(module, name)(request)
        return page

    return opened


def warm() -> None:
    """Import and read what the other pages need, so that they open at once."""
    for room in OTHERS:
        import_module(f"allohistory.web.{room}")
    import_module("allohistory.web.compose").ready()


async def ask(request: Request) -> Response:
    """Show the first page, with a question of the package where one is named."""
    if request.query_params.get("question", "") in bundled():
        return await later("views", "bundled")(request)
    return shown(request, "ask.html", **asking("", dict(FIRST), None))


def asking(text: str, given: dict[str, str], checked: object) -> dict[str, object]:
    """What the first page shows: a file's text, what was filled in, and what the file means."""
    return {
        "text": text,
        "said": "",
        "checked": checked,
        "given": {"runs": "", "seed": ""} | given,
        "names": kinds.names(),
        "kinds": kinds.KINDS,
        "bundled": bundled(),
    }
