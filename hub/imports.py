"""``hub import``: SDMX structure and data messages into the registry and into drafts.

Structures go first, whatever the order of the files. All files of one dataflow make one draft, so that releasing it publishes
everything at once; within a file repeats are refused, across files a later value is a revision. A file with an error is left
out as a whole and the others go through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine

from adapters.sdmx.reading import Format, detect, read_data, read_structures
from hub.database import trying
from hub.import_data import Progress, Targets, check_file
from hub.import_report import UNCHANGED, FileReport, ImportReport, Problem, Rejects, guarded
from hub.import_structures import Pending, Shelving, Write
from hub.report_releases import strange_releases
from hub.resting import breaking
from registry.actions import put
from registry.answers import Answer
from registry.attribution import Act, Message
from registry.errors import Conflict, Invalid
from registry.inspection import Checked
from registry.model import Artefact, Structure
from registry.overlay import Known, Overlay
from registry.ports import Catalogue, Clock, Cube, Role, Viewer
from registry.raw import Raw
from registry.records import revision
from registry.ref import Ref
from registry.selection import Selection
from registry.staging import Drafting

LONGEST_NOTE = 200


@dataclass(frozen=True)
class Readers:
    """What finds out the format of a file, and reads observations: here, or in a process of its own."""

    detect: Callable[[Path], Format] = detect
    data: Callable[[Path, Format], Iterator[Raw]] = read_data


@dataclass(frozen=True)
class Hands:
    """What an import works with. ``dry``: ``write`` only tries (see :func:`registry_writer`) and no draft is made."""

    catalogue: Known
    write: Write
    drafting: Drafting
    cube: Cube
    dry: bool = False
    readers: Readers = Readers()


def import_files(
    paths: Iterable[Path],
    hands: Hands,
    viewer: Viewer,
    *,
    dataflow: Ref | None = None,
    rejects: Path | None = None,
    progress: Progress = lambda count: None,
) -> ImportReport:
    """Import files, and folders with all files in them.

    ``dataflow`` (an exact reference) takes data that name only a DSD or nothing. ``rejects`` is the folder that the list of
    refused observations is written to. No error of a file is raised: it stands in the report of that file.
    """
    return _Import(hands, viewer).run(list(_expanded(paths)), dataflow, rejects, progress)


def registry_writer(catalogue: Catalogue, engine: Engine, clock: Clock, viewer: Viewer, dry: bool = False) -> Write:
    """Writes artefacts in one transaction each time, unless figures rest on what would change under them; with ``dry``
    everything is checked and nothing stays."""

    def write(artefacts: Sequence[Artefact], what: str, messages: Mapping[Ref, Message], at: int) -> list[Ref]:
        with trying(engine, dry) as connection:
            if (now := revision(connection)) != at:
                raise Conflict("REGISTRY_MOVED_ON", found=at, now=now)
            strange = strange_releases(connection, artefacts, clock.now())
            for error in (*breaking(connection, catalogue, artefacts).values(), *strange.values()):
                raise error
            return put(connection, artefacts, Act(clock.now(), viewer.name, what), messages)

    return write


class _Import:
    def __init__(self, hands: Hands, viewer: Viewer) -> None:
        self._hands = hands
        self._viewer = viewer
        self._tried: dict[Ref, Artefact] = {}

    def run(self, paths: list[Path], dataflow: Ref | None, folder: Path | None, progress: Progress) -> ImportReport:
        reports = [FileReport(_readable(path)) for path in paths]
        pairs = zip(paths, reports, strict=True)
        found = [(path, report, format) for path, report in pairs if (format := _recognised(path, report, self._hands.readers))]
        Shelving(self._known, self._write).run(list(_structures(found)))
        rejects = Rejects(folder / _rejects_name(reports) if folder else None)
        targets = Targets(self._known(), dataflow)
        checked = [part for each in found for part in self._check(each, targets, rejects, progress)]
        drafts = {} if self._hands.dry else self._draft(checked)
        return ImportReport(reports, drafts, rejects.listed, rejects.close())

    def _known(self) -> Known:
        return Overlay(self._hands.catalogue, self._tried.values()) if self._tried else self._hands.catalogue

    def _write(self, artefacts: Sequence[Artefact], what: str, messages: Mapping[Ref, Message], at: int) -> list[Ref]:
        """Write; when only trying, what was tried before is tried again, because later files may need it."""
        given = {made.ref: made for made in artefacts}
        changed = self._hands.write([*(self._tried | given).values()], what, messages, at)
        if self._hands.dry:
            self._tried |= given
        return [ref for ref in changed if ref in given]

    def _check(self, found: _Found, targets: Targets, rejects: Rejects, progress: Progress) -> list[_Part]:
        path, report, format = found
        if format.is_structure:
            return []
        with guarded(report), rejects.of_file():
            raw = self._hands.readers.data(path, format)
            parts = check_file(raw, report.file, targets, rejects.add, progress, self._standing)
            for checked in parts:
                _count(report, checked)
            return [(report, checked) for checked in parts]
        return []

    def _standing(self, structure: Structure) -> Answer | None:
        """The series that a draft would rest on, without their observations, also of what waits under embargo: the check needs
        them whoever hands in. None of a dataflow that is only being tried."""
        flow = structure.dataflow.ref
        if self._hands.dry and flow in self._tried:
            return None
        sees_all = replace(self._viewer, role=Role.ADMINISTRATOR)
        return self._hands.cube.ask(Selection(dataflow=flow, series_only=True, preview=True), sees_all)

    def _draft(self, parts: Sequence[_Part]) -> dict[str, str]:
        drafts: dict[str, str] = {}
        for dataflow in dict.fromkeys(checked.structure.dataflow.ref for _, checked in parts):
            own = [part for part in parts if part[1].structure.dataflow.ref == dataflow]
            reports = [report for report, _ in own]
            with guarded(*reports):
                id_ = self._draft_one(own)
                for report in reports:
                    report.drafts.append(id_ or UNCHANGED)
                if id_:
                    drafts[str(dataflow)] = id_
        return drafts

    def _draft_one(self, parts: Sequence[_Part]) -> str | None:
        """One draft of all files in their order; the id, or None where nothing would change."""
        attributes = {name: text for _, checked in parts for name, text in checked.dataset_attributes.items()}
        if not attributes and not any(checked.steps for _, checked in parts):
            return None
        note = f"import {', '.join(Path(report.file).name for report, _ in parts)}"[:LONGEST_NOTE]
        draft = self._hands.drafting.draft(
            parts[0][1].structure,
            chain.from_iterable(checked.content() for _, checked in parts),
            self._viewer,
            dataset_attributes=attributes or None,
            note=note,
        )
        return draft.id if draft else None


_Found = tuple[Path, FileReport, Format]
_Part = tuple[FileReport, Checked]


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(inside for inside in path.rglob("*") if inside.is_file())
        else:
            yield path


def _readable(path: Path) -> str:
    """A path in words: file names are bytes, and need not be text."""
    return str(path).encode("utf-8", "replace").decode()


def _recognised(path: Path, report: FileReport, readers: Readers) -> Format | None:
    with guarded(report):
        if path.exists() and not path.is_file():
            raise Invalid("NOT_A_FILE", found=report.file)
        with path.open("rb") as stream:
            report.digest = hashlib.file_digest(stream, "sha256").hexdigest()
        format = readers.detect(path)
        report.format, report.kind = format.value, "structure" if format.is_structure else "data"
        return format
    return None


_MEDIA_TYPES = {
    Format.ML_21_STRUCTURE: "application/vnd.sdmx.structure+xml;version=2.1",
    Format.ML_30_STRUCTURE: "application/vnd.sdmx.structure+xml;version=3.0.0",
    Format.ML_31_STRUCTURE: "application/vnd.sdmx.structure+xml;version=3.1.0",
    Format.JSON_STRUCTURE: "application/vnd.sdmx.structure+json",
    Format.ML_21_GENERIC_METADATA: "application/vnd.sdmx.genericmetadata+xml;version=2.1",
    Format.ML_21_SPECIFIC_METADATA: "application/vnd.sdmx.structurespecificmetadata+xml;version=2.1",
    Format.ML_METADATA: "application/vnd.sdmx.metadata+xml",
    Format.JSON_METADATA: "application/vnd.sdmx.metadata+json",
    Format.CSV_METADATA: "application/vnd.sdmx.metadata+csv",
}


def _structures(found: Iterable[_Found]) -> Iterator[Pending]:
    for path, report, format in found:
        if format.is_structure:
            with guarded(report):
                structures = read_structures(path)
                report.faults = {fault.place: Problem.of(fault.error) for fault in structures.faults}
                yield Pending.of(report, structures, Message(path.read_bytes(), _MEDIA_TYPES[format]))


def _rejects_name(reports: Sequence[FileReport]) -> str:
    """The same files give the same name, so that a repeated import replaces its list."""
    return f"rejects-{hashlib.sha256(''.join(report.digest for report in reports).encode()).hexdigest()[:12]}.csv"


def _count(report: FileReport, checked: Checked) -> None:
    report.dataflows.append(str(checked.structure.dataflow.ref))
    report.observations += checked.observations
    report.accepted += checked.accepted
    report.refused += checked.refused
    report.removed += checked.removed
    report.rules.update(checked.rules)
    report.ignored.update(checked.ignored)
