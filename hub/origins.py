"""Web pages from anywhere may read what everybody may read, and hand in what their token allows (the CORS protocol of
fetch.spec.whatwg.org).

A token is a header of its own and no cookie, so a foreign page can only use one that it was given.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ANY = (b"access-control-allow-origin", b"*")
_READABLE = (b"access-control-expose-headers", b"ETag, Hub-Release, SDMX-Lost, Content-Disposition, Location, Allow")
_PREFLIGHT = (
    _ANY,
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"*, Authorization"),
    (b"access-control-max-age", b"600"),
    (b"content-length", b"0"),
)
"""The star does not stand for Authorization."""


class Origins:
    """An ASGI application around another: says to pages of other origins that they may read the answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", ())
        if scope["type"] != "http" or not any(name == b"origin" for name, _ in headers):
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and any(name == b"access-control-request-method" for name, _ in headers):
            await send({"type": "http.response.start", "status": 200, "headers": list(_PREFLIGHT)})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, _opened(send))


def _opened(send: Send) -> Send:
    async def opened(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], _ANY, _READABLE]}
        await send(message)

    return opened
