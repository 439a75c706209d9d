"""Structure messages for the version advisor: read as ``hub import`` reads them, and held against the registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from adapters.sdmx.reading import detect, read_structures
from hub.import_settling import settled
from registry.advisor import Advice, advise
from registry.check import check
from registry.errors import Invalid
from registry.model import Artefact, ItemScheme
from registry.overlay import Known
from registry.ports import Viewer
from registry.ref import Ref
from registry.usage import Usage


@dataclass(frozen=True)
class Advised:
    """``partial``: lists of which a message holds only some items. What is not in them is not gone, so nothing can be said."""

    advice: tuple[Advice, ...]
    partial: tuple[Ref, ...]


def advise_files(paths: Iterable[Path], known: Known, usage: Usage, viewer: Viewer) -> Advised:
    """Advice about all artefacts of the files together; a file that cannot be read, or is no structure message, is an error."""
    found: dict[Ref, Artefact] = {}
    partial: set[Ref] = set()
    for path in paths:
        format = detect(path)
        if not format.is_structure:
            raise Invalid("NOT_A_STRUCTURE_MESSAGE", found=str(path)[-120:], format=format.value)
        read = read_structures(path)
        for fault in read.faults:
            raise fault.error
        partial |= {made.ref for made in read.artefacts if isinstance(made, ItemScheme) and made.is_partial}
        found |= {made.ref: made for made in settled(read.artefacts, known)}
    whole = [made for ref, made in found.items() if ref not in partial]
    for made in whole:
        check(made)
    return Advised(tuple(advise(whole, known, usage, viewer)), tuple(sorted(partial)))
