"""
The application: who may ask, what may be shown, and the pages.

Loopback only: foreign host headers are refused, every form carries the token of this server, and
the content policy lets nothing run but our own files.
"""

import secrets
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from allohistory import __version__
from allohistory.errors import AllohistoryError, UnknownNameError
from allohistory.web.first import ask, later
from allohistory.web.page import TEMPLATES, TOKEN, page

HOSTS = ["127.0.0.1", "localhost", "[::1]"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
MOST = 2 << 20
"""Bytes that a request may carry."""
SAFE = {"GET", "HEAD"}


class Guard:
    """Refuse what is too large, add the headers, and check the token of what changes anything."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def headed(message: Any) -> None:  # noqa: ANN401 - ASGI's own type
            if message["type"] == "http.response.start":
                static = scope["path"].startswith("/static/")
                rows = [h for h in HEADERS if not (static and h[0] == b"cache-control")]
                message["headers"] = [*message.get("headers", []), *rows]
            await send(message)

        if scope["method"] in SAFE:
            await self.app(scope, receive, headed)
            return
        body = await _body(receive)
        if body is None:
            refusal = PlainTextResponse(f"More than {MOST >> 20} MB were sent.", 413)
            await refusal(scope, receive, headed)
            return
        request = Request(scope, _again(body))
        origin = request.headers.get("origin")
        host = request.headers.get("host", "")
        if origin and origin.partition("://")[2] != host:
            await PlainTextResponse("The form comes from another place.", 403)(
                scope, receive, headed
            )
            return
        try:
            form = await request.form(max_fields=200, max_files=1)
            given = str(form.get("token", ""))
        except Exception:  # noqa: BLE001 - whatever is wrong with a body, it is refused
            given = ""
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            said = "The page is older than this server: load it again."
            await PlainTextResponse(said, 403)(scope, receive, headed)
            return
        await self.app(scope, _again(body), headed)


async def _body(receive: Receive) -> bytes | None:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes) -> Receive:
    """Hand a body that was read out once more."""

    async def receive() -> Any:  # noqa: ANN401 - ASGI's own type
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def refused(request: Request, error: Exception) -> Response:
    """One sentence for what cannot be done."""
    status = 404 if isinstance(error, UnknownNameError) else 400
    if request.headers.get("hx-request"):
        return HTMLResponse(page(request, "said.html", said=str(error)), status)
    return HTMLResponse(page(request, "error.html", said=str(error)), status)


async def failed(request: Request, error: Exception) -> Response:
    """A full disk and the like, said plainly."""
    what = getattr(error, "strerror", None) or "Something went wrong"
    return HTMLResponse(page(request, "error.html", said=f"{what}."), 507)


async def missing(request: Request, _: Exception) -> Response:
    """No page of that name."""
    return HTMLResponse(page(request, "error.html", said="There is no such page."), 404)


Handler = Callable[[Request, Exception], Awaitable[Response]]


def application(jobs: int, token: str | None = None) -> Starlette:
    """
    Make the workbench.

    Parameters
    ----------
    jobs : int
        Worker processes of each run.
    token : str, optional
        Secret of the forms; by default a new one.
    """
    token = token or secrets.token_urlsafe(24)
    static = Path(str(files("allohistory.web"))) / "static"
    shared = Path(str(files("allohistory.answer.report"))) / "assets"
    app = Starlette(
        routes=[
            Route("/", ask),
            Route("/ask", later("views", "ask_posted"), methods=["POST"]),
            Route("/file", later("views", "file_posted"), methods=["POST"]),
            Route("/step", later("views", "step_form")),
            Route("/runs", later("views", "every")),
            Route("/runs/{run}", later("views", "run")),
            Route("/runs/{run}/progress", later("views", "progress")),
            Route("/runs/{run}/evidence", later("views", "evidence")),
            Route("/runs/{run}/save/{what}", later("views", "save")),
            Route("/runs/{run}/{act}", later("views", "act"), methods=["POST"]),
            Route("/compare", later("views", "compare")),
            Route("/record", later("browse", "record")),
            Route("/method", later("browse", "method")),
            Mount("/static/shared", StaticFiles(directory=shared)),
            Mount("/static", StaticFiles(directory=static)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS),
            Middleware(Guard, token=token),
        ],
        exception_handlers={AllohistoryError: refused, OSError: failed, 404: missing},
    )
    app.state.jobs = jobs
    app.state.environment = Environment(
        loader=PackageLoader("allohistory.web", TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.state.environment.globals.update({TOKEN: token, "version": __version__})
    return app
