"""What changed between two releases, and series through all their releases, as plain CSV.

GET /dataflows/{agency}/{id}/{version}/changes.csv    ?from= ?to=  releases by id or number, as in GraphQL
GET /dataflows/{agency}/{id}/{version}/revisions.csv  ?asOf=       up to the release of that moment

Both take ``c[DIMENSION]=CODE,CODE``, ``startPeriod``, ``endPeriod``, ``preview=true``, ``labels=both|name|id`` and ``lang``.
The differences are written as they are read: the first row is sent before the last one is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from adapters import notices
from adapters.formats.comparing import change_table, revision_table
from adapters.formats.plain import LABELS, Words
from hub.web import language
from registry.answers import Release
from registry.comparison import only_released, two
from registry.errors import Invalid, NotFound, suggest
from registry.model import Structure
from registry.ports import PUBLIC, Ports, Viewer
from registry.ref import Kind, Ref
from registry.revisions import Triangle
from registry.selection import Selection, select

AT_ONCE = 50
"""Series read through their releases at once."""

SHARED = ("startPeriod", "endPeriod", "preview", "labels", "lang")
OWN: Mapping[str, tuple[str, ...]] = {"changes": ("from", "to"), "revisions": ("asOf",)}


class File(NamedTuple):
    """``rests_on``: what it is made of; ``releases``: what it tells of."""

    rests_on: str
    releases: tuple[Release | None, ...]
    content: Iterator[bytes]


@dataclass(frozen=True)
class Question:
    """A request, read: the address's parameters checked against the structure."""

    ports: Ports
    viewer: Viewer
    structure: Structure
    selection: Selection
    words: Words
    given: Mapping[str, str]

    @property
    def kept_by(self) -> str:
        if self.selection.preview:
            return "private, no-store"
        return "public, no-cache" if self.viewer == PUBLIC else "private, no-cache"


def routes(ports: Ports, viewer_of: Callable[[Request], Viewer]) -> list[BaseRoute]:
    """The routes of both files."""

    def route(kind: str, answer: Callable[[Question], File]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(_sent, kind, answer, request, ports, viewer_of)

        return Route(f"/dataflows/{{agency}}/{{id}}/{{version}}/{kind}.csv", endpoint, methods=["GET"])

    return [route("changes", _changes), route("revisions", _revisions)]


def _sent(
    kind: str,
    answer: Callable[[Question], File],
    request: Request,
    ports: Ports,
    viewer_of: Callable[[Request], Viewer],
) -> Response:
    question = _question(kind, request, ports, viewer_of(request))
    rests_on, releases, content = answer(question)
    tag = _tag(rests_on, str(ports.catalogue.revision), str(request.url.query), "".join(question.words.languages))
    kept = {"Cache-Control": question.kept_by, "Vary": "Accept-Language, Authorization"}
    headers = {**kept, **notices.headers(releases)}
    if not question.selection.preview:
        headers["ETag"] = tag
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    flow = question.structure.dataflow.ref
    headers["Content-Disposition"] = f'attachment; filename="{flow.agency}_{flow.id}_{kind}{notices.of_file(releases)}.csv"'
    # The titles and some rows: what is refused is refused before the first byte is sent.
    first = list(islice(content, 2))
    return StreamingResponse(iterate_in_threadpool(chain(first, content)), 200, headers, "text/csv; charset=utf-8")


def _tag(*parts: str) -> str:
    return f'W/"{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=12).hexdigest()}"'


def _changes(question: Question) -> File:
    ports, viewer, selection = question.ports, question.viewer, only_released(question.selection)
    visible = ports.cube.releases(selection.dataflow, viewer, selection.preview)
    pair = two(visible, question.given.get("from"), question.given.get("to"))
    if pair is None:
        raise NotFound("NOTHING_RELEASED", dataflow=str(selection.dataflow))
    before, now = pair
    found = ports.cube.changes(selection, viewer, before.id if before else None, now.id)
    return File(f"{before.id if before else ''} {now.id}", (before, now), change_table(found, question.words))


def _revisions(question: Question) -> File:
    cube, flow = question.ports.cube, question.selection.dataflow
    newest = cube.releases(flow, question.viewer, question.selection.preview)[:1] if question.selection.preview else []
    return File(cube.standing(flow), tuple(newest), revision_table(_triangles(question), question.words))


def _triangles(question: Question) -> Iterator[Triangle]:
    """All of them, a few at a time and all up to the same release."""
    selection = question.selection
    while found := question.ports.cube.triangles(selection, question.viewer, slice(0, AT_ONCE)):
        yield from found
        last = found[-1]
        newest = last.releases[-1].released_at
        selection = replace(selection, after=(*last.key, last.frequency), as_of=newest)


def _question(kind: str, request: Request, ports: Ports, viewer: Viewer) -> Question:
    given = dict(request.query_params)
    path = request.path_params
    structure = ports.catalogue.structure(Ref.parse("{agency}:{id}({version})".format_map(path), Kind.DATAFLOW))
    chosen = {name[2:-1]: codes.split(",") for name, codes in given.items() if name[:2] == "c[" and name[-1:] == "]"}
    _check(given, (*OWN[kind], *SHARED, *(f"c[{name}]" for name in chosen)))
    selection = select(
        structure,
        chosen,
        start=given.get("startPeriod"),
        end=given.get("endPeriod"),
        as_of=_moment(given.get("asOf")),
        preview=given.get("preview") == "true",
    ).refuse_unknown(structure)
    words = Words(structure, _labels(given.get("labels", LABELS[0])), (language(request),))
    return Question(ports, viewer, structure, selection, words, given)


def _check(given: Mapping[str, str], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            near = suggest(name[:60], known) or known
            raise Invalid("FILE_PARAMETER_UNKNOWN", found=name[:60], near=", ".join(near))


def _labels(wanted: str) -> str:
    if wanted not in LABELS:
        raise Invalid("FILE_LABELS_UNKNOWN", found=wanted[:60], near=", ".join(LABELS))
    return wanted


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("FILE_MOMENT_UNKNOWN", found=text[:60]) from None
