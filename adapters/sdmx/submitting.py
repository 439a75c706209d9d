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
from datetime import UTC, datetime
from functools import partial

from starlette.requests import Request

from adapters.sdmx.call import METADATA
from adapters.sdmx.faults import submission_status
from adapters.sdmx.negotiation import JSON, XML, Format, choose, named, plain_types
from adapters.sdmx.reading.message import Fault, StructureMessage
from adapters.sdmx.reply import CHALLENGES, VARY, Reply
from adapters.sdmx.request import Parameters, segments
from adapters.sdmx.resources import EVERYTHING, Kinds, address, kinds_of
from adapters.sdmx.unlabelling import bare
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.submission import Answer, submission_json, submission_markup
from registry.attribution import Message, Outcome
from registry.check import IDENTIFIER
from registry.errors import Conflict, HubError, Invalid, NotAcceptable, NotFound, Unprocessable
from registry.held import held
from registry.ports import Ports, Viewer
from registry.ref import STRUCTURES, Kind, Ref
from registry.submission import Order, Purpose, Result
from registry.version import is_version

_NOBODY = "HUB"
"""The sender of an answer that is about no agency's artefact."""

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
        message = bare(message, partial(held, self.ports.catalogue))
        unread = [Result(one.ref, self._purpose(message), error=one.error) for one in message.faults if one.ref]
        if not message.artefacts and not unread:
            faults = message.faults or (Fault("", Unprocessable("SUBMISSION_EMPTY")),)
            return _written(self.format, _NOBODY, Answer((), faults, Unprocessable.status, self._purpose(message)))
        results = self._elsewhere(message) or self._submitted(message, Message(content, media)) if message.artefacts else []
        return self._reply([*results, *unread], [one for one in message.faults if not one.ref])

    def _purpose(self, message: StructureMessage) -> Purpose:
        """What is to be done: as asked, else as the message says, where the word for nothing is what most of them say."""
        return self.purpose or (Purpose.REPLACE if message.action == Purpose.INFORMATION else message.action)

    def _submitted(self, message: StructureMessage, original: Message) -> list[Result]:
        # Where all or none is wanted, something that could not be read lets nothing in.
        held = bool(message.faults) and self.order.whole
        order = replace(self.order, original=original, dry=self.order.dry or message.test or held)
        results = self.ports.maintenance.submit(message.artefacts, self._purpose(message), order, self.viewer)
        return [_held(one, len(message.faults)) for one in results] if held else results

    def _elsewhere(self, message: StructureMessage) -> list[Result]:
        """The results where something does not belong to the address; empty where everything does."""
        strange = [made.ref for made in message.artefacts if not self.target.fits(made.ref)]
        results = [Result(made.ref, self.purpose or Purpose.REPLACE) for made in message.artefacts]
        return [_strange(one) if one.ref in strange else _held(one, len(strange)) for one in results] if strange else []

    def removed(self) -> Reply:
        """What becomes of a deletion."""
        target = self.target
        refs = [Ref(kind, target.agency, target.id, target.version) for kind in target.kinds]
        known = self.ports.catalogue
        found = [ref for ref in refs if ref in known.find(ref.kind, ref.agency, ref.id, ref.version)]
        return self._reply([self._removed((found or refs)[0])], ())

    def _removed(self, ref: Ref) -> Result:
        try:
            return self.ports.maintenance.remove(ref, self.target.item, self.order, self.viewer)
        except NotFound as error:
            return Result(ref, Purpose.DELETE, error=error)

    def _reply(self, results: list[Result], faults: Sequence[Fault]) -> Reply:
        told = Answer(results, faults, submission_status(results, bool(faults)))
        answer = _written(self.format, results[0].ref.agency, told)
        made = [one.ref for one in results if one.outcome is Outcome.ADDED and not (one.waits or one.tried)]
        if len(results) > 1 or not made:
            return answer
        location = self.ports.links.path(address(made[0], self.major))
        return replace(answer, headers={**answer.headers, "Location": location})


def refusal(error: HubError, request: Request, major: int, path: str) -> Reply:
    """A refused request in terms of the artefact that its address names, or of none: the text on maintenance wants a
    ``SubmitStructureResponse`` whatever happened."""
    target = _named(request.method, major, path)
    purpose = Purpose.DELETE if request.method == "DELETE" else Purpose.REPLACE
    if target:
        result = Result(Ref(target.kinds[0], target.agency, target.id, target.version), purpose, error=error, unread=True)
        told = Answer([result], (), error.status)
    else:
        told = Answer((), [Fault("", error)], error.status, purpose)
    form = registry_format(None, None, request.headers.get("accept", ""), major, (_OURS,))
    answer = _written(form, target.agency if target else _NOBODY, told)
    return replace(answer, headers={**answer.headers, **CHALLENGES.get(error.status, {})})


def _named(method: str, major: int, path: str) -> Target | None:
    """The one artefact of an address, if there is one."""
    try:
        target = _target(segments(path), method, major)
    except HubError:
        return None
    return target if target.id else None


def _written(form: Format, sender: str, told: Answer) -> Reply:
    header = Header(sender, datetime.now(UTC))
    if form.kind == JSON:
        content = submission_json(header, told)
    else:
        content = submission_markup(header, form.version.removesuffix(".0"), told)
    headers = {"Content-Type": form.content_type, "Vary": VARY, "Cache-Control": "no-store"}
    return Reply(told.status, headers, content)


def _held(result: Result, count: int) -> Result:
    return result if result.error else replace(result, outcome=None, error=Conflict("SUBMISSION_HELD", count=count))


def _strange(result: Result) -> Result:
    error = Unprocessable("SUBMISSION_ELSEWHERE", kind=result.ref.kind.value, ref=str(result.ref))
    return replace(result, error=error)


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
    if not 4 <= len(words) <= (5 if method == "DELETE" else 4) or not _exact(words, major):
        raise Invalid("SDMX_NOT_EXACT", found="/".join(words)[:120])
    return Target(kinds, words[1], words[2], words[3], words[4] if len(words) == 5 else None)


def _exact(words: Sequence[str], major: int) -> bool:
    """Whether type, agency, id and version are those of one artefact: a wildcard here would take out whatever came first."""
    ids = (*words[1].split("."), words[2])
    return words[0] not in EVERYTHING[major] and all(map(IDENTIFIER.fullmatch, ids)) and is_version(words[3])


def _reports(words: Sequence[str]) -> Kinds:
    if words and words[0] != "metadataset":
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=words[0][:60], near="metadataset")
    return (Kind.METADATA_SET,)
