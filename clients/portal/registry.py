"""The registry's pages: the kinds of artefacts, those of one kind, and one artefact with what it names and who names it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice
from urllib.parse import quote

from hub_client.generated.fragments import ArtefactDetail, ArtefactSummary
from starlette.exceptions import HTTPException
from starlette.responses import Response

from clients.portal.components import components, how_often
from clients.portal.numbers import count
from clients.portal.texts import Words
from clients.portal.visitor import Visitor

ENTRIES, NAMING = 100, 50
"""Artefacts of a list, and of those that name one."""

_READABLE = ("Codelist", "GeographicCodelist", "GeoGridCodelist")
"""Kinds whose items have a page of their own."""


async def registry(visitor: Visitor) -> Response:
    """Every kind there is, or what a search finds of all kinds."""
    search = visitor.request.query_params.get("q", "").strip()
    if search:
        return await _list(visitor, None, search)
    found = await visitor.client.registry_kinds()
    return await visitor.page("registry.html", {"kinds": found.kinds, "kind_name": _kind_name(visitor.words)})


async def kind(visitor: Visitor, kind: str) -> Response:
    """The latest versions of one kind."""
    return await _list(visitor, kind, visitor.request.query_params.get("q", "").strip())


async def _list(visitor: Visitor, kind: str | None, search: str) -> Response:
    after = visitor.request.query_params.get("after") or None
    found = await visitor.client.artefacts(first=ENTRIES, kind=kind, search=search or None, after=after)
    facts = {"kind": kind, "search": search, "page": found.artefacts, "kind_name": _kind_name(visitor.words)}
    return await visitor.page("artefacts.html", facts)


async def artefact(visitor: Visitor, kind: str, agency: str, id: str, version: str = "latest") -> Response:
    """One artefact, now or as it stood at the moment ``at``."""
    given = visitor.request.query_params
    at = _moment(given.get("at", ""))
    ref, after = f"{agency}:{id}({version})", given.get("after") or None
    found = await visitor.client.artefact(ref, first=NAMING, kind=kind, as_of=at, after=after)
    assert found.artefact is not None, "the hub gives an error for what is not there"
    facts = {
        "one": found.artefact,
        "at": at,
        "query": f"?at={quote(given['at'])}" if at else "",
        "kind_name": _kind_name(visitor.words),
        "pages": _pages(visitor, found.artefact),
        "tables": await components(visitor, found.artefact, at),
        "coded": _READABLE,
        "how_often": partial(how_often, visitor.words),
    }
    return await visitor.page("artefact.html", facts)


def _pages(visitor: Visitor, one: ArtefactDetail) -> list[tuple[str, str]]:
    """Where else the portal shows it: the word of the link, and the address."""
    if one.kind == "Dataflow":
        data = [("artefact_data", visitor.path("data", one.agency, one.id, one.version))]
        reported = any(each.kind == "MetadataSet" for each in one.referenced_by.nodes)
        return [*data, _quality(visitor, one)] if reported else data
    if one.kind == "MetadataSet":
        # Each flow that a report is about shows the whole of it.
        flows = (each.artefact for each in one.references if each.artefact and each.artefact.kind == "Dataflow")
        return [_quality(visitor, flow) for flow in islice(flows, 1)]
    return [("artefact_codes", visitor.path("codelists", one.agency, one.id, one.version))] if one.kind in _READABLE else []


def _quality(visitor: Visitor, flow: ArtefactSummary) -> tuple[str, str]:
    return "artefact_quality", visitor.path("quality", flow.agency, flow.id, flow.version)


def _moment(text: str) -> datetime | None:
    """A moment from the address; what is none is a page that is not there."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise HTTPException(404) from None
    if found.tzinfo is None:
        raise HTTPException(404)
    return found


def _kind_name(words: Words) -> Callable[..., str]:
    """The word for a kind, of ``many`` artefacts or of one; its class name where there is none."""

    def name(kind: str, many: bool = False) -> str:
        known = words.known(f"kind_{kind}")
        return known.format(count=count(2 if many else 1, words.lang)) if known else kind

    return name
