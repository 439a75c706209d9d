"""The door: ``/graphql`` and ``/schema.graphql`` over HTTP.

Source: GraphQL over HTTP (graphql.github.io/graphql-over-http), "Response": under ``application/graphql-response+json`` a
document that cannot be parsed gives 400 and one that is not valid 422; under ``application/json`` both give 200.

What computes runs in a worker thread, so that no question holds up the others. The exception is what is known to be short, on
a database in this very process: there the way to a thread and back costs more than the answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeGuard, TypeVar

import orjson
from graphql import ExecutionResult, OperationType, execute
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from registry.errors import HubError, Unavailable
from registry.passing import by_itself, in_passing, still_wanted, unless_left
from registry.pieces import remembered
from registry.ports import Ports, Role, Viewer
from registry.store import still
from schema import asked, errors
from schema.asked import Asked, WrongMethod
from schema.build import build, sdl
from schema.call import Call
from schema.columnar import Columnar, Unfit
from schema.context import Context, languages
from schema.documents import Document, Documents, Refused
from schema.kept import Answers, Kept, Key, tag_of
from schema.limits import published
from schema.presence import present
from schema.replies import Reply, failed, matches, refusal
from schema.streaming import LARGE, MARK, Streams, gathered, pour
from schema.watching import Record, TooMuchHere, watched

WORKERS = 12
QUICK = 4
"""Threads for what may take long, and for what turned out short so far."""

MOST_WAITING = 300
"""Long questions at once; more are sent away."""

SHORT = 0.005
"""Seconds of this process that others may be held up by one question."""

T = TypeVar("T")
ViewerOf = Callable[[Request], Viewer]


@dataclass(frozen=True)
class Manner:
    """How the door behaves.

    ``trusted``: SHA-256 -> text of the documents known from the start; with ``trusted_only`` the public may use no others.
    ``moment``: inside of what it gives, what is short can be answered by what this process knows, without a thread. ``large``:
    observations from which a list is written while it is sent.
    """

    trusted: Mapping[str, str] = field(default_factory=dict)
    trusted_only: bool = False
    moment: Callable[[], Awaitable[AbstractContextManager[None]]] | None = None
    large: int = LARGE


def routes(ports: Ports, viewer_of: ViewerOf, manner: Manner | None = None) -> list[BaseRoute]:
    """The routes of the door. ``viewer_of`` may raise :class:`registry.errors.Unauthenticated`."""
    schema = build()
    manner = manner or Manner()
    text = sdl(schema)
    trusted = orjson.dumps({f"sha256:{digest}": document for digest, document in manner.trusted.items()})

    async def definition(_request: Request) -> Response:
        return PlainTextResponse(text, headers={"Cache-Control": "max-age=300"})

    async def documents(_request: Request) -> Response:
        return Response(trusted, 200, {"Cache-Control": "max-age=300"}, "application/json")

    return [
        Route("/graphql", Door(ports, viewer_of, schema, manner)),
        Route("/graphql/documents", documents),
        Route("/schema.graphql", definition),
    ]


class Door:
    """An ASGI application that answers GraphQL requests."""

    def __init__(self, ports: Ports, viewer_of: ViewerOf, schema: Any, manner: Manner) -> None:
        self.ports = ports
        self.viewer_of = viewer_of
        self.moment = manner.moment
        self.large = manner.large
        self.edition = f"{ports.service.version} {hashlib.sha256(sdl(schema).encode()).hexdigest()}"
        self.limits = published(ports.service)
        self.schema = schema._schema
        self.executor = schema.execution_context_class
        self.documents = Documents(self.schema, self.limits, manner.trusted, manner.trusted_only)
        self.answers = Answers(ports)
        self.workers = ThreadPoolExecutor(WORKERS, "graphql")
        self.quick = ThreadPoolExecutor(QUICK, "graphql-quick")
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        method = scope["method"]
        accept, spoken = headers.get(b"accept", b""), headers.get(b"accept-language", b"")
        call = Call(
            request=Request(scope, receive),
            receive=receive,
            by_address=method != "POST",
            public=b"authorization" not in headers,
            accept=accept.decode("latin-1"),
            languages=languages(spoken.decode("latin-1")),
            none_match=headers.get(b"if-none-match", b"").decode("latin-1"),
        )
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        try:
            most = await asked.most_bytes(self.limits, headers.get(b"content-length", b""), partial(self._is_known, call))
            call.raw = await asked.raw(method, scope["query_string"], content_type, receive, most)
            call.key = (call.by_address, call.raw, accept, spoken) if call.public else None
            reply = await self.reply(call)
        except HubError as error:
            reply = refusal(error, call.lang)
        if method == "HEAD" and reply.pieces is not None:
            reply.pieces = iter(())
        await reply.send(send, call.media_type, call.none_match, partial(pour, receive, send, self.workers))

    async def _is_known(self, call: Call) -> bool:
        return not call.public and (await self._in(self.quick, self.viewer_of, call.request)).role is not Role.PUBLIC

    async def reply(self, call: Call) -> Reply:
        """Answer here what is short and needs no server, everything else in a thread."""
        reply = None
        if self.moment is not None and call.public:
            with await self.moment():
                reply = self._here(call)
        return reply or await self._in_threads(call)

    def _here(self, call: Call) -> Reply | None:
        """The answer that was kept, or one that takes this process a short while; None for every other."""
        record = Record(in_passing=True)
        try:
            with by_itself(record.long), in_passing(record.long):
                if call.key in self.answers and (kept := self._kept(call)):
                    return kept
                question = call.asked()
                document = self.documents.known(question)
                short = document is not None and document.seconds is not None and document.seconds < SHORT
                return self._answered(call, question, record) if short else None
        except TooMuchHere:
            return None

    async def _in_threads(self, call: Call) -> Reply:
        """What turns out short must not wait behind what is long: it has threads of its own."""
        async with present(call.receive) as left:
            with unless_left(left):
                reply = await self._in(self.quick, self._work, call, Record(in_passing=True))
        return reply or await self._at_length(call)

    async def _at_length(self, call: Call) -> Reply:
        """In a thread that may take long, as long as somebody waits for it."""
        if self.waiting >= MOST_WAITING:
            raise Unavailable("TOO_BUSY", waiting=self.waiting)
        self.waiting += 1
        try:
            async with present(call.receive) as left:
                with unless_left(left):
                    reply = await self._in(self.workers, self._work, call, Record())
        finally:
            self.waiting -= 1
        assert reply is not None
        return reply

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
        # With its context: what a request has noted, its threads have too.
        return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, work, *arguments)

    def _work(self, call: Call, record: Record) -> Reply | None:
        if call.key in self.answers and (kept := self._kept(call)):
            return kept
        try:
            still_wanted()
        except HubError as error:
            return refusal(error, call.lang)
        if not record.in_passing:
            return self._answered(call, None, record)
        with in_passing(record.long):
            return self._answered(call, None, record)

    def _kept(self, call: Call) -> Reply | None:
        """The answer given before, if it would be the same now."""
        kept = self.answers.get(call.key) if call.key else None
        if kept is None or (kept.body is None and not matches(call.none_match, kept.tag)):
            return None
        return Reply(kept.body or b"", tag=kept.tag if call.by_address else None)

    def _answered(self, call: Call, question: Asked | None, record: Record) -> Reply | None:
        """Run the question; None when it turned out too long to be answered in passing."""
        try:
            with still(self.ports.catalogue):
                return self._run(call, question or call.asked(), record)
        except Refused as refused:
            found = [errors.in_document(error, refused.phase, call.lang) for error in refused.errors]
            return failed(refused.phase, found, call.media_type)
        except TooMuchHere:
            return None
        except HubError as error:
            return refusal(error, call.lang)
        except Exception as error:
            return refusal(errors.unforeseen(error), call.lang)

    def _run(self, call: Call, question: Asked, record: Record, lazily: bool = True) -> Reply | None:
        streams = Streams(self.large, lazily)
        started = time.thread_time()
        viewer = self.viewer_of(call.request)
        public = viewer.role is Role.PUBLIC
        document, measured = self.documents.get(question, public)
        if call.by_address and document.operation is not OperationType.QUERY:
            raise WrongMethod("MUTATION_BY_GET")
        if record.in_passing and document.operation is not OperationType.QUERY:
            # What changes something is begun once.
            return None

        record.repeatable = document.operation is OperationType.QUERY

        def fresh() -> Context:
            ports, most = watched(self.ports, record), self.limits["cells"]
            return Context(ports, viewer, call.languages, most, measured.cells_each, streams=streams)

        result = self._execute(document, question, fresh, lambda: record.too_much or record.moved or streams.again)
        if streams.again or (record.moved and not record.in_passing):
            with still(self.ports.catalogue, anew=True):
                return self._run(call, question, Record(), lazily and not streams.again)
        if result is None or record.too_much or record.moved:
            return None
        reply = _completed(result, call)
        reply.pieces = gathered(streams.pieces(reply.body)) if MARK in reply.body else None
        document.took(time.thread_time() - started)
        if public and not result.errors and document.operation is OperationType.QUERY:
            if reply.pieces is None:
                self._keep(call, reply, Kept(reply.body, record.rests_on), record)
            elif call.key is not None and not record.only_once:
                self._keep_in_pieces(call, reply, call.key, record)
        return reply

    def _keep_in_pieces(self, call: Call, reply: Reply, key: Key, record: Record) -> None:
        """For now only what tells whether the answer is still the same; its text once it is made, unless it is too long."""
        assert reply.pieces is not None
        tag = tag_of(key, record.rests_on, self.edition)
        if call.by_address:
            self._keep(call, reply, Kept(None, record.rests_on, tag), record)

        def keep(body: bytes) -> None:
            self.answers.keep(key, Kept(body, record.rests_on, tag))

        reply.pieces = remembered(reply.pieces, self.answers.largest, keep)

    def _keep(self, call: Call, reply: Reply, kept: Kept, record: Record) -> None:
        reply.tag = kept.tag if call.by_address else None
        if call.key is not None and not record.only_once:
            self.answers.keep(call.key, kept)

    def _execute(
        self, document: Document, question: Asked, fresh: Callable[[], Context], given_up: Callable[[], bool]
    ) -> ExecutionResult | None:
        """By the plan where there is one and it can, else by graphql-core; None when it was given up on the way."""
        found = self._planned(document, question, fresh())
        return found or (None if given_up() else self._by_graphql_core(document, question, fresh()))

    def _planned(self, document: Document, question: Asked, context: Context) -> ExecutionResult | None:
        """The answer by the plan; None where there is none, or where it cannot say what graphql-core would."""
        plan = document.plan
        if plan is None or question.operation_name not in (None, plan.name) or not issubclass(self.executor, Columnar):
            return None
        try:
            return ExecutionResult(plan.run(question.variables, context))
        except Unfit:
            # What does not fit once will seldom fit later: not tried twice each time.
            document.plan = None
        except Exception:
            return None
        return None

    def _by_graphql_core(self, document: Document, question: Asked, context: Context) -> ExecutionResult:
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


def _never(_value: object) -> TypeGuard[Any]:
    """Resolvers are plain functions: nothing they return is ever awaited."""
    return False


def _completed(result: ExecutionResult, call: Call) -> Reply:
    if result.data is None and all(error.path is None for error in result.errors or ()):
        found = [errors.in_document(error, "variables", call.lang) for error in result.errors or ()]
        return failed("variables", found, call.media_type)
    if result.errors:
        found = [errors.in_field(error, call.lang) for error in result.errors]
        return Reply(orjson.dumps({"errors": found, "data": result.data}))
    return Reply(orjson.dumps({"data": result.data}))
