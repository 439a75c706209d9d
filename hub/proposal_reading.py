"""What is proposed: an SDMX structure message, or artefacts in the registry's own form."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from adapters.sdmx.reading.apart import Apart
from hub.import_settling import settled
from registry.attribution import Message
from registry.check import check
from registry.document import from_document
from registry.errors import Invalid
from registry.model import Artefact
from registry.overlay import Known


@dataclass(frozen=True)
class Content:
    """``message``: what the artefacts came in, where that was an SDMX message."""

    artefacts: tuple[Artefact, ...]
    message: Message | None


def read(content: str, known: Known, apart: Apart) -> Content:
    """The artefacts of a content, each checked; :class:`Invalid` for what cannot be understood."""
    documents = _documents(content)
    given = Content(tuple(from_document(one) for one in documents), None) if documents else _of_sdmx(content, known, apart)
    for made in given.artefacts:
        check(made)
    return given


def _documents(content: str) -> list[Mapping[str, object]]:
    """The objects of a JSON text in the registry's own form; none for any other text, which may be a message."""
    try:
        found = orjson.loads(content)
    except ValueError:
        return []
    given = found if isinstance(found, list) else [found]
    return given if all(isinstance(one, dict) and "kind" in one for one in given) else []


def _of_sdmx(content: str, known: Known, apart: Apart) -> Content:
    message = content.encode("utf-8", "replace")
    with tempfile.TemporaryDirectory(prefix="hub-proposal-") as folder:
        path = Path(folder) / "message"
        path.write_bytes(message)
        format = apart.format(path)
        if not format.is_structure:
            raise Invalid("NOT_A_STRUCTURE_MESSAGE", found=content[:60], format=format.value)
        structures = apart.structures(path)
    for fault in structures.faults:
        raise fault.error
    artefacts = tuple(settled(structures.artefacts, known))
    media_type = "application/xml" if message.lstrip()[:1] == b"<" else "application/json"
    return Content(artefacts, Message(message, media_type))
