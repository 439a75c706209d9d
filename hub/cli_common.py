"""What the commands share: opening the hub, finding dataflows, reading times, saying what was released."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from hub import migrations
from hub.console import say
from hub.settings import Settings
from hub.wiring import Hub
from registry.answers import Release
from registry.errors import Invalid
from registry.ref import Kind, Ref

CALENDAR = ZoneInfo("Asia/Ho_Chi_Minh")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def open_hub() -> Hub:
    """The hub of the environment's settings, on a database that is ready."""
    hub = Hub.build(Settings.load())
    migrations.check(hub.engine)
    return hub


def find_dataflow(hub: Hub, text: str) -> Ref:
    """A dataflow by full reference, or by its id alone where only one agency has it."""
    if ":" in text:
        return hub.catalogue.get(Ref.parse(text, Kind.DATAFLOW)).ref
    found = hub.catalogue.find(Kind.DATAFLOW, id=text, version="latest")
    return found[0] if len(found) == 1 else hub.catalogue.get(Ref(Kind.DATAFLOW, "NSO", text, "latest")).ref


def headings(*columns: str) -> list[str]:
    """The headings of a table in the language spoken."""
    return [say(f"in_{column}") for column in columns]


def moment(at: datetime | None) -> str:
    """A time as the office's clocks show it; nothing where there is none."""
    return f"{at.astimezone(CALENDAR):%Y-%m-%d %H:%M}" if at else ""


def read_time(text: str) -> datetime:
    """A time as people write it; without a zone it is Viet Nam's, as in the release calendar."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("BAD_TIME", found=text[:40]) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CALENDAR)


def released_line(found: Release) -> str:
    facts: dict[str, object] = {"series": found.series, "observations": found.observations}
    at = found.released_at.astimezone(CALENDAR).isoformat(timespec="minutes") if found.released_at else ""
    return say("released", id=found.id, dataflow=found.dataflow, at=at, **facts)
