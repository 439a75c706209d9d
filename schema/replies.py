"""What the door sends back: the body, the status by the phase that failed, the media type the asker understands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import orjson
from starlette.types import Send

from registry.errors import HubError
from schema import errors

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
STATUS = {"unknown": 400, "parse": 400, "limit": 422, "validate": 422, "variables": 422}
"""Status under ``application/graphql-response+json`` by the phase that failed."""

Pour: TypeAlias = Callable[[Iterator[bytes]], Awaitable[None]]
"""Sends the pieces of a body."""

MOST_HEADERS = 500
"""Spellings of Accept that are kept read."""

_TYPE = {name: (b"content-type", f"{name}; charset=utf-8".encode()) for name in (JSON, GRAPHQL_JSON)}
_VARY = (b"vary", b"Accept, Accept-Language, Authorization")
_NO_STORE = (b"cache-control", b"no-store")
_ASK_AGAIN = (b"cache-control", b"public, no-cache")


@dataclass(slots=True)
class Reply:
    """What is sent back. ``tag``: its entity tag where it may be kept on the way, as long as it is asked about each time.

    ``pieces``: instead of ``body``, what is still to be made.
    """

    body: bytes
    status: int = 200
    tag: str | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    pieces: Iterator[bytes] | None = None

    async def send(self, send: Send, media_type: str, if_none_match: str, pour: Pour) -> None:
        """Send it, or only that it is what the asker has."""
        headers = [_VARY, *self.headers, _NO_STORE if self.tag is None else _ASK_AGAIN]
        status, body, pieces = self.status, self.body, self.pieces
        if self.tag is not None:
            headers.append((b"etag", self.tag.encode()))
        if self.tag is not None and if_none_match and matches(if_none_match, self.tag):
            status, body, pieces = 304, b"", None
        else:
            headers.append(_TYPE[media_type])
            if pieces is None:
                headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if pieces is None:
            await send({"type": "http.response.body", "body": body})
        else:
            await pour(pieces)


def matches(if_none_match: str, tag: str) -> bool:
    """The weak comparison of RFC 9110, 8.8.3.2."""
    opaque = tag.removeprefix("W/")
    return if_none_match.strip() == "*" or any(each.strip().removeprefix("W/") == opaque for each in if_none_match.split(","))


def failed(phase: str, found: list[dict[str, Any]], media_type: str) -> Reply:
    """The reply to a document that cannot be run."""
    return Reply(orjson.dumps({"errors": found}), STATUS[phase] if media_type == GRAPHQL_JSON else 200)


def refusal(error: HubError, lang: str) -> Reply:
    """The reply to a request that cannot be answered at all."""
    headers = {405: (b"allow", b"GET, POST"), 401: (b"www-authenticate", b"Bearer")}
    if error.code == "MUTATION_BY_GET":
        headers[405] = (b"allow", b"POST")
    more = (headers[error.status],) if error.status in headers else ()
    return Reply(orjson.dumps({"errors": [errors.described(error, lang)]}), error.status, headers=more)


@lru_cache(MOST_HEADERS)
def negotiated(accept: str) -> str:
    """The media type of the answer: the newer one only for those who name it, and do not prefer the older one."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(",")[:20]:
        media_type, _, parameters = part.partition(";")
        weights[media_type.strip()] = _weight(parameters)
    newer = weights.get(GRAPHQL_JSON, 0.0)
    return GRAPHQL_JSON if newer > 0 and newer >= weights.get(JSON, 0.0) else JSON


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
