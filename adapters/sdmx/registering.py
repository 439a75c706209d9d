"""Registrations at the doors: questions by id, provider, agreement, dataflow or data structure, and changes.

GET     .../registration/id/ID, .../registration/provider/AGENCY/ID,
        .../registration/{provisionagreement,dataflow,datastructure}/AGENCY/ID/VERSION     updatedAfter, updatedBefore, asOf
POST    .../registration            SubmitRegistrationsRequest
DELETE  .../registration/id/ID

Source: SDMX REST 2.2, "Data registration queries" and annex I of "Structural Metadata maintenance".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from starlette.requests import Request

from adapters.sdmx.artefacts import Wanted, identifiers, version_query
from adapters.sdmx.call import Call
from adapters.sdmx.faults import error_status
from adapters.sdmx.missing import Missing
from adapters.sdmx.negotiation import Format
from adapters.sdmx.reply import VARY, Reply
from adapters.sdmx.request import Parameters, segments
from adapters.sdmx.resolving import find
from adapters.sdmx.structural import demand_whole, losing
from adapters.sdmx.submitting import registry_format, switch
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.registrations import query_response, submit_response
from registry.errors import Invalid, NotFound, suggest
from registry.model import ProvisionAgreement
from registry.ports import Catalogue, Ports, Viewer
from registry.ref import Kind, Ref
from registry.registrations import Registered, Registration
from registry.submission import Order, Purpose

CONTEXTS = ("id", "provider", "provisionagreement", "dataflow", "datastructure")


def registrations(call: Call) -> Reply:
    """What a question finds."""
    after, before, as_of = (call.parameters.moment(name) for name in ("updatedAfter", "updatedBefore", "asOf"))
    name, version, _ = call.wished
    chosen = registry_format(name, version, call.request.headers.get("accept", ""), call.major)
    call.parameters.finish()
    context, *parts = call.parts[1:] or ["*"]
    # Every registration is of an agreement, and by it of a dataflow and of a data structure.
    context = "provisionagreement" if context in ("*", "all") else context
    if context not in CONTEXTS:
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=context[:60], near=", ".join(suggest(context, CONTEXTS) or CONTEXTS))
    if len(parts) > {"id": 1, "provider": 2}.get(context, 3):
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(call.parts), most=5)
    missing = Missing()
    agreements = None if context == "id" else _agreements(call.catalogue(as_of), context, parts, missing)
    id_ = (parts or ["-"])[0] if context == "id" else None
    found = call.ports.registrations.find(id_, agreements, after, before, as_of)
    if not found:
        raise missing.nothing()
    # What was taken out leaves no time behind, so no moment tells whether there is anything new.
    validators = call.validators(repr(found), None, chosen)
    if call.met(validators):
        return Reply(304, validators.headers())
    demand_whole(call, chosen, missing.lost)
    header = replace(_header(call.ports, found[0].agreement), lacking=tuple(missing.lost))
    content = query_response(header, chosen.version.removesuffix(".0"), found)
    told = {"Content-Type": chosen.content_type, **validators.headers(), **losing(call, len(missing.lost))}
    return Reply(200, told, content)


def _agreements(catalogue: Catalogue, context: str, parts: Sequence[str], missing: Missing) -> Collection[Ref] | None:
    """The provision agreements that are meant; None for all."""
    agency, id_, version = ([*(part or "*" for part in parts)] + ["*"] * 3)[:3]
    agencies, ids = identifiers(agency, ",", "*"), identifiers(id_, ",", "*")
    if context == "provider":
        return _provided(catalogue, agencies, ids, missing) if parts else None
    kind = {"provisionagreement": Kind.PROVISION_AGREEMENT, "dataflow": Kind.DATAFLOW, "datastructure": Kind.DATA_STRUCTURE}[
        context
    ]
    found = set[Ref]()
    with suppress(NotFound):
        versions = tuple(version_query(one) for one in version.split(","))
        found.update(find(catalogue, Wanted(kinds=(kind,), agencies=agencies, ids=ids, versions=versions)))
    for above in {
        Kind.DATA_STRUCTURE: (Kind.DATAFLOW, Kind.PROVISION_AGREEMENT),
        Kind.DATAFLOW: (Kind.PROVISION_AGREEMENT,),
    }.get(kind, ()):
        found = {parent for ref in found for parent in catalogue.parents(ref) if parent.kind == above}
    return found


def _provided(
    catalogue: Catalogue, agencies: Collection[str] | None, ids: Collection[str] | None, missing: Missing
) -> set[Ref]:
    every = catalogue.find(Kind.PROVISION_AGREEMENT)
    if agencies is None and ids is None:
        return {*every}
    providers = {one.ref: one.provider for one in catalogue.get_all(every) if isinstance(one, ProvisionAgreement)}
    missing.without(ref for ref in every if ref not in providers)
    return {
        ref
        for ref, provider in providers.items()
        if (agencies is None or provider.of.agency in agencies) and (ids is None or provider.id in ids)
    }


@dataclass(frozen=True)
class Registering:
    """A request to change registrations, before its message is read."""

    ports: Ports
    viewer: Viewer
    major: int
    order: Order
    format: Format
    id: str

    @classmethod
    def read(cls, ports: Ports, viewer: Viewer, request: Request, major: int, path: str) -> Registering:
        parameters = Parameters.read(request.scope["query_string"].decode("utf-8", "replace"))
        order = Order(
            what=f"{request.method} {request.url.path}",
            why=parameters.take("reason") or "",
            dry=switch(parameters, request, "dryRun", "dry-run"),
        )
        wished = parameters.take("format"), parameters.take("formatVersion")
        parameters.finish()
        chosen = registry_format(*wished, request.headers.get("accept", ""), major)
        parts = segments(path)[1:]
        if request.method == "PUT":
            raise Invalid("SDMX_METHOD", found=request.method)
        if len(parts) != (2 if request.method == "DELETE" else 0) or parts[:1] not in ([], ["id"]):
            raise Invalid("SDMX_NOT_EXACT", found="/".join(parts)[:120])
        return cls(ports, viewer, major, order, chosen, parts[1] if parts else "")

    def taken(self, given: Sequence[tuple[Purpose, Registration]]) -> Reply:
        """What becomes of a message that has been read."""
        done = self.ports.registrations.submit(given, self.order, self.viewer)
        failed = {error_status(one.error) for one in done if one.error}
        added = any(one.purpose == Purpose.APPEND for one in done)
        return self._reply(min(failed) if failed else 201 if added else 200, done)

    def removed(self) -> Reply:
        """What becomes of a deletion by address."""
        found = self.ports.registrations.find(self.id)
        if not found:
            raise NotFound("REGISTRATION_NOT_FOUND", found=self.id[:60])
        return self._reply(200, self.ports.registrations.submit([(Purpose.DELETE, found[0])], self.order, self.viewer))

    def _reply(self, status: int, done: Sequence[Registered]) -> Reply:
        header = _header(self.ports, done[0].registration.agreement)
        content = submit_response(header, self.format.version.removesuffix(".0"), done)
        return Reply(status, {"Content-Type": self.format.content_type, "Vary": VARY, "Cache-Control": "no-store"}, content)


def _header(ports: Ports, of: Ref) -> Header:
    return Header(of.agency, ports.clock.now())
