"""The SDMX REST doors: ``/sdmx/v1`` speaks SDMX REST 1.5.0, ``/sdmx/v2`` SDMX REST 2.2.

A request is read, answered and written in a worker thread; the event loop only passes chunks on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.sdmx.answers import ask, data_offers
from adapters.sdmx.artefacts import structure_question
from adapters.sdmx.available import sought
from adapters.sdmx.dataflows import dataflow_1, dataflow_2, provided_by
from adapters.sdmx.leaving import Reader
from adapters.sdmx.negotiation import STRUCTURE, Format, choose, languages, named, with_labels
from adapters.sdmx.packaging import shape_of_components, shape_of_detail
from adapters.sdmx.query import Question, history, order, question_1, question_2, window
from adapters.sdmx.reply import PASSING, VARY, Reply, Validators, body, error_reply, response
from adapters.sdmx.request import Parameters, segments
from adapters.sdmx.resolving import Resolver
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.structures import structure_message
from adapters.sdmx.writing.xml import chunks, gathered
from registry.errors import HubError, Invalid, Unsupported, suggest
from registry.model import Structure
from registry.ports import Ports, Viewer


class _Anything(PathConvertor):
    """The rest of a path whatever it holds: Starlette's own stops at a line break, and its 404 is no SDMX error."""

    regex = r"[\s\S]*"


ViewerOf = Callable[[Request], Viewer]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
"""All of them come here, so that a wrong one gets an SDMX error too."""

MAKERS = 16
"""Answers made at once, in threads of their own: however long they take, other doors of this process have theirs."""

_NOT_OFFERED = ("metadata", "schema", "registration")
_log = logging.getLogger(__name__)


def routes(ports: Ports, viewer_of: ViewerOf) -> list[BaseRoute]:
    """The routes of both doors. ``viewer_of`` may raise Unauthenticated; it is called in a worker thread."""
    register_url_convertor("anything", _Anything())
    found: list[BaseRoute] = []
    makers = CapacityLimiter(MAKERS)
    for major in (1, 2):
        endpoint = _endpoint(ports, viewer_of, major, makers)
        found += [Route(f"/sdmx/v{major}{rest}", endpoint, methods=METHODS) for rest in ("", "/{path:anything}")]
    return found


def _endpoint(ports: Ports, viewer_of: ViewerOf, major: int, makers: CapacityLimiter) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        reader = Reader()
        async with reader.watched(request.receive):
            make = partial(_reply, ports, viewer_of, request, major, reader)
            reply = await anyio.to_thread.run_sync(make, limiter=makers)
        return response(reply, head=request.method == "HEAD")

    return endpoint


def _reply(ports: Ports, viewer_of: ViewerOf, request: Request, major: int, reader: Reader) -> Reply:
    """The answer, or the error in SDMX's own form; nothing for a reader who has left."""
    reader.check()
    tags = languages(None, request.headers.get("accept-language", ""))
    try:
        return Call.read(ports, viewer_of, request, major, reader).reply()
    except HubError as error:
        return error_reply(error, major, tags)
    except ClientDisconnect:
        raise
    except Exception:  # the door must answer in SDMX whatever happened behind it; the log keeps the trace
        _log.exception("SDMX request failed")
        return error_reply(HubError("SDMX_INTERNAL"), major, tags)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, read. ``parts`` are the decoded path segments; ``tags`` the languages wanted, best first."""

    ports: Ports
    viewer: Viewer
    request: Request
    major: int
    parts: list[str]
    parameters: Parameters
    tags: tuple[str, ...]
    wished: tuple[str | None, str | None, str | None]
    reader: Reader

    @classmethod
    def read(cls, ports: Ports, viewer_of: ViewerOf, request: Request, major: int, reader: Reader) -> Call:
        if request.method not in ("GET", "HEAD"):
            raise Invalid("SDMX_METHOD", found=request.method)
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        _, _, rest = raw.decode("utf-8", "replace").partition("?")[0].partition(f"/sdmx/v{major}")
        parameters = Parameters.read(request.scope["query_string"].decode("utf-8", "replace"))
        tags = languages(parameters.take("lang"), request.headers.get("accept-language", ""))
        wished = parameters.take("format"), parameters.take("formatVersion"), parameters.take("labels")
        viewer = viewer_of(request)
        return cls(
            ports=ports,
            viewer=viewer,
            request=request,
            major=major,
            parts=segments(rest.removeprefix("/")),
            parameters=parameters,
            tags=tags,
            wished=wished,
            reader=reader,
        )

    def reply(self) -> Reply:
        word = self.parts[0] if self.parts else ""
        if word in _NOT_OFFERED:
            raise Unsupported("SDMX_NOT_OFFERED", found=word)
        if word == "data":
            return self._data()
        if word == ("availableconstraint" if self.major == 1 else "availability"):
            return self._availability()
        if self.major == 1 and word:
            return self._structures(word, self.parts[1:])
        if word == "structure":
            return self._structures((self.parts[1:2] or ["*"])[0], self.parts[2:])
        valid = ["data", "availableconstraint", "structure"] if self.major == 1 else ["data", "availability", "structure"]
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=word[:60], near=", ".join(suggest(word, valid) or valid))

    def _structures(self, word: str, parts: list[str]) -> Reply:
        wanted = structure_question(word, parts, self.parameters, self.major)
        chosen = self._format((STRUCTURE,))
        catalogue = self.ports.catalogue if wanted.as_of is None else self.ports.catalogue.as_of(wanted.as_of)
        validators = self._validators(str(catalogue.revision), None, chosen)
        if self._met(validators):
            return Reply(304, validators.headers())
        shown = Resolver(catalogue, self.ports.links, self.major).resolve(wanted)
        header = Header(shown[0].artefact.ref.agency, self.ports.clock.now())
        return self._given(chosen, validators, chunks(structure_message(header, shown)), word)

    def _data(self) -> Reply:
        structure, question = self._question()
        dsd, past = structure.dsd, history(self.parameters)
        shape = shape_of_detail(dsd, self.parameters) if self.major == 1 else shape_of_components(dsd, self.parameters)
        changes = past or question.selection.updated_after is not None
        sort = order(dsd, shape, self.parameters.take("sort"), changes) if self.major == 2 else ()
        page = window(self.parameters)
        chosen = self._format(data_offers(dsd, shape, self.major, past))
        found = ask(self.ports, self.viewer, question.of(shape, sort), shape, page, past, self.reader)
        validators = replace(self._validators(*found.known, chosen), passing=question.selection.preview)
        if self._met(validators):
            return Reply(304, validators.headers())
        flow = structure.dataflow.ref
        pieces = found.pieces(found.header(flow.agency, self.ports.clock.now()), chosen, self.tags)
        return self._given(chosen, validators, gathered(pieces), f"{flow.agency}_{flow.id}")

    def _availability(self) -> Reply:
        structure, question = self._question()
        wanted = sought(structure, self._component(), self.parameters, question)
        chosen = self._format((STRUCTURE,))
        found = self.ports.cube.availability(question.selection, self.viewer)
        header = Header(structure.dataflow.ref.agency, self.ports.clock.now())
        constraint, along = wanted.constraint(found), wanted.along(found, self.ports.catalogue)
        message = b"".join(chunks(structure_message(header, along, constraint)))
        headers = {"Content-Type": chosen.content_type, "Vary": VARY}
        headers["Cache-Control"] = PASSING if question.selection.preview else "no-cache"
        return Reply(200, headers, message)

    def _question(self) -> tuple[Structure, Question]:
        catalogue = self.ports.catalogue
        if self.major == 1:
            flow, key, provider = self._path(1, 3, 4)
            structure = catalogue.structure(dataflow_1(catalogue, flow))
            provided_by(structure.dataflow.ref, provider)
            return structure, question_1(structure, key, self.parameters)
        context, agency, id_, version, key = self._path(1, 5, 6)
        found = dataflow_2(catalogue, context or "*", agency or "*", id_ or "*", version or "*")
        structure = catalogue.structure(found)
        return structure, question_2(structure, key, self.parameters)

    def _path(self, start: int, count: int, longest: int) -> list[str]:
        """``count`` segments, empty ones for those left out; an availability question may have one more."""
        most = longest if self.parts[0] != "data" else longest - 1
        if len(self.parts) - 1 > most:
            raise Invalid("SDMX_PATH_TOO_LONG", found=len(self.parts), most=most + 1)
        return (self.parts[start:] + [""] * count)[:count]

    def _component(self) -> str:
        place = 4 if self.major == 1 else 6
        return self.parts[place] if len(self.parts) > place else ""

    def _format(self, offers: tuple[Format, ...]) -> Format:
        """The format for this answer. Called last, when every parameter was taken."""
        self.parameters.finish()
        name, version, labels = self.wished
        if name is not None:
            return named(offers, name, version, labels)
        return with_labels(choose(offers, self.request.headers.get("accept", "")), labels)

    def _validators(self, state: str, since: datetime | None, chosen: Format) -> Validators:
        asked = self.request.scope.get("raw_path", b"").decode("latin-1"), self.request.scope["query_string"].decode("latin-1")
        looks = f"{chosen.full} {chosen.content_type} {sorted(chosen.options.items())} {','.join(self.tags)}"
        who = f"{self.viewer.role} {self.viewer.organisation}"
        revision = str(self.ports.catalogue.revision)
        return Validators.of(state, since, self._private, revision, *asked, looks, who)

    @property
    def _private(self) -> bool:
        return "authorization" in self.request.headers

    def _met(self, validators: Validators) -> bool:
        headers = self.request.headers
        return validators.met(headers.get("if-none-match"), headers.get("if-modified-since"))

    def _given(self, chosen: Format, validators: Validators, pieces: Iterator[bytes], name: str) -> Reply:
        text = chosen.content_type == "text/csv" or (chosen.outlet is not None and chosen.outlet.text)
        content = f"{chosen.content_type}; charset=utf-8" if text else chosen.content_type
        extra = {"Content-Disposition": f'attachment; filename="{name}.{chosen.kind}"'} if chosen.attachment else {}
        return Reply(200, {"Content-Type": content, **validators.headers(), **extra}, body(pieces))
