"""Messages on their way in: who may send them, in which formats, how large; read in a process of their own, then handed on.

The rights are looked at before a byte is received. Source: SDMX REST 2.2, "Structural Metadata maintenance"; RFC 9110.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request

from adapters.sdmx.call import REGISTRATION, ViewerOf, path_of
from adapters.sdmx.observations_in import Observations
from adapters.sdmx.reading.apart import Apart, shared
from adapters.sdmx.registering import Registering
from adapters.sdmx.reply import Reply
from adapters.sdmx.request import segments
from adapters.sdmx.submitting import Submission
from registry.errors import Invalid, TooLarge, WrongMedia
from registry.ports import Ports, Viewer

LARGEST_MESSAGE = 200 * 1024 * 1024
"""Bytes of a message of structures, which is read as a whole."""

LARGEST_DATA = 4 * 1024**3
"""Bytes of a message of observations, which is read as a stream."""

_ANY = ("", "application/xml", "text/xml", "application/json", "application/text", "text/plain", "application/octet-stream")
"""Media types that say nothing of the content; what is in it is looked at anyway."""

_ARTEFACTS = (
    "application/vnd.sdmx.structure+",
    "application/vnd.sdmx.registry+",
    "application/vnd.sdmx.metadata+",
    "application/vnd.sdmx.genericmetadata+",
    "application/vnd.sdmx.structurespecificmetadata+",
    "text/csv",
)


@dataclass
class Reception:
    """Takes in what is sent to both doors."""

    ports: Ports
    viewer_of: ViewerOf
    apart: Apart = field(default_factory=shared)

    async def changed(self, request: Request, major: int, makers: CapacityLimiter) -> Reply:
        """What becomes of a request to change the registry."""
        asked = await run_sync(self._admitted, request, major, limiter=makers)
        if request.method == "DELETE":
            return await run_sync(asked.removed, limiter=makers)
        media = media_type(request, _ARTEFACTS)
        with self.ports.maintenance.incoming() as folder:
            path = folder / "message"
            await _received(request, path, LARGEST_MESSAGE)
            return await run_sync(self._taken, asked, path, media, limiter=makers)

    async def data(self, request: Request, major: int, makers: CapacityLimiter) -> Reply:
        """What becomes of observations that are handed in."""
        asked = await run_sync(self._admitted_data, request, major, limiter=makers)
        refuse_packed(request)
        with self.ports.maintenance.incoming() as folder:
            path = folder / "message"
            await _received(request, path, LARGEST_DATA)
            return await run_sync(asked.taken, path, limiter=makers)

    def _admitted_data(self, request: Request, major: int) -> Observations:
        viewer: Viewer = self.viewer_of(request)
        self.ports.intake.admit(viewer)
        return Observations.read(self.ports, viewer, request, path_of(request, major))

    def _admitted(self, request: Request, major: int) -> Submission | Registering:
        viewer: Viewer = self.viewer_of(request)
        self.ports.maintenance.admit(viewer)
        if segments(path_of(request, major))[:1] == [REGISTRATION]:
            return Registering.read(self.ports, viewer, request, major, path_of(request, major))
        return Submission.read(self.ports, viewer, request, major, path_of(request, major))

    def _taken(self, asked: Submission | Registering, path: Path, media: str) -> Reply:
        if isinstance(asked, Registering):
            return asked.taken(self.apart.registrations(path))
        return asked.taken(self.apart.structures(path), path.read_bytes(), media)


def media_type(request: Request, held: tuple[str, ...]) -> str:
    """What the sender calls the content; :class:`WrongMedia` for what is certainly not read here."""
    said = request.headers.get("content-type", "").strip()
    plain = said.split(";")[0].strip().lower()
    refuse_packed(request)
    if plain not in _ANY and not plain.startswith(held):
        raise WrongMedia("SUBMISSION_MEDIA", found=plain[:120])
    return said[:255]


def refuse_packed(request: Request) -> None:
    """:class:`WrongMedia` for packed content: a few bytes can be unpacked to more than there is room for."""
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed != "identity":
        raise WrongMedia("SUBMISSION_PACKED", found=packed[:60])


async def _received(request: Request, path: Path, most: int) -> None:
    told = request.headers.get("content-length", "")
    size = int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0
    with path.open("wb") as file:
        if size <= most:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    break
                await run_sync(file.write, chunk)
    if size > most:
        raise TooLarge("MESSAGE_TOO_LARGE", found=size, most=most)
    if not size:
        raise Invalid("SUBMISSION_NO_BODY")
