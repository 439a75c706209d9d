"""The other pages: the list of dataflows, codelists, one codelist, and how to use the service from programs."""

from __future__ import annotations

from collections.abc import Sequence

from hub_client import QueryFailed
from hub_client.generated.fragments import CodeFields, CodelistSummary, CodelistWithCodes, DataflowPage
from starlette.responses import Response

from clients.portal.dataflow import is_synthetic
from clients.portal.visitor import Visitor

FLOWS, LISTS, CODES = 50, 100, 300
"""Entries on one page. A codelist of at most :data:`CODES` is shown whole, as a tree."""


async def home(visitor: Visitor) -> Response:
    """Search over the dataflows, and their list with the latest release of each."""
    search = visitor.request.query_params.get("q", "").strip()
    page = await _flows(visitor, search)
    made_up = {flow.ref for flow in page.nodes if flow.data and is_synthetic(flow.data.dataset_attributes)}
    return await visitor.page("home.html", {"search": search, "page": page, "made_up": made_up})


async def _flows(visitor: Visitor, search: str) -> DataflowPage:
    """A page of dataflows; one of them that the hub cannot describe does not hide the others."""
    after = visitor.request.query_params.get("after") or None
    try:
        return await visitor.client.dataflows(search=search or None, first=FLOWS, after=after)
    except QueryFailed as failed:
        if failed.data and failed.data.get("dataflows"):
            return DataflowPage.model_validate(failed.data["dataflows"])
        raise


async def codelists(visitor: Visitor) -> Response:
    """The classifications and other codelists, newest versions."""
    search = visitor.request.query_params.get("q", "").strip()
    after = visitor.request.query_params.get("after") or None
    page = await visitor.client.codelists(search=search or None, first=LISTS, after=after)
    return await visitor.page("codelists.html", {"search": search, "page": page})


async def codelist(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """One codelist: whole as a tree when it is short, else level by level; or what a search finds in it."""
    given = visitor.request.query_params
    search, parent, after = given.get("q", "").strip(), given.get("parent", ""), given.get("after") or None
    ref = f"{agency}:{id}({version})"
    found = await visitor.client.codelist(ref, search=search or None, first=CODES, after=after)
    assert found is not None, "the hub gives an error for what is not there"
    whole = not search and found.codes.total_count <= CODES
    level, below = (found, parent) if search or whole else await _level(visitor, found, parent, after)
    facts = {
        "list": found,
        "codes": level.codes,
        "total": level.codes.total_count if parent else found.codes.total_count,
        "search": search,
        "below": below,
        "above": await _above(visitor, found.ref, parent),
        "whole": whole,
        "depths": {} if search else _depths(level.codes.nodes),
        "versions": await _versions(visitor, agency, id),
    }
    return await visitor.page("codelist.html", facts)


async def _level(visitor: Visitor, of: CodelistWithCodes, parent: str, after: str | None) -> tuple[CodelistWithCodes, str]:
    """The codes below a parent, or those at the top, and what they are below. A single top code has its own level with it."""
    narrowed = {"parent": parent} if parent else {"roots": True}
    level = await visitor.client.codelist(of.ref, first=CODES, after=after, **narrowed) or of
    if parent or level.codes.total_count != 1 or not level.codes.nodes[0].has_children:
        return level, parent
    top = level.codes.nodes[0]
    level, _ = await _level(visitor, of, top.id, None)
    level.codes.nodes.insert(0, top)
    return level, top.id


async def _above(visitor: Visitor, ref: str, parent: str) -> list[CodeFields]:
    """The codes from the top down to the parent shown."""
    way: list[CodeFields] = []
    step: str | None = parent
    while step and step not in {code.id for code in way}:
        answer = await visitor.client.code(ref, step)
        if answer is None or answer.code is None:
            break
        way.insert(0, answer.code)
        step = answer.code.parent_id
    return way


async def _versions(visitor: Visitor, agency: str, id: str) -> list[CodelistSummary]:
    page = await visitor.client.codelists(search=id, version="*", first=LISTS)
    return [each for each in page.nodes if (each.agency, each.id) == (agency, id)]


def _depths(codes: Sequence[CodeFields]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for code in codes:
        depths[code.id] = depths.get(code.parent_id or "", -1) + 1
    return depths


async def about(visitor: Visitor) -> Response:
    """The doors for programs, the client packages, the limits and the licence."""
    return await visitor.page("about.html", {"agencies": await visitor.client.agencies()})
