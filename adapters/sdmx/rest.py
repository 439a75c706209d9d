"""The SDMX REST doors: ``/sdmx/v1`` speaks SDMX REST 1.5.0, ``/sdmx/v2`` SDMX REST 2.2.

A request is read, answered and written in a worker thread; the event loop only passes chunks on.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from adapters.sdmx.call import (
    METADATA,
    REGISTRATION,
    Call,
    ViewerOf,
    allowed,
    changes,
    hands_in_data,
    path_of,
    posted,
)
from adapters.sdmx.figures import availability, data
from adapters.sdmx.kept import Kept
from adapters.sdmx.leaving import Reader
from adapters.sdmx.negotiation import is_language, languages
from adapters.sdmx.receiving import Reception
from adapters.sdmx.registering import registrations
from adapters.sdmx.reply import Reply, error_reply, options_reply, response
from adapters.sdmx.reports import metadata
from adapters.sdmx.request import segments
from adapters.sdmx.resources import WORDS
from adapters.sdmx.structural import schema, structures
from adapters.sdmx.submitting import refusal
from adapters.sdmx.telling import telling
from registry.errors import HubError, Invalid, TooLarge, WrongMedia, suggest
from registry.ports import Ports


class _Anything(PathConvertor):
    """The rest of a path whatever it holds: Starlette's own stops at a line break, and its 404 is no SDMX error."""

    regex = r"[\s\S]*"


NOT_ALLOWED = 405
FOR_MAINTENANCE = ("/ws/secure/sdmxapi/rest", f"/ws/secure/sdmx/v2/{METADATA}")
"""Where clients of the Fusion Metadata Registry, such as pysdmx, hand structures and reports in."""

MAKERS = 16
"""Answers made at once, in threads of their own: however long they take, other doors of this process have theirs."""

LARGEST_FORM = 1_000_000
"""Bytes of a question that is posted."""

_AVAILABILITY = {1: "availableconstraint", 2: "availability"}
_FORMS = ("", "application/x-www-form-urlencoded")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Door:
    ports: Ports
    viewer_of: ViewerOf
    major: int
    makers: CapacityLimiter
    reception: Reception
    kept: Kept

    async def answered(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return response(self._options(request), head=False)
        if changes(request, self.major) or hands_in_data(request, self.major):
            return await self.changed(request)
        reader = Reader()
        try:
            form = await _form(request) if posted(request, self.major) else ""
        except HubError as error:
            return response(self._refused(error, request), head=False)
        async with reader.watched(request.receive):
            reply = await anyio.to_thread.run_sync(partial(self._reply, request, reader, form), limiter=self.makers)
        return response(reply, head=request.method == "HEAD")

    def _options(self, request: Request) -> Reply:
        try:
            _known((segments(path_of(request, self.major)) or [""])[0], self.major)
            return options_reply(allowed(request, self.major))
        except HubError as error:
            return self._refused(error, request)

    def _reply(self, request: Request, reader: Reader, form: str) -> Reply:
        """The answer, or the error in SDMX's own form; nothing for a reader who has left."""
        reader.check()
        try:
            return _answer(Call.read(self.ports, self.viewer_of, request, self.major, reader, form, self.kept))
        except HubError as error:
            return self._refused(error, request)
        except ClientDisconnect:
            raise
        except Exception:  # the door must answer in SDMX whatever happened behind it; the log keeps the trace
            _log.exception("SDMX request failed")
            return self._refused(HubError("SDMX_INTERNAL"), request)

    async def changed(self, request: Request) -> Response:
        """What becomes of what is handed in."""
        try:
            take = self.reception.data if hands_in_data(request, self.major) else self.reception.changed
            return response(await take(request, self.major, self.makers), head=False)
        except HubError as error:
            return response(self._not_taken(error, request), head=False)
        except ClientDisconnect:
            raise
        except Exception:  # as with questions
            _log.exception("SDMX submission failed")
            return response(self._not_taken(HubError("SDMX_INTERNAL"), request), head=False)

    def _not_taken(self, error: HubError, request: Request) -> Reply:
        path = path_of(request, self.major)
        if hands_in_data(request, self.major) or segments(path)[:1] == [REGISTRATION]:
            return self._refused(error, request)
        return refusal(error, request, self.major, path)

    def _refused(self, error: HubError, request: Request) -> Reply:
        asked, headers = request.query_params, request.headers
        lang = asked.get("lang", "")
        tags = languages(lang if is_language(lang) else None, headers.get("accept-language", ""))
        how = telling(asked.get("format"), asked.get("formatVersion"), headers.get("accept", ""))
        reply = error_reply(error, self.major, tags, how)
        told = {"Allow": allowed(request, self.major)} if reply.status == NOT_ALLOWED else {}
        return replace(reply, headers={**reply.headers, **told})


def routes(ports: Ports, viewer_of: ViewerOf) -> list[BaseRoute]:
    """The routes of both doors. ``viewer_of`` may raise Unauthenticated; it is called in a worker thread."""
    register_url_convertor("anything", _Anything())
    shared = CapacityLimiter(MAKERS), Reception(ports, viewer_of), Kept()
    registrar = _Door(ports, viewer_of, 2, *shared)
    return [
        *(Route(path, _Endpoint(registrar.changed), methods=["POST"]) for path in FOR_MAINTENANCE),
        *(
            Route(f"/sdmx/v{major}{rest}", _Endpoint(_Door(ports, viewer_of, major, *shared).answered))
            for major in (1, 2)
            for rest in ("", "/{path:anything}")
        ),
    ]


@dataclass(frozen=True)
class _Endpoint:
    """Every method comes here, even one that nobody knows: a wrong one gets an SDMX error too."""

    answer: Callable[[Request], Awaitable[Response]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        await (await self.answer(request))(scope, request.receive, send)


async def _form(request: Request) -> str:
    """The parameters of a question that was posted, as text; :class:`WrongMedia` for what is said to be something else."""
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in _FORMS:
        raise WrongMedia("SDMX_NOT_A_FORM", found=media[:120], form=_FORMS[-1])
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_FORM:
            raise TooLarge("SDMX_FORM_TOO_LARGE", most=LARGEST_FORM)
    return content.decode("utf-8", "replace").strip()


def _answer(call: Call) -> Reply:
    word, rest = call.word, call.parts[1:]
    if word == METADATA:
        return metadata(call)
    if word == REGISTRATION:
        return registrations(call)
    if word == "data":
        return data(call)
    if word == _AVAILABILITY[call.major]:
        return availability(call)
    if word == "schema":
        return schema(call)
    if call.major == 1 and word:
        return structures(call, word, rest)
    if word == "structure":
        return structures(call, (rest[:1] or ["*"])[0], rest[1:])
    raise _no_such_resource(word, call.major)


def _known(word: str, major: int) -> None:
    """:class:`Invalid` SDMX_NO_SUCH_RESOURCE for a word that begins no address of the door."""
    if word not in (REGISTRATION, *_resources(major)) and not (major == 1 and word in WORDS):
        raise _no_such_resource(word, major)


def _resources(major: int) -> list[str]:
    return ["data", _AVAILABILITY[major], "schema", "structure", METADATA]


def _no_such_resource(word: str, major: int) -> Invalid:
    valid = _resources(major)
    return Invalid("SDMX_NO_SUCH_RESOURCE", found=word[:60], near=", ".join(suggest(word, valid) or valid))
