"""Metadata questions: which reports are meant, and the answer.

GET  /metadata/metadataset/PROVIDER/ID/VERSION               the reports themselves
     /metadata/metadataflow/AGENCY/ID/VERSION/PROVIDER       those of a metadata flow, perhaps of one provider
     /metadata/structure/TYPE/AGENCY/ID/VERSION              those about structures
     /metadata/FLOW/KEY/PROVIDER                             at v1, as with data, also by time and since when they changed

Of reports that are found by what they are of or about, the latest version of each is given.
Source: SDMX REST 2.2, "Metadata queries"; SDMX REST 1.5.0, "Data and Metadata Queries".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.sdmx.artefacts import Wanted, identifiers, relatives, version_query
from adapters.sdmx.call import Call
from adapters.sdmx.keyed import about_key
from adapters.sdmx.labelling import called, together
from adapters.sdmx.missing import Missing
from adapters.sdmx.negotiation import Format
from adapters.sdmx.relatives import Relatives
from adapters.sdmx.reply import Reply
from adapters.sdmx.report_times import Times
from adapters.sdmx.reportkeys import in_order, keyed
from adapters.sdmx.resolving import find
from adapters.sdmx.resources import WORDS, address, kinds_of
from adapters.sdmx.structural import Write, written
from adapters.sdmx.structure_formats import is_specific, metadata_offers
from adapters.sdmx.writing.csvmetadata import Called, labelled
from adapters.sdmx.writing.shown import Form, Shown
from adapters.sdmx.writing.table import Labels
from registry.errors import Invalid, suggest
from registry.held import held
from registry.model import MetadataProvisionAgreement, MetadataSet
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from registry.reported import reports_about

CONTEXTS = ("metadataset", "metadataflow", "structure")
DETAILS = ("full", "allstubs")
_AS_FULL = "referencepartial"
"""What the examples of the text write beside ``references`` when they ask for reports; it says nothing of these."""

_LONGEST = {"metadataset": 3, "metadataflow": 4, "structure": 4}


def metadata(call: Call) -> Reply:
    """What a metadata question finds."""
    detail, as_of = call.parameters.choice("detail", (*DETAILS, _AS_FULL), "full"), call.parameters.moment("asOf")
    catalogue, missing = call.catalogue(as_of), Missing()
    times = Times.read(call.parameters, as_of) if call.major == 1 else Times()
    meant = _first(catalogue, call.parts[1:], as_of, missing) if call.major == 1 else _second(call, catalogue, as_of, missing)
    refs = sorted(meant)
    chosen = call.format(metadata_offers(call.major))
    validators = call.validators(str(catalogue.revision), catalogue.changed, chosen)
    if call.met(validators):
        return Reply(304, validators.headers())
    read = {one.ref: one for one in catalogue.get_all(refs) if isinstance(one, MetadataSet)}
    missing.without(ref for ref in refs if ref not in read)
    kept = [one for one in times.kept(catalogue, list(read.values())) if isinstance(one, MetadataSet)]
    write, found = _written(call, catalogue, chosen, kept, missing)
    if not found:
        raise missing.nothing()
    form = Form.STUB if detail == "allstubs" else Form.FULL
    shown = [Shown(one, form, address=call.ports.links.path(address(one.ref, call.major))) for one in found]
    return written(call, chosen, validators.headers(), shown, "metadata", missing.lost, write)


def _written(
    call: Call, catalogue: Catalogue, chosen: Format, reports: Sequence[MetadataSet], missing: Missing
) -> tuple[Write | None, list[MetadataSet]]:
    """The reports as they are told in the format, without those whose structure or names no longer read where these are
    needed; and what writes a table with names, where they are wanted."""
    how, names, found = Labels(chosen.options.get("labels", Labels.ID)), list[Called](), list[MetadataSet]()
    for one in reports:
        with missing.around(one.ref):
            told = _in_the_old_way(catalogue, one, chosen) if chosen.version == "2.1" else one
            names += [called(catalogue, [one], how, call.tags)] if how is not Labels.ID else []
            found.append(told)
    return labelled(chosen.version, together(how, names)) if names else None, found


def _in_the_old_way(catalogue: Catalogue, report: MetadataSet, chosen: Format) -> MetadataSet:
    known = keyed(catalogue, report)
    return in_order(catalogue, known) if is_specific(chosen) else known


def _second(call: Call, catalogue: Catalogue, as_of: datetime | None, missing: Missing) -> Iterable[Ref]:
    parts = call.parts[1:]
    context, *rest = [*parts] or ["metadataset"]
    if context in WORDS and context not in CONTEXTS:
        # So the examples of the text ask, against its syntax: metadata/dataflow for metadata/structure/dataflow.
        context, rest = "structure", [context, *rest]
    if context not in CONTEXTS:
        near = ", ".join(suggest(context, CONTEXTS) or CONTEXTS)
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=context[:60], near=near)
    longest = _LONGEST[context]
    if len(rest) > longest:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(parts) + 1, most=longest + 2)
    named = [*rest, *[""] * longest]
    if context == "metadataset":
        return find(catalogue, _wanted((Kind.METADATA_SET,), *named[:3], as_of=as_of))
    if context == "metadataflow":
        flows = find(catalogue, _wanted((Kind.METADATAFLOW,), *named[:3], as_of=as_of))
        return _of_flows(catalogue, flows, named[3].split(",") if named[3] else [], missing)
    wanted = _wanted(kinds_of(named[0] or "*", 2), *named[1:4], as_of=as_of)
    return _about(catalogue, _with_relatives(catalogue, wanted, call.parameters.take("references") or "none"))


def _with_relatives(catalogue: Catalogue, wanted: Wanted, references: str) -> list[Ref]:
    """The structures that are meant, and those along with them: so the examples of the text ask, against its syntax."""
    spreads, related = relatives(references, 2)
    found = find(catalogue, wanted)
    return [*found, *Relatives(catalogue).along(found, replace(wanted, spreads=spreads, related=related))]


def _wanted(kinds: tuple[Kind, ...], agency: str, id_: str, version: str, *, as_of: datetime | None) -> Wanted:
    return Wanted(
        kinds=kinds,
        agencies=identifiers(agency or "*", ",", "*"),
        ids=identifiers(id_ or "*", ",", "*"),
        versions=tuple(version_query(part) for part in (version or "~").split(",")),
        as_of=as_of,
    )


def _first(catalogue: Catalogue, parts: Sequence[str], as_of: datetime | None, missing: Missing) -> Iterable[Ref]:
    """A flow as with data, the key of a part of the data that the reports are about, and a provider."""
    if len(parts) > 3:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(parts) + 1, most=4)
    flow, key, provider = ([*parts] + [""] * 3)[:3]
    named = flow.split(",")
    if not flow or len(named) > 3:
        raise Invalid("SDMX_BAD_FLOW", found=flow[:60])
    agency, id_, version = {1: ("all", *named, "latest"), 2: (*named, "latest"), 3: tuple(named)}[len(named)]
    wanted = Wanted(
        kinds=(Kind.METADATAFLOW,),
        agencies=identifiers(agency, "+", "all"),
        ids=identifiers(id_, "+", "all"),
        versions=(version_query(version),),
        as_of=as_of,
    )
    providers = [] if provider in ("", "all") else [one.replace(",", ".") for one in provider.split("+")]
    found = _of_flows(catalogue, find(catalogue, wanted), providers, missing)
    return found if key in ("", "all") else about_key(catalogue, found, key, missing)


def _of_flows(catalogue: Catalogue, flows: Iterable[Ref], providers: Sequence[str], missing: Missing) -> list[Ref]:
    """The reports of metadata flows, by themselves or by an agreement, that a provider gives."""
    flows = list(flows)
    agreements = [ref for flow in flows for ref in catalogue.parents(flow) if ref.kind is Kind.METADATA_PROVISION_AGREEMENT]
    above = dict.fromkeys(ref for one in (*flows, *agreements) for ref in _reports(catalogue, one))
    if not providers or "*" in providers:
        return list(above)
    read = {one.ref: one for one in catalogue.get_all(list(above)) if isinstance(one, MetadataSet)}
    missing.without(ref for ref in above if ref not in read)
    found: list[Ref] = []
    for ref, one in read.items():
        with missing.around(ref):
            found += [ref] if _provided(catalogue, one, providers) else []
    return found


def _reports(catalogue: Catalogue, of: Ref) -> Iterator[Ref]:
    """The latest versions of the reports that name something."""
    for one in catalogue.parents(of):
        if one.kind is Kind.METADATA_SET and catalogue.find(one.kind, one.agency, one.id, "latest") == [one]:
            yield one


def _provided(catalogue: Catalogue, report: MetadataSet, wanted: Sequence[str]) -> bool:
    """Whether one of the wanted gave the report: who maintains it, or the provider of its agreement."""
    agency, _, id_ = report.ref.agency.rpartition(".")
    if _is_one((agency, id_), wanted):
        return True
    agreement = held(catalogue, report.provision)
    if not isinstance(agreement, MetadataProvisionAgreement):
        return False
    return _is_one((agreement.provider.of.agency, agreement.provider.id), wanted)


def _is_one(giver: tuple[str, str], wanted: Sequence[str]) -> bool:
    above, own = giver
    return any(id_ == own and agency in ("", "*", above) for agency, _, id_ in (one.rpartition(".") for one in wanted))


def _about(catalogue: Catalogue, structures: Iterable[Ref]) -> Iterator[Ref]:
    return iter(dict.fromkeys(report for one in structures for report in reports_about(catalogue, one)))
