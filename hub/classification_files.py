"""Classification versions and correspondences as files, for everybody; the command line writes the same.

GET /codelists/{agency}/{id}/{version}/codes.{csv|yml|xlsx|jsonld}
GET /correspondences/{agency}/{id}/{version}/links.{csv|yml|xlsx|jsonld}
GET /codelists/{agency}/{id}/{version}/to/{agency}/{id}/{version}/links.{csv|yml|xlsx|jsonld}

The last is the way from one list to another: a stored correspondence, one turned round, or several in a chain. The version may
be any that SDMX writes (``1.0``, ``1+.0``, ``latest``). The CSV and the YAML together are our own layout, and so is the
workbook alone: what comes out goes in again. A file stays the same as long as the registry does: ``ETag`` and 304 say so.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.classifications.writing import Wish, format_of
from registry.classification import families, family
from registry.correspondence import derived
from registry.errors import TooLarge
from registry.model import Codelist, RepresentationMap
from registry.ports import Catalogue
from registry.ref import Kind, Ref

KINDS = {"codelists": (Kind.CODELIST, "codes"), "correspondences": (Kind.REPRESENTATION_MAP, "links")}

_LIST = "/codelists/{agency}/{id}/{version}"

LONGEST = 100_000
"""Codes of a list that is made a file: a longer one takes SDMX, which is written while it is read."""

MOST_BYTES = 64 << 20
"""Bytes of files that are kept, those asked for last."""


@dataclass
class _Kept:
    """The files made last. One is made at a time, so that many who ask for the same long list do not make it many times."""

    files: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, tag: str, make: Callable[[], bytes]) -> bytes:
        with self.lock:
            found = self.files.pop(tag, None)
            self.files[tag] = made = make() if found is None else found
            while len(self.files) > 1 and sum(map(len, self.files.values())) > MOST_BYTES:
                self.files.popitem(last=False)
            return made


def routes(catalogue: Catalogue) -> list[BaseRoute]:
    """The routes of both sorts of files."""
    kept = _Kept()

    def route(folder: str, kind: Kind, name: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(_answer, request, catalogue, kind, kept)

        return Route(f"/{folder}/{{agency}}/{{id}}/{{version}}/{name}.{{ending}}", endpoint, methods=["GET"])

    async def way(request: Request) -> Response:
        return await run_in_threadpool(_way, request, catalogue, kept)

    composed = Route(_LIST + "/to/{to_agency}/{to_id}/{to_version}/links.{ending}", way, methods=["GET"])
    return [*(route(folder, kind, name) for folder, (kind, name) in KINDS.items()), composed]


def wish_of(catalogue: Catalogue, ref: Ref) -> Wish:
    """What is to be written of a codelist or a correspondence: itself, and the version before it.

    :class:`registry.errors.NotFound` ARTEFACT_NOT_FOUND, :class:`TooLarge` EXPORT_TOO_LONG.
    """
    exact = catalogue.exact(ref)
    if exact.kind is Kind.CODELIST and (length := len(catalogue.outline(exact))) > LONGEST:
        raise TooLarge("EXPORT_TOO_LONG", ref=str(exact), found=length, most=LONGEST)
    made = catalogue.get(exact)
    assert isinstance(made, Codelist | RepresentationMap)
    return Wish(made, _before(catalogue, made) if isinstance(made, Codelist) else None)


def way_of(catalogue: Catalogue, start: Ref, end: Ref) -> Wish:
    """The correspondence from one codelist to another, as it is stored if it is; a variant that groups codes becomes one.

    :class:`registry.errors.NotFound` CORRESPONDENCE_NOT_FOUND.
    """
    found = catalogue.correspondence(start, end)
    stored = found.ref.kind is Kind.REPRESENTATION_MAP
    if stored and found.steps == ((found.ref, False),):
        return wish_of(catalogue, found.ref)
    return Wish(found.map if stored else replace(found, ref=derived(start, end)).map)


def file_stem(ref: Ref) -> str:
    """What files of an artefact are called, without their endings."""
    return f"{ref.agency}_{ref.id}_{ref.version}"


def _before(catalogue: Catalogue, made: Codelist) -> Ref | None:
    """The version of the same classification before this one; none where it may be one that has lost its names."""
    every = catalogue.find(Kind.CODELIST, made.ref.agency)
    found = catalogue.stubs(every)
    refs = [one.ref for one in families(found)[made.ref.agency, family(made)]]
    if len(found) < len(every):
        return None
    place = refs.index(made.ref)
    return refs[place - 1] if place else None


def _answer(request: Request, catalogue: Catalogue, kind: Kind, kept: _Kept) -> Response:
    ref = catalogue.exact(_named(request, kind))
    return _sent(request, catalogue, kept, (ref,), lambda: wish_of(catalogue, ref))


def _way(request: Request, catalogue: Catalogue, kept: _Kept) -> Response:
    ends = [catalogue.exact(_named(request, Kind.CODELIST, prefix)) for prefix in ("", "to_")]
    return _sent(request, catalogue, kept, ends, lambda: way_of(catalogue, *ends))


def _named(request: Request, kind: Kind, prefix: str = "") -> Ref:
    agency, id, version = (request.path_params[f"{prefix}{part}"] for part in ("agency", "id", "version"))
    return Ref.parse(f"{agency}:{id}({version})", kind)


def _sent(request: Request, catalogue: Catalogue, kept: _Kept, refs: Sequence[Ref], wish: Callable[[], Wish]) -> Response:
    ending = request.path_params["ending"]
    format = format_of(ending)
    named = " ".join(ref.urn for ref in refs)
    tag = hashlib.blake2b(f"{catalogue.revision} {named} {ending}".encode(), digest_size=12).hexdigest()
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "public, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = kept.of(tag, lambda: format.write(wish()))
    name = "_to_".join(file_stem(ref) for ref in refs)
    headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return Response(content, 200, headers, format.media_type)
