"""Observations that come over the network: read in a process of their own, checked one by one, then a draft that waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hub.access import Action, Rules
from registry.attribution import Message
from registry.errors import Invalid
from registry.model import Artefact
from registry.ports import Catalogue, Cube, Viewer
from registry.ref import Ref
from registry.staging import Drafting
from registry.submission import Taken

if TYPE_CHECKING:
    from adapters.sdmx.reading import Format
    from adapters.sdmx.reading.apart import Apart
    from registry.raw import Raw


class ReceivedData:
    """Implements :class:`registry.maintaining.DataIntake`."""

    def __init__(self, catalogue: Catalogue, drafting: Drafting, cube: Cube, rules: Rules) -> None:
        self._catalogue = catalogue
        self._drafting = drafting
        self._cube = cube
        self._rules = rules

    def admit(self, viewer: Viewer) -> None:
        self._rules.demand(viewer, Action.IMPORT)

    def submit(self, path: Path, dataflow: Ref | None, dry: bool, viewer: Viewer) -> Taken:
        # Only this reads SDMX data: a server that takes none in starts without the readers.
        from hub.imports import Hands, Readers, import_files

        self.admit(viewer)
        readers = Readers(self._format, self._data)
        hands = Hands(self._catalogue, _no_structures, self._drafting, self._cube, dry, readers)
        report = import_files([path], hands, viewer, dataflow=dataflow)
        (file,) = report.files
        if file.error:
            raise file.error.error()
        drafts = {flow: report.drafts.get(flow, "") for flow in dict.fromkeys(file.dataflows)}
        counts = (file.observations, file.accepted, file.refused, file.removed)
        return Taken(drafts, *counts, tuple(report.rejects))

    @property
    def _apart(self) -> Apart:
        from adapters.sdmx.reading.apart import shared

        return shared()

    def _format(self, path: Path) -> Format:
        found = self._apart.format(path)
        if found.is_structure:
            raise Invalid("SUBMISSION_NOT_DATA", found=found.value)
        return found

    def _data(self, path: Path, _format: Format) -> Iterator[Raw]:
        return self._apart.data(path)


def _no_structures(artefacts: Sequence[Artefact], _what: str, _messages: Mapping[Ref, Message], _at: int) -> list[Ref]:
    assert not artefacts, "structures are handed in elsewhere"
    return []
