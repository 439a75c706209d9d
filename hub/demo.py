"""The hub's main job in one go: set up, take sample deliveries in, compile, publish, and say how good it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapters.sources import adapter_for
from hub.access import LOCAL_ADMINISTRATOR
from hub.database import writing
from hub.wiring import Hub
from hub.workplace import workplace
from registry.actions import put
from registry.answers import Release
from registry.attribution import Act
from registry.content import read
from registry.errors import Conflict
from registry.ports import Viewer
from registry.ref import Kind, Ref

RECORDS = 20_000
SEED = 2025
FLOWS = {"tax": "NSO:VAT(1.0)", "customs": "NSO:TRADE(1.0)"}

REPORTS = Path(__file__).parent / "demo_reports.yml"

STEPS = 2 + 2 * len(FLOWS)


def prepare(hub: Hub) -> Iterator[object]:
    """Everything up to published figures, step by step; what was done before is not done again.

    :class:`Conflict` DEMO_ALONE before the first step where a second person would have to approve.
    """
    if hub.settings.four_eyes:
        raise Conflict("DEMO_ALONE")
    yield hub.initialise()
    for source, flow in FLOWS.items():
        yield _deliver(hub, source)
        yield _publish(hub, flow)
    yield _report(hub)


def _deliver(hub: Hub, source: str) -> object:
    adapter = adapter_for(source)
    with workplace(hub.settings.spill) as out:
        files = adapter.sample(RECORDS, SEED, out, lambda _: None)
        viewer = Viewer(LOCAL_ADMINISTRATOR.role, adapter.source.organisation, LOCAL_ADMINISTRATOR.name)
        return hub.deliveries.deliver(source, files, viewer)


def _publish(hub: Hub, flow: str) -> Release | None:
    """Compile, approve and release; None when what is published is already this."""
    draft = hub.compiler.compile(Ref.parse(flow, Kind.DATAFLOW), None, LOCAL_ADMINISTRATOR)
    if draft is None:
        return None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)


def _report(hub: Hub) -> int:
    """What the office would say about the quality of its figures; here that they are synthetic. How many reports are new."""
    with writing(hub.engine) as connection:
        return len(put(connection, read(REPORTS), Act(hub.clock.now(), LOCAL_ADMINISTRATOR.name, "hub demo")))
