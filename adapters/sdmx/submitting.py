"""Structures that are handed in: what the request asks for, and the answer ``SubmitStructureResponse``.

POST   .../structure, .../structure/TYPE              one message; what is there already is replaced
PUT    .../structure/TYPE/AGENCY/ID/VERSION           the one artefact that the address names; it must be there
DELETE .../structure/TYPE/AGENCY/ID/VERSION[/ITEM]    one artefact, or one item

and for reports POST .../metadata, .../metadata/metadataset, PUT and DELETE .../metadata/metadataset/PROVIDER/ID/VERSION.

At v1 without the word ``structure`` before a type. ``action`` (parameter or header, else what the message says) is Append,
Merge, Replace, Delete or Information; ``dryRun=true``, ``partial=true`` and ``reason=...`` are ours.

Source: SDMX REST 2.2, "Structural Metadata maintenance".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request

from adapters.sdmx.call import METADATA
from adapters.sdmx.faults import submission_status
from adapters.sdmx.negotiation import JSON, XML, Format, choose, named, plain_types
from adapters.sdmx.reading.message import Fault, StructureMessage
from adapters.sdmx.reply import VARY, Reply
from adapters.sdmx.request import Parameters, segments
from adapters.sdmx.resources import Kinds, kinds_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.submission import submission_json, submission_markup
from registry.attribution import Message
from registry.errors import Conflict, Invalid, NotAcceptable, NotFound, Unprocessable
from registry.ports import Ports, Viewer
from registry.ref import STRUCTURES, Kind, Ref
from registry.submission import Order, Purpose, Result
from registry.version import is_version

_REGISTRY, _OURS = "application/vnd.sdmx.registry+xml", Format("json", "application/json", "", JSON)
_VERSIONS = {1: ("2.1", "3.1.0", "3.0.0"), 2: ("3.1.0", "3.0.0", "2.1")}


@dataclass(frozen=True)
class Target:
    """What an address names: kinds, and with PUT and DELETE one artefact or one item of it."""

    kinds: Kinds
    agency: str = ""
    id: str = ""
    version: str = ""
    item: str | None = None

    def fits(self, ref: Ref) -> bool:
        """Whether an artefact is what the address names."""
        return ref.kind in self.kinds and (
            not self.version or (self.agency, self.id, self.version) == (ref.agency, ref.id, ref.version)
        )


@dataclass(frozen=True)
class Submission:
    """A request to change the registry, before its message is read. ``purpose`` is None where only the message says it."""

    ports: Ports
    viewer: Viewer
    major: int
    target: Target
    order: Order
    purpose: Purpose | None
    format: Format

    @classmethod
    def read(cls, ports: Ports, viewer: Viewer, request: Request, major: int, path: str) -> Submission:
        """``path`` is what follows the door's own address."""
        parameters = Parameters.read(request.scope["query_string"].decode("utf-8", "replace"))
        order = Order(
            what=f"{request.method} {request.url.path}",
            why=parameters.take("reason") or "",
            dry=switch(parameters, request, "dryRun", "dry-run"),
            whole=not switch(parameters, request, "partial", "partial"),
            replaces=request.method == "PUT",
        )
        purpose = _purpose(parameters.take("action") or request.headers.get("action"))
        form = _format(parameters, request.headers.get("accept", ""), major)
        parameters.finish()
        target = _target(segments(path), request.method, major)
        return cls(ports, viewer, major, target, order, purpose, form)

    def taken(self, message: StructureMessage, content: bytes, media: str) -> Reply:
        """What becomes of a message that has been read."""
        if not message.artefacts:
            raise _nothing(message)
        results = self._elsewhere(message) or self._submitted(message, Message(content, media))
        return self._reply(results, message.faults)

    def _submitted(self, message: StructureMessage, original: Message) -> list[Result]:
        purpose = self.purpose or (Purpose.REPLACE if message.action == Purpose.INFORMATION else message.action)
        # Where all or none is wanted, something that could not be read lets nothing in.
        held = bool(message.faults) and self.order.whole
        order = replace(self.order, original=original, dry=self.order.dry or message.test or held)
        results = self.ports.maintenance.submit(message.artefacts, purpose, order, self.viewer)
        return [_held(one, len(message.faults)) for one in results] if held else results

    def _elsewhere(self, message: StructureMessage) -> list[Result]:
        """The results where something does not belong to the address; empty where everything does."""
        strange = [made.ref for made in message.artefacts if not self.target.fits(made.ref)]
        results = [Result(made.ref, self.purpose or Purpose.REPLACE) for made in message.artefacts]
        return [_strange(one) if one.ref in strange else _held(one, len(strange)) for one in results] if strange else []

    def removed(self) -> Reply:
        """What becomes of a deletion."""
        target = self.target
        found = [
            ref for kind in target.kinds for ref in self.ports.catalogue.find(kind, target.agency, target.id, target.version)
        ]
        ref = found[0] if found else Ref(target.kinds[0], target.agency, target.id, target.version)
        return self._reply([self._removed(ref)], ())

    def _removed(self, ref: Ref) -> Result:
        try:
            return self.ports.maintenance.remove(ref, self.target.item, self.order, self.viewer)
        except NotFound as error:
            return Result(ref, Purpose.DELETE, error=error)

    def _reply(self, results: list[Result], faults: Sequence[Fault]) -> Reply:
        header = Header(results[0].ref.agency, self.ports.clock.now())
        if self.format.kind == JSON:
            content = submission_json(header, results, faults)
        else:
            content = submission_markup(header, self.format.version.removesuffix(".0"), results, faults)
        headers = {"Content-Type": self.format.content_type, "Vary": VARY, "Cache-Control": "no-store"}
        return Reply(submission_status(results, bool(faults)), headers, content)


def _held(result: Result, count: int) -> Result:
    return result if result.error else replace(result, outcome=None, error=Conflict("SUBMISSION_HELD", count=count))


def _strange(result: Result) -> Result:
    error = Unprocessable("SUBMISSION_ELSEWHERE", kind=result.ref.kind.value, ref=str(result.ref))
    return replace(result, error=error)


def _nothing(message: StructureMessage) -> Unprocessable:
    for fault in message.faults:
        return Unprocessable("SUBMISSION_UNREADABLE", place=fault.place, reason=fault.error.detail())
    return Unprocessable("SUBMISSION_EMPTY")


_SWITCH = ("true", "false")


def switch(parameters: Parameters, request: Request, name: str, header: str) -> bool:
    """A choice by parameter, or by header where clients cannot set parameters."""
    told = request.headers.get(header, "false").strip().lower()
    if told not in _SWITCH:
        raise Invalid("SDMX_BAD_PARAMETER", name=header, found=told[:60], valid=", ".join(_SWITCH))
    return parameters.choice(name, _SWITCH, told) == "true"


def _purpose(text: str | None) -> Purpose | None:
    if not text:
        return None
    found = next((one for one in Purpose if one.value.lower() == text.strip().lower()), None)
    if found is None:
        raise Invalid("SDMX_BAD_PARAMETER", name="action", found=text[:60], valid=", ".join(Purpose))
    return found


def _format(parameters: Parameters, accept: str, major: int) -> Format:
    return registry_format(parameters.take("format"), parameters.take("formatVersion"), accept, major, (_OURS,))


def registry_format(name: str | None, version: str | None, accept: str, major: int, others: tuple[Format, ...] = ()) -> Format:
    """What the answer is written in: the default where none of the wanted formats can hold it."""
    offers = tuple(Format("registry", _REGISTRY, known, XML, plain=plain_types(XML)) for known in _VERSIONS[major]) + others
    try:
        return named(offers, name, version, None) if name else choose(offers, accept)
    except NotAcceptable:
        return replace(offers[0], content_type=offers[0].full)


def _target(parts: list[str], method: str, major: int) -> Target:
    words = parts[1:] if parts[:1] in (["structure"], [METADATA]) else parts
    if major == 2 and parts and parts[0] not in ("structure", METADATA):
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=parts[0][:60], near=f"structure, {METADATA}")
    kinds = _reports(words) if parts[:1] == [METADATA] else kinds_of(words[0], major) if words else STRUCTURES
    if method == "POST":
        if len(words) > 1:
            raise Invalid("SDMX_PATH_TOO_LONG", found=len(parts), most=len(parts) - len(words) + 1)
        return Target(kinds)
    if not 4 <= len(words) <= (5 if method == "DELETE" else 4) or not is_version(words[3]):
        raise Invalid("SDMX_NOT_EXACT", found="/".join(words)[:120])
    return Target(kinds, words[1], words[2], words[3], words[4] if len(words) == 5 else None)


def _reports(words: Sequence[str]) -> Kinds:
    if words and words[0] != "metadataset":
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=words[0][:60], near="metadataset")
    return (Kind.METADATA_SET,)
