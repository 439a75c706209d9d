"""The door: ``/graphql`` and ``/schema.graphql`` over HTTP.

Source: GraphQL over HTTP (graphql.github.io/graphql-over-http), "Response": under ``application/graphql-response+json`` a
document that cannot be parsed gives 400 and one that is not valid 422; under ``application/json`` both give 200.
Everything that computes runs in a worker thread, so that no question holds up the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import orjson
from anyio import CapacityLimiter, to_thread
from graphql import ExecutionResult, OperationType, execute
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from registry.errors import HubError
from registry.ports import Ports, Role, Viewer
from schema import asked, errors
from schema.asked import Asked, WrongMethod
from schema.build import build, sdl
from schema.context import Context, languages, message_language
from schema.documents import Document, Documents, Refused
from schema.limits import published

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
STATUS = {"parse": 400, "limit": 422, "validate": 422, "variables": 422}
"""Status under ``application/graphql-response+json`` by the phase that failed."""

WORKERS = 16

ViewerOf = Callable[[Request], Viewer]


def routes(ports: Ports, viewer_of: ViewerOf) -> list[BaseRoute]:
    """The routes of the door. ``viewer_of`` may raise :class:`registry.errors.Unauthenticated`."""
    schema = build()
    text = sdl(schema)

    async def definition(_request: Request) -> Response:
        return PlainTextResponse(text, headers={"Cache-Control": "max-age=300"})

    return [Route("/graphql", Door(ports, viewer_of, schema)), Route("/schema.graphql", definition)]


@dataclass(frozen=True)
class Reply:
    """What is sent back. ``phase``: what failed before anything was run, None else. ``public``: the same for everybody."""

    payload: dict[str, Any]
    phase: str | None = None
    status: int | None = None
    public: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class Door:
    """An ASGI application that answers GraphQL requests."""

    def __init__(self, ports: Ports, viewer_of: ViewerOf, schema: Any) -> None:
        self.ports = ports
        self.viewer_of = viewer_of
        self.limits = published(ports.service)
        self.schema = schema._schema
        self.executor = schema.execution_context_class
        self.documents = Documents(self.schema, self.limits)
        self.workers = CapacityLimiter(WORKERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        wanted = languages(request.headers.get("accept-language"))
        try:
            question = await asked.read(request, self.limits["bodyBytes"])
        except HubError as error:
            response = self.respond(request, refusal(error, message_language(wanted)))
        else:
            response = await to_thread.run_sync(self.work, request, question, wanted, limiter=self.workers)
        await response(scope, receive, send)

    def work(self, request: Request, question: Asked, wanted: tuple[str, ...]) -> Response:
        """Answer a question, in a worker thread."""
        lang = message_language(wanted)
        try:
            return self.respond(request, self.reply(request, question, wanted))
        except HubError as error:
            return self.respond(request, refusal(error, lang))
        except Exception as error:
            return self.respond(request, refusal(errors.unforeseen(error), lang))

    def reply(self, request: Request, question: Asked, wanted: tuple[str, ...]) -> Reply:
        viewer = self.viewer_of(request)
        lang = message_language(wanted)
        try:
            document = self.documents.get(question.query, question.variables)
        except Refused as refused:
            found = [errors.in_document(error, refused.phase, lang) for error in refused.errors]
            return Reply({"errors": found}, refused.phase)
        if question.by_get and document.operation is not OperationType.QUERY:
            raise WrongMethod("MUTATION_BY_GET")
        context = Context(self.ports, viewer, wanted, self.limits["cells"], document.measured.cells_each)
        return _completed(self.execute(document, question, context), lang, question.by_get and viewer.role is Role.PUBLIC)

    def execute(self, document: Document, question: Asked, context: Context) -> ExecutionResult:
        result = execute(
            self.schema,
            document.node,
            context_value=context,
            variable_values=dict(question.variables),
            operation_name=question.operation_name,
            executor_class=self.executor,
            is_awaitable=_never,
            is_async_iterable=_never,
            operation_extensions={},
        )
        assert isinstance(result, ExecutionResult)
        return result

    def respond(self, request: Request, reply: Reply) -> Response:
        media_type = negotiated(request.headers.get("accept", ""))
        status = reply.status or (STATUS[reply.phase] if reply.phase and media_type == GRAPHQL_JSON else 200)
        body = orjson.dumps(reply.payload)
        headers = {"Vary": "Accept, Accept-Language, Authorization", "Cache-Control": "no-store", **reply.headers}
        if reply.public and status == 200:
            tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
            headers |= {"Cache-Control": "no-cache", "ETag": tag}
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=headers)
        return Response(body, status, headers, f"{media_type}; charset=utf-8")


def _never(_value: object) -> TypeGuard[Any]:
    """Resolvers are plain functions: nothing they return is ever awaited."""
    return False


def _completed(result: ExecutionResult, lang: str, public: bool) -> Reply:
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return Reply({"errors": [errors.in_document(e, "variables", lang) for e in result.errors or ()]}, "variables")
    if result.errors:
        return Reply({"errors": [errors.in_field(error, lang) for error in result.errors], "data": result.data})
    return Reply({"data": result.data}, public=public)


def refusal(error: HubError, lang: str) -> Reply:
    """The reply to a request that cannot be answered at all."""
    headers = {405: {"Allow": "GET, POST"}, 401: {"WWW-Authenticate": "Bearer"}}
    if error.code == "MUTATION_BY_GET":
        headers[405] = {"Allow": "POST"}
    return Reply({"errors": [errors.described(error, lang)]}, status=error.status, headers=headers.get(error.status, {}))


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
