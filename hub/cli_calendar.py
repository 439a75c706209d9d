"""Commands about the release calendar."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hub.access import LOCAL_ADMINISTRATOR
from hub.cli_common import Json, find_dataflow, headings, moment, open_hub, read_time
from hub.console import errors, say, spoken, table, tell
from hub.ical import calendar_file
from hub.wiring import Hub
from registry.ports import PUBLIC
from registry.publishing import Planned, PlannedChange
from registry.text import Names, pick

calendar = typer.Typer(no_args_is_help=True, help="The release calendar: what is published when. / Lịch công bố số liệu.")

Flow = Annotated[str | None, typer.Option("--dataflow", help="Only this one, as NSO:VAT(1.0) or VAT.")]
Entry = Annotated[str, typer.Argument(help="The id as `hub calendar list` shows it.")]
Moment = Annotated[str, typer.Argument(help="For example 2025-07-06T09:00; Viet Nam time without a zone.")]
Vietnamese = Annotated[str, typer.Option(help="Why, in Vietnamese; readers see it.")]
English = Annotated[str, typer.Option(help="Why, in English; readers see it.")]


@calendar.command("list")
def list_(dataflow: Flow = None, history: bool = False, json: Json = False) -> None:
    """List planned releases, earliest first; --history: every date. / Liệt kê lịch công bố; --history: mọi lần đổi ngày."""
    with errors(json):
        found = _entries(open_hub(), dataflow)
        if json:
            tell(True, found)
            return
        rows = [_row(each) for each in found]
        table(headings("id", "dataflow", "name", "periods", "planned", "state"), rows)
        if history:
            changes = [(each.id, *_step(change)) for each in found for change in each.changes]
            table(headings("id", "changed", "state", "planned", "reason"), changes)


@calendar.command("plan")
def plan(
    dataflow: Annotated[str, typer.Argument(help="For example NSO:VAT(1.0), or just VAT.")],
    at: Moment,
    period: Annotated[list[str], typer.Option(help="A reference period, such as 2025-06; may be repeated.")],
    basis_vi: Annotated[str, typer.Option(help="Legal basis in Vietnamese.")],
    basis_en: Annotated[str, typer.Option(help="Legal basis in English.")],
    name_vi: Annotated[str, typer.Option(help="Instead of the dataflow's name.")] = "",
    name_en: Annotated[str, typer.Option(help="Instead of the dataflow's name.")] = "",
    json: Json = False,
) -> None:
    """Announce a release. / Đưa một lần công bố vào lịch."""
    with errors(json):
        hub = open_hub()
        flow, basis = find_dataflow(hub, dataflow), {"vi": basis_vi, "en": basis_en}
        names: Names | None = {"vi": name_vi, "en": name_en} if name_vi or name_en else None
        found = hub.ports.calendar.plan(flow, read_time(at), period, basis, LOCAL_ADMINISTRATOR, names)
        tell(json, found, _line(found))


@calendar.command("move")
def move(entry: Entry, at: Moment, reason_vi: Vietnamese, reason_en: English, json: Json = False) -> None:
    """Move an announced date; what waits for it moves too. / Dời ngày đã công bố; bản đang chờ dời theo."""
    with errors(json):
        said = {"vi": reason_vi, "en": reason_en}
        found = open_hub().ports.calendar.move(entry, read_time(at), said, LOCAL_ADMINISTRATOR)
        tell(json, found, _line(found))


@calendar.command("cancel")
def cancel(entry: Entry, reason_vi: Vietnamese, reason_en: English, json: Json = False) -> None:
    """Say that an announced release will not come. / Hủy một lần công bố đã có trong lịch."""
    with errors(json):
        found = open_hub().ports.calendar.cancel(entry, {"vi": reason_vi, "en": reason_en}, LOCAL_ADMINISTRATOR)
        tell(json, found, _line(found))


@calendar.command("ics")
def ics(dataflow: Flow = None, json: Json = False) -> None:
    """Print the calendar as an iCalendar file. / In lịch dưới dạng tệp iCalendar."""
    with errors(json):
        hub, lang = open_hub(), spoken()
        file = calendar_file(
            _entries(hub, dataflow), lang, lambda flow: hub.ports.links.path(f"/{lang}/data/{flow.agency}/{flow.id}")
        )
        sys.stdout.write(file.decode())


def _entries(hub: Hub, dataflow: str | None) -> list[Planned]:
    return hub.ports.calendar.entries(PUBLIC, find_dataflow(hub, dataflow) if dataflow else None)


def _row(each: Planned) -> tuple[object, ...]:
    name = pick(each.names, spoken())
    return each.id, each.dataflow, name, ", ".join(each.periods), moment(each.moment), say(f"is_{each.state}")


def _step(change: PlannedChange) -> tuple[object, ...]:
    return moment(change.at), say(f"is_{change.state}"), moment(change.moment), pick(change.reasons, spoken())


def _line(found: Planned) -> str:
    return say("planned", id=found.id, dataflow=found.dataflow, at=moment(found.moment), state=say(f"is_{found.state}"))
