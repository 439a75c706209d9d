"""What goes back over HTTP: answers with their validators, and errors as SDMX-ML error messages.

Source: RFC 9110 sections 8.8 and 13 (validators and conditional requests); RFC 9111 (caching).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import chain

from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from adapters.sdmx.faults import verdict
from adapters.sdmx.negotiation import JSON
from adapters.sdmx.speaking import language_of_errors
from adapters.sdmx.telling import Telling
from adapters.sdmx.writing.error import error_message
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonheader import json_error_message
from registry.errors import HubError

VARY = "Accept, Accept-Language, Authorization, Prefer"
CHALLENGES = {401: {"WWW-Authenticate": "Bearer"}}
"""What an answer says of itself by its status (RFC 9110, 11.6.1)."""

PASSING = "private, no-store"
"""How what is seen before its moment travels."""

WHOLE = 256 * 1024
"""Answers of fewer bytes than this are sent in one piece, with their length; more is not held for a slow reader."""


@dataclass(frozen=True)
class Reply:
    """A status, headers and a body: whole, or in chunks still to be made."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] = b""


@dataclass(frozen=True)
class Validators:
    """What tells whether an answer changed. ``tag`` is weak: the message's own time of preparation differs each time.

    ``since``: the whole second from which on there is nothing newer; None while another may come within it, and where time does
    not tell. ``passing``: it may not be kept anywhere, and so is never compared.
    """

    tag: str
    since: datetime | None
    private: bool
    passing: bool = False

    @classmethod
    def of(cls, state: str, since: datetime | None, private: bool, *parts: str) -> Validators:
        """``state`` identifies the release or the registry, ``parts`` the question and the format."""
        digest = hashlib.sha256("\0".join([state, *parts]).encode(errors="surrogatepass")).hexdigest()
        return cls(f'W/"{digest[:32]}"', since, private)

    def at(self, now: datetime) -> Validators:
        """As they may be told now: HTTP knows whole seconds only (RFC 9110, 8.8.2.2)."""
        if self.since is None:
            return self
        whole = self.since.replace(microsecond=0)
        over = whole if whole == self.since else whole + timedelta(seconds=1)
        return replace(self, since=over if over <= now else None)

    def headers(self) -> dict[str, str]:
        if self.passing:
            return {"Vary": VARY, "Cache-Control": PASSING}
        shared = "private, no-cache" if self.private else "public, no-cache"
        dated = {"Last-Modified": format_datetime(self.since.astimezone(UTC), usegmt=True)} if self.since else {}
        return {"ETag": self.tag, "Vary": VARY, "Cache-Control": shared, **dated}

    def met(self, none_match: str | None, modified_since: str | None) -> bool:
        """Whether the client has this answer already."""
        if self.passing:
            return False
        if none_match is not None:
            tags = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
            return "*" in tags or self.tag.removeprefix("W/") in tags
        then = _moment(modified_since) if modified_since is not None else None
        return self.since is not None and then is not None and self.since <= then


def _moment(text: str) -> datetime | None:
    """A date of HTTP in any of its three forms, of which one names no zone, or the date-time that the official OpenAPI has;
    None for anything else, which is as if it had not been said."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def body(chunks: Iterator[bytes]) -> bytes | Iterator[bytes]:
    """Short answers whole, long ones as they come."""
    first, size = list[bytes](), 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk)
        if size >= WHOLE:
            return chain(first, chunks)
    return b"".join(first)


def error_reply(error: HubError, major: int, languages: Sequence[str], telling: Telling) -> Reply:
    """An error as either version of the standard wants it told, in the message that is asked for."""
    status, code = verdict(error, major)
    headers = {"Vary": VARY, "Cache-Control": "no-store"}
    if status == 204:
        return Reply(status, headers)
    told = CHALLENGES.get(status, {})
    if telling.kind == JSON:
        content = json_error_message(Header("HUB", datetime.now(UTC)), code, error, languages, telling.version, telling.message)
    else:
        content = error_message(code, error, languages, telling.version)
    spoken = language_of_errors(languages)
    return Reply(status, {**headers, **told, **spoken, "Content-Type": telling.content_type}, content)


def options_reply(allowed: str) -> Reply:
    """What can be done at an address."""
    return Reply(204, {"Allow": allowed})


def response(reply: Reply, head: bool) -> Response:
    """The reply as Starlette sends it; a HEAD request gets the headers alone."""
    headers = dict(reply.headers)
    if not isinstance(reply.body, bytes):
        # Without a body Starlette would say that its length is nought.
        chunks = iter(()) if head else reply.body
        return StreamingResponse(iterate_in_threadpool(chunks), reply.status, headers)
    if head and reply.body:
        headers["Content-Length"] = str(len(reply.body))
    return Response(None if head else reply.body, reply.status, headers)
