"""Pages for when something goes wrong: what the hub says of it, in the visitor's language, and a way on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from hub_client import HubMessage, QueryFailed
from hub_client.wire import LEFT_OUT
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from clients.portal.texts import LANGUAGES, preferred
from clients.portal.visitor import Site, Visitor

log = logging.getLogger("hub.portal")

STATUS = {
    "TOKEN_NEEDED": 401,
    "TOKEN_NOT_VALID": 401,
    "NOT_ALLOWED": 403,
    "OUTDATED_CURSOR": 409,
    "TOO_LARGE": 413,
    "INTERNAL_ERROR": 500,
    "ARTEFACT_UNREADABLE": 503,
}
"""The HTTP status of a page by the code of the hub's error; what was not found is 404, every other error 400."""

Handler = Callable[[Request, Exception], Awaitable[Response]]


def on_client_error(site: Site) -> Handler:
    """What the hub refused, or that it did not answer."""

    async def handle(request: Request, error: Exception) -> Response:
        visitor = Visitor.of(site, request, language(request))
        if isinstance(error, QueryFailed):
            # What is merely left out is not why there is no page.
            said = next((one for one in error.errors if one.code not in LEFT_OUT), error.first)
            return await _told(visitor, said, status_of(said.code))
        log.error("the hub did not answer the portal", exc_info=error)
        return await _own(visitor, "unreachable", 502)

    return handle


def on_http_error(site: Site) -> Handler:
    """An address that leads nowhere, or a method that no page has."""

    async def handle(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        visitor = Visitor.of(site, request, language(request))
        return await _own(visitor, "not_found" if status == 404 else "not_possible", status)

    return handle


def on_fault(site: Site) -> Handler:
    """What nobody planned for; the server logs it."""

    async def handle(request: Request, _error: Exception) -> Response:
        return await _own(Visitor.of(site, request, language(request)), "fault", 500)

    return handle


def status_of(code: str) -> int:
    """The HTTP status that fits an error of the hub."""
    return STATUS.get(code) or (404 if code.endswith("_NOT_FOUND") else 400)


def language(request: Request) -> str:
    """The language of the address, else the one the browser asks for."""
    path = request.url.path.removeprefix(str(request.scope.get("root_path", "")))
    first = path.split("/")[1] if "/" in path else ""
    return first if first in LANGUAGES else preferred(request.headers.get("accept-language", ""))


async def _told(visitor: Visitor, said: HubMessage, status: int) -> Response:
    near = [word for word in said.suggestions if word not in said.help]
    return await _show(visitor, status, said.title or said.message, said.detail, said.help, near)


async def _own(visitor: Visitor, key: str, status: int) -> Response:
    title, detail, help = (visitor.words(f"{key}_{part}") for part in ("title", "detail", "help"))
    return await _show(visitor, status, title, detail, help)


async def _show(visitor: Visitor, status: int, title: str, detail: str, help: str, near: Sequence[str] = ()) -> Response:
    """``plain``: the address without its parameters, for when these were the trouble."""
    url = visitor.request.url
    facts = {"title": title, "detail": detail, "help": help, "near": near, "plain": url.path if url.query else ""}
    return await visitor.page("error.html", {**facts, "status": status}, status)
