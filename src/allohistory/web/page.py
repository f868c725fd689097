"""Pages from templates."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

TEMPLATES, TOKEN = "templates", "token"


def page(request: Request, name: str, **facts: Any) -> str:  # noqa: ANN401 - what a template needs
    """Text of a page."""
    text: str = request.app.state.environment.get_template(name).render(
        here=request.url.path, **facts
    )
    return text


def shown(request: Request, name: str, **facts: Any) -> HTMLResponse:  # noqa: ANN401
    """A page as a response."""
    return HTMLResponse(page(request, name, **facts))
