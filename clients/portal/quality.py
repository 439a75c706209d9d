"""The page about the quality of a dataflow: what the reports about it say, field by field."""

from __future__ import annotations

from starlette.responses import Response

from clients.portal.releases import detail_of
from clients.portal.visitor import Visitor


async def quality_page(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """Every report about the dataflow; those about one release say which."""
    flow = await detail_of(visitor, agency, id, version)
    found = await visitor.client.quality_reports(flow.ref)
    assert found is not None, "the hub gives an error for what is not there"
    numbered = {each.id: each.number for each in flow.releases}
    return await visitor.page("quality.html", {"flow": flow, "reports": found.metadata_sets, "numbered": numbered})
