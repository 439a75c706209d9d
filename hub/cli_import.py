"""``hub import``: SDMX files into the registry and the database, with a report per file."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from hub.access import LOCAL_ADMINISTRATOR
from hub.cli_common import Json, find_dataflow, headings, open_hub, released_line
from hub.console import errors, progress, say, spoken, table, tell
from hub.import_report import UNCHANGED, FileReport, ImportReport, guarded
from hub.wiring import Hub
from registry.answers import Release
from registry.errors import message
from registry.ports import Reject
from registry.ref import Kind

OUTCOMES = ("added", "changed", "unchanged", "kept")
"""What may come of an artefact; see :class:`hub.import_report.FileReport`."""

SHOWN = 12
"""Lines about refused observations that are printed; the list on disk has all observations."""


def import_(
    paths: Annotated[list[Path], typer.Argument(help="SDMX messages or folders of them, in any order.")],
    dataflow: Annotated[str | None, typer.Option(help="Where data go that name only a data structure.")] = None,
    release: Annotated[bool, typer.Option("--release", help="Approve and publish what was imported.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Import SDMX structures and data. / Nhập cấu trúc và số liệu SDMX."""
    # Only this command reads SDMX: sdmx1 and pandas would cost a server a second of its start and 50 MB.
    from hub.imports import Hands, import_files, registry_writer

    with errors(json):
        hub = open_hub()
        write = registry_writer(hub.catalogue, hub.engine, hub.clock, LOCAL_ADMINISTRATOR, dry_run)
        hands = Hands(hub.catalogue, write, hub.drafts, hub.cube, dry_run)
        target = find_dataflow(hub, dataflow) if dataflow else None
        kept = hub.settings.data_dir / "imports"
        with progress(json, "importing") as advance:
            report = import_files(paths, hands, LOCAL_ADMINISTRATOR, dataflow=target, rejects=kept, progress=advance)
        _report(report, _publish(hub, report) if release else [], json)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _publish(hub: Hub, report: ImportReport) -> list[Release]:
    """Approve and release every draft. One that may not be released stands in the report of its files, and the others go on."""
    released = []
    for draft in report.drafts.values():
        with guarded(*(file for file in report.files if draft in file.drafts)):
            hub.releases.approve(draft, LOCAL_ADMINISTRATOR)
            released.append(hub.releases.release(draft, LOCAL_ADMINISTRATOR))
    return released


def _report(report: ImportReport, released: list[Release], json: bool) -> None:
    if json:
        tell(True, {**vars(report), "releases": released})
        return
    columns = headings("file", "format", "artefacts", "observations", "accepted", "refused", "remarks")
    table(columns, [_row(file) for file in report.files])
    if kinds := _kinds(report):
        table(headings("kind", "added", "altered", "unchanged", "kept"), kinds)
    if report.rejects:
        _tell_rejects(report)
    done = {each.id for each in released}
    drafts = (say("draft", id=id, dataflow=flow) for flow, id in report.drafts.items() if id not in done)
    tell(False, None, *map(released_line, released), *drafts, *_unchanged(report))


def _kinds(report: ImportReport) -> list[tuple[object, ...]]:
    """What came of the artefacts of all files, a line for each kind."""
    counts = {name: Counter(text.split()[0] for file in report.files for text in getattr(file, name)) for name in OUTCOMES}
    found = [kind.value for kind in Kind if any(kind.value in counted for counted in counts.values())]
    return [(kind, *(counts[name][kind] or "" for name in OUTCOMES)) for kind in found]


def _tell_rejects(report: ImportReport) -> None:
    lines = _grouped(report.rejects)
    table(headings("file", "series", "periods", "rule", "advice"), lines[:SHOWN])
    more = [say("more", count=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    tell(False, None, *more, say("rejects", path=report.rejects_file))


def _unchanged(report: ImportReport) -> list[str]:
    """A line for each dataflow that has all these data already."""
    pairs = [pair for file in report.files for pair in zip(file.dataflows, file.drafts, strict=False)]
    return [say("unchanged", dataflow=flow) for flow in dict.fromkeys(flow for flow, draft in pairs if draft == UNCHANGED)]


def _row(file: FileReport) -> tuple[object, ...]:
    artefacts = len(file.added) + len(file.changed) + len(file.unchanged)
    removed = {"Delete": file.removed} if file.removed else {}
    counts = {**removed, **file.rules, **dict.fromkeys(file.faults, "?"), **file.left_out, **file.ignored}
    remarks = file.error.text(spoken()) if file.error else ", ".join(f"{name} {number}" for name, number in counts.items())
    return Path(file.file).name, file.format, artefacts or "", file.observations, file.accepted, file.refused, remarks


def _grouped(rejects: list[Reject]) -> list[tuple[str, ...]]:
    """One line for each series and rule: a series is often wrong as a whole."""
    lines: list[tuple[str, ...]] = []
    for _, group in groupby(rejects, key=lambda each: (each.file, each.series_key, each.rule)):
        some = list(group)
        first, last = some[0], some[-1]
        periods = first.period if first is last else f"{first.period} … {last.period} ({len(some)})"
        advice = message(first.rule, spoken(), **first.facts)["help"]
        lines.append((Path(first.file).name, first.series_key, periods, first.rule, advice))
    return lines
