"""The other pages: the list of dataflows, and how to use the service from programs."""

from __future__ import annotations

from hub_client import QueryFailed
from hub_client.generated.fragments import DataflowPage
from starlette.responses import Response

from clients.portal.dataflow import is_synthetic
from clients.portal.visitor import Visitor

FLOWS = 50
"""Dataflows on one page."""


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
            visitor.misses(failed.errors)
            return DataflowPage.model_validate(failed.data["dataflows"])
        raise


async def about(visitor: Visitor) -> Response:
    """The doors for programs, the client packages, the limits and the licence."""
    return await visitor.page("about.html", {"agencies": await visitor.client.agencies()})
